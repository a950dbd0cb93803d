/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Injection files: the schedule in the form in which SIPp reads it, a row a call. A redial's call
 * is due so late that it is told before when to dial (generator/play/redials.h).
 *
 * Their columns are described at the top of scenarios/sipp/caller.xml and agent.xml. All durations
 * are divided by the scenario's time_scale here and nowhere else: SIPp knows wire time only. */
#ifndef RIG_GENERATOR_PLAY_INJECTION_H
#define RIG_GENERATOR_PLAY_INJECTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/status.h"
#include "generator/play/deal.h"
#include "models/schedule.h"
#include "scenarios/scenario.h"

/**
 * The side that is not to end a talk (and a caller who waits with no mark at all) hangs up this
 * long after the other should have, s of wire time: nobody stays for ever when the centre fails.
 */
#define RIG_INJECTION_BACKSTOP_S 30.0

/** The number dialled as the user part of a SIP URI: '#' is escaped (RFC 3261, 25.1).
 * @return heap, the caller frees; NULL when out of memory. */
char *rig_injection_dialled(const char *dial);

/**
 * Write a callers' file.
 *
 * @param start_epoch_ns  Instant of the schedule's t = 0, ns since the epoch.
 * @param deal            Who plays which call; of this schedule.
 * @param worker          Which worker.
 * @return RIG_OK; RIG_EDOM for a time scale or duration that is not finite or negative, or for a
 *         worker without calls (an empty file is an error for SIPp); RIG_EIO; RIG_ENOMEM.
 */
rig_status rig_injection_write_callers(const rig_schedule *schedule, const rig_scenario *scenario,
                                       int64_t start_epoch_ns, const rig_deal *deal, size_t worker,
                                       const char *path, rig_error *err);

/** Whether ring times stand in rings.csv: of several groups, with what comes of them, or with the
 * talks of a group. */
bool rig_injection_has_rings(const rig_scenario *scenario);

/** Lines of a call and group there: ringings until they repeat. */
uint32_t rig_injection_n_rings(const rig_scenario *scenario);

/**
 * A row of the agents' file without its line end: of the first call, or of the attempt that takes
 * its place.
 * @param row  Of the schedule.
 * @return heap, the caller frees; NULL when out of memory.
 */
char *rig_injection_agents_row(const rig_schedule *schedule, const rig_scenario *scenario,
                               size_t row);

/**
 * Write the agents' file: a sentinel row (SIPp takes an unknown key for row 0), then a row a
 * caller.
 * @return as rig_injection_write_callers.
 */
rig_status rig_injection_write_agents(const rig_schedule *schedule, const rig_scenario *scenario,
                                      const char *path, rig_error *err);

/**
 * Write the file of the callers' phones that are called back: a sentinel row, then for each caller
 * a row a call back, up to the first that he answers.
 * @return as rig_injection_write_callers.
 */
rig_status rig_injection_write_call_backs(const rig_schedule *schedule,
                                          const rig_scenario *scenario, const char *path,
                                          rig_error *err);

/**
 * Write what phones of several groups, phones that refuse, or such of a group with talks of its own
 * need beside the agents' file: phones.csv (the user of each phone and its group; of several groups
 * alone) and rings.csv (how long a phone of each group rings for each call, whether it refuses, and
 * how long its talk is), both in a folder.
 * @return RIG_OK; RIG_EIO; RIG_ENOMEM.
 */
rig_status rig_injection_write_groups(const rig_schedule *schedule, const rig_scenario *scenario,
                                      const char *folder, rig_error *err);

#endif
