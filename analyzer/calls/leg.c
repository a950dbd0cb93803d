#include "analyzer/calls/leg.h"

bool rig_leg_is_over(const rig_leg *leg)
{
    return leg->is_failed || leg->is_ended || (leg->is_cancelled && !leg->is_answered);
}

/* Final responses after which RFC 3261 section 8.1.3.5 (and RFC 4028, 3329) has the caller try
 * again under the same Call-ID, although a caller who does not is refused. */
static bool is_mendable(int code)
{
    switch (code) {
    case 415:
    case 416:
    case 420:
    case 421:
    case 422:
    case 494:
        return true;
    default:
        return false;
    }
}

static bool is_challenge(int code)
{
    return (code >= 300 && code < 400) || code == 401 || code == 407;
}

static bool is_callers_tag(const rig_leg *leg, uint64_t tag_hash)
{
    return leg->caller_tag != 0 && tag_hash == leg->caller_tag;
}

bool rig_leg_is_own_invite(const rig_leg *leg, const rig_sip *sip, const rig_packet *packet)
{
    return rig_sip_is_initial_invite(sip) && sip->cseq == leg->invite_cseq &&
           sip->branch_hash == leg->branch && rig_endpoint_eq(packet->src, leg->caller);
}

/* Whether an address is the one that the INVITE has reached: what comes from there passes it on. On
 * one host for all (a rig on loopback) only the port tells. */
static bool is_next_hop(const rig_leg *leg, rig_endpoint src)
{
    return rig_endpoint_eq(src, leg->callee) ||
           (rig_endpoint_same_host(src, leg->callee) && !rig_endpoint_same_host(src, leg->caller));
}

bool rig_leg_is_reused(const rig_leg *leg, const rig_sip *sip, const rig_packet *packet)
{
    if (leg->role == RIG_LEG_ORPHAN)
        return true;
    if (!rig_leg_is_over(leg))
        return false;
    if (sip->from_tag_hash != leg->caller_tag)
        return true;
    if (sip->cseq == leg->invite_cseq)
        return !rig_endpoint_eq(packet->src, leg->caller) && !is_next_hop(leg, packet->src);
    return !(is_mendable(leg->final_code) && sip->cseq > leg->invite_cseq);
}

static void begin_attempt(rig_leg *leg, const rig_sip *sip, const rig_packet *packet)
{
    leg->callee = leg->first_callee = packet->dst;
    leg->caller_tag = sip->from_tag_hash;
    leg->branch = sip->branch_hash;
    leg->invite_cseq = sip->cseq;
    leg->final_code = 0;
    leg->is_challenged = leg->is_failed = false;
}

void rig_leg_begin(rig_leg *leg, const rig_sip *sip, const rig_packet *packet, int64_t t_ns)
{
    leg->caller = packet->src;
    leg->t_first_ns = leg->t_last_ns = t_ns;
    leg->t_answer_ns = RIG_NO_TIME;
    begin_attempt(leg, sip, packet);
}

/* The side that sent a request, or to whose request this is the response. Tags say it whatever
 * proxies and address translation do; old stacks without tags are told by their address. */
static rig_side side_of(const rig_leg *leg, const rig_sip *sip, const rig_packet *packet)
{
    if (is_callers_tag(leg, sip->from_tag_hash))
        return RIG_SIDE_CALLER;
    if (is_callers_tag(leg, sip->to_tag_hash))
        return RIG_SIDE_CALLEE;
    rig_endpoint requester = sip->is_request ? packet->src : packet->dst;
    return rig_endpoint_eq(requester, leg->caller) ? RIG_SIDE_CALLER : RIG_SIDE_CALLEE;
}

/* Whether a CANCEL or a response belongs to the initial INVITE as the caller sent it: not to a
 * re-INVITE, and not to one branch of a proxy that rings several phones or tries several gateways.
 * The topmost Via names the hop (RFC 3261 section 17.1.3). */
static bool is_of_attempt(const rig_leg *leg, const rig_sip *sip, const rig_packet *packet)
{
    if (sip->cseq != leg->invite_cseq)
        return false;
    if (leg->branch == 0 || sip->branch_hash == leg->branch)
        return true;
    return sip->is_request ? rig_endpoint_eq(packet->src, leg->caller)
                           : rig_endpoint_eq(packet->dst, leg->caller) &&
                                 rig_endpoint_eq(packet->src, leg->first_callee);
}

static rig_leg_event_kind on_invite(rig_leg *leg, const rig_sip *sip, const rig_packet *packet,
                                    rig_side side)
{
    /* Some callers leave the refusal's To tag in the attempt that follows a challenge. */
    bool is_initial = sip->to_tag.n == 0 || (leg->is_challenged && side == RIG_SIDE_CALLER);
    if (!is_initial)
        return RIG_LEG_RENEGOTIATED;
    bool is_unsettled = !leg->is_answered && !leg->is_cancelled && !leg->is_ended;
    bool is_same_caller = sip->from_tag_hash == leg->caller_tag;
    if (leg->is_challenged ? sip->cseq != leg->invite_cseq
                           : sip->cseq > leg->invite_cseq && is_unsettled && is_same_caller) {
        begin_attempt(leg, sip, packet);
        return RIG_LEG_RETRIED;
    }
    if (sip->cseq != leg->invite_cseq || !is_same_caller)
        return RIG_LEG_NOTHING;
    if (rig_endpoint_eq(packet->src, leg->caller)) {
        /* Seen from behind a proxy: it tries the next gateway after the first one's refusal. */
        if (leg->is_failed && is_unsettled && sip->branch_hash != leg->branch) {
            begin_attempt(leg, sip, packet);
            return RIG_LEG_RETRIED;
        }
        return RIG_LEG_NOTHING;
    }
    if (!is_next_hop(leg, packet->src))
        return RIG_LEG_NOTHING;
    leg->callee = packet->dst;
    return RIG_LEG_FORWARDED;
}

static rig_leg_event_kind on_cancel(rig_leg *leg, const rig_sip *sip, const rig_packet *packet,
                                    rig_side side)
{
    /* A re-INVITE has a higher CSeq; a To tag says nothing, some callers copy the one of the 180.
     */
    if (side != RIG_SIDE_CALLER || leg->is_cancelled || leg->is_failed || leg->is_ended ||
        !is_of_attempt(leg, sip, packet))
        return RIG_LEG_NOTHING;
    leg->is_cancelled = true;
    return RIG_LEG_CANCELLED;
}

static rig_leg_event_kind on_end(rig_leg *leg)
{
    if (leg->is_ended)
        return RIG_LEG_ENDED_AGAIN;
    leg->is_ended = true;
    return RIG_LEG_ENDED;
}

static rig_leg_event_kind on_request(rig_leg *leg, const rig_sip *sip, const rig_packet *packet,
                                     rig_side side)
{
    switch (sip->method) {
    case RIG_SIP_INVITE:
        return on_invite(leg, sip, packet, side);
    case RIG_SIP_CANCEL:
        return on_cancel(leg, sip, packet, side);
    case RIG_SIP_BYE:
        return on_end(leg);
    case RIG_SIP_UPDATE:
        return RIG_LEG_RENEGOTIATED;
    case RIG_SIP_ACK:
        if (side == RIG_SIDE_CALLER && sip->cseq == leg->invite_cseq)
            leg->has_ack = true;
        return RIG_LEG_NOTHING;
    default:
        return RIG_LEG_NOTHING;
    }
}

static rig_leg_event_kind on_provisional(rig_leg *leg, int code)
{
    bool is_first = !leg->has_response;
    leg->has_response = true;
    if (code > 100 && !leg->has_provisional) {
        leg->has_provisional = true;
        return RIG_LEG_PROVISIONAL;
    }
    return is_first ? RIG_LEG_RESPONDED : RIG_LEG_NOTHING;
}

static rig_leg_event_kind on_final(rig_leg *leg, int code, int64_t t_ns)
{
    leg->has_response = true;
    if (leg->is_answered || leg->is_failed || leg->is_challenged || (leg->is_ended && code < 300))
        return RIG_LEG_NOTHING; /* also an answer that crossed a BYE: nobody is there any more */
    leg->final_code = code;
    if (code < 300) {
        leg->is_answered = true;
        leg->t_answer_ns = t_ns;
        return RIG_LEG_ANSWERED;
    }
    if (is_challenge(code) && !leg->is_cancelled) {
        leg->is_challenged = true;
        return RIG_LEG_CHALLENGED;
    }
    leg->is_failed = true;
    return RIG_LEG_FAILED;
}

static rig_leg_event on_response(rig_leg *leg, const rig_sip *sip, const rig_packet *packet,
                                 rig_side side, int64_t t_ns)
{
    rig_leg_event event = {.kind = RIG_LEG_NOTHING, .side = side};
    if (sip->method == RIG_SIP_BYE && sip->code >= 200 && sip->code != 401 && sip->code != 407) {
        event.kind = on_end(leg); /* the BYE itself was not captured, if it had not ended before */
        return event;
    }
    if (sip->method != RIG_SIP_INVITE || side != RIG_SIDE_CALLER ||
        !is_of_attempt(leg, sip, packet))
        return event;
    event.is_of_initial = true;
    event.kind = sip->code < 200 ? on_provisional(leg, sip->code) : on_final(leg, sip->code, t_ns);
    return event;
}

rig_leg_event rig_leg_apply(rig_leg *leg, const rig_sip *sip, const rig_packet *packet,
                            int64_t t_ns)
{
    rig_side side = side_of(leg, sip, packet);
    leg->t_last_ns = t_ns;
    if (!sip->is_request)
        return on_response(leg, sip, packet, side, t_ns);
    return (rig_leg_event){.kind = on_request(leg, sip, packet, side), .side = side};
}
