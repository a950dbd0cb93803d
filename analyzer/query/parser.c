/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/query/lexer.h"
#include "analyzer/query/node.h"
#include "analyzer/query/value.h"

/* Most parts of a word of an error that are shown. */
enum { MAX_SHOWN = 60, NO_NODE = UINT16_MAX };

typedef struct parser {
    rig_query *query;
    rig_query_lexer lexer;
    rig_query_token next; /* not taken yet */
    const char *option;
    rig_status status;
    rig_error *err;
} parser;

static uint16_t parse_or(parser *p, int depth);

/* ---- errors ---- */

/* The first error stays: NO_NODE is returned from everywhere then. */
static uint16_t fail(parser *p, size_t column, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static uint16_t fail(parser *p, size_t column, const char *format, ...)
{
    char text[900];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (p->status == RIG_OK)
        p->status = rig_fail(p->err, RIG_EINPUT, "%s: column %zu: %s", p->option, column, text);
    return NO_NODE;
}

/* A word as it stands in a message. */
typedef struct shown {
    char text[MAX_SHOWN + 8];
} shown;

static shown show(rig_query_token token)
{
    shown s;
    if (token.kind == RIG_TOKEN_END) {
        (void)snprintf(s.text, sizeof s.text, "the end");
        return s;
    }
    size_t n = token.text.n < MAX_SHOWN ? token.text.n : MAX_SHOWN;
    (void)snprintf(s.text, sizeof s.text, "\"%.*s\"%s", (int)n, token.text.p,
                   n < token.text.n ? ".." : "");
    for (char *c = s.text; *c != '\0'; c++) {
        if ((unsigned char)*c < ' ' || *c == 0x7f)
            *c = '?';
    }
    return s;
}

static uint16_t fail_field(parser *p, rig_query_token token)
{
    char known[700] = "";
    for (size_t i = 0, n = 0; i < rig_query_n_fields() && n < sizeof known; i++)
        n += (size_t)snprintf(known + n, sizeof known - n, "%s%s", i > 0 ? ", " : "",
                              rig_query_describe(i)->name);
    return fail(p, token.column, "%s is no field; expected one of %s", show(token).text, known);
}

/* ---- nodes ---- */

static void advance(parser *p)
{
    p->next = rig_query_next(&p->lexer);
}

static bool is_keyword(rig_query_token token, const char *word)
{
    return token.kind == RIG_TOKEN_WORD && rig_slice_is_nocase(token.text, word);
}

static uint16_t add(parser *p, rig_query_node node)
{
    if (p->query->n == RIG_QUERY_MAX_NODES)
        return fail(p, p->next.column, "too long; expected at most %d comparisons and joins",
                    RIG_QUERY_MAX_NODES);
    p->query->nodes[p->query->n] = node;
    return p->query->n++;
}

/* ---- comparisons ---- */

static bool read_operator(rig_query_token token, rig_query_operator *op)
{
    static const char *const operators[RIG_QUERY_N_OPERATORS] = {
        "=", "!=", "<", "<=", ">", ">=", "~"};
    for (int i = 0; token.kind == RIG_TOKEN_OPERATOR && i < RIG_QUERY_N_OPERATORS; i++) {
        if (rig_slice_is(token.text, operators[i])) {
            *op = (rig_query_operator)i;
            return true;
        }
    }
    return false;
}

/* What stands between quotes, without the "\" before quotes and "\". It has room: values are not
 * longer than they were written. */
static rig_slice keep_value(rig_query *query, rig_query_token token)
{
    char *begin = query->values + query->n_values;
    size_t n = 0;
    for (size_t i = 0; i < token.text.n; i++) {
        if (token.kind == RIG_TOKEN_QUOTED && token.text.p[i] == '\\' && i + 1 < token.text.n)
            i++;
        begin[n++] = token.text.p[i];
    }
    query->n_values += n;
    return (rig_slice){begin, n};
}

static bool is_flag(rig_slice text, int64_t *value)
{
    static const char *const words[] = {"no", "yes", "false", "true", "0", "1"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (rig_slice_is_nocase(text, words[i])) {
            *value = (int64_t)(i & 1);
            return true;
        }
    }
    return false;
}

/* A word of a list; without "=" and "!=" any part of one. */
static bool read_word(parser *p, rig_query_node *node, rig_query_token token)
{
    char known[300] = "";
    size_t n = 0;
    const char *const *words = rig_query_words(node->field);
    for (size_t i = 0; words[i] != NULL; i++) {
        if (node->op == RIG_QUERY_CONTAINS || rig_slice_is(node->text, words[i]))
            return true;
        if (n < sizeof known)
            n += (size_t)snprintf(known + n, sizeof known - n, "%s%s", i > 0 ? ", " : "", words[i]);
    }
    (void)fail(p, token.column, "%s: %s; expected one of %s, or ~ and a part of one",
               rig_query_describe(node->field)->name, show(token).text, known);
    return false;
}

static bool has_word(size_t field, rig_slice text)
{
    if (rig_query_describe(field)->type != RIG_QUERY_WORD)
        return false;
    for (const char *const *words = rig_query_words(field); *words != NULL; words++) {
        if (rig_slice_is(text, *words))
            return true;
    }
    return false;
}

static bool read_typed(parser *p, rig_query_node *node, rig_query_token token)
{
    const char *name = rig_query_describe(node->field)->name;
    int64_t flag = 0;
    switch (rig_query_describe(node->field)->type) {
    case RIG_QUERY_TEXT:
        if (node->op != RIG_QUERY_CONTAINS && token.kind == RIG_TOKEN_WORD &&
            node->text.p[node->text.n - 1] == '*') {
            node->is_prefix = true;
            node->text.n--;
        }
        return true;
    case RIG_QUERY_WORD:
        return read_word(p, node, token);
    case RIG_QUERY_NUMBER:
        if (rig_query_number_read(node->text, &node->number))
            return true;
        (void)fail(p, token.column, "%s: %s; expected a number with at most nine decimals", name,
                   show(token).text);
        return false;
    case RIG_QUERY_FLAG:
        if (is_flag(node->text, &flag)) {
            node->number = (rig_query_number){.whole = flag};
            return true;
        }
        (void)fail(p, token.column, "%s: %s; expected yes or no", name, show(token).text);
        return false;
    }
    return false;
}

/* Whether the field's kind has this operator. */
static bool operator_fits(rig_query_type type, rig_query_operator op)
{
    if (op == RIG_QUERY_IS || op == RIG_QUERY_IS_NOT)
        return true;
    bool is_text = type == RIG_QUERY_TEXT || type == RIG_QUERY_WORD;
    return op == RIG_QUERY_CONTAINS ? is_text : type == RIG_QUERY_NUMBER;
}

static uint16_t parse_comparison(parser *p)
{
    static const char *const expected[] = {"=, != or ~", "=, !=, <, <=, > or >=", "=, != or ~",
                                           "= or !="};
    rig_query_node node = {.kind = RIG_NODE_COMPARE};
    const rig_query_token name = p->next;
    if (name.kind != RIG_TOKEN_WORD)
        return fail(p, name.column, "%s; expected a field, \"not\" or \"(\"", show(name).text);
    if (!rig_query_find_field(name.text, &node.field))
        return fail_field(p, name);
    const rig_query_field_info *info = rig_query_describe(node.field);
    advance(p);
    const rig_query_token op = p->next;
    if (!read_operator(op, &node.op) || !operator_fits(info->type, node.op))
        return fail(p, op.column, "%s after %s; expected %s", show(op).text, info->name,
                    expected[info->type]);
    advance(p);
    const rig_query_token value = p->next;
    if (value.kind == RIG_TOKEN_UNENDED)
        return fail(p, value.column, "the quote is never closed; expected another %c",
                    value.text.p[0]);
    if ((value.kind != RIG_TOKEN_WORD && value.kind != RIG_TOKEN_QUOTED) || value.text.n == 0)
        return fail(p, value.column, "%s; expected a value for %s", show(value).text, info->name);
    node.text = keep_value(p->query, value);
    node.is_none = is_keyword(value, "none") && !has_word(node.field, node.text);
    if (node.is_none && node.op != RIG_QUERY_IS && node.op != RIG_QUERY_IS_NOT)
        return fail(p, op.column, "%s before none; expected = or !=", show(op).text);
    if (!node.is_none && !read_typed(p, &node, value))
        return NO_NODE;
    p->query->needs_parties |= info->needs_parties;
    advance(p);
    return add(p, node);
}

/* ---- joins ---- */

static uint16_t parse_factor(parser *p, int depth)
{
    if (depth > RIG_QUERY_MAX_DEPTH)
        return fail(p, p->next.column,
                    "too deep; expected at most %d \"(\" and \"not\" within "
                    "each other",
                    RIG_QUERY_MAX_DEPTH);
    if (is_keyword(p->next, "not")) {
        advance(p);
        uint16_t part = parse_factor(p, depth + 1);
        return part == NO_NODE ? NO_NODE
                               : add(p, (rig_query_node){.kind = RIG_NODE_NOT, .left = part});
    }
    if (p->next.kind != RIG_TOKEN_OPEN)
        return parse_comparison(p);
    const size_t column = p->next.column;
    advance(p);
    uint16_t part = parse_or(p, depth + 1);
    if (part == NO_NODE)
        return NO_NODE;
    if (p->next.kind != RIG_TOKEN_CLOSE)
        return fail(p, p->next.column,
                    "%s; expected \"and\", \"or\" or the \")\" of the \"(\" in "
                    "column %zu",
                    show(p->next).text, column);
    advance(p);
    return part;
}

static uint16_t parse_and(parser *p, int depth)
{
    uint16_t left = parse_factor(p, depth);
    while (left != NO_NODE && is_keyword(p->next, "and")) {
        advance(p);
        uint16_t right = parse_factor(p, depth);
        left = right == NO_NODE
                   ? NO_NODE
                   : add(p, (rig_query_node){.kind = RIG_NODE_AND, .left = left, .right = right});
    }
    return left;
}

static uint16_t parse_or(parser *p, int depth)
{
    uint16_t left = parse_and(p, depth);
    while (left != NO_NODE && is_keyword(p->next, "or")) {
        advance(p);
        uint16_t right = parse_and(p, depth);
        left = right == NO_NODE
                   ? NO_NODE
                   : add(p, (rig_query_node){.kind = RIG_NODE_OR, .left = left, .right = right});
    }
    return left;
}

rig_status rig_query_read(const char *text, const char *option, rig_query **query, rig_error *err)
{
    const size_t n = strlen(text);
    if (n > RIG_QUERY_MAX_TEXT)
        return rig_fail(err, RIG_EINPUT, "%s: %zu bytes; expected at most %d", option, n,
                        RIG_QUERY_MAX_TEXT);
    rig_query *made = calloc(1, sizeof *made);
    if (made == NULL)
        return rig_fail(err, RIG_ENOMEM, "out of memory");
    memcpy(made->text, text, n + 1);
    parser p = {.query = made,
                .lexer = {.text = {text, n}},
                .option = option,
                .status = RIG_OK,
                .err = err};
    advance(&p);
    if (parse_or(&p, 0) != NO_NODE && p.next.kind != RIG_TOKEN_END)
        (void)fail(&p, p.next.column, "%s; expected \"and\", \"or\" or the end", show(p.next).text);
    if (p.status != RIG_OK) {
        free(made);
        return p.status;
    }
    *query = made;
    return RIG_OK;
}

const char *rig_query_text(const rig_query *query)
{
    return query->text;
}

void rig_query_free(rig_query *query)
{
    free(query);
}
