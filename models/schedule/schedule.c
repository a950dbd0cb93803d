/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/schedule.h"

#include <math.h>
#include <stdlib.h>

#include "models/schedule/callers.h"
#include "models/schedule/traffic.h"

/* Latest instant of a target's own menu that a run waits for: beyond it lies 1 call in 10^6. */
#define U_LATEST 0.999999

double rig_schedule_ring_s(const rig_schedule *schedule, const rig_scenario *scenario, size_t index,
                           uint32_t group, uint32_t n_rings)
{
    const rig_callers_source from = {.scenario = scenario,
                                     .planned = schedule->calls,
                                     .replication = schedule->replication,
                                     .planned_replication = schedule->replication};
    return rig_callers_ring_s(&from, (uint32_t)index, 0, group, n_rings, NULL);
}

void rig_schedule_free(rig_schedule *schedule)
{
    if (schedule == NULL)
        return;
    free(schedule->calls);
    free(schedule);
}

rig_status rig_schedule_fail_too_many(const rig_scenario *scenario, rig_error *err)
{
    const rig_traffic *traffic = &scenario->traffic;
    return rig_fail(err, RIG_EINPUT,
                    "%s: traffic: about %.0f calls; expected at most limits.max_calls = %llu",
                    scenario->path, rig_traffic_expected_calls(traffic, traffic->duration_s),
                    (unsigned long long)scenario->limits.max_calls);
}

static void draw_caller(const rig_callers_source *from, uint32_t i, rig_planned_call *call)
{
    double drawn[RIG_RANDOM_BLOCK];
    rig_callers_draw(from, i, 0, drawn);
    call->number = from->scenario->callers.first_number + i;
    call->patience_answer_s = rig_callers_patience_answer_s(from, i, 0, drawn);
    call->patience_queue_s = rig_callers_patience_queue_s(from, i, 0, drawn);
    call->patience_ringing_s = rig_callers_patience_ringing_s(from, i, 0, drawn);
    call->talk_s = rig_callers_talk_s(from, i, 0, drawn);
    call->caller_hangs_up = rig_callers_hangs_up(from, i, 0);
    call->self_service_s = rig_callers_self_service_s(from, i, 0, drawn);
    call->trunk = (uint16_t)rig_callers_trunk(from, i);
    call->caller_class = (uint16_t)rig_callers_class(from, i);
    call->choice = (uint16_t)rig_callers_choice(from, i);
    for (uint32_t k = 0; k < RIG_N_RING_ATTEMPTS; k++)
        call->ring_s[k] = rig_callers_ring_s(from, i, 0, 0, k, drawn);
}

rig_status rig_schedule_draw(const rig_scenario *scenario, uint32_t replication,
                             rig_schedule **schedule, rig_error *err)
{
    const rig_traffic *traffic = &scenario->traffic;
    const uint64_t max_calls = scenario->limits.max_calls;
    const double n_expected = rig_traffic_expected_calls(traffic, traffic->duration_s) *
                              rig_arrival_day_factor(scenario, replication);
    size_t cap = (size_t)fmin(n_expected + 6.0 * sqrt(n_expected) + 16.0, (double)max_calls);
    const rig_callers_source from = {.scenario = scenario, .replication = replication};
    rig_arrival_stream stream;
    rig_arrival_stream_begin(&stream, scenario, replication);
    rig_schedule *made = calloc(1, sizeof *made);
    if (made == NULL)
        goto no_memory;
    made->seed = scenario->seed;
    made->replication = replication;
    made->calls = malloc(cap * sizeof *made->calls);
    if (made->calls == NULL)
        goto no_memory;
    for (;;) {
        size_t n = made->n;
        double t_s = rig_arrival_stream_next_s(&stream);
        if (isinf(t_s))
            break;
        if (n >= max_calls || n >= UINT32_MAX) {
            rig_schedule_free(made);
            return rig_schedule_fail_too_many(scenario, err);
        }
        if (n == cap) {
            cap = (size_t)fmin(2.0 * (double)cap, (double)max_calls);
            rig_planned_call *wider = reallocarray(made->calls, cap, sizeof *wider);
            if (wider == NULL)
                goto no_memory;
            made->calls = wider;
        }
        made->calls[n].t_s = t_s;
        draw_caller(&from, (uint32_t)n, &made->calls[n]);
        made->n++;
    }
    *schedule = made;
    return RIG_OK;
no_memory:
    rig_schedule_free(made);
    return rig_fail(err, RIG_ENOMEM, "%s: out of memory for about %.0f calls", scenario->path,
                    n_expected);
}

rig_status rig_schedule_check(const rig_schedule *schedule, const rig_scenario *scenario,
                              rig_error *err)
{
    const size_t n_classes = scenario->callers.n_classes > 0 ? scenario->callers.n_classes : 1;
    const size_t n_choices = scenario->ivr.n_choices > 0 ? scenario->ivr.n_choices : 1;
    for (size_t i = 0; i < schedule->n; i++) {
        const rig_planned_call *call = &schedule->calls[i];
        if (call->trunk >= scenario->n_trunks || call->caller_class >= n_classes ||
            call->choice >= n_choices)
            return rig_fail(err, RIG_EINPUT,
                            "call %zu of the schedule: carrier %u, class %u, choice %u; expected "
                            "less than %zu, %zu, %zu, as the scenario has them",
                            i, call->trunk, call->caller_class, call->choice, scenario->n_trunks,
                            n_classes, n_choices);
    }
    return RIG_OK;
}

double rig_schedule_latest_end_s(const rig_schedule *schedule, const rig_scenario *scenario)
{
    double latest_s = 0.0;
    double menu_s = rig_dist_quantile_s(&scenario->ivr.menu, U_LATEST);
    for (size_t i = 0; i < schedule->n; i++) {
        const rig_planned_call *call = &schedule->calls[i];
        double ringing_s = fmax(call->patience_ringing_s, scenario->agents[0].ring_timeout_s);
        double end_s = call->t_s + call->patience_answer_s + menu_s + call->patience_queue_s +
                       ringing_s + call->talk_s;
        latest_s = fmax(latest_s, end_s);
    }
    return latest_s;
}
