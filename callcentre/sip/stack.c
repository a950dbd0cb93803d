/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "callcentre/sip/stack.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "callcentre/call/agent_leg.h"
#include "callcentre/call/call.h"
#include "callcentre/sip/accepted.h"
#include "callcentre/sip/sip_messages.h"
#include "callcentre/sip/via.h"

enum {
    PRELOAD = 1536,   /* bytes that a message takes from malloc in one piece: a quarter less CPU */
    UDP_MTU = 65535,  /* never change over to TCP because of a message's size */
    TCP_QUEUE = 16384 /* messages that wait for room in one connection */
};

static void discard_log(void *stream, char const *format, va_list args)
{
    (void)stream;
    (void)format;
    (void)args;
}

/* What belongs to no dialog. */
static int on_stray_request(void *magic, nta_leg_t *leg, nta_incoming_t *request, const sip_t *sip)
{
    rig_callcentre_centre *centre = magic;
    (void)leg;
    sip_method_t method = sip->sip_request->rq_method;
    if (method == sip_method_ack)
        return 200; /* never sent: it only lets the stack forget the ACK */
    if (sip->sip_to->a_tag) {
        centre->counts.n_unknown_dialog++;
        return 481;
    }
    switch (method) {
    case sip_method_invite:
        rig_callcentre_call_offer(centre, request, sip);
        return 0;
    case sip_method_options:
        centre->counts.n_pings++;
        rig_callcentre_reply_options(request);
        nta_incoming_destroy(request);
        return 0;
    case sip_method_bye:
    case sip_method_cancel:
    case sip_method_info:
    case sip_method_update:
    case sip_method_prack:
        centre->counts.n_unknown_dialog++;
        return 481;
    case sip_method_invalid:
    case sip_method_unknown:
    case sip_method_ack:
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

/* A response without transaction: the 200 came again, because our ACK was lost or late. */
static int on_stray_response(void *magic, nta_agent_t *nta, msg_t *msg, sip_t *sip)
{
    rig_callcentre_centre *centre = magic;
    if (rig_callcentre_accepted_took(centre->accepted, msg)) {
        nta_msg_discard(nta, msg);
        return 0;
    }
    if (rig_callcentre_ack_again(nta, sip, rig_callcentre_agent_leg_told))
        centre->counts.n_acks_again++;
    else if (rig_callcentre_hang_up_stray(nta, sip))
        centre->counts.n_late_answers++;
    nta_msg_discard(nta, msg);
    return 0;
}

rig_status rig_callcentre_stack_open(rig_callcentre_centre *centre, uint16_t port, rig_error *err)
{
    char url[RIG_CALLCENTRE_URL_SIZE];
    rig_callcentre_listen_url(&centre->host, port, centre->transport, url);
    if (!centre->root) {
        su_init();
        su_log_redirect(NULL, discard_log, NULL);
        su_log_set_level(NULL, 0);
        centre->root = su_root_create(NULL);
    }
    if (!centre->parser && !(centre->parser = rig_callcentre_parser_new()))
        return rig_fail(err, RIG_ENOMEM, "out of memory");
    if (!centre->accepted && !(centre->accepted = rig_callcentre_accepted_new(centre->parser)))
        return rig_fail(err, RIG_ENOMEM, "out of memory");
    if (!centre->root)
        return rig_fail(err, RIG_EENV, "cannot make the SIP stack's event loop: %s",
                        strerror(errno));
    centre->nta = nta_agent_create(
        centre->root, (url_string_t *)url, on_stray_response, centre, NTATAG_UA(1),
        NTATAG_MCLASS(rig_callcentre_parser_class(centre->parser)), NTATAG_PRELOAD(PRELOAD),
        NTATAG_UDP_MTU(UDP_MTU), TPTAG_UDP_RMEM(RIG_CALLCENTRE_SOCKET_BUFFER),
        TPTAG_UDP_WMEM(RIG_CALLCENTRE_SOCKET_BUFFER), TPTAG_QUEUESIZE(TCP_QUEUE),
        TAG_IF(centre->has_short_headers, NTATAG_SIPFLAGS(MSG_DO_COMPACT)), TAG_END());
    if (!centre->nta)
        return rig_fail(err, RIG_EENV, "cannot listen on %s: %s", url, strerror(errno));
    rig_callcentre_accepted_set_agent(centre->accepted, centre->nta);
    centre->contact = nta_agent_contact(centre->nta);
    centre->default_leg =
        nta_leg_tcreate(centre->nta, on_stray_request, centre, NTATAG_NO_DIALOG(1), TAG_END());
    if (!centre->contact || !centre->default_leg)
        return rig_fail(err, RIG_ENOMEM, "out of memory");
    const char *bound = centre->contact->m_url->url_port;
    centre->port = (uint16_t)(bound ? strtoul(bound, NULL, 10) : 5060);
    centre->wait_fd = rig_callcentre_find_wait_fd(&centre->host, centre->port, centre->transport);
    if (centre->wait_fd < 0)
        return rig_fail(err, RIG_EENV, "cannot find the SIP stack's event descriptor for %s", url);
    return rig_callcentre_entrances_open(centre, port, err);
}

void rig_callcentre_stack_close(rig_callcentre_centre *centre)
{
    usize_t n_bad = 0, n_lost_requests = 0, n_lost_responses = 0, n_again_in = 0, n_again_out = 0;
    if (!centre->nta)
        return;
    nta_agent_get_stats(
        centre->nta, NTATAG_S_BAD_MESSAGE_REF(n_bad), NTATAG_S_TOUT_REQUEST_REF(n_lost_requests),
        NTATAG_S_TOUT_RESPONSE_REF(n_lost_responses), NTATAG_S_RECV_RETRY_REF(n_again_in),
        NTATAG_S_RETRY_REQUEST_REF(n_again_out), TAG_END());
    centre->counts.n_sip_errors += n_bad + n_lost_requests + n_lost_responses;
    centre->counts.n_retransmissions_received += n_again_in;
    centre->counts.n_retransmissions_sent += n_again_out;
    rig_callcentre_entrances_forget(centre);
    nta_leg_destroy(centre->default_leg);
    nta_agent_destroy(centre->nta);
    rig_callcentre_accepted_set_agent(centre->accepted, NULL);
    centre->nta = NULL;
    centre->default_leg = NULL;
    centre->contact = NULL;
    centre->wait_fd = -1;
}
