/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The verdict's doors without the command line: a run's calls are judged, and looks at a run under
 * way end it where it is certain to fail.
 *
 * The calls come from a loss system of a few lines, which knows nothing of models/: a call that
 * finds all circuits in use gets a 503, else it talks for 10 s. */
#include <stdio.h>
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <pcap/dlt.h>

#include "tests/small_scenario.h"
#include "tests/test.h"
#include "verdict/early_stop.h"
#include "verdict/interim.h"
#include "verdict/judge.h"

#define START_NS INT64_C(1700000000000000000)
#define TALK_S   10.0

enum { MANY = 400 };

typedef struct room {
    small_scenario small;
    rig_scenario *scenario;
    rig_schedule *schedule;
} room;

static room *room_new(double rate_per_min)
{
    room *r = calloc(1, sizeof *r);
    rig_error err = {.text = ""};
    assert_non_null(r);
    r->scenario = small_scenario_make(&r->small);
    r->small.rate[0].rate_per_min = rate_per_min;
    r->small.agents[0].n_agents = r->scenario->ivr.n_ports = 200;
    for (int s = 0; s < RIG_N_STAGES; s++)
        r->scenario->gate.margin[s] = (rig_margin){.margin_pp = 2.0, .margin_share = 0.10};
    if (rig_schedule_draw(r->scenario, 0, &r->schedule, &err) != RIG_OK)
        fail_msg("%s", err.text);
    assert_in_range(r->schedule->n, 100, MANY);
    return r;
}

static void room_free(room *r)
{
    rig_schedule_free(r->schedule);
    free(r);
}

static int64_t at(double s)
{
    return START_NS + (int64_t)(s * 1e9);
}

/* What the wire would show with so many circuits. */
static rig_calls *calls_of(const room *r, unsigned n_circuits)
{
    double free_s[MANY] = {0.0};
    rig_calls *calls = calloc(1, sizeof *calls);
    assert_non_null(calls);
    calls->items = calloc(r->schedule->n, sizeof *calls->items);
    assert_non_null(calls->items);
    calls->n = r->schedule->n;
    for (size_t i = 0; i < calls->n; i++) {
        const double t_s = r->schedule->calls[i].t_s;
        rig_call *c = &calls->items[i];
        unsigned k = 0;
        while (k < n_circuits && free_s[k] > t_s)
            k++;
        *c = (rig_call){.planned_index = (int64_t)i,
                        .t_invite_ns = at(t_s),
                        .t_provisional_ns = RIG_NO_TIME,
                        .t_menu_ns = RIG_NO_TIME,
                        .t_answer_ns = RIG_NO_TIME,
                        .t_queue_ns = RIG_NO_TIME,
                        .t_agent_ring_ns = RIG_NO_TIME,
                        .t_agent_answer_ns = RIG_NO_TIME,
                        .t_end_ns = at(t_s),
                        .final_code = 503,
                        .n_messages = 3,
                        .n_legs = 1,
                        .outcome = RIG_OUTCOME_LOST_TRUNK};
        if (k == n_circuits)
            continue;
        free_s[k] = t_s + TALK_S;
        c->t_answer_ns = c->t_queue_ns = c->t_agent_ring_ns = c->t_agent_answer_ns = at(t_s);
        c->t_end_ns = at(t_s + TALK_S);
        c->final_code = 200;
        c->answered = true;
        c->bye = RIG_BYE_CALLER;
        c->n_legs = 2;
        c->outcome = RIG_OUTCOME_SERVED;
    }
    return calls;
}

static rig_judged_run judged(const room *r, const rig_calls *calls, const rig_play_facts *play)
{
    rig_judged_run j = {0};
    rig_error err = {.text = ""};
    const rig_judge_input input = {.scenario = r->scenario,
                                   .schedule = r->schedule,
                                   .calls = calls,
                                   .play = play,
                                   .with_diagnosis = true};
    if (rig_judge(&input, &j, &err) != RIG_OK)
        fail_msg("%s", err.text);
    return j;
}

static void expect(unsigned n_circuits, rig_judgement expected)
{
    room *r = room_new(180.0);
    r->small.trunks[0].n_circuits = 27;
    rig_calls *calls = calls_of(r, n_circuits);
    const rig_play_facts play = {.start_epoch_ns = START_NS,
                                 .n_planned = r->schedule->n,
                                 .n_placed = r->schedule->n,
                                 .n_packets = 1000};
    rig_judged_run j = judged(r, calls, &play);
    if (j.verdict->judgement != expected)
        fail_msg("%u circuits: %s; expected %s: %s", n_circuits,
                 rig_judgement_name(j.verdict->judgement), rig_judgement_name(expected),
                 j.verdict->summary);
    assert_int_equal(j.join->n_planned, r->schedule->n);
    assert_int_equal(j.join->n_not_placed, 0);
    if (expected == RIG_JUDGEMENT_FAIL)
        assert_int_equal(j.verdict->stages[RIG_STAGE_TRUNK].judgement, RIG_JUDGEMENT_FAIL);
    rig_judged_run_clear(&j);
    rig_calls_free(calls);
    room_free(r);
}

static void test_a_run_is_judged(void **state)
{
    (void)state;
    expect(27, RIG_JUDGEMENT_PASS);
    expect(18, RIG_JUDGEMENT_FAIL);
    expect(200, RIG_JUDGEMENT_FAIL); /* far fewer losses are a deviation, too */
}

static rig_judged_run judged_as_played(const room *r, const rig_calls *calls)
{
    const rig_play_facts play = {.start_epoch_ns = START_NS,
                                 .n_planned = r->schedule->n,
                                 .n_placed = r->schedule->n,
                                 .n_packets = 1000};
    return judged(r, calls, &play);
}

/* A centre that refuses everybody at first, and then works: a warm-up that lasts until it has
 * settled leaves it out. */
static void test_a_warm_up_is_not_judged(void **state)
{
    (void)state;
    static const double warm_up_s[] = {0.0, 30.0};
    static const rig_judgement expected[] = {RIG_JUDGEMENT_FAIL, RIG_JUDGEMENT_PASS};
    for (int k = 0; k < 2; k++) {
        room *r = room_new(180.0);
        r->small.trunks[0].n_circuits = 27;
        r->scenario->traffic.warm_up_s = warm_up_s[k];
        rig_calls *calls = calls_of(r, 27);
        for (size_t i = 0; i < calls->n && r->schedule->calls[i].t_s < 12.0; i++) {
            const rig_call refused = {.planned_index = (int64_t)i,
                                      .t_invite_ns = calls->items[i].t_invite_ns,
                                      .t_provisional_ns = RIG_NO_TIME,
                                      .t_menu_ns = RIG_NO_TIME,
                                      .t_answer_ns = RIG_NO_TIME,
                                      .t_queue_ns = RIG_NO_TIME,
                                      .t_agent_ring_ns = RIG_NO_TIME,
                                      .t_agent_answer_ns = RIG_NO_TIME,
                                      .t_end_ns = calls->items[i].t_invite_ns,
                                      .final_code = 503,
                                      .n_messages = 3,
                                      .n_legs = 1,
                                      .outcome = RIG_OUTCOME_LOST_TRUNK};
            calls->items[i] = refused;
        }
        rig_judged_run j = judged_as_played(r, calls);
        if (j.verdict->judgement != expected[k])
            fail_msg("warm-up of %g s: %s: %s", warm_up_s[k],
                     rig_judgement_name(j.verdict->judgement), j.verdict->summary);
        assert_int_equal(j.join->n_warm_up > 0, k);
        rig_judged_run_clear(&j);
        rig_calls_free(calls);
        room_free(r);
    }
}

static void expect_summary(const rig_judged_run *j, const char *words)
{
    if (strstr(j->verdict->summary, words) == NULL)
        fail_msg("expected \"%s\" in: %s", words, j->verdict->summary);
}

/* Other numbers of circuits, put into the replay: the deviation is gone. */
static void test_the_cause_explains_the_deviation(void **state)
{
    (void)state;
    static const unsigned truths[] = {12, 18, 21, 45};
    for (size_t i = 0; i < sizeof truths / sizeof *truths; i++) {
        room *r = room_new(180.0);
        r->small.trunks[0].n_circuits = 27;
        rig_calls *calls = calls_of(r, truths[i]);
        rig_judged_run j = judged_as_played(r, calls);
        const rig_finding *f = &j.diagnosis->findings[0];
        assert_true(j.diagnosis->is_explained && !j.diagnosis->is_predicted);
        assert_int_equal(j.diagnosis->n_causes, 1);
        assert_int_equal(f->explained_by, RIG_EXPLAINED_BY_REPLAY);
        if (!(f->share > 0.9) || j.diagnosis->cause_share != f->share)
            fail_msg("%u circuits: %s explains %g", truths[i], f->text, f->share);
        assert_int_equal(j.verdict->cause, RIG_STAGE_TRUNK);
        expect_summary(&j, " % of the deviation)");
        rig_judged_run_clear(&j);
        rig_calls_free(calls);
        room_free(r);
    }
}

/* Refused for another reason, each fifth call: neither a number of circuits nor nothing. */
static void test_refused_callers_are_the_cause(void **state)
{
    (void)state;
    room *r = room_new(120.0);
    r->small.trunks[0].n_circuits = 27;
    rig_calls *calls = calls_of(r, 27);
    for (size_t i = 0; i < calls->n; i += 5) {
        rig_call *c = &calls->items[i];
        c->t_answer_ns = c->t_queue_ns = c->t_agent_ring_ns = c->t_agent_answer_ns = RIG_NO_TIME;
        c->t_end_ns = c->t_invite_ns;
        c->final_code = 404;
        c->answered = false;
        c->bye = RIG_BYE_NONE;
        c->n_legs = 1;
        c->outcome = RIG_OUTCOME_LOST_TRUNK;
        (void)snprintf(c->reason, sizeof c->reason, "404");
    }
    rig_judged_run j = judged_as_played(r, calls);
    assert_int_equal(j.verdict->judgement, RIG_JUDGEMENT_FAIL);
    assert_int_equal(j.diagnosis->n_causes, 1);
    assert_int_equal(j.diagnosis->findings[0].kind, RIG_FINDING_REFUSED);
    expect_summary(&j, "for another reason than want of circuits (404)");
    rig_judged_run_clear(&j);
    rig_calls_free(calls);
    room_free(r);
}

/* Callers who leave while a phone rings, where the schedule has none: no finding says why. */
static void test_no_cause_is_no_cause(void **state)
{
    (void)state;
    room *r = room_new(120.0);
    r->small.trunks[0].n_circuits = 27;
    rig_calls *calls = calls_of(r, 27);
    for (size_t i = 0; i < calls->n; i += 5) {
        calls->items[i].t_agent_answer_ns = RIG_NO_TIME;
        calls->items[i].outcome = RIG_OUTCOME_LOST_AGENT;
    }
    rig_judged_run j = judged_as_played(r, calls);
    assert_int_equal(j.verdict->judgement, RIG_JUDGEMENT_FAIL);
    assert_true(j.diagnosis->is_explained);
    assert_int_equal(j.diagnosis->n_causes, 0);
    assert_int_equal(j.verdict->cause, RIG_STAGE_AGENT);
    expect_summary(&j, "; cause not found");
    rig_judged_run_clear(&j);
    rig_calls_free(calls);
    room_free(r);
}

/* A call that the capture lacks says nothing of the centre. */
static void test_a_call_that_is_missing(void **state)
{
    (void)state;
    room *r = room_new(180.0);
    r->small.trunks[0].n_circuits = 27;
    rig_calls *calls = calls_of(r, 27);
    calls->n--;
    const rig_play_facts play = {.start_epoch_ns = START_NS,
                                 .n_planned = r->schedule->n,
                                 .n_placed = r->schedule->n - 1,
                                 .n_packets = 1000};
    rig_judged_run j = judged(r, calls, &play);
    assert_int_equal(j.verdict->judgement, RIG_JUDGEMENT_INVALID);
    assert_int_equal(j.join->n_not_placed, 1);
    rig_judged_run_clear(&j);
    calls->n++;
    rig_calls_free(calls);
    room_free(r);
}

static size_t frame_of(const char *sip, bool to_centre, uint8_t *frame)
{
    const size_t n = strlen(sip);
    const uint8_t head[28] = {0x45,
                              0,
                              (uint8_t)((28 + n) >> 8),
                              (uint8_t)(28 + n),
                              0,
                              0,
                              0,
                              0,
                              64,
                              17,
                              0,
                              0,
                              127,
                              0,
                              0,
                              to_centre ? 1 : 2,
                              127,
                              0,
                              0,
                              to_centre ? 2 : 1,
                              0x13,
                              0xc4,
                              0x13,
                              0xc4,
                              (uint8_t)((8 + n) >> 8),
                              (uint8_t)(8 + n)};
    memcpy(frame, head, sizeof head);
    memcpy(frame + sizeof head, sip, n);
    return sizeof head + n;
}

static void feed(rig_live_analysis *live, double t_s, size_t i, const char *start, bool to_centre)
{
    char sip[600];
    uint8_t frame[700];
    (void)snprintf(sip, sizeof sip,
                   "%s\r\nVia: SIP/2.0/UDP 127.0.0.1:5060;branch=z9hG4bK%zu\r\n"
                   "From: <sip:%zu@127.0.0.1>;tag=f%zu\r\nTo: <sip:785@127.0.0.2>%s\r\n"
                   "Call-ID: c%zu\r\nCSeq: 1 %s\r\nX-Rig-Call: %zu\r\nContent-Length: 0\r\n\r\n",
                   start, i, i, i, strncmp(start, "INVITE", 6) == 0 ? "" : ";tag=t", i,
                   strncmp(start, "ACK", 3) == 0 ? "ACK" : "INVITE", i);
    const size_t n = frame_of(sip, to_centre, frame);
    rig_live_analysis_packet(live, DLT_RAW, at(t_s), frame, n, n);
}

/* The counts of a run under way are of what is in order: a second behind the wire. */
static void test_a_live_capture_is_put_in_order(void **state)
{
    (void)state;
    room *r = room_new(180.0);
    rig_live_analysis *live = NULL;
    rig_live_counts counts;
    rig_calls *calls = NULL;
    assert_int_equal(rig_live_analysis_new(r->scenario, NULL, &live, NULL), RIG_OK);
    feed(live, 1.2, 0, "SIP/2.0 503 Service Unavailable", false);
    feed(live, 1.0, 0, "INVITE sip:785@127.0.0.2 SIP/2.0", true);
    rig_live_analysis_read(live, &counts);
    assert_int_equal(counts.n_packets, 0);
    feed(live, 2.1, 0, "ACK sip:785@127.0.0.2 SIP/2.0", true);
    rig_live_analysis_read(live, &counts);
    assert_int_equal(counts.n_packets, 1);
    assert_int_equal(counts.n_offered, 1);
    assert_int_equal(rig_live_analysis_finish(live, &calls, NULL), RIG_OK);
    assert_int_equal(calls->n, 1);
    assert_int_equal(calls->items[0].final_code, 503);
    assert_int_equal(calls->n_uncertain, 0);
    rig_calls_free(calls);
    rig_live_analysis_free(live);
    room_free(r);
}

/* In the place of pthread_setschedparam(3), by the linker's --wrap: a look has its share of a
 * processor. */
int __wrap_pthread_setschedparam(pthread_t thread, int policy, const struct sched_param *given);

int __wrap_pthread_setschedparam(pthread_t thread, int policy, const struct sched_param *given)
{
    (void)thread, (void)given;
    return policy == SCHED_IDLE ? 0 : EINVAL; /* which it asks for */
}

/* Play with looks, faster than the wire would; near the end, wait for them for some turns.
 * @return the instant at which it was given up, or -1. */
static double play_until_given_up(room *r, double p_refused, int n_turns)
{
    rig_error err = {.text = ""};
    rig_live_analysis *live = NULL;
    rig_interim *looks = NULL;
    double given_up_s = -1.0, refused = 0.0;
    assert_int_equal(rig_live_analysis_new(r->scenario, NULL, &live, &err), RIG_OK);
    assert_int_equal(rig_interim_new(r->scenario, r->schedule, live, &looks, &err), RIG_OK);
    rig_interim_progress p = {.is_placing = true, .start_epoch_ns = START_NS};
    for (size_t i = 0; i < r->schedule->n && given_up_s < 0.0; i++) {
        const double t_s = r->schedule->calls[i].t_s;
        refused += p_refused;
        feed(live, t_s, i, "INVITE sip:785@127.0.0.2 SIP/2.0", true);
        feed(live, t_s + 0.001, i,
             refused >= 1.0 ? "SIP/2.0 503 Service Unavailable" : "SIP/2.0 200 OK", false);
        feed(live, t_s + 0.002, i, "ACK sip:785@127.0.0.2 SIP/2.0", true);
        refused -= refused >= 1.0;
        p.elapsed_s = t_s;
        p.n_packets += 3;
        if (rig_interim_turn(looks, &p) != NULL)
            given_up_s = t_s;
        const bool is_last_but_one = i + 2 == r->schedule->n;
        for (int turn = 0; is_last_but_one && given_up_s < 0.0 && turn < n_turns; turn++) {
            (void)usleep(20000);
            if (rig_interim_turn(looks, &p) != NULL)
                given_up_s = t_s;
        }
    }
    assert_int_equal(rig_stop_is_set(rig_interim_give_up(looks)), given_up_s >= 0.0);
    const rig_interim_facts facts = rig_interim_end(looks, given_up_s >= 0.0);
    assert_true(facts.is_on);
    assert_int_equal(facts.is_stopped, given_up_s >= 0.0);
    if (facts.is_stopped)
        assert_in_range(facts.look, 0, RIG_N_LOOKS - 2);
    rig_interim_free(looks);
    rig_live_analysis_free(live);
    return given_up_s;
}

/* No call should be refused, and two of three are. */
static void test_a_certain_failure_is_given_up(void **state)
{
    (void)state;
    room *r = room_new(180.0);
    r->small.trunks[0].n_circuits = 200;
    const double given_up_s = play_until_given_up(r, 0.66, 6000);
    assert_true(given_up_s > 0.0);
    assert_true(given_up_s < r->schedule->calls[r->schedule->n - 1].t_s);
    room_free(r);
}

static void test_an_honest_run_is_not(void **state)
{
    (void)state;
    room *r = room_new(180.0);
    r->small.trunks[0].n_circuits = 200;
    assert_true(play_until_given_up(r, 0.0, 50) < 0.0);
    room_free(r);
}

/* A bench that only wants a run's delays gets those that the judgement replays with. */
static void test_delays_alone(void **state)
{
    (void)state;
    room *r = room_new(180.0);
    r->small.trunks[0].n_circuits = 27;
    rig_calls *calls = calls_of(r, 27);
    const rig_play_facts play = {.start_epoch_ns = START_NS,
                                 .n_planned = r->schedule->n,
                                 .n_placed = r->schedule->n,
                                 .n_packets = 1000};
    rig_judged_run j = judged(r, calls, &play);
    rig_delays delays = {0};
    rig_error err = {.text = ""};
    assert_int_equal(rig_judge_delays(r->scenario, r->schedule, calls, START_NS, &delays, &err),
                     RIG_OK);
    size_t n_all = 0;
    for (int k = 0; k < RIG_N_DELAY_KINDS; k++) {
        assert_int_equal(delays.kind[k].n, j.delays.kind[k].n);
        for (size_t i = 0; i < delays.kind[k].n; i++)
            assert_true(delays.kind[k].delay_s[i] == j.delays.kind[k].delay_s[i]);
        n_all += delays.kind[k].n;
    }
    assert_true(n_all > 0);
    rig_delays_clear(&delays);
    rig_judged_run_clear(&j);
    rig_calls_free(calls);
    room_free(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_run_is_judged),
        cmocka_unit_test(test_a_warm_up_is_not_judged),
        cmocka_unit_test(test_the_cause_explains_the_deviation),
        cmocka_unit_test(test_refused_callers_are_the_cause),
        cmocka_unit_test(test_no_cause_is_no_cause),
        cmocka_unit_test(test_a_call_that_is_missing),
        cmocka_unit_test(test_a_live_capture_is_put_in_order),
        cmocka_unit_test(test_a_certain_failure_is_given_up),
        cmocka_unit_test(test_an_honest_run_is_not),
        cmocka_unit_test(test_delays_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
