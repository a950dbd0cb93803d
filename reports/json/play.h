/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What writer and reader of play.json share. */
#ifndef RIG_REPORTS_JSON_PLAY_H
#define RIG_REPORTS_JSON_PLAY_H

#define RIG_PLAY_FORMAT "peakrig play 1"

#endif
