/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analyzer/query/lexer.h"

#include <string.h>

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* What may stand in a word: all that is printed and has no other meaning; of UTF-8, every byte. */
static bool is_word(char c)
{
    return (unsigned char)c > ' ' && c != 0x7f && strchr("()=!<>~,\"'", c) == NULL;
}

static rig_query_token token(rig_query_lexer *lexer, rig_query_token_kind kind, size_t n)
{
    const rig_query_token made = {
        .kind = kind, .text = {lexer->text.p + lexer->at, n}, .column = lexer->at + 1};
    lexer->at += n;
    return made;
}

static rig_query_token quoted(rig_query_lexer *lexer, char quote)
{
    const size_t begin = lexer->at + 1;
    for (size_t i = begin; i < lexer->text.n; i++) {
        char c = lexer->text.p[i];
        if (c == '\\') {
            i++;
        } else if (c == quote) {
            const rig_query_token made = {.kind = RIG_TOKEN_QUOTED,
                                          .text = {lexer->text.p + begin, i - begin},
                                          .column = begin};
            lexer->at = i + 1;
            return made;
        }
    }
    return token(lexer, RIG_TOKEN_UNENDED, lexer->text.n - lexer->at);
}

static rig_query_token operator_at(rig_query_lexer *lexer, char c)
{
    bool has_equals = lexer->at + 1 < lexer->text.n && lexer->text.p[lexer->at + 1] == '=';
    if (c == '!')
        return token(lexer, has_equals ? RIG_TOKEN_OPERATOR : RIG_TOKEN_BAD, has_equals ? 2 : 1);
    bool is_long = has_equals && (c == '<' || c == '>');
    return token(lexer, RIG_TOKEN_OPERATOR, is_long ? 2 : 1);
}

rig_query_token rig_query_next(rig_query_lexer *lexer)
{
    const rig_slice text = lexer->text;
    while (lexer->at < text.n && is_blank(text.p[lexer->at]))
        lexer->at++;
    if (lexer->at >= text.n)
        return token(lexer, RIG_TOKEN_END, 0);
    char c = text.p[lexer->at];
    if (c == '(')
        return token(lexer, RIG_TOKEN_OPEN, 1);
    if (c == ')')
        return token(lexer, RIG_TOKEN_CLOSE, 1);
    if (c == '"' || c == '\'')
        return quoted(lexer, c);
    if (c != '\0' && strchr("=!<>~", c) != NULL)
        return operator_at(lexer, c);
    size_t n = 0;
    while (lexer->at + n < text.n && is_word(text.p[lexer->at + n]))
        n++;
    return n > 0 ? token(lexer, RIG_TOKEN_WORD, n) : token(lexer, RIG_TOKEN_BAD, 1);
}
