/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/summary.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_statistics.h>
#include <math.h>

#include "models/sample.h"

const char *rig_series_name(rig_series series)
{
    static const char *const names[RIG_N_SERIES] = {"lost_trunk",
                                                    "lost_ivr",
                                                    "lost_queue",
                                                    "lost_agent",
                                                    "offered",
                                                    "served",
                                                    "circuits",
                                                    "queue",
                                                    "on_duty",
                                                    "occupancy",
                                                    "answered_wait_mean_s",
                                                    "answered_wait_p50_s",
                                                    "answered_wait_p95_s",
                                                    "answered_wait_max_s",
                                                    "service_level",
                                                    "connect_rate",
                                                    "deflected",
                                                    "dropped",
                                                    "busy"};
    return (unsigned)series < RIG_N_SERIES ? names[series] : "?";
}

double rig_series_value(rig_series series, const rig_interval *interval)
{
    if (series < RIG_SERIES_OFFERED)
        return interval->n_lost[series - RIG_SERIES_LOST];
    switch (series) {
    case RIG_SERIES_OFFERED:
        return interval->n_offered;
    case RIG_SERIES_SERVED:
        return interval->n_served;
    case RIG_SERIES_CIRCUITS:
        return interval->mean_circuits;
    case RIG_SERIES_QUEUE:
        return interval->mean_queue;
    case RIG_SERIES_ON_DUTY:
        return interval->mean_on_duty;
    case RIG_SERIES_OCCUPANCY:
        return interval->occupancy;
    case RIG_SERIES_WAIT_MEAN_S:
        return interval->wait_mean_s;
    case RIG_SERIES_WAIT_P50_S:
        return interval->wait_p50_s;
    case RIG_SERIES_WAIT_P95_S:
        return interval->wait_p95_s;
    case RIG_SERIES_WAIT_MAX_S:
        return interval->wait_max_s;
    case RIG_SERIES_SERVICE_LEVEL:
        return interval->service_level;
    case RIG_SERIES_CONNECT_RATE:
        return interval->n_offered > 0.0
                   ? (interval->n_served + interval->n_self_served) / interval->n_offered
                   : (double)NAN;
    case RIG_SERIES_DEFLECTED:
        return interval->n_deflected;
    case RIG_SERIES_DROPPED:
        return interval->n_dropped;
    case RIG_SERIES_BUSY:
        return interval->mean_busy;
    case RIG_SERIES_LOST:
    case RIG_N_SERIES:
        break;
    }
    return (double)NAN;
}

/* The least and the greatest of few values, so that they hold 95 % of one more. */
static void widen(const double *values, size_t n, double mean, double *low, double *high)
{
    if (n < 2 || n >= RIG_FEW_VALUES || !isfinite(mean))
        return;
    const double half = gsl_cdf_tdist_Pinv(0.975, (double)n - 1.0) *
                        gsl_stats_sd_m(values, 1, n, mean) * sqrt(1.0 + 1.0 / (double)n);
    const double least = *low >= 0.0 ? 0.0 : -INFINITY;
    *low = fmin(*low, fmax(least, mean - half));
    *high = fmax(*high, mean + half);
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
    widen(sample.sorted, sample.n, made.mean, &made.low, &made.high);
    if (sample.n > 1) {
        made.sd = gsl_stats_sd_m(sample.sorted, 1, sample.n, made.mean);
        const double half =
            gsl_cdf_tdist_Pinv(0.975, (double)sample.n - 1.0) * made.sd / sqrt((double)sample.n);
        made.ci_low = made.mean - half;
        made.ci_high = made.mean + half;
    }
    rig_sample_clear(&sample);
    *summary = made;
    return RIG_OK;
}

rig_band rig_band_of(double *values, size_t n)
{
    size_t n_defined = 0;
    for (size_t i = 0; i < n; i++) {
        double value = values[i];
        if (isnan(value))
            continue;
        values[i] = values[n_defined];
        values[n_defined++] = value;
    }
    if (n_defined == 0)
        return (rig_band){(double)NAN, (double)NAN, (double)NAN};
    size_t k = rig_sample_rank(n_defined, 0.05);
    double mean = gsl_stats_mean(values, 1, n_defined);
    double low = gsl_stats_select(values, 1, n_defined, k - 1);
    double high = gsl_stats_select(values, 1, n_defined, n_defined - k);
    widen(values, n_defined, mean, &low, &high);
    return (rig_band){mean, low, high};
}
