/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "recipes/draft/draft.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

/* Columns of a comment. */
#define COMMENT_WIDTH 100

static bool keep(rig_recipe *r, char *text)
{
    if (text != NULL && r->n_texts == r->room_texts) {
        size_t room = r->room_texts > 0 ? 2 * r->room_texts : 64;
        char **texts = realloc(r->texts, room * sizeof *texts);
        if (texts == NULL) {
            free(text);
            text = NULL;
        } else {
            r->texts = texts;
            r->room_texts = room;
        }
    }
    if (text == NULL) {
        r->is_out_of_memory = true;
        return false;
    }
    r->texts[r->n_texts++] = text;
    return true;
}

static const char *vformat(rig_recipe *r, const char *format, va_list arguments)
    __attribute__((format(printf, 2, 0)));
static const char *vformat(rig_recipe *r, const char *format, va_list arguments)
{
    char *text = NULL;
    if (vasprintf(&text, format, arguments) < 0)
        text = NULL;
    return keep(r, text) ? text : "";
}

const char *rig_recipe_format(rig_recipe *r, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    const char *text = vformat(r, format, arguments);
    va_end(arguments);
    return text;
}

void rig_recipe_begin(rig_recipe *r, const char *name, const char *comment, const char *closes)
{
    if (r->n_pages == RIG_RECIPE_MAX_PAGES) {
        r->is_out_of_memory = true;
        return;
    }
    rig_recipe_page *page = &r->pages[r->n_pages++];
    *page = (rig_recipe_page){.name = name, .comment = comment, .closes = closes};
    page->stream = open_memstream(&page->text, &page->size);
    if (page->stream == NULL)
        r->is_out_of_memory = true;
}

void rig_recipe_begin_start(rig_recipe *r, const char *comment)
{
    rig_recipe_begin(r, "start.sh", "# ", "");
    r->pages[r->n_pages - 1].is_program = true;
    rig_recipe_line(r, NULL, "#!/bin/sh");
    rig_recipe_comment(r, "%s", comment);
    rig_recipe_line(r, NULL, "set -eu");
    rig_recipe_line(r, NULL, "here=$(cd \"$(dirname \"$0\")\" && pwd)");
    rig_recipe_line(r, NULL, "mkdir -p \"$here/run\"");
}

static void put_line(rig_recipe *r, const char *before, const char *text, const char *behind)
{
    rig_recipe_page *page = &r->pages[r->n_pages - 1];
    if (page->stream == NULL || fprintf(page->stream, "%s%s%s\n", before, text, behind) < 0)
        r->is_out_of_memory = true;
    for (const char *c = text; *c != '\0'; c++)
        page->n_lines += *c == '\n';
    page->n_lines++;
}

static void note_origin(rig_recipe *r, const char *key, const char *text)
{
    const rig_recipe_page *page = &r->pages[r->n_pages - 1];
    if (r->n_origins == r->room_origins) {
        size_t room = r->room_origins > 0 ? 2 * r->room_origins : 64;
        rig_recipe_origin *more = realloc(r->origins, room * sizeof *more);
        if (more == NULL) {
            r->is_out_of_memory = true;
            return;
        }
        r->origins = more;
        r->room_origins = room;
    }
    r->origins[r->n_origins++] =
        (rig_recipe_origin){.key = key, .page = page->name, .line = page->n_lines, .text = text};
}

void rig_recipe_line(rig_recipe *r, const char *key, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    const char *text = vformat(r, format, arguments);
    va_end(arguments);
    put_line(r, "", text, "");
    if (key != NULL)
        note_origin(r, key, text);
}

void rig_recipe_also(rig_recipe *r, const char *key)
{
    if (r->n_origins > 0)
        note_origin(r, key, r->origins[r->n_origins - 1].text);
}

/* A comment, broken at blanks. */
static void put_comment(rig_recipe *r, const char *text)
{
    const rig_recipe_page *page = &r->pages[r->n_pages - 1];
    const char *safe = rig_recipe_escape(r, RIG_RECIPE_COMMENT, text);
    while (*safe != '\0') {
        size_t n = strlen(safe);
        if (n > COMMENT_WIDTH) {
            n = COMMENT_WIDTH;
            while (n > 0 && safe[n] != ' ')
                n--;
            if (n == 0)
                n = strcspn(safe, " ");
        }
        put_line(r, page->comment, rig_recipe_format(r, "%.*s", (int)n, safe), page->closes);
        safe += n;
        safe += strspn(safe, " ");
    }
}

void rig_recipe_comment(rig_recipe *r, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    put_comment(r, vformat(r, format, arguments));
    va_end(arguments);
}

static void add_remark(rig_recipe *r, rig_recipe_remark remark)
{
    for (size_t i = 0; i < r->n_remarks; i++) {
        const rig_recipe_remark *old = &r->remarks[i];
        if (old->kind == remark.kind && old->value == NULL && remark.value == NULL &&
            strcmp(old->key, remark.key) == 0 && strcmp(old->text, remark.text) == 0)
            return; /* said already */
    }
    if (r->n_remarks == r->room_remarks) {
        size_t room = r->room_remarks > 0 ? 2 * r->room_remarks : 16;
        rig_recipe_remark *more = realloc(r->remarks, room * sizeof *more);
        if (more == NULL) {
            r->is_out_of_memory = true;
            return;
        }
        r->remarks = more;
        r->room_remarks = room;
    }
    r->remarks[r->n_remarks++] = remark;
}

void rig_recipe_differs(rig_recipe *r, const char *key, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    const char *text = vformat(r, format, arguments);
    va_end(arguments);
    put_comment(r, rig_recipe_format(r, "differs from the model: %s", text));
    add_remark(r, (rig_recipe_remark){.kind = RIG_RECIPE_DIFFERS, .key = key, .text = text});
}

void rig_recipe_cannot(rig_recipe *r, const char *key, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    const char *text = vformat(r, format, arguments);
    va_end(arguments);
    add_remark(r, (rig_recipe_remark){.kind = RIG_RECIPE_CANNOT, .key = key, .text = text});
}

void rig_recipe_behind(rig_recipe *r, const char *key, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    const char *text = vformat(r, format, arguments);
    va_end(arguments);
    add_remark(r, (rig_recipe_remark){.kind = RIG_RECIPE_BEHIND, .key = key, .text = text});
}

void rig_recipe_instead(rig_recipe *r, const char *key, const char *value, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    const char *text = vformat(r, format, arguments);
    va_end(arguments);
    add_remark(r, (rig_recipe_remark){
                      .kind = RIG_RECIPE_INSTEAD, .key = key, .value = value, .text = text});
}
