/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/json_builder.h"

#include <math.h>
#include <stdlib.h>

#include "core/utf8.h"

static void begin(rig_json_builder *b, json_t *outermost)
{
    *b = (rig_json_builder){.open = {outermost}, .depth = 1, .has_failed = outermost == NULL};
}

void rig_json_begin(rig_json_builder *b)
{
    begin(b, json_object());
}

void rig_json_begin_list(rig_json_builder *b)
{
    begin(b, json_array());
}

rig_status rig_json_end(rig_json_builder *b, json_t **document)
{
    rig_status status = RIG_OK;
    if (b->has_failed)
        status = RIG_ENOMEM;
    else if (b->depth != 1 || b->is_unbalanced)
        status = RIG_EDOM;
    if (status == RIG_OK)
        *document = b->open[0];
    else
        json_decref(b->open[0]);
    *b = (rig_json_builder){.has_failed = true};
    return status;
}

void rig_json_fail(rig_json_builder *b)
{
    b->has_failed = true;
}

void rig_json_add_part(rig_json_builder *b, const char *key, json_t *value)
{
    if (value == NULL || b->has_failed || b->is_unbalanced) {
        b->has_failed |= value == NULL;
        json_decref(value);
        return;
    }
    json_t *in = b->open[b->depth - 1];
    /* both free the value when they fail */
    int added =
        json_is_object(in) ? json_object_set_new(in, key, value) : json_array_append_new(in, value);
    b->has_failed |= added != 0;
}

static void open_one(rig_json_builder *b, const char *key, json_t *value)
{
    rig_json_add_part(b, key, value);
    if (b->depth < RIG_JSON_MAX_DEPTH)
        b->open[b->depth++] = value; /* not looked at once something has failed */
    else
        b->is_unbalanced = true;
}

void rig_json_open_object(rig_json_builder *b, const char *key)
{
    open_one(b, key, json_object());
}

void rig_json_open_list(rig_json_builder *b, const char *key)
{
    open_one(b, key, json_array());
}

void rig_json_close(rig_json_builder *b)
{
    if (b->depth > 1)
        b->depth--;
    else
        b->is_unbalanced = true;
}

void rig_json_add_text(rig_json_builder *b, const char *key, const char *text)
{
    char *mended = text != NULL ? rig_utf8_mend(text) : NULL;
    if (text == NULL)
        rig_json_add_null(b, key);
    else
        rig_json_add_part(b, key, mended != NULL ? json_string_nocheck(mended) : NULL);
    free(mended);
}

/* -0 is 0. */
void rig_json_add_real(rig_json_builder *b, const char *key, double value)
{
    rig_json_add_part(b, key, isfinite(value) ? json_real(value + 0.0) : json_null());
}

void rig_json_add_integer(rig_json_builder *b, const char *key, int64_t value)
{
    rig_json_add_part(b, key, json_integer((json_int_t)value));
}

void rig_json_add_count(rig_json_builder *b, const char *key, uint64_t value)
{
    rig_json_add_integer(b, key, value < INT64_MAX ? (int64_t)value : INT64_MAX);
}

void rig_json_add_truth(rig_json_builder *b, const char *key, bool value)
{
    rig_json_add_part(b, key, json_boolean(value));
}

void rig_json_add_null(rig_json_builder *b, const char *key)
{
    rig_json_add_part(b, key, json_null());
}

void rig_json_add_interval(rig_json_builder *b, const char *key, double low, double high)
{
    rig_json_open_list(b, key);
    rig_json_add_real(b, NULL, low);
    rig_json_add_real(b, NULL, high);
    rig_json_close(b);
}
