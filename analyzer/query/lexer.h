/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The words of a condition, one after the other. Internal to analyzer/query. */
#ifndef RIG_ANALYZER_QUERY_LEXER_H
#define RIG_ANALYZER_QUERY_LEXER_H

#include <stddef.h>

#include "core/slice.h"

/** What a word is. */
typedef enum rig_query_token_kind {
    RIG_TOKEN_END = 0,
    RIG_TOKEN_WORD,   /**< a name, a value or a keyword */
    RIG_TOKEN_QUOTED, /**< its slice is what stands between the quotes, as it was written */
    RIG_TOKEN_OPEN,   /**< ( */
    RIG_TOKEN_CLOSE,  /**< ) */
    RIG_TOKEN_OPERATOR,
    RIG_TOKEN_UNENDED, /**< a quote that is never closed */
    RIG_TOKEN_BAD      /**< a character that stands for nothing */
} rig_query_token_kind;

/** A word. */
typedef struct rig_query_token {
    rig_query_token_kind kind;
    rig_slice text; /**< part of the condition; of RIG_TOKEN_END: empty */
    size_t column;  /**< of its first byte, from 1 */
} rig_query_token;

/** Where reading has come to. Begin with {text, 0}. */
typedef struct rig_query_lexer {
    rig_slice text;
    size_t at;
} rig_query_lexer;

/** The next word. After the end: RIG_TOKEN_END again. */
rig_query_token rig_query_next(rig_query_lexer *lexer);

#endif
