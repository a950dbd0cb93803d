/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The caller's leg: one call from its INVITE to its end. */
#ifndef RIG_CALLCENTRE_CALL_CALL_H
#define RIG_CALLCENTRE_CALL_CALL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "callcentre/centre/centre.h"

/** One call; opaque. It frees itself when it is over. */
typedef struct rig_callcentre_call rig_callcentre_call;

/** A number that was dialled. */
typedef struct rig_callcentre_number {
    char text[128];
} rig_callcentre_number;

/** The number that an INVITE dials, escapes undone (RFC 3261, 19.1.4).
 * @return number->text; NULL when there is none, or a longer one. */
const char *rig_callcentre_called(const sip_t *sip, rig_callcentre_number *number);

/** An initial INVITE has come: challenge it, refuse it, answer it, or let it wait for a port. Takes
 * over `invite`. */
void rig_callcentre_call_offer(rig_callcentre_centre *centre, nta_incoming_t *invite,
                               const sip_t *sip);

/** The same, once the caller is let in. */
void rig_callcentre_call_admit(rig_callcentre_centre *centre, nta_incoming_t *invite,
                               const sip_t *sip);

/** Call a caller back who was promised it. The circuit and the agent are the call's now. */
void rig_callcentre_call_back(rig_callcentre_centre *centre, rig_callcentre_promise *promise,
                              size_t group, uint32_t agent);

/** The agent has gone, perhaps while he dialled: that attempt was in vain then. */
void rig_callcentre_call_desert_dialled(rig_callcentre_centre *centre, uint32_t agent);

/** A port is the call's: answer it. */
void rig_callcentre_call_answer(rig_callcentre_call *call);

/** An idle agent is the call's: ring. */
void rig_callcentre_call_ring_agent(rig_callcentre_call *call, uint32_t agent);

/** The agent's phone rings. */
void rig_callcentre_call_ringing(rig_callcentre_call *call);

/** The agent has answered. @param sdp  The agent's session, heap, taken over; NULL when there is
 * none. */
void rig_callcentre_call_answered(rig_callcentre_call *call, struct rig_callcentre_agent_leg *leg,
                                  char *sdp);

/** The agent did not answer in time, or the phone failed; the agent's leg is no longer the call's.
 */
void rig_callcentre_call_unanswered(rig_callcentre_call *call,
                                    struct rig_callcentre_agent_leg *leg);

/** The agent has hung up; the agent's leg is gone. */
void rig_callcentre_call_agent_hung_up(rig_callcentre_call *call);

/** The centre stops: refuse or end the call, in whatever state it is. */
void rig_callcentre_call_stop(rig_callcentre_call *call);

/** Whether its circuit is one of a trunk group, or it holds an IVR port. */
bool rig_callcentre_call_is_on_group(const rig_callcentre_call *call, size_t group);
bool rig_callcentre_call_holds_port(const rig_callcentre_call *call);

/** Which calls are cut. */
typedef enum rig_callcentre_cut_turn {
    RIG_CALLCENTRE_CUT_WAITING = 0, /**< for a port, an agent, or in the menu */
    RIG_CALLCENTRE_CUT_ALL
} rig_callcentre_cut_turn;

/** A fault cuts the call, if it is one of these; its agent is free without a wrap-up. */
void rig_callcentre_call_cut(rig_callcentre_call *call, rig_callcentre_cut_turn turn);

/** The next call of the centre's list; NULL at the end. */
rig_callcentre_call *rig_callcentre_call_next(const rig_callcentre_call *call);

/** The centre has crashed: count it, and free it without a word. */
void rig_callcentre_call_lose(rig_callcentre_call *call);

/** End it without a word and free it. Only for the centre's end. */
void rig_callcentre_call_free(rig_callcentre_call *call);

#endif
