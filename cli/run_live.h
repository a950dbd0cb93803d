/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The wallboard of a run (live/board.h) and who looks at it. */
#ifndef RIG_CLI_RUN_LIVE_H
#define RIG_CLI_RUN_LIVE_H

#include "cli/run_live_ladder.h"
#include "cli/progress.h"
#include "generator/play.h"
#include "live/board_server.h"
#include "scenarios/scenario.h"
#include "verdict/live_analysis.h"

/** Its state. Zeroed: there is none, and all of the functions do nothing. */
typedef struct rig_run_live {
    rig_board *board;         /**< owned */
    rig_board_view *view;     /**< owned: what is drawn */
    rig_board_server *server; /**< owned; NULL: nobody is served */
    rig_board_progress last;
    rig_run_live_ladder *ladders; /**< owned; where somebody is served */
    rig_live_analysis *analysis;  /**< borrowed: takes the packets of rig_run_live_packet */
    bool is_blind;                /**< as in rig_board_view */
    int64_t next_publish_ns, next_draw_ns;
} rig_run_live;

/** @param target  Whom the calls go to. @param[out] live  rig_run_live_clear in any case. */
rig_status rig_run_live_make(const rig_scenario *scenario, const char *target, rig_run_live *live,
                             rig_error *err);

/**
 * Take the port of the live page, and print its address on standard error, with a warning where
 * others than this machine can connect.
 * @param where  "[ADDRESS:]PORT"; NULL: nobody is to be served.
 * @return RIG_OK; RIG_EINPUT; as rig_board_server_open.
 */
rig_status rig_run_live_open(rig_run_live *live, const char *where, rig_error *err);

/** Serve from now on, with the rights that there are now; the capture is open.
 * @param dir  Of the run. */
rig_status rig_run_live_begin(rig_run_live *live, const rig_run_dir *dir, rig_error *err);

/** A rig_recorder_sink: hands each packet to the analysis, and notes where in the file it is. */
void rig_run_live_packet(void *ctx, int linktype, int64_t t_ns, const uint8_t *data, size_t caplen,
                         size_t len);

/**
 * Publish what a play says of itself, and show it: the wallboard once a second where the terminal
 * has room for it, else a line.
 * @param analysis  Of the capture.
 */
void rig_run_live_show(rig_run_live *live, rig_progress *progress, rig_live_analysis *analysis,
                       const rig_play_progress *play);

/** All was played, and is judged now. */
void rig_run_live_judging(rig_run_live *live);

/**
 * The run is over; who follows it is given a moment to see that.
 * @param failed   Why there is no verdict; NULL: there is one.
 * @param summary  It, in a sentence.
 * @param report   Path of the report.
 */
void rig_run_live_finish(rig_run_live *live, const rig_error *failed, rig_judgement judgement,
                         const char *summary, const char *report);

/** Free what it owns. */
void rig_run_live_clear(rig_run_live *live);

#endif
