/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/html/diagnosis.h"

#include <math.h>
#include <string.h>

#include "reports/html/parts.h"
#include "reports/html/text.h"
#include "reports/json_file.h"

/* A finding's figure: shares as per cent, others with their unit. `if_none` stands for null: the
 * scenario sets no such thing, or the interval has no end. */
static void print_value(FILE *out, double value, const char *unit, const char *if_none)
{
    if (!isfinite(value)) {
        fputs(if_none, out);
        return;
    }
    fputs(strcmp(unit, "1") == 0 ? rig_html_percent(value).text : rig_html_number(value, 5).text,
          out);
    if (unit[0] != '\0' && strcmp(unit, "1") != 0) {
        fputc(' ', out);
        rig_html_text(out, unit);
    }
}

static void print_bare_value(FILE *out, double value, const char *unit, const char *if_none)
{
    print_value(out, value, strcmp(unit, "1") == 0 ? unit : "", if_none);
}

static void print_interval(FILE *out, double low, double high, const char *unit)
{
    fputs("<small>", out);
    if (isfinite(high)) {
        print_bare_value(out, low, unit, "n/a");
        fputs(" to ", out);
        print_bare_value(out, high, unit, "n/a");
    } else {
        fputs("at least ", out);
        print_bare_value(out, low, unit, "n/a");
    }
    fputs("</small>", out);
}

/* How much of the deviation; nothing where that was not asked. */
static void print_share(FILE *out, const json_t *finding)
{
    const double share = rig_json_number(finding, "explained_share");
    if (!isfinite(share))
        return;
    fprintf(out, "<small>%.0f %% of the deviation, %s</small>", 100.0 * share,
            strcmp(rig_json_text(finding, "explained_by"), "calls") == 0 ? "by its calls"
                                                                         : "replayed with it");
}

static void print_finding(FILE *out, const json_t *finding, bool is_first)
{
    const char *stage = rig_json_text(finding, "stage"), *unit = rig_json_text(finding, "unit");
    const char *text = rig_json_text(finding, "text");
    double from_s = rig_json_number(finding, "from_s"), to_s = rig_json_number(finding, "to_s");
    fputs("<tr><th scope=\"row\">", out);
    rig_html_text(out, stage[0] != '\0' ? stage : "n/a");
    fprintf(out, "</th><td class=\"says\" data-label=\"what is different\">%s",
            is_first ? "<b>" : "");
    rig_html_text(out, text[0] != '\0' ? text : "not available");
    fputs(is_first ? "</b>" : "", out);
    if (isfinite(from_s + to_s) && to_s > from_s)
        fprintf(out, "<small>%s to %s s of the scenario</small>", rig_html_number(from_s, 4).text,
                rig_html_number(to_s, 4).text);
    fputs("</td><td data-label=\"scenario\">", out);
    print_value(out, rig_json_number(finding, "expected"), unit, "none");
    fputs("</td><td data-label=\"on the wire\">", out);
    print_value(out, rig_json_number(finding, "estimate"), unit, "n/a");
    print_interval(out, rig_json_number(finding, "low"), rig_json_number(finding, "high"), unit);
    fprintf(out, "</td><td data-label=\"explains\">%s calls",
            rig_html_count(rig_json_number(finding, "explained_calls")).text);
    print_share(out, finding);
    fputs("</td></tr>\n", out);
}

void rig_html_diagnosis(FILE *out, const json_t *result)
{
    static const char *const heads[] = {"stage", "what is different", "scenario", "on the wire",
                                        "explains"};
    const json_t *diagnosis = rig_json_list(result, "diagnosis");
    if (diagnosis == NULL) {
        rig_html_not_available(out);
        return;
    }
    if (json_array_size(diagnosis) == 0) {
        fputs("<p>Nothing on the wire contradicts the scenario: circuits, IVR ports, queue and "
              "agents worked call by call as it says",
              out);
        rig_html_note_mark(out, RIG_NOTE_DIAGNOSIS);
        fputs(".</p>\n", out);
        return;
    }
    rig_html_table_begin(out, "What is not as the scenario says, the weightiest first", true);
    rig_html_table_heads(out, heads, sizeof heads / sizeof heads[0]);
    for (size_t i = 0; i < json_array_size(diagnosis); i++)
        print_finding(out, json_array_get(diagnosis, i), i == 0);
    rig_html_table_end(out);
    fputs("<p class=\"legend\">Explains: calls that were handled otherwise than the scenario says, "
          "and as the finding says",
          out);
    rig_html_note_mark(out, RIG_NOTE_DIAGNOSIS);
    fputs("; below it, what of the deviation is gone when the run is replayed with the finding, or "
          "without its calls. Below a value on the wire: its interval.</p>\n",
          out);
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

static void print_cause(FILE *out, const json_t *result, size_t n)
{
    const json_t *findings = rig_json_list(result, "diagnosis");
    const double share = rig_json_number(rig_json_object(result, "cause"), "explained_share");
    fputs("<p class=\"finding\">The cause is in the <b>", out);
    rig_html_text(out, rig_json_text(json_array_get(findings, 0), "stage"));
    fputs("</b> stage: ", out);
    for (size_t i = 0; i < n; i++) {
        fputs(i > 0 ? ", and " : "", out);
        rig_html_text(out, rig_json_text(json_array_get(findings, i), "text"));
    }
    if (isfinite(share))
        fprintf(out, ". That explains <b>%.0f %%</b> of the deviation", 100.0 * share);
    fputs(" (<a href=\"#diagnosis\">diagnosis</a>). What the other stages lose follows from the "
          "load that it leaves them.</p>\n",
          out);
}

void rig_html_cause(FILE *out, const json_t *result)
{
    const char *stage = rig_json_text(rig_json_object(result, "verdict"), "stage");
    const double least = rig_json_number(rig_json_object(result, "cause"), "least_share");
    const size_t n = count_causes(result);
    if (stage[0] == '\0')
        return;
    if (n > 0) {
        print_cause(out, result, n);
        return;
    }
    if (isfinite(least) && json_array_size(rig_json_list(result, "diagnosis")) > 0)
        fprintf(out,
                "<p class=\"finding\">Cause not found: no <a href=\"#diagnosis\">finding</a> "
                "explains %.0f %% of the deviation. The first stage that deviates is the <b>",
                100.0 * least);
    else
        fputs("<p class=\"finding\">No cause was found call by call. The first stage that deviates "
              "is the <b>",
              out);
    rig_html_text(out, stage);
    fputs("</b> stage; the load of the others depends on it.</p>\n", out);
}

void rig_html_stage_agreement(FILE *out, const json_t *agreement)
{
    static const char *const heads[] = {"lost at", "#in both", "#only in the replay",
                                        "#only on the wire"};
    const json_t *stages = rig_json_list(agreement, "stages");
    if (json_array_size(stages) == 0)
        return;
    rig_html_table_begin(out, "The same calls, lost at the same stage?", false);
    rig_html_table_heads(out, heads, sizeof heads / sizeof heads[0]);
    for (size_t i = 0; i < json_array_size(stages); i++) {
        const json_t *stage = json_array_get(stages, i);
        fputs("<tr>", out);
        rig_html_cell(out, rig_json_text(stage, "stage"));
        rig_html_number_cell(out, rig_html_count(rig_json_number(stage, "lost_in_both")).text);
        rig_html_number_cell(out, rig_html_count(rig_json_number(stage, "only_replayed")).text);
        rig_html_number_cell(out, rig_html_count(rig_json_number(stage, "only_observed")).text);
        fputs("</tr>\n", out);
    }
    rig_html_table_end(out);
}
