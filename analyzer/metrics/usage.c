/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analyzer/usage.h"

#include <stdlib.h>

#include "analyzer/metrics/sweep.h"

void rig_usage_free(rig_usage *usage)
{
    if (usage == NULL)
        return;
    free(usage->intervals);
    free(usage);
}

int64_t rig_usage_implied_circuits(const rig_usage *usage)
{
    double median = usage->median_in_use_at_refusal;
    if (usage->n_refusals < RIG_USAGE_MIN_REFUSALS ||
        (double)usage->p05_in_use_at_refusal < 0.95 * median ||
        (double)usage->p95_in_use_at_refusal > 1.05 * median)
        return -1;
    return (int64_t)(median + 0.5);
}

bool rig_usage_holds_circuit(const rig_call *call)
{
    if (call->answered)
        return true;
    if (call->outcome == RIG_OUTCOME_LOST_TRUNK)
        return false;
    return call->outcome != RIG_OUTCOME_UNCLASSIFIED || call->final_code < 300;
}

bool rig_usage_is_refusal(const rig_call *call)
{
    return !rig_usage_holds_circuit(call) && call->outcome == RIG_OUTCOME_LOST_TRUNK &&
           call->final_code >= 300;
}

static int64_t later(int64_t a_ns, int64_t b_ns)
{
    return a_ns > b_ns ? a_ns : b_ns; /* RIG_NO_TIME is the least of all */
}

int64_t rig_usage_last_instant(const rig_call *call)
{
    int64_t t_ns = later(call->t_invite_ns, call->t_end_ns);
    t_ns = later(t_ns, later(call->t_provisional_ns, call->t_answer_ns));
    t_ns = later(t_ns, later(call->t_queue_ns, call->t_agent_ring_ns));
    return later(t_ns, call->t_agent_answer_ns);
}

int64_t rig_usage_over_ns(const rig_call *call)
{
    bool is_unknown_end = call->t_end_ns == RIG_NO_TIME && call->is_backwards &&
                          call->outcome != RIG_OUTCOME_IN_PROGRESS;
    return is_unknown_end ? rig_usage_last_instant(call) : call->t_end_ns;
}

static int64_t last_invite(const rig_calls *calls)
{
    int64_t t_ns = RIG_NO_TIME;
    for (size_t i = 0; i < calls->n; i++)
        t_ns = later(t_ns, calls->items[i].t_invite_ns);
    return t_ns;
}

static void count_calls(const rig_calls *calls, rig_usage *usage)
{
    for (size_t i = 0; i < calls->n; i++) {
        const rig_call *call = &calls->items[i];
        rig_tally_add(&usage->tally, call->outcome, rig_call_stage(call));
        if (usage->t_first_ns == RIG_NO_TIME || call->t_invite_ns < usage->t_first_ns)
            usage->t_first_ns = call->t_invite_ns;
        usage->t_last_ns = later(usage->t_last_ns, rig_usage_last_instant(call));
    }
}

/* The changes of all calls in order of time; at most two a call. Also the circuit-time they held.
 */
static size_t list_changes(const rig_calls *calls, int64_t t_last_ns, rig_change *changes,
                           double *held_s, uint64_t *n_held)
{
    size_t n = 0;
    for (size_t i = 0; i < calls->n; i++) {
        const rig_call *call = &calls->items[i];
        int64_t t_from_ns = call->t_invite_ns;
        if (!rig_usage_holds_circuit(call)) {
            if (rig_usage_is_refusal(call))
                changes[n++] = (rig_change){t_from_ns, RIG_REFUSED};
            continue;
        }
        int64_t t_to_ns = rig_usage_over_ns(call);
        if (t_to_ns == RIG_NO_TIME)
            t_to_ns = t_last_ns;
        t_to_ns = later(t_from_ns, t_to_ns);
        *held_s += rig_clock_s_of_ns(t_to_ns - t_from_ns);
        (*n_held)++;
        if (t_to_ns == t_from_ns)
            continue;
        changes[n++] = (rig_change){t_from_ns, RIG_SEIZED};
        changes[n++] = (rig_change){t_to_ns, RIG_GIVEN_BACK};
    }
    qsort(changes, n, sizeof *changes, rig_change_compare);
    return n;
}

static rig_status lay_intervals(const rig_calls *calls, int64_t t0_ns, int64_t interval_ns,
                                rig_usage *usage, rig_error *err)
{
    if (interval_ns == 0 || calls->n == 0)
        return RIG_OK;
    if (t0_ns == RIG_NO_TIME)
        t0_ns = usage->t_first_ns;
    if (usage->t_last_ns < t0_ns)
        return RIG_OK;
    uint64_t n = (uint64_t)(usage->t_last_ns - t0_ns) / (uint64_t)interval_ns + 1;
    if (n > RIG_USAGE_MAX_INTERVALS)
        return rig_fail(err, RIG_EDOM, "%llu intervals; at most %d are reported",
                        (unsigned long long)n, RIG_USAGE_MAX_INTERVALS);
    usage->intervals = calloc((size_t)n, sizeof *usage->intervals);
    if (usage->intervals == NULL)
        return rig_fail(err, RIG_ENOMEM, "out of memory");
    usage->n_intervals = (size_t)n;
    for (size_t i = 0; i < usage->n_intervals; i++)
        usage->intervals[i].t_from_ns = t0_ns + (int64_t)i * interval_ns;
    for (size_t i = 0; i < calls->n; i++) {
        const rig_call *call = &calls->items[i];
        if (call->t_invite_ns < t0_ns)
            continue;
        rig_usage_interval *interval = &usage->intervals[(call->t_invite_ns - t0_ns) / interval_ns];
        interval->n_offered++;
        interval->n_served += call->outcome == RIG_OUTCOME_SERVED;
        interval->n_self_served += call->outcome == RIG_OUTCOME_SELF_SERVED;
        for (int s = 0; s < RIG_N_STAGES; s++)
            interval->n_lost[s] += call->outcome == rig_outcome_lost_at((rig_stage)s);
    }
    return RIG_OK;
}

rig_status rig_usage_measure(const rig_calls *calls, int64_t t0_ns, int64_t interval_ns,
                             rig_usage **usage, rig_error *err)
{
    if (interval_ns < 0 || (t0_ns < 0 && t0_ns != RIG_NO_TIME))
        return rig_fail(err, RIG_EDOM, "a series needs t0 >= 0 and an interval >= 0");
    rig_status status = RIG_ENOMEM;
    rig_usage *made = calloc(1, sizeof *made);
    rig_change *changes = calloc(2 * calls->n + 1, sizeof *changes);
    rig_sweep *sweep = calloc(1, sizeof *sweep);
    if (made == NULL || changes == NULL || sweep == NULL) {
        status = rig_fail(err, RIG_ENOMEM, "out of memory");
        goto out;
    }
    made->t_first_ns = made->t_last_ns = made->t_peak_ns = RIG_NO_TIME;
    sweep->usage = made;
    sweep->interval_ns = interval_ns;
    sweep->t_ns = RIG_NO_TIME;
    count_calls(calls, made);
    status = lay_intervals(calls, t0_ns, interval_ns, made, err);
    if (status != RIG_OK)
        goto out;
    double held_s = 0;
    uint64_t n_held = 0;
    size_t n = list_changes(calls, made->t_last_ns, changes, &held_s, &n_held);
    for (size_t i = 0; i < n; i++) {
        if (!rig_sweep_take(sweep, changes[i])) {
            status = rig_fail(err, RIG_ENOMEM, "out of memory");
            goto out;
        }
    }
    int64_t mean_ns = n_held > 0 ? rig_clock_ns_of_s(held_s / (double)n_held) : 0;
    rig_sweep_finish(sweep, made->t_last_ns, made->t_first_ns + RIG_USAGE_WARM_UP * mean_ns,
                     last_invite(calls));
    if (made->t_last_ns > made->t_first_ns)
        made->carried_erl = held_s / rig_clock_s_of_ns(made->t_last_ns - made->t_first_ns);
    made->offered_erl =
        n_held == 0 ? made->carried_erl : made->carried_erl * (double)calls->n / (double)n_held;
    *usage = made;
    made = NULL;
out:
    free(changes);
    if (sweep != NULL)
        rig_sweep_clear(sweep);
    free(sweep);
    rig_usage_free(made);
    return status;
}
