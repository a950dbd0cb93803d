/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "callcentre/centre/helpers.h"

#include <math.h>

#include "callcentre/centre/centre.h"
#include "callcentre/centre/skills.h"

static void await_next(rig_callcentre_helpers *h, double waited_s)
{
    const double next_s =
        rig_callcentre_overflow_next_s(h->centre->scenario, h->waiter->skill, waited_s);
    if (isinf(next_s) ||
        (!h->has_timer && !(h->has_timer = rig_callcentre_timers_reserve(&h->centre->timers))))
        return;
    h->after_s = next_s;
    rig_callcentre_timers_set(&h->centre->timers, &h->timer,
                              rig_callcentre_centre_after_ns(h->centre, next_s - waited_s));
}

static void on_time(void *arg)
{
    rig_callcentre_helpers *h = arg;
    h->waiter->also |= rig_callcentre_overflow_of(h->centre, h->waiter->skill, h->after_s);
    await_next(h, h->after_s);
}

void rig_callcentre_helpers_await(rig_callcentre_helpers *helpers,
                                  struct rig_callcentre_centre *centre,
                                  rig_callcentre_waiter *waiter)
{
    helpers->centre = centre;
    helpers->waiter = waiter;
    helpers->timer.fire = on_time;
    helpers->timer.arg = helpers;
    await_next(helpers, 0.0);
}

void rig_callcentre_helpers_stop(rig_callcentre_helpers *helpers)
{
    if (helpers->has_timer)
        rig_callcentre_timers_cancel(&helpers->centre->timers, &helpers->timer);
}

void rig_callcentre_helpers_clear(rig_callcentre_helpers *helpers)
{
    if (helpers->has_timer)
        rig_callcentre_timers_unreserve(&helpers->centre->timers, &helpers->timer);
    helpers->has_timer = false;
}
