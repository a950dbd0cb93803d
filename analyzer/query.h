/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A condition on calls in words: "carrier=A and code>=500", "not (outcome~lost or wait_s<5)".
 *
 * Grammar (keywords in any case; blanks as you like):
 *
 *     condition  = term *("or" term)
 *     term       = factor *("and" factor)
 *     factor     = "not" factor | "(" condition ")" | FIELD OPERATOR VALUE
 *     OPERATOR   = "=" | "!=" | "<" | "<=" | ">" | ">=" | "~"
 *     VALUE      = word | "quoted" | 'quoted' | "none"
 *
 * "and" binds closer than "or", "not" closer than both. A word ends at a blank or at one of ( ) = !
 * < > ~ , and quotes; what holds one of these is quoted ("\" before a quote or a "\" inside).
 *
 * - Texts: "=" and "!=" compare all of it, byte by byte; a word that ends with "*" stands for any
 *   text that begins so, a quoted one does not. "~" finds the value anywhere in the text, without
 *   regard to ASCII case. Texts have no order: "<" is refused.
 * - Numbers: decimal, at most nine decimals, compared exactly (an instant of calls.csv is nine
 *   decimals of epoch seconds). "~" is refused.
 * - Words of a list (outcome, bye, stage): as texts; "=" and "!=" take a word of the list only.
 * - Yes or no: yes, no, true, false, 1, 0; "=" and "!=".
 *
 * A field that a call has no value of (nobody answered: no t_answer_s) equals "none" and nothing
 * else: FIELD=none holds, FIELD!=VALUE holds, every other comparison does not. So "not" and "!="
 * say the same. */
#ifndef RIG_ANALYZER_QUERY_H
#define RIG_ANALYZER_QUERY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analyzer/call_sink.h"
#include "core/slice.h"
#include "core/status.h"

/** Longest condition, bytes. */
#define RIG_QUERY_MAX_TEXT 4096
/** Most comparisons, "not"s, "and"s and "or"s of one condition. */
#define RIG_QUERY_MAX_NODES 512
/** Parentheses and "not"s within each other, at most. */
#define RIG_QUERY_MAX_DEPTH 64
/** Room for a field's value as text, its NUL included. */
#define RIG_QUERY_VALUE_SIZE 256

/** What kind of values a field has. */
typedef enum rig_query_type {
    RIG_QUERY_TEXT = 0,
    RIG_QUERY_NUMBER,
    RIG_QUERY_WORD, /**< one of a list */
    RIG_QUERY_FLAG  /**< yes or no */
} rig_query_type;

/** A call that is asked about. */
typedef struct rig_query_call {
    const rig_finished_call *finished;
    bool if_marks;        /**< take the outcome that holds if the target shows queue marks */
    int64_t t_capture_ns; /**< the capture's first packet, for at_s; RIG_NO_TIME: not known */
} rig_query_call;

/** A field: its name, its kind and its meaning; all texts are static. */
typedef struct rig_query_field_info {
    const char *name;
    rig_query_type type;
    bool needs_parties; /**< it says who called whom: rig_finished_call.parties */
    bool is_group;      /**< calls can be grouped by it */
    const char *meaning;
} rig_query_field_info;

/** How many fields there are. */
size_t rig_query_n_fields(void);

/** The i-th field. @param i  Below rig_query_n_fields. */
const rig_query_field_info *rig_query_describe(size_t i);

/** The field of a name. @param[out] field Untouched unless true is returned. */
bool rig_query_find_field(rig_slice name, size_t *field);

/**
 * A field's value of a call as text, as calls.csv writes it. What is too long is cut.
 * @param field      Below rig_query_n_fields.
 * @param[out] text  "" where the call has no value.
 * @return whether it has one.
 */
bool rig_query_value(size_t field, const rig_query_call *call, char text[RIG_QUERY_VALUE_SIZE]);

/** A condition; opaque. Constant once read: may be used by several threads. */
typedef struct rig_query rig_query;

/**
 * Read a condition.
 * @param text        At most RIG_QUERY_MAX_TEXT bytes; copied.
 * @param option      What the message begins with: "--where".
 * @param[out] query  Owned by the caller: rig_query_free. Untouched on error.
 * @return RIG_OK; RIG_EINPUT with "OPTION: column N: what is wrong; what is expected" (columns from
 *         1, in bytes); RIG_ENOMEM.
 */
rig_status rig_query_read(const char *text, const char *option, rig_query **query, rig_error *err);

/** What it was read from; owned by the condition. */
const char *rig_query_text(const rig_query *query);

/** NULL-safe. */
void rig_query_free(rig_query *query);

/** Whether it looks at a field that needs rig_finished_call.parties. */
bool rig_query_needs_parties(const rig_query *query);

/** Whether a call fits, as it was told, and if the target shows queue marks. */
typedef struct rig_query_fit {
    bool as_told, if_marks;
} rig_query_fit;

/** Both. @param query  NULL: every call fits. @param t_capture_ns  As in rig_query_call. */
rig_query_fit rig_query_fit_call(const rig_query *query, const rig_finished_call *call,
                                 int64_t t_capture_ns);

/** Whether it holds for a call. */
bool rig_query_holds(const rig_query *query, const rig_query_call *call);

#endif
