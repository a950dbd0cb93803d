/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The scenario's faults on the time axis of a picture. Internal to reports/. */
#ifndef RIG_REPORTS_PLOTS_FAULTS_H
#define RIG_REPORTS_PLOTS_FAULTS_H

#include <jansson.h>
#include <stdio.h>

/** Print the marks of all faults, for the plots that follow: a shade over the time that each lasts,
 * with its number, from 1, at the top. */
void rig_plot_faults(const json_t *result, FILE *out);

/** Print a further plot of nothing that puts the shade into a legend, where there are faults. */
void rig_plot_faults_legend(const json_t *result, FILE *out);

#endif
