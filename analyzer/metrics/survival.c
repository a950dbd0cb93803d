/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analyzer/survival.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>

#include "core/clock.h"

static int compare(const void *a, const void *b)
{
    const rig_lasting x = *(const rig_lasting *)a, y = *(const rig_lasting *)b;
    return (x > y) - (x < y);
}

static int64_t time_of(rig_lasting observed)
{
    return (int64_t)(observed >> 1);
}

static size_t count_steps(const rig_lasting *observed, size_t n)
{
    size_t n_steps = 0;
    int64_t t_last_ns = -1;
    for (size_t i = 0; i < n; i++) {
        if ((observed[i] & 1) == 0 || time_of(observed[i]) == t_last_ns)
            continue;
        t_last_ns = time_of(observed[i]);
        n_steps++;
    }
    return n_steps;
}

static void set_interval(rig_survival_step *step, double greenwood)
{
    step->se = step->low = step->high = (double)NAN;
    if (step->p_left <= 0)
        return;
    step->se = step->p_left * sqrt(greenwood);
    double z = gsl_cdf_ugaussian_Pinv(0.975);
    double log_left = log(step->p_left); /* < 0: there was an event */
    double width = z * sqrt(greenwood) / -log_left;
    step->low = exp(log_left * exp(width));
    step->high = exp(log_left * exp(-width));
}

static void fill(rig_survival *survival, const rig_lasting *observed, size_t n)
{
    double p_left = 1, greenwood = 0;
    rig_survival_step *step = NULL;
    for (size_t i = 0; i < n;) {
        const int64_t t_ns = time_of(observed[i]);
        uint64_t n_events = 0, n_censored = 0;
        const size_t n_at_risk = n - i;
        for (; i < n && time_of(observed[i]) == t_ns; i++) {
            n_events += observed[i] & 1;
            n_censored += (observed[i] & 1) == 0;
        }
        survival->total_s += (double)(n_events + n_censored) * rig_clock_s_of_ns(t_ns);
        survival->n_events += n_events;
        if (n_events > 0) {
            step = &survival->steps[survival->n_steps++];
            double at_risk = (double)n_at_risk, events = (double)n_events;
            p_left *= 1 - events / at_risk;
            if (n_events < n_at_risk) /* else nobody is left, and there is no variance */
                greenwood += events / (at_risk * (at_risk - events));
            *step = (rig_survival_step){.t_s = rig_clock_s_of_ns(t_ns),
                                        .n_at_risk = n_at_risk,
                                        .n_events = n_events,
                                        .p_left = n_at_risk == n_events ? 0 : p_left};
            set_interval(step, greenwood);
        }
        if (step != NULL)
            step->n_censored += n_censored;
        else
            survival->n_censored_first += n_censored;
    }
}

rig_status rig_survival_estimate(rig_lasting *observed, size_t n, rig_survival **survival,
                                 rig_error *err)
{
    rig_survival *made = calloc(1, sizeof *made);
    if (made == NULL)
        return rig_fail(err, RIG_ENOMEM, "out of memory");
    if (n > 0)
        qsort(observed, n, sizeof *observed, compare);
    made->n = n;
    made->longest_s = n > 0 ? rig_clock_s_of_ns(time_of(observed[n - 1])) : (double)NAN;
    made->steps = calloc(count_steps(observed, n) + 1, sizeof *made->steps);
    if (made->steps == NULL) {
        free(made);
        return rig_fail(err, RIG_ENOMEM, "out of memory");
    }
    fill(made, observed, n);
    *survival = made;
    return RIG_OK;
}

void rig_survival_free(rig_survival *survival)
{
    if (survival == NULL)
        return;
    free(survival->steps);
    free(survival);
}

rig_survival_quantile rig_survival_find(const rig_survival *survival, double p)
{
    rig_survival_quantile found = {(double)NAN, (double)NAN, (double)NAN};
    const double level = 1 - p;
    for (size_t i = 0; i < survival->n_steps; i++) {
        const rig_survival_step *step = &survival->steps[i];
        /* products of shares are off by some parts in 10^16 each */
        if (isnan(found.t_s) && step->p_left <= level * (1 + 1e-12))
            found.t_s = step->t_s;
        if (isnan(found.low_s) && (step->low <= level || step->p_left <= 0))
            found.low_s = step->t_s;
        if (isnan(found.high_s) && step->high <= level)
            found.high_s = step->t_s;
    }
    return found;
}

double rig_survival_at(const rig_survival *survival, double t_s)
{
    double p_left = 1;
    for (size_t i = 0; i < survival->n_steps && survival->steps[i].t_s <= t_s; i++)
        p_left = survival->steps[i].p_left;
    bool is_known = survival->n > 0 && (t_s <= survival->longest_s || p_left <= 0);
    return is_known ? p_left : (double)NAN;
}

/* The quantile of chi-squared by bisection: GSL 2.7.1's own inverse does not converge for one
 * number of events in a hundred (1,160, 1,736, ..). */
static double chisq_quantile(double probability, double n_free)
{
    double low = 0.0, high = n_free + 20.0 * sqrt(2.0 * n_free) + 40.0;
    for (int i = 0; i < 200 && high - low > 1e-13 * high; i++) {
        const double middle = 0.5 * (low + high);
        if (gsl_cdf_chisq_P(middle, n_free) < probability)
            low = middle;
        else
            high = middle;
    }
    return 0.5 * (low + high);
}

rig_survival_quantile rig_survival_exponential_mean(const rig_survival *survival)
{
    rig_survival_quantile mean = {(double)NAN, (double)NAN, (double)NAN};
    if (survival->n_events == 0)
        return mean;
    double events = (double)survival->n_events;
    mean.t_s = survival->total_s / events;
    mean.low_s = 2 * survival->total_s / chisq_quantile(0.975, 2 * events);
    mean.high_s = 2 * survival->total_s / chisq_quantile(0.025, 2 * events);
    return mean;
}
