/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/plots/arrivals.h"
#include "reports/plots/faults.h"
#include "reports/plots/palette.h"

#include <math.h>

#include "reports/json_file.h"

static const json_t *arrivals_of(const json_t *result)
{
    return rig_json_object(rig_json_object(result, "load"), "arrivals");
}

bool rig_plot_arrivals_data(const json_t *result, FILE *out)
{
    const json_t *arrivals = arrivals_of(result);
    const json_t *planned = rig_json_list(arrivals, "planned");
    const json_t *actual = rig_json_list(arrivals, "actual");
    double length_s = rig_json_number(arrivals, "length_s");
    size_t n = json_array_size(planned);
    if (n == 0 || json_array_size(actual) != n || !(length_s > 0.0))
        return false;
    fprintf(out, "# begin of the interval, s; calls planned and placed in it\n# time_s planned "
                 "actual\n");
    for (size_t i = 0; i <= n; i++) { /* the last once more, to its end */
        size_t at = i < n ? i : n - 1;
        double a = rig_json_number_at(planned, at), b = rig_json_number_at(actual, at);
        if (isnan(a) || isnan(b))
            return false;
        fprintf(out, "%.10g %.10g %.10g\n", (double)i * length_s, a, b);
    }
    return true;
}

void rig_plot_arrivals_script(const json_t *result, bool is_wide, FILE *out)
{
    const json_t *arrivals = arrivals_of(result);
    double length_s = rig_json_number(arrivals, "length_s");
    rig_plot_faults(result, out);
    fprintf(out,
            "set xrange [0:%.10g]\nset yrange [0:*]\n"
            "set xlabel 'time (s, scenario)'\nset ylabel 'calls placed per %.4g s'\n"
            "set key outside top center %s\n"
            "plot 'arrivals.dat' using 1:2 with steps linewidth 5 linecolor rgb "
            "'" RIG_COLOUR_PREDICTED_AREA "' title "
            "'planned', \\\n     '' using 1:3 with steps linewidth 1.5 linecolor rgb "
            "'" RIG_COLOUR_OBSERVED "' "
            "title 'on the wire'\n",
            length_s * (double)json_array_size(rig_json_list(arrivals, "planned")), length_s,
            is_wide ? "horizontal Left reverse maxrows 1" : "vertical Left reverse maxcols 1");
}
