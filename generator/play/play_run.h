/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A play under way: its processes, logs and capture. Private to the play. */
#ifndef RIG_GENERATOR_PLAY_PLAY_RUN_H
#define RIG_GENERATOR_PLAY_PLAY_RUN_H

#include "generator/play.h"
#include "generator/play/call_backs.h"
#include "generator/play/deal.h"
#include "generator/play/play_register.h"
#include "generator/play/redials.h"
#include "generator/route.h"
#include "generator/sipp_files.h"
#include "generator/sipp_worker.h"
#include "generator/notices.h"
#include "generator/outbound.h"

/** Everything that a play has open. Zeroed: nothing. */
typedef struct rig_play_run {
    const rig_scenario *scenario;
    const rig_schedule *schedule;
    const rig_play_options *options;
    rig_deal deal; /**< who plays which call */
    rig_route route;
    char *own_sipp;         /**< owned: found by the play itself; NULL: it was not */
    const char *sipp_path;  /**< that, or options->sipp_path */
    char *own_xml;          /**< owned: read by the play itself; NULL: it was not */
    const char *caller_xml; /**< that, or options->caller_xml; NULL: ours */
    rig_secret secret;      /**< of this run */
    char tell_method[RIG_SIPP_METHOD_SIZE]; /**< by which callers are told */
    char *logs;                             /**< RUN_DIR/logs */
    rig_sipp_worker callers[RIG_MAX_WORKERS];
    rig_sipp_log *caller_logs[RIG_MAX_WORKERS];
    rig_sipp_worker agents;
    rig_sipp_log *agents_log;
    rig_play_call_backs call_backs;  /**< phones of callers who are called back */
    rig_play_register registrations; /**< of the agents' phones */
    rig_notices *tells;              /**< NULL when the centre tells its callers itself */
    rig_redials *redials;            /**< NULL when nobody redials */
    int agents_fd;                   /**< connection to the agents' worker; 0 = none */
    uint16_t tells_port;             /**< from which the callers are told and woken */
    int caller_fds[RIG_MAX_WORKERS]; /**< connections to the callers' workers; 0 = none */
    rig_notices_spec to_callers;     /**< how to reach a call */
    uint64_t n_wakes;
    size_t n_must_end; /**< at a stop: calls whose instant had come */
    rig_recorder *capture;
    rig_outbound *outbound;  /**< NULL: nobody may capture, and nobody looks */
    uint8_t *n_seen;         /**< lines of each planned call, up to UINT8_MAX */
    rig_said_call *said;     /**< what the first of them says */
    double callers_ended_s;  /**< when the last callers' worker ended, from t = 0; wire time */
    size_t n_first_lines;    /**< planned first calls with a line */
    size_t n_due;            /**< planned calls whose instant has passed */
    int64_t clock_offset_ns; /**< CLOCK_REALTIME - CLOCK_MONOTONIC at the start */
    int64_t deadline_ns;     /**< CLOCK_MONOTONIC */
    int64_t watched_ns;      /**< CLOCK_MONOTONIC of the last look at our programs; 0: none */
    rig_play_report report;
} rig_play_run;

/** Since the start that was planned, wire time. */
double rig_play_run_elapsed_s(const rig_play_run *run);

/** RUN_DIR/logs/NAME.SUFFIX, heap; NULL when out of memory. */
char *rig_play_run_log_path(const rig_play_run *run, const char *name, const char *suffix);

/** Read along in what a worker will log; what an earlier play in this folder has left is removed.
 */
rig_status rig_play_run_open_log(const rig_play_run *run, const char *name, rig_sipp_log **log,
                                 rig_error *err);

/**
 * Start a worker.
 * @param own  What is its own: role, name, hosts and ports, calls, scenario. The rest is the run's.
 */
rig_status rig_play_run_start_worker(const rig_play_run *run, const rig_sipp_spec *own,
                                     rig_sipp_worker *worker, rig_error *err);

/** Tell the caller how far it is. */
void rig_play_run_progress(rig_play_run *run, rig_play_phase phase);

/**
 * Watch until every callers' worker has ended, or the deadline or a stop has ended them; then end
 * the agents' worker, and read the logs to their ends.
 * @return RIG_OK (report->was_stopped, ->ran_over say how it ended); RIG_EIO or RIG_ENOMEM from the
 *         logs: the calls are then ended gracefully all the same.
 */
rig_status rig_play_run_watch(rig_play_run *run, rig_error *err);

/**
 * End every process, in every case, leaving no call up if the centre answers: gracefully, then by
 * signals; 9 s at most. Does nothing when none runs.
 */
void rig_play_run_end(rig_play_run *run);

#endif
