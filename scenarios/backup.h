/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The backup number: callers who did not get through may dial another one, which leads to trunks of
 * its own (callers.redial.backup; docs/scenario.md, Redials). */
#ifndef RIG_SCENARIOS_BACKUP_H
#define RIG_SCENARIOS_BACKUP_H

#include <stdbool.h>

#include "scenarios/scenario.h"

/** rig_caller_class.p_backup of a class without a share of its own. */
#define RIG_BACKUP_AS_ALL (-1.0)

/** Whether somebody may dial it. */
bool rig_scenario_has_backup(const rig_scenario *scenario);

/** Of the redials of a class so many go to it; 0 without one. */
double rig_scenario_p_backup(const rig_scenario *scenario, size_t caller_class);

/** The trunk group by which calls to it come in: its index; n_trunks when there is none of that
 * name, which the reader refuses. */
size_t rig_scenario_backup_trunk(const rig_scenario *scenario);

/** Whether a number that was dialled is it. @param called  NULL: none was told. */
bool rig_scenario_is_backup(const rig_scenario *scenario, const char *called);

#endif
