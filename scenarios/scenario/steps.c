/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scenarios/scenario/steps.h"

#include <math.h>

void rig_steps_check(rig_reader *reader, const rig_setting *at, const rig_line_step *steps,
                     size_t n, const char *what)
{
    for (size_t i = 0; i < n; i++) {
        const rig_setting *element = rig_setting_element(at, (int)i);
        if (i == 0 && steps[i].at_s > 0.0)
            rig_reader_fail(reader, element, "at_s %.15g; expected 0 in the first step",
                            steps[i].at_s);
        if (i > 0 && steps[i].at_s <= steps[i - 1].at_s)
            rig_reader_fail(reader, element, "at_s %.15g is not later than the step before",
                            steps[i].at_s);
    }
    if (rig_steps_most(steps, n) == 0)
        rig_reader_fail(reader, at, "every number is 0; expected %s in some step", what);
}

uint32_t rig_steps_most(const rig_line_step *steps, size_t n)
{
    uint32_t most = 0;
    for (size_t i = 0; i < n; i++)
        most = steps[i].n > most ? steps[i].n : most;
    return most;
}

uint32_t rig_scenario_circuits_at(const rig_trunk_group *group, double at_s)
{
    uint32_t n = group->n_steps > 0 ? group->steps[0].n : group->n_circuits;
    for (size_t i = 1; i < group->n_steps && group->steps[i].at_s <= at_s; i++)
        n = group->steps[i].n;
    return n;
}

static double mean_of(const rig_scenario *scenario, const rig_line_step *steps, size_t n)
{
    const double to_s = scenario->traffic.duration_s;
    const double from_s = to_s - rig_scenario_counted_s(scenario);
    double area = 0.0;
    for (size_t i = 0; i < n; i++) {
        const double next_s = i + 1 < n ? steps[i + 1].at_s : INFINITY;
        const double begin_s = fmax(from_s, steps[i].at_s), end_s = fmin(to_s, next_s);
        area += end_s > begin_s ? steps[i].n * (end_s - begin_s) : 0.0;
    }
    return area / (to_s - from_s);
}

double rig_scenario_mean_of_trunk(const rig_scenario *scenario, size_t trunk)
{
    const rig_trunk_group *group = &scenario->trunks[trunk];
    return group->n_steps > 0 ? mean_of(scenario, group->steps, group->n_steps) : group->n_circuits;
}

double rig_scenario_mean_of_ports(const rig_scenario *scenario)
{
    const rig_ivr *ivr = &scenario->ivr;
    return ivr->n_steps > 0 ? mean_of(scenario, ivr->steps, ivr->n_steps) : ivr->n_ports;
}

double rig_scenario_mean_of_trunks(const rig_scenario *scenario)
{
    double n = 0.0;
    for (size_t i = 0; i < scenario->n_trunks; i++)
        n += rig_scenario_mean_of_trunk(scenario, i);
    return n;
}

bool rig_scenario_has_line_steps(const rig_scenario *scenario)
{
    for (size_t i = 0; i < scenario->n_trunks; i++)
        if (scenario->trunks[i].n_steps > 0)
            return true;
    return false;
}
