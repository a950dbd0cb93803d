/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Counts of calls by outcome, and what follows from them: entrants and losses of each stage. */
#ifndef RIG_CORE_TALLY_H
#define RIG_CORE_TALLY_H

#include <stdbool.h>
#include <stdint.h>

#include "core/stage.h"

/**
 * How many calls ended how, and in which stage. Filled by rig_tally_add; model and analyzer use the
 * same one, so that both sides of a comparison count alike.
 */
typedef struct rig_tally {
    uint64_t n_offered;                 /**< calls on the wire (or simulated) */
    uint64_t n_not_placed;              /**< planned and never offered */
    uint64_t n_outcome[RIG_N_OUTCOMES]; /**< by outcome; sums to n_offered + n_not_placed */
    uint64_t
        n_ended[RIG_N_STAGES]; /**< offered calls whose last stage this was, however they ended */
} rig_tally;

/** Count one call. `stage` is the last stage that it entered (ignored for RIG_OUTCOME_NOT_PLACED).
 */
void rig_tally_add(rig_tally *tally, rig_outcome outcome, rig_stage stage);

/** Calls that entered a stage: those that ended in it or in a later one. */
uint64_t rig_tally_entered(const rig_tally *tally, rig_stage stage);

/** Calls lost at a stage. */
uint64_t rig_tally_lost(const rig_tally *tally, rig_stage stage);

/** Lost at a stage per call that entered it, in [0, 1]; 0 when none entered. */
double rig_tally_p_lost_per_entrant(const rig_tally *tally, rig_stage stage);

/** Lost at a stage per offered call, in [0, 1]; 0 when none was offered. */
double rig_tally_p_lost_per_offered(const rig_tally *tally, rig_stage stage);

/**
 * Conservation: offered = sum of the outcomes, and each stage's entrants = those who left it.
 * @param n_planned  Calls of the schedule, or n_offered + n_not_placed where there is no schedule.
 */
bool rig_tally_conserved(const rig_tally *tally, uint64_t n_planned);

#endif
