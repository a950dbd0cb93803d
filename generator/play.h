/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Playing a schedule: SIPp places the calls and answers as the agents, libpcap captures.
 *
 * A play leaves capture.pcap in RUN_DIR. In RUN_DIR/logs it leaves the scenario and injection files
 * as SIPp read them, SIPp's own logs and its output. It never prints and never changes signal
 * handlers. On return no process that it started is left, in every case. When we are killed, SIPp
 * dies with us. */
#ifndef RIG_GENERATOR_PLAY_H
#define RIG_GENERATOR_PLAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "core/said_call.h"
#include "core/status.h"
#include "core/privilege.h"
#include "core/stop.h"
#include "generator/outbound.h"
#include "generator/play_share.h"
#include "generator/recorder.h"
#include "generator/sipp_log.h"
#include "generator/notices.h"
#include "generator/play/redials.h"
#include "generator/safety.h"
#include "models/schedule.h"
#include "scenarios/scenario.h"

/** What a play is doing. */
typedef enum rig_play_phase {
    RIG_PLAY_STARTING = 0, /**< probing, starting SIPp and the capture */
    RIG_PLAY_LEAD,         /**< SIPp has the calls; the first is not due yet */
    RIG_PLAY_PLACING,      /**< calls are due */
    RIG_PLAY_DRAINING,     /**< all were due; some are still up */
    RIG_PLAY_STOPPING      /**< ending workers and capture */
} rig_play_phase;

/** How far a play is. */
typedef struct rig_play_progress {
    rig_play_phase phase;
    int64_t start_epoch_ns; /**< instant of the schedule's t = 0; 0 while starting */
    double elapsed_s;       /**< wire time since the schedule's t = 0; negative before */
    double duration_s;      /**< wire time of the last planned call */
    size_t n_planned;       /**< calls of the schedule */
    size_t n_due;           /**< whose instant has passed */
    size_t n_ended;         /**< that SIPp has logged as ended */
    const rig_said_call
        *said; /**< by planned index, what SIPp has said of it; NULL while starting */
    const struct rig_play_report *report; /**< so far: addresses, trouble; NULL while starting */
    uint64_t n_packets;                   /**< captured */
    uint64_t n_kernel_dropped;            /**< and lost, up to now */
} rig_play_progress;

/** How to play. Zeroed but for the first three members: a good default. Strings are borrowed. */
typedef struct rig_play_options {
    const char *run_dir;     /**< exists; written into */
    const char *target_host; /**< address or name */
    uint16_t target_port;
    const uint16_t *carrier_ports; /**< where the calls of each carrier come in, at the same host,
                                      in the scenario's order; NULL when n_carriers is 0: all at
                                      target_port */
    size_t n_carriers;
    const char *agents_host;    /**< our address where the agents' phones listen; NULL = the address
                                   from which we reach the target */
    uint16_t agents_port;       /**< 0 = any free one */
    uint16_t call_backs_port;   /**< where callers are called back, at the same address; 0 = any
                                   free one */
    const char *registrar_host; /**< where phones register that do (agents[].register); NULL = the
                                   target */
    uint16_t registrar_port;    /**< where registrar_host is given */
    uint32_t n_phones;          /**< so many at most register; 0 = all */
    rig_permits permits;        /**< beside the scenario's; see rig_safety_check */
    const char *caller_xml; /**< of rig_sipp_user_file_read: checked once more, and played; NULL =
                               the play reads callers.sipp_xml itself, once, if there is one */
    const char *sipp_path; /**< from rig_sipp_find, and not asked again; NULL = the play finds it */
    rig_run_as run_as;     /**< as whom SIPp runs; RUN_DIR/logs becomes his */
    /** The capture and all processes are open or started: no right is needed any more. May be NULL;
     * an error ends the play. */
    rig_status (*is_ready)(void *ctx, rig_error *err);
    void *is_ready_ctx;
    size_t n_workers; /**< callers' workers; 0 = the scenario's (load.workers), and where that is
                           0, rig_play_choose_workers; at most RIG_MAX_WORKERS */
    double lead_s;    /**< from the start of SIPp to the first call; 0 = 2 s, 0.1 ms a call, and for
                         each worker three times what the agents' worker took to start */
    bool with_media;  /**< capture our callers' audio ports, too */
    bool without_capture;     /**< no capture.pcap; for hosts where capturing is not permitted */
    rig_recorder_sink packet; /**< sees each packet, in the capture thread; may be NULL */
    void *packet_ctx;
    void (*progress)(void *ctx, const rig_play_progress *progress); /**< about 10 times a second, in
                                  the calling thread; may be NULL */
    void *progress_ctx;
    rig_play_share share; /**< zeroed: the play is ours alone */
    const rig_stop *stop; /**< set it to stop gracefully; may be NULL */
    /** The same, where nothing more is to be learnt: told apart; may be NULL. */
    const rig_stop *give_up;
    /** Set it when nothing will answer any more: all is ended at once, without a word to the
     * centre; may be NULL. */
    const rig_stop *abandon;
} rig_play_options;

/** One SIPp process of a play. */
typedef struct rig_play_worker {
    pid_t pid;
    char host[RIG_ADDRESS_SIZE]; /**< its address */
    uint16_t port;               /**< its SIP port */
    int exit_code;               /**< see rig_sipp_exit_text; 128 + signal */
    bool was_killed;             /**< it did not end by itself */
    size_t n_calls;              /**< rows that it was given (callers) */
    size_t n_lines;              /**< lines of its log */
    size_t n_bad_lines;          /**< lines that are not in the format */
    size_t n_late;           /**< calls that left more than RIG_LATE_MS late by SIPp's own clock */
    double max_late_ms;      /**< the latest of all, by the same clock */
    uint64_t n_socket_drops; /**< datagrams that the kernel dropped at its socket: our fault */
} rig_play_worker;

/** What was played. */
typedef struct rig_play_report {
    int64_t start_epoch_ns; /**< instant of the schedule's t = 0 */
    int64_t end_epoch_ns;   /**< when the last worker had ended */
    int64_t stop_epoch_ns;  /**< when callers were first asked to stop; 0: they were not */
    bool was_stopped;       /**< by options->stop */
    bool was_given_up;      /**< by options->give_up */
    bool was_abandoned;     /**< by options->abandon */
    bool was_broken_off;    /**< a SIPp process died: no use in going on */
    /** What befell a SIPp process of ours, in a sentence without a full stop; "" = nothing. */
    char trouble[400];
    /** Why capture.pcap does not hold all, and which file holds what there is (a full disk): the
     * play was ended then. options->packet has seen every packet all the same. "" = it holds all.
     */
    char uncaptured[1600];
    bool ran_over;                          /**< the deadline ended it: calls were left up */
    char elsewhere[RIG_OUTBOUND_TEXT_SIZE]; /**< a packet of ours that went where it should not, and
                                               ended the play; "": none */
    size_t n_planned;                       /**< calls of our share, and redials that came to be */
    size_t n_sipp_lines;                    /**< planned calls with a line of SIPp */
    size_t n_missing_lines; /**< planned calls without, failures of the engine, but for n_not_due */
    size_t n_not_due; /**< of those, stopped long before their instant: NOT_PLACED without a line */
    size_t n_repeated_lines;                 /**< calls with more than one line */
    size_t n_caller_ends[RIG_N_CALLER_ENDS]; /**< by SIPp's own log */
    size_t n_agent_ends[RIG_N_PHONE_ENDS];
    size_t n_workers;
    rig_play_worker callers[RIG_MAX_WORKERS];
    rig_play_worker agents;
    rig_play_worker call_backs; /**< zeroed where nobody is called back */
    rig_recorder_totals capture;
    int64_t clock_step_ns; /**< greatest deviation of CLOCK_REALTIME from CLOCK_MONOTONIC over the
                              run: a step of the clock (or a fast slew) spoils the schedule */
    int64_t clock_step_at_ns; /**< when that was seen, from the schedule's t = 0 */
    int load_nice; /**< nice value of SIPp and the capture: that of who played (core/priority.h) */
    char agents_host[RIG_ADDRESS_SIZE];    /**< where the phones listened */
    char registrar[RIG_ADDRESS_SIZE + 12]; /**< "HOST:PORT"; "" = no phone registers */
    uint32_t n_phones;                     /**< that were to register */
    uint32_t n_registered;                 /**< and did */
    uint32_t n_unregistered;               /**< and took it away at the end */
    rig_redials_counts redials;            /**< of callers whose calls were lost */
    rig_notices_counts tells; /**< what callers were told that the centre does not say */
} rig_play_report;

/**
 * Play a schedule.
 *
 * The play ends when each caller's call is over, and who was promised a call back has had it (or
 * nothing has come for so long that nothing will), or at a deadline (the latest end of any call of
 * the schedule and 40 s more), or when it is stopped: then each call is ended with CANCEL or BYE,
 * all within 9 s. SIPp is started before the first packet is due; the agents' phones answer before
 * that. Phones that register (agents[].register) do so in the last seconds before the first call;
 * where one cannot, no call is placed. A renewal that fails later ends the play (report->trouble).
 *
 * @param schedule     At least one call.
 * @param[out] report  Written when RIG_OK is returned; untouched otherwise.
 * @return RIG_OK, also when it was stopped, some worker failed or the disk was full (the report
 *         says so);
 *         RIG_EINPUT when the run is not allowed (rig_safety_check); RIG_EENV when SIPp, a
 *         permission, a port or the target is missing, or a phone is not registered; RIG_ECANCELLED
 * when stopped before SIPp was started; RIG_EDOM, RIG_EIO, RIG_ENOMEM.
 */
rig_status rig_play(const rig_scenario *scenario, const rig_schedule *schedule,
                    const rig_play_options *options, rig_play_report *report, rig_error *err);

/**
 * Let SIPp read all that a play would give to it, as callers and as agents, in a folder of its own
 * in /tmp (or TMPDIR), which is removed. Nothing is placed or sent: no call is due.
 * @param caller_xml  Of rig_sipp_user_file_read; NULL where the scenario names none.
 * @param sipp_path  From rig_sipp_find.
 * @param run_as     As whom SIPp runs; the folder is his.
 * @return RIG_OK; RIG_EENV with SIPp's own message when it does not take a file; RIG_EIO;
 *         RIG_ENOMEM.
 */
rig_status rig_play_rehearse(const rig_scenario *scenario, const char *caller_xml,
                             const rig_schedule *schedule, const char *sipp_path,
                             const rig_run_as *run_as, rig_error *err);

/**
 * Workers that a play chooses by itself: one for 2,500 calls/s on the wire, for 20,000 calls at
 * once (with audio for 500) or for each address of load.local, whichever is most.
 */
size_t rig_play_choose_workers(const rig_scenario *scenario, const rig_schedule *schedule);

/**
 * Workers of a play: those wanted, else the scenario's (load.workers), else
 * rig_play_choose_workers; no worker is without calls.
 * @param share     NULL: all. Of what is chosen by the whole load each host has its part.
 * @param n_wanted  On this host; 0 = none in particular.
 */
size_t rig_play_n_workers(const rig_scenario *scenario, const rig_schedule *schedule,
                          const rig_play_share *share, size_t n_wanted);

/**
 * Deadline of a play, s of wire time after the schedule's t = 0.
 */
double rig_play_deadline_s(const rig_scenario *scenario, const rig_schedule *schedule);

/** "starting", "placing", ...; static. */
const char *rig_play_phase_name(rig_play_phase phase);

/** Bytes of a place in time, with its end. */
#define RIG_PLAY_WHEN_SIZE 80

/**
 * The phase and where in time it is, for a line of progress: "waiting for the first call, in 2 s",
 * "placing 3 of 5 s", "draining, 8 s after the last call was due".
 * @param[out] text  RIG_PLAY_WHEN_SIZE bytes. @return text.
 */
const char *rig_play_when(const rig_play_progress *progress, char *text);

#endif
