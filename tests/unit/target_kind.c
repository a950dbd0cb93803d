/* SPDX-License-Identifier: GPL-3.0-or-later */
/* target.kind: the defaults of the keys that say what a call centre does otherwise. */
#include "tests/unit/scenario_file.h"

/* The good scenario at a centre of a kind, with one more override. */
static rig_scenario *made(const char *kind, const char *override)
{
    char text[1000], target[100], first[60];
    rig_scenario *s = NULL;
    rig_error err = {0};
    (void)snprintf(target, sizeof target, "target: { host = \"127.0.0.1\"; kind = \"%s\"; };\n",
                   kind);
    (void)snprintf(text, sizeof text, "%s%s", good, target);
    (void)snprintf(first, sizeof first, "%s", override != NULL ? override : "seed=1");
    if (read_text(text, first, &s, &err) != RIG_OK)
        fail_msg("%s, %s: %s", kind, first, err.text);
    return s;
}

static void test_defaults(void **state)
{
    (void)state;
    static const struct {
        const char *kind;
        double poll_s, retry_s, look_every_s, rest_s;
        bool is_strict; /* counts_ringing, timeout_cuts_ringing */
        bool cuts;
    } rows[] = {{"plain", 0, 0, 0, 1, false, false},
                {"asterisk", 1, 5, 0, 0, true, true},
                {"freeswitch", 0, 0, 0.1, 0.1, false, true},
                {"opensips", 0, 0, 0, 1, false, false},
                {"kamailio", 0, 0, 0, 1, false, false}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        rig_scenario *s = made(rows[i].kind, NULL);
        assert_string_equal(rig_target_kind_name(s->target.kind), rows[i].kind);
        assert_true(s->queue.poll_s == rows[i].poll_s && s->queue.retry_s == rows[i].retry_s);
        assert_true(s->queue.look_every_s == rows[i].look_every_s);
        assert_true(s->agents[0].rest_s == rows[i].rest_s);
        assert_true(s->agents[0].busy_rest_s == rows[i].rest_s &&
                    s->agents[0].reject_rest_s == rows[i].rest_s);
        assert_int_equal(s->queue.counts_ringing, rows[i].is_strict);
        assert_int_equal(s->queue.timeout_cuts_ringing, rows[i].cuts);
        assert_false(s->queue.one_at_a_time);
        rig_scenario_free(s);
    }
}

/* What the file says goes before the kind; and of poll_s and look_every_s one excludes the other.
 */
static void test_keys_go_first(void **state)
{
    (void)state;
    rig_scenario *s = made("asterisk", "queue={retry_s=1;counts_ringing=false;}");
    assert_true(s->queue.poll_s == 1.0 && s->queue.retry_s == 1.0);
    assert_false(s->queue.counts_ringing);
    assert_true(s->queue.timeout_cuts_ringing);
    rig_scenario_free(s);
    s = made("asterisk", "queue={poll_s=0.0;}");
    assert_true(s->queue.poll_s == 0.0 && s->queue.retry_s == 0.0);
    rig_scenario_free(s);
    s = made("asterisk", "queue={look_every_s=0.5;}");
    assert_true(s->queue.poll_s == 0.0 && s->queue.look_every_s == 0.5);
    rig_scenario_free(s);
    s = made("freeswitch", "queue={poll_s=1;}");
    assert_true(s->queue.poll_s == 1.0 && s->queue.look_every_s == 0.0);
    rig_scenario_free(s);
    s = made("freeswitch", "agents=({count=1;ring=1.0;rest_s=2;busy_rest_s=60;})");
    assert_true(s->agents[0].rest_s == 2.0 && s->agents[0].busy_rest_s == 60.0 &&
                s->agents[0].reject_rest_s == 2.0);
    rig_scenario_free(s);
}

/* The scenario that a run writes says all of it, and is the same again. */
static void test_is_written(void **state)
{
    (void)state;
    rig_scenario *s = made("asterisk", NULL), *again = NULL;
    rig_error err = {0};
    assert_int_equal(rig_scenario_write(s, copy_path, &err), RIG_OK);
    assert_int_equal(rig_scenario_read(copy_path, NULL, 0, &again, &err), RIG_OK);
    assert_int_equal(again->target.kind, RIG_TARGET_ASTERISK);
    assert_true(again->queue.poll_s == 1.0 && again->queue.retry_s == 5.0);
    assert_true(again->agents[0].rest_s == 0.0 && again->queue.counts_ringing);
    rig_scenario_free(s);
    rig_scenario_free(again);
}

/* One group of agents, whose phones refuse nobody, and nobody who is called back. */
static void test_dealing_is_of_one_group(void **state)
{
    (void)state;
    static const char two[] = "agents=({name=\"a\";count=1;ring=1;},{name=\"b\";count=1;ring=1;})";
    static const struct {
        const char *queue, *override, *message;
    } rows[] = {
        {"one_at_a_time = true;", two,
         "queue.one_at_a_time: true with 2 groups of agents; expected one"},
        {"routing = \"ring_all\";", two,
         "queue.routing: \"ring_all\" with 2 groups of agents; expected one"},
        {"routing = \"ring_all\";", "agents=({count=1;ring=1;busy_share=0.1;})",
         "queue.routing: \"ring_all\" with phones that refuse calls; expected one of the two"},
        {"one_at_a_time = true; deflection = { share = 0.5; };", "call_back={}",
         "queue.one_at_a_time: true, and callers who are called back; expected one of the two"},
        {"counts_ringing = true; timeout_cuts_ringing = true;", two, NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[1000];
        rig_scenario *s = NULL;
        rig_error err = {.text = ""};
        (void)snprintf(text, sizeof text, "%squeue: { %s };\n", good, rows[i].queue);
        const rig_status status = read_text(text, rows[i].override, &s, &err);
        assert_int_equal(status, rows[i].message != NULL ? RIG_EINPUT : RIG_OK);
        if (rows[i].message != NULL && strstr(err.text, rows[i].message) == NULL)
            fail_msg("\"%s\" lacks \"%s\"", err.text, rows[i].message);
        rig_scenario_free(s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_defaults),
        cmocka_unit_test(test_keys_go_first),
        cmocka_unit_test(test_is_written),
        cmocka_unit_test(test_dealing_is_of_one_group),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
