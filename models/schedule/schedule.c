/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/schedule.h"

#include <math.h>
#include <stdlib.h>

#include "models/schedule/callers.h"
#include "models/schedule/traffic.h"
#include "scenarios/own_durations.h"

/* Latest instant of a target's own menu that a run waits for: beyond it lies 1 call in 10^6. */
#define U_LATEST 0.999999

double rig_schedule_ring_s(const rig_schedule *schedule, const rig_scenario *scenario, size_t index,
                           uint32_t group, uint32_t n_rings)
{
    const rig_callers_source from = rig_callers_of(schedule, scenario);
    const uint32_t caller = (uint32_t)rig_schedule_first_of(schedule, index);
    return rig_callers_ring_s(&from, caller, schedule->calls[index].attempt, group, n_rings, NULL);
}

double rig_schedule_talk_s(const rig_schedule *schedule, const rig_scenario *scenario, size_t index,
                           uint32_t group)
{
    const rig_callers_source from = rig_callers_of(schedule, scenario);
    const uint32_t caller = (uint32_t)rig_schedule_first_of(schedule, index);
    return rig_callers_talk_s(&from, caller, schedule->calls[index].attempt, group, NULL);
}

double rig_schedule_longest_talk_s(const rig_schedule *schedule, const rig_scenario *scenario,
                                   size_t index)
{
    double longest_s = schedule->calls[index].talk_s;
    if (!rig_scenario_has_group_talks(scenario))
        return longest_s;
    for (uint32_t g = 0; g < scenario->n_agents; g++)
        longest_s = fmax(longest_s, rig_schedule_talk_s(schedule, scenario, index, g));
    return longest_s;
}

double rig_schedule_answers_back_s(const rig_schedule *schedule, const rig_scenario *scenario,
                                   size_t index, uint32_t n_dials)
{
    const rig_callers_source from = rig_callers_of(schedule, scenario);
    const uint32_t caller = (uint32_t)rig_schedule_first_of(schedule, index);
    return rig_callers_answers_back_s(&from, caller, schedule->calls[index].attempt, n_dials);
}

uint32_t rig_schedule_n_call_backs(const rig_schedule *schedule, const rig_scenario *scenario,
                                   size_t index, uint32_t n_dials)
{
    const uint32_t n_most = scenario->call_back.n_attempts;
    for (uint32_t n = n_dials + 1; n < n_most; n++)
        if (rig_schedule_answers_back_s(schedule, scenario, index, n - 1) >= 0.0)
            return n - n_dials;
    return n_dials < n_most ? n_most - n_dials : 0;
}

rig_refusal rig_schedule_refusal(const rig_schedule *schedule, const rig_scenario *scenario,
                                 size_t index, uint32_t group, uint32_t n_rings)
{
    const rig_callers_source from = rig_callers_of(schedule, scenario);
    const uint32_t caller = (uint32_t)rig_schedule_first_of(schedule, index);
    return rig_callers_refusal(&from, caller, schedule->calls[index].attempt, group, n_rings);
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

/* What caller i does in an attempt. */
static void draw_call(const rig_callers_source *from, uint32_t i, uint32_t attempt,
                      rig_planned_call *call)
{
    double drawn[RIG_RANDOM_BLOCK];
    rig_callers_draw(from, i, attempt, drawn);
    call->number = from->scenario->callers.first_number + i;
    call->patience_answer_s = rig_callers_patience_answer_s(from, i, attempt, drawn);
    call->patience_queue_s = rig_callers_patience_queue_s(from, i, attempt, drawn);
    call->patience_ringing_s = rig_callers_patience_ringing_s(from, i, attempt, drawn);
    call->talk_s = rig_callers_talk_s(from, i, attempt, RIG_NO_GROUP, drawn);
    call->caller_hangs_up = rig_callers_hangs_up(from, i, attempt);
    call->self_service_s = rig_callers_self_service_s(from, i, attempt, drawn);
    call->is_backup = rig_callers_dials_backup(from, i, attempt);
    call->trunk = (uint16_t)rig_callers_trunk(from, i, attempt);
    call->caller_class = (uint16_t)rig_callers_class(from, i);
    call->choice = (uint16_t)rig_callers_choice(from, i);
    for (uint32_t k = 0; k < RIG_N_RING_ATTEMPTS; k++)
        call->ring_s[k] = rig_callers_ring_s(from, i, attempt, 0, k, drawn);
    call->next = call->first = 0;
    call->attempt = attempt;
    call->redial_s = 0.0;
}

/* One more row; NULL when out of memory, or when there are too many. */
static rig_planned_call *add_row(rig_schedule *schedule, size_t *cap, uint64_t max_calls)
{
    if (schedule->n >= max_calls || schedule->n >= UINT32_MAX)
        return NULL;
    if (schedule->n == *cap) {
        const size_t wider_cap = (size_t)fmin(2.0 * (double)*cap, (double)max_calls);
        rig_planned_call *wider = reallocarray(schedule->calls, wider_cap, sizeof *wider);
        if (wider == NULL)
            return NULL;
        schedule->calls = wider;
        *cap = wider_cap;
    }
    return &schedule->calls[schedule->n++];
}

/* How a schedule could not have one more row. */
static rig_status fail_to_add(const rig_scenario *scenario, const rig_schedule *schedule,
                              bool is_redial, rig_error *err)
{
    const uint64_t max_calls = scenario->limits.max_calls;
    if (schedule->n < max_calls && schedule->n < UINT32_MAX)
        return rig_fail(err, RIG_ENOMEM, "%s: out of memory for %zu calls and more", scenario->path,
                        schedule->n);
    if (is_redial)
        return rig_fail(err, RIG_EINPUT,
                        "%s: traffic: %zu callers, and more redials than leave room for them "
                        "should all their calls be lost; expected at most limits.max_calls = %llu "
                        "calls together",
                        scenario->path, rig_schedule_n_first(schedule),
                        (unsigned long long)max_calls);
    return rig_schedule_fail_too_many(scenario, err);
}

/* To each caller as many attempts as he makes should all be lost. */
static rig_status add_redials(const rig_callers_source *from, rig_schedule *schedule, size_t *cap,
                              rig_error *err)
{
    const size_t n_first = schedule->n;
    for (size_t i = 0; i < n_first; i++) {
        size_t before = i;
        double delay_s;
        for (uint32_t k = 0; rig_callers_redials(from, (uint32_t)i, k, &delay_s); k++) {
            rig_planned_call *call = add_row(schedule, cap, from->scenario->limits.max_calls);
            if (call == NULL)
                return fail_to_add(from->scenario, schedule, true, err);
            schedule->n_redials++;
            draw_call(from, (uint32_t)i, k + 1, call);
            call->t_s = (double)NAN;
            call->first = (uint32_t)i;
            call->redial_s = delay_s;
            schedule->calls[before].next = (uint32_t)(schedule->n - 1);
            before = schedule->n - 1;
        }
    }
    return RIG_OK;
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
    rig_status status = RIG_OK;
    for (double t_s; status == RIG_OK && !isinf(t_s = rig_arrival_stream_next_s(&stream));) {
        const uint32_t i = (uint32_t)made->n;
        rig_planned_call *call = add_row(made, &cap, max_calls);
        if (call == NULL) {
            status = fail_to_add(scenario, made, false, err);
        } else {
            draw_call(&from, i, 0, call);
            call->t_s = t_s;
        }
    }
    if (status == RIG_OK)
        status = add_redials(&from, made, &cap, err);
    if (status == RIG_OK)
        *schedule = made;
    else
        rig_schedule_free(made);
    return status;
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

/* As long as a call can be up. */
static double longest_s(const rig_schedule *schedule, size_t row, const rig_scenario *scenario,
                        double menu_s)
{
    const rig_planned_call *call = &schedule->calls[row];
    const double ringing_s = fmax(call->patience_ringing_s, scenario->agents[0].ring_timeout_s);
    return call->patience_answer_s + menu_s + call->patience_queue_s + ringing_s +
           rig_schedule_longest_talk_s(schedule, scenario, row);
}

double rig_schedule_latest_end_s(const rig_schedule *schedule, const rig_scenario *scenario)
{
    double latest_s = 0.0;
    double menu_s = rig_dist_quantile_s(&scenario->ivr.menu, U_LATEST);
    for (size_t i = 0; i < rig_schedule_n_first(schedule); i++) {
        const rig_planned_call *call = &schedule->calls[i];
        double end_s = call->t_s + longest_s(schedule, i, scenario, menu_s);
        while (call->next != 0) {
            const size_t row = call->next;
            call = &schedule->calls[row];
            end_s += fmax(call->redial_s, rig_scenario_retry_floor_s(scenario)) +
                     longest_s(schedule, row, scenario, menu_s);
        }
        latest_s = fmax(latest_s, end_s);
    }
    return latest_s;
}
