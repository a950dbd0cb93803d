#include "target/call.h"

#include <stdlib.h>
#include <string.h>

#include "core/clock.h"
#include "target/agent_leg.h"
#include "target/sip_messages.h"

typedef enum call_state {
    CALL_PORT_WAIT, /* 180 sent, in line for a port */
    CALL_MENU,      /* answered by the IVR */
    CALL_QUEUED,    /* in the queue */
    CALL_OFFERED,   /* matched with an agent whose phone does not ring yet */
    CALL_RINGING,   /* the agent's phone rings */
    CALL_TALK,
    CALL_OVER /* holds nothing; kept until its own requests are answered */
} call_state;

enum { MAX_MARK_RETRIES = 3 };

struct rig_target_call {
    rig_target_centre *centre;
    call_state state;
    uint64_t index; /* among the calls that got a circuit */
    size_t group;   /* of its circuit */
    bool holds_port;
    bool is_acked;     /* the ACK of our 200 has come */
    bool menu_is_over; /* but the ACK is still missing */
    bool is_overdue;   /* the queue's time-out came while an agent was being rung */
    nta_leg_t *dialog;
    nta_incoming_t *invite; /* NULL once acknowledged or given up */
    nta_outgoing_t *mark;   /* re-INVITE or UPDATE without final answer */
    nta_outgoing_t *bye;    /* ours, without final answer */
    uint32_t n_mark_retries;
    rig_target_agent_leg *agent_leg; /* while offered, ringing or talking */
    char *number;
    char *call_id;
    char *sdp;       /* the caller's offer; the centre's own session when there was none */
    char *agent_sdp; /* NULL until an agent's phone gave one */
    rig_target_waiter waiter;
    rig_target_timer timer; /* menu; queue time-out; retry of the mark; end of lingering */
    rig_target_call *prev, *next;
};

static void set_timer(rig_target_call *call, int64_t at_ns)
{
    rig_target_timers_set(&call->centre->timers, &call->timer, at_ns);
}

/* Give back all that the call holds: it is over for the centre. */
static void release(rig_target_call *call, const char *reason)
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
    case CALL_MENU:
    case CALL_OVER:
        break;
    }
    if (call->holds_port)
        rig_target_port_release(resources);
    call->holds_port = false;
    rig_target_circuit_release(resources, call->group);
    rig_target_timers_cancel(&call->centre->timers, &call->timer);
    call->state = CALL_OVER;
}

/* The stack sends the 200 again until its ACK comes, without us. */
static void forget_invite(rig_target_call *call)
{
    nta_incoming_destroy(call->invite);
    call->invite = NULL;
}

/* A call that is over goes as soon as its own requests are answered, or have had the time to be. */
static void finish(rig_target_call *call)
{
    if (!call->mark && !call->bye)
        rig_target_call_free(call);
    else if (!call->timer.slot)
        set_timer(call, rig_clock_monotonic_ns() + RIG_TARGET_LINGER_NS);
}

static int on_bye_response(void *magic, nta_outgoing_t *bye, const sip_t *sip)
{
    rig_target_call *call = magic;
    if (rig_target_status(bye, sip) < 200)
        return 0;
    nta_outgoing_destroy(bye);
    call->bye = NULL;
    finish(call);
    return 0;
}

/* The centre ends an answered call. */
static void hang_up(rig_target_call *call, const char *reason)
{
    release(call, reason);
    forget_invite(call);
    call->bye = rig_target_send_bye(call->dialog, on_bye_response, call, reason);
    finish(call);
}

static void enter_queue(rig_target_call *call)
{
    rig_target_centre *centre = call->centre;
    const rig_queue *queue = &centre->scenario->queue;
    if (call->holds_port && !centre->scenario->ivr.hold_while_queued) {
        call->holds_port = false;
        rig_target_port_release(centre->resources);
    }
    centre->counts.n_queued++;
    rig_target_send_stage(call->dialog, "queue");
    if (!rig_target_queue_join(centre->resources, &call->waiter)) {
        centre->counts.n_queue_full++;
        hang_up(call, RIG_TARGET_REASON_QUEUE_FULL);
        return;
    }
    call->state = CALL_QUEUED;
    if (queue->timeout_s > 0)
        set_timer(call, rig_target_centre_after_ns(centre, queue->timeout_s));
}

static void time_out_of_queue(rig_target_call *call)
{
    call->centre->counts.n_queue_timeout++;
    hang_up(call, RIG_TARGET_REASON_QUEUE_TIMEOUT);
}

static int on_mark_response(void *magic, nta_outgoing_t *mark, const sip_t *sip);

/* Tell the caller that an agent has answered. */
static void send_mark(rig_target_call *call)
{
    rig_target_centre *centre = call->centre;
    if (centre->scenario->target.agent_mark == RIG_MARK_UPDATE)
        call->mark =
            nta_outgoing_tcreate(call->dialog, on_mark_response, call, NULL, SIP_METHOD_UPDATE,
                                 NULL, SIPTAG_CONTACT(centre->contact), TAG_END());
    else
        call->mark = nta_outgoing_tcreate(
            call->dialog, on_mark_response, call, NULL, SIP_METHOD_INVITE, NULL,
            SIPTAG_CONTACT(centre->contact), SIPTAG_ALLOW_STR(RIG_TARGET_ALLOW),
            SIPTAG_CONTENT_TYPE_STR("application/sdp"),
            SIPTAG_PAYLOAD_STR(call->agent_sdp ? call->agent_sdp : centre->sdp), TAG_END());
}

static int on_mark_response(void *magic, nta_outgoing_t *mark, const sip_t *sip)
{
    rig_target_call *call = magic;
    int status = rig_target_status(mark, sip);
    if (status < 200)
        return 0;
    if (status < 300 && nta_outgoing_method(mark) == sip_method_invite)
        rig_target_send_ack(call->dialog, sip);
    nta_outgoing_destroy(mark);
    call->mark = NULL;

    if (call->state != CALL_TALK) {
        finish(call);
    } else if (status == 481 || status == 408) {
        /* The caller's phone no longer knows the call, or is gone (RFC 3261, 12.2.1.2). */
        call->centre->counts.n_dropped++;
        hang_up(call, RIG_TARGET_REASON_TEMPORARY);
    } else if ((status == 491 || status == 500) && call->n_mark_retries < MAX_MARK_RETRIES) {
        /* Not the Call-ID's owner: again after 0 to 2 s (RFC 3261, 14.1). Not scenario time. */
        uint32_t sub = RIG_TARGET_DRAW_MARK_RETRY + call->n_mark_retries++;
        double u = rig_target_centre_draw(call->centre, call->index, sub);
        set_timer(call, rig_clock_monotonic_ns() + rig_clock_ns_of_s(2 * u));
    }
    /* Any other failure leaves the session as it was (RFC 3261, 14.1). */
    return 0;
}

static void on_timer(void *arg)
{
    rig_target_call *call = arg;
    switch (call->state) {
    case CALL_MENU:
        /* A BYE must not be sent before the ACK (RFC 3261, 15): so the menu lasts until then. */
        if (call->is_acked)
            enter_queue(call);
        else
            call->menu_is_over = true;
        break;
    case CALL_QUEUED:
        time_out_of_queue(call);
        break;
    case CALL_OFFERED:
    case CALL_RINGING:
        call->is_overdue = true;
        break;
    case CALL_TALK:
        call->centre->counts.n_mark_retries++;
        send_mark(call);
        break;
    case CALL_OVER:
        rig_target_call_free(call);
        break;
    case CALL_PORT_WAIT:
        break;
    }
}

static void on_ack(rig_target_call *call)
{
    call->is_acked = true;
    forget_invite(call);
    if (call->state == CALL_MENU && call->menu_is_over)
        enter_queue(call);
}

/* CANCEL, or an early BYE. */
static void give_up_unanswered(rig_target_call *call)
{
    call->centre->counts.n_cancelled++;
    release(call, RIG_TARGET_REASON_NORMAL);
    nta_incoming_treply(call->invite, SIP_487_REQUEST_CANCELLED, TAG_END());
    forget_invite(call);
    finish(call);
}

static int on_ack_or_cancel(void *magic, nta_incoming_t *invite, const sip_t *sip)
{
    rig_target_call *call = magic;
    (void)invite;
    if (!sip) {
        /* 64 * T1 without an ACK: the session is to be ended (RFC 3261, 13.3.1.4). */
        call->centre->counts.n_dropped++;
        hang_up(call, RIG_TARGET_REASON_TEMPORARY);
    } else if (sip->sip_request->rq_method == sip_method_ack) {
        on_ack(call);
    } else if (call->state == CALL_PORT_WAIT) {
        give_up_unanswered(call);
    }
    return 0;
}

static void count_hang_up(rig_target_call *call)
{
    rig_target_counts *counts = &call->centre->counts;
    switch (call->state) {
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
    case CALL_PORT_WAIT:
    case CALL_OVER:
        break;
    }
}

static int on_caller_bye(rig_target_call *call, nta_incoming_t *request)
{
    nta_incoming_treply(request, SIP_200_OK, TAG_END());
    nta_incoming_destroy(request);
    if (call->state == CALL_OVER)
        return 0; /* it crossed our BYE */
    if (call->state == CALL_PORT_WAIT) {
        give_up_unanswered(call);
        return 0;
    }
    count_hang_up(call);
    release(call, RIG_TARGET_REASON_NORMAL);
    forget_invite(call);
    finish(call);
    return 0;
}

static int on_request(void *magic, nta_leg_t *dialog, nta_incoming_t *request, const sip_t *sip)
{
    rig_target_call *call = magic;
    (void)dialog;
    if (sip->sip_request->rq_method == sip_method_bye)
        return on_caller_bye(call, request);
    rig_target_dialog answers = {
        .contact = call->centre->contact,
        .sdp = call->agent_sdp ? call->agent_sdp : call->centre->sdp,
        .is_established = call->state != CALL_PORT_WAIT && call->state != CALL_OVER,
        .has_open_offer = call->mark && nta_outgoing_method(call->mark) == sip_method_invite,
    };
    return rig_target_answer_in_dialog(&answers, request, sip);
}

void rig_target_call_answer(rig_target_call *call)
{
    rig_target_centre *centre = call->centre;
    call->holds_port = true;
    call->state = CALL_MENU;
    if (!rig_target_reply_session(call->invite, centre->contact, centre->sdp)) {
        centre->counts.n_failed_unanswered++;
        release(call, RIG_TARGET_REASON_TEMPORARY);
        forget_invite(call);
        finish(call);
        return;
    }
    centre->counts.n_answered++;
    double u = rig_target_centre_draw(centre, call->index, RIG_TARGET_DRAW_MENU);
    double menu_s = rig_dist_quantile_s(&centre->scenario->ivr.menu, u);
    set_timer(call, rig_target_centre_after_ns(centre, menu_s));
}

void rig_target_call_ring_agent(rig_target_call *call, uint32_t agent)
{
    rig_target_centre *centre = call->centre;
    rig_target_caller caller = {
        .number = call->number,
        .call_id = call->call_id,
        .sdp = call->sdp,
        .index = call->index,
    };
    call->state = CALL_OFFERED;
    call->agent_leg = rig_target_agent_leg_new(centre, agent, call, &caller);
    if (!call->agent_leg) {
        centre->counts.n_agent_failures++;
        rig_target_centre_rest(centre, agent, centre->scenario->agents[0].rest_s);
        rig_target_call_unanswered(call);
    }
}

void rig_target_call_ringing(rig_target_call *call)
{
    call->state = CALL_RINGING;
    rig_target_send_stage(call->dialog, "ringing");
}

void rig_target_call_answered(rig_target_call *call, char *sdp)
{
    rig_target_centre *centre = call->centre;
    centre->counts.n_talks++;
    call->state = CALL_TALK;
    rig_target_timers_cancel(&centre->timers, &call->timer);
    if (call->holds_port) {
        call->holds_port = false;
        rig_target_port_release(centre->resources);
    }
    free(call->agent_sdp);
    call->agent_sdp = sdp;
    send_mark(call);
}

void rig_target_call_unanswered(rig_target_call *call)
{
    if (call->state == CALL_RINGING)
        rig_target_send_stage(call->dialog, "queue");
    call->agent_leg = NULL;
    call->state = CALL_QUEUED;
    rig_target_queue_rejoin(call->centre->resources, &call->waiter);
    if (call->is_overdue)
        time_out_of_queue(call);
}

void rig_target_call_agent_hung_up(rig_target_call *call)
{
    call->centre->counts.n_ended_by_agent++;
    call->agent_leg = NULL;
    hang_up(call, RIG_TARGET_REASON_NORMAL);
}

void rig_target_call_stop(rig_target_call *call)
{
    switch (call->state) {
    case CALL_PORT_WAIT:
        call->centre->counts.n_stopped_unanswered++;
        release(call, RIG_TARGET_REASON_TEMPORARY);
        rig_target_reply_failure(call->invite, SIP_503_SERVICE_UNAVAILABLE,
                                 RIG_TARGET_REASON_TEMPORARY);
        forget_invite(call);
        finish(call);
        break;
    case CALL_MENU:
    case CALL_QUEUED:
    case CALL_OFFERED:
    case CALL_RINGING:
    case CALL_TALK:
        call->centre->counts.n_stopped_answered++;
        hang_up(call, RIG_TARGET_REASON_TEMPORARY);
        break;
    case CALL_OVER:
        break;
    }
}

rig_target_call *rig_target_call_next(const rig_target_call *call)
{
    return call->next;
}

static rig_target_call *new_call(rig_target_centre *centre, nta_incoming_t *invite,
                                 const sip_t *sip)
{
    rig_target_call *call = calloc(1, sizeof *call);
    if (!call || !rig_target_timers_reserve(&centre->timers)) {
        free(call);
        return NULL;
    }
    call->centre = centre;
    call->waiter.owner = call;
    call->timer.fire = on_timer;
    call->timer.arg = call;
    call->next = centre->calls;
    if (call->next)
        call->next->prev = call;
    centre->calls = call;
    centre->n_calls++;

    const char *user = sip->sip_from->a_url->url_user;
    call->number = strdup(user && user[0] ? user : "anonymous");
    call->call_id = strdup(sip->sip_call_id->i_id);
    call->sdp = rig_target_sdp_copy(sip);
    if (!call->sdp)
        call->sdp = strdup(centre->sdp);
    if (!call->number || !call->call_id || !call->sdp)
        goto fail;
    call->dialog = nta_leg_tcreate(centre->nta, on_request, call, SIPTAG_CALL_ID(sip->sip_call_id),
                                   SIPTAG_FROM(sip->sip_to), SIPTAG_TO(sip->sip_from),
                                   NTATAG_REMOTE_CSEQ(sip->sip_cseq->cs_seq), TAG_END());
    if (!call->dialog || !nta_leg_tag(call->dialog, nta_incoming_tag(invite, NULL)) ||
        nta_leg_server_route(call->dialog, sip->sip_record_route, sip->sip_contact) < 0)
        goto fail;
    return call;
fail:
    rig_target_call_free(call);
    return NULL;
}

void rig_target_call_offer(rig_target_centre *centre, nta_incoming_t *invite, const sip_t *sip)
{
    centre->counts.n_offered++;
    if (centre->is_stopping) {
        centre->counts.n_stopped_unanswered++;
        rig_target_reply_failure(invite, SIP_503_SERVICE_UNAVAILABLE, RIG_TARGET_REASON_TEMPORARY);
        nta_incoming_destroy(invite);
        return;
    }
    size_t group = 0;
    if (!rig_target_circuit_seize(centre->resources, &group)) {
        centre->counts.n_no_circuit++;
        rig_target_reply_failure(invite, SIP_503_SERVICE_UNAVAILABLE, RIG_TARGET_REASON_NO_CIRCUIT);
        nta_incoming_destroy(invite);
        return;
    }
    rig_target_call *call = new_call(centre, invite, sip);
    if (!call) {
        centre->counts.n_failed_unanswered++;
        rig_target_circuit_release(centre->resources, group);
        nta_incoming_treply(invite, SIP_500_INTERNAL_SERVER_ERROR, TAG_END());
        nta_incoming_destroy(invite);
        return;
    }
    call->group = group;
    call->index = centre->n_begun++;
    call->invite = invite;
    nta_incoming_bind(invite, on_ack_or_cancel, call);
    nta_incoming_treply(invite, SIP_100_TRYING, TAG_END());
    if (rig_target_port_seize(centre->resources)) {
        rig_target_call_answer(call);
        return;
    }
    call->state = CALL_PORT_WAIT;
    nta_incoming_treply(invite, SIP_180_RINGING, SIPTAG_CONTACT(centre->contact), TAG_END());
    rig_target_port_wait(centre->resources, &call->waiter);
}

void rig_target_call_free(rig_target_call *call)
{
    rig_target_centre *centre = call->centre;
    nta_incoming_destroy(call->invite);
    nta_outgoing_destroy(call->mark);
    nta_outgoing_destroy(call->bye);
    nta_leg_destroy(call->dialog);
    rig_target_timers_unreserve(&centre->timers, &call->timer);
    if (call->prev)
        call->prev->next = call->next;
    else
        centre->calls = call->next;
    if (call->next)
        call->next->prev = call->prev;
    if (centre->next_to_stop == call)
        centre->next_to_stop = call->next;
    centre->n_calls--;
    free(call->number);
    free(call->call_id);
    free(call->sdp);
    free(call->agent_sdp);
    free(call);
}
