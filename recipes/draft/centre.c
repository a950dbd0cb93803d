/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "recipes/draft/centre.h"

#include <math.h>
#include <string.h>

#include "scenarios/backup.h"

bool rig_recipe_callers_differ(const rig_scenario *s)
{
    return s->callers.n_classes > 1 || s->ivr.n_choices > 1 || s->ivr.p_self_service > 0.0 ||
           rig_scenario_has_carriers(s);
}

const char *rig_recipe_dialled(const rig_scenario *s, size_t index)
{
    size_t n = 0;
    if (index == 0)
        return s->callers.dial;
    for (size_t i = 0; i < s->callers.n_classes; i++) {
        const char *own = s->callers.classes[i].dial;
        if (own != NULL && strcmp(own, s->callers.dial) != 0 && ++n == index)
            return own;
    }
    return n + 1 == index && rig_scenario_has_backup(s) ? s->callers.redial.backup.dial : NULL;
}

uint32_t rig_recipe_circuits_open(const rig_trunk_group *group, bool is_own)
{
    return group->n_circuits - (is_own ? 0 : rig_scenario_n_spare(group));
}

unsigned rig_recipe_whole_s(double s, unsigned least)
{
    const double up = ceil(s - 1e-9);
    return up < (double)least ? least : (unsigned)fmin(up, 86400.0);
}
