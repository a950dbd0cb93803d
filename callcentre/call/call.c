/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A call as an object: made, found, asked by its peer, freed. */
#include "callcentre/call/call.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "callcentre/call/call_impl.h"
#include "callcentre/call/key.h"
#include "callcentre/centre/classes.h"
#include "callcentre/sip/sip_messages.h"

static void on_ack(rig_callcentre_call *call)
{
    call->is_acked = true;
    rig_callcentre_call_forget_invite(call);
    if (call->bye_reason)
        rig_callcentre_call_end_late(call);
    else if (call->state == CALL_MENU && call->menu_is_over)
        rig_callcentre_call_leave_menu(call);
}

static int on_ack_or_cancel(void *magic, nta_incoming_t *invite, const sip_t *sip)
{
    rig_callcentre_call *call = magic;
    (void)invite;
    if (!sip && call->bye_reason) {
        rig_callcentre_call_end_late(call);
    } else if (!sip) {
        /* 64 * T1 without an ACK: the session is to be ended (RFC 3261, 13.3.1.4). */
        call->is_acked = true; /* there is no ACK to wait for with the BYE */
        call->centre->counts.n_dropped++;
        rig_callcentre_call_end(call, &rig_callcentre_ending_temporary);
    } else if (sip->sip_request->rq_method == sip_method_ack) {
        on_ack(call);
    } else if (!call->is_answered) {
        rig_callcentre_call_give_up(call, RIG_CALLCENTRE_GIVE_UP_CANCEL);
    }
    return 0;
}

static int on_caller_bye(rig_callcentre_call *call, nta_incoming_t *request)
{
    nta_incoming_treply(request, SIP_200_OK, TAG_END());
    nta_incoming_destroy(request);
    if (call->bye_reason) { /* it crosses the BYE that we could not send yet */
        call->bye_reason = NULL;
        rig_callcentre_call_forget_invite(call);
        rig_callcentre_call_finish(call);
    } else if (call->state == CALL_OVER) {
        return 0; /* it crossed our BYE */
    } else if (!call->is_answered) {
        rig_callcentre_call_give_up(call, RIG_CALLCENTRE_GIVE_UP_BYE);
    } else {
        rig_callcentre_call_hung_up(call);
    }
    return 0;
}

/* Keys of the menu, as SIP tells them. Those in the audio (RFC 4733) are not heard. */
static bool is_key(const sip_t *sip)
{
    const char *type = sip->sip_content_type ? sip->sip_content_type->c_type : NULL;
    return sip->sip_request->rq_method == sip_method_info && type &&
           (strcasecmp(type, "application/dtmf-relay") == 0 ||
            strcasecmp(type, "application/dtmf") == 0);
}

int rig_callcentre_call_on_request(void *magic, nta_leg_t *dialog, nta_incoming_t *request,
                                   const sip_t *sip)
{
    rig_callcentre_call *call = magic;
    (void)dialog;
    if (sip->sip_request->rq_method == sip_method_bye)
        return on_caller_bye(call, request);
    const bool is_pressed = call->state == CALL_MENU && is_key(sip);
    const sip_payload_t *body = sip->sip_payload;
    const bool has_body = is_pressed && body && body->pl_data;
    const char key = has_body ? rig_callcentre_key_of(body->pl_data, body->pl_len) : '\0';
    call->centre->counts.n_keys += is_pressed;
    bool is_up = call->state != CALL_OVER;
    rig_callcentre_dialog answers = {
        .contact = call->contact,
        .sdp = call->agent_sdp && !rig_callcentre_call_is_early(call) ? call->agent_sdp
                                                                      : call->centre->sdp,
        .is_established = is_up && call->is_answered,
        .is_early = is_up && !call->is_answered && call->state >= CALL_MENU,
        .has_open_offer = call->mark && nta_outgoing_method(call->mark) == sip_method_invite,
    };
    const int status = rig_callcentre_answer_in_dialog(&answers, request, sip);
    if (is_pressed)
        rig_callcentre_call_key(call, key);
    return status;
}

static bool is_being_rung(rig_callcentre_call_state state)
{
    return state == CALL_OFFERED || state == CALL_RINGING;
}

void rig_callcentre_call_set_state(rig_callcentre_call *call, rig_callcentre_call_state state)
{
    call->centre->n_being_rung -= !call->is_call_back && is_being_rung(call->state);
    call->centre->n_being_rung += !call->is_call_back && is_being_rung(state);
    call->state = state;
}

tport_t *rig_callcentre_call_connection(const rig_callcentre_call *call)
{
    return call->connection && tport_is_clear_to_send(call->connection) ? call->connection : NULL;
}

const char *rig_callcentre_called(const sip_t *sip, rig_callcentre_number *number)
{
    const char *user = sip->sip_request->rq_url->url_user;
    if (user == NULL || strlen(user) >= sizeof number->text)
        return NULL;
    (void)url_unescape(number->text, user);
    return number->text;
}

/* By the number that is dialled, or by the caller's. */
static size_t class_of(const rig_callcentre_call *call, const sip_t *sip)
{
    rig_callcentre_number called;
    return rig_callcentre_class_of(call->centre->scenario, rig_callcentre_called(sip, &called),
                                   call->number);
}

rig_callcentre_counts *rig_callcentre_call_counts(const rig_callcentre_call *call)
{
    return call->is_call_back ? &call->centre->back_counts : &call->centre->counts;
}

rig_callcentre_call *rig_callcentre_call_new_empty(rig_callcentre_centre *centre, size_t entrance,
                                                   size_t group)
{
    rig_callcentre_call *call = calloc(1, sizeof *call);
    if (!call || !rig_callcentre_timers_reserve(&centre->timers)) {
        free(call);
        return NULL;
    }
    call->has_refreshing =
        centre->refresh_s > 0.0 && rig_callcentre_timers_reserve(&centre->timers);
    call->centre = centre;
    call->group = group;
    call->contact = centre->entrances[entrance].contact;
    call->waiter.owner = call;
    call->timer.fire = rig_callcentre_call_on_timer;
    call->cut.fire = rig_callcentre_call_on_cut;
    call->refreshing.fire = rig_callcentre_call_on_refresh;
    call->asked.fire = rig_callcentre_call_on_asked;
    call->looking.fire = rig_callcentre_call_on_look;
    call->timer.arg = call->cut.arg = call->asked.arg = call;
    call->looking.arg = call->refreshing.arg = call;
    call->next = centre->calls;
    if (call->next)
        call->next->prev = call;
    centre->calls = call;
    centre->n_calls++;
    /* from the port that the caller knows */
    if (centre->n_entrances > 1 && centre->transport == RIG_TRANSPORT_UDP)
        call->connection = tport_ref(centre->entrances[entrance].transport);
    call->index = centre->n_begun++;
    return call;
}

rig_callcentre_call *rig_callcentre_call_new(rig_callcentre_centre *centre, nta_incoming_t *invite,
                                             const sip_t *sip, size_t entrance, size_t group)
{
    rig_callcentre_call *call = rig_callcentre_call_new_empty(centre, entrance, group);
    if (!call)
        return NULL;
    const char *user = sip->sip_from->a_url->url_user;
    call->number = strdup(user && user[0] ? user : "anonymous");
    call->call_id = strdup(sip->sip_call_id->i_id);
    call->sdp = rig_callcentre_sdp_copy(sip);
    if (!call->sdp)
        call->sdp = strdup(centre->sdp);
    if (!call->number || !call->call_id || !call->sdp)
        goto fail;
    call->caller_class = class_of(call, sip);
    call->dialog = nta_leg_tcreate(centre->nta, rig_callcentre_call_on_request, call,
                                   SIPTAG_CALL_ID(sip->sip_call_id), SIPTAG_FROM(sip->sip_to),
                                   SIPTAG_TO(sip->sip_from),
                                   NTATAG_REMOTE_CSEQ(sip->sip_cseq->cs_seq), TAG_END());
    if (!call->dialog || !nta_leg_tag(call->dialog, nta_incoming_tag(invite, NULL)) ||
        nta_leg_server_route(call->dialog, sip->sip_record_route, sip->sip_contact) < 0)
        goto fail;
    /* What the centre itself asks goes by the connection that the caller has opened, as long as it
     * is open (RFC 3261, 18: one to the caller's own address would be a second one). */
    if (centre->transport == RIG_TRANSPORT_TCP)
        call->connection = tport_ref(nta_incoming_transport(centre->nta, invite, NULL));
    call->invite = invite;
    nta_incoming_bind(invite, on_ack_or_cancel, call);
    return call;
fail:
    rig_callcentre_call_free(call);
    return NULL;
}

rig_callcentre_call *rig_callcentre_call_next(const rig_callcentre_call *call)
{
    return call->next;
}

void rig_callcentre_call_lose(rig_callcentre_call *call)
{
    rig_callcentre_counts *counts = rig_callcentre_call_counts(call);
    if (call->state == CALL_PORT_WAIT || call->state == CALL_PORT_LATE)
        counts->n_crashed_unanswered++;
    else if (call->state != CALL_OVER)
        counts->n_crashed_answered++;
    if (call->invite)
        nta_incoming_bind(call->invite, NULL, NULL);
    call->invite = NULL; /* the stack's: to destroy it would send a 500 */
    rig_callcentre_call_free(call);
}

void rig_callcentre_call_free(rig_callcentre_call *call)
{
    rig_callcentre_centre *centre = call->centre;
    rig_callcentre_call_set_state(call, CALL_OVER);
    nta_incoming_destroy(call->invite);
    nta_outgoing_destroy(call->mark);
    nta_outgoing_destroy(call->dialling);
    nta_outgoing_destroy(call->refresh);
    nta_outgoing_destroy(call->bye);
    nta_leg_destroy(call->dialog);
    if (call->connection)
        tport_unref(call->connection);
    if (call->has_cut)
        rig_callcentre_timers_unreserve(&centre->timers, &call->cut);
    if (call->has_refreshing)
        rig_callcentre_timers_unreserve(&centre->timers, &call->refreshing);
    if (call->has_asked)
        rig_callcentre_timers_unreserve(&centre->timers, &call->asked);
    if (call->has_looking)
        rig_callcentre_timers_unreserve(&centre->timers, &call->looking);
    rig_callcentre_helpers_clear(&call->helpers);
    rig_callcentre_timers_unreserve(&centre->timers, &call->timer);
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
