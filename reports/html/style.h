/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The style sheets of the pages: page.css and plan.css, embedded by style.S.
 *
 * What to keep when they are changed: no '<' and no '&', so that they may stand in HTML and in XML;
 * each pair of text and ground has a contrast of 4.5 or more, in both colour schemes; pictures stay
 * on white, their ink is dark in both; on phones rows become cards, and the heads stand before
 * each figure. */
#ifndef RIG_REPORTS_HTML_STYLE_H
#define RIG_REPORTS_HTML_STYLE_H

/** Of every page. NUL-terminated. */
extern const char rig_html_style_page[];

/** Of plan.html, behind it. */
extern const char rig_html_style_plan[];

#endif
