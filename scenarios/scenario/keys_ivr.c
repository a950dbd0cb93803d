/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ivr: what its rows cannot say. Its choices say which skills there are. */
#include <stdlib.h>
#include <string.h>

#include "scenarios/scenario/as_rows.h"
#include "scenarios/scenario/keys.h"
#include "scenarios/scenario/steps.h"

static void ports_as_circuits(rig_reader *reader, const rig_key *key, void *owner)
{
    (void)key;
    ((rig_ivr *)owner)->n_ports = rig_scenario_n_circuits(reader->object);
}

static bool has_port_steps(const void *owner, const void *object)
{
    (void)object;
    return ((const rig_ivr *)owner)->n_steps > 0;
}

static bool has_no_port_steps(const void *owner, const void *object)
{
    return !has_port_steps(owner, object);
}

static bool has_port_steps_elsewhere(const void *owner, const void *object)
{
    const rig_scenario *scenario = object;
    return has_port_steps(owner, object) && !rig_target_is_embedded(&scenario->target);
}

static void check_port_steps(rig_reader *reader, const rig_setting *at, const rig_key *key,
                             void *owner)
{
    const rig_ivr *ivr = owner;
    (void)key;
    rig_steps_check(reader, at, ivr->steps, ivr->n_steps, "ports");
}

static void finish_ivr(rig_reader *reader, const rig_setting *at, void *object)
{
    rig_ivr *ivr = object;
    (void)reader;
    (void)at;
    if (ivr->n_steps > 0)
        ivr->n_ports = rig_steps_most(ivr->steps, ivr->n_steps);
}

void rig_section_no_ivr(rig_reader *reader, const rig_key *key, void *owner)
{
    (void)reader;
    (void)key;
    ((rig_scenario *)owner)->ivr.hold_while_queued = false; /* the queue answers by itself */
}

static rig_key_need need_self_service(const rig_setting *group, const void *owner, const char **why)
{
    (void)group;
    (void)why;
    return ((const rig_ivr *)owner)->p_self_service > 0.0 ? RIG_NEED_KEY : RIG_NEED_NOT;
}

/* ---- skills ---- */

static void read_skill(rig_reader *reader, const rig_setting *at, const rig_key *key, void *owner)
{
    (void)key;
    (void)owner;
    if (rig_setting_text(at) == NULL)
        rig_reader_fail(reader, at, "is %s; expected a string in double quotes",
                        rig_setting_type(at));
}

/* The number of a skill by its name, which is added when it is new. */
static uint32_t skill_of(rig_reader *reader, rig_scenario *scenario, const char *name)
{
    int found = rig_names_find(rig_section_skill_names(scenario), name);
    if (found >= 0)
        return (uint32_t)found;
    if (scenario->skills == NULL)
        scenario->skills = rig_reader_array(reader, RIG_MAX_KINDS, sizeof *scenario->skills);
    char *copy = scenario->skills != NULL ? strdup(name) : NULL;
    if (copy == NULL) {
        rig_reader_no_memory(reader);
        return 0;
    }
    scenario->skills[scenario->n_skills] = copy;
    return (uint32_t)scenario->n_skills++;
}

static void resolve_skill(rig_reader *reader, const rig_setting *at, const rig_key *key,
                          void *owner)
{
    (void)key;
    ((rig_choice *)owner)->skill = skill_of(reader, reader->object, rig_setting_text(at));
}

static void write_skill(FILE *out, const rig_key *key, const void *owner, const void *object)
{
    (void)key;
    rig_write_text(out, ((const rig_scenario *)object)->skills[((const rig_choice *)owner)->skill]);
}

static void schema_skill(FILE *out, const rig_key *key)
{
    (void)key;
    (void)fputs("\"type\": \"string\"", out);
}

static const rig_key_type skill_name = {.noun = "name of a skill",
                                        .read = read_skill,
                                        .resolve = resolve_skill,
                                        .write = write_skill,
                                        .schema = schema_skill};

/* Without the key: one choice, which needs the one skill that all agents have. */
static void one_choice(rig_reader *reader, const rig_key *key, void *owner)
{
    rig_ivr *ivr = owner;
    (void)key;
    ivr->choices = rig_reader_array(reader, 1, sizeof *ivr->choices);
    if (ivr->choices == NULL)
        return;
    uint32_t skill = skill_of(reader, reader->object, "any");
    char *name = strdup("any");
    if (name == NULL)
        rig_reader_no_memory(reader);
    ivr->choices[0] = (rig_choice){.name = name, .p_share = 1.0, .skill = skill};
    ivr->n_choices = 1;
}

/* One choice for the one skill that all agents have: what there is without the keys. They are then
 * left out, so that a list of agents given by --set needs no skills. */
bool rig_section_has_choices(const void *owner, const void *object)
{
    const rig_scenario *scenario = object;
    (void)owner;
    if (scenario->ivr.n_choices > 1 || strcmp(scenario->ivr.choices[0].name, "any") != 0 ||
        strcmp(scenario->skills[0], "any") != 0)
        return true;
    for (size_t i = 0; i < scenario->n_agents; i++)
        if (scenario->agents[i].level[0] != 1)
            return true;
    return false;
}

static bool is_known_to_agents(const rig_scenario *scenario, uint32_t skill)
{
    for (size_t i = 0; i < scenario->n_agents; i++)
        if (scenario->agents[i].level[skill] > 0)
            return true;
    return false;
}

/* Digits that are keyed before those of another choice are complete. */
static void check_digits(rig_reader *reader, const rig_setting *at, const rig_ivr *ivr)
{
    const rig_scenario *scenario = reader->object;
    for (size_t i = 0; i < ivr->n_choices && reader->status == RIG_OK; i++) {
        for (size_t k = 0; k < ivr->n_choices && reader->status == RIG_OK; k++) {
            const char *own = rig_scenario_choice_digits(scenario, i);
            const char *other = rig_scenario_choice_digits(scenario, k);
            if (i != k && strncmp(own, other, strlen(other)) == 0)
                rig_reader_fail(reader, rig_setting_element(at, (int)i),
                                "the digits \"%s\" begin with \"%s\", which lead to choices[%zu]; "
                                "expected others",
                                own, other, k);
        }
    }
}

static bool has_own_talk(const void *owner, const void *object)
{
    (void)object;
    return rig_dist_is_given(&((const rig_choice *)owner)->talk);
}

/* Shares that do not sum to 1, and a choice that leads to nobody. */
static void check_choices(rig_reader *reader, const rig_setting *at, const rig_key *key,
                          void *owner)
{
    const rig_ivr *ivr = owner;
    const rig_scenario *scenario = reader->object;
    double sum = 0.0;
    (void)key;
    for (size_t i = 0; i < ivr->n_choices; i++)
        sum += ivr->choices[i].p_share;
    rig_section_check_sum(reader, at, sum, "choices");
    check_digits(reader, at, ivr);
    for (size_t i = 0; i < ivr->n_choices && reader->status == RIG_OK; i++)
        rig_section_check_given(reader, rig_setting_element(at, (int)i), "talk",
                                &ivr->choices[i].talk);
    for (size_t i = 0; i < ivr->n_choices && reader->status == RIG_OK; i++)
        if (!is_known_to_agents(scenario, ivr->choices[i].skill))
            rig_reader_fail(reader, rig_setting_member(rig_setting_element(at, (int)i), "skill"),
                            "\"%s\" is in no group's agents[].skills",
                            scenario->skills[ivr->choices[i].skill]);
}

#define ROW_OF rig_choice
static const rig_key choice_rows[] = {
#include "scenarios/keys/choice.def"
};
#undef ROW_OF

static const rig_key_group choice = GROUP_OF(choice_rows, rig_choice);

#define ROW_OF rig_line_step
static const rig_key port_step_rows[] = {
#include "scenarios/keys/port_step.def"
};
#undef ROW_OF

static const rig_key_group port_step = GROUP_OF(port_step_rows, rig_line_step);

#define ROW_OF rig_ivr
static const rig_key rows[] = {
#include "scenarios/keys/ivr.def"
};
#undef ROW_OF

static const char *const ports_or_steps[] = {"ports", "steps", NULL};

const rig_key_group rig_section_ivr =
    GROUP_OF(rows, rig_ivr, .either = ports_or_steps, .is_either_optional = true,
             .is_replaced = true, .finish = finish_ivr);
