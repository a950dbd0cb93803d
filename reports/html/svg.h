/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A picture of gnuplot's as a part of a page. */
#ifndef RIG_REPORTS_HTML_SVG_H
#define RIG_REPORTS_HTML_SVG_H

#include <stdio.h>

#include "core/status.h"

/**
 * Print an SVG file as an element of an HTML page: no prolog, no namespace declarations, no fixed
 * size, and each id with a prefix, so that several pictures in one page cannot clash.
 * @param prefix  Such as "funnel-wide-"; letters, digits and '-'.
 * @param label   What the picture shows, for those who cannot see it; plain text.
 * @return RIG_OK; RIG_EIO when the file cannot be read or is no SVG (nothing is printed then);
 *         RIG_ENOMEM.
 */
rig_status rig_html_svg(FILE *out, const char *path, const char *prefix, const char *label,
                        rig_error *err);

#endif
