/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/plan/search.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Values of a single axis that are asked for before the bisection: the curve, and the proof or
 * disproof that it only rises or falls. */
#define N_SWEEP 9

/* Axes of which every corner of the grid is asked for; with more only the first and the last. */
#define MAX_CORNER_AXES 3

/* --- what is known without asking ------------------------------------------------------------- */

/* Is `a` on no axis better for requirement `r` than `b`, as far as the trends tell? */
static bool is_no_better(const rig_plan *plan, size_t r, const size_t *a, const size_t *b)
{
    for (size_t axis = 0; axis < plan->question->n_axes; axis++) {
        switch (plan->trends[r][axis]) {
        case RIG_PLAN_FLAT:
        case RIG_PLAN_BETTER:
            if (a[axis] > b[axis])
                return false;
            break;
        case RIG_PLAN_WORSE:
            if (a[axis] < b[axis])
                return false;
            break;
        case RIG_PLAN_MIXED:
            if (a[axis] != b[axis])
                return false;
            break;
        }
    }
    return true;
}

/* Does a combination fail a requirement, or is that undecided after all its replications? Once it
 * fails another one it is asked for no more, and this one may be open. */
static bool is_missed(const rig_plan_point *point, size_t r)
{
    const rig_plan_verdict verdict = point->judged[r].verdict;
    return verdict == RIG_PLAN_FAILS ||
           (verdict == RIG_PLAN_UNDECIDED && point->verdict == RIG_PLAN_UNDECIDED);
}

rig_plan_verdict rig_plan_infer(const rig_plan *plan, const size_t *index)
{
    const rig_plan_point *asked = rig_plan_find(plan, index);
    if (asked != NULL)
        return asked->verdict == RIG_PLAN_MEETS ? RIG_PLAN_MEETS : RIG_PLAN_FAILS;
    size_t n_met = 0;
    for (size_t r = 0; r < plan->question->n_requirements; r++) {
        bool is_met = false;
        for (size_t p = 0; p < plan->n_points; p++) {
            const rig_plan_point *point = plan->points[p];
            bool meets = point->judged[r].verdict == RIG_PLAN_MEETS;
            if (is_missed(point, r) && is_no_better(plan, r, index, point->index))
                return RIG_PLAN_FAILS;
            is_met = is_met || (meets && is_no_better(plan, r, point->index, index));
        }
        n_met += is_met;
    }
    return n_met == plan->question->n_requirements ? RIG_PLAN_MEETS : RIG_PLAN_UNDECIDED;
}

/* Is there a combination that meets and is as small or smaller? */
static bool is_dominated(const rig_plan *plan, const size_t *index)
{
    for (size_t p = 0; p < plan->n_points; p++) {
        if (plan->points[p]->verdict == RIG_PLAN_MEETS &&
            rig_plan_is_below(plan->question, plan->points[p]->index, index))
            return true;
    }
    return false;
}

static rig_status ask(rig_plan_work *work, const size_t *index)
{
    bool is_new = rig_plan_find(work->plan, index) == NULL;
    rig_status status = rig_plan_visit(work, index, NULL);
    if (is_new)
        rig_plan_learn_trends(work->plan);
    return status;
}

/* --- along one axis --------------------------------------------------------------------------- */

/* Find the smallest value of an axis that meets, the other values being those of `index`: ask for
 * the middle of the first values that are not known, until none is. */
static rig_status search_line(rig_plan_work *work, size_t axis, size_t *index)
{
    const rig_plan *plan = work->plan;
    const size_t n = plan->question->axes[axis].n;
    for (;;) {
        size_t first = 0, end;
        for (; first < n; first++) { /* what fails is not of interest */
            index[axis] = first;
            if (is_dominated(plan, index) || rig_plan_infer(plan, index) != RIG_PLAN_FAILS)
                break;
        }
        if (first == n || is_dominated(plan, index))
            return RIG_OK;
        for (end = first; end < n; end++) {
            index[axis] = end;
            if (is_dominated(plan, index) || rig_plan_infer(plan, index) != RIG_PLAN_UNDECIDED)
                break;
        }
        index[axis] = first + (end - first) / 2; /* end = first: implied, not yet asked for */
        rig_status status = ask(work, index);
        if (status != RIG_OK)
            return status;
    }
}

static rig_status sweep(rig_plan_work *work)
{
    const size_t n = work->plan->question->axes[0].n;
    const size_t n_asked = n < N_SWEEP ? n : N_SWEEP;
    rig_status status = RIG_OK;
    for (size_t i = 0; i < n_asked && status == RIG_OK; i++) {
        size_t at = n_asked > 1 ? (i * (n - 1) + (n_asked - 1) / 2) / (n_asked - 1) : 0;
        status = ask(work, &at);
    }
    return status;
}

/* --- along many ------------------------------------------------------------------------------- */

static rig_status ask_corners(rig_plan_work *work)
{
    const rig_plan_question *q = work->plan->question;
    const size_t n = (size_t)1 << q->n_axes;
    rig_status status = RIG_OK;
    for (size_t corner = n; corner-- > 0 && status == RIG_OK;) { /* the greatest first */
        if (q->n_axes > MAX_CORNER_AXES && corner != 0 && corner != n - 1)
            continue;
        size_t index[RIG_PLAN_MAX_AXES];
        for (size_t a = 0; a < q->n_axes; a++)
            index[a] = (corner >> a & 1) != 0 ? q->axes[a].n - 1 : 0;
        status = ask(work, index);
    }
    return status;
}

/* Lines in an order that halves: last, first, middle, quarters, ... so that each decides much. */
static rig_status search_lines(rig_plan_work *work, size_t along)
{
    const rig_plan_question *q = work->plan->question;
    const size_t n_lines = work->plan->n_grid / q->axes[along].n;
    size_t step = 1;
    rig_status status = RIG_OK;
    while (step < n_lines)
        step *= 2;
    for (size_t pass = step; pass > 0 && status == RIG_OK; pass /= 2) {
        for (size_t line = 0; line < n_lines && status == RIG_OK; line += pass) {
            if (pass < step && line / pass % 2 == 0)
                continue; /* done in an earlier pass */
            size_t index[RIG_PLAN_MAX_AXES] = {0};
            size_t rest = line;
            for (size_t a = q->n_axes; a-- > 0;) {
                if (a == along)
                    continue;
                index[a] = rest % q->axes[a].n;
                rest /= q->axes[a].n;
            }
            status = search_line(work, along, index);
        }
    }
    return status;
}

/* Each neighbour below of each minimal combination: until they all fail. */
static rig_status prove(rig_plan_work *work)
{
    rig_plan *plan = work->plan;
    for (bool is_new = true; is_new;) {
        is_new = false;
        rig_status status = rig_plan_conclude(plan);
        for (size_t m = 0; m < plan->n_minimal && status == RIG_OK; m++) {
            for (size_t a = 0; a < plan->question->n_axes && status == RIG_OK; a++) {
                size_t below[RIG_PLAN_MAX_AXES];
                memcpy(below, plan->points[plan->minimal[m]]->index, sizeof below);
                if (below[a] == 0)
                    continue;
                below[a]--;
                if (rig_plan_find(plan, below) != NULL)
                    continue;
                status = ask(work, below);
                is_new = true;
            }
        }
        if (status != RIG_OK)
            return status;
    }
    return RIG_OK;
}

rig_status rig_plan_search(rig_plan_work *work)
{
    const rig_plan_question *q = work->plan->question;
    size_t along = 0, index[RIG_PLAN_MAX_AXES] = {0};
    for (size_t a = 1; a < q->n_axes; a++) {
        if (q->axes[a].n > q->axes[along].n)
            along = a;
    }
    const size_t n_lines = work->plan->n_grid / q->axes[along].n;
    const double halvings = log2((double)q->axes[along].n);
    work->n_expected =
        n_lines == 1 ? (size_t)(fmin((double)q->axes[0].n, N_SWEEP) + fmax(0.0, halvings - 3.0))
                     : (size_t)(4.0 + halvings + (double)n_lines);
    rig_status status = q->n_axes == 1 ? sweep(work) : ask_corners(work);
    if (status == RIG_OK && q->n_axes == 1)
        status = search_line(work, 0, index);
    else if (status == RIG_OK)
        status = search_lines(work, along);
    return status == RIG_OK ? prove(work) : status;
}
