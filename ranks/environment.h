/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a process finds out that it was started as one of several, before it does anything. */
#ifndef RIG_RANKS_ENVIRONMENT_H
#define RIG_RANKS_ENVIRONMENT_H

#include <stdbool.h>
#include <stdint.h>

/** Who started this process. */
typedef enum rig_rank_starter {
    RIG_STARTED_ALONE = 0,
    RIG_STARTED_BY_OPEN_MPI, /**< mpirun of Open MPI, or srun --mpi=pmix */
    RIG_STARTED_BY_OTHER_MPI /**< mpirun of another MPI, which Open MPI cannot join */
} rig_rank_starter;

/** What the environment says of this process. */
typedef struct rig_rank_place {
    rig_rank_starter starter; /**< ALONE also where it is the only rank */
    uint32_t rank;            /**< 0 alone */
    uint32_t n_ranks;         /**< 0: not known before MPI is asked */
} rig_rank_place;

/**
 * Look.
 *
 * Open MPI's mpirun and Slurm's srun --mpi=pmix set PMIX_NAMESPACE and PMIX_RANK (PMIx standard,
 * "environmental variables" of PMIx_Init); mpirun also sets OMPI_COMM_WORLD_SIZE, srun
 * SLURM_STEP_NUM_TASKS. MPICH's sets PMI_RANK and PMI_SIZE.
 * @param get  As getenv(3).
 */
rig_rank_place rig_rank_place_find(char *(*get)(const char *name));

#endif
