/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Built without Open MPI. */
#include "ranks/ranks.h"

rig_status rig_ranks_begin(int argc, char *const *words, rig_ranks **ranks, rig_error *err)
{
    (void)argc;
    (void)words;
    *ranks = NULL;
    return rig_fail(err, RIG_EENV,
                    "this peakrig is built without Open MPI, so that each rank would do all the "
                    "work; expected one built with -DPEAKRIG_MPI=ON, or no mpirun");
}

bool rig_ranks_is_leader(const rig_ranks *ranks)
{
    return ranks == NULL;
}

const rig_team *rig_ranks_team(const rig_ranks *ranks)
{
    (void)ranks;
    return NULL;
}

rig_status rig_ranks_agree(rig_ranks *ranks, const char *what, const char *text, rig_status status,
                           rig_error *err)
{
    (void)ranks;
    (void)what;
    (void)text;
    (void)err;
    return status;
}

rig_status rig_ranks_spread(rig_ranks *ranks, char **data, size_t *n, rig_error *err)
{
    (void)ranks;
    (void)data;
    (void)n;
    (void)err;
    return RIG_OK;
}

int rig_ranks_end(rig_ranks *ranks, int exit_code, rig_error *err)
{
    (void)ranks;
    (void)err;
    return exit_code;
}
