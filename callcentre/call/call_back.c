/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A call that the centre makes, to a caller who was promised it: his phone is called first; when he
 * has answered, that of the agent who is kept for him (RFC 3725, section 4.1, with a session that
 * is the centre's until the agent's is known). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "callcentre/call/call_impl.h"
#include "callcentre/sip/dial.h"
#include "core/clock.h"

/* False when memory is out or the stack refuses. */
static bool dial(rig_callcentre_call *call, nta_response_f *callback)
{
    const rig_callcentre_centre *centre = call->centre;
    char header[40];
    const int n =
        snprintf(header, sizeof header, "X-Rig-Call-Back: %u", call->promise->n_dials + 1);
    if (call->attempt > 0)
        (void)snprintf(header + n, sizeof header - (size_t)n, "/%u", call->attempt);
    const rig_callcentre_dialling how = {
        .from = centre->scenario->callers.dial,
        .to = call->number,
        .host = &centre->callers_host,
        .port = centre->callers_port,
        .call_id = call->call_id,
        .invite = {.contact = call->contact,
                   .header = header,
                   .sdp = centre->sdp,
                   .connection = rig_callcentre_call_connection(call)},
        .on_request = rig_callcentre_call_on_request,
        .on_response = callback,
        .magic = call,
    };
    call->dialling = rig_callcentre_dial(centre, &how, &call->dialog);
    return call->dialling != NULL;
}

/* His dialog, or one that is ended at once: he answered as he was given up. */
static void establish(rig_callcentre_call *call, const sip_t *sip)
{
    rig_callcentre_acknowledge(call->centre, call->dialog, rig_callcentre_call_connection(call),
                               sip, NULL);
    call->is_answered = call->is_acked = true;
}

static void on_answer(rig_callcentre_call *call, const sip_t *sip)
{
    char *sdp = rig_callcentre_sdp_copy(sip);
    establish(call, sip);
    rig_callcentre_timers_cancel(&call->centre->timers, &call->timer);
    if (sdp != NULL) {
        free(call->sdp);
        call->sdp = sdp;
    }
    rig_callcentre_call_ring_agent(call, call->kept_agent);
}

static int on_response(void *magic, nta_outgoing_t *invite, const sip_t *sip)
{
    rig_callcentre_call *call = magic;
    const int status = rig_callcentre_status(invite, sip);
    if (status < 200)
        return 0;
    nta_outgoing_destroy(invite);
    call->dialling = NULL;
    if (call->state == CALL_DIALLED && status < 300) {
        on_answer(call, sip);
    } else if (call->state == CALL_DIALLED) {
        rig_callcentre_call_end(call, &rig_callcentre_ending_normal);
    } else if (status < 300) { /* it crossed our CANCEL */
        call->centre->counts.n_crossed_cancels++;
        establish(call, sip);
        rig_callcentre_call_hang_up(call, RIG_CALLCENTRE_REASON_NORMAL);
    } else {
        rig_callcentre_call_finish(call);
    }
    return 0;
}

/* Of its own: what is accepted is told early (callcentre/sip/accepted.h), but not what is cancelled. */
static int on_response_to_cancelled(void *magic, nta_outgoing_t *invite, const sip_t *sip)
{
    return on_response(magic, invite, sip);
}

void rig_callcentre_call_stop_dialling(rig_callcentre_call *call)
{
    if (call->dialling != NULL) {
        nta_outgoing_bind(call->dialling, on_response_to_cancelled, call);
        nta_outgoing_cancel(call->dialling);
    }
    rig_callcentre_call_finish(call);
}

void rig_callcentre_call_end_attempt(rig_callcentre_call *call)
{
    rig_callcentre_promise *promise = call->promise;
    rig_callcentre_attempt how = RIG_CALLCENTRE_ATTEMPT_VAIN;
    if (promise == NULL)
        return;
    if (call->is_kept)
        how = RIG_CALLCENTRE_ATTEMPT_KEPT;
    else if (call->has_talked)
        how = RIG_CALLCENTRE_ATTEMPT_CUT;
    call->promise = NULL;
    rig_callcentre_promise_end_attempt(promise, how);
}

static char *new_call_id(const rig_callcentre_centre *centre, const rig_callcentre_promise *p)
{
    char *text = NULL;
    if (asprintf(&text, "back-%s-%u-%llx@%s", p->number, p->n_dials + 1,
                 (unsigned long long)rig_clock_monotonic_ns(), centre->host.uri_host) < 0)
        return NULL;
    return text;
}

void rig_callcentre_call_back(rig_callcentre_centre *centre, rig_callcentre_promise *promise,
                              size_t group, uint32_t agent)
{
    rig_callcentre_call *call =
        rig_callcentre_call_new_empty(centre, centre->n_entrances > 1 ? group : 0, group);
    centre->counts.n_call_backs++;
    if (call != NULL) {
        call->promise = promise;
        call->is_call_back = true;
        call->number = strdup(promise->number);
        call->call_id = new_call_id(centre, promise);
        call->sdp = strdup(centre->sdp);
        call->waiter.skill = promise->waiter.skill;
        call->attempt = promise->attempt;
        call->kept_agent = agent;
    }
    if (call == NULL || call->number == NULL || call->call_id == NULL || call->sdp == NULL ||
        !dial(call, on_response)) {
        if (call != NULL) {
            call->promise = NULL;
            rig_callcentre_call_free(call);
        }
        rig_callcentre_circuit_release(centre->resources, group);
        rig_callcentre_agent_release(centre->resources, agent);
        rig_callcentre_promise_end_attempt(promise, RIG_CALLCENTRE_ATTEMPT_VAIN);
        return;
    }
    rig_callcentre_call_set_state(call, CALL_DIALLED);
    rig_callcentre_call_set_timer(
        call, rig_callcentre_centre_after_ns(centre, centre->scenario->call_back.no_answer_s));
}

void rig_callcentre_call_desert_dialled(rig_callcentre_centre *centre, uint32_t agent)
{
    rig_callcentre_call *call = centre->calls;
    while (call != NULL && !(call->state == CALL_DIALLED && call->kept_agent == agent))
        call = call->next;
    if (call != NULL)
        rig_callcentre_call_end(call, &rig_callcentre_ending_normal);
}
