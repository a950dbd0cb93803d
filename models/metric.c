#include "models/metric.h"

#include <math.h>

static const rig_metric_info infos[RIG_N_METRICS] = {
    {"p_lost_trunk_per_entrant", "lost at the trunk per call that entered it", "1"},
    {"p_lost_ivr_per_entrant", "lost at the IVR per call that entered it", "1"},
    {"p_lost_queue_per_entrant", "lost in the queue per call that entered it", "1"},
    {"p_lost_agent_per_entrant", "lost at the agent per call that entered the stage", "1"},
    {"p_lost_trunk_per_offered", "lost at the trunk per offered call", "1"},
    {"p_lost_ivr_per_offered", "lost at the IVR per offered call", "1"},
    {"p_lost_queue_per_offered", "lost in the queue per offered call", "1"},
    {"p_lost_agent_per_offered", "lost at the agent per offered call", "1"},
    {"n_entered_trunk", "calls that entered the trunk stage", "calls"},
    {"n_entered_ivr", "calls that entered the IVR stage", "calls"},
    {"n_entered_queue", "calls that entered the queue stage", "calls"},
    {"n_entered_agent", "calls that entered the agent stage", "calls"},
    {"n_lost_trunk", "calls lost at the trunk", "calls"},
    {"n_lost_ivr", "calls lost at the IVR", "calls"},
    {"n_lost_queue", "calls lost in the queue", "calls"},
    {"n_lost_agent", "calls lost at the agent", "calls"},
    {"n_offered", "calls offered", "calls"},
    {"n_served", "calls served by an agent", "calls"},
    {"n_self_served", "calls satisfied in the menu", "calls"},
    {"connect_rate", "served per offered call", "1"},
    {"drop_rate", "dropped per call that an agent answered", "1"},
    {"wait_mean_s", "mean wait of served calls, queue entry to agent's answer", "s"},
    {"wait_p95_s", "95th percentile of the wait of served calls", "s"},
    {"setup_p95_s", "95th percentile of INVITE to answer, of answered calls", "s"},
    {"peak_circuits", "most circuits in use at once", "circuits"},
    {"wait_p50_s", "median of the wait of served calls", "s"},
    {"wait_max_s", "longest wait of a served call", "s"},
    {"service_level", "answered by an agent in time per call that entered the queue", "1"},
    {"occupancy", "agents' busy time per time on duty", "1"},
    {"mean_circuits", "mean circuits in use (carried erlang)", "circuits"},
    {"peak_queue", "most calls that waited in the queue at once", "calls"},
    {"n_deflected", "calls promised a call back", "calls"},
    {"n_dropped", "calls cut by a fault", "calls"},
    {"n_callers", "callers", "callers"},
    {"n_redials", "calls of callers who dialled again", "calls"},
    {"p_callers_served", "callers served in the end per caller", "1"},
    {"n_call_backs", "call backs dialled", "calls"},
    {"n_called_back", "callers called back and served so", "callers"},
    {"n_never_reached", "callers promised a call back and never reached", "callers"},
    {"call_backs_end_s", "end of the last call back", "s"},
};

const rig_metric_info *rig_metric_describe(rig_metric metric)
{
    return &infos[metric];
}

void rig_metrics_of_tally(const rig_tally *tally, double metrics[RIG_N_METRICS])
{
    for (int s = 0; s < RIG_N_STAGES; s++) {
        rig_stage stage = (rig_stage)s;
        metrics[RIG_METRIC_P_LOST_PER_ENTRANT + s] = rig_tally_p_lost_per_entrant(tally, stage);
        metrics[RIG_METRIC_P_LOST_PER_OFFERED + s] = rig_tally_p_lost_per_offered(tally, stage);
        metrics[RIG_METRIC_N_ENTERED + s] = (double)rig_tally_entered(tally, stage);
        metrics[RIG_METRIC_N_LOST + s] = (double)rig_tally_lost(tally, stage);
    }
    double n_served = (double)tally->n_outcome[RIG_OUTCOME_SERVED];
    double n_dropped = (double)tally->n_outcome[RIG_OUTCOME_DROPPED];
    metrics[RIG_METRIC_N_OFFERED] = (double)tally->n_offered;
    metrics[RIG_METRIC_N_SERVED] = n_served;
    metrics[RIG_METRIC_N_SELF_SERVED] = (double)tally->n_outcome[RIG_OUTCOME_SELF_SERVED];
    metrics[RIG_METRIC_CONNECT_RATE] = rig_tally_connect_rate(tally);
    metrics[RIG_METRIC_DROP_RATE] =
        n_served + n_dropped > 0.0 ? n_dropped / (n_served + n_dropped) : 0.0;
    for (int m = RIG_METRIC_WAIT_MEAN_S; m < RIG_N_METRICS; m++)
        metrics[m] = (double)NAN;
    metrics[RIG_METRIC_N_DEFLECTED] = (double)tally->n_outcome[RIG_OUTCOME_DEFLECTED];
    metrics[RIG_METRIC_N_DROPPED] = n_dropped;
}

/* The k-th smallest (from 0), by Hoare's selection: expected O(n). */
static float kth_smallest(float *values, size_t n, size_t k)
{
    size_t low = 0, high = n - 1;
    while (low < high) {
        float pivot = values[low + (high - low) / 2];
        size_t i = low, j = high;
        while (i <= j) {
            while (values[i] < pivot)
                i++;
            while (pivot < values[j])
                j--;
            if (i <= j) {
                float swap = values[i];
                values[i++] = values[j];
                values[j] = swap;
                if (j == 0)
                    break;
                j--;
            }
        }
        if (k <= j && j < high)
            high = j;
        else if (k >= i)
            low = i;
        else
            break;
    }
    return values[k];
}

static double quantile(float *values, size_t n, double p)
{
    if (n == 0)
        return (double)NAN;
    size_t rank = (size_t)ceil(p * (double)n);
    return (double)kth_smallest(values, n, rank - 1);
}

void rig_metrics_of_times(float *wait_s, size_t n_wait, float *setup_s, size_t n_setup,
                          double metrics[RIG_N_METRICS])
{
    double sum_s = 0.0;
    for (size_t i = 0; i < n_wait; i++)
        sum_s += (double)wait_s[i];
    metrics[RIG_METRIC_WAIT_MEAN_S] = n_wait > 0 ? sum_s / (double)n_wait : (double)NAN;
    metrics[RIG_METRIC_WAIT_P50_S] = quantile(wait_s, n_wait, 0.5);
    metrics[RIG_METRIC_WAIT_P95_S] = quantile(wait_s, n_wait, 0.95);
    metrics[RIG_METRIC_WAIT_MAX_S] = quantile(wait_s, n_wait, 1.0);
    metrics[RIG_METRIC_SETUP_P95_S] = quantile(setup_s, n_setup, 0.95);
}

rig_metric rig_metric_of_level(rig_level_metric level)
{
    switch (level) {
    case RIG_LEVEL_CONNECT_RATE:
        return RIG_METRIC_CONNECT_RATE;
    case RIG_LEVEL_DROP_RATE:
        return RIG_METRIC_DROP_RATE;
    case RIG_LEVEL_WAIT_MEAN_S:
        return RIG_METRIC_WAIT_MEAN_S;
    case RIG_LEVEL_WAIT_P95_S:
        return RIG_METRIC_WAIT_P95_S;
    case RIG_LEVEL_SETUP_P95_S:
    case RIG_N_LEVEL_METRICS:
        break;
    }
    return RIG_METRIC_SETUP_P95_S;
}
