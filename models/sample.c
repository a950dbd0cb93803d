/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/sample.h"

#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics.h>
#include <math.h>
#include <stdlib.h>

rig_status rig_sample_make(const double *values, size_t n, rig_sample *sample)
{
    rig_sample made = {.sorted = malloc((n + 1) * sizeof *made.sorted)};
    if (made.sorted == NULL)
        return RIG_ENOMEM;
    for (size_t i = 0; i < n; i++) {
        if (!isnan(values[i]))
            made.sorted[made.n++] = values[i];
    }
    gsl_sort(made.sorted, 1, made.n);
    made.mean = made.n > 0 ? gsl_stats_mean(made.sorted, 1, made.n) : (double)NAN;
    *sample = made;
    return RIG_OK;
}

void rig_sample_clear(rig_sample *sample)
{
    if (sample == NULL)
        return;
    free(sample->sorted);
    *sample = (rig_sample){0};
}

size_t rig_sample_nearest(size_t n, double p)
{
    return (size_t)ceil(p * (double)n) - 1;
}

size_t rig_sample_rank(size_t n, double tails)
{
    size_t k = (size_t)floor(tails / 2.0 * (double)(n + 1));
    return k < 1 ? 1 : k;
}

void rig_sample_limits(const rig_sample *sample, double tails, double *low, double *high)
{
    size_t k = rig_sample_rank(sample->n, tails);
    *low = sample->sorted[k - 1];
    *high = sample->sorted[sample->n - k];
}
