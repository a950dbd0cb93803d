/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The target's own reaction times, read off the capture: what a scenario cannot know. */
#ifndef RIG_VERDICT_JUDGE_REACTIONS_H
#define RIG_VERDICT_JUDGE_REACTIONS_H

#include "verdict/assumed_delays.h"
#include "verdict/join.h"

/** What takes longer, wire time, is no reaction but a deviation, which the replays must not copy.
 */
#define RIG_REACTION_MOST_WIRE_S 0.010

/** Two events that are closer than this, wire time, are a race: their order in the one replay that
 * tells fates is the wire's. So much later may the centre act there, too. It is no part of D. A
 * stall of the machine lasts as long at any time scale, but at a low one it changes less: so more,
 * up to RIG_RACE_STALL_WIRE_S, as long as it is at most RIG_RACE_MOST_S of the scenario. */
#define RIG_RACE_MOST_WIRE_S  0.025
#define RIG_RACE_STALL_WIRE_S 0.1
#define RIG_RACE_MOST_S       0.15

/** A caller of ours who hangs up later than this, wire time, does so for another reason. */
#define RIG_LATENESS_MOST_WIRE_S 0.1

/** A load is valid although one message in a hundred is later than gate.max_lateness_p99_ms (G0):
 * so this share of the delays that were seen is moved by up to that in a replay, to either side. */
#define RIG_STALLED_SHARE 0.01

/** How far a message and what the centre makes of it are apart, wire time, where no reaction was
 * seen. */
#define RIG_JITTER_UNKNOWN_WIRE_S 0.001

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
 * What was seen of a call is also noted as its own (rig_delays.own): NEXT_CALLER of the caller who
 * was let in, WRAP_UP of the call after which the agent wrapped up. The jitter is that of the
 * answers around their median; where there is none, RIG_JITTER_UNKNOWN_WIRE_S to either side.
 *
 * @param delays  As rig_join_measure_delays made them of the same join; the kinds above are filled.
 * @return RIG_OK or RIG_ENOMEM.
 */
rig_status rig_reactions_measure(const rig_join *join, const rig_scenario *scenario,
                                 rig_delays *delays);

#endif
