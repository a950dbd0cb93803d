/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Races: two events so close that the order of their messages on the wire, not a rule, decides. The
 * replay that tells fates (RIG_REPLAY_AS_SEEN) takes the order that was seen, and notes the gap.
 * Two events are close within rig_delays.most_race_s: the replay would have to be off by so little.
 * All these do nothing in other modes, and where no calls were seen. */
#ifndef RIG_MODELS_CENTRE_RACES_H
#define RIG_MODELS_CENTRE_RACES_H

#include "models/centre/state.h"

/** Before a run. */
void rig_races_begin(rig_centre *c);

/** After a run: calls that are still held are lost. */
void rig_races_end(rig_centre *c);

/** A call arrives, all circuits are in use, and it was seen to get one: it is held, until one is
 * given back. @return whether it is. */
bool rig_races_hold(rig_centre *c, uint32_t caller, uint32_t attempt, uint32_t interval);

/** A call arrives, and circuits are free only since a moment; it was seen to be refused. */
bool rig_races_refuse(rig_centre *c, uint32_t caller, uint32_t attempt);

/** A circuit was given back. */
void rig_races_released(rig_centre *c);

/** The call that gave it back is over: one that was held may come in. */
void rig_races_admit(rig_centre *c);

/** A caller gives up at an instant, but what he waits for was seen to come a moment later.
 * @return the instant until which he stays. */
double rig_races_stay_until_s(const rig_centre *c, const rig_slot *slot, double gives_up_s,
                              double seen_s);

/** What he waits for has come, but he was seen to leave, in a moment. */
bool rig_races_is_leaving(const rig_centre *c, const rig_slot *slot);

/** The first of a list of those who wait that is not leaving; RIG_NONE. */
static inline uint32_t rig_races_first(const rig_centre *c, uint32_t id)
{
    while (c->is_conditioned && id != RIG_NONE && rig_races_is_leaving(c, &c->slots[id]))
        id = c->slots[id].next;
    return id;
}

/** A self-server's hang-up and the end of the menu: the hang-up as it was seen. */
double rig_races_self_service_s(const rig_centre *c, const rig_slot *slot, double hangs_up_s,
                                double menu_ends_s);

/** The ring time of ringing k, when it is close to the time-out. */
double rig_races_ring_s(const rig_centre *c, const rig_slot *slot, uint32_t k, double ring_s,
                        double timeout_s);

/** A phone is to ring for the k-th time, but the caller was seen to leave before it did.
 * @return when it rings. */
double rig_races_rings_s(const rig_centre *c, const rig_slot *slot, uint32_t k, double rings_s);

/** While it rings for the k-th time: a caller gives up, and an agent answers, in a moment.
 * @return when he gives up. */
double rig_races_ringing_s(const rig_centre *c, const rig_slot *slot, uint32_t k, double gives_up_s,
                           double answered_s);

/** He hung up while the agent's answer was on its way to him: a talk of no length.
 * @return the talk's length. */
double rig_races_talk_s(const rig_centre *c, const rig_slot *slot, double talk_s);

#endif
