/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libFuzzer target: any bytes as conditions on calls. Eight bytes make the call; the rest is the
 * condition. What is read holds or does not, "not (..)" of it the other way round, and in
 * parentheses the same; what is not read has a message with a column, and the caller's pointer is
 * untouched. */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/parties.h"
#include "analyzer/query.h"
#include "core/clock.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { N_HEAD = 8, MAX_TEXT = 4096 };

static rig_status read_wrapped(const char *before, const char *text, const char *after,
                               rig_query **query)
{
    char *wrapped = NULL;
    if (asprintf(&wrapped, "%s%s%s", before, text, after) < 0)
        return RIG_ENOMEM;
    rig_status status = rig_query_read(wrapped, "--where", query, NULL);
    free(wrapped);
    return status;
}

/* The same condition within others; one that is at its limits may not be read then. */
static void check_wrapped(const char *text, const rig_query_call *call, bool is_true)
{
    rig_query *query = NULL;
    if (read_wrapped("(", text, ")", &query) == RIG_OK) {
        if (rig_query_holds(query, call) != is_true)
            abort();
        rig_query_free(query);
        query = NULL;
    }
    if (read_wrapped("not (", text, ")", &query) == RIG_OK) {
        if (rig_query_holds(query, call) == is_true)
            abort();
        rig_query_free(query);
    }
}

static void check(const char *text, const rig_query_call *call)
{
    rig_query *query = NULL;
    rig_error err = {.text = ""};
    rig_status status = rig_query_read(text, "--where", &query, &err);
    if (status == RIG_OK) {
        bool is_true = rig_query_holds(query, call);
        if (strcmp(rig_query_text(query), text) != 0 || rig_query_holds(query, call) != is_true)
            abort();
        rig_query_free(query);
        check_wrapped(text, call, is_true);
    } else if (status != RIG_EINPUT || query != NULL ||
               (strstr(err.text, "column ") == NULL && strlen(text) <= RIG_QUERY_MAX_TEXT)) {
        abort();
    }
}

static void check_values(const rig_query_call *call)
{
    for (size_t i = 0; i < rig_query_n_fields(); i++) {
        char text[RIG_QUERY_VALUE_SIZE];
        if (rig_query_value(i, call, text) != (text[0] != '\0'))
            abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < N_HEAD || size > MAX_TEXT || memchr(data + N_HEAD, '\0', size - N_HEAD) != NULL)
        return 0;
    char *text = malloc(size - N_HEAD + 1);
    if (text == NULL)
        return 0;
    memcpy(text, data + N_HEAD, size - N_HEAD);
    text[size - N_HEAD] = '\0';
    const rig_agent_ring ring = {.agent = data[7] & 1 ? text : "",
                                 .t_ring_ns = data[1] * RIG_NS_PER_S,
                                 .t_answer_ns = data[7] & 2 ? data[2] : RIG_NO_TIME,
                                 .t_end_ns = RIG_NO_TIME};
    const rig_call_parties parties = {.number = text,
                                      .called = "100",
                                      .carrier = data[7] & 4 ? "A" : NULL,
                                      .has_carriers = (data[7] & 8) != 0,
                                      .rings = &ring,
                                      .n_rings = data[7] >> 4 & 1};
    const rig_call call = {.call_id = text,
                           .planned_index = (int64_t)data[0] - 1,
                           .t_invite_ns = data[1] * RIG_NS_PER_S + data[2],
                           .t_queue_ns = data[2] * RIG_NS_PER_S,
                           .t_agent_answer_ns = data[4] & 2 ? RIG_NO_TIME : data[3],
                           .t_end_ns = data[4] & 4 ? RIG_NO_TIME : data[0] * RIG_NS_PER_S,
                           .final_code = data[3] * 3,
                           .answered = (data[4] & 1) != 0,
                           .bye = (rig_bye)(data[5] % 3),
                           .outcome = (rig_outcome)(data[6] % RIG_OUTCOME_NOT_PLACED)};
    const rig_finished_call finished = {.call = &call,
                                        .outcome_if_marks = call.outcome,
                                        .reason_if_marks = "",
                                        .q850_cause = data[6] % 140 - 2,
                                        .parties = data[7] & 32 ? &parties : NULL};
    const rig_query_call of = {.finished = &finished, .t_capture_ns = data[5]};
    check(text, &of);
    check_values(&of);
    free(text);
    return 0;
}
