/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/html/costs.h"

#include <math.h>
#include <string.h>

#include "core/language.h"
#include "reports/html/parts.h"
#include "reports/json_file.h"

rig_html_figure rig_html_amount(double amount)
{
    return fabs(amount) >= 100.0 ? rig_html_count(amount) : rig_html_number(amount, 4);
}

rig_html_figure rig_html_amount_range(const json_t *sides)
{
    const double low = rig_json_number(sides, "low"), high = rig_json_number(sides, "high");
    rig_html_figure range = {{0}};
    if (low < high)
        (void)snprintf(range.text, sizeof range.text, "%.20s to %.20s", rig_html_amount(low).text,
                       rig_html_amount(high).text);
    return range;
}

/* The words of what is paid for, as costs.c of reports/json names it. */
static const char *words_of(const char *of)
{
    static const char *const words[][2] = {{"lost calls", N_("lost calls")},
                                           {"circuits", N_("circuits, hours")},
                                           {"IVR ports", N_("IVR ports, hours")},
                                           {"agents", N_("agents on duty, hours")}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (strcmp(of, words[i][0]) == 0)
            return words[i][1];
    }
    return of;
}

/* What was seen, and the prediction. */
static void amount_cells(const rig_page *page, const json_t *sides)
{
    rig_html_figure_cell(page, N_("observed"),
                         rig_html_amount(rig_json_number(sides, "observed")).text, "");
    rig_html_figure_cell(page, N_("predicted (95 %)"),
                         rig_html_amount(rig_json_number(sides, "predicted")).text,
                         rig_html_amount_range(sides).text);
}

static void print_item(const rig_page *page, const json_t *item)
{
    const json_t *number = rig_json_object(item, "number");
    fputs("<tr><th scope=\"row\">", page->out);
    rig_page_word(page, words_of(rig_json_text(item, "of")));
    fputs("</th>", page->out);
    rig_html_figure_cell(page, N_("price"), rig_html_amount(rig_json_number(item, "price")).text,
                         "");
    rig_html_figure_cell(page, N_("number"),
                         rig_html_amount(rig_json_number(number, "observed")).text, "");
    amount_cells(page, rig_json_object(item, "amount"));
    fputs("</tr>\n", page->out);
}

void rig_html_costs(const rig_page *page, const json_t *result)
{
    static const char *const heads[] = {N_("what"), "#" N_("price"), "#" N_("number"),
                                        "#" N_("observed"), "#" N_("predicted (95 %)")};
    const json_t *costs = json_object_get(result, "costs");
    if (costs == NULL) {
        rig_html_not_available(page);
        return;
    }
    if (!json_is_object(costs)) {
        rig_page_put(page, "<p>The scenario names no price (<code>costs</code>).</p>\n");
        return;
    }
    const json_t *items = rig_json_list(costs, "items"), *total = rig_json_object(costs, "total");
    const char *currency = rig_json_text(costs, "currency");
    rig_html_table_begin(page, "What is lost and paid within the traffic's duration", true);
    rig_html_table_heads(page, heads, sizeof heads / sizeof *heads);
    for (size_t i = 0; i < json_array_size(items); i++)
        print_item(page, json_array_get(items, i));
    fputs("<tr><th scope=\"row\">", page->out);
    rig_page_word(page, N_("in all"));
    fputs(currency[0] != '\0' ? ", " : "", page->out);
    rig_html_text(page->out, currency);
    fputs("</th>", page->out);
    rig_html_figure_cell(page, N_("price"), "\xE2\x80\x93", "");
    rig_html_figure_cell(page, N_("number"), "\xE2\x80\x93", "");
    amount_cells(page, total);
    fputs("</tr>\n", page->out);
    rig_html_table_end(page);
}
