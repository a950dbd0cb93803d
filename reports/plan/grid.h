/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All combinations of two axes: those that were simulated, and what follows from them for the
 * others. Internal to reports/. */
#ifndef RIG_REPORTS_PLAN_GRID_H
#define RIG_REPORTS_PLAN_GRID_H

#include <stdbool.h>
#include <stddef.h>

#include "core/status.h"
#include "reports/plan_report.h"

/** A combination. */
typedef struct rig_report_plan_cell {
    double value;             /**< the mean, in the figure's own unit; NAN: not known */
    bool is_simulated;        /**< else the value lies between those of simulated ones */
    rig_plan_verdict verdict; /**< simulated, or what follows (rig_plan_infer); UNDECIDED also
                                   where nothing is required */
} rig_report_plan_cell;

/** The grid of a figure. */
typedef struct rig_report_plan_grid {
    size_t n_x, n_y;
    rig_report_plan_cell *cells; /**< n_x * n_y; cell (x, y) at x * n_y + y; owned */
} rig_report_plan_grid;

/**
 * Fill the grid. What was not simulated lies on the straight line between its nearest simulated
 * neighbours along an axis; where it has some along both axes, the nearer pair counts for more, by
 * one over the distance of the pair. What has none on both sides lies in the same way between cells
 * that are filled by then, and at last takes the value of the nearest. So nothing is beyond what
 * was simulated.
 * @param report     Of two axes.
 * @param[out] grid  rig_report_plan_grid_clear.
 * @return RIG_OK or RIG_ENOMEM.
 */
rig_status rig_report_plan_grid_make(const rig_report_plan *report, rig_metric metric,
                                     rig_report_plan_grid *grid);

/** Free what it owns. */
void rig_report_plan_grid_clear(rig_report_plan_grid *grid);

#endif
