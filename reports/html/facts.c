/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/html/facts.h"

#include "reports/html/diagnosis.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "core/stage.h"
#include "reports/html/parts.h"
#include "reports/html/text.h"
#include "reports/json_file.h"

#define N_ELEMENTS(array) (sizeof(array) / sizeof(array)[0])

/* "1.13 ms" */
static rig_html_figure in_ms(const json_t *object, const char *key)
{
    return rig_html_in_unit(rig_json_number(object, key), "ms");
}

/* --- over time -------------------------------------------------------------------------------- */

void rig_html_over_time(FILE *out, const json_t *result)
{
    double length_s = rig_json_number(rig_json_object(result, "intervals"), "length_s");
    if (isfinite(length_s))
        fprintf(out,
                "<p>Calls in intervals of %s s, each call in the interval in which it arrived. "
                "The shaded band holds 95 of 100 predicted runs",
                rig_html_number(length_s, 4).text);
    else
        fputs("<p>Calls by the interval in which they arrived. The shaded band holds 95 of 100 "
              "predicted runs",
              out);
    rig_html_note_mark(out, RIG_NOTE_BAND);
    fputs(".</p>\n", out);
}

/* --- trunk ------------------------------------------------------------------------------------ */

/* The finding in a sentence: what is most often wrong at a trunk is its size. */
static void print_refusals(FILE *out, double n_circuits, double n_refusals, double begin,
                           bool is_of_carriers)
{
    if (n_refusals <= 0.0) {
        fputs("<p class=\"finding\">No call was refused for want of a circuit.</p>\n", out);
    } else if (isfinite(begin)) {
        /* one or two off can be calls that were just ending */
        bool is_early = begin < 0.97 * n_circuits && !is_of_carriers;
        fprintf(out, "<p class=\"finding%s\">Refusals began at <b>%s circuits in use</b>",
                is_early ? " warn" : "", rig_html_count(begin).text);
        rig_html_note_mark(out, RIG_NOTE_TRUNK);
        if (isfinite(n_circuits))
            fprintf(out, "; the scenario has %s", rig_html_count(n_circuits).text);
        fprintf(out, "%s</p>\n",
                begin >= n_circuits ? ": calls were refused only when all circuits were taken."
                : is_of_carriers
                    ? " of all carriers together: each refuses when its own are taken, "
                      "and while it is out."
                    : ".");
    }
}

void rig_html_trunk(FILE *out, const json_t *result)
{
    const json_t *trunk = rig_json_object(result, "trunk");
    const json_t *at = rig_json_object(trunk, "in_use_at_refusal");
    double n_circuits = rig_json_number(trunk, "circuits");
    double n_refusals = rig_json_number(trunk, "refusals");
    char text[160];
    if (json_object_size(trunk) == 0) {
        rig_html_not_available(out);
        return;
    }
    print_refusals(out, n_circuits, n_refusals, rig_json_number(at, "min"),
                   json_array_size(rig_json_list(result, "carriers")) > 1);
    fputs("<dl class=\"facts\">\n", out);
    rig_html_fact(out, "circuits of the scenario", rig_html_count(n_circuits).text);
    const double peak = rig_json_number(trunk, "peak_in_use");
    (void)snprintf(text, sizeof text, "%s%s", rig_html_count(peak).text,
                   peak > n_circuits
                       ? " as the wire shows it: a call's last message can come after "
                         "the INVITE that gets its circuit"
                       : "");
    rig_html_fact(out, "most in use at once", text);
    rig_html_fact(out, "calls refused", rig_html_count(n_refusals).text);
    (void)snprintf(text, sizeof text, "%s / %s / %s",
                   rig_html_count(rig_json_number(at, "min")).text,
                   rig_html_count(rig_json_number(at, "median")).text,
                   rig_html_count(rig_json_number(at, "max")).text);
    rig_html_fact(out, "in use at refusals (fewest / median / most)", at != NULL ? text : "");
    rig_html_fact(out, "traffic carried (erlang)",
                  rig_html_number(rig_json_number(trunk, "carried_erl"), 4).text);
    fputs("</dl>\n", out);
}

/* --- lateness --------------------------------------------------------------------------------- */

void rig_html_lateness(FILE *out, const json_t *result)
{
    const json_t *late = rig_json_object(result, "lateness");
    if (json_object_size(late) == 0) {
        rig_html_not_available(out);
        return;
    }
    char text[128];
    fprintf(out, "<p>Each call's first INVITE against its planned instant, in real time");
    rig_html_note_mark(out, RIG_NOTE_LATENESS);
    fputs(".</p>\n<dl class=\"facts\">\n", out);
    rig_html_fact(out, "calls", rig_html_count(rig_json_number(late, "n")).text);
    rig_html_fact(out, "earliest", in_ms(late, "min_ms").text);
    rig_html_fact(out, "median", in_ms(late, "median_ms").text);
    rig_html_fact(out, "95 % are at most", in_ms(late, "p95_ms").text);
    rig_html_fact(out, "99 % are at most", in_ms(late, "p99_ms").text);
    rig_html_fact(out, "latest", in_ms(late, "max_ms").text);
    rig_html_fact(out, "99 % are off by at most", in_ms(late, "abs_p99_ms").text);
    rig_html_fact(out, "distance of the arrival curves (0 to 1)",
                  rig_html_number(rig_json_number(late, "ks_distance"), 3).text);
    (void)snprintf(text, sizeof text, "%s / %s",
                   rig_html_number(rig_json_number(late, "dispersion_planned"), 4).text,
                   rig_html_number(rig_json_number(late, "dispersion_actual"), 4).text);
    rig_html_fact(out, "burstiness (planned / actual)", text);
    fputs("</dl>\n<p class=\"legend\">Arrival curves and burstiness", out);
    rig_html_note_mark(out, RIG_NOTE_ARRIVALS);
    fputs(" show whether the peak on the wire had the planned shape.</p>\n", out);
}

/* --- outcomes --------------------------------------------------------------------------------- */

static const char *words_of(const char *outcome)
{
    static const char *const words[RIG_N_OUTCOMES] = {
        [RIG_OUTCOME_LOST_TRUNK] = "no circuit: busy, failure code or no response",
        [RIG_OUTCOME_LOST_IVR] = "the caller gave up before any answer",
        [RIG_OUTCOME_LOST_QUEUE] = "left the queue without an agent",
        [RIG_OUTCOME_LOST_AGENT] = "hung up while an agent's phone rang",
        [RIG_OUTCOME_SELF_SERVED] = "satisfied in the menu",
        [RIG_OUTCOME_DEFLECTED] = "promised a call back",
        [RIG_OUTCOME_SERVED] = "talked with an agent",
        [RIG_OUTCOME_DROPPED] = "cut by the centre in mid-call",
        [RIG_OUTCOME_IN_PROGRESS] = "not over at the end of the capture",
        [RIG_OUTCOME_UNCLASSIFIED] = "cannot be told",
        [RIG_OUTCOME_CUT_BY_RIG] = "ended by our own stop",
        [RIG_OUTCOME_NOT_PLACED] = "planned, never on the wire",
    };
    rig_outcome known;
    return rig_outcome_of_name(outcome, &known) ? words[known] : "";
}

static void print_outcome_table(FILE *out, const json_t *outcomes, double n_planned)
{
    static const char *const heads[] = {"outcome", "#calls", "#share of planned", ""};
    const char *name;
    json_t *value;
    rig_html_table_begin(out, "How the planned calls ended", false);
    rig_html_table_heads(out, heads, N_ELEMENTS(heads));
    json_object_foreach((json_t *)outcomes, name, value) /* jansson's macro wants no const */
    {
        double n = rig_json_number(outcomes, name), share = n / n_planned;
        fprintf(out, "<tr%s><th scope=\"row\">", n > 0.0 ? "" : " class=\"zero\"");
        rig_html_text(out, name);
        fputs("<small>", out);
        rig_html_text(out, words_of(name));
        fputs("</small></th>", out);
        rig_html_number_cell(out, rig_html_count(n).text);
        rig_html_number_cell(out, rig_html_percent(share).text);
        fputs("<td class=\"bars\">", out);
        if (share > 0.0 && share <= 1.0)
            fprintf(out,
                    "<svg class=\"bar\" viewBox=\"0 0 100 1\" preserveAspectRatio=\"none\" "
                    "aria-hidden=\"true\"><rect width=\"%.1f\" height=\"1\"/></svg>",
                    100.0 * share);
        fputs("</td></tr>\n", out);
    }
    rig_html_table_end(out);
}

#define MAX_REASONS 40

static void print_reason_table(FILE *out, const json_t *reasons)
{
    static const char *const heads[] = {"outcome", "reason on the wire", "#calls"};
    size_t n = json_array_size(reasons);
    if (n == 0)
        return;
    rig_html_table_begin(out, "Reasons, most frequent first", false);
    rig_html_table_heads(out, heads, N_ELEMENTS(heads));
    for (size_t i = 0; i < n && i < MAX_REASONS; i++) {
        const json_t *item = json_array_get(reasons, i);
        const char *outcome = rig_json_text(item, "outcome");
        fputs("<tr><th scope=\"row\">", out);
        rig_html_text(out, outcome[0] != '\0' ? outcome : "n/a");
        fputs("</th>", out);
        rig_html_cell(out, rig_json_text(item, "reason"));
        rig_html_number_cell(out, rig_html_count(rig_json_number(item, "n")).text);
        fputs("</tr>\n", out);
    }
    rig_html_table_end(out);
    if (n > MAX_REASONS)
        fprintf(out, "<p>%zu rarer reasons are in result.json.</p>\n", n - MAX_REASONS);
}

void rig_html_outcomes(FILE *out, const json_t *result)
{
    const json_t *calls = rig_json_object(result, "calls");
    const json_t *outcomes = rig_json_object(calls, "outcomes");
    if (json_object_size(outcomes) == 0) {
        rig_html_not_available(out);
        return;
    }
    fprintf(out, "<p>%s calls planned, %s offered, %s not placed",
            rig_html_count(rig_json_number(calls, "planned")).text,
            rig_html_count(rig_json_number(calls, "offered")).text,
            rig_html_count(rig_json_number(calls, "not_placed")).text);
    rig_html_note_mark(out, RIG_NOTE_OUTCOME);
    fprintf(out, "; %s seen twice, %s from elsewhere. %s</p>\n",
            rig_html_count(rig_json_number(calls, "doubled")).text,
            rig_html_count(rig_json_number(calls, "foreign")).text,
            rig_json_is_true(calls, "conserved") ? "The outcomes add up to the planned calls."
                                                 : "<b>The outcomes do not add up.</b>");
    print_outcome_table(out, outcomes, rig_json_number(calls, "planned"));
    print_reason_table(out, rig_json_list(calls, "reasons"));
}

/* --- agreement -------------------------------------------------------------------------------- */

#define MAX_CONFUSIONS 10

/* How often a pair's fates differed; 0 for a pair of like fates and one without a count. */
static double frequency(const json_t *item)
{
    double n = rig_json_number(item, "n");
    bool is_same = strcmp(rig_json_text(item, "replayed"), rig_json_text(item, "observed")) == 0;
    return isnan(n) || is_same ? 0.0 : n;
}

/* Of the pairs behind `last` in the order of frequency, the first; equal ones in the order of the
 * list. NULL for `last` begins; NULL is returned at the end. */
static const json_t *next_most_frequent(const json_t *confusion, const json_t *last)
{
    const json_t *best = NULL;
    bool is_past_last = false;
    for (size_t i = 0; i < json_array_size(confusion); i++) {
        const json_t *item = json_array_get(confusion, i);
        bool is_behind = last == NULL || frequency(item) < frequency(last) ||
                         (frequency(item) == frequency(last) && is_past_last);
        is_past_last = is_past_last || item == last;
        if (is_behind && frequency(item) > 0.0 &&
            (best == NULL || frequency(item) > frequency(best)))
            best = item;
    }
    return best;
}

static void print_confusion_table(FILE *out, const json_t *confusion)
{
    static const char *const heads[] = {"in the replay", "on the wire", "#calls"};
    const json_t *item = next_most_frequent(confusion, NULL);
    if (item == NULL)
        return;
    rig_html_table_begin(out, "Calls that ended otherwise, most frequent first", false);
    rig_html_table_heads(out, heads, N_ELEMENTS(heads));
    for (int i = 0; i < MAX_CONFUSIONS && item != NULL; i++) {
        fputs("<tr>", out);
        rig_html_cell(out, rig_json_text(item, "replayed"));
        rig_html_cell(out, rig_json_text(item, "observed"));
        rig_html_number_cell(out, rig_html_count(frequency(item)).text);
        fputs("</tr>\n", out);
        item = next_most_frequent(confusion, item);
    }
    rig_html_table_end(out);
    if (item != NULL)
        fputs("<p>The rarer pairs are in result.json.</p>\n", out);
}

void rig_html_agreement(FILE *out, const json_t *result)
{
    const json_t *agreement = rig_json_object(result, "agreement");
    double share = rig_json_number(agreement, "share");
    if (!isfinite(share)) {
        rig_html_not_available(out);
        return;
    }
    fprintf(out, "<p><b>%s</b> of the planned calls ended on the wire as in the replay",
            rig_html_percent(share).text);
    rig_html_note_mark(out, RIG_NOTE_AGREEMENT);
    fputs(".</p>\n", out);
    print_confusion_table(out, rig_json_list(agreement, "confusion"));
    rig_html_stage_agreement(out, agreement);
}

/* --- metrics ---------------------------------------------------------------------------------- */

static void print_metric(FILE *out, const json_t *metric)
{
    const char *unit = rig_json_text(metric, "unit");
    double observed = rig_json_number(metric, "observed");
    double low = rig_json_number(metric, "low"), high = rig_json_number(metric, "high");
    double slack = 1e-9 * fmax(1.0, fabs(high)); /* figures were rounded when they were written */
    fputs("<tr><th scope=\"row\">", out);
    rig_html_text(out, rig_json_text(metric, "description"));
    fputs("<small><code>", out);
    rig_html_text(out, rig_json_text(metric, "name"));
    fputs("</code></small></th>", out);
    rig_html_number_cell(out, rig_html_in_unit(observed, unit).text);
    rig_html_number_cell(out, rig_html_in_unit(rig_json_number(metric, "predicted"), unit).text);
    fputs("<td class=\"n\">", out);
    rig_html_text(out, isnan(low + high) ? "n/a" : rig_html_in_unit(low, unit).text);
    if (!isnan(low + high)) {
        fputs(" to ", out);
        rig_html_text(out, rig_html_in_unit(high, unit).text);
    }
    fprintf(out, "</td><td>%s</td></tr>\n",
            !isfinite(observed + low + high) ? "n/a"
            : observed < low - slack         ? "<b class=\"off\">&#9660; below</b>"
            : observed > high + slack        ? "<b class=\"off\">&#9650; above</b>"
                                             : "inside");
}

void rig_html_metrics(FILE *out, const json_t *result)
{
    static const char *const heads[] = {"figure", "#observed", "#predicted", "#95 % of runs",
                                        "observed is"};
    const json_t *metrics = rig_json_list(result, "metrics");
    if (json_array_size(metrics) == 0) {
        rig_html_not_available(out);
        return;
    }
    rig_html_table_begin(out, "All figures, in scenario time", false);
    rig_html_table_heads(out, heads, N_ELEMENTS(heads));
    for (size_t i = 0; i < json_array_size(metrics); i++)
        print_metric(out, json_array_get(metrics, i));
    rig_html_table_end(out);
}

/* One part: what is known of it, predicted or observed. */
static void print_part(FILE *out, const json_t *part)
{
    static const char *const heads[] = {"figure", "#observed", "#predicted", "#95 % of runs",
                                        "observed is"};
    const json_t *metrics = rig_json_list(part, "metrics");
    char caption[256];
    (void)snprintf(caption, sizeof caption, "%s: %s", rig_json_text(part, "of"),
                   rig_json_text(part, "name"));
    rig_html_table_begin(out, caption, false);
    rig_html_table_heads(out, heads, N_ELEMENTS(heads));
    for (size_t i = 0; i < json_array_size(metrics); i++)
        print_metric(out, json_array_get(metrics, i));
    rig_html_table_end(out);
}

void rig_html_parts(FILE *out, const json_t *result)
{
    const json_t *parts = rig_json_list(result, "parts");
    if (parts == NULL) {
        rig_html_not_available(out);
        return;
    }
    if (json_array_size(parts) == 0)
        fputs("<p>The scenario has one carrier, one class of callers, one skill and one group of "
              "agents.</p>\n",
              out);
    for (size_t i = 0; i < json_array_size(parts); i++)
        print_part(out, json_array_get(parts, i));
}

/* --- the rig's delays ------------------------------------------------------------------------- */

void rig_html_delays(FILE *out, const json_t *result)
{
    static const char *const heads[] = {"timer", "#count", "#5 %", "#median", "#95 %"};
    const json_t *delays = rig_json_list(result, "rig_delays");
    double n_odd = rig_json_number(result, "odd_durations");
    if (json_array_size(delays) == 0) {
        rig_html_not_available(out);
        return;
    }
    fputs(
        "<p>How late the rig's own timers were and how long the centre took for each step, in real "
        "time; the replays include both",
        out);
    rig_html_note_mark(out, RIG_NOTE_DELAYS);
    fputs(".</p>\n", out);
    rig_html_table_begin(out, "Delays of rig and centre; 5 % and 95 % of them are at most so late",
                         false);
    rig_html_table_heads(out, heads, N_ELEMENTS(heads));
    for (size_t i = 0; i < json_array_size(delays); i++) {
        const json_t *item = json_array_get(delays, i);
        fputs("<tr><th scope=\"row\">", out);
        rig_html_text(out, rig_json_text(item, "kind"));
        fputs("</th>", out);
        rig_html_number_cell(out, rig_html_count(rig_json_number(item, "n")).text);
        rig_html_number_cell(out, in_ms(item, "p05_ms").text);
        rig_html_number_cell(out, in_ms(item, "median_ms").text);
        rig_html_number_cell(out, in_ms(item, "p95_ms").text);
        fputs("</tr>\n", out);
    }
    rig_html_table_end(out);
    if (isfinite(n_odd))
        fprintf(out,
                "<p class=\"legend\">%s durations matched no timer of the rig and were left "
                "out.</p>\n",
                rig_html_count(n_odd).text);
}

/* --- inputs ----------------------------------------------------------------------------------- */

void rig_html_inputs(FILE *out, const json_t *result)
{
    static const char *const heads[] = {"input", "SHA-256"};
    const json_t *run = rig_json_object(result, "run");
    const json_t *inputs = rig_json_object(result, "inputs");
    const char *name;
    json_t *value;
    int64_t seed;
    fputs("<dl class=\"facts\">\n", out);
    rig_html_fact(out, "peakrig", rig_json_text(result, "peakrig"));
    rig_html_fact(out, "SIPp", rig_json_text(run, "sipp"));
    rig_html_fact(out, "seed",
                  rig_json_integer(result, "seed", &seed) ? rig_html_seed(seed).text : "");
    rig_html_fact(out, "SIPp workers", rig_html_count(rig_json_number(run, "workers")).text);
    rig_html_fact(out, "packets captured", rig_html_count(rig_json_number(run, "packets")).text);
    rig_html_fact(out, "packets dropped by the kernel",
                  rig_html_count(rig_json_number(run, "kernel_dropped")).text);
    rig_html_fact(out, "step of the clock during the run", in_ms(run, "clock_step_ms").text);
    fputs("</dl>\n", out);
    if (json_object_size(inputs) == 0) {
        rig_html_not_available(out);
        return;
    }
    rig_html_table_begin(out, "Files that the verdict rests on", false);
    rig_html_table_heads(out, heads, N_ELEMENTS(heads));
    json_object_foreach((json_t *)inputs, name, value) /* jansson's macro wants no const */
    {
        const char *digest = rig_json_text(inputs, name);
        fputs("<tr><th scope=\"row\">", out);
        rig_html_text(out, name);
        fputs("</th><td class=\"hash\">", out);
        rig_html_text(out, digest[0] != '\0' ? digest : "n/a");
        fputs("</td></tr>\n", out);
    }
    rig_html_table_end(out);
    fputs("<p class=\"legend\">SHA-256 is a fingerprint of a file", out);
    rig_html_note_mark(out, RIG_NOTE_IDENTITY);
    fputs(".</p>\n", out);
}
