/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How calls ended, and what became of their callers in the end, beside their prediction. A caller
 * who dials again, or is called back, has several calls and one end. */
#ifndef RIG_VERDICT_ENDS_H
#define RIG_VERDICT_ENDS_H

#include "models/prediction.h"

/** An end: how many had it. */
typedef struct rig_ends_row {
    const char *name;  /**< "served", "lost_trunk", .., "called_back", ..; static */
    double observed;   /**< NAN: the wire does not tell */
    rig_band replayed; /**< mean of the replays, 95 % of one run */
} rig_ends_row;

/** Most ends of calls, and of callers. */
#define RIG_ENDS_MOST 8

/**
 * How the calls ended: served, self_served, deflected, lost_trunk .. lost_agent, dropped, all that
 * there are.
 * @param observed   RIG_N_METRICS.
 * @param[out] ends  Room for RIG_ENDS_MOST.
 * @return how many there are.
 */
size_t rig_ends_of_calls(const rig_prediction *prediction, const double *observed,
                         rig_ends_row ends[RIG_ENDS_MOST]);

/**
 * What became of the callers, each counted once: served_in_a_call (by an agent or in the menu, in
 * whatever attempt), called_back (an agent called him back and talked with him to the end),
 * never_reached (promised it, and no call back came to a talk), not_served (the others: lost in
 * their last call, or told to call later, or cut).
 * @param[out] ends    Room for RIG_ENDS_MOST.
 * @param[out] n_ends  0: where nobody dials again or is called back a caller has one call, and its
 *                     end is his; and where it is not known of those who are counted
 *                     (rig_scenario_knows_the_end).
 * @return RIG_OK or RIG_ENOMEM.
 */
rig_status rig_ends_of_callers(const rig_scenario *scenario, const rig_prediction *prediction,
                               const double *observed, rig_ends_row ends[RIG_ENDS_MOST],
                               size_t *n_ends);

/** An end in words, to be translated; the name itself where it is none of this version. */
const char *rig_ends_words(const char *name);

#endif
