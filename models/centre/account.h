/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is counted of calls: of the whole run, and of each part of it. */
#ifndef RIG_MODELS_CENTRE_ACCOUNT_H
#define RIG_MODELS_CENTRE_ACCOUNT_H

#include "models/centre/histogram.h"
#include "models/metric.h"

/* Histograms of an account. */
#define RIG_ACCOUNT_N_HISTOGRAMS 3u

/* Outcomes, counts and times. */
typedef struct rig_account {
    rig_tally tally;
    rig_metric_counts counts;
    rig_histogram answered; /* waits that an agent ended */
    rig_histogram left;     /* waits of those who left unanswered, in whatever way */
    rig_histogram setup;    /* INVITE to answer */
} rig_account;

/** Make an empty account on RIG_ACCOUNT_N_HISTOGRAMS times rig_histogram_n_bins(bits) bins that are
 * all zero and stay the caller's. */
void rig_account_make(uint32_t bits, uint32_t *bins, rig_account *account);

/** Make it empty again. */
void rig_account_clear(rig_account *account);

/** Fill the figures that follow from an account; the others are NAN. Waits as
 * rig_metrics_of_waits, within the width of the histograms' bins. */
void rig_account_fill(const rig_account *account, double metrics[RIG_N_METRICS]);

#endif
