#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "analyzer/analyzer.h"
#include "analyzer/calls_csv.h"
#include "analyzer/metrics/usage_meter.h"
#include "analyzer/rules/rules.h"
#include "cli/analyze_parts.h"
#include "cli/command.h"
#include "cli/console.h"
#include "cli/options.h"
#include "cli/print_result.h"
#include "core/digest.h"
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
    rig_analyze_parts parts; /* ladders, slices, pseudonyms */
} analyze_options;

/* One analysis: what it owns until its end. */
typedef struct analysis {
    rig_rules *rules; /* NULL: the built-in ones */
    rig_mask *mask;   /* NULL: Call-IDs and numbers are shown as they are */
    rig_analyzer *analyzer;
    rig_calls_writer *writer; /* NULL: no calls.csv is asked for */
    rig_usage_meter *meter;
    rig_usage *usage;
    rig_sessions sessions;
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

static void print_warnings(const char *name, const rig_capture_counts *counts)
{
    const struct {
        uint64_t n;
        const char *text;
    } lines[] = {
        {counts->n_messages_cut, "messages are cut and were not used"},
        {counts->n_messages_malformed, "messages lack a usable Call-ID, CSeq, From or To and were "
                                       "not used"},
        {counts->n_messages_too_long, "messages have longer headers than are read and were not "
                                      "used"},
        {counts->packets.n_unread_link, "frames are of a link layer that is not read"},
        {counts->packets.n_streams_encrypted, "directions of TLS connections cannot be read"},
        {counts->packets.n_messages_lost, "messages of streams lack a part and were not used"},
        {counts->n_not_followed, "messages were passed over: too many legs at one time"},
        {counts->n_silent_legs, "legs were given up after a long silence"},
        {counts->n_orphan_legs, "legs began before the capture"},
        {counts->n_stray_legs, "agents' legs belong to no call"},
    };
    if (counts->n_messages == 0)
        (void)fprintf(stderr, "peakrig: %s: no SIP in %llu packets\n", name,
                      (unsigned long long)counts->packets.n_frames);
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        if (lines[i].n > 0)
            (void)fprintf(stderr, "peakrig: %s: %llu %s\n", name, (unsigned long long)lines[i].n,
                          lines[i].text);
    }
}

/* ---- output ---- */

static void print_intervals(const analysis *a)
{
    printf("\n95 %% intervals of the losses per entrant, from batch means:\n");
    for (int s = 0; s < RIG_N_STAGES; s++) {
        rig_loss_estimate loss =
            rig_loss_series_estimate(&a->series, (rig_stage)s, a->counts.has_queue_marks);
        if (loss.n_entered > 0)
            printf("%-6s %6.2f %% (%.2f..%.2f), worth %.0f independent calls\n",
                   rig_stage_name((rig_stage)s), 100.0 * loss.p_lost, 100.0 * loss.low,
                   100.0 * loss.high, loss.n_effective);
    }
}

static void print_lines(const rig_usage *usage)
{
    printf("\n%llu calls; %u circuits in use at the peak; %.1f erl carried, %.1f offered\n",
           (unsigned long long)usage->tally.n_offered, usage->peak_in_use, usage->carried_erl,
           usage->offered_erl);
    if (usage->steady_s > 0)
        printf("peakedness %.2f over the %.0f s in which the load may have been steady\n",
               usage->peakedness, usage->steady_s);
    if (usage->n_refusals == 0)
        return;
    printf("%llu refusals; they began at %u circuits in use (median %.0f, most %u)\n",
           (unsigned long long)usage->n_refusals, usage->min_in_use_at_refusal,
           usage->median_in_use_at_refusal, usage->max_in_use_at_refusal);
    int64_t implied = rig_usage_implied_circuits(usage);
    if (implied >= 0)
        printf("the refusals imply %lld circuits\n", (long long)implied);
    else if (usage->n_refusals >= RIG_USAGE_MIN_REFUSALS)
        printf("the refusals come at any occupancy: they imply no number of circuits\n");
}

static void print_sessions(const rig_sessions *s)
{
    rig_session_ratios r = rig_sessions_ratios(s);
    const struct {
        const char *name;
        double value;
    } ratios[] = {{"SER", r.ser}, {"SEER", r.seer}, {"ISA", r.isa}, {"SCR", r.scr},
                  {"ASR", r.asr}, {"ABR", r.abr},   {"NER", r.ner}};
    const struct {
        const char *name;
        const rig_times *times;
    } delays[] = {{"setup", &s->setup},
                  {"SRD", &s->srd_success},
                  {"SRD, failed", &s->srd_failure},
                  {"SDD", &s->sdd},
                  {"SDT", &s->sdt}};
    char line[256] = "";
    for (size_t i = 0, n = 0; i < sizeof ratios / sizeof ratios[0]; i++) {
        if (!isnan(ratios[i].value))
            n += (size_t)snprintf(line + n, sizeof line - n, "%s%s %.2f %%", n > 0 ? "  " : "",
                                  ratios[i].name, 100.0 * ratios[i].value);
    }
    putchar('\n');
    rig_console_say("%s", line);
    for (size_t i = 0; i < sizeof delays / sizeof delays[0]; i++) {
        const rig_times *t = delays[i].times;
        if (t->n > 0)
            rig_console_say("%-11s median %.3g s, p95 %.3g s, p99 %.3g s, max %.4g s (%llu)",
                            delays[i].name, rig_times_quantile_s(t, 0.5),
                            rig_times_quantile_s(t, 0.95), rig_times_quantile_s(t, 0.99),
                            rig_times_max_s(t), (unsigned long long)t->n);
    }
}

/* The digest is left out unless it is asked for: it takes longer than reading the capture. */
static rig_status write_calls(analysis *a, const char *capture, bool is_digest, rig_error *err)
{
    char sha256[RIG_SHA256_TEXT_SIZE] = "";
    rig_status status = RIG_OK;
    if (is_digest && (capture[0] != '-' || capture[1] != '\0'))
        status = rig_digest_file(capture, sha256, err);
    if (status != RIG_OK)
        return status;
    const rig_calls_stamp stamps[] = {{"peakrig", PEAKRIG_VERSION},
                                      {"capture_sha256", sha256},
                                      {"masked", "Call-IDs and reasons"}};
    rig_calls_writer *writer = a->writer;
    a->writer = NULL; /* the commit frees it, whatever comes */
    return rig_calls_writer_commit(writer, a->counts.has_queue_marks, stamps,
                                   a->mask != NULL ? 3 : 2, err);
}

static rig_status print_all(const analysis *a, bool is_json, rig_error *err)
{
    if (!is_json) {
        rig_print_losses(&a->usage->tally);
        print_intervals(a);
        print_lines(a->usage);
        print_sessions(&a->sessions);
        return RIG_OK;
    }
    json_t *document = NULL;
    const rig_losses losses = {a->usage, &a->counts, &a->sessions, &a->series};
    rig_status status = rig_losses_json(&losses, &document);
    if (status != RIG_OK)
        return rig_fail(err, status, "out of memory");
    (void)json_dumpf(document, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(12));
    (void)putchar('\n');
    json_decref(document);
    return RIG_OK;
}

static rig_status analyze(analysis *a, const analyze_options *options, const rig_texts *captures,
                          rig_error *err)
{
    rig_status status = RIG_OK;
    if (options->rules != NULL)
        status = rig_rules_read(options->rules, &a->rules, err);
    if (status == RIG_OK && options->parts.is_masked)
        status = rig_mask_new(options->parts.mask_key, &a->mask, err);
    if (status == RIG_OK && rig_analyze_parts_wanted(&options->parts))
        return rig_analyze_parts_run(&options->parts, captures, a->rules, a->mask, warn, err);
    if (status == RIG_OK)
        status = rig_usage_meter_new(&a->meter, err);
    if (status == RIG_OK && options->calls != NULL)
        status = rig_calls_writer_new(options->calls, &a->writer, err);
    const rig_explain asked = {
        .call_ids = options->explain.items, .n_call_ids = options->explain.n, .say = explain};
    const rig_analyzer_options how = {
        .rules = a->rules,
        .sink = {.take = take_call, .answered = take_answer, .ctx = a},
        .explain = options->explain.n > 0 ? &asked : NULL,
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
    print_warnings(captures->items[0], &a->counts);
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
    if (!rig_analyze_parts_fit(&options.parts, &problem))
        return rig_console_usage("analyze", "%s", problem);
    rig_error err = {0};
    analysis *a = calloc(1, sizeof *a); /* its histograms are more than a stack is for */
    if (a == NULL) {
        (void)rig_fail(&err, RIG_ENOMEM, "out of memory");
        return rig_console_fail(&err);
    }
    rig_status status = analyze(a, &options, &captures, &err);
    rig_analyzer_free(a->analyzer);
    rig_calls_writer_abandon(a->writer);
    rig_usage_free(a->usage);
    rig_usage_meter_free(a->meter);
    rig_rules_free(a->rules);
    rig_mask_free(a->mask);
    free(a);
    return status == RIG_OK ? 0 : rig_console_fail(&err);
}
