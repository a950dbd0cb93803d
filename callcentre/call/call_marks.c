/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the caller's leg is told of the call's way: one switch for each event, a row of
 * docs/wire-contract.md each. */
#include "core/clock.h"
#include "callcentre/call/call_impl.h"
#include "callcentre/sip/sip_messages.h"

enum { MAX_MARK_RETRIES = 3 };

bool rig_callcentre_call_is_early(const rig_callcentre_call *call)
{
    return call->centre->scenario->target.marks == RIG_MARK_EARLY;
}

bool rig_callcentre_tell_taken(rig_callcentre_call *call)
{
    const rig_callcentre_centre *centre = call->centre;
    if (rig_callcentre_call_is_early(call))
        return nta_incoming_treply(call->invite, SIP_183_SESSION_PROGRESS,
                                   SIPTAG_CONTACT(call->contact),
                                   SIPTAG_CONTENT_TYPE_STR("application/sdp"),
                                   SIPTAG_PAYLOAD_STR(centre->sdp), TAG_END()) == 0;
    call->is_answered = true;
    return rig_callcentre_reply_session(call->invite, call->contact, centre->sdp);
}

static void send_stage(rig_callcentre_call *call, const char *stage, const char *header)
{
    rig_callcentre_send_stage(call->dialog, rig_callcentre_call_connection(call), stage, header);
}

void rig_callcentre_tell_queue(rig_callcentre_call *call, const char *announcement)
{
    const char *header = announcement[0] != '\0' ? announcement : NULL;
    switch (call->centre->scenario->target.marks) {
    case RIG_MARK_REINVITE:
    case RIG_MARK_UPDATE:
    case RIG_MARK_INFO:
        send_stage(call, "queue", header);
        break;
    case RIG_MARK_EARLY:
        nta_incoming_treply(call->invite, SIP_182_QUEUED, SIPTAG_CONTACT(call->contact),
                            SIPTAG_HEADER_STR("X-Rig-Stage: queue"), SIPTAG_HEADER_STR(header),
                            TAG_END());
        break;
    case RIG_MARK_QUIET:
    case RIG_MARK_AUTO: /* no centre has it */
        break;
    }
}

void rig_callcentre_tell_ringing(rig_callcentre_call *call)
{
    if (call->is_call_back) /* whoever is called back is told nothing of queues */
        return;
    switch (call->centre->scenario->target.marks) {
    case RIG_MARK_REINVITE:
    case RIG_MARK_UPDATE:
    case RIG_MARK_INFO:
        send_stage(call, "ringing", NULL);
        break;
    case RIG_MARK_EARLY:
        nta_incoming_treply(call->invite, SIP_180_RINGING, SIPTAG_CONTACT(call->contact),
                            SIPTAG_HEADER_STR("X-Rig-Stage: ringing"), TAG_END());
        break;
    case RIG_MARK_QUIET:
    case RIG_MARK_AUTO: /* no centre has it */
        break;
    }
}

nta_outgoing_t *rig_callcentre_call_update(rig_callcentre_call *call, nta_response_f *callback,
                                           const char *header)
{
    return nta_outgoing_tcreate(call->dialog, callback, call, NULL, SIP_METHOD_UPDATE, NULL,
                                SIPTAG_CONTACT(call->contact), SIPTAG_HEADER_STR(header),
                                NTATAG_TPORT(rig_callcentre_call_connection(call)), TAG_END());
}

nta_outgoing_t *rig_callcentre_call_reinvite(rig_callcentre_call *call, nta_response_f *callback,
                                             const char *header)
{
    const rig_callcentre_centre *centre = call->centre;
    return rig_callcentre_send_invite(
        call->dialog, centre->nta, callback, call,
        &(rig_callcentre_invite){.contact = call->contact,
                                 .transport = centre->transport,
                                 .header = header,
                                 .sdp = call->agent_sdp ? call->agent_sdp : centre->sdp,
                                 .connection = rig_callcentre_call_connection(call),
                                 .accepted = centre->accepted});
}

int rig_callcentre_call_take_response(rig_callcentre_call *call, nta_outgoing_t *request,
                                      nta_outgoing_t **place, const sip_t *sip)
{
    const int status = rig_callcentre_status(request, sip);
    if (status < 200)
        return status;
    if (status < 300 && nta_outgoing_method(request) == sip_method_invite)
        rig_callcentre_send_ack(call->dialog, rig_callcentre_call_connection(call), sip, NULL);
    nta_outgoing_destroy(request);
    *place = NULL;
    return status;
}

static int on_mark_response(void *magic, nta_outgoing_t *mark, const sip_t *sip);

bool rig_callcentre_tell_answered(rig_callcentre_call *call)
{
    if (call->is_call_back) { /* with the agent's session, whatever the marks are */
        call->mark = rig_callcentre_call_reinvite(call, on_mark_response, NULL);
        return true;
    }
    switch (call->centre->scenario->target.marks) {
    case RIG_MARK_REINVITE:
        call->mark = rig_callcentre_call_reinvite(call, on_mark_response, NULL);
        break;
    case RIG_MARK_UPDATE:
        call->mark = rig_callcentre_call_update(call, on_mark_response, NULL);
        break;
    case RIG_MARK_INFO:
        send_stage(call, "talk", NULL);
        break;
    case RIG_MARK_EARLY:
        /* The session of the 183 again: an answer once shown may not change (RFC 3261, 13.2.1). */
        call->is_answered = true;
        return rig_callcentre_reply_session(call->invite, call->contact, call->centre->sdp);
    case RIG_MARK_QUIET:
    case RIG_MARK_AUTO: /* no centre has it */
        break;
    }
    return true;
}

void rig_callcentre_tell_answered_again(rig_callcentre_call *call)
{
    call->centre->counts.n_mark_retries++;
    (void)rig_callcentre_tell_answered(call);
}

static int on_mark_response(void *magic, nta_outgoing_t *mark, const sip_t *sip)
{
    rig_callcentre_call *call = magic;
    const int status = rig_callcentre_call_take_response(call, mark, &call->mark, sip);
    if (status < 200)
        return 0;
    if (call->state != CALL_TALK) {
        rig_callcentre_call_finish(call);
    } else if (status == 481 || status == 408) {
        /* The caller's phone no longer knows the call, or is gone (RFC 3261, 12.2.1.2). */
        rig_callcentre_call_counts(call)->n_dropped++;
        rig_callcentre_call_end(call, &rig_callcentre_ending_temporary);
    } else if ((status == 491 || status == 500) && call->n_mark_retries < MAX_MARK_RETRIES) {
        /* Not the Call-ID's owner: again after 0 to 2 s (RFC 3261, 14.1). Not scenario time. */
        uint32_t sub = RIG_CALLCENTRE_DRAW_MARK_RETRY + call->n_mark_retries++;
        double u = rig_callcentre_centre_draw(call->centre, call->index, sub);
        rig_callcentre_call_set_timer(call, rig_clock_monotonic_ns() + rig_clock_ns_of_s(2 * u));
    }
    /* Any other failure leaves the session as it was (RFC 3261, 14.1). */
    return 0;
}
