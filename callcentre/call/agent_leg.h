/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The agent's leg: one ringing of one agent's phone, and the talk if the agent answers. */
#ifndef RIG_CALLCENTRE_CALL_AGENT_LEG_H
#define RIG_CALLCENTRE_CALL_AGENT_LEG_H

#include "callcentre/centre/centre.h"

/** One leg to an agent's phone; opaque. It frees itself when it is over, and gives the agent back.
 */
typedef struct rig_callcentre_agent_leg rig_callcentre_agent_leg;

/** What the agent's phone is told of the caller. */
typedef struct rig_callcentre_caller {
    const char *number;  /**< user part of From */
    const char *call_id; /**< of the caller's leg */
    const char *sdp;     /**< the caller's offer */
    uint64_t index;      /**< the call's number, for draws */
} rig_callcentre_caller;

/**
 * Ring an agent's phone. The leg then tells the call what happens by the functions of call.h.
 * @param caller  Copied as far as needed.
 * @return NULL when the INVITE could not be sent; the agent is still the caller's to release.
 */
rig_callcentre_agent_leg *rig_callcentre_agent_leg_new(rig_callcentre_centre *centre,
                                                       uint32_t agent,
                                                       struct rig_callcentre_call *call,
                                                       const rig_callcentre_caller *caller);

/** The header line that the ACK of an agent's answer has: what he was told. @param dialog  Of an
 * agent's leg, or of another: NULL then. */
const char *rig_callcentre_agent_leg_told(const nta_leg_t *dialog);

/** Put a leg in front of others of the same call: a list. */
void rig_callcentre_agent_leg_join(rig_callcentre_agent_leg *leg, rig_callcentre_agent_leg *others);

/** Take a leg out of the list of its call. @return the new first of the list; NULL: it is empty. */
rig_callcentre_agent_leg *rig_callcentre_agent_leg_part(rig_callcentre_agent_leg *first,
                                                        rig_callcentre_agent_leg *leg);

/** The call has gone: of all legs of a list but one, CANCEL if the phone still rings, BYE if the
 * agent talks. They forget the call. @param but  NULL: all. */
void rig_callcentre_agent_leg_leave_all(rig_callcentre_agent_leg *first,
                                        rig_callcentre_agent_leg *but, const char *reason);

/** The agents of a list of legs are free as soon as these are over. */
void rig_callcentre_agent_leg_spare_wrap_up(rig_callcentre_agent_leg *first);

/** The agent has gone, whatever he did: a talk is cut, a call whose phone rings looks for another
 * agent. */
void rig_callcentre_agent_leg_desert(rig_callcentre_centre *centre, uint32_t agent);

/** End it without a word and free it. Only for the centre's end. */
void rig_callcentre_agent_leg_free(rig_callcentre_agent_leg *leg);

#endif
