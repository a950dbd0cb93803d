/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A condition as a tree in one array. Internal to analyzer/query. */
#ifndef RIG_ANALYZER_QUERY_NODE_H
#define RIG_ANALYZER_QUERY_NODE_H

#include <stdbool.h>
#include <stdint.h>

#include "analyzer/query.h"
#include "analyzer/query/number.h"

typedef enum rig_query_operator {
    RIG_QUERY_IS = 0,
    RIG_QUERY_IS_NOT,
    RIG_QUERY_BELOW,
    RIG_QUERY_AT_MOST,
    RIG_QUERY_ABOVE,
    RIG_QUERY_AT_LEAST,
    RIG_QUERY_CONTAINS,
    RIG_QUERY_N_OPERATORS
} rig_query_operator;

typedef enum rig_query_node_kind {
    RIG_NODE_COMPARE = 0,
    RIG_NODE_NOT, /**< of `left` */
    RIG_NODE_AND, /**< of `left` and `right` */
    RIG_NODE_OR
} rig_query_node_kind;

/** A node. Its parts stand before it in the array. */
typedef struct rig_query_node {
    rig_query_node_kind kind;
    uint16_t left, right;
    /* of RIG_NODE_COMPARE: */
    size_t field;
    rig_query_operator op;
    bool is_none;   /**< the value is "none" */
    bool is_prefix; /**< of a text: any that begins so */
    rig_slice text; /**< the value without quotes; part of rig_query.values */
    rig_query_number number;
} rig_query_node;

struct rig_query {
    rig_query_node nodes[RIG_QUERY_MAX_NODES];
    uint16_t n; /**< the last one is the whole; >= 1 */
    bool needs_parties;
    char text[RIG_QUERY_MAX_TEXT + 1];
    char values[RIG_QUERY_MAX_TEXT]; /**< where the nodes' texts are; together they are never longer
                                          than the condition */
    size_t n_values;
};

#endif
