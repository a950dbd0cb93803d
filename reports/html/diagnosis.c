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
    fprintf(out, "</td><td data-label=\"explains\">%s calls</td></tr>\n",
            rig_html_count(rig_json_number(finding, "explained_calls")).text);
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
    fputs(". Below a value on the wire: its interval.</p>\n", out);
}

void rig_html_cause(FILE *out, const json_t *result)
{
    const json_t *finding = json_array_get(rig_json_list(result, "diagnosis"), 0);
    const char *cause = rig_json_text(rig_json_object(result, "verdict"), "stage");
    const char *text = rig_json_text(finding, "text");
    if (cause[0] == '\0')
        return;
    if (text[0] != '\0' && strcmp(rig_json_text(finding, "stage"), cause) == 0) {
        fputs("<p class=\"finding\">The cause is in the <b>", out);
        rig_html_text(out, cause);
        fputs("</b> stage: ", out);
        rig_html_text(out, text);
        fputs(
            " (<a href=\"#diagnosis\">diagnosis</a>). What the other stages lose follows from the "
            "load that it leaves them.</p>\n",
            out);
    } else {
        fputs("<p class=\"finding\">No cause was found call by call. The first stage that deviates "
              "is "
              "the <b>",
              out);
        rig_html_text(out, cause);
        fputs("</b> stage; the load of the others depends on it.</p>\n", out);
    }
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
