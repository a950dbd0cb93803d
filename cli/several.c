/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/several.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/console.h"
#include "ranks/environment.h"
#include "ranks/guard.h"

/* All but rank 0 read and say nothing. What the system itself says of a crash still comes out. */
static rig_status fall_silent(rig_error *err)
{
    const int nowhere = open("/dev/null", O_RDWR | O_CLOEXEC);
    FILE *silent = fopen("/dev/null", "we");
    if (nowhere < 0 || silent == NULL || dup2(nowhere, STDIN_FILENO) < 0 ||
        dup2(nowhere, STDOUT_FILENO) < 0)
        return rig_fail(err, RIG_EENV, "/dev/null: cannot open");
    (void)close(nowhere);
    stderr = silent;
    return RIG_OK;
}

/* The end of a rank, as its guard sees it. */
static int tell_end(const rig_rank_place *place, const rig_guard_end *end)
{
    char host[65] = "";
    if (end->signal == 0)
        return end->exit_code;
    if (end->signal == SIGTERM || end->signal == SIGINT || end->signal == SIGHUP)
        return rig_status_exit_code(
            RIG_ECANCELLED); /* by mpirun, mostly, for a reason of its own */
    if (end->was_let)        /* rank 0 has said so */
        return rig_status_exit_code(RIG_EENV);
    (void)gethostname(host, sizeof host - 1);
    (void)fprintf(stderr,
                  "peakrig: rank %u on %s (process %ld) was ended by signal %d (%s); mpirun ends "
                  "the others\n",
                  place->rank, host, end->pid, end->signal, strsignal(end->signal));
    return rig_status_exit_code(RIG_EENV);
}

/* An exit code but 0 has mpirun end rank 0 at once: where nobody waits for it to have said why, it
 * alone has one. */
static int fail(const rig_rank_place *place, const rig_ranks *ranks, const rig_error *err)
{
    if (place->rank == 0)
        return rig_console_fail(err);
    return ranks != NULL ? rig_status_exit_code(err->status) : 0;
}

static rig_status refuse_other(const rig_rank_place *place, rig_error *err)
{
    return place->starter == RIG_STARTED_BY_OTHER_MPI
               ? rig_fail(err, RIG_EENV,
                          "one of %u ranks of another MPI (PMI_SIZE is set); expected the mpirun "
                          "of Open MPI",
                          place->n_ranks)
               : RIG_OK;
}

int rig_several_run(int argc, char **argv, int (*work)(int argc, char **argv, rig_ranks *ranks))
{
    const rig_rank_place place = rig_rank_place_find(getenv);
    rig_guard_end end = {.is_guard = false};
    rig_error err = {0};
    rig_ranks *ranks = NULL;
    if (place.starter == RIG_STARTED_ALONE)
        return work(argc, argv, NULL);
    rig_status status = refuse_other(&place, &err);
    if (status == RIG_OK)
        status = rig_guard(&end, &err);
    if (end.is_guard)
        return tell_end(&place, &end);
    if (status == RIG_OK && place.rank > 0)
        status = fall_silent(&err);
    if (status == RIG_OK)
        status = rig_ranks_begin(argc, argv, &ranks, &err);
    const int exit_code = status == RIG_OK ? work(argc, argv, ranks) : fail(&place, ranks, &err);
    (void)fflush(stdout); /* mpirun ends rank 0 once another one has ended with an error */
    rig_error end_err = {0};
    const int exit_code_of_all = rig_ranks_end(ranks, exit_code, &end_err);
    return end_err.text[0] != '\0' ? rig_console_fail(&end_err) : exit_code_of_all;
}

bool rig_several_refuse(const char *command, int *exit_code)
{
    const rig_rank_place place = rig_rank_place_find(getenv);
    if (place.starter == RIG_STARTED_ALONE)
        return false;
    *exit_code = 0; /* as in fail() */
    if (place.rank == 0)
        *exit_code = rig_console_usage(
            command, "%u ranks of an MPI cannot share it; expected no mpirun", place.n_ranks);
    return true;
}
