/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/html/diagnosis.h"

#include <math.h>
#include <string.h>

#include "reports/html/parts.h"
#include "reports/html/text.h"
#include "reports/json_file.h"

/* A finding's figure: shares as per cent, others with their unit. `if_none` stands for null: the
 * scenario sets no such thing, or the interval has no end. */
static void print_value(const rig_page *page, double value, const char *unit, const char *if_none)
{
    if (!isfinite(value)) {
        rig_page_word(page, if_none);
        return;
    }
    fputs(strcmp(unit, "1") == 0 ? rig_html_percent(value).text : rig_html_number(value, 5).text,
          page->out);
    if (unit[0] != '\0' && strcmp(unit, "1") != 0) {
        fputc(' ', page->out);
        rig_page_retell(page, unit);
    }
}

static void print_bare_value(const rig_page *page, double value, const char *unit,
                             const char *if_none)
{
    print_value(page, value, strcmp(unit, "1") == 0 ? unit : "", if_none);
}

static void print_interval(const rig_page *page, double low, double high, const char *unit)
{
    fputs("<small>", page->out);
    if (isfinite(high)) {
        print_bare_value(page, low, unit, "n/a");
        rig_page_put(page, " to ");
        print_bare_value(page, high, unit, "n/a");
    } else {
        rig_page_put(page, "at least ");
        print_bare_value(page, low, unit, "n/a");
    }
    fputs("</small>", page->out);
}

/* How much of the deviation; nothing where that was not asked. */
static void print_share(const rig_page *page, const json_t *finding)
{
    const double share = rig_json_number(finding, "explained_share");
    if (!isfinite(share))
        return;
    rig_page_say(page,
                 strcmp(rig_json_text(finding, "explained_by"), "calls") == 0
                     ? N_("<small>%.0f %% of the deviation, by its calls</small>")
                     : N_("<small>%.0f %% of the deviation, replayed with it</small>"),
                 100.0 * share);
}

static void print_finding(const rig_page *page, const json_t *finding, bool is_first)
{
    const char *stage = rig_json_text(finding, "stage"), *unit = rig_json_text(finding, "unit");
    const char *text = rig_json_text(finding, "text");
    double from_s = rig_json_number(finding, "from_s"), to_s = rig_json_number(finding, "to_s");
    fputs("<tr><th scope=\"row\">", page->out);
    rig_page_word(page, stage[0] != '\0' ? stage : "n/a");
    rig_page_say(page, "</th><td class=\"says\" data-label=\"what is different\">%s",
                 is_first ? "<b>" : "");
    rig_page_retell(page, text[0] != '\0' ? text : "not available");
    fputs(is_first ? "</b>" : "", page->out);
    if (isfinite(from_s + to_s) && to_s > from_s)
        rig_page_say(page, "<small>%s to %s s of the scenario</small>",
                     rig_html_number(from_s, 4).text, rig_html_number(to_s, 4).text);
    rig_page_put(page, "</td><td data-label=\"scenario\">");
    print_value(page, rig_json_number(finding, "expected"), unit, N_("none"));
    rig_page_put(page, "</td><td data-label=\"on the wire\">");
    print_value(page, rig_json_number(finding, "estimate"), unit, "n/a");
    print_interval(page, rig_json_number(finding, "low"), rig_json_number(finding, "high"), unit);
    rig_page_say(page, "</td><td data-label=\"explains\">%s calls",
                 rig_html_count(rig_json_number(finding, "explained_calls")).text);
    print_share(page, finding);
    fputs("</td></tr>\n", page->out);
}

void rig_html_diagnosis(const rig_page *page, const json_t *result)
{
    static const char *const heads[] = {N_("stage"), N_("what is different"), N_("scenario"),
                                        N_("on the wire"), N_("explains")};
    const json_t *diagnosis = rig_json_list(result, "diagnosis");
    if (diagnosis == NULL) {
        rig_html_not_available(page);
        return;
    }
    if (json_array_size(diagnosis) == 0) {
        rig_page_say(
            page,
            "<p>Nothing on the wire contradicts the scenario: circuits, IVR ports, queue and "
            "agents worked call by call as it says%s.</p>\n",
            rig_html_note(page, RIG_NOTE_DIAGNOSIS).text);
        return;
    }
    rig_html_table_begin(page, "What is not as the scenario says, the weightiest first", true);
    rig_html_table_heads(page, heads, sizeof heads / sizeof heads[0]);
    for (size_t i = 0; i < json_array_size(diagnosis); i++)
        print_finding(page, json_array_get(diagnosis, i), i == 0);
    rig_html_table_end(page);
    rig_page_say(
        page,
        "<p class=\"legend\">Explains: calls that were handled otherwise than the scenario says, "
        "and as the finding says%s; below it, what of the deviation is gone when the run is "
        "replayed with the finding, or "
        "without its calls. Below a value on the wire: its interval.</p>\n",
        rig_html_note(page, RIG_NOTE_DIAGNOSIS).text);
}

/* The findings that are the cause: in results without shares the first, in the verdict's stage. */
static size_t count_causes(const json_t *result)
{
    const json_t *findings = rig_json_list(result, "diagnosis");
    const json_t *first = json_array_get(findings, 0);
    size_t n = 0;
    if (rig_json_object(result, "cause") == NULL)
        return strcmp(rig_json_text(first, "stage"),
                      rig_json_text(rig_json_object(result, "verdict"), "stage")) == 0 &&
               rig_json_text(first, "text")[0] != '\0';
    while (rig_json_is_true(json_array_get(findings, n), "is_cause"))
        n++;
    return n;
}

static void print_cause(const rig_page *page, const json_t *result, size_t n)
{
    const json_t *findings = rig_json_list(result, "diagnosis");
    const double share = rig_json_number(rig_json_object(result, "cause"), "explained_share");
    rig_page_put(page, "<p class=\"finding\">The cause is in the <b>");
    rig_page_word(page, rig_json_text(json_array_get(findings, 0), "stage"));
    rig_page_put(page, "</b> stage: ");
    for (size_t i = 0; i < n; i++) {
        fputs(i > 0 ? rig_page_words(page, N_(", and ")) : "", page->out);
        rig_page_retell(page, rig_json_text(json_array_get(findings, i), "text"));
    }
    if (isfinite(share))
        rig_page_say(page, ". That explains <b>%.0f %%</b> of the deviation", 100.0 * share);
    rig_page_put(
        page,
        " (<a href=\"#diagnosis\">diagnosis</a>). What the other stages lose follows from the "
        "load that it leaves them.</p>\n");
}

void rig_html_cause(const rig_page *page, const json_t *result)
{
    const char *stage = rig_json_text(rig_json_object(result, "verdict"), "stage");
    const double least = rig_json_number(rig_json_object(result, "cause"), "least_share");
    const size_t n = count_causes(result);
    if (stage[0] == '\0')
        return;
    if (n > 0) {
        print_cause(page, result, n);
        return;
    }
    if (isfinite(least) && json_array_size(rig_json_list(result, "diagnosis")) > 0)
        rig_page_say(page,
                     "<p class=\"finding\">Cause not found: no <a href=\"#diagnosis\">finding</a> "
                     "explains %.0f %% of the deviation. The first stage that deviates is the <b>",
                     100.0 * least);
    else
        rig_page_put(
            page,
            "<p class=\"finding\">No cause was found call by call. The first stage that deviates "
            "is the <b>");
    rig_page_word(page, stage);
    rig_page_put(page, "</b> stage; the load of the others depends on it.</p>\n");
}

void rig_html_stage_agreement(const rig_page *page, const json_t *agreement)
{
    static const char *const heads[] = {N_("lost at"), "#" N_("in both"),
                                        "#" N_("only in the replay"), "#" N_("only on the wire")};
    const json_t *stages = rig_json_list(agreement, "stages");
    if (json_array_size(stages) == 0)
        return;
    rig_html_table_begin(page, "The same calls, lost at the same stage?", false);
    rig_html_table_heads(page, heads, sizeof heads / sizeof heads[0]);
    for (size_t i = 0; i < json_array_size(stages); i++) {
        const json_t *stage = json_array_get(stages, i);
        fputs("<tr>", page->out);
        rig_html_cell(page, rig_page_words(page, rig_json_text(stage, "stage")));
        rig_html_number_cell(page, rig_html_count(rig_json_number(stage, "lost_in_both")).text);
        rig_html_number_cell(page, rig_html_count(rig_json_number(stage, "only_replayed")).text);
        rig_html_number_cell(page, rig_html_count(rig_json_number(stage, "only_observed")).text);
        fputs("</tr>\n", page->out);
    }
    rig_html_table_end(page);
}
