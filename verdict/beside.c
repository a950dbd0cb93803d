/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verdict/beside.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/language.h"
#include "core/tidy.h"
#include "models/sample.h"

static const rig_metric shown[] = {RIG_METRIC_CONNECT_RATE,         RIG_METRIC_AGENT_CONNECT_RATE,
                                   RIG_METRIC_ABANDON_RATE,         RIG_METRIC_SERVICE_LEVEL,
                                   RIG_METRIC_WAIT_MEAN_S,          RIG_METRIC_WAIT_P95_S,
                                   RIG_METRIC_ANSWERED_WAIT_MEAN_S, RIG_METRIC_ANSWERED_WAIT_P95_S,
                                   RIG_METRIC_SETUP_P95_S,          RIG_METRIC_OCCUPANCY,
                                   RIG_METRIC_MEAN_CIRCUITS};

enum { N_SHOWN = sizeof shown / sizeof *shown };

/* Beside these where somebody dials again: calls are not callers then. */
static const rig_metric of_callers[] = {RIG_METRIC_N_REDIALS, RIG_METRIC_SERVED_IN_THE_END};

enum { N_OF_CALLERS = sizeof of_callers / sizeof *of_callers };

/* Finer than this the wire does not show a figure. */
static double resolution(rig_metric metric, double time_scale)
{
    if (rig_metric_is_time(metric))
        return 0.010 * time_scale;
    return rig_metric_is_share(metric) ? 0.001 : 0.5;
}

static bool is_far(const rig_beside_row *row)
{
    return !isfinite(row->observed) || !isfinite(row->predicted) ||
           fabs(row->observed - row->predicted) > 0.1 * fabs(row->predicted);
}

static rig_status compare(const rig_prediction *prediction, rig_metric metric, double observed,
                          double time_scale, rig_beside *beside)
{
    rig_sample sample;
    rig_status status = rig_sample_make(rig_prediction_samples(prediction, metric),
                                        prediction->n_replications, &sample);
    if (status != RIG_OK)
        return status;
    if (sample.n > 0) {
        rig_beside_row row = {.metric = metric, .observed = observed, .predicted = sample.mean};
        const double slack = resolution(metric, time_scale);
        rig_sample_limits(&sample, 0.05 / N_SHOWN, &row.low, &row.high);
        row.is_outside = observed < row.low - slack || observed > row.high + slack;
        row.is_far = row.is_outside && is_far(&row);
        beside->rows[beside->n++] = row;
    }
    rig_sample_clear(&sample);
    return RIG_OK;
}

rig_status rig_beside_compare(const rig_prediction *prediction, const double *observed,
                              double time_scale, rig_beside *beside)
{
    rig_beside made = {.n = 0};
    rig_status status = RIG_OK;
    for (size_t i = 0; i < N_SHOWN && status == RIG_OK; i++) {
        if (!isnan(observed[shown[i]]))
            status = compare(prediction, shown[i], observed[shown[i]], time_scale, &made);
    }
    const bool has_redials = observed[RIG_METRIC_N_REDIALS] > 0.0 ||
                             prediction->metrics[RIG_METRIC_N_REDIALS].mean > 0.0;
    for (size_t i = 0; i < N_OF_CALLERS && has_redials && status == RIG_OK; i++)
        status = compare(prediction, of_callers[i], observed[of_callers[i]], time_scale, &made);
    if (status == RIG_OK)
        *beside = made;
    return status;
}

void rig_beside_text(rig_metric metric, double value, char *text, size_t size)
{
    const char *unit = rig_metric_describe(metric)->unit;
    if (isnan(value))
        (void)snprintf(text, size, "n/a");
    else if (isinf(value))
        (void)snprintf(text, size, "not reached");
    else if (rig_metric_is_share(metric))
        (void)snprintf(text, size, "%.2f %%", rig_tidy(100.0 * value, 2));
    else if (rig_metric_is_time(metric))
        (void)snprintf(text, size, "%.2f s", rig_tidy(value, 2));
    else
        (void)snprintf(text, size, "%.1f %s", rig_tidy(value, 1), unit);
}

void rig_beside_interval(rig_metric metric, double value, double low, double high, char *text,
                         size_t size)
{
    char middle[48], ends[2][48];
    rig_beside_text(metric, value, middle, sizeof middle);
    rig_beside_text(metric, low, ends[0], sizeof ends[0]);
    rig_beside_text(metric, high, ends[1], sizeof ends[1]);
    const double limits[] = {low, high};
    for (int i = 0; i < 2; i++) {
        char *blank = isfinite(limits[i]) ? strchr(ends[i], ' ') : NULL;
        if (blank != NULL)
            *blank = '\0';
    }
    if (isnan(low) || isnan(high))
        (void)snprintf(text, size, "%s", middle);
    else
        (void)snprintf(text, size, "%s (%s..%s)", middle, ends[0], ends[1]);
}

void rig_beside_say(const rig_beside *beside, char *text, size_t size)
{
    bool is_first = true;
    for (size_t i = 0; i < beside->n; i++) {
        const rig_beside_row *r = &beside->rows[i];
        const size_t used = strlen(text);
        char observed[48], predicted[160];
        if (!r->is_far || used + 1 >= size)
            continue;
        rig_beside_text(r->metric, r->observed, observed, sizeof observed);
        rig_beside_interval(r->metric, r->predicted, r->low, r->high, predicted, sizeof predicted);
        (void)snprintf(text + used, size - used,
                       is_first ? N_("; but %s is %s, predicted %s")
                                : N_(", %s is %s, predicted %s"),
                       rig_metric_short_name(r->metric).text, observed, predicted);
        is_first = false;
    }
}
