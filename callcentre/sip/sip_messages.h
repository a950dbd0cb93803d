/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The SIP messages that both legs of a call send and answer alike. */
#ifndef RIG_CALLCENTRE_SIP_SIP_MESSAGES_H
#define RIG_CALLCENTRE_SIP_SIP_MESSAGES_H

#include <stdbool.h>

#include "callcentre/sip/sofia.h"
#include "callcentre/sip/transport.h"

/** Why the centre ends or refuses a call: values of the Reason header (RFC 3326, Q.850 causes). */
#define RIG_CALLCENTRE_REASON_NORMAL        "Q.850;cause=16;text=\"Normal call clearing\""
#define RIG_CALLCENTRE_REASON_NO_CIRCUIT    "Q.850;cause=34;text=\"No circuit available\""
#define RIG_CALLCENTRE_REASON_TEMPORARY     "Q.850;cause=41;text=\"Temporary failure\""
#define RIG_CALLCENTRE_REASON_OUT_OF_ORDER  "Q.850;cause=38;text=\"Network out of order\""
#define RIG_CALLCENTRE_REASON_QUEUE_FULL    "Q.850;cause=42;text=\"Queue full\""
#define RIG_CALLCENTRE_REASON_QUEUE_TIMEOUT "Q.850;cause=102;text=\"Queue timeout\""

/** Methods that the centre understands. */
#define RIG_CALLCENTRE_ALLOW "INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, UPDATE"

/** How a leg answers what its peer asks within the dialog. */
typedef struct rig_callcentre_dialog {
    const sip_contact_t *contact;
    const char *sdp;     /**< our side's session, for answers to offers */
    bool is_established; /**< answered and not over */
    bool is_early;       /**< not answered, but the session was shown in a 183 */
    bool has_open_offer; /**< an offer of ours has no answer yet */
} rig_callcentre_dialog;

/** The session description of a party at a numeric address that neither sends nor hears media.
 * @return heap, the caller frees; NULL when out of memory. */
char *rig_callcentre_sdp_new(const rig_callcentre_address *host);

/** A copy of a message's session description. @return heap; NULL when it has none (or no memory).
 */
char *rig_callcentre_sdp_copy(const sip_t *sip);

/** Status of a response, also of those that the stack makes itself (time-out, unreachable). */
int rig_callcentre_status(const nta_outgoing_t *request, const sip_t *sip);

/** 200 with a session description. @return false when it could not be sent. */
bool rig_callcentre_reply_session(nta_incoming_t *request, const sip_contact_t *contact,
                                  const char *sdp);

/** A final failure with a Reason, and one more header line (NULL: none). The transaction stays the
 * caller's. */
void rig_callcentre_reply_failure(nta_incoming_t *request, int status, const char *phrase,
                                  const char *reason, const char *header);

/** Keep the stack from answering an INVITE with 100 by itself, 200 ms after it has come. */
void rig_callcentre_keep_mute(nta_incoming_t *invite);

/** 200 to OPTIONS, with what the centre understands. */
void rig_callcentre_reply_options(nta_incoming_t *request);

/* `connection`, here and below: the TCP connection to send by; NULL = one to the peer's address. */

/** INFO with X-Rig-Stage: the wire's mark of a stage. It is sent again until answered, whatever
 * becomes of the call; the answer is of no consequence. @param header  One more header line; NULL:
 * none. */
void rig_callcentre_send_stage(nta_leg_t *leg, tport_t *connection, const char *stage,
                               const char *header);

/** BYE, with a Reason and one more header line (NULL: none). @return the transaction, the caller's
 * to destroy; NULL when it could not be sent. */
nta_outgoing_t *rig_callcentre_send_bye(nta_leg_t *leg, tport_t *connection,
                                        nta_response_f *callback, void *magic, const char *reason,
                                        const char *header);

/** An INVITE of ours; all borrowed. */
typedef struct rig_callcentre_invite {
    const char *url; /**< NULL = within a dialog: its remote target */
    const sip_contact_t *contact;
    const char *header; /**< a whole header line, "X-Caller-Call-ID: ..", or NULL */
    const char *sdp;
    rig_transport transport;
    tport_t *connection;
    struct rig_callcentre_accepted *accepted; /**< told of its callback, over UDP; or NULL */
} rig_callcentre_invite;

/**
 * INVITE. A 2xx that comes when the transaction was destroyed is a stray response: see
 * rig_callcentre_hang_up_stray.
 * @return the transaction, the caller's to destroy; NULL when it could not be made.
 */
nta_outgoing_t *rig_callcentre_send_invite(nta_leg_t *leg, nta_agent_t *nta,
                                           nta_response_f *callback, void *magic,
                                           const rig_callcentre_invite *invite);

/** A 2xx to an INVITE of ours that is given up: ACK it and hang up (RFC 3261, 13.2.2.4 and 15).
 * @return whether it is one. */
bool rig_callcentre_hang_up_stray(nta_agent_t *nta, const sip_t *response);

/** ACK of a 200 to an INVITE. @param connection  NULL: as the dialog's route leads.
 * @param header  One more line, "Name: value"; NULL: none. */
void rig_callcentre_send_ack(nta_leg_t *leg, tport_t *connection, const sip_t *response,
                             const char *header);

/** A response that belongs to no transaction any more: ACK it again if it is a 200 to an INVITE of
 * a dialog that still is. @param told  The header line that the ACK of a dialog has, or NULL.
 * @return whether it was. */
bool rig_callcentre_ack_again(nta_agent_t *nta, const sip_t *response,
                              const char *(*told)(const nta_leg_t *));

/**
 * Answer INVITE, UPDATE, INFO, OPTIONS and what is not understood, within a dialog. BYE is not for
 * this function: it changes the call.
 * @return the status for nta_request_f: 0 when the answer was sent here.
 */
int rig_callcentre_answer_in_dialog(const rig_callcentre_dialog *dialog, nta_incoming_t *request,
                                    const sip_t *sip);

#endif
