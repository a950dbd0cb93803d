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
    if (rig_callcentre_call_take_response(call, request, &call->refresh, sip) < 200)
        return 0;
    if (call->state == CALL_OVER)
        rig_callcentre_call_finish(call);
    return 0;
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
        call->refresh = rig_callcentre_call_reinvite(call, on_response, SESSION_EXPIRES);
    else if (may_ask(call))
        call->refresh = rig_callcentre_call_update(call, on_response, SESSION_EXPIRES);
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
    call->refresh = rig_callcentre_call_update(call, on_response, header);
}
