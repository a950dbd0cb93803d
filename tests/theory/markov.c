/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/theory/markov.h"

#include "tests/test.h"

#include <math.h>
#include <stdlib.h>

markov markov_new(uint32_t n)
{
    markov chain = {.n = n, .room = 64};
    chain.edges = malloc(chain.room * sizeof *chain.edges);
    assert_non_null(chain.edges);
    return chain;
}

void markov_free(markov *chain)
{
    free(chain->edges);
    *chain = (markov){0};
}

void markov_add(markov *chain, uint32_t from, uint32_t to, double rate)
{
    if (rate <= 0.0)
        return;
    assert_true(from < chain->n && to < chain->n && from != to);
    if (chain->n_edges == chain->room) {
        chain->room *= 2;
        chain->edges = realloc(chain->edges, chain->room * sizeof *chain->edges);
        assert_non_null(chain->edges);
    }
    chain->edges[chain->n_edges++] = (struct markov_edge){from, to, rate};
}

static int by_target(const void *a, const void *b)
{
    const struct markov_edge *x = a, *y = b;
    return x->to < y->to ? -1 : x->to > y->to;
}

void markov_flow(const markov *chain, double factor, const double *p, double *dpdt)
{
    for (size_t e = 0; e < chain->n_edges; e++) {
        double flow = factor * chain->edges[e].rate * p[chain->edges[e].from];
        dpdt[chain->edges[e].from] -= flow;
        dpdt[chain->edges[e].to] += flow;
    }
}

void markov_solve(const markov *chain, double *p)
{
    double *out = calloc(chain->n, sizeof *out);
    assert_non_null(out);
    qsort(chain->edges, chain->n_edges, sizeof *chain->edges, by_target);
    for (size_t e = 0; e < chain->n_edges; e++)
        out[chain->edges[e].from] += chain->edges[e].rate;
    for (uint32_t i = 0; i < chain->n; i++)
        p[i] = 1.0 / (double)chain->n;
    double error = 1.0, flow = 1.0;
    for (int round = 0; round < 100000 && error > 1e-12 * flow; round++) {
        size_t e = 0;
        double sum = 0.0;
        error = flow = 0.0;
        for (uint32_t i = 0; i < chain->n; i++) {
            double in = 0.0;
            for (; e < chain->n_edges && chain->edges[e].to == i; e++)
                in += p[chain->edges[e].from] * chain->edges[e].rate;
            error += fabs(in - p[i] * out[i]);
            flow += in;
            p[i] = in / out[i];
            sum += p[i];
        }
        for (uint32_t i = 0; i < chain->n; i++)
            p[i] /= sum;
    }
    free(out);
    assert_true(error <= 1e-12 * flow);
}
