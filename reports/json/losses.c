/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/losses_json.h"

#include "analyzer/loss_bounds.h"
#include "core/clock.h"
#include "reports/json/capture.h"
#include "reports/json/figures.h"
#include "reports/json_builder.h"

/* Null where there is no such instant. */
static void add_instant(rig_json_builder *b, const char *key, int64_t t_ns)
{
    if (t_ns == RIG_NO_TIME)
        rig_json_add_null(b, key);
    else
        rig_json_add_real(b, key, rig_clock_s_of_ns(t_ns));
}

static void add_stages(rig_json_builder *b, const rig_found *l)
{
    const rig_tally *tally = &l->usage->tally;
    const uint64_t n_open = rig_capture_n_open(l->counts);
    const uint64_t n_with_clocks = n_open + rig_capture_n_open_by_clocks(l->counts);
    rig_json_open_list(b, "stages");
    for (int s = 0; s < RIG_N_STAGES; s++) {
        rig_stage stage = (rig_stage)s;
        rig_loss_estimate loss =
            rig_loss_series_estimate(l->series, stage, l->counts->has_queue_marks);
        const rig_loss_bounds bounds = rig_loss_bounds_of(tally, stage, n_open);
        const rig_loss_bounds wide = rig_loss_bounds_of(tally, stage, n_with_clocks);
        rig_json_open_object(b, NULL);
        rig_json_add_text(b, "stage", rig_stage_name(stage));
        rig_json_add_count(b, "entered", rig_tally_entered(tally, stage));
        rig_json_add_count(b, "lost", rig_tally_lost(tally, stage));
        rig_json_add_real(b, "p_lost_per_entrant", rig_tally_p_lost_per_entrant(tally, stage));
        rig_json_add_real(b, "p_lost_per_offered", rig_tally_p_lost_per_offered(tally, stage));
        rig_json_add_real(b, "least", bounds.low);
        rig_json_add_real(b, "most", bounds.high);
        rig_json_add_real(b, "least_by_clocks", wide.low);
        rig_json_add_real(b, "most_by_clocks", wide.high);
        rig_json_add_real(b, "low", loss.low);
        rig_json_add_real(b, "high", loss.high);
        rig_json_add_real(b, "n_effective", loss.n_effective);
        rig_json_add_count(b, "n_batches", loss.n_batches);
        rig_json_close(b);
    }
    rig_json_close(b);
}

static void add_outcomes(rig_json_builder *b, const rig_tally *tally)
{
    rig_json_open_object(b, "outcomes");
    for (int o = 0; o < RIG_OUTCOME_NOT_PLACED; o++)
        rig_json_add_count(b, rig_outcome_name((rig_outcome)o), tally->n_outcome[o]);
    rig_json_close(b);
}

static void add_circuits(rig_json_builder *b, const rig_usage *usage)
{
    int64_t implied = rig_usage_implied_circuits(usage);
    rig_json_open_object(b, "circuits");
    rig_json_add_count(b, "peak_in_use", usage->peak_in_use);
    add_instant(b, "t_peak_s", usage->t_peak_ns);
    rig_json_add_count(b, "refusals", usage->n_refusals);
    rig_json_add_count(b, "min_in_use_at_refusal", usage->min_in_use_at_refusal);
    rig_json_add_count(b, "p05_in_use_at_refusal", usage->p05_in_use_at_refusal);
    rig_json_add_real(b, "median_in_use_at_refusal", usage->median_in_use_at_refusal);
    rig_json_add_count(b, "p95_in_use_at_refusal", usage->p95_in_use_at_refusal);
    rig_json_add_count(b, "max_in_use_at_refusal", usage->max_in_use_at_refusal);
    if (implied < 0)
        rig_json_add_null(b, "implied");
    else
        rig_json_add_integer(b, "implied", implied);
    rig_json_add_real(b, "carried_erl", usage->carried_erl);
    rig_json_add_real(b, "offered_erl", usage->offered_erl);
    rig_json_add_real(b, "steady_s", usage->steady_s);
    rig_json_add_real(b, "variance_in_use", usage->variance_in_use);
    rig_json_add_real(b, "peakedness", usage->peakedness);
    rig_json_add_count(b, "late_changes", usage->n_late);
    rig_json_close(b);
}

static void add_times(rig_json_builder *b, const char *key, const rig_times *times)
{
    rig_json_open_object(b, key);
    rig_json_add_count(b, "n", times->n);
    rig_json_add_real(b, "mean_s", rig_times_mean_s(times));
    rig_json_add_real(b, "p50_s", rig_times_quantile_s(times, 0.5));
    rig_json_add_real(b, "p90_s", rig_times_quantile_s(times, 0.9));
    rig_json_add_real(b, "p95_s", rig_times_quantile_s(times, 0.95));
    rig_json_add_real(b, "p99_s", rig_times_quantile_s(times, 0.99));
    rig_json_add_real(b, "max_s", rig_times_max_s(times));
    rig_json_close(b);
}

/* The numbers that occurred, each with how often. @param none  Stands for no number: null. */
static void add_occurred(rig_json_builder *b, const char *list, const char *key, const uint64_t *n,
                         size_t n_all, size_t none)
{
    rig_json_open_list(b, list);
    for (size_t i = 0; i < n_all; i++) {
        if (n[i] == 0)
            continue;
        rig_json_open_object(b, NULL);
        if (i == none)
            rig_json_add_null(b, key);
        else
            rig_json_add_count(b, key, i);
        rig_json_add_count(b, "n", n[i]);
        rig_json_close(b);
    }
    rig_json_close(b);
}

static void add_sessions(rig_json_builder *b, const rig_sessions *s)
{
    rig_session_ratios r = rig_sessions_ratios(s);
    rig_json_open_object(b, "sessions");
    rig_json_add_count(b, "bids", s->n_bids);
    rig_json_add_count(b, "seizures", s->n_seizures);
    rig_json_add_count(b, "answers", s->n_answers);
    rig_json_add_real(b, "ser", r.ser);
    rig_json_add_real(b, "seer", r.seer);
    rig_json_add_real(b, "isa", r.isa);
    rig_json_add_real(b, "scr", r.scr);
    rig_json_add_real(b, "asr", r.asr);
    rig_json_add_real(b, "abr", r.abr);
    rig_json_add_real(b, "ner", r.ner);
    rig_json_add_real(b, "asr_offered", r.abr);
    rig_json_add_real(b, "asr_seized", r.asr);
    rig_json_add_count(b, "delivered", s->n_delivered);
    rig_json_add_count(b, "deliverable", s->n_deliverable);
    add_occurred(b, "why", "cause", s->n_why, RIG_SESSIONS_NO_CAUSE + 1, RIG_SESSIONS_NO_CAUSE);
    add_times(b, "setup", &s->setup);
    add_times(b, "srd_success", &s->srd_success);
    add_times(b, "srd_failure", &s->srd_failure);
    add_times(b, "sdd", &s->sdd);
    add_times(b, "sdt", &s->sdt);
    add_occurred(b, "codes", "code", s->n_code, RIG_SESSIONS_N_CODES, 0);
    add_occurred(b, "q850", "cause", s->n_cause, RIG_SESSIONS_NO_CAUSE + 1, RIG_SESSIONS_NO_CAUSE);
    rig_json_close(b);
}

/* Null where the capture holds no REGISTER. */
static void add_registrations(rig_json_builder *b, const rig_registrations *r)
{
    if (r->n_requests == 0) {
        rig_json_add_null(b, "registrations");
        return;
    }
    rig_json_open_object(b, "registrations");
    rig_json_add_count(b, "attempts", rig_registrations_n_attempts(r));
    rig_json_add_count(b, "requests", r->n_requests);
    rig_json_add_count(b, "registered", r->n_end[RIG_REGISTERED]);
    rig_json_add_count(b, "failed", r->n_end[RIG_REGISTRATION_FAILED]);
    rig_json_add_count(b, "timed_out", r->n_end[RIG_REGISTRATION_TIMED_OUT]);
    rig_json_add_count(b, "challenged", r->n_end[RIG_REGISTRATION_CHALLENGED]);
    rig_json_add_count(b, "replaced", r->n_end[RIG_REGISTRATION_REPLACED]);
    rig_json_add_count(b, "in_progress", r->n_end[RIG_REGISTRATION_PENDING]);
    rig_json_add_real(b, "ira", rig_registrations_ira(r));
    add_times(b, "rrd", &r->rrd);
    add_occurred(b, "codes", "code", r->n_code, RIG_REGISTRATIONS_N_CODES, 0);
    rig_json_close(b);
}

static void add_interval(rig_json_builder *b, const rig_loss_interval *at, int64_t t_ns)
{
    rig_json_open_object(b, NULL);
    add_instant(b, "t_s", t_ns);
    rig_json_add_count(b, "offered", at->n_offered);
    rig_json_add_count(b, "lost_trunk", at->n_lost[RIG_STAGE_TRUNK]);
    rig_json_add_count(b, "lost_ivr", at->n_lost[RIG_STAGE_IVR]);
    rig_json_add_count(b, "lost_queue", at->n_lost[RIG_STAGE_QUEUE]);
    rig_json_add_count(b, "lost_agent", at->n_lost[RIG_STAGE_AGENT]);
    rig_json_add_count(b, "served", at->n_served);
    rig_json_close(b);
}

static void add_series(rig_json_builder *b, const rig_loss_series *series, bool has_queue_marks)
{
    rig_json_open_object(b, "series");
    rig_json_add_real(b, "length_s", rig_clock_s_of_ns(series->interval_ns));
    rig_json_open_list(b, "intervals");
    for (size_t i = 0; i < series->n; i++) {
        const rig_loss_interval *at = &series->at[has_queue_marks ? 1 : 0][i];
        if (at->n_offered > 0)
            add_interval(b, at, series->t_from_ns + (int64_t)i * series->interval_ns);
    }
    rig_json_close(b);
    rig_json_close(b);
}

static void add_capture_counts(rig_json_builder *b, const rig_capture_counts *c)
{
    const rig_decoder_counts *p = &c->packets;
    const struct {
        const char *key;
        uint64_t n;
    } counts[] = {
        {"packets", p->n_frames},
        {"messages", c->n_messages},
        {"retransmissions", c->n_retransmissions},
        {"duplicates", c->n_duplicates},
        {"messages_cut", c->n_messages_cut},
        {"messages_part", c->n_messages_part},
        {"messages_early", c->n_early},
        {"messages_unmatched", c->n_unmatched},
        {"limit_early", c->n_limit_early},
        {"limit_promises", c->n_limit_promises},
        {"calls_doubtful", c->n_doubtful},
        {"calls_crossed", c->n_crossed},
        {"calls_backwards", c->n_backwards},
        {"calls_gapped", c->n_gapped},
        {"calls_untied", c->untied.n_calls},
        {"calls_untied_near", c->untied.n_calls_near},
        {"calls_open", rig_capture_n_open(c)},
        {"calls_open_by_clocks", rig_capture_n_open_by_clocks(c)},
        {"calls_like_legs", c->n_leg_pairs},
        {"calls_retargeted", c->n_retargeted},
        {"calls_by_agents", c->n_by_agents},
        {"calls_sent_on", c->n_sent_on},
        {"messages_malformed", c->n_messages_malformed},
        {"messages_too_long", c->n_messages_too_long},
        {"limit_call_ids", c->n_limit_call_ids},
        {"messages_outside", c->n_outside},
        {"messages_not_followed", c->n_not_followed},
        {"registers_not_followed", c->n_registers_not_followed},
        {"frames_unread_link", p->n_unread_link},
        {"frames_cut", p->n_cut},
        {"frames_malformed", p->n_malformed},
        {"frames_too_nested", p->n_too_nested},
        {"fragments", p->n_fragments},
        {"reassembled", p->n_reassembled},
        {"datagrams_incomplete", p->n_datagrams_incomplete},
        {"datagrams_headless", p->n_datagrams_headless},
        {"streams", p->n_streams},
        {"streams_encrypted", p->n_streams_encrypted},
        {"stream_messages_lost", p->n_messages_lost},
        {"limit_reassemblies", p->n_limit_reassemblies},
        {"limit_streams", p->n_limit_streams},
        {"limit_stream_bytes", p->n_limit_stream_bytes},
        {"limit_message", p->n_limit_message},
        {"agent_legs", c->n_agent_legs},
        {"stray_legs", c->n_stray_legs},
        {"orphan_legs", c->n_orphan_legs},
        {"silent_legs", c->n_silent_legs},
        {"challenged", c->n_challenged},
        {"redirected", c->n_redirected},
    };
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++)
        rig_json_add_count(b, counts[i].key, counts[i].n);
}

static void add_capture(rig_json_builder *b, const rig_capture_counts *c)
{
    rig_json_open_object(b, "capture");
    add_capture_counts(b, c);
    rig_json_add_packets(b, c);
    rig_json_add_real(b, "early_max_s", rig_clock_s_of_ns(c->early_max_ns));
    rig_json_add_truth(b, "queue_marks", c->has_queue_marks);
    rig_json_add_truth(b, "file_cut", c->is_file_cut);
    add_instant(b, "t_first_s", c->t_first_ns);
    add_instant(b, "t_last_s", c->t_last_ns);
    rig_json_close(b);
}

rig_status rig_json_of_losses(const rig_found *l, json_t **document)
{
    const rig_tally *tally = &l->usage->tally;
    rig_json_builder b;
    rig_json_begin(&b);
    rig_json_add_text(&b, "format", "peakrig losses 1");
    rig_json_add_text(&b, "peakrig", PEAKRIG_VERSION);
    rig_json_add_text(&b, "where", l->where);
    rig_json_add_count(&b, "calls", tally->n_offered);
    add_stages(&b, l);
    add_outcomes(&b, tally);
    add_circuits(&b, l->usage);
    add_sessions(&b, l->sessions);
    add_registrations(&b, l->registrations);
    add_series(&b, l->series, l->counts->has_queue_marks);
    if (l->over_time != NULL)
        rig_json_add_usage(&b, "over_time", l->over_time);
    else
        rig_json_add_null(&b, "over_time");
    rig_json_add_usage(&b, "hours", l->hours);
    rig_json_add_patience(&b, "patience", l->patience, l->n_patience_left_out);
    rig_json_add_groups(&b, "by", l->tables, l->n_tables);
    add_capture(&b, l->counts);
    return rig_json_end(&b, document);
}
