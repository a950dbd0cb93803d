/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Asterisk's files. Source of what they say: the sample files and the modules' own documentation of
 * Asterisk 20 and 22 (res_pjsip, app_queue, func_groupcount, func_lock, pbx_builtins), and what
 * 20.20 was measured to do. */
#ifndef RIG_RECIPES_ASTERISK_ASTERISK_H
#define RIG_RECIPES_ASTERISK_ASTERISK_H

#include "recipes/draft/draft.h"

/** The queue of a skill: "queue-1". */
const char *rig_recipe_asterisk_queue(rig_recipe *r, size_t skill);

/** The phone of a group's agent, and his name as a member: the user that it registers, or "agent7".
 * @param i  In the group, from 0. @param number  Over all groups, from 1. */
const char *rig_recipe_asterisk_phone(rig_recipe *r, size_t group, uint32_t i, uint32_t number);

/** pjsip.conf: transport, callers, agents. */
void rig_recipe_asterisk_pjsip(rig_recipe *r);

/** queues.conf and queuerules.conf. */
void rig_recipe_asterisk_queues(rig_recipe *r);

/** Whether app_queue itself limits the queue, callers whose agent rings among those who are
 * counted; else the dial plan does. */
bool rig_recipe_asterisk_has_maxlen(const rig_scenario *scenario);

/** extensions.conf. */
void rig_recipe_asterisk_dialplan(rig_recipe *r);

#endif
