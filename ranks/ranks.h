/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One command in several processes ("ranks"), on one machine or many, started by Open MPI's mpirun.
 *
 * All ranks do the same: they read the same files and come to the same predictions. Only the
 * replications of a prediction are shared out (rig_ranks_team), and each rank gets the rows of all
 * of them, in the order of their numbers: so each comes to the same result, bit for bit, as one
 * process alone does. Rank 0 leads: it deals the replications, and it alone shows and writes.
 *
 * What is NOT promised: the same bits where the C library computes exp() and its kind otherwise,
 * as it may on processors of another make. A rank that goes another way than rank 0 is found, and
 * all end with an error.
 *
 * Built without Open MPI, rig_ranks_begin says so, and the rest is never reached. */
#ifndef RIG_RANKS_H
#define RIG_RANKS_H

#include <stdbool.h>
#include <stddef.h>

#include "models/team.h"

/** The ranks of this command; opaque. NULL: this process alone. */
typedef struct rig_ranks rig_ranks;

/**
 * Begin: join the other ranks, and see that they are of the same program and were started with the
 * same words. Takes 0.1 to 1 s and opens sockets: only for a process that was started as one of
 * several (ranks/environment.h). Every rank must call it, and once.
 * @param words        What they were started with, argc of them.
 * @param[out] ranks   Owned by the caller: rig_ranks_end. Set where other ranks wait for the end,
 *                     also on error.
 * @return RIG_OK; RIG_EINPUT naming the rank that was started otherwise; RIG_EENV (built without
 *         Open MPI; another program); RIG_ENOMEM.
 */
rig_status rig_ranks_begin(int argc, char *const *words, rig_ranks **ranks, rig_error *err);

/** Is this the rank that shows and writes? Alone it is. */
bool rig_ranks_is_leader(const rig_ranks *ranks);

/** How they share out a prediction; NULL alone. Borrowed. */
const rig_team *rig_ranks_team(const rig_ranks *ranks);

/**
 * Wait for all ranks, and see that all are well and have the same before them. Alone it returns
 * `status`. Every rank must call it at the same point.
 * @param what    What is compared, for people: "scenario.cfg".
 * @param text    Of what (a digest); of at most 200 characters; "" while status is not RIG_OK.
 * @param status  How this rank is; its message is in err.
 * @return RIG_OK where all are well and the texts are the same; else, in each rank, the error of
 *         the first rank that is not, with its name; RIG_EINPUT naming the rank whose text differs.
 */
rig_status rig_ranks_agree(rig_ranks *ranks, const char *what, const char *text, rig_status status,
                           rig_error *err);

/**
 * Rank 0's bytes to all. Alone it does nothing. Every rank must call it at the same point.
 * @param[in,out] data  Rank 0's bytes, borrowed, with one more behind them, as the NUL of a text;
 *                      NULL in the others, which own what they get: free.
 * @param[in,out] n     Bytes, without that one.
 * @return RIG_OK; RIG_ENOMEM, in all ranks.
 */
rig_status rig_ranks_spread(rig_ranks *ranks, char **data, size_t *n, rig_error *err);

/**
 * End: wait for all ranks, and free. Nothing of MPI is called after it. Other ranks are told to
 * end, too, where they still expect something of this one.
 * @param exit_code  Of this rank.
 * @param[out] err   Of rank 0: a rank that was lost at the end only, where the exit code was 0; it
 *                   is that of RIG_EENV then. Else untouched.
 * @return rank 0's exit code, in all ranks. NULL-safe: exit_code.
 */
int rig_ranks_end(rig_ranks *ranks, int exit_code, rig_error *err);

#endif
