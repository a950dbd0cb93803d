/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verdict/over_time.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

/* How wide the bands are: at 1 % or at 0.01 %. */
typedef struct widths {
    double z;        /* of a second run: standard deviations */
    double replayed; /* of the replays: times their band at 1 % */
} widths;

/* What was seen in a period, and the replays' band. */
typedef struct period {
    double from_s, to_s;
    double n_offered, n_entered, n_lost;
    double mean, half;
} period;

static size_t count_periods(const rig_envelope *e)
{
    size_t n = 0;
    for (size_t level = 0; level < e->n_levels; level++)
        n += rig_envelope_n_periods(e, level);
    return n;
}

static double critical(double alpha, size_t n_periods)
{
    return gsl_cdf_ugaussian_Qinv(alpha / (2.0 * (double)n_periods));
}

/* Periods of all stages are looked at together. */
static widths widths_at(const rig_prediction *prediction, double alpha)
{
    size_t n = 0;
    for (int s = 0; s < RIG_N_STAGES; s++)
        n += count_periods(&prediction->envelopes[s]);
    n = n > 0 ? n : 1;
    const double z = critical(alpha, n);
    return (widths){.z = z, .replayed = z / critical(RIG_ENVELOPE_ALPHA, n)};
}

static void add_bin(const rig_prediction *prediction, const rig_interval *observed, rig_stage stage,
                    size_t bin, double sign, period *p)
{
    const size_t n_together = prediction->envelopes[stage].n_together;
    size_t end = (bin + 1) * n_together;
    end = end < prediction->n_intervals ? end : prediction->n_intervals;
    for (size_t i = bin * n_together; i < end; i++) {
        p->n_offered += sign * observed[i].n_offered;
        p->n_entered += sign * observed[i].n_offered;
        for (int s = 0; s < (int)stage; s++)
            p->n_entered -= sign * observed[i].n_lost[s];
        p->n_lost += sign * observed[i].n_lost[stage];
    }
    p->to_s = sign > 0.0 ? (double)end * prediction->interval_s : p->to_s;
    p->from_s = sign > 0.0 ? p->from_s : (double)end * prediction->interval_s;
}

/* What replays say of the period that begins at a bin. */
static void take_replays(const rig_envelope *e, size_t level, size_t bin, period *p)
{
    p->mean = e->mean[level * e->n_bins + bin];
    p->half = e->half[level * e->n_bins + bin];
}

static period bin_of(const rig_prediction *prediction, const rig_interval *observed,
                     rig_stage stage, size_t bin)
{
    const rig_envelope *e = &prediction->envelopes[stage];
    period p = {.from_s = (double)(bin * e->n_together) * prediction->interval_s};
    add_bin(prediction, observed, stage, bin, 1.0, &p);
    take_replays(e, 0, bin, &p);
    return p;
}

/* Both bands as one. The second run's limits x solve (x - m)^2 = z^2 2 n p (1 - p) with
 * p = (x + m) / 2 n: a quadratic equation in x + m. */
static void find_band(const period *p, const widths *w, double *low, double *high)
{
    const double n = fmax(fmax(p->n_offered, p->n_lost), fmax(p->mean, 1.0));
    const double m = p->mean, z2 = w->z * w->z;
    const double a = 1.0 + z2 / (2.0 * n), b = 4.0 * m + z2, c = 4.0 * m * m;
    const double root = sqrt(fmax(0.0, b * b - 4.0 * a * c));
    *low = fmax(0.0, fmin((b - root) / (2.0 * a) - m, m - w->replayed * p->half));
    *high = fmax((b + root) / (2.0 * a) - m, m + w->replayed * p->half);
}

static rig_excursion excursion_of(const period *p, const widths *w, double margin)
{
    rig_excursion x = {
        .from_s = p->from_s, .to_s = p->to_s, .observed = p->n_lost, .mean = p->mean};
    find_band(p, w, &x.low, &x.high);
    x.is_beyond_margin =
        x.observed > x.high + margin * p->n_entered || x.observed < x.low - margin * p->n_entered;
    return x;
}

/* How far outside, in widths of the band on that side. */
static double distance(const rig_excursion *x)
{
    return x->observed > x->mean ? (x->observed - x->mean) / (x->high - x->mean)
                                 : (x->mean - x->observed) / (x->mean - x->low);
}

double rig_over_time_lost(const rig_prediction *prediction, const rig_interval *observed,
                          rig_stage stage, size_t bin)
{
    return bin_of(prediction, observed, stage, bin).n_lost;
}

void rig_over_time_band(const rig_prediction *prediction, const rig_interval *observed,
                        rig_stage stage, size_t bin, double *low, double *high)
{
    const widths w = widths_at(prediction, RIG_ENVELOPE_ALPHA);
    const period p = bin_of(prediction, observed, stage, bin);
    find_band(&p, &w, low, high);
}

/* The bins: what the picture marks. */
static void list_bins(const rig_prediction *prediction, const rig_interval *observed,
                      rig_stage stage, double margin, rig_over_time *made)
{
    const widths w = widths_at(prediction, RIG_ENVELOPE_ALPHA);
    for (size_t b = 0; b < made->n_bins; b++) {
        const period p = bin_of(prediction, observed, stage, b);
        const rig_excursion x = excursion_of(&p, &w, margin);
        if (x.observed >= x.low && x.observed <= x.high)
            continue;
        made->n_beyond_margin += x.is_beyond_margin;
        if (made->n_left < RIG_MAX_EXCURSIONS)
            made->excursions[made->n_left] = x;
        made->n_left++;
    }
}

/* What a judgement of periods needs. */
typedef struct limits {
    widths open, certain;
    double margin, n_doubtful;
} limits;

/* Would it be outside, too, if all doubtful calls had ended otherwise? */
static bool is_certain(period p, const limits *l)
{
    const bool is_above = p.n_lost > p.mean;
    p.n_lost += is_above ? -l->n_doubtful : l->n_doubtful;
    return is_above == (p.n_lost > p.mean) &&
           excursion_of(&p, &l->certain, l->margin).is_beyond_margin;
}

static void judge_period(const period *p, const limits *l, rig_over_time *made)
{
    const rig_excursion x = excursion_of(p, &l->open, l->margin);
    if (!x.is_beyond_margin)
        return;
    if (made->finding == RIG_OVER_TIME_CONFORMS || distance(&x) > distance(&made->worst))
        made->worst = x;
    if (is_certain(*p, l))
        made->finding = RIG_OVER_TIME_CERTAIN;
    else if (made->finding == RIG_OVER_TIME_CONFORMS)
        made->finding = RIG_OVER_TIME_OPEN;
}

/* A period of each length slides over the run. */
static void judge_periods(const rig_prediction *prediction, const rig_interval *observed,
                          rig_stage stage, const limits *l, rig_over_time *made)
{
    const rig_envelope *e = &prediction->envelopes[stage];
    for (size_t level = 0; level < e->n_levels; level++) {
        const size_t length = (size_t)1 << level;
        period p = {0};
        for (size_t b = 0; b < length && b < e->n_bins; b++)
            add_bin(prediction, observed, stage, b, 1.0, &p);
        for (size_t b = 0; b < rig_envelope_n_periods(e, level); b++) {
            if (b > 0) {
                add_bin(prediction, observed, stage, b - 1, -1.0, &p);
                add_bin(prediction, observed, stage, b + length - 1, 1.0, &p);
            }
            take_replays(e, level, b, &p);
            judge_period(&p, l, made);
        }
    }
}

rig_over_time rig_over_time_compare(const rig_prediction *prediction, const rig_interval *observed,
                                    rig_stage stage, double margin, uint64_t n_doubtful)
{
    const rig_envelope *e = &prediction->envelopes[stage];
    rig_over_time made = {.n_bins = e->n_bins,
                          .bin_s = (double)e->n_together * prediction->interval_s};
    list_bins(prediction, observed, stage, margin, &made);
    const limits l = {.open = widths_at(prediction, RIG_ENVELOPE_ALPHA),
                      .certain = widths_at(prediction, RIG_OVER_TIME_CERTAIN_ALPHA),
                      .margin = margin,
                      .n_doubtful = (double)n_doubtful};
    judge_periods(prediction, observed, stage, &l, &made);
    return made;
}
