#include "reports/prediction_json.h"

#include <math.h>

json_t *rig_json_real(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

static json_t *metric_json(const rig_prediction *prediction, rig_metric metric)
{
    const rig_metric_info *info = rig_metric_describe(metric);
    const rig_summary *s = &prediction->metrics[metric];
    return json_pack("{s:s, s:s, s:s, s:i, s:o, s:o, s:[o,o], s:[o,o]}", "name", info->name,
                     "description", info->description, "unit", info->unit, "n", (int)s->n, "mean",
                     rig_json_real(s->mean), "sd_of_one_run", rig_json_real(s->sd),
                     "confidence_95_of_mean", rig_json_real(s->ci_low), rig_json_real(s->ci_high),
                     "prediction_95_of_one_run", rig_json_real(s->low), rig_json_real(s->high));
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

rig_status rig_prediction_json(const rig_prediction *prediction, const rig_scenario *scenario,
                               const char *scenario_sha256, json_t **document)
{
    json_t *metrics = json_array();
    json_t *series = json_object();
    for (int m = 0; m < RIG_N_METRICS; m++)
        (void)json_array_append_new(metrics, metric_json(prediction, (rig_metric)m));
    for (int s = 0; s < RIG_N_SERIES; s++)
        (void)json_object_set_new(series, rig_series_name((rig_series)s),
                                  series_json(prediction, (rig_series)s));
    json_t *made =
        json_pack("{s:s, s:s, s:s, s:I, s:{s:s}, s:s, s:i, s:o, s:{s:f, s:o}}", "format",
                  "peakrig prediction 1", "peakrig", PEAKRIG_VERSION, "name", scenario->name,
                  "seed", (json_int_t)scenario->seed, "inputs", "scenario_sha256", scenario_sha256,
                  "mode", prediction->is_replay ? "replay" : "monte_carlo", "replications",
                  (int)prediction->n_replications, "metrics", metrics, "intervals", "length_s",
                  prediction->interval_s, "series", series);
    if (made == NULL)
        return RIG_ENOMEM;
    *document = made;
    return RIG_OK;
}
