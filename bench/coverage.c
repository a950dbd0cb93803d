/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How often the intervals of a prediction hold what they say.
 *
 * A scenario is simulated very often. Its replications are dealt out to predictions of 20, 50 and
 * 200: of each, does the 95 % interval of one run hold the next replication, and does that of the
 * mean hold the mean of all? With its counts, so that the table has its own interval. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "models/centre.h"
#include "models/rare.h"
#include "models/summary.h"

#define N_POOL 10000u

static const size_t sizes[] = {20, 50, 200};

/* A scenario, and the figures that are looked at. */
typedef struct pool {
    double *rows; /* [metric][N_POOL] */
} pool;

static int draw_pool(const char *path, const char *const *overrides, size_t n, pool *p)
{
    rig_error err = {0};
    rig_scenario *scenario = NULL;
    rig_centre *centre = NULL;
    rig_centre_output output = {.intervals = NULL};
    p->rows = calloc((size_t)RIG_N_METRICS * N_POOL, sizeof *p->rows);
    rig_status status = rig_scenario_read(path, overrides, n, &scenario, &err);
    if (status == RIG_OK && p->rows != NULL)
        status = rig_centre_new(scenario, &centre);
    for (uint32_t r = 0; r < N_POOL && status == RIG_OK && p->rows != NULL; r++) {
        const rig_centre_input input = {.replication = r + 1};
        status = rig_centre_simulate(centre, &input, &output, &err);
        for (size_t m = 0; m < RIG_N_METRICS; m++)
            p->rows[m * N_POOL + r] = output.metrics[m];
    }
    rig_centre_free(centre);
    rig_scenario_free(scenario);
    if (status != RIG_OK)
        (void)fprintf(stderr, "bench/coverage: %s\n", err.text);
    return status == RIG_OK && p->rows != NULL ? 0 : 1;
}

/* Of predictions of n replications: how many single runs, and how often the mean, lie inside. */
static void look(const pool *p, rig_metric metric, size_t n)
{
    const double *values = p->rows + (size_t)metric * N_POOL;
    double truth = 0.0;
    size_t n_looks = 0, n_next = 0, n_mean = 0, n_low = 0, n_student = 0;
    rig_metric hits, trials;
    for (size_t i = 0; i < N_POOL; i++)
        truth += values[i] / N_POOL;
    for (size_t at = 0; at + n < N_POOL; at += n + 1) {
        rig_summary s;
        if (rig_summarize(values + at, n, &s) != RIG_OK)
            return;
        n_looks++;
        n_next += s.low <= values[at + n] && values[at + n] <= s.high;
        n_student += s.ci_low <= truth && truth <= s.ci_high;
        if (rig_metrics_is_loss(metric, &hits, &trials))
            (void)rig_rare_bounds(p->rows + (size_t)hits * N_POOL + at,
                                  p->rows + (size_t)trials * N_POOL + at, n, 0.025, &s.ci_low,
                                  &s.ci_high);
        n_mean += s.ci_low <= truth && truth <= s.ci_high;
        n_low += s.ci_high < truth;
    }
    const double all = (double)n_looks;
    printf("| `%s` | %.4g | %zu | %zu | %.1f | %.1f | %.1f | %.1f |\n",
           rig_metric_short_name(metric).text, truth, n, n_looks, 100.0 * (double)n_next / all,
           100.0 * (double)n_mean / all, 100.0 * (double)n_low / all,
           100.0 * (double)n_student / all);
}

int main(int argc, char **argv)
{
    static const rig_metric shown[] = {RIG_METRIC_P_LOST_PER_ENTRANT, RIG_METRIC_CONNECT_RATE,
                                       RIG_METRIC_WAIT_MEAN_S, RIG_METRIC_WAIT_P95_S,
                                       RIG_METRIC_OCCUPANCY};
    pool p = {NULL};
    if (argc < 2) {
        (void)fprintf(stderr, "usage: bench_coverage SCENARIO [KEY=VALUE ..]\n");
        return 2;
    }
    if (draw_pool(argv[1], (const char *const *)argv + 2, (size_t)argc - 2, &p) != 0)
        return 2;
    printf("| figure | mean | replications | predictions | one run inside, %% | mean inside, %% | "
           "mean above, %% | Student's, %% |\n|---|---|---|---|---|---|---|---|\n");
    for (size_t m = 0; m < sizeof shown / sizeof *shown; m++) {
        for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++)
            look(&p, shown[m], sizes[k]);
    }
    free(p.rows);
    return 0;
}
