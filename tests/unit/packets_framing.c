/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where SIP messages begin and end in a stream. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/test.h"

#include "analyzer/packets/sip_framing.h"

#define BYE "BYE sip:a SIP/2.0\r\n"

/* What the bytes begin with, looked at once. */
static const struct {
    const char *bytes;
    rig_sip_found found;
    size_t n;
} first_looks[] = {
    /* whole messages */
    {BYE "\r\n", RIG_SIP_FOUND_MESSAGE, 21},
    {BYE "\r\nmore", RIG_SIP_FOUND_MESSAGE, 21},
    {"SIP/2.0 200 OK\r\n\r\n", RIG_SIP_FOUND_MESSAGE, 18},
    {"SIP/2.0 200\r\n\r\n", RIG_SIP_FOUND_MESSAGE, 15},
    {"SIP/2.0 200 \r\n\r\n", RIG_SIP_FOUND_MESSAGE, 16},
    {"BYE sip:a SIP/2.0\n\n", RIG_SIP_FOUND_MESSAGE, 19},
    {BYE "Content-Length: 3\r\n\r\nabcd", RIG_SIP_FOUND_MESSAGE, 43},
    {BYE "l:3\r\n\r\nabcd", RIG_SIP_FOUND_MESSAGE, 29},
    {BYE "L \t: 3 \r\n\r\nabcd", RIG_SIP_FOUND_MESSAGE, 33},
    {BYE "content-LENGTH:\r\n 3\r\n\r\nabcd", RIG_SIP_FOUND_MESSAGE, 45},
    {BYE "Subject: x\r\n l: 9\r\nl: 3\r\n\r\nabcd", RIG_SIP_FOUND_MESSAGE, 49},
    {BYE "l: 3\r\nl: 9\r\n\r\nabcd", RIG_SIP_FOUND_MESSAGE, 36},
    {BYE "l: x\r\n\r\nabcd", RIG_SIP_FOUND_MESSAGE, 27},
    {BYE "l: -1\r\n\r\nabcd", RIG_SIP_FOUND_MESSAGE, 28},
    {BYE "l: 18446744073709551617\r\n\r\nabcd", RIG_SIP_FOUND_MESSAGE, 46},
    {BYE "l: 16777217\r\n\r\nabcd", RIG_SIP_FOUND_MESSAGE, 34},
    {BYE "x-l: 3\r\nContent-Lengths: 3\r\nll: 3\r\n\r\nabcd", RIG_SIP_FOUND_MESSAGE, 56},
    /* more is to come */
    {BYE "l: 16777216\r\n\r\nabcd", RIG_SIP_FOUND_BODY, 34 + 16777216},
    {BYE "l: 5\r\n\r\nabcd", RIG_SIP_FOUND_BODY, 32},
    {BYE, RIG_SIP_FOUND_HEAD, 0},
    {BYE "From: x\r\n", RIG_SIP_FOUND_HEAD, 0},
    {BYE "From: x\r\n\r", RIG_SIP_FOUND_HEAD, 0},
    {BYE "From", RIG_SIP_FOUND_HEAD, 0},
    {"BYE sip:a SIP/2.0\r", RIG_SIP_FOUND_NOTHING, 0},
    {"BYE sip:a SIP/2", RIG_SIP_FOUND_NOTHING, 0},
    {"BYE sip:a", RIG_SIP_FOUND_NOTHING, 0},
    {"B", RIG_SIP_FOUND_NOTHING, 0},
    {"S", RIG_SIP_FOUND_NOTHING, 0},
    {"SIP/2.0 20", RIG_SIP_FOUND_NOTHING, 0},
    {"", RIG_SIP_FOUND_NOTHING, 0},
    /* to be passed over */
    {"\r\n\r\n" BYE, RIG_SIP_FOUND_NOTHING, 4},
    {"\n", RIG_SIP_FOUND_NOTHING, 1},
    {"SIP/2.0 2x0 OK\r\n\r\n", RIG_SIP_FOUND_NOTHING, 18},
    {"SIP/2.0 2000 OK\r\n\r\n", RIG_SIP_FOUND_NOTHING, 19},
    {"SIP/2.0\r\n\r\n", RIG_SIP_FOUND_NOTHING, 11},
    {"BYE  sip:a SIP/2.0\r\n", RIG_SIP_FOUND_NOTHING, 20},
    {"BYE sip:a SIP/2.0 \r\n", RIG_SIP_FOUND_NOTHING, 20},
    {"BYE sip:a SIP/2.01\r\n", RIG_SIP_FOUND_NOTHING, 20},
    {"BYE sip:a HTTP/1.1\r\n", RIG_SIP_FOUND_NOTHING, 20},
    {" BYE sip:a SIP/2.0\r\n", RIG_SIP_FOUND_NOTHING, 20},
    {"B(E sip:a SIP/2.0\r\n", RIG_SIP_FOUND_NOTHING, 19},
    {"GET / HTTP/1.1\r\n" BYE "\r\n", RIG_SIP_FOUND_NOTHING, 16},
    {"a=rtpmap:8 PCMA/8000\r\n" BYE "\r\n", RIG_SIP_FOUND_NOTHING, 22},
    {"Via: SIP/2.0/TCP h\r\nTo: b\r\n\r\n" BYE, RIG_SIP_FOUND_NOTHING, 29},
    {"x BYE sip:a SIP/2.0\r\n" BYE, RIG_SIP_FOUND_NOTHING, 21},
    {"\x16\x03\x01 binary \xff", RIG_SIP_FOUND_NOTHING, 12},
    {"garbage\xff\r\nBYE sip:a SI", RIG_SIP_FOUND_NOTHING, 10},
    {"garbage\xff\r\nBYE sip:a\tSI", RIG_SIP_FOUND_NOTHING, 22},
    /* HEP */
    {"HEP3\x01\x01", RIG_SIP_FOUND_NOTHING, 0},
    {"HE", RIG_SIP_FOUND_NOTHING, 0},
};

static void test_first_looks(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof first_looks / sizeof first_looks[0]; i++) {
        rig_slice bytes = rig_slice_of(first_looks[i].bytes);
        rig_sip_framing framing = {.n_scanned = 0};
        size_t n = 12345;
        rig_sip_found found = rig_sip_frame(bytes, &framing, &n);
        if (found != first_looks[i].found || n != first_looks[i].n)
            fail_msg("row %zu \"%s\": found %d, n %zu", i, first_looks[i].bytes, found, n);
    }
}

static void test_hep(void **state)
{
    (void)state;
    static const char bytes[] = "HEP3\0\x0a"
                                "abcdBYE";
    rig_sip_framing framing = {.n_scanned = 0};
    size_t n;
    assert_int_equal(rig_sip_frame((rig_slice){bytes, 13}, &framing, &n), RIG_SIP_FOUND_HEP);
    assert_int_equal(n, 10);
    assert_int_equal(rig_sip_frame((rig_slice){bytes, 9}, &framing, &n), RIG_SIP_FOUND_NOTHING);
    assert_int_equal(n, 0);
}

/* A stream of messages and garbage; cut anywhere, the same messages are found. */
static void test_any_cut(void **state)
{
    (void)state;
    static const char stream[] =
        "ld: half a header\r\n\r\nbody\r\n" BYE "l: 4\r\n\r\nBYE " BYE "\r\n\r\n\r\n"
        "SIP/2.0 200 OK\r\nVia: SIP/2.0/TCP h\r\nContent-Length:\r\n  10\r\n\r\n"
        "SIP/2.0 20garbage\r\n" BYE "Call-ID: last\r\n\r\n";
    static const char *const messages[] = {
        BYE "l: 4\r\n\r\nBYE ", BYE "\r\n",
        "SIP/2.0 200 OK\r\nVia: SIP/2.0/TCP h\r\nContent-Length:\r\n  10\r\n\r\nSIP/2.0 20",
        BYE "Call-ID: last\r\n\r\n"};
    for (size_t step = 1; step < sizeof stream; step++) {
        rig_sip_framing framing = {.n_scanned = 0};
        size_t at = 0, n_found = 0;
        for (size_t n_there = step;; n_there += step) {
            if (n_there > sizeof stream - 1)
                n_there = sizeof stream - 1;
            size_t n;
            rig_sip_found found;
            while (at < n_there) {
                found = rig_sip_frame((rig_slice){stream + at, n_there - at}, &framing, &n);
                if (found == RIG_SIP_FOUND_MESSAGE) {
                    assert_true(n_found < 4);
                    assert_int_equal(n, strlen(messages[n_found]));
                    assert_memory_equal(stream + at, messages[n_found], n);
                    n_found++;
                } else if (found != RIG_SIP_FOUND_NOTHING || n == 0) {
                    break;
                }
                at += n;
            }
            if (n_there == sizeof stream - 1)
                break;
        }
        if (n_found != 4)
            fail_msg("steps of %zu: %zu messages", step, n_found);
    }
}

/* A line that is too long is no start line, even before its end is there. */
static void test_long_start_line(void **state)
{
    (void)state;
    char *bytes = malloc(RIG_SIP_MAX_START_LINE + 32);
    rig_sip_framing framing = {.n_scanned = 0};
    size_t n;
    assert_non_null(bytes);
    memset(bytes, 'a', RIG_SIP_MAX_START_LINE + 32);
    memcpy(bytes, "BYE sip:", 8);
    assert_int_equal(rig_sip_frame((rig_slice){bytes, RIG_SIP_MAX_START_LINE}, &framing, &n),
                     RIG_SIP_FOUND_NOTHING);
    assert_int_equal(n, 0);
    assert_int_equal(rig_sip_frame((rig_slice){bytes, RIG_SIP_MAX_START_LINE + 1}, &framing, &n),
                     RIG_SIP_FOUND_NOTHING);
    assert_int_equal(n, RIG_SIP_MAX_START_LINE + 1);
    free(bytes);
}

/* A beginning is of use when the lines of the needed headers are whole: the next one has begun, and
 * is none on which the last one goes on. */
static void test_beginnings_that_are_of_use(void **state)
{
    (void)state;
#define HEAD "BYE sip:785@centre SIP/2.0\r\nCall-ID: a\r\nCSeq: 2 BYE\r\nt: <sip:b@c>;tag=1\r\n"
    static const struct {
        const char *bytes;
        bool is_usable;
    } row[] = {{HEAD "From: <sip:d@e>;tag=2\r\nVia", true},
               {HEAD "From: <sip:d@e>;tag=2\r\n\r\n", true},
               {HEAD "From: <sip:d@e>;tag=2\r\n", false},
               {HEAD "From: <sip:d@e>;tag=2", false},
               {HEAD "From: <sip:d@e>\r\n ;ta", false},
               {HEAD "From: <sip:d@e>\r\n ;tag=2\r\n\t;x", false},
               {HEAD "From: <sip:d@e>\r\n ;tag=2\r\nVia", true},
               {HEAD "Via: x\r\nVia: y", false},
               {"INVITE sip:785@centre SIP/2.0\r\nf: <sip:d@e>\r\ni: a\r\nCSeq: 1 INVITE\r\nV", true},
               {"\n", false},
               {"", false}};
#undef HEAD
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        rig_slice call_id;
        if (rig_sip_is_usable(rig_slice_of(row[i].bytes), &call_id) != row[i].is_usable)
            fail_msg("row %zu", i);
        if (row[i].is_usable)
            assert_true(rig_slice_eq(call_id, rig_slice_of("a")));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_beginnings_that_are_of_use),
        cmocka_unit_test(test_first_looks),
        cmocka_unit_test(test_hep),
        cmocka_unit_test(test_any_cut),
        cmocka_unit_test(test_long_start_line),
    };
    return cmocka_run_group_tests_name("packets_framing", tests, NULL, NULL);
}
