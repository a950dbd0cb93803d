/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The head of a page of ours, and what the page may do in a browser. */
#ifndef RIG_REPORTS_HTML_POLICY_H
#define RIG_REPORTS_HTML_POLICY_H

#include <stdio.h>

#include "core/language.h"

/** Print a page from its first byte to its title; what the title is called is printed next. */
void rig_html_page_begin(FILE *out, const rig_language *language);

/** Print the end of the title, " - peakrig", and what stands between it and the style. */
void rig_html_title_end(FILE *out);

/**
 * Print the page's only style sheet, behind a content security policy that allows it by its SHA-256
 * and nothing else: no script, no style in attributes, no request to anywhere, no form. Should a
 * text of the wire ever get into a page as markup, it does nothing. Pictures within the page
 * (data:) are shown. Inside <head>, before anything that it is about. Source: Content Security
 * Policy Level 3, W3C working draft, sections 2.3.1 and 6.
 * @param css  NUL-terminated; without "</style".
 */
void rig_html_style_and_policy(FILE *out, const char *css);

#endif
