/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verdict/observed.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "verdict/judge/circuits.h"
#include "verdict/judge/cut.h"
#include "verdict/judge/intervals.h"
#include "verdict/judge/occupancy.h"
#include "verdict/measured.h"
#include "verdict/redialled.h"
#include "analyzer/usage.h"

void rig_observed_free(rig_observed *observed)
{
    if (observed == NULL)
        return;
    free(observed->intervals);
    free(observed->parts);
    free(observed);
}

static void tally_calls(const rig_join *join, rig_tally *tally)
{
    for (size_t i = 0; i < join->n_planned; i++) {
        const rig_call *call = join->observed[i];
        if (call != NULL && rig_join_counts(join, i))
            rig_tally_add(tally, call->outcome, rig_cut_stage(join, call));
    }
    for (size_t i = 0; i < join->n_not_placed; i++)
        rig_tally_add(tally, RIG_OUTCOME_NOT_PLACED, RIG_STAGE_TRUNK);
}

static rig_status measure_times(const rig_join *join, const rig_scenario *scenario,
                                rig_observed *observed)
{
    rig_measured m;
    rig_status status = rig_measured_make(join->n_planned, &m);
    m.tally = observed->tally;
    for (size_t i = 0; i < join->n_planned && status == RIG_OK; i++) {
        if (join->observed[i] != NULL && rig_join_counts(join, i))
            rig_measured_add(join->observed[i], scenario, &m);
    }
    if (status == RIG_OK)
        rig_measured_fill(&m, observed->metrics);
    observed->counts = m.counts;
    rig_measured_clear(&m);
    return status;
}

static void fill_callers(const rig_join *join, const rig_schedule *schedule,
                         const rig_scenario *scenario, rig_observed *observed)
{
    double *metrics = observed->metrics;
    const bool calls_back = rig_scenario_calls_back(scenario);
    if (calls_back && join->is_cut)
        return; /* promises are kept when the peak is over */
    const rig_persons all = rig_redialled_sum(join, schedule, scenario->call_back.promise_s);
    metrics[RIG_METRIC_N_CALLERS] = (double)all.n;
    metrics[RIG_METRIC_N_REDIALS] = (double)all.n_redials;
    metrics[RIG_METRIC_N_BACKUP_CALLS] = (double)all.n_backup;
    metrics[RIG_METRIC_BACKUP_CONNECT_RATE] =
        all.n_backup > 0 ? (double)all.n_backup_served / (double)all.n_backup : (double)NAN;
    metrics[RIG_METRIC_SERVED_IN_THE_END] = all.n > 0 && rig_scenario_knows_the_end(scenario)
                                                ? (double)all.n_served / (double)all.n
                                                : (double)NAN;
    if (!calls_back)
        return;
    metrics[RIG_METRIC_N_CALL_BACKS] = (double)all.n_call_backs;
    metrics[RIG_METRIC_N_CALLED_BACK] = (double)all.n_called_back;
    metrics[RIG_METRIC_N_NEVER_REACHED] = (double)all.n_never_reached;
    metrics[RIG_METRIC_CALL_BACKS_END_S] = all.call_backs_end_s;
    metrics[RIG_METRIC_CALL_BACK_DELAY_MEAN_S] = all.call_back_delay_mean_s;
    metrics[RIG_METRIC_PROMISE_KEPT_RATE] = all.promise_kept_rate;
}

/* Calls and calls back: all hold circuits. @param[out] all  Its items are the caller's to free;
 * what they own is not theirs. */
static rig_status all_calls(const rig_calls *calls, rig_calls *all)
{
    *all = *calls;
    all->items = malloc((calls->n + calls->n_backs + 1) * sizeof *all->items);
    if (all->items == NULL)
        return RIG_ENOMEM;
    memcpy(all->items, calls->items, calls->n * sizeof *all->items);
    for (size_t i = 0; i < calls->n_backs; i++)
        all->items[all->n++] = calls->backs[i];
    return RIG_OK;
}

/* Of the circuits alone what calls back hold counts, too. */
static rig_status measure_circuits(const rig_calls *calls, const rig_scenario *scenario,
                                   int64_t start_epoch_ns, int64_t interval_ns,
                                   rig_observed *observed)
{
    rig_calls all = {0};
    rig_usage *usage = NULL;
    rig_status status = all_calls(calls, &all);
    if (status == RIG_OK)
        status = rig_usage_measure(&all, start_epoch_ns, interval_ns, &usage, NULL);
    free(all.items);
    if (status != RIG_OK)
        return status;
    for (size_t i = 0; i < observed->n_intervals && i < usage->n_intervals; i++)
        observed->intervals[i].mean_circuits = usage->intervals[i].mean_in_use;
    observed->metrics[RIG_METRIC_PEAK_CIRCUITS] = rig_observed_peak_circuits(usage, scenario);
    observed->metrics[RIG_METRIC_MEAN_CIRCUITS] = rig_observed_mean_circuits(usage, scenario);
    rig_metrics_of_circuits(rig_scenario_mean_of_trunks(scenario),
                            rig_scenario_n_circuits(scenario), observed->metrics);
    rig_usage_free(usage);
    return RIG_OK;
}

/* All calls on the wire held circuits: those without a plan, too. */
static rig_status measure_lines(const rig_calls *calls, const rig_scenario *scenario,
                                int64_t start_epoch_ns, rig_observed *observed)
{
    rig_usage *usage = NULL;
    int64_t interval_ns = rig_clock_ns_of_s(scenario->interval_s / scenario->time_scale);
    rig_status status = rig_usage_measure(calls, start_epoch_ns, interval_ns, &usage, NULL);
    if (status != RIG_OK)
        return status;
    for (size_t i = 0; i < observed->n_intervals && i < usage->n_intervals; i++) {
        const rig_usage_interval *from = &usage->intervals[i];
        rig_interval *to = &observed->intervals[i];
        to->n_offered = (double)from->n_offered;
        to->n_served = (double)from->n_served;
        to->n_self_served = (double)from->n_self_served;
        to->mean_circuits = from->mean_in_use;
        for (int s = 0; s < RIG_N_STAGES; s++)
            to->n_lost[s] = (double)from->n_lost[s];
    }
    /* of lines that grow and shrink there is no one number at which refusals begin */
    bool is_refused = usage->n_refusals > 0 && !rig_scenario_has_line_steps(scenario);
    observed->metrics[RIG_METRIC_PEAK_CIRCUITS] = rig_observed_peak_circuits(usage, scenario);
    observed->refusals_begin_at = is_refused ? (int64_t)usage->min_in_use_at_refusal : -1;
    observed->refusal_median = is_refused ? usage->median_in_use_at_refusal : (double)NAN;
    observed->refusal_max = is_refused ? (int64_t)usage->max_in_use_at_refusal : -1;
    observed->carried_erl = usage->carried_erl;
    observed->metrics[RIG_METRIC_MEAN_CIRCUITS] = rig_observed_mean_circuits(usage, scenario);
    rig_metrics_of_circuits(rig_scenario_mean_of_trunks(scenario),
                            rig_scenario_n_circuits(scenario), observed->metrics);
    rig_usage_free(usage);
    return calls->n_backs > 0
               ? measure_circuits(calls, scenario, start_epoch_ns, interval_ns, observed)
               : RIG_OK;
}

/* Calls of the warm-up are counted nowhere; levels are what they were. */
static void leave_warm_up(const rig_scenario *scenario, rig_observed *observed)
{
    const size_t n = rig_scenario_n_warm_up(scenario);
    for (size_t i = 0; i < n && i < observed->n_intervals; i++) {
        rig_interval *in = &observed->intervals[i];
        in->n_offered = in->n_served = in->n_self_served = 0.0;
        in->n_deflected = in->n_dropped = 0.0;
        for (int s = 0; s < RIG_N_STAGES; s++)
            in->n_lost[s] = 0.0;
        in->service_level = in->wait_mean_s = in->wait_p50_s = (double)NAN;
        in->wait_p95_s = in->wait_max_s = (double)NAN;
    }
}

rig_status rig_observed_new(const rig_join *join, const rig_schedule *schedule,
                            const rig_calls *calls, const rig_scenario *scenario,
                            int64_t start_epoch_ns, rig_observed **observed)
{
    rig_observed *made = calloc(1, sizeof *made);
    if (made == NULL)
        return RIG_ENOMEM;
    made->n_intervals = rig_centre_n_intervals(scenario);
    made->intervals = calloc(made->n_intervals, sizeof *made->intervals);
    rig_status status = made->intervals == NULL ? RIG_ENOMEM : RIG_OK;
    if (status == RIG_OK) {
        tally_calls(join, &made->tally);
        status = measure_times(join, scenario, made);
    }
    if (status == RIG_OK)
        status = measure_lines(calls, scenario, start_epoch_ns, made);
    if (status == RIG_OK)
        status = rig_intervals_measure(calls, scenario, start_epoch_ns, made->intervals,
                                       made->n_intervals);
    if (status == RIG_OK) {
        leave_warm_up(scenario, made);
        fill_callers(join, schedule, scenario, made);
        made->metrics[RIG_METRIC_OCCUPANCY] = rig_occupancy(join, scenario, start_epoch_ns, NULL);
    }
    if (status != RIG_OK) {
        rig_observed_free(made);
        return status;
    }
    *observed = made;
    return RIG_OK;
}
