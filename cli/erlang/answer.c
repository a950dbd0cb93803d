#include "cli/erlang/answer.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "cli/console.h"

void rig_answer_argument(rig_answer *answer, bool is_given, const char *name, double value)
{
    if (is_given && answer->n_arguments < RIG_ANSWER_VALUES)
        answer->arguments[answer->n_arguments++] = (rig_answer_value){name, value, ""};
}

void rig_answer_result(rig_answer *answer, const char *name, double value, const char *meaning)
{
    if (answer->n_results < RIG_ANSWER_VALUES)
        answer->results[answer->n_results++] = (rig_answer_value){name, value, meaning};
}

/* Counts as integers; what no JSON number can say (endless patience) as null. */
static json_t *json_value(const rig_answer_value *v)
{
    if (strncmp(v->name, "n_", 2) == 0 && v->value == floor(v->value))
        return json_integer((json_int_t)v->value);
    return isfinite(v->value) ? json_real(v->value) : json_null();
}

json_t *rig_answer_json(const rig_answer_value *values, size_t n)
{
    json_t *object = json_object();
    for (size_t i = 0; i < n; i++) {
        if (json_object_set_new(object, values[i].name, json_value(&values[i])) != 0) {
            json_decref(object);
            return NULL;
        }
    }
    return object;
}

static rig_status print_json(const rig_answer *answer, rig_error *err)
{
    json_t *document =
        json_pack("{s:s, s:s, s:o, s:o}", "format", "peakrig erlang 1", "formula", answer->formula,
                  "arguments", rig_answer_json(answer->arguments, answer->n_arguments), "results",
                  rig_answer_json(answer->results, answer->n_results));
    rig_status status = RIG_OK;
    if (document == NULL ||
        (answer->rows != NULL && json_object_set(document, "rows", answer->rows) != 0))
        status = rig_fail(err, RIG_ENOMEM, "erlang: out of memory");
    if (status == RIG_OK) {
        (void)json_dumpf(document, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(15));
        (void)putchar('\n');
    }
    json_decref(document);
    return status;
}

int rig_answer_print(rig_answer *answer, rig_status status, rig_error *err)
{
    err->status = status;
    if (status == RIG_OK && answer->is_json) {
        status = print_json(answer, err);
    } else if (status == RIG_OK) {
        for (size_t i = 0; i < answer->n_results; i++)
            printf("%-22s %-14.9g %s\n", answer->results[i].name, answer->results[i].value,
                   answer->results[i].meaning);
    }
    json_decref(answer->rows);
    answer->rows = NULL;
    return status == RIG_OK ? 0 : rig_console_fail(err);
}
