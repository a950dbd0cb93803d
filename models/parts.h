/* SPDX-License-Identifier: GPL-3.0-or-later */
/* To which parts of a scenario (scenarios/scope.h) a planned call belongs: its caller's carrier,
 * class and skill are drawn with the schedule, so they are known of a call on the wire, too. */
#ifndef RIG_MODELS_PARTS_H
#define RIG_MODELS_PARTS_H

#include <stdbool.h>

#include "core/metric.h"
#include "models/schedule.h"

/** Parts of one call. */
typedef struct rig_parts {
    uint32_t part[RIG_N_SCOPE_KINDS]; /**< numbers of rig_scope_part_of */
    size_t n;
} rig_parts;

/**
 * The parts of a first attempt. A call asks for a skill from its entry into the queue on.
 * @param schedule  Drawn from this scenario.
 * @param index     Below schedule->n.
 * @param stage     To which the call came.
 */
rig_parts rig_parts_of(const rig_schedule *schedule, const rig_scenario *scenario, size_t index,
                       rig_stage stage);

/** Whether it is known of calls that they belong to a part. Of groups of agents it is not (who
 * answers is not planned), nor of carriers that are hunted. @param part  From 1 on. */
bool rig_parts_are_seen(const rig_scenario *scenario, uint32_t part);

#endif
