/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a picture says where the pointer rests: no script is needed. */
#ifndef RIG_REPORTS_HTML_HOVER_H
#define RIG_REPORTS_HTML_HOVER_H

#include <jansson.h>

#include "core/status.h"
#include "reports/html/page.h"
#include "reports/plots/plots.h"

/** Of pictures with more intervals no values are shown: they are too narrow to be pointed at. */
#define RIG_HTML_MOST_HOVERED 400

/**
 * Markup to be put over a picture (rig_html_picture.over): for each interval of each panel an area
 * that nobody sees, with a title: when, observed, predicted and its band.
 * @param[out] over  Heap text, the caller frees; NULL for a picture without intervals.
 * @return RIG_OK or RIG_ENOMEM.
 */
rig_status rig_html_hover(const rig_page *page, const json_t *result, rig_plot plot,
                          rig_layout layout, char **over);

#endif
