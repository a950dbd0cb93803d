/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "callcentre/call/admission.h"

#include <stdlib.h>

#include "callcentre/call/call.h"
#include "callcentre/sip/sip_messages.h"

typedef struct rig_callcentre_held held;

struct rig_callcentre_held {
    rig_callcentre_centre *centre;
    nta_incoming_t *invite;
    rig_callcentre_timer timer;
    held *prev, *next;
};

static void end(held *h)
{
    rig_callcentre_centre *centre = h->centre;
    rig_callcentre_timers_unreserve(&centre->timers, &h->timer);
    if (h->prev)
        h->prev->next = h->next;
    else
        centre->held = h->next;
    if (h->next)
        h->next->prev = h->prev;
    free(h);
}

static void on_due(void *arg)
{
    held *h = arg;
    rig_callcentre_centre *centre = h->centre;
    nta_incoming_t *invite = h->invite;
    nta_incoming_bind(invite, NULL, NULL);
    end(h);
    msg_t *msg = nta_incoming_getrequest(invite); /* a reference of ours */
    rig_callcentre_call_admit(centre, invite, sip_object(msg));
    msg_unref(msg);
}

static int on_cancel(void *magic, nta_incoming_t *invite, const sip_t *sip)
{
    held *h = magic;
    if (!sip || sip->sip_request->rq_method != sip_method_cancel)
        return 0;
    h->centre->counts.n_offered++;
    h->centre->counts.n_cancelled++;
    nta_incoming_treply(invite, SIP_487_REQUEST_CANCELLED, TAG_END());
    nta_incoming_destroy(invite);
    end(h);
    return 0;
}

bool rig_callcentre_hold(rig_callcentre_centre *centre, nta_incoming_t *invite, double scenario_s)
{
    held *h = calloc(1, sizeof *h);
    if (!h || !rig_callcentre_timers_reserve(&centre->timers)) {
        free(h);
        return false;
    }
    h->centre = centre;
    h->invite = invite;
    h->timer.fire = on_due;
    h->timer.arg = h;
    h->next = centre->held;
    if (h->next)
        h->next->prev = h;
    centre->held = h;
    nta_incoming_bind(invite, on_cancel, h);
    rig_callcentre_keep_mute(invite);
    rig_callcentre_timers_set(&centre->timers, &h->timer,
                              rig_callcentre_centre_after_ns(centre, scenario_s));
    return true;
}

void rig_callcentre_held_admit(rig_callcentre_centre *centre)
{
    while (centre->held)
        on_due(centre->held);
}

void rig_callcentre_held_lose(rig_callcentre_centre *centre)
{
    while (centre->held) {
        nta_incoming_bind(centre->held->invite, NULL, NULL);
        centre->counts.n_offered++;
        centre->counts.n_crashed_unanswered++;
        end(centre->held);
    }
}
