/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Simulates one run of a scenario and writes what it asks of calendar and random numbers.
 * Usage: bench_simulate_record SCENARIO FILE. The linker puts the __wrap_ functions between. */
#include "bench/simulate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/random.h"
#include "models/centre.h"
#include "models/centre/calendar.h"
#include "models/centre/event_heap.h"

#define REPLICATION 1u

static struct {
    bench_head head;
    bench_step *steps;
    size_t room;
    const rig_dist *dists[BENCH_MOST_DISTS];
    int depth; /* in a calendar's function: what it calls is its own */
} record;

static void add(bench_step step)
{
    if (record.head.n_steps == record.room) {
        record.room = 2 * record.room + 4096;
        record.steps = realloc(record.steps, record.room * sizeof *record.steps);
        if (record.steps == NULL)
            exit(5);
    }
    record.steps[record.head.n_steps++] = step;
}

static void add_event(bench_what what, uint8_t calendar, uint32_t actor, double t_s)
{
    if (actor + 1u > record.head.n_actors[calendar])
        record.head.n_actors[calendar] = actor + 1u;
    add((bench_step){.what = (uint8_t)what, .calendar = calendar, .index = actor, .t_s = t_s});
}

/* The centre's calendar holds a heap of its own, of which nothing is written down. */
#define WRAP(name, type, number)                                                                   \
    void __real_##name##_clear(type *of);                                                          \
    void __wrap_##name##_clear(type *of);                                                          \
    void __wrap_##name##_clear(type *of)                                                           \
    {                                                                                              \
        if (record.depth++ == 0)                                                                   \
            add_event(BENCH_CLEAR, number, 0, 0.0);                                                \
        __real_##name##_clear(of);                                                                 \
        record.depth--;                                                                            \
    }                                                                                              \
    void __real_##name##_set(type *of, uint32_t actor, double t_s);                                \
    void __wrap_##name##_set(type *of, uint32_t actor, double t_s);                                \
    void __wrap_##name##_set(type *of, uint32_t actor, double t_s)                                 \
    {                                                                                              \
        if (record.depth++ == 0)                                                                   \
            add_event(BENCH_SET, number, actor, t_s);                                              \
        __real_##name##_set(of, actor, t_s);                                                       \
        record.depth--;                                                                            \
    }                                                                                              \
    void __real_##name##_unset(type *of, uint32_t actor);                                          \
    void __wrap_##name##_unset(type *of, uint32_t actor);                                          \
    void __wrap_##name##_unset(type *of, uint32_t actor)                                           \
    {                                                                                              \
        if (record.depth++ == 0)                                                                   \
            add_event(BENCH_UNSET, number, actor, 0.0);                                            \
        __real_##name##_unset(of, actor);                                                          \
        record.depth--;                                                                            \
    }                                                                                              \
    double __real_##name##_next_s(type *of);                                                       \
    double __wrap_##name##_next_s(type *of);                                                       \
    double __wrap_##name##_next_s(type *of)                                                        \
    {                                                                                              \
        if (record.depth++ == 0)                                                                   \
            add_event(BENCH_NEXT, number, 0, 0.0);                                                 \
        const double next_s = __real_##name##_next_s(of);                                          \
        record.depth--;                                                                            \
        return next_s;                                                                             \
    }                                                                                              \
    uint32_t __real_##name##_pop(type *of);                                                        \
    uint32_t __wrap_##name##_pop(type *of);                                                        \
    uint32_t __wrap_##name##_pop(type *of)                                                         \
    {                                                                                              \
        if (record.depth++ == 0)                                                                   \
            add_event(BENCH_POP, number, 0, 0.0);                                                  \
        const uint32_t actor = __real_##name##_pop(of);                                            \
        record.depth--;                                                                            \
        return actor;                                                                              \
    }

WRAP(rig_calendar, rig_calendar, 0)
WRAP(rig_event_heap, rig_event_heap, 1)

static uint32_t number_of(const rig_dist *dist)
{
    uint32_t i = 0;
    while (i < record.head.n_dists && record.dists[i] != dist)
        i++;
    if (i == BENCH_MOST_DISTS)
        exit(5);
    if (i == record.head.n_dists) {
        record.dists[i] = dist;
        record.head.dists[i] = (bench_dist){(uint32_t)dist->kind, dist->mean_s, dist->cv};
        record.head.n_dists++;
    }
    return i;
}

double __real_rig_dist_quantile_s(const rig_dist *dist, double u);
double __wrap_rig_dist_quantile_s(const rig_dist *dist, double u);
double __wrap_rig_dist_quantile_s(const rig_dist *dist, double u)
{
    add((bench_step){.what = BENCH_QUANTILE, .sub = number_of(dist)});
    return __real_rig_dist_quantile_s(dist, u);
}

double __real_rig_dist_rounded_quantile_s(const rig_dist *dist, double u);
double __wrap_rig_dist_rounded_quantile_s(const rig_dist *dist, double u);
double __wrap_rig_dist_rounded_quantile_s(const rig_dist *dist, double u)
{
    add((bench_step){.what = BENCH_ROUNDED, .sub = number_of(dist)});
    return __real_rig_dist_rounded_quantile_s(dist, u);
}

double __real_rig_random_uniform(uint64_t seed, rig_cause cause, uint64_t index,
                                 uint32_t replication, uint32_t sub);
double __wrap_rig_random_uniform(uint64_t seed, rig_cause cause, uint64_t index,
                                 uint32_t replication, uint32_t sub);
double __wrap_rig_random_uniform(uint64_t seed, rig_cause cause, uint64_t index,
                                 uint32_t replication, uint32_t sub)
{
    add((bench_step){
        .what = BENCH_UNIFORM, .cause = (uint8_t)cause, .index = (uint32_t)index, .sub = sub});
    return __real_rig_random_uniform(seed, cause, index, replication, sub);
}

void __real_rig_random_uniforms(uint64_t seed, uint64_t index, uint32_t replication,
                                const uint32_t purpose[RIG_RANDOM_BLOCK],
                                double u[RIG_RANDOM_BLOCK]);
void __wrap_rig_random_uniforms(uint64_t seed, uint64_t index, uint32_t replication,
                                const uint32_t purpose[RIG_RANDOM_BLOCK],
                                double u[RIG_RANDOM_BLOCK]);
void __wrap_rig_random_uniforms(uint64_t seed, uint64_t index, uint32_t replication,
                                const uint32_t purpose[RIG_RANDOM_BLOCK],
                                double u[RIG_RANDOM_BLOCK])
{
    add((bench_step){.what = BENCH_BLOCK, .index = (uint32_t)index});
    __real_rig_random_uniforms(seed, index, replication, purpose, u);
}

void __real_rig_random_uniforms_from(uint64_t seed, uint32_t purpose, uint64_t first,
                                     uint32_t replication, double u[RIG_RANDOM_BLOCK]);
void __wrap_rig_random_uniforms_from(uint64_t seed, uint32_t purpose, uint64_t first,
                                     uint32_t replication, double u[RIG_RANDOM_BLOCK]);
void __wrap_rig_random_uniforms_from(uint64_t seed, uint32_t purpose, uint64_t first,
                                     uint32_t replication, double u[RIG_RANDOM_BLOCK])
{
    static const rig_dist gap = {.kind = RIG_DIST_EXPONENTIAL, .mean_s = 1.0, .cv = 1.0};
    add((bench_step){.what = BENCH_ARRIVALS, .index = (uint32_t)first});
    for (uint32_t i = 0; i < RIG_RANDOM_BLOCK; i++) /* the stream takes the steps itself */
        add((bench_step){.what = BENCH_QUANTILE, .sub = number_of(&gap)});
    __real_rig_random_uniforms_from(seed, purpose, first, replication, u);
}

int main(int argc, char **argv)
{
    rig_scenario *scenario = NULL;
    rig_centre *centre = NULL;
    rig_error err = {0};
    if (argc != 3)
        return 2;
    if (rig_scenario_read(argv[1], NULL, 0, &scenario, &err) != RIG_OK ||
        rig_centre_new(scenario, &centre) != RIG_OK) {
        fprintf(stderr, "bench_simulate_record: %s\n", err.text);
        return 2;
    }
    const rig_centre_input input = {.replication = REPLICATION};
    rig_centre_output output = {.intervals = NULL};
    if (rig_centre_simulate(centre, &input, &output, &err) != RIG_OK) {
        fprintf(stderr, "bench_simulate_record: %s\n", err.text);
        return 2;
    }
    record.head.n_calls = (uint64_t)output.metrics[RIG_METRIC_N_OFFERED];
    record.head.seed = scenario->seed;
    record.head.replication = REPLICATION;
    FILE *file = fopen(argv[2], "wb");
    if (file == NULL || fwrite(&record.head, sizeof record.head, 1, file) != 1 ||
        fwrite(record.steps, sizeof *record.steps, record.head.n_steps, file) !=
            record.head.n_steps ||
        fclose(file) != 0) {
        perror(argv[2]);
        return 5;
    }
    rig_centre_free(centre);
    rig_scenario_free(scenario);
    free(record.steps);
    return 0;
}
