/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/html/sections.h"

#include <math.h>
#include <string.h>

#include "reports/html/diagnosis.h"
#include "reports/html/parts.h"
#include "reports/html/text.h"
#include "reports/json_file.h"

/* "2026-03-14 09:26:31" of "2026-03-14T09:26:31.004Z"; other texts as they are. */
static rig_html_figure instant_of(const char *iso)
{
    rig_html_figure f;
    if (strlen(iso) >= 19 && iso[10] == 'T')
        (void)snprintf(f.text, sizeof f.text, "%.10s %.8s", iso, iso + 11);
    else
        (void)snprintf(f.text, sizeof f.text, "%.40s", iso);
    return f;
}

/* --- verdict ---------------------------------------------------------------------------------- */

static void print_identity(const rig_page *page, const json_t *result)
{
    const json_t *run = rig_json_object(result, "run");
    const json_t *calls = rig_json_object(result, "calls");
    double wire_s = rig_json_number(run, "wire_s"), scale = rig_json_number(result, "time_scale");
    double exit_code = rig_json_number(rig_json_object(result, "verdict"), "exit_code");
    char text[128];
    int64_t seed;
    fputs("<dl class=\"facts\">\n", page->out);
    rig_html_fact(page, "centre under test", rig_json_text(run, "target"));
    rig_html_fact(page, "started (UTC)", instant_of(rig_json_text(run, "start_utc")).text);
    if (isfinite(wire_s) && isfinite(scale) && fabs(scale - 1.0) > 1e-9)
        (void)snprintf(text, sizeof text, rig_page_words(page, N_("%s s (time scale %s)")),
                       rig_html_number(wire_s, 5).text, rig_html_number(scale, 4).text);
    else if (isfinite(wire_s))
        (void)snprintf(text, sizeof text, "%s s", rig_html_number(wire_s, 5).text);
    else
        text[0] = '\0';
    rig_html_fact(page, "time on the wire", text);
    (void)snprintf(text, sizeof text, rig_page_words(page, N_("%s of %s planned")),
                   rig_html_count(rig_json_number(calls, "offered")).text,
                   rig_html_count(rig_json_number(calls, "planned")).text);
    rig_html_fact(page, "calls offered", text);
    rig_html_fact(page, "seed",
                  rig_json_integer(result, "seed", &seed) ? rig_html_seed(seed).text : "");
    rig_html_fact(page, "peakrig", rig_json_text(result, "peakrig"));
    rig_html_fact(page, "judged (UTC)", instant_of(rig_json_text(result, "created_utc")).text);
    rig_html_fact(page, "exit code", rig_html_number(exit_code, 3).text);
    fputs("</dl>\n", page->out);
}

/* Nobody may take such a run for one at an honest centre. */
static void print_defects(const rig_page *page, const json_t *result)
{
    const json_t *defects = rig_json_list(rig_json_object(result, "target"), "defects");
    if (json_array_size(defects) == 0)
        return;
    rig_page_put(page,
                 "<p class=\"stopped\" id=\"defects\" role=\"note\"><b>The centre was broken on "
                 "purpose.</b> "
                 "It was the embedded one with ");
    for (size_t i = 0; i < json_array_size(defects); i++) {
        fputs(i > 0 ? ", <code>" : "<code>", page->out);
        const char *text = json_string_value(json_array_get(defects, i));
        rig_html_text(page->out, text != NULL ? text : "?");
        fputs("</code>", page->out);
    }
    rig_page_put(page, ": the verdict is about this centre, not about an honest one.</p>\n");
}

/* Nor for one of the files that were played. */
static void print_changed(const rig_page *page, const json_t *result)
{
    const json_t *changed = rig_json_list(rig_json_object(result, "inputs"), "changed");
    if (json_array_size(changed) == 0)
        return;
    rig_page_put(
        page, "<p class=\"stopped\" id=\"changed\" role=\"note\"><b>Judged by force.</b> Not the "
              "files that were played or written: ");
    for (size_t i = 0; i < json_array_size(changed); i++) {
        fputs(i > 0 ? ", <code>" : "<code>", page->out);
        const char *text = json_string_value(json_array_get(changed, i));
        rig_html_text(page->out, text != NULL ? text : "?");
        fputs("</code>", page->out);
    }
    rig_page_put(page, ".</p>\n");
}

void rig_html_verdict(const rig_page *page, const json_t *result)
{
    const json_t *verdict = rig_json_object(result, "verdict");
    const char *name = rig_json_text(result, "name");
    const char *description = rig_json_text(result, "description");
    const char *summary = rig_json_text(verdict, "summary");
    fputs("<header>\n", page->out);
    if (strcmp(rig_json_text(result, "status"), "stopped") == 0)
        rig_page_put(
            page,
            "<p class=\"stopped\" id=\"stopped\" role=\"note\"><b>Stopped by the user.</b> This "
            "run ended before its time: the figures are of a part of the calls, and it is never "
            "a pass.</p>\n");
    print_changed(page, result);
    print_defects(page, result);
    rig_page_put(page, "<p class=\"kind\">peakrig call-loss report</p>\n<h1>");
    rig_html_text(page->out, name[0] != '\0' ? name : rig_page_words(page, N_("unnamed run")));
    fputs("</h1>\n", page->out);
    if (description[0] != '\0') {
        fputs("<p class=\"description\">", page->out);
        rig_html_text(page->out, description);
        fputs("</p>\n", page->out);
    }
    fputs("<div class=\"verdict\">", page->out);
    rig_html_badge(page, rig_json_text(verdict, "judgement"));
    fputs("<p class=\"summary\">", page->out);
    rig_page_retell(page, summary[0] != '\0' ? summary : "not available");
    fputs("</p></div>\n", page->out);
    print_identity(page, result);
    fputs("</header>\n", page->out);
}

/* --- stages ----------------------------------------------------------------------------------- */

#define STRIP_WIDTH 200.0

/* Percentage points that half of the strips' width stands for: one scale for all stages. */
static double strip_extent(const json_t *stages)
{
    double extent = 0.0;
    for (size_t i = 0; i < json_array_size(stages); i++) {
        const json_t *stage = json_array_get(stages, i);
        rig_html_pair d95 = rig_html_pair_of(stage, "d95");
        extent = fmax(extent, fmax(fabs(d95.low), fabs(d95.high)));
        extent = fmax(extent, rig_json_number(stage, "margin"));
    }
    return 1.08 * extent;
}

/* The difference with its intervals on the margin, drawn to scale. */
static void print_strip(const rig_page *page, const json_t *stage, double extent)
{
    const double middle = STRIP_WIDTH / 2.0, unit = middle / extent;
    double d = rig_json_number(stage, "difference"), margin = rig_json_number(stage, "margin");
    rig_html_pair d90 = rig_html_pair_of(stage, "d90"), d95 = rig_html_pair_of(stage, "d95");
    if (!(extent > 0.0) || !isfinite(d + margin + d90.low + d90.high + d95.low + d95.high))
        return;
    fprintf(page->out,
            "<svg class=\"strip\" viewBox=\"0 0 %g 20\" aria-hidden=\"true\">"
            "<rect class=\"margin\" x=\"%.1f\" y=\"1\" width=\"%.1f\" height=\"18\"/>"
            "<path class=\"zero\" d=\"M%.1f 1V19\"/>"
            "<path class=\"d95\" d=\"M%.1f 10H%.1f\"/><path class=\"d90\" d=\"M%.1f 10H%.1f\"/>"
            "<circle class=\"d\" cx=\"%.1f\" cy=\"10\" r=\"4.5\"/></svg>",
            STRIP_WIDTH, middle - margin * unit, 2.0 * margin * unit, middle,
            middle + d95.low * unit, middle + d95.high * unit, middle + d90.low * unit,
            middle + d90.high * unit, middle + d * unit);
}

static void print_loss_cells(const rig_page *page, const json_t *stage)
{
    double observed = rig_json_number(stage, "p_observed");
    rig_html_pair bounds = rig_html_pair_of(stage, "bounds");
    rig_page_say(
        page, "<td data-label=\"predicted lost\"><b>%s</b><small>%s</small></td>",
        rig_html_percent(rig_json_number(stage, "p_predicted")).text,
        rig_page_figure(page, rig_html_percent_range(rig_json_number(stage, "predicted_low"),
                                                     rig_json_number(stage, "predicted_high"))
                                  .text)
            .text);
    rig_page_say(page, "<td data-label=\"observed lost\"><b>%s</b><small>%s calls</small>",
                 rig_html_percent(observed).text,
                 rig_html_count(rig_json_number(stage, "lost")).text);
    if (bounds.high - bounds.low > 5e-5) { /* else nothing that two decimals could show */
        rig_page_say(
            page, "<small>bounds %s",
            rig_page_figure(page, rig_html_percent_range(bounds.low, bounds.high).text).text);
        rig_html_note_mark(page, RIG_NOTE_BOUNDS);
        fputs("</small>", page->out);
    }
    fputs("</td>", page->out);
}

static void print_judgement_cell(const rig_page *page, const json_t *stage, bool is_judged)
{
    double p = rig_json_number(stage, "p_value_holm");
    double minutes = rig_json_number(stage, "minutes_to_decide");
    rig_page_put(page, "<td data-label=\"verdict\">");
    rig_html_badge(page, is_judged ? rig_json_text(stage, "judgement") : "NOT JUDGED");
    if (is_judged && p < 0.05) {
        fprintf(page->out, "<small>p = %s", rig_html_number(p, 2).text);
        rig_html_note_mark(page, RIG_NOTE_P_VALUE);
        fputs("</small>", page->out);
    }
    if (is_judged && isfinite(minutes))
        rig_page_say(page, "<small>a run of about %s min would decide</small>",
                     rig_html_count(ceil(minutes)).text);
    fputs("</td>", page->out);
}

/* What the trunk stage is made of, where carriers have calls of their own: rows below it. */
static void print_carriers(const rig_page *page, const json_t *result, bool is_judged)
{
    const json_t *carriers = rig_json_list(result, "carriers");
    for (size_t i = 0; i < json_array_size(carriers); i++) {
        const json_t *c = json_array_get(carriers, i);
        const rig_html_pair predicted = rig_html_pair_of(c, "predicted");
        const double p_observed = rig_json_number(c, "p_observed"),
                     p_predicted = rig_json_number(c, "p_predicted");
        rig_page_put(page, "<tr class=\"part\"><th scope=\"row\">trunk, by ");
        rig_html_text(page->out, rig_json_text(c, "name"));
        rig_page_say(page, "</th><td data-label=\"entered\">%s</td>",
                     rig_html_count(rig_json_number(c, "n_offered")).text);
        rig_page_say(
            page, "<td data-label=\"predicted lost\"><b>%s</b><small>%s</small></td>",
            rig_html_percent(p_predicted).text,
            rig_page_figure(page, rig_html_percent_range(predicted.low, predicted.high).text).text);
        rig_page_say(page, "<td data-label=\"observed lost\"><b>%s</b><small>%s calls</small></td>",
                     rig_html_percent(p_observed).text,
                     rig_html_count(rig_json_number(c, "n_lost")).text);
        rig_page_say(
            page,
            "<td class=\"difference\" data-label=\"difference\"><b>%s</b>"
            "<small>margin &#177;%s</small></td>",
            rig_page_figure(page, rig_html_points(p_observed - p_predicted).text).text,
            rig_page_figure(page, rig_html_size_in_points(rig_json_number(c, "margin")).text).text);
        print_judgement_cell(page, c, is_judged);
        fputs("</tr>\n", page->out);
    }
}

static void print_part(const rig_page *page, const json_t *figure, bool is_judged)
{
    const char *unit = rig_json_text(figure, "unit");
    const rig_html_pair predicted = rig_html_pair_of(figure, "predicted");
    const bool is_wait = strcmp(unit, "s") == 0;
    const bool is_busy = strcmp(rig_json_text(figure, "figure"), "occupancy") == 0;
    const bool is_talk = strcmp(rig_json_text(figure, "figure"), "talk_mean_s") == 0;
    const bool is_told = /* a figure of the whole queue, by its own name */
        strcmp(rig_json_text(figure, "figure"), rig_json_text(figure, "name")) == 0;
    fputs("<tr><th scope=\"row\">", page->out);
    rig_html_text(page->out, rig_json_text(figure, "name"));
    rig_page_say(
        page,
        is_told   ? "</th><td data-label=\"entered\">%s</td>"
        : is_talk ? N_("<small>mean talk</small></th><td data-label=\"entered\">%s</td>")
        : is_wait ? N_("<small>mean wait</small></th><td data-label=\"entered\">%s</td>")
        : is_busy ? N_("<small>busy</small></th><td data-label=\"entered\">%s</td>")
                  : N_("<small>lost in the queue</small></th><td data-label=\"entered\">%s</td>"),
        rig_html_count(rig_json_number(figure, "n_entered")).text);
    rig_page_say(page, "<td data-label=\"predicted\"><b>%s</b><small>%s to %s</small></td>",
                 rig_page_in_unit(page, rig_json_number(figure, "predicted_mean"), unit).text,
                 rig_page_in_unit(page, predicted.low, unit).text,
                 rig_page_in_unit(page, predicted.high, unit).text);
    rig_page_say(page, "<td data-label=\"observed\"><b>%s</b>",
                 rig_page_in_unit(page, rig_json_number(figure, "observed"), unit).text);
    if (!is_wait && !is_busy && !is_told)
        rig_page_say(page, "<small>%s calls</small>",
                     rig_html_count(rig_json_number(figure, "n_lost")).text);
    rig_page_say(
        page, "</td><td data-label=\"margin\">&#177;%s</td>",
        strcmp(unit, "1") != 0 /* a time or a number */
            ? rig_page_in_unit(page, rig_json_number(figure, "margin"), unit).text
            : rig_page_figure(page, rig_html_size_in_points(rig_json_number(figure, "margin")).text)
                  .text);
    print_judgement_cell(page, figure, is_judged);
    fputs("</tr>\n", page->out);
}

/* What the queue is made of, where callers are of several classes or ask for several skills, and
 * who serves them. */
static void print_kind(const rig_page *page, const json_t *parts, const char *caption,
                       const char *of_what, bool is_judged)
{
    const char *const heads[] = {of_what,        N_("entered"), N_("predicted"),
                                 N_("observed"), N_("margin"),  N_("verdict")};
    if (json_array_size(parts) == 0)
        return;
    rig_html_table_begin(page, caption, true);
    rig_html_table_heads(page, heads, sizeof heads / sizeof heads[0]);
    for (size_t i = 0; i < json_array_size(parts); i++)
        print_part(page, json_array_get(parts, i), is_judged);
    rig_html_table_end(page);
}

void rig_html_stages(const rig_page *page, const json_t *result)
{
    static const char *const heads[] = {N_("stage"),         N_("entered"),    N_("predicted lost"),
                                        N_("observed lost"), N_("difference"), N_("verdict")};
    const json_t *stages = rig_json_list(result, "stages");
    const double extent = strip_extent(stages);
    const bool is_judged = rig_html_is_judged(result);
    if (json_array_size(stages) == 0) {
        rig_html_not_available(page);
        return;
    }
    rig_html_table_begin(page, "Loss of each stage, of the calls that entered it", true);
    rig_html_table_heads(page, heads, sizeof heads / sizeof heads[0]);
    for (size_t i = 0; i < json_array_size(stages); i++) {
        const json_t *stage = json_array_get(stages, i);
        const char *name = rig_json_text(stage, "stage");
        rig_html_pair d90 = rig_html_pair_of(stage, "d90");
        fputs("<tr><th scope=\"row\">", page->out);
        rig_page_word(page, name[0] != '\0' ? name : "n/a");
        rig_page_say(page, "</th><td data-label=\"entered\">%s</td>",
                     rig_html_count(rig_json_number(stage, "entered")).text);
        print_loss_cells(page, stage);
        rig_page_say(
            page,
            "<td class=\"difference\" data-label=\"difference\"><b>%s</b>"
            "<small>%s</small><small>margin &#177;%s</small>",
            rig_page_figure(page, rig_html_points(rig_json_number(stage, "difference")).text).text,
            rig_page_figure(page, rig_html_points_range(d90.low, d90.high).text).text,
            rig_page_figure(page, rig_html_size_in_points(rig_json_number(stage, "margin")).text)
                .text);
        print_strip(page, stage, extent);
        fputs("</td>", page->out);
        print_judgement_cell(page, stage, is_judged);
        fputs("</tr>\n", page->out);
        if (strcmp(name, "trunk") == 0)
            print_carriers(page, result, is_judged);
    }
    rig_html_table_end(page);
    print_kind(page, rig_json_list(result, "classes"), N_("The queue of each class of callers"),
               N_("class"), is_judged);
    print_kind(page, rig_json_list(result, "skills"), N_("The queue of each skill"), N_("skill"),
               is_judged);
    print_kind(page, rig_json_list(result, "told"), N_("What the queue tells callers and agents"),
               N_("figure"), is_judged);
    print_kind(page, rig_json_list(result, "groups"), N_("How busy each group of agents is"),
               N_("group"), is_judged);
    if (is_judged)
        rig_html_cause(page, result);
    rig_page_say(
        page,
        "<p class=\"legend\">Lost %%: per call that entered the stage%s. Below a prediction: its "
        "95 %% interval for one run%s. Below a difference: its 90 %% interval and the margin%s; "
        "drawn as a dot with its 90 %% (thick) and 95 %% (thin) interval on the shaded margin, "
        "the same scale for all stages.</p>\n",
        rig_html_note(page, RIG_NOTE_LOSS).text, rig_html_note(page, RIG_NOTE_INTERVAL).text,
        rig_html_note(page, RIG_NOTE_DIFFERENCE).text);
}

/* --- service levels --------------------------------------------------------------------------- */

/* The words for a metric that the document has; else its name. */
static const char *describe(const json_t *result, const char *metric)
{
    const json_t *metrics = rig_json_list(result, "metrics");
    for (size_t i = 0; i < json_array_size(metrics); i++) {
        const json_t *item = json_array_get(metrics, i);
        const char *text = rig_json_text(item, "description");
        if (strcmp(rig_json_text(item, "name"), metric) == 0 && text[0] != '\0')
            return text;
    }
    return "";
}

static void print_level(const rig_page *page, const json_t *result, const json_t *level)
{
    const char *unit = rig_json_text(level, "unit"), *metric = rig_json_text(level, "metric");
    const double min = rig_json_number(level, "min"), max = rig_json_number(level, "max");
    const bool is_min = isfinite(min), is_max = isfinite(max);
    fputs("<tr><th scope=\"row\">", page->out);
    rig_html_text(page->out, metric[0] != '\0' ? metric : "n/a");
    fputs("<small>", page->out);
    rig_html_text(page->out, rig_page_metric(page, metric, describe(result, metric)));
    fputs("</small></th>", page->out);
    rig_page_say(page,
                 is_min   ? N_("<td data-label=\"required\">at least %s</td>")
                 : is_max ? N_("<td data-label=\"required\">at most %s</td>")
                          : N_("<td data-label=\"required\">%s</td>"),
                 rig_page_in_unit(page, is_min ? min : max, unit).text);
    rig_page_say(page, "<td data-label=\"observed\"><b>%s</b><small>%s to %s</small></td>",
                 rig_page_in_unit(page, rig_json_number(level, "observed"), unit).text,
                 rig_page_in_unit(page, rig_json_number(level, "low"), unit).text,
                 rig_page_in_unit(page, rig_json_number(level, "high"), unit).text);
    rig_page_put(page, "<td data-label=\"verdict\">");
    rig_html_badge(page,
                   rig_html_is_judged(result) ? rig_json_text(level, "judgement") : "NOT JUDGED");
    fputs("</td></tr>\n", page->out);
}

void rig_html_levels(const rig_page *page, const json_t *result)
{
    static const char *const heads[] = {N_("figure"), N_("required"), N_("observed"),
                                        N_("verdict")};
    const json_t *levels = rig_json_list(result, "levels");
    if (levels == NULL) {
        rig_html_not_available(page);
        return;
    }
    if (json_array_size(levels) == 0) {
        rig_page_put(page, "<p>The scenario sets no service level.</p>\n");
        return;
    }
    rig_html_table_begin(page, "Service levels that the scenario sets", true);
    rig_html_table_heads(page, heads, sizeof heads / sizeof heads[0]);
    for (size_t i = 0; i < json_array_size(levels); i++)
        print_level(page, result, json_array_get(levels, i));
    rig_html_table_end(page);
    rig_page_say(page, "<p class=\"legend\">Below an observed figure: its 95 %% interval%s.</p>\n",
                 rig_html_note(page, RIG_NOTE_LEVEL).text);
}

/* --- checks ----------------------------------------------------------------------------------- */

void rig_html_checks(const rig_page *page, const json_t *result)
{
    const json_t *checks = rig_json_list(result, "checks");
    size_t n = json_array_size(checks), n_ok = 0;
    if (n == 0) {
        rig_html_not_available(page);
        return;
    }
    for (size_t i = 0; i < n; i++)
        n_ok += rig_json_is_true(json_array_get(checks, i), "ok");
    rig_page_say(page, "<p>%zu of %zu checks hold%s.</p>\n<ul class=\"checks\">\n", n_ok, n,
                 rig_html_note(page, RIG_NOTE_CHECKS).text);
    for (size_t i = 0; i < n; i++) {
        const json_t *check = json_array_get(checks, i);
        bool is_ok = rig_json_is_true(check, "ok");
        const char *text = rig_json_text(check, "text");
        fprintf(page->out, "<li class=\"%s\"><span class=\"mark\">%s</span> <span><b>",
                is_ok ? "ok" : "failed",
                rig_page_words(page, is_ok ? N_("&#10003; ok") : N_("&#10007; failed")));
        rig_html_text(page->out, rig_json_text(check, "gate"));
        fputc(' ', page->out);
        rig_page_retell(page, rig_json_text(check, "name"));
        fputs("</b>: ", page->out);
        rig_page_retell(page, text[0] != '\0' ? text : "not available");
        fputs("</span></li>\n", page->out);
    }
    fputs("</ul>\n", page->out);
}
