/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <ctype.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/console.h"
#include "cli/erlang/formula.h"
#include "core/slice.h"
#include "models/domain.h"

bool rig_calc_is_bare(const rig_calc_argument *argument)
{
    return isupper((unsigned char)argument->word[0]) != 0;
}

void rig_calc_refuse(rig_calc_reader *reader, const char *format, ...)
{
    char why[512];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(why, sizeof why, format, args);
    va_end(args);
    if (!reader->is_failed)
        (void)rig_console_usage(reader->command, "%s", why);
    reader->is_failed = true;
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

static double read_real(rig_calc_reader *reader, const char *name, const char *text)
{
    double value = 0.0;
    const char *rest;
    if (!decimal(text, &value, &rest) || *rest != '\0' || value < 0.0)
        rig_calc_refuse(reader, "%s \"%s\"; expected a number >= 0", name, text);
    return value;
}

static double read_share(rig_calc_reader *reader, const char *name, const char *text)
{
    double value = 0.0;
    const char *rest = "";
    bool is_number = decimal(text, &value, &rest);
    if (is_number && strcmp(rest, "%") == 0) {
        value /= 100.0;
        rest = "";
    }
    if (!is_number || *rest != '\0' || value < 0.0 || value > 1.0)
        rig_calc_refuse(reader, "%s \"%s\"; expected a share from 0 to 1, such as 0.02 or 2%%",
                        name, text);
    return value;
}

static double read_count(rig_calc_reader *reader, const char *name, const char *text)
{
    uint64_t value = 0;
    if (!rig_slice_u64(rig_slice_of(text), &value) || value > RIG_MAX_SERVERS) {
        rig_calc_refuse(reader, "%s \"%s\"; expected a whole number from 0 to %u", name, text,
                        RIG_MAX_SERVERS);
        value = 0;
    }
    return (double)value;
}

/* "ERLANG:CIRCUITS" */
static void read_colon(rig_calc_reader *reader, const char *text, double pair[2])
{
    char erlang[64];
    const char *colon = strchr(text, ':');
    if (colon == NULL || (size_t)(colon - text) >= sizeof erlang) {
        rig_calc_refuse(reader, "\"%.100s\"; expected ERLANG:CIRCUITS, such as 12.5:2", text);
        return;
    }
    (void)snprintf(erlang, sizeof erlang, "%.*s", (int)(colon - text), text);
    pair[0] = read_real(reader, "ERLANG", erlang);
    pair[1] = read_count(reader, "CIRCUITS", colon + 1);
}

/* Every bare word, for the formulas that take any number of them. */
static void read_list(rig_calc_reader *reader, const rig_calc_argument *argument,
                      const rig_texts *words, rig_calc_values *v)
{
    for (size_t i = 0; i < words->n; i++) {
        const char *text = words->items[i];
        if (argument->kind == RIG_CALC_COLONS)
            read_colon(reader, text, &v->list[2 * i]);
        else if (argument->kind == RIG_CALC_REALS)
            v->list[i] = read_real(reader, argument->word, text);
        else
            v->list[i] = i % 2 == 0 ? read_real(reader, "ERLANG", text)
                                    : read_count(reader, "CIRCUITS", text);
    }
    v->n_list = argument->kind == RIG_CALC_COLONS ? 2 * words->n : words->n;
}

static void read_one(rig_calc_reader *reader, const rig_calc_use *use, rig_calc_values *v)
{
    const rig_calc_argument *a = &rig_calc_arguments[use->id];
    const char *text = v->text[use->id] != NULL ? v->text[use->id] : a->absent;
    double *value = &v->real[use->id];
    char name[64];
    v->is_set[use->id] = v->text[use->id] != NULL;
    v->text[use->id] = text;
    if (text == NULL)
        return;
    (void)snprintf(name, sizeof name, "%s%s", rig_calc_is_bare(a) ? "" : "--", a->word);
    const char *said = use->said != NULL ? use->said : name;
    switch (a->kind) {
    case RIG_CALC_LONG:
        *value = strcmp(text, "inf") == 0 ? INFINITY : read_real(reader, said, text);
        break;
    case RIG_CALC_REAL:
        *value = read_real(reader, said, text);
        break;
    case RIG_CALC_SHARE:
        *value = read_share(reader, said, text);
        break;
    case RIG_CALC_PART:
        *value = read_real(reader, name, text);
        if (*value == floor(*value))
            *value = read_count(reader, said, text);
        break;
    case RIG_CALC_COUNT:
        *value = read_count(reader, said, text);
        break;
    case RIG_CALC_REALS:
    case RIG_CALC_PAIRS:
    case RIG_CALC_COLONS:
    case RIG_CALC_TEXT:
    case RIG_CALC_FLAG:
        break;
    }
    if (*value <= RIG_MAX_SERVERS)
        v->count[use->id] = (uint32_t)*value;
}

/* Words into numbers, in the order of the table. */
static void read_all(rig_calc_reader *reader, const rig_calc_formula *f, const rig_texts *words,
                     rig_calc_values *v)
{
    size_t n_bare = 0;
    v->n_operands = words->n;
    if (words->n < f->least || words->n > f->most)
        rig_calc_refuse(reader, "expected %s", f->operand_rule != NULL ? f->operand_rule : f->rule);
    for (const rig_calc_use *use = f->uses; use->id != RIG_CALC_NONE; use++) {
        const rig_calc_argument *a = &rig_calc_arguments[use->id];
        if (use->role == RIG_CALC_DERIVED || reader->is_failed)
            continue;
        if (a->kind == RIG_CALC_REALS || a->kind == RIG_CALC_PAIRS || a->kind == RIG_CALC_COLONS) {
            read_list(reader, a, words, v);
            continue;
        }
        if (rig_calc_is_bare(a) && n_bare < words->n)
            v->text[use->id] = words->items[n_bare++];
        read_one(reader, use, v);
    }
    if (f->uses[0].id == RIG_CALC_GROUPS && words->n % 2 != 0)
        rig_calc_refuse(reader, "expected %s", f->operand_rule);
}

/* Two words for one thing. */
static void refuse_both(rig_calc_reader *reader, const rig_calc_formula *f, const rig_calc_use *use,
                        rig_calc_id first)
{
    const rig_calc_argument *a = &rig_calc_arguments[first], *b = &rig_calc_arguments[use->id];
    if (use->role == RIG_CALC_SERVER)
        rig_calc_refuse(reader, "expected %s", f->rule);
    else if (use->role == RIG_CALC_GOAL)
        rig_calc_refuse(reader, "more than one goal; expected one");
    else
        rig_calc_refuse(reader, "%s%s and --%s; expected one of them",
                        rig_calc_is_bare(a) ? "" : "--", a->word, b->word);
}

/* What is missing, and what is too much. */
static void check_roles(rig_calc_reader *reader, const rig_calc_formula *f, rig_calc_values *v)
{
    rig_calc_id given[RIG_CALC_N_ROLES] = {RIG_CALC_NONE};
    unsigned n_roles = 0;
    for (const rig_calc_use *use = f->uses; use->id != RIG_CALC_NONE; use++) {
        const rig_calc_argument *a = &rig_calc_arguments[use->id];
        if (use->role == RIG_CALC_REQUIRED && a->holder != NULL && !v->is_set[use->id])
            rig_calc_refuse(reader, "expected --%s %s", a->word, a->holder);
        if (use->role < RIG_CALC_TRAFFIC || !v->is_set[use->id])
            continue;
        if (given[use->role] != RIG_CALC_NONE)
            refuse_both(reader, f, use, given[use->role]);
        else
            n_roles++;
        given[use->role] = use->id;
    }
    if (f->n_roles != 0 && n_roles != f->n_roles)
        rig_calc_refuse(reader, "expected %s", f->rule);
}

/* With a goal, what the formula can find and is not given. */
static rig_calc_id sought_of(const rig_calc_formula *f, const rig_calc_values *v)
{
    bool has_goal = false;
    for (const rig_calc_use *use = f->uses; use->id != RIG_CALC_NONE; use++)
        has_goal = has_goal || (use->role == RIG_CALC_GOAL && v->is_set[use->id]);
    for (const rig_calc_inverse *i = f->inverses; has_goal && i->id != RIG_CALC_NONE; i++) {
        if (!v->is_set[i->id])
            return i->id;
    }
    return RIG_CALC_NONE;
}

static void make_options(const rig_calc_formula *f, rig_calc_values *v, rig_option *options)
{
    for (const rig_calc_use *use = f->uses; use->id != RIG_CALC_NONE; use++) {
        const rig_calc_argument *a = &rig_calc_arguments[use->id];
        if (use->role == RIG_CALC_DERIVED || rig_calc_is_bare(a))
            continue;
        bool is_flag = a->kind == RIG_CALC_FLAG;
        *options++ = (rig_option){a->word,
                                  a->letter,
                                  is_flag ? RIG_OPTION_FLAG : RIG_OPTION_TEXT,
                                  is_flag ? (void *)&v->flag[use->id] : (void *)&v->text[use->id],
                                  a->holder,
                                  a->help};
    }
    *options++ = (rig_option){"json", 0, RIG_OPTION_FLAG, &v->is_json, NULL, ""};
    *options = (rig_option){.name = NULL};
}

bool rig_calc_read(const rig_calc_formula *formula, int argc, char **argv, rig_calc_values *values,
                   int *exit_code)
{
    rig_option options[RIG_CALC_MAX_USES + 2];
    rig_texts words;
    char command[32];
    (void)snprintf(command, sizeof command, "erlang %s", formula->name);
    rig_calc_reader reader = {command, false};
    make_options(formula, values, options);
    *exit_code = RIG_EXIT_USAGE;
    switch (rig_options_parse(argc, argv, command, options, &words)) {
    case RIG_OPTIONS_HELP:
        rig_calc_help(formula);
        *exit_code = 0;
        return false;
    case RIG_OPTIONS_REFUSED:
        return false;
    case RIG_OPTIONS_READ:
        break;
    }
    read_all(&reader, formula, &words, values);
    if (!reader.is_failed)
        check_roles(&reader, formula, values);
    if (!reader.is_failed && formula->fit != NULL)
        formula->fit(&reader, values);
    values->sought = sought_of(formula, values);
    return !reader.is_failed;
}
