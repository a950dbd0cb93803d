/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The SIP parser: what is a message and what is not, and each field; and no byte is read behind
 * what is there, wherever a message is cut. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/sip_text.h"

#define WHOLE INVITE COMMON "CSeq: 1 INVITE\r\n\r\n"

static rig_sip parsed(const char *text)
{
    rig_sip sip;
    memset(&sip, 0xee, sizeof sip);
    rig_sip_verdict verdict = rig_sip_parse(rig_slice_of(text), false, NULL, &sip);
    if (verdict != RIG_SIP_OK)
        fail_msg("verdict %d for: %s", (int)verdict, text);
    return sip;
}

static const struct {
    const char *text;
    bool is_truncated;
    rig_sip_verdict expected;
} verdicts[] = {
    {WHOLE, false, RIG_SIP_OK},
    {"\r\n\r\n" WHOLE, false, RIG_SIP_OK},
    {INVITE COMMON "CSeq: 1 INVITE\r\n", false, RIG_SIP_OK}, /* no empty line, but all there is */
    {INVITE COMMON "CSeq: 1 INVITE", false, RIG_SIP_OK},
    {"SIP/2.0 200\r\n" COMMON "CSeq: 1 INVITE\r\n\r\n", false, RIG_SIP_OK},
    {"sip/2.0 200 ok\r\n" COMMON "CSeq: 1 INVITE\r\n\r\n", false, RIG_SIP_OK},
    {"INVITE tel:+4930 sip/2.0\r\n" COMMON "CSeq: 1 INVITE\r\n\r\n", false, RIG_SIP_OK},
    {"X-OWN.method sip:c SIP/2.0\r\n" COMMON "CSeq: 1 X-OWN.method\r\n\r\n", false, RIG_SIP_OK},
    /* not SIP */
    {"", false, RIG_SIP_NOT},
    {"\r\n\r\n", false, RIG_SIP_NOT},
    {"\r\n", true, RIG_SIP_NOT},
    {"\x80\x08 media", false, RIG_SIP_NOT},
    {" INVITE sip:bob@c SIP/2.0\r\n" COMMON "CSeq: 1 INVITE\r\n\r\n", false, RIG_SIP_NOT},
    {"GET / HTTP/1.1\r\nHost: h\r\n\r\n", false, RIG_SIP_NOT},
    {"GET http://h/ HTTP/1.1\r\n\r\n", true, RIG_SIP_NOT},
    {"OPTIONS rtsp://h/ RTSP/1.0\r\n\r\n", false, RIG_SIP_NOT},
    {"INVITE sip:bob@c SIP/3.0\r\n" COMMON "CSeq: 1 INVITE\r\n\r\n", false, RIG_SIP_NOT},
    {"INVITE sip:bob@c SIP/2.01\r\n" COMMON "CSeq: 1 INVITE\r\n\r\n", false, RIG_SIP_NOT},
    {"INVITE  sip:bob@c   SIP/2.0 \r\n" COMMON "CSeq: 1 INVITE\r\n\r\n", false, RIG_SIP_OK},
    {"X-OWN  sip:bob@c SIP/2.0\r\n" COMMON "CSeq: 1 X-OWN\r\n\r\n", false, RIG_SIP_NOT},
    {"INVITE bob SIP/2.0\r\n" COMMON "CSeq: 1 INVITE\r\n\r\n", false, RIG_SIP_NOT},
    {"INVITE SIP/2.0\r\n" COMMON "CSeq: 1 INVITE\r\n\r\n", false, RIG_SIP_NOT},
    {"INVITE sip:a b SIP/2.0\r\n" COMMON "CSeq: 1 INVITE\r\n\r\n", false, RIG_SIP_OK},
    {"X-OWN sip:a b SIP/2.0\r\n" COMMON "CSeq: 1 X-OWN\r\n\r\n", false, RIG_SIP_NOT},
    {"INVITE  :bob SIP/2.0\r\n" COMMON "CSeq: 1 INVITE\r\n\r\n", false, RIG_SIP_NOT},
    {"INVITE :bob SIP/2.0\r\n" COMMON "CSeq: 1 INVITE\r\n\r\n", false, RIG_SIP_NOT},
    {"INVITE sip:bSIP/2.0\r\n" COMMON "CSeq: 1 INVITE\r\n\r\n", false, RIG_SIP_NOT},
    {"I:SIP/2.0\r\n" COMMON "CSeq: 1 I\r\n\r\n", false, RIG_SIP_NOT},
    {"ABCDEFGHIJABCDEFGHIJABCDEFGHIJABCABCDEFGHIJABCDEFGHIJABCDEFGHIJABC sip:c "
     "SIP/2.0\r\n" COMMON "CSeq: 1 X\r\n\r\n",
     false, RIG_SIP_NOT},
    {"SIP/2.0 20\r\n" COMMON "CSeq: 1 INVITE\r\n\r\n", false, RIG_SIP_NOT},
    {"SIP/2.0 700 No\r\n" COMMON "CSeq: 1 INVITE\r\n\r\n", false, RIG_SIP_NOT},
    {"SIP/2.0 099 No\r\n" COMMON "CSeq: 1 INVITE\r\n\r\n", false, RIG_SIP_NOT},
    {"SIP/2.0 2000 No\r\n" COMMON "CSeq: 1 INVITE\r\n\r\n", false, RIG_SIP_NOT},
    {"SIP/2.0 2x0 No\r\n" COMMON "CSeq: 1 INVITE\r\n\r\n", false, RIG_SIP_NOT},
    /* SIP, but of no use */
    {INVITE VIA FROM TO "CSeq: 1 INVITE\r\n\r\n", false, RIG_SIP_MALFORMED},
    {INVITE VIA FROM TO "Call-ID:\r\nCSeq: 1 INVITE\r\n\r\n", false, RIG_SIP_MALFORMED},
    {INVITE VIA FROM TO "Call-ID: a b\r\nCSeq: 1 INVITE\r\n\r\n", false, RIG_SIP_MALFORMED},
    {INVITE VIA FROM TO "Call-ID: a\x7f\r\nCSeq: 1 INVITE\r\n\r\n", false, RIG_SIP_MALFORMED},
    {INVITE VIA FROM CALL_ID "CSeq: 1 INVITE\r\n\r\n", false, RIG_SIP_MALFORMED},
    {INVITE VIA TO CALL_ID "CSeq: 1 INVITE\r\n\r\n", false, RIG_SIP_MALFORMED},
    {INVITE COMMON "\r\n", false, RIG_SIP_MALFORMED},
    {INVITE COMMON "CSeq: INVITE\r\n\r\n", false, RIG_SIP_MALFORMED},
    {INVITE COMMON "CSeq: 1\r\n\r\n", false, RIG_SIP_MALFORMED},
    {INVITE COMMON "CSeq: 1INVITE\r\n\r\n", false, RIG_SIP_MALFORMED},
    {INVITE COMMON "CSeq: 4294967296 INVITE\r\n\r\n", false, RIG_SIP_MALFORMED},
    {INVITE COMMON "CSeq: 1 BYE\r\n\r\n", false, RIG_SIP_MALFORMED},    /* not the request line's */
    {INVITE COMMON "CSeq: 1 invite\r\n\r\n", false, RIG_SIP_MALFORMED}, /* methods have a case */
    /* cut by the capture */
    {WHOLE, true, RIG_SIP_OK}, /* in the body, behind the empty line */
    {INVITE COMMON "CSeq: 1 INVITE\r\n", true, RIG_SIP_CUT},
    {INVITE COMMON "CSeq: 1 INVITE\r\n\r", true, RIG_SIP_OK}, /* what is needed is there */
    {INVITE VIA FROM CALL_ID "CSeq: 1 INVITE\r\nTo: <sip:b", true, RIG_SIP_OK},
    {"BYE sip:bob@c SIP/2.0\r\n" VIA FROM CALL_ID "CSeq: 1 BYE\r\nTo: <sip:b", true, RIG_SIP_CUT},
    {INVITE COMMON "CSeq: 1 INVITE\r\n\t", true, RIG_SIP_CUT}, /* the value may go on */
    {INVITE VIA FROM TO "Call-ID: x@", true, RIG_SIP_CUT},
    {"INVITE sip:bob@c SIP/2", true, RIG_SIP_CUT},
    {"INVITE sip:b", true, RIG_SIP_CUT},
    {"SIP/2.0 20", true, RIG_SIP_CUT},
    {"INVITE sip:b", false, RIG_SIP_NOT},
};

static void test_verdicts(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof verdicts / sizeof verdicts[0]; i++) {
        rig_sip sip;
        rig_sip_verdict got =
            rig_sip_parse(rig_slice_of(verdicts[i].text), verdicts[i].is_truncated, NULL, &sip);
        if (got != verdicts[i].expected)
            fail_msg("case %zu: verdict %d; expected %d: %s", i, (int)got,
                     (int)verdicts[i].expected, verdicts[i].text);
    }
}

static void test_methods(void **state)
{
    (void)state;
    const struct {
        const char *name;
        rig_sip_method expected;
    } cases[] = {
        {"INVITE", RIG_SIP_INVITE},   {"ACK", RIG_SIP_ACK},
        {"BYE", RIG_SIP_BYE},         {"CANCEL", RIG_SIP_CANCEL},
        {"INFO", RIG_SIP_INFO},       {"PRACK", RIG_SIP_PRACK},
        {"UPDATE", RIG_SIP_UPDATE},   {"REFER", RIG_SIP_REFER},
        {"NOTIFY", RIG_SIP_NOTIFY},   {"SUBSCRIBE", RIG_SIP_SUBSCRIBE},
        {"MESSAGE", RIG_SIP_MESSAGE}, {"PUBLISH", RIG_SIP_PUBLISH},
        {"OPTIONS", RIG_SIP_OPTIONS}, {"REGISTER", RIG_SIP_REGISTER},
        {"INVITED", RIG_SIP_OTHER},   {"INVIT", RIG_SIP_OTHER},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[512];
        snprintf(text, sizeof text, "%s sip:c SIP/2.0\r\n" COMMON "CSeq: 77 %s\r\n\r\n",
                 cases[i].name, cases[i].name);
        rig_sip sip = parsed(text);
        assert_true(sip.is_request);
        assert_int_equal(sip.method, cases[i].expected);
        assert_int_equal(sip.cseq, 77);
        assert_int_equal(sip.code, 0);
        snprintf(text, sizeof text, "SIP/2.0 486 Busy\r\n" COMMON "CSeq: 78 %s\r\n\r\n",
                 cases[i].name);
        sip = parsed(text);
        assert_false(sip.is_request);
        assert_int_equal(sip.method, cases[i].expected);
        assert_int_equal(sip.cseq, 78);
        assert_int_equal(sip.code, 486);
    }
}

static void test_addresses(void **state)
{
    (void)state;
    const struct {
        const char *from;
        const char *user;
        const char *tag;
    } cases[] = {
        {"<sip:alice@h>;tag=1", "alice", "1"},
        {"sip:alice@h;tag=1", "alice", "1"},
        {"<sip:alice@h>", "alice", ""},
        {"<sip:+49-30.5@h>;tag=1", "+49-30.5", "1"}, /* numbers: read the short way */
        {"\"N\" <sip:4930@h>;tag=1", "4930", "1"},
        {"\"N <sip:1@h>\"  <sip:4930@h>;tag=1", "4930", "1"},
        {"\"a \\\" <sip:1@h>\" <sip:4930@h>;tag=1", "4930", "1"},
        {"\"N\"\t<sip:4930@h>;tag=1", "4930", "1"},
        {"<sip:4930:secret@h>;tag=1", "4930", "1"},
        {"<sip:4930;isub=1@h>;tag=1", "4930", "1"},
        {"<sip:@h>;tag=1", "", "1"},
        {"<sip:192.0.2.1>;tag=1", "", "1"},
        {"<sip:h>;tag=1", "", "1"},
        {"<sip:h:5060>;tag=1", "", "1"},
        {"<sip:alice:secret@h>;tag=1", "alice", "1"},
        {"<sip:+4930;phone-context=x@h>;tag=1", "+4930", "1"},
        {"<sips:alice@h;tag=no>;tag=1", "alice", "1"}, /* a parameter of the URI */
        {"<tel:+4930>;tag=1", "+4930", "1"},
        {"<tel:+4930;phone-context=x>;tag=1", "+4930", "1"},
        {"\"Bob <sip:no@h>;tag=no\" <sip:alice@h>;tag=1", "alice", "1"},
        {"\"a \\\" <sip:no@h>;tag=no\" <sip:alice@h>;tag=1", "alice", "1"},
        {"Bob <sip:alice@h> ; x=y ; TAG = 1 ; z", "alice", "1"},
        {"<sip:alice@h>;ntag=no;tag=1", "alice", "1"},
        {"<sip:alice@h>;tag=1;tag=2", "alice", "1"},
        {"<sip:alice@h>;x=\"a;tag=no\";tag=1", "alice", "1"},
        {"<sip:alice@h>\r\n ;tag\r\n =\r\n 1", "alice", "1"},
        {"<sip:alice@h", "alice", ""},
        {"<", "", ""},
        {"\"open", "", ""},
        {";tag=1", "", "1"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[512];
        snprintf(text, sizeof text,
                 INVITE VIA "From: %s\r\nTo: %s\r\n" CALL_ID "CSeq: 1 INVITE\r\n\r\n",
                 cases[i].from, cases[i].from);
        rig_sip sip = parsed(text);
        assert_slice(rig_sip_from_user(&sip), cases[i].user);
        assert_slice(sip.from_tag, cases[i].tag);
        assert_slice(sip.to_tag, cases[i].tag);
    }
}

static void test_reasons(void **state)
{
    (void)state;
    const struct {
        const char *headers;
        int cause, other;
        const char *text;
    } cases[] = {
        {"", RIG_SIP_NO_CAUSE, RIG_SIP_NO_CAUSE, ""},
        {"Reason: Q.850;cause=34;text=\"No circuit\"\r\n", 34, RIG_SIP_NO_CAUSE, "No circuit"},
        {"Reason: q.850 ; text = \"a;b,c\" ; cause = 16\r\n", 16, RIG_SIP_NO_CAUSE, "a;b,c"},
        {"Reason: Q.850;cause=16;text=plain\r\n", 16, RIG_SIP_NO_CAUSE, "plain"},
        {"Reason: SIP;cause=503\r\n", RIG_SIP_NO_CAUSE, 503, ""},
        {"Reason: SIP;cause=503;text=\"x, Q.850;cause=1\", Q.850;cause=102\r\n", 102, 503, ""},
        {"Reason: SIP;cause=503\r\nReason: Q.850;cause=42\r\n", 42, 503, ""},
        {"Reason: Q.850;cause=1\r\nReason: Q.850;cause=2\r\n", 1, RIG_SIP_NO_CAUSE, ""},
        {"Reason: Q.850;cause=128\r\n", RIG_SIP_NO_CAUSE, 128, ""},
        {"Reason: Q.850;cause=604;text=\"MEDIA_TIMEOUT\"\r\n", RIG_SIP_NO_CAUSE, 604,
         "MEDIA_TIMEOUT"},
        {"Reason: SIP;cause=604;text=\"MEDIA_TIMEOUT\"\r\n", RIG_SIP_NO_CAUSE, 604,
         "MEDIA_TIMEOUT"},
        {"Reason: FreeSWITCH;text=\"a, b\";cause=604\r\n", RIG_SIP_NO_CAUSE, 604, "a, b"},
        {"Reason: SIP;cause=200;text=\"Call completed elsewhere\"\r\n", RIG_SIP_NO_CAUSE,
         RIG_SIP_NO_CAUSE, ""},
        {"Reason: SIP;cause=1000, SIP;cause=-604, ;cause=604\r\n", RIG_SIP_NO_CAUSE,
         RIG_SIP_NO_CAUSE, ""},
        {"Reason: SIP;cause=487;text=\"a\"\r\nReason: Q.850;cause=31;text=\"b\"\r\n", 31, 487, "b"},
        {"Reason: Q.850;cause=31;text=\"b\"\r\nReason: SIP;cause=487;text=\"a\"\r\n", 31, 487, "b"},
        {"Reason: Q.850;cause=-1\r\n", RIG_SIP_NO_CAUSE, RIG_SIP_NO_CAUSE, ""},
        {"Reason: Q.850;cause=0\r\n", 0, RIG_SIP_NO_CAUSE, ""},
        {"Reason: Q.850;cause=\r\n", RIG_SIP_NO_CAUSE, RIG_SIP_NO_CAUSE, ""},
        {"Reason: Q.850\r\n", RIG_SIP_NO_CAUSE, RIG_SIP_NO_CAUSE, ""},
        {"Reason: ,,;;,Q.850;cause=3,\r\n", 3, RIG_SIP_NO_CAUSE, ""},
        {"Reason: Q.850;cause=4;text=\"\r\n", 4, RIG_SIP_NO_CAUSE, "\""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[512];
        snprintf(text, sizeof text, "SIP/2.0 503 No\r\n" COMMON "%sCSeq: 1 INVITE\r\n\r\n",
                 cases[i].headers);
        rig_sip sip = parsed(text);
        if (sip.q850_cause != cases[i].cause)
            fail_msg("case %zu: cause %d; expected %d", i, sip.q850_cause, cases[i].cause);
        if (sip.other_cause != cases[i].other)
            fail_msg("case %zu: other cause %d; expected %d", i, sip.other_cause, cases[i].other);
        assert_slice(sip.q850_text, cases[i].text);
    }
}

static void test_our_headers(void **state)
{
    (void)state;
    rig_sip sip = parsed(INVITE COMMON "CSeq: 1 INVITE\r\nx-rig-call : 4711\r\n"
                                       "Content-Length: 4\r\n\r\nbody and more");
    assert_true(sip.has_rig_call);
    assert_int_equal(sip.rig_call, 4711);
    assert_true(sip.has_content_length);
    assert_int_equal(sip.content_length, 4);
    assert_slice(sip.body, "body");

    sip = parsed(INVITE COMMON "CSeq: 1 INVITE\r\nX-Rig-Call: 12x\r\nX-Rig-Call2: 1\r\n"
                               "Content-Length: -1\r\n\r\nbody");
    assert_false(sip.has_rig_call);
    assert_false(sip.has_content_length);
    assert_slice(sip.body, "body");
    sip = parsed(INVITE COMMON "CSeq: 1 INVITE\r\nl: 9999\r\n\r\nbody");
    assert_slice(sip.body, "body"); /* as much as there is */
}

static void test_too_long(void **state)
{
    (void)state;
    enum { N = RIG_SIP_MAX_HEAD + 100 };
    static const char head[] = INVITE COMMON "CSeq: 1 INVITE\r\nX-Pad: ";
    char *text = malloc(N);
    rig_sip sip;
    assert_non_null(text);
    memset(text, 'x', N);
    memcpy(text, head, sizeof head - 1);
    memcpy(text + N - 4, "\r\n\r\n", 4);
    assert_int_equal(rig_sip_parse((rig_slice){text, N}, false, NULL, &sip), RIG_SIP_TOO_LONG);
    memcpy(text + RIG_SIP_MAX_HEAD - 4, "\r\n\r\n", 4); /* a body of its length is no matter */
    assert_int_equal(rig_sip_parse((rig_slice){text, N}, false, NULL, &sip), RIG_SIP_OK);
    assert_int_equal(sip.n_head, RIG_SIP_MAX_HEAD);
    free(text);
}

static void test_first_header_counts(void **state)
{
    (void)state;
    rig_sip sip = parsed(INVITE "v: SIP/2.0/UDP a;branch=top, SIP/2.0/UDP b;branch=second\r\n"
                                "Via: SIP/2.0/UDP c;branch=third\r\n"
                                "f: <sip:a@h>;tag=f1\r\nFrom: <sip:b@h>;tag=f2\r\n"
                                "t: <sip:a@h>;tag=t1\r\nTo: <sip:b@h>;tag=t2\r\n"
                                "i: first\r\nCall-ID: second\r\n"
                                "CSeq: 1 INVITE\r\nCSeq: 2 INVITE\r\n\r\n");
    assert_slice(sip.via_branch, "top");
    assert_slice(rig_sip_from_user(&sip), "a");
    assert_slice(sip.from_tag, "f1");
    assert_slice(sip.to_tag, "t1");
    assert_slice(sip.call_id, "first");
    assert_int_equal(sip.cseq, 1);
}

static void test_headers_end_at_the_body(void **state)
{
    (void)state;
    const char *text =
        INVITE VIA FROM TO "CSeq: 1 INVITE\r\nCall-ID: head\r\n\r\nCall-ID: body\r\n";
    rig_sip sip = parsed(text);
    assert_slice(sip.call_id, "head");
    assert_int_equal(sip.n_head, strstr(text, "Call-ID: body") - text);
    /* A folded line that is blank but for its blanks belongs to the header before it. */
    sip = parsed(INVITE VIA FROM TO "CSeq: 1 INVITE\r\nSubject: s\r\n \r\nCall-ID: head\r\n\r\n");
    assert_slice(sip.call_id, "head");
}

/* A message of every feature, cut at every byte: never more than is there is read (the copy has no
 * byte to spare, so a sanitizer sees it), and of a cut message whole headers alone are read. */
static void test_cut_at_every_byte(void **state)
{
    (void)state;
    static const char whole[] =
        "\r\nINVITE sip:bob@c SIP/2.0\r\nv: SIP/2.0/UDP h\r\n ;branch=z9hG4bK1,\r\n SIP/2.0/UDP "
        "b\r\n"
        "From : \"A \\\" <x>\" <sip:alice:pw@h;p=1>;x=\"a;b\";tag=a\r\nt: <tel:+49;q=1>;tag=b\r\n"
        "Call-ID:\r\n\tx@h\r\nCSeq: 1\r\n INVITE\r\nReason: SIP;cause=1, "
        "Q.850;cause=34;text=\"a\\\"b\"\r\n"
        "X-Rig-Call: 18446744073709551615\r\nX-Rig-Stage: queue\r\nX-Caller-Call-ID: y@h\r\n"
        "Content-Length: 4\r\n\r\nbody";
    size_t n = sizeof whole - 1;
    size_t behind_cseq = (size_t)(strstr(whole, "Reason") - whole) + 1;
    for (size_t cut = 0; cut <= n; cut++) {
        char *copy = malloc(cut + 1);
        assert_non_null(copy);
        memcpy(copy + 1, whole, cut);
        rig_slice payload = {.p = copy + 1, .n = cut};
        rig_sip sip;
        rig_sip_verdict verdict = rig_sip_parse(payload, true, NULL, &sip);
        if (cut >= n - 4)
            assert_int_equal(verdict, RIG_SIP_OK);
        else if (cut < behind_cseq)
            assert_true(verdict == RIG_SIP_CUT || verdict == RIG_SIP_NOT);
        if (verdict == RIG_SIP_OK) {
            assert_int_equal(sip.is_head_cut, cut < n - 4);
            assert_slice(sip.call_id, "x@h");
            assert_slice(sip.from_tag, "a");
            assert_slice(sip.to_tag, "b");
            assert_int_equal(sip.cseq, 1);
        }
        (void)rig_sip_parse(payload, false, NULL, &sip);
        free(copy);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_verdicts),
        cmocka_unit_test(test_methods),
        cmocka_unit_test(test_addresses),
        cmocka_unit_test(test_reasons),
        cmocka_unit_test(test_our_headers),
        cmocka_unit_test(test_first_header_counts),
        cmocka_unit_test(test_headers_end_at_the_body),
        cmocka_unit_test(test_cut_at_every_byte),
        cmocka_unit_test(test_too_long),
    };
    return cmocka_run_group_tests_name("analyzer_sip", tests, NULL, NULL);
}
