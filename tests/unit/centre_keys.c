/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keys of the queue by which callers are given to agents otherwise than at the plain centre: what
 * they make of four calls made by hand. */
#include "tests/unit/centre_run.h"

typedef struct outcome {
    rig_outcome fates[4];
    rig_call_instants instants[4];
} outcome;

static void simulate(const rig_scenario *scenario, const rig_planned_call *calls,
                     const rig_centre_rules *rules, outcome *o)
{
    rig_centre *centre = NULL;
    rig_planned_call own[4];
    memcpy(own, calls, sizeof own);
    rig_schedule schedule = {.calls = own, .n = 4};
    rig_centre_input input = {.schedule = &schedule, .replication = 1, .rules = rules};
    rig_error err = {.text = ""};
    assert_int_equal(rig_centre_new(scenario, &centre), RIG_OK);
    for (int again = 0; again < 2; again++) { /* a simulator leaves nothing behind */
        rig_centre_output output = {.fates = o->fates, .instants = o->instants};
        if (rig_centre_simulate(centre, &input, &output, &err) != RIG_OK)
            fail_msg("%s", err.text);
        assert_true(rig_centre_is_idle(centre));
        assert_true(rig_tally_conserved(&output.tally, output.tally.n_offered));
    }
    /* what was asked about is forgotten */
    rig_outcome fates[4];
    input.rules = &(rig_centre_rules){.ring_all = true, .one_at_a_time = true};
    rig_centre_output output = {.fates = fates};
    assert_int_equal(rig_centre_simulate(centre, &input, &output, &err), RIG_OK);
    input.rules = rules;
    output.fates = fates;
    assert_int_equal(rig_centre_simulate(centre, &input, &output, &err), RIG_OK);
    assert_memory_equal(fates, o->fates, sizeof fates);
    rig_centre_free(centre);
}

static void expect_s(double value, double expected)
{
    if (!(fabs(value - expected) < 1e-6))
        fail_msg("%.9g; expected %.9g", value, expected);
}

/* It rings for 4 s, whatever phone. */
static rig_planned_call rings_4_s(double t_s)
{
    rig_planned_call call = call_at(t_s);
    for (size_t k = 0; k < sizeof call.ring_s / sizeof *call.ring_s; k++)
        call.ring_s[k] = 4;
    return call;
}

static void count_ringing(rig_queue *queue)
{
    queue->counts_ringing = true;
}

static void cut_ringing(rig_queue *queue)
{
    queue->timeout_cuts_ringing = true;
}

static void go_one_at_a_time(rig_queue *queue)
{
    queue->one_at_a_time = true;
}

static void look_now_and_then(rig_queue *queue)
{
    queue->look_every_s = 6;
}

static void ring_all(rig_queue *queue)
{
    queue->routing = RIG_ROUTING_RING_ALL;
}

/* Three agents, or one: a place in the queue, 2.5 s of time in it. */
static const struct {
    void (*set)(rig_queue *queue);
    rig_centre_rules rules;
    uint32_t n_agents;
    rig_outcome fates[4];
    double ring_s[4]; /* NAN: of one who is lost without */
} keyed[] = {
    /* rung from 0 to 4; a place is taken, the others are turned away */
    {count_ringing,
     {.ringing_takes_places = true},
     3,
     {RIG_OUTCOME_SERVED, RIG_OUTCOME_LOST_QUEUE, RIG_OUTCOME_LOST_QUEUE, RIG_OUTCOME_SERVED},
     {0, NAN, NAN, 4.5}},
    /* the first is cut at 2.5, and the second rung; he came at 1 and is cut at 3.5 */
    {cut_ringing,
     {.timeout_cuts_ringing = true},
     1,
     {RIG_OUTCOME_LOST_QUEUE, RIG_OUTCOME_LOST_QUEUE, RIG_OUTCOME_LOST_QUEUE,
      RIG_OUTCOME_LOST_QUEUE},
     {0, 2.5, NAN, 4.5}},
    /* the second waits from 1 on, has a place until 3.5, and the first rings until 4 */
    {go_one_at_a_time,
     {.one_at_a_time = true},
     3,
     {RIG_OUTCOME_SERVED, RIG_OUTCOME_LOST_QUEUE, RIG_OUTCOME_LOST_QUEUE, RIG_OUTCOME_SERVED},
     {0, NAN, NAN, 4.5}},
    /* each finds nobody who waits, and is looked at on entering */
    {look_now_and_then,
     {.look_every_s = 6},
     3,
     {RIG_OUTCOME_SERVED, RIG_OUTCOME_SERVED, RIG_OUTCOME_SERVED, RIG_OUTCOME_LOST_QUEUE},
     {0, 1, 2, NAN}},
    /* all ring for the first until 4; the second's time is over at 3.5, the third is turned
     * away, and the last finds two who are free */
    {ring_all,
     {.ring_all = true},
     3,
     {RIG_OUTCOME_SERVED, RIG_OUTCOME_LOST_QUEUE, RIG_OUTCOME_LOST_QUEUE, RIG_OUTCOME_SERVED},
     {0, NAN, NAN, 4.5}},
};

/* What the scenario's queue says is what is asked about in a replay. */
static void test_keys_are_rules(void **state)
{
    (void)state;
    for (size_t i = 0; i < 2 * sizeof keyed / sizeof *keyed; i++) {
        small_scenario room;
        rig_scenario *s = small_scenario_make(&room);
        outcome o;
        rig_planned_call calls[] = {rings_4_s(0), rings_4_s(1), rings_4_s(2), rings_4_s(4.5)};
        const bool by_key = i % 2 == 1;
        room.agents[0].n_agents = keyed[i / 2].n_agents;
        s->queue.capacity = 1;
        s->queue.timeout_s = 2.5;
        if (by_key)
            keyed[i / 2].set(&s->queue);
        simulate(s, calls, by_key ? NULL : &keyed[i / 2].rules, &o);
        for (int k = 0; k < 4; k++) {
            if (o.fates[k] != keyed[i / 2].fates[k])
                fail_msg("row %zu, by key: %d, call %d: %s", i / 2, by_key, k,
                         rig_outcome_name(o.fates[k]));
            if (!isnan(keyed[i / 2].ring_s[k]))
                expect_s(o.instants[k].ring_s, keyed[i / 2].ring_s[k]);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_keys_are_rules),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
