/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How many threads each rank has by default: all together one a processor. Internal to ranks/. */
#ifndef RIG_RANKS_THREADS_H
#define RIG_RANKS_THREADS_H

#include <sched.h>
#include <stdint.h>

/** Room for the name of a host. */
#define RIG_HOST_SIZE 65

/** Where a rank is. */
typedef struct rig_rank_site {
    char host[RIG_HOST_SIZE];
    cpu_set_t processors; /**< that it may use: mpirun binds ranks to some */
    char boot[40];        /**< of its kernel: ranks of the same have one clock; "" = not known */
} rig_rank_site;

/**
 * Threads of a rank: the processors that it may use, shared with the ranks of its host that may use
 * one of them, too; at least 1.
 * @param sites  Of all n ranks.
 */
uint32_t rig_rank_threads(const rig_rank_site *sites, uint32_t n, uint32_t rank);

#endif
