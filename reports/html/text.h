/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text for the report: escaping, and figures as people read them. */
#ifndef RIG_REPORTS_HTML_TEXT_H
#define RIG_REPORTS_HTML_TEXT_H

#include <stdint.h>
#include <stdio.h>

/**
 * Print text with &, <, >, " and ' escaped, good for content and quoted attributes. Characters that
 * neither HTML nor XML may hold (controls, noncharacters, parts of a character) become U+FFFD.
 * @param text  UTF-8.
 */
void rig_html_text(FILE *out, const char *text);

/**
 * A copy without the characters that XML may not hold, each replaced by U+FFFD; nothing is escaped.
 * @return heap text, the caller frees; NULL when out of memory.
 */
char *rig_xml_text(const char *text);

/** A figure as text. "n/a" for NAN and infinity. Pure ASCII but for U+2212, the minus sign. */
typedef struct rig_html_figure {
    char text[48];
} rig_html_figure;

/** A count, rounded: "7,824". */
rig_html_figure rig_html_count(double n);

/** A seed: all its digits, no commas. Seeds have 64 bits, so those from 2^63 on come negative. */
rig_html_figure rig_html_seed(int64_t seed);

/** A share as per cent: "51.80 %". */
rig_html_figure rig_html_percent(double share);

/** A difference of shares in percentage points, with its sign: "+0.58 pp". */
rig_html_figure rig_html_points(double share);

/** An interval of shares: "50.60 to 51.84 %". */
rig_html_figure rig_html_percent_range(double low, double high);

/** An interval of differences: "-0.10 to +1.15 pp". */
rig_html_figure rig_html_points_range(double low, double high);

/** A size in percentage points, without a sign: "2.00 pp". */
rig_html_figure rig_html_size_in_points(double share);

/** A number with at most `n_digits` significant digits: "1.13". */
rig_html_figure rig_html_number(double value, int n_digits);

/**
 * A figure in its unit, as in the metrics of a result: "1" is a share (per cent), "calls" and
 * "circuits" are counts (one decimal when not whole), others have 4 digits: "14.62 s".
 */
rig_html_figure rig_html_in_unit(double value, const char *unit);

#endif
