/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text in Markdown: nothing of it is taken for markup. */
#ifndef RIG_REPORTS_MARKDOWN_TEXT_H
#define RIG_REPORTS_MARKDOWN_TEXT_H

#include <stdio.h>

/**
 * Print text as prose, in a paragraph or a cell of a table: what would be markup, HTML, a link, a
 * mention (@name), a reference (#7, !7) or an emoji (:name:) is not. Line ends become blanks,
 * controls and what turns the direction of writing U+FFFD.
 * Source: CommonMark 0.31 section 2.4 (every ASCII punctuation can be escaped); GFM 0.29 sections
 * 4.10 (tables) and 6.9 (autolinks); mentions are found in the rendered text, so that only a break
 * between sign and name prevents them.
 */
void rig_markdown_text(FILE *out, const char *text);

/** Where code stands: in a table "|" is escaped, elsewhere that would be seen (GFM 4.10). */
typedef enum rig_markdown_place { RIG_MARKDOWN_PROSE = 0, RIG_MARKDOWN_CELL } rig_markdown_place;

/** Print text as code, unchanged but for line ends and controls: a Call-ID. "" = n/a. CommonMark
 * section 6.1. */
void rig_markdown_code(FILE *out, rig_markdown_place place, const char *text);

#endif
