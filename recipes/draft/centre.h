/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What several exchanges ask of a scenario. */
#ifndef RIG_RECIPES_DRAFT_CENTRE_H
#define RIG_RECIPES_DRAFT_CENTRE_H

#include "scenarios/scenario.h"

/** Whether callers differ in anything that a centre must know. */
bool rig_recipe_callers_differ(const rig_scenario *s);

/** The numbers that callers dial, from index 0: callers.dial, then those of classes that dial
 * another, then the backup number.
 * @return NULL behind the last; borrowed. */
const char *rig_recipe_dialled(const rig_scenario *s, size_t index);

/**
 * A call takes a circuit of a group when fewer than so many are in use.
 * @param is_own  The call came in by this carrier; else it overflows, and the spare ones are not
 * for it.
 */
uint32_t rig_recipe_circuits_open(const rig_trunk_group *group, bool is_own);

/** Seconds of exchanges that count whole ones: rounded up, a day at most. */
unsigned rig_recipe_whole_s(double s, unsigned least);

#endif
