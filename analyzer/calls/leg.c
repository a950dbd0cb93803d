/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analyzer/calls/leg.h"

enum { TERMINATED = 487 };

bool rig_leg_is_over(const rig_leg *leg)
{
    return leg->is_failed || leg->is_ended || (leg->is_cancelled && !leg->is_answered);
}

/* Final responses after which the caller is to mend his request and try again under the same
 * Call-ID, although a caller who does not is refused: RFC 3261 sections 8.1.3.5 (413, 415, 416,
 * 420), 21.4.22 (484), 13.3.1.3 (488, 606: another offer), 21.4.18 (421); RFC 4028 (422); RFC 3329
 * (494); RFC 8224 (428, 436, 437, 438); RFC 5079 (433); RFC 4412 (417); RFC 3312 (580); RFC 6442
 * (424). 401, 407 and 3xx (8.1.3.4, 22) are challenges: below. */
static bool is_mendable(int code)
{
    static const int16_t codes[] = {413, 415, 416, 417, 420, 421, 422, 424, 428,
                                    433, 436, 437, 438, 484, 488, 494, 580, 606};
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        if (codes[i] == code)
            return true;
    }
    return false;
}

static bool is_challenge(int code)
{
    return (code >= 300 && code < 400) || code == 401 || code == 407;
}

static bool is_callers_tag(const rig_leg *leg, uint64_t tag_hash)
{
    return leg->caller_tag != 0 && tag_hash == leg->caller_tag;
}

static bool is_known_branch(const rig_leg *leg, const rig_sip *sip)
{
    return rig_branches_know(&leg->branches, sip->branch_hash, sip->cseq);
}

bool rig_leg_is_own_invite(const rig_leg *leg, const rig_sip *sip, const rig_packet *packet)
{
    return rig_sip_is_initial_invite(sip) && is_known_branch(leg, sip) &&
           rig_endpoint_eq(packet->src, leg->caller);
}

/* Whether an address is the one that the INVITE has reached: what comes from there passes it on. On
 * one host for all (a rig on loopback) only the port tells. */
static bool is_next_hop(const rig_leg *leg, rig_endpoint src)
{
    return rig_endpoint_eq(src, leg->callee) ||
           (rig_endpoint_same_host(src, leg->callee) && !rig_endpoint_same_host(src, leg->caller));
}

/* ---- another call under the same Call-ID ---- */

/* The leg is not over by what was captured, but the caller has his final response: he acknowledged
 * it, and has been silent since. A leg of which nothing more came for very long will not do either.
 */
static bool is_left_behind(const rig_leg *leg, const rig_sip *sip, const rig_packet *packet)
{
    int64_t quiet_ns = packet->t_ns - leg->t_last_ns;
    if (sip->from_tag_hash != leg->caller_tag || sip->cseq > leg->invite_cseq ||
        !rig_endpoint_eq(packet->src, leg->caller))
        return false;
    return quiet_ns >= RIG_SEEN_WINDOW_NS || (quiet_ns >= RIG_LEG_QUIET_NS && leg->has_ack &&
                                              (leg->is_answered || leg->is_challenged));
}

/* Whether the caller sends: also from another socket, as who tries the next server may (RFC 3263
 * section 4.3: another transport, another interface). */
static bool is_from_caller(const rig_leg *leg, const rig_packet *packet)
{
    return rig_endpoint_eq(packet->src, leg->caller) ||
           (rig_endpoint_same_host(packet->src, leg->caller) && !is_next_hop(leg, packet->src));
}

/* By the caller's own clock, too, where he has acknowledged the end: who answers him may be stamped by
 * another one. */
bool rig_leg_is_quiet(const rig_leg *leg, int64_t t_ns)
{
    return t_ns - leg->t_last_ns >= RIG_LEG_QUIET_NS ||
           (leg->has_ack && leg->t_own_ns != RIG_NO_TIME &&
            t_ns - leg->t_own_ns >= RIG_LEG_QUIET_NS);
}

/* The same CSeq once more, after the leg's end. */
static bool is_reused_cseq(const rig_leg *leg, const rig_sip *sip, const rig_packet *packet)
{
    if (!is_from_caller(leg, packet))
        return !is_next_hop(leg, packet->src);
    if (!is_known_branch(leg, sip) && !leg->is_ended)
        return false; /* another branch: a proxy goes on searching */
    return rig_leg_is_quiet(leg, packet->t_ns);
}

static bool is_further_attempt(const rig_leg *leg, const rig_packet *packet)
{
    if (!leg->is_failed || leg->is_ended || leg->is_cancelled || leg->final_code == TERMINATED)
        return false;
    return is_mendable(leg->final_code) || packet->t_ns - leg->t_last_ns <= RIG_LEG_AT_ONCE_NS;
}

bool rig_leg_is_reused(const rig_leg *leg, const rig_sip *sip, const rig_packet *packet)
{
    if (leg->role == RIG_LEG_ORPHAN)
        return true;
    if (!rig_leg_is_over(leg))
        return is_left_behind(leg, sip, packet);
    if (sip->from_tag_hash != leg->caller_tag)
        return true;
    if (rig_branches_have_cseq(&leg->branches, sip->cseq))
        return is_reused_cseq(leg, sip, packet);
    return sip->cseq < leg->invite_cseq || !is_further_attempt(leg, packet);
}

bool rig_leg_is_of_other_caller(const rig_leg *leg, const rig_sip *sip, const rig_packet *packet)
{
    if (!rig_sip_is_initial_invite(sip) || leg->role == RIG_LEG_ORPHAN || leg->is_challenged ||
        rig_leg_is_over(leg))
        return false;
    /* On one host for all, another port may be a hop's. */
    bool is_there = rig_endpoint_eq(packet->src, leg->caller) ||
                    (rig_endpoint_same_host(packet->src, leg->caller) &&
                     !rig_endpoint_same_host(leg->caller, leg->callee));
    return is_there && leg->caller_tag != 0 && sip->from_tag_hash != 0 &&
           sip->from_tag_hash != leg->caller_tag;
}

/* ---- messages before their INVITE ---- */

bool rig_leg_awaits_invite(const rig_leg *leg, const rig_sip *sip, const rig_packet *packet)
{
    if (leg->is_answered || leg->is_ended || !is_callers_tag(leg, sip->from_tag_hash))
        return false;
    bool is_response = !sip->is_request && sip->method == RIG_SIP_INVITE;
    bool is_of_invite =
        is_response ||
        (sip->is_request && (sip->method == RIG_SIP_ACK || sip->method == RIG_SIP_CANCEL));
    if (!is_of_invite)
        return false;
    if (sip->cseq > leg->invite_cseq)
        return true;
    /* A further branch: its responses go where the first one came from. To the same place again:
     * what an only branch still waits for may come with another name (branch_of). */
    const bool is_elsewhere = leg->branches.n > 1 || leg->branches.inside[0].code != 0 ||
                              !rig_endpoint_eq(packet->src, leg->first_callee);
    return is_response && sip->cseq == leg->invite_cseq && !is_known_branch(leg, sip) &&
           rig_endpoint_eq(packet->dst, leg->caller) && is_elsewhere;
}

bool rig_leg_has_branch(const rig_leg *leg, const rig_sip *sip)
{
    return sip->branch_hash != 0 && is_known_branch(leg, sip);
}

bool rig_leg_may_own(const rig_leg *leg, const rig_sip *sip)
{
    if (is_callers_tag(leg, sip->from_tag_hash))
        return sip->cseq >= leg->invite_cseq;
    return is_callers_tag(leg, sip->to_tag_hash) || leg->caller_tag == 0;
}

/* ---- the attempts ---- */

static void begin_attempt(rig_leg *leg, const rig_sip *sip, const rig_packet *packet)
{
    leg->callee = leg->first_callee = packet->dst;
    leg->caller_tag = sip->from_tag_hash;
    rig_branches_begin(&leg->branches, sip->branch_hash, sip->cseq);
    leg->invite_cseq = sip->cseq;
    leg->final_code = 0;
    leg->is_challenged = leg->is_failed = leg->is_cancelled = leg->is_forwarded = false;
    leg->has_ack = false;
    leg->t_ack_ns = leg->t_own_ns = RIG_NO_TIME;
    leg->t_attempt_ns = packet->t_ns;
    leg->dialogs.n = 0;
    leg->dialogs.has_ack = false;
}

void rig_leg_begin(rig_leg *leg, const rig_sip *sip, const rig_packet *packet, int64_t t_ns)
{
    leg->caller = packet->src;
    leg->t_first_ns = leg->t_last_ns = t_ns;
    leg->t_answer_ns = leg->t_end_ns = RIG_NO_TIME;
    leg->n_attempts = 1;
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

/* The branch of the caller's INVITE that a CANCEL or a response belongs to; NULL for a re-INVITE's
 * and for those hops behind a proxy whose first hop was captured. The topmost Via names the hop
 * (RFC 3261 section 17.1.3); of a single one the address will do, too. */
static rig_branch *branch_of(rig_leg *leg, const rig_sip *sip, const rig_packet *packet)
{
    rig_branch *found = rig_branches_find(&leg->branches, sip->branch_hash, sip->cseq);
    if (found != NULL)
        return found;
    rig_branch *only = rig_branches_first(&leg->branches);
    if (leg->branches.n != 1 || only->cseq != sip->cseq)
        return NULL;
    if (only->hash == 0)
        return only;
    bool is_there = sip->is_request ? rig_endpoint_eq(packet->src, leg->caller)
                                    : rig_endpoint_eq(packet->dst, leg->caller) &&
                                          rig_endpoint_eq(packet->src, leg->first_callee);
    return is_there ? only : NULL;
}

/* A further branch, or an attempt that does not wait for the end of the one before. */
static rig_leg_event_kind fork_off(rig_leg *leg, const rig_sip *sip, const rig_packet *packet)
{
    if (!rig_branches_add(&leg->branches, sip->branch_hash, sip->cseq))
        return RIG_LEG_NOTHING;
    leg->callee = packet->dst;
    if (sip->cseq > leg->invite_cseq)
        leg->invite_cseq = sip->cseq;
    return RIG_LEG_FORKED;
}

/* An INVITE with the CSeq of one that is known. */
static rig_leg_event_kind on_same_invite(rig_leg *leg, const rig_sip *sip, const rig_packet *packet)
{
    if (is_from_caller(leg, packet)) {
        if (leg->is_answered || leg->is_ended || is_known_branch(leg, sip))
            return RIG_LEG_NOTHING;
        if (!leg->is_failed && !leg->is_cancelled && !leg->is_challenged)
            return fork_off(leg, sip, packet);
        /* Seen from behind a proxy: it goes on to the next place, or where it was sent by a 3xx. */
        if (fork_off(leg, sip, packet) == RIG_LEG_NOTHING)
            begin_attempt(leg, sip, packet);
        leg->is_failed = leg->is_cancelled = leg->is_challenged = false;
        leg->final_code = 0;
        leg->first_callee = packet->dst;
        leg->t_attempt_ns = packet->t_ns;
        return RIG_LEG_RETRIED;
    }
    if (!is_next_hop(leg, packet->src))
        return RIG_LEG_NOTHING;
    leg->callee = packet->dst;
    leg->is_forwarded = true;
    return RIG_LEG_FORWARDED;
}

static rig_leg_event_kind on_invite(rig_leg *leg, const rig_sip *sip, const rig_packet *packet,
                                    rig_side side)
{
    /* Some callers leave the refusal's To tag in the attempt that follows a challenge. */
    bool is_initial = sip->to_tag.n == 0 || (leg->is_challenged && side == RIG_SIDE_CALLER);
    if (!is_initial)
        return RIG_LEG_RENEGOTIATED;
    bool is_same_caller = sip->from_tag_hash == leg->caller_tag;
    if (rig_branches_have_cseq(&leg->branches, sip->cseq))
        return is_same_caller ? on_same_invite(leg, sip, packet) : RIG_LEG_NOTHING;
    if (leg->is_challenged ||
        (leg->is_failed && is_same_caller && sip->cseq > leg->invite_cseq && !leg->is_ended)) {
        leg->n_attempts++;
        begin_attempt(leg, sip, packet);
        return RIG_LEG_RETRIED;
    }
    bool is_open = !leg->is_answered && !leg->is_cancelled && !leg->is_ended && !leg->is_failed;
    if (!is_open || !is_same_caller || sip->cseq < leg->invite_cseq)
        return RIG_LEG_NOTHING;
    leg->n_attempts++;
    return fork_off(leg, sip, packet);
}

static rig_leg_event_kind on_cancel(rig_leg *leg, const rig_sip *sip, const rig_packet *packet,
                                    rig_side side, int64_t *early_ns)
{
    /* A re-INVITE has a higher CSeq; a To tag says nothing, some callers copy the one of the 180.
     */
    rig_branch *branch = branch_of(leg, sip, packet);
    if (side != RIG_SIDE_CALLER || leg->is_ended || branch == NULL || branch->is_cancelled)
        return RIG_LEG_NOTHING;
    if (leg->is_failed && (branch->code != TERMINATED || leg->final_code != TERMINATED))
        return RIG_LEG_NOTHING; /* it crossed the refusal */
    if (leg->is_failed)
        *early_ns = packet->t_ns - leg->t_end_ns; /* the 487 follows from it */
    branch->is_cancelled = true;
    bool is_of_other = (leg->is_answered && leg->branches.n > 1 && branch->code == 0) ||
                       rig_branches_are_declined(&leg->branches);
    if (leg->is_cancelled || is_of_other || rig_branches_live_beside(&leg->branches, branch))
        return RIG_LEG_NOTHING;
    leg->is_cancelled = true;
    return RIG_LEG_CANCELLED;
}

/* ---- the end ---- */

static rig_leg_event_kind on_end_again(rig_leg *leg, const rig_sip *sip, uint64_t tag, int64_t t_ns,
                                       int64_t *early_ns)
{
    if (tag != leg->end_tag)
        return RIG_LEG_NOTHING;
    if (!leg->is_end_by_response || !sip->is_request || sip->cseq != leg->end_cseq)
        return RIG_LEG_ENDED_AGAIN;
    leg->is_end_by_response = false;
    *early_ns = t_ns - leg->t_end_ns;
    return RIG_LEG_ENDED_LATE;
}

static rig_leg_event_kind on_end(rig_leg *leg, const rig_sip *sip, rig_side side, int64_t t_ns,
                                 int64_t *early_ns)
{
    uint64_t tag = side == RIG_SIDE_CALLER ? sip->to_tag_hash : sip->from_tag_hash;
    if (side == RIG_SIDE_CALLER && sip->is_request)
        leg->t_own_ns = t_ns;
    if (leg->is_ended)
        return on_end_again(leg, sip, tag, t_ns, early_ns);
    switch (rig_dialogs_end(&leg->dialogs, tag)) {
    case RIG_DIALOG_OTHER:
        return RIG_LEG_NOTHING;
    case RIG_DIALOG_UNKNOWN:
        return RIG_LEG_ENDED_LOOSE;
    case RIG_DIALOG_LAST:
        break;
    }
    leg->is_ended = true;
    leg->is_end_by_response = !sip->is_request;
    leg->end_tag = tag;
    leg->end_cseq = sip->cseq;
    leg->t_end_ns = t_ns;
    return RIG_LEG_ENDED;
}

static rig_leg_event_kind on_ack(rig_leg *leg, const rig_sip *sip, rig_side side, int64_t t_ns)
{
    if (side != RIG_SIDE_CALLER || !rig_branches_have_cseq(&leg->branches, sip->cseq))
        return RIG_LEG_NOTHING;
    if (!leg->has_ack)
        leg->t_ack_ns = t_ns;
    leg->t_own_ns = t_ns;
    leg->has_ack = true;
    /* That of a 2xx has a branch of its own (RFC 3261 section 17.1.1.3); it may come before the
     * 2xx. */
    if (!leg->is_failed && !leg->is_answered && !is_known_branch(leg, sip) &&
        !rig_branches_are_refused_by(&leg->branches, sip->to_tag_hash))
        rig_dialogs_add(&leg->dialogs, sip->to_tag_hash);
    rig_dialogs_ack(&leg->dialogs, sip->to_tag_hash);
    return RIG_LEG_NOTHING;
}

static rig_leg_event_kind on_request(rig_leg *leg, const rig_sip *sip, const rig_packet *packet,
                                     rig_side side, int64_t *early_ns)
{
    switch (sip->method) {
    case RIG_SIP_INVITE:
        return on_invite(leg, sip, packet, side);
    case RIG_SIP_CANCEL:
        return on_cancel(leg, sip, packet, side, early_ns);
    case RIG_SIP_BYE:
        return on_end(leg, sip, side, packet->t_ns, early_ns);
    case RIG_SIP_UPDATE:
        return RIG_LEG_RENEGOTIATED;
    case RIG_SIP_ACK:
        return on_ack(leg, sip, side, packet->t_ns);
    case RIG_SIP_OTHER:
    case RIG_SIP_INFO:
    case RIG_SIP_PRACK:
    case RIG_SIP_REFER:
    case RIG_SIP_NOTIFY:
    case RIG_SIP_SUBSCRIBE:
    case RIG_SIP_MESSAGE:
    case RIG_SIP_PUBLISH:
    case RIG_SIP_OPTIONS:
    case RIG_SIP_REGISTER:
    case RIG_SIP_N_METHODS:
        break; /* within the dialog: the leg stays as it is */
    }
    return RIG_LEG_NOTHING;
}

/* ---- responses to the initial INVITE ---- */

static rig_leg_event_kind on_provisional(rig_leg *leg, rig_branch *branch, int code)
{
    bool is_first = !leg->has_response;
    bool revives = leg->is_failed && branch->code == 0 && !leg->is_ended;
    leg->has_response = branch->has_response = true;
    if (revives) {
        leg->is_failed = false;
        leg->final_code = 0;
        leg->has_provisional = leg->has_provisional || code > 100;
        return RIG_LEG_REVIVED;
    }
    if (code > 100 && !leg->has_provisional) {
        leg->has_provisional = true;
        return RIG_LEG_PROVISIONAL;
    }
    return is_first ? RIG_LEG_RESPONDED : RIG_LEG_NOTHING;
}

static rig_leg_event_kind on_success(rig_leg *leg, rig_branch *branch, const rig_sip *sip,
                                     const rig_packet *packet, int64_t *early_ns)
{
    rig_dialogs_add(&leg->dialogs, sip->to_tag_hash);
    branch->code = (uint16_t)sip->code;
    if (leg->is_answered || leg->is_challenged || (leg->is_ended && !leg->has_ack))
        return RIG_LEG_NOTHING; /* also an answer that crossed a BYE: nobody is there any more */
    if (leg->is_failed && leg->branches.n == 1)
        return RIG_LEG_NOTHING;
    leg->final_code = sip->code;
    leg->is_answered = true;
    leg->is_failed = false;
    leg->t_answer_ns = packet->t_ns;
    if (leg->has_ack && leg->branches.n == 1) /* of several, one may have been refused */
        *early_ns = packet->t_ns - leg->t_ack_ns;
    if (leg->branches.n > 1 && !leg->is_forwarded)
        leg->callee = packet->src;
    return RIG_LEG_ANSWERED;
}

static rig_leg_event_kind on_refusal(rig_leg *leg, rig_branch *branch, const rig_sip *sip,
                                     int64_t t_ns, int64_t *early_ns)
{
    const int code = sip->code;
    if (leg->is_answered || leg->is_challenged || branch->code != 0)
        return RIG_LEG_NOTHING;
    if (leg->has_ack && leg->branches.n == 1)
        *early_ns = t_ns - leg->t_ack_ns;
    rig_dialogs_remove(&leg->dialogs, sip->to_tag_hash); /* of an ACK taken for a 2xx's */
    branch->tag = sip->to_tag_hash;
    branch->code = (uint16_t)code;
    if (!leg->is_cancelled && rig_branches_live_beside(&leg->branches, branch))
        return RIG_LEG_NOTHING;
    if (is_challenge(code) && !leg->is_cancelled && leg->branches.n == 1) {
        leg->final_code = code;
        leg->is_challenged = true;
        return RIG_LEG_CHALLENGED;
    }
    leg->final_code = rig_branches_best_refusal(&leg->branches);
    leg->t_end_ns = t_ns;
    leg->is_failed = true;
    return RIG_LEG_FAILED;
}

static rig_leg_event on_response(rig_leg *leg, const rig_sip *sip, const rig_packet *packet,
                                 rig_side side)
{
    rig_leg_event event = {.kind = RIG_LEG_NOTHING, .side = side};
    if (sip->to_tag.n > 0 && sip->code >= 200 && sip->cseq > leg->reply_cseq[side] &&
        !(side == RIG_SIDE_CALLER && rig_branches_have_cseq(&leg->branches, sip->cseq))) {
        leg->reply_cseq[side] = sip->cseq;
        leg->t_reply_ns[side] = packet->t_ns;
        leg->reply_branch[side] = sip->branch_hash;
    }
    if (sip->method == RIG_SIP_BYE && sip->code >= 200 && sip->code != 401 && sip->code != 407) {
        /* the BYE itself was not captured (so far), if the leg had not ended before */
        event.kind = on_end(leg, sip, side, packet->t_ns, &event.early_ns);
        return event;
    }
    if (sip->method != RIG_SIP_INVITE || side != RIG_SIDE_CALLER)
        return event;
    rig_branch *branch = branch_of(leg, sip, packet);
    if (branch == NULL)
        return event;
    event.is_of_initial = true;
    if (!branch->has_response && leg->branches.n == 1)
        event.reply_ns = packet->t_ns - leg->t_attempt_ns;
    if (sip->code < 200) {
        event.kind = on_provisional(leg, branch, sip->code);
        return event;
    }
    leg->has_response = branch->has_response = true;
    event.kind = sip->code < 300 ? on_success(leg, branch, sip, packet, &event.early_ns)
                                 : on_refusal(leg, branch, sip, packet->t_ns, &event.early_ns);
    return event;
}

rig_leg_event rig_leg_apply(rig_leg *leg, const rig_sip *sip, const rig_packet *packet,
                            int64_t t_ns)
{
    rig_side side = side_of(leg, sip, packet);
    if (t_ns > leg->t_last_ns)
        leg->t_last_ns = t_ns;
    if (!sip->is_request)
        return on_response(leg, sip, packet, side);
    rig_leg_event event = {.side = side};
    if (sip->cseq == leg->reply_cseq[side] && sip->branch_hash == leg->reply_branch[side] &&
        sip->method != RIG_SIP_ACK)
        event.early_ns = t_ns - leg->t_reply_ns[side];
    if (sip->method == RIG_SIP_ACK && leg->is_answered && !leg->has_ack)
        event.reply_ns = t_ns - leg->t_answer_ns;
    event.kind = on_request(leg, sip, packet, side, &event.early_ns);
    return event;
}
