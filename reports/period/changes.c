/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "history/compare.h"
#include "history/when.h"
#include "reports/html/parts.h"
#include "reports/html/text.h"
#include "reports/period/words.h"
#include "reports/period/part.h"

/* The last of the first n runs that says something of the centre. NULL: none. */
static const rig_history_run *last_valid(const rig_period_part *part, size_t from, size_t n)
{
    for (size_t i = n; i > from; i--)
        if (strcmp(part->runs.items[i - 1]->texts[RIG_HISTORY_JUDGEMENT], "INVALID") != 0)
            return part->runs.items[i - 1];
    return NULL;
}

static void print_labels(const rig_history_run *run, const rig_page *page)
{
    for (size_t i = 0; i < run->n_labels; i++) {
        (void)fputs(i == 0 ? "" : ", ", page->out);
        rig_html_text(page->out, run->labels[i].key);
        (void)fputc('=', page->out);
        rig_html_text(page->out, run->labels[i].value);
    }
}

static void print_run(const rig_history_run *run, const rig_page *page)
{
    char when[RIG_HISTORY_WHEN_SIZE];
    rig_history_when_text(run->counts[RIG_HISTORY_START_MS], when);
    rig_page_say(page, "%s, <span class=\"hash\">%s</span>", when, run->id);
    (void)fputs(run->n_labels > 0 ? " (" : "", page->out);
    print_labels(run, page);
    (void)fputs(run->n_labels > 0 ? ")" : "", page->out);
}

/* What else is not as it was: the calls, the scenario, the program. */
static void print_inputs(const rig_history_run *a, const rig_history_run *b,
                         const rig_history_comparison *c, const rig_page *page)
{
    static const struct {
        rig_history_text text;
        const char *words;
    } inputs[] = {{RIG_HISTORY_SCENARIO_SHA256, N_("the scenario file")},
                  {RIG_HISTORY_TARGET, N_("who was called")},
                  {RIG_HISTORY_DEFECTS, N_("the embedded centre's seeded defects")},
                  {RIG_HISTORY_VERSION, "peakrig"}};
    if (c->is_paired)
        rig_page_put(page, "<p>Both played the same calls: compared call by call.</p>\n");
    else
        rig_page_say(page, "<p>Not the same calls, which is less sharp: %s.</p>\n",
                     rig_page_words(page, c->why_unpaired));
    bool is_first = true;
    for (size_t i = 0; i < sizeof inputs / sizeof *inputs; i++) {
        if (strcmp(a->texts[inputs[i].text], b->texts[inputs[i].text]) == 0)
            continue;
        (void)fprintf(page->out, "%s%s",
                      is_first ? rig_page_words(page, N_("<p>Changed in between: ")) : ", ",
                      rig_page_words(page, inputs[i].words));
        is_first = false;
    }
    if (!is_first)
        rig_page_put(page, ".</p>\n");
}

static void print_row(const rig_history_row *row, const char *here, const rig_page *page)
{
    const bool is_share = strcmp(row->unit, "1") == 0;
    const bool is_real = row->change != RIG_HISTORY_SAME;
    (void)fprintf(page->out, "<tr%s><th scope=\"row\">%s</th>",
                  row->change == RIG_HISTORY_WORSE ? " class=\"finding warn\"" : "", row->name);
    rig_page_say(page, "<td class=\"n\" data-label=\"before\">%s</td>",
                 rig_page_in_unit(page, row->a, row->unit).text);
    (void)fprintf(page->out, "<td class=\"n\" data-label=\"%s\">%s</td>",
                  rig_page_words(page, here), rig_page_in_unit(page, row->b, row->unit).text);
    rig_page_say(page, "<td class=\"n\" data-label=\"difference\">%s",
                 is_share ? rig_page_figure(page, rig_html_points(row->difference).text).text
                          : rig_page_in_unit(page, row->difference, row->unit).text);
    if (isfinite(row->low) && is_share)
        (void)fprintf(page->out, "<small>%s</small>",
                      rig_page_figure(page, rig_html_points_range(row->low, row->high).text).text);
    else if (isfinite(row->low))
        rig_page_say(page, "<small>%s to %s</small>",
                     rig_page_in_unit(page, row->low, row->unit).text,
                     rig_page_in_unit(page, row->high, row->unit).text);
    rig_page_say(page, "</td><td data-label=\"change\">%s</td></tr>\n",
                 is_real ? rig_page_words(page, rig_history_change_name(row->change)) : "-");
}

static void print_table(const rig_history_comparison *c, const char *here, const rig_page *page)
{
    char here_at_right[64];
    (void)snprintf(here_at_right, sizeof here_at_right, "#%s", here);
    const char *const heads[] = {N_("figure"), "#" N_("before"), here_at_right,
                                 "#" N_("difference"), N_("change")};
    rig_html_table_begin(page, "\"-\" is not told apart from chance (5 %, corrected over all rows)",
                         true);
    rig_html_table_heads(page, heads, sizeof heads / sizeof *heads);
    for (size_t i = 0; i < c->n_rows; i++)
        if (isfinite(c->rows[i].a) && isfinite(c->rows[i].b))
            print_row(&c->rows[i], here, page);
    rig_html_table_end(page);
}

rig_status rig_period_changes_print(const rig_period_part *part, const rig_page *page)
{
    const rig_period_words *words = rig_period_words_of(part->by);
    const rig_history_run *a = last_valid(part, 0, part->n_earlier);
    const rig_history_run *b = last_valid(part, part->n_earlier, part->runs.n);
    rig_history_comparison comparison = {.n_rows = 0};
    if (a == NULL || b == NULL) {
        (void)fprintf(page->out, "<p class=\"none\">%s</p>\n",
                      rig_page_words(page, b == NULL ? words->none_valid : words->none_earlier));
        return RIG_OK;
    }
    const rig_status status = rig_history_compare(a, NULL, b, NULL, &comparison);
    if (status != RIG_OK)
        return status;
    rig_page_put(page, "<p>Before: ");
    print_run(a, page);
    (void)fputs(rig_page_words(page, words->here), page->out);
    print_run(b, page);
    rig_page_put(page, ".</p>\n");
    print_inputs(a, b, &comparison, page);
    print_table(&comparison, words->this_period, page);
    return RIG_OK;
}

/* ---- what did not pass ---- */

static void print_failure(const rig_history_run *run, const rig_page *page)
{
    char when[RIG_HISTORY_WHEN_SIZE];
    rig_history_when_text(run->counts[RIG_HISTORY_START_MS], when);
    (void)fprintf(page->out, "<tr><th scope=\"row\">%s<small class=\"hash\">%s</small></th>", when,
                  run->id);
    rig_page_put(page, "<td data-label=\"verdict\">");
    rig_html_badge(page, run->texts[RIG_HISTORY_JUDGEMENT]);
    rig_page_put(page, "</td><td data-label=\"labels\">");
    print_labels(run, page);
    (void)fputs(run->n_labels > 0 ? "</td>" : "-</td>", page->out);
    rig_page_put(page, "<td data-label=\"why\">");
    rig_page_retell(page, run->texts[RIG_HISTORY_SUMMARY]);
    if (run->texts[RIG_HISTORY_CAUSE][0] != '\0') {
        (void)fputs("<small>", page->out);
        rig_page_retell(page, run->texts[RIG_HISTORY_CAUSE]);
        (void)fputs("</small>", page->out);
    }
    (void)fputs("</td></tr>\n", page->out);
}

void rig_period_failures_print(const rig_period_part *part, const rig_page *page)
{
    static const char *const heads[] = {N_("run"), N_("verdict"), N_("labels"), N_("why")};
    size_t n = 0;
    for (size_t i = part->n_earlier; i < part->runs.n; i++) {
        const rig_history_run *run = part->runs.items[i];
        if (strcmp(run->texts[RIG_HISTORY_JUDGEMENT], "PASS") == 0)
            continue;
        if (n++ == 0) {
            rig_html_table_begin(page, "the verdict's sentence; below it the first finding", true);
            rig_html_table_heads(page, heads, sizeof heads / sizeof *heads);
        }
        print_failure(run, page);
    }
    if (n > 0)
        rig_html_table_end(page);
    else
        (void)fputs(rig_page_words(page, rig_period_words_of(part->by)->all_passed), page->out);
}
