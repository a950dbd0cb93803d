/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Captures of several load hosts as one by one clock. */
#include "generator/merge.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/clock.h"
#include "tests/test.h"

static void test_a_clock_that_is_ahead(void **state)
{
    (void)state;
    const rig_merge_point points[] = {{1000, 100}, {2000, 200}, {3000, 150}};
    static const int64_t rows[][2] = {{1000, 900},  {0, -100},    {1500, 1350}, {2000, 1800},
                                      {2500, 2325}, {3000, 2850}, {9000, 8850}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(rig_merge_stamp(points, 3, rows[i][0]), rows[i][1]);
    assert_int_equal(rig_merge_stamp(points, 1, 5000), 4900);
    assert_int_equal(rig_merge_stamp(NULL, 0, 5000), 5000);
}

/* A file as the recorder writes it: packets of one byte. */
static void write_capture(const char *path, uint32_t linktype, const int64_t *t_ns, size_t n,
                          char first)
{
    const uint32_t header[] = {0xa1b23c4d, 2 | 4U << 16, 0, 0, 65535, linktype};
    FILE *out = fopen(path, "we");
    assert_non_null(out);
    assert_int_equal(fwrite(header, sizeof header, 1, out), 1);
    for (size_t i = 0; i < n; i++) {
        const uint32_t record[] = {(uint32_t)(t_ns[i] / RIG_NS_PER_S),
                                   (uint32_t)(t_ns[i] % RIG_NS_PER_S), 1, 1};
        assert_int_equal(fwrite(record, sizeof record, 1, out), 1);
        (void)fputc(first + (char)i, out);
    }
    assert_int_equal(fclose(out), 0);
}

static void test_captures_in_one_clock(void **state)
{
    (void)state;
    /* the second host's clock is 50 ms ahead: its packets were there at 5, 15 and 1005 ms */
    static const int64_t first[] = {10000000, 20000000},
                         second[] = {55000000, 65000000, 1055000000};
    const rig_merge_point ahead[] = {{0, 50000000}};
    unsigned char text[200];
    char folder[] = "/tmp/peakrig-merge-XXXXXX", a[64], b[64], both[64];
    rig_error err = {0};
    assert_non_null(mkdtemp(folder));
    (void)snprintf(a, sizeof a, "%s/a", folder);
    (void)snprintf(b, sizeof b, "%s/b", folder);
    (void)snprintf(both, sizeof both, "%s/both", folder);
    write_capture(a, 1, first, 2, 'a');
    write_capture(b, 1, second, 3, 'p');
    rig_merge_part parts[] = {{a, "vm1", NULL, 0}, {b, "vm2", ahead, 1}};
    assert_int_equal(rig_merge_captures(parts, 2, both, &err), RIG_OK);
    FILE *in = fopen(both, "re");
    assert_non_null(in);
    assert_int_equal(fread(text, 1, sizeof text, in), 24 + 5 * 17);
    (void)fclose(in);
    static const char order[] = "paqbr";
    static const uint32_t ns[] = {5000000, 10000000, 15000000, 20000000, 5000000};
    for (size_t i = 0; i < 5; i++) {
        uint32_t record[4];
        memcpy(record, text + 24 + i * 17, sizeof record);
        assert_int_equal(text[24 + i * 17 + 16], order[i]);
        assert_int_equal(record[0], i == 4);
        assert_int_equal(record[1], ns[i]);
    }
    write_capture(b, 101, second, 3, 'p'); /* raw IP */
    assert_int_equal(rig_merge_captures(parts, 2, both, &err), RIG_EINPUT);
    assert_non_null(strstr(err.text, "vm1 and vm2"));
    (void)unlink(a);
    assert_int_equal(rig_merge_captures(parts, 2, both, &err), RIG_EIO);
    assert_non_null(strstr(err.text, "vm1"));
    (void)unlink(b);
    (void)unlink(both);
    assert_int_equal(rmdir(folder), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_a_clock_that_is_ahead),
                                       cmocka_unit_test(test_captures_in_one_clock)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
