/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/prediction.h"

#include <math.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "models/prediction/sign.h"
#include "models/rare.h"
#include "models/replications.h"
#include "models/summary.h"
#include "scenarios/scope.h"

/* Shared by the threads of one prediction; none of them changes it. */
typedef struct job {
    const rig_scenario *scenario;
    const rig_predict_options *options;
    rig_prediction *prediction;
    const uint32_t *order; /* planned indices by actual instant */
    size_t n_order;
    double *rows; /* [replication][n_columns] */
    size_t first_trunk, first_group, first_part, first_series, n_columns; /* metrics come first */
} job;

void rig_prediction_free(rig_prediction *prediction)
{
    if (prediction == NULL)
        return;
    free(prediction->samples);
    free(prediction->bands);
    free(prediction->so_far);
    for (int s = 0; s < RIG_N_STAGES; s++)
        rig_envelope_clear(&prediction->envelopes[s]);
    free(prediction->trunks);
    free(prediction->groups);
    free(prediction->parts);
    free(prediction->part_samples);
    free(prediction->fates);
    free(prediction->instants);
    free(prediction->rule_fates);
    free(prediction);
}

const double *rig_prediction_samples(const rig_prediction *prediction, rig_metric metric)
{
    return prediction->samples + (size_t)metric * prediction->n_replications;
}

const double *rig_prediction_samples_of(const rig_prediction *prediction, rig_metric_ref ref)
{
    if (ref.part == RIG_METRIC_WHOLE)
        return rig_prediction_samples(prediction, ref.metric);
    return prediction->part_samples +
           ((size_t)(ref.part - 1u) * RIG_N_METRICS + (size_t)ref.metric) *
               prediction->n_replications;
}

const rig_summary *rig_prediction_summary_of(const rig_prediction *prediction, rig_metric_ref ref)
{
    return ref.part == RIG_METRIC_WHOLE
               ? &prediction->metrics[ref.metric]
               : &prediction->parts[(size_t)(ref.part - 1u) * RIG_N_METRICS + (size_t)ref.metric];
}

rig_band rig_prediction_band(const rig_prediction *prediction, rig_series series, size_t interval)
{
    return prediction->bands[(size_t)series * prediction->n_intervals + interval];
}

static rig_centre_input input_of(const job *j, uint32_t replication)
{
    const rig_predict_options *options = j->options;
    return (rig_centre_input){.schedule = options->schedule,
                              .arrival_s = options->arrival_s,
                              .order = j->order,
                              .n_order = j->n_order,
                              .delays = options->delays,
                              .rules = options->rules,
                              .stop = options->stop,
                              .replication = options->n_before + replication,
                              .end_s = options->end_s};
}

/* Apart from the replications: what is decided as it was seen must not be in their scatter. */
static rig_status tell_fates(const job *j, rig_error *err)
{
    const rig_prediction *p = j->prediction;
    rig_centre_input input = input_of(j, 1);
    rig_centre_output by_rules = {.fates = p->rule_fates};
    rig_centre_output as_seen = {.fates = p->fates, .instants = p->instants};
    rig_centre *centre = NULL;
    if (!p->is_replay || j->options->without_fates)
        return RIG_OK;
    rig_status status = rig_centre_new(j->scenario, &centre);
    input.mode = RIG_REPLAY_EXACT;
    if (status == RIG_OK)
        status = rig_centre_simulate(centre, &input, &by_rules, err);
    input.mode = RIG_REPLAY_AS_SEEN;
    if (status == RIG_OK)
        status = rig_centre_simulate(centre, &input, &as_seen, err);
    rig_centre_free(centre);
    return status;
}

/* Of one thread. */
typedef struct worker {
    rig_centre *centre;
    rig_centre_output output;
} worker;

static void end_worker(void *made)
{
    worker *w = made;
    if (w == NULL)
        return;
    rig_centre_free(w->centre);
    free(w->output.intervals);
    free(w);
}

static rig_status begin_worker(void *ctx, void **made)
{
    const job *j = ctx;
    worker *w = calloc(1, sizeof *w);
    if (w == NULL)
        return RIG_ENOMEM;
    w->output.intervals = calloc(j->prediction->n_intervals, sizeof *w->output.intervals);
    rig_status status = RIG_ENOMEM;
    if (w->output.intervals != NULL)
        status = rig_centre_new(j->scenario, &w->centre);
    if (status == RIG_OK)
        *made = w;
    else
        end_worker(w);
    return status;
}

static rig_status simulate_one(void *ctx, void *made, uint32_t r, double *row, rig_error *err)
{
    const job *j = ctx;
    worker *w = made;
    rig_centre_output *output = &w->output;
    const rig_prediction *p = j->prediction;
    const rig_centre_input input = input_of(j, r + 1);
    output->trunks = row + j->first_trunk;
    output->groups = row + j->first_group;
    output->parts = row + j->first_part;
    rig_status status = rig_centre_simulate(w->centre, &input, output, err);
    if (status != RIG_OK)
        return status;
    memcpy(row, output->metrics, sizeof output->metrics);
    for (size_t s = 0; s < RIG_N_SERIES; s++) {
        for (size_t i = 0; i < p->n_intervals; i++)
            row[j->first_series + s * p->n_intervals + i] =
                rig_series_value((rig_series)s, &output->intervals[i]);
    }
    return RIG_OK;
}

/* Columns that are gathered at a time: a cache line of each row. */
#define N_GATHERED 8u

static void gather(const job *j, size_t first, size_t n, double *columns)
{
    const size_t n_replications = j->prediction->n_replications;
    for (size_t r = 0; r < n_replications; r++) {
        for (size_t k = 0; k < n; k++)
            columns[k * n_replications + r] = j->rows[r * j->n_columns + first + k];
    }
}

static rig_status summarize_column(const job *j, size_t at, double *values)
{
    rig_prediction *p = j->prediction;
    const size_t n = p->n_replications;
    if (at >= j->first_series) {
        p->bands[at - j->first_series] = rig_band_of(values, n);
        return RIG_OK;
    }
    if (at >= j->first_part) {
        memcpy(p->part_samples + (at - j->first_part) * n, values, n * sizeof *values);
        return rig_summarize(values, n, &p->parts[at - j->first_part]);
    }
    if (at >= j->first_group)
        return rig_summarize(values, n, &p->groups[at - j->first_group]);
    if (at >= j->first_trunk)
        return rig_summarize(values, n, &p->trunks[at - j->first_trunk]);
    memcpy(p->samples + at * n, values, n * sizeof *values);
    return rig_summarize(values, n, &p->metrics[at]);
}

/* Of sums from the beginning on. @param rows  [interval][replication]: become these sums. */
static void make_so_far(size_t n_intervals, size_t n, double *rows, double *scratch,
                        rig_band *bands)
{
    for (size_t i = 0; i < n_intervals; i++) {
        double *row = rows + i * n;
        for (size_t r = 0; i > 0 && r < n; r++)
            row[r] += rows[(i - 1) * n + r];
        memcpy(scratch, row, n * sizeof *scratch);
        bands[i] = rig_band_of(scratch, n);
    }
}

/* The bands in which a whole run stays. */
static rig_status make_envelopes(const job *j)
{
    rig_prediction *p = j->prediction;
    const size_t n = p->n_replications;
    const size_t n_together = (size_t)fmax(
        1.0, ceil(RIG_ENVELOPE_BIN_WIRE_S * j->scenario->time_scale / p->interval_s - 1e-9));
    double *rows = calloc((p->n_intervals + 1) * n, sizeof *rows); /* one more, to sort in */
    p->so_far = calloc(RIG_N_STAGES * p->n_intervals, sizeof *p->so_far);
    rig_status status = rows == NULL || p->so_far == NULL ? RIG_ENOMEM : RIG_OK;
    for (size_t s = 0; s < RIG_N_STAGES && status == RIG_OK; s++) {
        gather(j, j->first_series + (RIG_SERIES_LOST + s) * p->n_intervals, p->n_intervals, rows);
        status = rig_envelope_make(rows, p->n_intervals, n, n_together,
                                   RIG_ENVELOPE_ALPHA / RIG_N_STAGES, &p->envelopes[s]);
        make_so_far(p->n_intervals, n, rows, rows + p->n_intervals * n,
                    p->so_far + s * p->n_intervals);
    }
    free(rows);
    return status;
}

/* A share stays one; the mean of a rare loss is known by its counts. */
static void mend_shares(const rig_prediction *p, const double *samples, rig_summary *summaries)
{
    const size_t n = p->n_replications;
    for (int m = 0; m < RIG_N_METRICS; m++) {
        rig_summary *s = &summaries[m];
        rig_metric hits, trials;
        if (rig_metric_is_share((rig_metric)m))
            s->high = fmin(1.0, s->high);
        if (rig_metrics_is_loss((rig_metric)m, &hits, &trials) && s->n > 0)
            (void)rig_rare_bounds(samples + (size_t)hits * n, samples + (size_t)trials * n, n,
                                  0.025, &s->ci_low, &s->ci_high);
    }
}

static rig_status summarize_all(const job *j)
{
    const size_t n_replications = j->prediction->n_replications;
    double *columns = calloc(N_GATHERED * n_replications, sizeof *columns);
    rig_status status = columns == NULL ? RIG_ENOMEM : RIG_OK;
    for (size_t at = 0; at < j->n_columns && status == RIG_OK; at += N_GATHERED) {
        size_t n = j->n_columns - at < N_GATHERED ? j->n_columns - at : N_GATHERED;
        gather(j, at, n, columns);
        for (size_t k = 0; k < n && status == RIG_OK; k++)
            status = summarize_column(j, at + k, columns + k * n_replications);
    }
    free(columns);
    rig_prediction *p = j->prediction;
    mend_shares(p, p->samples, p->metrics);
    for (size_t i = 0; i < p->n_parts; i++)
        mend_shares(p, p->part_samples + i * RIG_N_METRICS * p->n_replications,
                    p->parts + i * RIG_N_METRICS);
    return status == RIG_OK ? make_envelopes(j) : status;
}

typedef struct arrival {
    double t_s;
    uint32_t index;
} arrival;

static int by_instant(const void *a, const void *b)
{
    const arrival *x = a, *y = b;
    if (x->t_s != y->t_s)
        return x->t_s < y->t_s ? -1 : 1;
    return x->index < y->index ? -1 : x->index > y->index;
}

/* The placed calls by actual instant. */
static rig_status sort_arrivals(const double *arrival_s, size_t n, uint32_t **order,
                                size_t *n_order)
{
    arrival *arrivals = malloc((n + 1) * sizeof *arrivals);
    uint32_t *made = malloc((n + 1) * sizeof *made);
    if (arrivals == NULL || made == NULL) {
        free(arrivals);
        free(made);
        return RIG_ENOMEM;
    }
    size_t n_placed = 0;
    for (size_t i = 0; i < n; i++) {
        if (!isnan(arrival_s[i]))
            arrivals[n_placed++] = (arrival){arrival_s[i], (uint32_t)i};
    }
    qsort(arrivals, n_placed, sizeof *arrivals, by_instant);
    for (size_t i = 0; i < n_placed; i++)
        made[i] = arrivals[i].index;
    free(arrivals);
    *order = made;
    *n_order = n_placed;
    return RIG_OK;
}

/* Those that this process may use: all, or those that it is bound to. */
static uint32_t count_processors(void)
{
    cpu_set_t allowed;
    if (sched_getaffinity(0, sizeof allowed, &allowed) == 0)
        return (uint32_t)CPU_COUNT(&allowed);
    const long n = sysconf(_SC_NPROCESSORS_ONLN); /* more than a cpu_set_t holds */
    return n < 1 ? 1 : (uint32_t)n;
}

static uint32_t choose_threads(const rig_predict_options *options)
{
    uint32_t n = options->n_threads;
    if (n == 0 && options->team != NULL)
        n = options->team->n_threads;
    if (n == 0)
        n = count_processors();
    if (n > options->n_replications)
        n = options->n_replications;
    return n > RIG_MOST_THREADS ? RIG_MOST_THREADS : n;
}

static rig_status simulate_all(job *j, rig_error *err)
{
    const rig_predict_options *options = j->options;
    char sign[RIG_SHA256_TEXT_SIZE] = "";
    if (options->team != NULL && rig_prediction_sign(j->scenario, options, sign) != RIG_OK)
        return RIG_ENOMEM;
    const rig_replications_input input = {.replicate = {begin_worker, simulate_one, end_worker, j},
                                          .n = options->n_replications,
                                          .n_columns = j->n_columns,
                                          .rows = j->rows,
                                          .n_threads = choose_threads(options),
                                          .sign = sign,
                                          .stop = options->stop,
                                          .progress = options->progress,
                                          .progress_ctx = options->ctx};
    return rig_replications_simulate(&input, options->team, err);
}

/* Room for the figures of parts. */
static bool make_parts(rig_prediction *p)
{
    const size_t n = p->n_parts * RIG_N_METRICS;
    p->parts = calloc(n + 1, sizeof *p->parts);
    p->part_samples = calloc(n * p->n_replications + 1, sizeof *p->part_samples);
    return p->parts != NULL && p->part_samples != NULL;
}

static bool make_fates(rig_prediction *p)
{
    p->fates = calloc(p->n_fates + 1, sizeof *p->fates);
    p->instants = calloc(p->n_fates + 1, sizeof *p->instants);
    p->rule_fates = calloc(p->n_fates + 1, sizeof *p->rule_fates);
    return p->fates != NULL && p->instants != NULL && p->rule_fates != NULL;
}

static rig_status check_options(const rig_scenario *scenario, const rig_predict_options *options,
                                rig_error *err)
{
    if (options->n_replications < 2)
        return rig_fail(err, RIG_EDOM, "%u replications; expected at least 2",
                        options->n_replications);
    return options->schedule != NULL ? rig_schedule_check(options->schedule, scenario, err)
                                     : RIG_OK;
}

rig_status rig_predict(const rig_scenario *scenario, const rig_predict_options *options,
                       rig_prediction **prediction, rig_error *err)
{
    uint32_t *order = NULL;
    rig_error error = {0};
    job j = {.scenario = scenario, .options = options};
    rig_status status = check_options(scenario, options, err);
    if (status != RIG_OK)
        return status;
    status = RIG_ENOMEM;
    rig_prediction *p = calloc(1, sizeof *p);
    if (p == NULL)
        goto out;
    j.prediction = p;
    *p = (rig_prediction){.is_replay = options->schedule != NULL,
                          .n_replications = options->n_replications,
                          .n_intervals = rig_centre_n_intervals(scenario),
                          .interval_s = scenario->interval_s};
    p->n_fates = p->is_replay ? options->schedule->n : 0;
    p->n_trunks = scenario->n_trunks;
    p->n_groups = scenario->n_agents;
    p->samples = calloc(RIG_N_METRICS * (size_t)p->n_replications, sizeof *p->samples);
    p->bands = calloc(RIG_N_SERIES * p->n_intervals, sizeof *p->bands);
    p->trunks = calloc(p->n_trunks * RIG_N_TRUNK_METRICS, sizeof *p->trunks);
    p->groups = calloc(p->n_groups * RIG_N_GROUP_METRICS, sizeof *p->groups);
    p->n_parts = rig_scope_n_parts(scenario);
    j.first_trunk = RIG_N_METRICS;
    j.first_group = j.first_trunk + p->n_trunks * RIG_N_TRUNK_METRICS;
    j.first_part = j.first_group + p->n_groups * RIG_N_GROUP_METRICS;
    j.first_series = j.first_part + p->n_parts * RIG_N_METRICS;
    j.n_columns = j.first_series + RIG_N_SERIES * p->n_intervals;
    j.rows = calloc(j.n_columns * p->n_replications, sizeof *j.rows);
    if (p->samples == NULL || p->bands == NULL || p->trunks == NULL || p->groups == NULL ||
        !make_parts(p) || !make_fates(p) || j.rows == NULL)
        goto out;
    status = RIG_OK;
    if (options->arrival_s != NULL)
        status = sort_arrivals(options->arrival_s, rig_schedule_n_first(options->schedule), &order,
                               &j.n_order);
    j.order = order;
    if (status != RIG_OK)
        goto out;
    status = simulate_all(&j, &error);
    if (status == RIG_OK)
        status = tell_fates(&j, &error);
    if (status == RIG_OK)
        status = summarize_all(&j);
    if (status == RIG_OK) {
        *prediction = p;
        p = NULL;
    }
out:
    rig_prediction_free(p);
    free(j.rows);
    free(order);
    if (status == RIG_OK)
        return RIG_OK;
    if (error.text[0] != '\0')
        return rig_fail(err, status, "%s", error.text);
    return rig_fail(err, status, "%s: prediction: %s", scenario->path, rig_status_text(status));
}
