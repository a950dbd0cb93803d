/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Time of one simulated run, and of a bare loop that does the same heap operations and draws, one
 * after the other, interleaved in one process and one thread. The loop must read what to do, which
 * the simulation need not: `ratio_net` is against the loop less a pass that reads alone.
 * Usage: bench_simulate_ratio SCENARIO FILE REPETITIONS. Prints one JSON object. */
#include "bench/simulate.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "core/random.h"
#include "models/centre.h"
#include "models/centre/event_heap.h"

#define MOST_REPETITIONS 1000

typedef struct bare {
    bench_head head;
    bench_step *steps;
    rig_dist dists[BENCH_MOST_DISTS];
    rig_event_heap *heaps[2];
    uint64_t n[BENCH_N];
} bare;

static void quit(const char *what)
{
    fprintf(stderr, "bench_simulate_ratio: %s\n", what);
    exit(2);
}

static void read_steps(const char *path, bare *b)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL || fread(&b->head, sizeof b->head, 1, file) != 1)
        quit("cannot read the steps");
    b->steps = malloc(b->head.n_steps * sizeof *b->steps);
    if (b->steps == NULL ||
        fread(b->steps, sizeof *b->steps, b->head.n_steps, file) != b->head.n_steps)
        quit("cannot read the steps");
    fclose(file);
    for (uint64_t i = 0; i < b->head.n_steps; i++)
        b->n[b->steps[i].what]++;
    for (uint32_t i = 0; i < b->head.n_dists; i++) {
        const bench_dist *d = &b->head.dists[i];
        if (rig_dist_make((rig_dist_kind)d->kind, d->mean_s, d->cv, &b->dists[i], NULL) != RIG_OK)
            quit("not a parametric distribution");
    }
    for (int i = 0; i < 2; i++) {
        if (rig_event_heap_new(b->head.n_actors[i] + 1u, &b->heaps[i]) != RIG_OK)
            quit("out of memory");
    }
}

/* @return a number that hangs on every draw and every pop, so that none is left out. */
static double run_bare(const bare *b)
{
    static const uint32_t purposes[RIG_RANDOM_BLOCK] = {1, 2, 3, 4, 5, 6, 7, 8};
    double sum = 0.0, u = 0.5, block[RIG_RANDOM_BLOCK];
    for (uint64_t i = 0; i < b->head.n_steps; i++) {
        const bench_step *s = &b->steps[i];
        rig_event_heap *heap = b->heaps[s->calendar];
        switch ((bench_what)s->what) {
        case BENCH_CLEAR:
            rig_event_heap_clear(heap);
            break;
        case BENCH_SET:
            rig_event_heap_set(heap, s->index, s->t_s);
            break;
        case BENCH_UNSET:
            rig_event_heap_unset(heap, s->index);
            break;
        case BENCH_NEXT:
            sum += rig_event_heap_next_s(heap) > 0.0;
            break;
        case BENCH_POP:
            sum += rig_event_heap_pop(heap);
            break;
        case BENCH_UNIFORM:
            u = rig_random_uniform(b->head.seed, (rig_cause)s->cause, s->index, b->head.replication,
                                   s->sub);
            sum += u;
            break;
        case BENCH_BLOCK:
            rig_random_uniforms(b->head.seed, s->index, b->head.replication, purposes, block);
            u = block[0];
            sum += u;
            break;
        case BENCH_ARRIVALS:
            rig_random_uniforms_from(b->head.seed, purposes[0], s->index, b->head.replication,
                                     block);
            u = block[0];
            sum += u;
            break;
        case BENCH_QUANTILE:
            sum += rig_dist_quantile_s(&b->dists[s->sub], u);
            break;
        case BENCH_ROUNDED:
            sum += rig_dist_rounded_quantile_s(&b->dists[s->sub], u);
            break;
        case BENCH_N:
            break;
        }
    }
    return sum;
}

/* The same walk without the work: what reading the steps costs. */
static double run_reading(const bare *b)
{
    double sum = 0.0;
    for (uint64_t i = 0; i < b->head.n_steps; i++) {
        const bench_step *s = &b->steps[i];
        sum += s->t_s + (double)(s->index + s->sub + s->what);
    }
    return sum;
}

static double now_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *values, size_t n)
{
    qsort(values, n, sizeof *values, ascending);
    return n % 2 == 1 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2.0;
}

/* What each repetition took, s. */
typedef struct times {
    double simulated[MOST_REPETITIONS], bare_s[MOST_REPETITIONS], ratio[MOST_REPETITIONS],
        net[MOST_REPETITIONS], reading[MOST_REPETITIONS];
} times;

static void print_medians(times *t, size_t n, const bare *b, double sum)
{
    const double calls = (double)b->head.n_calls;
    const uint64_t n_heap = b->n[BENCH_SET] + b->n[BENCH_UNSET] + b->n[BENCH_POP];
    const uint64_t n_uniforms =
        b->n[BENCH_UNIFORM] + RIG_RANDOM_BLOCK * (b->n[BENCH_BLOCK] + b->n[BENCH_ARRIVALS]);
    printf("{\"calls\": %.0f, \"ns_simulated\": %.1f, \"ns_bare\": %.1f, \"ns_reading\": %.1f, "
           "\"ratio\": %.3f, \"ratio_net\": %.3f, \"heap_operations\": %.3f, \"uniforms\": %.3f, "
           "\"quantiles\": %.3f, "
           "\"peeks\": %.3f, \"check\": %g}\n",
           calls, 1e9 * median(t->simulated, n) / calls, 1e9 * median(t->bare_s, n) / calls,
           1e9 * median(t->reading, n) / calls, median(t->ratio, n), median(t->net, n),
           (double)n_heap / calls, (double)n_uniforms / calls,
           (double)(b->n[BENCH_QUANTILE] + b->n[BENCH_ROUNDED]) / calls,
           (double)b->n[BENCH_NEXT] / calls, sum);
}

int main(int argc, char **argv)
{
    static times t;
    static bare b;
    rig_scenario *scenario = NULL;
    rig_centre *centre = NULL;
    rig_error err = {0};
    const int n = argc == 4 ? atoi(argv[3]) : 0;
    if (n < 7 || n > MOST_REPETITIONS)
        quit("usage: bench_simulate_ratio SCENARIO FILE REPETITIONS (7 to 1000)");
    read_steps(argv[2], &b);
    if (rig_scenario_read(argv[1], NULL, 0, &scenario, &err) != RIG_OK ||
        rig_centre_new(scenario, &centre) != RIG_OK)
        quit(err.text);
    const rig_centre_input input = {.replication = b.head.replication};
    rig_centre_output output = {
        .intervals = calloc(rig_centre_n_intervals(scenario), sizeof *output.intervals),
        .trunks = calloc(scenario->n_trunks * RIG_N_TRUNK_METRICS, sizeof *output.trunks),
        .groups = calloc(scenario->n_agents * RIG_N_GROUP_METRICS, sizeof *output.groups)};
    if (output.intervals == NULL || output.trunks == NULL || output.groups == NULL)
        quit("out of memory");
    double sum = 0.0;
    for (int i = -1; i < n; i++) { /* the first is a warm-up */
        const double t0 = now_s();
        if (rig_centre_simulate(centre, &input, &output, &err) != RIG_OK)
            quit(err.text);
        const double t1 = now_s();
        sum += run_bare(&b);
        const double t2 = now_s();
        sum += run_reading(&b);
        const double t3 = now_s();
        if ((uint64_t)output.metrics[RIG_METRIC_N_OFFERED] != b.head.n_calls)
            quit("the steps are of another scenario");
        if (i >= 0) {
            t.simulated[i] = t1 - t0;
            t.bare_s[i] = t2 - t1;
            t.reading[i] = t3 - t2;
            t.ratio[i] = t.simulated[i] / t.bare_s[i];
            t.net[i] = t.simulated[i] / (t.bare_s[i] - t.reading[i]);
        }
    }
    print_medians(&t, (size_t)n, &b, sum);
    rig_centre_free(centre);
    rig_scenario_free(scenario);
    for (uint32_t i = 0; i < b.head.n_dists; i++)
        rig_dist_clear(&b.dists[i]);
    for (int i = 0; i < 2; i++)
        rig_event_heap_free(b.heaps[i]);
    free(b.steps);
    free(output.intervals);
    free(output.trunks);
    free(output.groups);
    return 0;
}
