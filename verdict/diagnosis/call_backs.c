/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Call backs: is everybody called who was promised it, once, and not before those who wait?
 *
 * Who was promised a call back first is called first, of each skill: one who is never called while
 * another, who was promised it later, is, was forgotten; so was one who is never called although
 * agents had time for him. Who was called and served is called no more. And while a caller waits
 * for agents, none of these has time to call back. */
#include <math.h>
#include <stdlib.h>

#include "verdict/diagnosis/busy.h"
#include "verdict/diagnosis/circuits.h"
#include "verdict/diagnosis/findings.h"
#include "verdict/diagnosis/told.h"

/* A caller who was promised a call back, and what became of that. */
typedef struct promised {
    const rig_timed_call *call;
    double since_s;
    double served_s; /* the end of the first talk with an agent to the end; NAN: none */
    double first_s;  /* the first call back; INFINITY: none */
    uint32_t n_dials;
    bool is_again; /* he was called after that */
} promised;

typedef struct promises {
    const rig_diagnosis_input *input;
    const rig_timeline *timeline;
    promised *all;
    size_t n;
    rig_holdings circuits;
    rig_findings *findings;
} promises;

static bool is_promised(const rig_timed_call *t)
{
    return t->call->outcome == RIG_OUTCOME_DEFLECTED && t->call->planned_index >= 0;
}

static int by_row(const void *a, const void *b)
{
    const int64_t x = ((const promised *)a)->call->call->planned_index;
    const int64_t y = ((const promised *)b)->call->call->planned_index;
    return (x > y) - (x < y);
}

static promised *find(const promises *p, int64_t row)
{
    size_t low = 0, high = p->n;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (p->all[middle].call->call->planned_index < row)
            low = middle + 1;
        else
            high = middle;
    }
    return low < p->n && p->all[low].call->call->planned_index == row ? &p->all[low] : NULL;
}

static rig_status list_promises(promises *p)
{
    const rig_timeline *timeline = p->timeline;
    p->all = calloc(timeline->n + 1, sizeof *p->all);
    if (p->all == NULL)
        return RIG_ENOMEM;
    for (size_t i = 0; i < timeline->n; i++)
        if (is_promised(&timeline->calls[i]))
            p->all[p->n++] = (promised){.call = &timeline->calls[i],
                                        .since_s = timeline->calls[i].end_s,
                                        .first_s = INFINITY,
                                        .served_s = (double)NAN};
    qsort(p->all, p->n, sizeof *p->all, by_row);
    for (size_t i = 0; i < timeline->n_backs; i++) {
        const rig_timed_back *b = &timeline->backs[i];
        promised *to = find(p, b->call->planned_index);
        if (to == NULL)
            continue;
        to->n_dials++;
        to->first_s = fmin(to->first_s, b->invite_s);
        to->is_again |= b->invite_s > to->served_s; /* false for a NAN */
        if (isnan(to->served_s) && b->call->outcome == RIG_OUTCOME_SERVED)
            to->served_s = b->end_s;
    }
    return RIG_OK;
}

/* --- forgotten */

/* Whether some group has a circuit beyond what it keeps for its callers, however those that are
 * held are spread. */
static bool has_circuit(const promises *p, double t_s)
{
    const rig_scenario *scenario = p->input->scenario;
    uint64_t n_all = 0;
    uint32_t least, most;
    for (size_t i = 0; i < scenario->n_trunks; i++) {
        rig_trunk_group now = scenario->trunks[i];
        now.n_circuits = rig_scenario_circuits_at(&now, t_s);
        n_all += now.n_circuits - rig_scenario_n_spare(&now);
    }
    rig_holdings_at(&p->circuits, t_s, 1e-9, &least, &most);
    return most < n_all && !rig_circuits_are_hit(scenario, NULL, t_s);
}

/* The last instant around which enough agents of the one group were idle for a while to call back.
 * -INFINITY: there was none, or it is not looked for: of several groups it is not known who of them
 * dialled in vain. */
static double last_spare_s(const promises *p)
{
    const rig_scenario *scenario = p->input->scenario;
    const rig_agent_group *group = &scenario->agents[0];
    const double door_s =
        RIG_TIMELINE_DOOR_WIRE_S * scenario->time_scale + rig_busy_slack_s(group, p->timeline);
    const rig_busy_rule rule = rig_busy_expected(group);
    double found_s = -INFINITY;
    rig_holdings busy = {0};
    if (scenario->n_agents > 1 || rig_scenario_staff_changes(scenario) ||
        !rig_busy_is_known(group) || !rig_busy_tells_idle(group, p->timeline))
        return -INFINITY;
    if (rig_busy_make(group, p->timeline, &rule, &busy) != RIG_OK) {
        p->findings->status = RIG_ENOMEM;
        return -INFINITY;
    }
    for (size_t i = busy.n; i-- > 0 && isinf(found_s);) {
        const double t_s = busy.end_s[i] + 2.0 * door_s;
        uint32_t least, most;
        if (t_s + door_s > p->timeline->last_s || t_s - door_s < scenario->call_back.start_s)
            continue;
        rig_holdings_at(&busy, t_s, door_s, &least, &most);
        if (most + scenario->call_back.idle_agents <= group->n_agents && has_circuit(p, t_s))
            found_s = t_s - door_s;
    }
    rig_holdings_clear(&busy);
    return found_s;
}

/* Of his skill the last promise that was kept, or begun to be. */
static double last_called_s(const promises *p, uint32_t skill)
{
    double last_s = -INFINITY;
    for (size_t i = 0; i < p->n; i++)
        if (p->all[i].n_dials > 0 && p->all[i].call->skill == skill)
            last_s = fmax(last_s, p->all[i].since_s);
    return last_s;
}

/* @param[out] due_s  By skill, the last of it for those whose skill is not known: who was promised
 * a call back before that was due. */
static void find_due(const promises *p, double *due_s)
{
    const double slack_s = 2.0 * p->timeline->grain_s, spare_s = last_spare_s(p);
    const size_t n_skills = p->input->scenario->n_skills;
    for (size_t skill = 0; skill <= n_skills; skill++) {
        const uint32_t of = skill < n_skills ? (uint32_t)skill : RIG_NO_SKILL;
        due_s[skill] = fmax(last_called_s(p, of) - slack_s, spare_s);
    }
}

static bool is_due(const promises *p, const double *due_s, const promised *q)
{
    const size_t n_skills = p->input->scenario->n_skills;
    return q->since_s < due_s[q->call->skill < n_skills ? q->call->skill : n_skills];
}

static void look_for_forgotten(const promises *p)
{
    size_t n = 0, n_due = 0;
    double *due_s = malloc((p->input->scenario->n_skills + 1) * sizeof *due_s);
    if (due_s == NULL) {
        p->findings->status = RIG_ENOMEM;
        return;
    }
    find_due(p, due_s);
    for (size_t i = 0; i < p->n; i++) {
        const bool is_forgotten = p->all[i].n_dials == 0 && is_due(p, due_s, &p->all[i]);
        n += is_forgotten;
        n_due += is_forgotten || p->all[i].n_dials > 0;
    }
    if (n > RIG_FINDING_FEW) {
        const rig_finding f = rig_findings_of_share(RIG_FINDING_CALL_BACKS_FORGOTTEN,
                                                    RIG_STAGE_QUEUE, n, n_due, p->timeline->last_s);
        rig_finding *added = rig_findings_add(
            p->findings, &f,
            "%zu of %zu callers who were promised a call back were never called, though others "
            "were who were promised it later, or agents had time",
            n, n_due);
        for (size_t i = 0; i < p->n; i++)
            if (p->all[i].n_dials == 0 && is_due(p, due_s, &p->all[i]))
                rig_findings_touch(p->findings, added, p->all[i].call->call);
    }
    free(due_s);
}

/* --- called once more */

static void look_for_doubled(const promises *p)
{
    size_t n = 0, n_served = 0;
    for (size_t i = 0; i < p->n; i++) {
        if (!isnan(p->all[i].served_s))
            n_served++;
        if (p->all[i].is_again)
            n++;
    }
    if (n <= RIG_FINDING_FEW)
        return;
    const rig_finding f = rig_findings_of_share(RIG_FINDING_CALL_BACKS_DOUBLED, RIG_STAGE_QUEUE, n,
                                                n_served, p->timeline->last_s);
    rig_finding *added = rig_findings_add(
        p->findings, &f,
        "%zu of %zu callers who had been called back, and had talked with an agent to the end, "
        "were called once more",
        n, n_served);
    for (size_t i = 0; i < p->n; i++)
        if (p->all[i].is_again)
            rig_findings_touch(p->findings, added, p->all[i].call->call);
}

/* --- too early, or before those who wait */

static void look_for_early(const promises *p)
{
    const rig_timeline *timeline = p->timeline;
    const double start_s = p->input->scenario->call_back.start_s;
    const double slack_s = 2.0 * timeline->grain_s;
    size_t n = 0; /* they are in the order of their INVITEs */
    while (n < timeline->n_backs && timeline->backs[n].invite_s < start_s - slack_s)
        n++;
    if (n <= RIG_FINDING_FEW)
        return;
    const rig_finding f = {.kind = RIG_FINDING_CALL_BACKS_EARLY,
                           .stage = RIG_STAGE_QUEUE,
                           .expected = start_s,
                           .estimate = timeline->backs[0].invite_s,
                           .low = timeline->backs[0].invite_s - slack_s,
                           .high = timeline->backs[0].invite_s + slack_s,
                           .unit = "s",
                           .from_s = timeline->backs[0].invite_s,
                           .to_s = timeline->backs[n - 1].invite_s,
                           .n_calls = n,
                           .n_explained = n};
    rig_findings_add(p->findings, &f,
                     "%zu of %zu call backs were dialled before %.0f s, the first at %.0f s", n,
                     timeline->n_backs, start_s, f.estimate);
}

/* Of a group's call backs those that were dialled while somebody waited for it. */
static void count_beside(const promises *p, size_t group, rig_holdings *waiting, size_t *n,
                         size_t *n_all)
{
    const rig_timeline *timeline = p->timeline;
    const rig_scenario *scenario = p->input->scenario;
    const double door_s = RIG_TIMELINE_DOOR_WIRE_S * scenario->time_scale + timeline->poll_s;
    waiting->n = 0;
    for (size_t i = 0; i < timeline->n; i++) {
        const rig_timed_call *t = &timeline->calls[i];
        if (rig_timed_call_is_simple(t) && rig_timed_call_is_for(t, scenario, group))
            rig_holdings_add(waiting, t->queue_s + door_s, rig_timed_call_left_queue_s(t));
    }
    rig_holdings_sort(waiting);
    for (size_t i = 0; i < timeline->n_backs; i++) {
        uint32_t least, most;
        if (timeline->backs[i].group != &scenario->agents[group])
            continue;
        rig_holdings_at(waiting, timeline->backs[i].invite_s, door_s, &least, &most);
        *n += least > 0;
        ++*n_all;
    }
}

static void look_for_first(const promises *p)
{
    size_t n = 0, n_all = 0;
    rig_holdings waiting = {0};
    const rig_queue *queue = &p->input->scenario->queue;
    if (queue->one_at_a_time) /* agents are idle beside one who waits for another's ringing */
        return;
    if (rig_holdings_make(p->timeline->n, &waiting) != RIG_OK) {
        p->findings->status = RIG_ENOMEM;
        return;
    }
    for (size_t g = 0; g < p->input->scenario->n_agents; g++)
        count_beside(p, g, &waiting, &n, &n_all);
    rig_holdings_clear(&waiting);
    if (n <= RIG_FINDING_FEW)
        return;
    const rig_finding f = rig_findings_of_share(RIG_FINDING_CALL_BACKS_FIRST, RIG_STAGE_QUEUE, n,
                                                n_all, p->timeline->last_s);
    rig_findings_add(p->findings, &f,
                     "%zu of %zu call backs were dialled while callers waited for these agents", n,
                     n_all);
}

/* Of those who came to the queue after him and are served no sooner than he, so many were given an
 * agent before him although he could have been called: this is more than a race. */
enum { OVERTAKERS = 3 };

/* When a place that is kept from an instant on would be lost with the queue; INFINITY: never. */
static double lost_with_queue_s(const rig_scenario *scenario, double since_s)
{
    double lost_s = INFINITY;
    for (size_t i = 0; i < scenario->n_faults; i++) {
        const rig_fault *f = &scenario->faults[i];
        if (f->kind == RIG_FAULT_CENTRE && f->at_s >= since_s)
            lost_s = fmin(lost_s, f->at_s);
    }
    return lost_s;
}

static bool is_overtaken(const promises *p, const promised *place)
{
    const rig_timeline *timeline = p->timeline;
    const double slack_s = 2.0 * timeline->grain_s;
    const double until_s =
        fmin(place->first_s, lost_with_queue_s(p->input->scenario, place->since_s));
    size_t n = 0;
    for (size_t i = (size_t)(place->call - timeline->calls);
         i < timeline->n && n < OVERTAKERS && timeline->calls[i].call->t_invite_ns != RIG_NO_TIME;
         i++) {
        const rig_timed_call *t = &timeline->calls[i];
        if (t->seen_s > until_s)
            break;
        n += t->skill == place->call->skill && t->caller_class == place->call->caller_class &&
             t->queue_s > place->since_s + slack_s && t->first_ring_s < until_s - slack_s &&
             has_circuit(p, t->first_ring_s);
    }
    return n >= OVERTAKERS;
}

static void look_for_lost_places(const promises *p)
{
    size_t n = 0;
    if (p->input->scenario->queue.deflection.p_accept > 0.0)
        return; /* nothing tells them from those who were deflected */
    for (size_t i = 0; i < p->n; i++)
        n += is_overtaken(p, &p->all[i]);
    if (n <= RIG_FINDING_FEW)
        return;
    const rig_finding f = rig_findings_of_share(RIG_FINDING_PLACES_LOST, RIG_STAGE_QUEUE, n, p->n,
                                                p->timeline->last_s);
    rig_findings_add(p->findings, &f,
                     "%zu of %zu callers who kept their places were not called when it was their "
                     "turn: others who came later were given agents before them",
                     n, p->n);
}

void rig_diagnose_call_backs(const rig_diagnosis_input *input, const rig_timeline *timeline,
                             rig_findings *findings)
{
    promises p = {.input = input, .timeline = timeline, .findings = findings};
    if (!rig_scenario_calls_back(input->scenario))
        return;
    if (list_promises(&p) != RIG_OK || rig_circuits_make(timeline, NULL, &p.circuits) != RIG_OK) {
        findings->status = RIG_ENOMEM;
        free(p.all);
        return;
    }
    look_for_doubled(&p);
    /* who keeps his place is called at his turn, and not at all when the queue is lost with it */
    if (!rig_told_keeps_places(input->scenario)) {
        look_for_forgotten(&p);
        look_for_early(&p);
        look_for_first(&p);
    } else {
        look_for_lost_places(&p);
    }
    rig_holdings_clear(&p.circuits);
    free(p.all);
}
