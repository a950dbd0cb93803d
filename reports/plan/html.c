/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/plan_html.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/atomic_file.h"
#include "reports/html/page.h"
#include "reports/html/parts.h"
#include "reports/html/policy.h"
#include "reports/html/style.h"
#include "reports/html/svg.h"
#include "reports/html/text.h"
#include "reports/plan_plots.h"

/* Sentences of one kind, as they come. */
typedef struct lines {
    const rig_page *page;
    rig_plan_sentence kind;
    size_t n;
} lines;

static void print_line(void *ctx, rig_plan_sentence kind, const char *text)
{
    lines *l = ctx;
    if (kind != l->kind)
        return;
    if (kind == RIG_PLAN_ANSWER) {
        fputs("<p class=\"answer\">", l->page->out);
        rig_html_text(l->page->out, text);
        fputs("</p>\n", l->page->out);
    } else {
        fputs(l->n == 0 ? "<ul>\n<li>" : "<li>", l->page->out);
        rig_html_text(l->page->out, text);
        fputs("</li>\n", l->page->out);
    }
    l->n++;
}

/* @return how many sentences there were. */
static size_t print_lines(const rig_report_plan *report, rig_plan_sentence kind,
                          const rig_page *page)
{
    lines l = {.page = page, .kind = kind};
    rig_report_plan_explain(report, page->language, print_line, &l);
    if (l.n > 0 && kind != RIG_PLAN_ANSWER)
        fputs("</ul>\n", page->out);
    return l.n;
}

static void print_badge(const rig_report_plan *report, const rig_page *page)
{
    static const struct {
        const char *outcome, *kind, *sign;
    } kinds[] = {{N_("meets"), "pass", "&#10003;"},
                 {N_("not met"), "fail", "&#10007;"},
                 {N_("undecided"), "open", "?"},
                 {N_("stopped"), "invalid", "&#8856;"},
                 {N_("complete"), "pass", "&#10003;"}};
    const char *outcome = rig_report_plan_outcome(report);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (strcmp(outcome, kinds[i].outcome) == 0)
            fprintf(page->out,
                    "<span class=\"badge %s\"><span aria-hidden=\"true\">%s</span> %s</span>\n",
                    kinds[i].kind, kinds[i].sign, rig_page_words(page, outcome));
    }
}

static void print_head(const rig_report_plan *report, const rig_page *page)
{
    const rig_plan *plan = report->plan;
    const rig_plan_question *q = plan->question;
    char text[128];
    rig_page_put(page, "<header>\n<p class=\"kind\">peakrig plan</p>\n<h1>");
    rig_html_text(page->out, report->scenario->name);
    fputs("</h1>\n<p class=\"description\">", page->out);
    rig_html_text(page->out, report->scenario->description);
    fputs("</p>\n<div class=\"verdict\">", page->out);
    print_badge(report, page);
    if (print_lines(report, RIG_PLAN_ANSWER, page) == 0)
        rig_page_say(page, "<p class=\"answer\">%zu of %zu combinations</p>\n", plan->n_points,
                     plan->n_grid);
    fputs("</div>\n<dl class=\"facts\">\n", page->out);
    for (size_t a = 0; a < q->n_axes; a++) {
        const rig_plan_axis *axis = &q->axes[a];
        (void)snprintf(text, sizeof text, rig_page_words(page, "%s to %s, %zu values"),
                       axis->values[0].text, axis->values[axis->n - 1].text, axis->n);
        rig_html_fact(page, axis->key, text);
    }
    (void)snprintf(text, sizeof text, rig_page_words(page, "%zu of %zu"), plan->n_points,
                   plan->n_grid);
    rig_html_fact(page, "combinations tried", text);
    if (q->n_requirements > 0)
        (void)snprintf(text, sizeof text, rig_page_words(page, "%u to %u"), q->n_replications,
                       q->n_most_replications);
    else
        (void)snprintf(text, sizeof text, "%u", q->n_replications);
    rig_html_fact(page, "simulated runs of each", text);
    rig_html_fact(page, "seed", rig_html_seed((int64_t)report->scenario->seed).text);
    rig_html_fact(page, "peakrig", PEAKRIG_VERSION);
    fputs("</dl>\n</header>\n", page->out);
}

static void print_table(const rig_report_plan *report, const rig_page *page)
{
    const rig_plan *plan = report->plan;
    const rig_plan_question *q = plan->question;
    rig_html_table_begin(page, "mean and, below it, its interval", false);
    fputs("<thead><tr>", page->out);
    for (size_t a = 0; a < q->n_axes; a++)
        fprintf(page->out, "<th scope=\"col\" class=\"n\">%s</th>", q->axes[a].key);
    rig_page_put(page, "<th scope=\"col\" class=\"n\">runs</th>");
    for (size_t m = 0; m < report->n_shown; m++)
        fprintf(page->out, "<th scope=\"col\" class=\"n\">%s</th>",
                rig_metric_short_name(report->shown[m]).text);
    if (q->n_requirements > 0)
        rig_page_put(page, "<th scope=\"col\">verdict</th>");
    fputs("</tr></thead>\n<tbody>\n", page->out);
    for (size_t p = 0; p < plan->n_points; p++) {
        const rig_plan_point *point = plan->points[p];
        const char *mark = p == plan->answer ? " class=\"finding\"" : "";
        fprintf(page->out, "<tr%s>", mark);
        for (size_t a = 0; a < q->n_axes; a++)
            rig_html_number_cell(page, q->axes[a].values[point->index[a]].text);
        rig_html_number_cell(page, rig_html_count((double)point->n_replications).text);
        for (size_t m = 0; m < report->n_shown; m++) {
            const rig_summary *s = &point->metrics[report->shown[m]];
            const rig_report_plan_figure f =
                rig_report_plan_interval_of(report->shown[m], s->mean, s->ci_low, s->ci_high, 2);
            const char *words = rig_page_words(page, f.text);
            const size_t n = strcspn(words, "(");
            fprintf(page->out, "<td class=\"n\">%.*s", (int)n, words);
            if (words[n] != '\0')
                fprintf(page->out, "<small>%s</small>", words + n);
            fputs("</td>", page->out);
        }
        if (q->n_requirements > 0)
            rig_html_cell(page, rig_page_words(page, rig_plan_verdict_name(point->verdict)));
        fputs("</tr>\n", page->out);
    }
    rig_html_table_end(page);
}

static rig_status print_style(const rig_page *page)
{
    char *css;
    if (asprintf(&css, "%s%s", rig_html_style_page, rig_html_style_plan) < 0)
        return RIG_ENOMEM;
    rig_html_style_and_policy(page->out, css);
    free(css);
    return RIG_OK;
}

/* @return RIG_OK, or RIG_ENOMEM: the page lacks a picture that is there. */
static rig_status print_svg(const rig_page *page, const char *dir, const char *name, bool is_wide)
{
    const char *kind = is_wide ? "wide" : "narrow";
    char *path, prefix[96];
    rig_error ignored;
    if (asprintf(&path, "%s/plots/%s-%s.svg", dir, name, kind) < 0)
        return RIG_ENOMEM;
    (void)snprintf(prefix, sizeof prefix, "%s-%s-", name, kind);
    for (char *c = prefix; *c != '\0'; c++)
        *c = *c == '_' ? '-' : *c;
    fprintf(page->out, "<div class=\"plot %s\">", kind);
    rig_status status = rig_html_svg(
        page->out, path, &(rig_html_picture){prefix, name, page->language, NULL}, &ignored);
    if (status != RIG_OK)
        rig_html_not_available(page);
    fputs("</div>\n", page->out);
    free(path);
    return status == RIG_ENOMEM ? status : RIG_OK;
}

static rig_status print_pictures(const rig_report_plan *report, const char *dir,
                                 const char *problem, const rig_page *page)
{
    size_t n = rig_report_plan_n_pictures(report);
    if (n == 0 || problem[0] != '\0') {
        fputs("<p class=\"none\">", page->out);
        rig_html_text(page->out, problem[0] != '\0'
                                     ? problem
                                     : rig_page_words(page, "fewer than two values were tried"));
        fputs("</p>\n", page->out);
        return RIG_OK;
    }
    rig_status status = RIG_OK;
    for (size_t p = 0; p < n && status == RIG_OK; p++) {
        const rig_report_plan_picture picture = rig_report_plan_picture_of(report, p);
        fputs("<figure>\n", page->out);
        status = print_svg(page, dir, picture.name, true);
        if (status == RIG_OK)
            status = print_svg(page, dir, picture.name, false);
        fputs("</figure>\n", page->out);
    }
    return status;
}

static void print_inputs(const rig_report_plan *report, const rig_page *page)
{
    rig_page_put(page, "<p>Scenario file, SHA-256: <span class=\"hash\">");
    rig_html_text(page->out, report->scenario_sha256);
    fputs("</span></p>\n", page->out);
    for (size_t i = 0; i < report->n_overrides; i++) {
        rig_page_put(page, "<p><code>--set ");
        rig_html_text(page->out, report->overrides[i]);
        fputs("</code></p>\n", page->out);
    }
}

/* @return RIG_OK, or RIG_ENOMEM: the page lacks a picture that is there. */
static rig_status print_page(const rig_report_plan *report, const char *dir, const char *problem,
                             const rig_page *page)
{
    const bool is_judged = report->plan->question->n_requirements > 0;
    rig_html_page_begin(page->out, page->language);
    rig_page_put(page, "plan: ");
    rig_html_text(page->out, report->scenario->name);
    rig_html_title_end(page->out);
    rig_status status = print_style(page);
    fputs("</head>\n<body>\n", page->out);
    print_head(report, page);
    fputs("<main>\n", page->out);
    if (is_judged) {
        rig_page_put(page, "<section id=\"evidence\">\n<h2>Evidence</h2>\n");
        print_lines(report, RIG_PLAN_EVIDENCE, page);
        if (report->plan->n_minimal > 1) {
            rig_page_put(page, "<h2>All minimal combinations</h2>\n");
            print_lines(report, RIG_PLAN_OTHER, page);
        }
        rig_page_put(page, "<h2>What to know of it</h2>\n");
        print_lines(report, RIG_PLAN_REMARK, page);
        fputs("</section>\n", page->out);
    }
    rig_page_put(page, "<section id=\"pictures\">\n<h2>Pictures</h2>\n");
    if (status == RIG_OK)
        status = print_pictures(report, dir, problem, page);
    rig_page_put(page,
                 "</section>\n<section id=\"table\">\n<h2>All combinations that were tried</h2>\n");
    print_table(report, page);
    rig_page_put(page, "</section>\n<section id=\"inputs\">\n<h2>Identity of the inputs</h2>\n");
    print_inputs(report, page);
    fputs("</section>\n</main>\n<footer>", page->out);
    rig_page_say(page, "Made by peakrig %s; all figures are in plan.csv and plan.json.",
                 PEAKRIG_VERSION);
    fputs("</footer>\n</body>\n</html>\n", page->out);
    return status;
}

rig_status rig_report_plan_html(const rig_report_plan *report, const char *dir, const char *problem,
                                const rig_language *language, rig_error *err)
{
    char *path;
    rig_atomic_file *file;
    if (asprintf(&path, "%s/plan.html", dir) < 0)
        return rig_fail(err, RIG_ENOMEM, "plan.html: out of memory");
    rig_status status = rig_atomic_file_new(path, &file, err);
    if (status == RIG_OK) {
        status =
            print_page(report, dir, problem, &(rig_page){rig_atomic_file_stream(file), language});
        if (status == RIG_OK) {
            status = rig_atomic_file_commit(file, err);
        } else {
            rig_atomic_file_abandon(file);
            status = rig_fail(err, status, "%s: out of memory", path);
        }
    }
    free(path);
    return status;
}
