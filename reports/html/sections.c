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

static void print_identity(FILE *out, const json_t *result)
{
    const json_t *run = rig_json_object(result, "run");
    const json_t *calls = rig_json_object(result, "calls");
    double wire_s = rig_json_number(run, "wire_s"), scale = rig_json_number(result, "time_scale");
    double exit_code = rig_json_number(rig_json_object(result, "verdict"), "exit_code");
    char text[128];
    int64_t seed;
    fputs("<dl class=\"facts\">\n", out);
    rig_html_fact(out, "centre under test", rig_json_text(run, "target"));
    rig_html_fact(out, "started (UTC)", instant_of(rig_json_text(run, "start_utc")).text);
    if (isfinite(wire_s) && isfinite(scale) && fabs(scale - 1.0) > 1e-9)
        (void)snprintf(text, sizeof text, "%s s (time scale %s)", rig_html_number(wire_s, 5).text,
                       rig_html_number(scale, 4).text);
    else if (isfinite(wire_s))
        (void)snprintf(text, sizeof text, "%s s", rig_html_number(wire_s, 5).text);
    else
        text[0] = '\0';
    rig_html_fact(out, "time on the wire", text);
    (void)snprintf(text, sizeof text, "%s of %s planned",
                   rig_html_count(rig_json_number(calls, "offered")).text,
                   rig_html_count(rig_json_number(calls, "planned")).text);
    rig_html_fact(out, "calls offered", text);
    rig_html_fact(out, "seed",
                  rig_json_integer(result, "seed", &seed) ? rig_html_seed(seed).text : "");
    rig_html_fact(out, "peakrig", rig_json_text(result, "peakrig"));
    rig_html_fact(out, "judged (UTC)", instant_of(rig_json_text(result, "created_utc")).text);
    rig_html_fact(out, "exit code", rig_html_number(exit_code, 3).text);
    fputs("</dl>\n", out);
}

/* Nobody may take such a run for one at an honest centre. */
static void print_defects(FILE *out, const json_t *result)
{
    const json_t *defects = rig_json_list(rig_json_object(result, "target"), "defects");
    if (json_array_size(defects) == 0)
        return;
    fputs("<p class=\"stopped\" id=\"defects\" role=\"note\"><b>The centre was broken on "
          "purpose.</b> "
          "It was the embedded one with ",
          out);
    for (size_t i = 0; i < json_array_size(defects); i++) {
        fputs(i > 0 ? ", <code>" : "<code>", out);
        const char *text = json_string_value(json_array_get(defects, i));
        rig_html_text(out, text != NULL ? text : "?");
        fputs("</code>", out);
    }
    fputs(": the verdict is about this centre, not about an honest one.</p>\n", out);
}

/* Nor for one of the files that were played. */
static void print_changed(FILE *out, const json_t *result)
{
    const json_t *changed = rig_json_list(rig_json_object(result, "inputs"), "changed");
    if (json_array_size(changed) == 0)
        return;
    fputs("<p class=\"stopped\" id=\"changed\" role=\"note\"><b>Judged by force.</b> Not the "
          "files that were played or written: ",
          out);
    for (size_t i = 0; i < json_array_size(changed); i++) {
        fputs(i > 0 ? ", <code>" : "<code>", out);
        const char *text = json_string_value(json_array_get(changed, i));
        rig_html_text(out, text != NULL ? text : "?");
        fputs("</code>", out);
    }
    fputs(".</p>\n", out);
}

void rig_html_verdict(FILE *out, const json_t *result)
{
    const json_t *verdict = rig_json_object(result, "verdict");
    const char *name = rig_json_text(result, "name");
    const char *description = rig_json_text(result, "description");
    const char *summary = rig_json_text(verdict, "summary");
    fputs("<header>\n", out);
    if (strcmp(rig_json_text(result, "status"), "stopped") == 0)
        fputs("<p class=\"stopped\" id=\"stopped\" role=\"note\"><b>Stopped by the user.</b> This "
              "run ended before its time: the figures are of a part of the calls, and it is never "
              "a pass.</p>\n",
              out);
    print_changed(out, result);
    print_defects(out, result);
    fputs("<p class=\"kind\">peakrig call-loss report</p>\n<h1>", out);
    rig_html_text(out, name[0] != '\0' ? name : "unnamed run");
    fputs("</h1>\n", out);
    if (description[0] != '\0') {
        fputs("<p class=\"description\">", out);
        rig_html_text(out, description);
        fputs("</p>\n", out);
    }
    fputs("<div class=\"verdict\">", out);
    rig_html_badge(out, rig_json_text(verdict, "judgement"));
    fputs("<p class=\"summary\">", out);
    rig_html_text(out, summary[0] != '\0' ? summary : "not available");
    fputs("</p></div>\n", out);
    print_identity(out, result);
    fputs("</header>\n", out);
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
static void print_strip(FILE *out, const json_t *stage, double extent)
{
    const double middle = STRIP_WIDTH / 2.0, unit = middle / extent;
    double d = rig_json_number(stage, "difference"), margin = rig_json_number(stage, "margin");
    rig_html_pair d90 = rig_html_pair_of(stage, "d90"), d95 = rig_html_pair_of(stage, "d95");
    if (!(extent > 0.0) || !isfinite(d + margin + d90.low + d90.high + d95.low + d95.high))
        return;
    fprintf(out,
            "<svg class=\"strip\" viewBox=\"0 0 %g 20\" aria-hidden=\"true\">"
            "<rect class=\"margin\" x=\"%.1f\" y=\"1\" width=\"%.1f\" height=\"18\"/>"
            "<path class=\"zero\" d=\"M%.1f 1V19\"/>"
            "<path class=\"d95\" d=\"M%.1f 10H%.1f\"/><path class=\"d90\" d=\"M%.1f 10H%.1f\"/>"
            "<circle class=\"d\" cx=\"%.1f\" cy=\"10\" r=\"4.5\"/></svg>",
            STRIP_WIDTH, middle - margin * unit, 2.0 * margin * unit, middle,
            middle + d95.low * unit, middle + d95.high * unit, middle + d90.low * unit,
            middle + d90.high * unit, middle + d * unit);
}

static void print_loss_cells(FILE *out, const json_t *stage)
{
    double observed = rig_json_number(stage, "p_observed");
    rig_html_pair bounds = rig_html_pair_of(stage, "bounds");
    fprintf(out, "<td data-label=\"predicted lost\"><b>%s</b><small>%s</small></td>",
            rig_html_percent(rig_json_number(stage, "p_predicted")).text,
            rig_html_percent_range(rig_json_number(stage, "predicted_low"),
                                   rig_json_number(stage, "predicted_high"))
                .text);
    fprintf(out, "<td data-label=\"observed lost\"><b>%s</b><small>%s calls</small>",
            rig_html_percent(observed).text, rig_html_count(rig_json_number(stage, "lost")).text);
    if (bounds.high - bounds.low > 5e-5) { /* else nothing that two decimals could show */
        fprintf(out, "<small>bounds %s", rig_html_percent_range(bounds.low, bounds.high).text);
        rig_html_note_mark(out, RIG_NOTE_BOUNDS);
        fputs("</small>", out);
    }
    fputs("</td>", out);
}

static void print_judgement_cell(FILE *out, const json_t *stage, bool is_judged)
{
    double p = rig_json_number(stage, "p_value_holm");
    double minutes = rig_json_number(stage, "minutes_to_decide");
    fputs("<td data-label=\"verdict\">", out);
    rig_html_badge(out, is_judged ? rig_json_text(stage, "judgement") : "NOT JUDGED");
    if (is_judged && p < 0.05) {
        fprintf(out, "<small>p = %s", rig_html_number(p, 2).text);
        rig_html_note_mark(out, RIG_NOTE_P_VALUE);
        fputs("</small>", out);
    }
    if (is_judged && isfinite(minutes))
        fprintf(out, "<small>a run of about %s min would decide</small>",
                rig_html_count(ceil(minutes)).text);
    fputs("</td>", out);
}

/* What the trunk stage is made of, where carriers have calls of their own: rows below it. */
static void print_carriers(FILE *out, const json_t *result, bool is_judged)
{
    const json_t *carriers = rig_json_list(result, "carriers");
    for (size_t i = 0; i < json_array_size(carriers); i++) {
        const json_t *c = json_array_get(carriers, i);
        const rig_html_pair predicted = rig_html_pair_of(c, "predicted");
        const double p_observed = rig_json_number(c, "p_observed"),
                     p_predicted = rig_json_number(c, "p_predicted");
        fputs("<tr class=\"part\"><th scope=\"row\">trunk, by ", out);
        rig_html_text(out, rig_json_text(c, "name"));
        fprintf(out, "</th><td data-label=\"entered\">%s</td>",
                rig_html_count(rig_json_number(c, "n_offered")).text);
        fprintf(out, "<td data-label=\"predicted lost\"><b>%s</b><small>%s</small></td>",
                rig_html_percent(p_predicted).text,
                rig_html_percent_range(predicted.low, predicted.high).text);
        fprintf(out, "<td data-label=\"observed lost\"><b>%s</b><small>%s calls</small></td>",
                rig_html_percent(p_observed).text,
                rig_html_count(rig_json_number(c, "n_lost")).text);
        fprintf(out,
                "<td class=\"difference\" data-label=\"difference\"><b>%s</b>"
                "<small>margin &#177;%s</small></td>",
                rig_html_points(p_observed - p_predicted).text,
                rig_html_size_in_points(rig_json_number(c, "margin")).text);
        print_judgement_cell(out, c, is_judged);
        fputs("</tr>\n", out);
    }
}

static void print_class(FILE *out, const json_t *figure, bool is_judged)
{
    const char *unit = rig_json_text(figure, "unit");
    const rig_html_pair predicted = rig_html_pair_of(figure, "predicted");
    const bool is_wait = strcmp(unit, "s") == 0;
    fputs("<tr><th scope=\"row\">", out);
    rig_html_text(out, rig_json_text(figure, "name"));
    fprintf(out, "<small>%s</small></th><td data-label=\"entered\">%s</td>",
            is_wait ? "mean wait" : "lost in the queue",
            rig_html_count(rig_json_number(figure, "n_entered")).text);
    fprintf(out, "<td data-label=\"predicted\"><b>%s</b><small>%s to %s</small></td>",
            rig_html_in_unit(rig_json_number(figure, "predicted_mean"), unit).text,
            rig_html_in_unit(predicted.low, unit).text,
            rig_html_in_unit(predicted.high, unit).text);
    fprintf(out, "<td data-label=\"observed\"><b>%s</b>",
            rig_html_in_unit(rig_json_number(figure, "observed"), unit).text);
    if (!is_wait)
        fprintf(out, "<small>%s calls</small>",
                rig_html_count(rig_json_number(figure, "n_lost")).text);
    fprintf(out, "</td><td data-label=\"margin\">&#177;%s</td>",
            is_wait ? rig_html_in_unit(rig_json_number(figure, "margin"), unit).text
                    : rig_html_size_in_points(rig_json_number(figure, "margin")).text);
    print_judgement_cell(out, figure, is_judged);
    fputs("</tr>\n", out);
}

/* What the queue is made of, where callers are of several classes. */
static void print_classes(FILE *out, const json_t *result, bool is_judged)
{
    static const char *const heads[] = {"class",    "entered", "predicted",
                                        "observed", "margin",  "verdict"};
    const json_t *classes = rig_json_list(result, "classes");
    if (json_array_size(classes) == 0)
        return;
    rig_html_table_begin(out, "The queue of each class of callers", true);
    rig_html_table_heads(out, heads, sizeof heads / sizeof heads[0]);
    for (size_t i = 0; i < json_array_size(classes); i++)
        print_class(out, json_array_get(classes, i), is_judged);
    rig_html_table_end(out);
}

void rig_html_stages(FILE *out, const json_t *result)
{
    static const char *const heads[] = {"stage",         "entered",    "predicted lost",
                                        "observed lost", "difference", "verdict"};
    const json_t *stages = rig_json_list(result, "stages");
    const double extent = strip_extent(stages);
    const bool is_judged = rig_html_is_judged(result);
    if (json_array_size(stages) == 0) {
        rig_html_not_available(out);
        return;
    }
    rig_html_table_begin(out, "Loss of each stage, of the calls that entered it", true);
    rig_html_table_heads(out, heads, sizeof heads / sizeof heads[0]);
    for (size_t i = 0; i < json_array_size(stages); i++) {
        const json_t *stage = json_array_get(stages, i);
        const char *name = rig_json_text(stage, "stage");
        rig_html_pair d90 = rig_html_pair_of(stage, "d90");
        fputs("<tr><th scope=\"row\">", out);
        rig_html_text(out, name[0] != '\0' ? name : "n/a");
        fprintf(out, "</th><td data-label=\"entered\">%s</td>",
                rig_html_count(rig_json_number(stage, "entered")).text);
        print_loss_cells(out, stage);
        fprintf(out,
                "<td class=\"difference\" data-label=\"difference\"><b>%s</b>"
                "<small>%s</small><small>margin &#177;%s</small>",
                rig_html_points(rig_json_number(stage, "difference")).text,
                rig_html_points_range(d90.low, d90.high).text,
                rig_html_size_in_points(rig_json_number(stage, "margin")).text);
        print_strip(out, stage, extent);
        fputs("</td>", out);
        print_judgement_cell(out, stage, is_judged);
        fputs("</tr>\n", out);
        if (strcmp(name, "trunk") == 0)
            print_carriers(out, result, is_judged);
    }
    rig_html_table_end(out);
    print_classes(out, result, is_judged);
    if (is_judged)
        rig_html_cause(out, result);
    fputs("<p class=\"legend\">Lost %: per call that entered the stage", out);
    rig_html_note_mark(out, RIG_NOTE_LOSS);
    fputs(". Below a prediction: its 95 % interval for one run", out);
    rig_html_note_mark(out, RIG_NOTE_INTERVAL);
    fputs(". Below a difference: its 90 % interval and the margin", out);
    rig_html_note_mark(out, RIG_NOTE_DIFFERENCE);
    fputs("; drawn as a dot with its 90 % (thick) and 95 % (thin) interval on the shaded margin, "
          "the same scale for all stages.</p>\n",
          out);
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

static void print_level(FILE *out, const json_t *result, const json_t *level)
{
    const char *unit = rig_json_text(level, "unit"), *metric = rig_json_text(level, "metric");
    double min = rig_json_number(level, "min"), max = rig_json_number(level, "max");
    fputs("<tr><th scope=\"row\">", out);
    rig_html_text(out, metric[0] != '\0' ? metric : "n/a");
    fputs("<small>", out);
    rig_html_text(out, describe(result, metric));
    fprintf(out, "</small></th><td data-label=\"required\">%s",
            isfinite(min)   ? "at least "
            : isfinite(max) ? "at most "
                            : "");
    rig_html_text(out, rig_html_in_unit(isfinite(min) ? min : max, unit).text);
    fputs("</td><td data-label=\"observed\"><b>", out);
    rig_html_text(out, rig_html_in_unit(rig_json_number(level, "observed"), unit).text);
    fputs("</b><small>", out);
    rig_html_text(out, rig_html_in_unit(rig_json_number(level, "low"), unit).text);
    fputs(" to ", out);
    rig_html_text(out, rig_html_in_unit(rig_json_number(level, "high"), unit).text);
    fputs("</small></td><td data-label=\"verdict\">", out);
    rig_html_badge(out,
                   rig_html_is_judged(result) ? rig_json_text(level, "judgement") : "NOT JUDGED");
    fputs("</td></tr>\n", out);
}

void rig_html_levels(FILE *out, const json_t *result)
{
    static const char *const heads[] = {"figure", "required", "observed", "verdict"};
    const json_t *levels = rig_json_list(result, "levels");
    if (levels == NULL) {
        rig_html_not_available(out);
        return;
    }
    if (json_array_size(levels) == 0) {
        fputs("<p>The scenario sets no service level.</p>\n", out);
        return;
    }
    rig_html_table_begin(out, "Service levels that the scenario sets", true);
    rig_html_table_heads(out, heads, sizeof heads / sizeof heads[0]);
    for (size_t i = 0; i < json_array_size(levels); i++)
        print_level(out, result, json_array_get(levels, i));
    rig_html_table_end(out);
    fputs("<p class=\"legend\">Below an observed figure: its 95 % interval", out);
    rig_html_note_mark(out, RIG_NOTE_LEVEL);
    fputs(".</p>\n", out);
}

/* --- checks ----------------------------------------------------------------------------------- */

void rig_html_checks(FILE *out, const json_t *result)
{
    const json_t *checks = rig_json_list(result, "checks");
    size_t n = json_array_size(checks), n_ok = 0;
    if (n == 0) {
        rig_html_not_available(out);
        return;
    }
    for (size_t i = 0; i < n; i++)
        n_ok += rig_json_is_true(json_array_get(checks, i), "ok");
    fprintf(out, "<p>%zu of %zu checks hold", n_ok, n);
    rig_html_note_mark(out, RIG_NOTE_CHECKS);
    fputs(".</p>\n<ul class=\"checks\">\n", out);
    for (size_t i = 0; i < n; i++) {
        const json_t *check = json_array_get(checks, i);
        bool is_ok = rig_json_is_true(check, "ok");
        const char *text = rig_json_text(check, "text");
        fprintf(out, "<li class=\"%s\"><span class=\"mark\">%s</span> <span><b>",
                is_ok ? "ok" : "failed", is_ok ? "&#10003; ok" : "&#10007; failed");
        rig_html_text(out, rig_json_text(check, "gate"));
        fputc(' ', out);
        rig_html_text(out, rig_json_text(check, "name"));
        fputs("</b>: ", out);
        rig_html_text(out, text[0] != '\0' ? text : "not available");
        fputs("</span></li>\n", out);
    }
    fputs("</ul>\n", out);
}
