/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/json_file.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/atomic_file.h"

rig_status rig_json_read(const char *path, json_t **document, rig_error *err)
{
    char *data;
    size_t size;
    rig_status status = rig_file_read(path, &data, &size, err);
    if (status != RIG_OK)
        return status;
    json_error_t problem;
    /* RFC 8259, section 8.1: a byte order mark may be passed over */
    const size_t n_mark = size >= 3 && memcmp(data, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    json_t *made = json_loadb(data + n_mark, size - n_mark,
                              JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &problem);
    free(data);
    if (made == NULL) {
        /* jansson has no words, and not always a code, for that */
        if (json_error_code(&problem) == json_error_out_of_memory || problem.text[0] == '\0')
            return rig_fail(err, RIG_ENOMEM, "%s: out of memory", path);
        return rig_fail(err, RIG_EINPUT, "%s:%d:%d: %s; expected a JSON document", path,
                        problem.line, problem.column, problem.text);
    }
    *document = made;
    return RIG_OK;
}

/* A text that grows. */
typedef struct page {
    char *text;
    size_t n, room;
    bool has_failed; /* jansson does not look at each result */
} page;

static int append(const char *more, size_t n, void *ctx)
{
    page *p = ctx;
    if (!p->has_failed && n > p->room - p->n) {
        const size_t room = 2 * p->room + n + 4096;
        char *grown = realloc(p->text, room);
        p->has_failed = grown == NULL;
        if (grown != NULL) {
            p->text = grown;
            p->room = room;
        }
    }
    if (p->has_failed)
        return -1;
    memcpy(p->text + p->n, more, n);
    p->n += n;
    return 0;
}

/* In memory first: half a document tells nobody that there was no memory for the rest. */
static rig_status text_of(const json_t *document, unsigned n_digits, const char *where, char **text,
                          rig_error *err)
{
    if (!json_is_object(document) && !json_is_array(document))
        return rig_fail(err, RIG_EDOM, "%s: only an object or a list can be written", where);
    page p = {.text = NULL};
    int dumped =
        json_dump_callback(document, append, &p, JSON_INDENT(2) | JSON_REAL_PRECISION(n_digits));
    if (dumped != 0 || p.has_failed || append("\n", 2, &p) != 0) {
        free(p.text);
        return rig_fail(err, RIG_ENOMEM, "%s: out of memory", where);
    }
    *text = p.text;
    return RIG_OK;
}

rig_status rig_json_write(const json_t *document, const char *path, rig_error *err)
{
    char *text = NULL;
    rig_atomic_file *file = NULL;
    rig_status status = text_of(document, RIG_JSON_DIGITS, path, &text, err);
    if (status == RIG_OK)
        status = rig_atomic_file_new(path, &file, err);
    if (status == RIG_OK) {
        (void)fputs(text, rig_atomic_file_stream(file)); /* an error is kept until the commit */
        status = rig_atomic_file_commit(file, err);
    }
    free(text);
    return status;
}

rig_status rig_json_print(const json_t *document, unsigned n_digits, FILE *stream, rig_error *err)
{
    char *text = NULL;
    rig_status status = text_of(document, n_digits, "JSON", &text, err);
    if (status == RIG_OK)
        (void)fputs(text, stream);
    free(text);
    return status;
}

rig_status rig_json_expect_format(const json_t *document, const char *where, const char *format,
                                  rig_error *err)
{
    if (!json_is_object(document))
        return rig_fail(err, RIG_EINPUT, "%s: is %s; expected a JSON object of the format \"%s\"",
                        where, rig_json_kind(document), format);
    const char *found = rig_json_text(document, "format");
    const json_t *member = json_object_get(document, "format");
    if (!json_is_string(member))
        return rig_fail(err, RIG_EINPUT, "%s: format: %s; expected \"%s\"", where,
                        rig_json_kind(member), format);
    if (strcmp(found, format) != 0)
        return rig_fail(err, RIG_EINPUT, "%s: format: \"%.100s\"; expected \"%s\"", where, found,
                        format);
    return RIG_OK;
}

const char *rig_json_kind(const json_t *value)
{
    if (value == NULL)
        return "missing";
    switch (json_typeof(value)) {
    case JSON_OBJECT:
        return "an object";
    case JSON_ARRAY:
        return "a list";
    case JSON_STRING:
        return "a text";
    case JSON_INTEGER:
        return "a whole number";
    case JSON_REAL:
        return "a number with a fraction";
    case JSON_TRUE:
        return "true";
    case JSON_FALSE:
        return "false";
    case JSON_NULL:
        break;
    }
    return "null";
}

const char *rig_json_text(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text != NULL ? text : "";
}

static double number_of(const json_t *value)
{
    return json_is_number(value) ? json_number_value(value) : (double)NAN;
}

double rig_json_number(const json_t *object, const char *key)
{
    return number_of(json_object_get(object, key));
}

bool rig_json_integer(const json_t *object, const char *key, int64_t *value)
{
    const json_t *member = json_object_get(object, key);
    if (!json_is_integer(member))
        return false;
    *value = json_integer_value(member);
    return true;
}

bool rig_json_is_true(const json_t *object, const char *key)
{
    return json_is_true(json_object_get(object, key));
}

const json_t *rig_json_list(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    return json_is_array(value) ? value : NULL;
}

const json_t *rig_json_object(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    return json_is_object(value) ? value : NULL;
}

double rig_json_number_at(const json_t *list, size_t index)
{
    return number_of(json_array_get(list, index));
}
