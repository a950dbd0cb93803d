#include "analyzer/analyzer.h"

#include <stdlib.h>

#include "analyzer/calls/calls.h"
#include "analyzer/calls/collect.h"
#include "analyzer/calls/leg_table.h"
#include "analyzer/calls/registrar.h"
#include "analyzer/clock/pairs.h"
#include "analyzer/calls/hash.h"
#include "analyzer/rules.h"
#include "analyzer/sip.h"
#include "analyzer/calls/tap.h"

/* Differences of two instants up to this cannot overflow. */
#define LATEST_NS (INT64_MAX / 4)

/* A response that was captured so shortly before its INVITE was captured out of order. */
#define REORDERED_NS RIG_NS_PER_S

struct rig_analyzer {
    rig_decoder *decoder;
    rig_seen *seen;
    rig_offset_pairs *clocks;
    rig_leg_table *legs;
    rig_book *book;
    rig_registrar *registrar; /* NULL: nobody asks for registrations */
    rig_rules *own_rules;     /* NULL: they are the caller's */
    const rig_rules *rules;
    rig_collector *collector; /* NULL: calls go to a sink of the caller's */
    const rig_tap *tap;       /* NULL: nobody listens */
    size_t max_legs;
    int64_t t_swept_ns;        /* when silent legs were last looked for, for want of room */
    int64_t t_long_swept_ns;   /* the same, without want */
    rig_capture_counts counts; /* without what the book and the decoder count */
    bool is_ending, is_finished;
};

static rig_status take_packet(void *ctx, const rig_packet *packet, rig_error *err);

static rig_status set_up(rig_analyzer *a, const rig_analyzer_options *options, rig_error *err)
{
    rig_call_sink sink = options->sink;
    rig_status status = RIG_OK;
    a->rules = options->rules;
    if (a->rules == NULL) {
        status = rig_rules_new(&a->own_rules, err);
        a->rules = a->own_rules;
    }
    if (status == RIG_OK && sink.take == NULL) {
        status = rig_collector_new(&a->collector, err);
        sink = (rig_call_sink){.take = rig_collector_take, .ctx = a->collector};
    }
    if (status == RIG_OK)
        status = rig_seen_new(&a->seen, err);
    if (status == RIG_OK)
        status = rig_offsets_new(&a->clocks, err);
    if (status == RIG_OK)
        status = rig_leg_table_new(&a->legs, err);
    if (status == RIG_OK)
        status = rig_book_new(a->rules, a->legs, &sink, options->explain, &a->book, err);
    if (status == RIG_OK && options->with_parties)
        rig_book_note_parties(a->book);
    if (status == RIG_OK && options->registrations.take != NULL)
        status = rig_registrar_new(&options->registrations, options->max_registrations,
                                   &a->registrar, err);
    if (status == RIG_OK && rig_decoder_new(take_packet, a, &a->decoder) != RIG_OK)
        status = rig_fail(err, RIG_ENOMEM, "out of memory");
    if (status == RIG_OK && options->tap != NULL) {
        a->tap = options->tap;
        rig_book_on_joined(a->book, a->tap->joined, a->tap->ctx);
        rig_decoder_on_parts(a->decoder,
                             (rig_frame_parts){.take = a->tap->part, .ctx = a->tap->ctx});
    }
    return status;
}

rig_status rig_analyzer_new_with(const rig_analyzer_options *options, rig_analyzer **analyzer,
                                 rig_error *err)
{
    static const rig_analyzer_options as_usual = {0};
    rig_analyzer *made = calloc(1, sizeof *made);
    if (made == NULL)
        return rig_fail(err, RIG_ENOMEM, "out of memory");
    if (options == NULL)
        options = &as_usual;
    made->counts.t_first_ns = made->counts.t_last_ns = RIG_NO_TIME;
    made->t_swept_ns = made->t_long_swept_ns = RIG_NO_TIME;
    made->max_legs = options->max_legs != 0 ? options->max_legs : RIG_ANALYZER_MAX_LEGS;
    rig_status status = set_up(made, options, err);
    if (status != RIG_OK) {
        rig_analyzer_free(made);
        return status;
    }
    *analyzer = made;
    return RIG_OK;
}

rig_status rig_analyzer_new(rig_analyzer **analyzer, rig_error *err)
{
    return rig_analyzer_new_with(NULL, analyzer, err);
}

void rig_analyzer_free(rig_analyzer *analyzer)
{
    if (analyzer == NULL)
        return;
    rig_decoder_free(analyzer->decoder);
    rig_leg_table_free(analyzer->legs);
    rig_book_free(analyzer->book);
    rig_registrar_free(analyzer->registrar);
    rig_seen_free(analyzer->seen);
    rig_offsets_free(analyzer->clocks);
    rig_collector_free(analyzer->collector);
    rig_rules_free(analyzer->own_rules);
    free(analyzer);
}

/* ---- messages ---- */

static uint64_t hash_endpoint(uint64_t hash, rig_endpoint at)
{
    return rig_hash_word(hash ^ at.ip_high, at.ip_low ^ (uint64_t)at.port << 48);
}

/* What makes a message itself: sent again or captured twice, all of this is the same. A provisional
 * response may come again with other words (the place in the queue): of it, every byte counts. */
static uint64_t identity_of(const rig_sip *sip, const rig_packet *packet)
{
    uint64_t hash = hash_endpoint(sip->call_id_hash, packet->src);
    hash = hash_endpoint(hash, packet->dst);
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

/* Tell who listens. */
static rig_status tap(const rig_analyzer *a, const rig_leg *leg, const rig_sip *sip,
                      const rig_packet *packet, rig_tapped_kind kind, rig_error *err)
{
    if (a->tap == NULL || a->tap->message == NULL)
        return RIG_OK;
    uint64_t marks = rig_sip_is_initial_invite(sip) ? 0 : rig_rules_match(a->rules, sip);
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
    rig_status status = rig_leg_table_add(a->legs, sip->call_id, leg, err);
    if (status != RIG_OK)
        return status;
    (*leg)->role = RIG_LEG_ORPHAN;
    (*leg)->t_first_ns = (*leg)->t_last_ns = t_ns;
    (*leg)->has_response = !sip->is_request && sip->method == RIG_SIP_INVITE;
    a->counts.n_orphan_legs++;
    if (ends_orphan(sip))
        rig_leg_table_retire(a->legs, *leg);
    return RIG_OK;
}

static void follow_orphan(rig_analyzer *a, rig_leg *leg, const rig_sip *sip, int64_t t_ns)
{
    leg->t_last_ns = t_ns;
    if (ends_orphan(sip))
        rig_leg_table_retire(a->legs, leg);
}

static rig_status begin_leg(rig_analyzer *a, const rig_leg *older, const rig_sip *sip,
                            const rig_packet *packet, rig_leg **leg, rig_error *err)
{
    const int64_t t_ns = packet->t_ns;
    bool is_reordered = older != NULL && older->role == RIG_LEG_ORPHAN && older->has_response &&
                        t_ns - older->t_first_ns < REORDERED_NS;
    rig_status status = rig_leg_table_add(a->legs, sip->call_id, leg, err);
    if (status != RIG_OK)
        return status;
    if (older != NULL)
        (*leg)->recent = older->recent; /* its messages may still be sent again */
    rig_leg_begin(*leg, sip, packet, t_ns);
    if (is_reordered) {
        (*leg)->has_response = true;
        (*leg)->number = older->number; /* what came of it was the same leg's */
        a->counts.n_orphan_legs--;
    }
    return rig_book_open(a->book, *leg, sip, t_ns, err);
}

static void follow_leg(rig_analyzer *a, rig_leg *leg, const rig_sip *sip, const rig_packet *packet,
                       uint64_t marks)
{
    rig_leg_event event = rig_leg_apply(leg, sip, packet, packet->t_ns);
    if (event.kind == RIG_LEG_CHALLENGED) {
        if (sip->code < 400)
            a->counts.n_redirected++;
        else
            a->counts.n_challenged++;
    }
    rig_book_follow(a->book, leg, event, sip, marks, packet->t_ns);
    if (rig_leg_is_over(leg) || leg->is_challenged)
        rig_leg_table_retire(a->legs, leg);
}

/* The first message of a leg that is not known. */
static rig_status take_first(rig_analyzer *a, const rig_sip *sip, const rig_packet *packet,
                             rig_error *err)
{
    rig_leg *leg = NULL;
    rig_seen_verdict verdict;
    rig_status status;
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
        (void)rig_book_note_marks(a->book, sip);
        status = begin_orphan(a, sip, packet->t_ns, &leg, err);
    }
    if (leg != NULL) /* it has room for its first messages: this cannot fail */
        (void)rig_seen_check(a->seen, &leg->recent, identity_of(sip, packet), packet->t_ns,
                             packet->ip_id, &verdict, NULL);
    return status == RIG_OK ? tap(a, leg, sip, packet, RIG_TAPPED_NEW, err) : status;
}

static rig_status take_message(rig_analyzer *a, const rig_sip *sip, const rig_packet *packet,
                               rig_error *err)
{
    a->counts.n_messages++;
    rig_leg_table_expire(a->legs, a->counts.t_last_ns);
    rig_status status = rig_book_tick(a->book, a->counts.t_last_ns, err);
    if (status == RIG_OK && a->registrar != NULL && sip->method == RIG_SIP_REGISTER)
        status = rig_registrar_take(a->registrar, sip, packet, a->counts.t_last_ns, err);
    if (status != RIG_OK)
        return status;
    rig_leg *leg = rig_leg_table_find_hashed(a->legs, sip->call_id_hash, sip->call_id);
    if (leg == NULL)
        return take_first(a, sip, packet, err);
    rig_seen_verdict verdict;
    status = rig_seen_check(a->seen, &leg->recent, identity_of(sip, packet), packet->t_ns,
                            packet->ip_id, &verdict, err);
    if (status != RIG_OK)
        return status;
    if (verdict == RIG_SEEN_DUPLICATE) {
        a->counts.n_duplicates++;
        return tap(a, leg, sip, packet, RIG_TAPPED_DUPLICATE, err);
    }
    if (verdict == RIG_SEEN_RETRANSMISSION) {
        a->counts.n_retransmissions++;
        leg->t_last_ns = packet->t_ns > leg->t_last_ns ? packet->t_ns : leg->t_last_ns;
        if (rig_leg_is_own_invite(leg, sip, packet))
            rig_book_invite_again(leg);
        return tap(a, leg, sip, packet, RIG_TAPPED_RETRANSMISSION, err);
    }
    if (rig_sip_is_initial_invite(sip) && rig_leg_is_reused(leg, sip, packet)) {
        rig_leg *newer = NULL;
        status = begin_leg(a, leg, sip, packet, &newer, err);
        return status == RIG_OK ? tap(a, newer, sip, packet, RIG_TAPPED_NEW, err) : status;
    }
    uint64_t marks = rig_book_note_marks(a->book, sip);
    if (leg->role == RIG_LEG_ORPHAN)
        follow_orphan(a, leg, sip, packet->t_ns);
    else
        follow_leg(a, leg, sip, packet, marks);
    return tap(a, leg, sip, packet, RIG_TAPPED_NEW, err);
}

/* ---- packets ---- */

static void note_time(rig_capture_counts *counts, int64_t t_ns)
{
    if (counts->t_first_ns == RIG_NO_TIME || t_ns < counts->t_first_ns)
        counts->t_first_ns = t_ns;
    if (t_ns > counts->t_last_ns)
        counts->t_last_ns = t_ns;
}

static rig_status take_packet(void *ctx, const rig_packet *packet, rig_error *err)
{
    rig_analyzer *a = ctx;
    rig_sip sip;
    if (packet->t_ns < 0 || packet->t_ns > LATEST_NS)
        return RIG_OK; /* the time that HEP tells is nobody's business but its sender's */
    switch (rig_sip_parse(packet->payload, packet->is_truncated, &a->rules->wanted, &sip)) {
    case RIG_SIP_OK:
        a->counts.n_messages_part += sip.is_head_cut;
        note_time(&a->counts, packet->t_ns);
        rig_offsets_take(a->clocks, &sip, packet);
        return take_message(a, &sip, packet, err);
    case RIG_SIP_CUT:
        a->counts.n_messages_cut++;
        break;
    case RIG_SIP_MALFORMED:
        a->counts.n_messages_malformed++;
        break;
    case RIG_SIP_TOO_LONG:
        a->counts.n_messages_too_long++;
        break;
    case RIG_SIP_NOT:
        break;
    }
    return RIG_OK;
}

rig_status rig_analyzer_packet(rig_analyzer *a, int linktype, int64_t t_ns, const uint8_t *data,
                               size_t caplen, size_t len, rig_error *err)
{
    if (a->is_ending)
        return rig_fail(err, RIG_EDOM, "the analysis is finished; it takes no more packets");
    if (t_ns < 0 || t_ns > LATEST_NS)
        return rig_fail(err, RIG_EDOM, "packet time %lld ns is out of range", (long long)t_ns);
    note_time(&a->counts, t_ns);
    return rig_decoder_frame(a->decoder, linktype, t_ns, data, caplen, len, err);
}

/* ---- counts and the end ---- */

void rig_analyzer_live(const rig_analyzer *a, rig_live_counts *live)
{
    const rig_book_counts *calls = rig_book_count(a->book);
    rig_decoder_counts packets;
    rig_decoder_count(a->decoder, &packets);
    *live = (rig_live_counts){
        .t_last_ns = a->counts.t_last_ns,
        .n_packets = packets.n_frames,
        .n_messages = a->counts.n_messages,
        .n_offered = calls->n_offered,
        .n_in_progress = calls->n_outcome[RIG_OUTCOME_IN_PROGRESS],
        .n_answered = calls->n_answered,
    };
    for (int i = 0; i < RIG_N_OUTCOMES; i++)
        live->n_outcome[i] = calls->n_outcome[i];
}

rig_status rig_analyzer_snapshot(rig_analyzer *a, rig_calls **calls, rig_error *err)
{
    if (a->collector == NULL || a->is_ending)
        return rig_fail(err, RIG_EDOM, "no snapshot of an analysis that has handed its calls out");
    rig_status status = rig_book_snapshot(a->book, a->collector, calls);
    return status == RIG_OK ? RIG_OK
                            : rig_fail(err, status, "snapshot of the calls: out of memory");
}

void rig_analyzer_counts(const rig_analyzer *a, rig_capture_counts *counts)
{
    const rig_book_counts *calls = rig_book_count(a->book);
    *counts = a->counts;
    rig_decoder_count(a->decoder, &counts->packets);
    rig_decoder_not_read(a->decoder, &counts->not_read);
    rig_offsets_read(a->clocks, &counts->clocks);
    counts->n_calls = calls->n_offered;
    counts->n_agent_legs = calls->n_agent_legs;
    counts->n_stray_legs = calls->n_stray_legs;
    counts->has_queue_marks = calls->has_queue_marks;
    if (a->registrar != NULL)
        counts->n_registers_not_followed = rig_registrar_n_not_followed(a->registrar);
}

void rig_analyzer_note_cut(rig_analyzer *a)
{
    a->counts.is_file_cut = true;
}

static void add_max(int64_t *most, int64_t value)
{
    if (value > *most)
        *most = value;
}

void rig_analyzer_note_disorder(rig_analyzer *a, const rig_capture_disorder *d)
{
    rig_capture_disorder *all = &a->counts.disorder;
    for (uint64_t i = 0; i < d->n_steps && i < RIG_CAPTURE_MAX_STEPS; i++) {
        if (all->n_steps + i < RIG_CAPTURE_MAX_STEPS)
            all->steps[all->n_steps + i] = d->steps[i];
    }
    all->n_streams += d->n_streams;
    all->n_reordered += d->n_reordered;
    all->n_late += d->n_late;
    all->n_pushed_out += d->n_pushed_out;
    all->n_steps += d->n_steps;
    add_max(&all->max_disorder_ns, d->max_disorder_ns);
    add_max(&all->max_late_ns, d->max_late_ns);
    add_max(&all->max_step_ns, d->max_step_ns);
}

rig_status rig_analyzer_finish(rig_analyzer *a, rig_calls **calls, rig_error *err)
{
    if (a->is_finished)
        return rig_fail(err, RIG_EDOM, "the analysis is finished already");
    rig_status status = RIG_OK;
    if (!a->is_ending)
        status = rig_decoder_finish(a->decoder, err);
    if (status != RIG_OK)
        return status;
    if (!a->is_ending && a->registrar != NULL)
        rig_registrar_finish(a->registrar, a->counts.t_last_ns);
    a->is_ending = true;
    status = rig_book_finish(a->book, a->counts.t_last_ns, err);
    if (status == RIG_OK && a->collector != NULL)
        status = rig_collector_finish(a->collector, rig_book_count(a->book)->has_queue_marks, calls,
                                      err);
    if (status == RIG_OK)
        a->is_finished = true;
    return status;
}
