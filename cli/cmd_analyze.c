#include <stdio.h>

#include "analyzer/analyzer.h"
#include "analyzer/calls_csv.h"
#include "analyzer/usage.h"
#include "cli/command.h"
#include "cli/console.h"
#include "cli/options.h"
#include "cli/print_result.h"
#include "core/digest.h"
#include "reports/losses_json.h"

static const rig_usage_text usage_text = {
    "analyze", "CAPTURE...",
    "Read captures (pcap; \"-\" is the standard input) and say where each call was lost."};

static void print_warnings(const char *name, const rig_packet_counts *counts)
{
    if (counts->is_file_cut)
        (void)fprintf(
            stderr, "peakrig: %s: ends in the middle of a packet; what is there was read\n", name);
    if (counts->n_messages == 0)
        (void)fprintf(stderr, "peakrig: %s: no SIP over UDP and IPv4 in %llu packets\n", name,
                      (unsigned long long)counts->n_packets);
    if (counts->n_messages_cut > 0)
        (void)fprintf(stderr, "peakrig: %s: %llu messages are cut and were not used\n", name,
                      (unsigned long long)counts->n_messages_cut);
    if (counts->n_stray_legs + counts->n_orphan_legs > 0)
        (void)fprintf(stderr,
                      "peakrig: %s: %llu legs began before the capture, %llu agents' legs belong "
                      "to no call\n",
                      name, (unsigned long long)counts->n_orphan_legs,
                      (unsigned long long)counts->n_stray_legs);
}

static void print_lines(const rig_usage *usage)
{
    printf("\n%llu calls; %u circuits in use at the peak; %.1f erl carried\n",
           (unsigned long long)usage->tally.n_offered, usage->peak_in_use, usage->carried_erl);
    if (usage->n_refusals > 0)
        printf("%llu refusals; they began at %u circuits in use (median %.0f, most %u)\n",
               (unsigned long long)usage->n_refusals, usage->min_in_use_at_refusal,
               usage->median_in_use_at_refusal, usage->max_in_use_at_refusal);
}

static rig_status write_calls(const rig_calls *calls, const char *path, const char *capture,
                              rig_error *err)
{
    char sha256[RIG_SHA256_TEXT_SIZE] = "";
    rig_status status = RIG_OK;
    if (capture[0] != '-' || capture[1] != '\0')
        status = rig_digest_file(capture, sha256, err);
    const rig_calls_stamp stamps[] = {{"peakrig", PEAKRIG_VERSION}, {"capture_sha256", sha256}};
    return status == RIG_OK ? rig_calls_write(calls, path, stamps, 2, err) : status;
}

int rig_cmd_analyze(int argc, char **argv)
{
    rig_texts operands;
    bool is_json = false;
    const char *calls_path = NULL;
    const rig_option options[] = {
        {"calls", 0, RIG_OPTION_TEXT, &calls_path, "FILE", "write calls.csv, a row a call"},
        {"json", 0, RIG_OPTION_FLAG, &is_json, NULL, "one JSON document on standard output"},
        {.name = NULL}};
    int exit_code;
    if (!rig_options_read(argc, argv, &usage_text, options, &operands, &exit_code))
        return exit_code;
    if (operands.n == 0)
        return rig_console_usage("analyze", "expected at least one CAPTURE");
    rig_error err = {0};
    rig_analyzer *analyzer = NULL;
    rig_calls *calls = NULL;
    rig_usage *usage = NULL;
    rig_packet_counts counts;
    rig_status status = rig_analyzer_new(&analyzer, &err);
    for (size_t i = 0; i < operands.n && status == RIG_OK; i++)
        status = rig_analyze_file(operands.items[i], analyzer, &err);
    if (status == RIG_OK) {
        rig_analyzer_counts(analyzer, &counts);
        print_warnings(operands.items[0], &counts);
        status = rig_analyzer_finish(analyzer, &calls, &err);
    }
    if (status == RIG_OK && calls_path != NULL)
        status = write_calls(calls, calls_path, operands.items[0], &err);
    if (status == RIG_OK)
        status = rig_usage_measure(calls, RIG_NO_TIME, 0, &usage, &err);
    if (status == RIG_OK && is_json) {
        json_t *document = NULL;
        status = rig_losses_json(usage, &counts, &document);
        if (status == RIG_OK) {
            (void)json_dumpf(document, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(12));
            (void)putchar('\n');
        } else {
            (void)rig_fail(&err, status, "out of memory");
        }
        json_decref(document);
    } else if (status == RIG_OK) {
        rig_print_losses(&usage->tally);
        print_lines(usage);
    }
    rig_usage_free(usage);
    rig_calls_free(calls);
    rig_analyzer_free(analyzer);
    return status == RIG_OK ? 0 : rig_console_fail(&err);
}
