/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/envelope.h"

#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics.h>
#include <math.h>
#include <stdlib.h>

#define LEAST_SD 0.5

size_t rig_envelope_n_periods(const rig_envelope *envelope, size_t level)
{
    return envelope->n_bins + 1 - ((size_t)1 << level);
}

/* Lengths of 1, 2, 4, .. bins that are less than all of them, or the only one. */
static size_t count_levels(size_t n_bins)
{
    size_t n = 1;
    while (((size_t)1 << n) < n_bins)
        n++;
    return n;
}

/* [bin][replication]: what came before the bin. One row more than bins. */
static double *sum_up(const double *rows, size_t n_intervals, size_t n_replications,
                      const rig_envelope *e)
{
    const size_t n = n_replications;
    double *before = calloc((e->n_bins + 1) * n, sizeof *before);
    if (before == NULL)
        return NULL;
    for (size_t b = 0; b < e->n_bins; b++) {
        const size_t end = (b + 1) * e->n_together;
        double *next = before + (b + 1) * n;
        for (size_t r = 0; r < n; r++)
            next[r] = before[b * n + r];
        for (size_t i = b * e->n_together; i < end && i < n_intervals; i++) {
            for (size_t r = 0; r < n; r++)
                next[r] += rows[i * n + r];
        }
    }
    return before;
}

/* Mean and standard deviation of a period; how far each replication is off is kept, if furthest. */
static void measure_period(const double *from, const double *to, size_t n, double *sums,
                           double *greatest, double *mean, double *sd)
{
    for (size_t r = 0; r < n; r++)
        sums[r] = to[r] - from[r];
    *mean = gsl_stats_mean(sums, 1, n);
    *sd = fmax(LEAST_SD, gsl_stats_sd_m(sums, 1, n, *mean));
    for (size_t r = 0; r < n; r++)
        greatest[r] = fmax(greatest[r], fabs(sums[r] - *mean) / *sd);
}

static void measure(const double *before, size_t n, double alpha, double *sums, double *greatest,
                    rig_envelope *e)
{
    for (size_t level = 0; level < e->n_levels; level++) {
        for (size_t b = 0; b < rig_envelope_n_periods(e, level); b++) {
            const size_t at = level * e->n_bins + b;
            measure_period(before + b * n, before + (b + ((size_t)1 << level)) * n, n, sums,
                           greatest, &e->mean[at], &e->half[at]);
        }
    }
    gsl_sort(greatest, 1, n);
    size_t k = (size_t)ceil((1.0 - alpha) * (double)(n + 1));
    e->critical = greatest[(k < 1 ? 1 : k > n ? n : k) - 1];
    for (size_t i = 0; i < e->n_levels * e->n_bins; i++)
        e->half[i] *= e->critical;
}

rig_status rig_envelope_make(const double *rows, size_t n_intervals, size_t n_replications,
                             size_t n_together, double alpha, rig_envelope *envelope)
{
    rig_envelope made = {.n_bins = (n_intervals + n_together - 1) / n_together,
                         .n_together = n_together};
    rig_status status = RIG_ENOMEM;
    made.n_levels = count_levels(made.n_bins);
    double *before = sum_up(rows, n_intervals, n_replications, &made);
    double *sums = malloc((n_replications + 1) * sizeof *sums);
    double *greatest = calloc(n_replications + 1, sizeof *greatest);
    made.mean = calloc(made.n_levels * made.n_bins + 1, sizeof *made.mean);
    made.half = calloc(made.n_levels * made.n_bins + 1, sizeof *made.half);
    if (before == NULL || sums == NULL || greatest == NULL || made.mean == NULL ||
        made.half == NULL)
        goto out;
    measure(before, n_replications, alpha, sums, greatest, &made);
    *envelope = made;
    made = (rig_envelope){0};
    status = RIG_OK;
out:
    rig_envelope_clear(&made);
    free(before);
    free(sums);
    free(greatest);
    return status;
}

void rig_envelope_clear(rig_envelope *envelope)
{
    if (envelope == NULL)
        return;
    free(envelope->mean);
    free(envelope->half);
    *envelope = (rig_envelope){0};
}
