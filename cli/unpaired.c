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

/* What a prediction says of each stage's loss per entrant. */
static rig_status read_prediction(const char *path, rig_unpaired_prediction *stages, rig_error *err)
{
    json_t *document = NULL;
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
    const json_t *metrics = rig_json_list(document, "metrics");
    const json_t *margins = rig_json_list(document, "margins");
    for (int s = 0; s < RIG_N_STAGES && status == RIG_OK; s++) {
        const char *name =
            rig_metric_describe((rig_metric)(RIG_METRIC_P_LOST_PER_ENTRANT + s))->name;
        const json_t *margin = json_array_get(margins, (size_t)s);
        stages[s] = (rig_unpaired_prediction){.p = (double)NAN,
                                              .margin = {rig_json_number(margin, "margin_pp"),
                                                         rig_json_number(margin, "margin_share")}};
        for (size_t i = 0; i < json_array_size(metrics); i++) {
            const json_t *metric = json_array_get(metrics, i);
            if (strcmp(rig_json_text(metric, "name"), name) != 0)
                continue;
            stages[s].p = rig_json_number(metric, "mean");
            stages[s].sd_of_run = rig_json_number(metric, "sd_of_one_run");
        }
        if (isnan(stages[s].p) || isnan(stages[s].margin.margin_pp) ||
            isnan(stages[s].margin.margin_share))
            status = rig_fail(err, RIG_EINPUT, "%s: no %s, or no margin for it; expected both",
                              path, name);
    }
    json_decref(document);
    return status;
}

static void print_text(const rig_unpaired *u)
{
    printf("stage | entered |   lost | observed (95 %%)         | predicted %%  | verdict\n"
           "------+---------+--------+-------------------------+--------------+-------------\n");
    for (int i = 0; i < RIG_N_STAGES; i++) {
        const rig_unpaired_stage *s = &u->stages[i];
        printf("%-5s | %7llu | %6llu | %6.2f %% (%5.2f..%5.2f) | %5.2f +-%4.2f | %s\n",
               rig_stage_name((rig_stage)i), (unsigned long long)s->n_entered,
               (unsigned long long)s->n_lost, 100.0 * s->p_observed, 100.0 * s->low95,
               100.0 * s->high95, 100.0 * s->p_predicted, 100.0 * s->margin,
               rig_judgement_name(s->judgement));
    }
    putchar('\n');
    for (int i = 0; i < RIG_N_STAGES; i++) {
        const rig_unpaired_stage *s = &u->stages[i];
        if (isfinite(s->growth_to_decide))
            rig_console_say(
                "%s: its calls are worth %.0f independent ones (ESS); about %.0f minutes "
                "would decide",
                rig_stage_name((rig_stage)i), s->ess,
                ceil(fmax(1.0, u->minutes * s->growth_to_decide)));
        else
            rig_console_say("%s: its calls are worth %.0f independent ones (ESS)",
                            rig_stage_name((rig_stage)i), s->ess);
    }
    putchar('\n');
    rig_console_say("%s: compared unpaired over %.1f minutes (batch means; see docs/verdict.md)",
                    rig_judgement_name(u->judgement), u->minutes);
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
    rig_json_add_text(&b, "format", "peakrig comparison 1");
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
