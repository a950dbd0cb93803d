/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A run and the history: what is remembered of a folder, and where. */
#ifndef RIG_CLI_RUN_HISTORY_H
#define RIG_CLI_RUN_HISTORY_H

#include <jansson.h>
#include <stdbool.h>

#include "cli/options.h"
#include "cli/run_dir.h"
#include "core/language.h"
#include "history/calls.h"
#include "history/run.h"

/** How long a run that has ended waits for others that write to the history, s. */
#define RIG_RUN_HISTORY_WAIT_S 10.0

/** What the command line says. Texts are borrowed. */
typedef struct rig_run_history_options {
    const char *file; /**< --history; NULL: history.db in the folder that holds the run's folder */
    bool is_off;      /**< --no-history */
    rig_texts labels; /**< --label */
    const char *baseline;  /**< --baseline; NULL: none */
    const char *margin_pp; /**< --baseline-margin; NULL: as the help says */
} rig_run_history_options;

/** The rows of a table of options. @param o  A rig_run_history_options. */
#define RIG_RUN_HISTORY_OPTIONS(o)                                                                 \
    {"history", 0,      RIG_OPTION_TEXT,                                                           \
     &(o).file, "FILE", N_("put the run into this history (history.db beside the run's folder)")}, \
        {"no-history", 0, RIG_OPTION_FLAG, &(o).is_off, NULL, N_("put it into none")},             \
        {"baseline",                                                                               \
         0,                                                                                        \
         RIG_OPTION_TEXT,                                                                          \
         &(o).baseline,                                                                            \
         "RUN",                                                                                    \
         N_("fail where this run is worse than that one: an id of the history, or last-passed")},  \
        {"baseline-margin",                                                                        \
         0,                                                                                        \
         RIG_OPTION_TEXT,                                                                          \
         &(o).margin_pp,                                                                           \
         "PP",                                                                                     \
         N_("by more than so many percentage points of a loss or of connect_rate (1)")},           \
    {                                                                                              \
        "label", 0, RIG_OPTION_TEXTS, &(o).labels, "KEY=VALUE",                                    \
            N_("what the run is to be known by, such as build=1.4; may be repeated")               \
    }

/** Whether they can be meant. @return RIG_OK; RIG_EINPUT; RIG_ENOMEM. */
rig_status rig_run_history_check(const rig_run_history_options *options, rig_error *err);

/**
 * What is remembered of a run that was judged: of its result.json, and, where calls.csv,
 * scenario.cfg and schedule.csv are those that were judged, of each call how it ended.
 * @param[out] run    Owned by the caller: rig_history_run_free. Untouched on error.
 * @param[out] waits  Of single calls; the caller frees of_call_s (NULL where not known). NULL:
 *                    nobody asks.
 * @return RIG_OK; RIG_EINPUT for a folder without a result; RIG_EIO; RIG_ENOMEM.
 */
rig_status rig_run_history_record(const rig_run_dir *dir, rig_history_run **run,
                                  rig_history_waits *waits, rig_error *err);

/** The same of a result that is not written yet. @param result  Its document. */
rig_status rig_run_history_record_of(const rig_run_dir *dir, const json_t *result,
                                     rig_history_run **run, rig_history_waits *waits,
                                     rig_error *err);

/**
 * Put a run that was judged into its history. What fails is printed on stderr, with how to do it
 * later, and changes nothing else: the verdict stands.
 */
void rig_run_history_note(const rig_run_dir *dir, const rig_run_history_options *options);

/** The history of a run's folder that nobody names: beside it. @param[out] path  `size` bytes.
 * @return RIG_OK; RIG_EIO when the folder cannot be found; RIG_EINPUT when the path is too long. */
rig_status rig_run_history_beside(const rig_run_dir *dir, char *path, size_t size, rig_error *err);

/** The one of the working folder that nobody names: runs/history.db, or history.db where only that
 * is there. Static. */
const char *rig_run_history_default(void);

#endif
