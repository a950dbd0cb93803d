/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verdict/lateness.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "core/clock.h"
#include "scenarios/scenario.h"

static int compare_double(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static int compare_time(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* Nearest rank: the smallest value with at least a share p of the sample at or below it. */
static double percentile(const double *sorted, size_t n, double p)
{
    size_t rank = (size_t)ceil(p * (double)n);
    return sorted[rank > 0 ? rank - 1 : 0];
}

/* sup |F - G| of two samples of the same size, both sorted. */
static double ks_distance(const int64_t *a, const int64_t *b, size_t n)
{
    size_t i = 0, j = 0, widest = 0;
    while (i < n && j < n) {
        int64_t t = a[i] < b[j] ? a[i] : b[j];
        while (i < n && a[i] == t)
            i++;
        while (j < n && b[j] == t)
            j++;
        size_t gap = i > j ? i - j : j - i;
        if (gap > widest)
            widest = gap;
    }
    return (double)widest / (double)n;
}

/* Variance / mean of the counts in whole seconds from `origin` on; the part second at the end, and
 * what lies before the origin, is left out. */
static double dispersion(const int64_t *sorted, size_t n, int64_t origin, int64_t n_seconds)
{
    if (n_seconds < 2)
        return NAN;
    double sum = 0, sum_squares = 0;
    size_t i = 0;
    while (i < n && sorted[i] < origin)
        i++;
    for (int64_t s = 0; s < n_seconds; s++) {
        size_t from = i;
        while (i < n && sorted[i] - origin < (s + 1) * RIG_NS_PER_S)
            i++;
        double count = (double)(i - from);
        sum += count;
        sum_squares += count * count;
    }
    double mean = sum / (double)n_seconds;
    double variance = (sum_squares - sum * mean) / (double)(n_seconds - 1);
    return variance / mean;
}

/* Mean and standard deviation / mean of the times between the instants of an ascending list. */
static void gaps(const int64_t *sorted, size_t n, double *mean_ms, double *cv)
{
    *mean_ms = n >= 2 ? (double)(sorted[n - 1] - sorted[0]) * 1e-6 / (double)(n - 1) : (double)NAN;
    *cv = (double)NAN;
    if (n < 3 || *mean_ms <= 0.0)
        return;
    double sum_squares = 0.0;
    for (size_t i = 1; i < n; i++) {
        double e = (double)(sorted[i] - sorted[i - 1]) * 1e-6 - *mean_ms;
        sum_squares += e * e;
    }
    *cv = sqrt(sum_squares / (double)(n - 2)) / *mean_ms;
}

/* Median of a part of a list that is in the order of the plan. */
static rig_status median_of(const double *values, size_t n, double *median)
{
    double *sorted = malloc((n + 1) * sizeof *sorted);
    if (sorted == NULL)
        return RIG_ENOMEM;
    memcpy(sorted, values, n * sizeof *sorted);
    qsort(sorted, n, sizeof *sorted, compare_double);
    *median = percentile(sorted, n, 0.5);
    free(sorted);
    return RIG_OK;
}

static bool is_ascending(const int64_t *t, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (t[i] == RIG_NO_TIME || (i > 0 && t[i] < t[i - 1]))
            return false;
    return true;
}

static void summarize(double *late_ms, size_t n, rig_lateness *of)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += late_ms[i];
    qsort(late_ms, n, sizeof *late_ms, compare_double);
    of->min_ms = late_ms[0];
    of->max_ms = late_ms[n - 1];
    of->mean_ms = sum / (double)n;
    of->median_ms = percentile(late_ms, n, 0.5);
    of->p95_ms = percentile(late_ms, n, 0.95);
    of->p99_ms = percentile(late_ms, n, 0.99);
    for (size_t i = 0; i < n; i++)
        late_ms[i] = fabs(late_ms[i]);
    qsort(late_ms, n, sizeof *late_ms, compare_double);
    of->abs_p50_ms = percentile(late_ms, n, 0.5);
    of->abs_p95_ms = percentile(late_ms, n, 0.95);
    of->abs_p99_ms = percentile(late_ms, n, 0.99);
    of->abs_max_ms = late_ms[n - 1];
}

double rig_lateness_window_share(const int64_t *planned_ns, size_t n, int64_t window_ns)
{
    size_t most = 0;
    for (size_t from = 0, to = 0; to < n; to++) {
        while (planned_ns[to] - planned_ns[from] > window_ns)
            from++;
        most = to - from + 1 > most ? to - from + 1 : most;
    }
    return n > 0 ? (double)most / (double)n : 0.0;
}

/* Every figure unknown. */
static rig_lateness nothing_known(size_t n_planned)
{
    return (rig_lateness){.n_planned = n_planned,
                          .min_ms = NAN,
                          .max_ms = NAN,
                          .mean_ms = NAN,
                          .median_ms = NAN,
                          .p95_ms = NAN,
                          .p99_ms = NAN,
                          .abs_p50_ms = NAN,
                          .abs_p95_ms = NAN,
                          .abs_p99_ms = NAN,
                          .abs_max_ms = NAN,
                          .ks = NAN,
                          .planned_dispersion = NAN,
                          .actual_dispersion = NAN,
                          .planned_gap_ms = NAN,
                          .actual_gap_ms = NAN,
                          .planned_gap_cv = NAN,
                          .actual_gap_cv = NAN,
                          .first_fifth_ms = NAN,
                          .last_fifth_ms = NAN};
}

/* Of the m >= 1 calls that were placed; `actual` and `late_ms` are put in order. */
static rig_status describe(const int64_t *planned, int64_t *actual, double *late_ms, size_t m,
                           rig_lateness *found)
{
    const size_t n_fifth = m / 5;
    qsort(actual, m, sizeof *actual, compare_time);
    gaps(planned, m, &found->planned_gap_ms, &found->planned_gap_cv);
    gaps(actual, m, &found->actual_gap_ms, &found->actual_gap_cv);
    for (size_t i = 0; i < m; i++)
        found->n_late += fabs(late_ms[i]) > RIG_LATE_MS;
    if (n_fifth > 0 && (median_of(late_ms, n_fifth, &found->first_fifth_ms) != RIG_OK ||
                        median_of(late_ms + m - n_fifth, n_fifth, &found->last_fifth_ms) != RIG_OK))
        return RIG_ENOMEM;
    summarize(late_ms, m, found);
    found->ks = ks_distance(planned, actual, m);
    int64_t n_seconds = (planned[m - 1] - planned[0]) / RIG_NS_PER_S;
    found->planned_dispersion = dispersion(planned, m, planned[0], n_seconds);
    /* The same seconds for both: a call that is late by a second's edge is seen, as it should. */
    found->actual_dispersion = dispersion(actual, m, planned[0], n_seconds);
    return RIG_OK;
}

rig_status rig_lateness_compare(const int64_t *planned_ns, const int64_t *actual_ns, size_t n,
                                rig_lateness *lateness)
{
    if (!is_ascending(planned_ns, n))
        return RIG_EDOM;
    rig_lateness found = nothing_known(n);
    double *late_ms = malloc((n + 1) * sizeof *late_ms);
    int64_t *planned = malloc((n + 1) * sizeof *planned);
    int64_t *actual = malloc((n + 1) * sizeof *actual);
    rig_status status = RIG_ENOMEM;
    if (late_ms == NULL || planned == NULL || actual == NULL)
        goto out;
    size_t m = 0;
    for (size_t i = 0; i < n; i++) {
        if (actual_ns[i] == RIG_NO_TIME)
            continue;
        planned[m] = planned_ns[i];
        actual[m] = actual_ns[i];
        late_ms[m] = (double)(actual_ns[i] - planned_ns[i]) * 1e-6;
        m++;
    }
    found.n_placed = m;
    status = m > 0 ? describe(planned, actual, late_ms, m, &found) : RIG_OK;
    if (status == RIG_OK)
        *lateness = found;
out:
    free(late_ms);
    free(planned);
    free(actual);
    return status;
}
