/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/centre/statistics.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "scenarios/scope.h"

rig_status rig_statistics_new(rig_centre *c)
{
    const uint32_t n_fine = rig_histogram_n_bins(RIG_HISTOGRAM_BITS_FINE);
    const uint32_t n_coarse = rig_histogram_n_bins(RIG_HISTOGRAM_BITS_COARSE);
    const size_t n_part_bins = RIG_ACCOUNT_N_HISTOGRAMS * (size_t)n_coarse;
    const size_t n = c->n_intervals;
    c->n_parts = rig_scope_n_parts(c->scenario);
    for (int k = 0; k < RIG_N_SCOPE_KINDS; k++)
        c->first_part[k] = rig_scope_first(c->scenario, (rig_scope_kind)k);
    c->fine_bins = calloc(RIG_ACCOUNT_N_HISTOGRAMS * (size_t)n_fine, sizeof *c->fine_bins);
    c->part_bins = calloc(c->n_parts * n_part_bins + 1, sizeof *c->part_bins);
    c->parts = calloc(c->n_parts + (size_t)1, sizeof *c->parts);
    c->interval_bins = calloc(n * n_coarse, sizeof *c->interval_bins);
    c->interval_wait = calloc(n, sizeof *c->interval_wait);
    c->interval_n_within = calloc(n, sizeof *c->interval_n_within);
    c->interval_n_queued = calloc(n, sizeof *c->interval_n_queued);
    c->interval_area = calloc(n * RIG_N_AREAS, sizeof *c->interval_area);
    if (c->fine_bins == NULL || c->part_bins == NULL || c->parts == NULL ||
        c->interval_bins == NULL || c->interval_wait == NULL || c->interval_n_within == NULL ||
        c->interval_n_queued == NULL || c->interval_area == NULL)
        return RIG_ENOMEM;
    rig_account_make(RIG_HISTOGRAM_BITS_FINE, c->fine_bins, &c->whole);
    for (size_t i = 0; i < c->n_parts; i++)
        rig_account_make(RIG_HISTOGRAM_BITS_COARSE, c->part_bins + i * n_part_bins, &c->parts[i]);
    for (size_t i = 0; i < n; i++)
        rig_histogram_make(RIG_HISTOGRAM_BITS_COARSE, c->interval_bins + i * n_coarse,
                           &c->interval_wait[i]);
    return RIG_OK;
}

void rig_statistics_free(rig_centre *c)
{
    free(c->fine_bins);
    free(c->part_bins);
    free(c->parts);
    free(c->interval_bins);
    free(c->interval_wait);
    free(c->interval_n_within);
    free(c->interval_n_queued);
    free(c->interval_area);
}

static double end_of_interval(const rig_centre *c, size_t i)
{
    const double duration_s = c->scenario->traffic.duration_s;
    return i + 1 < c->n_intervals ? (double)(i + 1) * c->scenario->interval_s : duration_s;
}

/* What is counted of the traffic's duration. */
static double counted_s(const rig_centre *c)
{
    return rig_scenario_counted_s(c->scenario);
}

static bool is_counted(const rig_centre *c, uint32_t interval)
{
    return interval == RIG_NONE || interval >= c->first_counted;
}

/* The warm-up is over: levels stay, what was measured of them goes. */
static void forget(rig_centre *c)
{
    c->waiting.area = 0.0;
    c->peak_circuits = c->n_circuits_in_use;
    c->peak_queue = c->n_waiting;
    for (uint32_t i = 0; i < c->n_trunks; i++) {
        rig_trunk *t = &c->trunks[i];
        t->in_use.area = 0.0;
        t->peak = t->n_in_use;
        t->n_offered = t->n_overflowed_in = t->n_refused = 0;
    }
    for (uint32_t i = 0; i < c->n_groups; i++)
        c->groups[i].busy.area = c->groups[i].on_duty.area = 0.0;
}

void rig_statistics_begin(rig_centre *c)
{
    c->first_counted = (uint32_t)rig_scenario_n_warm_up(c->scenario);
    rig_centre_output *output = c->output;
    for (size_t i = 0; output->instants != NULL && i < c->input->schedule->n; i++)
        output->instants[i] = (rig_call_instants){NAN, NAN, NAN, NAN, NAN, NAN};
    rig_account_clear(&c->whole);
    for (size_t i = 0; i < c->n_parts; i++)
        rig_account_clear(&c->parts[i]);
    for (size_t i = 0; i < c->n_intervals; i++)
        rig_histogram_clear(&c->interval_wait[i]);
    memset(c->interval_n_within, 0, c->n_intervals * sizeof *c->interval_n_within);
    memset(c->interval_n_queued, 0, c->n_intervals * sizeof *c->interval_n_queued);
    c->counts = (rig_centre_counts){0};
    c->peak_circuits = c->peak_queue = 0;
    c->call_backs_end_s = (double)NAN;
    c->call_back_delays_s = 0.0;
    c->n_first_dials = c->n_in_promise = 0;
    c->i_interval = 0;
    c->interval_end_s = end_of_interval(c, 0);
    c->base_s = 0.0;
    c->is_after = false;
    c->waiting = (rig_gauge){0};
    if (output->intervals != NULL)
        memset(output->intervals, 0, c->n_intervals * sizeof *output->intervals);
}

static double end_area(rig_gauge *gauge, double length_s)
{
    double area = gauge->level * length_s - gauge->moment;
    if (area < 1e-9 * length_s) /* nothing but the rounding of terms that cancel */
        area = 0.0;
    gauge->moment = 0.0;
    gauge->area += area;
    return area;
}

void rig_statistics_pass(rig_centre *c, double until_s)
{
    while (c->interval_end_s <= until_s) {
        const double length_s = c->interval_end_s - c->base_s;
        double *area = c->interval_area + c->i_interval * (size_t)RIG_N_AREAS;
        area[RIG_AREA_CIRCUITS] = area[RIG_AREA_BUSY] = area[RIG_AREA_ON_DUTY] = 0.0;
        area[RIG_AREA_WAITING] = end_area(&c->waiting, length_s);
        for (uint32_t i = 0; i < c->n_trunks; i++)
            area[RIG_AREA_CIRCUITS] += end_area(&c->trunks[i].in_use, length_s);
        for (uint32_t i = 0; i < c->n_groups; i++) {
            area[RIG_AREA_BUSY] += end_area(&c->groups[i].busy, length_s);
            area[RIG_AREA_ON_DUTY] += end_area(&c->groups[i].on_duty, length_s);
        }
        c->base_s = c->interval_end_s;
        c->is_after = c->i_interval + 1 == c->n_intervals;
        if (c->first_counted > 0 && c->i_interval + 1 == c->first_counted)
            forget(c);
        if (!c->is_after)
            c->i_interval++;
        c->interval_end_s = c->is_after ? INFINITY : end_of_interval(c, c->i_interval);
    }
}

uint32_t rig_statistics_interval(const rig_centre *c, uint32_t attempt)
{
    return c->is_after && attempt > 0 ? RIG_NONE : c->i_interval;
}

void rig_statistics_note(const rig_centre *c, uint32_t caller, uint32_t attempt,
                         rig_milestone which, double at_s)
{
    if (c->output->instants == NULL || c->input->schedule == NULL)
        return;
    const uint32_t row = rig_callers_row(&c->callers, caller, attempt);
    if (row == RIG_NO_ROW)
        return;
    rig_call_instants *of = &c->output->instants[row];
    switch (which) {
    case RIG_MILESTONE_PORT:
        of->port_s = at_s;
        break;
    case RIG_MILESTONE_QUEUE:
        of->queue_s = at_s;
        break;
    case RIG_MILESTONE_RING:
        of->ring_s = at_s;
        break;
    case RIG_MILESTONE_TALK:
        of->talk_s = at_s;
        break;
    case RIG_MILESTONE_END:
        of->end_s = at_s;
        break;
    }
}

/* The accounts that a call is booked in. */
typedef struct accounts {
    rig_account *all[1 + RIG_N_SCOPE_KINDS];
    size_t n, n_of_caller; /* the agents' comes last */
} accounts;

/* Asked before the index is found out, which takes draws. */
static bool has_parts(const rig_centre *c, rig_scope_kind kind)
{
    return c->first_part[kind] != RIG_METRIC_WHOLE;
}

static void take(rig_centre *c, accounts *of, rig_scope_kind kind, uint32_t index)
{
    of->all[of->n++] = &c->parts[c->first_part[kind] - 1u + index];
}

/* The whole, and the parts that a caller belongs to. @param skill  Known from the queue on. */
static inline void find_accounts(rig_centre *c, uint32_t caller, uint32_t attempt, uint32_t skill,
                                 rig_stage stage, accounts *of)
{
    of->all[0] = &c->whole;
    of->n = 1;
    if (c->n_parts > 0) {
        if (has_parts(c, RIG_SCOPE_TRUNKS))
            take(c, of, RIG_SCOPE_TRUNKS, rig_callers_trunk(&c->callers, caller, attempt));
        if (has_parts(c, RIG_SCOPE_CLASSES))
            take(c, of, RIG_SCOPE_CLASSES, rig_callers_class(&c->callers, caller));
        if (has_parts(c, RIG_SCOPE_SKILLS) && stage >= RIG_STAGE_QUEUE &&
            c->scenario->ivr.n_choices > 0)
            take(c, of, RIG_SCOPE_SKILLS, skill);
    }
    of->n_of_caller = of->n;
}

/* The same, and the agents whose phone rang last. */
static inline void find_accounts_of_slot(rig_centre *c, const rig_slot *slot, rig_stage stage,
                                         accounts *of)
{
    find_accounts(c, slot->caller, slot->attempt, slot->skill, stage, of);
    if (has_parts(c, RIG_SCOPE_AGENTS) && stage == RIG_STAGE_AGENT && slot->agent != RIG_NONE)
        take(c, of, RIG_SCOPE_AGENTS, c->pools[c->agents[slot->agent].pool].group);
}

static void count_outcome(rig_centre *c, uint32_t caller, uint32_t attempt, uint32_t skill,
                          rig_outcome outcome, rig_stage stage)
{
    const bool is_failed = outcome == RIG_OUTCOME_LOST_TRUNK && c->n_centre_down > 0;
    accounts of;
    find_accounts(c, caller, attempt, skill, stage, &of);
    for (size_t i = 0; i < of.n; i++) {
        rig_tally_add(&of.all[i]->tally, outcome, stage);
        of.all[i]->counts.n_failed += is_failed;
    }
}

void rig_statistics_answer(rig_centre *c, const rig_slot *slot, double setup_s)
{
    if (!is_counted(c, slot->interval))
        return;
    accounts of;
    find_accounts(c, slot->caller, slot->attempt, 0, RIG_STAGE_IVR, &of);
    for (size_t i = 0; i < of.n; i++) {
        rig_histogram_add(&of.all[i]->setup, setup_s);
        of.all[i]->counts.n_centre_answered++;
    }
}

/* The caller hung up before an agent answered. */
static bool is_abandoned(const rig_slot *slot, rig_outcome outcome)
{
    return outcome == RIG_OUTCOME_LOST_AGENT ||
           (outcome == RIG_OUTCOME_LOST_QUEUE && !slot->is_sent_away);
}

void rig_statistics_left(rig_centre *c, const rig_slot *slot, rig_outcome outcome, rig_stage stage)
{
    const bool is_answered = slot->state == RIG_SLOT_TALKS;
    if (stage < RIG_STAGE_QUEUE || !is_counted(c, slot->interval))
        return;
    accounts of;
    find_accounts_of_slot(c, slot, stage, &of);
    for (size_t i = 0; i < of.n; i++) {
        rig_account *a = of.all[i];
        if (!is_answered) {
            rig_histogram_add(&a->left, c->now_s - slot->queued_s);
            rig_metrics_count_wait(&a->counts, c->now_s - slot->queued_s, false,
                                   is_abandoned(slot, outcome), &c->scenario->queue);
            rig_metrics_count_announced(&a->counts, slot->announced_s, slot->is_balking);
        }
        a->counts.n_cut += is_answered && outcome == RIG_OUTCOME_DROPPED;
        a->counts.n_talks += outcome == RIG_OUTCOME_SERVED;
        a->counts.talks_s += outcome == RIG_OUTCOME_SERVED ? c->now_s - slot->talks_s : 0.0;
        if (i >= of.n_of_caller) /* its outcome was not booked there */
            rig_tally_add(&a->tally, outcome, stage);
    }
}

void rig_statistics_outcome(rig_centre *c, uint32_t caller, uint32_t attempt, uint32_t interval,
                            uint32_t skill, rig_outcome outcome, rig_stage stage)
{
    rig_centre_output *output = c->output;
    const uint32_t row = rig_callers_row(&c->callers, caller, attempt);
    if (output->fates != NULL && c->input->schedule != NULL && row != RIG_NO_ROW &&
        (attempt == 0 || is_counted(c, interval)))
        output->fates[row] = outcome;
    if (outcome != RIG_OUTCOME_NOT_PLACED && outcome != RIG_OUTCOME_IN_PROGRESS)
        rig_statistics_note(c, caller, attempt, RIG_MILESTONE_END, c->now_s);
    if (!is_counted(c, interval))
        return;
    count_outcome(c, caller, attempt, skill, outcome, stage);
    if (outcome == RIG_OUTCOME_NOT_PLACED)
        return;
    c->counts.n_callers += attempt == 0;
    c->counts.n_redials += attempt > 0;
    const bool is_served = outcome == RIG_OUTCOME_SERVED || outcome == RIG_OUTCOME_SELF_SERVED;
    c->counts.n_served_callers += is_served;
    if (rig_callers_dials_backup(&c->callers, caller, attempt)) {
        c->counts.n_backup++;
        c->counts.n_backup_served += is_served;
    }
    if (output->intervals == NULL || interval == RIG_NONE)
        return;
    rig_interval *in = &output->intervals[interval];
    in->n_offered += 1.0;
    if (stage >= RIG_STAGE_QUEUE)
        c->interval_n_queued[interval]++;
    if (outcome == RIG_OUTCOME_SERVED)
        in->n_served += 1.0;
    else if (outcome == RIG_OUTCOME_SELF_SERVED)
        in->n_self_served += 1.0;
    else if (outcome == rig_outcome_lost_at(stage))
        in->n_lost[stage] += 1.0;
    else if (outcome == RIG_OUTCOME_DEFLECTED)
        in->n_deflected += 1.0;
    else if (outcome == RIG_OUTCOME_DROPPED)
        in->n_dropped += 1.0;
}

void rig_statistics_wait(rig_centre *c, const rig_slot *slot)
{
    const double wait_s = c->now_s - slot->queued_s;
    accounts of;
    if (!is_counted(c, slot->interval))
        return;
    find_accounts_of_slot(c, slot, RIG_STAGE_AGENT, &of);
    for (size_t i = 0; i < of.n; i++) {
        rig_histogram_add(&of.all[i]->answered, wait_s);
        rig_metrics_count_wait(&of.all[i]->counts, wait_s, true, false, &c->scenario->queue);
        rig_metrics_count_announced_answer(&of.all[i]->counts, slot->announced_s, wait_s);
        of.all[i]->counts.n_emergency += c->is_emergency;
    }
    if (c->output->intervals != NULL && slot->interval != RIG_NONE) {
        rig_histogram_add(&c->interval_wait[slot->interval], wait_s);
        c->interval_n_within[slot->interval] += wait_s <= c->scenario->queue.service_level_s;
    }
}

/* NAN where there is nothing to divide by. */
static double ratio(double part, double whole)
{
    return whole > 0.0 ? part / whole : (double)NAN;
}

static const double wait_quantiles[] = {0.5, 0.95};

static void fill_interval(const rig_centre *c, size_t i, rig_interval *in)
{
    const double length_s = end_of_interval(c, i) - (double)i * c->scenario->interval_s;
    const double *area = c->interval_area + i * RIG_N_AREAS;
    const rig_histogram *wait = &c->interval_wait[i];
    in->mean_circuits = area[RIG_AREA_CIRCUITS] / length_s;
    in->mean_queue = area[RIG_AREA_WAITING] / length_s;
    in->mean_on_duty = area[RIG_AREA_ON_DUTY] / length_s;
    in->mean_busy = area[RIG_AREA_BUSY] / length_s;
    in->occupancy = ratio(area[RIG_AREA_BUSY], area[RIG_AREA_ON_DUTY]);
    in->service_level = ratio((double)c->interval_n_within[i], (double)c->interval_n_queued[i]);
    in->wait_mean_s = rig_histogram_mean_s(wait);
    double quantile_s[2];
    rig_histogram_quantiles_s(wait, wait_quantiles, 2, quantile_s);
    in->wait_p50_s = quantile_s[0];
    in->wait_p95_s = quantile_s[1];
    in->wait_max_s = wait->n > 0 ? wait->max_s : (double)NAN;
}

static void fill_trunks(const rig_centre *c, double *trunks)
{
    for (uint32_t i = 0; i < c->n_trunks; i++, trunks += RIG_N_TRUNK_METRICS) {
        const rig_trunk *t = &c->trunks[i];
        trunks[RIG_TRUNK_N_OFFERED] = (double)t->n_offered;
        trunks[RIG_TRUNK_N_OVERFLOWED_IN] = (double)t->n_overflowed_in;
        trunks[RIG_TRUNK_N_REFUSED] = (double)t->n_refused;
        trunks[RIG_TRUNK_MEAN_CIRCUITS] = t->in_use.area / counted_s(c);
        trunks[RIG_TRUNK_PEAK_CIRCUITS] = (double)t->peak;
    }
}

static void fill_groups(const rig_centre *c, double *groups)
{
    for (uint32_t i = 0; i < c->n_groups; i++) {
        const rig_group *g = &c->groups[i];
        double *to = groups + i * (size_t)RIG_N_GROUP_METRICS;
        double n_agents = 0.0;
        for (uint32_t p = 0; p < c->n_pools; p++) {
            if (c->pools[p].group == i)
                n_agents += (double)c->pools[p].n_used;
        }
        to[RIG_GROUP_OCCUPANCY] = ratio(g->busy.area, g->on_duty.area);
        to[RIG_GROUP_MEAN_ON_DUTY] = g->on_duty.area / counted_s(c);
        to[RIG_GROUP_N_TALKS] = (double)g->n_talks;
        to[RIG_GROUP_MEAN_TALKS] = ratio((double)g->n_talks, n_agents);
        to[RIG_GROUP_MOST_TALKS] = (double)g->most_talks;
    }
}

static void fill_metrics(const rig_centre *c, double metrics[RIG_N_METRICS])
{
    const rig_centre_counts *n = &c->counts;
    double circuits = 0.0, busy = 0.0, on_duty = 0.0;
    for (uint32_t i = 0; i < c->n_trunks; i++)
        circuits += c->trunks[i].in_use.area;
    for (uint32_t i = 0; i < c->n_groups; i++) {
        busy += c->groups[i].busy.area;
        on_duty += c->groups[i].on_duty.area;
    }
    rig_account_fill(&c->whole, metrics);
    metrics[RIG_METRIC_OCCUPANCY] = ratio(busy, on_duty);
    metrics[RIG_METRIC_MEAN_CIRCUITS] = circuits / counted_s(c);
    metrics[RIG_METRIC_PEAK_CIRCUITS] = (double)c->peak_circuits;
    rig_metrics_of_circuits(rig_scenario_mean_of_trunks(c->scenario),
                            rig_scenario_n_circuits(c->scenario), metrics);
    metrics[RIG_METRIC_PEAK_QUEUE] = (double)c->peak_queue;
    metrics[RIG_METRIC_N_CALLERS] = (double)n->n_callers;
    metrics[RIG_METRIC_N_REDIALS] = (double)n->n_redials;
    metrics[RIG_METRIC_SERVED_IN_THE_END] =
        ratio((double)n->n_served_callers, (double)n->n_callers);
    if (!rig_scenario_knows_the_end(c->scenario))
        metrics[RIG_METRIC_SERVED_IN_THE_END] = (double)NAN;
    metrics[RIG_METRIC_N_BACKUP_CALLS] = (double)n->n_backup;
    metrics[RIG_METRIC_BACKUP_CONNECT_RATE] =
        ratio((double)n->n_backup_served, (double)n->n_backup);
    metrics[RIG_METRIC_N_CALL_BACKS] = (double)n->n_call_backs;
    metrics[RIG_METRIC_N_CALLED_BACK] = (double)n->n_called_back;
    metrics[RIG_METRIC_N_NEVER_REACHED] = (double)n->n_never_reached;
    metrics[RIG_METRIC_CALL_BACKS_END_S] = c->call_backs_end_s;
    metrics[RIG_METRIC_CALL_BACK_DELAY_MEAN_S] =
        ratio(c->call_back_delays_s, (double)c->n_first_dials);
    metrics[RIG_METRIC_PROMISE_KEPT_RATE] =
        c->scenario->call_back.promise_s > 0.0
            ? ratio((double)c->n_in_promise, (double)c->n_first_dials)
            : (double)NAN;
}

/* What the account of a part does not hold. */
static void fill_part(const rig_centre *c, uint32_t part, double *metrics)
{
    const rig_scope_part p = rig_scope_part_of(c->scenario, part);
    rig_account_fill(&c->parts[part - 1u], metrics);
    if (p.kind == RIG_SCOPE_TRUNKS) {
        const rig_trunk *t = &c->trunks[p.index];
        metrics[RIG_METRIC_MEAN_CIRCUITS] = t->in_use.area / counted_s(c);
        metrics[RIG_METRIC_PEAK_CIRCUITS] = (double)t->peak;
        rig_metrics_of_circuits(rig_scenario_mean_of_trunk(c->scenario, p.index),
                                c->scenario->trunks[p.index].n_circuits, metrics);
    } else if (p.kind == RIG_SCOPE_AGENTS) {
        const rig_group *g = &c->groups[p.index];
        metrics[RIG_METRIC_OCCUPANCY] = ratio(g->busy.area, g->on_duty.area);
    }
    for (int m = 0; m < RIG_N_METRICS; m++) {
        if (!rig_scope_has(c->scenario, part, (rig_metric)m))
            metrics[m] = (double)NAN;
    }
}

static void fill_parts(const rig_centre *c, double *parts)
{
    for (uint32_t part = 1; part <= c->n_parts; part++)
        fill_part(c, part, parts + (size_t)(part - 1u) * RIG_N_METRICS);
}

void rig_statistics_cut(rig_centre *c, double end_s)
{
    if (end_s >= c->interval_end_s)
        rig_statistics_pass(c, rig_earlier_s(end_s, c->scenario->traffic.duration_s));
    if (c->is_after)
        return;
    c->now_s = end_s;
    rig_gauge_add(c, &c->waiting, -c->waiting.level);
    for (uint32_t i = 0; i < c->n_trunks; i++)
        rig_gauge_add(c, &c->trunks[i].in_use, -c->trunks[i].in_use.level);
    for (uint32_t i = 0; i < c->n_groups; i++) {
        rig_gauge_add(c, &c->groups[i].busy, -c->groups[i].busy.level);
        rig_gauge_add(c, &c->groups[i].on_duty, -c->groups[i].on_duty.level);
    }
}

void rig_statistics_end(rig_centre *c)
{
    rig_centre_output *output = c->output;
    rig_statistics_pass(c, c->scenario->traffic.duration_s);
    output->tally = c->whole.tally;
    output->counts = c->counts;
    fill_metrics(c, output->metrics);
    for (size_t i = 0; output->intervals != NULL && i < c->n_intervals; i++)
        fill_interval(c, i, &output->intervals[i]);
    if (output->trunks != NULL)
        fill_trunks(c, output->trunks);
    if (output->groups != NULL)
        fill_groups(c, output->groups);
    if (output->parts != NULL)
        fill_parts(c, output->parts);
}
