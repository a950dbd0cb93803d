/* What the calculator answers: named values, as lines for people or as one JSON document. */
#ifndef RIG_CLI_ERLANG_ANSWER_H
#define RIG_CLI_ERLANG_ANSWER_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/status.h"

/** Most arguments, and most results, of one answer. */
#define RIG_ANSWER_VALUES 24

/** One named value; names carry the unit (`_s`, `_erl`), `p_` a probability, `n_` a count. */
typedef struct rig_answer_value {
    const char *name;
    double value;
    const char *meaning; /**< of a result: a few words */
} rig_answer_value;

/** An answer in the making. */
typedef struct rig_answer {
    const char *formula; /**< "c" */
    bool is_json;
    rig_answer_value arguments[RIG_ANSWER_VALUES], results[RIG_ANSWER_VALUES];
    size_t n_arguments, n_results;
    json_t *rows; /**< or NULL: a list of further results, owned */
} rig_answer;

/** Note an argument; it is echoed in the document. Not noted when `is_given` is false. */
void rig_answer_argument(rig_answer *answer, bool is_given, const char *name, double value);

/** Note a result. Names and meanings are borrowed. */
void rig_answer_result(rig_answer *answer, const char *name, double value, const char *meaning);

/** Values as one JSON object, in their order; the caller owns it. NULL when out of memory. */
json_t *rig_answer_json(const rig_answer_value *values, size_t n);

/**
 * Print it, and free what it owns.
 * @param status, err  Of the formula: when it is not RIG_OK, the message is printed instead.
 * @return the exit code.
 */
int rig_answer_print(rig_answer *answer, rig_status status, rig_error *err);

#endif
