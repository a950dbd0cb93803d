/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "reports/plan/grid.h"
#include "reports/plan_plots.h"
#include "reports/plots/palette.h"

/* Cells that still have room for their figure: across and up. */
#define MAX_LABELLED 14

/* Upon the colours of cells, which are the same on light and on dark pages: so are these. */
#define COLOUR_INK    "#14181d"
#define COLOUR_ANSWER "#d05a00"
#define COLOUR_MEETS  "#00694c"

/* Most tics of an axis. */
#define MAX_TICS 12

/* Least and greatest mean; NAN when there is none. */
static void range_of(const rig_report_plan *report, rig_metric metric, double *low, double *high)
{
    *low = *high = (double)NAN;
    for (size_t p = 0; p < report->plan->n_points; p++) {
        double value =
            rig_report_plan_scale_of(metric) * report->plan->points[p]->metrics[metric].mean;
        *low = fmin(*low, value);
        *high = fmax(*high, value);
    }
}

static const rig_report_plan_cell *cell_at(const rig_report_plan_grid *grid, size_t x, size_t y)
{
    return &grid->cells[x * grid->n_y + y];
}

static void print_data(const rig_report_plan *report, rig_metric metric,
                       const rig_report_plan_grid *grid, FILE *out)
{
    const rig_plan_question *q = report->plan->question;
    fprintf(out,
            "# %s (%s), mean; NaN: not known\n# x y mean simulated(1) or between such ones (0) "
            "meets(1), fails(-1), open(0)   (of %s, %s)\n",
            rig_metric_short_name(metric).text, rig_report_plan_unit_of(metric), q->axes[0].key,
            q->axes[1].key);
    for (size_t x = 0; x < grid->n_x; x++) {
        for (size_t y = 0; y < grid->n_y; y++) {
            const rig_report_plan_cell *cell = cell_at(grid, x, y);
            const double value = rig_report_plan_scale_of(metric) * cell->value;
            if (isfinite(value))
                fprintf(out, "%zu %zu %.10g", x, y, value);
            else
                fprintf(out, "%zu %zu NaN", x, y);
            fprintf(out, " %d %d\n", cell->is_simulated ? 1 : 0,
                    (int)cell->verdict - (int)RIG_PLAN_UNDECIDED);
        }
        fputc('\n', out); /* a grid, as contours need it */
    }
}

static void print_tics(FILE *out, char axis_name, const rig_plan_axis *axis, size_t most)
{
    const size_t step = (axis->n + most - 1) / most;
    fprintf(out, "set %ctics scale 0 (", axis_name);
    for (size_t i = 0; i < axis->n; i += step)
        fprintf(out, "%s'%s' %zu", i > 0 ? ", " : "", axis->values[i].text, i);
    fputs(")\n", out);
}

/* The frame of a cell, inside its edges. */
static void print_frame(FILE *out, const rig_plan_point *point, int id, bool is_answer)
{
    fprintf(out,
            "set object %d rectangle from first %.2f,first %.2f to first %.2f,first %.2f front "
            "fillstyle empty border linecolor rgb '%s' linewidth %s\n",
            id, (double)point->index[0] - 0.47, (double)point->index[1] - 0.46,
            (double)point->index[0] + 0.47, (double)point->index[1] + 0.46,
            is_answer ? COLOUR_ANSWER : COLOUR_INK, is_answer ? "4.5" : "2");
}

/* So many that what has another colour has another number. */
static int decimals_for(double range)
{
    return range >= 5.0 ? 1 : range >= 0.5 ? 2 : 3;
}

static bool is_full(const rig_plan *plan)
{
    return plan->n_points == plan->n_grid;
}

/* One picture: a metric over two axes, in one layout. */
typedef struct heat {
    const rig_report_plan *report;
    const rig_report_plan_grid *grid;
    const rig_plan_requirement *limit; /* on the metric; NULL: none */
    rig_metric metric;
    rig_layout layout;
    bool is_narrow, has_contour, has_edges;
    double low, high; /* of the colours */
    char name[64];    /* of the files, without their ends */
} heat;

static heat heat_of(const rig_report_plan *report, rig_metric metric,
                    const rig_report_plan_grid *grid, rig_layout layout)
{
    heat h = {.report = report,
              .grid = grid,
              .limit = rig_report_plan_limit_on(report->plan->question, metric),
              .metric = metric,
              .layout = layout,
              .is_narrow = layout == RIG_LAYOUT_NARROW};
    (void)snprintf(h.name, sizeof h.name, "heat-%s", rig_metric_short_name(metric).text);
    range_of(report, metric, &h.low, &h.high);
    h.low = isfinite(h.low) ? h.low : 0.0;
    h.high = isfinite(h.high) && h.high > h.low ? h.high : h.low + 1.0;
    const double scale = rig_report_plan_scale_of(metric);
    h.has_contour =
        h.limit != NULL && scale * h.limit->limit > h.low && scale * h.limit->limit < h.high;
    return h;
}

static int small_font(const heat *h)
{
    return h->layout == RIG_LAYOUT_PNG ? 9 : h->is_narrow ? 10 : 12;
}

/* The line of the limit, as a table that the plot reads. */
static void print_contour(const heat *h, FILE *out)
{
    fprintf(out,
            "set contour base\nset cntrparam levels discrete %.10g\nunset surface\n"
            "set table $limit\nsplot '%s.dat' using 1:2:3\nunset table\nunset contour\n"
            "set surface\n",
            rig_report_plan_scale_of(h->metric) * h->limit->limit, h->name);
}

/* Does the combination meet all that is required, simulated or not? Beyond the grid none does. */
static bool meets(const rig_report_plan_grid *grid, size_t x, size_t y)
{
    return x < grid->n_x && y < grid->n_y && cell_at(grid, x, y)->verdict == RIG_PLAN_MEETS;
}

/* The edges between what meets and what does not; @return whether there are any. */
static bool print_edges(const rig_report_plan_grid *grid, FILE *out)
{
    bool has_any = false;
    fputs("$meets << EOD\n", out);
    for (size_t x = 0; x < grid->n_x; x++) {
        for (size_t y = 0; y < grid->n_y; y++) {
            const double left = (double)x - 0.5, low = (double)y - 0.5;
            if (!meets(grid, x, y))
                continue;
            has_any = true; /* x - 1 of 0 is beyond the grid, too */
            if (!meets(grid, x - 1, y))
                fprintf(out, "%.1f %.1f\n%.1f %.1f\n\n", left, low, left, low + 1.0);
            if (!meets(grid, x + 1, y))
                fprintf(out, "%.1f %.1f\n%.1f %.1f\n\n", left + 1.0, low, left + 1.0, low + 1.0);
            if (!meets(grid, x, y - 1))
                fprintf(out, "%.1f %.1f\n%.1f %.1f\n\n", left, low, left + 1.0, low);
            if (!meets(grid, x, y + 1))
                fprintf(out, "%.1f %.1f\n%.1f %.1f\n\n", left, low + 1.0, left + 1.0, low + 1.0);
        }
    }
    fputs("EOD\n", out);
    return has_any;
}

static void print_axes(const heat *h, FILE *out)
{
    const rig_plan_axis *axes = h->report->plan->question->axes;
    fprintf(out,
            "unset grid\nset palette defined (0 '#f7fbff', 0.5 '#9ecae1', 1 "
            "'#3a8ac4')\nset cbrange [%.10g:%.10g]\nset cbtics scale 0.5\n"
            "set xrange [-0.5:%.1f]\nset yrange [-0.5:%.1f]\n"
            "set xlabel '%s'\nset ylabel '%s'\n"
            "set cblabel '%s (%s)' offset 1\n"
            "set object 1 rectangle from graph 0,graph 0 to graph 1,graph 1 behind fillcolor rgb "
            "'" RIG_COLOUR_NOT_TRIED "' fillstyle solid noborder\n",
            h->low, h->high, (double)axes[0].n - 0.5, (double)axes[1].n - 0.5, axes[0].key,
            axes[1].key, rig_metric_short_name(h->metric).text, rig_report_plan_unit_of(h->metric));
    print_tics(out, 'x', &axes[0], h->is_narrow ? 6 : MAX_TICS);
    print_tics(out, 'y', &axes[1], MAX_TICS + 2);
}

static void print_title(const heat *h, FILE *out)
{
    fputs("set title ", out);
    rig_report_plan_quoted(out, rig_metric_describe(h->metric)->description);
    fprintf(out, " font ',%d' offset 0,%s\nset key outside top center %s\n",
            h->is_narrow ? 11 : small_font(h) + 4, h->is_narrow ? "-0.3" : "0",
            h->is_narrow ? "vertical Left reverse maxcols 1" : "horizontal Left reverse maxrows 1");
}

/* The frames of the combinations that do. */
static void print_frames(const rig_plan *plan, FILE *out)
{
    for (size_t m = 0; m < plan->n_minimal; m++) {
        if (plan->minimal[m] != plan->answer)
            print_frame(out, plan->points[plan->minimal[m]], 10 + (int)m, false);
    }
    if (plan->answer != RIG_PLAN_NONE)
        print_frame(out, plan->points[plan->answer], 9, true);
}

/* The figures in the cells, where there is room for them. */
static void print_labels(const heat *h, FILE *out)
{
    const rig_plan_axis *axes = h->report->plan->question->axes;
    const size_t most = h->is_narrow ? 7 : MAX_LABELLED;
    if (axes[0].n > most || axes[1].n > MAX_LABELLED)
        return;
    fprintf(
        out,
        ", \\\n     '%s.dat' using 1:2:(strcol(3) eq 'NaN' || $4 < 1 ? '' : sprintf($3 >= 99.95 ? "
        "'%%.0f' : "
        "'%%.%df', $3)) with labels font ',%d' textcolor rgb '" COLOUR_INK "' notitle ",
        h->name, decimals_for(h->high - h->low), small_font(h));
}

/* What the key explains; the points themselves are nowhere. */
static void print_key(const rig_plan *plan, FILE *out)
{
    if (plan->n_minimal > 1)
        fputs(", \\\n     NaN with points pointtype 4 pointsize 1.5 linewidth 2 linecolor rgb "
              "'#000000' title 'minimal combinations'",
              out);
    if (plan->answer != RIG_PLAN_NONE)
        fputs(", \\\n     NaN with points pointtype 4 pointsize 1.5 linewidth 4 linecolor rgb "
              "'" RIG_COLOUR_OBSERVED "' title 'cheapest'",
              out);
    if (!is_full(plan))
        fputs(", \\\n     NaN with points pointtype 5 pointsize 0.9 linecolor rgb "
              "'" RIG_COLOUR_BORDER "' title 'small: interpolated'",
              out);
}

static void print_plot(const heat *h, FILE *out)
{
    fprintf(out,
            "plot '%s.dat' using (abs($3) >= 0 ? $1 : NaN):2:($4 > 0 ? 0.5 : 0.33):($4 > 0 ? 0.5 : "
            "0.33):3 "
            "with boxxyerror fillstyle solid noborder fillcolor palette notitle",
            h->name);
    if (h->has_contour)
        fprintf(out,
                ", \\\n     $limit using 1:2 with lines linewidth 2.5 dashtype 2 linecolor rgb "
                "'" COLOUR_INK "' notitle, \\\n     NaN with lines linewidth 2.5 dashtype 2 "
                "linecolor rgb '" RIG_COLOUR_MARK "' title '%s'",
                h->limit->text);
    if (h->has_edges)
        fputs(", \\\n     $meets using 1:2 with lines linewidth 3 linecolor rgb '" COLOUR_MEETS
              "' notitle, \\\n     NaN with lines linewidth 3 linecolor rgb '" RIG_COLOUR_THIRD
              "' title 'meets all, simulated or not'",
              out);
    print_labels(h, out);
    print_key(h->report->plan, out);
    fputs("\nunset object\n", out);
}

static void print_layout(const rig_report_plan *report, rig_metric metric,
                         const rig_report_plan_grid *grid, rig_layout layout, FILE *out)
{
    heat h = heat_of(report, metric, grid, layout);
    rig_report_plan_canvas(out, h.name, layout, h.is_narrow ? 500 : 640);
    h.has_edges = print_edges(grid, out);
    if (h.has_contour)
        print_contour(&h, out);
    print_axes(&h, out);
    print_title(&h, out);
    print_frames(report->plan, out);
    print_plot(&h, out);
}

rig_status rig_report_plan_heat_data(const rig_report_plan *report, rig_metric metric, FILE *out)
{
    rig_report_plan_grid grid;
    const rig_status status = rig_report_plan_grid_make(report, metric, &grid);
    if (status != RIG_OK)
        return status;
    print_data(report, metric, &grid, out);
    rig_report_plan_grid_clear(&grid);
    return RIG_OK;
}

rig_status rig_report_plan_heat_script(const rig_report_plan *report, rig_metric metric, FILE *out)
{
    rig_report_plan_grid grid;
    const rig_status status = rig_report_plan_grid_make(report, metric, &grid);
    if (status != RIG_OK)
        return status;
    fprintf(out, "# Made by peakrig. Run in this folder: gnuplot heat-%s.gp\n",
            rig_metric_short_name(metric).text);
    for (int layout = 0; layout < RIG_N_LAYOUTS; layout++)
        print_layout(report, metric, &grid, (rig_layout)layout, out);
    rig_report_plan_grid_clear(&grid);
    return RIG_OK;
}
