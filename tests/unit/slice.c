/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Choosing calls, and finding the frames that messages need. */
#include <stdio.h>
#include <string.h>

#include "tests/test.h"

#include "analyzer/slice/frame_set.h"
#include "analyzer/slice/leg_map.h"
#include "analyzer/pick.h"
#include "analyzer/slice/stream_set.h"

/* A call at 100 s into a capture that begins at epoch second 1000. */
static rig_call call = {
    .call_id = (char[]){"a=b@host"},
    .planned_index = 7,
    .t_invite_ns = 1100 * RIG_NS_PER_S,
    .final_code = 200,
    .answered = true,
    .bye = RIG_BYE_CALLER,
    .outcome = RIG_OUTCOME_LOST_QUEUE,
    .reason = "centre BYE Q.850;cause=102 (Queue timeout)",
};

static bool fits(const char *const *terms, size_t n, const char *caller)
{
    static rig_pick pick;
    rig_error err = {.text = ""};
    pick = (rig_pick){.n = 0};
    for (size_t i = 0; i < n; i++) {
        if (rig_pick_add(&pick, terms[i], &err) != RIG_OK)
            fail_msg("%s", err.text);
    }
    const rig_pick_call of = {
        .call = &call,
        .outcome = call.outcome,
        .reason = call.reason,
        .t_capture_ns = 1000 * RIG_NS_PER_S,
        .fitting_caller =
            pick.asks_caller ? rig_pick_fit_caller(&pick, rig_slice_of(caller)) : UINT32_MAX,
    };
    return rig_pick_fits(&pick, &of);
}

static void test_conditions(void **state)
{
    static const struct {
        const char *term;
        bool fits;
    } lines[] = {
        {"outcome=lost_queue", true},
        {"outcome=lost_agent", false},
        {"reason=queue TIMEOUT", true},
        {"reason=queue full", false},
        {"call_id=a=b@host", true},
        {"call_id=a=b@hos", false},
        {"caller=4930", true},
        {"caller=493", false},
        {"caller=493*", true},
        {"caller=4930*", true},
        {"caller=49301*", false},
        {"caller=*", true},
        {"planned_index=7", true},
        {"planned_index=0..6", false},
        {"planned_index=7..", true},
        {"planned_index=..7", true},
        {"planned_index=..6", false},
        {"code=200..299", true},
        {"code=0", false},
        {"from=100", true},
        {"from=100.000000001", false},
        {"to=100", false},
        {"to=100.000000001", true},
        {"from=@1100", true},
        {"from=@1100.5", false},
        {"to=@1100.5", true},
        {"answered=yes", true},
        {"answered=no", false},
        {"bye=caller", true},
        {"bye=callee", false},
        {"outcome=lost_queue,answered=yes,from=99", true},
        {"outcome=lost_queue,answered=no", false},
        {"outcome=lost_queue,caller=1", false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        if (fits(&lines[i].term, 1, "4930") != lines[i].fits)
            fail_msg("%s", lines[i].term);
    }
}

static void test_any_term_is_enough(void **state)
{
    const char *const terms[] = {"caller=1,outcome=lost_queue", "caller=4930,outcome=served",
                                 "code=200"};
    (void)state;
    assert_false(fits(terms, 2, "4930"));
    assert_true(fits(terms, 3, "4930"));
    assert_false(fits(terms, 0, "4930"));
}

static void test_bad_terms(void **state)
{
    static const struct {
        const char *term, *says;
    } lines[] = {
        {"", "expected KEY=VALUE"},
        {"outcome", "expected KEY=VALUE"},
        {"colour=red", "\"colour=red\"; expected KEY=VALUE"},
        {"outcome=lost", "outcome: \"lost\"; expected lost_trunk"},
        {"outcome=not_placed", "outcome: \"not_placed\""},
        {"outcome=lost_queue,", "\"\"; expected KEY=VALUE"},
        {"reason=", "reason: \"\"; expected some text"},
        {"caller=", "caller: \"\""},
        {"planned_index=", "planned_index: \"\""},
        {"planned_index=..", "a range"},
        {"planned_index=9..1", "\"9..1\""},
        {"planned_index=-1", "\"-1\""},
        {"code=1x", "\"1x\""},
        {"from=1.0000000001", "nine decimals"},
        {"from=1.x", "\"1.x\""},
        {"to=", "to: \"\""},
        {"to=99999999999999", "to: "},
        {"answered=maybe", "yes or no"},
        {"bye=centre", "none, caller or callee"},
    };
    static rig_pick pick;
    (void)state;
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        rig_error err = {.text = ""};
        assert_int_equal(rig_pick_add(&pick, lines[i].term, &err), RIG_EINPUT);
        if (strstr(err.text, lines[i].says) == NULL)
            fail_msg("\"%s\" gave \"%s\"", lines[i].term, err.text);
        assert_int_equal(pick.n, 0);
    }
    for (int i = 0; i < RIG_PICK_MAX_TERMS; i++)
        assert_int_equal(rig_pick_add(&pick, "code=0", NULL), RIG_OK);
    assert_int_equal(rig_pick_add(&pick, "code=0", NULL), RIG_EINPUT);
}

/* ---- frames */

static void check_frames(rig_frame_set *set, const char *expected)
{
    char got[40] = "";
    assert_int_equal(rig_frame_set_complete(set, NULL), RIG_OK);
    for (uint64_t i = 1; i <= 30; i++)
        got[i - 1] = rig_frame_set_has(set, i) ? 'x' : '.';
    got[30] = '\0';
    while (strlen(got) > strlen(expected) && got[strlen(got) - 1] == '.')
        got[strlen(got) - 1] = '\0';
    assert_string_equal(got, expected);
    rig_frame_set_clear(set);
}

static void test_fragments_lead_back(void **state)
{
    rig_frame_set set = {.n_parts = 0};
    (void)state;
    rig_frame_set_part(&set, 3, 1, RIG_PART_OF_DATAGRAM);
    rig_frame_set_part(&set, 5, 3, RIG_PART_OF_DATAGRAM);
    rig_frame_set_part(&set, 6, 2, RIG_PART_OF_DATAGRAM); /* another one's */
    rig_frame_set_add(&set, &(rig_packet){.frame = 5, .first_frame = 5});
    check_frames(&set, "x.x.x");
}

/* Segments 2, 4, 5, 8: one message ends in 4 and another begins there and ends in 8. */
static void test_streams_lead_to_the_beginning(void **state)
{
    static const struct {
        uint32_t frame, first;
        const char *expected;
    } lines[] = {{8, 4, "...xx..x"}, {4, 2, ".x.x"}, {4, 4, "...x"}};
    (void)state;
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        rig_frame_set set = {.n_parts = 0};
        rig_frame_set_part(&set, 4, 2, RIG_PART_OF_STREAM);
        rig_frame_set_part(&set, 5, 4, RIG_PART_OF_STREAM);
        rig_frame_set_part(&set, 8, 5, RIG_PART_OF_STREAM);
        rig_frame_set_add(&set,
                          &(rig_packet){.frame = lines[i].frame, .first_frame = lines[i].first});
        check_frames(&set, lines[i].expected);
    }
}

/* A segment that came in fragments, in the middle of a message. */
static void test_fragments_of_segments(void **state)
{
    rig_frame_set set = {.n_parts = 0};
    (void)state;
    rig_frame_set_part(&set, 4, 3, RIG_PART_OF_DATAGRAM);
    rig_frame_set_part(&set, 4, 1, RIG_PART_OF_STREAM);
    rig_frame_set_part(&set, 6, 4, RIG_PART_OF_STREAM);
    rig_frame_set_add(&set, &(rig_packet){.frame = 6, .first_frame = 1});
    check_frames(&set, "x.xx.x");
}

static void test_many_frames(void **state)
{
    rig_frame_set set = {.n_parts = 0};
    (void)state;
    rig_frame_set_add(&set, &(rig_packet){.frame = 65, .first_frame = 65});
    rig_frame_set_add(&set, &(rig_packet){.frame = 4000000, .first_frame = 4000000});
    rig_frame_set_add(&set, &(rig_packet){.frame = 64, .first_frame = 64});
    assert_int_equal(rig_frame_set_complete(&set, NULL), RIG_OK);
    size_t n = 0;
    for (uint64_t i = 0; i < 5000000; i++)
        n += rig_frame_set_has(&set, i);
    assert_int_equal(n, 3);
    assert_true(rig_frame_set_has(&set, 4000000) && rig_frame_set_has(&set, 65));
    rig_frame_set_clear(&set);
}

static void test_streams(void **state)
{
    rig_stream_set set = {.n = 0};
    (void)state;
    assert_null(rig_stream_set_find(&set, 1));
    for (uint64_t i = 1; i <= 1000; i++) {
        rig_stream_set_add(&set, &(rig_packet){.stream = i << 9 | 1, .t_ns = 50, .frame = 9});
        rig_stream_set_add(&set, &(rig_packet){.stream = i << 9 | 1, .t_ns = 40, .frame = 3});
    }
    rig_stream_set_add(&set, &(rig_packet){.stream = 0, .frame = 3});
    assert_int_equal(set.n, 1000);
    const rig_stream_span *span = rig_stream_set_find(&set, 77 << 9 | 1);
    assert_non_null(span);
    assert_int_equal(span->t_first_ns, 40);
    assert_int_equal(span->last_frame, 9);
    assert_null(rig_stream_set_find(&set, 77));
    rig_stream_set_clear(&set);
}

static void test_legs(void **state)
{
    rig_leg_map map = {.n = 0};
    uint64_t order = 99;
    (void)state;
    assert_false(rig_leg_map_find(&map, 1, &order));
    rig_leg_map_join(&map, 1, 0);
    rig_leg_map_join(&map, 5000, 3);
    assert_false(map.has_failed);
    assert_true(rig_leg_map_find(&map, 1, &order) && order == 0);
    assert_true(rig_leg_map_find(&map, 5000, &order) && order == 3);
    assert_false(rig_leg_map_find(&map, 4999, &order) || rig_leg_map_find(&map, 6000000, &order));
    rig_leg_map_clear(&map);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_conditions),
        cmocka_unit_test(test_any_term_is_enough),
        cmocka_unit_test(test_bad_terms),
        cmocka_unit_test(test_fragments_lead_back),
        cmocka_unit_test(test_streams_lead_to_the_beginning),
        cmocka_unit_test(test_fragments_of_segments),
        cmocka_unit_test(test_many_frames),
        cmocka_unit_test(test_streams),
        cmocka_unit_test(test_legs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
