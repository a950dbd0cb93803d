/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is always true of the simulated centre, whatever is in the scenario: many scenarios made at
 * random (fixed seeds) with all features mixed. */
#include "tests/test.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/random.h"
#include "models/centre.h"
#include "tests/small_scenario.h"

#define N_SCENARIOS 2000

enum { N_GROUPS = 3, N_TRUNKS = 3, N_SKILLS = 3, N_CLASSES = 3, N_TIERS = 2, N_FAULTS = 4 };

/* A scenario with room for all that it points to. */
typedef struct made_scenario {
    small_scenario room;
    rig_trunk_group trunks[N_TRUNKS];
    uint32_t overflow[N_TRUNKS][N_TRUNKS];
    rig_agent_group agents[N_GROUPS];
    rig_shift shifts[N_GROUPS][3];
    uint8_t level[N_GROUPS][N_SKILLS];
    rig_choice choices[N_SKILLS];
    rig_caller_class classes[N_CLASSES];
    rig_queue_overflow queue_overflow[2];
    rig_reserve reserves[N_TIERS];
    rig_fault faults[N_FAULTS];
    uint64_t seed, n_drawn;
} made_scenario;

static double uniform(made_scenario *m)
{
    return rig_random_uniform(m->seed, RIG_CAUSE_TARGET, m->n_drawn++, 0, 0);
}

static bool chance(made_scenario *m, double p)
{
    return uniform(m) < p;
}

static uint32_t below(made_scenario *m, uint32_t n)
{
    return (uint32_t)(uniform(m) * (double)n);
}

/* Constants now and then, 0 among them: they make events of the same instant. */
static rig_dist duration(made_scenario *m, double mean_s)
{
    static const rig_dist_kind kinds[] = {RIG_DIST_CONSTANT, RIG_DIST_CONSTANT,
                                          RIG_DIST_EXPONENTIAL, RIG_DIST_UNIFORM,
                                          RIG_DIST_LOGNORMAL};
    rig_dist dist = {.kind = kinds[below(m, 5)], .mean_s = mean_s * 2.0 * uniform(m), .cv = 0.5};
    if (dist.kind == RIG_DIST_CONSTANT)
        dist.mean_s = chance(m, 0.2) ? 0.0 : round(dist.mean_s);
    return dist;
}

static void make_trunks(made_scenario *m)
{
    rig_scenario *s = &m->room.scenario;
    bool has_shares = chance(m, 0.5);
    s->trunks = m->trunks;
    s->n_trunks = 1 + below(m, N_TRUNKS);
    for (uint32_t i = 0; i < s->n_trunks; i++) {
        m->trunks[i] =
            (rig_trunk_group){.n_circuits = 1 + below(m, 20), .overflow = m->overflow[i]};
        m->trunks[i].p_spare = chance(m, 0.4) ? 0.5 * uniform(m) : 0.0;
        if (has_shares)
            m->trunks[i].p_share = 1.0 / (double)s->n_trunks;
        for (uint32_t k = 0; k < s->n_trunks; k++) {
            if (k != i && (has_shares ? chance(m, 0.5) : i == 0))
                m->overflow[i][m->trunks[i].n_overflow++] = k;
        }
    }
}

static void make_callers(made_scenario *m)
{
    rig_scenario *s = &m->room.scenario;
    s->callers.patience_answer = duration(m, 10);
    s->callers.patience_queue = duration(m, 20);
    s->callers.patience_ringing = duration(m, 10);
    s->callers.talk = duration(m, 15);
    s->callers.classes = m->classes;
    s->callers.n_classes = 1 + below(m, N_CLASSES);
    for (uint32_t i = 0; i < s->callers.n_classes; i++)
        m->classes[i] = (rig_caller_class){.p_share = 1.0 / (double)s->callers.n_classes,
                                           .priority = below(m, 3)};
    if (chance(m, 0.5))
        s->callers.redial = (rig_redial){
            .p_redial = uniform(m), .max_redials = 1 + below(m, 4), .delay = duration(m, 10)};
}

static void make_agents(made_scenario *m)
{
    rig_scenario *s = &m->room.scenario;
    s->n_skills = 1 + below(m, N_SKILLS);
    s->ivr.choices = m->choices;
    s->ivr.n_choices = s->n_skills;
    s->agents = m->agents;
    s->n_agents = 1 + below(m, N_GROUPS);
    for (uint32_t k = 0; k < s->n_skills; k++)
        m->choices[k] = (rig_choice){.p_share = 1.0 / (double)s->n_skills, .skill = k};
    for (uint32_t i = 0; i < s->n_agents; i++) {
        rig_agent_group *g = &m->agents[i];
        *g = (rig_agent_group){.shifts = m->shifts[i],
                               .level = m->level[i],
                               .ring = duration(m, 3),
                               .ring_timeout_s = 1.0 + 10.0 * uniform(m),
                               .rest_s = 1.0 + 3.0 * uniform(m),
                               .wrap_up = duration(m, 5)};
        g->n_shifts = chance(m, 0.5) ? 1 : 3;
        for (uint32_t k = 0; k < g->n_shifts; k++) {
            m->shifts[i][k] = (rig_shift){.at_s = 25.0 * (double)k, .n_agents = below(m, 8)};
            g->n_agents = (uint32_t)fmax(g->n_agents, m->shifts[i][k].n_agents);
        }
        if (g->n_agents == 0)
            g->n_agents = m->shifts[i][0].n_agents = 1;
        for (uint32_t k = 0; k < s->n_skills; k++)
            m->level[i][k] = (uint8_t)(k == i % s->n_skills ? 1 : below(m, 3));
    }
    s->queue.routing = (rig_routing)below(m, 3);
    s->reserves = m->reserves;
    s->n_reserves = below(m, N_TIERS + 1);
    for (uint32_t i = 0; i < s->n_reserves; i++)
        m->reserves[i] = (rig_reserve){.group = below(m, (uint32_t)s->n_agents),
                                       .n_agents = 1 + below(m, 6),
                                       .queue_above = below(m, 6),
                                       .ignores_queue = chance(m, 0.2),
                                       .connect_rate_below = chance(m, 0.3) ? uniform(m) : 0.0,
                                       .window_s = 1.0 + 20.0 * uniform(m),
                                       .agents_below = chance(m, 0.3) ? below(m, 8) : 0,
                                       .for_s = chance(m, 0.3) ? 0.0 : 5.0 * uniform(m),
                                       .arrive_after = duration(m, 10),
                                       .leave_after_s = 0.5 + 10.0 * uniform(m)};
}

static void make_queue(made_scenario *m)
{
    rig_scenario *s = &m->room.scenario;
    rig_queue *q = &s->queue;
    q->capacity = chance(m, 0.4) ? 1 + below(m, 10) : 0;
    q->timeout_s = chance(m, 0.4) ? 1.0 + 20.0 * uniform(m) : 0.0;
    q->announcement = (rig_announcement)below(m, 3);
    q->seconds_per_place = 3.0 * uniform(m);
    q->service_level_s = 10.0 * uniform(m);
    q->overflow = m->queue_overflow;
    q->n_overflow = below(m, 3);
    for (uint32_t i = 0; i < q->n_overflow; i++)
        m->queue_overflow[i] = (rig_queue_overflow){.skill = below(m, (uint32_t)s->n_skills),
                                                    .after_s = 1.0 + 8.0 * uniform(m),
                                                    .group = below(m, (uint32_t)s->n_agents)};
    if (chance(m, 0.5))
        q->keep_place = (rig_keep_place){.p_accept = uniform(m),
                                         .min_wait_s = 10.0 * uniform(m),
                                         .max_places = 1 + below(m, 10)};
    if (chance(m, 0.5))
        q->deflection = (rig_deflection){
            .p_accept = uniform(m), .queue_from = below(m, 5), .announcement_s = 5.0 * uniform(m)};
    s->call_back = (rig_call_back){.start_s = chance(m, 0.3) ? 0.0 : 60.0 * uniform(m),
                                   .idle_agents = 1 + below(m, 3),
                                   .n_attempts = 1 + below(m, 3),
                                   .p_reached = uniform(m),
                                   .answer = duration(m, 5),
                                   .no_answer_s = 10.0 * uniform(m),
                                   .retry_delay = duration(m, 30)};
    s->emergency = (rig_emergency){1.0, 0.0, 0, 0};
    if (chance(m, 0.3))
        s->emergency = (rig_emergency){0.5, below(m, 2) * 40.0, 2 + below(m, 3), below(m, 3)};
}

static void make_faults(made_scenario *m)
{
    rig_scenario *s = &m->room.scenario;
    s->faults = m->faults;
    s->n_faults = chance(m, 0.5) ? below(m, N_FAULTS + 1) : 0;
    for (uint32_t i = 0; i < s->n_faults; i++)
        m->faults[i] = (rig_fault){.kind = (rig_fault_kind)below(m, 3),
                                   .at_s = 70.0 * uniform(m),
                                   .for_s = 1.0 + 20.0 * uniform(m),
                                   .trunk = below(m, (uint32_t)s->n_trunks),
                                   .cuts_calls = chance(m, 0.6)};
}

static rig_scenario *make(made_scenario *m, uint64_t seed)
{
    *m = (made_scenario){.seed = seed};
    rig_scenario *s = small_scenario_make(&m->room);
    s->seed = seed;
    m->room.rate[0].rate_per_min = 30.0 + 400.0 * uniform(m);
    s->limits.max_outside = 100000;
    make_trunks(m);
    make_callers(m);
    s->ivr.n_ports = 1 + below(m, 30);
    s->ivr.menu = duration(m, 3);
    s->ivr.hold_while_queued = chance(m, 0.5);
    s->ivr.p_self_service = chance(m, 0.5) ? 0.3 : 0.0;
    s->ivr.self_service = duration(m, 4);
    make_agents(m);
    make_queue(m);
    make_faults(m);
    return s;
}

/* One run's output with its arrays. */
typedef struct made_output {
    rig_centre_output output;
    rig_interval intervals[6];
    double trunks[N_TRUNKS * RIG_N_TRUNK_METRICS];
    double groups[N_GROUPS * RIG_N_GROUP_METRICS];
} made_output;

static void simulate(rig_centre *centre, const rig_schedule *schedule, made_output *out)
{
    const rig_centre_input input = {.schedule = schedule, .replication = 7};
    rig_error err = {.text = ""};
    memset(out, 0, sizeof *out);
    out->output.intervals = out->intervals;
    out->output.trunks = out->trunks;
    out->output.groups = out->groups;
    if (rig_centre_simulate(centre, &input, &out->output, &err) != RIG_OK)
        fail_msg("%s", err.text);
    out->output.intervals = NULL; /* so that outputs compare as memory */
    out->output.trunks = out->output.groups = NULL;
    assert_true(rig_centre_is_idle(centre));
}

static void expect_share(double value)
{
    assert_true(isnan(value) || (value >= 0.0 && value <= 1.0 + 1e-12));
}

static void expect_conserved(const rig_scenario *s, const made_output *out, size_t n_callers)
{
    const rig_tally *tally = &out->output.tally;
    const rig_centre_counts *n = &out->output.counts;
    assert_true(rig_tally_conserved(tally, tally->n_offered));
    assert_int_equal(n->n_callers, n_callers);
    assert_int_equal(n->n_callers + n->n_redials, tally->n_offered);
    assert_int_equal(n->n_promised, tally->n_outcome[RIG_OUTCOME_DEFLECTED]);
    assert_int_equal(n->n_promised, n->n_called_back + n->n_cut_back + n->n_never_reached);
    assert_int_equal(n->n_call_backs, n->n_called_back + n->n_cut_back + n->n_vain);
    assert_int_equal(n->n_served_callers, tally->n_outcome[RIG_OUTCOME_SERVED] +
                                              tally->n_outcome[RIG_OUTCOME_SELF_SERVED] +
                                              n->n_called_back);
    /* a redial follows a loss */
    uint64_t n_lost = tally->n_outcome[RIG_OUTCOME_DROPPED] + n->n_cut_back;
    for (int i = 0; i < RIG_N_STAGES; i++)
        n_lost += rig_tally_lost(tally, (rig_stage)i);
    assert_true(n->n_redials <= n_lost);
    double n_offered = 0.0, n_refused = 0.0, n_talks = 0.0, n_in_intervals = 0.0;
    for (size_t i = 0; i < s->n_trunks; i++) {
        const double *t = out->trunks + i * RIG_N_TRUNK_METRICS;
        n_offered += t[RIG_TRUNK_N_OFFERED];
        n_refused += t[RIG_TRUNK_N_REFUSED];
        assert_true(t[RIG_TRUNK_PEAK_CIRCUITS] <= (double)s->trunks[i].n_circuits);
        assert_true(t[RIG_TRUNK_MEAN_CIRCUITS] <= t[RIG_TRUNK_PEAK_CIRCUITS] + 1e-9);
    }
    for (size_t i = 0; i < s->n_agents; i++) {
        const double *g = out->groups + i * RIG_N_GROUP_METRICS;
        n_talks += g[RIG_GROUP_N_TALKS];
        expect_share(g[RIG_GROUP_OCCUPANCY]);
        assert_true(isnan(g[RIG_GROUP_MEAN_TALKS]) ||
                    g[RIG_GROUP_MEAN_TALKS] <= g[RIG_GROUP_MOST_TALKS]);
    }
    for (int i = 0; i < 6; i++) {
        const rig_interval *in = &out->intervals[i];
        n_in_intervals += in->n_offered;
        expect_share(in->occupancy);
        expect_share(in->service_level);
        assert_true(isnan(in->wait_p50_s) ||
                    (in->wait_p50_s <= in->wait_p95_s && in->wait_p95_s <= in->wait_max_s &&
                     in->wait_mean_s <= in->wait_max_s + 1e-9));
        assert_true(in->mean_circuits <= out->output.metrics[RIG_METRIC_PEAK_CIRCUITS] + 1e-9);
        assert_true(in->mean_queue <= out->output.metrics[RIG_METRIC_PEAK_QUEUE] + 1e-9);
    }
    assert_true(n_offered == (double)tally->n_offered);
    assert_true(n_refused == (double)tally->n_outcome[RIG_OUTCOME_LOST_TRUNK]);
    assert_true(n_talks >= (double)(tally->n_outcome[RIG_OUTCOME_SERVED] + n->n_called_back));
    assert_true(n_talks <= (double)(tally->n_outcome[RIG_OUTCOME_SERVED] + n->n_called_back +
                                    n->n_cut_back + tally->n_outcome[RIG_OUTCOME_DROPPED]));
    assert_true(n_in_intervals >= (double)n_callers && n_in_intervals <= n_offered);
    expect_share(out->output.metrics[RIG_METRIC_SERVED_IN_THE_END]);
    expect_share(out->output.metrics[RIG_METRIC_OCCUPANCY]);
}

/* Conservation; nothing in use at the end; again the same; and the callers that Monte Carlo draws
 * are those of the schedule of that replication, bit for bit. */
static void test_all_features(void **state)
{
    (void)state;
    uint64_t n_outcome[RIG_N_OUTCOMES] = {0}, n_redials = 0, n_called_back = 0, n_vain = 0,
             n_cut_back = 0;
    made_scenario m;
    for (uint64_t seed = 1; seed <= N_SCENARIOS; seed++) {
        rig_scenario *s = make(&m, seed);
        rig_centre *centre = NULL;
        rig_schedule *schedule = NULL;
        static made_output drawn, again, replayed;
        assert_int_equal(rig_schedule_draw(s, 7, &schedule, NULL), RIG_OK);
        assert_int_equal(rig_centre_new(s, &centre), RIG_OK);
        simulate(centre, NULL, &drawn);
        expect_conserved(s, &drawn, rig_schedule_n_first(schedule));
        simulate(centre, NULL, &again);
        simulate(centre, schedule, &replayed);
        if (memcmp(&drawn, &again, sizeof drawn) != 0)
            fail_msg("seed %u: a second run differs", (unsigned)seed);
        if (memcmp(&drawn, &replayed, sizeof drawn) != 0)
            fail_msg("seed %u: the replay differs", (unsigned)seed);
        for (int i = 0; i < RIG_N_OUTCOMES; i++)
            n_outcome[i] += drawn.output.tally.n_outcome[i];
        n_redials += drawn.output.counts.n_redials;
        n_called_back += drawn.output.counts.n_called_back;
        n_vain += drawn.output.counts.n_vain;
        n_cut_back += drawn.output.counts.n_cut_back;
        rig_centre_free(centre);
        rig_schedule_free(schedule);
    }
    /* all of it has happened */
    for (int i = 0; i <= RIG_OUTCOME_DROPPED; i++)
        assert_true(n_outcome[i] > 1000);
    assert_true(n_redials > 1000 && n_called_back > 1000 && n_vain > 100 && n_cut_back > 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_all_features)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
