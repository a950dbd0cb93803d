/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scenarios/dist.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "core/csv.h"
#include "core/microseconds.h"
#include "scenarios/dist/gamma_table.h"
#include "scenarios/dist/rounded_table.h"

const char *const rig_dist_kind_words[RIG_N_DIST_KINDS + 1] = {
    "constant", "uniform", "exponential", "lognormal", "gamma", "empirical", NULL};

const char *rig_dist_kind_name(rig_dist_kind kind)
{
    return (unsigned)kind < RIG_N_DIST_KINDS ? rig_dist_kind_words[kind] : "?";
}

static rig_status fail_range(rig_error *err, rig_dist_kind kind, const char *name, double value,
                             const char *expected)
{
    return rig_fail(err, RIG_EDOM, "%s %g is out of range for \"%s\"; expected %s", name, value,
                    rig_dist_kind_name(kind), expected);
}

/* What is looked up instead of being solved for, or computed, for each draw. */
static rig_status make_tables(rig_dist *dist)
{
    rig_status status = RIG_OK;
    const bool is_gamma = dist->kind == RIG_DIST_GAMMA;
    if (is_gamma)
        status = rig_gamma_table_new(1.0 / (dist->cv * dist->cv), &dist->gamma);
    if (status == RIG_EDOM) /* outside the table's range of shapes each draw is solved for */
        return RIG_OK;
    if (status == RIG_OK &&
        (is_gamma || dist->kind == RIG_DIST_EXPONENTIAL || dist->kind == RIG_DIST_LOGNORMAL))
        status = rig_rounded_table_new(dist, &dist->rounded);
    return status;
}

rig_status rig_dist_make(rig_dist_kind kind, double mean_s, double cv, rig_dist *dist,
                         rig_error *err)
{
    const double cv_uniform_max = 1.0 / sqrt(3.0);
    bool is_parametric = (unsigned)kind < RIG_DIST_EMPIRICAL;
    if (!is_parametric)
        return rig_fail(err, RIG_EDOM, "not a parametric distribution");
    if (!isfinite(mean_s) || mean_s < 0.0 || (mean_s == 0.0 && kind != RIG_DIST_CONSTANT))
        return fail_range(err, kind, "mean_s", mean_s, "a number > 0");
    if (kind == RIG_DIST_CONSTANT || kind == RIG_DIST_EXPONENTIAL)
        cv = kind == RIG_DIST_CONSTANT ? 0.0 : 1.0;
    else if (!isfinite(cv) || cv <= 0.0)
        return fail_range(err, kind, "cv", cv, "a number > 0");
    else if (kind == RIG_DIST_UNIFORM && cv > cv_uniform_max)
        return fail_range(err, kind, "cv", cv, "at most 0.577, so that no duration is negative");
    rig_dist made = {.kind = kind, .mean_s = mean_s, .cv = cv};
    if (kind == RIG_DIST_LOGNORMAL) {
        made.sigma = sqrt(log1p(cv * cv));
        made.half_sigma2 = log1p(cv * cv) / 2.0;
    }
    if (make_tables(&made) != RIG_OK) {
        rig_dist_clear(&made);
        return rig_fail(err, RIG_ENOMEM, "out of memory");
    }
    *dist = made;
    return RIG_OK;
}

rig_status rig_dist_make_empirical(const char *file, const char *column, rig_dist *dist,
                                   rig_error *err)
{
    rig_csv *csv = NULL;
    size_t at = 0;
    rig_dist made = {.kind = RIG_DIST_EMPIRICAL};
    rig_status status = rig_csv_read(file, &csv, err);
    if (status != RIG_OK)
        return status;
    status = rig_csv_column(csv, column, &at, err);
    if (status != RIG_OK)
        goto out;
    made.n_sample = rig_csv_n_rows(csv);
    if (made.n_sample == 0) {
        status = rig_fail(err, RIG_EINPUT, "%s: no rows; expected at least one duration", file);
        goto out;
    }
    made.file = strdup(file);
    made.column = strdup(column);
    made.sample_s = malloc(made.n_sample * sizeof *made.sample_s);
    if (made.file == NULL || made.column == NULL || made.sample_s == NULL) {
        status = rig_fail(err, RIG_ENOMEM, "%s: out of memory", file);
        goto out;
    }
    for (size_t i = 0; i < made.n_sample; i++) {
        status = rig_csv_number(csv, i, at, &made.sample_s[i], err);
        if (status != RIG_OK)
            goto out;
        if (made.sample_s[i] < 0.0 || made.sample_s[i] > 1e9) {
            status = rig_fail(err, RIG_EINPUT,
                              "%s:%zu: %s: %g is not a duration; expected seconds "
                              ">= 0",
                              file, rig_csv_line(csv, i), column, made.sample_s[i]);
            goto out;
        }
    }
    gsl_sort(made.sample_s, 1, made.n_sample);
    made.mean_s = gsl_stats_mean(made.sample_s, 1, made.n_sample);
    if (made.n_sample > 1 && made.mean_s > 0.0)
        made.cv = gsl_stats_sd(made.sample_s, 1, made.n_sample) / made.mean_s;
    *dist = made;
out:
    if (status != RIG_OK)
        rig_dist_clear(&made);
    rig_csv_free(csv);
    return status;
}

rig_status rig_dist_copy(const rig_dist *dist, rig_dist *copy)
{
    rig_dist made = *dist;
    made.file = dist->file != NULL ? strdup(dist->file) : NULL;
    made.column = dist->column != NULL ? strdup(dist->column) : NULL;
    made.gamma = rig_gamma_table_copy(dist->gamma);
    made.rounded = rig_rounded_table_copy(dist->rounded);
    made.sample_s = NULL;
    if (dist->n_sample > 0)
        made.sample_s = malloc(dist->n_sample * sizeof *made.sample_s);
    if ((dist->file != NULL && made.file == NULL) ||
        (dist->column != NULL && made.column == NULL) ||
        (dist->gamma != NULL && made.gamma == NULL) ||
        (dist->rounded != NULL && made.rounded == NULL) ||
        (dist->n_sample > 0 && made.sample_s == NULL)) {
        rig_dist_clear(&made);
        return RIG_ENOMEM;
    }
    if (dist->n_sample > 0)
        memcpy(made.sample_s, dist->sample_s, dist->n_sample * sizeof *made.sample_s);
    *copy = made;
    return RIG_OK;
}

void rig_dist_clear(rig_dist *dist)
{
    if (dist == NULL)
        return;
    free(dist->sample_s);
    free(dist->file);
    free(dist->column);
    rig_gamma_table_free(dist->gamma);
    rig_rounded_table_free(dist->rounded);
    *dist = (rig_dist){.kind = RIG_DIST_CONSTANT};
}

double rig_dist_quantile_s(const rig_dist *dist, double u)
{
    switch (dist->kind) {
    case RIG_DIST_CONSTANT:
        return dist->mean_s;
    case RIG_DIST_UNIFORM: {
        double half_s = sqrt(3.0) * dist->cv * dist->mean_s;
        return fmax(0.0, dist->mean_s + half_s * (2.0 * u - 1.0));
    }
    case RIG_DIST_EXPONENTIAL:
        return -dist->mean_s * log1p(-u);
    case RIG_DIST_LOGNORMAL: {
        double sigma = dist->sigma, half_sigma2 = dist->half_sigma2;
        if (sigma <= 0.0) {
            half_sigma2 = log1p(dist->cv * dist->cv) / 2.0;
            sigma = sqrt(2.0 * half_sigma2);
        }
        return dist->mean_s * exp(sigma * gsl_cdf_ugaussian_Pinv(u) - half_sigma2);
    }
    case RIG_DIST_GAMMA: {
        double variance_ratio = dist->cv * dist->cv;
        if (dist->gamma != NULL)
            return dist->mean_s * variance_ratio * rig_gamma_table_quantile(dist->gamma, u);
        return dist->mean_s * variance_ratio * rig_gamma_quantile(1.0 / variance_ratio, u);
    }
    case RIG_DIST_EMPIRICAL: {
        size_t at = (size_t)(u * (double)dist->n_sample);
        return dist->sample_s[at < dist->n_sample ? at : dist->n_sample - 1];
    }
    case RIG_N_DIST_KINDS:
        break;
    }
    return dist->mean_s;
}

double rig_dist_rounded_quantile_s(const rig_dist *dist, double u)
{
    int64_t whole;
    if (dist->rounded != NULL && rig_rounded_table_us(dist->rounded, u, &whole))
        return (double)whole / 1e6;
    return rig_round_to_us(rig_dist_quantile_s(dist, u));
}

void rig_dist_rounded_quantiles_s(const rig_dist *dist, size_t n, double *values)
{
    if (dist->kind == RIG_DIST_CONSTANT) {
        for (size_t i = 0; i < n; i++)
            values[i] = rig_round_to_us(dist->mean_s);
        return;
    }
    for (size_t i = 0; i < n; i++) {
        int64_t whole;
        if (dist->rounded != NULL && rig_rounded_table_us(dist->rounded, values[i], &whole))
            values[i] = (double)whole / 1e6;
        else
            values[i] = rig_round_to_us(rig_dist_quantile_s(dist, values[i]));
    }
}

bool rig_dist_is_quick(const rig_dist *dist)
{
    return dist->rounded != NULL || dist->kind == RIG_DIST_CONSTANT ||
           dist->kind == RIG_DIST_UNIFORM || dist->kind == RIG_DIST_EMPIRICAL;
}
