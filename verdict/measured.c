/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verdict/measured.h"

#include <math.h>
#include <stdlib.h>

#include "analyzer/usage.h"
#include "core/clock.h"

rig_status rig_measured_make(size_t n, rig_measured *m)
{
    *m = (rig_measured){.waits = malloc((n + 1) * sizeof *m->waits),
                        .setup_s = malloc((n + 1) * sizeof *m->setup_s)};
    return m->waits == NULL || m->setup_s == NULL ? RIG_ENOMEM : RIG_OK;
}

void rig_measured_reset(rig_measured *m)
{
    *m = (rig_measured){.waits = m->waits, .setup_s = m->setup_s};
}

void rig_measured_clear(rig_measured *m)
{
    free(m->waits);
    free(m->setup_s);
    m->waits = NULL;
    m->setup_s = NULL;
}

/* Whether the centre failed a call (RIG_METRIC_N_FAILED): it is lost at the trunk, and there was
 * no response, or a 5xx that names no lack of circuits. */
static bool is_failure(const rig_call *call)
{
    if (call->outcome != RIG_OUTCOME_LOST_TRUNK)
        return false;
    switch (rig_call_cause(call)) {
    case 34: /* no circuit available */
    case 42: /* switching equipment congestion */
    case 44: /* requested circuit not available */
    case 47: /* resource unavailable */
        return false;
    case 0: /* a 503 without a cause is what a lack of circuits is mapped to (RFC 3398, 7.2.4.1) */
        return call->final_code == 0 || (call->final_code / 100 == 5 && call->final_code != 503);
    default:
        return call->final_code / 100 == 5;
    }
}

double rig_measured_announced_s(const rig_call *call, const rig_scenario *scenario)
{
    return scenario->queue.announcement == RIG_ANNOUNCE_POSITION
               ? (double)call->announced_position * scenario->queue.seconds_per_place
               : call->announced_wait_s * scenario->time_scale;
}

void rig_measured_add_talk(const rig_call *call, const rig_scenario *scenario,
                           rig_metric_counts *counts)
{
    if (call->outcome != RIG_OUTCOME_SERVED || call->t_agent_answer_ns == RIG_NO_TIME ||
        call->is_backwards)
        return;
    const double s = rig_clock_s_of_ns(call->t_end_ns - call->t_agent_answer_ns);
    counts->n_talks++;
    counts->talks_s += fmax(0.0, s * scenario->time_scale);
}

void rig_measured_add(const rig_call *call, const rig_scenario *scenario, rig_measured *m)
{
    const double scale = scenario->time_scale;
    rig_metric_counts *counts = &m->counts;
    const bool is_answered = call->t_agent_answer_ns != RIG_NO_TIME;
    const int64_t port_ns = rig_call_port_ns(call, scenario->target.marks == RIG_MARK_EARLY);
    /* an answer that crossed the CANCEL answered nobody */
    if (port_ns != RIG_NO_TIME && call->outcome != RIG_OUTCOME_LOST_IVR)
        m->setup_s[m->n_setup++] = (float)(rig_clock_s_of_ns(port_ns - call->t_invite_ns) * scale);
    counts->n_failed += is_failure(call);
    counts->n_cut += is_answered && call->outcome == RIG_OUTCOME_DROPPED;
    rig_measured_add_talk(call, scenario, counts);
    if (call->t_queue_ns == RIG_NO_TIME || call->is_backwards)
        return;
    const int64_t end_ns = is_answered                     ? call->t_agent_answer_ns
                           : call->t_end_ns != RIG_NO_TIME ? call->t_end_ns
                                                           : rig_usage_last_instant(call);
    const double s = fmax(0.0, rig_clock_s_of_ns(end_ns - call->t_queue_ns) * scale);
    const bool is_abandoned =
        call->outcome == RIG_OUTCOME_LOST_AGENT ||
        (call->outcome == RIG_OUTCOME_LOST_QUEUE && rig_call_is_ended_by_caller(call));
    rig_metrics_count_wait(counts, s, is_answered, is_abandoned, &scenario->queue);
    const double announced_s = rig_measured_announced_s(call, scenario);
    counts->n_emergency += is_answered && call->is_emergency;
    if (is_answered)
        rig_metrics_count_announced_answer(counts, announced_s, s);
    else
        rig_metrics_count_announced(counts, announced_s, call->is_balked);
    m->waits[m->n_waits++] = (rig_wait){(float)s, is_answered};
}

void rig_measured_fill(rig_measured *m, double metrics[RIG_N_METRICS])
{
    m->counts.n_centre_answered = m->n_setup;
    rig_metrics_of_counts(&m->tally, &m->counts, metrics);
    rig_metrics_of_waits(m->waits, m->n_waits, metrics);
    rig_metrics_of_setups(m->setup_s, m->n_setup, metrics);
}
