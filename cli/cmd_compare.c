/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/console.h"
#include "cli/options.h"
#include "cli/run_sought.h"
#include "history/compare.h"
#include "history/when.h"
#include "reports/comparison_json.h"
#include "reports/history_csv.h"
#include "reports/json_file.h"

/* Columns of the widest row. */
enum { WIDE = 160 };

static const rig_usage_text usage = {
    "compare", "A B",
    N_("Is what changed between two runs real? A is the earlier one; each is the folder of a\n"
       "run, an id of `peakrig history`, last or last-passed. Runs of the same calls (the same\n"
       "seed and schedule) are compared call by call. Exits with 1 when a figure is certain to\n"
       "be worse in B (5 %, corrected over all rows), with 0 when none is.")};

/* A figure in its unit: shares in per cent. */
static const char *figure(double value, const char *unit, char text[32])
{
    const bool is_share = strcmp(unit, "1") == 0;
    if (!isfinite(value))
        return "n/a";
    (void)snprintf(text, 32, is_share ? "%.2f %%" : "%.2f", is_share ? 100.0 * value : value);
    return text;
}

/* "+8.59 (+7.91..+9.27)" in percentage points or the unit. */
static const char *change(const rig_history_row *row, char text[64])
{
    const double scale = strcmp(row->unit, "1") == 0 ? 100.0 : 1.0;
    if (!isfinite(row->difference))
        return "n/a";
    if (!isfinite(row->low))
        (void)snprintf(text, 64, "%+.2f", scale * row->difference);
    else
        (void)snprintf(text, 64, "%+.2f (%+.2f..%+.2f)", scale * row->difference, scale * row->low,
                       scale * row->high);
    return text;
}

static void print_side(const char *letter, const rig_history_run *run)
{
    char start[RIG_HISTORY_WHEN_SIZE];
    char *labels = rig_report_history_labels(run);
    rig_history_when_text(run->counts[RIG_HISTORY_START_MS], start);
    printf("%s  %s  %s  %s  %s%s%s\n", letter, run->id, start,
           rig_console_cell(run->texts[RIG_HISTORY_JUDGEMENT], -12).text,
           run->texts[RIG_HISTORY_SCENARIO], run->n_labels > 0 ? "  " : "",
           labels != NULL ? labels : "");
    free(labels);
}

/* What makes two runs less alike than they look. */
static void print_notes(const rig_history_run *a, const rig_history_run *b,
                        const rig_history_comparison *c)
{
    const rig_history_run *const sides[] = {a, b};
    if (c->is_paired)
        rig_console_say("paired: both played the same %zu calls (seed %lld)", strlen(a->calls),
                        (long long)a->counts[RIG_HISTORY_SEED]);
    else
        rig_console_say("unpaired, which is less sharp: %s", rig_console_words(c->why_unpaired));
    if (strcmp(a->texts[RIG_HISTORY_SCENARIO], b->texts[RIG_HISTORY_SCENARIO]) != 0)
        rig_console_say("note: the scenarios have different names");
    for (int i = 0; i < 2; i++) {
        if (strcmp(sides[i]->texts[RIG_HISTORY_JUDGEMENT], "INVALID") == 0)
            rig_console_say("note: %s is INVALID: its load or capture was not what it should be",
                            i == 0 ? "A" : "B");
        if (strcmp(sides[i]->texts[RIG_HISTORY_STATUS], "complete") != 0)
            rig_console_say(
                "note: %s was stopped before its end: calls that were not placed are left out",
                i == 0 ? "A" : "B");
    }
}

static const char *p_value(const rig_history_row *row, char text[32])
{
    (void)snprintf(text, 32, "n/a");
    if (!isnan(row->p_holm))
        (void)snprintf(text, 32, row->p_holm < 0.0001 ? "<0.0001" : "%.4f", row->p_holm);
    return text;
}

static const char *change_of(const rig_history_row *row)
{
    return isnan(row->p_holm) ? "-" : rig_history_change_name(row->change);
}

static void print_method(const rig_history_row *row)
{
    printf("%s", rig_console_words(rig_history_method_name(row->method)));
    if (row->method == RIG_HISTORY_MCNEMAR)
        rig_console_print(": %.0f pairs, %.0f only in A, %.0f only in B", row->n, row->n_only_a,
                          row->n_only_b);
    putchar('\n');
}

static void print_row(const rig_history_row *row)
{
    char a[32], b[32], d[64], p[32];
    printf("%-20s | %s | %s | %s | %s | %s | ", row->name,
           rig_console_cell(figure(row->a, row->unit, a), 10).text,
           rig_console_cell(figure(row->b, row->unit, b), 10).text,
           rig_console_cell(change(row, d), -28).text, rig_console_cell(p_value(row, p), -7).text,
           rig_console_cell(change_of(row), -7).text);
    print_method(row);
}

/* For a terminal that has no room for a row: three lines. */
static void print_narrow_row(const rig_history_row *row)
{
    char a[32], b[32], d[64], p[32];
    printf(
        "%-20s %s -> %s  %s\n", row->name, rig_console_cell(figure(row->a, row->unit, a), 10).text,
        rig_console_cell(figure(row->b, row->unit, b), 10).text, rig_console_words(change_of(row)));
    rig_console_print("    B - A %s, p (Holm) %s\n", rig_console_cell(change(row, d), 0).text,
                      rig_console_cell(p_value(row, p), 0).text);
    fputs("    ", stdout);
    print_method(row);
}

static void print_rows(const rig_history_comparison *c)
{
    const unsigned width = rig_console_width();
    if (width > 0 && width < WIDE) {
        rig_console_print("figure, A -> B; B - A (95 %%)\n");
        for (size_t i = 0; i < c->n_rows; i++)
            print_narrow_row(&c->rows[i]);
        return;
    }
    rig_console_print(
        "figure               |          A |          B | B - A (95 %%)                 "
        "| p, Holm | change  | method\n");
    printf(
        "---------------------+------------+------------+------------------------------+---------"
        "+---------+----------\n");
    for (size_t i = 0; i < c->n_rows; i++)
        print_row(&c->rows[i]);
}

static void print_verdict(const rig_history_comparison *c)
{
    char d[64];
    if (c->n_worse == 0) {
        rig_console_say("no real change for the worse");
        return;
    }
    for (size_t i = 0; i < c->n_rows; i++) {
        const rig_history_row *row = &c->rows[i];
        if (row->change == RIG_HISTORY_WORSE)
            rig_console_say("WORSE: %s %s by %s %s", row->name,
                            rig_console_words(row->difference > 0.0 ? N_("rose") : N_("fell")),
                            change(row, d),
                            rig_console_words(strcmp(row->unit, "1") == 0 ? N_("percentage points")
                                                                          : row->unit));
    }
}

static void print_all(const rig_run_found found[2], const rig_history_comparison *c)
{
    print_side("A", found[0].run);
    print_side("B", found[1].run);
    print_notes(found[0].run, found[1].run, c);
    putchar('\n');
    print_rows(c);
    putchar('\n');
    print_verdict(c);
}

static rig_status print_json(const rig_run_found found[2], const rig_history_comparison *c,
                             rig_error *err)
{
    json_t *document = NULL;
    if (rig_json_of_comparison(found[0].run, found[1].run, c, &document) != RIG_OK)
        return rig_fail(err, RIG_ENOMEM, "comparison: out of memory");
    rig_status status = rig_json_print(document, RIG_JSON_DIGITS, stdout, err);
    json_decref(document);
    return status;
}

int rig_cmd_compare(int argc, char **argv)
{
    const char *file = NULL;
    bool is_json = false;
    const rig_option options[] = {
        {"history", 0, RIG_OPTION_TEXT, &file, "FILE",
         N_("the history (runs/history.db, or history.db where only that is there)")},
        {"json", 0, RIG_OPTION_FLAG, &is_json, NULL, N_("one JSON document on standard output")},
        {.name = NULL}};
    rig_texts operands;
    int exit_code;
    if (!rig_options_read(argc, argv, &usage, options, &operands, &exit_code))
        return exit_code;
    if (operands.n != 2)
        return rig_console_usage("compare", "expected two runs, A and B");
    rig_error err = {0};
    rig_run_found found[2] = {{.run = NULL}, {.run = NULL}};
    rig_history_comparison comparison = {.n_rows = 0};
    rig_status status = rig_run_sought_pair(file, operands.items, found, &err);
    if (status == RIG_OK &&
        rig_history_compare(found[0].run, found[0].waits.of_call_s, found[1].run,
                            found[1].waits.of_call_s, &comparison) != RIG_OK)
        status = rig_fail(&err, RIG_ENOMEM, "comparison: out of memory");
    if (status == RIG_OK && is_json)
        status = print_json(found, &comparison, &err);
    else if (status == RIG_OK)
        print_all(found, &comparison);
    rig_run_found_clear(&found[0]);
    rig_run_found_clear(&found[1]);
    if (status != RIG_OK)
        return rig_console_fail(&err);
    return comparison.n_worse > 0 ? 1 : 0;
}
