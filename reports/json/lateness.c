/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/json/lateness.h"

#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics.h>
#include <stdlib.h>
#include <string.h>

#include "core/language.h"

#define N_BINS 40

/* Equal bins. */
typedef struct histogram {
    double low, width;
    uint64_t n[N_BINS], n_outside;
} histogram;

/* A sorted copy. NULL: no memory. */
static double *sorted_copy(const double *values, size_t n)
{
    double *sorted = malloc((n + 1) * sizeof *sorted);
    if (sorted != NULL && n > 0) {
        memcpy(sorted, values, n * sizeof *sorted);
        gsl_sort(sorted, 1, n);
    }
    return sorted;
}

/* Bins over the middle 99 % of the calls, so that one straggler does not squeeze the rest. */
static histogram histogram_of(const double *values, const double *sorted, size_t n)
{
    histogram h = {.low = gsl_stats_quantile_from_sorted_data(sorted, 1, n, 0.005)};
    double high = gsl_stats_quantile_from_sorted_data(sorted, 1, n, 0.995);
    h.width = high > h.low ? (high - h.low) / N_BINS : 1.0;
    for (size_t i = 0; i < n; i++) {
        double at = (values[i] - h.low) / h.width;
        if (at >= 0.0 && at < N_BINS)
            h.n[(size_t)at]++;
        else
            h.n_outside++;
    }
    return h;
}

static void add_histogram(rig_json_builder *b, const double *values, size_t n)
{
    histogram h = {.n_outside = 0};
    double *sorted = sorted_copy(values, n);
    if (sorted == NULL)
        rig_json_fail(b);
    else if (n > 0)
        h = histogram_of(values, sorted, n);
    free(sorted);
    rig_json_open_object(b, "histogram");
    rig_json_open_list(b, "edges_ms");
    for (int i = 0; i <= N_BINS && n > 0; i++)
        rig_json_add_real(b, NULL, h.low + i * h.width);
    rig_json_close(b);
    rig_json_open_list(b, "counts");
    for (int i = 0; i < N_BINS && n > 0; i++)
        rig_json_add_count(b, NULL, h.n[i]);
    rig_json_close(b);
    rig_json_add_count(b, "outside", h.n_outside);
    rig_json_close(b);
}

void rig_json_add_lateness(rig_json_builder *b, const rig_result *r)
{
    const rig_lateness *l = r->lateness;
    rig_json_open_object(b, "lateness");
    rig_json_add_count(b, "n", l->n_placed);
    rig_json_add_real(b, "min_ms", l->min_ms);
    rig_json_add_real(b, "median_ms", l->median_ms);
    rig_json_add_real(b, "p95_ms", l->p95_ms);
    rig_json_add_real(b, "p99_ms", l->p99_ms);
    rig_json_add_real(b, "max_ms", l->max_ms);
    rig_json_add_real(b, "abs_p99_ms", l->abs_p99_ms);
    rig_json_add_real(b, "ks_distance", l->ks);
    rig_json_add_real(b, "dispersion_planned", l->planned_dispersion);
    rig_json_add_real(b, "dispersion_actual", l->actual_dispersion);
    add_histogram(b, r->lateness_ms, r->n_lateness);
    rig_json_close(b);
}

static const char *const delay_names[RIG_N_DELAY_KINDS] = {
    N_("patience before answer"),
    N_("patience in the queue"),
    N_("patience while ringing"),
    N_("self-service"),
    N_("agent's ring time"),
    N_("talk ended by the caller"),
    N_("talk ended by the agent"),
    N_("centre: free port answers"),
    N_("centre: port passes to the next caller"),
    N_("centre: menu ends"),
    N_("centre: free agent is rung"),
    N_("centre: wrap-up ends"),
    N_("delay of a redial")};

/* @param ms  Wire milliseconds of a second of the scenario. */
static void add_delay(rig_json_builder *b, const char *kind, const rig_delay_sample *sample,
                      double ms)
{
    if (sample->n == 0)
        return;
    double *sorted = sorted_copy(sample->delay_s, sample->n);
    if (sorted == NULL) {
        rig_json_fail(b);
        return;
    }
    rig_json_open_object(b, NULL);
    rig_json_add_text(b, "kind", kind);
    rig_json_add_count(b, "n", sample->n);
    rig_json_add_real(b, "p05_ms",
                      ms * gsl_stats_quantile_from_sorted_data(sorted, 1, sample->n, 0.05));
    rig_json_add_real(b, "median_ms", ms * gsl_stats_median_from_sorted_data(sorted, 1, sample->n));
    rig_json_add_real(b, "p95_ms",
                      ms * gsl_stats_quantile_from_sorted_data(sorted, 1, sample->n, 0.95));
    rig_json_close(b);
    free(sorted);
}

void rig_json_add_delays(rig_json_builder *b, const rig_result *r)
{
    rig_json_open_list(b, "rig_delays");
    for (int k = 0; k < RIG_N_DELAY_KINDS; k++)
        add_delay(b, delay_names[k], &r->delays->kind[k], 1e3 / r->scenario->time_scale);
    rig_json_close(b);
}
