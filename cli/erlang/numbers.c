#include "cli/erlang/numbers.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/console.h"
#include "core/slice.h"
#include "models/domain.h"

static void fail(rig_numbers *numbers, const char *name, const char *text, const char *expected)
{
    if (!numbers->is_failed)
        (void)rig_console_usage(numbers->command, "%s \"%s\"; expected %s", name, text, expected);
    numbers->is_failed = true;
}

/* A decimal number with what follows it; strtod alone would also take "nan" and "0x1p3". */
static bool decimal(const char *text, double *value, const char **rest)
{
    char *end = NULL;
    if (strspn(text, "+-.0123456789eE") == 0 || text[strspn(text, "+-")] == 'e' ||
        strchr(text, 'x') != NULL || strchr(text, 'X') != NULL)
        return false;
    *value = strtod(text, &end);
    *rest = end;
    return end != text && isfinite(*value);
}

double rig_numbers_read(rig_numbers *numbers, const char *name, const char *text, double absent)
{
    double value = absent;
    const char *rest;
    if (text == NULL)
        return absent;
    if (!decimal(text, &value, &rest) || *rest != '\0' || value < 0.0)
        fail(numbers, name, text, "a number >= 0");
    return value;
}

double rig_numbers_read_or_inf(rig_numbers *numbers, const char *name, const char *text,
                               double absent)
{
    if (text != NULL && strcmp(text, "inf") == 0)
        return INFINITY;
    return rig_numbers_read(numbers, name, text, absent);
}

double rig_numbers_share(rig_numbers *numbers, const char *name, const char *text, double absent)
{
    double value = absent;
    const char *rest = "";
    if (text == NULL)
        return absent;
    bool is_number = decimal(text, &value, &rest);
    if (is_number && strcmp(rest, "%") == 0) {
        value /= 100.0;
        rest = "";
    }
    if (!is_number || *rest != '\0' || value < 0.0 || value > 1.0)
        fail(numbers, name, text, "a share from 0 to 1, such as 0.02 or 2%");
    return value;
}

uint32_t rig_numbers_count(rig_numbers *numbers, const char *name, const char *text,
                           uint32_t absent)
{
    uint64_t value = absent;
    if (text == NULL)
        return absent;
    if (!rig_slice_u64(rig_slice_of(text), &value) || value > RIG_MAX_SERVERS) {
        fail(numbers, name, text, "a whole number from 0 to 10000000");
        return absent;
    }
    return (uint32_t)value;
}

void rig_numbers_missing(rig_numbers *numbers, const char *what)
{
    if (!numbers->is_failed)
        (void)rig_console_usage(numbers->command, "expected %s", what);
    numbers->is_failed = true;
}

void rig_numbers_refuse(rig_numbers *numbers, const char *why)
{
    if (!numbers->is_failed)
        (void)rig_console_usage(numbers->command, "%s", why);
    numbers->is_failed = true;
}

const char *rig_numbers_operand(const rig_texts *operands, size_t index)
{
    return index < operands->n ? operands->items[index] : NULL;
}
