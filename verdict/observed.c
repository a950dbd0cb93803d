#include "verdict/observed.h"

#include <math.h>
#include <stdlib.h>

#include "verdict/judge/cut.h"
#include "analyzer/usage.h"

void rig_observed_free(rig_observed *observed)
{
    if (observed == NULL)
        return;
    free(observed->intervals);
    free(observed);
}

static void tally_calls(const rig_join *join, rig_tally *tally)
{
    for (size_t i = 0; i < join->n_planned; i++) {
        const rig_call *call = join->observed[i];
        if (call != NULL)
            rig_tally_add(tally, call->outcome,
                          join->is_cut ? rig_cut_stage(call) : rig_call_stage(call));
    }
    for (size_t i = 0; i < join->n_not_placed; i++)
        rig_tally_add(tally, RIG_OUTCOME_NOT_PLACED, RIG_STAGE_TRUNK);
}

static rig_status measure_times(const rig_join *join, const rig_scenario *scenario,
                                const rig_tally *tally, double metrics[RIG_N_METRICS])
{
    const double time_scale = scenario->time_scale;
    rig_status status = RIG_ENOMEM;
    size_t n_wait = 0, n_setup = 0, n_within = 0;
    float *wait_s = malloc((join->n_planned + 1) * sizeof *wait_s);
    float *setup_s = malloc((join->n_planned + 1) * sizeof *setup_s);
    if (wait_s == NULL || setup_s == NULL)
        goto out;
    for (size_t i = 0; i < join->n_planned; i++) {
        const rig_call *call = join->observed[i];
        if (call == NULL)
            continue;
        int64_t port_ns = rig_call_port_ns(call, scenario->target.marks == RIG_MARK_EARLY);
        /* an answer that crossed the CANCEL answered nobody */
        if (port_ns != RIG_NO_TIME && call->outcome != RIG_OUTCOME_LOST_IVR)
            setup_s[n_setup++] =
                (float)(rig_clock_s_of_ns(port_ns - call->t_invite_ns) * time_scale);
        if (call->t_queue_ns != RIG_NO_TIME && call->t_agent_answer_ns != RIG_NO_TIME)
            wait_s[n_wait++] =
                (float)(rig_clock_s_of_ns(call->t_agent_answer_ns - call->t_queue_ns) * time_scale);
    }
    for (size_t i = 0; i < n_wait; i++)
        n_within += (double)wait_s[i] <= scenario->queue.service_level_s;
    rig_metrics_of_times(wait_s, n_wait, setup_s, n_setup, metrics);
    uint64_t n_queued = rig_tally_entered(tally, RIG_STAGE_QUEUE);
    if (n_queued > 0)
        metrics[RIG_METRIC_SERVICE_LEVEL] = (double)n_within / (double)n_queued;
    status = RIG_OK;
out:
    free(wait_s);
    free(setup_s);
    return status;
}

/* What the wire does not show of an interval. */
static const rig_interval unknown = {.n_deflected = NAN,
                                     .n_dropped = NAN,
                                     .mean_queue = NAN,
                                     .mean_on_duty = NAN,
                                     .occupancy = NAN,
                                     .service_level = NAN,
                                     .wait_mean_s = NAN,
                                     .wait_p50_s = NAN,
                                     .wait_p95_s = NAN,
                                     .wait_max_s = NAN};

/* All calls on the wire held circuits: those without a plan, too. */
static rig_status measure_lines(const rig_calls *calls, const rig_scenario *scenario,
                                int64_t start_epoch_ns, rig_observed *observed)
{
    rig_usage *usage = NULL;
    int64_t interval_ns = rig_clock_ns_of_s(scenario->interval_s / scenario->time_scale);
    rig_status status = rig_usage_measure(calls, start_epoch_ns, interval_ns, &usage, NULL);
    if (status != RIG_OK)
        return status;
    for (size_t i = 0; i < observed->n_intervals; i++)
        observed->intervals[i] = unknown;
    for (size_t i = 0; i < observed->n_intervals && i < usage->n_intervals; i++) {
        const rig_usage_interval *from = &usage->intervals[i];
        rig_interval *to = &observed->intervals[i];
        to->n_offered = (double)from->n_offered;
        to->n_served = (double)from->n_served;
        to->mean_circuits = from->mean_in_use;
        for (int s = 0; s < RIG_N_STAGES; s++)
            to->n_lost[s] = (double)from->n_lost[s];
    }
    bool is_refused = usage->n_refusals > 0;
    observed->metrics[RIG_METRIC_PEAK_CIRCUITS] = (double)usage->peak_in_use;
    observed->refusals_begin_at = is_refused ? (int64_t)usage->min_in_use_at_refusal : -1;
    observed->refusal_median = is_refused ? usage->median_in_use_at_refusal : (double)NAN;
    observed->refusal_max = is_refused ? (int64_t)usage->max_in_use_at_refusal : -1;
    observed->carried_erl = usage->carried_erl;
    rig_usage_free(usage);
    return RIG_OK;
}

rig_status rig_observed_new(const rig_join *join, const rig_calls *calls,
                            const rig_scenario *scenario, int64_t start_epoch_ns,
                            rig_observed **observed)
{
    rig_observed *made = calloc(1, sizeof *made);
    if (made == NULL)
        return RIG_ENOMEM;
    made->n_intervals = rig_centre_n_intervals(scenario);
    made->intervals = calloc(made->n_intervals, sizeof *made->intervals);
    rig_status status = made->intervals == NULL ? RIG_ENOMEM : RIG_OK;
    if (status == RIG_OK) {
        tally_calls(join, &made->tally);
        rig_metrics_of_tally(&made->tally, made->metrics);
        status = measure_times(join, scenario, &made->tally, made->metrics);
    }
    if (status == RIG_OK)
        status = measure_lines(calls, scenario, start_epoch_ns, made);
    if (status != RIG_OK) {
        rig_observed_free(made);
        return status;
    }
    *observed = made;
    return RIG_OK;
}
