/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/synthetic_centre.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/test.h"

#define RATE_PER_S        0.9
#define MENU_S            5.0
#define RING_S            2.0
#define TALK_S            25.0
#define PATIENCE_ANSWER_S 20.0
#define PATIENCE_QUEUE_S  60.0
#define REACTION_S        0.003
#define MANY              4000

typedef enum state { HELD, WAITS_FOR_PORT, IN_MENU, IN_QUEUE, RINGS, TALKS, OVER } state;

typedef struct sim_call {
    state state;
    double next_s; /* of its next event */
    double invite_s, provisional_s, answer_s, queue_s, ring_s, talk_s, end_s;
    bool is_cut;       /* by the centre, at next_s */
    bool is_left;      /* by the caller, at next_s */
    bool is_timed_out; /* of the queue while it rings, at next_s */
    uint32_t n_legs;
    uint32_t n_phones; /* that ring */
    int final_code;
    rig_bye bye;
    rig_outcome outcome;
} sim_call;

typedef struct sim {
    const rig_scenario *scenario;
    const synthetic_defect *defect;
    uint64_t seed;
    double now_s;
    double next_look_s; /* at the queue; INFINITY = none is due */
    bool is_crashed;
    sim_call calls[MANY];
    uint32_t n_calls;
    double wrap_end_s[MANY]; /* of the agents who wrap up */
    uint32_t n_wrapping;
    uint32_t n_circuits, n_ports, n_busy, n_waiting; /* in use */
    uint32_t n_ringing;                              /* calls */
    uint32_t n_ended, n_talked, n_rung, n_queued;
} sim;

/* Uniform in (0, 1): splitmix64 (Steele, Lea & Flood, OOPSLA 2014). */
static double uniform(sim *s)
{
    uint64_t z = s->seed += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return ((double)((z ^ (z >> 31)) >> 11) + 0.5) / 9007199254740992.0;
}

static double exponential(sim *s, double mean)
{
    return -mean * log(uniform(s));
}

static bool is_every(uint32_t count, uint32_t every)
{
    return every > 0 && count % every == 0;
}

/* A number of servers: the defect's while it lasts. */
static uint32_t now_in_service(const sim *s, uint32_t given, uint32_t wrong)
{
    const synthetic_defect *d = s->defect;
    bool is_on = d->to_s <= 0.0 || (s->now_s >= d->from_s && s->now_s < d->to_s);
    return wrong > 0 && is_on ? wrong : given;
}

static bool is_closed(const sim *s)
{
    const synthetic_defect *d = s->defect;
    return d->is_closed && s->now_s >= d->from_s && s->now_s < d->to_s;
}

static void end_call(sim *s, sim_call *c, rig_outcome outcome, rig_bye bye)
{
    c->state = OVER;
    c->outcome = outcome;
    c->bye = bye;
    c->end_s = s->now_s;
    c->next_s = INFINITY;
    if (!is_every(++s->n_ended, s->defect->leak_circuit_every))
        s->n_circuits--;
}

static void give_ports(sim *s)
{
    for (uint32_t i = 0; i < s->n_calls; i++) {
        sim_call *c = &s->calls[i];
        if (s->n_ports >= now_in_service(s, s->scenario->ivr.n_ports, s->defect->n_ports))
            return;
        if (c->state != WAITS_FOR_PORT)
            continue;
        s->n_ports++;
        c->state = IN_MENU;
        c->answer_s = fmax(s->now_s, c->provisional_s) + s->defect->ivr_delay_s + REACTION_S;
        c->next_s = c->answer_s + (s->defect->menu_s > 0.0 ? s->defect->menu_s : MENU_S);
    }
}

static uint32_t n_idle(const sim *s)
{
    const uint32_t n = now_in_service(s, s->scenario->agents[0].n_agents, s->defect->n_agents);
    return n > s->n_busy ? n - s->n_busy : 0;
}

/* Every tenth phone is left alone: it rings until the time-out, or, without one, for long. */
static void ring(sim *s, sim_call *c)
{
    double timeout_s = s->scenario->agents[0].ring_timeout_s;
    bool is_left = is_every(++s->n_rung, 10) && timeout_s > 0.0;
    c->n_phones = s->defect->is_ring_all ? n_idle(s) : 1;
    s->n_busy += c->n_phones;
    s->n_ringing++;
    c->state = RINGS;
    c->n_legs += c->n_phones;
    c->ring_s = s->now_s + REACTION_S;
    c->is_cut = is_left && !s->defect->is_ring_timeout_ignored;
    c->next_s = c->ring_s + (!is_left ? RING_S : c->is_cut ? timeout_s : 2.5 * timeout_s);
    c->is_left = is_every(s->n_rung, s->defect->leave_ringing_every) && !is_left;
    const double timeout_at_s = c->queue_s + s->scenario->queue.timeout_s;
    c->is_timed_out = s->defect->is_ringing_cut && timeout_at_s < c->next_s;
    if (c->is_timed_out)
        c->next_s = fmax(s->now_s, timeout_at_s);
}

/* Whether the next caller may be given an agent. */
static bool can_ring(const sim *s)
{
    return n_idle(s) > 0 && !(s->defect->is_one_at_a_time && s->n_ringing > 0);
}

static void serve_queue(sim *s)
{
    if (s->defect->poll_s > 0.0 && s->n_waiting > 0) {
        if (s->now_s < s->next_look_s && !isinf(s->next_look_s))
            return;
        s->next_look_s = s->now_s + s->defect->poll_s;
    }
    while (s->n_waiting > 0 && can_ring(s)) {
        sim_call *chosen = NULL;
        for (uint32_t i = 0; i < s->n_calls; i++) {
            sim_call *c = &s->calls[i];
            if (c->state != IN_QUEUE)
                continue;
            if (chosen == NULL || (s->defect->is_newest_first ? c->queue_s > chosen->queue_s
                                                              : c->queue_s < chosen->queue_s))
                chosen = c;
        }
        s->n_waiting--;
        ring(s, chosen);
    }
}

static void enter_queue(sim *s, sim_call *c)
{
    const synthetic_defect *d = s->defect;
    double patience_s = exponential(s, PATIENCE_QUEUE_S);
    double timeout_s =
        d->queue_timeout_s != 0.0 ? d->queue_timeout_s : s->scenario->queue.timeout_s;
    uint32_t limit = d->queue_limit > 0 ? d->queue_limit : s->scenario->queue.capacity;
    const uint32_t n_places = s->n_waiting + (d->is_ringing_counted ? s->n_ringing : 0);
    const bool is_full = limit > 0 && n_places >= limit;
    c->queue_s = s->now_s;
    if (s->n_waiting == 0 && can_ring(s) && !(d->is_ringing_counted && is_full)) {
        ring(s, c);
        return;
    }
    if (is_full) {
        s->now_s += REACTION_S;
        end_call(s, c, RIG_OUTCOME_LOST_QUEUE, RIG_BYE_CALLEE);
        return;
    }
    s->n_waiting++;
    c->state = IN_QUEUE;
    c->is_cut = timeout_s > 0.0 && timeout_s < patience_s;
    c->next_s = s->now_s + (c->is_cut ? timeout_s : patience_s);
    if (is_every(++s->n_queued, d->cut_every)) {
        c->is_cut = true;
        c->next_s = s->now_s + 1.5 + 4.0 * uniform(s);
    }
}

/* The caller leaves while the phone rings: the agent is free at once, or should be. */
static void leave_ringing(sim *s, sim_call *c)
{
    end_call(s, c, RIG_OUTCOME_LOST_AGENT, RIG_BYE_CALLER);
    if (s->defect->stuck_s > 0.0)
        s->wrap_end_s[s->n_wrapping++] = s->now_s + s->defect->stuck_s;
    else
        s->n_busy--;
}

/* The centre forgets all; the phones believe what they believe until their talks are over. */
static void crash(sim *s)
{
    for (uint32_t i = 0; i < s->n_calls; i++) {
        sim_call *c = &s->calls[i];
        if (c->state == OVER)
            continue;
        c->outcome = c->state == TALKS || c->state == IN_MENU ? RIG_OUTCOME_SERVED
                     : c->state == RINGS                      ? RIG_OUTCOME_LOST_AGENT
                     : c->state == IN_QUEUE                   ? RIG_OUTCOME_LOST_QUEUE
                                                              : RIG_OUTCOME_LOST_IVR;
        c->bye = isnan(c->answer_s) ? RIG_BYE_NONE : RIG_BYE_CALLER;
        c->state = OVER;
        c->next_s = INFINITY;
        c->end_s = s->now_s + 5.0 + exponential(s, 4.0 * TALK_S);
    }
    s->n_circuits = s->n_ports = s->n_busy = s->n_waiting = s->n_wrapping = 0;
    s->is_crashed = true;
}

static void free_agent(sim *s)
{
    double mean_s =
        s->defect->wrap_up_s > 0.0 ? s->defect->wrap_up_s : s->scenario->agents[0].wrap_up.mean_s;
    s->wrap_end_s[s->n_wrapping++] =
        s->now_s + (s->defect->is_wrap_up_random ? exponential(s, mean_s) : mean_s);
}

/* Somebody looks at the INVITE. */
static void look_at(sim *s, sim_call *c)
{
    const synthetic_defect *d = s->defect;
    if (is_every(s->n_calls, d->reject_every)) {
        c->final_code = 404;
        c->state = OVER;
        c->next_s = INFINITY;
        c->end_s = s->now_s + REACTION_S;
        return;
    }
    if (is_closed(s) ||
        s->n_circuits >= now_in_service(s, s->scenario->trunks[0].n_circuits, d->n_circuits)) {
        c->final_code = 503;
        c->state = OVER;
        c->next_s = INFINITY;
        c->end_s = s->now_s + REACTION_S;
        return;
    }
    s->n_circuits++;
    c->provisional_s = s->now_s + REACTION_S;
    c->state = WAITS_FOR_PORT;
    c->next_s = s->now_s + exponential(s, PATIENCE_ANSWER_S);
}

static void wake(sim *s, sim_call *c)
{
    switch (c->state) {
    case HELD:
        look_at(s, c);
        break;
    case WAITS_FOR_PORT:
        end_call(s, c, RIG_OUTCOME_LOST_IVR, RIG_BYE_NONE);
        break;
    case IN_MENU:
        s->n_ports--;
        enter_queue(s, c);
        break;
    case IN_QUEUE:
        s->n_waiting--;
        end_call(s, c, RIG_OUTCOME_LOST_QUEUE, c->is_cut ? RIG_BYE_CALLEE : RIG_BYE_CALLER);
        break;
    case RINGS:
        s->n_ringing--;
        s->n_busy -= c->n_phones - 1; /* one answers, or none */
        if (c->is_timed_out) {
            s->n_busy--;
            end_call(s, c, RIG_OUTCOME_LOST_QUEUE, RIG_BYE_CALLEE);
            break;
        }
        if (c->is_cut) { /* the next phone, at once */
            s->n_busy--;
            ring(s, c);
            break;
        }
        if (c->is_left) {
            leave_ringing(s, c);
            break;
        }
        c->state = TALKS;
        c->talk_s = s->now_s;
        c->is_cut = is_every(++s->n_talked, s->defect->drop_every);
        c->next_s = s->now_s + exponential(s, TALK_S) * (c->is_cut ? 0.5 : 1.0);
        break;
    case TALKS:
        end_call(s, c, c->is_cut ? RIG_OUTCOME_DROPPED : RIG_OUTCOME_SERVED,
                 c->is_cut ? RIG_BYE_CALLEE : RIG_BYE_CALLER);
        if (!is_every(s->n_talked, s->defect->leak_agent_every))
            free_agent(s);
        break;
    case OVER:
        break;
    }
}

static void arrive(sim *s)
{
    const synthetic_defect *d = s->defect;
    sim_call *c = &s->calls[s->n_calls++];
    const double none = (double)NAN;
    *c = (sim_call){.state = OVER,
                    .next_s = INFINITY,
                    .invite_s = s->now_s,
                    .provisional_s = none,
                    .answer_s = none,
                    .queue_s = none,
                    .ring_s = none,
                    .talk_s = none,
                    .n_legs = 1,
                    .outcome = RIG_OUTCOME_LOST_TRUNK};
    bool is_dead = s->now_s >= d->dead_from_s && s->now_s < d->dead_to_s;
    if (is_dead || is_every(s->n_calls, d->unanswered_every)) {
        c->end_s = s->now_s + 32.0;
        return;
    }
    if (d->crash_from_s > 0.0 && s->now_s >= d->crash_from_s && !s->is_crashed)
        crash(s);
    c->state = HELD;
    c->next_s = s->now_s + d->response_delay_s;
    if (s->now_s >= d->crash_from_s && s->now_s < d->crash_to_s)
        c->next_s = d->crash_to_s + 4.0 * uniform(s);
}

/* The next event of a call, of an agent or of the traffic. False: nothing is left. */
static bool step(sim *s, double *next_arrival_s)
{
    sim_call *first = NULL;
    uint32_t agent = 0;
    for (uint32_t i = 0; i < s->n_calls; i++) {
        if (s->calls[i].state != OVER && (first == NULL || s->calls[i].next_s < first->next_s))
            first = &s->calls[i];
    }
    for (uint32_t i = 1; i < s->n_wrapping; i++) {
        if (s->wrap_end_s[i] < s->wrap_end_s[agent])
            agent = i;
    }
    double call_s = first != NULL ? first->next_s : INFINITY;
    double agent_s = s->n_wrapping > 0 ? s->wrap_end_s[agent] : INFINITY;
    const bool is_look_due = s->defect->poll_s > 0.0 && s->n_waiting > 0;
    const double look_s = is_look_due ? s->next_look_s : INFINITY;
    s->now_s = fmin(fmin(fmin(call_s, agent_s), *next_arrival_s), look_s);
    if (isinf(s->now_s))
        return false;
    if (s->now_s == look_s) {
        /* served below */
    } else if (s->now_s == *next_arrival_s) {
        arrive(s);
        *next_arrival_s += exponential(s, 1.0 / RATE_PER_S);
        if (*next_arrival_s > s->scenario->traffic.duration_s || s->n_calls == MANY)
            *next_arrival_s = INFINITY;
    } else if (s->now_s == agent_s) {
        s->wrap_end_s[agent] = s->wrap_end_s[--s->n_wrapping];
        s->n_busy--;
    } else {
        wake(s, first);
    }
    give_ports(s);
    serve_queue(s);
    return true;
}

static int64_t instant_ns(const sim *s, double t_s)
{
    return isnan(t_s) ? RIG_NO_TIME
                      : SYNTHETIC_START_NS + rig_clock_ns_of_s(t_s / s->scenario->time_scale);
}

static void record(const sim *s, const sim_call *c, rig_call *call)
{
    const bool is_early = s->scenario->target.marks == RIG_MARK_EARLY;
    const bool is_answered = !isnan(is_early ? c->talk_s : c->answer_s);
    bool is_given_up = c->outcome == RIG_OUTCOME_LOST_IVR ||
                       (is_early && !is_answered && c->bye == RIG_BYE_CALLER);
    *call = (rig_call){.call_id = strdup("call"),
                       .planned_index = (int64_t)(c - s->calls),
                       .t_invite_ns = instant_ns(s, c->invite_s),
                       .t_provisional_ns = instant_ns(s, c->provisional_s),
                       .t_menu_ns = is_early ? instant_ns(s, c->answer_s) : RIG_NO_TIME,
                       .t_answer_ns = instant_ns(s, is_early ? c->talk_s : c->answer_s),
                       .t_queue_ns = instant_ns(s, c->queue_s),
                       .t_agent_ring_ns = instant_ns(s, c->ring_s),
                       .t_agent_answer_ns = instant_ns(s, c->talk_s),
                       .t_end_ns = instant_ns(s, c->end_s),
                       .final_code = is_answered                       ? 200
                                     : is_given_up                     ? 487
                                     : is_early && !isnan(c->answer_s) ? 480
                                                                       : c->final_code,
                       .answered = is_answered,
                       .cancelled = is_given_up,
                       .bye = is_answered ? c->bye : RIG_BYE_NONE,
                       .n_legs = c->n_legs,
                       .outcome = c->outcome};
}

rig_scenario *synthetic_scenario(void)
{
    rig_scenario *scenario = calloc(1, sizeof *scenario);
    rig_trunk_group *trunks = calloc(1, sizeof *trunks);
    rig_agent_group *agents = calloc(1, sizeof *agents);
    assert_true(scenario != NULL && trunks != NULL && agents != NULL);
    trunks->n_circuits = 40;
    *agents = (rig_agent_group){.n_agents = 20,
                                .ring_timeout_s = 10.0,
                                .wrap_up = {.kind = RIG_DIST_CONSTANT, .mean_s = 5.0}};
    *scenario =
        (rig_scenario){.time_scale = 1.0,
                       .traffic = {.duration_s = 2400.0},
                       .trunks = trunks,
                       .n_trunks = 1,
                       .ivr = {.n_ports = 8, .menu = {.kind = RIG_DIST_CONSTANT, .mean_s = MENU_S}},
                       .agents = agents,
                       .n_agents = 1};
    return scenario;
}

void synthetic_scenario_free(rig_scenario *scenario)
{
    free(scenario->trunks);
    free(scenario->agents);
    free(scenario);
}

rig_calls *synthetic_calls(const rig_scenario *scenario, const synthetic_defect *defect)
{
    sim *s = calloc(1, sizeof *s);
    rig_calls *calls = calloc(1, sizeof *calls);
    assert_true(s != NULL && calls != NULL);
    s->scenario = scenario;
    s->defect = defect;
    s->seed = 1;
    s->next_look_s = INFINITY;
    double next_arrival_s = exponential(s, 1.0 / RATE_PER_S);
    while (step(s, &next_arrival_s))
        continue;
    calls->items = calloc(s->n_calls, sizeof *calls->items);
    assert_non_null(calls->items);
    calls->n = s->n_calls;
    for (uint32_t i = 0; i < s->n_calls; i++)
        record(s, &s->calls[i], &calls->items[i]);
    free(s);
    return calls;
}

rig_diagnosis *synthetic_diagnosis(const rig_scenario *scenario, const synthetic_defect *defect)
{
    rig_calls *calls = synthetic_calls(scenario, defect);
    rig_diagnosis *diagnosis = NULL;
    rig_error err = {.text = ""};
    const rig_diagnosis_input input = {scenario, calls, SYNTHETIC_START_NS, NULL};
    if (rig_diagnose(&input, &diagnosis, &err) != RIG_OK)
        fail_msg("%s", err.text);
    rig_calls_free(calls);
    return diagnosis;
}

rig_finding only_finding(const rig_scenario *scenario, const synthetic_defect *defect,
                         rig_finding_kind kind, rig_finding_kind also)
{
    rig_diagnosis *diagnosis = synthetic_diagnosis(scenario, defect);
    rig_finding found = {0};
    size_t n_found = 0, n_other = 0;
    for (size_t i = 0; i < diagnosis->n_findings; i++) {
        const rig_finding *f = &diagnosis->findings[i];
        if (f->kind == kind) {
            found = *f;
            n_found++;
        } else if (f->kind != also) {
            print_message("also found: %s: %s\n", rig_finding_kind_name(f->kind), f->text);
            n_other++;
        }
    }
    rig_diagnosis_free(diagnosis);
    if (n_found != 1)
        print_message("%s: found %zu times\n", rig_finding_kind_name(kind), n_found);
    assert_int_equal(n_found, 1);
    assert_int_equal(n_other, 0);
    print_message("%s\n", found.text);
    return found;
}

void assert_covers(const rig_finding *f, double truth)
{
    if (truth < f->low || truth > f->high)
        fail_msg("%s: %g..%g does not hold %g", f->text, f->low, f->high, truth);
    if (f->expected >= f->low && f->expected <= f->high)
        fail_msg("%s: %g..%g holds the expected %g", f->text, f->low, f->high, f->expected);
    assert_true(f->estimate >= f->low && f->estimate <= f->high);
    assert_true(f->n_explained > 0 && f->n_explained <= f->n_calls);
    assert_string_not_equal(f->text, "");
}
