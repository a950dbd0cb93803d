/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Simulates one run of a scenario and writes what it asks of calendar and random numbers.
 * Usage: bench_simulate_record SCENARIO FILE. The linker puts the __wrap_ functions between. */
#include "bench/simulate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/random.h"
#include "models/centre.h"
#include "models/centre/event_heap.h"

#define REPLICATION 1u

static struct {
    bench_head head;
    bench_step *steps;
    size_t room;
    const rig_dist *dists[BENCH_MOST_DISTS];
    const rig_event_heap *heaps[2];
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

/* The centre's calendar is the first that is cleared. */
static uint8_t calendar_of(const rig_event_heap *heap)
{
    for (uint8_t i = 0; i < 2; i++) {
        if (record.heaps[i] == NULL)
            record.heaps[i] = heap;
        if (record.heaps[i] == heap)
            return i;
    }
    exit(5);
}

static void add_heap(bench_what what, const rig_event_heap *heap, uint32_t actor, double t_s)
{
    const uint8_t i = calendar_of(heap);
    if (actor + 1u > record.head.n_actors[i])
        record.head.n_actors[i] = actor + 1u;
    add((bench_step){.what = (uint8_t)what, .calendar = i, .index = actor, .t_s = t_s});
}

void __real_rig_event_heap_clear(rig_event_heap *heap);
void __wrap_rig_event_heap_clear(rig_event_heap *heap);
void __wrap_rig_event_heap_clear(rig_event_heap *heap)
{
    add_heap(BENCH_CLEAR, heap, 0, 0.0);
    __real_rig_event_heap_clear(heap);
}

void __real_rig_event_heap_set(rig_event_heap *heap, uint32_t actor, double t_s);
void __wrap_rig_event_heap_set(rig_event_heap *heap, uint32_t actor, double t_s);
void __wrap_rig_event_heap_set(rig_event_heap *heap, uint32_t actor, double t_s)
{
    add_heap(BENCH_SET, heap, actor, t_s);
    __real_rig_event_heap_set(heap, actor, t_s);
}

void __real_rig_event_heap_unset(rig_event_heap *heap, uint32_t actor);
void __wrap_rig_event_heap_unset(rig_event_heap *heap, uint32_t actor);
void __wrap_rig_event_heap_unset(rig_event_heap *heap, uint32_t actor)
{
    add_heap(BENCH_UNSET, heap, actor, 0.0);
    __real_rig_event_heap_unset(heap, actor);
}

double __real_rig_event_heap_next_s(const rig_event_heap *heap);
double __wrap_rig_event_heap_next_s(const rig_event_heap *heap);
double __wrap_rig_event_heap_next_s(const rig_event_heap *heap)
{
    add_heap(BENCH_NEXT, heap, 0, 0.0);
    return __real_rig_event_heap_next_s(heap);
}

uint32_t __real_rig_event_heap_pop(rig_event_heap *heap);
uint32_t __wrap_rig_event_heap_pop(rig_event_heap *heap);
uint32_t __wrap_rig_event_heap_pop(rig_event_heap *heap)
{
    add_heap(BENCH_POP, heap, 0, 0.0);
    return __real_rig_event_heap_pop(heap);
}

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

double __real_rig_random_uniform(uint64_t seed, rig_cause cause, uint64_t index,
                                 uint32_t replication, uint32_t sub);
double __wrap_rig_random_uniform(uint64_t seed, rig_cause cause, uint64_t index,
                                 uint32_t replication, uint32_t sub);
double __wrap_rig_random_uniform(uint64_t seed, rig_cause cause, uint64_t index,
                                 uint32_t replication, uint32_t sub)
{
    static const rig_dist gap = {.kind = RIG_DIST_EXPONENTIAL, .mean_s = 1.0, .cv = 1.0};
    add((bench_step){
        .what = BENCH_UNIFORM, .cause = (uint8_t)cause, .index = (uint32_t)index, .sub = sub});
    if (cause == RIG_CAUSE_ARRIVAL) /* the stream takes the exponential step itself */
        add((bench_step){.what = BENCH_QUANTILE, .sub = number_of(&gap)});
    return __real_rig_random_uniform(seed, cause, index, replication, sub);
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
