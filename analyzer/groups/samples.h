/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Durations that are kept, for exact percentiles. Internal to analyzer/groups. */
#ifndef RIG_ANALYZER_GROUPS_SAMPLES_H
#define RIG_ANALYZER_GROUPS_SAMPLES_H

#include <stdbool.h>

#include "analyzer/call_groups.h"

/** Durations, s. All zero: none. */
typedef struct rig_samples {
    float *items; /**< owned */
    size_t n, cap;
} rig_samples;

/** Add one; a negative one (time ran backwards) is left out. @return false when out of memory. */
bool rig_samples_add(rig_samples *samples, int64_t duration_ns);

/** Add all of another set. @return false when out of memory (nothing has changed). */
bool rig_samples_join(rig_samples *to, const rig_samples *from);

/** What they are like; puts them into order. */
rig_call_group_times rig_samples_measure(rig_samples *samples);

/** Free what it owns. */
void rig_samples_clear(rig_samples *samples);

#endif
