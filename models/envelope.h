/* An envelope over time: a band that a whole run stays in, not each instant by itself. */
#ifndef RIG_MODELS_ENVELOPE_H
#define RIG_MODELS_ENVELOPE_H

#include <stddef.h>

#include "core/status.h"

/** Simultaneous band of one quantity. A bin is `n_together` intervals; the last may be shorter. */
typedef struct rig_envelope {
    size_t n_bins, n_together;
    double *mean, *half; /**< by bin: the band is mean +- half; owned */
    double critical;     /**< half = critical * standard deviation of the bin */
} rig_envelope;

/**
 * From replications: of each the greatest standardized deviation over all bins (the max statistic);
 * `critical` is its 1 - alpha quantile, so that a share of 1 - alpha of runs lies in the band in
 * all bins at once (Davison & Hinkley, Bootstrap Methods, 1997, section 4.2.4: envelopes). A
 * standard deviation below half a call counts as half a call.
 *
 * @param rows  [interval][replication] of a quantity that can be summed over intervals.
 * @param n_replications  >= 2.
 * @param n_together      >= 1.
 * @param[out] envelope   Clear with rig_envelope_clear. Untouched on error.
 * @return RIG_OK or RIG_ENOMEM.
 */
rig_status rig_envelope_make(const double *rows, size_t n_intervals, size_t n_replications,
                             size_t n_together, double alpha, rig_envelope *envelope);

/** Free what it owns. NULL-safe. */
void rig_envelope_clear(rig_envelope *envelope);

#endif
