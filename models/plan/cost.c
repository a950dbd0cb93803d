/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "models/plan.h"

double rig_plan_cost(const rig_plan_question *question, const size_t *index)
{
    double cost = 0.0;
    for (size_t a = 0; a < question->n_axes; a++) {
        const rig_plan_axis *axis = &question->axes[a];
        if (question->has_costs)
            cost += question->costs[a] * axis->values[index[a]].number;
        else if (axis->n > 1)
            cost += (double)index[a] / (double)(axis->n - 1);
    }
    return cost;
}

static rig_status read_cost(const char *text, const char *item, size_t n_item,
                            const rig_plan_question *q, double *costs, bool *is_given,
                            rig_error *err)
{
    char copy[160], *end = NULL;
    const char *equals = memchr(item, '=', n_item);
    if (equals == NULL || n_item >= sizeof copy)
        return rig_fail(err, RIG_EINPUT, "--cost %.200s: expected KEY=NUMBER,KEY=NUMBER,...", text);
    memcpy(copy, item, n_item);
    copy[n_item] = '\0';
    copy[equals - item] = '\0';
    const char *value = copy + (equals - item) + 1;
    double cost = strtod(value, &end);
    if (end == value || *end != '\0' || !isfinite(cost) || cost < 0.0)
        return rig_fail(err, RIG_EINPUT, "--cost %.200s: \"%s\"; expected a number >= 0", text,
                        value);
    for (size_t a = 0; a < q->n_axes; a++) {
        if (strcmp(q->axes[a].key, copy) != 0)
            continue;
        if (is_given[a])
            return rig_fail(err, RIG_EINPUT, "--cost %.200s: %s is given twice", text, copy);
        costs[a] = cost;
        is_given[a] = true;
        return RIG_OK;
    }
    return rig_fail(err, RIG_EINPUT,
                    "--cost %.200s: \"%s\" is not varied; expected a key of --vary", text, copy);
}

rig_status rig_plan_costs_parse(const char *text, rig_plan_question *question, rig_error *err)
{
    double costs[RIG_PLAN_MAX_AXES] = {0.0};
    bool is_given[RIG_PLAN_MAX_AXES] = {false};
    for (const char *c = text;; c++) {
        size_t length = strcspn(c, ",");
        rig_status status = read_cost(text, c, length, question, costs, is_given, err);
        if (status != RIG_OK)
            return status;
        c += length;
        if (*c == '\0')
            break;
    }
    for (size_t a = 0; a < question->n_axes; a++) {
        if (!is_given[a])
            return rig_fail(err, RIG_EINPUT, "--cost %.200s: no cost of %s", text,
                            question->axes[a].key);
    }
    memcpy(question->costs, costs, sizeof costs);
    question->has_costs = true;
    return RIG_OK;
}
