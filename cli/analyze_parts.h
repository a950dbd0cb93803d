/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What `analyze` does beside counting losses: ladders, slices, pseudonyms. */
#ifndef RIG_CLI_ANALYZE_PARTS_H
#define RIG_CLI_ANALYZE_PARTS_H

#include <stdbool.h>

#include "analyzer/analyzer.h"
#include "analyzer/mask.h"
#include "analyzer/query.h"
#include "analyzer/rules.h"
#include "cli/analyze_reading.h"
#include "cli/capture_paths.h"
#include "cli/options.h"
#include "core/status.h"

/** The options of this part. */
typedef struct rig_cmd_analyze_parts {
    rig_texts ladder;       /**< Call-IDs, or "*" */
    rig_texts why;          /**< Call-IDs, "lost" or "*" */
    const char *svg;        /**< NULL: the ladders are text */
    rig_texts slice;        /**< which calls */
    const char *output;     /**< of the slice */
    bool is_masked;         /**< also with a key alone */
    const char *mask_key, *mask_key_file; /**< NULL: a random one */
    bool has_other_outputs; /**< what these do not go with was given */
    bool has_explain, has_where, is_followed;
} rig_cmd_analyze_parts;

/**
 * Whether the options go together.
 * @param[out] problem  Static; written when they do not.
 */
bool rig_cmd_analyze_parts_fit(const rig_cmd_analyze_parts *parts, const char **problem);

/** How to read, and which calls. */
typedef struct rig_cmd_analyze_how {
    const rig_rules *rules; /**< NULL: the built-in ones */
    const rig_query *where; /**< NULL: all calls */
    const rig_mask *mask;   /**< NULL: nothing is masked */
    rig_analyze_warning warn;
    const rig_cmd_analyze_reading *reading; /**< order, limits, progress */
    bool is_silent; /**< an output has the standard output: what is said goes to standard error */
} rig_cmd_analyze_how;

/** Whether ladders, a slice or explanations are asked for, and nothing else is to be done. */
bool rig_cmd_analyze_parts_wanted(const rig_cmd_analyze_parts *parts);

/**
 * Draw the ladders, write the slice, or explain.
 * @param[out] n_not_followed  Of rig_capture_counts; written when RIG_OK is returned.
 */
rig_status rig_cmd_analyze_parts_run(const rig_cmd_analyze_parts *parts,
                                     const rig_input_paths *captures,
                                     const rig_cmd_analyze_how *how, uint64_t *n_not_followed,
                                     rig_error *err);

#endif
