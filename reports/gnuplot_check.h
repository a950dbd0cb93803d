/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether pictures can be drawn here. */
#ifndef RIG_REPORTS_GNUPLOT_CHECK_H
#define RIG_REPORTS_GNUPLOT_CHECK_H

#include <stddef.h>

#include "core/status.h"

/**
 * Find gnuplot, and have it try the kinds of pictures that reports are made of (svg, pngcairo).
 * @param[out] path  size bytes, cut to fit; untouched on error.
 * @return RIG_OK; RIG_EENV when there is none, or it cannot draw them; RIG_EIO; RIG_ENOMEM.
 */
rig_status rig_gnuplot_check(char *path, size_t size, rig_error *err);

#endif
