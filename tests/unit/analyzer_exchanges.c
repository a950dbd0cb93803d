/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Requests and their answers: which repetition speaks against whom. Messages go in as datagrams. */
#include "analyzer/exchanges.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include <pcap/dlt.h>

#include "analyzer/analyzer.h"
#include "tests/test.h"

enum { OURS = 5080, THEIRS = 5060, STRANGERS = 4567, N_HEAD = 28 };

#define T0_NS INT64_C(1700000000000000000)

typedef struct room {
    rig_exchanges *book;
    rig_analyzer *analyzer;
} room;

static void begin(room *r)
{
    assert_int_equal(rig_exchanges_new(&r->book, NULL), RIG_OK);
    const rig_analyzer_options how = {.tap = rig_exchanges_tap(r->book)};
    assert_int_equal(rig_analyzer_new_with(&how, &r->analyzer, NULL), RIG_OK);
}

static rig_exchange_totals end(room *r, int64_t until_ns)
{
    rig_exchange_totals totals;
    rig_endpoint ours;
    assert_true(rig_endpoint_of_text("127.0.0.1", OURS, &ours));
    assert_int_equal(rig_exchanges_total(r->book, &ours, 1, until_ns, &totals), RIG_OK);
    rig_analyzer_free(r->analyzer);
    rig_exchanges_free(r->book);
    return totals;
}

/* A datagram from port to port at an instant, ms. */
static void send(const room *r, double at_ms, int from, int to, const char *text)
{
    uint8_t frame[1500] = {
        [0] = 0x45, [8] = 64, [9] = 17, [12] = 127, [15] = 1, [16] = 127, [19] = 1};
    const size_t n = strlen(text), len = N_HEAD + n;
    const uint16_t words[] = {(uint16_t)from, (uint16_t)to, (uint16_t)(8 + n)};
    frame[2] = (uint8_t)(len >> 8);
    frame[3] = (uint8_t)len;
    for (size_t i = 0; i < 3; i++) {
        frame[20 + 2 * i] = (uint8_t)(words[i] >> 8);
        frame[21 + 2 * i] = (uint8_t)words[i];
    }
    assert_in_range(n, 1, sizeof frame - N_HEAD - 1);
    memcpy(frame + N_HEAD, text, n);
    assert_int_equal(rig_analyzer_packet(r->analyzer, DLT_RAW, T0_NS + (int64_t)(at_ms * 1e6),
                                         frame, len, len, NULL),
                     RIG_OK);
}

static void ask_by(const room *r, double at_ms, bool is_ours, int id, const char *method)
{
    char text[600];
    (void)snprintf(text, sizeof text,
                   "%s sip:x@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK%d\r\n"
                   "From: <sip:49%d@h>;tag=a\r\nTo: <sip:x@h>\r\nCall-ID: c%d\r\nCSeq: 1 %s\r\n"
                   "Content-Length: 0\r\n\r\n",
                   method, id, id, id, method);
    send(r, at_ms, is_ours ? OURS : THEIRS, is_ours ? THEIRS : OURS, text);
}

static void ask(const room *r, double at_ms, bool is_ours, int id)
{
    ask_by(r, at_ms, is_ours, id, "INVITE");
}

static void answer_by(const room *r, double at_ms, bool is_ours, int id, const char *status,
                      const char *method)
{
    char text[600];
    (void)snprintf(
        text, sizeof text,
        "SIP/2.0 %s\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK%d\r\nFrom: <sip:49%d@h>;tag=a\r\n"
        "To: <sip:x@h>;tag=b\r\nCall-ID: c%d\r\nCSeq: 1 %s\r\nContent-Length: 0\r\n\r\n",
        status, id, id, id, method);
    send(r, at_ms, is_ours ? OURS : THEIRS, is_ours ? THEIRS : OURS, text);
}

static void answer(const room *r, double at_ms, bool is_ours, int id, const char *status)
{
    answer_by(r, at_ms, is_ours, id, status, "INVITE");
}

/* Requests of ours each 40 ms from -400 to +1400 ms that are answered at once: the other side is
 * well. Messages must come in the order of their times: `at` is called in its turn. */
static void among_quick(const room *r, void (*at)(const room *r, double from_ms, double to_ms))
{
    for (int i = -10; i < 35; i++) {
        ask(r, 40.0 * i, true, 1000 + i);
        answer(r, 40.0 * i + 2.0, false, 1000 + i, "100 Trying");
        at(r, 40.0 * i, 40.0 * (i + 1));
    }
}

static bool is_in(double t, double from, double to)
{
    return t > from && t <= to;
}

static void we_ask_twice(const room *r, double from_ms, double to_ms)
{
    if (is_in(10.0, from_ms, to_ms))
        ask(r, 10.0, true, 1);
    if (is_in(510.0, from_ms, to_ms)) {
        ask(r, 510.0, true, 1);
        answer(r, 512.0, false, 1, "100 Trying");
    }
}

static void they_ask_twice(const room *r, double from_ms, double to_ms)
{
    if (is_in(10.0, from_ms, to_ms)) {
        ask(r, 10.0, false, 1);
        answer(r, 11.0, true, 1, "180 Ringing");
    }
    if (is_in(510.0, from_ms, to_ms))
        ask(r, 510.0, false, 1);
}

/* Of two clocks: an answer is captured before what it answers. It is no answer that never came. */
static void test_answers_that_come_first(void **state)
{
    room r;
    (void)state;
    begin(&r);
    for (int i = 0; i < 120; i++) {
        answer(&r, 40.0 * i, true, i, "180 Ringing");
        ask(&r, 40.0 * i + 10.0, false, i);
        answer(&r, 40.0 * i + 30.0, true, i, "200 OK");
    }
    const rig_exchange_totals t = end(&r, INT64_MAX);
    assert_int_equal(t.n_asked, 120);
    assert_int_equal(t.n_invites, 120);
    assert_int_equal(t.n_taken, 120);
    assert_int_equal(t.n_late + t.n_unheard + t.n_lost, 0);
    assert_true(t.invite_p99_ms <= 0.0);
}

static void test_lost_on_the_way(void **state)
{
    room r;
    (void)state;
    begin(&r);
    among_quick(&r, we_ask_twice);
    rig_exchange_totals t = end(&r, INT64_MAX);
    assert_int_equal(t.n_lost, 1);
    assert_int_equal(t.n_sent, 46);
    assert_int_equal(t.n_unheard + t.n_late, 0);
    begin(&r);
    among_quick(&r, they_ask_twice);
    t = end(&r, INT64_MAX);
    assert_int_equal(t.n_lost, 1);
    assert_int_equal(t.n_asked, 1);
    assert_int_equal(t.n_unheard + t.n_late, 0);
    begin(&r);
    among_quick(&r, we_ask_twice);
    assert_int_equal(end(&r, T0_NS).n_lost, 0); /* before that */
}

/* Others were answered late, or nobody was asked: the centre may have been busy, or dead. */
static void test_a_slow_or_dead_centre_is_not_excused(void **state)
{
    room r;
    (void)state;
    begin(&r); /* alone */
    ask(&r, 10.0, true, 1);
    ask(&r, 510.0, true, 1);
    answer(&r, 512.0, false, 1, "100 Trying");
    assert_int_equal(end(&r, INT64_MAX).n_lost, 0);
    begin(&r); /* dead from 0 to 400 ms: quick before, and answers only what is sent again */
    for (int i = 0; i < 10; i++) {
        ask(&r, -400.0 + 40.0 * i, true, 100 + i);
        answer(&r, -399.0 + 40.0 * i, false, 100 + i, "100 Trying");
    }
    for (int i = 0; i < 10; i++)
        ask(&r, 40.0 * i, true, 200 + i);
    for (int i = 0; i < 10; i++) {
        ask(&r, 500.0 + 40.0 * i, true, 200 + i);
        answer(&r, 501.0 + 40.0 * i, false, 200 + i, "100 Trying");
    }
    assert_int_equal(end(&r, INT64_MAX).n_lost, 0);
    begin(&r); /* slow: every answer takes 600 ms, so all is sent twice */
    for (int i = 0; i < 60; i++) {
        if (i < 40)
            ask(&r, 40.0 * i, true, 300 + i);
        if (i >= 13 && i < 53)
            ask(&r, 40.0 * i, true, 300 + i - 13);
        if (i >= 15 && i < 55)
            answer(&r, 40.0 * i, false, 300 + i - 15, "100 Trying");
    }
    rig_exchange_totals t = end(&r, INT64_MAX);
    assert_int_equal(t.n_lost + t.n_late + t.n_unheard, 0);
    begin(&r); /* mute */
    for (int i = 0; i < 5; i++)
        ask(&r, 500.0 * i, true, 1);
    t = end(&r, INT64_MAX);
    assert_int_equal(t.n_lost + t.n_late + t.n_unheard, 0);
    assert_int_equal(t.n_sent, 1);
}

/* What a silence of `for_ms` is made of: requests each 40 ms or each 4 ms, sent again after 500 and
 * 1,500 ms. */
typedef struct outage {
    double for_ms;
    double back_ms;  /* when who was away reads what is in his socket; 0: what came is lost */
    const char *bye; /* what a BYE then gets */
    int n_before;    /* requests before it that are left out */
    bool is_dense;   /* each 4 ms */
    bool is_slow;    /* nobody is away: all answers take as long as to the last copy */
} outage;

/* One request through an outage, in the order of time: what happens from from_ms to to_ms. */
static void play(const room *r, const outage *o, int id, double first_ms, double from_ms,
                 double to_ms)
{
    static const double COPIES_MS[] = {0.0, 500.0, 1500.0};
    const char *method = id % 5 == 0 ? "BYE" : "INVITE";
    const char *status = id % 5 == 0 ? o->bye : "100 Trying";
    const double none_ms = -1e9;
    double answer_ms = none_ms;
    for (size_t i = 0; i < 3 && answer_ms <= none_ms; i++) {
        const double at_ms = first_ms + COPIES_MS[i];
        const bool is_cut = at_ms > 0.0 && at_ms <= o->for_ms;
        if (is_in(at_ms, from_ms, to_ms))
            ask_by(r, at_ms, true, id, method);
        if (is_cut && o->back_ms > 0.0 && first_ms + COPIES_MS[i + (i < 2)] > o->back_ms)
            answer_ms = o->back_ms + 0.01 * id;
        else if (!is_cut && !o->is_slow)
            answer_ms = at_ms + 1.0;
        else if (o->is_slow && i == 1)
            answer_ms = at_ms + 1.0;
    }
    if (is_in(answer_ms, from_ms, to_ms))
        answer_by(r, answer_ms, false, id, status, method);
}

static rig_exchange_totals through(const outage *o)
{
    room r;
    begin(&r);
    const double every_ms = o->is_dense ? 4.0 : 40.0;
    const int n = (int)(3000.0 / every_ms);
    for (int t = -500; t < 4000; t++) {
        for (int id = o->n_before; id < n; id++)
            play(&r, o, id, -400.5 + every_ms * id, t, t + 1);
    }
    return end(&r, INT64_MAX);
}

/* For longer than any neighbour in time. */
static void test_a_way_that_was_cut(void **state)
{
    (void)state;
    for (double for_ms = 400.0; for_ms <= 1200.0; for_ms += 200.0) {
        rig_exchange_totals t = through(&(outage){.for_ms = for_ms, .bye = "200 OK"});
        assert_in_range(t.n_cut_off, (unsigned)(for_ms / 40.0) - 1, (unsigned)(for_ms / 40.0) + 1);
        assert_true(fabs(t.cut_off_s - for_ms * 1e-3) < 0.05);
        assert_int_equal(t.n_late + t.n_unheard, 0);
        /* stopped, and back: what came meanwhile was in his socket */
        t = through(&(outage){.for_ms = for_ms, .back_ms = for_ms + 0.5, .bye = "200 OK"});
        assert_int_equal(t.n_cut_off, 0);
        /* begun anew: no call of before is known */
        t = through(&(outage){.for_ms = for_ms, .bye = "481 Unknown"});
        assert_int_equal(t.n_cut_off, 0);
    }
    /* stopped, and of many requests some happened to be sent again just before he was back */
    assert_int_equal(
        through(&(outage){.for_ms = 1000.0, .back_ms = 1000.5, .bye = "200 OK", .is_dense = true})
            .n_cut_off,
        0);
    /* from the first request on: there are no calls yet; and one that has forgotten them */
    assert_in_range(through(&(outage){.for_ms = 1000.0, .bye = "200 OK", .n_before = 11}).n_cut_off,
                    24, 26);
    assert_int_equal(
        through(&(outage){.for_ms = 1000.0, .bye = "481 No", .n_before = 11}).n_cut_off, 0);
    /* short, never: few requests say nothing */
    assert_int_equal(through(&(outage){.for_ms = 300.0, .bye = "200 OK"}).n_cut_off, 0);
    assert_int_equal(through(&(outage){.for_ms = 0.0, .bye = "200 OK"}).n_cut_off, 0);
    /* so slow that all is asked twice, and then at once: nobody was ever quick */
    assert_int_equal(through(&(outage){.is_slow = true, .bye = "200 OK"}).n_cut_off, 0);
}

static void test_our_side(void **state)
{
    room r;
    (void)state;
    begin(&r); /* in time; late; never; too young to tell */
    ask(&r, 0.0, false, 1);
    answer(&r, 3.0, true, 1, "180 Ringing");
    ask(&r, 10.0, false, 2);
    ask(&r, 510.0, false, 2);
    answer(&r, 900.0, true, 2, "180 Ringing");
    answer(&r, 901.0, true, 2, "200 OK");
    ask(&r, 1000.0, false, 3);
    ask(&r, 1200.0, false, 5); /* never asked again: its answer was not captured */
    ask(&r, 1500.0, false, 3);
    ask(&r, 2500.0, false, 4);
    rig_exchange_totals t = end(&r, INT64_MAX);
    assert_int_equal(t.n_asked, 5);
    assert_int_equal(t.n_invites, 5);
    assert_int_equal(t.n_taken, 1);
    assert_int_equal(t.n_late, 2);
    assert_true(t.invite_max_ms > 889.9 && t.invite_max_ms < 890.1);
    begin(&r); /* our program did not hear what was here; a race says nothing */
    ask(&r, 0.0, true, 1);
    answer(&r, 100.0, false, 1, "100 Trying");
    ask(&r, 500.0, true, 1);
    ask(&r, 600.0, true, 2);
    answer(&r, 1099.0, false, 2, "100 Trying");
    ask(&r, 1100.0, true, 2);
    assert_int_equal(end(&r, INT64_MAX).n_unheard, 1);
}

/* Late, and whether our program was well at that time. */
static void test_lost_on_this_host(void **state)
{
    room r;
    (void)state;
    begin(&r); /* what came again was answered at once: it, or its answer, had been lost */
    ask(&r, 0.0, false, 1);
    ask(&r, 500.0, false, 1);
    answer(&r, 503.0, true, 1, "180 Ringing");
    rig_exchange_totals t = end(&r, INT64_MAX);
    assert_int_equal(t.n_late, 1);
    assert_int_equal(t.n_lost_here, 1);
    /* answered by itself, later: lost where others were answered at once about it, and not where
     * they were late, too, or on one side only */
    for (int others = 0; others < 3; others++) {
        begin(&r);
        for (int i = 0; i < 20; i++) { /* around 1000 ms, every 20 ms; case 2: before it alone */
            const double at_ms = 800.0 + 20.0 * i;
            if (at_ms == 1000.0 || (others == 2 && at_ms > 1000.0))
                continue;
            ask(&r, at_ms, false, 100 + i);
            answer(&r, at_ms + (others == 1 ? 200.0 : 2.0), true, 100 + i, "180 Ringing");
        }
        ask(&r, 1000.0, false, 1);
        ask(&r, 1500.0, false, 1);
        answer(&r, 1700.0, true, 1, "200 OK");
        t = end(&r, INT64_MAX);
        assert_int_equal(t.n_late, 1);
        assert_int_equal(t.n_lost_here, others == 0);
    }
}

static void test_unknown_callers_and_digests(void **state)
{
    room r;
    (void)state;
    begin(&r);
    ask(&r, 0.0, false, 1);
    answer(&r, 1.0, true, 1, "404 Not Found");
    ask(&r, 2.0, true, 2);
    answer(&r, 3.0, false, 2,
           "401 Unauthorized\r\nWWW-Authenticate: Digest realm=\"x\", nonce=\"y\", "
           "algorithm=SHA-256");
    ask(&r, 4.0, true, 3);
    answer(&r, 5.0, false, 3,
           "401 Unauthorized\r\nWWW-Authenticate: Digest realm=\"x\", nonce=\"y\"");
    ask(&r, 6.0, true, 4);
    answer(&r, 7.0, false, 4, "183 Session Progress");
    answer(&r, 8.0, false, 4, "182 Queued");
    const rig_exchange_totals t = end(&r, INT64_MAX);
    assert_int_equal(t.n_not_found, 1);
    assert_string_equal(t.not_found, "491");
    assert_int_equal(t.n_other_digests, 1);
    assert_int_equal(t.n_progress, 1);
    assert_int_equal(t.n_queued, 1);
}

/* An INVITE from elsewhere, and what we say to it. */
static void be_strange(const room *r, double at_ms, int id, const char *status)
{
    char text[600];
    (void)snprintf(text, sizeof text,
                   "INVITE sip:x@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bKs%d\r\n"
                   "From: <sip:77%d@h>;tag=a\r\nTo: <sip:x@h>\r\nCall-ID: s%d\r\nCSeq: 1 INVITE\r\n"
                   "Content-Length: 0\r\n\r\n",
                   id, id, id);
    send(r, at_ms, STRANGERS, OURS, text);
    if (status == NULL)
        return;
    (void)snprintf(
        text, sizeof text,
        "SIP/2.0 %s\r\nVia: SIP/2.0/UDP h;branch=z9hG4bKs%d\r\nFrom: <sip:77%d@h>;tag=a\r\n"
        "To: <sip:x@h>;tag=b\r\nCall-ID: s%d\r\nCSeq: 1 INVITE\r\nContent-Length: 0\r\n\r\n",
        status, id, id, id);
    send(r, at_ms + 1.0, OURS, STRANGERS, text);
}

/* They are in no count but their own; phones' and callers' refusals alike. */
static void test_strangers(void **state)
{
    room r;
    (void)state;
    begin(&r);
    ask(&r, 0.0, false, 1);
    answer(&r, 1.0, true, 1, "200 OK");
    ask(&r, 2.0, false, 2); /* whom the other side calls by a number that nobody has */
    answer(&r, 3.0, true, 2, "404 Not Found");
    be_strange(&r, 4.0, 1, "404 Not Found");
    be_strange(&r, 6.0, 2, "481 Call/Transaction Does Not Exist");
    be_strange(&r, 8.0, 3, NULL);
    const rig_exchange_totals t = end(&r, INT64_MAX);
    assert_int_equal(t.n_strange, 3);
    assert_string_equal(t.stranger, "127.0.0.1:4567");
    assert_int_equal(t.n_asked, 2);
    assert_int_equal(t.n_invites, 2);
    assert_int_equal(t.n_not_found, 1);
    assert_string_equal(t.not_found, "492");
}

/* Who is answered otherwise is none; and where nobody else calls us, it may be the centre. */
static void test_no_strangers(void **state)
{
    room r;
    (void)state;
    begin(&r);
    ask(&r, 0.0, false, 1);
    answer(&r, 1.0, true, 1, "200 OK");
    be_strange(&r, 4.0, 1, "404 Not Found");
    be_strange(&r, 6.0, 2, "180 Ringing");
    rig_exchange_totals t = end(&r, INT64_MAX);
    assert_int_equal(t.n_strange, 0);
    assert_string_equal(t.stranger, "");
    assert_int_equal(t.n_not_found, 1);
    assert_string_equal(t.not_found, "771");
    begin(&r);
    be_strange(&r, 0.0, 1, "404 Not Found");
    be_strange(&r, 2.0, 2, "404 Not Found");
    t = end(&r, INT64_MAX);
    assert_int_equal(t.n_strange, 0);
    assert_int_equal(t.n_not_found, 2);
    begin(&r); /* silence is no refusal: our phones may be ill */
    ask(&r, 0.0, false, 1);
    answer(&r, 1.0, true, 1, "200 OK");
    be_strange(&r, 2.0, 1, NULL);
    assert_int_equal(end(&r, INT64_MAX).n_strange, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lost_on_the_way),
        cmocka_unit_test(test_answers_that_come_first),
        cmocka_unit_test(test_a_slow_or_dead_centre_is_not_excused),
        cmocka_unit_test(test_a_way_that_was_cut),
        cmocka_unit_test(test_our_side),
        cmocka_unit_test(test_lost_on_this_host),
        cmocka_unit_test(test_unknown_callers_and_digests),
        cmocka_unit_test(test_strangers),
        cmocka_unit_test(test_no_strangers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
