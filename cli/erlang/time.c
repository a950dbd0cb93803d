/* Rates that change: PSA and MOL with Erlang B, C or A at each instant. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/erlang/erlang.h"
#include "cli/erlang/queue.h"
#include "cli/console.h"
#include "core/csv.h"
#include "models/erlang_a.h"
#include "models/erlang_b.h"
#include "models/holding.h"
#include "models/time_varying.h"

/* What the words say. */
typedef struct curve {
    rig_cmd_erlang_queue_words words;
    const char *circuits, *interval, *step, *file, *shape, *cv;
    bool is_periodic;
    uint32_t n_circuits;
    double interval_s, step_s;
    rig_dist holding;
    double *rate_per_s, *t_s, *load_erl;
    size_t n_rates, n_times;
} curve;

static double capped_mean(double x_s, void *ctx)
{
    return rig_holding_capped_mean_s(ctx, x_s);
}

static void read_shape(rig_numbers *numbers, curve *c)
{
    rig_dist_kind kind = RIG_DIST_EXPONENTIAL;
    double cv = rig_numbers_read(numbers, "--aht-cv", c->cv, 1.0);
    while (c->shape != NULL && kind != RIG_N_DIST_KINDS &&
           strcmp(c->shape, rig_dist_kind_name(kind)) != 0)
        kind = kind == RIG_DIST_EXPONENTIAL ? RIG_DIST_CONSTANT
               : kind == RIG_DIST_CONSTANT  ? RIG_DIST_LOGNORMAL
               : kind == RIG_DIST_LOGNORMAL ? RIG_DIST_GAMMA
                                            : RIG_N_DIST_KINDS;
    if (kind == RIG_N_DIST_KINDS) {
        rig_numbers_refuse(numbers,
                           "--aht-shape; expected exponential, constant, lognormal or gamma");
        return;
    }
    bool needs_cv = kind == RIG_DIST_LOGNORMAL || kind == RIG_DIST_GAMMA;
    if (needs_cv != (c->cv != NULL)) {
        rig_numbers_refuse(numbers, needs_cv
                                        ? "expected --aht-cv with this --aht-shape"
                                        : "--aht-cv; expected it only with lognormal or gamma");
        return;
    }
    rig_error err = {0};
    if (!numbers->is_failed && rig_dist_make(kind, c->words.aht_s, cv, &c->holding, &err) != RIG_OK)
        rig_numbers_refuse(numbers, err.text);
}

static rig_status read_rates(rig_numbers *numbers, const rig_texts *operands, curve *c,
                             rig_error *err)
{
    rig_csv *csv = NULL;
    rig_status status = RIG_OK;
    size_t column = 0;
    c->n_rates = operands->n;
    if (c->file != NULL) {
        status = rig_csv_read(c->file, &csv, err);
        if (status == RIG_OK)
            status = rig_csv_column(csv, "rate_per_min", &column, err);
        if (status != RIG_OK)
            goto out;
        c->n_rates = rig_csv_n_rows(csv);
    }
    c->rate_per_s = calloc(c->n_rates > 0 ? c->n_rates : 1, sizeof *c->rate_per_s);
    if (c->rate_per_s == NULL) {
        status = rig_fail(err, RIG_ENOMEM, "%s: out of memory", numbers->command);
        goto out;
    }
    for (size_t i = 0; i < c->n_rates && status == RIG_OK; i++) {
        double per_min = 0.0;
        if (csv != NULL)
            status = rig_csv_number(csv, i, column, &per_min, err);
        else
            per_min = rig_numbers_read(numbers, "RATE", operands->items[i], 0.0);
        c->rate_per_s[i] = per_min / 60.0;
    }
out:
    rig_csv_free(csv);
    return status;
}

static rig_status make_times(curve *c, rig_error *err)
{
    double n = ceil((double)c->n_rates * c->interval_s / c->step_s - 1e-9);
    if (!(n <= 1e6))
        return rig_fail(err, RIG_EDOM, "erlang: --step %g; expected at most 1000000 steps",
                        c->step_s);
    c->n_times = (size_t)n;
    c->t_s = calloc(c->n_times, sizeof *c->t_s);
    c->load_erl = calloc(c->n_times, sizeof *c->load_erl);
    if (c->t_s == NULL || c->load_erl == NULL)
        return rig_fail(err, RIG_ENOMEM, "erlang: out of memory");
    for (size_t i = 0; i < c->n_times; i++)
        c->t_s[i] = ((double)i + 0.5) * c->step_s; /* the middle of each step */
    return RIG_OK;
}

/* One instant: Erlang B with circuits (or a loss alone), else Erlang A (C with endless patience).
 */
static rig_status answer_at(const curve *c, double load_erl, rig_answer *row, rig_error *err)
{
    const rig_cmd_erlang_queue_words *w = &c->words;
    rig_status status = RIG_OK;
    if (c->circuits != NULL || w->loss != NULL) {
        uint32_t n = c->n_circuits;
        double p_block = 0.0;
        if (c->circuits == NULL) {
            status = rig_erlang_b_circuits(load_erl, w->goal.value, &n, err);
            rig_answer_result(row, "n_circuits", n, "");
        }
        if (status == RIG_OK)
            status = rig_erlang_b(load_erl, n, &p_block, err);
        rig_answer_result(row, "p_block", p_block, "");
        return status;
    }
    rig_erlang_a_input in = {load_erl, w->n_agents, w->aht_s, w->patience_s, w->within_s};
    rig_erlang_a_figures f = {0};
    if (w->agents == NULL) {
        status = rig_erlang_a_agents(&in, &w->goal, &in.n_agents, err);
        rig_answer_result(row, "n_agents", in.n_agents, "");
    }
    if (status == RIG_OK)
        status = rig_erlang_a(&in, &f, err);
    rig_answer_result(row, "p_wait", f.p_wait, "");
    if (isfinite(w->patience_s))
        rig_answer_result(row, "p_abandon", f.p_abandon, "");
    if (w->within != NULL)
        rig_answer_result(row, "p_served_within", f.p_served_within, "");
    rig_answer_result(row, "mean_wait_s", f.mean_wait_s, "");
    return status;
}

static rig_status answer_curve(const curve *c, rig_answer *answer, rig_error *err)
{
    answer->rows = json_array();
    for (size_t i = 0; i < c->n_times; i++) {
        rig_answer row = {.formula = ""};
        rig_answer_result(&row, "t_s", c->t_s[i], "");
        rig_answer_result(&row, "load_erl", c->load_erl[i], "");
        rig_status status = answer_at(c, c->load_erl[i], &row, err);
        if (status != RIG_OK)
            return rig_fail(err, status, "at %g s: %s", c->t_s[i], err->text);
        if (json_array_append_new(answer->rows, rig_answer_json(row.results, row.n_results)) != 0)
            return rig_fail(err, RIG_ENOMEM, "erlang: out of memory");
    }
    return RIG_OK;
}

static void print_rows(const json_t *rows)
{
    size_t i;
    json_t *row, *value;
    const char *name;
    json_array_foreach(rows, i, row)
    {
        const char *before = "";
        if (i == 0) {
            json_object_foreach(row, name, value)
            {
                printf("%s%15s", before, name);
                before = " ";
            }
            (void)putchar('\n');
            before = "";
        }
        json_object_foreach(row, name, value)
        {
            printf("%s%15.7g", before, json_number_value(value));
            before = " ";
        }
        (void)putchar('\n');
    }
}

static void read_curve(rig_numbers *numbers, const rig_texts *operands, curve *c)
{
    rig_cmd_erlang_queue_words *w = &c->words;
    rig_cmd_erlang_queue_read(numbers, w);
    c->n_circuits = rig_numbers_count(numbers, "--circuits", c->circuits, 0);
    c->interval_s = rig_numbers_read(numbers, "--interval", c->interval, 0.0);
    c->step_s = rig_numbers_read(numbers, "--step", c->step, c->interval_s);
    if ((c->file != NULL) == (operands->n > 0))
        rig_numbers_missing(numbers, "RATEs or --rates-file");
    if (!(c->interval_s > 0.0) || !(c->step_s > 0.0))
        rig_numbers_missing(numbers, "--interval SECONDS > 0, and --step > 0");
    if ((c->circuits != NULL) + (w->agents != NULL) + w->has_goal != 1)
        rig_numbers_missing(numbers, "one of --circuits (Erlang B), --agents (Erlang C, or A with "
                                     "--patience) and a goal");
    if (w->loss != NULL && w->patience != NULL)
        rig_numbers_refuse(numbers, "--loss is Erlang B's goal and takes no --patience; expected "
                                    "another goal");
    read_shape(numbers, c);
}

static int run(int argc, char **argv, rig_time_method method, const char *formula,
               const rig_usage_text *usage)
{
    curve c = {0};
    rig_answer answer = {.formula = formula};
    rig_cmd_erlang_queue_words *w = &c.words;
    rig_option options[] = {
        {"interval", 0, RIG_OPTION_TEXT, &c.interval, "SECONDS", "how long each RATE lasts"},
        {"rates-file", 0, RIG_OPTION_TEXT, &c.file, "FILE", "CSV with a column rate_per_min"},
        {"step", 0, RIG_OPTION_TEXT, &c.step, "SECONDS", "between the instants (the interval)"},
        {"periodic", 0, RIG_OPTION_FLAG, &c.is_periodic, NULL, "the rates repeat for ever"},
        {"aht", 0, RIG_OPTION_TEXT, &w->aht, "SECONDS", "mean holding or handling time"},
        {"aht-shape", 0, RIG_OPTION_TEXT, &c.shape, "NAME",
         "exponential, constant, lognormal or gamma"},
        {"aht-cv", 0, RIG_OPTION_TEXT, &c.cv, "CV", "of lognormal and gamma"},
        {"circuits", 0, RIG_OPTION_TEXT, &c.circuits, "N", "Erlang B on so many circuits"},
        {"agents", 0, RIG_OPTION_TEXT, &w->agents, "N", "Erlang C (A) with so many agents"},
        {"patience", 0, RIG_OPTION_TEXT, &w->patience, "SECONDS", "mean patience: Erlang A"},
        {"within", 0, RIG_OPTION_TEXT, &w->within, "SECONDS", "threshold of the service level"},
        {"loss", 0, RIG_OPTION_TEXT, &w->loss, "SHARE", "goal: gives the circuits (Erlang B)"},
        {"service-level", 0, RIG_OPTION_TEXT, &w->service_level, "SHARE", "goal: gives the agents"},
        {"p-wait", 0, RIG_OPTION_TEXT, &w->p_wait, "SHARE", "goal: gives the agents"},
        {"mean-wait", 0, RIG_OPTION_TEXT, &w->mean_wait, "SECONDS", "goal: gives the agents"},
        {"json", 0, RIG_OPTION_FLAG, &answer.is_json, NULL, "one JSON document on standard output"},
        {.name = NULL}};
    rig_texts operands;
    int exit_code;
    if (!rig_options_read(argc, argv, usage, options, &operands, &exit_code))
        return exit_code;
    rig_numbers numbers = {.command = usage->command};
    rig_error err = {0};
    read_curve(&numbers, &operands, &c);
    rig_status status = RIG_OK;
    exit_code = RIG_EXIT_USAGE;
    if (!numbers.is_failed)
        status = read_rates(&numbers, &operands, &c, &err);
    if (numbers.is_failed)
        goto out;
    if (status == RIG_OK)
        status = make_times(&c, &err);
    const rig_rate_profile profile = {c.rate_per_s, c.n_rates, c.interval_s, c.is_periodic};
    if (status == RIG_OK)
        status = rig_time_varying_load(method, &profile, capped_mean, &c.holding, c.t_s, c.n_times,
                                       c.load_erl, &err);
    rig_cmd_erlang_queue_note(&answer, w);
    rig_answer_argument(&answer, c.circuits != NULL, "n_circuits", c.n_circuits);
    rig_answer_argument(&answer, true, "interval_s", c.interval_s);
    rig_answer_argument(&answer, true, "step_s", c.step_s);
    if (status == RIG_OK)
        status = answer_curve(&c, &answer, &err);
    if (status == RIG_OK && !answer.is_json)
        print_rows(answer.rows);
    exit_code = rig_answer_print(&answer, status, &err);
out:
    rig_dist_clear(&c.holding);
    free(c.rate_per_s);
    free(c.t_s);
    free(c.load_erl);
    return exit_code;
}

int rig_cmd_erlang_psa(int argc, char **argv)
{
    static const rig_usage_text usage = {
        "erlang psa", "RATE... --interval SECONDS --aht SECONDS",
        "Pointwise stationary approximation: at each instant the formula for the present rate.\n"
        "RATEs are calls a minute, one an interval. For rates that change slowly against a call;\n"
        "else mol. --circuits is Erlang B, --agents Erlang C, and A with --patience."};
    return run(argc, argv, RIG_TIME_PSA, "psa", &usage);
}

int rig_cmd_erlang_mol(int argc, char **argv)
{
    static const rig_usage_text usage = {
        "erlang mol", "RATE... --interval SECONDS --aht SECONDS",
        "Modified offered load: at each instant the formula for the calls that would be in "
        "progress\n"
        "if none were lost or waited, which lag behind the rate. RATEs are calls a minute, one an\n"
        "interval. --circuits is Erlang B, --agents Erlang C, and A with --patience."};
    return run(argc, argv, RIG_TIME_MOL, "mol", &usage);
}
