/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verdict/diagnosis/timeline.h"

#include <gsl/gsl_sort.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/clock.h"
#include "scenarios/registration.h"
#include "verdict/diagnosis/told.h"

/* How far from the queue's time-out a wait may end that it ended. */
#define AT_TIMEOUT_SHARE  0.01
#define AT_TIMEOUT_WIRE_S 0.1

static double instant_s(const rig_diagnosis_input *input, int64_t t_ns)
{
    if (t_ns == RIG_NO_TIME)
        return (double)NAN;
    return rig_clock_s_of_ns(t_ns - input->start_epoch_ns) * input->scenario->time_scale;
}

static int by_invite(const void *a, const void *b)
{
    const rig_timed_call *x = a, *y = b;
    if (x->invite_s != y->invite_s)
        return x->invite_s < y->invite_s ? -1 : 1;
    return 0;
}

double rig_timed_call_left_queue_s(const rig_timed_call *t)
{
    return isnan(t->ring_s) ? t->end_s : t->ring_s;
}

double rig_timed_call_waited_s(const rig_timed_call *t)
{
    return rig_timed_call_left_queue_s(t) - t->queue_s;
}

bool rig_timed_call_was_cut(const rig_timed_call *t)
{
    return t->call->outcome == RIG_OUTCOME_LOST_QUEUE && !isnan(t->queue_s) &&
           rig_call_is_ended_by_centre(t->call);
}

bool rig_timeline_is_timeout(const rig_scenario *scenario, double waited_s)
{
    const double timeout_s = scenario->queue.timeout_s;
    const double slack_s = AT_TIMEOUT_SHARE * timeout_s + AT_TIMEOUT_WIRE_S * scenario->time_scale;
    return timeout_s > 0.0 && fabs(waited_s - timeout_s) < slack_s;
}

/* Its row of the plan; NULL: it has none. */
static const rig_planned_call *plan_of(const rig_diagnosis_input *input, const rig_call *call)
{
    const int64_t i = call->planned_index;
    const bool has = input->schedule != NULL && i >= 0 && (uint64_t)i < input->schedule->n;
    return has ? &input->schedule->calls[i] : NULL;
}

/* The class of a call: of the plan, else by its name; where there is one, that. */
static uint32_t class_of(const rig_diagnosis_input *input, const rig_call *call)
{
    const rig_callers *callers = &input->scenario->callers;
    const rig_planned_call *plan = plan_of(input, call);
    if (callers->n_classes < 2)
        return 0;
    if (plan != NULL && plan->caller_class < callers->n_classes)
        return plan->caller_class;
    for (uint32_t k = 0; k < callers->n_classes && call->caller_class != NULL; k++)
        if (strcmp(callers->classes[k].name, call->caller_class) == 0)
            return k;
    return RIG_NO_CLASS;
}

/* What its caller's choice asks for. */
static uint32_t skill_of(const rig_diagnosis_input *input, const rig_call *call)
{
    const rig_ivr *ivr = &input->scenario->ivr;
    const rig_planned_call *plan = plan_of(input, call);
    return plan != NULL && plan->choice < ivr->n_choices ? ivr->choices[plan->choice].skill
                                                         : RIG_NO_SKILL;
}

/* Of one ringing it is the last; of several it has to lie before the last, in the queue. */
static double first_ring_s(const rig_diagnosis_input *input, const rig_timed_call *t)
{
    if (t->call->n_legs <= 2)
        return t->ring_s;
    const double first_s = instant_s(input, t->call->t_first_ring_ns);
    return first_s >= t->queue_s && first_s <= t->ring_s ? first_s : (double)NAN;
}

static int by_back_invite(const void *a, const void *b)
{
    const double x = ((const rig_timed_back *)a)->invite_s;
    const double y = ((const rig_timed_back *)b)->invite_s;
    return (x > y) - (x < y);
}

/* As rig_busy_back_span has it. */
static const rig_agent_group *group_of_back(const rig_scenario *scenario, const rig_call *call)
{
    return scenario->n_agents == 1 || call->t_agent_ring_ns != RIG_NO_TIME
               ? rig_scenario_group_of_call(scenario, call)
               : NULL;
}

static rig_status make_backs(const rig_diagnosis_input *input, rig_timeline *made)
{
    const rig_calls *calls = input->calls;
    made->backs = calloc(calls->n_backs + 1, sizeof *made->backs);
    made->n_backs = calls->n_backs;
    if (made->backs == NULL)
        return RIG_ENOMEM;
    for (size_t i = 0; i < calls->n_backs; i++) {
        const rig_call *call = &calls->backs[i];
        rig_timed_back *b = &made->backs[i];
        *b = (rig_timed_back){.call = call,
                              .group = group_of_back(input->scenario, call),
                              .skill = skill_of(input, call),
                              .invite_s = instant_s(input, call->t_invite_ns),
                              .talk_s = instant_s(input, call->t_agent_answer_ns),
                              .end_s = instant_s(input, call->t_end_ns)};
        made->last_s = fmax(made->last_s, fmax(b->invite_s, b->end_s)); /* fmax ignores a NAN */
    }
    qsort(made->backs, made->n_backs, sizeof *made->backs, by_back_invite);
    return RIG_OK;
}

/* What is not over lasts to the end. */
static void close_open(rig_timeline *made)
{
    for (size_t i = 0; i < made->n; i++)
        if (isnan(made->calls[i].end_s))
            made->calls[i].end_s = made->last_s;
    for (size_t i = 0; i < made->n_backs; i++)
        if (isnan(made->backs[i].end_s))
            made->backs[i].end_s = made->last_s;
}

rig_status rig_timeline_make(const rig_diagnosis_input *input, rig_timeline *timeline)
{
    const rig_calls *calls = input->calls;
    const bool is_early = input->scenario->target.marks == RIG_MARK_EARLY;
    rig_timeline made = {
        .n = calls->n,
        .grain_s = RIG_TIMELINE_GRAIN_WIRE_S * input->scenario->time_scale,
        .poll_s = fmax(input->scenario->queue.poll_s, input->scenario->queue.look_every_s),
        .end_of_traffic_s = input->scenario->traffic.duration_s};
    made.calls = calloc(calls->n + 1, sizeof *made.calls);
    if (made.calls == NULL || make_backs(input, &made) != RIG_OK) {
        rig_timeline_clear(&made);
        return RIG_ENOMEM;
    }
    for (size_t i = 0; i < calls->n; i++) {
        const rig_call *call = &calls->items[i];
        rig_timed_call *t = &made.calls[i];
        *t = (rig_timed_call){.call = call,
                              .group = rig_scenario_group_of_call(input->scenario, call),
                              .caller_class = class_of(input, call),
                              .skill = skill_of(input, call),
                              .invite_s = instant_s(input, call->t_invite_ns),
                              .answer_s = instant_s(input, call->t_answer_ns),
                              .port_s = instant_s(input, rig_call_port_ns(call, is_early)),
                              .entered_s = instant_s(input, call->t_queue_ns),
                              .ring_s = instant_s(input, call->t_agent_ring_ns),
                              .talk_s = instant_s(input, call->t_agent_answer_ns),
                              .end_s = instant_s(input, call->t_end_ns)};
        t->queue_s = rig_told_not_to_wait(input, call) ? (double)NAN : t->entered_s;
        double provisional_s = instant_s(input, call->t_provisional_ns);
        double final_s = call->final_code >= 300 ? t->end_s : t->answer_s;
        t->response_s = fmin(provisional_s, final_s); /* fmin ignores a NAN */
        t->first_ring_s = first_ring_s(input, t);
        t->seen_s = isnan(t->response_s) ? t->invite_s : t->response_s;
        const double instants[] = {t->invite_s, provisional_s, t->port_s, t->answer_s,
                                   t->queue_s,  t->ring_s,     t->talk_s, t->end_s};
        for (size_t k = 0; k < sizeof instants / sizeof *instants; k++)
            made.last_s = fmax(made.last_s, instants[k]);
    }
    close_open(&made);
    qsort(made.calls, made.n, sizeof *made.calls, by_invite);
    *timeline = made;
    return RIG_OK;
}

void rig_timeline_end_calls(rig_timeline *timeline, double at_s)
{
    for (size_t i = 0; i < timeline->n; i++) {
        rig_timed_call *t = &timeline->calls[i];
        if (t->seen_s < at_s && t->end_s > at_s)
            t->end_s = at_s;
    }
    for (size_t i = 0; i < timeline->n_backs; i++) {
        rig_timed_back *b = &timeline->backs[i];
        if (b->invite_s < at_s && b->end_s > at_s)
            b->end_s = at_s;
    }
}

void rig_timeline_clear(rig_timeline *timeline)
{
    if (timeline == NULL)
        return;
    free(timeline->calls);
    free(timeline->backs);
    *timeline = (rig_timeline){0};
}

bool rig_timed_call_is_for(const rig_timed_call *t, const rig_scenario *scenario, size_t group)
{
    const uint8_t *level = scenario->agents[group].level;
    if (scenario->n_skills < 2 || level == NULL)
        return true;
    return t->skill != RIG_NO_SKILL && level[t->skill] > 0;
}

bool rig_timed_call_is_simple(const rig_timed_call *t)
{
    return !isnan(t->queue_s) && t->call->n_legs <= 2;
}

static int by_entry(const void *a, const void *b)
{
    const rig_timed_call *x = *(const rig_timed_call *const *)a;
    const rig_timed_call *y = *(const rig_timed_call *const *)b;
    return (x->queue_s > y->queue_s) - (x->queue_s < y->queue_s);
}

rig_status rig_queued_make(const rig_timeline *timeline, rig_queued *queued)
{
    rig_queued made = {.calls = malloc((timeline->n + 1) * sizeof *made.calls)};
    if (made.calls == NULL)
        return RIG_ENOMEM;
    for (size_t i = 0; i < timeline->n; i++) {
        const rig_timed_call *t = &timeline->calls[i];
        if (!rig_timed_call_is_simple(t))
            continue;
        made.calls[made.n++] = t;
        made.longest_s = fmax(made.longest_s, rig_timed_call_waited_s(t));
    }
    qsort(made.calls, made.n, sizeof *made.calls, by_entry);
    *queued = made;
    return RIG_OK;
}

rig_status rig_holdings_make(size_t n, rig_holdings *holdings)
{
    rig_holdings made = {.begin_s = malloc((n + 1) * sizeof(double)),
                         .end_s = malloc((n + 1) * sizeof(double))};
    if (made.begin_s == NULL || made.end_s == NULL) {
        rig_holdings_clear(&made);
        return RIG_ENOMEM;
    }
    *holdings = made;
    return RIG_OK;
}

void rig_holdings_add(rig_holdings *holdings, double begin_s, double end_s)
{
    if (!(begin_s < end_s))
        return;
    holdings->begin_s[holdings->n] = begin_s;
    holdings->end_s[holdings->n++] = end_s;
}

void rig_holdings_add_backs(rig_holdings *holdings, const rig_timeline *timeline,
                            double after_talk_s)
{
    for (size_t i = 0; i < timeline->n_backs; i++) {
        const rig_timed_back *b = &timeline->backs[i];
        const bool is_followed = !isnan(b->talk_s) && b->call->outcome != RIG_OUTCOME_DROPPED;
        rig_holdings_add(holdings, b->invite_s, b->end_s + (is_followed ? after_talk_s : 0.0));
    }
}

void rig_holdings_sort(rig_holdings *holdings)
{
    gsl_sort(holdings->begin_s, 1, holdings->n);
    gsl_sort(holdings->end_s, 1, holdings->n);
}

/* How many of the sorted values are less than t. */
static size_t n_before(const double *sorted, size_t n, double t)
{
    size_t low = 0;
    while (n > 0) {
        size_t half = n / 2;
        if (sorted[low + half] < t) {
            low += half + 1;
            n -= half + 1;
        } else {
            n = half;
        }
    }
    return low;
}

void rig_holdings_at(const rig_holdings *holdings, double t_s, double grain_s, uint32_t *least,
                     uint32_t *most)
{
    const size_t n = holdings->n;
    size_t begun_early = n_before(holdings->begin_s, n, t_s - grain_s);
    size_t ended_late = n_before(holdings->end_s, n, t_s + grain_s);
    *least = begun_early > ended_late ? (uint32_t)(begun_early - ended_late) : 0;
    *most = (uint32_t)(n_before(holdings->begin_s, n, t_s + grain_s) -
                       n_before(holdings->end_s, n, t_s - grain_s));
}

void rig_holdings_clear(rig_holdings *holdings)
{
    if (holdings == NULL)
        return;
    free(holdings->begin_s);
    free(holdings->end_s);
    *holdings = (rig_holdings){0};
}
