/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "generator/play/injection.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/atomic_file.h"
#include "core/clock.h"
#include "generator/sipp_files.h"
#include "scenarios/own_durations.h"
#include "scenarios/registration.h"

/* SIPp keeps a pause in an int of ms: longer durations are meant as "for ever". */
static const double LONGEST_MS = 2e9;

/* Share of the callers whose menu is shorter than the wait that a caller without a mark accepts. */
static const double MENU_QUANTILE = 1.0 - 1e-6;

static double wire_ms(double scenario_s, double time_scale)
{
    return fmin(scenario_s / time_scale * 1e3, LONGEST_MS);
}

/* The number as the user part of a SIP URI: '#' must be escaped (RFC 3261, 25.1). */
static void put_dial(FILE *out, const char *dial)
{
    for (const char *p = dial; *p != '\0'; p++) {
        if (*p == '#')
            fputs("%23", out);
        else
            fputc(*p, out);
    }
}

char *rig_injection_dialled(const char *dial)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    if (out == NULL)
        return NULL;
    put_dial(out, dial);
    if (fclose(out) == 0)
        return text;
    free(text);
    return NULL;
}

static rig_status check_call(const rig_schedule *schedule, size_t i, rig_error *err)
{
    const rig_planned_call *call = &schedule->calls[i];
    const double t_s = call->attempt > 0 ? 0.0 : call->t_s; /* a redial has none yet */
    const double durations[] = {t_s, call->patience_answer_s, call->patience_queue_s,
                                call->patience_ringing_s, call->talk_s};
    for (size_t k = 0; k < sizeof durations / sizeof *durations; k++)
        if (!isfinite(durations[k]) || durations[k] < 0)
            return rig_fail(err, RIG_EDOM, "call %zu of the schedule: %g s; expected finite, >= 0",
                            i, durations[k]);
    for (size_t k = 0; k < RIG_N_RING_ATTEMPTS; k++)
        if (!isfinite(call->ring_s[k]) || call->ring_s[k] < 0)
            return rig_fail(err, RIG_EDOM, "call %zu of the schedule: ring time %g s", i,
                            call->ring_s[k]);
    if (!isfinite(call->self_service_s))
        return rig_fail(err, RIG_EDOM, "call %zu of the schedule: self-service %g s", i,
                        call->self_service_s);
    return RIG_OK;
}

static rig_status check(const rig_schedule *schedule, const rig_scenario *scenario, rig_error *err)
{
    if (!isfinite(scenario->time_scale) || scenario->time_scale <= 0)
        return rig_fail(err, RIG_EDOM, "time_scale %g; expected > 0", scenario->time_scale);
    for (size_t i = 0; i < schedule->n; i++) {
        rig_status status = check_call(schedule, i, err);
        if (status != RIG_OK)
            return status;
    }
    return RIG_OK;
}

rig_status rig_injection_write_callers(const rig_schedule *schedule, const rig_scenario *scenario,
                                       int64_t start_epoch_ns, const rig_deal *deal, size_t worker,
                                       const char *path, rig_error *err)
{
    rig_status status = check(schedule, scenario, err);
    if (status != RIG_OK)
        return status;
    if (worker >= deal->n_workers)
        return rig_fail(err, RIG_EDOM, "worker %zu of %zu has none of the %zu calls", worker,
                        deal->n_workers, schedule->n);
    rig_atomic_file *file;
    status = rig_atomic_file_new(path, &file, err);
    if (status != RIG_OK)
        return status;

    FILE *out = rig_atomic_file_stream(file);
    const double scale = scenario->time_scale;
    const double backstop_ms = RIG_INJECTION_BACKSTOP_S * 1e3;
    const double hold_max_ms =
        fmin(wire_ms(rig_dist_quantile_s(&scenario->ivr.menu, MENU_QUANTILE), scale) + backstop_ms,
             LONGEST_MS);
    const bool is_told_by_phones =
        rig_sipp_needs_tells(scenario) && scenario->ivr.menu.kind == RIG_DIST_CONSTANT;
    fputs("SEQUENTIAL\n", out);
    for (size_t i = 0; i < schedule->n; i++) {
        const rig_planned_call *call = &schedule->calls[i];
        if (deal->worker[i] != worker)
            continue;
        /* Epoch in whole us: a double of ms would round to a quarter of a us, which is enough, but
         * the sum start + t must not be made in doubles of s. */
        const double due_s = call->attempt > 0 ? LONGEST_MS * 1e-3 : call->t_s / scale;
        int64_t due_us = (start_epoch_ns + rig_clock_ns_of_s(due_s) + 500) / 1000;
        double self_ms = call->self_service_s < 0 ? -1.0 : wire_ms(call->self_service_s, scale);
        double talk_ms = wire_ms(rig_schedule_longest_talk_s(schedule, scenario, i), scale) +
                         (call->caller_hangs_up ? 0.0 : backstop_ms);
        fprintf(out, "%zu;%" PRId64 ".%03" PRId64 ";%" PRIu64 ";", i, due_us / 1000, due_us % 1000,
                call->number);
        put_dial(out, call->is_backup ? scenario->callers.redial.backup.dial
                                      : rig_scenario_class_dial(scenario, call->caller_class));
        /* Where nobody says that the queue has begun, it begins when the menu is over. */
        double queue_ms = wire_ms(call->patience_queue_s, scale);
        double stay_ms =
            is_told_by_phones
                ? fmin(wire_ms(scenario->ivr.menu.mean_s, scale) + queue_ms, LONGEST_MS)
                : hold_max_ms;
        fprintf(out, ";%.3f;%.3f;%.3f;%.3f;%.3f;%.3f;%.3f", wire_ms(call->patience_answer_s, scale),
                queue_ms, wire_ms(call->patience_ringing_s, scale), self_ms,
                fmin(talk_ms, LONGEST_MS), stay_ms, self_ms < 0 ? stay_ms : self_ms);
        if (scenario->ivr.n_choices > 1)
            fprintf(out, ";%s", rig_scenario_choice_digits(scenario, call->choice));
        fputc('\n', out);
    }
    return rig_atomic_file_commit(file, err);
}

bool rig_injection_has_rings(const rig_scenario *scenario)
{
    return scenario->n_agents > 1 || rig_scenario_has_refusals(scenario) ||
           rig_scenario_has_group_talks(scenario);
}

uint32_t rig_injection_n_rings(const rig_scenario *scenario)
{
    return rig_scenario_has_refusals(scenario) ? RIG_N_REFUSALS : RIG_N_RING_ATTEMPTS;
}

/* How long one phone rings for a call; where phones refuse, what it does then, too. */
static void put_ring(const rig_schedule *schedule, const rig_scenario *scenario, size_t row,
                     uint32_t group, uint32_t k, FILE *out)
{
    static const int ends[] = {[RIG_REFUSAL_NONE] = 0,
                               [RIG_REFUSAL_REJECT] = 1,
                               [RIG_REFUSAL_BUSY] = 2,
                               [RIG_REFUSAL_DO_NOT_DISTURB] = 3};
    fprintf(out, "%.3f",
            wire_ms(rig_schedule_ring_s(schedule, scenario, row, group, k), scenario->time_scale));
    if (rig_scenario_has_refusals(scenario))
        fprintf(out, "x%d", ends[rig_schedule_refusal(schedule, scenario, row, group, k)]);
}

/* How long the agent talks, and when it is to be kept short. Agents end all talks. */
static void put_talk(const rig_schedule *schedule, const rig_scenario *scenario, size_t row,
                     uint32_t group, FILE *out)
{
    const double talk_s = rig_schedule_talk_s(schedule, scenario, row, group);
    fprintf(out, ";%.3f", wire_ms(talk_s, scenario->time_scale));
    if (rig_scenario_has_emergency(scenario))
        fprintf(out, ";%.3f",
                wire_ms(rig_scenario_emergency_talk_s(scenario, talk_s), scenario->time_scale));
}

/* @param row  Of the schedule. */
static void put_agents_row(const rig_schedule *schedule, const rig_scenario *scenario, size_t row,
                           FILE *out)
{
    const rig_planned_call *call = &schedule->calls[row];
    const double scale = scenario->time_scale;
    double talk_ms = wire_ms(call->talk_s, scale) +
                     (call->caller_hangs_up ? RIG_INJECTION_BACKSTOP_S * 1e3 : 0.0);
    fprintf(out, "%" PRIu64 ";%.3f", call->number, fmin(talk_ms, LONGEST_MS));
    for (uint32_t k = 0; k < RIG_N_RING_ATTEMPTS; k++) {
        fputc(';', out);
        if (rig_injection_has_rings(scenario))
            fprintf(out, "%u", k); /* which line of rings.csv */
        else
            put_ring(schedule, scenario, row, 0, k, out);
    }
    if (rig_injection_has_rings(scenario))
        fprintf(out, ";%zu", row + 1); /* whose lines there */
    if (rig_scenario_has_emergency(scenario)) {
        const double short_s = rig_scenario_emergency_talk_s(scenario, call->talk_s);
        fprintf(out, ";%.3f",
                short_s < call->talk_s ? wire_ms(short_s, scale) : fmin(talk_ms, LONGEST_MS));
    }
}

char *rig_injection_agents_row(const rig_schedule *schedule, const rig_scenario *scenario,
                               size_t row)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    if (out == NULL)
        return NULL;
    put_agents_row(schedule, scenario, row, out);
    if (fclose(out) == 0)
        return text;
    free(text);
    return NULL;
}

rig_status rig_injection_write_agents(const rig_schedule *schedule, const rig_scenario *scenario,
                                      const char *path, rig_error *err)
{
    rig_status status = check(schedule, scenario, err);
    if (status != RIG_OK)
        return status;
    rig_atomic_file *file;
    status = rig_atomic_file_new(path, &file, err);
    if (status != RIG_OK)
        return status;

    FILE *out = rig_atomic_file_stream(file);
    fprintf(out, "SEQUENTIAL\n-;0;0;0;0;0%s%s\n", rig_injection_has_rings(scenario) ? ";0" : "",
            rig_scenario_has_emergency(scenario) ? ";0" : "");
    for (size_t i = 0; i < rig_schedule_n_first(schedule); i++) {
        put_agents_row(schedule, scenario, i, out);
        fputc('\n', out);
    }
    return rig_atomic_file_commit(file, err);
}

/* Until he is reached. A fault may cut the attempt that would have reached him: then others follow.
 */
static uint32_t n_dials_at_most(const rig_schedule *schedule, const rig_scenario *scenario,
                                size_t row)
{
    return scenario->n_faults > 0 ? scenario->call_back.n_attempts
                                  : rig_schedule_n_call_backs(schedule, scenario, row, 0);
}

static void put_call_backs(const rig_schedule *schedule, const rig_scenario *scenario, size_t row,
                           FILE *out)
{
    const rig_planned_call *call = &schedule->calls[row];
    const double scale = scenario->time_scale;
    const double talk_ms = wire_ms(rig_schedule_longest_talk_s(schedule, scenario, row), scale) +
                           (call->caller_hangs_up ? 0.0 : RIG_INJECTION_BACKSTOP_S * 1e3);
    const uint32_t n = n_dials_at_most(schedule, scenario, row);
    for (uint32_t k = 0; k < n; k++) {
        const double answers_s = rig_schedule_answers_back_s(schedule, scenario, row, k);
        fprintf(out, "%" PRIu64 "-%u", call->number, k + 1);
        if (call->attempt > 0)
            fprintf(out, "/%u", call->attempt);
        fprintf(out, ";%.3f;%.3f\n", fmin(talk_ms, LONGEST_MS),
                answers_s < 0.0 ? LONGEST_MS : wire_ms(answers_s, scale));
    }
}

rig_status rig_injection_write_call_backs(const rig_schedule *schedule,
                                          const rig_scenario *scenario, const char *path,
                                          rig_error *err)
{
    rig_atomic_file *file;
    rig_status status = check(schedule, scenario, err);
    if (status == RIG_OK)
        status = rig_atomic_file_new(path, &file, err);
    if (status != RIG_OK)
        return status;
    fputs("SEQUENTIAL\n-;0;0\n", rig_atomic_file_stream(file));
    for (size_t i = 0; i < schedule->n; i++)
        put_call_backs(schedule, scenario, i, rig_atomic_file_stream(file));
    return rig_atomic_file_commit(file, err);
}

static void put_phones(const rig_schedule *schedule, const rig_scenario *scenario, FILE *out)
{
    uint32_t agent = 0;
    (void)schedule;
    fputs("-;0\n", out);
    for (size_t g = 0; g < scenario->n_agents; g++) {
        for (uint32_t i = 0; i < rig_scenario_n_numbers(scenario, g); i++) {
            char user[RIG_USER_SIZE];
            rig_scenario_phone_user(scenario, agent++, user);
            fprintf(out, "%s;%zu\n", user, g);
        }
    }
}

/* Of each row of the schedule, and before them of the agents' file's sentinel, the groups, and of
 * each its ringings.
 */
static void put_rings(const rig_schedule *schedule, const rig_scenario *scenario, FILE *out)
{
    for (size_t row = 0; row <= schedule->n; row++)
        for (uint32_t g = 0; g < scenario->n_agents; g++)
            for (uint32_t k = 0; k < rig_injection_n_rings(scenario); k++) {
                if (row == 0)
                    fputs("0.000", out);
                else
                    put_ring(schedule, scenario, row - 1, g, k, out);
                if (row > 0 && rig_scenario_has_group_talks(scenario))
                    put_talk(schedule, scenario, row - 1, g, out);
                fputc('\n', out);
            }
}

static rig_status write_file(const rig_schedule *schedule, const rig_scenario *scenario,
                             void (*put)(const rig_schedule *, const rig_scenario *, FILE *),
                             const char *folder, const char *name, rig_error *err)
{
    char *path = NULL;
    rig_atomic_file *file = NULL;
    if (asprintf(&path, "%s/%s", folder, name) < 0)
        return rig_fail(err, RIG_ENOMEM, "out of memory");
    rig_status status = rig_atomic_file_new(path, &file, err);
    free(path);
    if (status != RIG_OK)
        return status;
    fputs("SEQUENTIAL\n", rig_atomic_file_stream(file));
    put(schedule, scenario, rig_atomic_file_stream(file));
    return rig_atomic_file_commit(file, err);
}

rig_status rig_injection_write_groups(const rig_schedule *schedule, const rig_scenario *scenario,
                                      const char *folder, rig_error *err)
{
    rig_status status = RIG_OK;
    if (scenario->n_agents > 1)
        status = write_file(schedule, scenario, put_phones, folder, RIG_SIPP_PHONES_CSV, err);
    return status == RIG_OK && rig_injection_has_rings(scenario)
               ? write_file(schedule, scenario, put_rings, folder, RIG_SIPP_RINGS_CSV, err)
               : status;
}
