/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A field's value of a call, without any copy. Internal to analyzer/query. */
#ifndef RIG_ANALYZER_QUERY_VALUE_H
#define RIG_ANALYZER_QUERY_VALUE_H

#include "analyzer/query.h"
#include "analyzer/query/number.h"

/** A value. */
typedef struct rig_query_value_of {
    bool is_there;
    bool is_none_at_zero; /**< 0 stands for "none", as in calls.csv */
    const char *text;     /**< of texts and words */
    rig_query_number number;
    char room[RIG_QUERY_VALUE_SIZE]; /**< where a text stands that is nowhere else */
} rig_query_value_of;

/** The value of a field. @param[out] value  Always written. */
void rig_query_get(size_t field, const rig_query_call *call, rig_query_value_of *value);

/** The words of a field of RIG_QUERY_WORD: static, ends with NULL. */
const char *const *rig_query_words(size_t field);

#endif
