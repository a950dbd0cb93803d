/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "analyzer/analyzer.h"
#include "analyzer/calls_csv.h"
#include "analyzer/figures.h"
#include "analyzer/masked_call.h"
#include "analyzer/rules.h"
#include "cli/analyze_options.h"
#include "cli/analyze_parts.h"
#include "cli/analyze_reading.h"
#include "cli/capture_paths.h"
#include "cli/command.h"
#include "cli/console.h"
#include "cli/outputs.h"
#include "cli/print_analysis.h"
#include "cli/print_capture.h"
#include "cli/signals.h"
#include "core/atomic_file.h"
#include "core/digest.h"
#include "reports/call_json.h"
#include "reports/figures_csv.h"
#include "reports/figures_plots.h"
#include "reports/json_file.h"
#include "reports/losses_json.h"

/* One analysis: what it owns until its end. */
typedef struct analysis {
    rig_rules *rules;        /* NULL: the built-in ones */
    rig_query *where;        /* NULL: all calls */
    rig_mask *mask;          /* NULL: Call-IDs and numbers are shown as they are */
    rig_masked_call *masked; /* NULL likewise */
    rig_analyzer *analyzer;
    rig_cdr_writer *writer; /* NULL: no calls.csv is asked for */
    rig_atomic_file *jsonl; /* NULL: no file of lines is */
    FILE *lines;            /* where they go; NULL: nowhere */
    bool is_read_along;     /* each line is read when it is written */
    bool is_silent;         /* an output has the standard output */
    rig_figures *figures;
    rig_capture_counts counts;
} analysis;

/* ---- while calls come in ---- */

static rig_status put_line(analysis *a, const rig_finished_call *shown, rig_error *err)
{
    rig_report_call_line(a->lines, shown);
    /* who reads along on the other side of a pipe has each call when it is over */
    return a->is_read_along ? rig_atomic_file_flush(a->jsonl, err) : RIG_OK;
}

static rig_status take_call(void *ctx, const rig_finished_call *call, rig_error *err)
{
    analysis *a = ctx;
    const rig_finished_call *shown = call;
    rig_status status = RIG_OK;
    const rig_query_fit fit =
        rig_query_fit_call(a->where, call, rig_analyzer_t_first_ns(a->analyzer));
    if (!fit.as_told && !fit.if_marks)
        return RIG_OK;
    if (a->masked != NULL)
        status = rig_masked_call_of(a->masked, call, &shown, err);
    if (status == RIG_OK)
        status = rig_figures_take(a->figures, shown, fit, err);
    if (status == RIG_OK && a->writer != NULL)
        status = rig_cdr_writer_take_if(a->writer, shown, fit.as_told, fit.if_marks, err);
    if (status == RIG_OK && a->lines != NULL)
        status = put_line(a, shown, err);
    return status;
}

/* A row of calls.csv alone: no figure counts it. */
static rig_status take_call_back(void *ctx, const rig_finished_call *call, rig_error *err)
{
    analysis *a = ctx;
    const rig_finished_call *shown = call;
    const rig_query_fit fit =
        rig_query_fit_call(a->where, call, rig_analyzer_t_first_ns(a->analyzer));
    if (a->writer == NULL || !fit.as_told)
        return RIG_OK;
    rig_status status =
        a->masked != NULL ? rig_masked_call_of(a->masked, call, &shown, err) : RIG_OK;
    return status == RIG_OK ? rig_cdr_writer_take(a->writer, shown, err) : status;
}

static void take_answer(void *ctx, int64_t t_invite_ns)
{
    analysis *a = ctx;
    rig_figures_answered(a->figures, t_invite_ns);
}

static void take_back(void *ctx, int64_t t_invite_ns)
{
    analysis *a = ctx;
    rig_figures_withdrawn(a->figures, t_invite_ns);
}

static void explain(void *ctx, rig_slice call_id, int64_t t_ns, const char *text)
{
    (void)ctx;
    if (t_ns == RIG_NO_TIME)
        (void)fprintf(stderr, "%.*s: at the end: %s\n", (int)call_id.n, call_id.p, text);
    else
        (void)fprintf(stderr, "%.*s: %lld.%09lld: %s\n", (int)call_id.n, call_id.p,
                      (long long)(t_ns / RIG_NS_PER_S), (long long)(t_ns % RIG_NS_PER_S), text);
}

/* ---- warnings ---- */

static void warn(void *ctx, const char *text)
{
    (void)ctx;
    (void)fprintf(stderr, "peakrig: %s\n", text);
}

/* ---- output ---- */

/* The digest is left out unless it is asked for: it takes longer than reading the capture. */
static rig_status write_calls(analysis *a, const char *capture, bool is_digest, rig_error *err)
{
    char sha256[RIG_SHA256_TEXT_SIZE] = "";
    rig_status status = RIG_OK;
    if (is_digest && (capture[0] != '-' || capture[1] != '\0'))
        status = rig_digest_file(capture, sha256, err);
    if (status != RIG_OK)
        return status;
    char unmatched[24], uncertain[24];
    const uint64_t n_uncertain = rig_capture_n_uncertain(&a->counts);
    (void)snprintf(unmatched, sizeof unmatched, "%llu",
                   (unsigned long long)a->counts.n_orphan_legs);
    (void)snprintf(uncertain, sizeof uncertain, "%llu", (unsigned long long)n_uncertain);
    rig_cdr_stamp stamps[5] = {{"peakrig", PEAKRIG_VERSION}, {"capture_sha256", sha256}};
    size_t n = 2;
    if (a->mask != NULL)
        stamps[n++] = (rig_cdr_stamp){"masked", "Call-IDs and reasons"};
    if (a->counts.n_orphan_legs > 0)
        stamps[n++] = (rig_cdr_stamp){RIG_CDR_UNMATCHED, unmatched};
    if (n_uncertain > 0)
        stamps[n++] = (rig_cdr_stamp){RIG_CDR_UNCERTAIN, uncertain};
    rig_cdr_writer *writer = a->writer;
    a->writer = NULL; /* the commit frees it, whatever comes */
    return rig_cdr_writer_commit(writer, a->counts.has_queue_marks, stamps, n, err);
}

static rig_status commit_lines(analysis *a, rig_error *err)
{
    rig_atomic_file *file = a->jsonl;
    a->jsonl = NULL; /* likewise */
    a->lines = NULL;
    return rig_atomic_file_commit(file, err);
}

static rig_status print_json(const rig_found *found, rig_error *err)
{
    json_t *document = NULL;
    rig_status status = rig_json_of_losses(found, &document);
    if (status != RIG_OK)
        return rig_fail(err, status, "out of memory");
    status = rig_json_print(document, RIG_JSON_DIGITS, stdout, err);
    json_decref(document);
    return status;
}

static rig_status write_tables(const rig_cmd_analyze_options *options, const rig_found *found,
                               rig_error *err)
{
    rig_status status = RIG_OK;
    if (options->over_time != NULL)
        status = rig_report_usage_csv(found->over_time, options->over_time, err);
    if (status == RIG_OK && options->patience != NULL)
        status = rig_report_patience_csv(found->patience, options->patience, err);
    if (status == RIG_OK && options->by_csv != NULL)
        status = rig_report_groups_csv(found->tables, found->n_tables, options->by_csv, err);
    if (status == RIG_OK && options->plots != NULL)
        status = rig_report_figures_plots(found, options->plots, err);
    return status;
}

/* All that follows the last call. */
static rig_status tell(analysis *a, const rig_cmd_analyze_options *options,
                       const rig_input_paths *captures, rig_error *err)
{
    rig_found found;
    rig_status status = RIG_OK;
    rig_analyzer_counts(a->analyzer, &a->counts);
    rig_warn_of_capture((const char *const *)captures->items, captures->n, &a->counts);
    rig_warn_of_packets(captures->items[0], captures->n, &a->counts);
    if (a->writer != NULL)
        status = write_calls(a, captures->items[0], options->is_digest, err);
    if (status == RIG_OK && a->jsonl != NULL)
        status = commit_lines(a, err);
    if (status == RIG_OK)
        status = rig_figures_finish(a->figures, &a->counts, &found, err);
    if (status == RIG_OK)
        status = write_tables(options, &found, err);
    if (status != RIG_OK || a->is_silent)
        return status;
    if (options->is_json)
        return print_json(&found, err);
    rig_print_analysis(&found);
    rig_print_clocks(&a->counts);
    return RIG_OK;
}

/* ---- the whole ---- */

static rig_status open_outputs(analysis *a, const rig_cmd_analyze_options *options,
                               const rig_figures_options *wanted, rig_error *err)
{
    rig_status status = rig_figures_new(wanted, &a->figures, err);
    if (status == RIG_OK && a->mask != NULL)
        status = rig_masked_call_new(a->mask, &a->masked, err);
    if (status == RIG_OK && options->calls != NULL)
        status = rig_cdr_writer_new(options->calls, &a->writer, err);
    if (status != RIG_OK || options->jsonl == NULL)
        return status;
    status = rig_atomic_file_new(options->jsonl, &a->jsonl, err);
    if (status == RIG_OK) {
        a->lines = rig_atomic_file_stream(a->jsonl);
        a->is_read_along = rig_atomic_file_is_through(a->jsonl);
    }
    return status;
}

static rig_status check_outputs(analysis *a, const rig_cmd_analyze_options *o,
                                const rig_input_paths *captures, rig_error *err)
{
    static const char *const plots[] = {"usage.dat",
                                        "usage.gp",
                                        "usage-wide.svg",
                                        "usage-narrow.svg",
                                        "usage.png",
                                        "patience.dat",
                                        "patience.gp",
                                        "patience-wide.svg",
                                        "patience-narrow.svg",
                                        "patience.png",
                                        NULL};
    const rig_output outputs[] = {
        {"--calls", o->calls, NULL},         {"--jsonl", o->jsonl, NULL},
        {"--by-csv", o->by_csv, NULL},       {"--over-time", o->over_time, NULL},
        {"--patience", o->patience, NULL},   {"--svg", o->parts.svg, NULL},
        {"--output", o->parts.output, NULL}, {"--plots", o->plots, plots}};
    const rig_output_inputs inputs[] = {{(const char *const *)captures->items, captures->n},
                                        {&o->rules, o->rules != NULL ? 1 : 0}};
    return rig_outputs_check(outputs, sizeof outputs / sizeof *outputs, o->is_json, inputs, 2,
                             &a->is_silent, err);
}

static bool needs_parties(const analysis *a, const rig_figures_options *wanted)
{
    bool needs = a->lines != NULL || (a->where != NULL && rig_query_needs_parties(a->where));
    for (size_t i = 0; i < wanted->n_by; i++)
        needs |= rig_groups_by_needs_parties(&wanted->by[i]);
    return needs;
}

static rig_status analyze(analysis *a, const rig_cmd_analyze_options *options,
                          const rig_input_paths *captures, rig_error *err)
{
    rig_figures_options wanted = {.n_by = 0};
    rig_status status = rig_cmd_analyze_options_use(options, &a->rules, &a->where, &wanted, err);
    if (status == RIG_OK && options->parts.is_masked)
        status = options->parts.mask_key_file != NULL
                     ? rig_mask_new_from_file(options->parts.mask_key_file, &a->mask, err)
                     : rig_mask_new(options->parts.mask_key, &a->mask, err);
    if (status == RIG_OK)
        status = check_outputs(a, options, captures, err);
    if (status == RIG_OK && rig_cmd_analyze_parts_wanted(&options->parts)) {
        const rig_cmd_analyze_how how = {.rules = a->rules,
                                         .where = a->where,
                                         .mask = a->mask,
                                         .warn = warn,
                                         .reading = &options->reading,
                                         .is_silent = a->is_silent};
        return rig_cmd_analyze_parts_run(&options->parts, captures, &how, &a->counts.n_not_followed,
                                         err);
    }
    if (status == RIG_OK)
        status = open_outputs(a, options, &wanted, err);
    if (status != RIG_OK)
        return status;
    const rig_explain asked = {
        .call_ids = options->explain.items, .n_call_ids = options->explain.n, .say = explain};
    const rig_analyzer_options how = {
        .rules = a->rules,
        .sink = {.take = take_call,
                 .answered = take_answer,
                 .withdrawn = take_back,
                 .call_back = take_call_back,
                 .ctx = a},
        .explain = options->explain.n > 0 ? &asked : NULL,
        .registrations = {.take = rig_registrations_add,
                          .ctx = rig_figures_registrations(a->figures)},
        .with_parties = needs_parties(a, &wanted),
        .with_redials = a->writer != NULL,
        .max_legs = options->reading.max_legs,
        .clocks_apart_ns = rig_cmd_analyze_clocks_apart_ns(&options->reading),
    };
    status = rig_analyzer_new_with(&how, &a->analyzer, err);
    if (status == RIG_OK)
        status = rig_cmd_analyze_read(&options->reading, captures, a->analyzer, warn, err);
    if (status == RIG_OK)
        status = rig_analyzer_finish(a->analyzer, NULL, err);
    return status == RIG_OK ? tell(a, options, captures, err) : status;
}

static void close_all(analysis *a)
{
    rig_analyzer_free(a->analyzer);
    rig_cdr_writer_abandon(a->writer);
    rig_atomic_file_abandon(a->jsonl);
    rig_figures_free(a->figures);
    rig_masked_call_free(a->masked);
    rig_rules_free(a->rules);
    rig_query_free(a->where);
    rig_mask_free(a->mask);
}

/* Ctrl-C ends the tcpdump that writes into the pipe, and with it the input: the first one is not
 * meant for the results of what was captured. */
static void catch_signals(const rig_input_paths *captures)
{
    for (size_t i = 0; i < captures->n; i++) {
        if (captures->items[i][0] == '-' && captures->items[i][1] == '\0')
            (void)rig_signals_catch();
    }
}

int rig_cmd_analyze(int argc, char **argv)
{
    rig_operands words;
    rig_cmd_analyze_options options = {
        .reading = {.window_ms = RIG_ANALYZE_USUAL_WINDOW, .apart_ms = RIG_ANALYZE_USUAL_WINDOW}};
    const char *problem = NULL;
    int exit_code = 0;
    if (!rig_cmd_analyze_options_read(argc, argv, &options, &words, &exit_code))
        return exit_code;
    rig_error err = {0};
    rig_input_paths captures;
    analysis a = {.rules = NULL};
    rig_status status = rig_input_paths_find(&words, warn, &captures, &err);
    if (status == RIG_OK && !rig_cmd_analyze_reading_fits(&options.reading, &captures, &problem)) {
        rig_input_paths_free(&captures);
        return rig_console_usage("analyze", "%s", problem);
    }
    catch_signals(&captures);
    if (status == RIG_OK)
        status = analyze(&a, &options, &captures, &err);
    if (status == RIG_OK)
        exit_code = rig_cmd_analyze_verdict(&options.reading, a.counts.n_not_followed);
    close_all(&a);
    rig_input_paths_free(&captures);
    return status == RIG_OK ? exit_code : rig_console_fail(&err);
}
