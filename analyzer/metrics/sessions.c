/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analyzer/ratio.h"
#include "analyzer/sessions.h"

#include <math.h>

#include "analyzer/q850.h"
#include "analyzer/usage.h"

static bool is_one_of(int code, const int *codes, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (codes[i] == code)
            return true;
    }
    return false;
}

#define IS_ONE_OF(code, ...)                                                                       \
    is_one_of(code, (const int[]){__VA_ARGS__}, sizeof((const int[]){__VA_ARGS__}) / sizeof(int))

rig_session_counts rig_session_counts_of(const rig_finished_call *finished)
{
    const rig_call *call = finished->call;
    const rig_delivery delivery = rig_delivery_of_call(finished);
    bool is_failed = delivery == RIG_DELIVERY_FAILED || delivery == RIG_DELIVERY_ABANDONED;
    if (delivery == RIG_DELIVERY_PENDING)
        return (rig_session_counts){0};
    bool is_delivered = delivery == RIG_DELIVERY_ANSWERED || delivery == RIG_DELIVERY_BY_USER;
    return (rig_session_counts){
        .is_offered = true,
        .is_seized = rig_usage_holds_circuit(call) || call->t_provisional_ns != RIG_NO_TIME,
        .is_answered = call->answered,
        .is_deliverable = is_delivered || is_failed,
        .is_delivered = is_delivered,
    };
}

/* Nothing, where an instant is not known or time ran backwards: such a duration is not known. */
static void add_span(rig_times *times, int64_t from_ns, int64_t to_ns)
{
    if (from_ns != RIG_NO_TIME && to_ns != RIG_NO_TIME && to_ns >= from_ns)
        rig_times_add(times, to_ns - from_ns);
}

static void add_times(rig_sessions *s, const rig_finished_call *finished)
{
    const rig_call *call = finished->call;
    const int code = call->final_code;
    int64_t t_final_ns = call->answered ? call->t_answer_ns : finished->t_failed_ns;
    int64_t t_status_ns =
        call->t_provisional_ns != RIG_NO_TIME ? call->t_provisional_ns : t_final_ns;
    bool is_failure = !call->answered && code >= 400 && !IS_ONE_OF(code, 401, 402, 407);
    if (call->answered) {
        add_span(&s->setup, call->t_invite_ns, call->t_answer_ns);
        add_span(&s->srd_success, call->t_invite_ns, t_status_ns);
    } else if (is_failure && t_status_ns != RIG_NO_TIME) {
        add_span(&s->srd_failure, call->t_invite_ns, t_status_ns);
    }
    if (call->bye == RIG_BYE_NONE || !call->answered)
        return;
    add_span(&s->sdt, call->t_answer_ns, call->t_end_ns);
    add_span(&s->sdd, call->t_end_ns, finished->t_bye_done_ns);
}

void rig_sessions_add(rig_sessions *s, const rig_finished_call *finished)
{
    const rig_call *call = finished->call;
    const int code = call->final_code;
    const rig_session_counts counts = rig_session_counts_of(finished);
    if (!counts.is_offered)
        return; /* nobody knows yet */
    s->n_bids++;
    s->n_code[code >= 0 && code < RIG_SESSIONS_N_CODES ? code : 0]++;
    int cause = finished->q850_cause;
    s->n_cause[cause >= 0 && cause < RIG_SESSIONS_NO_CAUSE ? cause : RIG_SESSIONS_NO_CAUSE]++;
    s->n_seizures += counts.is_seized;
    s->n_deliverable += counts.is_deliverable;
    s->n_delivered += counts.is_delivered;
    add_times(s, finished);
    if (call->answered) {
        s->n_answers++;
        s->n_completed += call->bye != RIG_BYE_NONE && finished->t_bye_done_ns != RIG_NO_TIME;
        return;
    }
    s->n_redirected += code >= 300 && code < 400;
    s->n_effective += IS_ONE_OF(code, 480, 486, 600, 603);
    s->n_ineffective += IS_ONE_OF(code, 408, 500, 503, 504);
    int why = rig_q850_of_call(finished).value;
    s->n_why[why >= 0 && why < RIG_SESSIONS_NO_CAUSE ? why : RIG_SESSIONS_NO_CAUSE]++;
}

rig_session_ratios rig_sessions_ratios(const rig_sessions *s)
{
    const uint64_t n_tried = s->n_bids - s->n_redirected;
    return (rig_session_ratios){
        .ser = rig_ratio(s->n_answers, n_tried),
        .seer = rig_ratio(s->n_answers + s->n_effective, n_tried),
        .isa = rig_ratio(s->n_ineffective, s->n_bids),
        .scr = rig_ratio(s->n_completed, s->n_bids),
        .asr = rig_ratio(s->n_answers, s->n_seizures),
        .abr = rig_ratio(s->n_answers, s->n_bids),
        .ner = rig_ratio(s->n_delivered, s->n_deliverable),
    };
}
