/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <string.h>

#include "cli/erlang/formula.h"

/* The unit that a name carries: p_ a share, n_ a count, _s seconds, _erl erlang. */
static const char *unit_of(const char *name)
{
    size_t n = strlen(name);
    if (n > 4 && strcmp(name + n - 4, "_erl") == 0)
        return "erlang";
    if (n > 2 && strcmp(name + n - 2, "_s") == 0)
        return "s";
    return strncmp(name, "p_", 2) == 0 ? "share" : "";
}

static void print_use(const rig_calc_use *use)
{
    const rig_calc_argument *a = &rig_calc_arguments[use->id];
    bool is_whole = a->kind == RIG_CALC_COUNT;
    bool is_number = a->kind != RIG_CALC_TEXT && a->kind != RIG_CALC_FLAG;
    char left[64], letter[8] = "    ";
    if (a->letter != 0)
        (void)snprintf(letter, sizeof letter, "-%c, ", a->letter);
    (void)snprintf(left, sizeof left, "%s%s%s%s%s", rig_calc_is_bare(a) ? "" : letter,
                   rig_calc_is_bare(a) ? "" : "--", a->word, a->holder != NULL ? " " : "",
                   a->holder != NULL ? a->holder : "");
    printf("  %-30s %s", left, use->help != NULL ? use->help : a->help);
    if (is_number)
        printf(" (%s, %s",
               is_whole          ? "whole number"
               : a->unit != NULL ? a->unit
                                 : "number",
               a->range);
    if (use->role == RIG_CALC_REQUIRED)
        printf("; required");
    else if (a->absent != NULL)
        printf("%sdefault %s", is_number ? "; " : " (", a->absent);
    puts(is_number || a->absent != NULL ? ")" : "");
}

void rig_calc_help(const rig_calc_formula *f)
{
    printf("Usage: peakrig erlang %s [OPTIONS] %s\n\n%s\n\nArguments:\n", f->name, f->operands,
           f->text);
    for (const rig_calc_use *use = f->uses; use->id != RIG_CALC_NONE; use++) {
        if (use->role != RIG_CALC_DERIVED)
            print_use(use);
    }
    printf("  %-30s %s\n  %-30s %s\n", "    --json", "one JSON document on standard output",
           "-h, --help", "this text");
    for (const rig_calc_inverse *i = f->inverses; i->id != RIG_CALC_NONE; i++)
        printf("%s  %-22s %s\n", i == f->inverses ? "\nFinds, when it is left out:\n" : "",
               rig_calc_arguments[i->id].name, i->meaning);
    for (const rig_calc_output *o = f->outputs; o->name != NULL; o++)
        printf("%s  %-22s %-6s %s\n", o == f->outputs ? "\nGives:\n" : "", o->name,
               unit_of(o->name), o->meaning);
    printf("\nSource: %s\n", f->source);
}
