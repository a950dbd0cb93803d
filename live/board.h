/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The wallboard of a run: its state while it runs, for the terminal, the web page and Prometheus.
 *
 * Three parties meet here, and none waits for a slower one:
 * - the capture thread tells each step of each call (rig_board_watch);
 * - the thread that runs the play publishes a view of the whole, some times a second
 *   (rig_board_publish). It takes the counts under a lock that these two share, for as long as a
 *   copy takes, and leaves a view out where a reader holds the last one;
 * - readers copy the last view (rig_board_read), as slowly as they like.
 *
 * Figures are those of the wire (analyzer/call_watch.h), a second behind it; predicted ones are of
 * the prediction that the run made before its first call. Nothing is simulated here. Memory does
 * not grow with the number of calls. */
#ifndef RIG_LIVE_BOARD_H
#define RIG_LIVE_BOARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analyzer/call_watch.h"
#include "core/status.h"
#include "models/prediction.h"
#include "scenarios/scenario.h"
#include "verdict/judgement.h"

/** Bounds of a view. */
enum {
    RIG_BOARD_MAX_INTERVALS = 400, /**< of more, some in a row are taken together */
    RIG_BOARD_MAX_SAMPLES = 400,   /**< of more, every second one is dropped */
    RIG_BOARD_MAX_LOST = 1000, /**< whose messages can be asked for */
    RIG_BOARD_SHOWN_LOST = 12, /**< of these, that a page lists */
    RIG_BOARD_MAX_LEVELS = 16,
    RIG_BOARD_MAX_FAULTS = 16,
    RIG_BOARD_TEXT_SIZE = 128,
    RIG_BOARD_LONG_TEXT_SIZE = 1000
};

/** What the run is doing. */
typedef enum rig_board_phase {
    RIG_BOARD_STARTING = 0, /**< predicting, starting programs */
    RIG_BOARD_LEAD,         /**< the first call is not due yet */
    RIG_BOARD_PLACING,
    RIG_BOARD_DRAINING, /**< all calls were due; some are still up */
    RIG_BOARD_STOPPING, /**< ending calls and programs */
    RIG_BOARD_JUDGING,  /**< all was played */
    RIG_BOARD_OVER,     /**< the verdict is there, or why there is none */
    RIG_N_BOARD_PHASES
} rig_board_phase;

/** One stage. */
typedef struct rig_board_stage {
    uint64_t n_entered; /**< calls, up to now */
    uint64_t n_lost;
    double p_lost; /**< lost / entered and decided there; NAN: none is decided */
    /** Beside its prediction: of the calls that came up to rig_board_view.compared_s. */
    uint64_t n_lost_by; /**< lost here */
    uint64_t n_open_by; /**< may still be lost here */
    rig_band predicted; /**< lost, 95 % of conforming runs; NAN: not known */
    double margin;      /**< calls: beyond the band by more than this counts */
    int side; /**< -1: fewer than predicted, whatever becomes of the open ones; 1: more; 0:
                   neither */
} rig_board_stage;

/** Some time of the run, by the arrival of the calls. */
typedef struct rig_board_interval {
    double end_s; /**< scenario time */
    uint32_t n_offered;
    uint32_t n_entered[RIG_N_STAGES];
    uint32_t n_lost[RIG_N_STAGES];
    uint32_t n_open[RIG_N_STAGES];
    rig_band lost[RIG_N_STAGES];   /**< predicted within it; NAN where several are taken together */
    rig_band so_far[RIG_N_STAGES]; /**< predicted from the beginning to its end */
} rig_board_interval;

/** An instant of the run. */
typedef struct rig_board_sample {
    float at_s; /**< scenario time */
    float rate_per_s, due_per_s;
    uint32_t n_up, n_queue, n_busy;
} rig_board_sample;

/** A call that was lost. Texts are of the wire. */
typedef struct rig_board_lost {
    uint64_t order;
    double at_s;                   /**< its INVITE, scenario time */
    int64_t t_invite_ns, t_end_ns; /**< of the capture; the end may be RIG_NO_TIME */
    rig_outcome outcome;
    char call_id[RIG_BOARD_TEXT_SIZE];
    char reason[RIG_CALL_REASON_SIZE];
} rig_board_lost;

/** A level of gate.levels. */
typedef struct rig_board_level {
    char metric[RIG_BOARD_TEXT_SIZE]; /**< "connect_rate", "lost_trunk[mobile]" */
    const char *unit;                 /**< "1" is a share; static */
    bool is_minimum;
    double limit;
    double value; /**< so far; NAN: not known before the end */
} rig_board_level;

/** A fault of the scenario. */
typedef struct rig_board_fault {
    char what[RIG_BOARD_TEXT_SIZE]; /**< "trunk mobile" */
    double from_s, until_s;
    bool is_on;
} rig_board_fault;

/** The whole at one instant. Times are scenario time but for ..._wire_s. */
typedef struct rig_board_view {
    uint64_t number; /**< of views published; 0: none yet */
    char name[RIG_BOARD_TEXT_SIZE], target[RIG_BOARD_TEXT_SIZE];
    rig_board_phase phase;
    bool
        is_blind; /**< nothing is captured by the run itself: of calls, only what is due is known */
    double time_scale;
    double at_s;               /**< since the first instant of the schedule; negative before */
    double duration_s;         /**< of the traffic */
    double left_wire_s;        /**< until the last call is due; NAN: not known */
    uint64_t n_planned, n_due; /**< calls */
    uint64_t n_packets, n_kernel_dropped;
    double rate_per_s, due_per_s; /**< calls on the wire, and planned, a second of wire time, over
                                       the last seconds */
    uint64_t n_offered;           /**< calls on the wire */
    uint64_t n_at[RIG_N_CALL_PLACES];
    uint64_t n_outcome[RIG_N_OUTCOMES]; /**< sum: n_offered */
    uint64_t n_up, n_busy; /**< calls that hold a circuit; agents who are rung or talk */
    uint32_t n_circuits, n_ports, n_agents; /**< of the scenario; agents at its beginning */
    rig_band circuits, queue, on_duty;      /**< predicted, mean of the current interval; or NAN */
    rig_board_stage stages[RIG_N_STAGES];
    double compared_s;             /**< end of the last interval that is over; 0: none is */
    double figures[RIG_N_METRICS]; /**< of the calls that are over; NAN: not known */
    size_t n_levels, n_faults, n_lost, n_intervals, n_samples;
    rig_board_level levels[RIG_BOARD_MAX_LEVELS];
    rig_board_fault faults[RIG_BOARD_MAX_FAULTS];
    rig_board_lost lost[RIG_BOARD_MAX_LOST]; /**< the latest first */
    rig_board_interval intervals[RIG_BOARD_MAX_INTERVALS];
    rig_board_sample samples[RIG_BOARD_MAX_SAMPLES]; /**< in the order of time */
    /** RIG_BOARD_OVER: */
    bool has_judgement;
    rig_judgement judgement;
    int exit_code;
    char verdict[RIG_BOARD_LONG_TEXT_SIZE]; /**< in a sentence, or why there is none */
    char told[RIG_BOARD_LONG_TEXT_SIZE];    /**< the same in the language of the reader */
    char report[RIG_BOARD_LONG_TEXT_SIZE];  /**< path; "": none */
} rig_board_view;

/** What the run says of itself. */
typedef struct rig_board_progress {
    rig_board_phase phase;
    bool is_blind;          /**< as in rig_board_view */
    int64_t start_epoch_ns; /**< instant of the schedule's t = 0; 0: not known yet */
    int64_t stop_epoch_ns;  /**< when the run began to hang up its calls; 0: it did not */
    double elapsed_wire_s;  /**< since then; negative before */
    double duration_wire_s; /**< of the last planned call */
    uint64_t n_planned, n_due;
    uint64_t n_packets, n_kernel_dropped;
} rig_board_progress;

/** A wallboard; opaque. */
typedef struct rig_board rig_board;

/**
 * @param scenario    Borrowed until rig_board_free.
 * @param target      Whom the calls go to, for people. Copied.
 * @param[out] board  Owned by the caller: rig_board_free.
 * @return RIG_OK or RIG_ENOMEM.
 */
rig_status rig_board_new(const rig_scenario *scenario, const char *target, rig_board **board,
                         rig_error *err);

/** NULL-safe. Nobody may watch or read any more. */
void rig_board_free(rig_board *board);

/** Take the bands of the run's prediction. Before the first call. @param prediction Not kept. */
void rig_board_predict(rig_board *board, const rig_prediction *prediction);

/** For rig_live_analysis_watch: takes each step of each call. Whatever it waits for is a copy of
 * the counts in the thread that publishes. */
rig_call_watch rig_board_watch(rig_board *board);

/** Publish a view. By one thread. */
void rig_board_publish(rig_board *board, const rig_board_progress *progress);

/** How a run has ended. */
typedef struct rig_board_end {
    bool has_judgement;
    rig_judgement judgement;
    int exit_code;
    const char *verdict; /**< a sentence: of the verdict, or why there is none */
    const char *told;    /**< the same in the language of the reader; NULL: as it is */
    const char *report;  /**< path of the report; NULL: none */
} rig_board_end;

/** Publish the end, whatever readers do (it waits for one that copies). By the same thread. */
void rig_board_finish(rig_board *board, const rig_board_end *end);

/** Copy the last view; from any thread. @param[out] view  Large: not for the stack of a thread. */
void rig_board_read(rig_board *board, rig_board_view *view);

/** Number of the last view, at the price of an atomic load. */
uint64_t rig_board_number(const rig_board *board);

/** Whether the end was published. */
bool rig_board_is_over(const rig_board *board);

/** "starting", "lead", "placing", ..; static. */
const char *rig_board_phase_name(rig_board_phase phase);

/** "unanswered", "menu", "queue", "ringing", "talking", "over"; static. */
const char *rig_board_place_name(rig_call_place place);

#endif
