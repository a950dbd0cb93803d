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

void rig_html_over_time(const rig_page *page, const json_t *result)
{
    double length_s = rig_json_number(rig_json_object(result, "intervals"), "length_s");
    if (isfinite(length_s))
        rig_page_say(
            page,
            "<p>Calls in intervals of %s s, each call in the interval in which it arrived. "
            "The shaded band holds 95 of 100 predicted runs%s.</p>\n",
            rig_html_number(length_s, 4).text, rig_html_note(page, RIG_NOTE_BAND).text);
    else
        rig_page_say(page,
                     "<p>Calls by the interval in which they arrived. The shaded band holds 95 of "
                     "100 predicted runs%s.</p>\n",
                     rig_html_note(page, RIG_NOTE_BAND).text);
}

/* --- trunk ------------------------------------------------------------------------------------ */

/* The finding in a sentence: what is most often wrong at a trunk is its size. */
static void print_refusals(const rig_page *page, double n_circuits, double n_refusals, double begin,
                           bool is_of_carriers)
{
    if (n_refusals <= 0.0) {
        rig_page_put(page, "<p class=\"finding\">No call was refused for want of a circuit.</p>\n");
        return;
    }
    if (!isfinite(begin))
        return;
    /* one or two off can be calls that were just ending */
    const bool is_early = begin < 0.97 * n_circuits && !is_of_carriers;
    fprintf(page->out, "<p class=\"finding%s\">", is_early ? " warn" : "");
    rig_page_say(page, "Refusals began at <b>%s circuits in use</b>%s", rig_html_count(begin).text,
                 rig_html_note(page, RIG_NOTE_TRUNK).text);
    if (isfinite(n_circuits))
        rig_page_say(page, "; the scenario has %s", rig_html_count(n_circuits).text);
    rig_page_put(page, begin >= n_circuits
                           ? N_(": calls were refused only when all circuits were taken.")
                       : is_of_carriers
                           ? N_(" of all carriers together: each refuses when its own are taken, "
                                "and while it is out.")
                           : ".");
    fputs("</p>\n", page->out);
}

void rig_html_trunk(const rig_page *page, const json_t *result)
{
    const json_t *trunk = rig_json_object(result, "trunk");
    const json_t *at = rig_json_object(trunk, "in_use_at_refusal");
    double n_circuits = rig_json_number(trunk, "circuits");
    double n_refusals = rig_json_number(trunk, "refusals");
    char text[160];
    if (json_object_size(trunk) == 0) {
        rig_html_not_available(page);
        return;
    }
    print_refusals(page, n_circuits, n_refusals, rig_json_number(at, "min"),
                   json_array_size(rig_json_list(result, "carriers")) > 1);
    fputs("<dl class=\"facts\">\n", page->out);
    rig_html_fact(page, "circuits of the scenario", rig_html_count(n_circuits).text);
    const double peak = rig_json_number(trunk, "peak_in_use");
    (void)snprintf(text, sizeof text, "%s%s", rig_html_count(peak).text,
                   peak > n_circuits
                       ? rig_page_words(page, N_(" as the wire shows it: a call's last message can "
                                                 "come after the INVITE that gets its circuit"))
                       : "");
    rig_html_fact(page, "most in use at once", text);
    rig_html_fact(page, "calls refused", rig_html_count(n_refusals).text);
    (void)snprintf(text, sizeof text, "%s / %s / %s",
                   rig_html_count(rig_json_number(at, "min")).text,
                   rig_html_count(rig_json_number(at, "median")).text,
                   rig_html_count(rig_json_number(at, "max")).text);
    rig_html_fact(page, "in use at refusals (fewest / median / most)", at != NULL ? text : "");
    rig_html_fact(page, "traffic carried (erlang)",
                  rig_html_number(rig_json_number(trunk, "carried_erl"), 4).text);
    fputs("</dl>\n", page->out);
}

/* --- lateness --------------------------------------------------------------------------------- */

void rig_html_lateness(const rig_page *page, const json_t *result)
{
    const json_t *late = rig_json_object(result, "lateness");
    if (json_object_size(late) == 0) {
        rig_html_not_available(page);
        return;
    }
    char text[128];
    rig_page_say(page,
                 "<p>Each call's first INVITE against its planned instant, in real "
                 "time%s.</p>\n<dl class=\"facts\">\n",
                 rig_html_note(page, RIG_NOTE_LATENESS).text);
    rig_html_fact(page, "calls", rig_html_count(rig_json_number(late, "n")).text);
    rig_html_fact(page, "earliest", in_ms(late, "min_ms").text);
    rig_html_fact(page, "median", in_ms(late, "median_ms").text);
    rig_html_fact(page, "95 % are at most", in_ms(late, "p95_ms").text);
    rig_html_fact(page, "99 % are at most", in_ms(late, "p99_ms").text);
    rig_html_fact(page, "latest", in_ms(late, "max_ms").text);
    rig_html_fact(page, "99 % are off by at most", in_ms(late, "abs_p99_ms").text);
    rig_html_fact(page, "distance of the arrival curves (0 to 1)",
                  rig_html_number(rig_json_number(late, "ks_distance"), 3).text);
    (void)snprintf(text, sizeof text, "%s / %s",
                   rig_html_number(rig_json_number(late, "dispersion_planned"), 4).text,
                   rig_html_number(rig_json_number(late, "dispersion_actual"), 4).text);
    rig_html_fact(page, "burstiness (planned / actual)", text);
    rig_page_say(page,
                 "</dl>\n<p class=\"legend\">Arrival curves and burstiness%s show whether the peak "
                 "on the wire had the planned shape.</p>\n",
                 rig_html_note(page, RIG_NOTE_ARRIVALS).text);
}

/* --- outcomes --------------------------------------------------------------------------------- */

static const char *words_of(const char *outcome)
{
    static const char *const words[RIG_N_OUTCOMES] = {
        [RIG_OUTCOME_LOST_TRUNK] = N_("no circuit: busy, failure code or no response"),
        [RIG_OUTCOME_LOST_IVR] = N_("the caller gave up before any answer"),
        [RIG_OUTCOME_LOST_QUEUE] = N_("left the queue without an agent"),
        [RIG_OUTCOME_LOST_AGENT] = N_("hung up while an agent's phone rang"),
        [RIG_OUTCOME_SELF_SERVED] = N_("satisfied in the menu"),
        [RIG_OUTCOME_DEFLECTED] = N_("told not to wait: called back, or asked to call later"),
        [RIG_OUTCOME_SERVED] = N_("talked with an agent"),
        [RIG_OUTCOME_DROPPED] = N_("cut by the centre in mid-call"),
        [RIG_OUTCOME_IN_PROGRESS] = N_("not over at the end of the capture"),
        [RIG_OUTCOME_UNCLASSIFIED] = N_("cannot be told"),
        [RIG_OUTCOME_CUT_BY_RIG] = N_("ended by our own stop"),
        [RIG_OUTCOME_NOT_PLACED] = N_("planned, never on the wire"),
    };
    rig_outcome known;
    return rig_outcome_of_name(outcome, &known) ? words[known] : "";
}

static void print_outcome_table(const rig_page *page, const json_t *outcomes, double n_planned)
{
    static const char *const heads[] = {N_("outcome"), "#" N_("calls"), "#" N_("share of planned"),
                                        ""};
    const char *name;
    json_t *value;
    rig_html_table_begin(page, "How the planned calls ended", false);
    rig_html_table_heads(page, heads, N_ELEMENTS(heads));
    json_object_foreach((json_t *)outcomes, name, value) /* jansson's macro wants no const */
    {
        double n = rig_json_number(outcomes, name), share = n / n_planned;
        fprintf(page->out, "<tr%s><th scope=\"row\">", n > 0.0 ? "" : " class=\"zero\"");
        rig_html_text(page->out, name);
        fputs("<small>", page->out);
        rig_page_word(page, words_of(name));
        fputs("</small></th>", page->out);
        rig_html_number_cell(page, rig_html_count(n).text);
        rig_html_number_cell(page, rig_html_percent(share).text);
        fputs("<td class=\"bars\">", page->out);
        if (share > 0.0 && share <= 1.0)
            fprintf(page->out,
                    "<svg class=\"bar\" viewBox=\"0 0 100 1\" preserveAspectRatio=\"none\" "
                    "aria-hidden=\"true\"><rect width=\"%.1f\" height=\"1\"/></svg>",
                    100.0 * share);
        fputs("</td></tr>\n", page->out);
    }
    rig_html_table_end(page);
}

#define MAX_REASONS 40

static void print_reason_table(const rig_page *page, const json_t *reasons)
{
    static const char *const heads[] = {N_("outcome"), N_("reason on the wire"), "#" N_("calls")};
    size_t n = json_array_size(reasons);
    if (n == 0)
        return;
    rig_html_table_begin(page, "Reasons, most frequent first", false);
    rig_html_table_heads(page, heads, N_ELEMENTS(heads));
    for (size_t i = 0; i < n && i < MAX_REASONS; i++) {
        const json_t *item = json_array_get(reasons, i);
        const char *outcome = rig_json_text(item, "outcome");
        fputs("<tr><th scope=\"row\">", page->out);
        rig_html_text(page->out, outcome[0] != '\0' ? outcome : "n/a");
        fputs("</th>", page->out);
        rig_html_cell(page, rig_json_text(item, "reason"));
        rig_html_number_cell(page, rig_html_count(rig_json_number(item, "n")).text);
        fputs("</tr>\n", page->out);
    }
    rig_html_table_end(page);
    if (n > MAX_REASONS)
        rig_page_say(page, "<p>%zu rarer reasons are in result.json.</p>\n", n - MAX_REASONS);
}

void rig_html_outcomes(const rig_page *page, const json_t *result)
{
    const json_t *calls = rig_json_object(result, "calls");
    const json_t *outcomes = rig_json_object(calls, "outcomes");
    if (json_object_size(outcomes) == 0) {
        rig_html_not_available(page);
        return;
    }
    rig_page_say(page,
                 "<p>%s calls planned, %s offered, %s not placed%s; %s seen twice, %s from "
                 "elsewhere. %s</p>\n",
                 rig_html_count(rig_json_number(calls, "planned")).text,
                 rig_html_count(rig_json_number(calls, "offered")).text,
                 rig_html_count(rig_json_number(calls, "not_placed")).text,
                 rig_html_note(page, RIG_NOTE_OUTCOME).text,
                 rig_html_count(rig_json_number(calls, "doubled")).text,
                 rig_html_count(rig_json_number(calls, "foreign")).text,
                 rig_page_words(page, rig_json_is_true(calls, "conserved")
                                          ? N_("The outcomes add up to the planned calls.")
                                          : N_("<b>The outcomes do not add up.</b>")));
    const double n_warm_up = rig_json_number(calls, "warm_up");
    if (n_warm_up > 0.0)
        rig_page_say(page,
                     "<p>Warm-up: %s calls came before %s s. They were played, and are not counted "
                     "here or judged.</p>\n",
                     rig_html_count(n_warm_up).text,
                     rig_html_number(rig_json_number(calls, "counted_from_s"), 6).text);
    print_outcome_table(page, outcomes, rig_json_number(calls, "planned"));
    print_reason_table(page, rig_json_list(calls, "reasons"));
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

static void print_confusion_table(const rig_page *page, const json_t *confusion)
{
    static const char *const heads[] = {N_("in the replay"), N_("on the wire"), "#" N_("calls")};
    const json_t *item = next_most_frequent(confusion, NULL);
    if (item == NULL)
        return;
    rig_html_table_begin(page, "Calls that ended otherwise, most frequent first", false);
    rig_html_table_heads(page, heads, N_ELEMENTS(heads));
    for (int i = 0; i < MAX_CONFUSIONS && item != NULL; i++) {
        fputs("<tr>", page->out);
        rig_html_cell(page, rig_json_text(item, "replayed"));
        rig_html_cell(page, rig_json_text(item, "observed"));
        rig_html_number_cell(page, rig_html_count(frequency(item)).text);
        fputs("</tr>\n", page->out);
        item = next_most_frequent(confusion, item);
    }
    rig_html_table_end(page);
    if (item != NULL)
        rig_page_put(page, "<p>The rarer pairs are in result.json.</p>\n");
}

void rig_html_agreement(const rig_page *page, const json_t *result)
{
    const json_t *agreement = rig_json_object(result, "agreement");
    double share = rig_json_number(agreement, "share");
    if (!isfinite(share)) {
        rig_html_not_available(page);
        return;
    }
    rig_page_say(page,
                 "<p><b>%s</b> of the planned calls ended on the wire as in the replay%s.</p>\n",
                 rig_html_percent(share).text, rig_html_note(page, RIG_NOTE_AGREEMENT).text);
    print_confusion_table(page, rig_json_list(agreement, "confusion"));
    rig_html_stage_agreement(page, agreement);
}

/* --- metrics ---------------------------------------------------------------------------------- */

static void print_metric(const rig_page *page, const json_t *metric)
{
    const char *unit = rig_json_text(metric, "unit");
    double observed = rig_json_number(metric, "observed");
    double low = rig_json_number(metric, "low"), high = rig_json_number(metric, "high");
    double slack = 1e-9 * fmax(1.0, fabs(high)); /* figures were rounded when they were written */
    fputs("<tr><th scope=\"row\">", page->out);
    rig_html_text(page->out, rig_page_metric(page, rig_json_text(metric, "name"),
                                             rig_json_text(metric, "description")));
    fputs("<small><code>", page->out);
    rig_html_text(page->out, rig_json_text(metric, "name"));
    fputs("</code></small></th>", page->out);
    rig_html_number_cell(page, rig_html_in_unit(observed, unit).text);
    rig_html_number_cell(page, rig_html_in_unit(rig_json_number(metric, "predicted"), unit).text);
    fputs("<td class=\"n\">", page->out);
    if (isnan(low + high))
        rig_page_put_figure(page, "n/a");
    else
        rig_page_say(page, "%s to %s", rig_page_in_unit(page, low, unit).text,
                     rig_page_in_unit(page, high, unit).text);
    fprintf(page->out, "</td><td>%s</td></tr>\n",
            rig_page_words(page, !isfinite(observed + low + high) ? N_("n/a")
                                 : observed < low - slack ? N_("<b class=\"off\">&#9660; below</b>")
                                 : observed > high + slack
                                     ? N_("<b class=\"off\">&#9650; above</b>")
                                     : N_("inside")));
}

void rig_html_metrics(const rig_page *page, const json_t *result)
{
    static const char *const heads[] = {N_("figure"), "#" N_("observed"), "#" N_("predicted"),
                                        "#" P_("95 % of runs"), N_("observed is")};
    const json_t *metrics = rig_json_list(result, "metrics");
    if (json_array_size(metrics) == 0) {
        rig_html_not_available(page);
        return;
    }
    rig_html_table_begin(page, "All figures, in scenario time", false);
    rig_html_table_heads(page, heads, N_ELEMENTS(heads));
    for (size_t i = 0; i < json_array_size(metrics); i++)
        print_metric(page, json_array_get(metrics, i));
    rig_html_table_end(page);
}

/* One part: what is known of it, predicted or observed. */
static void print_part(const rig_page *page, const json_t *part)
{
    static const char *const heads[] = {N_("figure"), "#" N_("observed"), "#" N_("predicted"),
                                        "#" P_("95 % of runs"), N_("observed is")};
    const json_t *metrics = rig_json_list(part, "metrics");
    char caption[256];
    (void)snprintf(caption, sizeof caption, "%s: %s",
                   rig_page_words(page, rig_json_text(part, "of")), rig_json_text(part, "name"));
    rig_html_table_begin(page, caption, false);
    rig_html_table_heads(page, heads, N_ELEMENTS(heads));
    for (size_t i = 0; i < json_array_size(metrics); i++)
        print_metric(page, json_array_get(metrics, i));
    rig_html_table_end(page);
}

void rig_html_parts(const rig_page *page, const json_t *result)
{
    const json_t *parts = rig_json_list(result, "parts");
    if (parts == NULL) {
        rig_html_not_available(page);
        return;
    }
    if (json_array_size(parts) == 0)
        rig_page_put(
            page,
            "<p>The scenario has one carrier, one class of callers, one skill and one group of "
            "agents.</p>\n");
    for (size_t i = 0; i < json_array_size(parts); i++)
        print_part(page, json_array_get(parts, i));
}

/* --- the rig's delays ------------------------------------------------------------------------- */

void rig_html_delays(const rig_page *page, const json_t *result)
{
    static const char *const heads[] = {N_("timer"), "#" N_("count"), "#" N_("5 %"),
                                        "#" N_("median"), "#" N_("95 %")};
    const json_t *delays = rig_json_list(result, "rig_delays");
    double n_odd = rig_json_number(result, "odd_durations");
    if (json_array_size(delays) == 0) {
        rig_html_not_available(page);
        return;
    }
    rig_page_say(
        page,
        "<p>How late the rig's own timers were and how long the centre took for each step, in real "
        "time; the replays include both%s.</p>\n",
        rig_html_note(page, RIG_NOTE_DELAYS).text);
    rig_html_table_begin(page, "Delays of rig and centre; 5 % and 95 % of them are at most so late",
                         false);
    rig_html_table_heads(page, heads, N_ELEMENTS(heads));
    for (size_t i = 0; i < json_array_size(delays); i++) {
        const json_t *item = json_array_get(delays, i);
        fputs("<tr><th scope=\"row\">", page->out);
        rig_page_word(page, rig_json_text(item, "kind"));
        fputs("</th>", page->out);
        rig_html_number_cell(page, rig_html_count(rig_json_number(item, "n")).text);
        rig_html_number_cell(page, in_ms(item, "p05_ms").text);
        rig_html_number_cell(page, in_ms(item, "median_ms").text);
        rig_html_number_cell(page, in_ms(item, "p95_ms").text);
        fputs("</tr>\n", page->out);
    }
    rig_html_table_end(page);
    if (isfinite(n_odd))
        rig_page_say(page,
                     "<p class=\"legend\">%s durations matched no timer of the rig and were left "
                     "out.</p>\n",
                     rig_html_count(n_odd).text);
}

/* --- inputs ----------------------------------------------------------------------------------- */

void rig_html_inputs(const rig_page *page, const json_t *result)
{
    static const char *const heads[] = {N_("input"), "SHA-256"};
    const json_t *run = rig_json_object(result, "run");
    const json_t *inputs = rig_json_object(result, "inputs");
    const char *name;
    json_t *value;
    int64_t seed;
    fputs("<dl class=\"facts\">\n", page->out);
    rig_html_fact(page, "peakrig", rig_json_text(result, "peakrig"));
    rig_html_fact(page, "SIPp", rig_json_text(run, "sipp"));
    rig_html_fact(page, "seed",
                  rig_json_integer(result, "seed", &seed) ? rig_html_seed(seed).text : "");
    rig_html_fact(page, "SIPp workers", rig_html_count(rig_json_number(run, "workers")).text);
    rig_html_fact(page, "packets captured", rig_html_count(rig_json_number(run, "packets")).text);
    rig_html_fact(page, "packets dropped by the kernel",
                  rig_html_count(rig_json_number(run, "kernel_dropped")).text);
    rig_html_fact(page, "step of the clock during the run", in_ms(run, "clock_step_ms").text);
    rig_html_fact(page, "nice value of the load",
                  rig_html_number(rig_json_number(run, "load_nice"), 0).text);
    fputs("</dl>\n", page->out);
    if (json_object_size(inputs) == 0) {
        rig_html_not_available(page);
        return;
    }
    rig_html_table_begin(page, "Files that the verdict rests on", false);
    rig_html_table_heads(page, heads, N_ELEMENTS(heads));
    json_object_foreach((json_t *)inputs, name, value) /* jansson's macro wants no const */
    {
        const char *digest = rig_json_text(inputs, name);
        fputs("<tr><th scope=\"row\">", page->out);
        rig_html_text(page->out, name);
        fputs("</th><td class=\"hash\">", page->out);
        rig_html_text(page->out, digest[0] != '\0' ? digest : "n/a");
        fputs("</td></tr>\n", page->out);
    }
    rig_html_table_end(page);
    rig_page_say(page, "<p class=\"legend\">SHA-256 is a fingerprint of a file%s.</p>\n",
                 rig_html_note(page, RIG_NOTE_IDENTITY).text);
}
