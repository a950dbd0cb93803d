/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/time_varying.h"

#include <math.h>

#include <gsl/gsl_integration.h>

#include "models/domain.h"

#define FORMULA        "time-varying"
#define MOST_INTERVALS 1000000
#define N_NODES        32

static rig_status check_profile(const rig_rate_profile *profile, rig_error *err)
{
    rig_status status = rig_domain_positive(FORMULA, "interval_s", profile->interval_s, err);
    if (status == RIG_OK && (profile->n < 1 || profile->n > MOST_INTERVALS))
        status = rig_fail(err, RIG_EDOM, "%s: %zu intervals; expected from 1 to %d", FORMULA,
                          profile->n, MOST_INTERVALS);
    for (size_t i = 0; i < profile->n && status == RIG_OK; i++) {
        double rate = profile->rate_per_s[i];
        if (!(isfinite(rate) && rate >= 0.0))
            status = rig_fail(err, RIG_EDOM,
                              "%s: rate_per_s %g in interval %zu; expected a finite number >= 0",
                              FORMULA, rate, i);
    }
    return status;
}

/* The rate of interval `i`, which may lie outside the profile. */
static double rate_of(const rig_rate_profile *p, double i)
{
    double n = (double)p->n;
    if (p->is_periodic)
        i -= n * floor(i / n);
    return i >= 0.0 && i < n ? p->rate_per_s[(size_t)i] : 0.0;
}

/* Interval by interval backwards from t: those who came d1..d0 ago are still here with the mean
 * E[min(S, d0)] - E[min(S, d1)] of an interval. */
static double load_mol(const rig_rate_profile *p, rig_capped_mean capped_mean, void *ctx,
                       double t_s, double mean_s, double mean_rate)
{
    double at = floor(t_s / p->interval_s);
    double newest = 0.0, sum = 0.0;
    if (!p->is_periodic && at >= (double)p->n) { /* nobody came since the end */
        at = (double)p->n - 1.0;
        newest = capped_mean(t_s - (double)p->n * p->interval_s, ctx);
    }
    for (size_t n_done = 0; n_done < 2 * (size_t)MOST_INTERVALS; n_done++, at--) {
        if (!p->is_periodic && at < 0.0)
            return sum;
        double oldest = fmin(mean_s, capped_mean(t_s - at * p->interval_s, ctx));
        sum += rate_of(p, at) * (oldest - newest);
        newest = oldest;
        if (mean_s - newest <= 1e-15 * mean_s)
            return sum;
    }
    return sum + mean_rate * (mean_s - newest); /* the rest of a very heavy tail */
}

rig_status rig_time_varying_load(rig_time_method method, const rig_rate_profile *profile,
                                 rig_capped_mean capped_mean, void *ctx, const double *t_s,
                                 size_t n_times, double *load_erl, rig_error *err)
{
    rig_status status = check_profile(profile, err);
    double mean_s = capped_mean(INFINITY, ctx);
    if (status == RIG_OK)
        status = rig_domain_positive(FORMULA, "mean holding time", mean_s, err);
    if (status == RIG_OK && method != RIG_TIME_PSA && method != RIG_TIME_MOL)
        status =
            rig_fail(err, RIG_EDOM, "%s: method %d; expected PSA or MOL", FORMULA, (int)method);
    for (size_t i = 0; i < n_times && status == RIG_OK; i++) {
        if (!(fabs(t_s[i]) <= 1e12 * profile->interval_s))
            status = rig_fail(err, RIG_EDOM, "%s: t_s %g; expected within 1e12 intervals", FORMULA,
                              t_s[i]);
    }
    if (status != RIG_OK)
        return status;
    double mean_rate = 0.0;
    for (size_t i = 0; i < profile->n; i++)
        mean_rate += profile->rate_per_s[i] / (double)profile->n;
    for (size_t i = 0; i < n_times; i++) {
        if (method == RIG_TIME_PSA)
            load_erl[i] = rate_of(profile, floor(t_s[i] / profile->interval_s)) * mean_s;
        else
            load_erl[i] = load_mol(profile, capped_mean, ctx, t_s[i], mean_s, mean_rate);
    }
    return RIG_OK;
}

rig_status rig_time_varying_load_at(rig_time_function rate, void *rate_ctx,
                                    rig_time_function survival, void *survival_ctx, double t_s,
                                    double memory_s, double step_s, double *load_erl,
                                    rig_error *err)
{
    rig_status status = rig_domain_positive(FORMULA, "memory_s", memory_s, err);
    if (status == RIG_OK)
        status = rig_domain_positive(FORMULA, "step_s", step_s, err);
    if (status == RIG_OK && memory_s / step_s > MOST_INTERVALS)
        status = rig_fail(err, RIG_EDOM, "%s: step_s %g of memory_s %g; expected at most %d steps",
                          FORMULA, step_s, memory_s, MOST_INTERVALS);
    if (status == RIG_OK && !isfinite(t_s))
        status = rig_fail(err, RIG_EDOM, "%s: t_s %g; expected a finite number", FORMULA, t_s);
    if (status != RIG_OK)
        return status;
    gsl_integration_glfixed_table *table = gsl_integration_glfixed_table_alloc(N_NODES);
    if (table == NULL)
        return rig_fail(err, RIG_ENOMEM, "%s: out of memory", FORMULA);
    double n_panels = ceil(memory_s / step_s), sum = 0.0;
    for (double panel = 0.0; panel < n_panels && status == RIG_OK; panel++) {
        for (size_t i = 0; i < N_NODES && status == RIG_OK; i++) {
            double s, weight;
            (void)gsl_integration_glfixed_point(memory_s * (panel / n_panels),
                                                memory_s * ((panel + 1.0) / n_panels), i, &s,
                                                &weight, table);
            double density = rate(t_s - s, rate_ctx), p = survival(s, survival_ctx);
            if (!(density >= 0.0 && p >= 0.0))
                status = rig_fail(err, RIG_EDOM,
                                  "%s: rate %g at %g s, survival %g at %g s; expected numbers >= 0",
                                  FORMULA, density, t_s - s, p, s);
            sum += weight * density * p;
        }
    }
    gsl_integration_glfixed_table_free(table);
    if (status == RIG_OK)
        *load_erl = sum;
    return status;
}
