/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <string.h>

#include "cli/console.h"
#include "cli/erlang/formula.h"

/* The unit that a name carries: p_ a share, n_ a count, _s seconds, _erl erlang. */
static const char *unit_of(const char *name)
{
    size_t n = strlen(name);
    if (n > 4 && strcmp(name + n - 4, "_erl") == 0)
        return N_("erlang");
    if (n > 2 && strcmp(name + n - 2, "_s") == 0)
        return "s";
    return strncmp(name, "p_", 2) == 0 ? N_("share") : "";
}

static const char *kind_of(const rig_calc_argument *a)
{
    if (a->kind == RIG_CALC_COUNT)
        return N_("whole number");
    return a->unit != NULL ? a->unit : N_("real number");
}

static void append(char *text, size_t size, const char *words)
{
    size_t used = strlen(text);
    (void)snprintf(text + used, size - used, "%s", words);
}

/* Behind the meaning: unit, range, and what stands for it when it is not given. */
static void add_kind(const rig_calc_use *use, char *text, size_t size)
{
    const rig_calc_argument *a = &rig_calc_arguments[use->id];
    const bool is_number = a->kind != RIG_CALC_TEXT && a->kind != RIG_CALC_FLAG;
    char absent[128];
    if (is_number) {
        append(text, size, " (");
        append(text, size, rig_console_words(kind_of(a)));
        append(text, size, ", ");
        append(text, size, rig_console_words(a->range));
    }
    if (use->role == RIG_CALC_REQUIRED) {
        append(text, size, rig_console_words(N_("; required")));
    } else if (a->absent != NULL) {
        (void)snprintf(absent, sizeof absent, rig_console_words(N_("default %s")), a->absent);
        append(text, size, is_number ? "; " : " (");
        append(text, size, absent);
    }
    append(text, size, is_number || a->absent != NULL ? ")" : "");
}

static void print_use(const rig_calc_use *use)
{
    const rig_calc_argument *a = &rig_calc_arguments[use->id];
    char left[64], letter[8] = "    ", text[512];
    if (a->letter != 0)
        (void)snprintf(letter, sizeof letter, "-%c, ", a->letter);
    (void)snprintf(left, sizeof left, "%s%s%s%s%s", rig_calc_is_bare(a) ? "" : letter,
                   rig_calc_is_bare(a) ? "" : "--", a->word, a->holder != NULL ? " " : "",
                   a->holder != NULL ? a->holder : "");
    (void)snprintf(text, sizeof text, "%s",
                   rig_console_words(use->help != NULL ? use->help : a->help));
    add_kind(use, text, sizeof text);
    rig_console_beside(stdout, left, text);
}

static void print_outputs(const rig_calc_formula *f)
{
    enum { NAME = 22, UNIT = 6 };
    if (f->inverses->id != RIG_CALC_NONE)
        rig_console_print("\nFinds, when it is left out:\n");
    for (const rig_calc_inverse *i = f->inverses; i->id != RIG_CALC_NONE; i++)
        rig_console_row(stdout, NAME, rig_calc_arguments[i->id].name,
                        rig_console_words(i->meaning));
    if (f->outputs->name != NULL)
        rig_console_print("\nGives:\n");
    for (const rig_calc_output *o = f->outputs; o->name != NULL; o++) {
        char left[64];
        (void)snprintf(left, sizeof left, "%-*s %s", NAME, o->name,
                       rig_console_words(unit_of(o->name)));
        rig_console_row(stdout, NAME + 1 + UNIT, left, rig_console_words(o->meaning));
    }
}

void rig_calc_help(const rig_calc_formula *f)
{
    rig_console_say("Usage: peakrig erlang %s [OPTIONS] %s", f->name, f->operands);
    putchar('\n');
    rig_console_paragraphs(stdout, rig_console_words(f->text));
    rig_console_print("\nArguments:\n");
    for (const rig_calc_use *use = f->uses; use->id != RIG_CALC_NONE; use++) {
        if (use->role != RIG_CALC_DERIVED)
            print_use(use);
    }
    rig_console_beside(stdout, "    --json",
                       rig_console_words(N_("one JSON document on standard output")));
    rig_console_beside(stdout, "-h, --help", rig_console_words(N_("this text")));
    print_outputs(f);
    putchar('\n');
    rig_console_say("Source: %s", f->source);
}
