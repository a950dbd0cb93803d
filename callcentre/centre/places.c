/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "callcentre/centre/places.h"

#include "callcentre/call/call.h"
#include "callcentre/centre/centre.h"
#include "callcentre/centre/classes.h"
#include "callcentre/centre/lines.h"
#include "callcentre/centre/told.h"
#include "core/random.h"

static uint32_t n_places(const rig_callcentre_centre *centre)
{
    return rig_callcentre_resources_usage(centre->resources)->n_places;
}

bool rig_callcentre_place_is_kept(const rig_callcentre_centre *centre,
                                  const rig_callcentre_promised *who,
                                  const rig_callcentre_waiter *waiter)
{
    const rig_keep_place *keep = &centre->scenario->queue.keep_place;
    uint64_t caller;
    return keep->p_accept > 0.0 && n_places(centre) < keep->max_places &&
           rig_callcentre_expected_wait_s(centre, waiter) >= keep->min_wait_s &&
           rig_callcentre_caller_of(centre->scenario, who->number, &caller) &&
           rig_random_uniform(centre->scenario->seed, RIG_CAUSE_KEEP_PLACE, caller, 0,
                              who->attempt) < keep->p_accept;
}

void rig_callcentre_place_keep(rig_callcentre_centre *centre, const rig_callcentre_promised *who,
                               const rig_callcentre_waiter *waiter)
{
    if (rig_callcentre_centre_defect(centre, RIG_DEFECT_LOSES_PLACES) != NULL) {
        rig_callcentre_promise_make(centre, who, waiter->skill);
        return;
    }
    rig_callcentre_promise *place = rig_callcentre_promise_new(centre, who, waiter->skill);
    if (place == NULL)
        return;
    place->waiter.line = waiter->line;
    rig_callcentre_queue_keep(centre->resources, &place->waiter);
    rig_callcentre_helpers_await(&place->helpers, centre, &place->waiter);
}

void rig_callcentre_places_look(rig_callcentre_centre *centre)
{
    if (n_places(centre) > 0)
        rig_callcentre_queue_pass_places(centre->resources, !rig_callcentre_lines_can_dial(centre));
}

void rig_callcentre_place_dial(rig_callcentre_promise *place, uint32_t agent)
{
    rig_callcentre_centre *centre = place->centre;
    size_t group = 0;
    rig_callcentre_helpers_stop(&place->helpers);
    if (rig_callcentre_lines_seize_to_dial(centre, &group)) { /* as there was a moment ago */
        rig_callcentre_call_back(centre, place, group, agent);
        return;
    }
    rig_callcentre_agent_release(centre->resources, agent);
    rig_callcentre_promise_end_attempt(place, RIG_CALLCENTRE_ATTEMPT_VAIN);
}

void rig_callcentre_places_lose(rig_callcentre_centre *centre)
{
    rig_callcentre_promise *next;
    for (rig_callcentre_promise *p = centre->promises.all; p != NULL; p = next) {
        next = p->next;
        if (p->waiter.next != NULL)
            rig_callcentre_promise_break(p);
    }
}
