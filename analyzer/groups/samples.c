/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analyzer/groups/samples.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static bool make_room(rig_samples *s, size_t n)
{
    if (n <= s->cap)
        return true;
    size_t cap = s->cap == 0 ? 8 : s->cap;
    while (cap < n)
        cap *= 2;
    float *items = reallocarray(s->items, cap, sizeof *items);
    if (items == NULL)
        return false;
    s->items = items;
    s->cap = cap;
    return true;
}

bool rig_samples_add(rig_samples *s, int64_t duration_ns)
{
    if (duration_ns < 0)
        return true;
    if (!make_room(s, s->n + 1))
        return false;
    s->items[s->n++] = (float)((double)duration_ns * 1e-9);
    return true;
}

bool rig_samples_join(rig_samples *to, const rig_samples *from)
{
    if (from->n == 0)
        return true;
    if (!make_room(to, to->n + from->n))
        return false;
    memcpy(to->items + to->n, from->items, from->n * sizeof *from->items);
    to->n += from->n;
    return true;
}

static int compare(const void *a, const void *b)
{
    const float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

/* The ceil(p n)-th. */
static double at(const rig_samples *s, double p)
{
    double wanted = ceil(p * (double)s->n);
    size_t i = wanted < 1 ? 0 : (size_t)wanted - 1;
    return s->items[i < s->n ? i : s->n - 1];
}

rig_call_group_times rig_samples_measure(rig_samples *s)
{
    const double nan = (double)NAN;
    if (s->n == 0)
        return (rig_call_group_times){.mean_s = nan, .p50_s = nan, .p95_s = nan, .max_s = nan};
    double total = 0;
    qsort(s->items, s->n, sizeof *s->items, compare);
    for (size_t i = 0; i < s->n; i++)
        total += s->items[i];
    return (rig_call_group_times){.n = s->n,
                                  .mean_s = total / (double)s->n,
                                  .p50_s = at(s, 0.5),
                                  .p95_s = at(s, 0.95),
                                  .max_s = s->items[s->n - 1],
                                  .total_s = total};
}

void rig_samples_clear(rig_samples *s)
{
    free(s->items);
    *s = (rig_samples){0};
}
