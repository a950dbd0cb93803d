#include "reports/prediction_json.h"

#include <math.h>

json_t *rig_json_real(double value)
{
    return isfinite(value) ? json_real(value + 0.0) : json_null(); /* -0 is 0 */
}

static json_t *metric_json(const rig_metric_info *info, const rig_summary *s)
{
    return json_pack("{s:s, s:s, s:s, s:i, s:o, s:o, s:[o,o], s:[o,o]}", "name", info->name,
                     "description", info->description, "unit", info->unit, "n", (int)s->n, "mean",
                     rig_json_real(s->mean), "sd_of_one_run", rig_json_real(s->sd),
                     "confidence_95_of_mean", rig_json_real(s->ci_low), rig_json_real(s->ci_high),
                     "prediction_95_of_one_run", rig_json_real(s->low), rig_json_real(s->high));
}

static json_t *trunks_json(const rig_prediction *prediction, const rig_scenario *scenario)
{
    json_t *list = json_array();
    for (size_t i = 0; i < prediction->n_trunks; i++) {
        json_t *metrics = json_array();
        for (int m = 0; m < RIG_N_TRUNK_METRICS; m++)
            (void)json_array_append_new(
                metrics, metric_json(rig_trunk_metric_describe((rig_trunk_metric)m),
                                     &prediction->trunks[i * RIG_N_TRUNK_METRICS + (size_t)m]));
        (void)json_array_append_new(
            list, json_pack("{s:s, s:I, s:o}", "name", scenario->trunks[i].name, "circuits",
                            (json_int_t)scenario->trunks[i].n_circuits, "metrics", metrics));
    }
    return list;
}

static json_t *agents_json(const rig_prediction *prediction, const rig_scenario *scenario)
{
    json_t *list = json_array();
    for (size_t i = 0; i < prediction->n_groups; i++) {
        json_t *metrics = json_array();
        for (int m = 0; m < RIG_N_GROUP_METRICS; m++)
            (void)json_array_append_new(
                metrics, metric_json(rig_group_metric_describe((rig_group_metric)m),
                                     &prediction->groups[i * RIG_N_GROUP_METRICS + (size_t)m]));
        (void)json_array_append_new(
            list, json_pack("{s:s, s:I, s:o}", "name", scenario->agents[i].name, "agents",
                            (json_int_t)scenario->agents[i].n_agents, "metrics", metrics));
    }
    return list;
}

static json_t *series_json(const rig_prediction *prediction, rig_series series)
{
    json_t *mean = json_array(), *low = json_array(), *high = json_array();
    for (size_t i = 0; i < prediction->n_intervals; i++) {
        rig_band band = rig_prediction_band(prediction, series, i);
        (void)json_array_append_new(mean, rig_json_real(band.mean));
        (void)json_array_append_new(low, rig_json_real(band.low));
        (void)json_array_append_new(high, rig_json_real(band.high));
    }
    return json_pack("{s:o, s:o, s:o}", "mean", mean, "low", low, "high", high);
}

/* What makes a prediction comparable with a capture of others. */
static json_t *margins_json(const rig_scenario *scenario)
{
    json_t *list = json_array();
    for (int s = 0; s < RIG_N_STAGES; s++)
        (void)json_array_append_new(
            list, json_pack("{s:s, s:f, s:f}", "stage", rig_stage_name((rig_stage)s), "margin_pp",
                            scenario->gate.margin[s].margin_pp, "margin_share",
                            scenario->gate.margin[s].margin_share));
    return list;
}

rig_status rig_json_of_prediction(const rig_prediction *prediction, const rig_scenario *scenario,
                                  const char *scenario_sha256, json_t **document)
{
    json_t *metrics = json_array();
    json_t *series = json_object();
    for (int m = 0; m < RIG_N_METRICS; m++)
        (void)json_array_append_new(
            metrics, metric_json(rig_metric_describe((rig_metric)m), &prediction->metrics[m]));
    for (int s = 0; s < RIG_N_SERIES; s++)
        (void)json_object_set_new(series, rig_series_name((rig_series)s),
                                  series_json(prediction, (rig_series)s));
    json_t *made = json_pack(
        "{s:s, s:s, s:s, s:I, s:{s:s}, s:s, s:i, s:o, s:o, s:o, s:o, s:{s:f, s:o}}", "format",
        "peakrig prediction 1", "peakrig", PEAKRIG_VERSION, "name", scenario->name, "seed",
        (json_int_t)scenario->seed, "inputs", "scenario_sha256", scenario_sha256, "mode",
        prediction->is_replay ? "replay" : "monte_carlo", "replications",
        (int)prediction->n_replications, "margins", margins_json(scenario), "metrics", metrics,
        "trunks", trunks_json(prediction, scenario), "agents", agents_json(prediction, scenario),
        "intervals", "length_s", prediction->interval_s, "series", series);
    if (made == NULL)
        return RIG_ENOMEM;
    *document = made;
    return RIG_OK;
}
