/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "callcentre/sip/sip_messages.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "callcentre/sip/accepted.h"

char *rig_callcentre_sdp_new(const rig_callcentre_address *host)
{
    char *sdp = NULL;
    const char *type = host->family == AF_INET6 ? "IP6" : "IP4";
    /* Port 9 is "discard": nobody is led to expect media. */
    int n = asprintf(&sdp,
                     "v=0\r\no=peakrig 1 1 IN %s %s\r\ns=peakrig\r\nc=IN %s %s\r\nt=0 0\r\n"
                     "m=audio 9 RTP/AVP 8 0\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:0 PCMU/8000\r\n",
                     type, host->numeric, type, host->numeric);
    return n < 0 ? NULL : sdp;
}

char *rig_callcentre_sdp_copy(const sip_t *sip)
{
    if (!sip || !sip->sip_payload || !sip->sip_payload->pl_len || !sip->sip_content_type ||
        !sip->sip_content_type->c_type ||
        strcasecmp(sip->sip_content_type->c_type, "application/sdp") != 0)
        return NULL;
    return strndup(sip->sip_payload->pl_data, sip->sip_payload->pl_len);
}

int rig_callcentre_status(const nta_outgoing_t *request, const sip_t *sip)
{
    return sip && sip->sip_status ? sip->sip_status->st_status : nta_outgoing_status(request);
}

bool rig_callcentre_reply_session(nta_incoming_t *request, const sip_contact_t *contact,
                                  const char *sdp)
{
    return nta_incoming_treply(
               request, SIP_200_OK, SIPTAG_CONTACT(contact), SIPTAG_ALLOW_STR(RIG_CALLCENTRE_ALLOW),
               SIPTAG_CONTENT_TYPE_STR("application/sdp"), SIPTAG_PAYLOAD_STR(sdp), TAG_END()) == 0;
}

void rig_callcentre_reply_failure(nta_incoming_t *request, int status, const char *phrase,
                                  const char *reason, const char *header)
{
    nta_incoming_treply(request, status, phrase, SIPTAG_REASON_STR(reason),
                        SIPTAG_HEADER_STR(header), TAG_END());
}

void rig_callcentre_keep_mute(nta_incoming_t *invite)
{
    nta_incoming_set_params(invite, NTATAG_EXTRA_100(0), TAG_END());
}

void rig_callcentre_reply_options(nta_incoming_t *request)
{
    nta_incoming_treply(request, SIP_200_OK, SIPTAG_ALLOW_STR(RIG_CALLCENTRE_ALLOW),
                        SIPTAG_ACCEPT_STR("application/sdp"), TAG_END());
}

void rig_callcentre_send_stage(nta_leg_t *leg, tport_t *connection, const char *stage,
                               const char *header)
{
    char mark[64];
    (void)snprintf(mark, sizeof mark, "X-Rig-Stage: %s", stage);
    nta_outgoing_tcreate(leg, NULL, NULL, NULL, SIP_METHOD_INFO, NULL, SIPTAG_HEADER_STR(mark),
                         SIPTAG_HEADER_STR(header), NTATAG_TPORT(connection), TAG_END());
}

nta_outgoing_t *rig_callcentre_send_bye(nta_leg_t *leg, tport_t *connection,
                                        nta_response_f *callback, void *magic, const char *reason,
                                        const char *header)
{
    return nta_outgoing_tcreate(leg, callback, magic, NULL, SIP_METHOD_BYE, NULL,
                                SIPTAG_REASON_STR(reason), SIPTAG_HEADER_STR(header),
                                NTATAG_TPORT(connection), TAG_END());
}

void rig_callcentre_send_ack(nta_leg_t *leg, tport_t *connection, const sip_t *response,
                             const char *header)
{
    /* The CSeq number must be the INVITE's: other requests may have been sent meanwhile. Stateless:
     * a transaction would be kept for 64 * T1 only to answer retransmissions of the 200. */
    nta_outgoing_tcreate(leg, NULL, NULL, NULL, SIP_METHOD_ACK, NULL,
                         SIPTAG_CSEQ(response->sip_cseq), SIPTAG_HEADER_STR(header),
                         NTATAG_STATELESS(1), NTATAG_TPORT(connection), TAG_END());
}

/* The stack answers such a 2xx with ACK and BYE by itself where an INVITE was made by a user agent
 * (NTATAG_UA), and frees a message twice when that ACK cannot be sent: over UDP a full socket is
 * enough (libsofia-sip-ua 1.12.11). So it takes our INVITEs over UDP for those of no user agent;
 * all else that the parameter rules is looked up when a message comes in, and stays. Over TCP a
 * full socket makes messages wait. */
nta_outgoing_t *rig_callcentre_send_invite(nta_leg_t *leg, nta_agent_t *nta,
                                           nta_response_f *callback, void *magic,
                                           const rig_callcentre_invite *invite)
{
    if (invite->transport == RIG_TRANSPORT_UDP) {
        nta_agent_set_params(nta, NTATAG_UA(0), TAG_END());
        if (invite->accepted)
            rig_callcentre_accepted_know(invite->accepted, callback);
    }
    nta_outgoing_t *made = nta_outgoing_tcreate(
        leg, callback, magic, NULL, SIP_METHOD_INVITE, (const url_string_t *)invite->url,
        SIPTAG_CONTACT(invite->contact), SIPTAG_ALLOW_STR(RIG_CALLCENTRE_ALLOW),
        SIPTAG_HEADER_STR(invite->header), SIPTAG_CONTENT_TYPE_STR("application/sdp"),
        SIPTAG_PAYLOAD_STR(invite->sdp), NTATAG_TPORT(invite->connection), TAG_END());
    nta_agent_set_params(nta, NTATAG_UA(1), TAG_END());
    return made;
}

static bool is_answer_to_invite(const sip_t *response)
{
    int status = response->sip_status ? response->sip_status->st_status : 0;
    return status >= 200 && status < 300 && response->sip_cseq &&
           response->sip_cseq->cs_method == sip_method_invite;
}

bool rig_callcentre_hang_up_stray(nta_agent_t *nta, const sip_t *response)
{
    if (!is_answer_to_invite(response) || !response->sip_to->a_tag || !response->sip_contact)
        return false;
    nta_leg_t *leg =
        nta_leg_tcreate(nta, NULL, NULL, SIPTAG_CALL_ID(response->sip_call_id),
                        SIPTAG_FROM(response->sip_from), SIPTAG_TO(response->sip_to),
                        SIPTAG_CSEQ(response->sip_cseq), NTATAG_NO_DIALOG(0), TAG_END());
    if (!leg)
        return true;
    nta_leg_client_route(leg, response->sip_record_route, response->sip_contact);
    rig_callcentre_send_ack(leg, NULL, response, NULL);
    /* Stateless: should the BYE be lost, the 2xx comes again, and we do. */
    nta_outgoing_tcreate(leg, NULL, NULL, NULL, SIP_METHOD_BYE, NULL, NTATAG_STATELESS(1),
                         TAG_END());
    nta_leg_destroy(leg);
    return true;
}

bool rig_callcentre_ack_again(nta_agent_t *nta, const sip_t *response,
                              const char *(*told)(const nta_leg_t *))
{
    if (!is_answer_to_invite(response))
        return false;
    nta_leg_t *leg = nta_leg_by_dialog(nta, NULL, response->sip_call_id, response->sip_to->a_tag,
                                       NULL, response->sip_from->a_tag, NULL);
    if (!leg)
        return false;
    rig_callcentre_send_ack(leg, NULL, response, told(leg));
    return true;
}

static int answer_offer(const rig_callcentre_dialog *dialog, nta_incoming_t *request)
{
    if (dialog->is_early) {
        /* The first INVITE is not answered yet (RFC 3261, 14.2; RFC 3311, 5.2). */
        nta_incoming_treply(request, SIP_500_INTERNAL_SERVER_ERROR, SIPTAG_RETRY_AFTER_STR("5"),
                            TAG_END());
        nta_incoming_destroy(request);
        return 0;
    }
    if (!dialog->is_established)
        return 481;
    if (dialog->has_open_offer)
        return 491;
    rig_callcentre_reply_session(request, dialog->contact, dialog->sdp);
    nta_incoming_destroy(request);
    return 0;
}

int rig_callcentre_answer_in_dialog(const rig_callcentre_dialog *dialog, nta_incoming_t *request,
                                    const sip_t *sip)
{
    switch (sip->sip_request->rq_method) {
    case sip_method_ack:
        return 200; /* never sent: it only lets the stack forget the ACK */
    case sip_method_invite:
        /* No To tag: another copy of the first INVITE, by another way (RFC 3261, 8.2.2.2). */
        if (!sip->sip_to->a_tag)
            return 482;
        return answer_offer(dialog, request);
    case sip_method_update:
        if (sip->sip_payload)
            return answer_offer(dialog, request);
        return dialog->is_established || dialog->is_early ? 200 : 481;
    case sip_method_info:
        return dialog->is_established || dialog->is_early ? 200 : 481;
    case sip_method_options:
        rig_callcentre_reply_options(request);
        nta_incoming_destroy(request);
        return 0;
    case sip_method_cancel:
    case sip_method_prack:
        return 481;
    case sip_method_invalid:
    case sip_method_unknown:
    case sip_method_bye:
    case sip_method_register:
    case sip_method_message:
    case sip_method_subscribe:
    case sip_method_notify:
    case sip_method_refer:
    case sip_method_publish:
    default: /* a method that the stack learns to know */
        nta_incoming_treply(request, SIP_405_METHOD_NOT_ALLOWED,
                            SIPTAG_ALLOW_STR(RIG_CALLCENTRE_ALLOW), TAG_END());
        nta_incoming_destroy(request);
        return 0;
    }
}
