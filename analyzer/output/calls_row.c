/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analyzer/output/calls_row.h"

#include <math.h>
#include <string.h>

const char *const rig_cdr_columns[RIG_CALLS_N_COLUMNS] = {
    "call_id",
    "planned_index",
    "t_invite_s",
    "t_provisional_s",
    "t_answer_s",
    "t_queue_s",
    "t_agent_ring_s",
    "t_agent_answer_s",
    "t_end_s",
    "final_code",
    "answered",
    "cancelled",
    "bye",
    "invite_retransmissions",
    "n_messages",
    "n_legs",
    "outcome",
    "reason",
    "t_menu_s",
    "attempts",
    "backwards",
    "carrier",
    "t_first_ring_s",
    "phones_at_once",
    "class",
    "agent",
    "announced_position",
    "announced_wait_s",
    "balked",
    "emergency",
    "call_back_of",
    "choice",
    "redial",
};

/* Ten instants, sixteen numbers, two words and what was keyed never need more. */
enum { FIXED_SIZE = 640, ANNOUNCED_SIZE = 24 };

void rig_cdr_put_stamps(FILE *out, const rig_cdr_stamp *stamps, size_t n_stamps)
{
    for (size_t i = 0; i < n_stamps; i++)
        fprintf(out, "# %s: %s\n", stamps[i].key, stamps[i].value);
}

void rig_cdr_put_columns(FILE *out)
{
    for (int i = 0; i < RIG_CALLS_N_COLUMNS; i++)
        fprintf(out, "%s%s", i == 0 ? "" : ",", rig_cdr_columns[i]);
    fputc('\n', out);
}

size_t rig_cdr_row_size(const rig_call *call)
{
    const size_t n_carrier = call->carrier != NULL ? strlen(call->carrier) : 0;
    const size_t n_back = call->call_back_of != NULL ? strlen(call->call_back_of) : 0;
    const size_t n_class = call->caller_class != NULL ? strlen(call->caller_class) : 0;
    return FIXED_SIZE + 2 * (strlen(call->call_id) + RIG_CALL_REASON_SIZE + RIG_CALL_AGENT_SIZE +
                             n_carrier + n_class + n_back);
}

static char *put_text(char *at, const char *text)
{
    size_t n = strlen(text);
    /* A '#' at the beginning of a line would make a comment of the row. */
    if (text[0] != '#' && strpbrk(text, ",\"\r\n") == NULL) {
        memcpy(at, text, n);
        return at + n;
    }
    *at++ = '"';
    for (; *text != '\0'; text++) {
        if (*text == '"')
            *at++ = '"';
        *at++ = *text;
    }
    *at++ = '"';
    return at;
}

static char *put_word(char *at, const char *word)
{
    size_t n = strlen(word);
    memcpy(at, word, n);
    return at + n;
}

static char *put_number(char *at, uint64_t number)
{
    char digits[20];
    size_t n = 0;
    do {
        digits[n++] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    while (n > 0)
        *at++ = digits[--n];
    return at;
}

static char *put_time(char *at, int64_t t_ns)
{
    *at++ = ',';
    if (t_ns == RIG_NO_TIME)
        return at;
    at = put_number(at, (uint64_t)(t_ns / RIG_NS_PER_S));
    uint32_t fraction = (uint32_t)(t_ns % RIG_NS_PER_S);
    *at = '.';
    for (int i = 9; i >= 1; i--) {
        at[i] = (char)('0' + fraction % 10);
        fraction /= 10;
    }
    return at + 10;
}

static char *put_next(char *at, uint64_t number)
{
    *at++ = ',';
    return put_number(at, number);
}

size_t rig_cdr_put_row(const rig_call *call, rig_outcome outcome, const char *reason, char *row)
{
    char *at = put_text(row, call->call_id);
    *at++ = ',';
    if (call->planned_index >= 0)
        at = put_number(at, (uint64_t)call->planned_index);
    at = put_time(at, call->t_invite_ns);
    at = put_time(at, call->t_provisional_ns);
    at = put_time(at, call->t_answer_ns);
    at = put_time(at, call->t_queue_ns);
    at = put_time(at, call->t_agent_ring_ns);
    at = put_time(at, call->t_agent_answer_ns);
    at = put_time(at, call->t_end_ns);
    at = put_next(at, (uint64_t)call->final_code);
    at = put_next(at, call->answered);
    at = put_next(at, call->cancelled);
    *at++ = ',';
    at = put_word(at, rig_bye_name(call->bye));
    at = put_next(at, call->invite_retransmissions);
    at = put_next(at, call->n_messages);
    at = put_next(at, call->n_legs);
    *at++ = ',';
    at = put_word(at, rig_outcome_name(outcome));
    *at++ = ',';
    at = put_text(at, reason);
    at = put_time(at, call->t_menu_ns);
    at = put_next(at, call->attempts);
    at = put_next(at, call->is_backwards);
    *at++ = ',';
    if (call->carrier != NULL)
        at = put_text(at, call->carrier);
    at = put_time(at, call->t_first_ring_ns);
    at = put_next(at, call->n_phones_at_once);
    *at++ = ',';
    if (call->caller_class != NULL)
        at = put_text(at, call->caller_class);
    *at++ = ',';
    at = put_text(at, call->agent);
    *at++ = ',';
    if (call->announced_position > 0)
        at = put_number(at, call->announced_position);
    *at++ = ',';
    if (call->announced_wait_s > 0.0)
        at += snprintf(at, ANNOUNCED_SIZE, "%.3f", fmin(call->announced_wait_s, 1e12));
    at = put_next(at, call->is_balked);
    at = put_next(at, call->is_emergency);
    *at++ = ',';
    if (call->call_back_of != NULL)
        at = put_text(at, call->call_back_of);
    *at++ = ',';
    at = put_text(at, call->choice);
    *at++ = ',';
    if (call->nth_of_caller > 0)
        at = put_number(at, call->nth_of_caller - 1);
    *at++ = '\n';
    return (size_t)(at - row);
}
