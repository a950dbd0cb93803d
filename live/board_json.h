/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A view of the wallboard as JSON: /api/state and each event of /events (docs/live.md). */
#ifndef RIG_LIVE_BOARD_JSON_H
#define RIG_LIVE_BOARD_JSON_H

#include "live/board.h"

/**
 * @param[out] text  One line without its end, ASCII, nothing in it that ends a script or an event.
 *                   Owned by the caller: free. Untouched on error.
 * @return RIG_OK or RIG_ENOMEM.
 */
rig_status rig_board_json(const rig_board_view *view, char **text);

#endif
