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
#include "reports/plots/stages.h"

/* More intervals than a picture can show apart. */
#define MAX_INTERVALS 20000

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

/* --- over time -------------------------------------------------------------------------------- */

/* A quantity over time: where it stands in result.intervals.series, and its panel's title. */
typedef struct quantity {
    const char *key, *title;
} quantity;

static const quantity panels[] = {
    {"offered", "offered"},
    {"served", "served by an agent"},
};
#define N_PANELS (sizeof panels / sizeof panels[0])

static const quantity circuits_in_use[] = {{"circuits", "circuits in use"}};

static const char *const columns[] = {"observed", "mean", "low", "high"};
#define N_COLUMNS (sizeof columns / sizeof columns[0])

static const json_t *series_list(const json_t *result, const char *key, size_t column)
{
    const json_t *series = rig_json_object(rig_json_object(result, "intervals"), "series");
    return rig_json_list(rig_json_object(series, key), columns[column]);
}

static size_t count_intervals(const json_t *result, const quantity *quantities, size_t n)
{
    size_t longest = 0;
    for (size_t q = 0; q < n; q++) {
        for (size_t c = 0; c < N_COLUMNS; c++) {
            size_t size = json_array_size(series_list(result, quantities[q].key, c));
            longest = size > longest ? size : longest;
        }
    }
    return longest < MAX_INTERVALS ? longest : MAX_INTERVALS;
}

static double highest_of(const json_t *result, const char *key)
{
    double highest = (double)NAN;
    for (size_t c = 0; c < N_COLUMNS; c++) {
        const json_t *list = series_list(result, key, c);
        for (size_t i = 0; i < json_array_size(list); i++)
            highest = fmax(highest, rig_json_number_at(list, i));
    }
    return highest;
}

static double interval_s(const json_t *result)
{
    return rig_json_number(rig_json_object(result, "intervals"), "length_s");
}

static bool write_series_data(const json_t *result, const quantity *quantities, size_t n, FILE *out)
{
    double length_s = interval_s(result);
    size_t n_intervals = count_intervals(result, quantities, n);
    bool has_figures = false;
    fprintf(out,
            "# middle of the interval, s; for each quantity: observed, predicted mean, low and "
            "high\n# time_s");
    for (size_t q = 0; q < n; q++) {
        fprintf(out, " %s mean low high", quantities[q].key);
        has_figures = has_figures || isfinite(highest_of(result, quantities[q].key));
    }
    fprintf(out, "\n");
    for (size_t i = 0; i < n_intervals; i++) {
        fprintf(out, "%.10g", ((double)i + 0.5) * length_s);
        for (size_t q = 0; q < n; q++) {
            for (size_t c = 0; c < N_COLUMNS; c++)
                rig_plot_number(out,
                                rig_json_number_at(series_list(result, quantities[q].key, c), i));
        }
        fprintf(out, "\n");
    }
    return has_figures && length_s > 0.0 && n_intervals > 0;
}

/* Band, prediction and observation of the quantity whose observed values are in a column. */
static void print_curves(const char *file, size_t column, FILE *out)
{
    fprintf(out,
            "plot '%s' using 1:%zu:%zu with filledcurves fillcolor rgb '" RIG_COLOUR_PREDICTED_BAND
            "' "
            "title '95 %% band', \\\n"
            "     '' using 1:%zu with lines linewidth 3 linecolor rgb '" RIG_COLOUR_PREDICTED "' "
            "title 'predicted', \\\n"
            "     '' using 1:%zu with lines linewidth 1.8 linecolor rgb '" RIG_COLOUR_OBSERVED "' "
            "title 'observed'\n",
            file, column + 2, column + 3, column + 1, column);
}

/* The legend of all panels: a plot of nothing that is as wide as the picture. */
static void print_legend(FILE *out, rig_layout layout)
{
    fprintf(out,
            "set lmargin at screen 0.02\nset rmargin at screen 0.98\n"
            "set tmargin at screen 0.995\nset bmargin at screen 0.83\n"
            "unset border\nunset tics\nunset grid\nset xrange [0:1]\nset yrange [0:1]\n"
            "set key inside center top %s\n"
            "plot -1 with filledcurves y1=-2 fillcolor rgb '" RIG_COLOUR_PREDICTED_BAND
            "' title '95 %% band', "
            "\\\n"
            "     -1 with lines linewidth 3 linecolor rgb '" RIG_COLOUR_PREDICTED "' "
            "title 'predicted', \\\n"
            "     -1 with lines linewidth 1.8 linecolor rgb '" RIG_COLOUR_OBSERVED "' "
            "title 'observed'\n"
            "unset key\n",
            layout == RIG_LAYOUT_WIDE ? "horizontal Left reverse maxrows 1"
                                      : "vertical Left reverse maxcols 1");
}

static const rig_plot_grid grids[RIG_N_SVG_LAYOUTS] = {
    [RIG_LAYOUT_WIDE] = {1000, 480, 92, 62, 108, 85, 385, 500, 2},
    [RIG_LAYOUT_NARROW] = {400, 720, 122, 50, 88, 66, 312, 400, 1},
};

static void print_panel(FILE *out, const json_t *result, rig_layout layout, size_t p)
{
    char unit[64];
    double highest = highest_of(result, panels[p].key);
    (void)snprintf(unit, sizeof unit, "calls per %.4g s", interval_s(result));
    rig_plot_panel(out, &grids[layout], (rig_plot_panel_place){p, N_PANELS}, panels[p].title, unit,
                   highest);
    if (isfinite(highest))
        print_curves("calls.dat", 2 + N_COLUMNS * p, out);
    else
        rig_plot_panel_of_nothing(out);
}

static void print_calls(const json_t *result, rig_layout layout, FILE *out)
{
    rig_plot_head(out, RIG_PLOT_CALLS, layout, (int)grids[layout].height);
    fprintf(out, "set multiplot\n");
    print_legend(out, layout);
    fprintf(out,
            "set border 3\nset tics nomirror out scale 0.5\nset grid y\nset xtics nomirror offset "
            "0,0.4\n"
            "set xrange [0:%.10g]\nset xlabel 'time (s, scenario)' offset 0,0.9\n",
            interval_s(result) * (double)count_intervals(result, panels, N_PANELS));
    for (size_t p = 0; p < N_PANELS; p++)
        print_panel(out, result, layout, p);
    fprintf(out, "unset multiplot\n");
}

static void print_circuits(const json_t *result, rig_layout layout, FILE *out)
{
    bool is_wide = layout == RIG_LAYOUT_WIDE;
    const json_t *trunk = rig_json_object(result, "trunk");
    double n_circuits = rig_json_number(trunk, "circuits");
    double begin = rig_json_number(rig_json_object(trunk, "in_use_at_refusal"), "min");
    double highest = fmax(n_circuits, highest_of(result, "circuits"));
    rig_plot_head(out, RIG_PLOT_CIRCUITS, layout, is_wide ? 440 : 340);
    fprintf(out,
            "set xrange [0:%.10g]\nset yrange [0:%.4g]\n"
            "set xlabel 'time (s, scenario)'\n"
            "set ylabel 'circuits in use (mean of %.4g s)'\n"
            "set key outside top center %s\n",
            interval_s(result) * (double)count_intervals(result, circuits_in_use, 1),
            highest > 0.0 ? 1.15 * highest : 1.0, interval_s(result),
            is_wide ? "horizontal Left reverse maxrows 1" : "vertical Left reverse maxcols 1");
    if (n_circuits >= 0.0)
        fprintf(out,
                "set arrow from graph 0,first %.10g to graph 1,first %.10g nohead dashtype 2 "
                "linewidth 1.5 linecolor rgb '" RIG_COLOUR_MARK "' front\n"
                "set label '%.10g circuits in the scenario' at graph 0.99,first %.10g right "
                "offset 0,0.6 front\n",
                n_circuits, n_circuits, n_circuits, n_circuits);
    if (n_circuits - begin > 0.03 * n_circuits) /* nearer, and the two lines are one */
        fprintf(out,
                "set arrow from graph 0,first %.10g to graph 1,first %.10g nohead dashtype 3 "
                "linewidth 1.5 linecolor rgb '" RIG_COLOUR_OBSERVED_TEXT "' front\n"
                "set label 'refusals begin at %.10g in use' at graph 0.99,first %.10g right "
                "offset 0,0.6 textcolor rgb '" RIG_COLOUR_OBSERVED_TEXT "' front\n",
                begin, begin, begin, begin);
    print_curves("circuits.dat", 2, out);
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
        return write_series_data(result, panels, N_PANELS, out);
    case RIG_PLOT_CIRCUITS:
        return write_series_data(result, circuits_in_use, 1, out);
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
            print_calls(result, layout, out);
            break;
        case RIG_PLOT_CIRCUITS:
            print_circuits(result, layout, out);
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
