/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analyzer/metrics/sweep.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

int rig_change_compare(const void *a, const void *b)
{
    const rig_change *x = a;
    const rig_change *y = b;
    if (x->t_ns != y->t_ns)
        return x->t_ns < y->t_ns ? -1 : 1;
    return (int)x->kind - (int)y->kind;
}

static void note_level(rig_sweep *s)
{
    if (s->at >= s->usage->n_intervals || s->t_ns < s->usage->intervals[s->at].t_from_ns)
        return;
    rig_usage_interval *interval = &s->usage->intervals[s->at];
    if (s->in_use > (int64_t)interval->max_in_use)
        interval->max_in_use = (uint32_t)s->in_use;
}

static void merge_spans(rig_sweep *s)
{
    for (size_t i = 0; i < RIG_SWEEP_N_SPANS; i++) {
        rig_level_span moved = s->spans[i];
        s->spans[i] = (rig_level_span){0};
        rig_level_span *to = &s->spans[i / 2];
        to->length += moved.length;
        to->level += moved.level;
        to->square += moved.square;
    }
    s->span_ns *= 2;
}

/* The present level holds from s->t_ns to t_ns. */
static void fill_spans(rig_sweep *s, int64_t t_ns)
{
    while ((t_ns - s->t_begin_ns) / s->span_ns >= RIG_SWEEP_N_SPANS)
        merge_spans(s);
    for (int64_t from_ns = s->t_ns; from_ns < t_ns;) {
        int64_t i = (from_ns - s->t_begin_ns) / s->span_ns;
        int64_t end_ns = s->t_begin_ns + (i + 1) * s->span_ns;
        int64_t to_ns = end_ns < t_ns ? end_ns : t_ns;
        double length = (double)(to_ns - from_ns);
        double level = (double)s->in_use;
        s->spans[i].length += length;
        s->spans[i].level += level * length;
        s->spans[i].square += level * level * length;
        from_ns = to_ns;
    }
}

/* Let time pass to t_ns at the present level, closing the intervals that end on the way. */
static void advance(rig_sweep *s, int64_t t_ns)
{
    if (s->t_ns == RIG_NO_TIME) {
        s->t_ns = s->t_begin_ns = t_ns;
        s->span_ns = RIG_NS_PER_S;
    }
    fill_spans(s, t_ns);
    if (s->series != NULL)
        rig_usage_series_hold(s->series, s->t_ns, t_ns, s->in_use);
    while (s->at < s->usage->n_intervals) {
        rig_usage_interval *interval = &s->usage->intervals[s->at];
        if (t_ns <= interval->t_from_ns)
            break;
        if (s->t_ns < interval->t_from_ns)
            s->t_ns = interval->t_from_ns;
        note_level(s);
        int64_t t_end_ns = interval->t_from_ns + s->interval_ns;
        bool is_closed = t_ns >= t_end_ns;
        int64_t t_to_ns = is_closed ? t_end_ns : t_ns;
        s->area += (double)s->in_use * (double)(t_to_ns - s->t_ns);
        s->t_ns = t_to_ns;
        interval->mean_in_use = s->area / (double)(t_to_ns - interval->t_from_ns);
        if (!is_closed)
            break;
        s->area = 0;
        s->at++;
    }
    s->t_ns = t_ns;
}

static bool note_refusal(rig_sweep *s)
{
    size_t level = s->in_use > 0 ? (size_t)s->in_use : 0;
    if (level >= s->n_levels) {
        size_t n = s->n_levels == 0 ? 256 : s->n_levels;
        while (n <= level)
            n *= 2;
        uint64_t *wider = reallocarray(s->n_at_refusal, n, sizeof *wider);
        if (wider == NULL)
            return false;
        memset(wider + s->n_levels, 0, (n - s->n_levels) * sizeof *wider);
        s->n_at_refusal = wider;
        s->n_levels = n;
    }
    s->n_at_refusal[level]++;
    s->usage->n_refusals++;
    return true;
}

bool rig_sweep_take(rig_sweep *s, rig_change change)
{
    advance(s, change.t_ns);
    switch (change.kind) {
    case RIG_GIVEN_BACK:
        s->in_use--;
        return true;
    case RIG_SEIZED:
        s->in_use++;
        if (s->in_use > (int64_t)s->usage->peak_in_use) {
            s->usage->peak_in_use = (uint32_t)s->in_use;
            s->usage->t_peak_ns = change.t_ns;
        }
        note_level(s);
        return true;
    case RIG_REFUSED:
        return note_refusal(s);
    }
    return true;
}

/* The level at which the n-th refusal stood, of all in the order of their levels; n from 0. */
static uint32_t level_of(const rig_sweep *s, uint64_t n)
{
    uint64_t before = 0;
    for (size_t level = 0; level < s->n_levels; level++) {
        before += s->n_at_refusal[level];
        if (n < before)
            return (uint32_t)level;
    }
    return 0;
}

static void measure_scatter(rig_sweep *s, int64_t t_from_ns, int64_t t_to_ns)
{
    rig_level_span all = {0};
    for (int64_t i = 0; i < RIG_SWEEP_N_SPANS; i++) {
        int64_t begin_ns = s->t_begin_ns + i * s->span_ns;
        if (begin_ns < t_from_ns || begin_ns + s->span_ns > t_to_ns)
            continue;
        all.length += s->spans[i].length;
        all.level += s->spans[i].level;
        all.square += s->spans[i].square;
    }
    if (all.length <= 0)
        return;
    double mean = all.level / all.length;
    s->usage->steady_s = all.length * 1e-9;
    s->usage->variance_in_use = fmax(0.0, all.square / all.length - mean * mean);
    if (mean > 0)
        s->usage->peakedness = s->usage->variance_in_use / mean;
}

void rig_sweep_finish(rig_sweep *s, int64_t t_last_ns, int64_t t_steady_ns,
                      int64_t t_last_invite_ns)
{
    rig_usage *usage = s->usage;
    if (s->t_ns != RIG_NO_TIME && t_last_ns > s->t_ns)
        advance(s, t_last_ns);
    if (s->t_ns != RIG_NO_TIME)
        measure_scatter(s, t_steady_ns, t_last_invite_ns);
    uint64_t n = usage->n_refusals;
    if (n == 0)
        return;
    usage->min_in_use_at_refusal = level_of(s, 0);
    usage->max_in_use_at_refusal = level_of(s, n - 1);
    usage->p05_in_use_at_refusal = level_of(s, (n - 1) / 20);
    usage->p95_in_use_at_refusal = level_of(s, n - 1 - (n - 1) / 20);
    usage->median_in_use_at_refusal =
        ((double)level_of(s, (n - 1) / 2) + (double)level_of(s, n / 2)) / 2.0;
}

void rig_sweep_clear(rig_sweep *s)
{
    free(s->n_at_refusal);
    s->n_at_refusal = NULL;
    s->n_levels = 0;
}
