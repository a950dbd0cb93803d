/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The schedule: every call's instant and how this caller (and the agents who are rung for him) will
 * behave. The simulation replays it and SIPp plays it: the same calls, call by call. */
#ifndef RIG_MODELS_SCHEDULE_H
#define RIG_MODELS_SCHEDULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/status.h"
#include "scenarios/scenario.h"

/** One planned call; all durations >= 0, in scenario time. */
typedef struct rig_planned_call {
    double t_s;                /**< instant of the INVITE, from the start of the run; ascending */
    uint64_t number;           /**< the caller's number: unique in the schedule */
    double patience_answer_s;  /**< from INVITE */
    double patience_queue_s;   /**< from the entry into the queue */
    double patience_ringing_s; /**< from each start of ringing */
    double self_service_s;     /**< from the answer to the hang-up; < 0: not a self-server */
    double talk_s;             /**< from the agent's answer, but at groups with talks of their own */
    bool caller_hangs_up;      /**< else the agent ends the talk */
    bool is_backup;            /**< to the backup number (callers.redial.backup); a redial */
    double ring_s[RIG_N_RING_ATTEMPTS]; /**< attempt k rings this long: entry k modulo the length */
    /** What stays his in all his attempts, by its index in the scenario: the carrier by which he
     * comes in (0 where carriers have no shares; that of the backup number where he dials it), his
     * class, his way out of the menu. */
    uint16_t trunk, caller_class, choice;
    /** Should this call be lost, he dials again by this row; 0 = he does not (it is nobody's
     * redial). */
    uint32_t next;
    /** Of a redial: the row of his first call, and which attempt it is, from 1; else 0. */
    uint32_t first, attempt;
    double redial_s; /**< of a redial: from the end of the lost call to this one */
} rig_planned_call;

/** A schedule: calls in the order of their instants, and behind them the redials: those that become
 * calls if their callers' calls are lost. Redials have no instant of their own (t_s is NAN); those
 * of one caller stand together, in their order. */
typedef struct rig_schedule {
    uint64_t seed;        /**< of the draws */
    uint32_t replication; /**< of the draws; 0 for one that goes on the wire */
    rig_planned_call *calls;
    size_t n;         /**< rows, redials among them */
    size_t n_redials; /**< of these, the last ones */
} rig_schedule;

/** Rows that are first calls: one a caller. */
static inline size_t rig_schedule_n_first(const rig_schedule *schedule)
{
    return schedule->n - schedule->n_redials;
}

/** The row of a caller's first call. @param row  Below schedule->n. */
static inline size_t rig_schedule_first_of(const rig_schedule *schedule, size_t row)
{
    return row < rig_schedule_n_first(schedule) ? row : schedule->calls[row].first;
}

/**
 * Draw a schedule: the instants of models/schedule/traffic.h, to each a caller, and to each caller
 * as many redials as he makes should all his calls be lost. A function of (scenario, replication)
 * only.
 *
 * @param[out] schedule  Owned by the caller: rig_schedule_free.
 * @return RIG_OK; RIG_EINPUT when more calls result than limits.max_calls, redials among
 *         them; RIG_ENOMEM.
 */
rig_status rig_schedule_draw(const rig_scenario *scenario, uint32_t replication,
                             rig_schedule **schedule, rig_error *err);

/**
 * Whether each call's carrier, class and choice are there in a scenario.
 * @return RIG_OK, or RIG_EINPUT naming the first call of which one is not.
 */
rig_status rig_schedule_check(const rig_schedule *schedule, const rig_scenario *scenario,
                              rig_error *err);

/**
 * How long the phone of an agent of a group rings when it is the n_rings-th (from 0) that rings for
 * a call: of group 0 what the row says, of the others a draw of the same schedule.
 * @param index  Below schedule->n. @param group  Of scenario->agents.
 */
double rig_schedule_ring_s(const rig_schedule *schedule, const rig_scenario *scenario, size_t index,
                           uint32_t group, uint32_t n_rings);

/**
 * How long he talks with an agent of a group: what the row says, but where the group has a talk of
 * its own (agents[].talk), which is drawn with the same number.
 */
double rig_schedule_talk_s(const rig_schedule *schedule, const rig_scenario *scenario, size_t index,
                           uint32_t group);

/** The longest of these: whoever answers, the talk is over by then. */
double rig_schedule_longest_talk_s(const rig_schedule *schedule, const rig_scenario *scenario,
                                   size_t index);

/**
 * How long the phone of a caller who is called back rings before he answers: a draw of the same
 * schedule.
 * @param index    His call, which was promised it. @param n_dials  Call backs in vain before.
 * @return < 0: he does not answer, or so late that the agent has given up.
 */
double rig_schedule_answers_back_s(const rig_schedule *schedule, const rig_scenario *scenario,
                                   size_t index, uint32_t n_dials);

/** How many call backs are still needed to reach him, or are made in vain.
 * @param n_dials  Made before: in vain, or cut while his phone rang. */
uint32_t rig_schedule_n_call_backs(const rig_schedule *schedule, const rig_scenario *scenario,
                                   size_t index, uint32_t n_dials);

/** Whether that phone refuses the call: a draw of the same schedule, of whatever group. */
rig_refusal rig_schedule_refusal(const rig_schedule *schedule, const rig_scenario *scenario,
                                 size_t index, uint32_t group, uint32_t n_rings);

/** Say that the traffic brings more calls than limits.max_calls. @return RIG_EINPUT. */
rig_status rig_schedule_fail_too_many(const rig_scenario *scenario, rig_error *err);

/** Free. NULL-safe. */
void rig_schedule_free(rig_schedule *schedule);

/**
 * Latest instant, s, at which a call of the schedule can still be up, however long it waits: what a
 * run is bounded by. 0 for an empty schedule.
 */
double rig_schedule_latest_end_s(const rig_schedule *schedule, const rig_scenario *scenario);

/**
 * Write schedule.csv.
 * @param scenario_sha256  Of the resolved scenario: a stamp of the file.
 */
rig_status rig_schedule_write(const rig_schedule *schedule, const char *path,
                              const char *scenario_sha256, rig_error *err);

/** Read schedule.csv. @return RIG_OK; RIG_EINPUT with file, line and column; RIG_EIO; RIG_ENOMEM.
 */
rig_status rig_schedule_read(const char *path, rig_schedule **schedule, rig_error *err);

#endif
