/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The target's own reaction times, read off the capture: what a scenario cannot know. */
#ifndef RIG_VERDICT_JUDGE_REACTIONS_H
#define RIG_VERDICT_JUDGE_REACTIONS_H

#include "verdict/join.h"

/** What takes longer, wire time, is no reaction but a deviation, which the replays must not copy.
 */
#define RIG_REACTION_MOST_WIRE_S 0.010

/**
 * Measure how long the target itself takes from an event to what follows from it: some tenths of a
 * millisecond on the wire, and time_scale times as much in scenario time. Replays that know of it
 * predict the same target at any time_scale.
 *
 * - RIG_DELAY_CENTRE_ANSWERS: from an INVITE to its 200 (a centre that marks "early": 183, here and
 *   below).
 * - RIG_DELAY_CENTRE_NEXT_CALLER: from the message that frees a port to the 200 of a caller who
 *   waited for one.
 * - RIG_DELAY_CENTRE_MENU: how much later than 200 + menu the queue is entered; only for a menu of
 *   constant length.
 * - RIG_DELAY_CENTRE_RINGS: from the entry into the queue to the agent's INVITE.
 * - RIG_DELAY_CENTRE_WRAP_UP: from the end of the wrap-up to the next agent's INVITE for a call
 *   that waited; only for a wrap-up of constant length.
 *
 * Each is measured only where nothing had to be waited for, that is where it takes at most
 * RIG_REACTION_MOST_WIRE_S; others are left out. So a centre that is slower than that is not
 * excused. Events that free something and callers who wait for it are matched in the order of time.
 *
 * @param delays  As rig_join_measure_delays made them of the same join; the kinds above are filled.
 * @return RIG_OK or RIG_ENOMEM.
 */
rig_status rig_reactions_measure(const rig_join *join, const rig_scenario *scenario,
                                 rig_delays *delays);

#endif
