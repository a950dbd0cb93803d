/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analyzer/query/value.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "analyzer/q850.h"
#include "analyzer/parties.h"
#include "core/clock.h"

typedef rig_query_value_of value;

/* How a field's value is found. `finished` is what was told, `call` its record. */
typedef void (*getter)(const rig_query_call *of, value *v);

/* ---- kinds of values ---- */

static void put_number(value *v, int64_t number)
{
    v->is_there = true;
    v->number = (rig_query_number){.whole = number};
}

static void put_text(value *v, const char *text)
{
    v->is_there = text[0] != '\0';
    v->text = text;
}

static void put_instant(value *v, int64_t t_ns)
{
    v->is_there = t_ns != RIG_NO_TIME;
    if (v->is_there)
        v->number = rig_query_number_of_ns(t_ns);
}

static void put_span(value *v, int64_t from_ns, int64_t to_ns)
{
    v->is_there = from_ns != RIG_NO_TIME && to_ns != RIG_NO_TIME;
    if (v->is_there)
        v->number = rig_query_number_of_ns(to_ns - from_ns);
}

static const rig_call *call_of(const rig_query_call *of)
{
    return of->finished->call;
}

static rig_outcome outcome_of(const rig_query_call *of)
{
    return of->if_marks ? of->finished->outcome_if_marks : of->finished->call->outcome;
}

/* ---- the columns of calls.csv ---- */

static void get_call_id(const rig_query_call *of, value *v)
{
    put_text(v, call_of(of)->call_id != NULL ? call_of(of)->call_id : "");
}

static void get_planned_index(const rig_query_call *of, value *v)
{
    if (call_of(of)->planned_index >= 0)
        put_number(v, call_of(of)->planned_index);
}

#define GET_INSTANT(name)                                                                          \
    static void get_##name(const rig_query_call *of, value *v)                                     \
    {                                                                                              \
        put_instant(v, call_of(of)->name##_ns);                                                    \
    }
GET_INSTANT(t_invite)
GET_INSTANT(t_provisional)
GET_INSTANT(t_menu)
GET_INSTANT(t_answer)
GET_INSTANT(t_queue)
GET_INSTANT(t_agent_ring)
GET_INSTANT(t_agent_answer)
GET_INSTANT(t_end)

static void get_code(const rig_query_call *of, value *v)
{
    put_number(v, call_of(of)->final_code);
    v->is_none_at_zero = true;
}

static void get_answered(const rig_query_call *of, value *v)
{
    put_number(v, call_of(of)->answered);
}

static void get_cancelled(const rig_query_call *of, value *v)
{
    put_number(v, call_of(of)->cancelled);
}

static void get_bye(const rig_query_call *of, value *v)
{
    put_text(v, rig_bye_name(call_of(of)->bye));
}

static void get_retransmissions(const rig_query_call *of, value *v)
{
    put_number(v, call_of(of)->invite_retransmissions);
}

static void get_n_messages(const rig_query_call *of, value *v)
{
    put_number(v, call_of(of)->n_messages);
}

static void get_n_legs(const rig_query_call *of, value *v)
{
    put_number(v, call_of(of)->n_legs);
}

static void get_attempts(const rig_query_call *of, value *v)
{
    put_number(v, call_of(of)->attempts);
}

static void get_backwards(const rig_query_call *of, value *v)
{
    put_number(v, call_of(of)->is_backwards);
}

static void get_outcome(const rig_query_call *of, value *v)
{
    put_text(v, rig_outcome_name(outcome_of(of)));
}

static void get_reason(const rig_query_call *of, value *v)
{
    put_text(v, of->if_marks ? of->finished->reason_if_marks : call_of(of)->reason);
}

/* ---- what follows from them ---- */

static void get_stage(const rig_query_call *of, value *v)
{
    rig_call call = *call_of(of);
    call.outcome = outcome_of(of);
    put_text(v, rig_stage_name(rig_call_stage(&call)));
}

static void get_lost(const rig_query_call *of, value *v)
{
    put_number(v, rig_outcome_is_lost(outcome_of(of)));
}

static void get_cause(const rig_query_call *of, value *v)
{
    int cause = rig_q850_of_call(of->finished).value;
    if (cause != RIG_Q850_UNKNOWN)
        put_number(v, cause);
}

static void get_hour(const rig_query_call *of, value *v)
{
    put_number(v, call_of(of)->t_invite_ns / RIG_NS_PER_S / 3600 % 24);
}

static void get_date(const rig_query_call *of, value *v)
{
    time_t t = (time_t)(call_of(of)->t_invite_ns / RIG_NS_PER_S);
    struct tm utc;
    if (gmtime_r(&t, &utc) != NULL && strftime(v->room, sizeof v->room, "%Y-%m-%d", &utc) > 0)
        put_text(v, v->room);
}

static void get_at(const rig_query_call *of, value *v)
{
    put_span(v, of->t_capture_ns, call_of(of)->t_invite_ns);
}

static void get_setup(const rig_query_call *of, value *v)
{
    put_span(v, call_of(of)->t_invite_ns, call_of(of)->t_answer_ns);
}

static void get_wait(const rig_query_call *of, value *v)
{
    const rig_call *call = call_of(of);
    put_span(v, call->t_queue_ns,
             call->t_agent_answer_ns != RIG_NO_TIME ? call->t_agent_answer_ns : call->t_end_ns);
}

static void get_ring(const rig_query_call *of, value *v)
{
    const rig_call *call = call_of(of);
    put_span(v, call->t_agent_ring_ns,
             call->t_agent_answer_ns != RIG_NO_TIME ? call->t_agent_answer_ns : call->t_end_ns);
}

static void get_talk(const rig_query_call *of, value *v)
{
    put_span(v, call_of(of)->t_agent_answer_ns, call_of(of)->t_end_ns);
}

static void get_duration(const rig_query_call *of, value *v)
{
    put_span(v, call_of(of)->t_invite_ns, call_of(of)->t_end_ns);
}

/* ---- who ---- */

static void get_caller(const rig_query_call *of, value *v)
{
    if (of->finished->parties != NULL)
        put_text(v, of->finished->parties->number);
}

static void get_called(const rig_query_call *of, value *v)
{
    if (of->finished->parties != NULL)
        put_text(v, of->finished->parties->called);
}

static void get_class(const rig_query_call *of, value *v)
{
    const rig_call_parties *parties = of->finished->parties;
    if (of->finished->call->caller_class != NULL)
        put_text(v, of->finished->call->caller_class);
    else if (parties != NULL && !parties->has_classes)
        get_called(of, v);
}

static void get_from(const rig_query_call *of, value *v)
{
    if (of->finished->parties == NULL)
        return;
    rig_endpoint_host(of->finished->parties->caller, v->room);
    put_text(v, v->room);
}

static void get_carrier(const rig_query_call *of, value *v)
{
    const rig_call_parties *parties = of->finished->parties;
    if (parties != NULL && parties->carrier != NULL)
        put_text(v, parties->carrier);
    else if (parties != NULL && !parties->has_carriers)
        get_from(of, v);
}

static void get_agent(const rig_query_call *of, value *v)
{
    rig_parties_agent_name(of->finished->parties, v->room, sizeof v->room);
    put_text(v, v->room);
}

static void get_choice(const rig_query_call *of, value *v)
{
    put_text(v, call_of(of)->choice);
}

static void get_redial(const rig_query_call *of, value *v)
{
    if (call_of(of)->nth_of_caller > 0)
        put_number(v, (int64_t)call_of(of)->nth_of_caller - 1);
}

static void get_rings(const rig_query_call *of, value *v)
{
    if (of->finished->parties != NULL)
        put_number(v, (int64_t)of->finished->parties->n_rings);
}

/* ---- the table ---- */

typedef struct field {
    rig_query_field_info info;
    getter get;
    bool is_instant; /* written with nine decimals */
} field;

#define TEXT RIG_QUERY_TEXT
#define NUM  RIG_QUERY_NUMBER
#define WORD RIG_QUERY_WORD
#define FLAG RIG_QUERY_FLAG
#define CSV  "column of calls.csv"

static const field fields[] = {
    /* clang-format off */
    {{"call_id", TEXT, false, false, CSV}, get_call_id, false},
    {{"planned_index", NUM, false, false, CSV}, get_planned_index, false},
    {{"t_invite_s", NUM, false, false, CSV}, get_t_invite, true},
    {{"t_provisional_s", NUM, false, false, CSV}, get_t_provisional, true},
    {{"t_menu_s", NUM, false, false, CSV}, get_t_menu, true},
    {{"t_answer_s", NUM, false, false, CSV}, get_t_answer, true},
    {{"t_queue_s", NUM, false, false, CSV}, get_t_queue, true},
    {{"t_agent_ring_s", NUM, false, false, CSV}, get_t_agent_ring, true},
    {{"t_agent_answer_s", NUM, false, false, CSV}, get_t_agent_answer, true},
    {{"t_end_s", NUM, false, false, CSV}, get_t_end, true},
    {{"final_code", NUM, false, true, CSV ": final response to the INVITE, 0 for none"}, get_code, false},
    {{"answered", FLAG, false, true, CSV}, get_answered, false},
    {{"cancelled", FLAG, false, true, CSV}, get_cancelled, false},
    {{"bye", WORD, false, true, CSV}, get_bye, false},
    {{"invite_retransmissions", NUM, false, true, CSV}, get_retransmissions, false},
    {{"n_messages", NUM, false, true, CSV}, get_n_messages, false},
    {{"n_legs", NUM, false, true, CSV}, get_n_legs, false},
    {{"attempts", NUM, false, true, CSV ": INVITEs of the caller, further ones after refusals"}, get_attempts, false},
    {{"backwards", FLAG, false, true, CSV ": its times run backwards"}, get_backwards, false},
    {{"outcome", WORD, false, true, CSV}, get_outcome, false},
    {{"reason", TEXT, false, true, CSV}, get_reason, false},
    {{"code", NUM, false, true, "as final_code"}, get_code, false},
    {{"cause", NUM, false, true, "cause of Q.850: of the Reason header, else of the final response (RFC 3398)"}, get_cause, false},
    {{"stage", WORD, false, true, "in which the call ended: trunk, ivr, queue, agent"}, get_stage, false},
    {{"lost", FLAG, false, true, "whether its outcome is lost_trunk, lost_ivr, lost_queue or lost_agent"}, get_lost, false},
    {{"carrier", TEXT, true, true, "by the carrier rules; without any, as from"}, get_carrier, false},
    {{"from", TEXT, true, true, "address that the first INVITE came from"}, get_from, false},
    {{"caller", TEXT, true, true, "user part of the caller's From"}, get_caller, false},
    {{"class", TEXT, true, true, "of callers, by the class rules; without any, as called"}, get_class, false},
    {{"called", TEXT, true, true, "number that was called: user part of the Request-URI"}, get_called, false},
    {{"agent", TEXT, true, true, "who answered, else who rang last: user part of the Request-URI of his leg, or its address"}, get_agent, false},
    {{"choice", TEXT, false, true, CSV ": what the caller keyed in the menu, by SIP INFO"}, get_choice, false},
    {{"redial", NUM, true, true, CSV ": calls of his number before this one; 0: his first"}, get_redial, false},
    {{"rings", NUM, true, true, "agents' legs"}, get_rings, false},
    {{"hour", NUM, false, true, "hour of the day of the INVITE, 0 to 23, UTC; as a group, each hour by its date"}, get_hour, false},
    {{"date", TEXT, false, true, "day of the INVITE, 2026-01-31, UTC"}, get_date, false},
    {{"at_s", NUM, false, false, "seconds from the first packet to the INVITE"}, get_at, false},
    {{"setup_s", NUM, false, false, "seconds from the INVITE to the answer"}, get_setup, false},
    {{"wait_s", NUM, false, false, "seconds from the queue to the agent's answer, or else to the end"}, get_wait, false},
    {{"ring_s", NUM, false, false, "seconds from the last ring to the agent's answer, or else to the end"}, get_ring, false},
    {{"talk_s", NUM, false, false, "seconds from the agent's answer to the end"}, get_talk, false},
    {{"duration_s", NUM, false, false, "seconds from the INVITE to the end"}, get_duration, false},
    /* clang-format on */
};

enum { N_FIELDS = sizeof fields / sizeof fields[0] };

size_t rig_query_n_fields(void)
{
    return N_FIELDS;
}

const rig_query_field_info *rig_query_describe(size_t i)
{
    return &fields[i].info;
}

bool rig_query_find_field(rig_slice name, size_t *found)
{
    for (size_t i = 0; i < N_FIELDS; i++) {
        if (rig_slice_is(name, fields[i].info.name)) {
            *found = i;
            return true;
        }
    }
    return false;
}

void rig_query_get(size_t i, const rig_query_call *call, rig_query_value_of *v)
{
    v->is_there = v->is_none_at_zero = false;
    v->text = "";
    v->number = (rig_query_number){0};
    fields[i].get(call, v);
}

static const char *const byes[] = {"none", "caller", "callee", NULL};
static const char *const stages[] = {"trunk", "ivr", "queue", "agent", NULL};
static const char *const outcomes[] = {"lost_trunk",  "lost_ivr",     "lost_queue", "lost_agent",
                                       "self_served", "deflected",    "served",     "dropped",
                                       "in_progress", "unclassified", NULL};

const char *const *rig_query_words(size_t i)
{
    if (fields[i].get == get_bye)
        return byes;
    return fields[i].get == get_stage ? stages : outcomes;
}

bool rig_query_value(size_t i, const rig_query_call *call, char text[RIG_QUERY_VALUE_SIZE])
{
    value v;
    rig_query_get(i, call, &v);
    text[0] = '\0';
    if (!v.is_there)
        return false;
    bool is_negative = v.number.whole < 0;
    int64_t whole = v.number.whole;
    int32_t nanos = v.number.nanos;
    if (is_negative && nanos > 0) {
        whole++;
        nanos = (int32_t)(RIG_NS_PER_S - nanos);
    }
    switch (fields[i].info.type) {
    case RIG_QUERY_TEXT:
    case RIG_QUERY_WORD:
        (void)snprintf(text, RIG_QUERY_VALUE_SIZE, "%s", v.text);
        break;
    case RIG_QUERY_NUMBER:
        if (fields[i].is_instant || nanos != 0)
            (void)snprintf(text, RIG_QUERY_VALUE_SIZE, "%s%lld.%09d", is_negative ? "-" : "",
                           (long long)(whole < 0 ? -whole : whole), (int)nanos);
        else
            (void)snprintf(text, RIG_QUERY_VALUE_SIZE, "%lld", (long long)whole);
        break;
    case RIG_QUERY_FLAG:
        (void)snprintf(text, RIG_QUERY_VALUE_SIZE, "%s", v.number.whole != 0 ? "yes" : "no");
        break;
    }
    return true;
}
