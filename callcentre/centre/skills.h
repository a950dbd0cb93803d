/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which groups of agents may take a call: those that have its skill, and after a time in the queue
 * others, by the rules of docs/scenario.md ("Overflow of a queue's rule"). */
#ifndef RIG_CALLCENTRE_CENTRE_SKILLS_H
#define RIG_CALLCENTRE_CENTRE_SKILLS_H

#include <stdint.h>

#include "callcentre/centre/staff.h"
#include "scenarios/scenario.h"

struct rig_callcentre_centre;

/** Skills that calls ask for; at least one, which all groups have where the scenario names none. */
uint32_t rig_callcentre_n_skills(const rig_scenario *scenario);

/**
 * The levels of all groups.
 * @return [skills][groups], for rig_callcentre_capacity.level; the caller's to free; NULL when out
 *         of memory.
 */
uint8_t *rig_callcentre_skill_levels(const rig_scenario *scenario);

/** The skill for which a call that left the menu by a choice waits. Defects may say otherwise. */
uint32_t rig_callcentre_skill_of(const struct rig_callcentre_centre *centre, size_t choice);

/** The groups that may take a call by overflow when it has waited so long. Defects may say
 * otherwise.
 * @param waited_s  Since its first entry, scenario time. */
rig_callcentre_groups rig_callcentre_overflow_of(const struct rig_callcentre_centre *centre,
                                                 uint32_t skill, double waited_s);

/** When the next rule of overflow comes, since the first entry; INFINITY: there is none. */
double rig_callcentre_overflow_next_s(const rig_scenario *scenario, uint32_t skill,
                                      double waited_s);

#endif
