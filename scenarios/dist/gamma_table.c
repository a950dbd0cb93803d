/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scenarios/dist/gamma_table.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sf_gamma.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define N_CELLS 2048 /* even: z = 0 is a node */
#define Z_MAX   7.05 /* a little past the quantile of 1 - 1e-12 */

enum { MAX_STEPS = 100 };
static const double U_TAIL = 1e-12;
static const double SHAPE_NORMAL = 3e4;  /* cv < 0.006: Wilson-Hilferty is exact to 1e-6 */
static const double LOG_Q_SMALL = -30.0; /* here the first term of P is exact to 1e-13 */
static const double STEP = 2.0 * Z_MAX / N_CELLS;

/* log q at a node, and its derivative by z times the step. */
typedef struct node {
    double log_q, slope;
} node;

struct rig_gamma_table {
    double shape;
    node nodes[N_CELLS + 1];
};

/* log of y's density: q f(q) with q = exp(y). */
static double log_density(double shape, double log_gamma, double y)
{
    return shape * y - exp(y) - log_gamma;
}

/* log q where a tail has a probability: Newton's method on the tail's logarithm, which is concave
 * in y, so that it does not run away. */
static double solve(double shape, double log_gamma, bool is_lower, double log_tail, double start)
{
    double y = start;
    for (int step = 0; step < MAX_STEPS; step++) {
        double q = exp(y);
        double tail = is_lower ? gsl_cdf_gamma_P(q, shape, 1.0) : gsl_cdf_gamma_Q(q, shape, 1.0);
        double rate = exp(log_density(shape, log_gamma, y)) / tail;
        double change = (log(tail) - log_tail) / (is_lower ? -rate : rate);
        y += fmax(-1.0, fmin(1.0, change));
        if (fabs(change) < 1e-14 * fmax(1.0, fabs(y)))
            break;
    }
    return y;
}

double rig_gamma_quantile(double shape, double u)
{
    const bool is_lower = u <= 0.5;
    const double z = gsl_cdf_ugaussian_Pinv(u);
    /* Wilson & Hilferty, PNAS 17, 1931: the cube root is nearly normal */
    const double root = 1.0 - 1.0 / (9.0 * shape) + z / (3.0 * sqrt(shape));
    if (shape > SHAPE_NORMAL)
        return shape * root * root * root;
    const double log_gamma = gsl_sf_lngamma(shape);
    /* P = q^shape / Gamma(shape + 1) for small q */
    const double small = (log(u) + log_gamma + log(shape)) / shape;
    if (small < LOG_Q_SMALL)
        return exp(small);
    const bool is_normal = shape > 1.0 && root > 0.2;
    double start = is_normal ? log(shape) + 3.0 * log(root) : fmin(small, log(shape + 1.0));
    return exp(solve(shape, log_gamma, is_lower, is_lower ? log(u) : log1p(-u), start));
}

rig_status rig_gamma_table_new(double shape, rig_gamma_table **table)
{
    if (!(shape >= RIG_GAMMA_SHAPE_MIN && shape <= RIG_GAMMA_SHAPE_MAX))
        return RIG_EDOM;
    rig_gamma_table *made = malloc(sizeof *made);
    if (made == NULL)
        return RIG_ENOMEM;
    const double log_gamma = gsl_sf_lngamma(shape);
    const int middle = N_CELLS / 2;
    made->shape = shape;
    double start = log(rig_gamma_quantile(shape, 0.5));
    for (int side = -1; side <= 1; side += 2) {
        double y = start;
        for (int i = middle; i >= 0 && i <= N_CELLS; i += side) {
            double z = (i - middle) * STEP;
            double log_tail = log(gsl_cdf_ugaussian_P(-fabs(z)));
            y = solve(shape, log_gamma, z <= 0.0, log_tail, y);
            double log_phi = -z * z / 2.0 - 0.5 * log(2.0 * M_PI);
            double slope = STEP * exp(log_phi - log_density(shape, log_gamma, y));
            made->nodes[i] = (node){y, slope};
            y += side * slope;
        }
        start = made->nodes[middle].log_q;
    }
    *table = made;
    return RIG_OK;
}

rig_gamma_table *rig_gamma_table_copy(const rig_gamma_table *table)
{
    rig_gamma_table *copy = table != NULL ? malloc(sizeof *copy) : NULL;
    if (copy != NULL)
        memcpy(copy, table, sizeof *copy);
    return copy;
}

void rig_gamma_table_free(rig_gamma_table *table)
{
    free(table);
}

double rig_gamma_table_quantile(const rig_gamma_table *table, double u)
{
    if (u < U_TAIL || u > 1.0 - U_TAIL)
        return rig_gamma_quantile(table->shape, u);
    double place = (gsl_cdf_ugaussian_Pinv(u) + Z_MAX) / STEP;
    int i = (int)place;
    double s = place - i;
    const node *a = &table->nodes[i];
    double rise = a[1].log_q - a[0].log_q;
    double bend = 3.0 * rise - 2.0 * a[0].slope - a[1].slope;
    double twist = a[0].slope + a[1].slope - 2.0 * rise;
    return exp(a[0].log_q + s * (a[0].slope + s * (bend + s * twist)));
}
