/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analyzer/metrics/time_axis.h"

#include <string.h>

#include "core/clock.h"

#define MS INT64_C(1000000)

static const int64_t ladder[] = {10 * MS,
                                 20 * MS,
                                 100 * MS,
                                 200 * MS,
                                 RIG_NS_PER_S,
                                 2 * RIG_NS_PER_S,
                                 4 * RIG_NS_PER_S,
                                 12 * RIG_NS_PER_S,
                                 60 * RIG_NS_PER_S,
                                 300 * RIG_NS_PER_S,
                                 900 * RIG_NS_PER_S,
                                 3600 * RIG_NS_PER_S};

/* Beyond an hour each step is twice the one before. */
static int64_t step_after(int64_t step_ns)
{
    for (size_t i = 0; i + 1 < sizeof ladder / sizeof ladder[0]; i++) {
        if (ladder[i] == step_ns)
            return ladder[i + 1];
    }
    return 2 * step_ns;
}

static char *item(const rig_time_axis *axis, void *items, size_t i)
{
    return (char *)items + i * axis->item_size;
}

/* Each few items become one. Items only move down: in place. */
static void coarsen(rig_time_axis *axis, void *items)
{
    const int64_t step_ns = step_after(axis->step_ns);
    const int64_t from_ns = axis->from_ns / step_ns * step_ns;
    const size_t factor = (size_t)(step_ns / axis->step_ns);
    const size_t offset = (size_t)((axis->from_ns - from_ns) / axis->step_ns);
    size_t n = 0;
    for (size_t i = 0, n_in = factor - offset; i < axis->n; i += n_in, n_in = factor) {
        if (n_in > axis->n - i)
            n_in = axis->n - i;
        if (n != i)
            memcpy(item(axis, items, n), item(axis, items, i), axis->item_size);
        axis->merge(item(axis, items, n), item(axis, items, i + 1), n_in - 1);
        n++;
    }
    memset(item(axis, items, n), 0, (axis->n - n) * axis->item_size);
    axis->from_ns = from_ns;
    axis->step_ns = step_ns;
    axis->n = n;
}

/* Make room before the first item. @return false when there is not enough. */
static bool move_up(rig_time_axis *axis, void *items, int64_t from_ns)
{
    const uint64_t n_more = (uint64_t)(axis->from_ns - from_ns) / (uint64_t)axis->step_ns;
    if (n_more > axis->cap - axis->n)
        return false;
    memmove(item(axis, items, (size_t)n_more), items, axis->n * axis->item_size);
    memset(items, 0, (size_t)n_more * axis->item_size);
    axis->n += (size_t)n_more;
    axis->from_ns = from_ns;
    return true;
}

size_t rig_axis_place(rig_time_axis *axis, void *items, int64_t t_ns)
{
    if (axis->step_ns == 0) {
        axis->step_ns = axis->first_step_ns;
        axis->from_ns = t_ns / axis->step_ns * axis->step_ns;
    }
    while (t_ns < axis->from_ns && !move_up(axis, items, t_ns / axis->step_ns * axis->step_ns))
        coarsen(axis, items);
    while ((uint64_t)(t_ns - axis->from_ns) / (uint64_t)axis->step_ns >= axis->cap)
        coarsen(axis, items);
    size_t i = (size_t)((t_ns - axis->from_ns) / axis->step_ns);
    if (i >= axis->n)
        axis->n = i + 1;
    return i;
}
