#include "reports/result_json.h"

#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "verdict/early_stop.h"
#include "reports/json/load.h"
#include "reports/json/diagnosis.h"
#include "reports/json/over_time.h"
#include "reports/prediction_json.h"

#define N_BINS 40

static json_t *pair(double low, double high)
{
    return json_pack("[o, o]", rig_json_real(low), rig_json_real(high));
}

static json_t *run_json(const rig_result *r)
{
    const rig_play_facts *play = r->play;
    char start_utc[RIG_UTC_TEXT_SIZE];
    rig_clock_format_utc(play->start_epoch_ns, start_utc);
    return json_pack("{s:s, s:s, s:f, s:I, s:I, s:I, s:f, s:s}", "target", play->target,
                     "start_utc", start_utc, "wire_s",
                     rig_clock_s_of_ns(play->end_epoch_ns - play->start_epoch_ns), "workers",
                     (json_int_t)play->n_workers, "packets", (json_int_t)play->n_packets,
                     "kernel_dropped", (json_int_t)play->n_kernel_dropped, "clock_step_ms",
                     (double)play->clock_step_ns * 1e-6, "sipp", play->sipp);
}

/* A run at a centre that was broken on purpose must not be taken for an honest one. */
static json_t *target_json(const rig_play_facts *play)
{
    json_t *defects = json_array();
    for (size_t i = 0; i < play->n_defects; i++)
        (void)json_array_append_new(defects, json_string_nocheck(play->defects[i]));
    return json_pack("{s:o}", "defects", defects);
}

static json_t *checks_json(const rig_verdict *verdict)
{
    json_t *list = json_array();
    for (size_t i = 0; i < verdict->n_checks; i++) {
        const rig_check *c = &verdict->checks[i];
        (void)json_array_append_new(list, json_pack("{s:s, s:s, s:b, s:s}", "gate", c->gate, "name",
                                                    c->name, "ok", (int)c->is_ok, "text", c->text));
    }
    return list;
}

static json_t *stages_json(const rig_result *r)
{
    json_t *list = json_array();
    for (int s = 0; s < RIG_N_STAGES; s++) {
        const rig_stage_verdict *v = &r->verdict->stages[s];
        const rig_summary *per_offered = &r->prediction->metrics[RIG_METRIC_P_LOST_PER_OFFERED + s];
        json_t *stage = json_pack(
            "{s:s, s:I, s:I, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:s}",
            "stage", rig_stage_name(v->stage), "entered", (json_int_t)v->n_entered, "lost",
            (json_int_t)v->n_lost, "p_observed", rig_json_real(v->p_observed), "p_predicted",
            rig_json_real(v->p_predicted), "predicted_low", rig_json_real(v->predicted_low),
            "predicted_high", rig_json_real(v->predicted_high), "difference",
            rig_json_real(v->difference), "d90", pair(v->d90_low, v->d90_high), "d95",
            pair(v->d95_low, v->d95_high), "margin", rig_json_real(v->margin), "p_value",
            rig_json_real(v->p_value), "p_value_holm", rig_json_real(v->p_value_holm), "bounds",
            pair(v->bound_low, v->bound_high), "minutes_to_decide",
            rig_json_real(v->minutes_to_decide), "judgement", rig_judgement_name(v->judgement));
        (void)json_object_set_new(stage, "over_time", rig_json_of_over_time(r, v));
        (void)json_object_set_new(
            stage, "p_observed_per_offered",
            rig_json_real(r->observed->metrics[RIG_METRIC_P_LOST_PER_OFFERED + s]));
        (void)json_object_set_new(stage, "p_predicted_per_offered",
                                  rig_json_real(per_offered->mean));
        (void)json_array_append_new(list, stage);
    }
    return list;
}

static json_t *levels_json(const rig_verdict *verdict)
{
    json_t *list = json_array();
    for (size_t i = 0; i < verdict->n_levels; i++) {
        const rig_level_verdict *v = &verdict->levels[i];
        rig_metric metric = rig_metric_of_level(v->level.metric);
        json_t *level = json_pack(
            "{s:s, s:s, s:f, s:o, s:o, s:o, s:s}", "metric", rig_level_metric_name(v->level.metric),
            "unit", rig_metric_describe(metric)->unit, v->level.is_minimum ? "min" : "max",
            v->level.limit, "observed", rig_json_real(v->observed), "low", rig_json_real(v->low),
            "high", rig_json_real(v->high), "judgement", rig_judgement_name(v->judgement));
        (void)json_array_append_new(list, level);
    }
    return list;
}

/* Whether a look has stopped the run, and by what level its stages were failed. */
static json_t *early_stop_json(const rig_result *r)
{
    const rig_verdict *verdict = r->verdict;
    const rig_interim_facts *looks = &r->play->looks;
    const rig_stage_verdict *v = NULL;
    for (int s = RIG_N_STAGES; s-- > 0 && looks->is_stopped;) {
        if (verdict->stages[s].judgement == RIG_JUDGEMENT_FAIL)
            v = &verdict->stages[s];
    }
    return json_pack("{s:b, s:b, s:I, s:f, s:f, s:o, s:s?, s:o, s:I, s:I, s:I}", "on",
                     (int)looks->is_on, "stopped", (int)looks->is_stopped, "looks",
                     (json_int_t)looks->n_looks, "alpha", verdict->alpha, "share",
                     looks->is_stopped ? rig_early_stop_share(looks->look) : 1.0, "at_s",
                     rig_json_real(looks->is_stopped ? looks->at_s : (double)NAN), "stage",
                     v != NULL ? rig_stage_name(v->stage) : NULL, "p_value",
                     rig_json_real(v != NULL ? v->p_value_holm : (double)NAN), "planned",
                     (json_int_t)r->schedule->n, "due", (json_int_t)r->join->n_due, "placed",
                     (json_int_t)r->play->n_placed);
}

/* An outcome and reason, counted. */
typedef struct reason_count {
    const char *reason;
    rig_outcome outcome;
    json_int_t n;
} reason_count;

static int by_reason(const void *a, const void *b)
{
    const rig_call *x = *(const rig_call *const *)a, *y = *(const rig_call *const *)b;
    if (x->outcome != y->outcome)
        return x->outcome < y->outcome ? -1 : 1;
    return strcmp(x->reason, y->reason);
}

static int by_count(const void *a, const void *b)
{
    const reason_count *x = a, *y = b;
    if (x->n != y->n)
        return x->n > y->n ? -1 : 1;
    return x->outcome < y->outcome ? -1 : x->outcome > y->outcome;
}

static json_t *reasons_json(const rig_calls *calls)
{
    json_t *list = NULL;
    const rig_call **sorted = calloc(calls->n + 1, sizeof *sorted);
    reason_count *counts = calloc(calls->n + 1, sizeof *counts);
    size_t n = 0;
    if (sorted == NULL || counts == NULL)
        goto out;
    for (size_t i = 0; i < calls->n; i++)
        sorted[i] = &calls->items[i];
    qsort(sorted, calls->n, sizeof *sorted, by_reason);
    for (size_t i = 0; i < calls->n; i++) {
        if (i == 0 || by_reason(&sorted[i - 1], &sorted[i]) != 0)
            counts[n++] = (reason_count){sorted[i]->reason, sorted[i]->outcome, 0};
        counts[n - 1].n++;
    }
    qsort(counts, n, sizeof *counts, by_count);
    list = json_array();
    for (size_t i = 0; i < n; i++)
        (void)json_array_append_new(list, json_pack("{s:s, s:s, s:I}", "outcome",
                                                    rig_outcome_name(counts[i].outcome), "reason",
                                                    counts[i].reason, "n", counts[i].n));
out:
    free(sorted);
    free(counts);
    return list;
}

static json_t *calls_json(const rig_result *r)
{
    const rig_tally *tally = &r->observed->tally;
    json_t *outcomes = json_object();
    for (int o = 0; o < RIG_N_OUTCOMES; o++)
        (void)json_object_set_new(outcomes, rig_outcome_name((rig_outcome)o),
                                  json_integer((json_int_t)tally->n_outcome[o]));
    return json_pack("{s:I, s:I, s:I, s:I, s:I, s:b, s:o, s:o}", "planned",
                     (json_int_t)r->join->n_due, "offered", (json_int_t)tally->n_offered,
                     "not_placed", (json_int_t)tally->n_not_placed, "doubled",
                     (json_int_t)r->join->n_doubled, "foreign", (json_int_t)r->join->n_foreign,
                     "conserved", (int)rig_tally_conserved(tally, r->join->n_due), "outcomes",
                     outcomes, "reasons", reasons_json(r->calls));
}

static json_t *metrics_json(const rig_result *r)
{
    json_t *list = json_array();
    for (int m = 0; m < RIG_N_METRICS; m++) {
        const rig_metric_info *info = rig_metric_describe((rig_metric)m);
        const rig_summary *s = &r->prediction->metrics[m];
        (void)json_array_append_new(
            list,
            json_pack("{s:s, s:s, s:s, s:o, s:o, s:o, s:o}", "name", info->name, "description",
                      info->description, "unit", info->unit, "observed",
                      rig_json_real(r->observed->metrics[m]), "predicted", rig_json_real(s->mean),
                      "low", rig_json_real(s->low), "high", rig_json_real(s->high)));
    }
    return list;
}

static json_t *trunk_json(const rig_result *r)
{
    const rig_observed *o = r->observed;
    json_t *at_refusal = json_null();
    if (o->refusals_begin_at >= 0)
        at_refusal = json_pack("{s:I, s:o, s:I}", "min", (json_int_t)o->refusals_begin_at, "median",
                               rig_json_real(o->refusal_median), "max", (json_int_t)o->refusal_max);
    return json_pack("{s:I, s:o, s:I, s:o, s:o}", "circuits",
                     (json_int_t)rig_scenario_n_circuits(r->scenario), "peak_in_use",
                     rig_json_real(o->metrics[RIG_METRIC_PEAK_CIRCUITS]), "refusals",
                     (json_int_t)o->tally.n_outcome[RIG_OUTCOME_LOST_TRUNK], "in_use_at_refusal",
                     at_refusal, "carried_erl", rig_json_real(o->carried_erl));
}

/* Equal bins over the middle 99 % of the calls, so that one straggler does not squeeze the rest. */
static json_t *histogram_json(const double *values, size_t n)
{
    json_t *edges = json_array(), *counts = json_array();
    json_int_t bins[N_BINS] = {0}, n_outside = 0;
    double *sorted = malloc((n + 1) * sizeof *sorted);
    if (n > 0 && sorted != NULL) {
        memcpy(sorted, values, n * sizeof *sorted);
        gsl_sort(sorted, 1, n);
        double low = gsl_stats_quantile_from_sorted_data(sorted, 1, n, 0.005);
        double high = gsl_stats_quantile_from_sorted_data(sorted, 1, n, 0.995);
        double width = high > low ? (high - low) / N_BINS : 1.0;
        for (size_t i = 0; i < n; i++) {
            double at = (values[i] - low) / width;
            if (at >= 0.0 && at < N_BINS)
                bins[(size_t)at]++;
            else
                n_outside++;
        }
        for (int b = 0; b <= N_BINS; b++)
            (void)json_array_append_new(edges, json_real(low + b * width));
        for (int b = 0; b < N_BINS; b++)
            (void)json_array_append_new(counts, json_integer(bins[b]));
    }
    free(sorted);
    return json_pack("{s:o, s:o, s:I}", "edges_ms", edges, "counts", counts, "outside", n_outside);
}

static json_t *lateness_json(const rig_result *r)
{
    const rig_lateness *l = r->lateness;
    return json_pack("{s:I, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "n",
                     (json_int_t)l->n_placed, "min_ms", rig_json_real(l->min_ms), "median_ms",
                     rig_json_real(l->median_ms), "p95_ms", rig_json_real(l->p95_ms), "p99_ms",
                     rig_json_real(l->p99_ms), "max_ms", rig_json_real(l->max_ms), "abs_p99_ms",
                     rig_json_real(l->abs_p99_ms), "ks_distance", rig_json_real(l->ks),
                     "dispersion_planned", rig_json_real(l->planned_dispersion),
                     "dispersion_actual", rig_json_real(l->actual_dispersion), "histogram",
                     histogram_json(r->lateness_ms, r->n_lateness));
}

static json_t *delays_json(const rig_result *r)
{
    static const char *const names[RIG_N_DELAY_KINDS] = {"patience before answer",
                                                         "patience in the queue",
                                                         "patience while ringing",
                                                         "self-service",
                                                         "agent's ring time",
                                                         "talk ended by the caller",
                                                         "talk ended by the agent",
                                                         "centre: free port answers",
                                                         "centre: port passes to the next caller",
                                                         "centre: menu ends",
                                                         "centre: free agent is rung",
                                                         "centre: wrap-up ends"};
    const double ms = 1e3 / r->scenario->time_scale; /* scenario s -> wire ms */
    json_t *list = json_array();
    for (int k = 0; k < RIG_N_DELAY_KINDS; k++) {
        const rig_delay_sample *sample = &r->delays->kind[k];
        double *sorted = malloc((sample->n + 1) * sizeof *sorted);
        if (sample->n == 0 || sorted == NULL) {
            free(sorted);
            continue;
        }
        memcpy(sorted, sample->delay_s, sample->n * sizeof *sorted);
        gsl_sort(sorted, 1, sample->n);
        (void)json_array_append_new(
            list, json_pack("{s:s, s:I, s:f, s:f, s:f}", "kind", names[k], "n",
                            (json_int_t)sample->n, "p05_ms",
                            ms * gsl_stats_quantile_from_sorted_data(sorted, 1, sample->n, 0.05),
                            "median_ms",
                            ms * gsl_stats_median_from_sorted_data(sorted, 1, sample->n), "p95_ms",
                            ms * gsl_stats_quantile_from_sorted_data(sorted, 1, sample->n, 0.95)));
        free(sorted);
    }
    return list;
}

static json_t *differences_json(const rig_call_diff *diff)
{
    json_t *list = json_array();
    for (size_t i = 0; i < diff->n_first; i++) {
        const rig_difference *d = &diff->first[i];
        (void)json_array_append_new(list, json_pack("{s:I, s:f, s:s, s:s, s:s?}", "planned_index",
                                                    (json_int_t)d->planned_index, "t_s", d->t_s,
                                                    "replayed", rig_outcome_name(d->replayed),
                                                    "observed", rig_outcome_name(d->observed),
                                                    "call_id", d->call_id));
    }
    return list;
}

static json_t *stage_agreement_json(const rig_call_diff *diff)
{
    json_t *list = json_array();
    for (int s = 0; s < RIG_N_STAGES; s++) {
        const rig_stage_agreement *a = &diff->stages[s];
        (void)json_array_append_new(
            list, json_pack("{s:s, s:I, s:I, s:I}", "stage", rig_stage_name((rig_stage)s),
                            "lost_in_both", (json_int_t)a->n_both, "only_replayed",
                            (json_int_t)a->n_replayed, "only_observed", (json_int_t)a->n_observed));
    }
    return list;
}

static json_t *agreement_json(const rig_result *r)
{
    uint64_t confusion[RIG_N_OUTCOMES][RIG_N_OUTCOMES];
    json_t *list = json_array();
    uint64_t n_same = 0;
    rig_join_confusion(r->join, r->prediction->fates, confusion);
    for (int a = 0; a < RIG_N_OUTCOMES; a++) {
        n_same += confusion[a][a];
        for (int b = 0; b < RIG_N_OUTCOMES; b++) {
            if (confusion[a][b] > 0)
                (void)json_array_append_new(
                    list, json_pack("{s:s, s:s, s:I}", "replayed", rig_outcome_name((rig_outcome)a),
                                    "observed", rig_outcome_name((rig_outcome)b), "n",
                                    (json_int_t)confusion[a][b]));
        }
    }
    const double n = (double)r->join->n_due;
    const rig_call_diff diff = rig_join_diff(r->join, r->schedule, r->prediction->fates);
    return json_pack("{s:o, s:o, s:o, s:I, s:o}", "share",
                     rig_json_real(n > 0.0 ? (double)n_same / n : NAN), "confusion", list, "stages",
                     stage_agreement_json(&diff), "different", (json_int_t)diff.n_different,
                     "first_different", differences_json(&diff));
}

static json_t *intervals_json(const rig_result *r)
{
    json_t *series = json_object();
    for (int s = 0; s < RIG_N_SERIES; s++) {
        json_t *observed = json_array(), *mean = json_array(), *low = json_array(),
               *high = json_array();
        for (size_t i = 0; i < r->prediction->n_intervals; i++) {
            rig_band band = rig_prediction_band(r->prediction, (rig_series)s, i);
            double value = rig_series_value((rig_series)s, &r->observed->intervals[i]);
            (void)json_array_append_new(observed, rig_json_real(value));
            (void)json_array_append_new(mean, rig_json_real(band.mean));
            (void)json_array_append_new(low, rig_json_real(band.low));
            (void)json_array_append_new(high, rig_json_real(band.high));
        }
        (void)json_object_set_new(series, rig_series_name((rig_series)s),
                                  json_pack("{s:o, s:o, s:o, s:o}", "observed", observed, "mean",
                                            mean, "low", low, "high", high));
    }
    return json_pack("{s:f, s:o}", "length_s", r->prediction->interval_s, "series", series);
}

rig_status rig_json_of_result(const rig_result *r, const char *created_utc, json_t **document)
{
    const rig_scenario *scenario = r->scenario;
    const rig_result_inputs *in = r->inputs;
    const rig_verdict *verdict = r->verdict;
    json_t *made =
        json_pack("{s:s, s:s, s:s, s:s, s:s, s:I, s:f, s:s}", "format", "peakrig result 1",
                  "peakrig", PEAKRIG_VERSION, "created_utc", created_utc, "name", scenario->name,
                  "description", scenario->description, "seed", (json_int_t)scenario->seed,
                  "time_scale", scenario->time_scale, "status",
                  r->play->looks.is_stopped ? "stopped_early"
                  : r->play->was_stopped    ? "stopped"
                                            : "complete");
    if (made == NULL)
        return RIG_ENOMEM;
    int failed = 0;
    failed |=
        json_object_set_new(made, "inputs",
                            json_pack("{s:s, s:s, s:s, s:s, s:s}", "scenario_sha256", in->scenario,
                                      "schedule_sha256", in->schedule, "calls_sha256", in->calls,
                                      "play_sha256", in->play, "capture_sha256", in->capture));
    failed |= json_object_set_new(made, "run", run_json(r));
    failed |= json_object_set_new(made, "target", target_json(r->play));
    failed |= json_object_set_new(
        made, "verdict",
        json_pack("{s:s, s:i, s:s?, s:s}", "judgement", rig_judgement_name(verdict->judgement),
                  "exit_code", rig_judgement_exit_code(verdict->judgement), "stage",
                  verdict->cause < RIG_N_STAGES ? rig_stage_name(verdict->cause) : NULL, "summary",
                  verdict->summary));
    failed |= json_object_set_new(made, "early_stop", early_stop_json(r));
    failed |= json_object_set_new(made, "checks", checks_json(verdict));
    failed |= json_object_set_new(made, "stages", stages_json(r));
    failed |= json_object_set_new(made, "levels", levels_json(verdict));
    failed |= json_object_set_new(made, "diagnosis", rig_json_of_diagnosis(r->diagnosis));
    failed |= json_object_set_new(made, "calls", calls_json(r));
    failed |= json_object_set_new(made, "metrics", metrics_json(r));
    failed |= json_object_set_new(made, "trunk", trunk_json(r));
    failed |= json_object_set_new(made, "lateness", lateness_json(r));
    failed |= json_object_set_new(made, "load", rig_json_of_load(r));
    failed |= json_object_set_new(made, "rig_delays", delays_json(r));
    failed |=
        json_object_set_new(made, "odd_durations", json_integer((json_int_t)r->n_odd_durations));
    failed |= json_object_set_new(made, "agreement", agreement_json(r));
    failed |= json_object_set_new(made, "intervals", intervals_json(r));
    if (failed != 0) {
        json_decref(made);
        return RIG_ENOMEM;
    }
    *document = made;
    return RIG_OK;
}
