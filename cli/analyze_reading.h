/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How `analyze` reads its captures: order, limits, progress. */
#ifndef RIG_CLI_ANALYZE_READING_H
#define RIG_CLI_ANALYZE_READING_H

#include <stdbool.h>
#include <stdint.h>

#include "analyzer/analyzer.h"
#include "cli/capture_paths.h"
#include "core/status.h"

/** --reorder-window-ms was not given. */
#define RIG_ANALYZE_USUAL_WINDOW UINT32_MAX

/** The options of this part. */
typedef struct rig_cmd_analyze_reading {
    uint32_t window_ms;   /**< RIG_ANALYZE_USUAL_WINDOW; 0: the order within a file is the file's */
    uint32_t max_packets; /**< that wait in the window; 0: as usual */
    uint32_t max_legs;    /**< 0: as usual */
    bool is_followed;     /**< the last file is still being written */
    bool is_quiet;        /**< no progress */
} rig_cmd_analyze_reading;

/** @param[out] problem  Static; written when the options do not fit the captures. */
bool rig_cmd_analyze_reading_fits(const rig_cmd_analyze_reading *reading,
                                  const rig_input_paths *captures, const char **problem);

/** The order that the options ask for. */
rig_capture_order rig_cmd_analyze_order(const rig_cmd_analyze_reading *reading);

/** Feed captures to an analysis, with progress on standard error, until they end; with Ctrl-C they
 * end early where they are followed. */
rig_status rig_cmd_analyze_read(const rig_cmd_analyze_reading *reading,
                                const rig_input_paths *captures, rig_analyzer *analyzer,
                                rig_analyze_warning warn, rig_error *err);

/**
 * After the results: say what makes them less than those of the capture.
 * @return the exit code: 0, or 3 when calls were passed over for want of room.
 */
int rig_cmd_analyze_verdict(const rig_cmd_analyze_reading *reading,
                            const rig_capture_counts *counts);

#endif
