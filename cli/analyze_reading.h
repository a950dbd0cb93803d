/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How `analyze` reads its captures: order, limits, progress. */
#ifndef RIG_CLI_ANALYZE_READING_H
#define RIG_CLI_ANALYZE_READING_H

#include <stdbool.h>
#include <stdint.h>

#include "analyzer/analyzer.h"
#include "cli/capture_paths.h"
#include "cli/progress.h"
#include "core/status.h"

/** --reorder-window-ms, or --clocks-apart-ms, was not given. */
#define RIG_ANALYZE_USUAL_WINDOW UINT32_MAX

/** The options of this part. */
typedef struct rig_cmd_analyze_reading {
    uint32_t window_ms;   /**< RIG_ANALYZE_USUAL_WINDOW; 0: the order within a file is the file's */
    uint32_t max_packets; /**< that wait in the window; 0: as usual */
    uint32_t apart_ms;    /**< clocks that nothing ties; RIG_ANALYZE_USUAL_WINDOW: as usual */
    uint32_t max_legs;    /**< 0: as usual */
    bool is_followed;     /**< the last file is still being written */
    bool is_quiet;        /**< no progress */
} rig_cmd_analyze_reading;

/** @param[out] problem  Static; written when the options do not fit the captures. */
bool rig_cmd_analyze_reading_fits(const rig_cmd_analyze_reading *reading,
                                  const rig_input_paths *captures, const char **problem);

/** What --clocks-apart-ms says, as rig_analyzer_options.clocks_apart_ns. */
int64_t rig_cmd_analyze_clocks_apart_ns(const rig_cmd_analyze_reading *reading);

/** Who shows how far a reading is; private. */
typedef struct rig_cmd_analyze_watch {
    rig_progress progress;
    const rig_analyzer *analyzer; /**< whose calls are counted; NULL: nobody's */
    rig_analyze_warning warn;
    int64_t t_begin_ns; /**< of this pass over the captures */
    uint64_t n_done;    /**< bytes of it, when it was last asked */
} rig_cmd_analyze_watch;

/**
 * How captures are read by the options: their order, whether more is waited for, progress on
 * standard error. Whatever reads captures is given this.
 * @param analyzer    Whose calls the progress counts; NULL where they cannot be seen.
 * @param[out] watch  Stays where it is until rig_cmd_analyze_watch_end.
 */
rig_analyze_reading rig_cmd_analyze_watch_start(const rig_cmd_analyze_reading *reading,
                                                const rig_analyzer *analyzer,
                                                rig_analyze_warning warn,
                                                rig_cmd_analyze_watch *watch);

/** The line of progress goes. */
void rig_cmd_analyze_watch_end(rig_cmd_analyze_watch *watch);

/** Feed captures to an analysis, with progress on standard error, until they end; with Ctrl-C they
 * end early where they are followed. */
rig_status rig_cmd_analyze_read(const rig_cmd_analyze_reading *reading,
                                const rig_input_paths *captures, rig_analyzer *analyzer,
                                rig_analyze_warning warn, rig_error *err);

/**
 * After the results: say what makes them less than those of the capture.
 * @param n_not_followed  Of rig_capture_counts.
 * @return the exit code: 0, or 3 when calls were passed over for want of room.
 */
int rig_cmd_analyze_verdict(const rig_cmd_analyze_reading *reading, uint64_t n_not_followed);

#endif
