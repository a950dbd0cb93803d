/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Deflection: who was told not to wait, and how many waited then? Announcements: was the place in
 * the queue that callers were told theirs?
 *
 * Who takes the promise is a draw of his caller's, and how many calls waited is on the wire. So
 * from which length of the queue on callers are deflected is fitted as a capacity is: one who takes
 * the promise and was deflected is one whom the queue had no room for. */
#include "verdict/diagnosis/told.h"

#include <math.h>
#include <stdlib.h>

#include "core/language.h"
#include "core/random.h"
#include "verdict/diagnosis/findings.h"
#include "scenarios/own_durations.h"

/* So many calls must have been told, and by so much too much or too little: a call more or less in
 * the queue is nothing. */
enum { LEAST_TOLD = 10 };
#define LEAST_WRONG 0.15

bool rig_told_takes_promise(const rig_diagnosis_input *input, const rig_call *call)
{
    const rig_schedule *schedule = input->schedule;
    const double p = input->scenario->queue.deflection.p_accept;
    uint64_t caller = (uint64_t)call->planned_index;
    uint32_t attempt = 0;
    if (!(p > 0.0) || call->planned_index < 0)
        return false;
    if (schedule != NULL && caller < schedule->n) {
        attempt = schedule->calls[caller].attempt;
        caller = rig_schedule_first_of(schedule, caller);
    }
    return rig_random_uniform(input->scenario->seed, RIG_CAUSE_DEFLECTION, caller, 0, attempt) < p;
}

bool rig_told_keeps_places(const rig_scenario *scenario)
{
    return scenario->queue.keep_place.p_accept > 0.0;
}

bool rig_told_not_to_wait(const rig_diagnosis_input *input, const rig_call *call)
{
    const rig_scenario *scenario = input->scenario;
    const rig_deflection *deflection = &scenario->queue.deflection;
    const double told_after_s = deflection->after_s / scenario->time_scale;
    const double announcement_s = deflection->announcement_s / scenario->time_scale;
    if (call->outcome == RIG_OUTCOME_DEFLECTED)
        return true;
    if (call->outcome != RIG_OUTCOME_LOST_QUEUE || !rig_call_is_ended_by_caller(call) ||
        call->n_legs != 1 || call->t_queue_ns == RIG_NO_TIME || call->t_end_ns == RIG_NO_TIME)
        return false;
    const double stayed_s = rig_clock_s_of_ns(call->t_end_ns - call->t_queue_ns);
    return stayed_s >= told_after_s &&
           stayed_s <= told_after_s + announcement_s + RIG_TIMELINE_GRAIN_WIRE_S &&
           rig_told_takes_promise(input, call);
}

/* Callers for whom no agent was free, with how many others waited when they came. */
typedef struct entries {
    rig_probe *takers; /* of those who take the promise; blocked: deflected */
    size_t n_takers;
    size_t n_others, n_others_told; /* who do not; of these, deflected all the same */
} entries;

static rig_status make_waiting(const rig_timeline *timeline, rig_holdings *waiting)
{
    rig_status status = rig_holdings_make(timeline->n, waiting);
    for (size_t i = 0; i < timeline->n && status == RIG_OK; i++) {
        const rig_timed_call *t = &timeline->calls[i];
        if (!isnan(t->queue_s))
            rig_holdings_add(waiting, t->queue_s, rig_timed_call_left_queue_s(t));
    }
    if (status == RIG_OK)
        rig_holdings_sort(waiting);
    return status;
}

/* Whether one who is not deflected, and not on his way out either, had to wait. */
static bool had_to_wait(const rig_timeline *timeline, const rig_timed_call *t)
{
    return !isnan(t->queue_s) && rig_timed_call_waited_s(t) > 2.0 * timeline->grain_s;
}

static rig_status make_entries(const rig_diagnosis_input *input, const rig_timeline *timeline,
                               entries *e)
{
    rig_holdings waiting = {0};
    rig_status status = make_waiting(timeline, &waiting);
    *e = (entries){.takers = calloc(timeline->n + 1, sizeof *e->takers)};
    if (e->takers == NULL)
        status = RIG_ENOMEM;
    for (size_t i = 0; i < timeline->n && status == RIG_OK; i++) {
        const rig_timed_call *t = &timeline->calls[i];
        const bool is_told = t->call->outcome == RIG_OUTCOME_DEFLECTED && !isnan(t->entered_s);
        if (!is_told && !had_to_wait(timeline, t))
            continue;
        if (!rig_told_takes_promise(input, t->call)) {
            e->n_others++;
            e->n_others_told += is_told;
            continue;
        }
        rig_probe *probe = &e->takers[e->n_takers++];
        *probe = (rig_probe){.t_s = t->entered_s, .is_blocked = is_told};
        rig_holdings_at(&waiting, t->entered_s, timeline->grain_s, &probe->least, &probe->most);
    }
    rig_holdings_clear(&waiting);
    return status;
}

/* From which length of the queue on callers were deflected. */
static void add_segment(const rig_timeline *timeline, const rig_capacity_segment *s, bool is_whole,
                        uint32_t expected, rig_findings *findings)
{
    const bool is_never = s->n_blocked == 0;
    const rig_finding f = {.kind = RIG_FINDING_DEFLECTION,
                           .stage = RIG_STAGE_QUEUE,
                           .expected = (double)expected,
                           .estimate = is_never ? INFINITY : (double)s->capacity,
                           .low = (double)s->low,
                           .high = is_never ? INFINITY : (double)s->high,
                           .unit = N_("calls"),
                           .from_s = is_whole ? 0.0 : s->from_s,
                           .to_s = is_whole ? timeline->last_s : s->to_s,
                           .n_calls = s->n_against_expected,
                           .n_explained = s->n_against_expected - s->n_against};
    if (!rig_capacity_deviates(s, expected))
        return;
    if (is_never)
        rig_findings_add(findings, &f,
                         "from %.0f s to %.0f s no caller was told not to wait; from %u waiting "
                         "calls on was expected",
                         f.from_s, f.to_s, expected);
    else
        rig_findings_add(findings, &f,
                         "from %.0f s to %.0f s callers were told not to wait when %u calls waited "
                         "or more; from %u on was expected",
                         f.from_s, f.to_s, s->capacity, expected);
}

static void add_others(const rig_timeline *timeline, const entries *e, rig_findings *findings)
{
    if (e->n_others_told <= RIG_FINDING_FEW)
        return;
    const rig_finding f = rig_findings_of_share(RIG_FINDING_DEFLECTION_SHARE, RIG_STAGE_QUEUE,
                                                e->n_others_told, e->n_others, timeline->last_s);
    rig_findings_add(findings, &f,
                     "%zu of %zu callers who do not take the promise of a call back were told not "
                     "to wait",
                     e->n_others_told, e->n_others);
}

/* The time that a place in the queue stands for, where the wait is announced: mean handling of the
 * groups with the skill / their agents, as docs/scenario.md has it. NAN where agents come and go.
 */
static double place_s(const rig_scenario *scenario, uint32_t skill)
{
    double n = 0.0, handling_s = 0.0;
    for (size_t g = 0; g < scenario->n_agents; g++) {
        const rig_agent_group *group = &scenario->agents[g];
        if (group->level != NULL && group->level[skill] == 0)
            continue;
        if (isfinite(rig_scenario_staff_next_s(scenario, g, 0.0)) || scenario->n_reserves > 0)
            return (double)NAN;
        const double talk_s = rig_scenario_mean_talk_s(scenario, skill, (uint32_t)g);
        n += group->n_agents;
        handling_s +=
            group->n_agents * (group->ring.mean_s + talk_s + group->wrap_up.mean_s);
    }
    return handling_s / n / n;
}

/* The place that a call was told, as a number of places; NAN: none, or it is not known. */
static double told_place(const rig_scenario *scenario, const rig_call *call)
{
    if (call->announced_position > 0)
        return (double)call->announced_position;
    if (!(call->announced_wait_s > 0.0) || scenario->n_skills > 1)
        return (double)NAN; /* whose skill it asks for says how long a place is */
    return call->announced_wait_s * scenario->time_scale / place_s(scenario, 0);
}

/* How much too long or too short what is announced is: the ratio of the sums of what was told and
 * of what was true, over the calls whose place is known, with its 99 % interval. */
static void look_at_announcement(const rig_scenario *scenario, const rig_timeline *timeline,
                                 rig_findings *findings)
{
    rig_holdings waiting = {0};
    double told = 0.0, was = 0.0, squares = 0.0;
    size_t n = 0;
    if (scenario->queue.announcement == RIG_ANNOUNCE_NOTHING || scenario->n_skills > 1 ||
        scenario->callers.n_classes > 1 || rig_told_keeps_places(scenario))
        return; /* who is in front is asked of one line alone, in which all are seen */
    rig_status status = make_waiting(timeline, &waiting);
    for (size_t i = 0; i < timeline->n && status == RIG_OK; i++) {
        const rig_timed_call *t = &timeline->calls[i];
        const double place = told_place(scenario, t->call);
        uint32_t least, most;
        if (isnan(place) || isnan(t->queue_s))
            continue;
        rig_holdings_at(&waiting, t->queue_s, timeline->grain_s, &least, &most);
        const double true_place = 0.5 * ((double)least + (double)most) + 1.0;
        told += place;
        was += true_place;
        squares += (place - true_place) * (place - true_place);
        n++;
    }
    rig_holdings_clear(&waiting);
    if (status != RIG_OK)
        findings->status = status;
    if (n < LEAST_TOLD || status != RIG_OK)
        return;
    const double ratio = told / was;
    const double mean = (told - was) / (double)n;
    const double half =
        2.576 * sqrt(fmax(0.0, squares / (double)n - mean * mean) / (double)n) * (double)n / was;
    if (fabs(ratio - 1.0) < LEAST_WRONG)
        return;
    const rig_finding f = {.kind = RIG_FINDING_ANNOUNCEMENT,
                           .stage = RIG_STAGE_QUEUE,
                           .expected = 1.0,
                           .estimate = ratio,
                           .low = ratio - half,
                           .high = ratio + half,
                           .unit = "1",
                           .to_s = timeline->last_s,
                           .n_calls = n,
                           .n_explained = n};
    rig_findings_add(findings, &f,
                     "what %zu callers were told of their position or wait was %.2f times the "
                     "right one (%.2f..%.2f)",
                     n, ratio, f.low, f.high);
}

/* Whether the queue's length decides who is deflected, and it alone. */
static bool is_by_length_alone(const rig_scenario *scenario)
{
    const rig_deflection *deflection = &scenario->queue.deflection;
    for (size_t i = 0; i < scenario->callers.n_classes; i++)
        if (scenario->callers.classes[i].is_never_deflected)
            return false;
    return !(deflection->wait_from_s > 0.0) && !(deflection->after_s > 0.0) &&
           !rig_told_keeps_places(scenario);
}

static void look_at_deflection(const rig_diagnosis_input *input, const rig_timeline *timeline,
                               rig_findings *findings)
{
    const rig_deflection *deflection = &input->scenario->queue.deflection;
    entries e;
    rig_capacity_fit fit = {0};
    if (!(deflection->p_accept > 0.0) || !is_by_length_alone(input->scenario))
        return;
    rig_status status = make_entries(input, timeline, &e);
    if (status == RIG_OK)
        status = rig_capacity_fit_make(e.takers, e.n_takers, deflection->queue_from,
                                       RIG_CAPACITY_LOST, &fit);
    if (status == RIG_OK) {
        for (size_t i = 0; i < fit.n_segments; i++)
            add_segment(timeline, &fit.segments[i], fit.n_segments == 1, deflection->queue_from,
                        findings);
        add_others(timeline, &e, findings);
    } else {
        findings->status = status;
    }
    rig_capacity_fit_clear(&fit);
    free(e.takers);
}

void rig_diagnose_told(const rig_diagnosis_input *input, const rig_timeline *timeline,
                       rig_findings *findings)
{
    look_at_deflection(input, timeline, findings);
    look_at_announcement(input->scenario, timeline, findings);
}
