/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The picture of planned and actual arrivals. Internal to reports/. */
#ifndef RIG_REPORTS_PLOTS_ARRIVALS_H
#define RIG_REPORTS_PLOTS_ARRIVALS_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

/** As rig_plot_write_data. */
bool rig_plot_arrivals_data(const json_t *result, FILE *out);

/** What follows the head of a layout in the script. */
void rig_plot_arrivals_script(const json_t *result, bool is_wide, FILE *out);

#endif
