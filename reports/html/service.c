/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/html/service.h"

#include <math.h>
#include <string.h>

#include "reports/html/parts.h"
#include "reports/html/text.h"
#include "reports/json_file.h"
#include "reports/plots/series.h"

/* Intervals of a quantity: those with both sides, those outside the band. */
typedef struct count {
    size_t n, n_outside, n_above, worst;
    double distance; /* of the worst, in its unit */
} count;

/* Finer than this the wire does not show a figure: verdict/beside.c. */
static double resolution(const rig_plot_quantity *of, double time_scale)
{
    return strcmp(of->unit, "s") == 0 ? 0.010 * time_scale : of->scale > 1.0 ? 0.001 : 0.5;
}

static count count_intervals(const json_t *result, const rig_plot_quantity *of)
{
    const json_t *observed = rig_plot_series_list(result, of->key, "observed");
    const json_t *low = rig_plot_series_list(result, of->key, "low");
    const json_t *high = rig_plot_series_list(result, of->key, "high");
    const double slack = resolution(of, rig_json_number(result, "time_scale"));
    count c = {.n = 0};
    for (size_t i = 0; i < json_array_size(observed); i++) {
        const double seen = rig_json_number_at(observed, i);
        const double above = seen - rig_json_number_at(high, i);
        const double below = rig_json_number_at(low, i) - seen;
        if (isnan(above) || isnan(below))
            continue;
        const double distance = fmax(above, below) - slack;
        c.n++;
        if (!(distance > 0.0))
            continue;
        c.n_outside++;
        c.n_above += above > below;
        if (distance > c.distance) {
            c.distance = distance;
            c.worst = i;
        }
    }
    return c;
}

static rig_html_figure value(const json_t *result, const rig_plot_quantity *of, const char *member,
                             size_t at)
{
    const double x = rig_json_number_at(rig_plot_series_list(result, of->key, member), at);
    return rig_html_number(of->scale * x, 4);
}

static void print_row(const rig_page *page, const json_t *result, const rig_plot_quantity *of)
{
    const count c = count_intervals(result, of);
    const double length_s = rig_json_number(rig_json_object(result, "intervals"), "length_s");
    const double n_below = (double)(c.n_outside - c.n_above);
    char text[160] = "";
    fputs("<tr><th scope=\"row\">", page->out);
    rig_page_retell(page, of->title);
    fputs("<small>", page->out);
    rig_page_retell(page, of->unit);
    rig_page_say(page,
                 "</small></th><td class=\"n\" data-label=\"intervals\">%s</td>"
                 "<td class=\"n\" data-label=\"above\">%s</td>"
                 "<td class=\"n\" data-label=\"below\">%s</td><td data-label=\"furthest\">",
                 rig_html_count((double)c.n).text,
                 c.n > 0 ? rig_html_count((double)c.n_above).text : "&#8211;",
                 c.n > 0 ? rig_html_count(n_below).text : "&#8211;");
    if (c.n_outside > 0)
        (void)snprintf(
            text, sizeof text, rig_page_words(page, N_("at %s s: %s, predicted %s (%s to %s)")),
            rig_html_number((double)c.worst * length_s, 6).text,
            value(result, of, "observed", c.worst).text, value(result, of, "mean", c.worst).text,
            value(result, of, "low", c.worst).text, value(result, of, "high", c.worst).text);
    rig_html_text(page->out, text);
    fputs("</td></tr>\n", page->out);
}

void rig_html_service(const rig_page *page, const json_t *result)
{
    static const char *const heads[] = {N_("figure"), "#" N_("intervals"), "#" N_("above the band"),
                                        "#" N_("below it"), N_("furthest outside")};
    size_t n;
    const rig_plot_quantity *quantities = rig_plot_quantities(RIG_PLOT_SERVICE, &n);
    const double length_s = rig_json_number(rig_json_object(result, "intervals"), "length_s");
    if (!isfinite(length_s)) {
        rig_html_not_available(page);
        return;
    }
    rig_page_say(
        page,
        "<p>In intervals of %s s, as the capture shows them. About 5 of 100 intervals of a "
        "conforming run lie outside their band%s; what is outside by less than the wire "
        "can show (10 ms on the wire, 0.1 percentage points, half a call or agent) is not "
        "counted. No verdict hangs on them.</p>\n",
        rig_html_number(length_s, 4).text, rig_html_note(page, RIG_NOTE_BAND).text);
    rig_html_table_begin(page, "Intervals outside the predicted band", true);
    rig_html_table_heads(page, heads, sizeof heads / sizeof *heads);
    for (size_t q = 0; q < n; q++)
        print_row(page, result, &quantities[q]);
    rig_html_table_end(page);
}

static void print_fault(const rig_page *page, const json_t *fault, size_t number)
{
    const char *kind = rig_json_text(fault, "kind");
    const double at_s = rig_json_number(fault, "at_s"), for_s = rig_json_number(fault, "for_s");
    fprintf(page->out, "<tr><th scope=\"row\">%zu</th><td>", number);
    if (strcmp(kind, "trunk") == 0) {
        rig_page_put(page, "no circuits of ");
        rig_html_text(page->out, rig_json_text(fault, "trunk"));
    } else if (strcmp(kind, "agents") == 0) {
        const json_t *group = json_object_get(fault, "group");
        rig_page_put(page, "agents are gone");
        fputs(json_is_string(group) ? ": " : "", page->out);
        rig_html_text(page->out, json_is_string(group) ? json_string_value(group) : "");
    } else {
        rig_page_word(page, strcmp(kind, "ivr") == 0      ? N_("no IVR port answers")
                            : strcmp(kind, "centre") == 0 ? N_("the centre is dead")
                                                          : "n/a");
    }
    fputs("</td>", page->out);
    rig_html_number_cell(page, rig_html_number(at_s, 6).text);
    rig_html_number_cell(page, rig_html_number(at_s + for_s, 6).text);
    fputs("</tr>\n", page->out);
}

void rig_html_faults(const rig_page *page, const json_t *result)
{
    static const char *const heads[] = {N_("mark"), N_("fault"), "#" N_("from (s)"),
                                        "#" N_("until (s)")};
    const json_t *faults = rig_json_list(result, "faults");
    if (json_array_size(faults) == 0)
        return;
    rig_html_table_begin(page, "Faults of the scenario, shaded in the pictures over time", false);
    rig_html_table_heads(page, heads, sizeof heads / sizeof *heads);
    for (size_t i = 0; i < json_array_size(faults); i++)
        print_fault(page, json_array_get(faults, i), i + 1);
    rig_html_table_end(page);
}
