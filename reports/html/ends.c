/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/html/ends.h"

#include <math.h>
#include <stdio.h>

#include "core/language.h"
#include "reports/html/parts.h"
#include "reports/html/text.h"
#include "reports/json_file.h"
#include "verdict/ends.h"

static double sum_of(const json_t *ends, const char *key)
{
    double sum = 0.0;
    for (size_t i = 0; i < json_array_size(ends); i++)
        sum += rig_json_number(json_array_get(ends, i), key);
    return sum;
}

/* "40 to 52"; "" where it is not known. */
static rig_html_figure range_of(const json_t *end)
{
    const double low = rig_json_number(end, "low"), high = rig_json_number(end, "high");
    rig_html_figure range = {{0}};
    if (isfinite(low) && isfinite(high))
        (void)snprintf(range.text, sizeof range.text, "%.20s to %.20s", rig_html_count(low).text,
                       rig_html_count(high).text);
    return range;
}

static void print_end(const rig_page *page, const json_t *end, double n)
{
    const double observed = rig_json_number(end, "observed");
    const double predicted = rig_json_number(end, "predicted");
    char share[48] = "";
    if (n > 0.0 && isfinite(observed))
        (void)snprintf(share, sizeof share, "%.2f %%", 100.0 * observed / n);
    fputs("<tr><th scope=\"row\">", page->out);
    rig_page_word(page, rig_ends_words(rig_json_text(end, "end")));
    fputs("</th>", page->out);
    rig_html_figure_cell(page, N_("observed"), rig_html_count(observed).text, "");
    rig_html_figure_cell(page, N_("share"), share, "");
    rig_html_figure_cell(page, N_("predicted"), rig_html_number(predicted, 6).text, "");
    rig_html_figure_cell(page, P_("95 % of runs"), range_of(end).text, "");
    fputs("</tr>\n", page->out);
}

static void print_ends(const rig_page *page, const json_t *ends, const char *caption)
{
    static const char *const heads[] = {N_("end"), "#" N_("observed"), "#" N_("share"),
                                        "#" N_("predicted"), "#" P_("95 % of runs")};
    const double n = sum_of(ends, "observed");
    rig_html_table_begin(page, caption, true);
    rig_html_table_heads(page, heads, sizeof heads / sizeof *heads);
    for (size_t i = 0; i < json_array_size(ends); i++) {
        const json_t *end = json_array_get(ends, i);
        if (!(rig_json_number(end, "observed") == 0.0 && rig_json_number(end, "high") == 0.0))
            print_end(page, end, n);
    }
    rig_html_table_end(page);
}

void rig_html_ends(const rig_page *page, const json_t *result)
{
    const json_t *ends = rig_json_object(result, "ends");
    const json_t *calls = rig_json_list(ends, "calls"), *callers = rig_json_list(ends, "callers");
    if (json_array_size(calls) == 0) {
        rig_html_not_available(page);
        return;
    }
    print_ends(page, calls, N_("How the calls ended"));
    if (json_array_size(callers) == 0) {
        rig_page_put(page, "<p>A caller has one call here, and its end is his.</p>\n");
        return;
    }
    rig_page_say(page,
                 "<p>The %s calls are those of %s callers. Each caller counts once, whatever "
                 "his calls came to; <code>callers.csv</code> has a row for each.</p>\n",
                 rig_html_count(sum_of(calls, "observed")).text,
                 rig_html_count(sum_of(callers, "observed")).text);
    print_ends(page, callers, N_("What became of the callers in the end"));
}
