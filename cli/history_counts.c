/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/history_counts.h"

#include <stdio.h>
#include <stdlib.h>

#include "cli/console.h"
#include "history/counts.h"
#include "reports/json_builder.h"
#include "reports/json_file.h"

/* In files: a row's numbers, in the order of rig_history_end_name. */
static const char *const keys[RIG_HISTORY_N_ENDS] = {"pass", "fail", "inconclusive", "invalid",
                                                     "not_judged"};
/* Columns of a terminal, for their heads in any language. */
static const int widths[RIG_HISTORY_N_ENDS] = {6, 6, 12, 7, 10};

static void print_text(const rig_history_ends *counts, size_t n, rig_history_by by)
{
    if (n == 0) {
        rig_console_say("no such run");
        return;
    }
    printf("%s  %s", rig_console_cell(N_("begins (UTC)"), -12).text,
           rig_console_cell(N_("runs"), 6).text);
    for (size_t k = 0; k < RIG_HISTORY_N_ENDS; k++)
        printf("  %s", rig_console_cell(rig_history_end_name(k), widths[k]).text);
    putchar('\n');
    for (size_t i = 0; i < n; i++) {
        char when[RIG_HISTORY_WHEN_SIZE];
        rig_history_by_text(by, counts[i].start_ms, when);
        printf("%-12s  %6zu", when, counts[i].n);
        for (size_t k = 0; k < RIG_HISTORY_N_ENDS; k++)
            printf("  %*zu", widths[k], counts[i].n_end[k]);
        putchar('\n');
    }
}

static void print_csv(const rig_history_ends *counts, size_t n, rig_history_by by)
{
    printf("start,runs");
    for (size_t k = 0; k < RIG_HISTORY_N_ENDS; k++)
        printf(",%s", keys[k]);
    putchar('\n');
    for (size_t i = 0; i < n; i++) {
        char when[RIG_HISTORY_WHEN_SIZE];
        rig_history_by_text(by, counts[i].start_ms, when);
        printf("%s,%zu", when, counts[i].n);
        for (size_t k = 0; k < RIG_HISTORY_N_ENDS; k++)
            printf(",%zu", counts[i].n_end[k]);
        putchar('\n');
    }
}

static rig_status print_json(const rig_history_ends *counts, size_t n, rig_history_by by,
                             rig_error *err)
{
    json_t *document = NULL;
    rig_json_builder b;
    rig_json_begin(&b);
    rig_json_add_text(&b, "format", "peakrig history counts 1");
    rig_json_add_text(&b, "by", rig_history_by_name(by));
    rig_json_open_list(&b, "rows");
    for (size_t i = 0; i < n; i++) {
        char when[RIG_HISTORY_WHEN_SIZE];
        rig_history_by_text(by, counts[i].start_ms, when);
        rig_json_open_object(&b, NULL);
        rig_json_add_text(&b, "start", when);
        rig_json_add_integer(&b, "start_ms", counts[i].start_ms);
        rig_json_add_count(&b, "runs", counts[i].n);
        for (size_t k = 0; k < RIG_HISTORY_N_ENDS; k++)
            rig_json_add_count(&b, keys[k], counts[i].n_end[k]);
        rig_json_close(&b);
    }
    rig_json_close(&b);
    if (rig_json_end(&b, &document) != RIG_OK)
        return rig_fail(err, RIG_ENOMEM, "history: out of memory");
    rig_status status = rig_json_print(document, RIG_JSON_DIGITS, stdout, err);
    json_decref(document);
    return status;
}

rig_status rig_run_counts_print(const rig_history_runs *runs, rig_history_by by,
                                rig_run_counts_form form, rig_error *err)
{
    rig_history_ends *counts = NULL;
    size_t n = 0;
    rig_status status = rig_history_count_by(runs, by, &counts, &n);
    if (status != RIG_OK)
        return rig_fail(err, status, "history: out of memory");
    if (form == RIG_RUN_COUNTS_JSON)
        status = print_json(counts, n, by, err);
    else if (form == RIG_RUN_COUNTS_CSV)
        print_csv(counts, n, by);
    else
        print_text(counts, n, by);
    free(counts);
    return status;
}
