/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "callcentre/centre/lines.h"

#include "callcentre/centre/centre.h"
#include "callcentre/centre/faults.h"
#include "callcentre/centre/steps.h"

static void look_at_service(rig_callcentre_centre *centre)
{
    if (centre->n_defects == 0 && centre->scenario->n_faults == 0)
        return;
    for (size_t g = 0; g < centre->scenario->n_trunks; g++)
        rig_callcentre_circuit_serve(centre->resources, g,
                                     !rig_callcentre_centre_is_trunk_dead(centre, g) &&
                                         !rig_callcentre_faults_has_trunk_down(centre, g));
}

/* A defect: the calls of one carrier are booked on the circuits of the next. */
static size_t booked_on(const rig_callcentre_centre *centre, size_t carrier)
{
    return rig_callcentre_centre_is_misrouted(centre, carrier)
               ? (carrier + 1) % centre->scenario->n_trunks
               : carrier;
}

/* A defect: so many calls at once, and no more. */
static bool is_at_limit(const rig_callcentre_centre *centre)
{
    const rig_callcentre_defect *limit = rig_callcentre_centre_defect(centre, RIG_DEFECT_CIRCUITS);
    return limit && rig_callcentre_resources_usage(centre->resources)->n_circuits >= limit->value;
}

bool rig_callcentre_lines_seize(rig_callcentre_centre *centre, size_t carrier, size_t *group)
{
    const rig_scenario *scenario = centre->scenario;
    if (is_at_limit(centre))
        return false;
    look_at_service(centre);
    if (!rig_scenario_has_carriers(scenario))
        return rig_callcentre_circuit_seize(centre->resources, group);
    const size_t own = booked_on(centre, carrier);
    const rig_trunk_group *trunk = &scenario->trunks[own];
    bool is_seized = rig_callcentre_circuit_seize_of(centre->resources, own, 0);
    *group = is_seized ? own : *group;
    if (rig_callcentre_centre_defect(centre, RIG_DEFECT_NO_OVERFLOW))
        return is_seized;
    for (size_t i = 0; i < trunk->n_overflow && !is_seized; i++) {
        const size_t other = trunk->overflow[i];
        is_seized = rig_callcentre_circuit_seize_of(centre->resources, other,
                                                    rig_callcentre_steps_n_spare(centre, other));
        *group = is_seized ? other : *group;
    }
    return is_seized;
}

/* The group whose circuit a caller is called back by; n_trunks when there is none. */
static size_t group_to_dial(rig_callcentre_centre *centre)
{
    const rig_scenario *scenario = centre->scenario;
    size_t g = 0;
    if (is_at_limit(centre))
        return scenario->n_trunks;
    look_at_service(centre);
    while (g < scenario->n_trunks &&
           !rig_callcentre_circuit_is_free(centre->resources, g,
                                           rig_callcentre_steps_n_spare(centre, g)))
        g++;
    return g;
}

bool rig_callcentre_lines_can_dial(rig_callcentre_centre *centre)
{
    return group_to_dial(centre) < centre->scenario->n_trunks;
}

bool rig_callcentre_lines_seize_to_dial(rig_callcentre_centre *centre, size_t *group)
{
    const size_t g = group_to_dial(centre);
    if (g == centre->scenario->n_trunks)
        return false;
    *group = g;
    return rig_callcentre_circuit_seize_of(centre->resources, g,
                                           rig_callcentre_steps_n_spare(centre, g));
}
