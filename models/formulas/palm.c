/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/formulas/palm.h"

#include <math.h>

#include <gsl/gsl_integration.h>

#include "models/formulas/convex.h"

#define N_NODES  32
#define N_LEVELS 6
#define N_SCALES 12
#define SCALE    4.0 /* a panel no longer than this resolves e^-u */

/* Beyond the last, what is left out is below 1e-19 of the integral. */
static const double levels[N_LEVELS] = {1.0, 4.0, 10.0, 20.0, 32.0, 45.0};

/* Where h is greatest: ln(A / n) in overload, else 0. */
static double summit(const rig_palm *q)
{
    if (q->offered_erl <= q->n_agents)
        return 0.0;
    return log1p((q->offered_erl - q->n_agents) / q->n_agents);
}

double rig_palm_peak(const rig_palm *q)
{
    if (q->offered_erl <= q->n_agents)
        return 0.0;
    return q->n_agents * q->patience_per_aht *
           rig_x_minus_log1p((q->offered_erl - q->n_agents) / q->n_agents);
}

/* greatest h - h(start + offset) >= 0, without cancellation: both terms are >= 0. The offset comes
 * apart, because with great patience all that counts lies within a rounding of the start. */
static double fall(const rig_palm *q, double start, double offset)
{
    if (q->offered_erl > q->n_agents) {
        double from_summit = start - summit(q) + offset;
        return q->n_agents * q->patience_per_aht * rig_expm1_plus(from_summit);
    }
    double u = start + offset;
    return (q->n_agents - q->offered_erl) * q->patience_per_aht * u +
           q->offered_erl * q->patience_per_aht * rig_expm1_plus(u);
}

/* The distance from `start`, in a direction, at which fall() has grown by `level`; at most `most`.
 */
static double distance(const rig_palm *q, double start, double direction, double level, double most)
{
    double goal = fall(q, start, 0.0) + level;
    double curvature = q->patience_per_aht * fmax(q->offered_erl, q->n_agents);
    double high = fmin(sqrt(level / curvature), most), low = 0.0;
    while (high < most && fall(q, start, direction * high) < goal) {
        low = high;
        high = fmin(2.0 * high, most);
    }
    if (fall(q, start, direction * high) < goal)
        return most;
    for (int i = 0; i < 20; i++) { /* a panel's end need not be exact */
        double middle = 0.5 * (low + high);
        if (fall(q, start, direction * middle) < goal)
            low = middle;
        else
            high = middle;
    }
    return high;
}

/* The ends of the panels on one side of `start`, as distances, sorted; returns how many. */
static int side(const rig_palm *q, double start, double direction, double most,
                double points[N_LEVELS + N_SCALES])
{
    int n = 0, next_scale = 1;
    for (int i = 0; i < N_LEVELS; i++) {
        double end = distance(q, start, direction, levels[i], most);
        for (; next_scale <= N_SCALES && next_scale * SCALE < end; next_scale++)
            points[n++] = next_scale * SCALE;
        points[n++] = end;
        if (end == most)
            break;
    }
    return n;
}

/* The panels on one side of `start`, up to a distance of `most`, the farthest first. */
static void add_side(const rig_palm *q, const gsl_integration_glfixed_table *table, double start,
                     double direction, double most, rig_palm_tail *sum)
{
    double points[N_LEVELS + N_SCALES];
    for (int panel = side(q, start, direction, most, points) - 1; panel >= 0; panel--) {
        double low = panel > 0 ? points[panel - 1] : 0.0;
        for (size_t i = 0; i < N_NODES; i++) {
            double offset, weight;
            (void)gsl_integration_glfixed_point(low, points[panel], i, &offset, &weight, table);
            double w = weight * exp(-fall(q, start, direction * offset));
            double u = fmax(0.0, start + direction * offset);
            sum->all += w;
            sum->stay += w * exp(-u);
            sum->leave -= w * expm1(-u);
            sum->wait += w * u;
            sum->wait_stay += w * u * exp(-u);
            sum->wait_leave += w * rig_erlang2_cdf(u);
        }
    }
}

rig_status rig_palm_integrate(const rig_palm *q, double from, rig_palm_tail *tail)
{
    gsl_integration_glfixed_table *table = gsl_integration_glfixed_table_alloc(N_NODES);
    if (table == NULL)
        return RIG_ENOMEM;
    rig_palm_tail sum = {0};
    double start = fmax(from, summit(q));
    add_side(q, table, start, 1.0, INFINITY, &sum);
    if (from < start)
        add_side(q, table, start, -1.0, start - from, &sum);
    gsl_integration_glfixed_table_free(table);
    *tail = sum;
    return RIG_OK;
}
