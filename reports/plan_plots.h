/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pictures of a plan: gnuplot scripts, their data, SVGs and PNGs, in DIR/plots.
 *
 * curves (one axis; with three and more along the first one): a panel a figure: the mean over the
 * values, with the interval of the mean and the band of single runs.
 * heat-METRIC (two axes): the mean as a colour, the limit as a line, the minimal combinations
 * framed, and an edge around all that meet, as the search knows it. Combinations that were not
 * simulated are smaller cells without a figure, whose colour lies between those that were. Each has
 * NAME.dat, NAME.gp (run it by hand with `gnuplot NAME.gp`), NAME-wide.svg, NAME-narrow.svg for
 * phones, and NAME.png. */
#ifndef RIG_REPORTS_PLAN_PLOTS_H
#define RIG_REPORTS_PLAN_PLOTS_H

#include <stdio.h>

#include "reports/layout.h"
#include "reports/plan_report.h"

/** A name of a picture: "curves", "heat-lost_trunk". */
typedef struct rig_report_plan_picture {
    char name[64];
} rig_report_plan_picture;

/** How many pictures the plan has: 0 when fewer than two combinations were tried. */
size_t rig_report_plan_n_pictures(const rig_report_plan *report);

/** A picture's name. @param picture  Below rig_report_plan_n_pictures. */
rig_report_plan_picture rig_report_plan_picture_of(const rig_report_plan *report, size_t picture);

/**
 * Make all pictures.
 * @param dir  Exists; plots/ is created in it.
 * @return RIG_OK; RIG_EENV when gnuplot is not in PATH or fails (scripts and data are written all
 *         the same); RIG_EIO naming the path; RIG_ENOMEM.
 */
rig_status rig_report_plan_plots_make(const rig_report_plan *report, const char *dir,
                                      rig_error *err);

/* --- what the pictures are made of: plan/curves.c, plan/heat.c --- */

/** Print the head of a layout: terminal, output and what all pictures have in common. */
void rig_report_plan_canvas(FILE *out, const char *name, rig_layout layout, int height);

/** The factor of a figure in pictures: shares are in per cent. */
double rig_report_plan_scale_of(rig_metric metric);

/** "%", "s", "calls", ...; static. */
const char *rig_report_plan_unit_of(rig_metric metric);

/** The requirement on a figure, or NULL. */
const rig_plan_requirement *rig_report_plan_limit_on(const rig_plan_question *question,
                                                     rig_metric metric);

/** Print a text in single quotes as gnuplot reads it. */
void rig_report_plan_quoted(FILE *out, const char *text);

/** The next combination along the first axis, the others as in the answer (or its stead).
 * @param[in,out] at  0 for the first. @return NULL when there is none any more. */
const rig_plan_point *rig_report_plan_curve_next(const rig_plan *plan, size_t *at);

/** How many there are. */
size_t rig_report_plan_curve_n(const rig_plan *plan);

/** Print the data of the curves. */
void rig_report_plan_curves_data(const rig_report_plan *report, FILE *out);
/** Print the gnuplot script of the curves. */
void rig_report_plan_curves_script(const rig_report_plan *report, FILE *out);

/** Print the data of one heat map. @return RIG_OK or RIG_ENOMEM. */
rig_status rig_report_plan_heat_data(const rig_report_plan *report, rig_metric metric, FILE *out);
/** Print the gnuplot script of one heat map. @return RIG_OK or RIG_ENOMEM. */
rig_status rig_report_plan_heat_script(const rig_report_plan *report, rig_metric metric, FILE *out);

#endif
