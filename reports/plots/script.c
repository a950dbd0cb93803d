/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/plots/script.h"
#include "reports/plots/palette.h"

#include <math.h>
#include <string.h>

#include "core/stage.h"
#include "reports/html/text.h"
#include "reports/json_file.h"
#include "reports/plots/arrivals.h"
#include "reports/plots/parts.h"
#include "reports/plots/series.h"
#include "reports/plots/stages.h"

/* --- loss funnel ------------------------------------------------------------------------------ */

static const json_t *stage_of(const json_t *result, rig_stage stage)
{
    const json_t *stages = rig_json_list(result, "stages");
    for (size_t i = 0; i < json_array_size(stages); i++) {
        const json_t *item = json_array_get(stages, i);
        if (strcmp(rig_json_text(item, "stage"), rig_stage_name(stage)) == 0)
            return item;
    }
    return NULL;
}

static bool write_funnel_data(const json_t *result, FILE *out)
{
    bool has_figures = false;
    fprintf(out, "# losses in %% of the calls that entered the stage; interval: 95 %% of one run\n"
                 "# stage entered lost predicted low high observed\n");
    for (int s = 0; s < RIG_N_STAGES; s++) {
        const json_t *stage = stage_of(result, (rig_stage)s);
        double predicted = rig_json_number(stage, "p_predicted");
        double observed = rig_json_number(stage, "p_observed");
        has_figures = has_figures || isfinite(predicted) || isfinite(observed);
        fprintf(out, "%d", s);
        rig_plot_number(out, rig_json_number(stage, "entered"));
        rig_plot_number(out, rig_json_number(stage, "lost"));
        rig_plot_number(out, 100.0 * predicted);
        rig_plot_number(out, 100.0 * rig_json_number(stage, "predicted_low"));
        rig_plot_number(out, 100.0 * rig_json_number(stage, "predicted_high"));
        rig_plot_number(out, 100.0 * observed);
        fprintf(out, "\n");
    }
    return has_figures;
}

static void print_funnel(const json_t *result, rig_layout layout, FILE *out)
{
    bool is_wide = layout == RIG_LAYOUT_WIDE;
    double highest = 0.0;
    rig_plot_head(out, RIG_PLOT_FUNNEL, layout, is_wide ? 480 : 400);
    fprintf(out, "set xtics scale 0 (");
    for (int s = 0; s < RIG_N_STAGES; s++) {
        const json_t *stage = stage_of(result, (rig_stage)s);
        highest = fmax(highest, fmax(rig_json_number(stage, "p_observed"),
                                     fmax(rig_json_number(stage, "p_predicted"),
                                          rig_json_number(stage, "predicted_high"))));
        fprintf(out, "%s\"%s\\n%s%s\\n%s%s\" %d", s > 0 ? ", " : "", rig_stage_name((rig_stage)s),
                rig_html_count(rig_json_number(stage, "entered")).text,
                is_wide ? " entered" : " in", rig_html_count(rig_json_number(stage, "lost")).text,
                " lost", s);
    }
    fprintf(out,
            ")\n"
            "set xrange [-0.5:3.5]\n"
            "set yrange [0:%.4g]\n"
            "set xlabel 'stage (calls that entered it, calls lost in it)' offset 0,-1.7\n"
            "set bmargin 6\n"
            "set ylabel 'lost (%% of the calls that entered)'\n"
            "set key outside top center %s\n"
            "set boxwidth 0.34\n"
            "set style fill solid border\n",
            fmax(1.0, fmin(112.0, 115.0 * highest)),
            is_wide ? "horizontal Left reverse maxrows 1" : "vertical Left reverse maxcols 1");
    int label_size = is_wide ? 16 : 11;
    fprintf(
        out,
        "plot 'funnel.dat' using ($1-0.19):4 with boxes fillcolor rgb '" RIG_COLOUR_PREDICTED_AREA
        "' "
        "linecolor rgb '" RIG_COLOUR_PREDICTED "' title 'predicted, with 95 %% interval', \\\n"
        "     '' using ($1+0.19):7 with boxes fillcolor rgb '" RIG_COLOUR_OBSERVED "' "
        "title 'observed', \\\n"
        "     '' using ($1-0.19):5:(0):($6-$5) with vectors heads size screen "
        "0.008,90 linewidth 2 linecolor rgb '" RIG_COLOUR_PREDICTED_TEXT "' notitle, \\\n"
        "     '' using ($1-0.19):($6 >= $4 ? $6 : $4):(sprintf('%%.1f', $4)) with labels "
        "offset 0,0.6 font ',%d' textcolor rgb '" RIG_COLOUR_PREDICTED_TEXT "' notitle, \\\n"
        "     '' using ($1+0.19):7:(sprintf('%%.1f', $7)) with labels offset 0,0.6 "
        "font ',%d' textcolor rgb '" RIG_COLOUR_OBSERVED_TEXT "' notitle\n",
        label_size, label_size);
}

/* --- lateness --------------------------------------------------------------------------------- */

/* The bins of the histogram that hold a call: first and behind the last; false when there are none
 * or the lists are not of the documented shape. */
static bool used_bins(const json_t *edges, const json_t *counts, size_t *first, size_t *end)
{
    size_t n = json_array_size(counts), from = 0, to = n;
    if (n == 0 || json_array_size(edges) != n + 1)
        return false;
    for (size_t i = 0; i < n; i++) {
        double low = rig_json_number_at(edges, i), high = rig_json_number_at(edges, i + 1);
        if (!(low < high) || !(rig_json_number_at(counts, i) >= 0.0))
            return false;
    }
    while (from < to && rig_json_number_at(counts, from) <= 0.0)
        from++;
    while (to > from && rig_json_number_at(counts, to - 1) <= 0.0)
        to--;
    *first = from;
    *end = to;
    return from < to;
}

static bool write_lateness_data(const json_t *result, FILE *out)
{
    const json_t *histogram = rig_json_object(rig_json_object(result, "lateness"), "histogram");
    const json_t *edges = rig_json_list(histogram, "edges_ms");
    const json_t *counts = rig_json_list(histogram, "counts");
    size_t first, end;
    if (!used_bins(edges, counts, &first, &end))
        return false;
    fprintf(out, "# INVITE minus plan, ms of wire time\n# low_ms high_ms calls\n");
    for (size_t i = first; i < end; i++)
        fprintf(out, "%.10g %.10g %.10g\n", rig_json_number_at(edges, i),
                rig_json_number_at(edges, i + 1), rig_json_number_at(counts, i));
    return true;
}

/* A vertical line with a label that stays inside the picture. */
static void print_mark(FILE *out, double x_ms, double from_ms, double to_ms, double height,
                       const char *text)
{
    if (!(x_ms >= from_ms && x_ms <= to_ms))
        return;
    bool is_left = x_ms < from_ms + 0.62 * (to_ms - from_ms);
    fprintf(out,
            "set arrow from first %.10g,graph 0 to first %.10g,graph %.2f nohead dashtype 2 "
            "linewidth 1.5 linecolor rgb '" RIG_COLOUR_MARK "' front\n"
            "set label '%s: %.3g ms' at first %.10g,graph %.2f %s offset %s,0 front\n",
            x_ms, x_ms, height, text, x_ms, x_ms, height, is_left ? "left" : "right",
            is_left ? "0.6" : "-0.6");
}

static void print_lateness(const json_t *result, rig_layout layout, FILE *out)
{
    bool is_wide = layout == RIG_LAYOUT_WIDE;
    const json_t *lateness = rig_json_object(result, "lateness");
    const json_t *histogram = rig_json_object(lateness, "histogram");
    const json_t *edges = rig_json_list(histogram, "edges_ms");
    const json_t *counts = rig_json_list(histogram, "counts");
    size_t first, end;
    if (!used_bins(edges, counts, &first, &end))
        return;
    double from_ms = rig_json_number_at(edges, first), to_ms = rig_json_number_at(edges, end);
    double width_ms = rig_json_number_at(edges, first + 1) - from_ms, highest = 0.0;
    bool is_even = true;
    for (size_t i = first; i < end; i++) {
        double w = rig_json_number_at(edges, i + 1) - rig_json_number_at(edges, i);
        is_even = is_even && fabs(w - width_ms) < 1e-6 * width_ms;
        highest = fmax(highest, rig_json_number_at(counts, i));
    }
    rig_plot_head(out, RIG_PLOT_LATENESS, layout, is_wide ? 400 : 320);
    fprintf(out,
            "set xrange [%.10g:%.10g]\nset yrange [0:%.6g]\n"
            "set xlabel 'INVITE minus plan (ms, wire time)'\n"
            "set style fill solid 0.85 border rgb '" RIG_COLOUR_PAPER "'\n"
            "unset key\n",
            from_ms, to_ms, 1.1 * highest);
    if (is_even)
        fprintf(out, "set ylabel 'calls per bin of %.3g ms'\n", width_ms);
    else
        fprintf(out, "set ylabel 'calls per bin'\n");
    print_mark(out, rig_json_number(lateness, "median_ms"), from_ms, to_ms, 0.96, "median");
    print_mark(out, rig_json_number(lateness, "p99_ms"), from_ms, to_ms, 0.84, "99 %");
    fprintf(out, "plot 'lateness.dat' using (($1+$2)/2):3:1:2:(0):3 with boxxyerror "
                 "fillcolor rgb '" RIG_COLOUR_OBSERVED "'\n");
}

/* ---------------------------------------------------------------------------------------------- */

bool rig_plot_write_data(rig_plot plot, const json_t *result, FILE *out)
{
    switch (plot) {
    case RIG_PLOT_FUNNEL:
        return write_funnel_data(result, out);
    case RIG_PLOT_CALLS:
    case RIG_PLOT_SERVICE:
    case RIG_PLOT_CIRCUITS:
        return rig_plot_series_data(plot, result, out);
    case RIG_PLOT_LATENESS:
        return write_lateness_data(result, out);
    case RIG_PLOT_ARRIVALS:
        return rig_plot_arrivals_data(result, out);
    case RIG_PLOT_STAGES:
        return rig_plot_stages_data(result, out);
    case RIG_N_PLOTS:
        break;
    }
    return false;
}

bool rig_plot_write_script(rig_plot plot, const json_t *result, FILE *out)
{
    fprintf(out, "# Made by peakrig. Run in this folder: gnuplot %s.gp\n", rig_plot_name(plot));
    for (int i = 0; i < RIG_N_SVG_LAYOUTS; i++) {
        rig_layout layout = (rig_layout)i;
        switch (plot) {
        case RIG_PLOT_FUNNEL:
            print_funnel(result, layout, out);
            break;
        case RIG_PLOT_CALLS:
        case RIG_PLOT_SERVICE:
            rig_plot_panels_script(plot, result, layout, out);
            break;
        case RIG_PLOT_CIRCUITS:
            rig_plot_circuits_script(result, layout, out);
            break;
        case RIG_PLOT_LATENESS:
            print_lateness(result, layout, out);
            break;
        case RIG_PLOT_ARRIVALS:
            rig_plot_head(out, plot, layout, layout == RIG_LAYOUT_WIDE ? 400 : 320);
            rig_plot_arrivals_script(result, layout == RIG_LAYOUT_WIDE, out);
            break;
        case RIG_PLOT_STAGES:
            rig_plot_stages_script(result, layout, out);
            break;
        case RIG_N_PLOTS:
            return false;
        }
    }
    return true;
}
