/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What gnuplot reads: the data and the script of each picture. No files, no processes.
 *
 * Nothing of the document but numbers goes into a script: gnuplot has commands that run programs.
 */
#ifndef RIG_REPORTS_PLOTS_SCRIPT_H
#define RIG_REPORTS_PLOTS_SCRIPT_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

#include "reports/plots/plots.h"

/**
 * Print the data of a picture: columns parted by blanks, a heading behind '#', NaN for what is not
 * defined.
 * @return false when the result lacks the figures; `out` then holds nothing of use.
 */
bool rig_plot_write_data(rig_plot plot, const json_t *result, FILE *out);

/** Print the script that makes all layouts of a picture from NAME.dat. @return as above. */
bool rig_plot_write_script(rig_plot plot, const json_t *result, FILE *out);

#endif
