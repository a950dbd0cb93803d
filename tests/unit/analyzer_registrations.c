/* SPDX-License-Identifier: GPL-3.0-or-later */
/* REGISTERs put together to attempts: how each ends, what does not count twice, limits, memory. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/test.h"

#include "analyzer/calls/registrar.h"
#include "analyzer/registrations.h"

#define MS (RIG_NS_PER_S / 1000)

/* What is told, in its order. */
typedef struct heard {
    rig_registration items[16];
    size_t n;
} heard;

static void hear(void *ctx, const rig_registration *registration)
{
    heard *h = ctx;
    assert_true(h->n < sizeof h->items / sizeof h->items[0]);
    h->items[h->n++] = *registration;
}

/* A message: `code` 0 is a REGISTER. Branch and client by number. */
typedef struct step {
    int ms, code;
    unsigned call_id, cseq, branch, client;
} step;

static void take(rig_registrar *registrar, const step *s)
{
    char text[512];
    char start[64] = "REGISTER sip:h SIP/2.0";
    rig_sip sip;
    if (s->code != 0)
        snprintf(start, sizeof start, "SIP/2.0 %d Phrase", s->code);
    int n = snprintf(text, sizeof text,
                     "%s\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK%u\r\nFrom: <sip:n@h>;tag=f\r\nTo: "
                     "<sip:n@h>\r\nCall-ID: %u\r\nCSeq: %u REGISTER\r\n\r\n",
                     start, s->branch, s->call_id, s->cseq);
    const rig_slice payload = {.p = text, .n = (size_t)n};
    assert_int_equal(rig_sip_parse(payload, false, NULL, &sip), RIG_SIP_OK);
    const rig_endpoint client = {.ip_low = s->client, .port = 5060},
                       server = {.ip_low = 99, .port = 5060};
    const rig_packet packet = {.src = s->code == 0 ? client : server,
                               .dst = s->code == 0 ? server : client,
                               .payload = payload,
                               .t_ns = (100000 + s->ms) * MS};
    assert_int_equal(rig_registrar_take(registrar, &sip, &packet, packet.t_ns, NULL), RIG_OK);
}

static rig_registrar *made_for(heard *h, size_t max)
{
    const rig_registration_sink sink = {.take = hear, .ctx = h};
    rig_registrar *registrar = NULL;
    assert_int_equal(rig_registrar_new(&sink, max, &registrar, NULL), RIG_OK);
    return registrar;
}

enum { MAX_STEPS = 10, MAX_ENDS = 3 };

typedef struct told {
    rig_registration_end end;
    int first_ms, final_ms, code; /* final_ms -1: none */
    unsigned n_requests;
} told;

static const struct {
    const char *name;
    step steps[MAX_STEPS];
    int end_ms;
    told expected[MAX_ENDS];
} cases[] = {
    {"at once", {{0, 0, 1, 1, 1, 1}, {7, 200, 1, 1, 1, 1}}, 10, {{RIG_REGISTERED, 0, 7, 200, 1}}},
    {"100 is no answer",
     {{0, 0, 1, 1, 1, 1}, {1, 100, 1, 1, 1, 1}, {7, 202, 1, 1, 1, 1}},
     10,
     {{RIG_REGISTERED, 0, 7, 202, 1}}},
    {"challenged twice: proxy and registrar",
     {{0, 0, 1, 1, 1, 1},
      {5, 407, 1, 1, 1, 1},
      {9, 0, 1, 2, 2, 1},
      {15, 401, 1, 2, 2, 1},
      {19, 0, 1, 3, 3, 1},
      {30, 200, 1, 3, 3, 1}},
     40,
     {{RIG_REGISTERED, 0, 30, 200, 3}}},
    {"a client that does not count its CSeq on",
     {{0, 0, 1, 1, 1, 1}, {5, 401, 1, 1, 1, 1}, {9, 0, 1, 1, 2, 1}, {15, 200, 1, 1, 2, 1}},
     40,
     {{RIG_REGISTERED, 0, 15, 200, 2}}},
    {"redirected",
     {{0, 0, 1, 1, 1, 1}, {5, 302, 1, 1, 1, 1}, {9, 0, 1, 2, 2, 1}, {15, 200, 1, 2, 2, 1}},
     40,
     {{RIG_REGISTERED, 0, 15, 200, 2}}},
    {"sent again, and captured twice: the request, the challenge, the answer",
     {{0, 0, 1, 1, 1, 1},
      {500, 0, 1, 1, 1, 1},
      {505, 401, 1, 1, 1, 1},
      {506, 401, 1, 1, 1, 1},
      {507, 0, 1, 1, 1, 1},
      {510, 0, 1, 2, 2, 1},
      {511, 0, 1, 2, 2, 1},
      {512, 0, 1, 1, 1, 1},
      {520, 200, 1, 2, 2, 1},
      {521, 200, 1, 2, 2, 1}},
     600,
     {{RIG_REGISTERED, 0, 520, 200, 2}}},
    {"captured again behind the end: the first request, the second",
     {{0, 0, 1, 1, 1, 1},
      {5, 401, 1, 1, 1, 1},
      {10, 0, 1, 2, 2, 1},
      {20, 200, 1, 2, 2, 1},
      {21, 0, 1, 1, 1, 1},
      {22, 0, 1, 2, 2, 1}},
     600,
     {{RIG_REGISTERED, 0, 20, 200, 2}}},
    {"through a proxy: the hop that was seen first counts",
     {{0, 0, 1, 1, 1, 1},
      {1, 0, 1, 1, 11, 2},
      {3, 403, 1, 1, 11, 2},
      {4, 500, 1, 1, 1, 1},
      {5, 0, 1, 1, 11, 2}},
     600,
     {{RIG_REGISTRATION_FAILED, 0, 4, 500, 1}}},
    {"a refresh is an attempt of its own",
     {{0, 0, 1, 1, 1, 1}, {7, 200, 1, 1, 1, 1}, {9000, 0, 1, 2, 2, 1}, {9020, 423, 1, 2, 2, 1}},
     9999,
     {{RIG_REGISTERED, 0, 7, 200, 1}, {RIG_REGISTRATION_FAILED, 9000, 9020, 423, 1}}},
    {"a client that began anew counts from 1",
     {{0, 0, 1, 70, 1, 1}, {7, 200, 1, 70, 1, 1}, {9000, 0, 1, 1, 2, 1}, {9020, 200, 1, 1, 2, 1}},
     9999,
     {{RIG_REGISTERED, 0, 7, 200, 1}, {RIG_REGISTERED, 9000, 9020, 200, 1}}},
    {"timer F: 32 s after the request, not after what was sent again; too late is too late",
     {{0, 0, 1, 1, 1, 1}, {500, 0, 1, 1, 1, 1}, {32000, 200, 1, 1, 1, 1}},
     33000,
     {{RIG_REGISTRATION_TIMED_OUT, 0, -1, 0, 1}}},
    {"just in time",
     {{0, 0, 1, 1, 1, 1}, {31999, 200, 1, 1, 1, 1}},
     33000,
     {{RIG_REGISTERED, 0, 31999, 200, 1}}},
    {"timer F runs anew with the request that answers the challenge",
     {{0, 0, 1, 1, 1, 1}, {5000, 401, 1, 1, 1, 1}, {9000, 0, 1, 2, 2, 1}},
     41000,
     {{RIG_REGISTRATION_TIMED_OUT, 0, -1, 0, 2}}},
    {"not over at the end",
     {{0, 0, 1, 1, 1, 1}, {5000, 401, 1, 1, 1, 1}, {9000, 0, 1, 2, 2, 1}},
     40999,
     {{RIG_REGISTRATION_PENDING, 0, -1, 0, 2}}},
    {"left at the challenge",
     {{0, 0, 1, 1, 1, 1}, {5, 401, 1, 1, 1, 1}},
     32005,
     {{RIG_REGISTRATION_CHALLENGED, 0, 5, 401, 1}}},
    {"a challenge that may still be answered",
     {{0, 0, 1, 1, 1, 1}, {5, 401, 1, 1, 1, 1}},
     32004,
     {{RIG_REGISTRATION_PENDING, 0, 5, 401, 1}}},
    {"another one before any answer was captured: no delay is made up",
     {{0, 0, 1, 1, 1, 1}, {30000, 0, 1, 2, 2, 1}, {30008, 200, 1, 2, 2, 1}},
     30100,
     {{RIG_REGISTRATION_REPLACED, 0, -1, 0, 1}, {RIG_REGISTERED, 30000, 30008, 200, 1}}},
    {"an answer of which the request was not captured",
     {{0, 200, 1, 1, 1, 1}, {5, 401, 1, 2, 2, 1}},
     10,
     {{0}}},
    {"two phones",
     {{0, 0, 1, 1, 1, 1}, {1, 0, 2, 1, 2, 2}, {9, 200, 2, 1, 2, 2}, {10, 603, 1, 1, 1, 1}},
     20,
     {{RIG_REGISTERED, 1, 9, 200, 1}, {RIG_REGISTRATION_FAILED, 0, 10, 603, 1}}},
};

static void test_cases(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        heard h = {.n = 0};
        rig_registrar *registrar = made_for(&h, 0);
        for (size_t k = 0; k < MAX_STEPS && cases[i].steps[k].call_id != 0; k++)
            take(registrar, &cases[i].steps[k]);
        rig_registrar_finish(registrar, (100000 + cases[i].end_ms) * MS);
        size_t n = 0;
        for (; n < MAX_ENDS && cases[i].expected[n].n_requests != 0; n++) {
            const told *e = &cases[i].expected[n];
            const rig_registration *got = &h.items[n];
            int64_t t_final_ns = e->final_ms < 0 ? RIG_NO_TIME : (100000 + e->final_ms) * MS;
            if (n >= h.n || got->end != e->end || got->t_first_ns != (100000 + e->first_ms) * MS ||
                got->t_final_ns != t_final_ns || got->final_code != e->code ||
                got->n_requests != e->n_requests)
                fail_msg("%s: attempt %zu of %zu: end %d, code %d, %u requests", cases[i].name, n,
                         h.n, (int)got->end, got->final_code, got->n_requests);
        }
        if (h.n != n)
            fail_msg("%s: %zu attempts; expected %zu", cases[i].name, h.n, n);
        rig_registrar_free(registrar);
    }
}

/* More at one time than there is room for: passed over, counted; what is followed is right. */
static void test_limit(void **state)
{
    (void)state;
    heard h = {.n = 0};
    rig_registrar *registrar = made_for(&h, 3);
    for (unsigned i = 1; i <= 5; i++)
        take(registrar, &(step){(int)i, 0, i, 1, i, i});
    assert_int_equal(rig_registrar_n_not_followed(registrar), 2);
    for (unsigned i = 1; i <= 5; i++)
        take(registrar, &(step){10, 200, i, 1, i, i});
    assert_int_equal(h.n, 3);
    take(registrar, &(step){32010, 0, 6, 1, 6, 6}); /* what is over has gone: there is room */
    assert_int_equal(rig_registrar_n_not_followed(registrar), 2);
    rig_registrar_finish(registrar, 200 * RIG_NS_PER_S);
    assert_int_equal(h.n, 4);
    rig_registrar_free(registrar);
}

static void test_metrics(void **state)
{
    (void)state;
    rig_registrations *r = calloc(1, sizeof *r);
    assert_non_null(r);
    assert_true(isnan(rig_registrations_ira(r)));
    const rig_registration all[] = {
        {RIG_REGISTERED, 0, 20 * MS, 200, 2},
        {RIG_REGISTERED, 0, 40 * MS, 200, 2},
        {RIG_REGISTRATION_FAILED, 0, 900 * MS, 503, 1},
        {RIG_REGISTRATION_TIMED_OUT, 0, RIG_NO_TIME, 0, 2},
        {RIG_REGISTRATION_CHALLENGED, 0, 900 * MS, 401, 1},
        {RIG_REGISTRATION_REPLACED, 0, RIG_NO_TIME, 0, 1},
        {RIG_REGISTRATION_PENDING, 0, 900 * MS, 401, 1},
    };
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        rig_registrations_add(r, &all[i]);
    assert_int_equal(rig_registrations_n_attempts(r), 5);
    assert_int_equal(rig_registrations_n_ineffective(r), 2);
    assert_int_equal(r->n_requests, 10);
    assert_true(fabs(rig_registrations_ira(r) - 0.4) < 1e-12);
    assert_int_equal(r->rrd.n, 2);
    assert_true(fabs(rig_times_mean_s(&r->rrd) - 0.03) < 1e-12);
    assert_true(fabs(rig_times_max_s(&r->rrd) - 0.04) < 1e-12);
    assert_int_equal(r->n_code[200], 2);
    assert_int_equal(r->n_code[401], 1);
    assert_int_equal(r->n_code[0], 1);
    free(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cases),
        cmocka_unit_test(test_limit),
        cmocka_unit_test(test_metrics),
    };
    return cmocka_run_group_tests_name("analyzer_registrations", tests, NULL, NULL);
}
