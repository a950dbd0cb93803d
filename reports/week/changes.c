/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "history/compare.h"
#include "history/when.h"
#include "reports/html/parts.h"
#include "reports/html/text.h"
#include "reports/week/part.h"

/* The last of the first n runs that says something of the centre. NULL: none. */
static const rig_history_run *last_valid(const rig_week_part *part, size_t from, size_t n)
{
    for (size_t i = n; i > from; i--)
        if (strcmp(part->runs.items[i - 1]->texts[RIG_HISTORY_JUDGEMENT], "INVALID") != 0)
            return part->runs.items[i - 1];
    return NULL;
}

static void print_labels(const rig_history_run *run, FILE *out)
{
    for (size_t i = 0; i < run->n_labels; i++) {
        (void)fputs(i == 0 ? "" : ", ", out);
        rig_html_text(out, run->labels[i].key);
        (void)fputc('=', out);
        rig_html_text(out, run->labels[i].value);
    }
}

static void print_run(const rig_history_run *run, FILE *out)
{
    char when[RIG_HISTORY_WHEN_SIZE];
    rig_history_when_text(run->counts[RIG_HISTORY_START_MS], when);
    (void)fprintf(out, "%s, <span class=\"hash\">%s</span>", when, run->id);
    (void)fputs(run->n_labels > 0 ? " (" : "", out);
    print_labels(run, out);
    (void)fputs(run->n_labels > 0 ? ")" : "", out);
}

/* What else is not as it was: the calls, the scenario, the program. */
static void print_inputs(const rig_history_run *a, const rig_history_run *b,
                         const rig_history_comparison *c, FILE *out)
{
    static const struct {
        rig_history_text text;
        const char *words;
    } inputs[] = {{RIG_HISTORY_SCENARIO_SHA256, "the scenario file"},
                  {RIG_HISTORY_TARGET, "who was called"},
                  {RIG_HISTORY_DEFECTS, "the embedded centre's seeded defects"},
                  {RIG_HISTORY_VERSION, "peakrig"}};
    if (c->is_paired)
        (void)fputs("<p>Both played the same calls: compared call by call.</p>\n", out);
    else
        (void)fprintf(out, "<p>Not the same calls, which is less sharp: %s.</p>\n",
                      c->why_unpaired);
    bool is_first = true;
    for (size_t i = 0; i < sizeof inputs / sizeof *inputs; i++) {
        if (strcmp(a->texts[inputs[i].text], b->texts[inputs[i].text]) == 0)
            continue;
        (void)fprintf(out, "%s%s", is_first ? "<p>Changed in between: " : ", ", inputs[i].words);
        is_first = false;
    }
    (void)fputs(is_first ? "" : ".</p>\n", out);
}

static void print_row(const rig_history_row *row, FILE *out)
{
    const bool is_share = strcmp(row->unit, "1") == 0;
    const bool is_real = row->change != RIG_HISTORY_SAME;
    char words[40];
    (void)fprintf(out, "<tr%s><th scope=\"row\">%s</th>",
                  row->change == RIG_HISTORY_WORSE ? " class=\"finding warn\"" : "", row->name);
    (void)fprintf(out, "<td class=\"n\" data-label=\"before\">%s</td>",
                  rig_html_in_unit(row->a, row->unit).text);
    (void)fprintf(out, "<td class=\"n\" data-label=\"this week\">%s</td>",
                  rig_html_in_unit(row->b, row->unit).text);
    (void)fprintf(out, "<td class=\"n\" data-label=\"difference\">%s",
                  is_share ? rig_html_points(row->difference).text
                           : rig_html_in_unit(row->difference, row->unit).text);
    if (isfinite(row->low) && is_share)
        (void)fprintf(out, "<small>%s</small>", rig_html_points_range(row->low, row->high).text);
    else if (isfinite(row->low))
        (void)fprintf(out, "<small>%s to %s</small>", rig_html_in_unit(row->low, row->unit).text,
                      rig_html_in_unit(row->high, row->unit).text);
    (void)snprintf(words, sizeof words, "%s", is_real ? rig_history_change_name(row->change) : "-");
    (void)fprintf(out, "</td><td data-label=\"change\">%s</td></tr>\n", words);
}

static void print_table(const rig_history_comparison *c, FILE *out)
{
    static const char *const heads[] = {"figure", "#before", "#this week", "#difference", "change"};
    rig_html_table_begin(out, "\"-\" is not told apart from chance (5 %, corrected over all rows)",
                         true);
    rig_html_table_heads(out, heads, sizeof heads / sizeof *heads);
    for (size_t i = 0; i < c->n_rows; i++)
        if (isfinite(c->rows[i].a) && isfinite(c->rows[i].b))
            print_row(&c->rows[i], out);
    rig_html_table_end(out);
}

rig_status rig_week_changes_print(const rig_week_part *part, FILE *out)
{
    const rig_history_run *a = last_valid(part, 0, part->n_earlier);
    const rig_history_run *b = last_valid(part, part->n_earlier, part->runs.n);
    rig_history_comparison comparison = {.n_rows = 0};
    if (a == NULL || b == NULL) {
        (void)fprintf(out, "<p class=\"none\">%s</p>\n",
                      b == NULL ? "No run of this week was valid."
                                : "There is no valid run of an earlier week to compare with.");
        return RIG_OK;
    }
    const rig_status status = rig_history_compare(a, NULL, b, NULL, &comparison);
    if (status != RIG_OK)
        return status;
    (void)fputs("<p>Before: ", out);
    print_run(a, out);
    (void)fputs(". This week: ", out);
    print_run(b, out);
    (void)fputs(".</p>\n", out);
    print_inputs(a, b, &comparison, out);
    print_table(&comparison, out);
    return RIG_OK;
}

/* ---- what did not pass ---- */

static void print_failure(const rig_history_run *run, FILE *out)
{
    char when[RIG_HISTORY_WHEN_SIZE];
    rig_history_when_text(run->counts[RIG_HISTORY_START_MS], when);
    (void)fprintf(out, "<tr><th scope=\"row\">%s<small class=\"hash\">%s</small></th>", when,
                  run->id);
    (void)fputs("<td data-label=\"verdict\">", out);
    rig_html_badge(out, run->texts[RIG_HISTORY_JUDGEMENT]);
    (void)fputs("</td><td data-label=\"labels\">", out);
    print_labels(run, out);
    (void)fputs(run->n_labels > 0 ? "</td>" : "-</td>", out);
    (void)fputs("<td data-label=\"why\">", out);
    rig_html_text(out, run->texts[RIG_HISTORY_SUMMARY]);
    if (run->texts[RIG_HISTORY_CAUSE][0] != '\0') {
        (void)fputs("<small>", out);
        rig_html_text(out, run->texts[RIG_HISTORY_CAUSE]);
        (void)fputs("</small>", out);
    }
    (void)fputs("</td></tr>\n", out);
}

void rig_week_failures_print(const rig_week_part *part, FILE *out)
{
    static const char *const heads[] = {"run", "verdict", "labels", "why"};
    size_t n = 0;
    for (size_t i = part->n_earlier; i < part->runs.n; i++) {
        const rig_history_run *run = part->runs.items[i];
        if (strcmp(run->texts[RIG_HISTORY_JUDGEMENT], "PASS") == 0)
            continue;
        if (n++ == 0) {
            rig_html_table_begin(out, "the verdict's sentence; below it the first finding", true);
            rig_html_table_heads(out, heads, sizeof heads / sizeof *heads);
        }
        print_failure(run, out);
    }
    if (n > 0)
        rig_html_table_end(out);
    else
        (void)fputs("<p class=\"none\">Every run of this week passed.</p>\n", out);
}
