/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the simulation of one run asks of its calendar and of the random numbers, one after the
 * other: written by simulate_record, done again by simulate_ratio without the call centre. */
#ifndef RIG_BENCH_SIMULATE_H
#define RIG_BENCH_SIMULATE_H

#include <stdint.h>

typedef enum bench_what {
    BENCH_CLEAR = 0,
    BENCH_SET,
    BENCH_UNSET,
    BENCH_NEXT,
    BENCH_POP,
    BENCH_UNIFORM,
    BENCH_BLOCK,    /**< uniform numbers of one caller, made together */
    BENCH_ARRIVALS, /**< of callers who follow each other */
    BENCH_QUANTILE, /**< of the last uniform number */
    BENCH_ROUNDED,  /**< the same in whole microseconds */
    BENCH_N
} bench_what;

/** One operation. */
typedef struct bench_step {
    double t_s;       /**< SET */
    uint32_t index;   /**< SET, UNSET: actor; UNIFORM, BLOCK, ARRIVALS: caller */
    uint32_t sub;     /**< UNIFORM: sub; QUANTILE, ROUNDED: place in the file's distributions */
    uint8_t what;     /**< bench_what */
    uint8_t cause;    /**< UNIFORM */
    uint8_t calendar; /**< 0: of the centre; 1: of the callers outside */
} bench_step;

/** A distribution drawn from: parametric ones only. */
typedef struct bench_dist {
    uint32_t kind;
    double mean_s, cv;
} bench_dist;

#define BENCH_MOST_DISTS 64u

/** Head of the file; the steps follow. */
typedef struct bench_head {
    uint64_t n_steps, n_calls, seed;
    uint32_t replication, n_dists;
    uint32_t n_actors[2]; /**< greatest actor met + 1 */
    bench_dist dists[BENCH_MOST_DISTS];
} bench_head;

#endif
