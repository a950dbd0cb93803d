/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/kaufman_roberts.h"

#include <stdbool.h>
#include <stdlib.h>

#include "models/domain.h"

#define FORMULA      "kaufman"
#define MOST_CLASSES 1000
#define MOST_ERL     1e12 /* one step cannot take a weight from below BIG past a double */

#define BIG 1e200 /* unnormalised weights are divided by it when they reach it */

/* The recursion, one circuit after the other. Weights and sums of the last `window` states are kept
 * in rings: no class looks further back. */
typedef struct recursion {
    const rig_call_class *classes;
    size_t n_classes;
    size_t window;  /* greatest n_circuits of a class, + 1 */
    double *weight; /* q(j), at j modulo window */
    double *sum;    /* q(0) + ... + q(j), likewise */
    uint64_t j;     /* the state that was reached */
    uint32_t n_divided;
} recursion;

static rig_status check(const rig_call_class *classes, size_t n_classes, rig_error *err)
{
    if (n_classes < 1 || n_classes > MOST_CLASSES)
        return rig_fail(err, RIG_EDOM, "%s: n_classes %zu; expected from 1 to %d", FORMULA,
                        n_classes, MOST_CLASSES);
    for (size_t i = 0; i < n_classes; i++) {
        rig_status status =
            rig_domain_not_negative(FORMULA, "offered_erl", classes[i].offered_erl, err);
        if (status == RIG_OK)
            status = rig_domain_count(FORMULA, "circuits of a call", classes[i].n_circuits, 1, err);
        if (status == RIG_OK && classes[i].offered_erl > MOST_ERL)
            status = rig_fail(err, RIG_EDOM, "%s: offered_erl %g; expected at most %g", FORMULA,
                              classes[i].offered_erl, MOST_ERL);
        if (status != RIG_OK)
            return status;
    }
    return RIG_OK;
}

static rig_status start(recursion *r, const rig_call_class *classes, size_t n_classes,
                        rig_error *err)
{
    *r = (recursion){.classes = classes, .n_classes = n_classes, .window = 1};
    for (size_t i = 0; i < n_classes; i++) {
        if (r->window < classes[i].n_circuits + (size_t)1)
            r->window = classes[i].n_circuits + (size_t)1;
    }
    r->weight = calloc(r->window, sizeof *r->weight);
    r->sum = calloc(r->window, sizeof *r->sum);
    if (r->weight == NULL || r->sum == NULL)
        return rig_fail(err, RIG_ENOMEM, "%s: out of memory", FORMULA);
    r->weight[0] = r->sum[0] = 1.0;
    return RIG_OK;
}

static void finish(recursion *r)
{
    free(r->weight);
    free(r->sum);
}

/* From j to j + 1; true when all kept weights were divided. */
static bool step(recursion *r)
{
    uint64_t j = ++r->j;
    double weight = 0.0;
    for (size_t i = 0; i < r->n_classes; i++) {
        uint64_t b = r->classes[i].n_circuits;
        if (b <= j)
            weight += r->classes[i].offered_erl * (double)b * r->weight[(j - b) % r->window];
    }
    weight /= (double)j;
    double sum = r->sum[(j - 1) % r->window] + weight;
    r->weight[j % r->window] = weight;
    r->sum[j % r->window] = sum;
    if (sum < BIG)
        return false;
    for (size_t i = 0; i < r->window; i++) {
        r->weight[i] /= BIG;
        r->sum[i] /= BIG;
    }
    r->n_divided++;
    return true;
}

/* Blocked: the last n_circuits states. Summed anew when the difference of sums has lost digits. */
static double blocking(const recursion *r, size_t i)
{
    uint64_t b = r->classes[i].n_circuits;
    if (b > r->j)
        return 1.0;
    double all = r->sum[r->j % r->window], passed = r->sum[(r->j - b) % r->window];
    double p = (all - passed) / all;
    if (p > 0.1)
        return p;
    double blocked = 0.0;
    for (uint64_t k = 0; k < b; k++)
        blocked += r->weight[(r->j - k) % r->window];
    return blocked / all;
}

/* The same for a search: a rounding of 1e-16 absolute does no harm far from the goal. */
static bool is_blocked_less(const recursion *r, size_t i, double p_block)
{
    uint64_t b = r->classes[i].n_circuits;
    if (b > r->j)
        return false;
    double all = r->sum[r->j % r->window], passed = r->sum[(r->j - b) % r->window];
    double p = (all - passed) / all;
    if (p > 2.0 * p_block + 1e-12)
        return false;
    return blocking(r, i) <= p_block;
}

rig_status rig_kaufman_roberts(const rig_call_class *classes, size_t n_classes, uint32_t n_circuits,
                               double *p_block, double *p_busy, rig_error *err)
{
    recursion r = {0};
    uint64_t divided_at[2] = {0, 0}; /* the states at which the last two divisions came */
    rig_status status = check(classes, n_classes, err);
    if (status == RIG_OK)
        status = rig_domain_count(FORMULA, "n_circuits", n_circuits, 0, err);
    if (status == RIG_OK)
        status = start(&r, classes, n_classes, err);
    if (status != RIG_OK)
        goto out;
    if (p_busy != NULL)
        p_busy[0] = 1.0;
    while (r.j < n_circuits) {
        if (step(&r)) {
            divided_at[0] = divided_at[1];
            divided_at[1] = r.j;
        }
        if (p_busy != NULL)
            p_busy[r.j] = r.weight[r.j % r.window];
    }
    for (size_t i = 0; i < n_classes; i++)
        p_block[i] = blocking(&r, i);
    if (p_busy != NULL) {
        double all = r.sum[r.j % r.window];
        for (uint64_t j = 0; j <= r.j; j++) { /* bring the older states to the last scale */
            if (r.n_divided > 1 && j < divided_at[0])
                p_busy[j] = 0.0;
            else if (r.n_divided > 0 && j < divided_at[1])
                p_busy[j] = p_busy[j] / BIG / all;
            else
                p_busy[j] /= all;
        }
    }
out:
    finish(&r);
    return status;
}

rig_status rig_kaufman_roberts_circuits(const rig_call_class *classes, size_t n_classes,
                                        double p_block, uint32_t *n_circuits, rig_error *err)
{
    recursion r = {0};
    rig_status status = check(classes, n_classes, err);
    if (status == RIG_OK)
        status = rig_domain_open_share(FORMULA, "p_block", p_block, err);
    if (status == RIG_OK)
        status = start(&r, classes, n_classes, err);
    if (status != RIG_OK)
        goto out;
    for (;;) {
        size_t n_served = 0;
        while (n_served < n_classes && is_blocked_less(&r, n_served, p_block))
            n_served++;
        if (n_served == n_classes)
            break;
        if (r.j == RIG_MAX_SERVERS) {
            status = rig_fail(err, RIG_EDOM,
                              "%s: a loss of %g needs more than %u circuits; expected less traffic "
                              "or more loss",
                              FORMULA, p_block, RIG_MAX_SERVERS);
            goto out;
        }
        (void)step(&r);
    }
    *n_circuits = (uint32_t)r.j;
out:
    finish(&r);
    return status;
}
