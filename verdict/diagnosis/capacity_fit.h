/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which capacity, over time, explains who was let in and who was not? Internal to diagnosis/.
 *
 * Each probe is a call that came to a group of servers (circuits, ports, agents, places in a
 * queue): it was let in at once, or blocked. A capacity c is contradicted by a call that was
 * blocked while fewer than c servers were held, and by one that was let in while c or more were
 * held. More held than c when a call was blocked contradicts it, too, but weighs less: after a
 * capacity has shrunk what was held before drains. The fit is the piecewise constant c(t) with the
 * fewest contradictions, where each change of c costs as much as some contradictions do (dynamic
 * programming over time: Viterbi, IEEE Trans. Inf. Theory 13, 1967; the penalty as in Killick,
 * Fearnhead & Eckley, JASA 107, 2012). */
#ifndef RIG_VERDICT_DIAGNOSIS_CAPACITY_FIT_H
#define RIG_VERDICT_DIAGNOSIS_CAPACITY_FIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/status.h"

/** One call at the door. */
typedef struct rig_probe {
    double t_s;
    uint32_t least, most; /**< servers held just before, by others: at least, at most */
    bool is_blocked;
} rig_probe;

/** A stretch of time with one capacity. */
typedef struct rig_capacity_segment {
    double from_s, to_s; /**< of its first and its last probe */
    size_t n_probes, n_blocked;
    uint32_t capacity;           /**< that is contradicted least; `expected` if that is as good */
    uint32_t low, high;          /**< capacities that are contradicted hardly more often; high is
                                      UINT32_MAX where nobody was blocked */
    uint64_t n_against;          /**< probes that contradict it */
    uint64_t n_against_expected; /**< probes that contradict the expected capacity */
} rig_capacity_segment;

/** The fit. */
typedef struct rig_capacity_fit {
    rig_capacity_segment *segments; /**< in the order of time */
    size_t n_segments;
} rig_capacity_fit;

/** What becomes of a call that is blocked. */
typedef enum rig_capacity_blocked {
    RIG_CAPACITY_WAITS = 0, /**< it waits for a server: all are held while somebody waits, and more
                                 than there are speak against a capacity, too */
    RIG_CAPACITY_LOST       /**< it is gone (a trunk) */
} rig_capacity_blocked;

/**
 * Fit.
 * @param probes    In the order of time.
 * @param expected  The capacity that the scenario says.
 * @param[out] fit  Clear with rig_capacity_fit_clear. No segments when n is 0.
 * @return RIG_OK or RIG_ENOMEM.
 */
rig_status rig_capacity_fit_make(const rig_probe *probes, size_t n, uint32_t expected,
                                 rig_capacity_blocked blocked, rig_capacity_fit *fit);

/** A change of the capacity, or another explanation, must explain so many calls more. */
#define RIG_CAPACITY_CHANGE_COST 12

/** What contradicts a fit, and what contradicts the expected capacity, over all segments. */
typedef struct rig_capacity_sum {
    uint64_t n_fit; /**< with RIG_CAPACITY_CHANGE_COST for each change */
    uint64_t n_expected;
} rig_capacity_sum;

/** Add a fit up. */
rig_capacity_sum rig_capacity_sum_of(const rig_capacity_fit *fit);

/** How many probes contradict a capacity. */
uint64_t rig_capacity_count_against(const rig_probe *probes, size_t n, uint32_t capacity);

/** The same, but what was held above it says nothing: as where the blocked are lost. */
uint64_t rig_capacity_count_misplaced(const rig_probe *probes, size_t n, uint32_t capacity);

/** An explanation that so many of n probes contradict is as good as one with n_against. */
uint64_t rig_capacity_tolerated(uint64_t n_against, size_t n);

/** Free what it owns. NULL-safe. */
void rig_capacity_fit_clear(rig_capacity_fit *fit);

/** Whether a segment contradicts the expected capacity beyond doubt. */
bool rig_capacity_deviates(const rig_capacity_segment *segment, uint32_t expected);

#endif
