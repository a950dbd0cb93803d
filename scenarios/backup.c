/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scenarios/backup.h"

#include <string.h>

double rig_scenario_p_backup(const rig_scenario *scenario, size_t caller_class)
{
    const rig_callers *callers = &scenario->callers;
    const rig_backup *backup = &callers->redial.backup;
    if (backup->dial == NULL || callers->redial.p_redial <= 0.0)
        return 0.0;
    const double own = caller_class < callers->n_classes ? callers->classes[caller_class].p_backup
                                                         : RIG_BACKUP_AS_ALL;
    return own >= 0.0 ? own : backup->p_backup;
}

bool rig_scenario_has_backup(const rig_scenario *scenario)
{
    const size_t n = scenario->callers.n_classes;
    for (size_t i = 0; i < (n > 0 ? n : 1); i++)
        if (rig_scenario_p_backup(scenario, i) > 0.0)
            return true;
    return false;
}

size_t rig_scenario_backup_trunk(const rig_scenario *scenario)
{
    const char *name = scenario->callers.redial.backup.trunk;
    size_t i = 0;
    while (i < scenario->n_trunks && (name == NULL || strcmp(scenario->trunks[i].name, name) != 0))
        i++;
    return i;
}

bool rig_scenario_is_backup(const rig_scenario *scenario, const char *called)
{
    const char *dial = scenario->callers.redial.backup.dial;
    return dial != NULL && called != NULL && strcmp(dial, called) == 0;
}
