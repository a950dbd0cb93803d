/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verdict/judge/circuits.h"

#include <math.h>

#include "core/clock.h"
#include "models/metric.h"

double rig_observed_mean_circuits(const rig_usage *usage, const rig_scenario *scenario)
{
    const double duration_s = scenario->traffic.duration_s, interval_s = scenario->interval_s;
    double area = 0.0;
    for (size_t i = rig_scenario_n_warm_up(scenario); i < usage->n_intervals; i++) {
        const double from_s = (double)i * interval_s;
        area += usage->intervals[i].mean_in_use * fmax(0.0, fmin(interval_s, duration_s - from_s));
    }
    return area / rig_scenario_counted_s(scenario);
}

double rig_observed_peak_circuits(const rig_usage *usage, const rig_scenario *scenario)
{
    const size_t first = rig_scenario_n_warm_up(scenario);
    uint32_t peak = first == 0 ? usage->peak_in_use : 0;
    for (size_t i = first; first > 0 && i < usage->n_intervals; i++)
        peak = usage->intervals[i].max_in_use > peak ? usage->intervals[i].max_in_use : peak;
    return (double)peak;
}

bool rig_observed_tells_circuits(const rig_scenario *scenario)
{
    for (size_t i = 0; i < scenario->n_trunks; i++)
        if (scenario->trunks[i].n_overflow > 0 || scenario->trunks[i].p_share <= 0.0)
            return false;
    return !rig_scenario_calls_back(scenario);
}

rig_status rig_observed_carrier_circuits(const rig_calls *calls, const rig_scenario *scenario,
                                         uint32_t trunk, int64_t start_epoch_ns,
                                         double metrics[RIG_N_METRICS])
{
    rig_usage *usage = NULL;
    const int64_t interval_ns = rig_clock_ns_of_s(scenario->interval_s / scenario->time_scale);
    rig_status status = rig_usage_measure(calls, start_epoch_ns, interval_ns, &usage, NULL);
    if (status != RIG_OK)
        return status;
    metrics[RIG_METRIC_PEAK_CIRCUITS] = rig_observed_peak_circuits(usage, scenario);
    metrics[RIG_METRIC_MEAN_CIRCUITS] = rig_observed_mean_circuits(usage, scenario);
    rig_metrics_of_circuits(rig_scenario_mean_of_trunk(scenario, trunk),
                            scenario->trunks[trunk].n_circuits, metrics);
    rig_usage_free(usage);
    return RIG_OK;
}
