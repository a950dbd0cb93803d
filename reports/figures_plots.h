/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pictures of a capture's figures: gnuplot scripts, their data, SVGs and PNGs.
 *
 * usage: circuits, queue and agents over time. patience: the share of callers who would still wait,
 * with its 95 % band; only where anyone hung up. Each has NAME.dat, NAME.gp (run it by hand with
 * `gnuplot NAME.gp`), NAME-wide.svg, NAME-narrow.svg for phones, and NAME.png. */
#ifndef RIG_REPORTS_FIGURES_PLOTS_H
#define RIG_REPORTS_FIGURES_PLOTS_H

#include "analyzer/figures.h"
#include "core/status.h"

/**
 * Make all pictures.
 * @param found   With a table over time.
 * @param folder  Is created where it is not there.
 * @return RIG_OK; RIG_EENV when gnuplot is not in PATH or fails (scripts and data are written all
 *         the same); RIG_EIO naming the path; RIG_ENOMEM.
 */
rig_status rig_report_figures_plots(const rig_found *found, const char *folder, rig_error *err);

#endif
