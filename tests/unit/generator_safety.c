/* What is refused before the first packet. */
#include "tests/test.h"

#include <string.h>

#include "generator/route.h"
#include "generator/safety.h"

static void knows_emergency_numbers(void **state)
{
    (void)state;
    static const char *const emergency[] = {
        "112",    "110",   "911",    "999",     "000",     "08",      "+112",  "+911",
        "0112",   "9911",  "9112",   "0999",    "112#",    "*112",    "00112", "+49112",
        "+49110", "+1911", "+44999", "0049112", "0044999", "+354112", "1-1-2", "9-911"};
    static const char *const harmless[] = {"785",         "4930785",     "0800112112", "+493011278",
                                           "1120",        "100",         "200",        "1112223",
                                           "+4930911911", "00493011211", "7112",       ""};
    for (size_t i = 0; i < sizeof emergency / sizeof *emergency; i++)
        if (!rig_safety_is_emergency(emergency[i]))
            fail_msg("%s is an emergency number", emergency[i]);
    for (size_t i = 0; i < sizeof harmless / sizeof *harmless; i++)
        if (rig_safety_is_emergency(harmless[i]))
            fail_msg("%s is not an emergency number", harmless[i]);
}

static rig_route route_to(const char *host)
{
    rig_route route;
    rig_error err = {0};
    assert_int_equal(rig_route_find(host, 5060, &route, &err), RIG_OK);
    return route;
}

static void finds_the_way(void **state)
{
    (void)state;
    static const char *const loopback[] = {"127.0.0.1", "127.1.2.3", "localhost"};
    for (size_t i = 0; i < sizeof loopback / sizeof *loopback; i++) {
        rig_route route = route_to(loopback[i]);
        assert_true(route.is_loopback);
        assert_string_equal(route.interface, "lo");
        assert_int_equal(strncmp(route.local, "127.", 4), 0);
        assert_int_equal(route.port, 5060);
    }
    rig_route route = {.port = 77};
    rig_error err = {0};
    assert_int_equal(rig_route_find("no such host.invalid", 5060, &route, &err), RIG_EENV);
    assert_int_equal(route.port, 77);
}

static void allows_only_who_is_named(void **state)
{
    (void)state;
    char ip[] = "192.0.2.7", name[] = "Centre.example", other[] = "192.0.2.8";
    char *const by_ip[] = {ip}, *const by_name[] = {other, name}, *const by_other[] = {other};
    const rig_route far = {.target = "192.0.2.7", .port = 5060};
    rig_route near = route_to("127.0.0.1");
    assert_true(rig_safety_is_allowed(&near, "127.0.0.1", NULL, 0));
    assert_false(rig_safety_is_allowed(&far, "centre.example", NULL, 0));
    assert_true(rig_safety_is_allowed(&far, "192.0.2.7", by_ip, 1));
    assert_true(rig_safety_is_allowed(&far, "centre.example", by_name, 2));
    assert_false(rig_safety_is_allowed(&far, "centre.example", by_other, 1));
}

static void keeps_the_limits(void **state)
{
    (void)state;
    char dial[] = "785", emergency[] = "112", allowed[] = "192.0.2.7";
    char *allow[] = {allowed};
    rig_rate_point rate[] = {{0.0, 600.0}};
    rig_trunk_group trunks[] = {{.n_circuits = 30}};
    rig_agent_group agents[] = {{.n_agents = 3, .ring_timeout_s = 20.0}};
    rig_planned_call calls[] = {{.t_s = 10.0, .patience_answer_s = 5.0, .talk_s = 60.0},
                                {.t_s = 20.0, .patience_answer_s = 5.0, .talk_s = 60.0}};
    const rig_schedule schedule = {.calls = calls, .n = 2};
    rig_scenario scenario = {.time_scale = 2.0,
                             .traffic = {.duration_s = 60, .rate = rate, .n_rate = 1},
                             .callers = {.dial = dial},
                             .trunks = trunks,
                             .n_trunks = 1,
                             .agents = agents,
                             .n_agents = 1,
                             .limits = {2, 20.0, 60.0, 0}};
    assert_int_equal(rig_dist_make(RIG_DIST_CONSTANT, 1.0, 0.0, &scenario.ivr.menu, NULL), RIG_OK);
    rig_route near = route_to("127.0.0.1");
    const rig_route far = {.target = "192.0.2.7", .port = 5060};
    rig_error err = {0};
    assert_int_equal(rig_safety_check(&scenario, &schedule, &near, "127.0.0.1", NULL, 0, &err),
                     RIG_OK);

    assert_int_equal(rig_safety_check(&scenario, &schedule, &far, "192.0.2.7", NULL, 0, &err),
                     RIG_EINPUT);
    assert_non_null(strstr(err.text, "--allow 192.0.2.7"));
    assert_int_equal(rig_safety_check(&scenario, &schedule, &far, "192.0.2.7", allow, 1, &err),
                     RIG_OK);
    scenario.target.allow = allow;
    scenario.target.n_allow = 1;
    assert_int_equal(rig_safety_check(&scenario, &schedule, &far, "192.0.2.7", NULL, 0, &err),
                     RIG_OK);

    scenario.callers.dial = emergency;
    assert_int_equal(rig_safety_check(&scenario, &schedule, &near, "127.0.0.1", NULL, 0, &err),
                     RIG_EINPUT);
    assert_non_null(strstr(err.text, "112"));
    scenario.callers.dial = dial;

    static const struct {
        rig_limits limits;
        const char *named;
    } passed[] = {
        {{1, 20.0, 60.0, 1}, "limits.max_calls"},
        {{2, 19.0, 60.0, 1}, "limits.max_rate_per_s"}, /* 10 calls/s, played twice as fast */
        {{2, 20.0, 20.0, 1}, "limits.max_run_s"}};
    for (size_t i = 0; i < sizeof passed / sizeof *passed; i++) {
        scenario.limits = passed[i].limits;
        assert_int_equal(rig_safety_check(&scenario, &schedule, &near, "127.0.0.1", NULL, 0, &err),
                         RIG_EINPUT);
        assert_non_null(strstr(err.text, passed[i].named));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(knows_emergency_numbers),
        cmocka_unit_test(finds_the_way),
        cmocka_unit_test(allows_only_who_is_named),
        cmocka_unit_test(keeps_the_limits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
