/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A call's way through the centre: menu, queue, agent. */
#include <stdlib.h>
#include <string.h>

#include "core/clock.h"
#include "core/random.h"
#include "callcentre/call/call_impl.h"
#include "callcentre/centre/classes.h"
#include "callcentre/centre/places.h"
#include "callcentre/centre/skills.h"
#include "callcentre/centre/told.h"
#include "callcentre/sip/sip_messages.h"

/* So long a caller may think about his choice when the menu is over, wire time. */
static const int64_t longest_choice_ns = 10 * RIG_NS_PER_S;

void rig_callcentre_call_set_timer(rig_callcentre_call *call, int64_t at_ns)
{
    rig_callcentre_timers_set(&call->centre->timers, &call->timer, at_ns);
}

/* Let a defect end the call after a time, when it is one of the share P that it hits. */
static void maybe_cut(rig_callcentre_call *call, rig_callcentre_defect_kind kind, uint32_t draw)
{
    rig_callcentre_centre *centre = call->centre;
    const rig_callcentre_defect *defect = rig_callcentre_centre_defect(centre, kind);
    if (!defect || rig_callcentre_centre_draw(centre, call->index, draw) >= defect->value)
        return;
    if (!call->has_cut && !(call->has_cut = rig_callcentre_timers_reserve(&centre->timers)))
        return;
    rig_callcentre_timers_set(&centre->timers, &call->cut,
                              rig_callcentre_centre_after_ns(centre, defect->value2));
}

static void release_port(rig_callcentre_call *call)
{
    if (call->holds_port)
        rig_callcentre_port_release(call->centre->resources);
    call->holds_port = false;
}

/* A queue in which those who are being rung take places: it is full whoever is idle. */
static bool is_full_of_ringing(const rig_callcentre_centre *centre)
{
    const uint32_t n_waiting = rig_callcentre_resources_usage(centre->resources)->n_waiting;
    const uint32_t capacity = centre->scenario->queue.capacity;
    return capacity > 0 && n_waiting + centre->n_being_rung >= capacity &&
           rig_callcentre_centre_counts_ringing(centre);
}

/* Callers look by themselves, and a phone rings for another one (queue.one_at_a_time): an idle
 * agent is no reason to let one more wait. */
static bool is_full_for_lookers(const rig_callcentre_call *call, bool is_awaited)
{
    const rig_callcentre_centre *centre = call->centre;
    const uint32_t capacity = centre->scenario->queue.capacity;
    return rig_callcentre_centre_is_polled(centre) && !is_awaited && capacity > 0 &&
           rig_callcentre_resources_usage(centre->resources)->n_waiting >= capacity;
}

/* A defect: a shorter queue. */
static bool is_full_for_a_defect(const rig_callcentre_centre *centre)
{
    const rig_callcentre_defect *limit =
        rig_callcentre_centre_defect(centre, RIG_DEFECT_QUEUE_LIMIT);
    return limit && rig_callcentre_resources_usage(centre->resources)->n_waiting >= limit->value;
}

/* A defect: the last of a lesser priority goes when the queue is full. */
static void push_out(const rig_callcentre_call *call)
{
    rig_callcentre_centre *centre = call->centre;
    const uint32_t n_waiting = rig_callcentre_resources_usage(centre->resources)->n_waiting;
    rig_callcentre_waiter *last = rig_callcentre_queue_last(centre->resources);
    if (last == NULL || n_waiting < centre->scenario->queue.capacity ||
        last->line <= call->waiter.line ||
        !rig_callcentre_centre_defect(centre, RIG_DEFECT_PUSHES_OUT))
        return;
    centre->counts.n_queue_full++;
    rig_callcentre_call_end(last->owner, &rig_callcentre_ending_queue_full);
}

/* The caller hears that he is not to wait, and then is hung up. The port that he has he keeps. */
static void promise(rig_callcentre_call *call)
{
    rig_callcentre_centre *centre = call->centre;
    const double announcement_s = centre->scenario->queue.deflection.announcement_s;
    rig_callcentre_call_set_state(call, CALL_PROMISED);
    rig_callcentre_call_set_timer(call, rig_callcentre_centre_after_ns(centre, announcement_s));
}

static bool is_told_not_to_wait(const rig_callcentre_call *call)
{
    const rig_callcentre_asked asked = {.number = call->number,
                                        .attempt = call->attempt,
                                        .caller_class = call->caller_class,
                                        .waiter = &call->waiter};
    return rig_callcentre_is_deflected(call->centre, &asked);
}

/* The caller hangs up; his place waits on. */
static void keep_place(rig_callcentre_call *call)
{
    call->centre->counts.n_deflected++;
    rig_callcentre_tell_queue(call, "");
    rig_callcentre_place_keep(call->centre, &(rig_callcentre_promised){call->number, call->attempt},
                              &call->waiter);
    rig_callcentre_call_end(call, &rig_callcentre_ending_deflected);
}

/* @return whether he has taken one: he waits no more. */
static bool is_offered_a_call_back(rig_callcentre_call *call)
{
    const rig_callcentre_promised who = {call->number, call->attempt};
    if (rig_callcentre_call_is_awaited(call))
        return false;
    if (!(call->centre->scenario->queue.deflection.after_s > 0.0) && is_told_not_to_wait(call)) {
        rig_callcentre_tell_queue(call, "");
        promise(call);
    } else if (rig_callcentre_place_is_kept(call->centre, &who, &call->waiter)) {
        keep_place(call);
    } else {
        return false;
    }
    return true;
}

/* He may be told later. */
static void await_question(rig_callcentre_call *call)
{
    rig_callcentre_centre *centre = call->centre;
    const rig_deflection *deflection = &centre->scenario->queue.deflection;
    if (deflection->p_accept > 0.0 && deflection->after_s > 0.0 &&
        (call->has_asked = rig_callcentre_timers_reserve(&centre->timers)))
        rig_callcentre_timers_set(&centre->timers, &call->asked,
                                  rig_callcentre_centre_after_ns(centre, deflection->after_s));
}

void rig_callcentre_call_on_asked(void *arg)
{
    rig_callcentre_call *call = arg;
    if (call->state != CALL_QUEUED || !is_told_not_to_wait(call))
        return;
    rig_callcentre_queue_leave(call->centre->resources, &call->waiter);
    rig_callcentre_helpers_stop(&call->helpers);
    promise(call);
}

/* @return whether there is room. */
static bool join_queue(rig_callcentre_call *call)
{
    rig_callcentre_centre *centre = call->centre;
    const bool is_awaited = rig_callcentre_call_is_awaited(call);
    const bool is_last_first = rig_callcentre_centre_defect(centre, RIG_DEFECT_LIFO) != NULL;
    char announcement[RIG_CALLCENTRE_ANNOUNCEMENT_SIZE] = "";
    if (!is_awaited)
        rig_callcentre_announcement_of(centre, &call->waiter, announcement);
    const bool has_joined =
        !is_full_of_ringing(centre) && !is_full_for_a_defect(centre) &&
        !is_full_for_lookers(call, is_awaited) &&
        rig_callcentre_queue_join(centre->resources, &call->waiter, is_last_first);
    if (has_joined)
        rig_callcentre_call_begin_looking(call, is_awaited ? RIG_CALLCENTRE_LOOK_NOW
                                                           : RIG_CALLCENTRE_LOOK_NEXT);
    rig_callcentre_tell_queue(call, has_joined ? announcement : "");
    return has_joined;
}

void rig_callcentre_call_enter_queue(rig_callcentre_call *call)
{
    rig_callcentre_centre *centre = call->centre;
    const rig_queue *queue = &centre->scenario->queue;
    centre->counts.n_queued++;
    rig_callcentre_centre_note_entry(centre);
    call->waiter.line = rig_callcentre_class_line(centre, call->caller_class);
    call->waiter.skill = rig_callcentre_skill_of(centre, call->choice);
    rig_callcentre_places_look(centre);
    if (!is_full_of_ringing(centre) && is_offered_a_call_back(call))
        return;
    if (!centre->scenario->ivr.hold_while_queued)
        release_port(call);
    push_out(call);
    if (!join_queue(call)) {
        centre->counts.n_queue_full++;
        rig_callcentre_call_end(call, &rig_callcentre_ending_queue_full);
        return;
    }
    rig_callcentre_call_set_state(call, CALL_QUEUED);
    if (queue->timeout_s > 0)
        rig_callcentre_call_set_timer(call,
                                      rig_callcentre_centre_after_ns(centre, queue->timeout_s));
    rig_callcentre_helpers_await(&call->helpers, centre, &call->waiter);
    await_question(call);
    maybe_cut(call, RIG_DEFECT_MESSAGE, RIG_CALLCENTRE_DRAW_MESSAGE);
}

/* A BYE must not be sent before the ACK (RFC 3261, 15): so the menu lasts until then; and until the
 * caller has made his choice. */
void rig_callcentre_call_leave_menu(rig_callcentre_call *call)
{
    const bool has_way = call->has_chosen || call->centre->scenario->ivr.n_choices < 2;
    if ((call->is_acked || !call->is_answered) && has_way) {
        rig_callcentre_call_enter_queue(call);
        return;
    }
    if (!call->menu_is_over && !has_way)
        rig_callcentre_call_set_timer(call, rig_clock_monotonic_ns() + longest_choice_ns);
    call->menu_is_over = true;
}

/* Whether keys are those of a choice, or the first of them. @param[out] choice  The one that they
 * lead to; untouched when there is none yet. */
static bool leads_on(const rig_scenario *scenario, const char *keyed, size_t *choice,
                     bool *has_chosen)
{
    bool is_begin = false;
    for (size_t i = 0; i < scenario->ivr.n_choices; i++) {
        const char *digits = rig_scenario_choice_digits(scenario, i);
        is_begin |= strncmp(digits, keyed, strlen(keyed)) == 0;
        if (strcmp(digits, keyed) != 0)
            continue;
        *choice = i;
        *has_chosen = true;
    }
    return is_begin;
}

/* Keys that lead nowhere are forgotten: the caller begins anew with the last one. */
void rig_callcentre_call_key(rig_callcentre_call *call, char key)
{
    const rig_scenario *scenario = call->centre->scenario;
    const size_t n = strlen(call->keyed);
    if (call->has_chosen || key == '\0' || scenario->ivr.n_choices < 2)
        return;
    if (n + 1 < sizeof call->keyed)
        memcpy(call->keyed + n, (char[]){key, '\0'}, 2);
    if (!leads_on(scenario, call->keyed, &call->choice, &call->has_chosen)) {
        memcpy(call->keyed, (char[]){key, '\0'}, 2);
        if (!leads_on(scenario, call->keyed, &call->choice, &call->has_chosen))
            call->keyed[0] = '\0';
    }
    if (call->has_chosen && call->menu_is_over)
        rig_callcentre_call_leave_menu(call);
}

static void time_out_of_queue(rig_callcentre_call *call)
{
    call->centre->counts.n_queue_timeout++;
    rig_callcentre_call_end(call, &rig_callcentre_ending_queue_timeout);
}

/* Whether the caller chooses the dialogue of self-service: by docs/wire-contract.md the same draw
 * as his hang-up, of (seed, cause, caller). A number that is none of the scenario's does not. */
static bool is_in_dialogue(const rig_callcentre_call *call)
{
    const rig_scenario *scenario = call->centre->scenario;
    uint64_t caller;
    return scenario->ivr.has_dialogue && scenario->ivr.p_self_service > 0.0 &&
           rig_callcentre_caller_of(scenario, call->number, &caller) &&
           rig_random_uniform(scenario->seed, RIG_CAUSE_SELF_SERVICE, caller, 0, 0) <
               scenario->ivr.p_self_service;
}

/* Longer than anybody takes: who is still there then has lost his way, and comes to the queue. */
static double longest_dialogue_s(const rig_scenario *scenario)
{
    return 60.0 + 2.0 * rig_dist_quantile_s(&scenario->ivr.self_service, 1.0 - 1e-9);
}

/* The port that the call holds answers. */
static void take(rig_callcentre_call *call)
{
    rig_callcentre_centre *centre = call->centre;
    rig_callcentre_call_set_state(call, CALL_MENU);
    if (!rig_callcentre_tell_taken(call)) {
        centre->counts.n_failed_unanswered++;
        rig_callcentre_call_release(call, RIG_CALLCENTRE_REASON_TEMPORARY);
        rig_callcentre_call_forget_invite(call);
        rig_callcentre_call_finish(call);
        return;
    }
    centre->counts.n_answered++;
    rig_callcentre_call_begin_refreshing(call);
    double u = rig_callcentre_centre_draw(centre, call->index, RIG_CALLCENTRE_DRAW_MENU);
    const rig_callcentre_defect *other = rig_callcentre_centre_defect(centre, RIG_DEFECT_MENU);
    double menu_s = other ? other->value : rig_dist_quantile_s(&centre->scenario->ivr.menu, u);
    if (other == NULL && is_in_dialogue(call))
        menu_s = longest_dialogue_s(centre->scenario);
    rig_callcentre_call_set_timer(call, rig_callcentre_centre_after_ns(centre, menu_s));
}

void rig_callcentre_call_answer(rig_callcentre_call *call)
{
    rig_callcentre_centre *centre = call->centre;
    const rig_callcentre_defect *late = rig_callcentre_centre_defect(centre, RIG_DEFECT_IVR_LATE);
    call->holds_port = true;
    if (!late) {
        take(call);
        return;
    }
    rig_callcentre_call_set_state(call, CALL_PORT_LATE);
    rig_callcentre_call_set_timer(call, rig_callcentre_centre_after_ns(centre, late->value));
}

void rig_callcentre_call_on_timer(void *arg)
{
    rig_callcentre_call *call = arg;
    switch (call->state) {
    case CALL_PORT_LATE:
        take(call);
        break;
    case CALL_MENU:
        if (call->menu_is_over) /* nothing that leads anywhere was keyed: the first way out */
            call->has_chosen = true;
        rig_callcentre_call_leave_menu(call);
        break;
    case CALL_PROMISED:
        call->centre->counts.n_deflected++;
        rig_callcentre_promise_make(call->centre,
                                    &(rig_callcentre_promised){call->number, call->attempt},
                                    call->waiter.skill);
        rig_callcentre_call_end(call, &rig_callcentre_ending_deflected);
        break;
    case CALL_DIALLED: /* he does not answer */
        rig_callcentre_call_end(call, &rig_callcentre_ending_normal);
        break;
    case CALL_QUEUED:
        time_out_of_queue(call);
        break;
    case CALL_OFFERED:
    case CALL_RINGING:
        call->is_overdue = true;
        if (rig_callcentre_centre_cuts_ringing(call->centre))
            time_out_of_queue(call);
        break;
    case CALL_TALK:
        rig_callcentre_tell_answered_again(call);
        break;
    case CALL_OVER:
        rig_callcentre_call_free(call);
        break;
    case CALL_PORT_WAIT:
        break;
    }
}

void rig_callcentre_call_on_cut(void *arg)
{
    rig_callcentre_call *call = arg;
    rig_callcentre_counts *counts = rig_callcentre_call_counts(call);
    if (call->state == CALL_QUEUED) {
        counts->n_deflected++;
        rig_callcentre_call_end(call, &rig_callcentre_ending_normal);
    } else if (call->state == CALL_TALK) {
        counts->n_dropped++;
        rig_callcentre_call_end(call, &rig_callcentre_ending_temporary);
    }
}

/* One more phone rings for the call. */
static void ring_one(rig_callcentre_call *call, uint32_t agent, const rig_callcentre_caller *caller)
{
    rig_callcentre_centre *centre = call->centre;
    rig_callcentre_agent_leg *leg = rig_callcentre_agent_leg_new(centre, agent, call, caller);
    if (!leg) {
        centre->counts.n_agent_failures++;
        rig_callcentre_centre_missed(centre, agent, 0);
        return;
    }
    rig_callcentre_agent_leg_join(leg, call->agent_leg);
    call->agent_leg = leg;
}

/* The agent whom the call waited for has not answered. Of a call back that was the attempt. */
static void rejoin_queue(rig_callcentre_call *call)
{
    if (call->is_call_back) {
        rig_callcentre_call_end(call, &rig_callcentre_ending_normal);
        return;
    }
    if (call->state == CALL_RINGING)
        rig_callcentre_tell_queue(call, "");
    rig_callcentre_call_set_state(call, CALL_QUEUED);
    call->waiter.line = rig_callcentre_class_line(call->centre, call->caller_class);
    rig_callcentre_queue_rejoin(call->centre->resources, &call->waiter);
    rig_callcentre_call_begin_looking(call, RIG_CALLCENTRE_LOOK_RETRY);
    if (call->is_overdue)
        time_out_of_queue(call);
}

void rig_callcentre_call_ring_agent(rig_callcentre_call *call, uint32_t agent)
{
    rig_callcentre_centre *centre = call->centre;
    rig_callcentre_caller caller = {
        .number = call->number,
        .call_id = call->call_id,
        .sdp = call->sdp,
        .index = call->index,
        .is_called_back = call->is_call_back,
    };
    rig_callcentre_call_set_state(call, CALL_OFFERED);
    ring_one(call, agent, &caller);
    while (!call->is_call_back && rig_callcentre_centre_rings_all(centre) &&
           rig_callcentre_agent_seize(centre->resources, &call->waiter, &agent))
        ring_one(call, agent, &caller);
    if (!call->agent_leg)
        rejoin_queue(call);
    else
        rig_callcentre_call_tell_dialled(call);
}

void rig_callcentre_call_ringing(rig_callcentre_call *call)
{
    if (call->state == CALL_RINGING) /* another phone rings already */
        return;
    rig_callcentre_call_set_state(call, CALL_RINGING);
    rig_callcentre_tell_ringing(call);
}

void rig_callcentre_call_answered(rig_callcentre_call *call, rig_callcentre_agent_leg *leg,
                                  char *sdp)
{
    rig_callcentre_centre *centre = call->centre;
    rig_callcentre_agent_leg_leave_all(call->agent_leg, leg, RIG_CALLCENTRE_REASON_NORMAL);
    call->agent_leg = leg;
    rig_callcentre_call_counts(call)->n_talks++;
    call->has_talked = true;
    rig_callcentre_call_set_state(call, CALL_TALK);
    rig_callcentre_timers_cancel(&centre->timers, &call->timer);
    rig_callcentre_timers_cancel(&centre->timers, &call->cut);
    rig_callcentre_helpers_stop(&call->helpers);
    release_port(call);
    free(call->agent_sdp);
    call->agent_sdp = sdp;
    if (!rig_callcentre_tell_answered(call)) {
        rig_callcentre_call_counts(call)->n_dropped++;
        rig_callcentre_call_end(call, &rig_callcentre_ending_temporary);
        return;
    }
    maybe_cut(call, RIG_DEFECT_DROP, RIG_CALLCENTRE_DRAW_DROP);
}

void rig_callcentre_call_unanswered(rig_callcentre_call *call, rig_callcentre_agent_leg *leg)
{
    call->agent_leg = rig_callcentre_agent_leg_part(call->agent_leg, leg);
    if (!call->agent_leg) /* no other phone rings */
        rejoin_queue(call);
}

void rig_callcentre_call_agent_hung_up(rig_callcentre_call *call)
{
    rig_callcentre_call_counts(call)->n_ended_by_agent++;
    call->is_kept = true;
    call->agent_leg = NULL;
    rig_callcentre_call_end(call, &rig_callcentre_ending_normal);
}
