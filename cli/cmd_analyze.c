#include <stdio.h>
#include <stdlib.h>

#include "analyzer/analyzer.h"
#include "analyzer/calls_csv.h"
#include "analyzer/registrations.h"
#include "analyzer/usage_meter.h"
#include "analyzer/rules.h"
#include "cli/analyze_parts.h"
#include "cli/command.h"
#include "cli/console.h"
#include "cli/options.h"
#include "cli/print_analysis.h"
#include "cli/signals.h"
#include "core/digest.h"
#include "reports/json_file.h"
#include "reports/losses_json.h"

static const rig_usage_text usage_text = {"analyze", "CAPTURE...",
                                          "Read captures (pcap or pcapng, plain or compressed; "
                                          "\"-\" is the standard input) and say where\n"
                                          "each call was lost."};

/* What the command line says. */
typedef struct analyze_options {
    const char *calls, *rules;
    rig_texts explain;
    bool is_json, is_digest;
    rig_cmd_analyze_parts parts; /* ladders, slices, pseudonyms */
} analyze_options;

/* One analysis: what it owns until its end. */
typedef struct analysis {
    rig_rules *rules; /* NULL: the built-in ones */
    rig_mask *mask;   /* NULL: Call-IDs and numbers are shown as they are */
    rig_analyzer *analyzer;
    rig_cdr_writer *writer; /* NULL: no calls.csv is asked for */
    rig_usage_meter *meter;
    rig_usage *usage;
    rig_sessions sessions;
    rig_registrations registrations;
    rig_loss_series series;
    rig_capture_counts counts;
} analysis;

static rig_status take_call(void *ctx, const rig_finished_call *call, rig_error *err)
{
    analysis *a = ctx;
    rig_status status = rig_usage_meter_take(a->meter, call, err);
    rig_sessions_add(&a->sessions, call);
    rig_loss_series_add(&a->series, call);
    if (status == RIG_OK && a->writer != NULL)
        status = rig_masked_writer_take(a->writer, a->mask, call, err);
    return status;
}

static void take_answer(void *ctx, int64_t t_invite_ns)
{
    analysis *a = ctx;
    rig_usage_meter_answered(a->meter, t_invite_ns);
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
    const rig_cdr_stamp stamps[] = {{"peakrig", PEAKRIG_VERSION},
                                    {"capture_sha256", sha256},
                                    {"masked", "Call-IDs and reasons"}};
    rig_cdr_writer *writer = a->writer;
    a->writer = NULL; /* the commit frees it, whatever comes */
    return rig_cdr_writer_commit(writer, a->counts.has_queue_marks, stamps, a->mask != NULL ? 3 : 2,
                                 err);
}

static rig_status print_all(const analysis *a, bool is_json, rig_error *err)
{
    const rig_losses losses = {a->usage, &a->counts, &a->sessions, &a->series, &a->registrations};
    json_t *document = NULL;
    if (!is_json) {
        rig_print_analysis(&losses);
        return RIG_OK;
    }
    rig_status status = rig_json_of_losses(&losses, &document);
    if (status != RIG_OK)
        return rig_fail(err, status, "out of memory");
    status = rig_json_print(document, RIG_JSON_DIGITS, stdout, err);
    json_decref(document);
    return status;
}

static rig_status analyze(analysis *a, const analyze_options *options, const rig_texts *captures,
                          rig_error *err)
{
    rig_status status = RIG_OK;
    if (options->rules != NULL)
        status = rig_rules_read(options->rules, &a->rules, err);
    if (status == RIG_OK && options->parts.is_masked)
        status = rig_mask_new(options->parts.mask_key, &a->mask, err);
    if (status == RIG_OK && rig_cmd_analyze_parts_wanted(&options->parts))
        return rig_cmd_analyze_parts_run(&options->parts, captures, a->rules, a->mask, warn, err);
    if (status == RIG_OK)
        status = rig_usage_meter_new(&a->meter, err);
    if (status == RIG_OK && options->calls != NULL)
        status = rig_cdr_writer_new(options->calls, &a->writer, err);
    const rig_explain asked = {
        .call_ids = options->explain.items, .n_call_ids = options->explain.n, .say = explain};
    const rig_analyzer_options how = {
        .rules = a->rules,
        .sink = {.take = take_call, .answered = take_answer, .ctx = a},
        .explain = options->explain.n > 0 ? &asked : NULL,
        .registrations = {.take = rig_registrations_add, .ctx = &a->registrations},
    };
    if (status == RIG_OK)
        status = rig_analyzer_new_with(&how, &a->analyzer, err);
    if (status == RIG_OK)
        status = rig_analyze_files(captures->items, captures->n, a->analyzer, warn, NULL, err);
    if (status == RIG_OK)
        status = rig_analyzer_finish(a->analyzer, NULL, err);
    if (status != RIG_OK)
        return status;
    rig_analyzer_counts(a->analyzer, &a->counts);
    rig_warn_of_capture(captures->items, captures->n, &a->counts);
    if (a->writer != NULL)
        status = write_calls(a, captures->items[0], options->is_digest, err);
    if (status == RIG_OK)
        status = rig_usage_meter_finish(a->meter, a->counts.has_queue_marks, &a->usage, err);
    return status == RIG_OK ? print_all(a, options->is_json, err) : status;
}

int rig_cmd_analyze(int argc, char **argv)
{
    rig_texts captures;
    analyze_options options = {.calls = NULL};
    const rig_option table[] = {
        {"calls", 0, RIG_OPTION_TEXT, &options.calls, "FILE", "write calls.csv, a row a call"},
        {"rules", 0, RIG_OPTION_TEXT, &options.rules, "FILE",
         "how this centre shows its stages (the built-in rules)"},
        {"explain", 0, RIG_OPTION_TEXTS, &options.explain, "CALL-ID",
         "say which rules fired for a call, on standard error"},
        {"digest", 0, RIG_OPTION_FLAG, &options.is_digest, NULL,
         "stamp calls.csv with the SHA-256 of the first capture"},
        {"json", 0, RIG_OPTION_FLAG, &options.is_json, NULL,
         "one JSON document on standard output"},
        {"ladder", 0, RIG_OPTION_TEXTS, &options.parts.ladder, "CALL-ID",
         "draw the messages of a call and its agents' legs, nothing else"},
        {"svg", 0, RIG_OPTION_TEXT, &options.parts.svg, "FILE", "the ladders as a picture"},
        {"slice", 0, RIG_OPTION_TEXTS, &options.parts.slice, "KEY=VALUE[,..]",
         "write the packets of some calls, nothing else"},
        {"output", 'o', RIG_OPTION_TEXT, &options.parts.output, "FILE", "the capture to write"},
        {"mask", 0, RIG_OPTION_FLAG, &options.parts.is_masked, NULL,
         "pseudonyms for Call-IDs, numbers and addresses"},
        {"mask-key", 0, RIG_OPTION_TEXT, &options.parts.mask_key, "TEXT",
         "the same pseudonyms under the same key (--mask; a random key)"},
        {.name = NULL}};
    int exit_code;
    if (!rig_options_read(argc, argv, &usage_text, table, &captures, &exit_code))
        return exit_code;
    if (captures.n == 0)
        return rig_console_usage("analyze", "expected at least one CAPTURE");
    const char *problem = NULL;
    options.parts.is_masked |= options.parts.mask_key != NULL;
    options.parts.has_explain = options.explain.n > 0;
    options.parts.has_other_outputs =
        options.calls != NULL || options.is_json || options.is_digest || options.parts.has_explain;
    if (!rig_cmd_analyze_parts_fit(&options.parts, &problem))
        return rig_console_usage("analyze", "%s", problem);
    /* Ctrl-C ends the tcpdump that writes into the pipe, and with it the input: the first one is
     * not meant for the results of what was captured. */
    for (size_t i = 0; i < captures.n; i++) {
        if (captures.items[i][0] == '-' && captures.items[i][1] == '\0')
            (void)rig_signals_catch();
    }
    rig_error err = {0};
    analysis *a = calloc(1, sizeof *a); /* its histograms are more than a stack is for */
    if (a == NULL) {
        (void)rig_fail(&err, RIG_ENOMEM, "out of memory");
        return rig_console_fail(&err);
    }
    rig_status status = analyze(a, &options, &captures, &err);
    rig_analyzer_free(a->analyzer);
    rig_cdr_writer_abandon(a->writer);
    rig_usage_free(a->usage);
    rig_usage_meter_free(a->meter);
    rig_rules_free(a->rules);
    rig_mask_free(a->mask);
    free(a);
    return status == RIG_OK ? 0 : rig_console_fail(&err);
}
