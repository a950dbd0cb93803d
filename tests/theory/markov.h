/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Small Markov chains in continuous time, solved by brute force: the exact side of a comparison. */
#ifndef RIG_TESTS_THEORY_MARKOV_H
#define RIG_TESTS_THEORY_MARKOV_H

#include <stddef.h>
#include <stdint.h>

/** A chain: states 0 .. n - 1 and rates between them. */
typedef struct markov {
    uint32_t n;
    size_t n_edges, room;
    struct markov_edge {
        uint32_t from, to;
        double rate;
    } * edges;
} markov;

/** An empty chain; free with markov_free. Fails the test when out of memory. */
markov markov_new(uint32_t n);
void markov_free(markov *chain);

/** Add a rate (nothing happens for 0). */
void markov_add(markov *chain, uint32_t from, uint32_t to, double rate);

/** The stationary distribution, by Gauss-Seidel until balance holds to 1e-12 of the flow; the chain
 * is irreducible. @param[out] p  n numbers. */
void markov_solve(const markov *chain, double *p);

/** dp/dt += factor x flow of the chain at p. */
void markov_flow(const markov *chain, double factor, const double *p, double *dpdt);

#endif
