/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/markdown/text.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "core/utf8.h"

/* What is markup wherever it stands; `$` is mathematics at GitHub and GitLab. */
static const char MARKUP[] = "\\`*_[]|~$";
/* What is, where a paragraph begins: headings, lists, quotes, rules. */
static const char AT_BEGIN[] = "#+->=";
/* Behind these a name or a number is a mention, a reference, an emoji or a link's begin. */
static const char SIGNS[] = "@#!~%$&:";

/* U+061C, U+200B..U+200F, U+2028..U+202E, U+2060..U+2069, U+FEFF: they turn or hide what is near.
 */
static bool is_unseen(const char *p, size_t n)
{
    if (n == 2)
        return memcmp(p, "\xd8\x9c", 2) == 0 ||
               ((unsigned char)p[0] == 0xc2 && (unsigned char)p[1] < 0xa0);
    if (n != 3)
        return false;
    const unsigned char last = (unsigned char)p[2];
    if (memcmp(p, "\xe2\x80", 2) == 0)
        return (last >= 0x8b && last <= 0x8f) || (last >= 0xa8 && last <= 0xae);
    if (memcmp(p, "\xe2\x81", 2) == 0)
        return last >= 0xa0 && last <= 0xa9;
    return memcmp(p, "\xef\xbb\xbf", 3) == 0;
}

/* One character that is no plain ASCII letter: its own bytes, or what stands for it. */
static void put_character(FILE *out, const char *p, size_t n)
{
    if (n == 0 || is_unseen(p, n) || (n == 1 && ((unsigned char)*p < 0x20 || *p == 0x7f)))
        (void)fputs(*p == '\n' || *p == '\r' || *p == '\t' ? " " : RIG_UTF8_REPLACEMENT, out);
    else
        (void)fwrite(p, 1, n, out);
}

/* A link can begin without a sign: www.x, WWW.x. */
static bool is_bare_link(const char *text, const char *p)
{
    return *p == '.' && p - text >= 3 && strncasecmp(p - 3, "www", 3) == 0;
}

/* "1. " and "1) " begin a list. */
static bool ends_a_number(const char *text, const char *p)
{
    return (*p == '.' || *p == ')') && (p[1] == '\0' || isspace((unsigned char)p[1]) != 0) &&
           p > text && (size_t)(p - text) == strspn(text, "0123456789");
}

static bool is_word(char c)
{
    return isalnum((unsigned char)c) != 0 || c == '_' || c == '/' || c == '"' ||
           (unsigned char)c >= 0x80;
}

void rig_markdown_text(FILE *out, const char *text)
{
    static const char BREAK[] = "<!-- -->";
    for (const char *p = text; *p != '\0';) {
        size_t n = rig_utf8_length(p);
        if (is_bare_link(text, p))
            (void)fputs(BREAK, out);
        if (*p == '&')
            (void)fputs("&amp;", out);
        else if (*p == '<')
            (void)fputs("&lt;", out);
        else if (n == 1 && (strchr(MARKUP, *p) != NULL ||
                            (p == text && strchr(AT_BEGIN, *p) != NULL) || ends_a_number(text, p)))
            (void)fprintf(out, "\\%c", *p);
        else
            put_character(out, p, n);
        n = n > 0 ? n : 1;
        if (n == 1 && strchr(SIGNS, *p) != NULL && is_word(p[1]))
            (void)fputs(BREAK, out);
        p += n;
    }
}

/* The longest row of backticks. */
static size_t most_ticks(const char *text)
{
    size_t most = 0;
    for (const char *p = text; *p != '\0'; p++) {
        size_t n = strspn(p, "`");
        most = n > most ? n : most;
        p += n > 0 ? n - 1 : 0;
    }
    return most;
}

void rig_markdown_code(FILE *out, rig_markdown_place place, const char *text)
{
    const size_t n_ticks = most_ticks(text) + 1, n_text = strlen(text);
    if (text[strspn(text, " \t\r\n")] == '\0') {
        (void)fputs("n/a", out);
        return;
    }
    const bool is_padded = text[0] == '`' || text[n_text - 1] == '`' || text[0] == ' ';
    for (size_t i = 0; i < n_ticks; i++)
        (void)fputc('`', out);
    (void)fputs(is_padded ? " " : "", out);
    for (const char *p = text; *p != '\0';) {
        const size_t n = rig_utf8_length(p);
        if (*p == '|' && place == RIG_MARKDOWN_CELL)
            (void)fputs("\\|", out);
        else
            put_character(out, p, n);
        p += n > 0 ? n : 1;
    }
    (void)fputs(is_padded ? " " : "", out);
    for (size_t i = 0; i < n_ticks; i++)
        (void)fputc('`', out);
}
