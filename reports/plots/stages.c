/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/plots/stages.h"
#include "reports/plots/palette.h"

#include <math.h>
#include <string.h>

#include "core/stage.h"
#include "reports/json_file.h"
#include "reports/plots/faults.h"
#include "reports/plots/parts.h"
#include "reports/plots/series.h"

/* More bins than a picture can show apart. */
#define MAX_BINS 20000

static const char *const columns[] = {"low", "high", "mean", "observed"};
#define N_COLUMNS (sizeof columns / sizeof columns[0])

/* Where a bin outside the band is drawn: above or below it, near it or beyond the margin. */
typedef enum mark { ABOVE = 0, FAR_ABOVE, BELOW, FAR_BELOW, N_MARKS } mark;

/* Triangles up and down, open and filled: they differ without colour. */
static const int point_types[N_MARKS] = {8, 9, 10, 11};

/* A stage's bins. */
typedef struct bins {
    const json_t *of; /* over_time */
    size_t n;         /* 0: no figures */
    double length_s, end_s;
} bins;

static bins bins_of(const json_t *result, rig_stage stage)
{
    const json_t *stages = rig_json_list(result, "stages");
    const json_t *intervals = rig_json_object(result, "intervals");
    bins b = {0};
    for (size_t i = 0; i < json_array_size(stages); i++) {
        const json_t *item = json_array_get(stages, i);
        if (strcmp(rig_json_text(item, "stage"), rig_stage_name(stage)) == 0)
            b.of = rig_json_object(item, "over_time");
    }
    b.length_s = rig_json_number(b.of, "bin_s");
    if (!(b.length_s > 0.0))
        return b;
    b.n = json_array_size(rig_json_list(b.of, "observed"));
    for (size_t c = 0; c < N_COLUMNS; c++) {
        if (json_array_size(rig_json_list(b.of, columns[c])) != b.n)
            b.n = 0;
    }
    b.n = b.n < MAX_BINS ? b.n : MAX_BINS;
    b.end_s = (double)b.n * b.length_s; /* the last one may be shorter */
    double traffic_s =
        rig_json_number(intervals, "length_s") *
        (double)json_array_size(rig_json_list(
            rig_json_object(rig_json_object(intervals, "series"), "offered"), "observed"));
    if (traffic_s > b.end_s - b.length_s && traffic_s < b.end_s)
        b.end_s = traffic_s;
    return b;
}

static double figure(const bins *b, const char *column, size_t at)
{
    return rig_json_number_at(rig_json_list(b->of, column), at);
}

static bool is_beyond_margin(const bins *b, double from_s)
{
    const json_t *left = rig_json_list(b->of, "left");
    for (size_t i = 0; i < json_array_size(left); i++) {
        const json_t *bin = json_array_get(left, i);
        if (fabs(rig_json_number(bin, "from_s") - from_s) < 0.5 * b->length_s)
            return rig_json_is_true(bin, "beyond_margin");
    }
    return false;
}

/* Whether a bin is outside, and how it is drawn. */
static bool is_outside(const bins *b, size_t at, mark *how)
{
    double observed = figure(b, "observed", at);
    bool is_far = is_beyond_margin(b, (double)at * b->length_s);
    bool is_above = observed > figure(b, "high", at);
    *how = is_above ? (is_far ? FAR_ABOVE : ABOVE) : is_far ? FAR_BELOW : BELOW;
    return is_above || observed < figure(b, "low", at);
}

static void write_steps(const bins *b, FILE *out)
{
    for (size_t i = 0; i < b->n; i++) {
        double from_s = (double)i * b->length_s, to_s = fmin(from_s + b->length_s, b->end_s);
        for (int end = 0; end < 2; end++) {
            fprintf(out, "%.10g", end == 0 ? from_s : to_s);
            for (size_t c = 0; c < N_COLUMNS; c++)
                rig_plot_number(out, figure(b, columns[c], i));
            fprintf(out, "\n");
        }
    }
}

static void write_marks(const bins *b, FILE *out)
{
    for (size_t i = 0; i < b->n; i++) {
        mark how;
        if (!is_outside(b, i, &how))
            continue;
        double from_s = (double)i * b->length_s, to_s = fmin(from_s + b->length_s, b->end_s);
        fprintf(out, "%.10g", 0.5 * (from_s + to_s));
        for (int m = 0; m < N_MARKS; m++)
            rig_plot_number(out, m == (int)how ? figure(b, "observed", i) : (double)NAN);
        fprintf(out, "\n");
    }
}

bool rig_plot_stages_data(const json_t *result, FILE *out)
{
    bool has_figures = false;
    fprintf(out, "# two blocks a stage: begin and end of each bin; middle of each bin outside\n"
                 "# time_s low high mean observed\n# time_s above far_above below far_below\n");
    for (int s = 0; s < RIG_N_STAGES; s++) {
        bins b = bins_of(result, (rig_stage)s);
        has_figures = has_figures || b.n > 0;
        fprintf(out, "# %s\n", rig_stage_name((rig_stage)s));
        if (b.n == 0)
            fprintf(out, "0 NaN NaN NaN NaN\n"); /* an empty block would not be counted */
        write_steps(&b, out);
        fprintf(out, "\n\n0 NaN NaN NaN NaN\n");
        write_marks(&b, out);
        fprintf(out, "\n\n");
    }
    return has_figures;
}

/* What one sees, with the words of the legend. The band's upper edge is drawn, too; the lower one
 * is the ground, mostly. Each text says where the data are. */
static void print_lines(FILE *out, const char *band, const char *edge, const char *mean,
                        const char *observed)
{
    fprintf(
        out,
        "plot %s with filledcurves fillcolor rgb '" RIG_COLOUR_PREDICTED_BAND "' title 'band', \\\n"
        "     %s with lines linewidth 0.8 linecolor rgb '" RIG_COLOUR_PREDICTED "' notitle, \\\n"
        "     %s with lines dashtype 2 linewidth 2.5 linecolor rgb '" RIG_COLOUR_PREDICTED "' "
        "title 'predicted mean', \\\n"
        "     %s with lines linewidth 2 linecolor rgb '" RIG_COLOUR_OBSERVED "' "
        "title 'observed'",
        band, edge, mean, observed);
}

static void print_marks(FILE *out, const char *where, const char *title)
{
    fprintf(out,
            ", \\\n     %s with points pointsize 0.9 linewidth 1.5 linecolor rgb '" RIG_COLOUR_MARK
            "' "
            "pointtype %s",
            where, title);
}

/* The legend of all panels: a plot of nothing that is as wide as the picture. */
static void print_legend(FILE *out, const json_t *result, rig_layout layout)
{
    bool is_wide = layout == RIG_LAYOUT_WIDE;
    fprintf(out,
            "set lmargin at screen 0.02\nset rmargin at screen 0.98\n"
            "set tmargin at screen 0.995\nset bmargin at screen %.2f\n"
            "unset border\nunset tics\nunset grid\nset xrange [0:1]\nset yrange [0:1]\n"
            "set key inside center top %s\n",
            is_wide ? 0.9 : 0.87,
            is_wide ? "vertical Left reverse maxrows 3" : "vertical Left reverse maxcols 1");
    print_lines(out, "-1", "-1", "-1", "-1");
    print_marks(out, "-1", "8 title 'bin outside the band'");
    print_marks(out, "-1", "9 title 'outside by more than the margin'");
    rig_plot_faults_legend(result, out);
    fprintf(out, "\nunset key\n");
}

static void print_panel(FILE *out, const json_t *result, rig_layout layout, rig_stage stage)
{
    char title[96], unit[64], band[64], line[3][64];
    const bins b = bins_of(result, stage);
    size_t n_outside = 0, n_of[N_MARKS] = {0};
    double highest = (double)NAN;
    for (size_t i = 0; i < b.n; i++) {
        mark how;
        if (is_outside(&b, i, &how)) {
            n_outside++;
            n_of[how]++;
        }
        highest = fmax(highest, fmax(figure(&b, "observed", i), figure(&b, "high", i)));
    }
    (void)snprintf(unit, sizeof unit, "lost calls per %.4g s", b.length_s);
    (void)snprintf(title, sizeof title, "%s: %zu of %zu bins outside", rig_stage_name(stage),
                   n_outside, b.n);
    rig_plot_panel(out, rig_plot_series_grid(RIG_PLOT_STAGES, layout),
                   (rig_plot_panel_place){(size_t)stage, RIG_N_STAGES},
                   &(rig_plot_axis){b.n > 0 ? title : rig_stage_name(stage),
                                    b.n > 0 ? unit : "lost calls", highest, true});
    if (!isfinite(highest)) {
        rig_plot_panel_of_nothing(out);
        return;
    }
    (void)snprintf(band, sizeof band, "'stages.dat' index %d using 1:2:3", 2 * (int)stage);
    for (int c = 0; c < 3; c++) /* high, mean, observed */
        (void)snprintf(line[c], sizeof line[c], "'' index %d using 1:%d", 2 * (int)stage, c + 3);
    print_lines(out, band, line[0], line[1], line[2]);
    for (int m = 0; m < N_MARKS; m++) {
        char at[64], type[32];
        if (n_of[m] == 0)
            continue;
        (void)snprintf(at, sizeof at, "'' index %d using 1:%d", 2 * (int)stage + 1, m + 2);
        (void)snprintf(type, sizeof type, "%d notitle", point_types[m]);
        print_marks(out, at, type);
    }
    fprintf(out, "\n");
}

double rig_plot_stages_end_s(const json_t *result)
{
    double end_s = 0.0;
    for (int s = 0; s < RIG_N_STAGES; s++)
        end_s = fmax(end_s, bins_of(result, (rig_stage)s).end_s);
    return end_s;
}

void rig_plot_stages_script(const json_t *result, rig_layout layout, FILE *out)
{
    rig_plot_head(out, RIG_PLOT_STAGES, layout,
                  (int)rig_plot_series_grid(RIG_PLOT_STAGES, layout)->height);
    fprintf(out, "set multiplot\n");
    print_legend(out, result, layout);
    fprintf(out,
            "set border 3\nset tics nomirror out scale 0.5\nset grid y\nset xtics nomirror offset "
            "0,0.4\n"
            "set xrange [0:%.10g]\nset xlabel 'arrival of the call (s, scenario)' offset 0,0.9\n",
            rig_plot_stages_end_s(result));
    rig_plot_faults(result, out);
    for (int s = 0; s < RIG_N_STAGES; s++)
        print_panel(out, result, layout, (rig_stage)s);
    fprintf(out, "unset multiplot\n");
}
