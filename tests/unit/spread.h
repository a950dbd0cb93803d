/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Made replays, for the tests of the gate and of the verdict. */
#ifndef RIG_TESTS_UNIT_SPREAD_H
#define RIG_TESTS_UNIT_SPREAD_H

#define N 999

/** Replays around a mean, evenly spread over +- half. */
static inline void spread(double mean, double half, double values[N])
{
    for (int i = 0; i < N; i++)
        values[(i * 577) % N] = mean + half * (2.0 * (i + 0.5) / N - 1.0);
}

#endif
