/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pictures of result.intervals: what was observed over time on its predicted band. Internal to
 * reports/. */
#ifndef RIG_REPORTS_PLOTS_SERIES_H
#define RIG_REPORTS_PLOTS_SERIES_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

#include "reports/plots/parts.h"

/** A quantity over time. */
typedef struct rig_plot_quantity {
    const char *key;   /**< in result.intervals.series */
    const char *title; /**< of its panel */
    const char *unit;  /**< of its axis; NULL: calls per interval */
    double scale;      /**< the axis shows so many times the figure */
    bool is_whole;     /**< it is counted, not measured */
} rig_plot_quantity;

/** @return the panels of RIG_PLOT_CALLS, RIG_PLOT_SERVICE or RIG_PLOT_CIRCUITS, *n of them; else
 * NULL. */
const rig_plot_quantity *rig_plot_quantities(rig_plot plot, size_t *n);

/** Where the panels of a picture of quantities, or RIG_PLOT_STAGES, are. */
const rig_plot_grid *rig_plot_series_grid(rig_plot plot, rig_layout layout);

/** The member of a quantity: "observed", "mean", "low", "high"; NULL where there is none. */
const json_t *rig_plot_series_list(const json_t *result, const char *key, const char *member);

/** Intervals that are shown. */
size_t rig_plot_series_n(const json_t *result, rig_plot plot);

/** Where the time axis ends, scenario time. */
double rig_plot_series_end_s(const json_t *result, rig_plot plot);

/** As rig_plot_write_data: a line an interval, four columns a quantity. */
bool rig_plot_series_data(rig_plot plot, const json_t *result, FILE *out);

/** The script of a layout of RIG_PLOT_CALLS or RIG_PLOT_SERVICE, its head included. */
void rig_plot_panels_script(rig_plot plot, const json_t *result, rig_layout layout, FILE *out);

/** The same of RIG_PLOT_CIRCUITS. */
void rig_plot_circuits_script(const json_t *result, rig_layout layout, FILE *out);

#endif
