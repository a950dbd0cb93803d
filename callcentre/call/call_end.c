/* How a call ends, and what it gives back. */
#include "core/clock.h"
#include "callcentre/call/call_impl.h"
#include "callcentre/sip/sip_messages.h"

const rig_target_ending rig_target_ending_normal = {RIG_TARGET_REASON_NORMAL,
                                                    SIP_480_TEMPORARILY_UNAVAILABLE};
const rig_target_ending rig_target_ending_temporary = {RIG_TARGET_REASON_TEMPORARY,
                                                       SIP_503_SERVICE_UNAVAILABLE};
const rig_target_ending rig_target_ending_queue_full = {RIG_TARGET_REASON_QUEUE_FULL,
                                                        SIP_486_BUSY_HERE};
const rig_target_ending rig_target_ending_queue_timeout = {RIG_TARGET_REASON_QUEUE_TIMEOUT,
                                                           SIP_480_TEMPORARILY_UNAVAILABLE};

/* All but the circuit. */
static void release_inside(rig_target_call *call, const char *reason)
{
    rig_target_resources *resources = call->centre->resources;
    switch (call->state) {
    case CALL_PORT_WAIT:
        rig_target_port_leave(resources, &call->waiter);
        break;
    case CALL_QUEUED:
        rig_target_queue_leave(resources, &call->waiter);
        break;
    case CALL_OFFERED:
    case CALL_RINGING:
    case CALL_TALK:
        if (call->agent_leg)
            rig_target_agent_leg_leave(call->agent_leg, reason);
        call->agent_leg = NULL;
        break;
    case CALL_PORT_LATE:
    case CALL_MENU:
    case CALL_OVER:
        break;
    }
    if (call->holds_port)
        rig_target_port_release(resources);
    call->holds_port = false;
    rig_target_timers_cancel(&call->centre->timers, &call->timer);
    rig_target_timers_cancel(&call->centre->timers, &call->cut);
    call->state = CALL_OVER;
}

void rig_target_call_release(rig_target_call *call, const char *reason)
{
    release_inside(call, reason);
    rig_target_circuit_release(call->centre->resources, call->group);
}

void rig_target_call_forget_invite(rig_target_call *call)
{
    nta_incoming_destroy(call->invite);
    call->invite = NULL;
}

void rig_target_call_finish(rig_target_call *call)
{
    if (!call->mark && !call->bye && !call->bye_reason)
        rig_target_call_free(call);
    else if (!call->timer.slot && !call->bye_reason)
        rig_target_call_set_timer(call, rig_clock_monotonic_ns() + RIG_TARGET_LINGER_NS);
}

static int on_bye_response(void *magic, nta_outgoing_t *bye, const sip_t *sip)
{
    rig_target_call *call = magic;
    if (rig_target_status(bye, sip) < 200)
        return 0;
    nta_outgoing_destroy(bye);
    call->bye = NULL;
    rig_target_call_finish(call);
    return 0;
}

static void send_bye(rig_target_call *call, const char *reason)
{
    rig_target_call_forget_invite(call);
    call->bye = rig_target_send_bye(call->dialog, rig_target_call_connection(call), on_bye_response,
                                    call, reason);
    rig_target_call_finish(call);
}

void rig_target_call_end(rig_target_call *call, const rig_target_ending *ending)
{
    rig_target_call_release(call, ending->reason);
    if (!call->is_answered) {
        rig_target_reply_failure(call->invite, ending->status, ending->phrase, ending->reason);
        rig_target_call_forget_invite(call);
        rig_target_call_finish(call);
    } else if (call->invite && !call->is_acked && !call->centre->is_stopping) {
        /* No BYE before the ACK (RFC 3261, 15); the stack tells when that comes, or is not to come
         * any more. */
        call->bye_reason = ending->reason;
    } else {
        send_bye(call, ending->reason);
    }
}

void rig_target_call_end_late(rig_target_call *call)
{
    const char *reason = call->bye_reason;
    call->bye_reason = NULL;
    send_bye(call, reason);
}

/* The caller goes: which stage has lost the call. */
static void count_leaving(rig_target_call *call)
{
    rig_target_counts *counts = &call->centre->counts;
    switch (call->state) {
    case CALL_PORT_WAIT:
    case CALL_PORT_LATE:
        counts->n_cancelled++;
        break;
    case CALL_MENU:
        counts->n_ended_in_menu++;
        break;
    case CALL_QUEUED:
    case CALL_OFFERED:
        counts->n_abandoned_in_queue++;
        break;
    case CALL_RINGING:
        counts->n_abandoned_ringing++;
        break;
    case CALL_TALK:
        counts->n_ended_by_caller++;
        break;
    case CALL_OVER:
        break;
    }
}

void rig_target_call_give_up(rig_target_call *call, bool by_cancel)
{
    count_leaving(call);
    release_inside(call, RIG_TARGET_REASON_NORMAL);
    if (by_cancel && rig_target_centre_defect(call->centre, RIG_DEFECT_LEAK_ON_CANCEL))
        call->centre->counts.n_leaked_circuits++;
    else
        rig_target_circuit_release(call->centre->resources, call->group);
    nta_incoming_treply(call->invite, SIP_487_REQUEST_CANCELLED, TAG_END());
    rig_target_call_forget_invite(call);
    rig_target_call_finish(call);
}

void rig_target_call_hung_up(rig_target_call *call)
{
    count_leaving(call);
    rig_target_call_release(call, RIG_TARGET_REASON_NORMAL);
    rig_target_call_forget_invite(call);
    rig_target_call_finish(call);
}

void rig_target_call_stop(rig_target_call *call)
{
    if (call->state == CALL_OVER)
        return;
    if (call->state == CALL_PORT_WAIT || call->state == CALL_PORT_LATE)
        call->centre->counts.n_stopped_unanswered++;
    else
        call->centre->counts.n_stopped_answered++;
    rig_target_call_end(call, &rig_target_ending_temporary);
}
