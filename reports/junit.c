/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/junit.h"

#include <math.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/atomic_file.h"
#include "core/utf8.h"
#include "reports/html/parts.h"
#include "reports/html/text.h"
#include "reports/json_file.h"

/* How a test case ends. */
typedef enum ending { ENDING_PASSED, ENDING_FAILURE, ENDING_ERROR } ending;

/* One test case; the texts are cut to fit. */
typedef struct test_case {
    char gate[16], name[128];
    ending end;
    char type[24];  /* of the failure or error */
    char text[640]; /* message of a failure or error, or system-out of a passed case; may be "" */
} test_case;

/* The cases of a result; filled first, as the counts stand before them in the file. */
typedef struct suite {
    test_case *cases;
    size_t n, n_failures, n_errors;
} suite;

static void say(char *text, size_t size, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Append to a text of a fixed size. */
static void say(char *text, size_t size, const char *format, ...)
{
    size_t used = strlen(text);
    va_list args;
    va_start(args, format);
    (void)vsnprintf(text + used, size - used, format, args);
    va_end(args);
}

static test_case *new_case(suite *s, const char *gate, const char *name)
{
    test_case *c = &s->cases[s->n++];
    *c = (test_case){.end = ENDING_PASSED};
    (void)snprintf(c->gate, sizeof c->gate, "%s", gate[0] != '\0' ? gate : "unknown");
    (void)snprintf(c->name, sizeof c->name, "%s", name[0] != '\0' ? name : "unnamed");
    return c;
}

/* End a case as a judgement says. */
static void end_case(test_case *c, const char *judgement)
{
    static const struct {
        const char *judgement, *type;
        ending end;
    } endings[] = {
        {"PASS", "", ENDING_PASSED},
        {"FAIL", "fail", ENDING_FAILURE},
        {"INCONCLUSIVE", "inconclusive", ENDING_ERROR},
        {"INVALID", "invalid", ENDING_ERROR},
        {"", "missing", ENDING_ERROR}, /* and any other word */
    };
    size_t i = 0;
    while (endings[i].judgement[0] != '\0' && strcmp(judgement, endings[i].judgement) != 0)
        i++;
    c->end = endings[i].end;
    (void)snprintf(c->type, sizeof c->type, "%s", endings[i].type);
}

/* A gap in the capture left a stage open: INCONCLUSIVE, and no length of run would decide. */
static bool is_turned_by_gaps(const json_t *result)
{
    const json_t *stages = rig_json_list(result, "stages");
    for (size_t i = 0; i < json_array_size(stages); i++) {
        const json_t *stage = json_array_get(stages, i);
        if (strcmp(rig_json_text(stage, "judgement"), "INCONCLUSIVE") == 0 &&
            isnan(rig_json_number(stage, "minutes_to_decide")))
            return true;
    }
    return false;
}

static void add_checks(suite *s, const json_t *result)
{
    const json_t *checks = rig_json_list(result, "checks");
    for (size_t i = 0; i < json_array_size(checks); i++) {
        const json_t *check = json_array_get(checks, i);
        const char *gate = rig_json_text(check, "gate");
        test_case *c = new_case(s, gate, rig_json_text(check, "name"));
        say(c->text, sizeof c->text, "%s", rig_json_text(check, "text"));
        if (rig_json_is_true(check, "ok"))
            continue;
        if (strcmp(gate, "G1") != 0)
            end_case(c, "INVALID");
        else if (is_turned_by_gaps(result))
            end_case(c, "INCONCLUSIVE");
        else
            say(c->text, sizeof c->text, " (does not hold, but turns no judgement)");
    }
}

/* A stage that fails: its cause, whatever stage that is in. In results without shares it is the
 * weightiest finding. */
static void add_cause(test_case *c, const json_t *result, const json_t *stage)
{
    const json_t *finding = json_array_get(rig_json_list(result, "diagnosis"), 0);
    const char *cause = rig_json_text(finding, "stage");
    if (strcmp(rig_json_text(stage, "judgement"), "FAIL") != 0 || cause[0] == '\0')
        return;
    if (rig_json_object(result, "cause") != NULL && !rig_json_is_true(finding, "is_cause"))
        return;
    say(c->text, sizeof c->text, "; the cause is in the %s stage: %s", cause,
        rig_json_text(finding, "text"));
}

static void add_stages(suite *s, const json_t *result, bool is_judged)
{
    const json_t *stages = rig_json_list(result, "stages");
    for (size_t i = 0; i < json_array_size(stages); i++) {
        const json_t *stage = json_array_get(stages, i);
        double minutes = rig_json_number(stage, "minutes_to_decide");
        test_case *c = new_case(s, "G2", rig_json_text(stage, "stage"));
        end_case(c, is_judged ? rig_json_text(stage, "judgement") : "INVALID");
        if (!is_judged)
            say(c->text, sizeof c->text, "the load was not valid, so nothing is judged; ");
        say(c->text, sizeof c->text, "lost %s (%s of %s calls)",
            rig_html_percent(rig_json_number(stage, "p_observed")).text,
            rig_html_count(rig_json_number(stage, "lost")).text,
            rig_html_count(rig_json_number(stage, "entered")).text);
        say(c->text, sizeof c->text, ", predicted %s (%s), difference %s, margin %s",
            rig_html_percent(rig_json_number(stage, "p_predicted")).text,
            rig_html_percent_range(rig_json_number(stage, "predicted_low"),
                                   rig_json_number(stage, "predicted_high"))
                .text,
            rig_html_points(rig_json_number(stage, "difference")).text,
            rig_html_size_in_points(rig_json_number(stage, "margin")).text);
        if (is_judged && isfinite(minutes))
            say(c->text, sizeof c->text, "; a run of about %.0f minutes would decide",
                ceil(minutes));
        if (is_judged)
            add_cause(c, result, stage);
    }
}

static bool is_open(const json_t *part)
{
    return strcmp(rig_json_text(part, "judgement"), "INCONCLUSIVE") == 0;
}

/* A part of a stage's calls. Only one that fails counts: it has fewer calls than the stage, and one
 * that is undecided does not hold up a PASS. */
static test_case *new_part(suite *s, const json_t *part, const char *name, bool is_judged)
{
    const char *judgement = rig_json_text(part, "judgement");
    test_case *c = new_case(s, "G2", name);
    end_case(c, !is_judged ? "INVALID" : is_open(part) ? "PASS" : judgement);
    if (!is_judged)
        say(c->text, sizeof c->text, "the load was not valid, so nothing is judged; ");
    return c;
}

static void end_part(test_case *c, const json_t *part, bool is_judged)
{
    if (is_judged && is_open(part))
        say(c->text, sizeof c->text, "; undecided by itself, and the stage is not");
}

/* The trunk stage of each carrier's calls. */
static void add_carriers(suite *s, const json_t *result, bool is_judged)
{
    const json_t *carriers = rig_json_list(result, "carriers");
    for (size_t i = 0; i < json_array_size(carriers); i++) {
        const json_t *carrier = json_array_get(carriers, i);
        const rig_html_pair predicted = rig_html_pair_of(carrier, "predicted");
        char name[128];
        (void)snprintf(name, sizeof name, "trunk[%.100s]", rig_json_text(carrier, "name"));
        test_case *c = new_part(s, carrier, name, is_judged);
        say(c->text, sizeof c->text, "lost %s (%s of %s calls)",
            rig_html_percent(rig_json_number(carrier, "p_observed")).text,
            rig_html_count(rig_json_number(carrier, "n_lost")).text,
            rig_html_count(rig_json_number(carrier, "n_offered")).text);
        say(c->text, sizeof c->text, ", predicted %s (%s), margin %s",
            rig_html_percent(rig_json_number(carrier, "p_predicted")).text,
            rig_html_percent_range(predicted.low, predicted.high).text,
            rig_html_size_in_points(rig_json_number(carrier, "margin")).text);
        end_part(c, carrier, is_judged);
    }
}

/* The queue of each class of callers and skill, each group of agents, and what the queue tells its
 * callers (which is of the whole, by the figure's own name), figure by figure. */
static void add_kind(suite *s, const json_t *parts, const char *of_what, bool is_judged)
{
    for (size_t i = 0; i < json_array_size(parts); i++) {
        const json_t *figure = json_array_get(parts, i);
        const rig_html_pair predicted = rig_html_pair_of(figure, "predicted");
        const char *unit = rig_json_text(figure, "unit"), *of = rig_json_text(figure, "name");
        char name[128];
        (void)snprintf(name, sizeof name, "%.30s", rig_json_text(figure, "figure"));
        if (strcmp(of, name) != 0)
            say(name, sizeof name, "[%.90s]", of);
        test_case *c = new_part(s, figure, name, is_judged);
        say(c->text, sizeof c->text, "%s of %s %s",
            rig_html_in_unit(rig_json_number(figure, "observed"), unit).text,
            rig_html_count(rig_json_number(figure, "n_entered")).text, of_what);
        say(c->text, sizeof c->text, ", predicted %s (%s to %s)",
            rig_html_in_unit(rig_json_number(figure, "predicted_mean"), unit).text,
            rig_html_in_unit(predicted.low, unit).text,
            rig_html_in_unit(predicted.high, unit).text);
        end_part(c, figure, is_judged);
    }
}

static void add_levels(suite *s, const json_t *result, bool is_judged)
{
    const json_t *levels = rig_json_list(result, "levels");
    for (size_t i = 0; i < json_array_size(levels); i++) {
        const json_t *level = json_array_get(levels, i);
        double min = rig_json_number(level, "min");
        double limit = isnan(min) ? rig_json_number(level, "max") : min;
        const char *unit = rig_json_text(level, "unit");
        test_case *c = new_case(s, "G3", rig_json_text(level, "metric"));
        end_case(c, is_judged ? rig_json_text(level, "judgement") : "INVALID");
        if (!is_judged)
            say(c->text, sizeof c->text, "the load was not valid, so nothing is judged; ");
        say(c->text, sizeof c->text, "%s",
            rig_html_in_unit(rig_json_number(level, "observed"), unit).text);
        say(c->text, sizeof c->text, " (%s to ",
            rig_html_in_unit(rig_json_number(level, "low"), unit).text);
        say(c->text, sizeof c->text, "%s), expected ",
            rig_html_in_unit(rig_json_number(level, "high"), unit).text);
        say(c->text, sizeof c->text, "at %s %s", isnan(min) ? "most" : "least",
            rig_html_in_unit(limit, unit).text);
    }
}

/* Where the run was held against an earlier one. */
static void add_baseline(suite *s, const json_t *result)
{
    const json_t *baseline = rig_json_object(result, "baseline");
    if (baseline == NULL)
        return;
    test_case *c = new_case(s, "baseline", "baseline");
    if (strcmp(rig_json_text(baseline, "judgement"), "FAIL") == 0)
        end_case(c, "FAIL");
    say(c->text, sizeof c->text, "%s", rig_json_text(baseline, "text"));
}

static void add_verdict(suite *s, const json_t *result)
{
    const json_t *verdict = rig_json_object(result, "verdict");
    const char *judgement = rig_json_text(verdict, "judgement");
    bool is_stopped = strcmp(rig_json_text(result, "status"), "stopped") == 0;
    test_case *c = new_case(s, "verdict", "verdict");
    end_case(c, is_stopped && strcmp(judgement, "PASS") == 0 ? "INVALID" : judgement);
    if (is_stopped)
        say(c->text, sizeof c->text, "stopped by the user; ");
    say(c->text, sizeof c->text, "%s", rig_json_text(verdict, "summary"));
}

static rig_status make_suite(const json_t *result, suite *s)
{
    const char *judgement = rig_json_text(rig_json_object(result, "verdict"), "judgement");
    bool is_judged = strcmp(judgement, "INVALID") != 0;
    size_t n = 2 + json_array_size(rig_json_list(result, "checks")) +
               json_array_size(rig_json_list(result, "stages")) +
               json_array_size(rig_json_list(result, "carriers")) +
               json_array_size(rig_json_list(result, "classes")) +
               json_array_size(rig_json_list(result, "skills")) +
               json_array_size(rig_json_list(result, "groups")) +
               json_array_size(rig_json_list(result, "told")) +
               json_array_size(rig_json_list(result, "levels"));
    s->cases = calloc(n, sizeof *s->cases);
    if (s->cases == NULL)
        return RIG_ENOMEM;
    add_checks(s, result);
    add_stages(s, result, is_judged);
    add_carriers(s, result, is_judged);
    add_kind(s, rig_json_list(result, "classes"), "calls that entered the queue", is_judged);
    add_kind(s, rig_json_list(result, "skills"), "calls that entered the queue", is_judged);
    add_kind(s, rig_json_list(result, "groups"), "calls that came to these agents", is_judged);
    add_kind(s, rig_json_list(result, "told"), "calls that entered the queue", is_judged);
    add_levels(s, result, is_judged);
    add_baseline(s, result);
    add_verdict(s, result);
    for (size_t i = 0; i < s->n; i++) {
        s->n_failures += s->cases[i].end == ENDING_FAILURE;
        s->n_errors += s->cases[i].end == ENDING_ERROR;
    }
    return RIG_OK;
}

/* --- writing: on a stream, which keeps its own errors; for the text there is memory or not
 * --------- */

enum { MAX_DEPTH = 8 };

/* A document under way. libxml2's writer is of no use: short of memory it leaves parts out and says
 * that all went well. */
typedef struct xml_out {
    FILE *out;
    const char *open[MAX_DEPTH];
    size_t depth;
    bool is_tag_open; /* "<name" is written, and no ">" */
    bool has_failed;  /* no memory */
} xml_out;

/* XML 1.0, sections 2.4 and 3.3.3: what would be markup, and in attributes what a reader would take
 * for a blank. */
static void put_character(xml_out *w, const char *p, size_t n, bool is_attribute)
{
    const bool is_blank = *p == '\n' || *p == '\t';
    if (*p == '&')
        (void)fputs("&amp;", w->out);
    else if (*p == '<')
        (void)fputs("&lt;", w->out);
    else if (*p == '>')
        (void)fputs("&gt;", w->out);
    else if (*p == '"')
        (void)fputs("&quot;", w->out);
    else if (*p == '\r' || (is_attribute && is_blank))
        (void)fprintf(w->out, "&#%d;", *p);
    else
        (void)fwrite(p, 1, n, w->out);
}

static void put_text(xml_out *w, const char *text, bool is_attribute)
{
    char *clean = rig_xml_text(text);
    w->has_failed |= clean == NULL;
    for (const char *p = clean; p != NULL && *p != '\0';) {
        size_t n = rig_utf8_length(p);
        put_character(w, p, n, is_attribute);
        p += n;
    }
    free(clean);
}

static void attribute(xml_out *w, const char *name, const char *value)
{
    (void)fprintf(w->out, " %s=\"", name);
    put_text(w, value, true);
    (void)fputc('"', w->out);
}

/* A line that begins below the innermost element. */
static void indent(xml_out *w)
{
    (void)fprintf(w->out, "%s%*s", w->is_tag_open ? ">\n" : "", (int)w->depth, "");
    w->is_tag_open = false;
}

static void element(xml_out *w, const char *name, const char *text)
{
    indent(w);
    (void)fprintf(w->out, "<%s>", name);
    put_text(w, text, false);
    (void)fprintf(w->out, "</%s>\n", name);
}

static void begin(xml_out *w, const char *name)
{
    indent(w);
    (void)fprintf(w->out, "<%s", name);
    w->open[w->depth++] = name;
    w->is_tag_open = true;
}

static void end(xml_out *w)
{
    w->depth--;
    if (w->is_tag_open)
        (void)fputs("/>\n", w->out);
    else
        (void)fprintf(w->out, "%*s</%s>\n", (int)w->depth, "", w->open[w->depth]);
    w->is_tag_open = false;
}

static void counts(xml_out *w, const suite *s, double time_s)
{
    char n[24], n_failures[24], n_errors[24], time[32];
    (void)snprintf(n, sizeof n, "%zu", s->n);
    (void)snprintf(n_failures, sizeof n_failures, "%zu", s->n_failures);
    (void)snprintf(n_errors, sizeof n_errors, "%zu", s->n_errors);
    (void)snprintf(time, sizeof time, "%.3f", isfinite(time_s) && time_s > 0.0 ? time_s : 0.0);
    attribute(w, "tests", n);
    attribute(w, "failures", n_failures);
    attribute(w, "errors", n_errors);
    if (strcmp(w->open[w->depth - 1], "testsuite") == 0) /* Jenkins' schema has it nowhere else */
        attribute(w, "skipped", "0");
    attribute(w, "time", time);
}

static void write_property(xml_out *w, const char *name, const char *value)
{
    begin(w, "property");
    attribute(w, "name", name);
    attribute(w, "value", value);
    end(w);
}

static void write_properties(xml_out *w, const json_t *result)
{
    const json_t *run = rig_json_object(result, "run"),
                 *verdict = rig_json_object(result, "verdict");
    int64_t seed;
    const bool has_seed = rig_json_integer(result, "seed", &seed);
    begin(w, "properties");
    write_property(w, "peakrig", rig_json_text(result, "peakrig"));
    write_property(w, "status", rig_json_text(result, "status"));
    write_property(w, "judgement", rig_json_text(verdict, "judgement"));
    write_property(w, "target", rig_json_text(run, "target"));
    write_property(w, "seed", has_seed ? rig_html_seed(seed).text : "");
    const json_t *changed = rig_json_list(rig_json_object(result, "inputs"), "changed");
    for (size_t i = 0; i < json_array_size(changed); i++) {
        const char *name = json_string_value(json_array_get(changed, i));
        write_property(w, "judged by force", name != NULL ? name : "?");
    }
    end(w);
}

static void write_case(xml_out *w, const char *scenario, const test_case *c)
{
    char class_name[160], name[160];
    (void)snprintf(class_name, sizeof class_name, "peakrig.%.120s.%s", scenario, c->gate);
    (void)snprintf(name, sizeof name, "%s %s", c->gate, c->name);
    begin(w, "testcase");
    attribute(w, "classname", class_name);
    attribute(w, "name", strcmp(c->gate, c->name) == 0 ? c->name : name);
    attribute(w, "time", "0.000");
    if (c->end != ENDING_PASSED) {
        begin(w, c->end == ENDING_FAILURE ? "failure" : "error");
        attribute(w, "message", c->text);
        attribute(w, "type", c->type);
        (void)fputc('>', w->out);
        put_text(w, c->text, false); /* some readers show the attribute, some this */
        (void)fprintf(w->out, "</%s>\n", w->open[--w->depth]);
        w->is_tag_open = false;
    } else if (c->text[0] != '\0') {
        element(w, "system-out", c->text);
    }
    end(w);
}

static void write_document(xml_out *w, const json_t *result, const suite *s)
{
    const char *name = rig_json_text(result, "name");
    double time_s = rig_json_number(rig_json_object(result, "run"), "wire_s");
    char title[160], stamp[20]; /* "2026-03-14T09:26:31": JUnit's schema knows no fractions */
    (void)snprintf(title, sizeof title, "peakrig.%.120s", name[0] != '\0' ? name : "unnamed");
    (void)snprintf(stamp, sizeof stamp, "%s", rig_json_text(result, "created_utc"));
    (void)fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n", w->out);
    begin(w, "testsuites");
    attribute(w, "name", "peakrig");
    counts(w, s, time_s);
    begin(w, "testsuite");
    attribute(w, "name", title);
    counts(w, s, time_s);
    if (stamp[0] != '\0')
        attribute(w, "timestamp", stamp);
    write_properties(w, result);
    for (size_t i = 0; i < s->n; i++)
        write_case(w, name[0] != '\0' ? name : "unnamed", &s->cases[i]);
    end(w);
    end(w);
}

rig_status rig_report_junit(const json_t *result, const char *path, rig_error *err)
{
    suite s = {.cases = NULL};
    rig_atomic_file *file = NULL;
    rig_status status = rig_json_expect_format(result, path, "peakrig result 1", err);
    if (status == RIG_OK && make_suite(result, &s) != RIG_OK)
        status = rig_fail(err, RIG_ENOMEM, "%s: out of memory", path);
    if (status == RIG_OK)
        status = rig_atomic_file_new(path, &file, err);
    if (status == RIG_OK) {
        xml_out w = {.out = rig_atomic_file_stream(file)};
        write_document(&w, result, &s);
        if (!w.has_failed) {
            status = rig_atomic_file_commit(file, err);
        } else {
            rig_atomic_file_abandon(file);
            status = rig_fail(err, RIG_ENOMEM, "%s: out of memory", path);
        }
    }
    free(s.cases);
    return status;
}
