/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/week/part.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/temporary.h"
#include "history/trend.h"
#include "reports/html/parts.h"
#include "reports/html/svg.h"
#include "reports/html/text.h"
#include "reports/trend_report.h"

/* What is shown over the weeks. */
static const char *const figures[] = {"lost_trunk", "lost_ivr", "lost_queue", "lost_agent",
                                      "connect_rate"};
enum { N_FIGURES = sizeof figures / sizeof *figures };

typedef struct trends {
    rig_history_trend of[N_FIGURES];
} trends;

static rig_status make_trends(const rig_week_part *part, trends *t)
{
    rig_status status = RIG_OK;
    for (size_t k = 0; k < N_FIGURES && status == RIG_OK; k++)
        status = rig_history_trend_of(&part->runs, figures[k], RIG_HISTORY_BY_WEEK, &t->of[k]);
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

/* Runs of the week that begins then, and how many of them did not pass. */
static size_t count_week(const rig_week_part *part, int64_t start_ms, size_t *n_other)
{
    size_t n = 0;
    *n_other = 0;
    for (size_t i = 0; i < part->runs.n; i++) {
        const rig_history_run *run = part->runs.items[i];
        if (rig_history_by_start(RIG_HISTORY_BY_WEEK, run->counts[RIG_HISTORY_START_MS]) !=
            start_ms)
            continue;
        n++;
        *n_other += strcmp(run->texts[RIG_HISTORY_JUDGEMENT], "PASS") != 0;
    }
    return n;
}

static void print_weeks(const rig_week_part *part, const trends *t, const rig_page *page)
{
    static const char *const heads[] = {N_("week"),      "#" N_("runs"),     "#" N_("not passed"),
                                        "#" N_("trunk"), "#" N_("IVR"),      "#" N_("queue"),
                                        "#" N_("agent"), "#" N_("connected")};
    rig_html_table_begin(page, "means of the runs of a week: lost per call that entered the stage",
                         true);
    rig_html_table_heads(page, heads, sizeof heads / sizeof *heads);
    int64_t before_ms = INT64_MIN;
    for (size_t i = 0; i < part->runs.n; i++) {
        const int64_t start_ms = rig_history_by_start(
            RIG_HISTORY_BY_WEEK, part->runs.items[i]->counts[RIG_HISTORY_START_MS]);
        char week[RIG_HISTORY_WHEN_SIZE];
        size_t n_other;
        if (start_ms == before_ms)
            continue;
        before_ms = start_ms;
        rig_history_by_text(RIG_HISTORY_BY_WEEK, start_ms, week);
        const size_t n = count_week(part, start_ms, &n_other);
        rig_page_say(page,
                     "<tr><th scope=\"row\">%s</th><td class=\"n\" data-label=\"runs\">%zu</td>"
                     "<td class=\"n\" data-label=\"not passed\">%zu</td>",
                     week, n, n_other);
        for (size_t k = 0; k < N_FIGURES; k++)
            print_mean(&t->of[k], start_ms, heads[k + 3] + 1, page);
        (void)fputs("</tr>\n", page->out);
    }
    rig_html_table_end(page);
}

/* ---- pictures ---- */

/* One picture, drawn and put into the page. @return RIG_OK; RIG_EENV without gnuplot; others. */
static rig_status put_picture(const rig_history_trend *trend, const char *name, const char *folder,
                              size_t number, const rig_page *page)
{
    char path[600], prefix[64];
    rig_error ignored;
    (void)snprintf(path, sizeof path, "%s/week.svg", folder);
    (void)snprintf(prefix, sizeof prefix, "w%zu-%s-", number, name);
    for (char *c = prefix; *c != '\0'; c++)
        *c = *c == '_' ? '-' : *c;
    rig_status status =
        rig_report_trend_small_svg(trend, name, RIG_HISTORY_BY_WEEK, path, &ignored);
    if (status == RIG_OK) {
        (void)fputs("<figure><div class=\"plot\">", page->out);
        status = rig_html_svg(page->out, path,
                              &(rig_html_picture){prefix, name, page->language, NULL}, &ignored);
        (void)fputs("</div></figure>\n", page->out);
    }
    (void)unlink(path);
    return status;
}

static rig_status print_pictures(const trends *t, size_t number, const rig_page *page)
{
    char folder[RIG_TEMPORARY_SIZE];
    rig_status status = rig_temporary_make("week", folder, NULL);
    rig_page_put(
        page,
        "<p class=\"legend\">Orange: observed, mean and range of a week's runs. Blue, dashed: "
        "predicted.</p>\n<div class=\"pairs\">\n");
    for (size_t k = 0; k < N_FIGURES && status == RIG_OK; k++)
        if (t->of[k].n > 0)
            status = put_picture(&t->of[k], figures[k], folder, number, page);
    (void)fputs("</div>\n", page->out);
    if (folder[0] != '\0')
        rig_temporary_remove(folder);
    if (status != RIG_OK && status != RIG_ENOMEM)
        rig_html_not_available(page); /* the table has all figures */
    return status == RIG_ENOMEM ? status : RIG_OK;
}

rig_status rig_week_part_print(const rig_week_part *part, size_t number, const rig_page *page)
{
    trends t = {.of = {{.n = 0}}};
    rig_status status = make_trends(part, &t);
    if (status == RIG_OK) {
        (void)fputs("<section>\n<h2>", page->out);
        rig_html_text(page->out, part->scenario);
        rig_page_put(page, ": losses over the weeks</h2>\n");
        status = print_pictures(&t, number, page);
        print_weeks(part, &t, page);
    }
    clear_trends(&t);
    if (status == RIG_OK) {
        (void)fputs("</section>\n<section>\n<h2>", page->out);
        rig_html_text(page->out, part->scenario);
        rig_page_put(page, ": what changed</h2>\n");
        status = rig_week_changes_print(part, page);
    }
    if (status == RIG_OK) {
        (void)fputs("</section>\n<section>\n<h2>", page->out);
        rig_html_text(page->out, part->scenario);
        rig_page_put(page, ": what did not pass, and why</h2>\n");
        rig_week_failures_print(part, page);
        (void)fputs("</section>\n", page->out);
    }
    return status;
}
