/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "history/trend.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/metric.h"

static void add(rig_history_point *p, const rig_history_run *run, const rig_history_metric *m)
{
    const double n = (double)p->n_runs;
    p->mean = (p->mean * n + m->observed) / (n + 1.0);
    p->least = p->n_runs == 0 ? m->observed : fmin(p->least, m->observed);
    p->most = p->n_runs == 0 ? m->observed : fmax(p->most, m->observed);
    p->predicted = (p->predicted * n + m->predicted) / (n + 1.0);
    p->n_failed += strcmp(run->texts[RIG_HISTORY_JUDGEMENT], "FAIL") == 0;
    p->n_runs++;
}

/* As people type it: lost_trunk is p_lost_trunk_per_entrant in files. */
static const char *whole_name(const char *name)
{
    rig_metric metric;
    return rig_metric_find(name, strlen(name), &metric) ? rig_metric_describe(metric)->name : name;
}

rig_status rig_history_trend_of(const rig_history_runs *runs, const char *metric, rig_history_by by,
                                rig_history_trend *trend)
{
    const char *name = whole_name(metric);
    rig_history_trend made = {.points = calloc(runs->n + 1, sizeof *made.points)};
    if (made.points == NULL)
        return RIG_ENOMEM;
    for (size_t i = 0; i < runs->n; i++) {
        const rig_history_run *run = runs->items[i];
        const rig_history_metric *m = rig_history_run_metric(run, name);
        if (m == NULL || !isfinite(m->observed) ||
            strcmp(run->texts[RIG_HISTORY_JUDGEMENT], "INVALID") == 0)
            continue;
        const int64_t start_ms = rig_history_by_start(by, run->counts[RIG_HISTORY_START_MS]);
        const bool is_new =
            made.n == 0 || by == RIG_HISTORY_BY_RUN || made.points[made.n - 1].start_ms != start_ms;
        if (is_new)
            made.points[made.n++].start_ms = start_ms;
        add(&made.points[made.n - 1], run, m);
        (void)snprintf(made.unit, sizeof made.unit, "%.15s", m->unit);
    }
    *trend = made;
    return RIG_OK;
}

void rig_history_trend_clear(rig_history_trend *trend)
{
    free(trend->points);
    *trend = (rig_history_trend){.n = 0};
}

char *rig_history_trend_line(const rig_history_trend *trend)
{
    double least = INFINITY, most = -INFINITY;
    char *line = malloc(3 * trend->n + 1), *at = line;
    if (line == NULL)
        return NULL;
    for (size_t i = 0; i < trend->n; i++) {
        least = fmin(least, trend->points[i].mean);
        most = fmax(most, trend->points[i].mean);
    }
    for (size_t i = 0; i < trend->n; i++) {
        const double height = most > least ? (trend->points[i].mean - least) / (most - least) : 0.5;
        *at++ = (char)0xe2;
        *at++ = (char)0x96;
        *at++ = (char)(0x81 + (int)lround(7.0 * height));
    }
    *at = '\0';
    return line;
}
