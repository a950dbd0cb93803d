/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Compressed capture files: really compressed, in pieces, cut and damaged. */
#include <zlib.h>
#include <zstd.h>

#include "tests/unit/capture_files.h"

static const int64_t eight_times[] = {1, 2, 3, 4, 5, 6, 7, 8};
static const char eight[] = "0.0 0.1 0.2 0.3 0.4 0.5 0.6 0.7";

static size_t put_gzip(uint8_t *data, size_t n, size_t piece, uint8_t *out, size_t size)
{
    size_t n_out = 0;
    for (size_t at = 0; at < n; at += piece) {
        z_stream z = {.next_in = data + at, .avail_in = (uInt)(n - at < piece ? n - at : piece)};
        assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
        z.next_out = out + n_out;
        z.avail_out = (uInt)(size - n_out);
        assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
        n_out = size - z.avail_out;
        deflateEnd(&z);
    }
    return n_out;
}

static size_t put_zstd(const uint8_t *data, size_t n, size_t piece, uint8_t *out, size_t size)
{
    size_t n_out = 0;
    for (size_t at = 0; at < n; at += piece) {
        size_t got = ZSTD_compress(out + n_out, size - n_out, data + at,
                                   n - at < piece ? n - at : piece, 19);
        assert_false(ZSTD_isError(got));
        n_out += got;
    }
    return n_out;
}

static void expect_eight(const char *path, const char *format)
{
    char text[512];
    rig_capture_file_info info;
    assert_int_equal(read_all(&path, 1, text, sizeof text, &info, NULL), RIG_OK);
    assert_string_equal(text, eight);
    if (format != NULL)
        assert_string_equal(info.format, format);
    assert_false(info.is_cut || info.is_damaged);
}

/* Really compressed, in one piece and in two; then cut. */
static void test_compressed(void **state)
{
    (void)state;
    uint8_t data[512], out[2048];
    char text[512];
    size_t n = put_pcap(data, eight_times, 8);
    rig_capture_file_info info;
    for (size_t half = n; half >= 10; half = half == n ? n / 2 : 0) {
        size_t n_out = put_gzip(data, n, half, out, sizeof out);
        expect_eight(put_file("gzip", out, n_out), "pcap, gzip");
        const char *path = put_file("gzip-cut", out, n_out - 20);
        assert_int_equal(read_all(&path, 1, text, sizeof text, &info, NULL), RIG_OK);
        assert_memory_equal(text, eight, strlen(text));
        assert_true(info.is_cut);
        assert_in_range(info.n_frames, 1, 8);
        n_out = put_zstd(data, n, half, out, sizeof out);
        expect_eight(put_file("zstd", out, n_out), "pcap, zstd");
        path = put_file("zstd-cut", out, n_out - 3); /* a block comes out whole or not at all */
        assert_int_equal(read_all(&path, 1, text, sizeof text, &info, NULL),
                         half == n ? RIG_EINPUT : RIG_OK);
        assert_true(half == n || info.is_cut);
    }
}

/* With a check sum behind the data, as the zstd program writes it. */
static void test_zstd_checked(void **state)
{
    (void)state;
    uint8_t data[512], out[2048];
    size_t n = put_pcap(data, eight_times, 8);
    ZSTD_CCtx *context = ZSTD_createCCtx();
    assert_non_null(context);
    assert_false(ZSTD_isError(ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1)));
    size_t n_checked = ZSTD_compress2(context, out, sizeof out, data, n);
    assert_false(ZSTD_isError(n_checked));
    ZSTD_freeCCtx(context);
    expect_eight(put_file("zstd-checked", out, n_checked), NULL);
}

/* A byte of the second half is wrong: the first half is read. */
static void test_zstd_damaged(void **state)
{
    (void)state;
    uint8_t data[512], out[2048];
    char text[512];
    size_t n = put_pcap(data, eight_times, 8);
    rig_capture_file_info info;
    size_t n_first = ZSTD_compress(out, sizeof out, data, n / 2, 3);
    size_t n_out =
        n_first + ZSTD_compress(out + n_first, sizeof out - n_first, data + n / 2, n / 2, 3);
    memset(out + n_first, 0x55, 12);
    const char *path = put_file("zstd-damaged", out, n_out);
    assert_int_equal(read_all(&path, 1, text, sizeof text, &info, NULL), RIG_OK);
    assert_true(info.is_damaged);
    assert_in_range(info.n_frames, 3, 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_compressed),
        cmocka_unit_test(test_zstd_checked),
        cmocka_unit_test(test_zstd_damaged),
    };
    return cmocka_run_group_tests_name("packets_compressed", tests, make_folder, drop_folder);
}
