/* The section `ivr`. Its choices say which skills there are. */
#include <stdlib.h>
#include <string.h>

#include "scenarios/scenario/sections.h"

/* The number of a skill by its name, which is added when it is new. */
static uint32_t skill_of(rig_scenario *scenario, char *name)
{
    int found =
        rig_section_find(scenario->skills, scenario->n_skills, sizeof *scenario->skills, name);
    if (found >= 0) {
        free(name);
        return (uint32_t)found;
    }
    scenario->skills[scenario->n_skills] = name;
    return (uint32_t)scenario->n_skills++;
}

/* Without the key: one choice, which needs the one skill that all agents have. */
static void one_choice(rig_reader *reader, rig_scenario *scenario)
{
    rig_ivr *ivr = &scenario->ivr;
    ivr->choices = rig_reader_array(reader, 1, sizeof *ivr->choices);
    scenario->skills = rig_reader_array(reader, 1, sizeof *scenario->skills);
    char *name = strdup("any"), *skill = strdup("any");
    if (ivr->choices == NULL || scenario->skills == NULL || name == NULL || skill == NULL) {
        free(name);
        free(skill);
        rig_reader_no_memory(reader);
        return;
    }
    ivr->choices[0] = (rig_choice){.name = name, .p_share = 1.0};
    ivr->n_choices = 1;
    scenario->skills[0] = skill;
    scenario->n_skills = 1;
}

static void read_choices(rig_reader *reader, const config_setting_t *list, rig_scenario *scenario)
{
    static const char *const keys[] = {"name", "share", "skill", NULL};
    rig_ivr *ivr = &scenario->ivr;
    int n = rig_section_length(reader, list, 1, RIG_MAX_KINDS, "choices");
    ivr->choices = rig_reader_array(reader, n, sizeof *ivr->choices);
    scenario->skills = rig_reader_array(reader, n, sizeof *scenario->skills);
    double sum = 0.0;
    for (int i = 0; i < n && reader->status == RIG_OK; i++) {
        config_setting_t *element = rig_reader_element(reader, list, i);
        if (element == NULL)
            return;
        rig_reader_check_keys(reader, element, keys);
        rig_choice *made = &ivr->choices[i];
        ivr->n_choices = (size_t)i + 1;
        made->name = rig_section_name(reader, element, "choice", i);
        if (made->name != NULL &&
            rig_section_find(ivr->choices, (size_t)i, sizeof *made, made->name) >= 0)
            rig_reader_fail(reader, element, "the name \"%s\" is taken by a choice before",
                            made->name);
        made->p_share = rig_reader_number(reader, element, "share", &rig_range_share, NULL);
        char *skill = rig_reader_string(reader, element, "skill", NULL);
        if (skill != NULL)
            made->skill = skill_of(scenario, skill);
        sum += made->p_share;
    }
    rig_section_check_shares(reader, list, sum, "choices");
}

void rig_section_ivr(rig_reader *reader, const config_setting_t *root, rig_scenario *scenario)
{
    static const char *const keys[] = {
        "ports",   "menu", "hold_while_queued", "self_service_share", "self_service",
        "choices", NULL};
    static const rig_range share_below_1 = {0, 0.999999, false, "a share in [0, 1)"};
    static const double none = 0.0;
    static const rig_dist no_time = {.kind = RIG_DIST_CONSTANT};
    if (reader->status != RIG_OK)
        return;
    const uint64_t n_circuits = rig_scenario_n_circuits(scenario);
    rig_ivr *ivr = &scenario->ivr;
    config_setting_t *group = rig_reader_group(reader, root, "ivr", false);
    if (group == NULL) { /* the queue answers by itself */
        *ivr = (rig_ivr){.n_ports = (uint32_t)n_circuits, .menu = no_time, .self_service = no_time};
        one_choice(reader, scenario);
        return;
    }
    rig_reader_check_keys(reader, group, keys);
    ivr->n_ports =
        (uint32_t)rig_reader_count(reader, group, "ports", &rig_range_resources, &n_circuits);
    ivr->menu = rig_section_dist(reader, group, "menu", &no_time);
    ivr->hold_while_queued = rig_reader_bool(reader, group, "hold_while_queued", true);
    ivr->p_self_service =
        rig_reader_number(reader, group, "self_service_share", &share_below_1, &none);
    ivr->self_service = rig_section_dist(reader, group, "self_service",
                                         ivr->p_self_service > 0.0 ? NULL : &no_time);
    config_setting_t *choices = rig_reader_list(reader, group, "choices", false);
    if (choices != NULL)
        read_choices(reader, choices, scenario);
    else if (reader->status == RIG_OK)
        one_choice(reader, scenario);
}
