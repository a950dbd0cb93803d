/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/plan/grid.h"

#include <math.h>
#include <stdlib.h>

/* What lines through known cells say of one that is not known. */
typedef struct estimate {
    double sum, weight;
} estimate;

/* ---- values ---- */

/* Along one axis: `cell` is number `i` of `n` that are `step` apart; known[cell]: others may lie
 * between it and another. */
static void add_line(const rig_report_plan_grid *grid, const bool *known, size_t cell, size_t i,
                     size_t n, size_t step, estimate *all)
{
    size_t below = 1, above = 1;
    while (below <= i && !known[cell - below * step])
        below++;
    while (i + above < n && !known[cell + above * step])
        above++;
    if (below > i || i + above >= n)
        return;
    const double from = grid->cells[cell - below * step].value;
    const double to = grid->cells[cell + above * step].value;
    const double gap = (double)(below + above);
    all->sum += (from + (to - from) * (double)below / gap) / gap;
    all->weight += 1.0 / gap;
}

/* Fill what lies between known cells; @return whether there was any. */
static bool fill_between(const rig_report_plan_grid *grid, const bool *known)
{
    bool has_any = false;
    for (size_t cell = 0; cell < grid->n_x * grid->n_y; cell++) {
        estimate all = {0.0, 0.0};
        if (known[cell])
            continue;
        add_line(grid, known, cell, cell / grid->n_y, grid->n_x, grid->n_y, &all);
        add_line(grid, known, cell, cell % grid->n_y, grid->n_y, 1, &all);
        if (all.weight > 0.0)
            grid->cells[cell].value = all.sum / all.weight;
        has_any = has_any || all.weight > 0.0;
    }
    return has_any;
}

static double distance2(const rig_report_plan_grid *grid, size_t a, size_t b)
{
    const double dx = (double)(a / grid->n_y) - (double)(b / grid->n_y);
    const double dy = (double)(a % grid->n_y) - (double)(b % grid->n_y);
    return dx * dx + dy * dy;
}

/* Beyond all known cells: the value of the nearest one. */
static void fill_beyond(const rig_report_plan_grid *grid, const bool *known)
{
    const size_t n = grid->n_x * grid->n_y;
    for (size_t cell = 0; cell < n; cell++) {
        double least = INFINITY;
        for (size_t other = 0; !known[cell] && other < n; other++) {
            if (!known[other] || distance2(grid, cell, other) >= least)
                continue;
            least = distance2(grid, cell, other);
            grid->cells[cell].value = grid->cells[other].value;
        }
    }
}

/* @return RIG_OK or RIG_ENOMEM. */
static rig_status fill(const rig_report_plan_grid *grid)
{
    const size_t n = grid->n_x * grid->n_y;
    bool *known = calloc(n, sizeof *known);
    if (known == NULL)
        return RIG_ENOMEM;
    do { /* first between what was simulated, then between what is filled */
        for (size_t cell = 0; cell < n; cell++)
            known[cell] = isfinite(grid->cells[cell].value);
    } while (fill_between(grid, known));
    fill_beyond(grid, known);
    free(known);
    return RIG_OK;
}

/* @param point  What was simulated there; NULL: nothing. */
static rig_plan_verdict verdict_at(const rig_plan *plan, const rig_plan_point *point,
                                   const size_t *index)
{
    if (plan->question->n_requirements == 0)
        return RIG_PLAN_UNDECIDED;
    return point != NULL ? point->verdict : rig_plan_infer(plan, index);
}

/* ---- all ---- */

rig_status rig_report_plan_grid_make(const rig_report_plan *report, rig_metric metric,
                                     rig_report_plan_grid *grid)
{
    const rig_plan *plan = report->plan;
    rig_report_plan_grid made = {.n_x = plan->question->axes[0].n,
                                 .n_y = plan->question->axes[1].n};
    made.cells = calloc(made.n_x * made.n_y, sizeof *made.cells);
    if (made.cells == NULL)
        return RIG_ENOMEM;
    for (size_t x = 0; x < made.n_x; x++) {
        for (size_t y = 0; y < made.n_y; y++) {
            const size_t index[RIG_PLAN_MAX_AXES] = {x, y};
            const rig_plan_point *point = rig_plan_find(plan, index);
            made.cells[x * made.n_y + y] = (rig_report_plan_cell){
                .value = point != NULL ? point->metrics[metric].mean : (double)NAN,
                .is_simulated = point != NULL && isfinite(point->metrics[metric].mean),
                .verdict = verdict_at(plan, point, index)};
        }
    }
    if (fill(&made) != RIG_OK) {
        free(made.cells);
        return RIG_ENOMEM;
    }
    *grid = made;
    return RIG_OK;
}

void rig_report_plan_grid_clear(rig_report_plan_grid *grid)
{
    free(grid->cells);
    *grid = (rig_report_plan_grid){.n_x = 0};
}
