/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "reports/plan_plots.h"
#include "reports/plots/palette.h"

/* --- what is shown ---------------------------------------------------------------------------- */

const rig_plan_point *rig_report_plan_curve_next(const rig_plan *plan, size_t *at)
{
    const size_t shown = plan->answer != RIG_PLAN_NONE    ? plan->answer
                         : plan->nearest != RIG_PLAN_NONE ? plan->nearest
                                                          : 0;
    while (*at < plan->n_points) {
        const rig_plan_point *point = plan->points[(*at)++];
        bool is_on = true;
        for (size_t a = 1; a < plan->question->n_axes; a++)
            is_on = is_on && point->index[a] == plan->points[shown]->index[a];
        if (is_on)
            return point;
    }
    return NULL;
}

size_t rig_report_plan_curve_n(const rig_plan *plan)
{
    size_t n = 0, at = 0;
    while (rig_report_plan_curve_next(plan, &at) != NULL)
        n++;
    return n;
}

/* The ends of the curve; NULL when it has no point. */
static const rig_plan_point *first_of(const rig_plan *plan)
{
    size_t at = 0;
    return rig_report_plan_curve_next(plan, &at);
}

static const rig_plan_point *last_of(const rig_plan *plan)
{
    const rig_plan_point *last = NULL;
    size_t at = 0;
    for (const rig_plan_point *p; (p = rig_report_plan_curve_next(plan, &at)) != NULL;)
        last = p;
    return last;
}

static double number_of(const rig_plan *plan, const rig_plan_point *point)
{
    return plan->question->axes[0].values[point->index[0]].number;
}

static void print_number(FILE *out, double value)
{
    if (isfinite(value))
        fprintf(out, " %.10g", value);
    else
        fputs(" NaN", out);
}

void rig_report_plan_curves_data(const rig_report_plan *report, FILE *out)
{
    size_t at = 0;
    fprintf(out,
            "# %s; for each figure: mean, interval of the mean (low, high), 95 %% of single "
            "runs (low, high)\n# value",
            report->plan->question->axes[0].key);
    for (size_t m = 0; m < report->n_shown; m++)
        fprintf(out, " %s (%s) . . . .", rig_metric_short_name(report->shown[m]).text,
                rig_report_plan_unit_of(report->shown[m]));
    fputc('\n', out);
    for (const rig_plan_point *p; (p = rig_report_plan_curve_next(report->plan, &at)) != NULL;) {
        fprintf(out, "%.10g", number_of(report->plan, p));
        for (size_t m = 0; m < report->n_shown; m++) {
            const rig_summary *s = &p->metrics[report->shown[m]];
            const double scale = rig_report_plan_scale_of(report->shown[m]);
            const double values[] = {s->mean, s->ci_low, s->ci_high, s->low, s->high};
            for (size_t v = 0; v < sizeof values / sizeof *values; v++)
                print_number(out, scale * values[v]);
        }
        fputc('\n', out);
    }
}

/* --- the panels ------------------------------------------------------------------------------- */

/* Room for the panels of a picture, in units of its size. */
typedef struct grid {
    double width, top, row, gap, bottom, left, panel_width, step;
    size_t n_columns;
} grid;

static const grid wide = {1000, 145, 210, 125, 62, 85, 385, 500, 2};
static const grid narrow = {400, 190, 170, 108, 52, 66, 312, 400, 1};

static const grid *grid_of(rig_layout layout)
{
    return layout == RIG_LAYOUT_NARROW ? &narrow : &wide;
}

static double height_of(const grid *g, size_t n_panels)
{
    size_t n_rows = (n_panels + g->n_columns - 1) / g->n_columns;
    return g->top + g->bottom + (double)n_rows * g->row + (double)(n_rows - 1) * g->gap;
}

/* The legend of all panels: a plot of nothing that is as wide as the picture. */
static void print_legend(FILE *out, const rig_plan_question *q, rig_layout layout, double height)
{
    const bool is_narrow = layout == RIG_LAYOUT_NARROW;
    fprintf(out,
            "set lmargin at screen 0.02\nset rmargin at screen 0.98\n"
            "set tmargin at screen %.4f\nset bmargin at screen %.4f\n"
            "unset border\nunset tics\nunset grid\nset xrange [0:1]\nset yrange [0:1]\n"
            "set key inside center top %s\nset style fill noborder\n"
            "plot -1 with lines linewidth 3 linecolor rgb '" RIG_COLOUR_PREDICTED
            "' title 'mean', \\\n"
            "     -1 with filledcurves y1=-2 fillcolor rgb '" RIG_COLOUR_PREDICTED_MEAN "' "
            "title '%.4g %% interval of the mean', \\\n"
            "     -1 with filledcurves y1=-2 fillcolor rgb '" RIG_COLOUR_PREDICTED_WIDE "' "
            "title '95 %% of single runs'",
            1.0 - 6.0 / height, 1.0 - (is_narrow ? 125.0 : 62.0) / height,
            is_narrow ? "vertical Left reverse maxcols 1" : "horizontal Left reverse maxrows 2",
            100.0 * q->confidence);
    if (q->n_requirements > 0)
        fputs(", \\\n     -1 with lines dashtype 2 linewidth 1.5 linecolor rgb '" RIG_COLOUR_MARK
              "' "
              "title 'limit', \\\n"
              "     -1 with lines linewidth 2 linecolor rgb '" RIG_COLOUR_OBSERVED "' "
              "title 'smallest that meets'",
              out);
    fputs("\nunset key\n", out);
}

/* The greatest value to be shown: of a band and of the limit. A limit far above is left out. */
static double highest_of(const rig_report_plan *report, rig_metric metric,
                         const rig_plan_requirement *limit)
{
    double highest = 0.0, scale = rig_report_plan_scale_of(metric);
    size_t at = 0;
    for (const rig_plan_point *p; (p = rig_report_plan_curve_next(report->plan, &at)) != NULL;)
        highest = fmax(highest, scale * p->metrics[metric].high);
    if (limit != NULL && scale * limit->limit > highest)
        highest = fmin(scale * limit->limit, highest > 0.0 ? 2.0 * highest : scale * limit->limit);
    return highest > 0.0 ? highest : 1.0;
}

static void print_answer(FILE *out, const rig_plan *plan)
{
    if (plan->answer == RIG_PLAN_NONE)
        return;
    const rig_plan_value *value =
        &plan->question->axes[0].values[plan->points[plan->answer]->index[0]];
    fprintf(out,
            "set arrow 1 from first %.10g,graph 0 to first %.10g,graph 1 nohead linewidth 2 "
            "linecolor rgb '" RIG_COLOUR_OBSERVED "' back\n"
            "set label 1 '%s' at first %.10g,graph 1 center offset 0,0.5 "
            "textcolor rgb '" RIG_COLOUR_OBSERVED_TEXT "'\n",
            value->number, value->number, value->text, value->number);
}

static void print_panel(FILE *out, const rig_report_plan *report, rig_layout layout, size_t p)
{
    const grid *g = grid_of(layout);
    const bool is_narrow = layout == RIG_LAYOUT_NARROW;
    const rig_metric metric = report->shown[p];
    const rig_plan_requirement *limit = rig_report_plan_limit_on(report->plan->question, metric);
    const double height = height_of(g, report->n_shown), scale = rig_report_plan_scale_of(metric);
    const double x = g->left + g->step * (double)(p % g->n_columns);
    const double y = height - g->top - (g->row + g->gap) * (double)(p / g->n_columns);
    const double highest = highest_of(report, metric, limit);
    const int title = layout == RIG_LAYOUT_PNG ? 13 : is_narrow ? 14 : 17;
    const int small = layout == RIG_LAYOUT_PNG ? 9 : is_narrow ? 10 : 12;
    fprintf(out,
            "unset label\nunset arrow\n"
            "set lmargin at screen %.4f\nset rmargin at screen %.4f\n"
            "set tmargin at screen %.4f\nset bmargin at screen %.4f\n"
            "set yrange [0:%.6g]\n",
            x / g->width, (x + g->panel_width) / g->width, y / height, (y - g->row) / height,
            scale == 100.0 ? fmin(1.12 * highest, 105.0) : 1.12 * highest);
    fprintf(out, "set label 2 '%s (%s)' at screen %.4f,screen %.4f left font ',%d'\n",
            rig_metric_short_name(metric).text, rig_report_plan_unit_of(metric), x / g->width,
            (y + (is_narrow ? 48.0 : 52.0)) / height, title);
    fputs("set label 3 ", out);
    rig_report_plan_quoted(out, rig_metric_describe(metric)->description);
    fprintf(out,
            " at screen %.4f,screen %.4f left font ',%d' textcolor rgb '" RIG_COLOUR_SOFT_TEXT
            "'\n",
            x / g->width, (y + (is_narrow ? 30.0 : 31.0)) / height, small);
    print_answer(out, report->plan);
    if (limit != NULL)
        fprintf(out,
                "set arrow 2 from graph 0,first %.10g to graph 1,first %.10g nohead dashtype 2 "
                "linewidth 1.5 linecolor rgb '" RIG_COLOUR_MARK "' front\n"
                "set label 4 'limit %.6g' at graph 0.99,first %.10g right offset 0,0.5 front\n",
                scale * limit->limit, scale * limit->limit, scale * limit->limit,
                scale * limit->limit);
    const size_t column = 2 + 5 * p;
    fprintf(out,
            "plot 'curves.dat' using 1:%zu:%zu with filledcurves fillcolor rgb "
            "'" RIG_COLOUR_PREDICTED_WIDE "', \\\n"
            "     '' using 1:%zu:%zu with filledcurves fillcolor rgb '" RIG_COLOUR_PREDICTED_MEAN
            "', \\\n"
            "     '' using 1:%zu with linespoints linewidth 2 pointtype 7 pointsize %.2f linecolor "
            "rgb '" RIG_COLOUR_PREDICTED "'\n",
            column + 3, column + 4, column + 1, column + 2, column,
            rig_report_plan_curve_n(report->plan) > 40 ? 0.25 : 0.5);
}

static void print_layout(const rig_report_plan *report, rig_layout layout, FILE *out)
{
    const rig_plan_question *q = report->plan->question;
    const double height = height_of(grid_of(layout), report->n_shown);
    const rig_plan_point *begin = first_of(report->plan);
    if (begin == NULL)
        return;
    const double first = number_of(report->plan, begin);
    const double last = number_of(report->plan, last_of(report->plan));
    const double margin = last > first ? 0.03 * (last - first) : 1.0;
    rig_report_plan_canvas(out, "curves", layout, (int)height);
    fputs("set multiplot\n", out);
    print_legend(out, q, layout, height);
    fprintf(out,
            "set border 3\nset tics nomirror out scale 0.5\nset grid y\n"
            "set xtics autofreq nomirror offset 0,0.4\nset ytics autofreq nomirror\n"
            "set xrange [%.10g:%.10g]\nset xlabel '%s",
            first - margin, last + margin, q->axes[0].key);
    for (size_t a = 1; a < q->n_axes; a++)
        fprintf(out, "%s%s = %s", a == 1 ? " (with " : ", ", q->axes[a].key,
                q->axes[a].values[begin->index[a]].text);
    fprintf(out, "%s' offset 0,0.9\n", q->n_axes > 1 ? ")" : "");
    if (q->axes[0].n <= 12) { /* whole counts: a tic for each */
        fputs("set xtics (", out);
        for (size_t v = 0; v < q->axes[0].n; v++)
            fprintf(out, "%s'%s' %.10g", v > 0 ? ", " : "", q->axes[0].values[v].text,
                    q->axes[0].values[v].number);
        fputs(")\n", out);
    }
    for (size_t p = 0; p < report->n_shown; p++)
        print_panel(out, report, layout, p);
    fputs("unset multiplot\n", out);
}

void rig_report_plan_curves_script(const rig_report_plan *report, FILE *out)
{
    fputs("# Made by peakrig. Run in this folder: gnuplot curves.gp\n", out);
    for (int layout = 0; layout < RIG_N_LAYOUTS; layout++)
        print_layout(report, (rig_layout)layout, out);
}
