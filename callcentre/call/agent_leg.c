/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "callcentre/call/agent_leg.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/clock.h"
#include "callcentre/call/call.h"
#include "callcentre/centre/told.h"
#include "callcentre/sip/dial.h"
#include "scenarios/registration.h"

typedef enum leg_state {
    LEG_CALLING,   /* INVITE sent, no final answer */
    LEG_CANCELLED, /* CANCEL sent, the INVITE's final answer is awaited */
    LEG_TALK,      /* answered */
    LEG_OVER       /* BYE sent or received; kept for what crosses */
} leg_state;

struct rig_callcentre_agent_leg {
    rig_callcentre_centre *centre;
    uint32_t agent;
    uint64_t call_index;
    struct rig_callcentre_call *call; /* NULL once the two are parted */
    leg_state state;
    bool is_ringing;  /* the call was told that the phone rings */
    bool holds_agent; /* the agent is idle again when this leg is freed, */
    bool has_missed;  /* but rests first, when he did not answer in time, */
    double stuck_s;   /* or stays busy: a defect */
    bool is_spared;   /* there is no wrap-up: a fault */
    bool is_dead;     /* there is no INVITE: a defect */
    const char *told; /* a header line of the ACK; NULL: none */
    nta_leg_t *dialog;
    nta_outgoing_t *invite;            /* NULL once it has its final answer */
    nta_outgoing_t *bye;               /* NULL once answered */
    char *sdp;                         /* the caller's offer, for the phone's own re-INVITEs */
    rig_callcentre_timer timer;        /* ring time-out; when over: the end of lingering */
    rig_callcentre_agent_leg *sibling; /* of the same call, at the same time: they ring beside it */
    rig_callcentre_agent_leg *prev, *next;
};

static const rig_agent_group *group_of(const rig_callcentre_agent_leg *leg)
{
    return rig_callcentre_centre_group(leg->centre, leg->agent);
}

static void end_leg(rig_callcentre_agent_leg *leg)
{
    rig_callcentre_centre *centre = leg->centre;
    uint32_t agent = leg->agent;
    bool holds_agent = leg->holds_agent;
    bool has_missed = leg->has_missed;
    double stuck_s = leg->stuck_s;
    rig_callcentre_agent_leg_free(leg);
    if (holds_agent && has_missed)
        rig_callcentre_centre_missed(centre, agent, 0);
    else if (holds_agent && stuck_s > 0)
        rig_callcentre_centre_rest(centre, agent, stuck_s);
    else if (holds_agent)
        rig_callcentre_agent_release(centre->resources, agent);
}

static int on_bye_response(void *magic, nta_outgoing_t *bye, const sip_t *sip)
{
    rig_callcentre_agent_leg *leg = magic;
    if (rig_callcentre_status(bye, sip) >= 200)
        end_leg(leg);
    return 0;
}

/* BYE, and linger until it is answered. */
static void hang_up(rig_callcentre_agent_leg *leg, const char *reason)
{
    leg->state = LEG_OVER;
    leg->bye = rig_callcentre_send_bye(leg->dialog, NULL, on_bye_response, leg, reason, NULL);
    rig_callcentre_timers_set(&leg->centre->timers, &leg->timer,
                              rig_clock_monotonic_ns() + (leg->bye ? RIG_CALLCENTRE_LINGER_NS : 0));
}

/* The talk is over, whoever ended it: the agent wraps up from now on. */
static void wrap_up(rig_callcentre_agent_leg *leg)
{
    const rig_callcentre_defect *other =
        rig_callcentre_centre_defect(leg->centre, RIG_DEFECT_WRAP_UP);
    double u =
        rig_callcentre_centre_draw(leg->centre, leg->call_index, RIG_CALLCENTRE_DRAW_WRAP_UP);
    rig_callcentre_centre_rest(leg->centre, leg->agent,
                               other ? other->value
                                     : rig_dist_quantile_s(&group_of(leg)->wrap_up, u));
}

static int on_response_to_cancelled(void *magic, nta_outgoing_t *invite, const sip_t *sip);

static void cancel(rig_callcentre_agent_leg *leg)
{
    leg->state = LEG_CANCELLED;
    leg->call = NULL;
    rig_callcentre_timers_cancel(&leg->centre->timers, &leg->timer);
    /* Without a provisional answer the stack keeps the CANCEL back until there is one, and ends the
     * INVITE after 64 * T1 otherwise. */
    if (leg->is_dead) {
        end_leg(leg);
    } else {
        nta_outgoing_bind(leg->invite, on_response_to_cancelled, leg);
        nta_outgoing_cancel(leg->invite);
    }
}

static void on_timer(void *arg)
{
    rig_callcentre_agent_leg *leg = arg;
    switch (leg->state) {
    case LEG_CALLING: {
        struct rig_callcentre_call *call = leg->call;
        leg->centre->counts.n_ring_timeouts++;
        leg->has_missed = true;
        rig_callcentre_call_unanswered(call, leg);
        cancel(leg);
        break;
    }
    case LEG_OVER:
        end_leg(leg);
        break;
    case LEG_CANCELLED:
    case LEG_TALK:
        break;
    }
}

static void finish_invite(rig_callcentre_agent_leg *leg)
{
    nta_outgoing_destroy(leg->invite);
    leg->invite = NULL;
}

static void tell_ringing(rig_callcentre_agent_leg *leg)
{
    if (leg->is_ringing)
        return;
    leg->is_ringing = true;
    leg->centre->counts.n_agent_rings++;
    rig_callcentre_call_ringing(leg->call);
}

static void establish(rig_callcentre_agent_leg *leg, const sip_t *sip)
{
    rig_callcentre_acknowledge(leg->centre, leg->dialog, NULL, sip, leg->told);
    finish_invite(leg);
}

static void on_final_while_calling(rig_callcentre_agent_leg *leg, int status, const sip_t *sip)
{
    struct rig_callcentre_call *call = leg->call;
    rig_callcentre_timers_cancel(&leg->centre->timers, &leg->timer);
    if (status < 300) {
        tell_ringing(leg);
        leg->told = rig_callcentre_emergency_header(leg->centre);
        establish(leg, sip);
        leg->state = LEG_TALK;
        leg->holds_agent = false; /* the wrap-up gives the agent back */
        leg->centre->agents[leg->agent].n_missed = 0;
        rig_callcentre_call_answered(call, leg, rig_callcentre_sdp_copy(sip));
        return;
    }
    leg->centre->counts.n_agent_failures++;
    leg->holds_agent = false;
    rig_callcentre_centre_missed(leg->centre, leg->agent, status);
    rig_callcentre_call_unanswered(call, leg);
    rig_callcentre_agent_leg_free(leg);
}

static int on_invite_response(void *magic, nta_outgoing_t *invite, const sip_t *sip)
{
    rig_callcentre_agent_leg *leg = magic;
    int status = rig_callcentre_status(invite, sip);
    switch (leg->state) {
    case LEG_CALLING:
        if (status >= 200)
            on_final_while_calling(leg, status, sip);
        else if (status > 100)
            tell_ringing(leg);
        break;
    case LEG_CANCELLED:
        if (status < 200)
            break;
        if (status >= 300) {
            end_leg(leg);
            break;
        }
        leg->centre->counts.n_crossed_cancels++;
        establish(leg, sip);
        hang_up(leg, RIG_CALLCENTRE_REASON_NORMAL);
        break;
    case LEG_TALK:
    case LEG_OVER:
        break;
    }
    return 0;
}

/* Of its own: what is accepted is told early (callcentre/sip/accepted.h), but not what is cancelled. */
static int on_response_to_cancelled(void *magic, nta_outgoing_t *invite, const sip_t *sip)
{
    return on_invite_response(magic, invite, sip);
}

static int on_agent_bye(rig_callcentre_agent_leg *leg, nta_incoming_t *request)
{
    struct rig_callcentre_call *call = leg->call;
    switch (leg->state) {
    case LEG_CALLING:
    case LEG_CANCELLED:
        return 481; /* a phone that has not answered has nothing to hang up */
    case LEG_TALK:
        nta_incoming_treply(request, SIP_200_OK, TAG_END());
        nta_incoming_destroy(request);
        leg->state = LEG_OVER;
        leg->call = NULL;
        wrap_up(leg);
        rig_callcentre_agent_leg_free(leg);
        rig_callcentre_call_agent_hung_up(call);
        return 0;
    case LEG_OVER:
        return 200; /* it crossed our BYE */
    }
    return 500;
}

static int on_request(void *magic, nta_leg_t *dialog, nta_incoming_t *request, const sip_t *sip)
{
    rig_callcentre_agent_leg *leg = magic;
    (void)dialog;
    if (sip->sip_request->rq_method == sip_method_bye)
        return on_agent_bye(leg, request);
    rig_callcentre_dialog answers = {
        .contact = leg->centre->contact,
        .sdp = leg->sdp ? leg->sdp : leg->centre->sdp,
        .is_established = leg->state == LEG_TALK,
        .has_open_offer = false,
    };
    return rig_callcentre_answer_in_dialog(&answers, request, sip);
}

const char *rig_callcentre_agent_leg_told(const nta_leg_t *dialog)
{
    const rig_callcentre_agent_leg *leg = nta_leg_magic(dialog, on_request);
    return leg != NULL ? leg->told : NULL;
}

/* False when memory is out or the stack refuses. */
static bool send_invite(rig_callcentre_agent_leg *leg, const rig_callcentre_caller *caller)
{
    const rig_callcentre_centre *centre = leg->centre;
    char *header = NULL, user[RIG_USER_SIZE];
    rig_scenario_phone_user(centre->scenario, leg->agent, user);
    if (asprintf(&header, "X-Caller-Call-ID: %s%s", caller->call_id,
                 caller->is_called_back ? "\r\nAnswer-Mode: Auto" : "") < 0) /* RFC 5373 */
        return false;
    const rig_callcentre_dialling how = {
        .from = caller->number,
        .to = user,
        .host = &centre->agents_host,
        .port = centre->agents_port,
        .invite = {.contact = centre->contact, .header = header, .sdp = caller->sdp},
        .on_request = on_request,
        .on_response = on_invite_response,
        .magic = leg,
    };
    leg->invite = rig_callcentre_dial(centre, &how, &leg->dialog);
    free(header);
    return leg->invite != NULL;
}

rig_callcentre_agent_leg *rig_callcentre_agent_leg_new(rig_callcentre_centre *centre,
                                                       uint32_t agent,
                                                       struct rig_callcentre_call *call,
                                                       const rig_callcentre_caller *caller)
{
    rig_callcentre_agent_leg *leg = calloc(1, sizeof *leg);
    if (!leg || !rig_callcentre_timers_reserve(&centre->timers)) {
        free(leg);
        return NULL;
    }
    leg->centre = centre;
    leg->agent = agent;
    leg->call_index = caller->index;
    leg->call = call;
    leg->state = LEG_CALLING;
    leg->holds_agent = true;
    leg->timer.fire = on_timer;
    leg->timer.arg = leg;
    leg->next = centre->agent_legs;
    if (leg->next)
        leg->next->prev = leg;
    centre->agent_legs = leg;
    centre->n_agent_legs++;
    leg->sdp = strdup(caller->sdp);
    const rig_callcentre_defect *dead =
        rig_callcentre_centre_defect(centre, RIG_DEFECT_DEAD_AGENTS);
    leg->is_dead = dead && agent < dead->value;
    if (!leg->sdp || (!leg->is_dead && !send_invite(leg, caller))) {
        rig_callcentre_agent_leg_free(leg);
        return NULL;
    }
    if (!leg->is_dead)
        centre->counts.n_agent_invites++;
    if (!rig_callcentre_centre_defect(centre, RIG_DEFECT_NO_RING_TIMEOUT))
        rig_callcentre_timers_set(
            &centre->timers, &leg->timer,
            rig_callcentre_centre_after_ns(centre, group_of(leg)->ring_timeout_s));
    return leg;
}

void rig_callcentre_agent_leg_join(rig_callcentre_agent_leg *leg, rig_callcentre_agent_leg *others)
{
    leg->sibling = others;
}

rig_callcentre_agent_leg *rig_callcentre_agent_leg_part(rig_callcentre_agent_leg *first,
                                                        rig_callcentre_agent_leg *leg)
{
    rig_callcentre_agent_leg **at = &first;
    while (*at && *at != leg)
        at = &(*at)->sibling;
    if (*at)
        *at = leg->sibling;
    leg->sibling = NULL;
    return first;
}

/* CANCEL if the phone still rings, BYE if the agent talks. */
static void leave(rig_callcentre_agent_leg *leg, const char *reason)
{
    const rig_callcentre_defect *stuck;
    leg->call = NULL;
    switch (leg->state) {
    case LEG_CALLING:
        stuck = rig_callcentre_centre_defect(leg->centre, RIG_DEFECT_STUCK_AGENTS);
        leg->stuck_s = stuck ? stuck->value : 0;
        cancel(leg);
        break;
    case LEG_TALK:
        leg->holds_agent = leg->is_spared;
        if (!leg->is_spared)
            wrap_up(leg);
        hang_up(leg, reason);
        break;
    case LEG_CANCELLED:
    case LEG_OVER:
        break;
    }
}

void rig_callcentre_agent_leg_leave_all(rig_callcentre_agent_leg *first,
                                        rig_callcentre_agent_leg *but, const char *reason)
{
    while (first) {
        rig_callcentre_agent_leg *next = first->sibling; /* a leg may free itself */
        first->sibling = NULL;
        if (first != but)
            leave(first, reason);
        first = next;
    }
}

void rig_callcentre_agent_leg_spare_wrap_up(rig_callcentre_agent_leg *first)
{
    for (; first; first = first->sibling)
        first->is_spared = true;
}

void rig_callcentre_agent_leg_desert(rig_callcentre_centre *centre, uint32_t agent)
{
    rig_callcentre_agent_leg *leg = centre->agent_legs;
    while (leg && (leg->agent != agent || leg->call == NULL))
        leg = leg->next;
    if (!leg) { /* what is left of his last call ends by itself */
        rig_callcentre_call_desert_dialled(centre, agent);
        return;
    }
    if (leg->state == LEG_TALK) {
        rig_callcentre_call_cut(leg->call, RIG_CALLCENTRE_CUT_ALL);
        return;
    }
    rig_callcentre_call_unanswered(leg->call, leg);
    cancel(leg);
}

void rig_callcentre_agent_leg_free(rig_callcentre_agent_leg *leg)
{
    rig_callcentre_centre *centre = leg->centre;
    nta_outgoing_destroy(leg->invite);
    nta_outgoing_destroy(leg->bye);
    nta_leg_destroy(leg->dialog);
    rig_callcentre_timers_unreserve(&centre->timers, &leg->timer);
    if (leg->prev)
        leg->prev->next = leg->next;
    else
        centre->agent_legs = leg->next;
    if (leg->next)
        leg->next->prev = leg->prev;
    centre->n_agent_legs--;
    free(leg->sdp);
    free(leg);
}
