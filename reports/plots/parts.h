/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the scripts of the pictures have in common. Internal to reports/. */
#ifndef RIG_REPORTS_PLOTS_PARTS_H
#define RIG_REPORTS_PLOTS_PARTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "reports/plots/plots.h"

/** Print the head of one layout: terminal, output and what all pictures have in common. */
void rig_plot_head(FILE *out, rig_plot plot, rig_layout layout, int height);

/** Print a number behind a blank; NaN for what is not defined. */
void rig_plot_number(FILE *out, double value);

/** Room for the panels of a picture, in units of its size; a panel is one quantity's plot. */
typedef struct rig_plot_grid {
    double width, height, top, bottom, gap, left, panel_width, step;
    size_t n_columns;
} rig_plot_grid;

/** Which of the panels, from 0, left to right and top to bottom. */
typedef struct rig_plot_panel_place {
    size_t at, n;
} rig_plot_panel_place;

/** Where a panel is, in units of the picture's size, from its upper left corner. */
typedef struct rig_plot_box {
    double x, y, width, height;
} rig_plot_box;

/** See rig_plot_box. */
rig_plot_box rig_plot_panel_box(const rig_plot_grid *grid, rig_plot_panel_place place);

/** What a panel shows. */
typedef struct rig_plot_axis {
    const char *title, *unit;
    double highest; /**< of what is shown; NAN: nothing is */
    bool is_whole;  /**< no tics between whole numbers */
} rig_plot_axis;

/** Print what stands before the `plot` of a panel: its place, title, name of the axis and its
 * tics. */
void rig_plot_panel(FILE *out, const rig_plot_grid *grid, rig_plot_panel_place place,
                    const rig_plot_axis *axis);

/** Print the `plot` of a panel without figures. */
void rig_plot_panel_of_nothing(FILE *out);

#endif
