/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/plots/faults.h"

#include <math.h>

#include "reports/json_file.h"
#include "reports/plots/palette.h"
#include "reports/plots/series.h"

void rig_plot_faults(const json_t *result, FILE *out)
{
    const json_t *faults = rig_json_list(result, "faults");
    const double end_s = rig_plot_series_end_s(result, RIG_PLOT_CALLS);
    for (size_t i = 0; i < json_array_size(faults); i++) {
        const json_t *fault = json_array_get(faults, i);
        const double at_s = rig_json_number(fault, "at_s"), for_s = rig_json_number(fault, "for_s");
        if (!(at_s >= 0.0) || !(at_s < end_s) || !(for_s > 0.0))
            continue;
        /* labels 1 and 2 are the panels' own */
        fprintf(out,
                "set object %zu rectangle from first %.10g,graph 0 to first %.10g,graph 1 behind "
                "fillcolor rgb '" RIG_COLOUR_FAULT "' fillstyle solid noborder\n"
                "set label %zu '%zu' at first %.10g,graph 0.98 left offset 0.3,0 front textcolor "
                "rgb '" RIG_COLOUR_FAULT_TEXT "'\n",
                i + 1, at_s, fmin(at_s + for_s, end_s), i + 11, i + 1, at_s);
    }
}

void rig_plot_faults_legend(const json_t *result, FILE *out)
{
    if (json_array_size(rig_json_list(result, "faults")) > 0)
        fprintf(out, ", \\\n     -1 with filledcurves y1=-2 fillcolor rgb '" RIG_COLOUR_FAULT
                     "' title 'fault'");
}
