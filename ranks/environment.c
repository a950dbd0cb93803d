/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ranks/environment.h"

#include <stdlib.h>

/* A number of the environment; false where there is none. */
static bool read_number(char *(*get)(const char *name), const char *name, uint32_t *number)
{
    const char *text = get(name);
    char *end = NULL;
    if (text == NULL || text[0] < '0' || text[0] > '9')
        return false;
    const unsigned long value = strtoul(text, &end, 10);
    if (*end != '\0' || value > INT32_MAX)
        return false;
    *number = (uint32_t)value;
    return true;
}

rig_rank_place rig_rank_place_find(char *(*get)(const char *name))
{
    rig_rank_place place = {.starter = RIG_STARTED_BY_OPEN_MPI};
    const rig_rank_place alone = {.starter = RIG_STARTED_ALONE, .n_ranks = 1};
    if (get("PMIX_NAMESPACE") != NULL && read_number(get, "PMIX_RANK", &place.rank)) {
        if (!read_number(get, "OMPI_COMM_WORLD_SIZE", &place.n_ranks))
            (void)read_number(get, "SLURM_STEP_NUM_TASKS", &place.n_ranks);
        return place.n_ranks == 1 ? alone : place;
    }
    place.starter = RIG_STARTED_BY_OTHER_MPI;
    if (read_number(get, "PMI_RANK", &place.rank) && read_number(get, "PMI_SIZE", &place.n_ranks) &&
        place.n_ranks > 1)
        return place;
    return alone;
}
