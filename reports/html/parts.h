/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the sections of the report are made of. */
#ifndef RIG_REPORTS_HTML_PARTS_H
#define RIG_REPORTS_HTML_PARTS_H

#include <jansson.h>
#include <stdbool.h>

#include "reports/html/page.h"

/** Footnotes; each is a number in the text and a sentence at the end of the page. */
typedef enum rig_html_note_id {
    RIG_NOTE_LOSS = 0,
    RIG_NOTE_INTERVAL,
    RIG_NOTE_DIFFERENCE,
    RIG_NOTE_P_VALUE,
    RIG_NOTE_BOUNDS,
    RIG_NOTE_DIAGNOSIS,
    RIG_NOTE_ENVELOPE,
    RIG_NOTE_LEVEL,
    RIG_NOTE_CHECKS,
    RIG_NOTE_BAND,
    RIG_NOTE_TRUNK,
    RIG_NOTE_LATENESS,
    RIG_NOTE_ARRIVALS,
    RIG_NOTE_OUTCOME,
    RIG_NOTE_AGREEMENT,
    RIG_NOTE_DELAYS,
    RIG_NOTE_IDENTITY,
    RIG_N_NOTES
} rig_html_note_id;

/** The raised number of a footnote, a link to it: markup. */
typedef struct rig_html_mark {
    char text[400];
} rig_html_mark;

/** See rig_html_mark; a value for rig_page_say. */
rig_html_mark rig_html_note(const rig_page *page, rig_html_note_id note);

/** Print it. */
void rig_html_note_mark(const rig_page *page, rig_html_note_id note);

/** Print all footnotes. */
void rig_html_notes(const rig_page *page, const json_t *result);

/**
 * Print a judgement as a badge: a word, a sign and a colour.
 * @param judgement  "PASS", "FAIL", "INCONCLUSIVE", "INVALID"; any other text: "not available".
 */
void rig_html_badge(const rig_page *page, const char *judgement);

/** Print the paragraph that stands where figures are missing. */
void rig_html_not_available(const rig_page *page);

/** Print one pair of a list of facts. @param text  Plain text; "" = not available. */
void rig_html_fact(const rig_page *page, const char *term, const char *text);

/**
 * Print the begin of a table in a container of its own, which scrolls when it is too wide.
 * @param caption  Plain text.
 * @param cards    Rows become cards on phones: each cell needs a data-label.
 */
void rig_html_table_begin(const rig_page *page, const char *caption, bool cards);

/**
 * Print the heads of a table's columns.
 * @param heads  Plain texts; one that begins with '#' (not shown) is over a column of numbers;
 *               "" is over a column of bars, which phones leave out.
 */
void rig_html_table_heads(const rig_page *page, const char *const *heads, size_t n);

/** Print a cell. @param text  Plain text; "" = "n/a". */
void rig_html_cell(const rig_page *page, const char *text);

/** Print a cell of a column of numbers. @param text  As above. */
void rig_html_number_cell(const rig_page *page, const char *text);

/**
 * Print a cell of a column of numbers in a table of cards.
 * @param label  The column's head, for phones.
 * @param range  Its interval, below it; "": none.
 */
void rig_html_figure_cell(const rig_page *page, const char *label, const char *figure,
                          const char *range);

/** Print the end of a table. */
void rig_html_table_end(const rig_page *page);

/** Was the load valid, so that stages and levels may be judged? */
bool rig_html_is_judged(const json_t *result);

/** Two numbers of a list member, such as an interval. NAN each when there is no such. */
typedef struct rig_html_pair {
    double low, high;
} rig_html_pair;

/** See rig_html_pair. */
rig_html_pair rig_html_pair_of(const json_t *object, const char *key);

#endif
