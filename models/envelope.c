#include "models/envelope.h"

#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics.h>
#include <math.h>
#include <stdlib.h>

#define LEAST_SD 0.5

/* Sum of one replication over the intervals of a bin. */
static void sum_bin(const double *rows, size_t n_intervals, size_t n_replications, size_t from,
                    size_t n_together, double *sums)
{
    for (size_t r = 0; r < n_replications; r++)
        sums[r] = 0.0;
    for (size_t i = from; i < from + n_together && i < n_intervals; i++) {
        for (size_t r = 0; r < n_replications; r++)
            sums[r] += rows[i * n_replications + r];
    }
}

rig_status rig_envelope_make(const double *rows, size_t n_intervals, size_t n_replications,
                             size_t n_together, double alpha, rig_envelope *envelope)
{
    rig_envelope made = {.n_bins = (n_intervals + n_together - 1) / n_together,
                         .n_together = n_together};
    double *sums = malloc((n_replications + 1) * sizeof *sums);
    double *greatest = calloc(n_replications + 1, sizeof *greatest);
    made.mean = calloc(made.n_bins + 1, sizeof *made.mean);
    made.half = calloc(made.n_bins + 1, sizeof *made.half);
    if (sums == NULL || greatest == NULL || made.mean == NULL || made.half == NULL) {
        rig_envelope_clear(&made);
        free(sums);
        free(greatest);
        return RIG_ENOMEM;
    }
    for (size_t b = 0; b < made.n_bins; b++) {
        sum_bin(rows, n_intervals, n_replications, b * n_together, n_together, sums);
        made.mean[b] = gsl_stats_mean(sums, 1, n_replications);
        made.half[b] = fmax(LEAST_SD, gsl_stats_sd_m(sums, 1, n_replications, made.mean[b]));
        for (size_t r = 0; r < n_replications; r++)
            greatest[r] = fmax(greatest[r], fabs(sums[r] - made.mean[b]) / made.half[b]);
    }
    gsl_sort(greatest, 1, n_replications);
    size_t k = (size_t)ceil((1.0 - alpha) * (double)(n_replications + 1));
    made.critical = greatest[(k < 1 ? 1 : k > n_replications ? n_replications : k) - 1];
    for (size_t b = 0; b < made.n_bins; b++)
        made.half[b] *= made.critical;
    free(sums);
    free(greatest);
    *envelope = made;
    return RIG_OK;
}

void rig_envelope_clear(rig_envelope *envelope)
{
    if (envelope == NULL)
        return;
    free(envelope->mean);
    free(envelope->half);
    *envelope = (rig_envelope){0};
}
