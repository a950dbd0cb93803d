/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verdict/diagnosis/beyond_limit.h"

#include "core/clock.h"

/* Whether he waited longer than the level allows. */
static bool is_late(const rig_scenario *scenario, const rig_level *level, const rig_call *call)
{
    if (call->t_queue_ns == RIG_NO_TIME || call->t_agent_answer_ns == RIG_NO_TIME)
        return false;
    return rig_clock_s_of_ns(call->t_agent_answer_ns - call->t_queue_ns) * scenario->time_scale >
           level->limit;
}

bool rig_is_beyond_limit(const rig_scenario *scenario, const rig_level *level, const rig_call *call)
{
    static const rig_metric waits[] = {
        RIG_METRIC_WAIT_MEAN_S,          RIG_METRIC_WAIT_P50_S,
        RIG_METRIC_WAIT_P95_S,           RIG_METRIC_WAIT_MAX_S,
        RIG_METRIC_ANSWERED_WAIT_MEAN_S, RIG_METRIC_ANSWERED_WAIT_P50_S,
        RIG_METRIC_ANSWERED_WAIT_P95_S,  RIG_METRIC_ANSWERED_WAIT_MAX_S};
    const rig_metric metric = level->metric.metric;
    if (level->metric.part != RIG_METRIC_WHOLE)
        return false; /* whose the call is is not asked */
    if (metric == RIG_METRIC_CONNECT_RATE || metric == RIG_METRIC_SERVED_IN_THE_END)
        return call->outcome != RIG_OUTCOME_SERVED && call->outcome != RIG_OUTCOME_SELF_SERVED;
    if (metric == RIG_METRIC_AGENT_CONNECT_RATE)
        return call->t_queue_ns != RIG_NO_TIME && call->outcome != RIG_OUTCOME_SERVED;
    if (metric == RIG_METRIC_DROP_RATE)
        return call->outcome == RIG_OUTCOME_DROPPED;
    for (size_t i = 0; i < sizeof waits / sizeof *waits; i++) {
        if (metric == waits[i])
            return is_late(scenario, level, call);
    }
    return false;
}
