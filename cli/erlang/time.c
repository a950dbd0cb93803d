/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rates that change: PSA and MOL with Erlang B, C or A at each instant. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/erlang/wait.h"
#include "core/csv.h"
#include "models/erlang_a.h"
#include "models/erlang_b.h"
#include "models/holding.h"
#include "models/time_varying.h"

#define USE(id, role) RIG_CALC_USE(id, role)
#define REAL(id)      (v->real[RIG_CALC_##id])
#define IS_SET(id)    (v->is_set[RIG_CALC_##id])

static const rig_dist_kind shapes[] = {RIG_DIST_EXPONENTIAL, RIG_DIST_CONSTANT, RIG_DIST_LOGNORMAL,
                                       RIG_DIST_GAMMA};

/* The holding time's distribution. RIG_EINPUT without a text: no such shape. */
static rig_status holding_of(const rig_calc_values *v, rig_dist *holding, rig_error *err)
{
    double cv = IS_SET(AHT_CV) ? REAL(AHT_CV) : 1.0;
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        if (strcmp(v->text[RIG_CALC_AHT_SHAPE], rig_dist_kind_name(shapes[i])) != 0)
            continue;
        bool needs_cv = shapes[i] == RIG_DIST_LOGNORMAL || shapes[i] == RIG_DIST_GAMMA;
        if (needs_cv == IS_SET(AHT_CV))
            return rig_dist_make(shapes[i], REAL(AHT), cv, holding, err);
        return rig_fail(err, RIG_EINPUT, "%s",
                        needs_cv ? "expected --aht-cv with this --aht-shape"
                                 : "--aht-cv; expected it only with lognormal or gamma");
    }
    return rig_fail(err, RIG_EINPUT,
                    "--aht-shape; expected exponential, constant, lognormal or gamma");
}

static void fit_curve(rig_calc_reader *reader, rig_calc_values *v)
{
    rig_dist holding = {0};
    rig_error err = {0};
    rig_calc_fit_queue(reader, v);
    if (!IS_SET(STEP))
        REAL(STEP) = REAL(INTERVAL);
    IS_SET(STEP) = true;
    if (IS_SET(RATES_FILE) == (v->n_list > 0))
        rig_calc_refuse(reader, "expected RATEs or --rates-file");
    if (!(REAL(INTERVAL) > 0.0) || !(REAL(STEP) > 0.0))
        rig_calc_refuse(reader, "expected --interval SECONDS > 0, and --step > 0");
    if (IS_SET(BLOCKED) && IS_SET(PATIENCE))
        rig_calc_refuse(reader, "--loss is Erlang B's goal and takes no --patience; expected "
                                "another goal");
    if (!reader->is_failed && holding_of(v, &holding, &err) != RIG_OK)
        rig_calc_refuse(reader, "%s", err.text);
    rig_dist_clear(&holding);
}

/* Calls a second in each interval; the caller frees. */
static rig_status rates_of(const rig_calc_values *v, double **rates, size_t *n, rig_error *err)
{
    rig_csv *csv = NULL;
    double *made = NULL;
    size_t column = 0, n_made = v->n_list;
    rig_status status = RIG_OK;
    if (IS_SET(RATES_FILE)) {
        status = rig_csv_read(v->text[RIG_CALC_RATES_FILE], &csv, err);
        if (status == RIG_OK)
            status = rig_csv_column(csv, "rate_per_min", &column, err);
        if (status != RIG_OK)
            goto out;
        n_made = rig_csv_n_rows(csv);
    }
    made = calloc(n_made > 0 ? n_made : 1, sizeof *made);
    if (made == NULL)
        status = rig_fail(err, RIG_ENOMEM, "erlang: out of memory");
    for (size_t i = 0; i < n_made && status == RIG_OK; i++) {
        double per_min = v->list[csv == NULL ? i : 0];
        if (csv != NULL)
            status = rig_csv_number(csv, i, column, &per_min, err);
        made[i] = per_min / 60.0;
    }
out:
    rig_csv_free(csv);
    if (status != RIG_OK) {
        free(made);
        return status;
    }
    *rates = made;
    *n = n_made;
    return RIG_OK;
}

/* A row in the making: `name` goes into the head of the table. */
static void put(rig_calc_rows *rows, size_t *column, const char *name, double value)
{
    rows->names[*column] = name;
    rows->cells[rows->n * RIG_CALC_MAX_COLUMNS + *column] = value;
    rows->n_columns = ++*column;
}

/* Erlang B with circuits (or a loss alone). */
static rig_status put_loss(rig_calc_values *v, double load_erl, size_t *column, rig_error *err)
{
    uint32_t n = v->count[RIG_CALC_CIRCUITS];
    double p_block = 0.0;
    rig_status status = RIG_OK;
    if (IS_SET(BLOCKED)) {
        status = rig_erlang_b_circuits(load_erl, v->goal.value, &n, err);
        put(&v->rows, column, "n_circuits", n);
    }
    if (status == RIG_OK)
        status = rig_erlang_b(load_erl, n, &p_block, err);
    put(&v->rows, column, "p_block", p_block);
    return status;
}

/* Else Erlang A (C with endless patience). */
static rig_status put_wait(rig_calc_values *v, double load_erl, size_t *column, rig_error *err)
{
    rig_erlang_a_input in = {load_erl, v->count[RIG_CALC_AGENTS], REAL(AHT), REAL(PATIENCE),
                             REAL(WITHIN)};
    rig_erlang_a_figures f = {0};
    rig_status status = RIG_OK;
    if (!IS_SET(AGENTS)) {
        status = rig_erlang_a_agents(&in, &v->goal, &in.n_agents, err);
        put(&v->rows, column, "n_agents", in.n_agents);
    }
    if (status == RIG_OK)
        status = rig_erlang_a(&in, &f, err);
    put(&v->rows, column, "p_wait", f.p_wait);
    if (isfinite(in.patience_s))
        put(&v->rows, column, "p_abandon", f.p_abandon);
    if (IS_SET(WITHIN))
        put(&v->rows, column, "p_served_within", f.p_served_within);
    put(&v->rows, column, "mean_wait_s", f.mean_wait_s);
    return status;
}

static rig_status put_rows(rig_calc_values *v, const double *t_s, const double *load_erl, size_t n,
                           rig_error *err)
{
    rig_status status = RIG_OK;
    v->rows.cells = calloc(n * RIG_CALC_MAX_COLUMNS, sizeof *v->rows.cells);
    if (v->rows.cells == NULL)
        return rig_fail(err, RIG_ENOMEM, "erlang: out of memory");
    for (; v->rows.n < n && status == RIG_OK; v->rows.n++) {
        size_t i = v->rows.n, column = 0;
        put(&v->rows, &column, "t_s", t_s[i]);
        put(&v->rows, &column, "load_erl", load_erl[i]);
        bool is_loss = IS_SET(CIRCUITS) || IS_SET(BLOCKED);
        status = (is_loss ? put_loss : put_wait)(v, load_erl[i], &column, err);
        if (status != RIG_OK)
            status = rig_fail(err, status, "at %g s: %s", t_s[i], err->text);
    }
    return status;
}

static double capped_mean(double x_s, void *ctx)
{
    return rig_holding_capped_mean_s(ctx, x_s);
}

static rig_status compute_curve(rig_time_method method, rig_calc_values *v, rig_error *err)
{
    rig_dist holding = {0};
    double *rates = NULL, *t_s = NULL, step_s = REAL(STEP);
    size_t n_rates = 0;
    rig_status status = rates_of(v, &rates, &n_rates, err);
    if (status == RIG_OK)
        status = holding_of(v, &holding, err);
    if (status != RIG_OK)
        goto out;
    double n_steps = ceil((double)n_rates * REAL(INTERVAL) / step_s - 1e-9);
    if (!(n_steps <= 1e6)) {
        status =
            rig_fail(err, RIG_EDOM, "erlang: --step %g; expected at most 1000000 steps", step_s);
        goto out;
    }
    size_t n = (size_t)n_steps;
    t_s = calloc(2 * n + 1, sizeof *t_s);
    if (t_s == NULL) {
        status = rig_fail(err, RIG_ENOMEM, "erlang: out of memory");
        goto out;
    }
    for (size_t i = 0; i < n; i++)
        t_s[i] = ((double)i + 0.5) * step_s; /* the middle of each step */
    const rig_rate_profile profile = {rates, n_rates, REAL(INTERVAL), v->flag[RIG_CALC_PERIODIC]};
    status = rig_time_varying_load(method, &profile, capped_mean, &holding, t_s, n, t_s + n, err);
    if (status == RIG_OK)
        status = put_rows(v, t_s, t_s + n, n, err);
out:
    rig_dist_clear(&holding);
    free(rates);
    free(t_s);
    return status;
}

static rig_status compute_psa(rig_calc_values *v, void *figures, rig_error *err)
{
    (void)figures;
    return compute_curve(RIG_TIME_PSA, v, err);
}

static rig_status compute_mol(rig_calc_values *v, void *figures, rig_error *err)
{
    (void)figures;
    return compute_curve(RIG_TIME_MOL, v, err);
}

#define CURVE                                                                                      \
    .operands = "RATE... --interval SECONDS --aht SECONDS",                                        \
    .uses = {USE(RATES, OPTIONAL),                                                                 \
             {RIG_CALC_AGENTS, RIG_CALC_SERVER, N_("Erlang C (A) with so many agents"), NULL},     \
             {RIG_CALC_AHT, RIG_CALC_REQUIRED, N_("mean holding or handling time"), NULL},         \
             {RIG_CALC_PATIENCE, RIG_CALC_OPTIONAL, N_("mean patience: Erlang A"), NULL},          \
             USE(WITHIN, OPTIONAL),                                                                \
             RIG_CALC_GOALS,                                                                       \
             {RIG_CALC_BLOCKED, RIG_CALC_GOAL, N_("goal: gives the circuits (Erlang B)"), NULL},   \
             {RIG_CALC_CIRCUITS, RIG_CALC_ROOM, N_("Erlang B on so many circuits"), NULL},         \
             USE(INTERVAL, OPTIONAL),                                                              \
             USE(STEP, OPTIONAL),                                                                  \
             USE(RATES_FILE, OPTIONAL),                                                            \
             USE(PERIODIC, OPTIONAL),                                                              \
             USE(AHT_SHAPE, OPTIONAL),                                                             \
             USE(AHT_CV, OPTIONAL)},                                                               \
    .n_roles = 1,                                                                                  \
    .rule = "one of --circuits (Erlang B), --agents (Erlang C, or A with --patience) and a goal",  \
    .most = RIG_MAX_OVERRIDES, .fit = fit_curve

const rig_calc_formula rig_calc_psa = {
    .name = "psa",
    .summary = N_("rates that change slowly: b, c or a at each instant"),
    .text = N_("Pointwise stationary approximation: at each instant the formula for the present\n"
               "rate. RATEs are calls a minute, one an interval. For rates that change slowly\n"
               "against a call; else mol. --circuits is Erlang B, --agents Erlang C, and A with\n"
               "--patience."),
    .source = "Green & Kolesar, Management Science 37(1), 1991",
    .compute = compute_psa,
    CURVE,
};

const rig_calc_formula rig_calc_mol = {
    .name = "mol",
    .summary = N_("rates that change: b, c or a with the lagging load"),
    .text =
        N_("Modified offered load: at each instant the formula for the calls that would be in\n"
           "progress if none were lost or waited, which lag behind the rate. RATEs are calls a\n"
           "minute, one an interval. --circuits is Erlang B, --agents Erlang C, and A with\n"
           "--patience."),
    .source = "Massey & Whitt, Annals of Applied Probability 4(4), 1994",
    .compute = compute_mol,
    CURVE,
};
