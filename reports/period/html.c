/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/period_html.h"

#include <stdlib.h>
#include <string.h>

#include "history/counts.h"
#include "history/when.h"
#include "reports/html/parts.h"
#include "reports/html/policy.h"
#include "reports/html/style.h"
#include "reports/html/text.h"
#include "reports/period/part.h"
#include "reports/period/words.h"

static int64_t start_of(const rig_history_run *run)
{
    return run->counts[RIG_HISTORY_START_MS];
}

/* The scenarios of the period's runs, in the order of their names, each once. */
static size_t find_scenarios(const rig_history_runs *runs, int64_t start_ms, const char **names)
{
    size_t n = 0;
    for (size_t i = 0; i < runs->n; i++) {
        const char *name = runs->items[i]->texts[RIG_HISTORY_SCENARIO];
        size_t at = 0;
        while (at < n && strcmp(names[at], name) < 0)
            at++;
        if (start_of(runs->items[i]) < start_ms || (at < n && strcmp(names[at], name) == 0))
            continue;
        memmove(names + at + 1, names + at, (n - at) * sizeof *names);
        names[at] = name;
        n++;
    }
    return n;
}

static void print_head(const rig_history_runs *runs, rig_history_by by, int64_t start_ms,
                       const rig_page *page)
{
    static const char *const words[] = {"PASS", "FAIL", "INCONCLUSIVE", "INVALID"};
    char period[RIG_HISTORY_WHEN_SIZE], from[RIG_HISTORY_WHEN_SIZE], to[RIG_HISTORY_WHEN_SIZE];
    rig_history_by_text(by, start_ms, period);
    rig_history_by_text(RIG_HISTORY_BY_DAY, start_ms, from);
    rig_history_by_text(RIG_HISTORY_BY_DAY, rig_history_by_end(by, start_ms) - 1, to);
    (void)fprintf(page->out, "<header>\n<p class=\"kind\">%s</p>\n<h1>%s</h1>\n",
                  rig_page_words(page, rig_period_words_of(by)->kind), period);
    rig_page_say(page, "<p class=\"description\">%s to %s, UTC</p>\n<dl class=\"facts\">\n", from,
                 to);
    for (size_t k = 0; k < sizeof words / sizeof *words; k++) {
        size_t n = 0;
        for (size_t i = 0; i < runs->n; i++)
            n += start_of(runs->items[i]) >= start_ms &&
                 strcmp(runs->items[i]->texts[RIG_HISTORY_JUDGEMENT], words[k]) == 0;
        rig_html_fact(page, words[k], rig_html_count((double)n).text);
    }
    rig_html_fact(page, "peakrig", PEAKRIG_VERSION);
    (void)fputs("</dl>\n</header>\n", page->out);
}

/* The first instant of the weeks or months that are shown. */
static int64_t first_of(rig_history_by by, int64_t start_ms)
{
    for (int i = 1; i < RIG_REPORT_N_PERIODS; i++)
        start_ms = rig_history_by_start(by, start_ms - 1);
    return start_ms;
}

/* How many runs of all scenarios there were, and how they ended. @return RIG_OK or RIG_ENOMEM. */
static rig_status print_counts(const rig_history_runs *runs, rig_history_by by, int64_t start_ms,
                               const rig_page *page)
{
    const rig_period_words *words = rig_period_words_of(by);
    const int64_t first_ms = first_of(by, start_ms);
    const char *const heads[] = {words->period,       "#" N_("runs"),         "#" N_("PASS"),
                                 "#" N_("FAIL"),      "#" N_("INCONCLUSIVE"), "#" N_("INVALID"),
                                 "#" N_("not judged")};
    rig_history_ends *counts = NULL;
    size_t n = 0;
    if (rig_history_count_by(runs, by, &counts, &n) != RIG_OK)
        return RIG_ENOMEM;
    (void)fprintf(page->out, "<section>\n<h2>%s</h2>\n", rig_page_words(page, words->runs));
    rig_html_table_begin(page, "how many there were, and how they ended", false);
    rig_html_table_heads(page, heads, sizeof heads / sizeof *heads);
    for (size_t i = 0; i < n; i++) {
        char period[RIG_HISTORY_WHEN_SIZE];
        if (counts[i].start_ms < first_ms)
            continue;
        rig_history_by_text(by, counts[i].start_ms, period);
        rig_page_say(page,
                     "<tr><th scope=\"row\" class=\"when\">%s</th><td class=\"n\" "
                     "data-label=\"runs\">%zu</td>",
                     period, counts[i].n);
        for (size_t k = 0; k < RIG_HISTORY_N_ENDS; k++)
            (void)fprintf(page->out, "<td class=\"n\" data-label=\"%s\">%zu</td>",
                          rig_page_words(page, heads[k + 2] + 1), counts[i].n_end[k]);
        (void)fputs("</tr>\n", page->out);
    }
    rig_html_table_end(page);
    (void)fputs("</section>\n", page->out);
    free(counts);
    return RIG_OK;
}

/* The runs of a scenario in the weeks or months that are shown. @return RIG_OK or RIG_ENOMEM. */
static rig_status print_part(const rig_history_runs *runs, const char *scenario, rig_history_by by,
                             int64_t start_ms, size_t number, const rig_page *page)
{
    const int64_t first_ms = first_of(by, start_ms);
    rig_period_part part = {.scenario = scenario, .by = by, .start_ms = start_ms};
    part.runs.items = calloc(runs->n, sizeof *part.runs.items);
    if (part.runs.items == NULL)
        return RIG_ENOMEM;
    for (size_t i = 0; i < runs->n; i++) {
        rig_history_run *run = runs->items[i];
        if (strcmp(run->texts[RIG_HISTORY_SCENARIO], scenario) != 0 || start_of(run) < first_ms)
            continue;
        part.runs.items[part.runs.n++] = run;
        part.n_earlier += start_of(run) < start_ms;
    }
    const rig_status status = rig_period_part_print(&part, number, page);
    free(part.runs.items);
    return status;
}

rig_status rig_report_period_html(const rig_history_runs *runs, rig_history_by by,
                                  const rig_language *language, FILE *out, rig_error *err)
{
    const rig_page here = {out, language}, *page = &here;
    const int64_t start_ms = rig_history_by_start(by, start_of(runs->items[runs->n - 1]));
    char period[RIG_HISTORY_WHEN_SIZE];
    const char **names = calloc(runs->n + 1, sizeof *names);
    rig_status status = names != NULL ? RIG_OK : RIG_ENOMEM;
    if (status == RIG_OK) {
        rig_history_by_text(by, start_ms, period);
        rig_html_page_begin(page->out, page->language);
        (void)fputs(period, page->out);
        rig_html_title_end(page->out);
        rig_html_style_and_policy(page->out, rig_html_style_page);
        (void)fputs("</head>\n<body>\n", page->out);
        print_head(runs, by, start_ms, page);
        (void)fputs("<main>\n", page->out);
        status = print_counts(runs, by, start_ms, page);
        const size_t n = find_scenarios(runs, start_ms, names);
        for (size_t i = 0; i < n && status == RIG_OK; i++)
            status = print_part(runs, names[i], by, start_ms, i, page);
        (void)fputs("</main>\n<footer>", out);
        rig_page_say(page,
                     "Made by peakrig %s. Losses are per call that entered the stage; INVALID runs "
                     "say nothing of the centre, and are in no mean.",
                     PEAKRIG_VERSION);
        (void)fputs("</footer>\n</body>\n</html>\n", out);
    }
    free(names);
    return status == RIG_OK
               ? RIG_OK
               : rig_fail(err, status, "page of a %s: out of memory", rig_history_by_name(by));
}
