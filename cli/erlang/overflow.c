/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Overflow and traffic that is not Poisson: Riordan, Wilkinson, Hayward. */
#include <stddef.h>

#include "cli/erlang/formula.h"
#include "models/hayward.h"
#include "models/overflow.h"

#define USE(id, role) RIG_CALC_USE(id, role)
#define REAL(id)      (v->real[RIG_CALC_##id])
#define COUNT(id)     (v->count[RIG_CALC_##id])

typedef struct overflow_figures {
    double mean_erl, variance_erl, peakedness, equivalent_erl, equivalent_circuits, p_lost;
    double p_lost_of_all, rapp_erl, rapp_circuits;
} overflow_figures;

static void fit_group(rig_calc_reader *reader, rig_calc_values *v)
{
    if (v->is_set[RIG_CALC_CIRCUITS] && v->is_set[RIG_CALC_LOSS])
        rig_calc_refuse(reader, "--circuits and --loss; expected at most one of them");
}

static void fit_overflow(rig_calc_reader *reader, rig_calc_values *v)
{
    bool is_one = v->n_list == 2;
    fit_group(reader, v);
    v->is_set[RIG_CALC_OFFERED] = v->is_set[RIG_CALC_FIRST_CIRCUITS] = is_one;
    REAL(OFFERED) = v->list[0];
    REAL(FIRST_CIRCUITS) = v->list[1];
    v->is_set[RIG_CALC_N_GROUPS] = true;
    REAL(N_GROUPS) = (double)(v->n_list / 2);
}

static rig_status moments_of(const rig_calc_values *v, rig_two_moments *sum, rig_error *err)
{
    rig_first_group groups[RIG_MAX_OVERRIDES];
    for (size_t i = 0; i < v->n_list / 2; i++)
        groups[i] = (rig_first_group){v->list[2 * i], v->list[2 * i + 1]};
    if (v->n_list > 0)
        return rig_overflow_sum(groups, v->n_list / 2, sum, err);
    *sum = (rig_two_moments){REAL(MEAN), REAL(VARIANCE)};
    return RIG_OK;
}

static rig_status find_group(rig_calc_values *v, rig_error *err)
{
    rig_two_moments t;
    rig_first_group equivalent;
    rig_status status = moments_of(v, &t, err);
    if (status == RIG_OK)
        status = rig_overflow_equivalent(&t, &equivalent, err);
    if (status == RIG_OK)
        status = rig_overflow_circuits(&t, REAL(LOSS), &COUNT(CIRCUITS), err);
    return status;
}

/* The equivalent group and, when the last group is known, its loss. */
static rig_status compute_group(const rig_calc_values *v, const rig_two_moments *t,
                                overflow_figures *f, rig_error *err)
{
    rig_first_group equivalent;
    rig_status status = rig_overflow_equivalent(t, &equivalent, err);
    if (status != RIG_OK)
        return status;
    f->equivalent_erl = equivalent.offered_erl;
    f->equivalent_circuits = equivalent.n_circuits;
    if (!v->is_set[RIG_CALC_CIRCUITS] && v->sought == RIG_CALC_NONE)
        return RIG_OK;
    return rig_overflow_loss(t, COUNT(CIRCUITS), &f->p_lost, err);
}

static rig_status compute_overflow(rig_calc_values *v, void *figures, rig_error *err)
{
    overflow_figures *f = figures;
    rig_two_moments t;
    rig_status status = moments_of(v, &t, err);
    if (status != RIG_OK)
        return status;
    f->mean_erl = t.mean_erl;
    f->variance_erl = t.variance_erl;
    f->peakedness = t.mean_erl > 0.0 ? t.variance_erl / t.mean_erl : 1.0;
    if (!v->is_set[RIG_CALC_CIRCUITS] && v->sought == RIG_CALC_NONE)
        return RIG_OK;
    double all_erl = 0.0;
    for (size_t i = 0; i < v->n_list; i += 2)
        all_erl += v->list[i];
    status = compute_group(v, &t, f, err);
    f->p_lost_of_all = f->p_lost * t.mean_erl / all_erl;
    return status;
}

#define F(name) #name, offsetof(overflow_figures, name)
#define EQUIVALENT_ERL                                                                             \
    {                                                                                              \
        F(equivalent_erl), N_("equivalent random traffic ..."), 0                                  \
    }
#define EQUIVALENT_N                                                                               \
    {                                                                                              \
        F(equivalent_circuits), N_("... that overflows from so many circuits"), 0                  \
    }
#define P_LOST                                                                                     \
    {                                                                                              \
        F(p_lost), N_("share of the overflow that is lost"), 0                                     \
    }
#define CIRCUITS_SOUGHT                                                                            \
    {                                                                                              \
        RIG_CALC_CIRCUITS, N_("the fewest circuits")                                               \
    }
const rig_calc_formula rig_calc_overflow = {
    .name = "overflow",
    .summary = N_("what full groups send on, and the circuits for it"),
    .operands = "ERLANG CIRCUITS [ERLANG CIRCUITS]...",
    .text =
        N_("Overflow: what one or more groups of circuits cannot carry, by mean and variance\n"
           "(Riordan); a pair with 0 circuits is traffic that comes directly. With --circuits or\n"
           "--loss also the group to which all of it overflows (Wilkinson)."),
    .source = "Wilkinson, BSTJ 35(2), 1956",
    .uses = {USE(GROUPS, REQUIRED),
             USE(OFFERED, DERIVED),
             USE(FIRST_CIRCUITS, DERIVED),
             USE(N_GROUPS, DERIVED),
             {RIG_CALC_CIRCUITS, RIG_CALC_SERVER, N_("circuits that it overflows to"), NULL},
             {RIG_CALC_LOSS, RIG_CALC_GOAL, N_("of the overflow that may be lost there"), NULL}},
    .least = 2,
    .most = RIG_MAX_OVERRIDES,
    .operand_rule = "pairs of ERLANG CIRCUITS",
    .fit = fit_overflow,
    .inverses = {CIRCUITS_SOUGHT},
    .sought_at = 5,
    .find = find_group,
    .compute = compute_overflow,
    .outputs = {{F(mean_erl), N_("mean of the overflow"), 0},
                {F(variance_erl), N_("its variance"), 0},
                {F(peakedness), N_("variance / mean"), 0},
                EQUIVALENT_ERL,
                EQUIVALENT_N,
                P_LOST,
                {F(p_lost_of_all), N_("share of all offered traffic that is lost"), 0}},
};

static rig_status compute_wilkinson(rig_calc_values *v, void *figures, rig_error *err)
{
    overflow_figures *f = figures;
    rig_first_group rapp;
    const rig_two_moments t = {REAL(MEAN), REAL(VARIANCE)};
    rig_status status = compute_group(v, &t, f, err);
    if (status == RIG_OK)
        status = rig_overflow_rapp(&t, &rapp, err);
    if (status != RIG_OK)
        return status;
    f->rapp_erl = rapp.offered_erl;
    f->rapp_circuits = rapp.n_circuits;
    return RIG_OK;
}

const rig_calc_formula rig_calc_wilkinson = {
    .name = "wilkinson",
    .summary = N_("peaked traffic by its equivalent random group"),
    .operands = "MEAN VARIANCE",
    .text =
        N_("Wilkinson's equivalent random theory: traffic with a MEAN and a VARIANCE >= MEAN\n"
           "(erlang) is taken for the overflow of one group; with --circuits its loss on further\n"
           "circuits, with --loss the circuits."),
    .source = "Wilkinson, BSTJ 35(2), 1956; Rapp, Ericsson Technics 20(2), 1964",
    .uses = {USE(MEAN, REQUIRED),
             USE(VARIANCE, REQUIRED),
             {RIG_CALC_CIRCUITS, RIG_CALC_SERVER, N_("circuits that it comes to"), NULL},
             {RIG_CALC_LOSS, RIG_CALC_GOAL, N_("of it that may be lost there"), NULL}},
    .least = 2,
    .most = 2,
    .operand_rule = "MEAN VARIANCE",
    .fit = fit_group,
    .inverses = {CIRCUITS_SOUGHT},
    .sought_at = 2,
    .find = find_group,
    .compute = compute_wilkinson,
    .outputs = {EQUIVALENT_ERL,
                EQUIVALENT_N,
                P_LOST,
                {F(rapp_erl), N_("Rapp's approximation of that traffic ..."), 0},
                {F(rapp_circuits), N_("... and of its circuits"), 0}},
};

static rig_status find_hayward(rig_calc_values *v, rig_error *err)
{
    double z = REAL(PEAKEDNESS);
    if (v->sought == RIG_CALC_OFFERED)
        return rig_hayward_load(COUNT(CIRCUITS), z, REAL(LOSS), &REAL(OFFERED), err);
    return rig_hayward_circuits(REAL(OFFERED), z, REAL(LOSS), &COUNT(CIRCUITS), err);
}

static rig_status compute_hayward(rig_calc_values *v, void *figures, rig_error *err)
{
    return rig_hayward(REAL(OFFERED), REAL(PEAKEDNESS), COUNT(CIRCUITS), figures, err);
}

const rig_calc_formula rig_calc_hayward = {
    .name = "hayward",
    .summary = N_("peaked or smooth traffic by one scaled group"),
    .operands = "[ERLANG] --peakedness Z",
    .text =
        N_("Hayward's approximation (Fredericks): traffic of peakedness Z = variance / mean is\n"
           "blocked as ERLANG / Z on CIRCUITS / Z. Z > 1 is peaked (overflow), Z < 1 smooth. Two\n"
           "of ERLANG, --circuits and --loss give the third."),
    .source = "Fredericks, BSTJ 59(6), 1980",
    .uses = {USE(OFFERED, TRAFFIC), USE(PEAKEDNESS, REQUIRED), USE(CIRCUITS, SERVER),
             USE(LOSS, GOAL)},
    .n_roles = 2,
    .rule = "two of ERLANG, --circuits and --loss",
    .most = 1,
    .inverses = {CIRCUITS_SOUGHT, {RIG_CALC_OFFERED, N_("the most traffic")}},
    .find = find_hayward,
    .compute = compute_hayward,
    .outputs = {{"p_block", 0, N_("share of the calls that is blocked"), 0}},
};
