/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verdict/judge.h"

#include <stdlib.h>

#include "verdict/diagnosis/explain.h"
#include "verdict/judge/cut.h"
#include "verdict/judge/reactions.h"
#include "core/clock.h"
#include "verdict/redialled.h"

void rig_judged_run_clear(rig_judged_run *j)
{
    rig_verdict_free(j->verdict);
    rig_diagnosis_free(j->diagnosis);
    rig_prediction_free(j->prediction);
    rig_delays_clear(&j->delays);
    free(j->lateness_ms);
    rig_observed_free(j->observed);
    rig_join_free(j->join);
    rig_calls_free(j->cut);
    free(j->own.items);
    *j = (rig_judged_run){0};
}

/* Planned calls whose instant had come. */
static size_t count_due(const rig_judge_input *input)
{
    const rig_schedule *schedule = input->schedule;
    const rig_interim_facts *looks = &input->play->looks;
    size_t n = rig_schedule_n_first(schedule);
    while (looks->is_stopped && n > 0 && schedule->calls[n - 1].t_s > looks->at_s)
        n--;
    return n;
}

/* Planned and actual instants, ns since the epoch. @param whole  Also of calls that came late. */
static rig_status compare_instants(const rig_judge_input *input, const rig_join *whole,
                                   rig_judged_run *j, rig_load_facts *load)
{
    const size_t n = count_due(input);
    rig_status status = RIG_ENOMEM;
    int64_t *planned_ns = calloc(n + 1, sizeof *planned_ns);
    int64_t *actual_ns = calloc(n + 1, sizeof *actual_ns);
    j->lateness_ms = calloc(n + 1, sizeof *j->lateness_ms);
    if (planned_ns == NULL || actual_ns == NULL || j->lateness_ms == NULL)
        goto out;
    for (size_t i = 0; i < n; i++) {
        const rig_call *call = whole->observed[i];
        double wire_s = input->schedule->calls[i].t_s / input->scenario->time_scale;
        planned_ns[i] = input->play->start_epoch_ns + rig_clock_ns_of_s(wire_s);
        actual_ns[i] = call != NULL ? call->t_invite_ns : RIG_NO_TIME;
        if (call != NULL)
            j->lateness_ms[j->n_lateness++] = (double)(actual_ns[i] - planned_ns[i]) * 1e-6;
    }
    status = rig_lateness_compare(planned_ns, actual_ns, n, &j->lateness);
    if (status == RIG_OK)
        status = rig_hosts_measure(input->play, planned_ns, actual_ns, n, &j->hosts);
    load->p_window = rig_lateness_window_share(
        planned_ns, n, rig_clock_ns_of_s(input->scenario->gate.max_lateness_p99_ms * 1e-3));
out:
    free(planned_ns);
    free(actual_ns);
    return status;
}

/* The join of what was due; `whole` is joined already, and is handed over where nothing is cut. */
static rig_status join_due(const rig_judge_input *input, rig_join **whole, rig_judged_run *j)
{
    const double time_scale = input->scenario->time_scale;
    const rig_interim_facts *looks = &input->play->looks;
    const int64_t start_ns = input->play->start_epoch_ns;
    j->calls = input->calls;
    if (!looks->is_stopped) {
        j->join = *whole;
        *whole = NULL;
        return RIG_OK;
    }
    rig_status status = rig_cut_calls(
        input->calls, start_ns + rig_clock_ns_of_s(looks->at_s / time_scale), &j->cut);
    if (status == RIG_OK)
        status = rig_join_new(input->schedule, j->cut, start_ns, time_scale, &j->join);
    if (status != RIG_OK)
        return status;
    rig_cut_join(j->join, *whole, input->schedule, looks->at_s);
    j->calls = j->cut;
    return RIG_OK;
}

static rig_status measure_delays(const rig_join *join, const rig_scenario *scenario,
                                 const rig_schedule *schedule, rig_delays *delays, size_t *n_odd)
{
    rig_status status = rig_join_measure_delays(join, schedule, scenario, delays, n_odd);
    return status == RIG_OK ? rig_reactions_measure(join, scenario, delays) : status;
}

rig_status rig_judge_delays(const rig_scenario *scenario, const rig_schedule *schedule,
                            const rig_calls *calls, int64_t start_ns, rig_delays *delays,
                            rig_error *err)
{
    rig_join *join = NULL;
    rig_delays found = {0};
    size_t n_odd = 0;
    rig_status status = rig_join_new(schedule, calls, start_ns, scenario->time_scale, &join);
    if (status == RIG_OK)
        status = measure_delays(join, scenario, schedule, &found, &n_odd);
    rig_join_free(join);
    free(found.own); /* of these calls alone */
    found.own = NULL;
    if (status != RIG_OK) {
        rig_delays_clear(&found);
        return rig_fail(err, status, "measuring the delays: %s", rig_status_text(status));
    }
    *delays = found;
    return RIG_OK;
}

/* Without calls that nobody planned: strangers, and agents' legs whose caller nobody knows. */
static rig_status keep_own(const rig_judge_input *input, rig_judged_run *j)
{
    j->own = *j->calls;
    j->own.n = 0;
    j->own.items = calloc(j->calls->n + 1, sizeof *j->own.items);
    if (j->own.items == NULL)
        return RIG_ENOMEM;
    for (size_t i = 0; i < j->calls->n; i++) {
        const rig_call *call = &j->calls->items[i];
        if (call->planned_index >= 0 && (uint64_t)call->planned_index < input->schedule->n)
            j->own.items[j->own.n++] = *call;
    }
    return RIG_OK;
}

static rig_status measure(const rig_judge_input *input, rig_judged_run *j, rig_load_facts *load,
                          rig_error *err)
{
    const rig_scenario *scenario = input->scenario;
    const double time_scale = scenario->time_scale;
    const int64_t start_ns = input->play->start_epoch_ns;
    rig_join *whole = NULL;
    rig_status status = rig_join_new(input->schedule, input->calls, start_ns, time_scale, &whole);
    if (status == RIG_OK) {
        /* of all that were placed: what the capture misses has no instant to cut it by */
        const uint64_t n_seen = whole->n_due - whole->n_not_placed;
        load->n_placed_by_rig = input->play->n_placed > n_seen ? input->play->n_placed - n_seen : 0;
        load->n_doubled = whole->n_doubled;
        load->n_unmatched = input->calls->n_unmatched;
        load->n_uncertain = input->calls->n_uncertain;
        status = compare_instants(input, whole, j, load);
    }
    if (status == RIG_OK)
        status = join_due(input, &whole, j);
    rig_join_free(whole);
    if (status == RIG_OK) {
        rig_join_leave_warm_up(j->join, rig_scenario_counted_from_s(scenario));
        status = keep_own(input, j);
    }
    if (status == RIG_OK)
        status =
            rig_observed_new(j->join, input->schedule, &j->own, scenario, start_ns, &j->observed);
    if (status == RIG_OK)
        status = rig_observed_add_parts(j->join, input->schedule, scenario, start_ns, j->observed);
    if (status == RIG_OK)
        status = measure_delays(j->join, scenario, input->schedule, &j->delays, &j->n_odd);
    if (status != RIG_OK)
        return rig_fail(err, status, "measuring the run: %s", rig_status_text(status));
    load->n_placed_by_rig += j->observed->tally.n_offered;
    load->n_planned = j->join->n_due;
    if (!input->play->looks.is_stopped)
        rig_redialled_count(j->join, input->schedule, load);
    return RIG_OK;
}

/* What is not as the scenario says, and how much of the deviation it explains. */
static rig_status find_cause(const rig_judge_input *input, const rig_predict_options *how,
                             rig_judged_run *j, rig_error *err)
{
    const int64_t start_ns = input->play->start_epoch_ns;
    const rig_diagnosis_input look = {input->scenario, &j->own, start_ns, input->schedule};
    const rig_explain_input explain = {.scenario = input->scenario,
                                       .how = how,
                                       .prediction = j->prediction,
                                       .observed_metrics = j->observed->metrics,
                                       .observed_parts = j->observed->parts,
                                       .observed = j->join->observed,
                                       .start_epoch_ns = start_ns};
    rig_status status = rig_diagnose(&look, &j->diagnosis, err);
    return status == RIG_OK ? rig_diagnosis_explain(&explain, j->diagnosis, err) : status;
}

rig_status rig_judge(const rig_judge_input *input, rig_judged_run *j, rig_error *err)
{
    const rig_play_facts *play = input->play;
    rig_load_facts load = {.was_stopped = play->was_stopped,
                           .elsewhere = play->elsewhere,
                           .n_kernel_dropped = play->n_kernel_dropped,
                           .n_packets = play->n_packets,
                           .hosts = &j->hosts,
                           .clock_step_ms = (double)play->clock_step_ns * 1e-6};
    rig_status status = measure(input, j, &load, err);
    if (status != RIG_OK)
        return status;
    load.lateness_p99_ms = j->lateness.abs_p99_ms;
    load.ks_distance = j->lateness.ks;
    const rig_predict_options how = {
        .n_replications = input->n_replays > 0 ? input->n_replays : input->scenario->gate.n_replays,
        .n_threads = input->n_threads,
        .team = input->team,
        .schedule = input->schedule,
        .arrival_s = j->join->arrival_s,
        .delays = &j->delays,
        .without_fates = input->without_fates,
        .end_s = play->looks.is_stopped ? play->looks.at_s : 0.0,
        .stop = input->stop,
        .progress = input->progress,
        .ctx = input->ctx};
    status = rig_predict(input->scenario, &how, &j->prediction, err);
    if (status == RIG_OK && input->with_diagnosis)
        status = find_cause(input, &how, j, err);
    if (status != RIG_OK)
        return status;
    const rig_set_up_input set_up = {.scenario = input->scenario,
                                     .schedule = input->schedule,
                                     .play = play,
                                     .join = j->join,
                                     .wire = input->wire,
                                     .said = input->said,
                                     .n_served = j->prediction->metrics[RIG_METRIC_N_SERVED].mean};
    const rig_verdict_input verdict = {.scenario = input->scenario,
                                       .load = &load,
                                       .interim = play->looks,
                                       .prediction = j->prediction,
                                       .observed = &j->observed->tally,
                                       .observed_counts = &j->observed->counts,
                                       .observed_metrics = j->observed->metrics,
                                       .observed_intervals = j->observed->intervals,
                                       .observed_parts = j->observed->parts,
                                       .diagnosis = j->diagnosis,
                                       .set_up = &set_up};
    return rig_verdict_new(&verdict, &j->verdict, err);
}
