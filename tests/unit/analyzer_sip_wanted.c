/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The SIP parser: headers that someone asks for by name, and where reading stops. */
#include <stdio.h>
#include <string.h>

#include "tests/unit/sip_text.h"

static void test_wanted_headers(void **state)
{
    (void)state;
    static rig_sip_wanted wanted;
    unsigned stage, session, subject, other;
    memset(&wanted, 0, sizeof wanted);
    assert_int_equal(rig_sip_want(&wanted, "X-Rig-Stage", &stage), RIG_OK);
    assert_int_equal(rig_sip_want(&wanted, "Session-ID", &session), RIG_OK);
    assert_int_equal(rig_sip_want(&wanted, "SUBJECT", &subject), RIG_OK);
    assert_int_equal(rig_sip_want(&wanted, "x-rig-stage", &other), RIG_OK);
    assert_int_equal(other, stage); /* once */
    assert_int_equal(rig_sip_want(&wanted, "", &other), RIG_EDOM);
    assert_int_equal(rig_sip_want(&wanted, "a b", &other), RIG_EDOM);
    assert_int_equal(
        rig_sip_want(&wanted, "x2345678901234567890123456789012345678901234567890123456789012345",
                     &other),
        RIG_EDOM);
    rig_sip sip;
    static const char text[] =
        INVITE COMMON "CSeq: 1 INVITE\r\nX-RIG-STAGE :queue\r\nX-Rig-Stages: no\r\n"
                      "s: short\r\nSubject:\r\n long\r\nSession-ID: abc;remote=def\r\n"
                      "X-Rig-Stage: second\r\n\r\n";
    assert_int_equal(rig_sip_parse(rig_slice_of(text), false, &wanted, &sip), RIG_SIP_OK);
    assert_int_equal(sip.n_extra, 5);
    assert_slice(rig_sip_extra_value(&sip, stage), "queue");
    assert_slice(rig_sip_extra_value(&sip, subject), "short"); /* the compact form */
    assert_slice(rig_sip_extra_value(&sip, session), "abc;remote=def");
    assert_slice(sip.extra[2].value, "long");
    assert_slice(sip.extra[4].value, "second");
    assert_slice(rig_sip_extra_value(&sip, 31), "");
    char name[16];
    for (int i = 0; wanted.n < RIG_SIP_MAX_WANTED; i++) {
        snprintf(name, sizeof name, "x-%d", i);
        assert_int_equal(rig_sip_want(&wanted, name, &other), RIG_OK);
    }
    assert_int_equal(rig_sip_want(&wanted, "one-too-many", &other), RIG_EDOM);
}

/* Names that are passed over at a glance are found all the same where they are wanted. */
static void test_wanted_among_others(void **state)
{
    (void)state;
    static rig_sip_wanted wanted;
    unsigned route, agent, date, longest;
    memset(&wanted, 0, sizeof wanted);
    assert_int_equal(rig_sip_want(&wanted, "record-route", &route), RIG_OK);
    assert_int_equal(rig_sip_want(&wanted, "user-agent", &agent), RIG_OK);
    assert_int_equal(rig_sip_want(&wanted, "date", &date), RIG_OK);
    static const char name[] = "p23456789012345678901234567890123456789012345678901234567890123";
    assert_int_equal(rig_sip_want(&wanted, name, &longest), RIG_OK);
    rig_sip sip;
    static const char text[] =
        INVITE COMMON "CSeq: 1 INVITE\r\nRecord-Route: <sip:a;lr>\r\nrecord-route\t:<sip:b;lr>\r\n"
                      "User-Agents: x\r\nUser: y.agent:\r\nUser-Agent\r\n : z\r\nDated: 1\r\n"
                      "dATE:2\r\nDiversion: :\r\nDat: e:\r\n"
                      "P23456789012345678901234567890123456789012345678901234567890123:3\r\n\r\n";
    assert_int_equal(rig_sip_parse(rig_slice_of(text), false, &wanted, &sip), RIG_SIP_OK);
    assert_int_equal(sip.n_extra, 5);
    assert_slice(sip.extra[0].value, "<sip:a;lr>");
    assert_slice(sip.extra[1].value, "<sip:b;lr>");
    assert_int_equal(sip.extra[1].index, route);
    assert_slice(rig_sip_extra_value(&sip, agent), "z");
    assert_slice(rig_sip_extra_value(&sip, date), "2");
    assert_slice(rig_sip_extra_value(&sip, longest), "3");
}

static const struct {
    const char *text;
    bool is_truncated;
    bool is_read_through;
} stops[] = {
    {"SIP/2.0 180 Ringing\r\n" COMMON "CSeq: 1 INVITE\r\n"
     "X-Want: 1\r\n\r\n",
     false, false},
    {"SIP/2.0 180 Ringing\r\n" COMMON "CSeq: 1 INVITE\r\n"
     "X-Want: 1\r\n\r\n",
     true, true},
    {"SIP/2.0 486 Busy\r\n" COMMON "CSeq: 1 INVITE\r\n"
     "X-Want: 1\r\n\r\n",
     false, true},
    {"SIP/2.0 200 OK\r\n" COMMON "CSeq: 1 INFO\r\n"
     "X-Want: 1\r\n\r\n",
     false, true},
    {INVITE COMMON "CSeq: 1 INVITE\r\n"
                   "X-Want: 1\r\n\r\n",
     false, true},
    {INVITE VIA FROM "To: <sip:b@c>;tag=b\r\n" CALL_ID "CSeq: 1 INVITE\r\n"
                     "X-Want: 1\r\n\r\n",
     false, false},
    {"BYE sip:b SIP/2.0\r\n" COMMON "CSeq: 1 BYE\r\n"
     "X-Want: 1\r\n\r\n",
     false, true},
    {"CANCEL sip:b SIP/2.0\r\n" COMMON "CSeq: 1 CANCEL\r\n"
     "X-Want: 1\r\n\r\n",
     false, true},
    {"ACK sip:b SIP/2.0\r\n" COMMON "CSeq: 1 ACK\r\n"
     "X-Want: 1\r\n\r\n",
     false, false},
    {"UPDATE sip:b SIP/2.0\r\n" COMMON "CSeq: 1 UPDATE\r\n"
     "X-Want: 1\r\n\r\n",
     false, true},
    {"ACK sip:b SIP/2.0\r\n" FROM TO CALL_ID "CSeq: 1 ACK\r\n"
     "X-Want: 1\r\n" VIA "\r\n",
     false, false}, /* what is missing may still come */
};

/* Reading stops where no more is wanted, and only there. */
static void test_reading_stops(void **state)
{
    (void)state;
    static rig_sip_wanted wanted;
    unsigned index;
    memset(&wanted, 0, sizeof wanted);
    assert_int_equal(rig_sip_want(&wanted, "X-Want", &index), RIG_OK);
    wanted.on_requests = 1u << RIG_SIP_UPDATE;
    wanted.on_responses = 1u << RIG_SIP_INFO;
    for (size_t i = 0; i < sizeof stops / sizeof stops[0]; i++) {
        rig_sip sip;
        assert_int_equal(
            rig_sip_parse(rig_slice_of(stops[i].text), stops[i].is_truncated, &wanted, &sip),
            RIG_SIP_OK);
        if (sip.is_read_through != stops[i].is_read_through)
            fail_msg("case %zu: %s", i, stops[i].text);
        assert_slice(sip.call_id, "x@h");
        assert_slice(sip.via_branch, "z9hG4bK1");
        assert_slice(sip.from_tag, "a");
        if (stops[i].is_read_through)
            assert_slice(rig_sip_extra_value(&sip, index), "1");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_wanted_headers),
        cmocka_unit_test(test_wanted_among_others),
        cmocka_unit_test(test_reading_stops),
    };
    return cmocka_run_group_tests_name("analyzer_sip_wanted", tests, NULL, NULL);
}
