/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where a call stands in the queue, and how long it will wait there. */
#ifndef RIG_MODELS_CENTRE_POSITIONS_H
#define RIG_MODELS_CENTRE_POSITIONS_H

#include "models/centre/state.h"

/** The line of a priority and skill. */
static inline rig_line *rig_positions_line(const rig_centre *c, uint32_t rank, uint32_t skill)
{
    return &c->lines[rank * c->n_skills + skill];
}

/** Calls and kept places in front of one who enters. */
uint32_t rig_positions_in_front(const rig_centre *c, const rig_slot *s);

/** The same of one who waits. */
uint32_t rig_positions_before(const rig_centre *c, uint32_t id);

/** Whether of the calls before one who waits fewer than agents are idle for him. */
bool rig_positions_is_turn(const rig_centre *c, uint32_t id, uint64_t groups);

/** The expected wait behind so many of a skill; INFINITY where nobody is on duty. */
double rig_positions_wait_behind_s(const rig_centre *c, uint32_t skill, uint32_t n);

/** Of one who enters. */
double rig_positions_expected_wait_s(const rig_centre *c, const rig_slot *s);

#endif
