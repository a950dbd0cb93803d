/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/week_html.h"

#include <stdlib.h>
#include <string.h>

#include "history/when.h"
#include "reports/html/parts.h"
#include "reports/html/policy.h"
#include "reports/html/style.h"
#include "reports/html/text.h"
#include "reports/week/part.h"

static const int64_t DAY_MS = 86400000;

static int64_t start_of(const rig_history_run *run)
{
    return run->counts[RIG_HISTORY_START_MS];
}

/* The scenarios of the week's runs, in the order of their names, each once. */
static size_t find_scenarios(const rig_history_runs *runs, int64_t week_ms, const char **names)
{
    size_t n = 0;
    for (size_t i = 0; i < runs->n; i++) {
        const char *name = runs->items[i]->texts[RIG_HISTORY_SCENARIO];
        size_t at = 0;
        while (at < n && strcmp(names[at], name) < 0)
            at++;
        if (start_of(runs->items[i]) < week_ms || (at < n && strcmp(names[at], name) == 0))
            continue;
        memmove(names + at + 1, names + at, (n - at) * sizeof *names);
        names[at] = name;
        n++;
    }
    return n;
}

static void print_head(const rig_history_runs *runs, int64_t week_ms, const rig_page *page)
{
    static const char *const words[] = {"PASS", "FAIL", "INCONCLUSIVE", "INVALID"};
    char week[RIG_HISTORY_WHEN_SIZE], from[RIG_HISTORY_WHEN_SIZE], to[RIG_HISTORY_WHEN_SIZE];
    rig_history_by_text(RIG_HISTORY_BY_WEEK, week_ms, week);
    rig_history_by_text(RIG_HISTORY_BY_DAY, week_ms, from);
    rig_history_by_text(RIG_HISTORY_BY_DAY, week_ms + 6 * DAY_MS, to);
    rig_page_say(page,
                 "<header>\n<p class=\"kind\">peakrig weekly report</p>\n<h1>%s</h1>\n"
                 "<p class=\"description\">%s to %s, UTC</p>\n<dl class=\"facts\">\n",
                 week, from, to);
    for (size_t k = 0; k < sizeof words / sizeof *words; k++) {
        size_t n = 0;
        for (size_t i = 0; i < runs->n; i++)
            n += start_of(runs->items[i]) >= week_ms &&
                 strcmp(runs->items[i]->texts[RIG_HISTORY_JUDGEMENT], words[k]) == 0;
        rig_html_fact(page, words[k], rig_html_count((double)n).text);
    }
    rig_html_fact(page, "peakrig", PEAKRIG_VERSION);
    (void)fputs("</dl>\n</header>\n", page->out);
}

/* The runs of a scenario in the weeks that are shown. @return RIG_OK or RIG_ENOMEM. */
static rig_status print_part(const rig_history_runs *runs, const char *scenario, int64_t week_ms,
                             size_t number, const rig_page *page)
{
    const int64_t first_ms = week_ms - (RIG_REPORT_N_WEEKS - 1) * 7 * DAY_MS;
    rig_week_part part = {.scenario = scenario, .week_ms = week_ms};
    part.runs.items = calloc(runs->n, sizeof *part.runs.items);
    if (part.runs.items == NULL)
        return RIG_ENOMEM;
    for (size_t i = 0; i < runs->n; i++) {
        rig_history_run *run = runs->items[i];
        if (strcmp(run->texts[RIG_HISTORY_SCENARIO], scenario) != 0 || start_of(run) < first_ms)
            continue;
        part.runs.items[part.runs.n++] = run;
        part.n_earlier += start_of(run) < week_ms;
    }
    const rig_status status = rig_week_part_print(&part, number, page);
    free(part.runs.items);
    return status;
}

rig_status rig_report_week_html(const rig_history_runs *runs, const rig_language *language,
                                FILE *out, rig_error *err)
{
    const rig_page here = {out, language}, *page = &here;
    const int64_t week_ms =
        rig_history_by_start(RIG_HISTORY_BY_WEEK, start_of(runs->items[runs->n - 1]));
    char week[RIG_HISTORY_WHEN_SIZE];
    const char **names = calloc(runs->n + 1, sizeof *names);
    rig_status status = names != NULL ? RIG_OK : RIG_ENOMEM;
    if (status == RIG_OK) {
        rig_history_by_text(RIG_HISTORY_BY_WEEK, week_ms, week);
        rig_html_page_begin(page->out, page->language);
        (void)fputs(week, page->out);
        rig_html_title_end(page->out);
        rig_html_style_and_policy(page->out, rig_html_style_page);
        (void)fputs("</head>\n<body>\n", page->out);
        print_head(runs, week_ms, page);
        (void)fputs("<main>\n", page->out);
        const size_t n = find_scenarios(runs, week_ms, names);
        for (size_t i = 0; i < n && status == RIG_OK; i++)
            status = print_part(runs, names[i], week_ms, i, page);
        (void)fputs("</main>\n<footer>", out);
        rig_page_say(page,
                     "Made by peakrig %s. Losses are per call that entered the stage; INVALID runs "
                     "say nothing of the centre, and are in no mean.",
                     PEAKRIG_VERSION);
        (void)fputs("</footer>\n</body>\n</html>\n", out);
    }
    free(names);
    return status == RIG_OK ? RIG_OK : rig_fail(err, status, "weekly page: out of memory");
}
