/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/html/different.h"

#include <math.h>
#include <string.h>

#include "reports/html/parts.h"
#include "reports/html/text.h"
#include "reports/json_file.h"
#include "reports/ladder_svg.h"

/* The number of a call's ladder on the page, from 1; 0: it has none. */
static size_t ladder_of(const json_t *call, const rig_ladders *ladders)
{
    const char *call_id = rig_json_text(call, "call_id");
    for (size_t i = 0; ladders != NULL && call_id[0] != '\0' && i < ladders->n; i++) {
        if (strcmp(ladders->items[i].call.call_id, call_id) == 0)
            return i + 1;
    }
    return 0;
}

static rig_html_figure instant_of(const json_t *call)
{
    rig_html_figure f = {"n/a"};
    double t_s = rig_json_number(call, "t_s");
    if (isfinite(t_s))
        (void)snprintf(f.text, sizeof f.text, "%.2f s", t_s);
    return f;
}

static void print_row(const rig_page *page, const json_t *call, const rig_ladders *ladders)
{
    const char *call_id = rig_json_text(call, "call_id");
    size_t ladder = ladder_of(call, ladders);
    fputs("<tr>", page->out);
    rig_html_number_cell(page, rig_html_count(rig_json_number(call, "planned_index")).text);
    rig_html_number_cell(page, instant_of(call).text);
    rig_html_cell(page, rig_json_text(call, "replayed"));
    rig_html_cell(page, rig_json_text(call, "observed"));
    if (ladder > 0) {
        fprintf(page->out, "<td class=\"id\"><a href=\"#ladder-%zu\">", ladder);
        rig_html_text(page->out, call_id);
        fputs("</a></td>", page->out);
    } else {
        rig_html_cell(page, call_id);
    }
    fputs("</tr>\n", page->out);
}

static void print_ladder(const rig_page *page, const json_t *call, const rig_ladders *ladders)
{
    size_t number = ladder_of(call, ladders);
    if (number == 0)
        return;
    rig_page_say(page,
                 "<details class=\"messages\" id=\"ladder-%zu\"><summary>call %s at %s: ", number,
                 rig_html_count(rig_json_number(call, "planned_index")).text,
                 rig_page_figure(page, instant_of(call).text).text);
    rig_html_text(page->out, rig_json_text(call, "replayed"));
    rig_page_put(page, " in the replay, <b>");
    rig_html_text(page->out, rig_json_text(call, "observed"));
    rig_page_put(page,
                 "</b> on the wire</summary>\n<div class=\"scroll\" tabindex=\"0\" role=\"region\" "
                 "aria-label=\"messages of the call\">\n");
    rig_report_ladder_svg_inline(page->out, page->language, &ladders->items[number - 1], number);
    fputs("</div></details>\n", page->out);
}

rig_status rig_html_different(const rig_page *page, const json_t *result,
                              const rig_report_wire *wire)
{
    const rig_ladders *ladders = wire->ladders;
    static const char *const heads[] = {"#" N_("planned call"), "#" N_("at"), N_("in the replay"),
                                        N_("on the wire"), "Call-ID"};
    const json_t *agreement = rig_json_object(result, "agreement");
    const json_t *calls = rig_json_list(agreement, "first_different");
    if (calls == NULL) {
        rig_html_not_available(page);
        return RIG_OK;
    }
    if (json_array_size(calls) == 0) {
        rig_page_put(page, "<p>Every planned call ended as in the replay.</p>\n");
        return RIG_OK;
    }
    rig_page_say(page,
                 "<p>%s of %s planned calls ended otherwise than in one replay; these are the "
                 "earliest%s; <code>differences.csv</code> in the run's folder has them all.</p>\n",
                 rig_html_count(rig_json_number(agreement, "different")).text,
                 rig_html_count(rig_json_number(rig_json_object(result, "calls"), "planned")).text,
                 rig_html_note(page, RIG_NOTE_AGREEMENT).text);
    rig_html_table_begin(page, "Where replay and wire part; times are of the scenario", false);
    rig_html_table_heads(page, heads, sizeof heads / sizeof heads[0]);
    for (size_t i = 0; i < json_array_size(calls); i++)
        print_row(page, json_array_get(calls, i), ladders);
    rig_html_table_end(page);
    if (ladders == NULL) {
        rig_page_put(
            page,
            "<p class=\"legend\">The messages of these calls are not shown: the run's folder has "
            "no capture that holds them.</p>\n");
        return RIG_OK;
    }
    rig_page_put(page,
                 "<p class=\"legend messages-head\">The messages of each call, as captured:</p>\n");
    for (size_t i = 0; i < json_array_size(calls); i++)
        print_ladder(page, json_array_get(calls, i), ladders);
    return RIG_OK;
}
