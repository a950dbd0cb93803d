#include "reports/losses_json.h"

#include <math.h>

#include "core/clock.h"
#include "reports/json/figures.h"
#include "reports/json/capture.h"

/* A figure that is not defined is null. */
static json_t *real(double value)
{
    return isfinite(value) ? json_real(value + 0.0) : json_null(); /* -0 is 0 */
}

static json_t *count(uint64_t value)
{
    return json_integer((json_int_t)value);
}

static json_t *instant(int64_t t_ns)
{
    return t_ns == RIG_NO_TIME ? json_null() : json_real(rig_clock_s_of_ns(t_ns));
}

static json_t *stages_of(const rig_found *l)
{
    const rig_tally *tally = &l->usage->tally;
    json_t *stages = json_array();
    for (int s = 0; s < RIG_N_STAGES; s++) {
        rig_stage stage = (rig_stage)s;
        rig_loss_estimate loss =
            rig_loss_series_estimate(l->series, stage, l->counts->has_queue_marks);
        (void)json_array_append_new(
            stages,
            json_pack("{s:s, s:o, s:o, s:f, s:f, s:o, s:o, s:o, s:o}", "stage",
                      rig_stage_name(stage), "entered", count(rig_tally_entered(tally, stage)),
                      "lost", count(rig_tally_lost(tally, stage)), "p_lost_per_entrant",
                      rig_tally_p_lost_per_entrant(tally, stage), "p_lost_per_offered",
                      rig_tally_p_lost_per_offered(tally, stage), "low", real(loss.low), "high",
                      real(loss.high), "n_effective", real(loss.n_effective), "n_batches",
                      count(loss.n_batches)));
    }
    return stages;
}

static json_t *outcomes_of(const rig_tally *tally)
{
    json_t *outcomes = json_object();
    for (int o = 0; o < RIG_OUTCOME_NOT_PLACED; o++)
        (void)json_object_set_new(outcomes, rig_outcome_name((rig_outcome)o),
                                  count(tally->n_outcome[o]));
    return outcomes;
}

static json_t *circuits_of(const rig_usage *usage)
{
    int64_t implied = rig_usage_implied_circuits(usage);
    return json_pack("{s:o, s:o, s:o, s:o, s:o, s:f, s:o, s:o, s:o, s:f, s:f, s:f, s:f, s:f, s:o}",
                     "peak_in_use", count(usage->peak_in_use), "t_peak_s",
                     instant(usage->t_peak_ns), "refusals", count(usage->n_refusals),
                     "min_in_use_at_refusal", count(usage->min_in_use_at_refusal),
                     "p05_in_use_at_refusal", count(usage->p05_in_use_at_refusal),
                     "median_in_use_at_refusal", usage->median_in_use_at_refusal,
                     "p95_in_use_at_refusal", count(usage->p95_in_use_at_refusal),
                     "max_in_use_at_refusal", count(usage->max_in_use_at_refusal), "implied",
                     implied < 0 ? json_null() : json_integer(implied), "carried_erl",
                     usage->carried_erl, "offered_erl", usage->offered_erl, "steady_s",
                     usage->steady_s, "variance_in_use", usage->variance_in_use, "peakedness",
                     usage->peakedness, "late_changes", count(usage->n_late));
}

static json_t *times_of(const rig_times *times)
{
    return json_pack(
        "{s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "n", count(times->n), "mean_s",
        real(rig_times_mean_s(times)), "p50_s", real(rig_times_quantile_s(times, 0.5)), "p90_s",
        real(rig_times_quantile_s(times, 0.9)), "p95_s", real(rig_times_quantile_s(times, 0.95)),
        "p99_s", real(rig_times_quantile_s(times, 0.99)), "max_s", real(rig_times_max_s(times)));
}

/* The numbers that occurred, each with how often. */
static json_t *occurred(const uint64_t *n, size_t n_all, size_t none, const char *key)
{
    json_t *list = json_array();
    for (size_t i = 0; i < n_all; i++) {
        if (n[i] == 0)
            continue;
        json_t *number = i == none ? json_null() : json_integer((json_int_t)i);
        (void)json_array_append_new(list, json_pack("{s:o, s:o}", key, number, "n", count(n[i])));
    }
    return list;
}

static json_t *sessions_of(const rig_sessions *s)
{
    rig_session_ratios r = rig_sessions_ratios(s);
    return json_pack(
        "{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, "
        "s:o, "
        "s:o, s:o, s:o, s:o}",
        "bids", count(s->n_bids), "seizures", count(s->n_seizures), "answers", count(s->n_answers),
        "ser", real(r.ser), "seer", real(r.seer), "isa", real(r.isa), "scr", real(r.scr), "asr",
        real(r.asr), "abr", real(r.abr), "ner", real(r.ner), "asr_offered", real(r.abr),
        "asr_seized", real(r.asr), "delivered", count(s->n_delivered), "deliverable",
        count(s->n_deliverable), "why",
        occurred(s->n_why, RIG_SESSIONS_NO_CAUSE + 1, RIG_SESSIONS_NO_CAUSE, "cause"), "setup",
        times_of(&s->setup), "srd_success", times_of(&s->srd_success), "srd_failure",
        times_of(&s->srd_failure), "sdd", times_of(&s->sdd), "sdt", times_of(&s->sdt), "codes",
        occurred(s->n_code, RIG_SESSIONS_N_CODES, 0, "code"), "q850",
        occurred(s->n_cause, RIG_SESSIONS_NO_CAUSE + 1, RIG_SESSIONS_NO_CAUSE, "cause"));
}

/* Null where the capture holds no REGISTER. */
static json_t *registrations_of(const rig_registrations *r)
{
    if (r->n_requests == 0)
        return json_null();
    return json_pack(
        "{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "attempts",
        count(rig_registrations_n_attempts(r)), "requests", count(r->n_requests), "registered",
        count(r->n_end[RIG_REGISTERED]), "failed", count(r->n_end[RIG_REGISTRATION_FAILED]),
        "timed_out", count(r->n_end[RIG_REGISTRATION_TIMED_OUT]), "challenged",
        count(r->n_end[RIG_REGISTRATION_CHALLENGED]), "replaced",
        count(r->n_end[RIG_REGISTRATION_REPLACED]), "in_progress",
        count(r->n_end[RIG_REGISTRATION_PENDING]), "ira", real(rig_registrations_ira(r)), "rrd",
        times_of(&r->rrd), "codes", occurred(r->n_code, RIG_REGISTRATIONS_N_CODES, 0, "code"));
}

static json_t *series_of(const rig_loss_series *series, bool has_queue_marks)
{
    json_t *list = json_array();
    for (size_t i = 0; i < series->n; i++) {
        const rig_loss_interval *at = &series->at[has_queue_marks ? 1 : 0][i];
        if (at->n_offered == 0)
            continue;
        int64_t t_ns = series->t_from_ns + (int64_t)i * series->interval_ns;
        (void)json_array_append_new(
            list, json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "t_s", instant(t_ns), "offered",
                            count(at->n_offered), "lost_trunk", count(at->n_lost[RIG_STAGE_TRUNK]),
                            "lost_ivr", count(at->n_lost[RIG_STAGE_IVR]), "lost_queue",
                            count(at->n_lost[RIG_STAGE_QUEUE]), "lost_agent",
                            count(at->n_lost[RIG_STAGE_AGENT]), "served", count(at->n_served)));
    }
    return json_pack("{s:f, s:o}", "length_s", rig_clock_s_of_ns(series->interval_ns), "intervals",
                     list);
}

static json_t *capture_of(const rig_capture_counts *c)
{
    const rig_decoder_counts *p = &c->packets;
    json_t *capture = json_object();
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
        {"messages_malformed", c->n_messages_malformed},
        {"messages_too_long", c->n_messages_too_long},
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
        (void)json_object_set_new(capture, counts[i].key, count(counts[i].n));
    rig_json_add_packets(capture, c);
    (void)json_object_set_new(capture, "queue_marks", json_boolean(c->has_queue_marks));
    (void)json_object_set_new(capture, "file_cut", json_boolean(c->is_file_cut));
    (void)json_object_set_new(capture, "t_first_s", instant(c->t_first_ns));
    (void)json_object_set_new(capture, "t_last_s", instant(c->t_last_ns));
    return capture;
}

rig_status rig_json_of_losses(const rig_found *l, json_t **document)
{
    const rig_tally *tally = &l->usage->tally;
    json_t *made =
        json_pack("{s:s, s:s, s:s?, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}",
                  "format", "peakrig losses 1", "peakrig", PEAKRIG_VERSION, "where", l->where,
                  "calls", count(tally->n_offered), "stages", stages_of(l), "outcomes",
                  outcomes_of(tally), "circuits", circuits_of(l->usage), "sessions",
                  sessions_of(l->sessions), "registrations", registrations_of(l->registrations),
                  "series", series_of(l->series, l->counts->has_queue_marks), "over_time",
                  l->over_time != NULL ? rig_json_of_usage(l->over_time) : json_null(), "hours",
                  rig_json_of_usage(l->hours), "patience",
                  rig_json_of_patience(l->patience, l->n_patience_left_out), "by",
                  rig_json_of_groups(l->tables, l->n_tables), "capture", capture_of(l->counts));
    if (made == NULL)
        return RIG_ENOMEM;
    *document = made;
    return RIG_OK;
}
