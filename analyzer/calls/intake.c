/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analyzer/calls/intake.h"

#include <stdlib.h>

#include "analyzer/calls/hash.h"
#include "analyzer/sip/call_id.h"

/* A message that was captured so shortly before its INVITE may be of it: what is older is the tail
 * of an earlier call under the same Call-ID, unless it answers this very INVITE. */
#define MAX_LEAD_NS RIG_NS_PER_S

/* ---- messages ---- */

/* What makes a message itself: sent again or captured twice, all of this is the same. A provisional
 * response may come again with other words (the place in the queue): of it, every byte counts. */
static uint64_t identity_of(const rig_leg *leg, const rig_sip *sip, const rig_packet *packet)
{
    uint64_t hash = rig_hash_endpoint(sip->call_id_hash ^ leg->generation, packet->src);
    hash = rig_hash_endpoint(hash, packet->dst);
    hash = rig_hash_word(hash, (uint64_t)sip->cseq << 32 | (uint64_t)sip->method << 16 |
                                   (uint64_t)sip->code);
    hash = rig_hash_word(hash ^ sip->branch_hash, sip->from_tag_hash);
    if (sip->code > 100 && sip->code < 200)
        hash = rig_hash_slice(hash, packet->payload);
    return sip->is_request ? hash : rig_hash_word(hash, sip->to_tag_hash);
}

static bool has_meaning(const rig_rules *rules, uint64_t marks, rig_meaning meaning)
{
    for (; marks != 0; marks &= marks - 1) {
        if (rules->marks[__builtin_ctzll(marks)].meaning == meaning)
            return true;
    }
    return false;
}

/* Tell who listens. @param marks  Rules that fit a new message. */
static rig_status tap(const rig_analyzer *a, const rig_leg *leg, const rig_sip *sip,
                      const rig_packet *packet, rig_tapped_kind kind, uint64_t marks,
                      rig_error *err)
{
    if (a->tap == NULL || a->tap->message == NULL)
        return RIG_OK;
    const rig_tapped_message message = {
        .packet = packet,
        .sip = sip,
        .leg = leg->number,
        .kind = kind,
        .is_queue_mark = (marks & a->rules->queue_marks) != 0,
        .is_ringing_mark = (marks & a->rules->ringing_marks) != 0,
        .is_connected_mark = has_meaning(a->rules, marks, RIG_MEANS_CONNECTED),
    };
    return a->tap->message(a->tap->ctx, &message, err);
}

/* Whether little more can come of a leg whose beginning was not captured. */
static bool ends_orphan(const rig_sip *sip)
{
    return sip->method == RIG_SIP_BYE || sip->method == RIG_SIP_CANCEL ||
           (sip->method == RIG_SIP_INVITE && sip->code >= 300);
}

/* Legs that a capture without their BYEs leaves behind must go some time. */
static void give_up_silent(rig_analyzer *a, int64_t *t_swept_ns, int64_t silence_ns)
{
    int64_t t_now_ns = a->counts.t_last_ns;
    if (*t_swept_ns != RIG_NO_TIME && t_now_ns - *t_swept_ns < silence_ns / 24)
        return; /* a sweep looks at every leg: not too often */
    *t_swept_ns = t_now_ns;
    a->counts.n_silent_legs += rig_leg_table_forget_silent(a->legs, t_now_ns, silence_ns);
}

/* Whether another leg may be begun. */
static bool has_room(rig_analyzer *a)
{
    give_up_silent(a, &a->t_long_swept_ns, RIG_ANALYZER_LONG_SILENCE_NS);
    if (rig_leg_table_n(a->legs) < a->max_legs)
        return true;
    give_up_silent(a, &a->t_swept_ns, RIG_ANALYZER_SILENCE_NS);
    return rig_leg_table_n(a->legs) < a->max_legs;
}

static rig_status begin_orphan(rig_analyzer *a, const rig_sip *sip, int64_t t_ns, rig_leg **leg,
                               rig_error *err)
{
    rig_status status = rig_leg_table_add(a->legs, sip->call_id_hash, sip->call_id, leg, err);
    if (status != RIG_OK)
        return status;
    (*leg)->role = RIG_LEG_ORPHAN;
    (*leg)->t_first_ns = (*leg)->t_last_ns = t_ns;
    (*leg)->t_taken_ns = a->counts.t_last_ns;
    a->counts.n_orphan_legs++;
    return RIG_OK;
}

/* Who is told 481 (RFC 3261, section 12.2.2: there is no such call) and of whom nothing else is
 * seen but requests has no call there, and had none: a stranger, or somebody who is late. */
static void judge_orphan(rig_analyzer *a, rig_leg *leg, const rig_sip *sip)
{
    enum { NO_SUCH_CALL = 481 };
    if (leg->is_known_there)
        return;
    if (sip->method == RIG_SIP_INVITE || sip->method == RIG_SIP_ACK ||
        (!sip->is_request && sip->code != NO_SUCH_CALL)) {
        leg->is_known_there = true;
        a->counts.n_orphan_legs += leg->is_nobodys;
        leg->is_nobodys = false;
    } else if (!sip->is_request && !leg->is_nobodys) {
        leg->is_nobodys = true;
        a->counts.n_orphan_legs--;
    }
}

/* A message of a leg whose INVITE has not been seen: it may be on its way. */
static rig_status follow_orphan(rig_analyzer *a, rig_leg *leg, const rig_sip *sip,
                                const rig_packet *packet, rig_error *err)
{
    if (packet->t_ns > leg->t_last_ns)
        leg->t_last_ns = packet->t_ns;
    judge_orphan(a, leg, sip);
    if (ends_orphan(sip))
        rig_leg_table_retire(a->legs, leg);
    rig_status status = rig_book_note_orphan(a->book, leg, sip, packet, err);
    if (status != RIG_OK || a->counts.t_last_ns - leg->t_taken_ns > RIG_WAITING_HOLD_NS)
        return status;
    return rig_waiting_hold(a->early, leg, packet, a->counts.t_last_ns, false, err);
}

/* ---- messages that came before their INVITE ---- */

/* Whether a message shows that its INVITE has been sent: it belongs to that transaction. */
static bool is_of_setup(const rig_sip *sip)
{
    return sip->method == RIG_SIP_ACK || sip->method == RIG_SIP_CANCEL ||
           (!sip->is_request && sip->method == RIG_SIP_INVITE);
}

/* Whether a message is of neither side of a leg, by its tags: of another caller under its Call-ID,
 * whose INVITE may be on its way. */
static bool is_of_others(const rig_leg *leg, const rig_sip *sip)
{
    return leg->caller_tag != 0 && sip->from_tag_hash != 0 &&
           sip->from_tag_hash != leg->caller_tag && sip->to_tag_hash != leg->caller_tag;
}

/* Such a message to or from the caller's host, which goes on to no further hop, waits. */
static bool may_wait_for_other(const rig_leg *leg, const rig_sip *sip, const rig_packet *packet)
{
    const bool is_initial = sip->is_request && sip->method == RIG_SIP_INVITE;
    return is_of_others(leg, sip) && !is_initial && leg->role != RIG_LEG_ORPHAN &&
           (rig_endpoint_same_host(packet->src, leg->caller) ||
            rig_endpoint_same_host(packet->dst, leg->caller));
}

/* The held messages that are a leg's. Those of other callers wait on; the rest is given up.
 * @param others  With which leg they wait. @param t_ns  Of the leg's INVITE. */
static rig_held *keep_own(rig_analyzer *a, const rig_leg *leg, rig_leg *others, rig_held *held,
                          int64_t t_ns)
{
    rig_held *own = NULL, **end = &own;
    bool has_setup = false, has_answer = false;
    while (held != NULL) {
        rig_held *next = held->next;
        rig_sip sip = {0};
        bool is_own = rig_sip_parse(held->packet.payload, held->packet.is_truncated,
                                    &a->rules->wanted, &sip) == RIG_SIP_OK &&
                      rig_leg_may_own(leg, &sip);
        const bool is_answer = is_own && is_of_setup(&sip) && rig_leg_has_branch(leg, &sip);
        is_own = is_own && (has_answer || is_answer || t_ns - held->packet.t_ns <= MAX_LEAD_NS);
        has_answer = has_answer || is_answer;
        has_setup = has_setup || (is_own && is_of_setup(&sip));
        is_own = is_own && (has_setup || held->packet.t_ns >= t_ns);
        is_own = is_own && (!held->is_again || t_ns - held->packet.t_ns <= MAX_LEAD_NS);
        if (is_own) {
            *end = held;
            end = &held->next;
            held->next = NULL;
        } else if (is_of_others(leg, &sip) &&
                   rig_waiting_hold(a->early, others, &held->packet, a->counts.t_last_ns,
                                    held->is_again, NULL) == RIG_OK) {
            free(held);
        } else {
            rig_waiting_give_up(held);
        }
        held = next;
    }
    return own;
}

static rig_status follow_leg(rig_analyzer *a, rig_leg *leg, const rig_sip *sip,
                             const rig_packet *packet, uint64_t marks, rig_error *err);

static void free_held(rig_held *held)
{
    while (held != NULL) {
        rig_held *next = held->next;
        free(held);
        held = next;
    }
}

/* Follow what has waited for an INVITE. */
static rig_status follow_held(rig_analyzer *a, rig_leg *leg, rig_held *held, int64_t t_invite_ns,
                              rig_error *err)
{
    rig_status status = RIG_OK;
    for (const rig_held *at = held; at != NULL; at = at->next) {
        rig_sip sip;
        rig_long_call_id name;
        if (rig_sip_parse(at->packet.payload, at->packet.is_truncated, &a->rules->wanted, &sip) !=
            RIG_SIP_OK)
            continue;
        (void)rig_sip_bound_call_id(&sip, &name);
        if (rig_leg_awaits_invite(leg, &sip, &at->packet)) {
            if (status == RIG_OK) /* of a further attempt: its INVITE is yet to come */
                status = rig_waiting_hold(a->early, leg, &at->packet, a->counts.t_last_ns,
                                          at->is_again, err);
            continue;
        }
        a->counts.n_early++;
        if (t_invite_ns - at->packet.t_ns > a->counts.early_max_ns)
            a->counts.early_max_ns = t_invite_ns - at->packet.t_ns;
        if (status == RIG_OK)
            status = follow_leg(a, leg, &sip, &at->packet, rig_rules_match(a->rules, &sip), err);
    }
    free_held(held);
    return status;
}

/* A leg's further attempt or branch has come: so may what has waited for it. */
static rig_status follow_awaited(rig_analyzer *a, rig_leg *leg, int64_t t_ns, rig_error *err)
{
    if (leg->held == NULL)
        return RIG_OK;
    rig_held *held = keep_own(a, leg, leg, rig_waiting_take(leg), t_ns);
    return follow_held(a, leg, held, t_ns, err);
}

/* ---- legs ---- */

static rig_status begin_leg(rig_analyzer *a, rig_leg *older, const rig_sip *sip,
                            const rig_packet *packet, rig_leg **leg, rig_error *err)
{
    const int64_t t_ns = packet->t_ns;
    rig_status status = rig_leg_table_add(a->legs, sip->call_id_hash, sip->call_id, leg, err);
    if (status != RIG_OK)
        return status;
    rig_held *held = NULL;
    rig_leg_begin(*leg, sip, packet, t_ns);
    (*leg)->t_taken_ns = a->counts.t_last_ns;
    (*leg)->source = a->source;
    if (older != NULL) {
        rig_book_leave(a->book, older, t_ns);
        held = keep_own(a, *leg, *leg, rig_waiting_take(older), t_ns);
        (*leg)->generation = older->generation;
        if (older->role != RIG_LEG_ORPHAN && rig_leg_is_own_invite(older, sip, packet))
            (*leg)->generation++; /* the same once more, a new call: nothing of it was seen yet */
        else
            rig_seen_move(&(*leg)->recent, &older->recent); /* which may still be sent again */
    }
    if (held != NULL && older->role == RIG_LEG_ORPHAN) {
        (*leg)->number = older->number; /* what came of it was the same leg's */
        a->counts.n_orphan_legs -= !older->is_nobodys;
        rig_book_forget_orphan(a->book, older);
    }
    status = rig_book_open(a->book, *leg, sip, t_ns, err);
    if (status == RIG_OK)
        status = rig_book_check_memory(*leg, err);
    if (status == RIG_OK)
        status = follow_held(a, *leg, held, t_ns, err);
    else
        free_held(held);
    return status;
}

static void note_early(rig_analyzer *a, int64_t early_ns)
{
    if (early_ns <= 0)
        return;
    a->counts.n_early++;
    if (early_ns > a->counts.early_max_ns)
        a->counts.early_max_ns = early_ns;
}

static rig_status follow_leg(rig_analyzer *a, rig_leg *leg, const rig_sip *sip,
                             const rig_packet *packet, uint64_t marks, rig_error *err)
{
    rig_leg_event event = rig_leg_apply(leg, sip, packet, packet->t_ns);
    if (event.kind == RIG_LEG_CHALLENGED) {
        if (sip->code < 400)
            a->counts.n_redirected++;
        else
            a->counts.n_challenged++;
    }
    note_early(a, event.early_ns);
    if (event.reply_ns > 0 &&
        (a->counts.reply_min_ns == 0 || event.reply_ns < a->counts.reply_min_ns))
        a->counts.reply_min_ns = event.reply_ns;
    if (leg->source != a->source)
        rig_book_note_source(leg, a->source);
    rig_book_follow(a->book, leg, event, sip, marks, packet->t_ns);
    if (rig_leg_is_over(leg) || leg->is_challenged)
        rig_leg_table_retire(a->legs, leg);
    return rig_book_check_memory(leg, err);
}

/* The first message of a leg that is not known. */
static rig_status take_first(rig_analyzer *a, const rig_sip *sip, const rig_packet *packet,
                             rig_error *err)
{
    rig_leg *leg = NULL;
    rig_seen_verdict verdict;
    rig_status status;
    uint64_t marks = 0;
    if (!rig_sip_method_is_of_call(sip->method)) {
        a->counts.n_outside++;
        return RIG_OK;
    }
    if (!has_room(a)) {
        a->counts.n_not_followed++;
        return RIG_OK;
    }
    if (rig_sip_is_initial_invite(sip)) {
        status = begin_leg(a, NULL, sip, packet, &leg, err);
    } else {
        marks = rig_book_note_marks(a->book, sip);
        status = begin_orphan(a, sip, packet->t_ns, &leg, err);
        if (status == RIG_OK)
            status = follow_orphan(a, leg, sip, packet, err);
    }
    if (status == RIG_OK && leg != NULL)
        status = rig_seen_check(a->seen, &leg->recent, identity_of(leg, sip, packet), packet->t_ns,
                                packet->ip_id, &verdict, err);
    return status == RIG_OK ? tap(a, leg, sip, packet, RIG_TAPPED_NEW, marks, err) : status;
}

/* Of a call that is over, acknowledged and silent a response to its INVITE may come again: sent
 * again, or of the next call under the same identifiers, whose INVITE is captured after it. */
static bool may_be_of_next_call(const rig_leg *leg, const rig_sip *sip, const rig_packet *packet)
{
    return !sip->is_request && sip->method == RIG_SIP_INVITE && rig_leg_is_over(leg) &&
           leg->has_ack && rig_leg_is_quiet(leg, packet->t_ns);
}

/* It is kept for that call's INVITE, and else says nothing. */
static rig_status hold_for_next_call(rig_analyzer *a, rig_leg *leg, const rig_sip *sip,
                                     const rig_packet *packet, rig_tapped_kind kind, uint64_t marks,
                                     rig_error *err)
{
    rig_status status = rig_waiting_hold(a->early, leg, packet, a->counts.t_last_ns, true, err);
    return status == RIG_OK ? tap(a, leg, sip, packet, kind, marks, err) : status;
}

/* A new message of a leg that is known. */
static rig_status take_next(rig_analyzer *a, rig_leg *leg, const rig_sip *sip,
                            const rig_packet *packet, rig_error *err)
{
    rig_status status = RIG_OK;
    uint64_t marks = rig_book_note_marks(a->book, sip);
    if ((leg->is_ended && may_be_of_next_call(leg, sip, packet)) ||
        may_wait_for_other(leg, sip, packet))
        return hold_for_next_call(a, leg, sip, packet, RIG_TAPPED_NEW, marks, err);
    if (leg->role == RIG_LEG_ORPHAN)
        status = follow_orphan(a, leg, sip, packet, err);
    else if (!leg->is_answered && rig_leg_awaits_invite(leg, sip, packet))
        status = rig_waiting_hold(a->early, leg, packet, a->counts.t_last_ns, false, err);
    else
        status = follow_leg(a, leg, sip, packet, marks, err);
    if (status == RIG_OK && sip->is_request && sip->method == RIG_SIP_INVITE)
        status = follow_awaited(a, leg, packet->t_ns, err);
    return status == RIG_OK ? tap(a, leg, sip, packet, RIG_TAPPED_NEW, marks, err) : status;
}

/* A message that was seen before: sent again, or captured again. */
static rig_status take_again(rig_analyzer *a, rig_leg *leg, const rig_sip *sip,
                             const rig_packet *packet, rig_seen_verdict verdict, rig_error *err)
{
    if (verdict == RIG_SEEN_DUPLICATE) {
        a->counts.n_duplicates++;
        return tap(a, leg, sip, packet, RIG_TAPPED_DUPLICATE, 0, err);
    }
    a->counts.n_retransmissions++;
    if (may_be_of_next_call(leg, sip, packet))
        return hold_for_next_call(a, leg, sip, packet, RIG_TAPPED_RETRANSMISSION, 0, err);
    leg->t_last_ns = packet->t_ns > leg->t_last_ns ? packet->t_ns : leg->t_last_ns;
    if (rig_leg_is_own_invite(leg, sip, packet))
        rig_book_invite_again(leg, packet->t_ns);
    const rig_status status = rig_book_check_memory(leg, err);
    return status == RIG_OK ? tap(a, leg, sip, packet, RIG_TAPPED_RETRANSMISSION, 0, err) : status;
}

/* Let time pass for everything that waits. */
static rig_status let_time_pass(rig_analyzer *a, rig_error *err)
{
    rig_leg_table_expire(a->legs, a->counts.t_last_ns);
    return rig_book_tick(a->book, a->counts.t_last_ns, err);
}

/* ---- several callers under one Call-ID ---- */

/* A caller's leg beside another one of the same Call-ID is found by his tag, too: a generator of
 * calls in containers repeats Call-IDs, also while calls are up. */
static void name_by_tag(const rig_sip **sip, rig_sip *named, uint64_t tag_hash)
{
    *named = **sip;
    named->call_id_hash = rig_hash_word(named->call_id_hash, tag_hash);
    *sip = named;
}

/* The leg of a message. @param[in,out] sip  Becomes *named where it is of a leg that is found by
 * its caller's tag. */
static rig_leg *find_leg(const rig_analyzer *a, const rig_sip **sip, rig_sip *named)
{
    const uint64_t tags[2] = {(*sip)->from_tag_hash, (*sip)->to_tag_hash};
    for (int i = 0; i < 2 && a->has_shared_call_ids; i++) {
        const uint64_t hash = rig_hash_word((*sip)->call_id_hash, tags[i]);
        rig_leg *leg = rig_leg_table_find_hashed(a->legs, hash, (*sip)->call_id);
        if (tags[i] == 0 || leg == NULL)
            continue;
        name_by_tag(sip, named, tags[i]);
        return leg;
    }
    return rig_leg_table_find_hashed(a->legs, (*sip)->call_id_hash, (*sip)->call_id);
}

/* An INVITE that is known, before the leg has been silent for as long as the next call leaves: a
 * tap whose clock is behind has captured it again. */
static bool is_late_copy(const rig_leg *leg, const rig_packet *packet, rig_seen_verdict verdict)
{
    return verdict == RIG_SEEN_RETRANSMISSION && leg->role != RIG_LEG_ORPHAN &&
           !rig_leg_is_quiet(leg, packet->t_ns);
}

/* Another caller's INVITE under a leg's Call-ID. What that leg holds for itself stays with it. */
static rig_status take_other(rig_analyzer *a, rig_leg *beside, const rig_sip *sip,
                             const rig_packet *packet, rig_error *err)
{
    const uint64_t hash = beside->hash;
    a->has_shared_call_ids = true;
    const rig_status status = take_first(a, sip, packet, err);
    rig_leg *leg = rig_leg_table_find_hashed(a->legs, sip->call_id_hash, sip->call_id);
    beside = rig_leg_table_find_hashed(a->legs, hash, sip->call_id); /* the sweep may have had it */
    if (status != RIG_OK || leg == NULL || beside == NULL || beside->held == NULL)
        return status;
    rig_held *held = keep_own(a, leg, beside, rig_waiting_take(beside), packet->t_ns);
    return follow_held(a, leg, held, packet->t_ns, err);
}

static rig_status take_message(rig_analyzer *a, const rig_sip *sip, const rig_packet *packet,
                               rig_error *err)
{
    a->counts.n_messages++;
    rig_status status = let_time_pass(a, err);
    if (status == RIG_OK && a->registrar != NULL && sip->method == RIG_SIP_REGISTER)
        status = rig_registrar_take(a->registrar, sip, packet, a->counts.t_last_ns, err);
    if (status != RIG_OK)
        return status;
    rig_sip named;
    rig_leg *leg = find_leg(a, &sip, &named);
    if (leg != NULL && rig_leg_is_of_other_caller(leg, sip, packet)) {
        name_by_tag(&sip, &named, sip->from_tag_hash);
        return take_other(a, leg, sip, packet, err);
    }
    if (leg == NULL)
        return take_first(a, sip, packet, err);
    rig_seen_verdict verdict;
    status = rig_seen_check(a->seen, &leg->recent, identity_of(leg, sip, packet), packet->t_ns,
                            packet->ip_id, &verdict, err);
    if (status != RIG_OK)
        return status;
    const bool is_invite = verdict != RIG_SEEN_DUPLICATE && rig_sip_is_initial_invite(sip);
    if (is_invite)
        rig_book_note_reuse(leg, packet->t_ns);
    if (is_invite && !is_late_copy(leg, packet, verdict) && rig_leg_is_reused(leg, sip, packet)) {
        rig_leg *newer = NULL;
        status = begin_leg(a, leg, sip, packet, &newer, err);
        if (status == RIG_OK && newer != NULL && newer->generation != leg->generation)
            status = rig_seen_check(a->seen, &newer->recent, identity_of(newer, sip, packet),
                                    packet->t_ns, packet->ip_id, &verdict, err);
        return status == RIG_OK ? tap(a, newer, sip, packet, RIG_TAPPED_NEW, 0, err) : status;
    }
    if (verdict != RIG_SEEN_NEW)
        return take_again(a, leg, sip, packet, verdict, err);
    return take_next(a, leg, sip, packet, err);
}

/* An INVITE of which a fragment never came is passed on late, with its own time: what waits for it
 * is given up after that. */
rig_status rig_intake_message(rig_analyzer *a, const rig_sip *sip, const rig_packet *packet,
                              rig_error *err)
{
    rig_status status = take_message(a, sip, packet, err);
    rig_waiting_expire(a->early, a->counts.t_last_ns);
    return status;
}
