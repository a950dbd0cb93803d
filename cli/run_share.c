/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/run_share.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "analyzer/mask.h"
#include "cli/console.h"
#include "cli/run_agents.h"
#include "cli/run_ladders.h"
#include "core/atomic_file.h"
#include "core/csv.h"
#include "reports/html.h"
#include "reports/json_file.h"
#include "reports/junit.h"
#include "reports/mask_result.h"
#include "scenarios/scenario.h"

enum { MAX_NAMES = 40, MAX_NAME = 200, MAX_TEXT = 4096 };

/* ---- names ---- */

typedef struct names {
    char texts[MAX_NAMES][MAX_NAME];
    const char *items[MAX_NAMES];
    size_t n;
} names;

static void add(names *list, const char *format, const char *text)
{
    if (text == NULL || text[0] == '\0' || list->n == MAX_NAMES)
        return;
    (void)snprintf(list->texts[list->n], MAX_NAME, format, text);
    list->items[list->n] = list->texts[list->n];
    list->n++;
}

/* A short number cannot be told from a count but where it is quoted. */
static void collect_names(const rig_scenario *scenario, names *list)
{
    add(list, "%s", scenario->callers.auth.user);
    add(list, "\"%s\"", scenario->callers.dial);
    add(list, "tel:%s", scenario->callers.dial);
    add(list, "\"%s\"", scenario->callers.redial.backup.dial);
    add(list, "tel:%s", scenario->callers.redial.backup.dial);
    for (size_t i = 0; i < scenario->callers.n_classes; i++) {
        add(list, "\"%s\"", scenario->callers.classes[i].dial);
        add(list, "tel:%s", scenario->callers.classes[i].dial);
    }
    if (!rig_target_is_embedded(&scenario->target))
        add(list, "%s", scenario->target.host);
}

/* ---- tables ---- */

static void put_field(FILE *out, const char *text)
{
    if (strpbrk(text, ",\"\r\n") == NULL) {
        (void)fputs(text, out);
        return;
    }
    (void)fputc('"', out);
    for (; *text != '\0'; text++) {
        if (*text == '"')
            (void)fputc('"', out);
        (void)fputc(*text, out);
    }
    (void)fputc('"', out);
}

/* Columns by their names: the others hold instants, counts and words of ours. */
static void put_masked(FILE *out, const char *column, const char *text, const rig_mask *mask)
{
    char id[RIG_MASK_ID_SIZE], masked[MAX_TEXT];
    const bool is_call_id = strcmp(column, "call_id") == 0 || strcmp(column, "call_back_of") == 0;
    if (text[0] != '\0' && is_call_id) {
        rig_mask_id(mask, rig_slice_of(text), id);
        put_field(out, id);
    } else if (strcmp(column, "choice") == 0) {
        rig_mask_keys(mask, text, id);
        put_field(out, id);
    } else if (strcmp(column, "reason") == 0) {
        rig_mask_text(mask, text, masked, sizeof masked);
        put_field(out, masked);
    } else {
        put_field(out, text);
    }
}

/* Stamps stand in front; the header row is the first other line. */
static rig_status put_head(FILE *out, const char *path, rig_error *err)
{
    char *text = NULL;
    rig_status status = rig_file_read(path, &text, NULL, err);
    if (status != RIG_OK)
        return status;
    char *line = text;
    while (*line == '#') {
        const size_t n = strcspn(line, "\n") + 1;
        (void)fwrite(line, 1, n, out);
        line += n;
    }
    (void)fputs("# masked: Call-IDs and reasons\n", out);
    line[strcspn(line, "\r\n")] = '\0';
    (void)fprintf(out, "%s\n", line);
    free(text);
    return RIG_OK;
}

static void put_rows(FILE *out, const rig_csv *csv, const rig_mask *mask)
{
    for (size_t row = 0; row < rig_csv_n_rows(csv); row++) {
        for (size_t column = 0; column < rig_csv_n_columns(csv); column++) {
            (void)fputs(column > 0 ? "," : "", out);
            put_masked(out, rig_csv_name(csv, column), rig_csv_field(csv, row, column), mask);
        }
        (void)fputc('\n', out);
    }
}

static rig_status share_table(const char *from, const char *to, const rig_mask *mask,
                              rig_error *err)
{
    rig_csv *csv = NULL;
    rig_atomic_file *file = NULL;
    if (access(from, F_OK) != 0)
        return RIG_OK; /* of an earlier version, or not written */
    rig_status status = rig_csv_read(from, &csv, err);
    if (status == RIG_OK)
        status = rig_atomic_file_new(to, &file, err);
    if (status == RIG_OK)
        status = put_head(rig_atomic_file_stream(file), from, err);
    if (status == RIG_OK) {
        put_rows(rig_atomic_file_stream(file), csv, mask);
        status = rig_atomic_file_commit(file, err);
    } else {
        rig_atomic_file_abandon(file);
    }
    rig_csv_free(csv);
    return status;
}

/* ---- all ---- */

static rig_status share_result(const rig_run_dir *run, const rig_run_dir *to, const rig_mask *mask,
                               rig_error *err)
{
    json_t *document = NULL, *masked = NULL;
    rig_scenario *scenario = NULL;
    rig_ladders *ladders = NULL;
    rig_call_group_table *agents = NULL;
    names list = {.n = 0};
    rig_status status = rig_scenario_read(run->scenario, NULL, 0, &scenario, err);
    if (status == RIG_OK)
        status = rig_json_read(run->result, &document, err);
    if (status == RIG_OK)
        status = rig_run_ladders_collect(run, document, &ladders, err);
    if (status == RIG_OK && ladders != NULL)
        status = rig_ladders_mask(ladders, mask, err);
    if (status == RIG_OK)
        status = rig_run_agents_collect(run, scenario->time_scale, &agents, err);
    if (status == RIG_OK && agents != NULL)
        status = rig_run_agents_mask(agents, mask, err);
    if (status == RIG_OK) {
        collect_names(scenario, &list);
        status =
            rig_result_mask(document, mask, &(rig_result_names){list.items, list.n}, &masked, err);
    }
    if (status == RIG_OK)
        status = rig_json_write(masked, to->result, err);
    if (status == RIG_OK)
        status = rig_report_junit(masked, to->junit, err);
    if (status == RIG_OK)
        status = rig_report_html(masked, to->dir, &(rig_report_wire){ladders, agents},
                                 rig_console_language(), err);
    json_decref(masked);
    json_decref(document);
    rig_ladders_free(ladders);
    rig_groups_table_free(agents);
    rig_scenario_free(scenario);
    return status;
}

rig_status rig_run_share(const rig_run_dir *run, const char *dir, const char *key_file,
                         rig_error *err)
{
    rig_run_dir to;
    rig_mask *mask = NULL;
    rig_status status = key_file != NULL ? rig_mask_new_from_file(key_file, &mask, err)
                                         : rig_mask_new(NULL, &mask, err);
    if (status == RIG_OK)
        status = rig_run_dir_share(dir, &to, err);
    if (status == RIG_OK)
        status = share_table(run->calls, to.calls, mask, err);
    if (status == RIG_OK)
        status = share_table(run->differences, to.differences, mask, err);
    if (status == RIG_OK)
        status = share_result(run, &to, mask, err);
    rig_mask_free(mask);
    return status;
}
