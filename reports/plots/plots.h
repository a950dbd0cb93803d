/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pictures of a run: gnuplot scripts, their data and the SVGs made of them, in RUN_DIR/plots.
 *
 * Each picture has NAME.dat (what is shown), NAME.gp (run it by hand with `gnuplot NAME.gp` in that
 * folder) and one SVG a layout: NAME-wide.svg for screens and paper, NAME-narrow.svg for phones.
 * In every picture the prediction is blue, with a light band for the 95 % interval of one run, and
 * the observation is vermillion (Okabe & Ito's palette, safe for the colour-blind). */
#ifndef RIG_REPORTS_PLOTS_PLOTS_H
#define RIG_REPORTS_PLOTS_PLOTS_H

#include <jansson.h>

#include "core/status.h"
#include "reports/layout.h"

/** The pictures. */
typedef enum rig_plot {
    RIG_PLOT_FUNNEL = 0, /**< loss of each stage, predicted beside observed */
    RIG_PLOT_STAGES,     /**< calls lost in each stage over time, on the band that is judged */
    RIG_PLOT_CALLS,      /**< calls offered and served over time */
    RIG_PLOT_SERVICE,    /**< waits, queue, agents and service level over time */
    RIG_PLOT_CIRCUITS,   /**< circuits in use over time */
    RIG_PLOT_LATENESS,   /**< INVITE minus plan: histogram */
    RIG_PLOT_ARRIVALS,   /**< planned and actual arrivals over time */
    RIG_N_PLOTS
} rig_plot;

/** "funnel", "stages", "calls", "service", "circuits", "lateness", "arrivals"; static. */
const char *rig_plot_name(rig_plot plot);

/** "wide", "narrow"; static. */
const char *rig_layout_name(rig_layout layout);

/**
 * Make all pictures that the result has the figures for; the files of the others are removed.
 * @param result   A result document (docs/result-format.md).
 * @param run_dir  Folder of the run; plots/ is created in it.
 * @return RIG_OK; RIG_EENV when gnuplot is not in PATH or fails (scripts and data are written all
 *         the same); RIG_EIO naming the path; RIG_ENOMEM.
 */
rig_status rig_plots_make(const json_t *result, const char *run_dir, rig_error *err);

/**
 * Path of an SVG of a run, whether it exists or not.
 * @return heap text, the caller frees; NULL when out of memory.
 */
char *rig_plot_svg_path(const char *run_dir, rig_plot plot, rig_layout layout);

#endif
