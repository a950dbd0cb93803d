/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The picture of each stage's losses over time on the band that is judged. Internal to reports/. */
#ifndef RIG_REPORTS_PLOTS_STAGES_H
#define RIG_REPORTS_PLOTS_STAGES_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

#include "reports/plots/plots.h"

/** As rig_plot_write_data. A stage has two blocks of data (gnuplot's index): its bins as steps, and
 * the bins outside the band. */
bool rig_plot_stages_data(const json_t *result, FILE *out);

/** Where the time axis ends, scenario time; 0: there are no bins. */
double rig_plot_stages_end_s(const json_t *result);

/** The script of a layout, its head included. */
void rig_plot_stages_script(const json_t *result, rig_layout layout, FILE *out);

#endif
