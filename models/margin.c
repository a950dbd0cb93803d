/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/margin.h"

#include <math.h>

double rig_margin_resolved(const rig_sample *sample, double n_entered)
{
    double low90, high90, least, most;
    rig_sample_limits(sample, 0.10, &low90, &high90);
    rig_sample_limits(sample, RIG_MARGIN_NOT_PASSED, &least, &most);
    return fmax(high90 - least, most - low90) + 1.0 / fmax(1.0, n_entered);
}

double rig_margin_of(const rig_margin *margin, const rig_sample *sample, double n_entered)
{
    const double wanted = rig_scenario_margin(margin, sample->mean);
    return margin->margin_widens && sample->n > 0
               ? fmax(wanted, rig_margin_resolved(sample, n_entered))
               : wanted;
}
