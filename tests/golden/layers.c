/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every capture of tests/fixtures/layers against its truth: the calls, and the counts that its
 * expected.csv names in its stamps. What carries SIP must not change the calls. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/test.h"

#include "analyzer/analyzer.h"
#include "analyzer/calls_csv.h"
#include "analyzer/packets/capture.h"
#include "analyzer/decoder.h"
#include "core/csv.h"
#include "tests/golden/compare.h"
#include "tests/golden/suite.h"

/* Fewer than this, and fixtures have gone missing. */
enum { MIN_FIXTURES = 100, MAX_PATH = 4096 };

static const char *const capture_suffixes[] = {".pcap",      ".pcapng",   ".pcap.gz",
                                               ".pcapng.gz", ".pcap.zst", ".pcapng.zst"};

static void find_capture(const char *name, char path[MAX_PATH])
{
    for (size_t i = 0; i < sizeof capture_suffixes / sizeof capture_suffixes[0]; i++) {
        snprintf(path, MAX_PATH, "%s/%s%s", PEAKRIG_LAYERS, name, capture_suffixes[i]);
        FILE *file = fopen(path, "rb");
        if (file != NULL) {
            fclose(file);
            return;
        }
    }
    fail_msg("%s: no capture beside its truth", name);
}

static rig_status ignore(void *ctx, const rig_packet *packet, rig_error *err)
{
    (void)ctx;
    (void)packet;
    (void)err;
    return RIG_OK;
}

/* Reader and decoder alone: what the file is, and what was in it. */
static void read_alone(const char *path, rig_decoder_counts *counts, rig_capture_file_info *info,
                       rig_capture_disorder *disorder, rig_not_read_all *not_read)
{
    rig_capture_reader *reader = NULL;
    rig_decoder *decoder = NULL;
    rig_frame frame;
    bool is_end = false;
    rig_error err = {.text = ""};
    if (rig_capture_open(&path, 1, &reader, &err) != RIG_OK ||
        rig_decoder_new(ignore, NULL, &decoder) != RIG_OK)
        fail_msg("%s", err.text);
    while (rig_capture_next(reader, &frame, &is_end, &err) == RIG_OK && !is_end) {
        if (rig_decoder_frame(decoder, frame.linktype, frame.t_ns, frame.data, frame.caplen,
                              frame.len, &err) != RIG_OK)
            fail_msg("%s", err.text);
    }
    if (!is_end || rig_decoder_finish(decoder, &err) != RIG_OK)
        fail_msg("%s", err.text);
    rig_decoder_count(decoder, counts);
    *info = rig_capture_about(reader, 0);
    *disorder = *rig_capture_disorder_of(reader);
    rig_decoder_not_read(decoder, not_read);
    rig_decoder_free(decoder);
    rig_capture_close(reader);
}

static uint64_t n_not_read(const rig_not_read_all *all, rig_not_read_kind kind, uint32_t number)
{
    for (size_t i = 0; i < all->n; i++) {
        if (all->of[i].kind == kind && all->of[i].number == number)
            return all->of[i].n;
    }
    return 0;
}

static int check_counts(const char *name, const char *truth_path, const rig_decoder_counts *got,
                        const rig_capture_file_info *info, const rig_capture_disorder *disorder,
                        const rig_not_read_all *not_read)
{
    const suite_count counts[] = {
#define COUNT(field) {#field, got->field}
        COUNT(n_frames),
        COUNT(n_udp),
        COUNT(n_tcp),
        COUNT(n_sctp),
        COUNT(n_fragments),
        COUNT(n_icmp),
        COUNT(n_unreachable),
        COUNT(n_other_ip),
        COUNT(n_other_link),
        COUNT(n_unread_link),
        COUNT(n_encrypted),
        COUNT(n_cut),
        COUNT(n_malformed),
        COUNT(n_too_nested),
        COUNT(n_packets),
        COUNT(n_truncated),
        COUNT(n_ipv6),
        COUNT(n_tunnelled),
        COUNT(n_hep),
        COUNT(n_hep_other),
        COUNT(n_reassembled),
        COUNT(n_fragments_repeated),
        COUNT(n_fragments_overlapping),
        COUNT(n_fragments_bad),
        COUNT(n_datagrams_incomplete),
        COUNT(n_streams),
        COUNT(n_streams_encrypted),
        COUNT(n_streams_sips),
        COUNT(n_streams_sip),
        COUNT(n_stream_messages),
        COUNT(n_segments_repeated),
        COUNT(n_segments_reordered),
        COUNT(n_stream_gaps),
        COUNT(n_messages_lost),
        COUNT(n_sctp_reassembled),
        COUNT(n_sctp_incomplete),
        COUNT(n_limit_reassemblies),
        COUNT(n_limit_streams),
        COUNT(n_limit_stream_bytes),
        COUNT(n_limit_message),
#undef COUNT
        {"n_reordered", disorder->n_reordered},
        {"n_late", disorder->n_late},
        {"n_steps", disorder->n_steps},
        {"not_read_ethertype_0x88e5", n_not_read(not_read, RIG_NOT_READ_ETHERTYPE, 0x88e5)},
        {"not_read_ethertype_0x0806", n_not_read(not_read, RIG_NOT_READ_ETHERTYPE, 0x0806)},
        {"not_read_ip_protocol_50", n_not_read(not_read, RIG_NOT_READ_IP_PROTOCOL, 50)},
        {"not_read_udp_port_51820", n_not_read(not_read, RIG_NOT_READ_UDP_PORT, 51820)},
        {"not_read_udp_port_5247", n_not_read(not_read, RIG_NOT_READ_UDP_PORT, 5247)},
        {"not_read_next_protocol_77", n_not_read(not_read, RIG_NOT_READ_NEXT_PROTOCOL, 77)},
        {"is_cut", info->is_cut},
        {"is_damaged", info->is_damaged},
    };
    return suite_check_counts(name, truth_path, counts, sizeof counts / sizeof counts[0]);
}

static void check_fixture(void **state)
{
    const char *name = *state;
    char capture_path[MAX_PATH], truth_path[MAX_PATH];
    rig_error err = {.text = ""};
    rig_analyzer *analyzer = NULL;
    rig_calls *got = NULL;
    rig_calls *expected = NULL;
    rig_decoder_counts counts;
    rig_capture_file_info info;
    rig_capture_disorder disorder;
    rig_not_read_all not_read;
    find_capture(name, capture_path);
    snprintf(truth_path, sizeof truth_path, "%s/%s" SUITE_TRUTH_SUFFIX, PEAKRIG_LAYERS, name);
    if (rig_analyzer_new_with(&(rig_analyzer_options){.with_redials = true}, &analyzer, &err) != RIG_OK ||
        rig_analyze_file(capture_path, analyzer, &err) != RIG_OK ||
        rig_analyzer_finish(analyzer, &got, &err) != RIG_OK ||
        rig_cdr_read(truth_path, &expected, &err) != RIG_OK)
        fail_msg("%s", err.text);
    int n_differences = compare_calls(name, got, expected, 0);
    rig_calls_free(got);
    rig_calls_free(expected);
    rig_analyzer_free(analyzer);
    read_alone(capture_path, &counts, &info, &disorder, &not_read);
    n_differences += check_counts(name, truth_path, &counts, &info, &disorder, &not_read);
    assert_int_equal(counts.n_frames, counts.n_udp + counts.n_tcp + counts.n_sctp +
                                          counts.n_fragments + counts.n_icmp + counts.n_other_ip +
                                          counts.n_other_link + counts.n_unread_link +
                                          counts.n_encrypted + counts.n_cut + counts.n_malformed +
                                          counts.n_too_nested);
    assert_int_equal(n_differences, 0);
}

int main(void)
{
    return suite_run("layers", PEAKRIG_LAYERS, MIN_FIXTURES, check_fixture);
}
