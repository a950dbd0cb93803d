#include "scenarios/scenario.h"

#include <libgen.h>
#include <stdlib.h>
#include <string.h>

#include "settings/config.h"
#include "scenarios/scenario/literals.h"
#include "scenarios/scenario/override.h"
#include "scenarios/scenario/sections.h"
#include "scenarios/scenario/validate.h"

static void free_callers(rig_callers *callers)
{
    free(callers->dial);
    rig_dist_clear(&callers->patience_answer);
    rig_dist_clear(&callers->patience_queue);
    rig_dist_clear(&callers->patience_ringing);
    rig_dist_clear(&callers->talk);
    for (size_t i = 0; i < callers->n_classes; i++)
        free(callers->classes[i].name);
    free(callers->classes);
    rig_dist_clear(&callers->redial.delay);
    free(callers->auth.user);
    free(callers->auth.password);
    free(callers->dtmf.digits);
    free(callers->sipp_xml);
}

static void free_ivr(rig_ivr *ivr)
{
    rig_dist_clear(&ivr->menu);
    rig_dist_clear(&ivr->self_service);
    for (size_t i = 0; i < ivr->n_choices; i++)
        free(ivr->choices[i].name);
    free(ivr->choices);
}

static void free_agents(rig_scenario *scenario)
{
    for (size_t i = 0; i < scenario->n_agents; i++) {
        rig_agent_group *agents = &scenario->agents[i];
        free(agents->name);
        free(agents->shifts);
        free(agents->level);
        rig_dist_clear(&agents->ring);
        rig_dist_clear(&agents->wrap_up);
    }
    free(scenario->agents);
    for (size_t i = 0; i < scenario->n_reserves; i++) {
        free(scenario->reserves[i].name);
        rig_dist_clear(&scenario->reserves[i].arrive_after);
    }
    free(scenario->reserves);
}

void rig_scenario_free(rig_scenario *scenario)
{
    if (scenario == NULL)
        return;
    free(scenario->path);
    free(scenario->name);
    free(scenario->description);
    free(scenario->traffic.rate);
    free(scenario->traffic.adverts);
    free(scenario->traffic.instants_path);
    free(scenario->traffic.instants_column);
    free(scenario->traffic.instant_s);
    free_callers(&scenario->callers);
    for (size_t i = 0; i < scenario->n_trunks; i++) {
        free(scenario->trunks[i].name);
        free(scenario->trunks[i].overflow);
    }
    free(scenario->trunks);
    free_ivr(&scenario->ivr);
    free(scenario->queue.overflow);
    rig_dist_clear(&scenario->call_back.answer);
    rig_dist_clear(&scenario->call_back.retry_delay);
    free_agents(scenario);
    for (size_t i = 0; i < scenario->n_skills; i++)
        free(scenario->skills[i]);
    free(scenario->skills);
    free(scenario->faults);
    free(scenario->gate.levels);
    free(scenario->target.host);
    free(scenario->target.listen);
    free(scenario->target.agents_listen);
    for (size_t i = 0; i < scenario->target.n_allow; i++)
        free(scenario->target.allow[i]);
    free(scenario->target.allow);
    for (size_t i = 0; i < scenario->load.n_local; i++)
        free(scenario->load.local[i]);
    free(scenario->load.local);
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

const char *rig_level_metric_name(rig_level_metric metric)
{
    return (unsigned)metric < RIG_N_LEVEL_METRICS ? rig_words_level_metric[metric] : "?";
}

bool rig_target_is_embedded(const rig_target *target)
{
    return strcmp(target->host, "embedded") == 0;
}
