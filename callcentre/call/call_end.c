/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a call ends, and what it gives back. */
#include "core/clock.h"
#include "callcentre/call/call_impl.h"
#include "callcentre/sip/sip_messages.h"

const rig_callcentre_ending rig_callcentre_ending_normal = {RIG_CALLCENTRE_REASON_NORMAL,
                                                            SIP_480_TEMPORARILY_UNAVAILABLE, NULL};
const rig_callcentre_ending rig_callcentre_ending_temporary = {RIG_CALLCENTRE_REASON_TEMPORARY,
                                                               SIP_503_SERVICE_UNAVAILABLE, NULL};
const rig_callcentre_ending rig_callcentre_ending_out_of_order = {
    RIG_CALLCENTRE_REASON_OUT_OF_ORDER, SIP_503_SERVICE_UNAVAILABLE, NULL};
const rig_callcentre_ending rig_callcentre_ending_queue_full = {RIG_CALLCENTRE_REASON_QUEUE_FULL,
                                                                SIP_486_BUSY_HERE, NULL};
const rig_callcentre_ending rig_callcentre_ending_queue_timeout = {
    RIG_CALLCENTRE_REASON_QUEUE_TIMEOUT, SIP_480_TEMPORARILY_UNAVAILABLE, NULL};
const rig_callcentre_ending rig_callcentre_ending_deflected = {
    RIG_CALLCENTRE_REASON_NORMAL, SIP_480_TEMPORARILY_UNAVAILABLE, "X-Rig-Stage: deflected"};

/* All but the circuit. */
static void release_inside(rig_callcentre_call *call, const char *reason)
{
    rig_callcentre_resources *resources = call->centre->resources;
    switch (call->state) {
    case CALL_PORT_WAIT:
        rig_callcentre_port_leave(resources, &call->waiter);
        break;
    case CALL_QUEUED:
        rig_callcentre_queue_leave(resources, &call->waiter);
        break;
    case CALL_OFFERED:
    case CALL_RINGING:
    case CALL_TALK:
        rig_callcentre_agent_leg_leave_all(call->agent_leg, NULL, reason);
        call->agent_leg = NULL;
        break;
    case CALL_DIALLED:
        rig_callcentre_agent_release(resources, call->kept_agent);
        break;
    case CALL_PORT_LATE:
    case CALL_MENU:
    case CALL_PROMISED:
    case CALL_OVER:
        break;
    }
    if (call->holds_port)
        rig_callcentre_port_release(resources);
    call->holds_port = false;
    rig_callcentre_timers_cancel(&call->centre->timers, &call->timer);
    rig_callcentre_timers_cancel(&call->centre->timers, &call->cut);
    rig_callcentre_timers_cancel(&call->centre->timers, &call->refreshing);
    rig_callcentre_timers_cancel(&call->centre->timers, &call->asked);
    rig_callcentre_timers_cancel(&call->centre->timers, &call->looking);
    rig_callcentre_helpers_stop(&call->helpers);
    rig_callcentre_call_set_state(call, CALL_OVER);
}

void rig_callcentre_call_release(rig_callcentre_call *call, const char *reason)
{
    release_inside(call, reason);
    rig_callcentre_circuit_release(call->centre->resources, call->group);
    rig_callcentre_call_end_attempt(call);
}

void rig_callcentre_call_forget_invite(rig_callcentre_call *call)
{
    nta_incoming_destroy(call->invite);
    call->invite = NULL;
}

void rig_callcentre_call_finish(rig_callcentre_call *call)
{
    if (!call->mark && !call->refresh && !call->bye && !call->dialling && !call->bye_reason)
        rig_callcentre_call_free(call);
    else if (!call->timer.slot && !call->bye_reason)
        rig_callcentre_call_set_timer(call, rig_clock_monotonic_ns() + RIG_CALLCENTRE_LINGER_NS);
}

static int on_bye_response(void *magic, nta_outgoing_t *bye, const sip_t *sip)
{
    rig_callcentre_call *call = magic;
    if (rig_callcentre_status(bye, sip) < 200)
        return 0;
    nta_outgoing_destroy(bye);
    call->bye = NULL;
    rig_callcentre_call_finish(call);
    return 0;
}

static void send_bye(rig_callcentre_call *call, const char *reason, const char *header)
{
    rig_callcentre_call_forget_invite(call);
    call->bye = rig_callcentre_send_bye(call->dialog, rig_callcentre_call_connection(call),
                                        on_bye_response, call, reason, header);
    rig_callcentre_call_finish(call);
}

void rig_callcentre_call_hang_up(rig_callcentre_call *call, const char *reason)
{
    send_bye(call, reason, NULL);
}

void rig_callcentre_call_end(rig_callcentre_call *call, const rig_callcentre_ending *ending)
{
    rig_callcentre_call_release(call, ending->reason);
    if (!call->is_answered && call->is_call_back) {
        rig_callcentre_call_stop_dialling(call);
    } else if (!call->is_answered) {
        rig_callcentre_reply_failure(call->invite, ending->status, ending->phrase, ending->reason,
                                     ending->header);
        rig_callcentre_call_forget_invite(call);
        rig_callcentre_call_finish(call);
    } else if (call->invite && !call->is_acked && !call->centre->is_stopping) {
        /* No BYE before the ACK (RFC 3261, 15); the stack tells when that comes, or is not to come
         * any more. */
        call->bye_reason = ending->reason;
    } else {
        send_bye(call, ending->reason, ending->header);
    }
}

void rig_callcentre_call_end_late(rig_callcentre_call *call)
{
    const char *reason = call->bye_reason;
    call->bye_reason = NULL;
    send_bye(call, reason, NULL);
}

/* The caller goes: which stage has lost the call. */
static void count_leaving(rig_callcentre_call *call)
{
    rig_callcentre_counts *counts = rig_callcentre_call_counts(call);
    switch (call->state) {
    case CALL_PORT_WAIT:
    case CALL_PORT_LATE:
        counts->n_cancelled++;
        break;
    case CALL_MENU:
        counts->n_ended_in_menu++;
        break;
    case CALL_PROMISED:
    case CALL_QUEUED:
    case CALL_OFFERED:
        counts->n_abandoned_in_queue++;
        break;
    case CALL_RINGING:
        counts->n_abandoned_ringing++;
        break;
    case CALL_TALK:
        counts->n_ended_by_caller++;
        call->is_kept = true;
        break;
    case CALL_DIALLED:
    case CALL_OVER:
        break;
    }
}

void rig_callcentre_call_give_up(rig_callcentre_call *call, rig_callcentre_give_up how)
{
    count_leaving(call);
    release_inside(call, RIG_CALLCENTRE_REASON_NORMAL);
    if (how == RIG_CALLCENTRE_GIVE_UP_CANCEL &&
        rig_callcentre_centre_defect(call->centre, RIG_DEFECT_LEAK_ON_CANCEL))
        call->centre->counts.n_leaked_circuits++;
    else
        rig_callcentre_circuit_release(call->centre->resources, call->group);
    nta_incoming_treply(call->invite, SIP_487_REQUEST_CANCELLED, TAG_END());
    rig_callcentre_call_forget_invite(call);
    rig_callcentre_call_finish(call);
}

void rig_callcentre_call_hung_up(rig_callcentre_call *call)
{
    count_leaving(call);
    rig_callcentre_call_release(call, RIG_CALLCENTRE_REASON_NORMAL);
    rig_callcentre_call_forget_invite(call);
    rig_callcentre_call_finish(call);
}

bool rig_callcentre_call_is_on_group(const rig_callcentre_call *call, size_t group)
{
    return call->state != CALL_OVER && call->group == group;
}

bool rig_callcentre_call_holds_port(const rig_callcentre_call *call)
{
    return call->state != CALL_OVER && call->holds_port;
}

static bool is_waiting(const rig_callcentre_call *call)
{
    return call->state == CALL_PORT_WAIT || call->state == CALL_PORT_LATE ||
           call->state == CALL_MENU || call->state == CALL_PROMISED || call->state == CALL_QUEUED;
}

void rig_callcentre_call_cut(rig_callcentre_call *call, rig_callcentre_cut_turn turn)
{
    if (call->state == CALL_OVER || (turn == RIG_CALLCENTRE_CUT_WAITING && !is_waiting(call)))
        return;
    if (call->state == CALL_PORT_WAIT || call->state == CALL_PORT_LATE)
        rig_callcentre_call_counts(call)->n_cut_unanswered++;
    else
        rig_callcentre_call_counts(call)->n_dropped++;
    rig_callcentre_agent_leg_spare_wrap_up(call->agent_leg);
    rig_callcentre_call_end(call, &rig_callcentre_ending_out_of_order);
}

void rig_callcentre_call_stop(rig_callcentre_call *call)
{
    if (call->state == CALL_OVER)
        return;
    if (call->state == CALL_PORT_WAIT || call->state == CALL_PORT_LATE)
        rig_callcentre_call_counts(call)->n_stopped_unanswered++;
    else
        rig_callcentre_call_counts(call)->n_stopped_answered++;
    rig_callcentre_call_end(call, &rig_callcentre_ending_temporary);
}
