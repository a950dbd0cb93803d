/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/plots/parts.h"
#include "reports/plots/palette.h"

#include <math.h>
#include <stdbool.h>

void rig_plot_head(FILE *out, rig_plot plot, rig_layout layout, int height)
{
    const char *name = rig_plot_name(plot), *kind = rig_layout_name(layout);
    bool is_wide = layout == RIG_LAYOUT_WIDE;
    fprintf(out,
            "\nreset\n"
            "set terminal svg size %d,%d dynamic noenhanced font 'sans-serif,%d' name '%s_%s' "
            "background '" RIG_COLOUR_PAPER "'\n"
            "set output '%s-%s.svg'\n"
            "set encoding utf8\n"
            "set decimalsign '.'\n"
            "set border 3 linecolor rgb '" RIG_COLOUR_BORDER "'\n"
            "set tics nomirror out scale 0.5\n"
            "set grid y linetype 1 linecolor rgb '" RIG_COLOUR_GRID "' linewidth 0.7\n",
            is_wide ? 1000 : 400, height, is_wide ? 16 : 13, name, kind, name, kind);
}

void rig_plot_number(FILE *out, double value)
{
    if (isnan(value))
        fprintf(out, " NaN"); /* printf may say "-nan" */
    else
        fprintf(out, " %.10g", value);
}

/* A step of 1, 2 or 5 times a power of ten that gives five tics at most. */
static double tic_step(double highest, bool is_whole)
{
    static const double steps[] = {1.0, 2.0, 5.0, 10.0};
    double least = fmax(is_whole ? 1.0 : 1e-3, highest / 5.0),
           power = pow(10.0, floor(log10(least)));
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        if (steps[i] * power >= least * (1.0 - 1e-9))
            return steps[i] * power;
    }
    return 10.0 * power;
}

rig_plot_box rig_plot_panel_box(const rig_plot_grid *g, rig_plot_panel_place place)
{
    const size_t n_rows = (place.n + g->n_columns - 1) / g->n_columns;
    const double row =
        (g->height - g->top - g->bottom - g->gap * (double)(n_rows - 1)) / (double)n_rows;
    return (rig_plot_box){g->left + g->step * (double)(place.at % g->n_columns),
                          g->top + (row + g->gap) * (double)(place.at / g->n_columns),
                          g->panel_width, row};
}

void rig_plot_panel(FILE *out, const rig_plot_grid *g, rig_plot_panel_place place,
                    const rig_plot_axis *axis)
{
    const double highest = isfinite(axis->highest) ? axis->highest : 1.0;
    const bool is_wide = g->width > 500.0; /* letters are larger there */
    const rig_plot_box box = rig_plot_panel_box(g, place);
    const double x = box.x, y = g->height - box.y, row = box.height;
    fprintf(
        out,
        "set lmargin at screen %.4f\nset rmargin at screen %.4f\n"
        "set tmargin at screen %.4f\nset bmargin at screen %.4f\n"
        "set title '%s' font ',%d' offset 0,-0.5\nset yrange [0:%.4g]\nset ytics nomirror %.4g\n"
        "set label 1 '%s' at screen %.4f,screen %.4f center rotate by 90\n",
        x / g->width, (x + g->panel_width) / g->width, y / g->height, (y - row) / g->height,
        axis->title, is_wide ? 18 : 15, highest > 0.0 ? 1.1 * highest : 1.0,
        tic_step(highest, axis->is_whole), axis->unit, (x - (is_wide ? 60.0 : 51.0)) / g->width,
        (y - 0.5 * row) / g->height);
}

void rig_plot_panel_of_nothing(FILE *out)
{
    fprintf(out, "set label 2 'not available' at graph 0.5,graph 0.5 center\nplot -1\n"
                 "unset label 2\n");
}
