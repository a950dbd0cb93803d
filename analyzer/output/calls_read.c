/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analyzer/calls_csv.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/output/calls_row.h"
#include "core/csv.h"
#include "core/slice.h"

typedef struct reader {
    const char *path;
    const rig_csv *csv;
    size_t columns[RIG_CALLS_N_COLUMNS];
    bool has[RIG_CALLS_N_COLUMNS]; /* a file of an earlier version lacks some */
    size_t row;
    rig_error *err;
} reader;

/* Empty where the file has no such column. */
static const char *field(const reader *r, rig_calls_column c)
{
    return r->has[c] ? rig_csv_field(r->csv, r->row, r->columns[c]) : "";
}

static rig_status bad(const reader *r, rig_calls_column c, const char *expected)
{
    return rig_fail(r->err, RIG_EINPUT, "%s:%zu: %s: \"%s\"; expected %s", r->path,
                    rig_csv_line(r->csv, r->row), rig_cdr_columns[c], field(r, c), expected);
}

static rig_status get_number(const reader *r, rig_calls_column c, uint64_t most, uint64_t *value)
{
    uint64_t parsed;
    if (!rig_slice_u64(rig_slice_of(field(r, c)), &parsed) || parsed > most)
        return bad(r, c, "a whole number");
    *value = parsed;
    return RIG_OK;
}

static rig_status get_u32(const reader *r, rig_calls_column c, uint32_t *value)
{
    uint64_t parsed;
    rig_status status = get_number(r, c, UINT32_MAX, &parsed);
    if (status == RIG_OK)
        *value = (uint32_t)parsed;
    return status;
}

static rig_status get_bool(const reader *r, rig_calls_column c, bool *value)
{
    const char *text = field(r, c);
    if ((text[0] != '0' && text[0] != '1') || text[1] != '\0')
        return bad(r, c, "0 or 1");
    *value = text[0] == '1';
    return RIG_OK;
}

/* Digits, and perhaps a point and one to nine more: read as integers, for a double holds no
 * nanoseconds of this century. */
static rig_status get_time(const reader *r, rig_calls_column c, int64_t *t_ns)
{
    static const char expected[] = "seconds with at most nine decimals, or nothing";
    rig_slice text = rig_slice_of(field(r, c));
    if (text.n == 0) {
        *t_ns = RIG_NO_TIME;
        return RIG_OK;
    }
    size_t point = rig_slice_find(text, '.');
    uint64_t whole;
    uint64_t fraction = 0;
    if (!rig_slice_u64((rig_slice){text.p, point}, &whole) ||
        whole > (uint64_t)(INT64_MAX / 4 / RIG_NS_PER_S))
        return bad(r, c, expected);
    if (point < text.n) {
        rig_slice decimals = rig_slice_skip(text, point + 1);
        if (decimals.n > 9 || !rig_slice_u64(decimals, &fraction))
            return bad(r, c, expected);
        for (size_t i = decimals.n; i < 9; i++)
            fraction *= 10;
    }
    *t_ns = (int64_t)whole * RIG_NS_PER_S + (int64_t)fraction;
    return RIG_OK;
}

static rig_status get_bye(const reader *r, rig_bye *bye)
{
    for (int i = RIG_BYE_NONE; i <= RIG_BYE_CALLEE; i++) {
        if (strcmp(field(r, RIG_COLUMN_BYE), rig_bye_name((rig_bye)i)) == 0) {
            *bye = (rig_bye)i;
            return RIG_OK;
        }
    }
    return bad(r, RIG_COLUMN_BYE, "none, caller or callee");
}

static rig_status get_times(const reader *r, rig_call *call)
{
    struct {
        rig_calls_column c;
        int64_t *t_ns;
    } times[] = {
        {RIG_COLUMN_T_INVITE, &call->t_invite_ns},
        {RIG_COLUMN_T_PROVISIONAL, &call->t_provisional_ns},
        {RIG_COLUMN_T_ANSWER, &call->t_answer_ns},
        {RIG_COLUMN_T_QUEUE, &call->t_queue_ns},
        {RIG_COLUMN_T_AGENT_RING, &call->t_agent_ring_ns},
        {RIG_COLUMN_T_AGENT_ANSWER, &call->t_agent_answer_ns},
        {RIG_COLUMN_T_END, &call->t_end_ns},
        {RIG_COLUMN_T_MENU, &call->t_menu_ns},
        {RIG_COLUMN_T_FIRST_RING, &call->t_first_ring_ns},
    };
    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++) {
        rig_status status = get_time(r, times[i].c, times[i].t_ns);
        if (status != RIG_OK)
            return status;
    }
    return call->t_invite_ns == RIG_NO_TIME ? bad(r, RIG_COLUMN_T_INVITE, "the time of the INVITE")
                                            : RIG_OK;
}

/* What caller and agent were told; empty, or without its column: nothing. */
static rig_status get_told(const reader *r, rig_call *call)
{
    const char *text = field(r, RIG_COLUMN_ANNOUNCED_WAIT);
    char *end = NULL;
    rig_status status = RIG_OK;
    if (field(r, RIG_COLUMN_ANNOUNCED_POSITION)[0] != '\0')
        status = get_u32(r, RIG_COLUMN_ANNOUNCED_POSITION, &call->announced_position);
    if (status == RIG_OK && text[0] != '\0') {
        call->announced_wait_s = strtod(text, &end);
        if (*end != '\0' || !isfinite(call->announced_wait_s) || call->announced_wait_s < 0.0)
            return bad(r, RIG_COLUMN_ANNOUNCED_WAIT, "seconds");
    }
    if (status == RIG_OK && r->has[RIG_COLUMN_BALKED])
        status = get_bool(r, RIG_COLUMN_BALKED, &call->is_balked);
    if (status == RIG_OK && r->has[RIG_COLUMN_EMERGENCY])
        status = get_bool(r, RIG_COLUMN_EMERGENCY, &call->is_emergency);
    return status;
}

/* What the caller keyed, and which of his calls it is. */
static rig_status get_caller(const reader *r, rig_call *call)
{
    const char *choice = field(r, RIG_COLUMN_CHOICE);
    uint64_t redial = 0;
    if (strlen(choice) >= sizeof call->choice)
        return bad(r, RIG_COLUMN_CHOICE, "at most 23 bytes");
    memcpy(call->choice, choice, strlen(choice) + 1);
    if (field(r, RIG_COLUMN_REDIAL)[0] == '\0')
        return RIG_OK;
    rig_status status = get_number(r, RIG_COLUMN_REDIAL, UINT32_MAX - 1, &redial);
    if (status == RIG_OK)
        call->nth_of_caller = (uint32_t)redial + 1;
    return status;
}

/* A name that may be empty, or lack its column: then NULL. @return false when out of memory. */
static bool get_name(const reader *r, rig_calls_column c, char **name)
{
    if (field(r, c)[0] == '\0')
        return true;
    *name = rig_slice_dup(rig_slice_of(field(r, c)));
    return *name != NULL;
}

static rig_status get_index(const reader *r, rig_call *call)
{
    uint64_t number = 0;
    call->planned_index = -1;
    if (field(r, RIG_COLUMN_PLANNED_INDEX)[0] == '\0')
        return RIG_OK;
    rig_status status = get_number(r, RIG_COLUMN_PLANNED_INDEX, INT64_MAX, &number);
    if (status == RIG_OK)
        call->planned_index = (int64_t)number;
    return status;
}

static rig_status get_call(const reader *r, rig_call *call)
{
    uint64_t number = 0;
    rig_status status = RIG_OK;
    if (field(r, RIG_COLUMN_CALL_ID)[0] == '\0')
        return bad(r, RIG_COLUMN_CALL_ID, "a Call-ID");
    status = get_index(r, call);
    if (status == RIG_OK)
        status = get_times(r, call);
    if (status == RIG_OK)
        status = get_number(r, RIG_COLUMN_FINAL_CODE, 699, &number);
    if (status == RIG_OK) {
        call->final_code = (int)number;
        status = get_bool(r, RIG_COLUMN_ANSWERED, &call->answered);
    }
    if (status == RIG_OK)
        status = get_bool(r, RIG_COLUMN_CANCELLED, &call->cancelled);
    if (status == RIG_OK)
        status = get_bye(r, &call->bye);
    if (status == RIG_OK)
        status = get_u32(r, RIG_COLUMN_INVITE_RETRANSMISSIONS, &call->invite_retransmissions);
    if (status == RIG_OK)
        status = get_u32(r, RIG_COLUMN_N_MESSAGES, &call->n_messages);
    if (status == RIG_OK)
        status = get_u32(r, RIG_COLUMN_N_LEGS, &call->n_legs);
    call->attempts = 1;
    if (status == RIG_OK && r->has[RIG_COLUMN_ATTEMPTS])
        status = get_u32(r, RIG_COLUMN_ATTEMPTS, &call->attempts);
    if (status == RIG_OK && r->has[RIG_COLUMN_BACKWARDS])
        status = get_bool(r, RIG_COLUMN_BACKWARDS, &call->is_backwards);
    if (status == RIG_OK && r->has[RIG_COLUMN_PHONES_AT_ONCE])
        status = get_u32(r, RIG_COLUMN_PHONES_AT_ONCE, &call->n_phones_at_once);
    if (status == RIG_OK)
        status = get_told(r, call);
    if (status == RIG_OK)
        status = get_caller(r, call);
    if (status != RIG_OK)
        return status;
    if (!rig_outcome_of_name(field(r, RIG_COLUMN_OUTCOME), &call->outcome) ||
        call->outcome == RIG_OUTCOME_NOT_PLACED)
        return bad(r, RIG_COLUMN_OUTCOME,
                   "the outcome of an observed call (lost_trunk, served, ...)");
    const char *agent = field(r, RIG_COLUMN_AGENT);
    if (strlen(agent) >= sizeof call->agent)
        return bad(r, RIG_COLUMN_AGENT, "at most 63 bytes");
    memcpy(call->agent, agent, strlen(agent) + 1);
    size_t n_reason = strlen(field(r, RIG_COLUMN_REASON));
    if (n_reason >= sizeof call->reason)
        return bad(r, RIG_COLUMN_REASON, "at most 95 bytes");
    memcpy(call->reason, field(r, RIG_COLUMN_REASON), n_reason + 1);
    call->call_id = rig_slice_dup(rig_slice_of(field(r, RIG_COLUMN_CALL_ID)));
    if (call->call_id == NULL || !get_name(r, RIG_COLUMN_CARRIER, &call->carrier) ||
        !get_name(r, RIG_COLUMN_CLASS, &call->caller_class) ||
        !get_name(r, RIG_COLUMN_CALL_BACK_OF, &call->call_back_of))
        return rig_fail(r->err, RIG_ENOMEM, "%s: out of memory", r->path);
    return RIG_OK;
}

/* Those from t_menu_s on came later, one after the other. */
static rig_status find_columns(reader *r)
{
    for (int c = 0; c < RIG_CALLS_N_COLUMNS; c++) {
        const bool is_needed = c < RIG_COLUMN_T_MENU;
        const rig_status status =
            rig_csv_column(r->csv, rig_cdr_columns[c], &r->columns[c], is_needed ? r->err : NULL);
        if (is_needed && status != RIG_OK)
            return status;
        r->has[c] = status == RIG_OK;
    }
    return RIG_OK;
}

/* A count that stands in a stamp, where it is not 0. */
static rig_status get_stamp(const reader *r, const char *key, uint64_t *value)
{
    const char *text = rig_csv_stamp(r->csv, key);
    if (text == NULL || rig_slice_u64(rig_slice_of(text), value))
        return RIG_OK;
    return rig_fail(r->err, RIG_EINPUT, "%s: %s: \"%s\"; expected a whole number", r->path, key,
                    text);
}

/* Calls back are no callers' calls. @return false when out of memory. */
static bool set_backs_apart(rig_calls *calls)
{
    size_t n = 0, n_backs = 0;
    for (size_t i = 0; i < calls->n; i++)
        n_backs += calls->items[i].call_back_of != NULL;
    if (n_backs == 0)
        return true;
    calls->backs = calloc(n_backs, sizeof *calls->backs);
    if (calls->backs == NULL)
        return false;
    for (size_t i = 0; i < calls->n; i++) {
        if (calls->items[i].call_back_of != NULL)
            calls->backs[calls->n_backs++] = calls->items[i];
        else
            calls->items[n++] = calls->items[i];
    }
    calls->n = n;
    return true;
}

rig_status rig_cdr_read(const char *path, rig_calls **calls, rig_error *err)
{
    rig_csv *csv = NULL;
    rig_calls *made = NULL;
    rig_status status = rig_csv_read(path, &csv, err);
    if (status != RIG_OK)
        return status;
    reader r = {.path = path, .csv = csv, .err = err};
    const char *format = rig_csv_stamp(csv, "format");
    if (format != NULL && strcmp(format, RIG_CALLS_FORMAT) != 0 &&
        strcmp(format, RIG_CALLS_FORMAT_1) != 0) { /* other tools may write none */
        status = rig_fail(err, RIG_EINPUT,
                          "%s:1: format: \"%s\"; expected \"" RIG_CALLS_FORMAT
                          "\" or \"" RIG_CALLS_FORMAT_1 "\"",
                          path, format);
        goto out;
    }
    status = find_columns(&r);
    if (status != RIG_OK)
        goto out;
    size_t n = rig_csv_n_rows(csv);
    made = calloc(1, sizeof *made);
    if (made != NULL)
        made->items = calloc(n > 0 ? n : 1, sizeof *made->items);
    if (made == NULL || made->items == NULL) {
        status = rig_fail(err, RIG_ENOMEM, "%s: out of memory", path);
        goto out;
    }
    status = get_stamp(&r, RIG_CDR_UNMATCHED, &made->n_unmatched);
    if (status == RIG_OK)
        status = get_stamp(&r, RIG_CDR_UNCERTAIN, &made->n_uncertain);
    for (r.row = 0; r.row < n && status == RIG_OK; r.row++) {
        made->n++; /* what a row owns is freed with the set, also of one that cannot be read */
        status = get_call(&r, &made->items[r.row]);
    }
    if (status == RIG_OK && !set_backs_apart(made))
        status = rig_fail(err, RIG_ENOMEM, "%s: out of memory", path);
out:
    if (status == RIG_OK)
        *calls = made;
    else
        rig_calls_free(made);
    rig_csv_free(csv);
    return status;
}
