/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A picture of gnuplot's as a part of a page. */
#ifndef RIG_REPORTS_HTML_SVG_H
#define RIG_REPORTS_HTML_SVG_H

#include <stdio.h>

#include "core/language.h"
#include "core/status.h"

/** A picture in a page. */
typedef struct rig_html_picture {
    const char *prefix; /**< of its ids, such as "funnel-wide-"; letters, digits and '-' */
    const char *label;  /**< what it shows, for those who cannot see it; plain text */
    const rig_language *language; /**< of its texts (languages/pictures.words) */
    const char *over;             /**< markup that is put over it; NULL: none */
} rig_html_picture;

/**
 * Print an SVG file as an element of an HTML page: no prolog, no namespace declarations, no fixed
 * size, and each id with a prefix, so that several pictures in one page cannot clash. Each colour
 * #RRGGBB becomes var(--cRRGGBB,#RRGGBB), in small letters: the page can give it another value.
 * @return RIG_OK; RIG_EIO when the file cannot be read or is no SVG (nothing is printed then);
 *         RIG_ENOMEM.
 */
rig_status rig_html_svg(FILE *out, const char *path, const rig_html_picture *picture,
                        rig_error *err);

#endif
