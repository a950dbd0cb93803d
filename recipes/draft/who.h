/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who a caller is, where a centre is to know it: the draws of docs/scenario.md ("Draws"), by the
 * caller's number. */
#ifndef RIG_RECIPES_DRAFT_WHO_H
#define RIG_RECIPES_DRAFT_WHO_H

#include "scenarios/scenario.h"

/** A caller. */
typedef struct rig_recipe_caller {
    uint64_t number;
    size_t carrier; /**< by which he comes in: an index of trunks; 0 without shares */
    uint32_t priority;
    uint32_t skill;    /**< of the choice that he makes */
    bool is_satisfied; /**< the menu satisfies him: he is not sent to the queue */
} rig_recipe_caller;

/** Whether callers differ in anything that a centre must know. */
bool rig_recipe_callers_differ(const rig_scenario *s);

/** Caller i of the schedule, from 0. */
rig_recipe_caller rig_recipe_caller_of(const rig_scenario *s, uint64_t i);

#endif
