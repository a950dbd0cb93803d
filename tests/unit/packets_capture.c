/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading and writing capture files: what is refused, merging, odd blocks, the writer. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/unit/capture_files.h"

enum { N_HEADER = 24 };

static void test_refused(void **state)
{
    (void)state;
    static const uint8_t pcap_header[N_HEADER] = {0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, [20] = 1};
    static const struct {
        const char *name;
        const char *data;
        size_t n;
        rig_status status;
        const char *says;
    } rows[] = {
        {"empty", "", 0, RIG_EINPUT, "is empty"},
        {"one-byte", "\xd4", 1, RIG_EINPUT, "is no capture"},
        {"text", "INVITE sip:a SIP/2.0\r\n\r\n     ", 29, RIG_EINPUT, "is no capture"},
        {"half-a-header", (const char *)pcap_header, 23, RIG_EINPUT, "after 23 bytes"},
        {"xz",
         "\xfd"
         "7zXZ\0   ",
         9, RIG_EINPUT, "compressed with xz"},
        {"bzip2", "BZh91AY&SY", 10, RIG_EINPUT, "compressed with bzip2"},
        {"lz4", "\x04\x22\x4d\x18    ", 8, RIG_EINPUT, "compressed with LZ4"},
        {"zip", "PK\3\4    ", 8, RIG_EINPUT, "compressed with ZIP"},
        {"bad-gzip", "\x1f\x8b\x08\xff\xff\xff", 6, RIG_EINPUT, "is no capture"},
        {"bad-zstd", "\x28\xb5\x2f\xfd\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", 18,
         RIG_EINPUT, "cannot be decompressed"},
        {"cut-zstd", "\x28\xb5\x2f\xfd\x04", 5, RIG_EINPUT, "compressed data end"},
        {"only-a-section", "\x0a\x0d\x0d\x0a\x1c\0\0\0\x4d\x3c", 10, RIG_EINPUT, "no packet"},
        {"odd-order",
         "\x0a\x0d\x0d\x0a\x1c\0\0\0\x4d\x3c\x2b\x1b\1\0\0\0\xff\xff\xff\xff\xff\xff"
         "\xff\xff\x1c\0\0\0",
         28, RIG_EINPUT, "byte order"},
        {"version-2",
         "\x0a\x0d\x0d\x0a\x1c\0\0\0\x4d\x3c\x2b\x1a\2\0\0\0\xff\xff\xff\xff\xff\xff"
         "\xff\xff\x1c\0\0\0",
         28, RIG_EINPUT, "version 2"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *path = put_file(rows[i].name, rows[i].data, rows[i].n);
        char text[512];
        rig_error err = {.text = ""};
        rig_status status = read_all(&path, 1, text, sizeof text, NULL, &err);
        if (status != rows[i].status || strstr(err.text, rows[i].says) == NULL ||
            strstr(err.text, path) == NULL)
            fail_msg("%s: %d \"%s\"", rows[i].name, status, err.text);
    }
    rig_error err = {.text = ""};
    rig_capture_reader *reader = NULL;
    const char *missing = path_of("missing"), *dir = folder;
    const char *twice[] = {"-", "-"};
    assert_int_equal(rig_capture_open(&missing, 1, &reader, &err), RIG_EIO);
    assert_non_null(strstr(err.text, missing));
    assert_int_equal(rig_capture_open(&dir, 1, &reader, &err), RIG_EINPUT);
    assert_non_null(strstr(err.text, "is a folder"));
    assert_int_equal(rig_capture_open(twice, 2, &reader, &err), RIG_EDOM);
    assert_int_equal(rig_capture_open(twice, 0, &reader, &err), RIG_EDOM);
    assert_null(reader);
    rig_capture_close(NULL);
}

/* The earliest frame of all files; of equals the first file's. Without a window, each file is in
 * its own order. */
static void test_merge(void **state)
{
    (void)state;
    static const int64_t times[3][5] = {
        {10, 30, 50, 70, 90}, {20, 30, 31, 5, 95}, {30, 60, 60, 61, 62}};
    const char *paths[4];
    uint8_t data[512];
    char text[512], name[16];
    for (size_t i = 0; i < 3; i++) {
        snprintf(name, sizeof name, "merge-%zu", i);
        paths[i] = strdup(put_file(name, data, put_pcap(data, times[i], 5)));
    }
    paths[3] = strdup(put_file("merge-empty", data, put_pcap(data, NULL, 0)));
    rig_capture_file_info info[4];
    assert_int_equal(read_all(paths, 4, text, sizeof text, info, NULL), RIG_OK);
    assert_string_equal(text, "1.3 0.0 1.0 0.1 1.1 2.0 1.2 0.2 2.1 2.2 2.3 2.4 0.3 0.4 1.4");
    assert_int_equal(info[2].n_frames, 5);
    assert_int_equal(info[3].n_frames, 0);
    assert_false(info[3].is_cut || info[3].is_damaged);
    for (size_t i = 0; i < 4; i++)
        free((void *)(uintptr_t)paths[i]);
}

/* A frame of the greatest length that is taken, in the middle of others; one byte more is damage.
 */
static void test_long_frames(void **state)
{
    (void)state;
    uint8_t *data = calloc(1, RIG_CAPTURE_MAX_RECORD + 1024);
    static const int64_t times[] = {1, 2};
    char text[64];
    rig_capture_file_info info;
    assert_non_null(data);
    size_t n = put_pcap(data, times, 2);
    uint32_t record[4] = {0, 3, RIG_CAPTURE_MAX_RECORD, RIG_CAPTURE_MAX_RECORD};
    memcpy(data + n, record, sizeof record);
    data[n + sizeof record] = 2;
    size_t n_all = n + sizeof record + RIG_CAPTURE_MAX_RECORD;
    memcpy(data + n_all, data + N_HEADER, 20);
    const char *path = put_file("long", data, n_all + 20);
    assert_int_equal(read_all(&path, 1, text, sizeof text, &info, NULL), RIG_OK);
    assert_string_equal(text, "0.0 0.0 0.1 0.2");
    record[2]++;
    memcpy(data + n, record, sizeof record);
    path = put_file("too-long", data, n_all + 20);
    assert_int_equal(read_all(&path, 1, text, sizeof text, &info, NULL), RIG_OK);
    assert_string_equal(text, "0.0 0.1");
    assert_true(info.is_damaged);
    free(data);
}

/* Times that no packet has: they end the file. */
static void test_time_out_of_range(void **state)
{
    (void)state;
    static const uint8_t section[28] = {0x0a, 0x0d, 0x0d, 0x0a, 28,   0,    0, 0,    0x4d,
                                        0x3c, 0x2b, 0x1a, 1,    0,    0,    0, 0xff, 0xff,
                                        0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 28};
    static const struct {
        uint8_t resolution;
        int64_t offset_s;
        uint64_t ticks;
        bool is_good;
        int64_t t_ns;
    } rows[] = {
        {6, 0, 1, true, 1000},
        {0, 0, 7, true, 7 * RIG_NS_PER_S},
        {9, 5, 7, true, 5 * RIG_NS_PER_S + 7},
        {12, 0, 1999, true, 1},
        {20, 0, UINT64_MAX, true, 184467440},
        {127, 0, UINT64_MAX, true, 0},
        {0x80, 0, 3, true, 3 * RIG_NS_PER_S},
        {0x80 + 1, 0, 3, true, 1500000000},
        {0x80 + 63, 0, UINT64_MAX, true, 1999999999},
        {0x80 + 64, 0, UINT64_MAX, true, 0},
        {0x80 + 127, 0, UINT64_MAX, true, 0},
        {6, -1, 1000000, true, 0},
        {6, -1, 999999, false, 0},
        {6, 0, UINT64_MAX, false, 0},
        {0, 0, UINT64_MAX, false, 0},
        {0x80, 0, UINT64_MAX, false, 0},
        {6, INT64_MAX, 0, false, 0},
        {6, INT64_MIN, 0, false, 0},
        {9, 0, (uint64_t)RIG_CAPTURE_LATEST_NS, true, RIG_CAPTURE_LATEST_NS},
        {9, 0, (uint64_t)RIG_CAPTURE_LATEST_NS + 1, false, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint8_t data[200] = {0};
        uint32_t block[11] = {1, 44, 1, 0, 1 << 16 | 9, rows[i].resolution, 8 << 16 | 14,
                              0, 0,  0, 44};
        memcpy(&block[7], &rows[i].offset_s, 8);
        uint32_t packet[9] = {6, 36, 0, (uint32_t)(rows[i].ticks >> 32), (uint32_t)rows[i].ticks, 4,
                              4, 0,  36};
        memcpy(data, section, sizeof section);
        memcpy(data + 28, block, sizeof block);
        memcpy(data + 72, packet, sizeof packet);
        const char *path = put_file("clock", data, 108);
        rig_capture_reader *reader = NULL;
        rig_frame frame = {.t_ns = -7};
        bool is_end;
        assert_int_equal(rig_capture_open(&path, 1, &reader, NULL), RIG_OK);
        rig_error err = {.text = ""};
        rig_status status = rig_capture_next(reader, &frame, &is_end, &err);
        if (rows[i].is_good ? status != RIG_OK || frame.t_ns != rows[i].t_ns
                            : status != RIG_EINPUT || strstr(err.text, "out of range") == NULL)
            fail_msg("row %zu: status %d, %lld, \"%s\"", i, status, (long long)frame.t_ns,
                     err.text);
        rig_capture_close(reader);
    }
}

/* Blocks that lie about themselves: what is before them was read. */
static void test_bad_blocks(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        uint32_t block[12];
        size_t n; /* bytes of it */
        bool is_cut;
        const char *says;
    } rows[] = {
        {"no length", {6, 0}, 8, false, "length 0"},
        {"odd length", {6, 37}, 40, false, "length 37"},
        {"too short", {6, 28, 0, 0, 0, 0, 28}, 28, false, "length 28"},
        {"endless", {6, 0x7ffffff0}, 48, false, "length 2147483632"},
        {"other length behind", {6, 36, 0, 0, 0, 4, 4, 0, 40}, 36, false, "second length 40"},
        {"no such interface", {6, 36, 1, 0, 0, 4, 4, 0, 36}, 36, false, "interface 1"},
        {"captured more than there is",
         {6, 36, 0, 0, 0, 5, 5, 0, 36},
         36,
         false,
         "captured length 5"},
        {"skipped block cut", {0xbad, 100}, 48, true, "middle of a record"},
        {"packet cut", {6, 36, 0, 0, 0, 4, 4, 0, 36}, 35, true, "middle of a record"},
        {"interface too short", {1, 16, 1, 16}, 16, false, "length 16"},
    };
    static const uint32_t before[] = {0x0a0d0d0a, 28, 0x1a2b3c4d, 1, UINT32_MAX, UINT32_MAX, 28,
                                      1,          20, 1,          0, 20,         6,          36,
                                      0,          0,  0,          4, 4,          0,          36};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint8_t data[sizeof before + sizeof rows[i].block];
        char text[64];
        rig_capture_reader *reader = NULL;
        rig_frame frame;
        bool is_end = false;
        memcpy(data, before, sizeof before);
        memcpy(data + sizeof before, rows[i].block, sizeof rows[i].block);
        const char *path = put_file("block", data, sizeof before + rows[i].n);
        assert_int_equal(rig_capture_open(&path, 1, &reader, NULL), RIG_OK);
        assert_int_equal(rig_capture_next(reader, &frame, &is_end, NULL), RIG_OK);
        assert_false(is_end);
        assert_int_equal(rig_capture_next(reader, &frame, &is_end, NULL), RIG_OK);
        rig_capture_file_info info = rig_capture_about(reader, 0);
        if (!is_end || info.is_cut != rows[i].is_cut || info.is_damaged == rows[i].is_cut ||
            strstr(info.problem, rows[i].says) == NULL)
            fail_msg("%s: cut %d, damaged %d, \"%s\"", rows[i].name, info.is_cut, info.is_damaged,
                     info.problem);
        rig_capture_close(reader);
        (void)text;
    }
}

/* What is written is read again as it was; one link layer makes a pcap, two a pcapng. */
static void test_writer(void **state)
{
    (void)state;
    static const uint8_t bytes[] = "frames of odd lengths";
    for (int n_links = 0; n_links <= 2; n_links++) {
        const char *path = path_of(n_links == 2 ? "written.pcapng" : "written.pcap");
        rig_capture_writer *writer = NULL;
        assert_int_equal(rig_capture_writer_new(path, &writer, NULL), RIG_OK);
        size_t n = n_links == 0 ? 0 : 7;
        for (size_t i = 0; i < n; i++) {
            rig_frame frame = {.linktype = n_links == 2 && i % 3 == 1 ? 276 : 113,
                               .t_ns = 1767225600 * RIG_NS_PER_S + (int64_t)i * 123456789,
                               .data = bytes,
                               .caplen = 4 + i,
                               .len = 100 + i};
            assert_int_equal(rig_capture_writer_add(writer, &frame, NULL), RIG_OK);
        }
        assert_int_not_equal(access(path, F_OK), 0); /* nothing to be seen yet */
        assert_int_equal(rig_capture_writer_commit(writer, NULL), RIG_OK);
        rig_capture_reader *reader = NULL;
        rig_frame frame;
        bool is_end = false;
        assert_int_equal(rig_capture_open(&path, 1, &reader, NULL), RIG_OK);
        for (size_t i = 0; i < n; i++) {
            assert_int_equal(rig_capture_next(reader, &frame, &is_end, NULL), RIG_OK);
            assert_false(is_end);
            assert_int_equal(frame.linktype, n_links == 2 && i % 3 == 1 ? 276 : 113);
            assert_true(frame.t_ns == 1767225600 * RIG_NS_PER_S + (int64_t)i * 123456789);
            assert_int_equal(frame.caplen, 4 + i);
            assert_int_equal(frame.len, 100 + i);
            assert_memory_equal(frame.data, bytes, 4 + i);
        }
        assert_int_equal(rig_capture_next(reader, &frame, &is_end, NULL), RIG_OK);
        assert_true(is_end);
        assert_string_equal(rig_capture_about(reader, 0).format, n_links == 2 ? "pcapng" : "pcap");
        rig_capture_close(reader);
        assert_int_equal(unlink(path), 0);
    }
    /* What no capture can hold; an end without a file; a folder that is not there. */
    rig_capture_writer *writer = NULL;
    rig_error err = {.text = ""};
    const char *path = path_of("abandoned.pcap");
    assert_int_equal(rig_capture_writer_new(path, &writer, NULL), RIG_OK);
    rig_frame frame = {.linktype = 1, .t_ns = -1, .data = bytes, .caplen = 4, .len = 4};
    assert_int_equal(rig_capture_writer_add(writer, &frame, &err), RIG_EDOM);
    frame.t_ns = 4294967296 * RIG_NS_PER_S;
    assert_int_equal(rig_capture_writer_add(writer, &frame, &err), RIG_EDOM);
    frame.t_ns = 1;
    frame.linktype = 65536;
    assert_int_equal(rig_capture_writer_add(writer, &frame, &err), RIG_EDOM);
    rig_capture_writer_abandon(writer);
    rig_capture_writer_abandon(NULL);
    assert_int_not_equal(access(path, F_OK), 0);
    path = path_of("no/such/folder.pcap");
    assert_int_equal(rig_capture_writer_new(path, &writer, NULL), RIG_OK);
    assert_int_equal(rig_capture_writer_commit(writer, &err), RIG_EIO);
    assert_non_null(strstr(err.text, path));
}

/* A pipe gives what it has: frames come out before it ends. */
static void test_pipe(void **state)
{
    (void)state;
    static const int64_t times[] = {1, 2, 3};
    uint8_t data[256];
    size_t n = put_pcap(data, times, 3);
    int ends[2];
    char path[64];
    rig_capture_reader *reader = NULL;
    rig_frame frame;
    bool is_end;
    assert_int_equal(pipe(ends), 0);
    snprintf(path, sizeof path, "/proc/self/fd/%d", ends[0]);
    const char *paths[] = {path};
    assert_int_equal(write(ends[1], data, N_HEADER + 30), N_HEADER + 30);
    assert_int_equal(rig_capture_open(paths, 1, &reader, NULL), RIG_OK);
    assert_int_equal(rig_capture_next(reader, &frame, &is_end, NULL), RIG_OK);
    assert_false(is_end);
    assert_int_equal(frame.t_ns, 1);
    assert_int_equal(write(ends[1], data + N_HEADER + 30, n - N_HEADER - 30), n - N_HEADER - 30);
    close(ends[1]);
    for (int i = 2; i <= 3; i++) {
        assert_int_equal(rig_capture_next(reader, &frame, &is_end, NULL), RIG_OK);
        assert_int_equal(frame.t_ns, i);
    }
    assert_int_equal(rig_capture_next(reader, &frame, &is_end, NULL), RIG_OK);
    assert_true(is_end);
    rig_capture_close(reader);
    close(ends[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_refused),     cmocka_unit_test(test_merge),
        cmocka_unit_test(test_long_frames), cmocka_unit_test(test_time_out_of_range),
        cmocka_unit_test(test_bad_blocks),  cmocka_unit_test(test_writer),
        cmocka_unit_test(test_pipe),
    };
    return cmocka_run_group_tests_name("packets_capture", tests, make_folder, drop_folder);
}
