/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "callcentre/centre/skills.h"

#include <math.h>
#include <stdlib.h>

#include "callcentre/centre/centre.h"

uint32_t rig_callcentre_n_skills(const rig_scenario *scenario)
{
    return scenario->n_skills > 0 ? (uint32_t)scenario->n_skills : 1;
}

uint8_t *rig_callcentre_skill_levels(const rig_scenario *scenario)
{
    const size_t n_groups = scenario->n_agents;
    uint8_t *level = calloc(rig_callcentre_n_skills(scenario) * n_groups, sizeof *level);
    for (size_t k = 0; k < rig_callcentre_n_skills(scenario) && level != NULL; k++) {
        for (size_t g = 0; g < n_groups; g++) {
            const uint8_t *of = scenario->agents[g].level;
            level[k * n_groups + g] = of != NULL ? of[k] : 1;
        }
    }
    return level;
}

uint32_t rig_callcentre_skill_of(const rig_callcentre_centre *centre, size_t choice)
{
    const rig_ivr *ivr = &centre->scenario->ivr;
    const uint32_t skill = choice < ivr->n_choices ? ivr->choices[choice].skill : 0;
    return rig_callcentre_centre_is_wrong_skill(centre, skill)
               ? (skill + 1) % rig_callcentre_n_skills(centre->scenario)
               : skill;
}

rig_callcentre_groups rig_callcentre_overflow_of(const rig_callcentre_centre *centre,
                                                 uint32_t skill, double waited_s)
{
    const rig_queue *queue = &centre->scenario->queue;
    rig_callcentre_groups groups = 0;
    if (rig_callcentre_centre_defect(centre, RIG_DEFECT_NO_QUEUE_OVERFLOW) != NULL)
        return 0;
    for (size_t i = 0; i < queue->n_overflow; i++)
        if (queue->overflow[i].skill == skill && queue->overflow[i].after_s <= waited_s)
            groups |= (rig_callcentre_groups)1 << queue->overflow[i].group;
    return groups;
}

double rig_callcentre_overflow_next_s(const rig_scenario *scenario, uint32_t skill, double waited_s)
{
    const rig_queue *queue = &scenario->queue;
    double next_s = INFINITY;
    for (size_t i = 0; i < queue->n_overflow; i++)
        if (queue->overflow[i].skill == skill && queue->overflow[i].after_s > waited_s)
            next_s = fmin(next_s, queue->overflow[i].after_s);
    return next_s;
}
