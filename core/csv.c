/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/csv.h"

#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "core/atomic_file.h"

struct rig_csv {
    char *path;
    char *data;    /* the file; fields are cut out of it in place */
    char **fields; /* header first, then the rows; n_columns a row */
    size_t n_fields, cap_fields;
    size_t *lines; /* line number of each row, the header's first */
    size_t n_lines, cap_lines;
    size_t n_columns;
    char **stamps; /* comment lines without '#' */
    size_t n_stamps, cap_stamps;
};

void rig_csv_free(rig_csv *csv)
{
    if (csv == NULL)
        return;
    free(csv->path);
    free(csv->data);
    free(csv->fields);
    free(csv->lines);
    free(csv->stamps);
    free(csv);
}

static bool grow(void **array, size_t *cap, size_t n, size_t size)
{
    if (n < *cap)
        return true;
    size_t wider = *cap == 0 ? 64 : *cap * 2;
    void *bigger = reallocarray(*array, wider, size);
    if (bigger == NULL)
        return false;
    *array = bigger;
    *cap = wider;
    return true;
}

static bool push_field(rig_csv *csv, char *field)
{
    if (!grow((void **)&csv->fields, &csv->cap_fields, csv->n_fields, sizeof *csv->fields))
        return false;
    csv->fields[csv->n_fields++] = field;
    return true;
}

/* Cut one record into fields, in place. Returns the byte behind it, NULL for an open quote. */
static char *cut_record(rig_csv *csv, char *p, size_t *line, bool *out_of_memory)
{
    for (;;) {
        char *field = p;
        char *w = p;
        if (*p == '"') {
            field = w = ++p;
            for (;;) {
                if (*p == '\0')
                    return NULL;
                if (*p == '"') {
                    if (p[1] != '"')
                        break;
                    p++;
                }
                if (*p == '\n')
                    (*line)++;
                *w++ = *p++;
            }
            p++;
        }
        while (*p != ',' && *p != '\n' && *p != '\r' && *p != '\0')
            *w++ = *p++;
        char end = *p;
        char *next = p + (end != '\0');
        if (end == '\r' && *next == '\n')
            next++;
        *w = '\0';
        if (!push_field(csv, field)) {
            *out_of_memory = true;
            return NULL;
        }
        p = next;
        if (end != ',') {
            (*line)++;
            return p;
        }
    }
}

static rig_status parse(rig_csv *csv, rig_error *err)
{
    char *p = csv->data;
    size_t line = 1;
    if (strncmp(p, "\xEF\xBB\xBF", 3) == 0)
        p += 3;
    while (*p != '\0') {
        size_t span = strcspn(p, "\n");
        if (*p == '#') {
            if (!grow((void **)&csv->stamps, &csv->cap_stamps, csv->n_stamps, sizeof *csv->stamps))
                return rig_fail(err, RIG_ENOMEM, "%s: out of memory", csv->path);
            csv->stamps[csv->n_stamps++] = p + 1;
        }
        if (*p == '#' || span == 0 || (span == 1 && *p == '\r')) {
            char *next = p + span + (p[span] != '\0');
            if (p[span] != '\0')
                p[span] = '\0';
            p = next;
            line++;
            continue;
        }
        if (!grow((void **)&csv->lines, &csv->cap_lines, csv->n_lines, sizeof *csv->lines))
            return rig_fail(err, RIG_ENOMEM, "%s: out of memory", csv->path);
        size_t first = csv->n_fields;
        size_t at = line;
        csv->lines[csv->n_lines++] = at;
        bool out_of_memory = false;
        p = cut_record(csv, p, &line, &out_of_memory);
        if (out_of_memory)
            return rig_fail(err, RIG_ENOMEM, "%s: out of memory", csv->path);
        if (p == NULL)
            return rig_fail(err, RIG_EINPUT, "%s:%zu: a quoted field is not closed", csv->path, at);
        size_t n = csv->n_fields - first;
        if (first == 0)
            csv->n_columns = n;
        else if (n != csv->n_columns)
            return rig_fail(err, RIG_EINPUT, "%s:%zu: %zu fields; expected %zu, as in the header",
                            csv->path, at, n, csv->n_columns);
    }
    if (csv->n_columns == 0)
        return rig_fail(err, RIG_EINPUT, "%s: empty; expected a header row", csv->path);
    return RIG_OK;
}

rig_status rig_csv_read(const char *path, rig_csv **csv, rig_error *err)
{
    rig_csv *made = calloc(1, sizeof *made);
    if (made == NULL)
        return rig_fail(err, RIG_ENOMEM, "%s: out of memory", path);
    rig_status status = RIG_OK;
    size_t n = 0;
    made->path = strdup(path);
    if (made->path == NULL)
        status = rig_fail(err, RIG_ENOMEM, "%s: out of memory", path);
    if (status == RIG_OK)
        status = rig_file_read(path, &made->data, &n, err);
    if (status == RIG_OK && strlen(made->data) != n)
        status = rig_fail(err, RIG_EINPUT, "%s: holds a NUL byte; expected text", path);
    if (status == RIG_OK)
        status = parse(made, err);
    if (status != RIG_OK) {
        rig_csv_free(made);
        return status;
    }
    *csv = made;
    return RIG_OK;
}

size_t rig_csv_n_rows(const rig_csv *csv)
{
    return csv->n_lines - 1;
}

size_t rig_csv_n_columns(const rig_csv *csv)
{
    return csv->n_columns;
}

const char *rig_csv_name(const rig_csv *csv, size_t column)
{
    return csv->fields[column];
}

size_t rig_csv_line(const rig_csv *csv, size_t row)
{
    return csv->lines[row + 1];
}

rig_status rig_csv_column(const rig_csv *csv, const char *name, size_t *column, rig_error *err)
{
    char known[512] = "";
    size_t used = 0;
    for (size_t i = 0; i < csv->n_columns; i++) {
        if (strcmp(csv->fields[i], name) == 0) {
            *column = i;
            return RIG_OK;
        }
        if (used < sizeof known)
            used += (size_t)snprintf(known + used, sizeof known - used, "%s%s", i ? ", " : "",
                                     csv->fields[i]);
    }
    return rig_fail(err, RIG_EINPUT, "%s:%zu: no column \"%s\"; the header has: %s", csv->path,
                    csv->lines[0], name, known);
}

const char *rig_csv_field(const rig_csv *csv, size_t row, size_t column)
{
    return csv->fields[(row + 1) * csv->n_columns + column];
}

rig_status rig_csv_number(const rig_csv *csv, size_t row, size_t column, double *value,
                          rig_error *err)
{
    const char *text = rig_csv_field(csv, row, column);
    char *end = NULL;
    double parsed = strtod(text, &end);
    if (end == text || *end != '\0' || !isfinite(parsed))
        return rig_fail(err, RIG_EINPUT, "%s:%zu: %s: \"%s\" is not a number", csv->path,
                        rig_csv_line(csv, row), csv->fields[column], text);
    *value = parsed;
    return RIG_OK;
}

const char *rig_csv_stamp(const rig_csv *csv, const char *key)
{
    size_t n = strlen(key);
    for (size_t i = 0; i < csv->n_stamps; i++) {
        const char *line = csv->stamps[i];
        line += strspn(line, " ");
        if (strncmp(line, key, n) == 0 && line[n] == ':') {
            line += n + 1;
            return line + strspn(line, " ");
        }
    }
    return NULL;
}
