/* SPDX-License-Identifier: GPL-3.0-or-later */
/* INVITEs of ours that were accepted: the stack need not keep them. */
#ifndef RIG_CALLCENTRE_SIP_ACCEPTED_H
#define RIG_CALLCENTRE_SIP_ACCEPTED_H

#include <stdbool.h>

#include "callcentre/sip/sofia.h"
#include "callcentre/sip/via.h"

/**
 * Over UDP the stack keeps an INVITE of ours, and the 2xx to it, for 64 * T1 (32 s) after that came
 * (RFC 6026, 7.2: so that copies of the 2xx find it); with a load's peak that is most of a centre's
 * memory. What such a copy needs is its dialog alone, which is told the ACK again
 * (rig_callcentre_ack_again). So a 2xx is told to whoever sent the INVITE as soon as it is read and
 * before the stack looks for the transaction: destroyed then, the transaction is gone at once, and
 * every copy is a stray response. All other answers go the stack's way, and so does a 2xx that is
 * no sound message.
 */
typedef struct rig_callcentre_accepted rig_callcentre_accepted;

/** Looks at all that is read by `parser`, which must live as long. @return NULL: out of memory. */
rig_callcentre_accepted *rig_callcentre_accepted_new(rig_callcentre_parser *parser);

/** Whose INVITEs those are; NULL: nobody's, nothing is taken. */
void rig_callcentre_accepted_set_agent(rig_callcentre_accepted *accepted, nta_agent_t *nta);

/**
 * A 2xx to an INVITE with this callback is told early, as nta_outgoing_tcreate would have it: with
 * its transaction, which the callback must destroy. An INVITE that is cancelled must have another
 * callback from then on (nta_outgoing_bind): the stack's own CANCEL waits for its answers.
 * Of more callbacks than there is room for (8) the stack keeps the INVITEs.
 */
void rig_callcentre_accepted_know(rig_callcentre_accepted *accepted, nta_response_f *callback);

/** Whether this stray response was told early just now. */
bool rig_callcentre_accepted_took(const rig_callcentre_accepted *accepted, const msg_t *response);

/** NULL-safe. */
void rig_callcentre_accepted_free(rig_callcentre_accepted *accepted);

#endif
