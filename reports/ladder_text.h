/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A ladder for a terminal. */
#ifndef RIG_REPORTS_LADDER_TEXT_H
#define RIG_REPORTS_LADDER_TEXT_H

#include <stdbool.h>
#include <stdio.h>

#include "analyzer/ladder.h"
#include "core/language.h"

/** Narrowest drawing; a terminal that is narrower still gets it. */
#define RIG_LADDER_MIN_WIDTH 60
#define RIG_LADDER_MAX_WIDTH 300 /**< widest drawing */

/** How to draw. */
typedef struct rig_report_ladder_style {
    unsigned width; /**< columns; out of the bounds above: the nearest bound. Widened where the
                       ladder's columns need it */
    bool is_ascii;  /**< no box drawing; anything but ASCII becomes "?" */
    const rig_language *language; /**< of the words; NULL, or is_ascii: English */
} rig_report_ladder_style;

/** Print a ladder. Lines end without blanks. */
void rig_report_ladder_print(FILE *out, const rig_ladder *ladder,
                             const rig_report_ladder_style *style);

#endif
