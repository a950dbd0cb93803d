/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the figures of a group of trunks or agents are. */
#include "models/centre.h"

static const rig_metric_info trunk_infos[RIG_N_TRUNK_METRICS] = {
    {.name = "n_offered", .description = "calls that came to it first", .unit = "calls"},
    {.name = "n_overflowed_in", .description = "calls taken for another group", .unit = "calls"},
    {.name = "n_refused",
     .description = "calls that came to it first and were lost at the trunk",
     .unit = "calls"},
    {.name = "mean_circuits", .description = "mean circuits in use", .unit = "circuits"},
    {.name = "peak_circuits", .description = "most circuits in use at once", .unit = "circuits"},
};

static const rig_metric_info group_infos[RIG_N_GROUP_METRICS] = {
    {.name = "occupancy", .description = "busy time per time on duty", .unit = "1"},
    {.name = "mean_on_duty", .description = "mean number of agents on duty", .unit = "agents"},
    {.name = "n_talks", .description = "talks, call backs among them", .unit = "calls"},
    {.name = "talks_per_agent", .description = "talks of an agent, mean", .unit = "calls"},
    {.name = "most_talks_of_an_agent",
     .description = "talks of the agent who had most",
     .unit = "calls"},
};

const rig_metric_info *rig_trunk_metric_describe(rig_trunk_metric metric)
{
    return &trunk_infos[metric];
}

const rig_metric_info *rig_group_metric_describe(rig_group_metric metric)
{
    return &group_infos[metric];
}
