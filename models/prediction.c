#include "models/prediction.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_statistics.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "models/sample.h"

#define MAX_THREADS 256u

/* Shared by the threads of one prediction. `lock` guards the three fields below it. */
typedef struct job {
    const rig_scenario *scenario;
    const rig_predict_options *options;
    rig_prediction *prediction;
    const uint32_t *order; /* planned indices by actual instant */
    size_t n_order;
    double *series; /* [series][interval][replication] */
    pthread_mutex_t lock;
    pthread_cond_t changed;
    uint32_t n_started, n_done, n_running;
    rig_status status;
    rig_error error;
} job;

const char *rig_series_name(rig_series series)
{
    static const char *const names[RIG_N_SERIES] = {
        "lost_trunk", "lost_ivr", "lost_queue", "lost_agent", "offered", "served", "circuits"};
    return (unsigned)series < RIG_N_SERIES ? names[series] : "?";
}

double rig_series_value(rig_series series, const rig_interval *interval)
{
    switch (series) {
    case RIG_SERIES_OFFERED:
        return interval->n_offered;
    case RIG_SERIES_SERVED:
        return interval->n_served;
    case RIG_SERIES_CIRCUITS:
        return interval->mean_circuits;
    default:
        return interval->n_lost[series - RIG_SERIES_LOST];
    }
}

void rig_prediction_free(rig_prediction *prediction)
{
    if (prediction == NULL)
        return;
    free(prediction->samples);
    free(prediction->bands);
    free(prediction->fates);
    free(prediction);
}

const double *rig_prediction_samples(const rig_prediction *prediction, rig_metric metric)
{
    return prediction->samples + (size_t)metric * prediction->n_replications;
}

rig_band rig_prediction_band(const rig_prediction *prediction, rig_series series, size_t interval)
{
    return prediction->bands[(size_t)series * prediction->n_intervals + interval];
}

rig_status rig_summarize(const double *values, size_t n, rig_summary *summary)
{
    rig_summary made = {.mean = (double)NAN,
                        .sd = (double)NAN,
                        .ci_low = (double)NAN,
                        .ci_high = (double)NAN,
                        .low = (double)NAN,
                        .high = (double)NAN};
    rig_sample sample;
    rig_status status = rig_sample_make(values, n, &sample);
    if (status != RIG_OK)
        return status;
    made.n = (uint32_t)sample.n;
    made.mean = sample.mean;
    if (sample.n > 0)
        rig_sample_limits(&sample, 0.05, &made.low, &made.high);
    if (sample.n > 1) {
        made.sd = gsl_stats_sd_m(sample.sorted, 1, sample.n, made.mean);
        double half =
            gsl_cdf_tdist_Pinv(0.975, (double)sample.n - 1.0) * made.sd / sqrt((double)sample.n);
        made.ci_low = made.mean - half;
        made.ci_high = made.mean + half;
    }
    rig_sample_clear(&sample);
    *summary = made;
    return RIG_OK;
}

static rig_status simulate_one(job *j, rig_centre *centre, rig_interval *intervals, uint32_t r,
                               rig_error *err)
{
    const rig_predict_options *options = j->options;
    rig_prediction *p = j->prediction;
    rig_schedule *drawn = NULL;
    rig_centre_input input = {.schedule = options->schedule,
                              .arrival_s = options->arrival_s,
                              .order = j->order,
                              .n_order = j->n_order,
                              .delays = options->delays,
                              .stop = options->stop,
                              .replication = r + 1};
    rig_centre_output output = {.intervals = intervals};
    rig_status status = RIG_OK;
    if (input.schedule == NULL) {
        status = rig_schedule_draw(j->scenario, r + 1, &drawn, err);
        input.schedule = drawn;
    } else if (r == 0) {
        output.fates = p->fates;
    }
    if (status == RIG_OK)
        status = rig_centre_simulate(centre, &input, &output);
    rig_schedule_free(drawn);
    if (status != RIG_OK)
        return status;
    for (size_t m = 0; m < RIG_N_METRICS; m++)
        p->samples[m * p->n_replications + r] = output.metrics[m];
    for (size_t s = 0; s < RIG_N_SERIES; s++) {
        for (size_t i = 0; i < p->n_intervals; i++)
            j->series[(s * p->n_intervals + i) * p->n_replications + r] =
                rig_series_value((rig_series)s, &intervals[i]);
    }
    return RIG_OK;
}

static void *work(void *arg)
{
    job *j = arg;
    rig_error error = {0};
    rig_centre *centre = NULL;
    rig_interval *intervals = calloc(j->prediction->n_intervals, sizeof *intervals);
    rig_status status = intervals == NULL ? RIG_ENOMEM : rig_centre_new(j->scenario, &centre);
    pthread_mutex_lock(&j->lock);
    for (;;) {
        if (status == RIG_OK && j->options->stop != NULL && *j->options->stop)
            status = rig_fail(&error, RIG_ECANCELLED, "prediction: stopped by the user");
        if (status != RIG_OK && j->status == RIG_OK) {
            j->status = status;
            j->error = error;
        }
        if (j->status != RIG_OK || j->n_started == j->prediction->n_replications)
            break;
        uint32_t r = j->n_started++;
        pthread_mutex_unlock(&j->lock);
        status = simulate_one(j, centre, intervals, r, &error);
        pthread_mutex_lock(&j->lock);
        j->n_done++;
    }
    j->n_running--;
    pthread_cond_signal(&j->changed);
    pthread_mutex_unlock(&j->lock);
    rig_centre_free(centre);
    free(intervals);
    return NULL;
}

/* Run the threads; report progress from this one. */
static void run_threads(job *j, uint32_t n_threads)
{
    pthread_t threads[MAX_THREADS];
    uint32_t n = 0;
    j->n_running = n_threads;
    while (n < n_threads && pthread_create(&threads[n], NULL, work, j) == 0)
        n++;
    pthread_mutex_lock(&j->lock);
    j->n_running -= n_threads - n;
    if (n == 0)
        j->status = RIG_ENOMEM;
    while (j->n_running > 0) {
        struct timespec until;
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_nsec += 100000000;
        if (until.tv_nsec >= 1000000000) {
            until.tv_nsec -= 1000000000;
            until.tv_sec++;
        }
        pthread_cond_timedwait(&j->changed, &j->lock, &until);
        uint32_t n_done = j->n_done;
        pthread_mutex_unlock(&j->lock);
        if (j->options->progress != NULL)
            j->options->progress(j->options->ctx, n_done, j->prediction->n_replications);
        pthread_mutex_lock(&j->lock);
    }
    pthread_mutex_unlock(&j->lock);
    for (uint32_t i = 0; i < n; i++)
        pthread_join(threads[i], NULL);
}

static rig_status summarize_all(const job *j)
{
    rig_prediction *p = j->prediction;
    rig_status status = RIG_OK;
    for (size_t m = 0; m < RIG_N_METRICS && status == RIG_OK; m++)
        status = rig_summarize(rig_prediction_samples(p, (rig_metric)m), p->n_replications,
                               &p->metrics[m]);
    for (size_t k = 0; k < RIG_N_SERIES * p->n_intervals && status == RIG_OK; k++) {
        rig_summary summary;
        status = rig_summarize(j->series + k * p->n_replications, p->n_replications, &summary);
        p->bands[k] = (rig_band){summary.mean, summary.low, summary.high};
    }
    return status;
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

static uint32_t choose_threads(const rig_predict_options *options)
{
    long n_processors = sysconf(_SC_NPROCESSORS_ONLN);
    uint32_t n = options->n_threads;
    if (n == 0)
        n = n_processors < 1 ? 1 : (uint32_t)n_processors;
    if (n > options->n_replications)
        n = options->n_replications;
    return n > MAX_THREADS ? MAX_THREADS : n;
}

rig_status rig_predict(const rig_scenario *scenario, const rig_predict_options *options,
                       rig_prediction **prediction, rig_error *err)
{
    const size_t n_replications = options->n_replications;
    uint32_t *order = NULL;
    if (n_replications < 2)
        return rig_fail(err, RIG_EDOM, "%zu replications; expected at least 2", n_replications);
    job j = {.scenario = scenario, .options = options};
    rig_status status = RIG_ENOMEM;
    rig_prediction *p = calloc(1, sizeof *p);
    if (p == NULL)
        goto out;
    j.prediction = p;
    p->is_replay = options->schedule != NULL;
    p->n_replications = options->n_replications;
    p->n_intervals = rig_centre_n_intervals(scenario);
    p->interval_s = scenario->interval_s;
    p->n_fates = p->is_replay ? options->schedule->n : 0;
    p->samples = calloc(RIG_N_METRICS * n_replications, sizeof *p->samples);
    p->bands = calloc(RIG_N_SERIES * p->n_intervals, sizeof *p->bands);
    p->fates = calloc(p->n_fates + 1, sizeof *p->fates);
    j.series = calloc(RIG_N_SERIES * p->n_intervals * n_replications, sizeof *j.series);
    if (p->samples == NULL || p->bands == NULL || p->fates == NULL || j.series == NULL)
        goto out;
    status = RIG_OK;
    if (options->arrival_s != NULL)
        status = sort_arrivals(options->arrival_s, options->schedule->n, &order, &j.n_order);
    j.order = order;
    if (status != RIG_OK)
        goto out;
    pthread_mutex_init(&j.lock, NULL);
    pthread_cond_init(&j.changed, NULL);
    run_threads(&j, choose_threads(options));
    pthread_cond_destroy(&j.changed);
    pthread_mutex_destroy(&j.lock);
    status = j.status != RIG_OK ? j.status : summarize_all(&j);
    if (status == RIG_OK) {
        *prediction = p;
        p = NULL;
    }
out:
    rig_prediction_free(p);
    free(j.series);
    free(order);
    if (status == RIG_OK)
        return RIG_OK;
    if (j.error.text[0] != '\0')
        return rig_fail(err, status, "%s", j.error.text);
    return rig_fail(err, status, "%s: prediction: %s", scenario->path, rig_status_text(status));
}
