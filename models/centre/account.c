/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/centre/account.h"

#include <math.h>

static const double quantiles[] = {0.5, 0.95};

void rig_account_make(uint32_t bits, uint32_t *bins, rig_account *account)
{
    const uint32_t n = rig_histogram_n_bins(bits);
    *account = (rig_account){.tally = {0}};
    rig_histogram_make(bits, bins, &account->answered);
    rig_histogram_make(bits, bins + n, &account->left);
    rig_histogram_make(bits, bins + 2u * n, &account->setup);
}

void rig_account_clear(rig_account *account)
{
    account->tally = (rig_tally){0};
    account->counts = (rig_metric_counts){0};
    rig_histogram_clear(&account->answered);
    rig_histogram_clear(&account->left);
    rig_histogram_clear(&account->setup);
}

/* Kaplan and Meier's estimate, bin by bin; in each, answers come first. */
static void fill_all(const rig_histogram *answered, const rig_histogram *left, double *metrics)
{
    const uint32_t first = answered->first < left->first ? answered->first : left->first;
    const uint32_t last = answered->last > left->last ? answered->last : left->last;
    const double longest_s = fmax(answered->max_s, left->max_s);
    double n_at_risk = (double)(answered->n + left->n), waiting = 1.0, area_s = 0.0, from_s = 0.0;
    double quantile_s[2] = {INFINITY, INFINITY};
    for (uint32_t bin = first; bin <= last; bin++) {
        const double n_answered = (double)answered->bins[bin], n_left = (double)left->bins[bin];
        if (n_answered + n_left <= 0.0)
            continue;
        const double at_s = fmin(rig_histogram_value_s(answered->bits, bin), longest_s);
        area_s += waiting * (at_s - from_s);
        from_s = at_s;
        waiting *= 1.0 - n_answered / n_at_risk;
        for (size_t k = 0; k < 2; k++) {
            if (n_answered > 0.0 && waiting <= 1.0 - quantiles[k] + 1e-12)
                quantile_s[k] = fmin(quantile_s[k], at_s);
        }
        n_at_risk -= n_answered + n_left;
    }
    metrics[RIG_METRIC_WAIT_MEAN_S] = area_s + waiting * (longest_s - from_s);
    metrics[RIG_METRIC_WAIT_P50_S] = quantile_s[0];
    metrics[RIG_METRIC_WAIT_P95_S] = quantile_s[1];
    metrics[RIG_METRIC_WAIT_MAX_S] = longest_s;
}

void rig_account_fill(const rig_account *account, double metrics[RIG_N_METRICS])
{
    const rig_histogram *answered = &account->answered;
    double quantile_s[2];
    rig_metrics_of_counts(&account->tally, &account->counts, metrics);
    rig_histogram_quantiles_s(&account->setup, quantiles + 1, 1, &metrics[RIG_METRIC_SETUP_P95_S]);
    rig_histogram_quantiles_s(answered, quantiles, 2, quantile_s);
    metrics[RIG_METRIC_ANSWERED_WAIT_MEAN_S] = rig_histogram_mean_s(answered);
    metrics[RIG_METRIC_ANSWERED_WAIT_P50_S] = quantile_s[0];
    metrics[RIG_METRIC_ANSWERED_WAIT_P95_S] = quantile_s[1];
    metrics[RIG_METRIC_ANSWERED_WAIT_MAX_S] = answered->n > 0 ? answered->max_s : (double)NAN;
    if (account->left.n > 0) {
        fill_all(answered, &account->left, metrics);
        return;
    }
    for (int k = 0; k < 4; k++) { /* nobody is censored: the estimate is the sample */
        static const rig_metric all[] = {RIG_METRIC_WAIT_MEAN_S, RIG_METRIC_WAIT_P50_S,
                                         RIG_METRIC_WAIT_P95_S, RIG_METRIC_WAIT_MAX_S};
        metrics[all[k]] = metrics[RIG_METRIC_ANSWERED_WAIT_MEAN_S + k];
    }
}
