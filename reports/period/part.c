/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/period/part.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/temporary.h"
#include "history/trend.h"
#include "reports/html/parts.h"
#include "reports/html/svg.h"
#include "reports/html/text.h"
#include "reports/period/words.h"
#include "reports/trend_report.h"

/* What is shown over the weeks or months. */
static const char *const figures[] = {"lost_trunk", "lost_ivr", "lost_queue", "lost_agent",
                                      "connect_rate"};
enum { N_FIGURES = sizeof figures / sizeof *figures };

typedef struct trends {
    rig_history_trend of[N_FIGURES];
} trends;

static rig_status make_trends(const rig_period_part *part, trends *t)
{
    rig_status status = RIG_OK;
    for (size_t k = 0; k < N_FIGURES && status == RIG_OK; k++)
        status = rig_history_trend_of(&part->runs, figures[k], part->by, &t->of[k]);
    return status;
}

static void clear_trends(trends *t)
{
    for (size_t k = 0; k < N_FIGURES; k++)
        rig_history_trend_clear(&t->of[k]);
}

static const rig_history_point *point_of(const rig_history_trend *trend, int64_t start_ms)
{
    for (size_t i = 0; i < trend->n; i++)
        if (trend->points[i].start_ms == start_ms)
            return &trend->points[i];
    return NULL;
}

static void print_mean(const rig_history_trend *trend, int64_t start_ms, const char *label,
                       const rig_page *page)
{
    const rig_history_point *p = point_of(trend, start_ms);
    (void)fprintf(
        page->out, "<td class=\"n\" data-label=\"%s\">%s", rig_page_words(page, label),
        rig_page_figure(page, rig_html_in_unit(p != NULL ? p->mean : NAN, "1").text).text);
    if (p != NULL && isfinite(p->predicted))
        rig_page_say(page, "<small>predicted %s</small>", rig_html_percent(p->predicted).text);
    (void)fputs("</td>", page->out);
}

/* Runs of the week or month that begins then, and how many of them did not pass. */
static size_t count_period(const rig_period_part *part, int64_t start_ms, size_t *n_other)
{
    size_t n = 0;
    *n_other = 0;
    for (size_t i = 0; i < part->runs.n; i++) {
        const rig_history_run *run = part->runs.items[i];
        if (rig_history_by_start(part->by, run->counts[RIG_HISTORY_START_MS]) != start_ms)
            continue;
        n++;
        *n_other += strcmp(run->texts[RIG_HISTORY_JUDGEMENT], "PASS") != 0;
    }
    return n;
}

static void print_periods(const rig_period_part *part, const trends *t, const rig_page *page)
{
    const rig_period_words *words = rig_period_words_of(part->by);
    const char *const heads[] = {words->period,   "#" N_("runs"),     "#" N_("not passed"),
                                 "#" N_("trunk"), "#" N_("IVR"),      "#" N_("queue"),
                                 "#" N_("agent"), "#" N_("connected")};
    rig_html_table_begin(page, words->means, true);
    rig_html_table_heads(page, heads, sizeof heads / sizeof *heads);
    int64_t before_ms = INT64_MIN;
    for (size_t i = 0; i < part->runs.n; i++) {
        const int64_t start_ms =
            rig_history_by_start(part->by, part->runs.items[i]->counts[RIG_HISTORY_START_MS]);
        char period[RIG_HISTORY_WHEN_SIZE];
        size_t n_other;
        if (start_ms == before_ms)
            continue;
        before_ms = start_ms;
        rig_history_by_text(part->by, start_ms, period);
        const size_t n = count_period(part, start_ms, &n_other);
        rig_page_say(page,
                     "<tr><th scope=\"row\" class=\"when\">%s</th><td class=\"n\" "
                     "data-label=\"runs\">%zu</td>"
                     "<td class=\"n\" data-label=\"not passed\">%zu</td>",
                     period, n, n_other);
        for (size_t k = 0; k < N_FIGURES; k++)
            print_mean(&t->of[k], start_ms, heads[k + 3] + 1, page);
        (void)fputs("</tr>\n", page->out);
    }
    rig_html_table_end(page);
}

/* ---- pictures ---- */

/* One picture, drawn and put into the page. @return RIG_OK; RIG_EENV without gnuplot; others. */
static rig_status put_picture(const rig_history_trend *trend, const char *name, rig_history_by by,
                              const char *folder, size_t number, const rig_page *page)
{
    char path[RIG_TEMPORARY_SIZE + 20], prefix[64];
    rig_error ignored;
    (void)snprintf(path, sizeof path, "%s/period.svg", folder);
    (void)snprintf(prefix, sizeof prefix, "w%zu-%s-", number, name);
    for (char *c = prefix; *c != '\0'; c++)
        *c = *c == '_' ? '-' : *c;
    rig_status status = rig_report_trend_small_svg(trend, name, by, path, &ignored);
    if (status == RIG_OK) {
        (void)fputs("<figure><div class=\"plot\">", page->out);
        status = rig_html_svg(page->out, path,
                              &(rig_html_picture){prefix, name, page->language, NULL}, &ignored);
        (void)fputs("</div></figure>\n", page->out);
    }
    (void)unlink(path);
    return status;
}

static rig_status print_pictures(const trends *t, rig_history_by by, size_t number,
                                 const rig_page *page)
{
    char folder[RIG_TEMPORARY_SIZE];
    rig_status status = rig_temporary_make("page", folder, NULL);
    (void)fputs(rig_page_words(page, rig_period_words_of(by)->legend), page->out);
    for (size_t k = 0; k < N_FIGURES && status == RIG_OK; k++)
        if (t->of[k].n > 0)
            status = put_picture(&t->of[k], figures[k], by, folder, number, page);
    (void)fputs("</div>\n", page->out);
    if (folder[0] != '\0')
        rig_temporary_remove(folder);
    if (status != RIG_OK && status != RIG_ENOMEM)
        rig_html_not_available(page); /* the table has all figures */
    return status == RIG_ENOMEM ? status : RIG_OK;
}

rig_status rig_period_part_print(const rig_period_part *part, size_t number, const rig_page *page)
{
    trends t = {.of = {{.n = 0}}};
    rig_status status = make_trends(part, &t);
    if (status == RIG_OK) {
        (void)fputs("<section>\n<h2>", page->out);
        rig_html_text(page->out, part->scenario);
        (void)fputs(rig_page_words(page, rig_period_words_of(part->by)->over_periods), page->out);
        status = print_pictures(&t, part->by, number, page);
        print_periods(part, &t, page);
    }
    clear_trends(&t);
    if (status == RIG_OK) {
        (void)fputs("</section>\n<section>\n<h2>", page->out);
        rig_html_text(page->out, part->scenario);
        rig_page_put(page, ": what changed</h2>\n");
        status = rig_period_changes_print(part, page);
    }
    if (status == RIG_OK) {
        (void)fputs("</section>\n<section>\n<h2>", page->out);
        rig_html_text(page->out, part->scenario);
        rig_page_put(page, ": what did not pass, and why</h2>\n");
        rig_period_failures_print(part, page);
        (void)fputs("</section>\n", page->out);
    }
    return status;
}
