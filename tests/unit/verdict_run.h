/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A made run and its verdict, for tests. */
#ifndef RIG_TESTS_UNIT_VERDICT_RUN_H
#define RIG_TESTS_UNIT_VERDICT_RUN_H

#include <stdlib.h>
#include <string.h>

#include "verdict/verdict.h"
#include "tests/small_scenario.h"
#include "tests/unit/spread.h"

/* A conforming run of 1,000 calls: 300 lost at the trunk, the rest served. Tests spoil one thing.
 */
typedef struct made_run {
    small_scenario room;
    rig_prediction prediction;
    double samples[RIG_N_METRICS * N];
    rig_tally tally;
    double metrics[RIG_N_METRICS];
    rig_load_facts load;
    rig_level levels[1];
    rig_metric_counts counts;
    rig_verdict_input input;
} made_run;

static inline void predict(made_run *r, rig_metric metric, double mean, double half)
{
    spread(mean, half, r->samples + (size_t)metric * N);
}

static inline made_run *make_run(void)
{
    made_run *r = calloc(1, sizeof *r);
    assert_non_null(r);
    rig_scenario *s = small_scenario_make(&r->room);
    for (int i = 0; i < RIG_N_STAGES; i++)
        s->gate.margin[i] = (rig_margin){.margin_pp = 2.0};
    r->prediction = (rig_prediction){.is_replay = true, .n_replications = N, .samples = r->samples};
    predict(r, RIG_METRIC_P_LOST_PER_ENTRANT, 0.30, 0.01);
    predict(r, RIG_METRIC_CONNECT_RATE, 0.70, 0.01);
    for (int i = 0; i < 300; i++)
        rig_tally_add(&r->tally, RIG_OUTCOME_LOST_TRUNK, RIG_STAGE_TRUNK);
    for (int i = 0; i < 700; i++)
        rig_tally_add(&r->tally, RIG_OUTCOME_SERVED, RIG_STAGE_AGENT);
    r->counts = (rig_metric_counts){.n_answered = 700};
    rig_metrics_of_counts(&r->tally, &r->counts, r->metrics);
    r->load = (rig_load_facts){.n_planned = 1000,
                               .n_placed_by_rig = 1000,
                               .lateness_p99_ms = 2.0,
                               .ks_distance = 0.001,
                               .n_packets = 9000};
    r->input = (rig_verdict_input){
        .scenario = s,
        .load = &r->load,
        .prediction = &r->prediction,
        .observed = &r->tally,
        .observed_counts = &r->counts,
        .observed_metrics = r->metrics,
    };
    return r;
}

static inline void expect_verdict(made_run *r, rig_judgement judgement, const char *words)
{
    rig_verdict *verdict = NULL;
    rig_error err = {0};
    assert_int_equal(rig_verdict_new(&r->input, &verdict, &err), RIG_OK);
    for (int i = 0; i < RIG_N_STAGES;
         i++) /* nothing is said of any stage when the load was not valid */
        assert_int_equal(verdict->stages[i].judgement == RIG_JUDGEMENT_INVALID,
                         judgement == RIG_JUDGEMENT_INVALID);
    if (verdict->judgement != judgement || strstr(verdict->summary, words) == NULL)
        fail_msg("%s: \"%s\"", rig_judgement_name(verdict->judgement), verdict->summary);
    rig_verdict_free(verdict);
    free(r);
}

#endif
