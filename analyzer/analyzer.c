/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analyzer/analyzer.h"

#include <stdlib.h>

#include "analyzer/calls/intake.h"
#include "analyzer/clock/pairs.h"
#include "analyzer/clock/ties.h"
#include "analyzer/calls/collect.h"
#include "analyzer/sip/call_id.h"

/* Differences of two instants up to this cannot overflow. */
#define LATEST_NS (INT64_MAX / 4)

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
        sink = (rig_call_sink){
            .take = rig_collector_take, .call_back = rig_collector_take_back, .ctx = a->collector};
    }
    if (status == RIG_OK)
        status = rig_seen_new(&a->seen, err);
    if (status == RIG_OK)
        status = rig_offsets_new(&a->clocks, err);
    if (status == RIG_OK)
        status = rig_ties_new(&a->ties, err);
    if (status == RIG_OK)
        status = rig_waiting_new(&a->early, err);
    if (status == RIG_OK)
        status = rig_leg_table_new(&a->legs, err);
    if (status == RIG_OK)
        status = rig_book_new(a->rules, a->legs, &sink, options->explain, &a->book, err);
    if (status == RIG_OK)
        rig_book_note_sources(a->book, a->ties);
    if (status == RIG_OK && options->with_parties)
        rig_book_note_parties(a->book);
    if (status == RIG_OK && (options->with_parties || options->with_redials))
        status = rig_book_count_redials(a->book, err);
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
    made->source = 1;
    made->clocks_apart_ns =
        options->clocks_apart_ns != 0 ? options->clocks_apart_ns : RIG_UNTIED_APART_NS;
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

void rig_analyzer_watch(rig_analyzer *analyzer, const rig_call_watch *watch)
{
    rig_book_watch(analyzer->book, watch);
}

void rig_analyzer_free(rig_analyzer *analyzer)
{
    if (analyzer == NULL)
        return;
    rig_decoder_free(analyzer->decoder);
    rig_leg_table_free(analyzer->legs);
    rig_waiting_free(analyzer->early); /* behind the legs, which hold messages */
    rig_book_free(analyzer->book);
    rig_registrar_free(analyzer->registrar);
    rig_seen_free(analyzer->seen);
    rig_offsets_free(analyzer->clocks);
    rig_ties_free(analyzer->ties);
    rig_collector_free(analyzer->collector);
    rig_rules_free(analyzer->own_rules);
    free(analyzer);
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
    rig_long_call_id name;
    if (packet->t_ns < 0 || packet->t_ns > LATEST_NS)
        return RIG_OK; /* the time that HEP tells is nobody's business but its sender's */
    switch (rig_sip_parse(packet->payload, packet->is_truncated, &a->rules->wanted, &sip)) {
    case RIG_SIP_OK:
        a->counts.n_messages_part += sip.is_head_cut;
        a->counts.n_limit_call_ids += rig_sip_bound_call_id(&sip, &name);
        note_time(&a->counts, packet->t_ns);
        if (rig_ties_note_message(a->ties, a->source, packet->t_ns, err) != RIG_OK)
            return RIG_ENOMEM;
        rig_offsets_take(a->clocks, a->ties, a->source, &sip, packet);
        return rig_intake_message(a, &sip, packet, err);
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

void rig_analyzer_is_from(rig_analyzer *a, size_t file)
{
    a->source = (uint16_t)(file < RIG_TIES_MAX_SOURCES ? file + 1 : RIG_TIES_MAX_SOURCES);
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

int64_t rig_analyzer_t_first_ns(const rig_analyzer *a)
{
    return a->counts.t_first_ns;
}

/* Messages that are earlier by so much, and a little more, are not kept for what they follow from
 * (calls/waiting.h): of no call is it certain then how it ended. */
#define BEYOND_NS (9 * RIG_NS_PER_S / 2)

/* By how much the clocks differ, and by how much they may. Where a rule joins by the distance of
 * two legs' ends, all of what the clocks leave open counts; else the order of what follows upon
 * another tells. */
static void note_doubts(const rig_analyzer *a, rig_capture_counts *counts)
{
    bool is_beyond = false;
    const bool is_early = a->counts.early_max_ns > 0;
    const bool is_by_distance = a->rules->bye_window_ns >= 0;
    int64_t off_ns = is_early ? a->counts.early_max_ns + RIG_ANALYZER_SURE_NS : 0;
    for (size_t i = 0; i < counts->clocks.n; i++) {
        const rig_clock_offset *o = &counts->clocks.of[i];
        const int64_t most_ns = rig_clock_apart_ns(o->has_most ? o->at_most_ns : o->early_ns, 0);
        off_ns = most_ns > off_ns ? most_ns : off_ns;
        is_beyond |= rig_clock_apart_ns(o->at_least_ns, 0) > BEYOND_NS;
    }
    counts->apart_max_ns = is_by_distance ? rig_offsets_most_ns(a->clocks) : 0;
    if (is_early && counts->apart_max_ns > off_ns)
        off_ns = counts->apart_max_ns;
    counts->n_doubtful = off_ns > 0 ? rig_book_n_nearer(a->book, off_ns) : 0;
    if (is_beyond && counts->n_doubtful < counts->n_calls)
        counts->n_doubtful = counts->n_calls;
    if (a->counts.reply_min_ns > counts->apart_max_ns)
        counts->apart_max_ns = a->counts.reply_min_ns;
    if (rig_ties_copies_apart_ns(a->ties) > counts->apart_max_ns)
        counts->apart_max_ns = rig_ties_copies_apart_ns(a->ties);
    counts->n_crossed =
        rig_book_n_nearer(a->book, off_ns > counts->apart_max_ns ? off_ns : counts->apart_max_ns);
    if (counts->n_crossed < counts->n_doubtful)
        counts->n_crossed = counts->n_doubtful;
}

void rig_analyzer_counts(const rig_analyzer *a, rig_capture_counts *counts)
{
    const rig_book_counts *calls = rig_book_count(a->book);
    *counts = a->counts;
    rig_decoder_count(a->decoder, &counts->packets);
    rig_decoder_not_read(a->decoder, &counts->not_read);
    rig_offsets_read(a->clocks, &counts->clocks);
    rig_ties_read(a->ties, a->clocks_apart_ns, &counts->untied);
    counts->n_calls = calls->n_offered;
    counts->n_call_backs = calls->n_call_backs;
    counts->n_limit_promises = calls->n_limit_promises;
    counts->n_agent_legs = calls->n_agent_legs;
    counts->n_stray_legs = calls->n_stray_legs;
    counts->n_backwards = calls->n_backwards;
    counts->n_gapped = calls->n_gapped;
    counts->n_leg_pairs = calls->n_leg_pairs;
    counts->n_retargeted = calls->n_retargeted;
    counts->n_by_agents = calls->n_by_agents;
    rig_book_count_sent_on(a->book, &counts->n_sent_on, &counts->sent_on_to);
    note_doubts(a, counts);
    counts->n_unmatched = rig_waiting_n_unmatched(a->early);
    counts->n_limit_early = rig_waiting_n_over_limit(a->early);
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
    if (d->n_at_once > all->n_at_once)
        all->n_at_once = d->n_at_once;
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
    if (status != RIG_OK)
        return status;
    a->is_finished = true;
    if (a->collector != NULL) {
        rig_capture_counts counts;
        rig_analyzer_counts(a, &counts);
        (*calls)->n_unmatched = counts.n_orphan_legs;
        (*calls)->n_uncertain = rig_capture_n_uncertain(&counts);
    }
    return RIG_OK;
}
