/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From the files of a run to its verdict: what `run` ends with and `diff` does again. */
#ifndef RIG_CLI_RUN_FILES_H
#define RIG_CLI_RUN_FILES_H

#include <stdbool.h>

#include "core/stop.h"
#include "ranks/ranks.h"
#include "verdict/play_facts.h"
#include "verdict/set_up.h"
#include "verdict/verdict.h"
#include "cli/progress.h"
#include "cli/run_dir.h"
#include "cli/run_baseline.h"
#include "cli/run_history.h"

/** How to judge. */
typedef struct rig_run_files_judge_options {
    rig_progress *progress;
    const rig_stop *stop; /**< NULL = cannot be stopped */
    bool is_json;         /**< print result.json instead of tables */
    bool is_forced; /**< judge files that are not those that were played; the result says so */
    const rig_run_history_options *history; /**< labels, and where the run is remembered; NULL:
                                                 nowhere */
    const rig_run_baseline *baseline;       /**< NULL: it is held against none */
    rig_ranks *ranks; /**< who help with the replays; NULL: nobody. All but rank 0 write nothing */
    char *summary; /**< gets the verdict in a sentence: RIG_VERDICT_TEXT_SIZE bytes; may be NULL */
} rig_run_files_judge_options;

/**
 * Read scenario.cfg, schedule.csv, play.json and calls.csv; replay; judge; write result.json,
 * junit.xml and differences.csv; print the result; put the run into its history (a warning where
 * that cannot be). RIG_EINPUT naming each file that is not the one
 * that was played or written (cli/run_sums.h), unless is_forced.
 * @param[out] judgement  Written when RIG_OK is returned.
 */
rig_status rig_run_files_judge(const rig_run_dir *run, const rig_run_files_judge_options *options,
                               rig_judgement *judgement, rig_error *err);

/** A run as it is in memory; all borrowed. */
typedef struct rig_run_files_memory {
    rig_scenario *scenario;
    rig_schedule *schedule;
    const rig_play_facts *play;
    rig_calls *calls;
    const rig_wire_facts *wire;
} rig_run_files_memory;

/**
 * The same of a run whose files cannot be written (a full disk): from memory and the logs of SIPp;
 * nothing is written, the result is printed.
 * @param[out] judgement  Written when RIG_OK is returned.
 */
rig_status rig_run_files_judge_memory(const rig_run_dir *run, const rig_run_files_memory *memory,
                                      const rig_run_files_judge_options *options,
                                      rig_judgement *judgement, rig_error *err);

/**
 * Take a capture made elsewhere for the run's own: copy it to capture.pcap, write calls.csv, and
 * note both in SHA256SUMS. It is read first: what cannot be read, or holds no call of the run that
 * has a calls.csv already, replaces nothing. The run's own capture is read again.
 * @param[out] sha256  Of capture.pcap; written when RIG_OK is returned. NULL: nobody asks.
 * @return RIG_OK; RIG_EINPUT for a capture without such a call; RIG_EIO when it cannot be read or
 * written; as rig_analyze_file.
 */
rig_status rig_run_files_take_capture(const char *path, const rig_run_dir *run, char *sha256,
                                      rig_error *err);

/** How a report shows numbers and names of callers. */
typedef enum rig_run_files_names {
    RIG_RUN_FILES_MASKED = 0, /**< as rig_result_mask, by a random key */
    RIG_RUN_FILES_PLAIN
} rig_run_files_names;

/** Make report.html and plots/ from result.json. */
rig_status rig_run_files_report(const rig_run_dir *run, rig_run_files_names names, rig_error *err);

/** What a run ends with: the masked one. Without pictures it is one all the same, for the verdict
 * stands: why there are none is said on standard error. */
rig_status rig_run_files_report_at_end(const rig_run_dir *run, rig_error *err);

#endif
