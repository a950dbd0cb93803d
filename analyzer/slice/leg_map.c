/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analyzer/slice/leg_map.h"

#include <stdlib.h>
#include <string.h>

enum { MIN_LEGS = 1024 };

void rig_leg_map_clear(rig_leg_map *map)
{
    free(map->calls);
    *map = (rig_leg_map){0};
}

void rig_leg_map_join(void *ctx, uint64_t leg, uint64_t order)
{
    rig_leg_map *map = ctx;
    if (leg >= map->n) {
        size_t n = map->n * 2 > MIN_LEGS ? map->n * 2 : MIN_LEGS;
        n = leg >= n ? leg + 1 : n;
        uint32_t *calls = order < UINT32_MAX ? reallocarray(map->calls, n, sizeof *calls) : NULL;
        if (calls == NULL) {
            map->has_failed = true;
            return;
        }
        memset(calls + map->n, 0, (n - map->n) * sizeof *calls);
        map->calls = calls;
        map->n = n;
    }
    map->calls[leg] = (uint32_t)order + 1;
}

bool rig_leg_map_find(const rig_leg_map *map, uint64_t leg, uint64_t *order)
{
    if (leg >= map->n || map->calls[leg] == 0)
        return false;
    *order = map->calls[leg] - 1;
    return true;
}
