/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "settings/setting/literals.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "core/atomic_file.h"

#define MAX_INCLUDE_DEPTH 10   /* libconfig's own */
#define MAX_INCLUDED      1000 /* files read in all: ten that name each other thrice are 88,572 */

/* A file that is being scanned, and those that include it. */
typedef struct source {
    const struct source *by; /* NULL: the first one */
    const char *name;
    const char *folder;
    bool is_file; /* `id` is known; not so for a text */
    struct stat id;
    int depth;
    int *n_included; /* of all, together */
} source;

/* Where a scan stands. */
typedef struct scan {
    const char *p;
    unsigned line;
} scan;

/* Skip a string or a comment that begins here. */
static bool skip_passive(scan *s)
{
    const char *p = s->p;
    const char *end;
    if (*p == '"') {
        for (end = p + 1; *end != '\0' && *end != '"'; end++)
            end += *end == '\\' && end[1] != '\0';
        end += *end == '"';
    } else if (*p == '#' || (*p == '/' && p[1] == '/')) {
        end = p + strcspn(p, "\n");
    } else if (*p == '/' && p[1] == '*') {
        end = strstr(p + 2, "*/");
        end = end != NULL ? end + 2 : p + strlen(p);
    } else {
        return false;
    }
    for (; s->p < end; s->p++)
        s->line += *s->p == '\n';
    return true;
}

static bool is_word(char c)
{
    return isalnum((unsigned char)c) != 0 || c == '_' || c == '*' || c == '-';
}

/* An integer literal without 'L' that does not fit into 32 bits. */
static bool is_cut(const char *word, size_t n)
{
    char text[64];
    if (n == 0 || n >= sizeof text)
        return n >= sizeof text && strspn(word, "0123456789") >= n;
    memcpy(text, word, n);
    text[n] = '\0';
    char *end = NULL;
    bool is_hex = text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
    errno = 0;
    long long value = strtoll(text, &end, is_hex ? 16 : 10);
    if (*end != '\0') /* a name, a float or a literal with 'L' */
        return false;
    long long most = is_hex ? (long long)UINT_MAX : INT_MAX;
    return errno == ERANGE || value > most || value < INT_MIN;
}

static rig_status check(const char *text, const source *from, rig_error *err);

/* libconfig reads on behind a NUL byte, this scan does not; a byte order mark it takes for a syntax
 * error without a name. */
static rig_status check_nul(const char *text, size_t n, const char *path, rig_error *err)
{
    if (n >= 2 && (memcmp(text, "\xFF\xFE", 2) == 0 || memcmp(text, "\xFE\xFF", 2) == 0))
        return rig_fail(err, RIG_EINPUT,
                        "%s:1: begins with the byte order mark (BOM) of UTF-16; expected UTF-8 "
                        "without one",
                        path);
    if (n >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0)
        return rig_fail(err, RIG_EINPUT,
                        "%s:1: begins with a byte order mark (BOM, EF BB BF); expected UTF-8 "
                        "without one: save it anew so",
                        path);
    return strlen(text) == n
               ? RIG_OK
               : rig_fail(err, RIG_EINPUT, "%s: holds a NUL byte; expected a text", path);
}

/* Is the file one of those that are being read? */
static bool is_open(const struct stat *id, const source *from)
{
    for (; from != NULL; from = from->by) {
        if (from->is_file && from->id.st_dev == id->st_dev && from->id.st_ino == id->st_ino)
            return true;
    }
    return false;
}

static rig_status check_included(const char *path, unsigned line, const source *from,
                                 rig_error *err)
{
    source made = {.by = from,
                   .name = path,
                   .folder = from->folder,
                   .depth = from->depth + 1,
                   .n_included = from->n_included};
    made.is_file = stat(path, &made.id) == 0;
    /* libconfig 1.5 ends the process where it cannot read on */
    if (made.is_file && S_ISDIR(made.id.st_mode))
        return rig_fail(err, RIG_EINPUT, "%s:%u: includes %s, a folder; expected a file",
                        from->name, line, path);
    if (made.is_file && is_open(&made.id, from))
        return rig_fail(err, RIG_EINPUT,
                        "%s:%u: includes %s, which is being read: it would include "
                        "itself without end",
                        from->name, line, path);
    if (++*from->n_included > MAX_INCLUDED)
        return rig_fail(err, RIG_EINPUT, "%s:%u: more than %d files are included", from->name, line,
                        MAX_INCLUDED);
    char *text = NULL;
    size_t n = 0;
    rig_status status = rig_file_read(path, &text, &n, err);
    if (status == RIG_OK)
        status = check_nul(text, n, path, err);
    else if (status == RIG_EIO) /* libconfig itself will say that it cannot be read */
        status = RIG_OK;
    if (status == RIG_OK && text != NULL)
        status = check(text, &made, err);
    free(text);
    return status;
}

/* @include "FILE" */
static rig_status check_include(const scan *s, const source *from, rig_error *err)
{
    const char *open = s->p + strlen("@include");
    open += strspn(open, " \t");
    const char *close = *open == '"' ? strchr(open + 1, '"') : NULL;
    if (from->folder == NULL || close == NULL || from->depth >= MAX_INCLUDE_DEPTH)
        return RIG_OK; /* libconfig itself will say what is wrong */
    char *path = NULL;
    bool is_absolute = open[1] == '/';
    if (asprintf(&path, "%s%s%.*s", is_absolute ? "" : from->folder, is_absolute ? "" : "/",
                 (int)(close - open - 1), open + 1) < 0)
        return rig_fail(err, RIG_ENOMEM, "out of memory");
    rig_status status = check_included(path, s->line, from, err);
    free(path);
    return status;
}

static rig_status check(const char *text, const source *from, rig_error *err)
{
    scan s = {text, 1};
    while (*s.p != '\0') {
        if (skip_passive(&s))
            continue;
        if (strncmp(s.p, "@include", 8) == 0) {
            rig_status status = check_include(&s, from, err);
            if (status != RIG_OK)
                return status;
        }
        const char *word = s.p;
        while (is_word(*s.p) || *s.p == '.')
            s.p++;
        size_t n = (size_t)(s.p - word);
        if (is_cut(word, n))
            return rig_fail(
                err, RIG_EINPUT,
                "%s:%u: %.*s: does not fit into 32 bits; expected an L behind it: %.*sL",
                from->name, s.line, (int)n, word, (int)n, word);
        if (n == 0) {
            s.line += *s.p == '\n';
            s.p++;
        }
    }
    return RIG_OK;
}

rig_status rig_literals_check_text(const char *text, const char *name, const char *folder,
                                   rig_error *err)
{
    int n_included = 0;
    const source first = {.name = name, .folder = folder, .n_included = &n_included};
    return check(text, &first, err);
}

rig_status rig_literals_check_file(const char *path, const char *folder, rig_error *err)
{
    char *text = NULL;
    size_t n = 0;
    rig_status status = rig_file_read(path, &text, &n, err);
    if (status == RIG_EIO) /* the user named it: his input */
        return rig_fail(err, RIG_EINPUT, "%s", err != NULL ? err->text : "");
    if (status == RIG_OK)
        status = check_nul(text, n, path, err);
    int n_included = 0;
    source first = {.name = path, .folder = folder, .n_included = &n_included};
    first.is_file = stat(path, &first.id) == 0;
    if (status == RIG_OK)
        status = check(text, &first, err);
    free(text);
    return status;
}
