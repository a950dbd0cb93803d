/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/markdown.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "reports/html/costs.h"
#include "reports/html/page.h"
#include "reports/html/text.h"
#include "reports/json_file.h"
#include "reports/markdown/text.h"
#include "verdict/ends.h"

/* A comment is read, not searched: the report has all. */
enum { MAX_FINDINGS = 5, MAX_CALLS = 10 };

static void cell(const rig_page *page, const char *text)
{
    (void)fputs(" ", page->out);
    rig_markdown_text(page->out, rig_page_figure(page, text[0] != '\0' ? text : "n/a").text);
    (void)fputs(" |", page->out);
}

static void put_sentence(const rig_page *page, const char *text)
{
    rig_markdown_text(page->out, rig_retell(page->language, text).text);
}

static void put_verdict(const rig_page *page, const json_t *result)
{
    const json_t *verdict = rig_json_object(result, "verdict");
    const char *judgement = rig_json_text(verdict, "judgement");
    const char *status = rig_json_text(result, "status");
    const json_t *defects = rig_json_list(rig_json_object(result, "target"), "defects");
    const json_t *changed = rig_json_list(rig_json_object(result, "inputs"), "changed");
    (void)fputs("### peakrig: ", page->out);
    rig_markdown_text(page->out,
                      rig_page_words(page, judgement[0] != '\0' ? judgement : "not available"));
    (void)fputs(", ", page->out);
    rig_markdown_code(page->out, RIG_MARKDOWN_PROSE, rig_json_text(result, "name"));
    (void)fputs("\n\n", page->out);
    put_sentence(page, rig_json_text(verdict, "summary"));
    (void)fputs("\n", page->out);
    if (strcmp(status, "stopped") == 0)
        rig_page_put(
            page, "\nThe run was stopped by its user: the figures are of a part of the calls.\n");
    if (strcmp(status, "stopped_early") == 0)
        rig_page_put(page,
                     "\nThe run was stopped early, because it was certain to fail: the figures are "
                     "of a part of the calls.\n");
    if (json_array_size(changed) > 0)
        rig_page_put(page,
                     "\n**Judged by force:** files of the run are not those that were played.\n");
    for (size_t i = 0; i < json_array_size(defects); i++) {
        (void)fputs(i == 0 ? rig_page_words(page, N_("\nThe call centre was broken on purpose: "))
                           : ", ",
                    page->out);
        const char *defect = json_string_value(json_array_get(defects, i));
        rig_markdown_code(page->out, RIG_MARKDOWN_PROSE, defect != NULL ? defect : "");
    }
    (void)fputs(json_array_size(defects) > 0 ? "\n" : "", page->out);
}

static void put_stages(const rig_page *page, const json_t *result)
{
    const json_t *stages = rig_json_list(result, "stages");
    const json_t *calls = rig_json_object(result, "calls");
    rig_page_put(page, "\n| stage | entered | predicted lost (95 %) | observed lost | verdict |\n"
                       "|---|--:|--:|--:|---|\n");
    for (size_t i = 0; i < json_array_size(stages); i++) {
        const json_t *s = json_array_get(stages, i);
        rig_told range;
        char text[128];
        (void)fputs("|", page->out);
        cell(page, rig_page_words(page, rig_json_text(s, "stage")));
        cell(page, rig_html_count(rig_json_number(s, "entered")).text);
        range = rig_page_figure(page, rig_html_percent_range(rig_json_number(s, "predicted_low"),
                                                             rig_json_number(s, "predicted_high"))
                                          .text);
        (void)snprintf(text, sizeof text, "%s (%.60s)",
                       rig_html_percent(rig_json_number(s, "p_predicted")).text, range.text);
        cell(page, text);
        (void)snprintf(text, sizeof text, "%s (%s)",
                       rig_html_percent(rig_json_number(s, "p_observed")).text,
                       rig_html_count(rig_json_number(s, "lost")).text);
        cell(page, text);
        cell(page, rig_page_words(page, rig_json_text(s, "judgement")));
        (void)fputs("\n", page->out);
    }
    rig_page_say(page, "\n%s calls planned, %s offered, %s not placed.\n",
                 rig_html_count(rig_json_number(calls, "planned")).text,
                 rig_html_count(rig_json_number(calls, "offered")).text,
                 rig_html_count(rig_json_number(calls, "not_placed")).text);
    if (rig_json_number(calls, "warm_up") > 0.0)
        rig_page_say(page, "Warm-up: %s calls came before %s s, and are not counted.\n",
                     rig_html_count(rig_json_number(calls, "warm_up")).text,
                     rig_html_number(rig_json_number(calls, "counted_from_s"), 6).text);
}

static void put_levels(const rig_page *page, const json_t *result)
{
    const json_t *levels = rig_json_list(result, "levels");
    if (json_array_size(levels) == 0)
        return;
    rig_page_put(page, "\n| service level | expected | observed | verdict |\n|---|--:|--:|---|\n");
    for (size_t i = 0; i < json_array_size(levels); i++) {
        const json_t *level = json_array_get(levels, i);
        const double min = rig_json_number(level, "min");
        const char *unit = rig_json_text(level, "unit");
        char text[96];
        (void)snprintf(
            text, sizeof text,
            rig_page_words(page, isnan(min) ? N_("at most %s") : N_("at least %s")),
            rig_html_in_unit(isnan(min) ? rig_json_number(level, "max") : min, unit).text);
        (void)fputs("|", page->out);
        cell(page, rig_json_text(level, "metric"));
        cell(page, text);
        cell(page, rig_html_in_unit(rig_json_number(level, "observed"), unit).text);
        cell(page, rig_page_words(page, rig_json_text(level, "judgement")));
        (void)fputs("\n", page->out);
    }
}

static void put_predicted(const rig_page *page, const json_t *sides)
{
    const rig_html_figure range = rig_html_amount_range(sides);
    rig_page_say(page, ", predicted %s", rig_html_amount(rig_json_number(sides, "predicted")).text);
    if (range.text[0] != '\0')
        fprintf(page->out, " (%s)", rig_page_figure(page, range.text).text);
}

static void put_costs(const rig_page *page, const json_t *result)
{
    const json_t *costs = rig_json_object(result, "costs"),
                 *total = rig_json_object(costs, "total");
    const json_t *items = rig_json_list(costs, "items"), *first = json_array_get(items, 0);
    const json_t *lost = rig_json_object(first, "amount");
    if (json_array_size(items) == 0)
        return;
    rig_page_say(page, "\nCosts in all: %s ",
                 rig_html_amount(rig_json_number(total, "observed")).text);
    rig_markdown_text(page->out, rig_json_text(costs, "currency"));
    put_predicted(page, total);
    if (strcmp(rig_json_text(first, "of"), "lost calls") == 0) {
        rig_page_say(page, "; for lost calls: %s",
                     rig_html_amount(rig_json_number(lost, "observed")).text);
        put_predicted(page, lost);
    }
    (void)fputs("\n", page->out);
}

/* What became of callers who have several calls. */
static void put_callers(const rig_page *page, const json_t *result)
{
    const json_t *ends = rig_json_list(rig_json_object(result, "ends"), "callers");
    for (size_t i = 0; i < json_array_size(ends); i++) {
        const json_t *end = json_array_get(ends, i);
        (void)fputs(i == 0 ? rig_page_words(page, N_("\nCallers in the end: ")) : "; ", page->out);
        rig_markdown_text(page->out,
                          rig_page_words(page, rig_ends_words(rig_json_text(end, "end"))));
        fprintf(page->out, " %s", rig_html_count(rig_json_number(end, "observed")).text);
        rig_page_say(page, " (predicted %s)",
                     rig_html_number(rig_json_number(end, "predicted"), 6).text);
    }
    if (json_array_size(ends) > 0)
        (void)fputs("\n", page->out);
}

/* Checks that do not hold, then findings, the cause first, as the result has them. */
static void put_why(const rig_page *page, const json_t *result)
{
    const json_t *checks = rig_json_list(result, "checks");
    const json_t *findings = rig_json_list(result, "diagnosis");
    bool is_begun = false;
    for (size_t i = 0; i < json_array_size(checks); i++) {
        const json_t *check = json_array_get(checks, i);
        if (rig_json_is_true(check, "ok"))
            continue;
        (void)fputs(is_begun ? "- " : rig_page_words(page, N_("\n**Why**\n\n- ")), page->out);
        put_sentence(page, rig_json_text(check, "name"));
        (void)fputs(": ", page->out);
        put_sentence(page, rig_json_text(check, "text"));
        (void)fputs("\n", page->out);
        is_begun = true;
    }
    for (size_t i = 0; i < json_array_size(findings) && i < MAX_FINDINGS; i++) {
        const json_t *finding = json_array_get(findings, i);
        (void)fputs(is_begun ? "- " : rig_page_words(page, N_("\n**Why**\n\n- ")), page->out);
        rig_markdown_text(page->out, rig_page_words(page, rig_json_text(finding, "stage")));
        (void)fputs(rig_json_is_true(finding, "is_cause")
                        ? rig_page_words(page, N_(" (the cause): "))
                        : ": ",
                    page->out);
        put_sentence(page, rig_json_text(finding, "text"));
        (void)fputs("\n", page->out);
        is_begun = true;
    }
}

static void put_call(const rig_page *page, const json_t *call)
{
    char at[32] = "n/a";
    const double t_s = rig_json_number(call, "t_s");
    if (isfinite(t_s))
        (void)snprintf(at, sizeof at, "%.2f s", t_s);
    (void)fputs("|", page->out);
    cell(page, rig_html_count(rig_json_number(call, "planned_index")).text);
    cell(page, at);
    cell(page, rig_json_text(call, "replayed"));
    cell(page, rig_json_text(call, "observed"));
    (void)fputs(" ", page->out);
    rig_markdown_code(page->out, RIG_MARKDOWN_CELL, rig_json_text(call, "call_id"));
    (void)fputs(" |\n", page->out);
}

static void put_calls(const rig_page *page, const json_t *result)
{
    const json_t *agreement = rig_json_object(result, "agreement");
    const json_t *calls = rig_json_list(agreement, "first_different");
    const size_t n = json_array_size(calls) < MAX_CALLS ? json_array_size(calls) : MAX_CALLS;
    if (n == 0)
        return;
    rig_page_say(page,
                 "\n<details><summary>%s calls ended otherwise than in the replay; the %zu "
                 "earliest</summary>\n\n| planned call | at | in the replay | on the wire | "
                 "Call-ID |\n|--:|--:|---|---|---|\n",
                 rig_html_count(rig_json_number(agreement, "different")).text, n);
    for (size_t i = 0; i < n; i++)
        put_call(page, json_array_get(calls, i));
    (void)fputs("\n</details>\n", page->out);
}

static void put_links(const rig_page *page, const json_t *result, const char *link)
{
    static const char *const names[] = {"report.html", "result.json", "junit.xml"};
    (void)fputs("\n", page->out);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        (void)fputs(i > 0 ? ", " : "", page->out);
        if (link != NULL)
            (void)fprintf(page->out, "[%s](<%s%s%s>)", names[i], link,
                          link[strlen(link) - 1] == '/' ? "" : "/", names[i]);
        else
            (void)fprintf(page->out, "`%s`", names[i]);
    }
    rig_page_put(page, ". Made by peakrig ");
    rig_markdown_text(page->out, rig_json_text(result, "peakrig"));
    (void)fputs(", ", page->out);
    rig_markdown_text(page->out, rig_json_text(result, "created_utc"));
    rig_page_put(page, ".\n");
}

/* It stands between < and >: RFC 3986, and nothing that could end that. */
static rig_status check_link(const char *link, rig_error *err)
{
    const bool is_web =
        link == NULL || strncmp(link, "https://", 8) == 0 || strncmp(link, "http://", 7) == 0;
    for (const char *p = link; is_web && p != NULL && *p != '\0'; p++) {
        if ((unsigned char)*p <= ' ' || (unsigned char)*p >= 0x7f || strchr("<>\\\"`", *p) != NULL)
            return rig_fail(err, RIG_EINPUT,
                            "the link \"%s\": expected an address without blanks, "
                            "quotes, < and >",
                            link);
    }
    return is_web ? RIG_OK
                  : rig_fail(err, RIG_EINPUT,
                             "the link \"%s\": expected one that begins with https:// or http://",
                             link);
}

rig_status rig_report_markdown(const json_t *result, const char *link, const rig_language *language,
                               FILE *out, rig_error *err)
{
    const rig_page here = {out, language}, *page = &here;
    rig_status status = rig_json_expect_format(result, "result", "peakrig result 1", err);
    if (status == RIG_OK)
        status = check_link(link, err);
    if (status != RIG_OK)
        return status;
    put_verdict(page, result);
    put_stages(page, result);
    put_levels(page, result);
    put_callers(page, result);
    put_costs(page, result);
    put_why(page, result);
    put_calls(page, result);
    put_links(page, result, link);
    return RIG_OK;
}
