/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Progress on stderr: a live line on a terminal, a plain line every 10 s elsewhere. */
#ifndef RIG_CLI_PROGRESS_H
#define RIG_CLI_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

#include "live/board_screen.h"

/** State of one progress display. */
typedef struct rig_progress {
    bool is_quiet;     /**< print nothing */
    bool is_terminal;  /**< stderr is one */
    bool is_line_open; /**< a live line stands there */
    unsigned n_drawn;  /**< lines of a picture that stand there, above the cursor */
    int64_t start_ns;  /**< monotonic instant of the beginning */
    int64_t next_ns;   /**< monotonic instant from which the next line may be printed */
} rig_progress;

/** A short text. */
typedef struct rig_progress_text {
    char text[32];
} rig_progress_text;

/** Begin. */
void rig_progress_start(rig_progress *progress, bool is_quiet);

/** ", 25 s left" or ", 12 min left", if what is left goes on as what is done went since `start_ns`;
 * "" while nothing is done. It stands before what a narrow terminal may cut off. */
rig_progress_text rig_progress_left(int64_t start_ns, double n_done, double n_left);

/** Whether it is time for a line: for whom the making of one is dear. */
bool rig_progress_is_due(const rig_progress *progress);

/** Show a line, when it is time for one. */
void rig_progress_show(rig_progress *progress, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/**
 * Whether pictures of several lines can be drawn: standard error is a terminal that can move the
 * cursor (TERM is set, and not "dumb").
 * @param[out] terminal  Untouched unless true is returned.
 */
bool rig_progress_terminal(const rig_progress *progress, rig_board_terminal *terminal);

/** Draw a picture in the place of what stands there. @param text  n_lines lines, tamed
 * (core/tame.h), each with its end, and none longer than the terminal is wide. */
void rig_progress_draw(rig_progress *progress, const char *text, unsigned n_lines);

/** Print a line that stays, whatever the time. */
void rig_progress_say(rig_progress *progress, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/** Take the live line, or the picture, away. */
void rig_progress_end(rig_progress *progress);

#endif
