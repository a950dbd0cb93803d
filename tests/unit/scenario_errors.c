/* SPDX-License-Identifier: GPL-3.0-or-later */
/* scenarios/: every kind of wrong input has its message. */
#include "tests/unit/scenario_file.h"

static const struct {
    const char *override, *message;
} bad_values[] = {
    {"trunks[0].circuits=0", "trunks[0].circuits: 0 is out of range; expected a whole number"},
    {"trunks[0].circuits=-3", "trunks[0].circuits: -3 is out of range"},
    {"trunks[0].circuits=2.5", "trunks[0].circuits: is a number; expected a whole number"},
    {"trunks[0].circuits=many", "trunks[0].circuits: is a string; expected a whole number"},
    {"trunks[0].lines=3", "trunks[0].lines: unknown key; expected one of: name, circuits, e1"},
    {"trunks[1].circuits=3", "no such group"},
    {"trunks[x].circuits=3", "no such group"},
    {"trunks[0.circuits=3", "no such group"},
    {"name.first=3", "no such group"},
    {"colour.red=3", "colour: unknown key"},
    {"trunks", "expected KEY=VALUE"},
    {"=3", "expected KEY=VALUE"},
    {"bad key=3", "is not a valid key"},
    {"trunks=()", "trunks: has 0 groups; expected 1 to 64"},
    {"agents=()", "agents: has 0 groups; expected 1 to 64"},
    {"colour=\"red\"", "colour: unknown key"},
    {"name=\"a/b\"", "name: \"a/b\" cannot name a folder"},
    {"name=\"\"", "cannot name a folder"},
    {"time_scale=0", "time_scale: 0 is out of range"},
    {"time_scale=1001", "time_scale: 1001 is out of range"},
    {"seed=-1", "seed: -1 is out of range"},
    {"interval_s=61", "interval_s: 61 is longer than traffic.duration_s"},
    {"interval_s=0.001", "over 10000 intervals"},
    {"traffic.duration_s=0", "traffic.duration_s: 0 is out of range"},
    {"traffic.arrivals=\"bursty\"", "traffic.arrivals: \"bursty\" is not known; expected one "
                                    "of: \"poisson\", \"regular\""},
    {"traffic.arrivals=7", "traffic.arrivals: is a whole number; expected one of"},
    {"traffic.rate=()", "traffic.rate: is empty"},
    {"traffic.rate=({at_s=0;per_min=0;})", "no calls at all"},
    {"traffic.rate=({at_s=0;per_min=-1;})", "traffic.rate[0].per_min: -1 is out of range"},
    {"traffic.rate=({at_s=5;per_min=1;},{at_s=5;per_min=2;})", "not later than the point"},
    {"traffic.rate=({at_s=70;per_min=0;},{at_s=80;per_min=2;})", "no calls before duration_s"},
    {"traffic.rate=(1,2)", "traffic.rate[0]: is a whole number; expected a group"},
    {"traffic.rate[0].per_hour=1", "traffic.rate[0].per_hour: unknown key"},
    {"callers.talk=-1", "callers.talk: -1 is out of range"},
    {"callers.talk=\"long\"", "callers.talk: is a string; expected a distribution"},
    {"callers.talk={mean_s=3;}", "callers.talk: \"type\" is missing"},
    {"callers.talk={type=\"normal\";mean_s=3;}", "\"normal\" is not known"},
    {"callers.talk={type=\"gamma\";mean_s=3;}", "callers.talk: \"cv\" is missing"},
    {"callers.talk={type=\"gamma\";mean_s=3;cv=0;}", "callers.talk.cv: 0 is out of range"},
    {"callers.talk={type=\"gamma\";mean_s=0;cv=1;}", "mean_s 0 is out of range for \"gamma\""},
    {"callers.talk={type=\"uniform\";mean_s=3;cv=0.6;}", "at most 0.577"},
    {"callers.talk={type=\"exponential\";mean_s=3;cv=1;}", "callers.talk.cv: has no meaning"},
    {"callers.talk={type=\"constant\";mean_s=3;file=\"x\";}", "file: has no meaning"},
    {"callers.talk={type=\"empirical\";mean_s=3;}", "mean_s: has no meaning"},
    {"callers.talk={type=\"empirical\";file=\"none.csv\";column=\"a\";}", "none.csv: cannot "
                                                                          "read"},
    {"callers.talk={type=\"empirical\";file=\"talk.csv\";column=\"a\";}", "no column \"a\""},
    {"callers.dial=\"0800 785\"", "cannot be dialled"},
    {"callers.classes=({share=1.0;dial=\"1 2\";})",
     "callers.classes[0].dial: \"1 2\" cannot be dialled"},
    {"callers.classes=({name=\"a\";share=0.5;dial=\"785\";},{name=\"b\";share=0.5;})",
     "class \"b\" dials 785, and so does \"a\"; expected another number"},
    {"callers={dial=\"785\";patience_answer=6.0;patience_queue=6.0;talk=6.0;auth={user=\"u\";};"
     "classes=({name=\"a\";share=0.5;dial=\"7851\";},{name=\"b\";share=0.5;});}",
     "callers.auth: not with classes that dial numbers of their own"},
    {"callers.dial=785", "callers.dial: is a whole number; expected a string"},
    {"callers.first_number=\"0123\"x", "first_number"},
    {"callers.first_number=\"12a\"", "\"12a\" is no number"},
    {"callers.hangs_up_share=1.5", "callers.hangs_up_share: 1.5 is out of range"},
    {"agents=({count=1;ring=1.0;talk=0.0;})",
     "agents[0].talk: 0 is out of range; expected a distribution with a mean over 0"},
    {"agents[0].count=0", "agents[0].count: 0 is out of range"},
    {"agents[0].ring_timeout_s=0", "agents[0].ring_timeout_s: 0 is out of range"},
    {"agents[0].rest_s=-1", "agents[0].rest_s: -1 is out of range"},
    {"agents[0].busy_share=1.5", "agents[0].busy_share: 1.5 is out of range"},
    {"agents=({count=1;ring=1.0;busy_share=0.5;do_not_disturb_share=0.3;reject_share=0.3;})",
     "busy_share, do_not_disturb_share and reject_share sum to 1.1; expected at most 1"},
    {"agents=({count=1;ring=1.0;rest_s=0.0;reject_share=0.3;})",
     "rest_s = 0 with phones that refuse calls; expected at least 0.1 s"},
    {"queue.poll_s=1e-14",
     "queue.poll_s: 1e-14 is out of range; expected 0, or a number in [0.01, 60]"},
    {"agents=({count=1;ring=1.0;busy_rest_s=0.05;busy_share=0.3;})",
     "agents[0].busy_rest_s: 0.05 with phones that refuse calls; expected at least 0.1 s"},
    {"agents=({count=1;ring=1.0;reject_rest_s=0;reject_share=0.3;})",
     "agents[0].reject_rest_s: 0 with phones that refuse calls; expected at least 0.1 s"},
    {"callers.redial={share=0.5;delay=1.0;heeds_retry_after=true;}",
     "callers.redial: heeds_retry_after: has no meaning where nobody is asked to wait"},
    {"target.retry_after_s=90000", "target.retry_after_s: 90000 is out of range"},
    {"agents[0].max_no_answer=-1", "agents[0].max_no_answer: -1 is out of range"},
    {"agents[0].break_s=0", "agents[0].break_s: 0 is out of range"},
    {"agents[0].break_s=60",
     "agents[0].break_s: has no meaning here; expected only with max_no_answer"},
    {"queue.retry_s=1", "queue.retry_s: has no meaning here; expected only with queue.poll_s > 0"},
    {"queue.look_every_s=0.001",
     "queue.look_every_s: 0.001 is out of range; expected 0, or a number in [0.01, 60]"},
    {"queue={poll_s=1;look_every_s=0.5;}",
     "queue.look_every_s: 0.5, but queue.poll_s = 1: callers look by themselves"},
    {"queue.counts_ringing=1", "queue.counts_ringing: is a whole number; expected true or false"},
    {"queue.routing=\"everybody\"", "\"everybody\" is not known"},
    {"target.kind=\"nortel\"",
     "\"nortel\" is not known; expected one of: \"plain\", \"asterisk\", \"freeswitch\""},
    {"emergency={queue_above=3;}",
     "emergency: \"talk_factor\" is missing; expected it, \"talk_most_s\" or both"},
    {"agents[0]=3", "no such group"},
    {"agents=({name=\"a\";count=1;ring=1.0;register={first_user=\"1001\";};},"
     "{name=\"b\";count=1;ring=1.0;register={first_user=\"2001\";};})",
     "agents[1].register: the phones of agents[0] register already; expected in one group at most"},
    {"ivr={ports=0;}", "ivr.ports: 0 is out of range"},
    {"ivr={hold_while_queued=1;}", "ivr.hold_while_queued: is a whole number; expected true"},
    {"ivr={self_service_share=0.5;}", "ivr: \"self_service\" is missing"},
    {"ivr={self_service_share=1;}", "ivr.self_service_share: 1 is out of range"},
    {"queue=3", "queue: is a whole number; expected a group"},
    {"queue={capacity=-1;}", "queue.capacity: -1 is out of range"},
    {"gate={replays=998;}", "gate.replays: 998 is out of range; expected a whole number from "
                            "999"},
    {"gate={margin_pp=0;}", "gate.margin_pp: 0 is out of range"},
    {"gate={stages={ivr={margin_pp=-1;};};}", "gate.stages.ivr.margin_pp: -1 is out of range"},
    {"gate={stages={menu={};};}", "gate.stages.menu: unknown key"},
    {"gate={levels=({metric=\"joy\";min=1;});}",
     "metric: unknown metric \"joy\"; expected one of lost_trunk, "},
    {"gate={levels=({metric=\"lost_trunk[nobody]\";max=0.1;});}", "metric: [nobody]: no carrier"},
    {"gate={levels=({metric=\"lost_trunk\";max=5;});}",
     "lost_trunk is a share, and the limit is 5"},
    {"gate={levels=({min=1;});}", "\"metric\" is missing"},
    {"gate={levels=({metric=\"drop_rate\";});}", "expected either \"min\" or \"max\""},
    {"gate={levels=({metric=\"drop_rate\";min=0;max=1;});}", "expected either \"min\" or"},
    {"trunks[0].port=5060",
     "trunks[0].port: has no meaning here; without \"share\" a call hunts all groups"},
    {"trunks=({circuits=3;share=0.5;port=5061;},{circuits=3;share=0.5;})",
     "trunks[1]: \"port\" is missing; expected on all groups or on none"},
    {"trunks=({circuits=3;share=0.5;port=0;},{circuits=3;share=0.5;port=5062;})",
     "trunks[0].port: 0 is out of range"},
    {"trunks=({circuits=3;share=0.5;port=5061;},{circuits=3;share=0.5;port=5062;})",
     "trunks[0].port: 5061, but the embedded call centre takes free ports"},
    {"target={host=\"10.0.0.1\";port=0;}", "target.port: 0; expected a port"},
    {"target={host=\"10.0.0.1\";port=70000;}", "target.port: 70000 is out of range"},
    {"target={agents_listen=\"0.0.0.0:5080\";}",
     "is every address of this host, or a group; expected one"},
    {"target={agents_listen=\"0.0.0.0\";}",
     "is every address of this host, or a group; expected one"},
    {"target={agents_listen=\"[::]:5080\";}",
     "is every address of this host, or a group; expected one"},
    {"target={agents_listen=\"::\";}", "is every address of this host, or a group; expected one"},
    {"target={agents_listen=\"224.0.0.1:5080\";}", "is every address of this host, or a group"},
    {"target={agents_listen=\"255.255.255.255\";}", "is every address of this host, or a group"},
    {"target={agents_listen=\"[ff02::1]:5080\";}", "is every address of this host, or a group"},
    {"target={agents_listen=\"[::ffff:224.0.0.1]:5080\";}", "or a group; expected one"},
    {"target={agents_listen=\"[0::0]:1\";}",
     "is every address of this host, or a group; expected one"},
    {"target={allow=(1);}", "target.allow[0]: expected an address"},
    {"seed=9000000000", "--set:1: 9000000000: does not fit into 32 bits; expected an L"},
    {"trunks[0].circuits=4294967297", "4294967297: does not fit"},
    {"limits={max_calls=0;}", "limits.max_calls: 0 is out of range"},
};

/* An override that breaks the good scenario, and what the message must hold. */
static void test_refuses_bad_values(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof bad_values / sizeof *bad_values; i++) {
        rig_scenario *s = NULL;
        rig_error err = {0};
        rig_status status = read_text(good, bad_values[i].override, &s, &err);
        if (status != RIG_EINPUT)
            fail_msg("%s: accepted", bad_values[i].override);
        assert_null(s);
        if (strstr(err.text, bad_values[i].message) == NULL)
            fail_msg("%s: \"%s\" lacks \"%s\"", bad_values[i].override, err.text,
                     bad_values[i].message);
    }
}

static void test_scaled_target_must_declare_it(void **state)
{
    (void)state;
    rig_scenario *s = NULL;
    rig_error err = {0};
    const char *const overrides[] = {"time_scale=2", "target={host=\"127.0.0.1\";port=5070;}"};
    write_text(path, good);
    assert_int_equal(rig_scenario_read(path, overrides, 2, &s, &err), RIG_EINPUT);
    assert_non_null(strstr(err.text, "does not declare target.scalable"));
}

/* A caller does not know how long the agents of a group talk: they end all talks. */
static void test_talks_of_groups_end_by_agents(void **state)
{
    (void)state;
    rig_scenario *s = NULL;
    rig_error err = {0};
    const char *const overrides[] = {"agents[0].talk=20.0", "callers.hangs_up_share=0.5"};
    write_text(path, good);
    assert_int_equal(rig_scenario_read(path, overrides, 2, &s, &err), RIG_EINPUT);
    assert_non_null(strstr(err.text, "callers.hangs_up_share: 0.5 with a talk of agents"));
    assert_int_equal(rig_scenario_read(path, overrides, 1, &s, &err), RIG_OK);
    assert_true(s->callers.p_caller_hangs_up == 0.0);
    rig_scenario_free(s);
}

/* Where an error stands in the file, it says the line. */
static void test_errors_name_file_and_line(void **state)
{
    (void)state;
    static const struct {
        const char *text, *message;
    } rows[] = {
        {"name = \"x\";\ntrunks = (\n  { e1 = 2; }\n", "a.cfg:4: "},
        {"name = \"x\";\nspeed = 3;\n", "a.cfg:2: speed: unknown key"},
        {"name = \"x\";\ntraffic: {\n  duration_s = 60;\n  rate = ( { at_s = 0; } );\n};\n",
         "a.cfg:4: traffic.rate[0]: \"per_min\" is missing"},
        {"// 99999999999\n/* 99999999999\n*/ name = \"99999999999\";\nseed = 99999999999;\n",
         "a.cfg:4: 99999999999: does not fit"},
        {"name = \"x\";\n", "\"traffic\" is missing"},
        {"", "\"name\" is missing"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        rig_scenario *s = NULL;
        rig_error err = {0};
        assert_int_equal(read_text(rows[i].text, NULL, &s, &err), RIG_EINPUT);
        if (strstr(err.text, rows[i].message) == NULL)
            fail_msg("\"%s\" lacks \"%s\"", err.text, rows[i].message);
    }
    rig_scenario *s = NULL;
    rig_error err = {0};
    assert_int_equal(rig_scenario_read("/nonexistent/x.cfg", NULL, 0, &s, &err), RIG_EINPUT);
    assert_non_null(strstr(err.text, "/nonexistent/x.cfg: cannot read"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_refuses_bad_values),
        cmocka_unit_test(test_scaled_target_must_declare_it),
        cmocka_unit_test(test_talks_of_groups_end_by_agents),
        cmocka_unit_test(test_errors_name_file_and_line),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
