/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>
#include <strings.h>

#include "analyzer/query/node.h"
#include "analyzer/query/value.h"

static bool text_is(const rig_query_node *node, const char *text)
{
    size_t n = strlen(text);
    if (node->is_prefix)
        return n >= node->text.n && memcmp(text, node->text.p, node->text.n) == 0;
    return n == node->text.n && memcmp(text, node->text.p, n) == 0;
}

static bool text_contains(const rig_query_node *node, const char *text)
{
    for (size_t n = strlen(text); n >= node->text.n; n--, text++) {
        if (strncasecmp(text, node->text.p, node->text.n) == 0)
            return true;
    }
    return false;
}

static bool is_none(const rig_query_value_of *v)
{
    return !v->is_there || (v->is_none_at_zero && v->number.whole == 0 && v->number.nanos == 0);
}

static bool number_fits(rig_query_operator op, int order)
{
    switch (op) {
    case RIG_QUERY_IS:
        return order == 0;
    case RIG_QUERY_IS_NOT:
        return order != 0;
    case RIG_QUERY_BELOW:
        return order < 0;
    case RIG_QUERY_AT_MOST:
        return order <= 0;
    case RIG_QUERY_ABOVE:
        return order > 0;
    case RIG_QUERY_AT_LEAST:
        return order >= 0;
    case RIG_QUERY_CONTAINS:
    case RIG_QUERY_N_OPERATORS:
        break;
    }
    return false;
}

static bool compare(const rig_query_node *node, const rig_query_call *call)
{
    rig_query_value_of v;
    rig_query_get(node->field, call, &v);
    if (node->is_none)
        return is_none(&v) == (node->op == RIG_QUERY_IS);
    if (!v.is_there)
        return node->op == RIG_QUERY_IS_NOT;
    rig_query_type type = rig_query_describe(node->field)->type;
    if (type == RIG_QUERY_NUMBER || type == RIG_QUERY_FLAG)
        return number_fits(node->op, rig_query_number_compare(v.number, node->number));
    if (node->op == RIG_QUERY_CONTAINS)
        return text_contains(node, v.text);
    return text_is(node, v.text) == (node->op == RIG_QUERY_IS);
}

/* The depth was bounded when the condition was read. */
static bool holds(const rig_query *query, uint16_t i, const rig_query_call *call)
{
    const rig_query_node *node = &query->nodes[i];
    switch (node->kind) {
    case RIG_NODE_NOT:
        return !holds(query, node->left, call);
    case RIG_NODE_AND:
        return holds(query, node->left, call) && holds(query, node->right, call);
    case RIG_NODE_OR:
        return holds(query, node->left, call) || holds(query, node->right, call);
    case RIG_NODE_COMPARE:
        break;
    }
    return compare(node, call);
}

bool rig_query_holds(const rig_query *query, const rig_query_call *call)
{
    return holds(query, (uint16_t)(query->n - 1), call);
}

rig_query_fit rig_query_fit_call(const rig_query *query, const rig_finished_call *finished,
                                 int64_t t_capture_ns)
{
    if (query == NULL)
        return (rig_query_fit){true, true};
    rig_query_call call = {.finished = finished, .t_capture_ns = t_capture_ns};
    rig_query_fit fit = {.as_told = rig_query_holds(query, &call)};
    call.if_marks = true;
    fit.if_marks = finished->is_open ? rig_query_holds(query, &call) : fit.as_told;
    return fit;
}

bool rig_query_needs_parties(const rig_query *query)
{
    return query->needs_parties;
}
