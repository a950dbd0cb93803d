/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who is served first, and by whom: other priorities of the classes, other skills of the agents. */
#include <stdlib.h>
#include <string.h>

#include "verdict/diagnosis/refit_impl.h"

/* Who is served first: all by their entry; or the least first; or one class among the least. */
rig_status rig_refit_set_priority(rig_refit *r, const rig_finding *f)
{
    const rig_callers *callers = &r->scenario.callers;
    uint32_t least = UINT32_MAX, most = 0;
    if (r->classes == NULL)
        r->classes = rig_refit_copy(callers->classes, callers->n_classes, sizeof *r->classes);
    if (r->classes == NULL)
        return RIG_ENOMEM;
    r->scenario.callers.classes = r->classes;
    for (size_t i = 0; i < callers->n_classes; i++) {
        least = r->classes[i].priority < least ? r->classes[i].priority : least;
        most = r->classes[i].priority > most ? r->classes[i].priority : most;
    }
    for (size_t i = 0; i < callers->n_classes; i++) {
        if (f->is_reversed)
            r->classes[i].priority = most - r->classes[i].priority;
        else if (f->caller_class == 0 || f->caller_class == i + 1)
            r->classes[i].priority = least;
    }
    return RIG_OK;
}

/* The rules by which others help with a skill are those of another one.
 * @return RIG_OK or RIG_ENOMEM. */
static rig_status copy_rules(rig_refit *r, uint32_t skill, uint32_t other)
{
    rig_queue *queue = &r->scenario.queue;
    rig_queue_overflow *rules = calloc(2 * queue->n_overflow + 1, sizeof *rules);
    size_t n = 0;
    if (rules == NULL)
        return RIG_ENOMEM;
    for (size_t i = 0; i < queue->n_overflow; i++) {
        if (queue->overflow[i].skill != skill)
            rules[n++] = queue->overflow[i];
        if (queue->overflow[i].skill == other) {
            rules[n] = queue->overflow[i];
            rules[n++].skill = skill;
        }
    }
    free(r->queue_overflow);
    r->queue_overflow = rules;
    queue->overflow = rules;
    queue->n_overflow = n;
    return RIG_OK;
}

/* Calls for one skill are given to those who have another, or nobody helps. They stay calls for
 * their skill: it is the figures of skills that are compared. */
rig_status rig_refit_set_skill(rig_refit *r, const rig_finding *f)
{
    const size_t n_skills = r->scenario.n_skills;
    if (f->kind == RIG_FINDING_NO_QUEUE_OVERFLOW) {
        r->scenario.queue.n_overflow = 0;
        return RIG_OK;
    }
    if (r->levels == NULL)
        r->levels = calloc(r->scenario.n_agents * n_skills + 1, sizeof *r->levels);
    if (r->levels == NULL)
        return RIG_ENOMEM;
    for (size_t g = 0; g < r->scenario.n_agents; g++) {
        const uint8_t *given = r->base->scenario->agents[g].level;
        uint8_t *level = r->levels + g * n_skills;
        if (given == NULL)
            continue;
        if (r->agents[g].level != level)
            memcpy(level, given, n_skills);
        level[f->skill - 1] = given[f->other_skill - 1];
        r->agents[g].level = level;
    }
    return copy_rules(r, f->skill - 1, f->other_skill - 1);
}
