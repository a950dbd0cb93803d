/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A plan against Erlang B: only circuits lose calls, so the smallest count is known. Fixed seed. */
#include "tests/test.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "models/erlang_b.h"
#include "models/plan_evaluator.h"

/* 10 erlang; more agents than circuits, who answer at once, and callers who never give up. The run
 * is so long that its empty beginning shifts the mean by less than a hundredth of the loss. */
static const char text[] =
    "name = \"loss\"; seed = 4;\n"
    "traffic: { duration_s = 40000.0; rate = ( { at_s = 0.0; per_min = 10.0; } ); };\n"
    "callers: { patience_answer = 100000.0; patience_queue = 100000.0;\n"
    "           talk = { type = \"exponential\"; mean_s = 60.0; }; };\n"
    "trunks = ( { circuits = 1; } );\n"
    "agents = ( { count = 100; ring = 0; } );\n";

static rig_status evaluate(void *ctx, const size_t *index, uint32_t n_before, uint32_t n,
                           double *samples, rig_error *err)
{
    return rig_plan_evaluator_run(ctx, index, n_before, n, samples, err);
}

static void test_circuits_for_erlang_b(void **state)
{
    (void)state;
    static const struct {
        const char *axis, *need;
        double p_most; /* of the formula */
    } rows[] = {{"trunks[0].circuits=8:30", "lost_trunk<=2%", 0.02},
                {"trunks[0].circuits=8:30", "lost_trunk<=5%", 0.05},
                {"trunks[0].circuits=8:30", "lost_trunk<=0.5%", 0.005}};
    char path[] = "/tmp/peakrig-plan-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, sizeof text - 1), sizeof text - 1);
    close(fd);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        rig_plan_axis axis = {0};
        rig_plan_requirement requirement;
        rig_error err = {0};
        rig_plan *plan = NULL;
        assert_int_equal(rig_plan_axis_parse(rows[i].axis, &axis, &err), RIG_OK);
        assert_int_equal(rig_plan_requirement_parse(NULL, rows[i].need, &requirement, &err), RIG_OK);
        rig_plan_evaluator evaluator = {.path = path, .axes = &axis, .n_axes = 1};
        const rig_plan_question question = {.axes = &axis,
                                            .n_axes = 1,
                                            .requirements = &requirement,
                                            .n_requirements = 1,
                                            .n_replications = 20,
                                            .n_most_replications = 320,
                                            .confidence = 0.99};
        const rig_plan_source source = {evaluate, NULL, &evaluator};
        assert_int_equal(rig_plan_new(&question, &plan, &err), RIG_OK);
        if (rig_plan_run(plan, &source, &err) != RIG_OK)
            fail_msg("%s", err.text);
        uint32_t expected = 0;
        double p_block = 1.0;
        while (p_block > rows[i].p_most)
            assert_int_equal(rig_erlang_b(10.0, ++expected, &p_block, NULL), RIG_OK);
        assert_true(plan->answer != RIG_PLAN_NONE);
        const double found = axis.values[plan->points[plan->answer]->index[0]].number;
        print_message("%s: found %g, Erlang B %u\n", rows[i].need, found, expected);
        assert_true(found == (double)expected);
        for (size_t p = 0; p < plan->n_points; p++) { /* the evidence holds the formula */
            const rig_plan_point *point = plan->points[p];
            const uint32_t n_circuits = (uint32_t)axis.values[point->index[0]].number;
            assert_int_equal(rig_erlang_b(10.0, n_circuits, &p_block, NULL), RIG_OK);
            if (p_block < 0.001) /* too rare for Student's t */
                continue;
            if (!(point->judged[0].low < 1.01 * p_block && point->judged[0].high > 0.99 * p_block))
                fail_msg("%u circuits: %.6f..%.6f, Erlang B %.6f", n_circuits, point->judged[0].low,
                         point->judged[0].high, p_block);
        }
        rig_plan_free(plan);
        rig_plan_axis_clear(&axis);
    }
    unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_circuits_for_erlang_b)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
