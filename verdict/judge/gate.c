/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verdict/judge/gate.h"

#include <math.h>

#include "models/binomial.h"
#include "models/margin.h"
#include "models/sample.h"

rig_status rig_gate_test_make(const double *replayed, size_t n, double observed,
                              const rig_margin *margin, double n_entered, rig_gate_test *test)
{
    rig_sample s;
    rig_status status = rig_sample_make(replayed, n, &s);
    if (status != RIG_OK)
        return status;
    double low90, high90, low95, high95;
    rig_sample_limits(&s, 2.0 * RIG_GATE_ALPHA, &low90, &high90);
    rig_sample_limits(&s, RIG_GATE_ALPHA, &low95, &high95);
    rig_gate_test t = {
        .observed = observed,
        .predicted = s.mean,
        .predicted_low = low95,
        .predicted_high = high95,
        .difference = observed - s.mean,
        .d90_low = observed - high90,
        .d90_high = observed - low90,
        .d95_low = observed - high95,
        .d95_high = observed - low95,
        .margin = rig_margin_of(margin, &s, n_entered),
        .p_value = 1.0,
    };
    double beyond = fabs(t.difference) - t.margin;
    if (beyond > 0.0) {
        size_t n_reach = 0;
        for (size_t i = 0; i < s.n; i++) {
            double e = s.sorted[i] - s.mean;
            n_reach += (t.difference > 0.0 ? e : -e) >= beyond;
        }
        t.p_value = fmin(1.0, 2.0 * (double)(1 + n_reach) / (double)(s.n + 1));
    }
    t.p_value_holm = t.p_value;
    rig_sample_clear(&s);
    *test = t;
    return RIG_OK;
}

void rig_gate_holm(rig_gate_test *tests, size_t n)
{
    double largest = 0.0;
    for (size_t rank = 0; rank < n; rank++) {
        /* the test with the rank-th smallest p-value; equal ones in their order */
        for (size_t i = 0; i < n; i++) {
            size_t n_before = 0;
            for (size_t k = 0; k < n; k++)
                n_before += tests[k].p_value < tests[i].p_value ||
                            (tests[k].p_value == tests[i].p_value && k < i);
            if (n_before != rank)
                continue;
            largest = fmax(largest, fmin(1.0, (double)(n - rank) * tests[i].p_value));
            tests[i].p_value_holm = largest;
        }
    }
}

rig_judgement rig_gate_judge(const rig_gate_test *t, double shift, double alpha)
{
    if (t->d90_low + shift > -t->margin && t->d90_high + shift < t->margin)
        return RIG_JUDGEMENT_PASS;
    bool is_outside = t->d95_low + shift > t->margin || t->d95_high + shift < -t->margin;
    bool is_significant = t->p_value_holm < alpha || shift != 0.0;
    return is_outside && is_significant ? RIG_JUDGEMENT_FAIL : RIG_JUDGEMENT_INCONCLUSIVE;
}

double rig_gate_growth_to_decide(const rig_gate_test *t)
{
    double gap = fabs(fabs(t->difference) - t->margin);
    bool is_inside = fabs(t->difference) < t->margin;
    double low = is_inside ? t->d90_low : t->d95_low;
    double high = is_inside ? t->d90_high : t->d95_high;
    double half = fmax(t->difference - low, high - t->difference);
    if (gap <= 0.0)
        return INFINITY;
    return fmax(1.0, (half / gap) * (half / gap));
}

rig_status rig_gate_estimate(const double *replayed, size_t n, double observed,
                             rig_interval_estimate *estimate)
{
    const double none = (double)NAN;
    rig_sample s;
    rig_status status = rig_sample_make(replayed, n, &s);
    if (status != RIG_OK)
        return status;
    rig_interval_estimate e = {none, none, none, none, none};
    if (isinf(observed)) {
        e = (rig_interval_estimate){observed, observed, observed, observed, observed};
    } else if (s.n > 1 && !isnan(observed)) {
        /* where some replays are not finite, no mean is */
        const double centre = isfinite(s.mean) ? s.mean : s.sorted[(s.n - 1) / 2];
        double low90, high90, low95, high95;
        rig_sample_limits(&s, 2.0 * RIG_GATE_ALPHA, &low90, &high90);
        rig_sample_limits(&s, RIG_GATE_ALPHA, &low95, &high95);
        e = (rig_interval_estimate){.value = observed,
                                    .low90 = observed - (high90 - centre),
                                    .high90 = observed + (centre - low90),
                                    .low95 = observed - (high95 - centre),
                                    .high95 = observed + (centre - low95)};
        if (isinf(centre)) /* nor is the scatter known */
            e = (rig_interval_estimate){observed, -INFINITY, INFINITY, -INFINITY, INFINITY};
    }
    rig_sample_clear(&s);
    *estimate = e;
    return RIG_OK;
}

rig_interval_estimate rig_gate_binomial(uint64_t n_hits, uint64_t n)
{
    const double none = (double)NAN;
    if (n == 0)
        return (rig_interval_estimate){none, none, none, none, none};
    double hits = (double)n_hits, all = (double)n;
    return (rig_interval_estimate){.value = hits / all,
                                   .low90 = rig_binomial_low(hits, all, RIG_GATE_ALPHA),
                                   .high90 = rig_binomial_high(hits, all, RIG_GATE_ALPHA),
                                   .low95 = rig_binomial_low(hits, all, RIG_GATE_ALPHA / 2.0),
                                   .high95 = rig_binomial_high(hits, all, RIG_GATE_ALPHA / 2.0)};
}

rig_judgement rig_gate_judge_level(const rig_level *level, const rig_interval_estimate *e)
{
    if (isnan(e->value))
        return RIG_JUDGEMENT_INCONCLUSIVE;
    bool is_good = level->is_minimum ? e->low90 >= level->limit : e->high90 <= level->limit;
    bool is_bad = level->is_minimum ? e->high95 < level->limit : e->low95 > level->limit;
    return is_good ? RIG_JUDGEMENT_PASS : is_bad ? RIG_JUDGEMENT_FAIL : RIG_JUDGEMENT_INCONCLUSIVE;
}
