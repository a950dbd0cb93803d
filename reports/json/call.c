/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/call_json.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>

#include "analyzer/parties.h"
#include "analyzer/q850.h"
#include "core/clock.h"
#include "core/utf8.h"

static void put_text(FILE *out, const char *text)
{
    fputc('"', out);
    for (const char *p = text; *p != '\0';) {
        const unsigned char c = (unsigned char)*p;
        size_t n = rig_utf8_length(p);
        if (n == 0) {
            fputs("\\ufffd", out);
            n = 1;
        } else if (c == '"' || c == '\\') {
            fprintf(out, "\\%c", c);
        } else if (c < ' ' || c == 0x7f) {
            fprintf(out, "\\u%04x", c);
        } else {
            (void)fwrite(p, 1, n, out);
        }
        p += n;
    }
    fputc('"', out);
}

static void put_key(FILE *out, const char *key)
{
    fprintf(out, ",\"%s\":", key);
}

static void put_instant(FILE *out, const char *key, int64_t t_ns)
{
    put_key(out, key);
    if (t_ns == RIG_NO_TIME)
        fputs("null", out);
    else
        fprintf(out, "%" PRId64 ".%09" PRId64, t_ns / RIG_NS_PER_S, t_ns % RIG_NS_PER_S);
}

static void put_number(FILE *out, const char *key, int64_t number)
{
    put_key(out, key);
    fprintf(out, "%" PRId64, number);
}

static void put_flag(FILE *out, const char *key, bool flag)
{
    put_key(out, key);
    fputs(flag ? "true" : "false", out);
}

/* null for what is empty or not known. */
static void put_word(FILE *out, const char *key, const char *word)
{
    put_key(out, key);
    if (word == NULL || word[0] == '\0')
        fputs("null", out);
    else
        put_text(out, word);
}

static void put_record(FILE *out, const rig_call *call)
{
    fputs("{\"call_id\":", out);
    put_text(out, call->call_id);
    if (call->planned_index >= 0)
        put_number(out, "planned_index", call->planned_index);
    else
        put_word(out, "planned_index", NULL);
    put_instant(out, "t_invite_s", call->t_invite_ns);
    put_instant(out, "t_provisional_s", call->t_provisional_ns);
    put_instant(out, "t_menu_s", call->t_menu_ns);
    put_instant(out, "t_answer_s", call->t_answer_ns);
    put_instant(out, "t_queue_s", call->t_queue_ns);
    put_instant(out, "t_first_ring_s", call->t_first_ring_ns);
    put_instant(out, "t_agent_ring_s", call->t_agent_ring_ns);
    put_instant(out, "t_agent_answer_s", call->t_agent_answer_ns);
    put_instant(out, "t_end_s", call->t_end_ns);
    put_number(out, "final_code", call->final_code);
    put_flag(out, "answered", call->answered);
    put_flag(out, "cancelled", call->cancelled);
    put_word(out, "bye", rig_bye_name(call->bye));
    put_number(out, "invite_retransmissions", call->invite_retransmissions);
    put_number(out, "n_messages", call->n_messages);
    put_number(out, "n_legs", call->n_legs);
    put_number(out, "phones_at_once", call->n_phones_at_once);
    if (call->announced_position > 0)
        put_number(out, "announced_position", call->announced_position);
    if (call->announced_wait_s > 0.0) {
        put_key(out, "announced_wait_s");
        fprintf(out, "%.3f", call->announced_wait_s);
    }
    if (call->is_balked)
        put_flag(out, "balked", true);
    if (call->is_emergency)
        put_flag(out, "emergency", true);
    if (call->choice[0] != '\0')
        put_word(out, "choice", call->choice);
    if (call->nth_of_caller > 0)
        put_number(out, "redial", call->nth_of_caller - 1);
    put_word(out, "outcome", rig_outcome_name(call->outcome));
    put_word(out, "reason", call->reason);
}

static void put_cause(FILE *out, const rig_finished_call *finished)
{
    const rig_q850 cause = rig_q850_of_call(finished);
    if (cause.value == RIG_Q850_UNKNOWN) {
        put_word(out, "cause", NULL);
        return;
    }
    put_number(out, "cause", cause.value);
    put_flag(out, "cause_given", cause.is_given);
}

static void put_rings(FILE *out, const rig_call_parties *parties)
{
    fputs(",\"rings\":[", out);
    for (size_t i = 0; i < parties->n_rings; i++) {
        const rig_agent_ring *ring = &parties->rings[i];
        char address[RIG_ADDRESS_TEXT_SIZE];
        rig_endpoint_text(ring->at, address);
        fputs(i > 0 ? ",{\"address\":" : "{\"address\":", out);
        put_text(out, address);
        put_word(out, "agent", ring->agent);
        put_instant(out, "t_ring_s", ring->t_ring_ns);
        put_instant(out, "t_answer_s", ring->t_answer_ns);
        put_instant(out, "t_end_s", ring->t_end_ns);
        put_number(out, "final_code", ring->final_code);
        fputc('}', out);
    }
    fputc(']', out);
}

static void put_parties(FILE *out, const rig_finished_call *finished)
{
    const rig_call_parties *parties = finished->parties;
    char address[RIG_ADDRESS_TEXT_SIZE];
    rig_endpoint_text(parties->caller, address);
    put_word(out, "from", address);
    rig_endpoint_text(parties->centre, address);
    put_word(out, "to", address);
    put_word(out, "caller", parties->number);
    put_word(out, "called", parties->called);
    put_word(out, "carrier", parties->carrier);
    put_word(out, "class", finished->call->caller_class);
    put_rings(out, parties);
}

void rig_report_call_line(FILE *out, const rig_finished_call *finished)
{
    put_record(out, finished->call);
    if (finished->is_open) {
        put_word(out, "outcome_if_marks", rig_outcome_name(finished->outcome_if_marks));
        put_word(out, "reason_if_marks", finished->reason_if_marks);
    }
    put_cause(out, finished);
    if (finished->parties != NULL)
        put_parties(out, finished);
    fputs("}\n", out);
}
