/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The command line of `peakrig analyze`. */
#ifndef RIG_CLI_ANALYZE_OPTIONS_H
#define RIG_CLI_ANALYZE_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "analyzer/figures.h"
#include "analyzer/query.h"
#include "analyzer/rules.h"
#include "cli/analyze_parts.h"
#include "cli/analyze_reading.h"
#include "cli/options.h"
#include "core/status.h"

/** What it says; texts are borrowed from it. */
typedef struct rig_cmd_analyze_options {
    const char *calls, *rules, *where;
    rig_texts explain, by, carriers;
    const char *by_csv, *over_time, *patience, *plots, *jsonl;
    uint32_t interval_s; /**< 0: not given */
    bool is_json, is_digest;
    rig_cmd_analyze_reading reading;
    rig_cmd_analyze_parts parts; /**< ladders, slices, explanations, pseudonyms */
} rig_cmd_analyze_options;

/**
 * Read it.
 * @param[out] exit_code  Set when false is returned: 0 after --help, 2 after an error (both
 *                        printed).
 */
bool rig_cmd_analyze_options_read(int argc, char **argv, rig_cmd_analyze_options *options,
                                  rig_operands *captures, int *exit_code);

/**
 * What the options mean: rules with the carriers that were given, the condition, the figures.
 * @param[out] rules   NULL: the built-in ones; owned by the caller, also after an error.
 * @param[out] where   NULL: all calls; likewise.
 * @param[out] wanted  Borrows the condition.
 * @return RIG_OK; RIG_EINPUT; RIG_EIO; RIG_ENOMEM.
 */
rig_status rig_cmd_analyze_options_use(const rig_cmd_analyze_options *options, rig_rules **rules,
                                       rig_query **where, rig_figures_options *wanted,
                                       rig_error *err);

#endif
