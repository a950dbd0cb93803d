/* What `analyze` does beside counting losses: ladders, slices, pseudonyms. */
#ifndef RIG_CLI_ANALYZE_PARTS_H
#define RIG_CLI_ANALYZE_PARTS_H

#include <stdbool.h>

#include "analyzer/analyzer.h"
#include "analyzer/calls_csv.h"
#include "analyzer/mask.h"
#include "analyzer/rules.h"
#include "cli/capture_paths.h"
#include "cli/options.h"
#include "core/status.h"

/** The options of this part. */
typedef struct rig_cmd_analyze_parts {
    rig_texts ladder;       /**< Call-IDs */
    const char *svg;        /**< NULL: the ladders are text */
    rig_texts slice;        /**< which calls */
    const char *output;     /**< of the slice */
    bool is_masked;         /**< also with a key alone */
    const char *mask_key;   /**< NULL: a random one */
    bool has_other_outputs; /**< --calls, --json, --explain or --digest was given */
    bool has_explain;
    rig_capture_order order; /**< of the packets */
} rig_cmd_analyze_parts;

/**
 * Whether the options go together.
 * @param[out] problem  Static; written when they do not.
 */
bool rig_cmd_analyze_parts_fit(const rig_cmd_analyze_parts *parts, const char **problem);

/** Whether ladders or a slice are asked for, and nothing else is to be done. */
bool rig_cmd_analyze_parts_wanted(const rig_cmd_analyze_parts *parts);

/**
 * Draw the ladders, or write the slice.
 * @param rules  NULL: the built-in ones.
 * @param mask   NULL: nothing is masked.
 */
rig_status rig_cmd_analyze_parts_run(const rig_cmd_analyze_parts *parts,
                                     const rig_input_paths *captures, const rig_rules *rules,
                                     const rig_mask *mask, rig_analyze_warning warn,
                                     rig_error *err);

/** rig_cdr_writer_take, with Call-ID and reasons masked. @param mask NULL: as they are. */
rig_status rig_masked_writer_take(rig_cdr_writer *writer, const rig_mask *mask,
                                  const rig_finished_call *call, rig_error *err);

#endif
