/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Out of memory at the first, the second, the third .. allocation: an error each time, nothing
 * leaks (under a leak checker), and a decoder that was begun stays usable.  */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/oom.h"
#include "tests/test.h"

#include "analyzer/packets/capture.h"
#include "analyzer/decoder.h"

static rig_status count(void *ctx, const rig_packet *packet, rig_error *err)
{
    (void)packet;
    (void)err;
    ++*(size_t *)ctx;
    return RIG_OK;
}

/* Everything in a file; a frame for which there is no memory is lost, and the rest goes on. */
static rig_status read_all(const char *path, size_t *n_packets)
{
    rig_capture_reader *reader = NULL;
    rig_decoder *decoder = NULL;
    rig_frame frame;
    bool is_end = false;
    rig_error err = {.text = ""};
    rig_status lost = RIG_OK;
    *n_packets = 0;
    rig_status status = rig_capture_open(&path, 1, &reader, &err);
    if (status != RIG_OK) {
        assert_null(reader);
        assert_true(err.text[0] != '\0');
        return status;
    }
    status = rig_decoder_new(count, n_packets, &decoder);
    while (status == RIG_OK && !is_end) {
        status = rig_capture_next(reader, &frame, &is_end, &err);
        if (status != RIG_OK || is_end)
            break;
        rig_status decoded = rig_decoder_frame(decoder, frame.linktype, frame.t_ns, frame.data,
                                               frame.caplen, frame.len, &err);
        if (decoded != RIG_OK)
            lost = decoded;
    }
    if (status == RIG_OK)
        status = rig_decoder_finish(decoder, &err);
    rig_decoder_free(decoder);
    rig_capture_close(reader);
    return status == RIG_OK ? lost : status;
}

static void test_read(void **state)
{
    (void)state;
    static const char *const names[] = {
        "pcapng_sections.pcapng",  "fragments_4_reversed.pcap",
        "tcp_pieces_of_7.pcap",    "tcp_overlapping.pcap",
        "sctp_in_chunks.pcap",     "hep3_deflated.pcap",
        "compressed_gzip.pcap.gz", "compressed_zstd_frames.pcapng.zst"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char path[4096];
        size_t n_packets, n_all;
        snprintf(path, sizeof path, "%s/%s", PEAKRIG_LAYERS, names[i]);
        assert_int_equal(read_all(path, &n_all), RIG_OK);
        for (long n = 0;; n++) {
            oom_allow(OOM_FROM, n);
            rig_status status = read_all(path, &n_packets);
            bool is_short = oom_end();
            assert_true(n_packets <= n_all);
            if (status == RIG_OK && !is_short) {
                assert_true(n >= 8);
                assert_int_equal(n_packets, n_all);
                break;
            }
            assert_true(status == RIG_ENOMEM || status == RIG_OK);
            assert_true(n < 10000);
        }
    }
}

/* One allocation of many fails: what it was for is lost, and nothing else. */
static void test_stays_usable(void **state)
{
    (void)state;
    char path[4096];
    size_t n_all;
    snprintf(path, sizeof path, "%s/tcp_pieces_of_100.pcap", PEAKRIG_LAYERS);
    assert_int_equal(read_all(path, &n_all), RIG_OK);
    rig_capture_reader *reader = NULL;
    rig_decoder *decoder = NULL;
    rig_frame frame;
    bool is_end = false;
    size_t n_packets = 0, n_frames = 0;
    const char *paths[] = {path};
    assert_int_equal(rig_capture_open(paths, 1, &reader, NULL), RIG_OK);
    assert_int_equal(rig_decoder_new(count, &n_packets, &decoder), RIG_OK);
    while (rig_capture_next(reader, &frame, &is_end, NULL) == RIG_OK && !is_end) {
        if (++n_frames == 4) /* the first segment with data */
            oom_allow(OOM_FROM, 0);
        rig_status status = rig_decoder_frame(decoder, frame.linktype, frame.t_ns, frame.data,
                                              frame.caplen, frame.len, NULL);
        (void)oom_end();
        assert_int_equal(status, n_frames == 4 ? RIG_ENOMEM : RIG_OK);
    }
    assert_int_equal(n_packets, n_all - 1);
    rig_decoder_free(decoder);
    rig_capture_close(reader);
}

static void test_writer(void **state)
{
    (void)state;
    static const uint8_t data[4] = {1, 2, 3, 4};
    char path[] = "/tmp/peakrig-oom-XXXXXX";
    const rig_frame frame = {.linktype = 1, .data = data, .caplen = 4, .len = 4};
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    for (long n = 0;; n++) {
        rig_capture_writer *writer = NULL;
        rig_error err = {.text = ""};
        oom_allow(OOM_FROM, n);
        rig_status status = rig_capture_writer_new(path, &writer, &err);
        if (status == RIG_OK && (status = rig_capture_writer_add(writer, &frame, &err)) == RIG_OK)
            status = rig_capture_writer_commit(writer, &err);
        else
            rig_capture_writer_abandon(writer);
        (void)oom_end();
        if (status == RIG_OK) {
            assert_true(n >= 2);
            break;
        }
        assert_int_equal(status, RIG_ENOMEM);
        assert_true(err.text[0] != '\0');
    }
    assert_int_equal(remove(path), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_read),
        cmocka_unit_test(test_stays_usable),
        cmocka_unit_test(test_writer),
    };
    return cmocka_run_group_tests_name("packets_oom", tests, NULL, NULL);
}
