/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/margin.h"

#include <math.h>

/* The least margin that a conforming centre is sure to pass: a run whose figure is any of the
 * sample's inner 1 - RIG_MARGIN_NOT_PASSED would, with its 90 % interval, lie within it; and one
 * call more, as figures are counts. It is the question of a sample's size turned round: not how
 * long a run must be for a margin, but which margin a run of this length can show (Julious, Sample
 * Sizes for Clinical Trials, 2010, chapter 5, for the power of two one-sided tests). */
static double resolved(const rig_sample *sample, double n_entered)
{
    double low90, high90, least, most;
    rig_sample_limits(sample, 0.10, &low90, &high90);
    rig_sample_limits(sample, RIG_MARGIN_NOT_PASSED, &least, &most);
    return fmax(high90 - least, most - low90) + 1.0 / fmax(1.0, n_entered);
}

double rig_margin_of(const rig_margin *margin, const rig_sample *sample, double n_entered)
{
    const double wanted = rig_scenario_margin(margin, sample->mean);
    return margin->margin_widens && sample->n > 0 ? fmax(wanted, resolved(sample, n_entered))
                                                  : wanted;
}
