/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The queue: who was taken first, who was turned away at its door, whom did the centre cut? */
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/language.h"
#include "verdict/diagnosis/busy.h"
#include "verdict/diagnosis/findings.h"
#include "verdict/judge/gate.h"

/* A BYE of the centre this soon after the entry, wire time, turns the call away. */
#define AT_THE_DOOR_WIRE_S 0.1

/* When a call left the queue for the first time. While a phone rings it does not wait. Where the
 * first of several ringings is not seen, they came just before the last. */
static double first_left_queue_s(const rig_timed_call *t)
{
    double left_s = rig_timed_call_left_queue_s(t);
    if (!isnan(t->first_ring_s))
        return t->first_ring_s;
    if (t->call->n_legs > 2)
        left_s -= (double)(t->call->n_legs - 2) * rig_scenario_vain_s(t->group);
    return fmax(left_s, t->queue_s);
}

/* Who was taken when. */
typedef struct order {
    rig_queued queued;
    bool *is_out_of_turn;                /* took another's turn, or lost his */
    size_t n_chosen, n_oldest, n_newest; /* of those taken while others waited */
    double n_busy;                       /* agents, the sum over these */
} order;

static rig_status order_make(const rig_timeline *timeline, order *o)
{
    *o = (order){.is_out_of_turn = calloc(timeline->n + 1, sizeof *o->is_out_of_turn)};
    return o->is_out_of_turn == NULL ? RIG_ENOMEM : rig_queued_make(timeline, &o->queued);
}

/* Whether two callers stand in one line. */
static bool are_equal(const rig_callers *callers, const rig_timed_call *a, const rig_timed_call *b)
{
    if (callers->n_classes < 2)
        return true;
    return a->caller_class != RIG_NO_CLASS && b->caller_class != RIG_NO_CLASS &&
           callers->classes[a->caller_class].priority == callers->classes[b->caller_class].priority;
}

/* The i-th was taken: were there others of his priority, who had come before him or after? */
static void note_taken(const rig_callers *callers, order *o, size_t i, double grain_s)
{
    const rig_queued *q = &o->queued;
    const rig_timed_call *t = q->calls[i];
    bool is_overtaker = false, is_overtaken = false;
    for (size_t k = i; k-- > 0 && q->calls[k]->queue_s > t->ring_s - q->longest_s;) {
        if (are_equal(callers, t, q->calls[k]) && t->queue_s - q->calls[k]->queue_s > grain_s &&
            rig_timed_call_left_queue_s(q->calls[k]) > t->ring_s + grain_s)
            is_overtaker = o->is_out_of_turn[k] = o->is_out_of_turn[i] = true;
    }
    for (size_t k = i + 1; k < q->n && q->calls[k]->queue_s < t->ring_s - grain_s; k++)
        is_overtaken =
            is_overtaken ||
            (are_equal(callers, t, q->calls[k]) && q->calls[k]->queue_s - t->queue_s > grain_s &&
             rig_timed_call_left_queue_s(q->calls[k]) > t->ring_s + grain_s);
    o->n_chosen += is_overtaker || is_overtaken;
    o->n_oldest += is_overtaken && !is_overtaker;
    o->n_newest += is_overtaker && !is_overtaken;
}

static void add_order(const rig_timeline *timeline, const order *o, rig_findings *findings)
{
    rig_interval_estimate oldest = rig_gate_binomial(o->n_oldest, o->n_chosen);
    rig_finding f = {.kind = RIG_FINDING_QUEUE_ORDER,
                     .stage = RIG_STAGE_QUEUE,
                     .expected = 1.0,
                     .estimate = oldest.value,
                     .low = oldest.low95,
                     .high = oldest.high95,
                     .unit = "1",
                     .to_s = timeline->last_s,
                     .n_calls = o->n_chosen - o->n_oldest,
                     .n_explained = o->n_chosen - o->n_oldest};
    rig_finding *added = rig_findings_add(
        findings, &f,
        "where more than one call waited, the one that had waited longest was taken in "
        "%.0f %% of the cases%s; first in, first out was expected",
        100.0 * f.estimate,
        o->n_newest * 10 > o->n_chosen * 9 ? N_(", the newest in the others") : "");
    for (size_t i = 0; i < o->queued.n; i++) {
        if (o->is_out_of_turn[i])
            rig_findings_touch(findings, added, o->queued.calls[i]->call);
    }
}

/* Where callers wait although agents are free, as it seems, it is not their order that is wrong:
 * phones of agents who count as free are silent, or callers are given to agents by another rule. */
#define LEAST_BUSY_SHARE 0.9

static void look_at_order(const rig_scenario *scenario, const rig_timeline *timeline,
                          rig_findings *findings)
{
    const rig_agent_group *group = &scenario->agents[0];
    const rig_busy_rule rule = rig_busy_expected(group);
    order o;
    rig_holdings busy = {0};
    rig_status status = order_make(timeline, &o);
    if (status == RIG_OK)
        status = rig_busy_make(group, timeline, &rule, &busy);
    if (status != RIG_OK) {
        findings->status = status;
        goto out;
    }
    for (size_t i = 0; i < o.queued.n; i++) {
        const size_t n_before = o.n_chosen;
        const double ring_s = o.queued.calls[i]->ring_s;
        uint32_t least, most;
        if (isnan(ring_s))
            continue;
        /* of two whose turn it is he is first who looks first */
        note_taken(&scenario->callers, &o, i, timeline->grain_s + timeline->poll_s);
        rig_holdings_at(&busy, ring_s, timeline->grain_s, &least, &most);
        o.n_busy += o.n_chosen > n_before ? (double)most : 0.0;
    }
    if (o.n_chosen >= 20 && (double)o.n_oldest <= 0.9 * (double)o.n_chosen &&
        o.n_busy >= LEAST_BUSY_SHARE * (double)group->n_agents * (double)o.n_chosen)
        add_order(timeline, &o, findings);
out:
    rig_holdings_clear(&busy);
    free(o.queued.calls);
    free(o.is_out_of_turn);
}

/* Entries into the queue, and how many others took places in it: those who wait; with `ringing`
 * those, too, whose agent's phone rings. */
static rig_status probe_places(const rig_scenario *scenario, const rig_timeline *timeline,
                               bool with_ringing, rig_probe *probes, size_t *n_probes)
{
    const double door_s = AT_THE_DOOR_WIRE_S * scenario->time_scale;
    rig_holdings places = {0};
    size_t n = 0;
    rig_status status = rig_holdings_make(timeline->n, &places);
    if (status != RIG_OK)
        return status;
    for (size_t i = 0; i < timeline->n; i++) {
        const rig_timed_call *t = &timeline->calls[i];
        const double left_s = !with_ringing      ? first_left_queue_s(t)
                              : isnan(t->talk_s) ? t->end_s
                                                 : t->talk_s;
        if (!isnan(t->queue_s) && !(rig_timed_call_was_cut(t) && t->end_s - t->queue_s < door_s))
            rig_holdings_add(&places, t->queue_s, left_s);
    }
    rig_holdings_sort(&places);
    for (size_t i = 0; i < timeline->n; i++) {
        const rig_timed_call *t = &timeline->calls[i];
        if (isnan(t->queue_s))
            continue;
        probes[n] =
            (rig_probe){.t_s = t->queue_s,
                        .is_blocked = rig_timed_call_was_cut(t) && t->end_s - t->queue_s < door_s};
        rig_holdings_at(&places, t->queue_s, timeline->grain_s, &probes[n].least, &probes[n].most);
        n++;
    }
    rig_holdings_clear(&places);
    *n_probes = n;
    return RIG_OK;
}

/* How many fewer waited than there is room for when a call was turned away: on the mean, with its
 * 99 % interval. */
static rig_finding places_of_ringing(const rig_probe *probes, size_t n, uint32_t capacity)
{
    double sum = 0.0, squares = 0.0, n_turned = 0.0;
    for (size_t i = 0; i < n; i++) {
        const double fewer =
            (double)capacity - ((double)probes[i].least + (double)probes[i].most) / 2.0;
        if (!probes[i].is_blocked)
            continue;
        n_turned += 1.0;
        sum += fewer;
        squares += fewer * fewer;
    }
    const double mean = n_turned > 0.0 ? sum / n_turned : 0.0;
    const double half =
        n_turned > 1.0
            ? 2.576 * sqrt(fmax(0.0, squares / n_turned - mean * mean) / (n_turned - 1.0))
            : INFINITY;
    return (rig_finding){.kind = RIG_FINDING_QUEUE_RINGING,
                         .stage = RIG_STAGE_QUEUE,
                         .expected = 0.0,
                         .estimate = mean,
                         .low = mean - half,
                         .high = mean + half,
                         .unit = N_("calls")};
}

/* Do those whose agent's phone rings take places? @param probes  Without them. @return whether that
 * is among the findings. */
static bool look_for_ringing(const rig_scenario *scenario, const rig_timeline *timeline,
                             const rig_capacity_fit *fit, const rig_probe *probes, size_t n,
                             rig_findings *findings)
{
    const uint32_t capacity = scenario->queue.capacity;
    const rig_capacity_sum sum = rig_capacity_sum_of(fit);
    size_t n_with = 0;
    if (capacity == 0 || scenario->queue.counts_ringing ||
        sum.n_expected < RIG_CAPACITY_CHANGE_COST)
        return false;
    rig_probe *with = malloc((timeline->n + 1) * sizeof *with);
    rig_status status =
        with == NULL ? RIG_ENOMEM : probe_places(scenario, timeline, true, with, &n_with);
    const uint64_t n_against =
        status == RIG_OK ? rig_capacity_count_misplaced(with, n_with, capacity) : UINT64_MAX;
    free(with);
    if (status != RIG_OK)
        findings->status = status;
    /* another limit is named where it explains as much */
    if (n_against >= sum.n_fit || n_against + RIG_CAPACITY_CHANGE_COST > sum.n_expected)
        return false;
    rig_finding f = places_of_ringing(probes, n, capacity);
    f.to_s = timeline->last_s;
    f.n_calls = sum.n_expected;
    f.n_explained = sum.n_expected - n_against;
    return rig_findings_add(findings, &f,
                            "callers for whom a phone rings take places in the queue of %u: calls "
                            "were turned away when %.1f fewer waited (%.1f..%.1f)",
                            capacity, f.estimate, f.low, f.high) != NULL;
}

static void add_limits(const rig_scenario *scenario, const rig_capacity_fit *fit, uint32_t expected,
                       rig_findings *findings)
{
    const uint32_t capacity = scenario->queue.capacity;
    for (size_t i = 0; i < fit->n_segments; i++) {
        const rig_capacity_segment *s = &fit->segments[i];
        if (!rig_capacity_deviates(s, expected))
            continue;
        char words[48] = N_("no limit was");
        if (capacity > 0)
            (void)snprintf(words, sizeof words, "%u were", capacity);
        rig_finding f = {.kind = RIG_FINDING_QUEUE_LIMIT,
                         .stage = RIG_STAGE_QUEUE,
                         .expected = capacity > 0 ? (double)capacity : INFINITY,
                         .estimate = (double)s->capacity,
                         .low = (double)s->low,
                         .high = (double)s->high,
                         .unit = N_("calls"),
                         .from_s = s->from_s,
                         .to_s = s->to_s,
                         .n_calls = s->n_against_expected,
                         .n_explained = s->n_against_expected - s->n_against};
        rig_findings_add(findings, &f,
                         "from %.0f s to %.0f s calls were turned away when %u waited; %s expected",
                         s->from_s, s->to_s, s->capacity, words);
    }
}

static void look_at_limit(const rig_scenario *scenario, const rig_timeline *timeline,
                          rig_findings *findings)
{
    const uint32_t capacity = scenario->queue.capacity;
    const uint32_t expected = capacity > 0 ? capacity : UINT32_MAX - 1;
    rig_capacity_fit fit = {0};
    rig_probe *probes = malloc((timeline->n + 1) * sizeof *probes);
    size_t n = 0;
    rig_status status = probes == NULL ? RIG_ENOMEM
                                       : probe_places(scenario, timeline,
                                                      scenario->queue.counts_ringing, probes, &n);
    if (status == RIG_OK)
        status = rig_capacity_fit_make(probes, n, expected, RIG_CAPACITY_LOST, &fit);
    if (status != RIG_OK)
        findings->status = status;
    else if (!look_for_ringing(scenario, timeline, &fit, probes, n, findings))
        add_limits(scenario, &fit, expected, findings);
    rig_capacity_fit_clear(&fit);
    free(probes);
}

/* How many calls were in the queue for longer. */
static size_t count_longer(const rig_timeline *timeline, double limit_s)
{
    size_t n = 0;
    for (size_t i = 0; i < timeline->n; i++)
        n += rig_timed_call_is_simple(&timeline->calls[i]) &&
             rig_timed_call_waited_s(&timeline->calls[i]) > limit_s;
    return n;
}

/* The calls that the centre hung up on while they waited. */
typedef struct cuts {
    const rig_timed_call **calls;
    double *wait_s;
    size_t n, n_entered;
    size_t n_over; /* waited longer than the time-out */
    double longest_s;
} cuts;

static void add_timeout(const rig_timeline *timeline, const cuts *c, double timeout_s,
                        const rig_finding *cut, rig_findings *findings)
{
    rig_finding f = *cut;
    char whom[64] = "";
    f.kind = RIG_FINDING_QUEUE_TIMEOUT;
    f.expected = timeout_s > 0.0 ? timeout_s : INFINITY;
    f.unit = "s";
    const size_t n_longer = count_longer(timeline, f.high);
    if (n_longer > c->n / 10) /* it is no time-out, which spares nobody */
        (void)snprintf(whom, sizeof whom, " on %.0f %% of those who waited so long",
                       100.0 * (double)c->n / (double)(c->n + n_longer));
    rig_finding *added = rig_findings_add(
        findings, &f, "the centre hangs up after %.1f s in the queue%s, %s", f.estimate, whom,
        timeout_s > 0.0 ? N_("another time-out was expected") : N_("none was expected"));
    for (size_t i = 0; i < c->n; i++)
        rig_findings_touch(findings, added, c->calls[i]->call);
}

static void add_cuts(const rig_timeline *timeline, const cuts *c, double timeout_s,
                     rig_findings *findings)
{
    gsl_sort(c->wait_s, 1, c->n);
    double median_s = gsl_stats_median_from_sorted_data(c->wait_s, 1, c->n);
    double low_s = c->wait_s[c->n / 20], high_s = c->wait_s[c->n - 1 - c->n / 20];
    rig_interval_estimate share = rig_gate_binomial(c->n, c->n_entered);
    rig_finding f = {.stage = RIG_STAGE_QUEUE,
                     .estimate = median_s,
                     .low = low_s - timeline->grain_s,
                     .high = high_s + timeline->grain_s,
                     .to_s = timeline->last_s,
                     .n_calls = c->n,
                     .n_explained = c->n};
    if (high_s - low_s < 0.05 * median_s + 2.0 * timeline->grain_s) {
        add_timeout(timeline, c, timeout_s, &f, findings);
        return;
    }
    f.kind = RIG_FINDING_QUEUE_CUT;
    f.expected = 0.0;
    f.estimate = share.value;
    f.low = share.low95;
    f.high = share.high95;
    f.unit = "1";
    rig_finding *added = rig_findings_add(
        findings, &f, "the centre hangs up on %.1f %% of the waiting calls, after %.1f s to %.1f s",
        100.0 * share.value, low_s, high_s);
    for (size_t i = 0; i < c->n; i++)
        rig_findings_touch(findings, added, c->calls[i]->call);
}

static void add_over(const rig_timeline *timeline, const cuts *c, double timeout_s,
                     rig_findings *findings)
{
    rig_finding f = {.kind = RIG_FINDING_QUEUE_TIMEOUT,
                     .stage = RIG_STAGE_QUEUE,
                     .expected = timeout_s,
                     .estimate = c->longest_s,
                     .low = c->longest_s,
                     .high = INFINITY,
                     .unit = "s",
                     .to_s = timeline->last_s,
                     .n_calls = c->n_over,
                     .n_explained = c->n_over};
    rig_findings_add(findings, &f,
                     "%zu calls waited longer than the queue's time-out of %.1f s, up to %.1f s",
                     c->n_over, timeout_s, c->longest_s);
}

/* Ended at the queue's time-out; or later, as a phone rang in vain when it came. */
static bool is_timed_out(const rig_scenario *scenario, const rig_timed_call *t, double slack_s)
{
    return rig_timeline_is_timeout(scenario, rig_timed_call_waited_s(t)) ||
           (!isnan(t->ring_s) &&
            t->end_s - t->queue_s > 0.99 * scenario->queue.timeout_s - slack_s);
}

static void look_at_cuts(const rig_scenario *scenario, const rig_timeline *timeline,
                         rig_findings *findings)
{
    const double timeout_s = scenario->queue.timeout_s;
    const double door_s = AT_THE_DOOR_WIRE_S * scenario->time_scale;
    cuts c = {.calls = malloc((timeline->n + 1) * sizeof *c.calls),
              .wait_s = malloc((timeline->n + 1) * sizeof *c.wait_s)};
    if (c.calls == NULL || c.wait_s == NULL) {
        findings->status = RIG_ENOMEM;
        goto out;
    }
    for (size_t i = 0; i < timeline->n; i++) {
        const rig_timed_call *t = &timeline->calls[i];
        double waited_s = rig_timed_call_waited_s(t);
        if (isnan(t->queue_s))
            continue;
        c.n_entered++;
        if (rig_timed_call_was_cut(t) && waited_s > door_s && !rig_busy_rings_at_end(t->group, t) &&
            !(timeout_s > 0.0 && is_timed_out(scenario, t, door_s))) {
            c.calls[c.n] = t;
            c.wait_s[c.n++] = waited_s;
        }
        if (timeout_s > 0.0 && rig_timed_call_is_simple(t) && waited_s > timeout_s * 1.01 + door_s)
            c.n_over++;
        c.longest_s = fmax(c.longest_s, waited_s);
    }
    if (c.n > RIG_FINDING_FEW)
        add_cuts(timeline, &c, timeout_s, findings);
    else if (c.n_over > RIG_FINDING_FEW)
        add_over(timeline, &c, timeout_s, findings);
out:
    free(c.calls);
    free(c.wait_s);
}

void rig_diagnose_queue(const rig_diagnosis_input *input, const rig_timeline *timeline,
                        rig_findings *findings)
{
    /* of groups with other skills each has an order of its own, and takes its calls past the others
     * that wait */
    if (input->scenario->n_agents == 1) {
        look_at_order(input->scenario, timeline, findings);
        look_at_limit(input->scenario, timeline, findings);
    }
    look_at_cuts(input->scenario, timeline, findings);
}
