/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analyzer/mask/phrase.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/mask.h"

enum { MIN_DIGITS = 7, MAX_BETWEEN = 3, MIN_GROUP = 2, MAX_GROUP = 4, MIN_GROUPS = 3 };

static const char digits[] = "0123456789";
static const char between[] = " -./()";

/* What a run of groups looks like. */
typedef struct shape {
    size_t n_digits, n_groups, n_open, n_closed;
    bool has_gap;   /* a blank, a bracket or a stroke: else it is one word */
    bool is_even;   /* all groups are as long as people make them */
    bool is_simple; /* blanks and dashes alone, one at a time */
} shape;

static void take_group(shape *s, size_t n)
{
    s->n_digits += n;
    s->n_groups++;
    s->is_even = s->is_even && n >= MIN_GROUP && n <= MAX_GROUP;
}

static void take_between(shape *s, const char *p, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        s->n_open += p[i] == '(';
        s->n_closed += p[i] == ')';
        s->has_gap = s->has_gap || strchr(" /()", p[i]) != NULL;
        s->is_simple = s->is_simple && (p[i] == ' ' || p[i] == '-');
    }
    s->is_simple = s->is_simple && n == 1;
}

/* A country code, a trunk prefix or a bracket makes figures a number; else its usual form. */
static bool is_number(const char *text, const shape *s)
{
    const bool has_prefix = text[0] == '+' || (text[0] == '0' && strchr(digits, text[1]) != NULL);
    const bool has_brackets = s->n_open > 0 && s->n_open == s->n_closed;
    const bool is_usual =
        s->is_even && s->is_simple && s->n_groups >= MIN_GROUPS && s->n_digits >= MIN_DIGITS + 2;
    return s->has_gap && s->n_digits >= MIN_DIGITS && s->n_digits <= RIG_MASK_MAX_DIGITS &&
           (has_prefix || has_brackets || is_usual);
}

/* Two dots stand between the ends of an interval, never in a number. */
static bool is_interval(const char *text)
{
    return text[0] == '.' && text[1] == '.';
}

/* "12", "12.34", "0.0001697": a quantity as printf has it, a share with its zeros and six digits
 * more. 0: none, or of more digits. */
static size_t quantity_length(const char *text)
{
    enum { MAX_WHOLE = 6, MAX_DECIMALS = 4, MAX_OF_NOUGHT = 8, MAX_COUNTING = 6 };
    const size_t n_whole = strspn(text, digits);
    const bool has_point = text[n_whole] == '.' && strspn(text + n_whole + 1, digits) > 0;
    const size_t n_decimals = has_point ? strspn(text + n_whole + 1, digits) : 0;
    const bool is_nought = n_whole == 1 && text[0] == '0';
    const size_t n_zeros = is_nought && has_point ? strspn(text + n_whole + 1, "0") : 0;
    if (n_whole == 0 || n_whole > MAX_WHOLE || n_decimals > MAX_OF_NOUGHT ||
        n_decimals - n_zeros > (is_nought ? (size_t)MAX_COUNTING : (size_t)MAX_DECIMALS))
        return 0;
    return n_whole + (has_point ? 1 + n_decimals : 0);
}

size_t rig_mask_quantity_length(const char *text)
{
    const size_t n = quantity_length(text);
    if (n > 0 && is_interval(text + n)) {
        const size_t n_end = quantity_length(text + n + 2);
        return n_end > 0 ? n + 2 + n_end : 0;
    }
    return n > 2 && text[0] == '0' && text[1] == '.' ? n : 0;
}

size_t rig_mask_ipv4_length(const char *text, uint32_t *ip)
{
    const char *part = text;
    uint32_t value = 0;
    for (int i = 0; i < 4; i++) {
        const size_t n = strspn(part, digits);
        const unsigned long number = strtoul(part, NULL, 10);
        if (n < 1 || n > 3 || number > 255 || (i < 3 && part[n] != '.'))
            return 0;
        value = value << 8 | (uint32_t)number;
        part += n + (i < 3);
    }
    *ip = value;
    return (size_t)(part - text);
}

/* It is masked by itself: as the beginning of a number in groups it would stay as it is. */
static bool begins_with_address(const char *text)
{
    uint32_t ip;
    const size_t n = rig_mask_ipv4_length(text, &ip);
    return n > 0 && (text[n] != '.' || strspn(text + n + 1, digits) == 0);
}

size_t rig_mask_phrase_length(const char *text)
{
    if (begins_with_address(text))
        return 0;
    shape s = {.n_open = text[0] == '(', .has_gap = text[0] == '(', .is_even = true};
    s.is_simple = s.n_open == 0;
    size_t n = s.n_open;
    n += text[n] == '+';
    while (strspn(text + n, digits) > 0) {
        const size_t n_group = strspn(text + n, digits);
        take_group(&s, n_group);
        n += n_group;
        const size_t n_between = strspn(text + n, between);
        if (n_between == 0 || n_between > MAX_BETWEEN || is_interval(text + n) ||
            strspn(text + n + n_between, digits) == 0)
            break;
        take_between(&s, text + n, n_between);
        n += n_between;
    }
    if (s.n_open > s.n_closed && text[n] == ')') {
        s.n_closed++;
        n++;
    }
    return is_number(text, &s) ? n : 0;
}
