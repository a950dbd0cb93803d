/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A page that is written, in a language. Internal to reports/. */
#ifndef RIG_REPORTS_HTML_PAGE_H
#define RIG_REPORTS_HTML_PAGE_H

#include <stdio.h>

#include "core/language.h"

/** Where a page goes, and in which language. */
typedef struct rig_page {
    FILE *out; /**< keeps its own errors */
    const rig_language *language;
} rig_page;

/** Print HTML by a format that is translated. Texts among the values are markup, or have been
 * escaped. */
void rig_page_say(const rig_page *page, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/** Print HTML that is translated. */
void rig_page_put(const rig_page *page, const char *html);

/** Print a plain text, translated where it is a text of ours. */
void rig_page_word(const rig_page *page, const char *text);

/** Print a plain text that is a sentence of a verdict: rig_retell. */
void rig_page_retell(const rig_page *page, const char *text);

/** The words of the page's language for a text. */
const char *rig_page_words(const rig_page *page, const char *text) __attribute__((format_arg(2)));

/**
 * What a figure of a result is, for people: in English as the result has it, else the translation
 * of what this version says of the name.
 */
const char *rig_page_metric(const rig_page *page, const char *name, const char *description);

/** A figure of reports/html/text.h as the language has it: "n/a", "1.2 to 3.4 pp". */
rig_told rig_page_figure(const rig_page *page, const char *figure);

/** rig_html_in_unit as the language has it, as HTML for rig_page_say: the unit may be of a file. */
rig_told rig_page_in_unit(const rig_page *page, double value, const char *unit);

/** Print such a figure. */
void rig_page_put_figure(const rig_page *page, const char *figure);

#endif
