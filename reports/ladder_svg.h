/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ladders as one self-contained SVG file, one below the other. */
#ifndef RIG_REPORTS_LADDER_SVG_H
#define RIG_REPORTS_LADDER_SVG_H

#include <stdio.h>

#include "analyzer/ladder.h"
#include "core/language.h"
#include "core/status.h"

/**
 * Write the file; it appears whole or not at all. 1280 units wide, light or dark as the reader's
 * system is set, without scripts; each ladder and each arrow has a title, each ladder a description
 * in words.
 * @return RIG_OK; RIG_EIO naming the path; RIG_ENOMEM.
 */
rig_status rig_report_ladder_svg(const rig_ladders *ladders, const rig_language *language,
                                 const char *path, rig_error *err);

/** Print one ladder as an element of an HTML page.
 * @param number  Of this ladder on the page, from 1: its identifiers begin "ladder-". */
void rig_report_ladder_svg_inline(FILE *out, const rig_language *language, const rig_ladder *ladder,
                                  size_t number);

/** Print the CSS rules that such elements need, once a page; the colours are those of
 * rig_html_style_page. */
void rig_report_ladder_svg_style(FILE *out);

#endif
