#include "scenarios/scenario.h"

#include <libgen.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "scenarios/config.h"
#include "scenarios/literals.h"
#include "scenarios/override.h"
#include "scenarios/sections.h"
#include "scenarios/validate.h"

void rig_scenario_free(rig_scenario *scenario)
{
    if (scenario == NULL)
        return;
    free(scenario->path);
    free(scenario->name);
    free(scenario->description);
    free(scenario->traffic.rate);
    free(scenario->callers.dial);
    rig_dist_clear(&scenario->callers.patience_answer);
    rig_dist_clear(&scenario->callers.patience_queue);
    rig_dist_clear(&scenario->callers.patience_ringing);
    rig_dist_clear(&scenario->callers.talk);
    for (size_t i = 0; i < scenario->n_trunks; i++)
        free(scenario->trunks[i].name);
    free(scenario->trunks);
    rig_dist_clear(&scenario->ivr.menu);
    rig_dist_clear(&scenario->ivr.self_service);
    for (size_t i = 0; i < scenario->n_agents; i++) {
        free(scenario->agents[i].name);
        rig_dist_clear(&scenario->agents[i].ring);
        rig_dist_clear(&scenario->agents[i].wrap_up);
    }
    free(scenario->agents);
    free(scenario->gate.levels);
    free(scenario->target.host);
    free(scenario->target.agents_listen);
    for (size_t i = 0; i < scenario->target.n_allow; i++)
        free(scenario->target.allow[i]);
    free(scenario->target.allow);
    free(scenario);
}

static rig_status parse_file(config_t *config, const char *path, rig_error *err)
{
    char *copy = strdup(path);
    if (copy == NULL)
        return rig_fail(err, RIG_ENOMEM, "%s: out of memory", path);
    const char *folder = dirname(copy);
    rig_status status = rig_literals_check_file(path, folder, err);
    config_set_include_dir(config, folder);
    if (status == RIG_OK && config_read_file(config, path) != CONFIG_TRUE) {
        const char *at = config_error_file(config) != NULL ? config_error_file(config) : path;
        status = rig_fail(err, RIG_EINPUT, "%s:%d: %s; expected libconfig syntax: key = value;", at,
                          config_error_line(config), config_error_text(config));
    }
    free(copy);
    return status;
}

rig_status rig_scenario_read(const char *path, const char *const *overrides, size_t n_overrides,
                             rig_scenario **scenario, rig_error *err)
{
    config_t config;
    rig_reader reader = {.path = path, .status = RIG_OK, .err = err};
    rig_scenario *made = NULL;
    config_init(&config);
    rig_status status = parse_file(&config, path, err);
    for (size_t i = 0; i < n_overrides && status == RIG_OK; i++)
        status = rig_override_apply(&config, overrides[i], err);
    if (status != RIG_OK)
        goto out;
    made = calloc(1, sizeof *made);
    if (made == NULL || (made->path = strdup(path)) == NULL) {
        status = rig_fail(err, RIG_ENOMEM, "%s: out of memory", path);
        goto out;
    }
    rig_sections_read(&reader, config_root_setting(&config), made);
    rig_validate(&reader, config_root_setting(&config), made);
    status = reader.status;
    if (status == RIG_OK) {
        *scenario = made;
        made = NULL;
    }
out:
    rig_scenario_free(made);
    config_destroy(&config);
    return status;
}

uint32_t rig_scenario_n_circuits(const rig_scenario *scenario)
{
    uint32_t n = 0;
    for (size_t i = 0; i < scenario->n_trunks; i++)
        n += scenario->trunks[i].n_circuits;
    return n;
}

double rig_traffic_rate_per_s(const rig_traffic *traffic, double at_s)
{
    const rig_rate_point *rate = traffic->rate;
    size_t n = traffic->n_rate;
    if (at_s < rate[0].at_s)
        return rate[0].rate_per_min / 60.0;
    size_t i = 0;
    while (i + 1 < n && rate[i + 1].at_s <= at_s)
        i++;
    double here_per_min = rate[i].rate_per_min;
    if (i + 1 == n || traffic->interpolation == RIG_INTERPOLATION_STEP)
        return here_per_min / 60.0;
    double part = (at_s - rate[i].at_s) / (rate[i + 1].at_s - rate[i].at_s);
    return (here_per_min + part * (rate[i + 1].rate_per_min - here_per_min)) / 60.0;
}

double rig_traffic_peak_rate_per_s(const rig_traffic *traffic)
{
    double peak_per_s = fmax(rig_traffic_rate_per_s(traffic, 0.0),
                             rig_traffic_rate_per_s(traffic, traffic->duration_s));
    for (size_t i = 0; i < traffic->n_rate; i++) {
        if (traffic->rate[i].at_s < traffic->duration_s)
            peak_per_s = fmax(peak_per_s, traffic->rate[i].rate_per_min / 60.0);
    }
    return peak_per_s;
}

double rig_traffic_expected_calls(const rig_traffic *traffic, double at_s)
{
    const bool is_step = traffic->interpolation == RIG_INTERPOLATION_STEP;
    double until_s = fmin(fmax(at_s, 0.0), traffic->duration_s);
    double from_s = 0.0;
    double n_calls = 0.0;
    for (size_t i = 0; i <= traffic->n_rate && from_s < until_s; i++) {
        double to_s = i < traffic->n_rate ? fmin(traffic->rate[i].at_s, until_s) : until_s;
        if (to_s <= from_s)
            continue;
        double first_per_s = rig_traffic_rate_per_s(traffic, from_s);
        /* at a step the rate of the end point belongs to the next piece */
        double last_per_s = is_step ? first_per_s : rig_traffic_rate_per_s(traffic, to_s);
        n_calls += (to_s - from_s) * (first_per_s + last_per_s) / 2.0;
        from_s = to_s;
    }
    return n_calls;
}

const char *rig_level_metric_name(rig_level_metric metric)
{
    return (unsigned)metric < RIG_N_LEVEL_METRICS ? rig_words_level_metric[metric] : "?";
}

bool rig_target_is_embedded(const rig_target *target)
{
    return strcmp(target->host, "embedded") == 0;
}
