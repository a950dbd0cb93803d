/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Agents and a queue: Erlang C, Erlang A, M/M/c/K. */
#include "cli/erlang/wait.h"

#include <stddef.h>

#include "models/erlang_a.h"
#include "models/erlang_c.h"
#include "models/mmck.h"

#define USE(id, role) RIG_CALC_USE(id, role)
#define REAL(id)      (v->real[RIG_CALC_##id])
#define COUNT(id)     (v->count[RIG_CALC_##id])
#define RULE_OF_TWO                                                                                \
    .n_roles = 2, .rule = "two of the traffic (ERLANG), --agents and one goal", .most = 1,         \
    .operand_rule = "at most one ERLANG"
#define BY_ERLANG_OR_RATE USE(OFFERED, TRAFFIC), USE(RATE, TRAFFIC)
#define FEWEST_AGENTS                                                                              \
    {                                                                                              \
        RIG_CALC_AGENTS, N_("the fewest agents")                                                   \
    }
#define MOST_TRAFFIC                                                                               \
    {                                                                                              \
        RIG_CALC_OFFERED, N_("the most traffic")                                                   \
    }
#define MEANS_WAITS      N_("share of the callers that waits")
#define MEANS_SERVED     N_("served within the threshold, per offered")
#define MEANS_LONGER     N_("waits longer, per offered")
#define MEANS_QUEUE      N_("callers waiting")
#define MEANS_BUSY       N_("occupancy of an agent")
#define MEANS_PERCENTILE N_("the wait that the share asked for has at most")

static const struct {
    rig_calc_id id;
    rig_goal_kind kind;
} goals[] = {{RIG_CALC_SERVICE_LEVEL, RIG_GOAL_SERVICE_LEVEL},
             {RIG_CALC_P_WAIT, RIG_GOAL_P_WAIT},
             {RIG_CALC_MEAN_WAIT, RIG_GOAL_MEAN_WAIT_S},
             {RIG_CALC_ABANDON, RIG_GOAL_P_LOST},
             {RIG_CALC_BLOCKED, RIG_GOAL_P_LOST}};

void rig_calc_fit_queue(rig_calc_reader *reader, rig_calc_values *v)
{
    for (size_t i = 0; i < sizeof goals / sizeof *goals; i++) {
        if (v->is_set[goals[i].id])
            v->goal = (rig_goal){goals[i].kind, v->real[goals[i].id], REAL(WITHIN)};
    }
    if (v->is_set[RIG_CALC_SERVICE_LEVEL] && !v->is_set[RIG_CALC_WITHIN])
        rig_calc_refuse(reader, "expected --within SECONDS with --service-level");
    if (v->is_set[RIG_CALC_RATE]) {
        v->is_set[RIG_CALC_OFFERED] = true;
        REAL(OFFERED) = REAL(RATE) * REAL(AHT) / 60.0;
    }
}

typedef struct c_figures {
    rig_erlang_c_figures of;
    double wait_percentile_s;
} c_figures;

static rig_erlang_c_input input_c(const rig_calc_values *v)
{
    return (rig_erlang_c_input){REAL(OFFERED), COUNT(AGENTS), REAL(AHT), REAL(WITHIN)};
}

static rig_status find_c(rig_calc_values *v, rig_error *err)
{
    const rig_erlang_c_input in = input_c(v);
    if (v->sought == RIG_CALC_OFFERED)
        return rig_erlang_c_load(&in, &v->goal, &REAL(OFFERED), err);
    return rig_erlang_c_agents(&in, &v->goal, &COUNT(AGENTS), err);
}

static rig_status compute_c(rig_calc_values *v, void *figures, rig_error *err)
{
    const rig_erlang_c_input in = input_c(v);
    c_figures *f = figures;
    rig_status status = rig_erlang_c(&in, &f->of, err);
    if (status == RIG_OK && v->is_set[RIG_CALC_PERCENTILE])
        status = rig_erlang_c_wait_percentile(&in, REAL(PERCENTILE), &f->wait_percentile_s, err);
    return status;
}

#define C(name) #name, offsetof(c_figures, of.name)
const rig_calc_formula rig_calc_c = {
    .name = "c",
    .summary = N_("agents; callers wait for ever (M/M/n)"),
    .operands = "[ERLANG] --aht SECONDS",
    .text =
        N_("Erlang C: callers who find all agents busy wait, first come first served, for ever.\n"
           "Two of ERLANG (offered traffic), --agents and a goal give the third. With ERLANG >=\n"
           "agents the queue grows without end: Erlang A has an answer there."),
    .source = "Cooper, Introduction to Queueing Theory, 2nd ed., section 3.5",
    .uses = {BY_ERLANG_OR_RATE, USE(AGENTS, SERVER), USE(AHT, REQUIRED), USE(WITHIN, OPTIONAL),
             USE(PERCENTILE, OPTIONAL), RIG_CALC_GOALS},
    RULE_OF_TWO,
    .fit = rig_calc_fit_queue,
    .inverses = {FEWEST_AGENTS, MOST_TRAFFIC},
    .find = find_c,
    .compute = compute_c,
    .outputs = {{C(p_wait), MEANS_WAITS, 0},
                {C(p_served_within), MEANS_SERVED, RIG_CALC_WITHIN},
                {C(mean_wait_s), N_("of all callers (ASA)"), 0},
                {C(mean_wait_queued_s), N_("of those who wait"), 0},
                {C(mean_queue), MEANS_QUEUE, 0},
                {C(p_busy), MEANS_BUSY, 0},
                {"wait_percentile_s", offsetof(c_figures, wait_percentile_s), MEANS_PERCENTILE, 0}},
};

typedef struct a_figures {
    rig_erlang_a_figures of;
    double wait_percentile_s;
} a_figures;

static rig_erlang_a_input input_a(const rig_calc_values *v)
{
    return (rig_erlang_a_input){REAL(OFFERED), COUNT(AGENTS), REAL(AHT), REAL(PATIENCE),
                                REAL(WITHIN)};
}

static rig_status find_a(rig_calc_values *v, rig_error *err)
{
    const rig_erlang_a_input in = input_a(v);
    if (v->sought == RIG_CALC_OFFERED)
        return rig_erlang_a_load(&in, &v->goal, &REAL(OFFERED), err);
    return rig_erlang_a_agents(&in, &v->goal, &COUNT(AGENTS), err);
}

static rig_status compute_a(rig_calc_values *v, void *figures, rig_error *err)
{
    const rig_erlang_a_input in = input_a(v);
    a_figures *f = figures;
    rig_status status = rig_erlang_a(&in, &f->of, err);
    if (status == RIG_OK && v->is_set[RIG_CALC_PERCENTILE])
        status = rig_erlang_a_wait_percentile(&in, REAL(PERCENTILE), &f->wait_percentile_s, err);
    return status;
}

#define A(name) #name, offsetof(a_figures, of.name)
const rig_calc_formula rig_calc_a = {
    .name = "a",
    .summary = N_("agents; callers wait while their patience lasts (M/M/n+M)"),
    .operands = "[ERLANG] --aht SECONDS --patience SECONDS",
    .text = N_("Erlang A: as Erlang C, but callers hang up when their patience ends (exponential,\n"
               "with the mean that is given). Any load has an answer. Two of ERLANG (offered\n"
               "traffic), --agents and a goal give the third."),
    .source = "Palm, 1957; Mandelbaum & Zeltyn, Service engineering in action, 2007",
    .uses = {BY_ERLANG_OR_RATE, USE(AGENTS, SERVER), USE(AHT, REQUIRED), USE(PATIENCE, REQUIRED),
             USE(WITHIN, OPTIONAL), USE(PERCENTILE, OPTIONAL), RIG_CALC_GOALS, USE(ABANDON, GOAL)},
    RULE_OF_TWO,
    .fit = rig_calc_fit_queue,
    .inverses = {FEWEST_AGENTS, MOST_TRAFFIC},
    .find = find_a,
    .compute = compute_a,
    .outputs = {{A(p_wait), MEANS_WAITS, 0},
                {A(p_abandon), N_("share that abandons"), 0},
                {A(p_served_within), MEANS_SERVED, RIG_CALC_WITHIN},
                {A(p_abandoned_within), N_("abandoned within it, per offered"), RIG_CALC_WITHIN},
                {A(p_wait_over), MEANS_LONGER, RIG_CALC_WITHIN},
                {A(p_answered_in_time), N_("served within it, early abandons not counted"),
                 RIG_CALC_WITHIN},
                {A(mean_wait_s), N_("of all callers"), 0},
                {A(mean_wait_served_s), N_("of those served (ASA)"), 0},
                {A(mean_wait_abandoned_s), N_("of those who abandon"), 0},
                {A(mean_queue), MEANS_QUEUE, 0},
                {A(p_busy), MEANS_BUSY, 0},
                {"wait_percentile_s", offsetof(a_figures, wait_percentile_s), MEANS_PERCENTILE, 0}},
};

#define MMCK_RULE                                                                                  \
    "ERLANG and two of --agents, --places and a goal (--loss, when the places are sought)"

static void fit_mmck(rig_calc_reader *reader, rig_calc_values *v)
{
    rig_calc_fit_queue(reader, v);
    if (!v->is_set[RIG_CALC_OFFERED] ||
        !(v->is_set[RIG_CALC_PLACES] || v->is_set[RIG_CALC_BLOCKED]))
        rig_calc_refuse(reader, "expected %s", MMCK_RULE);
}

static rig_mmck_input input_mmck(const rig_calc_values *v)
{
    return (rig_mmck_input){REAL(OFFERED), COUNT(AGENTS), COUNT(PLACES), REAL(AHT), REAL(WITHIN)};
}

static rig_status find_mmck(rig_calc_values *v, rig_error *err)
{
    const rig_mmck_input in = input_mmck(v);
    uint32_t *n = &v->count[v->sought];
    return v->sought == RIG_CALC_PLACES ? rig_mmck_places(&in, v->goal.value, n, err)
                                        : rig_mmck_agents(&in, &v->goal, n, err);
}

static rig_status compute_mmck(rig_calc_values *v, void *figures, rig_error *err)
{
    const rig_mmck_input in = input_mmck(v);
    return rig_mmck(&in, figures, err);
}

#define MMCK(name) #name, offsetof(rig_mmck_figures, name)
const rig_calc_formula rig_calc_mmck = {
    .name = "mmck",
    .summary = N_("circuits and fewer agents; patient callers (M/M/c/K)"),
    .operands = "ERLANG --aht SECONDS",
    .text = N_("M/M/c/K: --agents, and --places (circuits) for the callers who talk or wait; who\n"
               "finds all places taken is lost, nobody abandons. Without --places, --loss gives\n"
               "them; without --agents, a goal gives them."),
    .source = "Gross, Shortle, Thompson & Harris, Fundamentals of Queueing Theory, 4th ed., 2.5",
    .uses = {BY_ERLANG_OR_RATE, USE(AGENTS, SERVER), USE(PLACES, ROOM), USE(AHT, REQUIRED),
             USE(WITHIN, OPTIONAL), RIG_CALC_GOALS, USE(BLOCKED, GOAL)},
    .n_roles = 3,
    .rule = MMCK_RULE,
    .most = 1,
    .operand_rule = "at most one ERLANG",
    .fit = fit_mmck,
    .inverses = {{RIG_CALC_PLACES, N_("the fewest places")}, FEWEST_AGENTS},
    .find = find_mmck,
    .compute = compute_mmck,
    .outputs = {{MMCK(p_block), N_("share of the calls that is blocked"), 0},
                {MMCK(p_wait), N_("share that waits, per offered"), 0},
                {MMCK(p_wait_accepted), N_("the same, per accepted"), 0},
                {MMCK(p_served_within), MEANS_SERVED, RIG_CALC_WITHIN},
                {MMCK(p_wait_over), MEANS_LONGER, RIG_CALC_WITHIN},
                {MMCK(mean_wait_s), N_("of the accepted"), 0},
                {MMCK(mean_queue), MEANS_QUEUE, 0},
                {MMCK(mean_in_system), N_("callers waiting or talking"), 0},
                {MMCK(p_busy), MEANS_BUSY, 0}},
};
