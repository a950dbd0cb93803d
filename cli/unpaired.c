/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/unpaired.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "analyzer/calls_csv.h"
#include "verdict/unpaired.h"
#include "cli/console.h"
#include "reports/json_builder.h"
#include "reports/json_file.h"

/* A member of a list, by what its "name" says; NULL: none. */
static const json_t *named(const json_t *list, const char *name)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *item = json_array_get(list, i);
        if (strcmp(rig_json_text(item, "name"), name) == 0)
            return item;
    }
    return NULL;
}

/* A number of a prediction. */
static rig_status read_number(const json_t *object, const char *path, const char *where,
                              const char *key, double *value, rig_error *err)
{
    const json_t *member = json_object_get(object, key);
    if (!json_is_number(member))
        return rig_fail(err, RIG_EINPUT, "%s: %s.%s: %s; expected a number", path, where, key,
                        rig_json_kind(member));
    *value = json_number_value(member);
    return RIG_OK;
}

static rig_status read_list(const json_t *document, const char *path, const char *key,
                            const json_t **list, rig_error *err)
{
    const json_t *member = json_object_get(document, key);
    if (!json_is_array(member))
        return rig_fail(err, RIG_EINPUT, "%s: %s: %s; expected a list", path, key,
                        rig_json_kind(member));
    *list = member;
    return RIG_OK;
}

/* What a prediction says of a stage's loss per entrant. */
static rig_status read_stage(const char *path, const json_t *metrics, const json_t *margins, int s,
                             rig_unpaired_prediction *stage, rig_error *err)
{
    const char *name = rig_metric_describe((rig_metric)(RIG_METRIC_P_LOST_PER_ENTRANT + s))->name;
    char where[80];
    rig_unpaired_prediction made = {.p = 0.0};
    const json_t *metric = named(metrics, name);
    if (metric == NULL)
        return rig_fail(err, RIG_EINPUT, "%s: metrics: none is named \"%s\"; expected one", path,
                        name);
    (void)snprintf(where, sizeof where, "metrics (%s)", name);
    rig_status status = read_number(metric, path, where, "mean", &made.p, err);
    if (status == RIG_OK)
        made.sd_of_run = rig_json_number(metric, "sd_of_one_run"); /* null: of one run */
    (void)snprintf(where, sizeof where, "margins[%d]", s);
    const json_t *margin = json_array_get(margins, (size_t)s);
    if (status == RIG_OK)
        status = read_number(margin, path, where, "margin_pp", &made.margin.margin_pp, err);
    if (status == RIG_OK)
        status = read_number(margin, path, where, "margin_share", &made.margin.margin_share, err);
    if (status == RIG_OK)
        *stage = made;
    return status;
}

static rig_status read_prediction(const char *path, rig_unpaired_prediction *stages, rig_error *err)
{
    json_t *document = NULL;
    const json_t *metrics = NULL, *margins = NULL;
    rig_status status = rig_json_read(path, &document, err);
    if (status != RIG_OK)
        return status;
    status = rig_json_expect_format(document, path, "peakrig prediction 1", err);
    const char *mode = rig_json_text(document, "mode");
    if (status == RIG_OK && strcmp(mode, "monte_carlo") != 0)
        status = rig_fail(err, RIG_EINPUT,
                          "%s: mode: \"%s\" foretells the calls of one schedule; expected "
                          "\"monte_carlo\", as peakrig predict --json writes",
                          path, mode);
    if (status == RIG_OK)
        status = read_list(document, path, "metrics", &metrics, err);
    if (status == RIG_OK)
        status = read_list(document, path, "margins", &margins, err);
    for (int s = 0; s < RIG_N_STAGES && status == RIG_OK; s++)
        status = read_stage(path, metrics, margins, s, &stages[s], err);
    json_decref(document);
    return status;
}

static void print_text(const rig_unpaired *u)
{
    rig_console_print(
        "stage | entered |   lost | observed (95 %%)         | predicted %%  | verdict\n"
        "------+---------+--------+-------------------------+--------------+-------------\n");
    for (int i = 0; i < RIG_N_STAGES; i++) {
        const rig_unpaired_stage *s = &u->stages[i];
        printf("%s | %7llu | %6llu | %6.2f %% (%5.2f..%5.2f) | %5.2f +-%4.2f | %s\n",
               rig_console_cell(rig_stage_name((rig_stage)i), -5).text,
               (unsigned long long)s->n_entered, (unsigned long long)s->n_lost,
               100.0 * s->p_observed, 100.0 * s->low95, 100.0 * s->high95, 100.0 * s->p_predicted,
               100.0 * s->margin, rig_console_words(rig_judgement_name(s->judgement)));
    }
    putchar('\n');
    for (int i = 0; i < RIG_N_STAGES; i++) {
        const rig_unpaired_stage *s = &u->stages[i];
        if (isfinite(s->growth_to_decide))
            rig_console_say(
                "%s: its calls are worth %.0f independent ones (ESS); about %.0f minutes "
                "would decide",
                rig_console_words(rig_stage_name((rig_stage)i)), s->ess,
                ceil(fmax(1.0, u->minutes * s->growth_to_decide)));
        else
            rig_console_say("%s: its calls are worth %.0f independent ones (ESS)",
                            rig_console_words(rig_stage_name((rig_stage)i)), s->ess);
    }
    putchar('\n');
    rig_console_say("%s: compared unpaired over %.1f minutes (batch means; see docs/verdict.md)",
                    rig_console_words(rig_judgement_name(u->judgement)), u->minutes);
}

static void add_stage(rig_json_builder *b, const rig_unpaired *u, rig_stage stage)
{
    const rig_unpaired_stage *s = &u->stages[stage];
    rig_json_open_object(b, NULL);
    rig_json_add_text(b, "stage", rig_stage_name(stage));
    rig_json_add_count(b, "entered", s->n_entered);
    rig_json_add_count(b, "lost", s->n_lost);
    rig_json_add_real(b, "p_observed", s->p_observed);
    rig_json_add_real(b, "ess", s->ess);
    rig_json_add_count(b, "batches", s->n_batches);
    rig_json_add_interval(b, "i90", s->low90, s->high90);
    rig_json_add_interval(b, "i95", s->low95, s->high95);
    rig_json_add_real(b, "p_predicted", s->p_predicted);
    rig_json_add_real(b, "margin", s->margin);
    rig_json_add_real(b, "p_value", s->p_value);
    rig_json_add_real(b, "p_value_holm", s->p_value_holm);
    rig_json_add_real(b, "minutes_to_decide", u->minutes * s->growth_to_decide);
    rig_json_add_text(b, "judgement", rig_judgement_name(s->judgement));
    rig_json_close(b);
}

static rig_status print_json(const rig_unpaired *u, rig_error *err)
{
    json_t *document = NULL;
    rig_json_builder b;
    rig_json_begin(&b);
    rig_json_add_text(&b, "format", "peakrig capture verdict 1");
    rig_json_add_text(&b, "judgement", rig_judgement_name(u->judgement));
    rig_json_add_integer(&b, "exit_code", rig_judgement_exit_code(u->judgement));
    rig_json_add_real(&b, "minutes", u->minutes);
    rig_json_open_list(&b, "stages");
    for (int s = 0; s < RIG_N_STAGES; s++)
        add_stage(&b, u, (rig_stage)s);
    rig_json_close(&b);
    rig_status status = rig_json_end(&b, &document);
    if (status != RIG_OK)
        return rig_fail(err, status, "comparison: %s", rig_status_text(status));
    status = rig_json_print(document, RIG_JSON_DIGITS, stdout, err);
    json_decref(document);
    return status;
}

rig_status rig_cmd_diff_unpaired(const char *prediction, const char *calls_path, bool is_json,
                                 rig_judgement *judgement, rig_error *err)
{
    rig_unpaired_prediction predicted[RIG_N_STAGES];
    rig_unpaired comparison;
    rig_calls *calls = NULL;
    rig_status status = read_prediction(prediction, predicted, err);
    if (status == RIG_OK)
        status = rig_cdr_read(calls_path, &calls, err);
    if (status == RIG_OK)
        status = rig_unpaired_compare(calls, predicted, &comparison, err);
    if (status == RIG_OK && is_json)
        status = print_json(&comparison, err);
    else if (status == RIG_OK)
        print_text(&comparison);
    if (status == RIG_OK)
        *judgement = comparison.judgement;
    rig_calls_free(calls);
    return status;
}
