/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The page. Internal to the room. */
#ifndef RIG_LIVE_HTTP_PAGE_H
#define RIG_LIVE_HTTP_PAGE_H

#include <stddef.h>

#include "core/language.h"
#include "core/status.h"

/** The page, and what a browser may do with it. */
typedef struct rig_board_page {
    char *html; /**< owned */
    size_t n;
    char policy[400]; /**< Content-Security-Policy: its own style sheet and script, and this server
                       */
} rig_board_page;

/** Put it together from live/page/, with its texts in the language. @return RIG_OK or RIG_ENOMEM.
 */
rig_status rig_board_page_make(const rig_language *language, rig_board_page *page);

/** Free what it owns. */
void rig_board_page_clear(rig_board_page *page);

#endif
