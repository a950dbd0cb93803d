/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Groups that lose calls: Erlang B, extended B, Engset, GI/M/c/c, Kaufman-Roberts. */
#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli/console.h"
#include "cli/erlang/formula.h"
#include "models/engset.h"
#include "models/erlang_b.h"
#include "models/extended_b.h"
#include "models/gi_loss.h"
#include "models/kaufman_roberts.h"

#define CIRCUITS_SOUGHT                                                                            \
    {                                                                                              \
        RIG_CALC_CIRCUITS, N_("the fewest circuits")                                               \
    }
#define MEANS_BLOCKED N_("share of the calls that is blocked")
#define MEANS_CARRIED N_("traffic that is carried")
#define USE(id, role) RIG_CALC_USE(id, role)
#define REAL(id)      (v->real[RIG_CALC_##id])
#define COUNT(id)     (v->count[RIG_CALC_##id])
#define TWO_OF        "two of ERLANG, --circuits and --loss"

typedef struct b_figures {
    double circuits_exact, p_block, carried_erl, p_block_one_less, p_busy, last_circuit_erl;
} b_figures;

/* "b ERLANG CIRCUITS": the second word is as --circuits. */
static void fit_b(rig_calc_reader *reader, rig_calc_values *v)
{
    (void)reader;
    if (!v->is_set[RIG_CALC_SERVERS])
        return;
    v->is_set[RIG_CALC_ANY_CIRCUITS] = true;
    REAL(ANY_CIRCUITS) = REAL(SERVERS);
    COUNT(ANY_CIRCUITS) = COUNT(SERVERS);
}

static rig_status find_b(rig_calc_values *v, rig_error *err)
{
    if (v->sought == RIG_CALC_OFFERED)
        return rig_erlang_b_load(REAL(ANY_CIRCUITS), REAL(LOSS), &REAL(OFFERED), err);
    return rig_erlang_b_circuits(REAL(OFFERED), REAL(LOSS), &COUNT(ANY_CIRCUITS), err);
}

static rig_status compute_b(rig_calc_values *v, void *figures, rig_error *err)
{
    b_figures *f = figures;
    double erl = REAL(OFFERED), circuits = REAL(ANY_CIRCUITS);
    uint32_t n = COUNT(ANY_CIRCUITS);
    rig_status status = RIG_OK;
    if (circuits != floor(circuits))
        return rig_erlang_b_continuous(erl, circuits, &f->p_block, err);
    if (v->sought == RIG_CALC_ANY_CIRCUITS && erl > 0.0)
        status = rig_erlang_b_circuits_continuous(erl, REAL(LOSS), &f->circuits_exact, err);
    else if (v->sought == RIG_CALC_ANY_CIRCUITS)
        f->circuits_exact = 0.0;
    if (status == RIG_OK)
        status = rig_erlang_b(erl, n, &f->p_block, err);
    if (status == RIG_OK)
        status = rig_erlang_b_carried(erl, n, &f->carried_erl, err);
    if (status != RIG_OK || n == 0)
        return status;
    f->p_busy = f->carried_erl / n;
    status = rig_erlang_b(erl, n - 1, &f->p_block_one_less, err);
    return status == RIG_OK ? rig_erlang_b_last_circuit(erl, n, &f->last_circuit_erl, err) : status;
}

#define B(name) #name, offsetof(b_figures, name)
const rig_calc_formula rig_calc_b = {
    .name = "b",
    .summary = N_("circuits; blocked calls are lost (M/G/N/N)"),
    .operands = "[ERLANG [CIRCUITS]]",
    .text =
        N_("Erlang B: ERLANG (offered traffic) meets CIRCUITS; calls that find all busy are lost\n"
           "and do not come back. Poisson arrivals, any holding times. Two of ERLANG, circuits\n"
           "and --loss give the third; --circuits may have a fraction. \"b ERLANG CIRCUITS\"\n"
           "prints the bare loss."),
    .source = "Jagerman, BSTJ 53(3), 1974",
    .uses = {USE(OFFERED, TRAFFIC),
             USE(SERVERS, SERVER),
             {RIG_CALC_ANY_CIRCUITS, RIG_CALC_SERVER, NULL, "CIRCUITS"},
             USE(LOSS, GOAL)},
    .n_roles = 2,
    .rule = "b ERLANG CIRCUITS, or two of ERLANG, --circuits and --loss",
    .most = 2,
    .fit = fit_b,
    .inverses = {{RIG_CALC_ANY_CIRCUITS, N_("the fewest circuits")},
                 {RIG_CALC_OFFERED, N_("the most traffic")}},
    .find = find_b,
    .compute = compute_b,
    .outputs = {{B(circuits_exact), N_("where the loss is just that"), 0},
                {B(p_block), MEANS_BLOCKED, 0},
                {B(carried_erl), MEANS_CARRIED, 0},
                {B(p_block_one_less), N_("with one circuit less"), 0},
                {B(p_busy), N_("share of its time that a circuit is busy"), 0},
                {B(last_circuit_erl), N_("traffic of the last circuit, hunted in order"), 0}},
};

static rig_status find_extended(rig_calc_values *v, rig_error *err)
{
    if (v->sought == RIG_CALC_FRESH)
        return rig_extended_b_load(COUNT(CIRCUITS), REAL(LOSS), REAL(REDIAL), &REAL(FRESH), err);
    return rig_extended_b_circuits(REAL(FRESH), REAL(LOSS), REAL(REDIAL), &COUNT(CIRCUITS), err);
}

static rig_status compute_extended(rig_calc_values *v, void *figures, rig_error *err)
{
    return rig_extended_b(REAL(FRESH), COUNT(CIRCUITS), REAL(REDIAL), figures, err);
}

#define EXTENDED(name) #name, offsetof(rig_extended_b_figures, name)
const rig_calc_formula rig_calc_extended = {
    .name = "extended",
    .summary = N_("the same, a share of the blocked dials again"),
    .operands = "[ERLANG] --redial SHARE",
    .text =
        N_("Extended Erlang B: as Erlang B, but a share of the blocked calls is dialled again at\n"
           "once, as often as it takes. ERLANG is the traffic of first attempts. Two of ERLANG,\n"
           "--circuits and --loss give the third."),
    .source = "Parkinson, Traffic Engineering Techniques in Telecommunications, 2002",
    .uses = {USE(FRESH, TRAFFIC),
             {RIG_CALC_CIRCUITS, RIG_CALC_SERVER, NULL, "CIRCUITS"},
             USE(LOSS, GOAL),
             USE(REDIAL, REQUIRED)},
    .n_roles = 2,
    .rule = TWO_OF,
    .most = 1,
    .operand_rule = "at most one ERLANG",
    .inverses = {CIRCUITS_SOUGHT, {RIG_CALC_FRESH, N_("the most traffic of first attempts")}},
    .find = find_extended,
    .compute = compute_extended,
    .outputs = {{EXTENDED(p_block), N_("share of the attempts that is blocked"), 0},
                {EXTENDED(p_lost_per_caller), N_("share of the callers that gives up"), 0},
                {EXTENDED(attempts_per_caller), N_("mean"), 0},
                {EXTENDED(offered_erl), N_("traffic with the redials"), 0},
                {EXTENDED(carried_erl), MEANS_CARRIED, 0}},
};

/* The intensity of an idle source, given or from the intended traffic. */
static rig_status idle_of(rig_calc_values *v, rig_error *err)
{
    if (!v->is_set[RIG_CALC_INTENDED])
        return RIG_OK;
    return rig_engset_idle(COUNT(SOURCES), REAL(INTENDED), &REAL(IDLE), err);
}

static rig_status find_engset(rig_calc_values *v, rig_error *err)
{
    rig_status status = idle_of(v, err);
    if (status != RIG_OK)
        return status;
    if (v->sought == RIG_CALC_IDLE)
        return rig_engset_load(COUNT(SOURCES), COUNT(CIRCUITS), REAL(LOSS), &REAL(IDLE), err);
    return rig_engset_circuits(COUNT(SOURCES), REAL(IDLE), REAL(LOSS), &COUNT(CIRCUITS), err);
}

static rig_status compute_engset(rig_calc_values *v, void *figures, rig_error *err)
{
    rig_status status = idle_of(v, err);
    if (status != RIG_OK)
        return status;
    return rig_engset(COUNT(SOURCES), COUNT(CIRCUITS), REAL(IDLE), figures, err);
}

#define ENGSET(name) #name, offsetof(rig_engset_figures, name)
const rig_calc_formula rig_calc_engset = {
    .name = "engset",
    .summary = N_("the same, with few callers"),
    .operands = "SOURCES",
    .text = N_("Engset: SOURCES callers, each of whom calls only while idle; who is blocked goes\n"
               "idle again. The traffic is --idle (of one idle source) or --offered (of all, as\n"
               "intended); it is what is sought when --circuits and --loss are given."),
    .source = "Iversen, Teletraffic Engineering and Network Planning, 2015, section 5.3",
    .uses = {USE(SOURCES, REQUIRED),
             USE(CIRCUITS, SERVER),
             USE(IDLE, TRAFFIC),
             USE(INTENDED, TRAFFIC),
             {RIG_CALC_LOSS, RIG_CALC_GOAL, N_("call congestion that may be"), NULL}},
    .n_roles = 2,
    .rule = "two of the traffic (--idle or --offered), --circuits, --loss",
    .least = 1,
    .most = 1,
    .operand_rule = "one number of SOURCES",
    .inverses = {CIRCUITS_SOUGHT, {RIG_CALC_IDLE, N_("the most traffic of an idle source")}},
    .find = find_engset,
    .compute = compute_engset,
    .outputs = {{ENGSET(p_call), MEANS_BLOCKED, 0},
                {ENGSET(p_time), N_("share of the time with all circuits busy"), 0},
                {ENGSET(p_traffic), N_("share of the intended traffic not carried"), 0},
                {ENGSET(offered_erl), N_("intended traffic"), 0},
                {ENGSET(carried_erl), MEANS_CARRIED, 0}},
};

typedef struct gi_figures {
    double p_block, p_block_poisson;
} gi_figures;

static rig_status find_gi(rig_calc_values *v, rig_error *err)
{
    double cv = REAL(GAP_CV);
    if (v->sought == RIG_CALC_OFFERED)
        return rig_gi_loss_gamma_load(COUNT(CIRCUITS), cv, REAL(LOSS), &REAL(OFFERED), err);
    return rig_gi_loss_gamma_circuits(REAL(OFFERED), cv, REAL(LOSS), &COUNT(CIRCUITS), err);
}

static rig_status compute_gi(rig_calc_values *v, void *figures, rig_error *err)
{
    gi_figures *f = figures;
    double erl = REAL(OFFERED);
    uint32_t n = COUNT(CIRCUITS);
    rig_status status = rig_gi_loss_gamma(erl, REAL(GAP_CV), n, &f->p_block, err);
    return status == RIG_OK ? rig_erlang_b(erl, n, &f->p_block_poisson, err) : status;
}

#define GI(name) #name, offsetof(gi_figures, name)
const rig_calc_formula rig_calc_gi = {
    .name = "gi",
    .summary = N_("the same, with arrivals that are not Poisson"),
    .operands = "[ERLANG] [--gap-cv CV]",
    .text =
        N_("GI/M/c/c: as Erlang B, but the gaps between arrivals are gamma distributed; holding\n"
           "times are exponential. Two of ERLANG, --circuits and --loss give the third."),
    .source = "Palm, 1943; Takacs, Introduction to the Theory of Queues, 1962, chapter 4",
    .uses = {USE(OFFERED, TRAFFIC),
             {RIG_CALC_CIRCUITS, RIG_CALC_SERVER, NULL, "CIRCUITS"},
             USE(LOSS, GOAL),
             USE(GAP_CV, REQUIRED)},
    .n_roles = 2,
    .rule = TWO_OF,
    .most = 1,
    .operand_rule = "at most one ERLANG",
    .inverses = {CIRCUITS_SOUGHT, {RIG_CALC_OFFERED, N_("the most traffic")}},
    .find = find_gi,
    .compute = compute_gi,
    .outputs = {{GI(p_block), MEANS_BLOCKED, 0},
                {GI(p_block_poisson), N_("with Poisson arrivals (Erlang B)"), 0}},
};

typedef struct kaufman_figures {
    double offered_circuits, carried_circuits;
} kaufman_figures;

static size_t classes_of(const rig_calc_values *v, rig_call_class *classes)
{
    for (size_t i = 0; i < v->n_list / 2; i++)
        classes[i] = (rig_call_class){v->list[2 * i], (uint32_t)v->list[2 * i + 1]};
    return v->n_list / 2;
}

static rig_status find_kaufman(rig_calc_values *v, rig_error *err)
{
    rig_call_class classes[RIG_MAX_OVERRIDES];
    size_t n = classes_of(v, classes);
    return rig_kaufman_roberts_circuits(classes, n, REAL(LOSS), &COUNT(CIRCUITS), err);
}

static rig_status compute_kaufman(rig_calc_values *v, void *figures, rig_error *err)
{
    kaufman_figures sum = {0};
    rig_call_class classes[RIG_MAX_OVERRIDES];
    double p_block[RIG_MAX_OVERRIDES];
    size_t n = classes_of(v, classes);
    rig_status status = rig_kaufman_roberts(classes, n, COUNT(CIRCUITS), p_block, NULL, err);
    if (status != RIG_OK)
        return status;
    double *cell = malloc(n * RIG_CALC_MAX_COLUMNS * sizeof *cell);
    if (cell == NULL)
        return rig_fail(err, RIG_ENOMEM, "erlang kaufman: out of memory");
    v->rows = (rig_calc_rows){{"offered_erl", "n_circuits_per_call", "p_block"}, 3, n, cell};
    for (size_t i = 0; i < n; i++) {
        double demand = classes[i].offered_erl * classes[i].n_circuits;
        sum.offered_circuits += demand;
        sum.carried_circuits += demand * (1.0 - p_block[i]);
        cell[0] = classes[i].offered_erl;
        cell[1] = classes[i].n_circuits;
        cell[2] = p_block[i];
        cell += RIG_CALC_MAX_COLUMNS;
    }
    *(kaufman_figures *)figures = sum;
    return RIG_OK;
}

static void print_kind(const double *cells)
{
    rig_console_print("p_block                %-14.9g of %g erl, %.0f a call\n", cells[2], cells[0],
                      cells[1]);
}

#define KAUFMAN(name) #name, offsetof(kaufman_figures, name)
const rig_calc_formula rig_calc_kaufman = {
    .name = "kaufman",
    .summary = N_("several kinds of calls on one group"),
    .operands = "ERLANG:CIRCUITS...",
    .text =
        N_("Kaufman-Roberts: several kinds of calls share one group; each kind has its traffic\n"
           "and the circuits that one call holds. Gives the loss of each kind; with --loss the\n"
           "fewest circuits that serve all kinds."),
    .source = "Kaufman, IEEE Trans. Commun. 29(10), 1981; Roberts, 1981",
    .uses = {USE(KINDS, REQUIRED),
             USE(CIRCUITS, SERVER),
             {RIG_CALC_LOSS, RIG_CALC_GOAL, N_("that may be blocked of every kind"), NULL}},
    .n_roles = 1,
    .rule = "--circuits or --loss",
    .least = 1,
    .most = RIG_MAX_OVERRIDES,
    .operand_rule = "at least one ERLANG:CIRCUITS",
    .inverses = {CIRCUITS_SOUGHT},
    .find = find_kaufman,
    .compute = compute_kaufman,
    .outputs = {{KAUFMAN(offered_circuits), N_("mean circuits that calls ask for"), 0},
                {KAUFMAN(carried_circuits), N_("mean circuits that are busy"), 0}},
    .print_row = print_kind,
};
