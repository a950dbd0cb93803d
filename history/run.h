/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One run as the history remembers it: who it was, what it was labelled, what it found. Aggregates,
 * and of each planned call how it ended (history/calls.h); no number, address or Call-ID of a
 * caller. */
#ifndef RIG_HISTORY_RUN_H
#define RIG_HISTORY_RUN_H

#include <stddef.h>
#include <stdint.h>

#include "core/stage.h"
#include "core/status.h"

/** Characters of a run's id, and the NUL: the first 16 hexadecimal digits of the SHA-256 of its
 * play.json (which names its instants, ports and schedule, so no two runs share one). */
#define RIG_HISTORY_ID_SIZE 17

/** Longest key of a label, and longest value, without the NUL. */
#define RIG_HISTORY_LABEL_MOST 200

/** What a run says in words. Each is owned and never NULL; "": not known. */
typedef enum rig_history_text {
    RIG_HISTORY_SCENARIO = 0, /**< its name */
    RIG_HISTORY_STATUS,       /**< complete, stopped_early, stopped */
    RIG_HISTORY_JUDGEMENT,    /**< PASS, FAIL, INCONCLUSIVE, INVALID */
    RIG_HISTORY_STAGE,        /**< the one whose working differs, after a FAIL */
    RIG_HISTORY_SUMMARY,      /**< the verdict's sentence */
    RIG_HISTORY_CAUSE,        /**< the first finding of the diagnosis */
    RIG_HISTORY_VERSION,      /**< of the peakrig that judged it */
    RIG_HISTORY_JUDGED_UTC,   /**< instant of the judgement, ISO 8601 */
    RIG_HISTORY_TARGET,       /**< who was called */
    RIG_HISTORY_DEFECTS,      /**< how the embedded centre was broken on purpose */
    RIG_HISTORY_FOLDER,       /**< of its files, absolute */
    RIG_HISTORY_SCENARIO_SHA256,
    RIG_HISTORY_SCHEDULE_SHA256,
    RIG_HISTORY_PLAN_SHA256, /**< of the schedule's rows without its stamps: the same calls, the
                                same digest, whatever centre they were planned for */
    RIG_HISTORY_CALLS_SHA256,
    RIG_HISTORY_PLAY_SHA256,
    RIG_HISTORY_CAPTURE_SHA256,
    RIG_HISTORY_BASELINE, /**< id of the run that it was compared with, or why there was none */
    RIG_HISTORY_BASELINE_JUDGEMENT, /**< PASS or FAIL of that comparison */
    RIG_HISTORY_N_TEXTS
} rig_history_text;

/** What is counted. */
typedef enum rig_history_count {
    RIG_HISTORY_START_MS = 0, /**< of the load on the wire, ms since the epoch */
    RIG_HISTORY_SEED,
    RIG_HISTORY_EXIT_CODE,
    RIG_HISTORY_N_PLANNED, /**< calls; of a run that was stopped early those due until then */
    RIG_HISTORY_N_OFFERED, /**< on the wire */
    RIG_HISTORY_N_WAITS,   /**< calls that an agent answered after a wait that was seen */
    RIG_HISTORY_N_COUNTS
} rig_history_count;

/** What is measured. NAN: not known. */
typedef enum rig_history_real {
    RIG_HISTORY_TIME_SCALE = 0,
    RIG_HISTORY_WAIT_MEAN_S, /**< of those waits, scenario time */
    RIG_HISTORY_WAIT_SD_S,   /**< of one of them */
    RIG_HISTORY_N_REALS
} rig_history_real;

/** A label: --label build=1.4. Both owned. */
typedef struct rig_history_label {
    char *key, *value;
} rig_history_label;

/** What a stage lost. Shares per call that entered it. */
typedef struct rig_history_stage {
    uint64_t n_entered, n_lost;
    double p_predicted, predicted_low, predicted_high; /**< 95 % of one conforming run; NAN */
    double margin;
    char judgement[16];
} rig_history_stage;

/** A figure, by its name in core/metric.h (of a part: "lost_trunk[mobile]"). NAN: not known. */
typedef struct rig_history_metric {
    char *name, *unit; /**< owned */
    double observed, predicted, low, high;
} rig_history_metric;

/** One run. Zeroed by rig_history_run_new; freed by rig_history_run_free. */
typedef struct rig_history_run {
    char id[RIG_HISTORY_ID_SIZE];
    char *texts[RIG_HISTORY_N_TEXTS];
    int64_t counts[RIG_HISTORY_N_COUNTS];
    double reals[RIG_HISTORY_N_REALS];
    rig_history_stage stages[RIG_N_STAGES];
    rig_history_label *labels; /**< by key, ascending */
    size_t n_labels;
    rig_history_metric *metrics;
    size_t n_metrics;
    char *calls; /**< history/calls.h; owned; "" = not known */
} rig_history_run;

/** Runs, owned. */
typedef struct rig_history_runs {
    rig_history_run **items;
    size_t n;
} rig_history_runs;

/** The name of a text as in the file and in its export; static. */
const char *rig_history_text_name(rig_history_text text);

/** The same of a count. */
const char *rig_history_count_name(rig_history_count count);

/** The same of what is measured. */
const char *rig_history_real_name(rig_history_real real);

/** A run of which nothing is known: texts "", counts 0, reals NAN. @return NULL: out of memory. */
rig_history_run *rig_history_run_new(void);

/** NULL-safe. */
void rig_history_run_free(rig_history_run *run);

/** Free all of them, and zero the list. */
void rig_history_runs_clear(rig_history_runs *runs);

/** Take a run into the list. @return RIG_OK; RIG_ENOMEM: it is the caller's still. */
rig_status rig_history_runs_add(rig_history_runs *runs, rig_history_run *run);

/** Replace a text by a copy; bytes that are not UTF-8 become U+FFFD. @return RIG_OK or RIG_ENOMEM.
 */
rig_status rig_history_run_set(rig_history_run *run, rig_history_text text, const char *value);

/** Replace `calls` by a copy. @return RIG_OK or RIG_ENOMEM. */
rig_status rig_history_run_set_calls(rig_history_run *run, const char *letters);

/** Add a figure. @return RIG_OK or RIG_ENOMEM. */
rig_status rig_history_run_add_metric(rig_history_run *run, const char *name, const char *unit,
                                      double observed, double predicted, double low, double high);

/** The figure of a name; NULL: none. Borrowed. */
const rig_history_metric *rig_history_run_metric(const rig_history_run *run, const char *name);

/**
 * Set a label; a key that is there gets the new value.
 * @return RIG_OK; RIG_EINPUT for a key that is empty, too long, or holds what is not a letter,
 *         digit, '.', '_' or '-', or for a value that is too long or holds a control character;
 *         RIG_ENOMEM.
 */
rig_status rig_history_run_set_label(rig_history_run *run, const char *key, const char *value,
                                     rig_error *err);

/** The same of "key=value", as on a command line. */
rig_status rig_history_run_set_label_text(rig_history_run *run, const char *text, rig_error *err);

/** The value of a label; NULL: it has none of that key. Borrowed. */
const char *rig_history_run_label(const rig_history_run *run, const char *key);

/** Lost per entrant of a stage, observed; NAN when nobody entered. */
double rig_history_stage_loss(const rig_history_stage *stage);

#endif
