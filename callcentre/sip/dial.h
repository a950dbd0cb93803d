/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The centre calls a phone: the dialog and its INVITE, and the ACK of the answer. */
#ifndef RIG_CALLCENTRE_SIP_DIAL_H
#define RIG_CALLCENTRE_SIP_DIAL_H

#include "callcentre/centre/centre.h"
#include "callcentre/sip/sip_messages.h"

/** Who calls whom, and how; all borrowed. */
typedef struct rig_callcentre_dialling {
    const char *from; /**< user, at the centre */
    const char *to;   /**< user, at `host` and `port` */
    const rig_callcentre_address *host;
    uint16_t port;
    const char *call_id;          /**< NULL: the stack makes one */
    rig_callcentre_invite invite; /**< its url, transport, accepted follow */
    nta_request_f *on_request;    /**< within the dialog */
    nta_response_f *on_response;  /**< to the INVITE */
    void *magic;                  /**< of both */
} rig_callcentre_dialling;

/**
 * Call a phone.
 * @param[out] dialog  The caller's to destroy; NULL, or what there is of it, on failure.
 * @return the INVITE, the caller's to destroy; NULL when memory is out or the stack refuses.
 */
nta_outgoing_t *rig_callcentre_dial(const rig_callcentre_centre *centre,
                                    const rig_callcentre_dialling *how, nta_leg_t **dialog);

/** The phone has answered: ACK, as rig_callcentre_send_ack. It and all that follows go where the
 * answer says, or, where that may not be called, where the INVITE went. */
void rig_callcentre_acknowledge(rig_callcentre_centre *centre, nta_leg_t *dialog,
                                tport_t *connection, const sip_t *answer, const char *header);

#endif
