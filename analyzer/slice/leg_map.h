/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which leg is whose, by the numbers that rig_tap tells: learned in one analysis of a capture, used
 * in a second one. Four bytes a leg. */
#ifndef RIG_ANALYZER_SLICE_LEG_MAP_H
#define RIG_ANALYZER_SLICE_LEG_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** The map. All zero: empty. */
typedef struct rig_leg_map {
    uint32_t *calls; /* by leg; order + 1, or 0 */
    size_t n;
    bool has_failed; /**< there was no memory for some leg */
} rig_leg_map;

/** Free what it holds. */
void rig_leg_map_clear(rig_leg_map *map);

/** rig_tap.joined with a map as its context; a failure is noted in the map. */
void rig_leg_map_join(void *ctx, uint64_t leg, uint64_t order);

/** The call of a leg. @param[out] order Untouched unless true is returned. */
bool rig_leg_map_find(const rig_leg_map *map, uint64_t leg, uint64_t *order);

#endif
