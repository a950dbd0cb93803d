/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "recipes/draft/who.h"

#include "core/random.h"

bool rig_recipe_callers_differ(const rig_scenario *s)
{
    return s->callers.n_classes > 1 || s->ivr.n_choices > 1 || s->ivr.p_self_service > 0.0 ||
           (s->n_trunks > 1 && s->trunks[0].p_share > 0.0);
}

static double draw(const rig_scenario *s, rig_cause cause, uint64_t i)
{
    return rig_random_uniform(s->seed, cause, i, 0, 0);
}

/* The first part whose running sum is over u; by rounding none may be: the last. */
#define PART_OF(parts, n, u, part)                                                                 \
    do {                                                                                           \
        double sum = 0.0;                                                                          \
        (part) = 0;                                                                                \
        for (size_t k = 0; k < (n); k++) {                                                         \
            sum += (parts)[k].p_share;                                                             \
            (part) = k;                                                                            \
            if ((u) < sum)                                                                         \
                break;                                                                             \
        }                                                                                          \
    } while (0)

rig_recipe_caller rig_recipe_caller_of(const rig_scenario *s, uint64_t i)
{
    rig_recipe_caller who = {.number = s->callers.first_number + i};
    size_t part = 0;
    if (s->n_trunks > 1 && s->trunks[0].p_share > 0.0)
        PART_OF(s->trunks, s->n_trunks, draw(s, RIG_CAUSE_TRUNK, i), who.carrier);
    if (s->callers.n_classes > 0) {
        PART_OF(s->callers.classes, s->callers.n_classes, draw(s, RIG_CAUSE_CLASS, i), part);
        who.priority = s->callers.classes[part].priority;
    }
    if (s->ivr.n_choices > 0) {
        PART_OF(s->ivr.choices, s->ivr.n_choices, draw(s, RIG_CAUSE_CHOICE, i), part);
        who.skill = s->ivr.choices[part].skill;
    }
    who.is_satisfied =
        s->ivr.p_self_service > 0.0 && draw(s, RIG_CAUSE_SELF_SERVICE, i) < s->ivr.p_self_service;
    return who;
}
