/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/prediction_json.h"

#include <math.h>

#include "reports/advice_json.h"
#include "reports/json/bands.h"
#include "reports/json_builder.h"
#include "scenarios/scope.h"

static void add_metric(rig_json_builder *b, const rig_metric_info *info, const rig_summary *s)
{
    rig_json_open_object(b, NULL);
    rig_json_add_text(b, "name", info->name);
    rig_json_add_text(b, "description", info->description);
    rig_json_add_text(b, "unit", info->unit);
    if (info->numerator != NULL)
        rig_json_add_text(b, "numerator", info->numerator);
    if (info->denominator != NULL)
        rig_json_add_text(b, "denominator", info->denominator);
    if (info->source != NULL)
        rig_json_add_text(b, "source", info->source);
    rig_json_add_count(b, "n", s->n);
    rig_json_add_real(b, "mean", s->mean);
    rig_json_add_real(b, "sd_of_one_run", s->sd);
    rig_json_add_interval(b, "confidence_95_of_mean", s->ci_low, s->ci_high);
    rig_json_add_interval(b, "prediction_95_of_one_run", s->low, s->high);
    rig_json_close(b);
}

static void add_metrics(rig_json_builder *b, const rig_prediction *prediction)
{
    rig_json_open_list(b, "metrics");
    for (int m = 0; m < RIG_N_METRICS; m++)
        add_metric(b, rig_metric_describe((rig_metric)m), &prediction->metrics[m]);
    rig_json_close(b);
}

static void add_trunks(rig_json_builder *b, const rig_prediction *prediction,
                       const rig_scenario *scenario)
{
    rig_json_open_list(b, "trunks");
    for (size_t i = 0; i < prediction->n_trunks; i++) {
        rig_json_open_object(b, NULL);
        rig_json_add_text(b, "name", scenario->trunks[i].name);
        rig_json_add_count(b, "circuits", scenario->trunks[i].n_circuits);
        rig_json_open_list(b, "metrics");
        for (int m = 0; m < RIG_N_TRUNK_METRICS; m++)
            add_metric(b, rig_trunk_metric_describe((rig_trunk_metric)m),
                       &prediction->trunks[i * RIG_N_TRUNK_METRICS + (size_t)m]);
        rig_json_close(b);
        rig_json_close(b);
    }
    rig_json_close(b);
}

static void add_agents(rig_json_builder *b, const rig_prediction *prediction,
                       const rig_scenario *scenario)
{
    rig_json_open_list(b, "agents");
    for (size_t i = 0; i < prediction->n_groups; i++) {
        rig_json_open_object(b, NULL);
        rig_json_add_text(b, "name", scenario->agents[i].name);
        rig_json_add_count(b, "agents", scenario->agents[i].n_agents);
        rig_json_open_list(b, "metrics");
        for (int m = 0; m < RIG_N_GROUP_METRICS; m++)
            add_metric(b, rig_group_metric_describe((rig_group_metric)m),
                       &prediction->groups[i * RIG_N_GROUP_METRICS + (size_t)m]);
        rig_json_close(b);
        rig_json_close(b);
    }
    rig_json_close(b);
}

/* Figures of carriers, groups of agents, classes and skills, where there are two or more. */
static void add_parts(rig_json_builder *b, const rig_prediction *prediction,
                      const rig_scenario *scenario)
{
    rig_json_open_list(b, "parts");
    for (uint32_t part = 1; part <= prediction->n_parts; part++) {
        rig_json_open_object(b, NULL);
        rig_json_add_text(b, "of", rig_scope_kind_name(rig_scope_part_of(scenario, part).kind));
        rig_json_add_text(b, "name", rig_scope_part_name(scenario, part));
        rig_json_open_list(b, "metrics");
        for (int m = 0; m < RIG_N_METRICS; m++) {
            const rig_metric_ref ref = {(rig_metric)m, part};
            char name[RIG_SCOPE_TEXT_SIZE];
            if (!rig_scope_has(scenario, part, ref.metric))
                continue;
            rig_scope_write(scenario, ref, name, sizeof name);
            rig_metric_info info = *rig_metric_describe(ref.metric);
            info.name = name;
            info.numerator = info.denominator = info.source = NULL; /* as those of the whole */
            add_metric(b, &info, rig_prediction_summary_of(prediction, ref));
        }
        rig_json_close(b);
        rig_json_close(b);
    }
    rig_json_close(b);
}

/* One end or the middle of a series' band, over the intervals. */
static void add_band(rig_json_builder *b, const char *key, const rig_prediction *prediction,
                     rig_series series, double (*of)(rig_band band))
{
    rig_json_open_list(b, key);
    for (size_t i = 0; i < prediction->n_intervals; i++)
        rig_json_add_real(b, NULL, of(rig_prediction_band(prediction, series, i)));
    rig_json_close(b);
}

static double mean_of(rig_band band)
{
    return band.mean;
}

static double low_of(rig_band band)
{
    return band.low;
}

static double high_of(rig_band band)
{
    return band.high;
}

void rig_json_add_bands(rig_json_builder *b, const rig_prediction *prediction, rig_series series)
{
    add_band(b, "mean", prediction, series, mean_of);
    add_band(b, "low", prediction, series, low_of);
    add_band(b, "high", prediction, series, high_of);
}

static void add_intervals(rig_json_builder *b, const rig_prediction *prediction)
{
    rig_json_open_object(b, "intervals");
    rig_json_add_real(b, "length_s", prediction->interval_s);
    rig_json_open_object(b, "series");
    for (int s = 0; s < RIG_N_SERIES; s++) {
        rig_json_open_object(b, rig_series_name((rig_series)s));
        rig_json_add_bands(b, prediction, (rig_series)s);
        rig_json_close(b);
    }
    rig_json_close(b);
    rig_json_close(b);
}

/* What makes a prediction comparable with a capture of others. */
static void add_margins(rig_json_builder *b, const rig_scenario *scenario)
{
    rig_json_open_list(b, "margins");
    for (int s = 0; s < RIG_N_STAGES; s++) {
        rig_json_open_object(b, NULL);
        rig_json_add_text(b, "stage", rig_stage_name((rig_stage)s));
        rig_json_add_real(b, "margin_pp", scenario->gate.margin[s].margin_pp);
        rig_json_add_real(b, "margin_share", scenario->gate.margin[s].margin_share);
        rig_json_close(b);
    }
    rig_json_close(b);
}

rig_status rig_json_of_prediction(const rig_prediction *prediction, const rig_scenario *scenario,
                                  const char *scenario_sha256, json_t **document)
{
    rig_json_builder b;
    rig_json_begin(&b);
    rig_json_add_text(&b, "format", "peakrig prediction 1");
    rig_json_add_text(&b, "peakrig", PEAKRIG_VERSION);
    rig_json_add_text(&b, "name", scenario->name);
    rig_json_add_integer(&b, "seed", (int64_t)scenario->seed);
    rig_json_open_object(&b, "inputs");
    rig_json_add_text(&b, "scenario_sha256", scenario_sha256);
    rig_json_close(&b);
    rig_json_add_text(&b, "mode", prediction->is_replay ? "replay" : "monte_carlo");
    rig_json_add_count(&b, "replications", prediction->n_replications);
    add_margins(&b, scenario);
    add_metrics(&b, prediction);
    add_trunks(&b, prediction, scenario);
    add_agents(&b, prediction, scenario);
    add_parts(&b, prediction, scenario);
    add_intervals(&b, prediction);
    rig_json_add_advice(&b, scenario, prediction, true, (double)NAN);
    return rig_json_end(&b, document);
}
