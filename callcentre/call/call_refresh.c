/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Requests within a caller's dialog that tell nothing of the call's way, though a mark may look the
 * same: a session's refresh (RFC 4028), and the connected line of an agent who is only dialled. */
#include "core/clock.h"
#include "callcentre/call/call_impl.h"
#include "callcentre/sip/sip_messages.h"

/* The interval itself is a usual one; who refreshes may do so before half of it is over. */
static const char SESSION_EXPIRES[] = "Session-Expires: 1800;refresher=uac";

/* Whatever the answer: the session stays as it was (RFC 3261, 14.1), and a phone that knows the
 * call no more shows that at its end. */
static int on_response(void *magic, nta_outgoing_t *request, const sip_t *sip)
{
    rig_callcentre_call *call = magic;
    const int status = rig_callcentre_status(request, sip);
    if (status < 200)
        return 0;
    if (status < 300 && nta_outgoing_method(request) == sip_method_invite)
        rig_callcentre_send_ack(call->dialog, rig_callcentre_call_connection(call), sip);
    nta_outgoing_destroy(request);
    call->refresh = NULL;
    if (call->state == CALL_OVER)
        rig_callcentre_call_finish(call);
    return 0;
}

static void send_update(rig_callcentre_call *call, const char *header)
{
    call->refresh =
        nta_outgoing_tcreate(call->dialog, on_response, call, NULL, SIP_METHOD_UPDATE, NULL,
                             SIPTAG_CONTACT(call->contact), SIPTAG_HEADER_STR(header),
                             NTATAG_TPORT(rig_callcentre_call_connection(call)), TAG_END());
}

/* The session as the caller knows it: nothing of it changes (RFC 4028, 7.4). */
static void send_reinvite(rig_callcentre_call *call)
{
    const rig_callcentre_centre *centre = call->centre;
    call->refresh = rig_callcentre_send_invite(
        call->dialog, centre->nta, on_response, call,
        &(rig_callcentre_invite){.contact = call->contact,
                                 .transport = centre->transport,
                                 .header = SESSION_EXPIRES,
                                 .sdp = call->agent_sdp ? call->agent_sdp : centre->sdp,
                                 .connection = rig_callcentre_call_connection(call)});
}

static bool may_ask(const rig_callcentre_call *call)
{
    return call->is_answered && call->is_acked && !call->mark && !call->refresh && !call->bye &&
           call->state != CALL_OVER;
}

static void set_timer(rig_callcentre_call *call)
{
    rig_callcentre_timers_set(&call->centre->timers, &call->refreshing,
                              rig_clock_monotonic_ns() +
                                  rig_clock_ns_of_s(call->centre->refresh_s));
}

void rig_callcentre_call_on_refresh(void *arg)
{
    rig_callcentre_call *call = arg;
    if (may_ask(call) && call->centre->scenario->target.marks == RIG_MARK_REINVITE)
        send_reinvite(call);
    else if (may_ask(call))
        send_update(call, SESSION_EXPIRES);
    set_timer(call);
}

void rig_callcentre_call_begin_refreshing(rig_callcentre_call *call)
{
    if (call->has_refreshing && !call->refreshing.slot)
        set_timer(call);
}

void rig_callcentre_call_tell_dialled(rig_callcentre_call *call)
{
    char header[200];
    if (!call->centre->tells_dialled || !may_ask(call))
        return;
    (void)snprintf(header, sizeof header, "P-Asserted-Identity: <sip:agent@%s:%u>",
                   call->centre->host.uri_host, call->centre->port);
    send_update(call, header);
}
