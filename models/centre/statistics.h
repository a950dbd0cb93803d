/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Counting: outcomes, waits, and levels over time. */
#ifndef RIG_MODELS_CENTRE_STATISTICS_H
#define RIG_MODELS_CENTRE_STATISTICS_H

#include "models/centre/state.h"

/** Allocate. @return RIG_OK or RIG_ENOMEM (rig_statistics_free frees what was begun). */
rig_status rig_statistics_new(rig_centre *c);
void rig_statistics_free(rig_centre *c);

/** Before a run. */
void rig_statistics_begin(rig_centre *c);

/** End all intervals that are over at an instant. Called when now_s passes interval_end_s. */
void rig_statistics_pass(rig_centre *c, double until_s);

/** A run is cut: levels are 0 from then on. */
void rig_statistics_cut(rig_centre *c, double end_s);

/** After a run: fill the output. */
void rig_statistics_end(rig_centre *c);

/** The interval that a call which arrives now is counted in; RIG_NONE = none. */
uint32_t rig_statistics_interval(const rig_centre *c, uint32_t attempt);

/** A call has ended. @param interval  Of its arrival. @param skill  From the queue on; else 0. */
void rig_statistics_outcome(rig_centre *c, uint32_t caller, uint32_t attempt, uint32_t interval,
                            uint32_t skill, rig_outcome outcome, rig_stage stage);

/** The centre has answered a call. @param setup_s  Since its INVITE. */
void rig_statistics_answer(rig_centre *c, const rig_slot *slot, double setup_s);
/** Which instant of a call. */
typedef enum rig_milestone {
    RIG_MILESTONE_PORT,
    RIG_MILESTONE_QUEUE,
    RIG_MILESTONE_RING,
    RIG_MILESTONE_TALK,
    RIG_MILESTONE_END
} rig_milestone;

/** Note an instant of a call. */
void rig_statistics_note(const rig_centre *c, uint32_t caller, uint32_t attempt,
                         rig_milestone which, double at_s);

/** An agent has answered a call. */
void rig_statistics_wait(rig_centre *c, const rig_slot *slot);

/** A call that held a slot has ended, or is cut off by the end of the run: what is known of its
 * wait and of the agents whom it reached. After rig_statistics_outcome. */
void rig_statistics_left(rig_centre *c, const rig_slot *slot, rig_outcome outcome, rig_stage stage);

/** Change a level now. */
static inline void rig_gauge_add(const rig_centre *c, rig_gauge *gauge, double change)
{
    gauge->level += change;
    gauge->moment += change * (c->now_s - c->base_s);
}

#endif
