/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A view of the wallboard as lines for a terminal. */
#ifndef RIG_LIVE_BOARD_SCREEN_H
#define RIG_LIVE_BOARD_SCREEN_H

#include "core/language.h"
#include "live/board.h"

/** Narrower terminals have no room for it. */
#define RIG_BOARD_SCREEN_LEAST_WIDTH 40u

/** Most lines. */
#define RIG_BOARD_SCREEN_MAX_LINES 24

/** Room for all of them. */
#define RIG_BOARD_SCREEN_SIZE 16384

/** What is drawn on. */
typedef struct rig_board_terminal {
    unsigned width;               /**< columns */
    unsigned height;              /**< lines */
    bool is_utf8;                 /**< it shows more than ASCII */
    const rig_language *language; /**< of the words, where it is_utf8; NULL: English */
} rig_board_terminal;

/**
 * Draw. Each line ends with a line end and is shorter than the terminal is wide, so that it stays
 * one; there are fewer lines than the terminal has. Nothing that others wrote can move, hide or
 * type anything (core/tame.h).
 * @param[out] text  RIG_BOARD_SCREEN_SIZE bytes.
 * @return lines.
 */
unsigned rig_board_screen(const rig_board_view *view, const rig_board_terminal *terminal,
                          char *text);

#endif
