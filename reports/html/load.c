/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/html/load.h"

#include <math.h>

#include "reports/html/parts.h"
#include "reports/html/text.h"
#include "reports/json_file.h"

static void print_pair(const rig_page *page, const char *name, const json_t *of, const char *a,
                       const char *b, const char *unit)
{
    char text[128];
    (void)snprintf(text, sizeof text, "%s / %s%s", rig_html_number(rig_json_number(of, a), 4).text,
                   rig_html_number(rig_json_number(of, b), 4).text, unit);
    rig_html_fact(page, name, text);
}

/* The number, and below it how many for which cause. */
static void print_causes(const rig_page *page, const char *name, const json_t *of)
{
    const json_t *causes = rig_json_list(of, "causes");
    fprintf(page->out, "<div><dt>%s</dt><dd>%s", rig_page_words(page, name),
            rig_html_count(rig_json_number(of, "n")).text);
    for (size_t i = 0; i < json_array_size(causes); i++) {
        const json_t *cause = json_array_get(causes, i);
        rig_page_say(page, "<small>%s: ", rig_html_count(rig_json_number(cause, "n")).text);
        rig_page_retell(page, rig_json_text(cause, "cause"));
        fputs("</small>", page->out);
    }
    fputs("</dd></div>\n", page->out);
}

/* A clock that stands still moves by less than one can say. */
static void print_clock(const rig_page *page, const json_t *clock)
{
    char text[128];
    double step_ms = rig_json_number(clock, "step_ms");
    if (fabs(step_ms) < 0.001)
        (void)snprintf(text, sizeof text, "%s", rig_page_words(page, N_("less than 0.001 ms")));
    else
        (void)snprintf(text, sizeof text, rig_page_words(page, N_("%s ms at %s s")),
                       rig_html_number(step_ms, 3).text,
                       rig_html_number(rig_json_number(clock, "at_s"), 4).text);
    rig_html_fact(page, "greatest step of the clock", isnan(step_ms) ? "" : text);
}

static void print_workers(const rig_page *page, const json_t *workers)
{
    static const char *const heads[] = {N_("SIPp at"),
                                        "#" N_("calls"),
                                        "#" N_("unaccounted for"),
                                        "#" N_("late by its clock"),
                                        "#" N_("latest (ms)"),
                                        "#" N_("datagrams dropped")};
    rig_html_table_begin(page, "The SIPp processes that played the callers", false);
    rig_html_table_heads(page, heads, sizeof heads / sizeof *heads);
    for (size_t i = 0; i < json_array_size(workers); i++) {
        const json_t *w = json_array_get(workers, i);
        fputs("<tr><th scope=\"row\">", page->out);
        rig_html_text(page->out, rig_json_text(w, "host"));
        rig_page_say(page, " port %.0f</th>", rig_json_number(w, "port"));
        static const char *const keys[] = {"calls", "unaccounted", "late"};
        for (size_t k = 0; k < sizeof keys / sizeof *keys; k++)
            rig_html_number_cell(page, rig_html_count(rig_json_number(w, keys[k])).text);
        rig_html_number_cell(page, rig_html_number(rig_json_number(w, "max_late_ms"), 4).text);
        rig_html_number_cell(page, rig_html_count(rig_json_number(w, "socket_drops")).text);
        fputs("</tr>\n", page->out);
    }
    rig_html_table_end(page);
}

/* Of a run from several. */
static void print_hosts(const rig_page *page, const json_t *hosts)
{
    static const char *const heads[] = {
        N_("load host"),           "#" N_("calls"),
        "#" N_("placed"),          "#" N_("99 % within (ms)"),
        "#" N_("latest (ms)"),     "#" N_("its clock at the start (ms)"),
        "#" N_("at the end (ms)"), "#" N_("known to (ms)")};
    static const char *const counts[] = {"calls", "placed"};
    static const char *const numbers[] = {"late_abs_p99_ms", "late_max_ms", "clock_start_ms",
                                          "clock_end_ms", "clock_error_ms"};
    if (json_array_size(hosts) == 0)
        return;
    rig_html_table_begin(page,
                         N_("Load hosts: their calls, and how far their clocks were from the "
                            "first one's, which is corrected"),
                         false);
    rig_html_table_heads(page, heads, sizeof heads / sizeof *heads);
    for (size_t i = 0; i < json_array_size(hosts); i++) {
        const json_t *host = json_array_get(hosts, i);
        fputs("<tr><th scope=\"row\">", page->out);
        rig_html_text(page->out, rig_json_text(host, "name"));
        rig_page_say(page,
                     json_is_true(json_object_get(host, "lost")) ? N_(" (rank %zu), lost</th>")
                                                                 : N_(" (rank %zu)</th>"),
                     i);
        for (size_t k = 0; k < sizeof counts / sizeof *counts; k++)
            rig_html_number_cell(page, rig_html_count(rig_json_number(host, counts[k])).text);
        for (size_t k = 0; k < sizeof numbers / sizeof *numbers; k++)
            rig_html_number_cell(page, rig_html_number(rig_json_number(host, numbers[k]), 4).text);
        fputs("</tr>\n", page->out);
    }
    rig_html_table_end(page);
}

void rig_html_load(const rig_page *page, const json_t *result)
{
    const json_t *load = rig_json_object(result, "load");
    if (json_object_size(load) == 0) {
        rig_html_not_available(page);
        return;
    }
    const json_t *late = rig_json_object(load, "late"), *clock = rig_json_object(load, "clock");
    char text[128];
    fputs("<dl class=\"facts\">\n", page->out);
    print_causes(page, N_("not placed"), rig_json_object(load, "not_placed"));
    (void)snprintf(text, sizeof text, rig_page_words(page, N_("off by more than %s ms")),
                   rig_html_number(rig_json_number(late, "limit_ms"), 3).text);
    print_causes(page, text, late);
    const json_t *gaps = rig_json_object(load, "gaps"), *trend = rig_json_object(load, "trend");
    print_pair(page, N_("mean time between arrivals (planned / actual)"), gaps, "mean_planned_ms",
               "mean_actual_ms", " ms");
    print_pair(page, N_("its standard deviation / mean (planned / actual)"), gaps, "cv_planned",
               "cv_actual", "");
    print_pair(page, N_("median lateness, first / last fifth of the calls"), trend,
               "first_fifth_median_ms", "last_fifth_median_ms", " ms");
    print_clock(page, clock);
    fputs("</dl>\n", page->out);
    print_hosts(page, rig_json_list(load, "hosts"));
    print_workers(page, rig_json_list(load, "workers"));
}
