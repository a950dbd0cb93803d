/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/plots/series.h"

#include <math.h>

#include "reports/json_file.h"
#include "reports/plots/faults.h"
#include "reports/plots/palette.h"

/* More intervals than a picture can show apart. */
#define MAX_INTERVALS 20000

static const rig_plot_quantity calls[] = {
    {.key = "offered", .title = "offered", .scale = 1.0, .is_whole = true},
    {.key = "served", .title = "served by an agent", .scale = 1.0, .is_whole = true},
};

static const rig_plot_quantity service[] = {
    {"answered_wait_mean_s", "mean wait of the answered", "s", 1.0, false},
    {"answered_wait_p95_s", "wait of the answered, 95 %", "s", 1.0, false},
    {"queue", "calls in the queue", "calls (mean)", 1.0, false},
    {"service_level", "service level", "% of those queued", 100.0, false},
    {"busy", "busy agents", "agents (mean)", 1.0, false},
    {"occupancy", "occupancy of the agents", "% of the time", 100.0, false},
};

static const rig_plot_quantity circuits[] = {
    {"circuits", "circuits in use", "circuits", 1.0, false}};

const rig_plot_quantity *rig_plot_quantities(rig_plot plot, size_t *n)
{
    if (plot == RIG_PLOT_CALLS) {
        *n = sizeof calls / sizeof *calls;
        return calls;
    }
    if (plot == RIG_PLOT_SERVICE) {
        *n = sizeof service / sizeof *service;
        return service;
    }
    *n = plot == RIG_PLOT_CIRCUITS ? 1 : 0;
    return plot == RIG_PLOT_CIRCUITS ? circuits : NULL;
}

const rig_plot_grid *rig_plot_series_grid(rig_plot plot, rig_layout layout)
{
    static const rig_plot_grid of_calls[RIG_N_SVG_LAYOUTS] = {
        [RIG_LAYOUT_WIDE] = {1000, 480, 92, 62, 108, 85, 385, 500, 2},
        [RIG_LAYOUT_NARROW] = {400, 720, 122, 50, 88, 66, 312, 400, 1},
    };
    static const rig_plot_grid of_service[RIG_N_SVG_LAYOUTS] = {
        [RIG_LAYOUT_WIDE] = {1000, 1010, 92, 62, 108, 85, 385, 500, 2},
        [RIG_LAYOUT_NARROW] = {400, 1720, 122, 50, 88, 66, 312, 400, 1},
    };
    static const rig_plot_grid of_stages[RIG_N_SVG_LAYOUTS] = {
        [RIG_LAYOUT_WIDE] = {1000, 912, 138, 62, 108, 85, 385, 500, 2},
        [RIG_LAYOUT_NARROW] = {400, 1320, 158, 50, 88, 66, 312, 400, 1},
    };
    static const rig_plot_grid of_circuits[RIG_N_SVG_LAYOUTS] = {
        [RIG_LAYOUT_WIDE] = {1000, 440, 50, 66, 0, 85, 885, 1000, 1},
        [RIG_LAYOUT_NARROW] = {400, 380, 90, 54, 0, 66, 312, 400, 1},
    };
    return plot == RIG_PLOT_STAGES    ? &of_stages[layout]
           : plot == RIG_PLOT_SERVICE ? &of_service[layout]
           : plot == RIG_PLOT_CALLS   ? &of_calls[layout]
                                      : &of_circuits[layout];
}

static const char *const columns[] = {"observed", "mean", "low", "high"};
#define N_COLUMNS (sizeof columns / sizeof columns[0])

const json_t *rig_plot_series_list(const json_t *result, const char *key, const char *member)
{
    const json_t *series = rig_json_object(rig_json_object(result, "intervals"), "series");
    return rig_json_list(rig_json_object(series, key), member);
}

size_t rig_plot_series_n(const json_t *result, rig_plot plot)
{
    size_t longest = 0, n;
    const rig_plot_quantity *quantities = rig_plot_quantities(plot, &n);
    for (size_t q = 0; q < n; q++) {
        for (size_t c = 0; c < N_COLUMNS; c++) {
            size_t size =
                json_array_size(rig_plot_series_list(result, quantities[q].key, columns[c]));
            longest = size > longest ? size : longest;
        }
    }
    return longest < MAX_INTERVALS ? longest : MAX_INTERVALS;
}

static double highest_of(const json_t *result, const rig_plot_quantity *quantity)
{
    double highest = (double)NAN;
    for (size_t c = 0; c < N_COLUMNS; c++) {
        const json_t *list = rig_plot_series_list(result, quantity->key, columns[c]);
        for (size_t i = 0; i < json_array_size(list); i++)
            highest = fmax(highest, rig_json_number_at(list, i));
    }
    return highest * quantity->scale;
}

static double interval_s(const json_t *result)
{
    return rig_json_number(rig_json_object(result, "intervals"), "length_s");
}

double rig_plot_series_end_s(const json_t *result, rig_plot plot)
{
    return interval_s(result) * (double)rig_plot_series_n(result, plot);
}

bool rig_plot_series_data(rig_plot plot, const json_t *result, FILE *out)
{
    double length_s = interval_s(result);
    size_t n, n_intervals = rig_plot_series_n(result, plot);
    const rig_plot_quantity *quantities = rig_plot_quantities(plot, &n);
    bool has_figures = false;
    fprintf(out,
            "# middle of the interval, s; for each quantity: observed, predicted mean, low and "
            "high\n# time_s");
    for (size_t q = 0; q < n; q++) {
        fprintf(out, " %s mean low high", quantities[q].key);
        has_figures = has_figures || isfinite(highest_of(result, &quantities[q]));
    }
    fprintf(out, "\n");
    for (size_t i = 0; i < n_intervals; i++) {
        fprintf(out, "%.10g", ((double)i + 0.5) * length_s);
        for (size_t q = 0; q < n; q++) {
            for (size_t c = 0; c < N_COLUMNS; c++)
                rig_plot_number(
                    out, quantities[q].scale *
                             rig_json_number_at(
                                 rig_plot_series_list(result, quantities[q].key, columns[c]), i));
        }
        fprintf(out, "\n");
    }
    return has_figures && length_s > 0.0 && n_intervals > 0;
}

/* Band, prediction and observation of the quantity whose observed values are in a column. A value
 * between two that are not defined has no line: a point is drawn for it. */
static void print_curves(const char *file, size_t column, FILE *out)
{
    fprintf(out,
            "plot '%s' using 1:%zu:%zu with filledcurves fillcolor rgb '" RIG_COLOUR_PREDICTED_BAND
            "' "
            "title '95 %% band', \\\n"
            "     '' using 1:%zu with lines linewidth 3 linecolor rgb '" RIG_COLOUR_PREDICTED "' "
            "title 'predicted', \\\n"
            "     '' using 1:%zu with linespoints pointtype 7 pointsize 0.2 linewidth 1.8 "
            "linecolor rgb '" RIG_COLOUR_OBSERVED "' title 'observed'\n",
            file, column + 2, column + 3, column + 1, column);
}

/* The legend of all panels: a plot of nothing that is as wide as the picture. */
static void print_legend(const json_t *result, const rig_plot_grid *grid, FILE *out)
{
    const bool is_wide = grid->n_columns > 1;
    fprintf(out,
            "set lmargin at screen 0.02\nset rmargin at screen 0.98\n"
            "set tmargin at screen 0.995\nset bmargin at screen %.4f\n"
            "unset border\nunset tics\nunset grid\nset xrange [0:1]\nset yrange [0:1]\n"
            "set key inside center top %s\n"
            "plot -1 with filledcurves y1=-2 fillcolor rgb '" RIG_COLOUR_PREDICTED_BAND
            "' title '95 %% band', "
            "\\\n"
            "     -1 with lines linewidth 3 linecolor rgb '" RIG_COLOUR_PREDICTED "' "
            "title 'predicted', \\\n"
            "     -1 with lines linewidth 1.8 linecolor rgb '" RIG_COLOUR_OBSERVED "' "
            "title 'observed'",
            1.0 - (grid->top - (is_wide ? 10.0 : 0.0)) / grid->height,
            is_wide ? "horizontal Left reverse maxrows 1" : "vertical Left reverse maxcols 1");
    rig_plot_faults_legend(result, out);
    fprintf(out, "\nunset key\n");
}

static void print_panel(FILE *out, const json_t *result, rig_plot plot, rig_layout layout, size_t p)
{
    char unit[64], file[32];
    size_t n;
    const rig_plot_quantity *of = &rig_plot_quantities(plot, &n)[p];
    const double highest = highest_of(result, of);
    (void)snprintf(unit, sizeof unit, "calls per %.4g s", interval_s(result));
    (void)snprintf(file, sizeof file, "%s.dat", rig_plot_name(plot));
    rig_plot_panel(
        out, rig_plot_series_grid(plot, layout), (rig_plot_panel_place){p, n},
        &(rig_plot_axis){of->title, of->unit != NULL ? of->unit : unit, highest, of->is_whole});
    if (isfinite(highest))
        print_curves(file, 2 + N_COLUMNS * p, out);
    else
        rig_plot_panel_of_nothing(out);
}

void rig_plot_panels_script(rig_plot plot, const json_t *result, rig_layout layout, FILE *out)
{
    size_t n;
    (void)rig_plot_quantities(plot, &n);
    const rig_plot_grid *grid = rig_plot_series_grid(plot, layout);
    rig_plot_head(out, plot, layout, (int)grid->height);
    fprintf(out, "set multiplot\n");
    print_legend(result, grid, out);
    fprintf(out,
            "set border 3\nset tics nomirror out scale 0.5\nset grid y\nset xtics nomirror offset "
            "0,0.4\n"
            "set xrange [0:%.10g]\nset xlabel 'time (s, scenario)' offset 0,0.9\n",
            rig_plot_series_end_s(result, plot));
    rig_plot_faults(result, out);
    for (size_t p = 0; p < n; p++)
        print_panel(out, result, plot, layout, p);
    fprintf(out, "unset multiplot\n");
}

/* A level with its words, dashed. */
static void print_level(FILE *out, double at, const char *words, const char *colour, int dash)
{
    fprintf(out,
            "set arrow from graph 0,first %.10g to graph 1,first %.10g nohead dashtype %d "
            "linewidth 1.5 linecolor rgb '%s' front\n"
            "set label '%s' at graph 0.99,first %.10g right "
            "offset 0,0.6 textcolor rgb '%s' front\n",
            at, at, dash, colour, words, at, colour);
}

void rig_plot_circuits_script(const json_t *result, rig_layout layout, FILE *out)
{
    const rig_plot_grid *g = rig_plot_series_grid(RIG_PLOT_CIRCUITS, layout);
    const json_t *trunk = rig_json_object(result, "trunk");
    const double n_circuits = rig_json_number(trunk, "circuits");
    const double begin = rig_json_number(rig_json_object(trunk, "in_use_at_refusal"), "min");
    const double highest = fmax(n_circuits, highest_of(result, circuits));
    char words[96];
    rig_plot_head(out, RIG_PLOT_CIRCUITS, layout, (int)g->height);
    (void)snprintf(words, sizeof words, "circuits in use (mean of %.4g s)", interval_s(result));
    rig_plot_panel(out, g, (rig_plot_panel_place){0, 1},
                   &(rig_plot_axis){"", words, highest, false});
    fprintf(out,
            "set yrange [0:%.4g]\nset xrange [0:%.10g]\n"
            "set xlabel 'time (s, scenario)' offset 0,0.6\n"
            "set key at screen 0.5,0.99 center top %s\n",
            highest > 0.0 ? 1.15 * highest : 1.0, rig_plot_series_end_s(result, RIG_PLOT_CIRCUITS),
            layout == RIG_LAYOUT_WIDE ? "horizontal Left reverse maxrows 1"
                                      : "vertical Left reverse maxcols 1");
    rig_plot_faults(result, out);
    if (n_circuits >= 0.0) {
        (void)snprintf(words, sizeof words, "%.10g circuits in the scenario", n_circuits);
        print_level(out, n_circuits, words, RIG_COLOUR_MARK, 2);
    }
    if (n_circuits - begin > 0.03 * n_circuits) { /* nearer, and the two lines are one */
        (void)snprintf(words, sizeof words, "refusals begin at %.10g in use", begin);
        print_level(out, begin, words, RIG_COLOUR_OBSERVED_TEXT, 3);
    }
    print_curves("circuits.dat", 2, out);
}
