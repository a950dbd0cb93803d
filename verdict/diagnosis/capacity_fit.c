/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verdict/diagnosis/capacity_fit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Probes are taken together in at most so many slices, capacities in at most so many candidates. */
#define MAX_SLICES     1500
#define MAX_CANDIDATES 1500

/* A change of the capacity must explain so many calls more. */
#define CHANGE_COST ((double)RIG_CAPACITY_CHANGE_COST)

/* When a capacity shrinks, what was held before drains; about as many calls as the capacity come
 * meanwhile and see more held than there are. Together they weigh less than a change. */
#define OVER_COST_OF_ALL 3.0F
#define MAX_OVER_COST    0.1F

/* A capacity that is contradicted by no more than this many calls more than the best is as good. */
#define DOUBTFUL       3
#define DOUBTFUL_SHARE 0.005

typedef struct work {
    const rig_probe *probes;
    size_t n;
    uint32_t expected;
    bool is_loss;
    float over_cost;      /* of a blocked probe that saw more servers held than the capacity */
    uint32_t *candidates; /* sorted, distinct */
    size_t n_candidates;
    size_t n_slices;
    float *cost;      /* of a slice, by candidate */
    double *best;     /* of the path up to a slice, by candidate */
    uint32_t *from;   /* [slice][candidate]: candidate of the slice before */
    uint32_t *chosen; /* by slice */
} work;

static int by_value(const void *a, const void *b)
{
    const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

/* Only where some probe changes its mind can the best capacity be: just above what an admitted one
 * saw, and at what a blocked one saw. */
static rig_status list_candidates(work *w)
{
    w->candidates = malloc((w->n + 2) * sizeof *w->candidates);
    if (w->candidates == NULL)
        return RIG_ENOMEM;
    size_t n = 0;
    for (size_t i = 0; i < w->n; i++)
        w->candidates[n++] = w->probes[i].is_blocked ? w->probes[i].most : w->probes[i].least + 1;
    w->candidates[n++] = w->expected;
    w->candidates[n++] = 0;
    qsort(w->candidates, n, sizeof *w->candidates, by_value);
    size_t n_distinct = 0;
    for (size_t i = 0; i < n; i++) {
        if (n_distinct == 0 || w->candidates[i] != w->candidates[n_distinct - 1])
            w->candidates[n_distinct++] = w->candidates[i];
    }
    size_t step = (n_distinct + MAX_CANDIDATES - 1) / MAX_CANDIDATES, n_kept = 0;
    for (size_t i = 0; i < n_distinct; i++) {
        if (i % step == 0 || w->candidates[i] == w->expected)
            w->candidates[n_kept++] = w->candidates[i];
    }
    w->n_candidates = n_kept;
    return RIG_OK;
}

static bool is_handled_otherwise(const rig_probe *probe, uint32_t capacity)
{
    return probe->is_blocked ? probe->most < capacity : probe->least >= capacity;
}

/* More were held than there are. */
static bool is_over(const rig_probe *probe, uint32_t capacity)
{
    return probe->is_blocked && probe->least > capacity;
}

static bool contradicts(const rig_probe *probe, uint32_t capacity)
{
    return is_handled_otherwise(probe, capacity) || is_over(probe, capacity);
}

static size_t slice_begin(const work *w, size_t slice)
{
    return slice * w->n / w->n_slices;
}

static void cost_of_slice(const work *w, size_t slice)
{
    memset(w->cost, 0, w->n_candidates * sizeof *w->cost);
    for (size_t i = slice_begin(w, slice); i < slice_begin(w, slice + 1); i++) {
        for (size_t c = 0; c < w->n_candidates; c++)
            w->cost[c] += is_handled_otherwise(&w->probes[i], w->candidates[c]) ? 1.0F
                          : is_over(&w->probes[i], w->candidates[c])            ? w->over_cost
                                                                                : 0.0F;
    }
}

/* Prefer the expected capacity, then the previous one, among equals. */
static double bias(const work *w, size_t c)
{
    return w->candidates[c] == w->expected ? 0.0 : 1e-6;
}

static void find_path(work *w)
{
    for (size_t s = 0; s < w->n_slices; s++) {
        cost_of_slice(w, s);
        size_t cheapest = 0;
        for (size_t c = 1; s > 0 && c < w->n_candidates; c++) {
            if (w->best[c] < w->best[cheapest])
                cheapest = c;
        }
        double change = s > 0 ? w->best[cheapest] + CHANGE_COST : 0.0;
        for (size_t c = 0; c < w->n_candidates; c++) {
            bool stays = s == 0 || w->best[c] <= change;
            w->from[s * w->n_candidates + c] = stays ? (uint32_t)c : (uint32_t)cheapest;
            w->best[c] = (s == 0  ? 0.0
                          : stays ? w->best[c]
                                  : change) +
                         (double)w->cost[c] + bias(w, c);
        }
    }
    size_t at = 0;
    for (size_t c = 1; c < w->n_candidates; c++) {
        if (w->best[c] < w->best[at])
            at = c;
    }
    for (size_t s = w->n_slices; s-- > 0;) {
        w->chosen[s] = (uint32_t)at;
        at = w->from[s * w->n_candidates + at];
    }
}

/* Where who is blocked is lost, what is held above a capacity that shrank drains without end:
 * nobody shows it by taking the next free server. */
static uint64_t count_against(const work *w, const rig_probe *probes, size_t n, uint32_t capacity)
{
    return w->is_loss ? rig_capacity_count_misplaced(probes, n, capacity)
                      : rig_capacity_count_against(probes, n, capacity);
}

uint64_t rig_capacity_count_misplaced(const rig_probe *probes, size_t n, uint32_t capacity)
{
    uint64_t n_against = 0;
    for (size_t i = 0; i < n; i++)
        n_against += is_handled_otherwise(&probes[i], capacity);
    return n_against;
}

uint64_t rig_capacity_count_against(const rig_probe *probes, size_t n, uint32_t capacity)
{
    uint64_t n_against = 0;
    for (size_t i = 0; i < n; i++)
        n_against += contradicts(&probes[i], capacity);
    return n_against;
}

uint64_t rig_capacity_tolerated(uint64_t n_against, size_t n)
{
    return n_against + DOUBTFUL + (uint64_t)(DOUBTFUL_SHARE * (double)n);
}

static rig_capacity_segment describe(const work *w, size_t from, size_t to, uint32_t capacity)
{
    const rig_probe *probes = w->probes + from;
    const size_t n = to - from;
    rig_capacity_segment s = {.from_s = probes[0].t_s,
                              .to_s = probes[n - 1].t_s,
                              .n_probes = n,
                              .capacity = capacity,
                              .low = capacity,
                              .high = capacity};
    uint32_t most = 0; /* above it all capacities are alike */
    for (size_t i = 0; i < n; i++) {
        s.n_blocked += probes[i].is_blocked;
        most = probes[i].most > most ? probes[i].most : most;
    }
    if (s.low > most + 1)
        s.low = most + 1;
    s.n_against = count_against(w, probes, n, capacity);
    s.n_against_expected = count_against(w, probes, n, w->expected);
    uint64_t tolerated = rig_capacity_tolerated(s.n_against, n);
    while (s.low > 0 && count_against(w, probes, n, s.low - 1) <= tolerated)
        s.low--;
    if (s.n_blocked <= tolerated) { /* no capacity at all is contradicted more often */
        s.high = UINT32_MAX;
        return s;
    }
    while (count_against(w, probes, n, s.high + 1) <= tolerated)
        s.high++;
    return s;
}

static rig_status collect(const work *w, rig_capacity_fit *fit)
{
    fit->segments = calloc(w->n_slices, sizeof *fit->segments);
    if (fit->segments == NULL)
        return RIG_ENOMEM;
    for (size_t s = 0; s < w->n_slices;) {
        size_t end = s + 1;
        while (end < w->n_slices && w->chosen[end] == w->chosen[s])
            end++;
        fit->segments[fit->n_segments++] =
            describe(w, slice_begin(w, s), slice_begin(w, end), w->candidates[w->chosen[s]]);
        s = end;
    }
    return RIG_OK;
}

rig_status rig_capacity_fit_make(const rig_probe *probes, size_t n, uint32_t expected,
                                 rig_capacity_blocked blocked, rig_capacity_fit *fit)
{
    rig_capacity_fit made = {0};
    work w = {
        .probes = probes, .n = n, .expected = expected, .is_loss = blocked == RIG_CAPACITY_LOST};
    w.over_cost = fminf(MAX_OVER_COST, OVER_COST_OF_ALL / ((float)expected + 1.0F));
    rig_status status = RIG_OK;
    if (n == 0) {
        *fit = made;
        return RIG_OK;
    }
    status = list_candidates(&w);
    if (status != RIG_OK)
        return status;
    w.n_slices = n < MAX_SLICES ? n : MAX_SLICES;
    w.cost = malloc(w.n_candidates * sizeof *w.cost);
    w.best = calloc(w.n_candidates, sizeof *w.best);
    w.from = malloc(w.n_slices * w.n_candidates * sizeof *w.from);
    w.chosen = malloc(w.n_slices * sizeof *w.chosen);
    status = RIG_ENOMEM;
    if (w.cost != NULL && w.best != NULL && w.from != NULL && w.chosen != NULL) {
        find_path(&w);
        status = collect(&w, &made);
    }
    free(w.candidates);
    free(w.cost);
    free(w.best);
    free(w.from);
    free(w.chosen);
    if (status == RIG_OK)
        *fit = made;
    return status;
}

void rig_capacity_fit_clear(rig_capacity_fit *fit)
{
    if (fit == NULL)
        return;
    free(fit->segments);
    *fit = (rig_capacity_fit){0};
}

rig_capacity_sum rig_capacity_sum_of(const rig_capacity_fit *fit)
{
    rig_capacity_sum sum = {0};
    for (size_t i = 0; i < fit->n_segments; i++) {
        sum.n_fit += fit->segments[i].n_against + (i > 0 ? RIG_CAPACITY_CHANGE_COST : 0);
        sum.n_expected += fit->segments[i].n_against_expected;
    }
    return sum;
}

bool rig_capacity_deviates(const rig_capacity_segment *segment, uint32_t expected)
{
    if (expected >= segment->low && expected <= segment->high)
        return false;
    return segment->n_against_expected >= segment->n_against + (uint64_t)CHANGE_COST;
}
