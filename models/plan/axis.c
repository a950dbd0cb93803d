/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/plan_axis.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char form[] = "expected KEY=FROM:TO[:STEP] or KEY=VALUE,VALUE,...";

/* A decimal number that ends at `end`. */
static bool read_number(const char *text, const char *end, double *number)
{
    static const char digits[] = "0123456789.+-eE"; /* no hexadecimal, no infinity */
    size_t n = (size_t)(end - text);
    if (n == 0 || n > 60 || strspn(text, digits) < n)
        return false;
    char copy[64], *stop = NULL;
    memcpy(copy, text, n);
    copy[n] = '\0';
    double value = strtod(copy, &stop);
    if (stop == copy || *stop != '\0' || !isfinite(value))
        return false;
    *number = value;
    return true;
}

/* The number as it is written is the value: 0.1 + 2 * 0.1 is 0.3 in both. */
static rig_plan_value value_of(double number)
{
    rig_plan_value value;
    (void)snprintf(value.text, sizeof value.text, "%.12g", number == 0.0 ? 0.0 : number);
    value.number = strtod(value.text, NULL);
    return value;
}

static int by_number(const void *a, const void *b)
{
    const rig_plan_value *x = a, *y = b;
    return x->number < y->number ? -1 : x->number > y->number;
}

static rig_status read_list(const char *text, const char *values, rig_plan_axis *axis,
                            rig_error *err)
{
    size_t n = 1;
    for (const char *c = values; *c != '\0'; c++)
        n += *c == ',';
    if (n > RIG_PLAN_MAX_VALUES)
        return rig_fail(err, RIG_EINPUT, "--vary %.200s: over %d values", text,
                        RIG_PLAN_MAX_VALUES);
    axis->values = calloc(n, sizeof *axis->values);
    if (axis->values == NULL)
        return rig_fail(err, RIG_ENOMEM, "--vary: out of memory");
    for (const char *c = values; axis->n < n; c++) {
        size_t length = strcspn(c, ",");
        double number;
        if (!read_number(c, c + length, &number))
            return rig_fail(err, RIG_EINPUT, "--vary %.200s: \"%.*s\" is not a number; %s", text,
                            length < 60 ? (int)length : 60, c, form);
        axis->values[axis->n++] = value_of(number);
        c += length;
    }
    qsort(axis->values, n, sizeof *axis->values, by_number);
    for (size_t i = 1; i < n; i++) {
        if (axis->values[i - 1].number >= axis->values[i].number)
            return rig_fail(err, RIG_EINPUT, "--vary %.200s: %s is given twice", text,
                            axis->values[i].text);
    }
    return RIG_OK;
}

static rig_status read_range(const char *text, const char *values, rig_plan_axis *axis,
                             rig_error *err)
{
    double parts[3] = {0.0, 0.0, 1.0}; /* from, to, step */
    const char *c = values;
    for (size_t i = 0; i < 3; i++) {
        size_t length = strcspn(c, ":");
        if (!read_number(c, c + length, &parts[i]))
            return rig_fail(err, RIG_EINPUT, "--vary %.200s: \"%.*s\" is not a number; %s", text,
                            length < 60 ? (int)length : 60, c, form);
        c += length;
        if (*c == '\0')
            break;
        if (i == 2)
            return rig_fail(err, RIG_EINPUT, "--vary %.200s: too many colons; %s", text, form);
        c++;
    }
    const double from = parts[0], to = parts[1], step = parts[2];
    if (!(step > 0.0))
        return rig_fail(err, RIG_EINPUT, "--vary %.200s: the step %g; expected a number > 0", text,
                        step);
    if (from > to)
        return rig_fail(err, RIG_EINPUT,
                        "--vary %.200s: an empty range: %g is greater than %g; expected FROM <= TO",
                        text, from, to);
    double n = floor((to - from) / step + 1e-9) + 1.0;
    if (!(n <= RIG_PLAN_MAX_VALUES))
        return rig_fail(err, RIG_EINPUT, "--vary %.200s: %.0f values; expected at most %d", text, n,
                        RIG_PLAN_MAX_VALUES);
    axis->values = calloc((size_t)n, sizeof *axis->values);
    if (axis->values == NULL)
        return rig_fail(err, RIG_ENOMEM, "--vary: out of memory");
    axis->n = (size_t)n;
    for (size_t i = 0; i < axis->n; i++) {
        axis->values[i] = value_of(from + (double)i * step);
        if (i > 0 && axis->values[i - 1].number >= axis->values[i].number)
            return rig_fail(err, RIG_EINPUT, "--vary %.200s: the step %g is too small", text, step);
    }
    return RIG_OK;
}

rig_status rig_plan_axis_parse(const char *text, rig_plan_axis *axis, rig_error *err)
{
    static const char good[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.[]-";
    const char *equals = strchr(text, '=');
    if (equals == NULL || equals == text)
        return rig_fail(err, RIG_EINPUT, "--vary %.200s: %s", text, form);
    size_t n_key = (size_t)(equals - text);
    if (n_key > 100 || strspn(text, good) < n_key)
        return rig_fail(err, RIG_EINPUT,
                        "--vary %.200s: \"%.*s\" is not a key; expected one such as "
                        "trunks[0].circuits",
                        text, n_key < 100 ? (int)n_key : 100, text);
    rig_plan_axis made = {.key = strndup(text, n_key)};
    if (made.key == NULL)
        return rig_fail(err, RIG_ENOMEM, "--vary: out of memory");
    const char *values = equals + 1;
    rig_status status = strchr(values, ':') != NULL ? read_range(text, values, &made, err)
                                                    : read_list(text, values, &made, err);
    if (status != RIG_OK)
        rig_plan_axis_clear(&made);
    else
        *axis = made;
    return status;
}

void rig_plan_axis_clear(rig_plan_axis *axis)
{
    if (axis == NULL)
        return;
    free(axis->key);
    free(axis->values);
    *axis = (rig_plan_axis){0};
}

/* The scenario takes only one of circuits and e1 in a group. */
static bool are_rivals(const char *a, const char *b)
{
    const char *x = strrchr(a, '.'), *y = strrchr(b, '.');
    if (x == NULL || y == NULL || x - a != y - b || strncmp(a, b, (size_t)(x - a)) != 0)
        return false;
    return (strcmp(x, ".e1") == 0 && strcmp(y, ".circuits") == 0) ||
           (strcmp(y, ".e1") == 0 && strcmp(x, ".circuits") == 0);
}

rig_status rig_plan_axes_check(const rig_plan_axis *axes, size_t n_axes, size_t *n_grid,
                               rig_error *err)
{
    size_t n = 1;
    for (size_t i = 0; i < n_axes; i++) {
        for (size_t j = 0; j < i; j++) {
            if (strcmp(axes[i].key, axes[j].key) == 0)
                return rig_fail(err, RIG_EINPUT, "--vary %s: given twice", axes[i].key);
            if (are_rivals(axes[i].key, axes[j].key))
                return rig_fail(err, RIG_EINPUT,
                                "--vary %s: excludes --vary %s; expected circuits or e1 of a group",
                                axes[i].key, axes[j].key);
        }
        n *= axes[i].n;
        if (n > RIG_PLAN_MAX_GRID)
            return rig_fail(err, RIG_EINPUT, "--vary: over %d combinations; expected fewer values",
                            RIG_PLAN_MAX_GRID);
    }
    *n_grid = n;
    return RIG_OK;
}

size_t rig_plan_axes_place(const rig_plan_axis *axes, size_t n_axes, const size_t *index)
{
    size_t place = 0;
    for (size_t a = 0; a < n_axes; a++)
        place = place * axes[a].n + index[a];
    return place;
}

void rig_plan_axes_index(const rig_plan_axis *axes, size_t n_axes, size_t place, size_t *index)
{
    for (size_t a = n_axes; a-- > 0; place /= axes[a].n)
        index[a] = place % axes[a].n;
}
