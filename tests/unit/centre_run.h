/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Calls made by hand, simulated: every fate and time is worked out in a comment of its test. */
#ifndef RIG_TESTS_UNIT_CENTRE_RUN_H
#define RIG_TESTS_UNIT_CENTRE_RUN_H

#include "tests/test.h"

#include <math.h>
#include <string.h>

#include "models/schedule/callers.h"
#include "models/centre.h"
#include "tests/small_scenario.h"

/** What comes out of a run; room for 3 groups of each kind and the 6 intervals of the small
 * scenario. */
typedef struct hand_run {
    rig_centre_output output;
    double trunks[3][RIG_N_TRUNK_METRICS];
    double groups[3][RIG_N_GROUP_METRICS];
    rig_interval intervals[6];
} hand_run;

/** A call: arrival, then the durations that matter. It rings for 1 s and talks for 10 s. */
static inline rig_planned_call call_at(double t_s)
{
    return (rig_planned_call){.t_s = t_s,
                              .patience_answer_s = 1000,
                              .patience_queue_s = 1000,
                              .patience_ringing_s = 1000,
                              .self_service_s = -1,
                              .talk_s = 10,
                              .caller_hangs_up = true,
                              .ring_s = {1, 1, 1, 1}};
}

static inline rig_dist constant(double s)
{
    return (rig_dist){.kind = RIG_DIST_CONSTANT, .mean_s = s};
}

/** Simulate; compare the first attempts' fates with letters: T I Q A lost, S served, M self-served,
 * D deflected, X dropped. */
static inline void run_calls(const rig_scenario *scenario, const rig_planned_call *calls, size_t n,
                             const char *expected, hand_run *run)
{
    static const char letters[RIG_N_OUTCOMES + 1] = "TIQAMDSX???";
    rig_centre *centre = NULL;
    rig_outcome fates[16];
    rig_planned_call own[16];
    const rig_callers_source from = {.scenario = scenario, .replication = 1};
    for (uint32_t i = 0; i < n; i++) { /* who they are is drawn: find_seed */
        own[i] = calls[i];
        own[i].trunk = (uint16_t)rig_callers_trunk(&from, i, 0);
        own[i].caller_class = (uint16_t)rig_callers_class(&from, i);
        own[i].choice = (uint16_t)rig_callers_choice(&from, i);
    }
    rig_schedule schedule = {.calls = own, .n = n};
    rig_centre_input input = {.schedule = &schedule, .replication = 1};
    rig_error err = {.text = ""};
    assert_int_equal(strlen(expected), n);
    assert_int_equal(rig_centre_new(scenario, &centre), RIG_OK);
    for (int again = 0; again < 2; again++) { /* a simulator leaves nothing behind */
        memset(run, 0, sizeof *run);
        run->output = (rig_centre_output){.fates = fates,
                                          .intervals = run->intervals,
                                          .trunks = run->trunks[0],
                                          .groups = run->groups[0]};
        if (rig_centre_simulate(centre, &input, &run->output, &err) != RIG_OK)
            fail_msg("%s", err.text);
        assert_true(rig_centre_is_idle(centre));
        assert_true(rig_tally_conserved(&run->output.tally, run->output.tally.n_offered));
        for (size_t i = 0; i < n; i++) {
            if (letters[fates[i]] != expected[i])
                fail_msg("call %zu: %s, expected %c", i, rig_outcome_name(fates[i]), expected[i]);
        }
    }
    rig_centre_free(centre);
}

/** A figure of the run. */
static inline void expect_metric(const hand_run *run, rig_metric metric, double expected)
{
    double value = run->output.metrics[metric];
    if (!(fabs(value - expected) < 1e-9))
        fail_msg("%s: %.9g, expected %.9g", rig_metric_describe(metric)->name, value, expected);
}

/** The carrier of somebody's first call. */
static inline uint32_t trunk_at_first(const rig_callers_source *from, uint32_t caller)
{
    return rig_callers_trunk(from, caller, 0);
}

/** Make the seed one by which the first callers have these classes, choices or carriers (digits).
 */
static inline void find_seed(rig_scenario *scenario, const char *digits,
                             uint32_t (*trait)(const rig_callers_source *, uint32_t))
{
    const rig_callers_source from = {.scenario = scenario, .replication = 1};
    for (;; scenario->seed++) {
        uint32_t i = 0;
        while (digits[i] != '\0' && trait(&from, i) == (uint32_t)(digits[i] - '0'))
            i++;
        if (digits[i] == '\0')
            return;
    }
}

#endif
