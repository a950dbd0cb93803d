/* SPDX-License-Identifier: GPL-3.0-or-later */
/* agents and reserves: what their rows cannot say. */
#include <stdlib.h>
#include <string.h>

#include "scenarios/password.h"
#include "scenarios/registration.h"
#include "scenarios/scenario/as_rows.h"
#include "scenarios/scenario/keys.h"
#include "settings/describe.h"

/* ---- on duty ---- */

static bool has_shifts(const void *owner, const void *object)
{
    (void)object;
    return ((const rig_agent_group *)owner)->n_shifts > 1;
}

/* A centre of the user's does not know what time it is in the scenario. */
static bool has_shifts_elsewhere(const void *owner, const void *object)
{
    const rig_scenario *scenario = object;
    return has_shifts(owner, object) && !rig_target_is_embedded(&scenario->target);
}

static bool has_no_shifts(const void *owner, const void *object)
{
    return !has_shifts(owner, object);
}

static void check_shifts(rig_reader *reader, const rig_setting *at, const rig_key *key, void *owner)
{
    const rig_agent_group *agents = owner;
    (void)key;
    for (size_t i = 0; i < agents->n_shifts; i++) {
        const rig_shift *shift = &agents->shifts[i];
        const rig_setting *element = rig_setting_element(at, (int)i);
        if (i == 0 && shift->at_s > 0.0)
            rig_reader_fail(reader, element, "at_s %.15g; expected 0 in the first shift", shift->at_s);
        if (i > 0 && shift->at_s <= agents->shifts[i - 1].at_s)
            rig_reader_fail(reader, element, "at_s %.15g is not later than the shift before",
                            shift->at_s);
    }
    if (agents->n_agents == 0)
        rig_reader_fail(reader, at, "every count is 0; expected agents in some shift");
}

/* A count is a shift from 0 on; of shifts the greatest is the count. */
static void finish_agents(rig_reader *reader, const rig_setting *at, void *object)
{
    rig_agent_group *agents = object;
    (void)at;
    for (size_t i = 0; i < agents->n_shifts; i++)
        if (agents->shifts[i].n_agents > agents->n_agents)
            agents->n_agents = agents->shifts[i].n_agents;
    if (agents->n_shifts > 0)
        return;
    agents->shifts = rig_reader_array(reader, 1, sizeof *agents->shifts);
    if (agents->shifts == NULL)
        return;
    agents->shifts[0].n_agents = agents->n_agents;
    agents->n_shifts = 1;
}

/* ---- phones that refuse ---- */

static void check_agents(rig_reader *reader, const rig_setting *at, const void *object)
{
    const rig_agent_group *agents = object;
    const double sum = agents->p_busy + agents->p_do_not_disturb + agents->p_reject;
    if (sum > 1.0 + 1e-9)
        rig_reader_fail(reader, at,
                        "busy_share, do_not_disturb_share and reject_share sum to %g; expected at "
                        "most 1",
                        sum);
}

static void check_break(rig_reader *reader, const rig_setting *at, const rig_key *key, void *owner)
{
    (void)key;
    if (((const rig_agent_group *)owner)->n_most_missed == 0 &&
        !rig_reader_has(rig_setting_parent(at), "max_no_answer")) /* a 0 that is said is meant */
        rig_reader_fail(reader, at,
                        "has no meaning here; expected only with max_no_answer: without it nobody "
                        "is given a break");
}

static bool takes_breaks(const void *owner, const void *object)
{
    (void)object;
    return ((const rig_agent_group *)owner)->n_most_missed > 0;
}

static void rest_of_kind(rig_reader *reader, const rig_key *key, void *owner)
{
    (void)key;
    ((rig_agent_group *)owner)->rest_s = rig_section_kind_of(reader->object)->rest_s;
}

/* The rows stand behind that of rest_s. */
static void rest_as_unanswered(rig_reader *reader, const rig_key *key, void *owner)
{
    (void)reader;
    *(double *)rig_key_member(key, owner) = ((const rig_agent_group *)owner)->rest_s;
}

/* ---- skills ---- */

/* One skill of a group of agents, as it stands in the file. */
typedef struct skill_form {
    char *name;
    uint8_t level;
} skill_form;

#define ROW_OF skill_form
static const rig_key skill_rows[] = {
#include "scenarios/keys/skill.def"
};
#undef ROW_OF

static const rig_key_group skill_group = GROUP_OF(skill_rows, skill_form);

static rig_key_need need_skills(const rig_setting *group, const void *owner, const char **why)
{
    const rig_setting *root = rig_setting_parent(rig_setting_parent(group));
    bool has_choices = rig_setting_find(root, "ivr.choices") != NULL;
    (void)owner;
    *why = has_choices
               ? "expected on every group of agents, as ivr.choices is given"
               : "expected only with ivr.choices: without them every agent takes every call";
    return has_choices ? RIG_NEED_KEY : RIG_NEED_ABSENT;
}

static bool has_skills(const void *owner, const void *object)
{
    return rig_section_has_choices(owner, object);
}

static void read_skills(rig_reader *reader, const rig_setting *at, const rig_key *key, void *owner)
{
    (void)key;
    (void)owner;
    if (!rig_setting_is_list(at))
        rig_reader_fail(reader, at, "is %s; expected a list ( )", rig_setting_type(at));
}

/* Skills that the choices have named are known by now. */
static void add_skill(rig_reader *reader, const rig_setting *at, const char *name, uint8_t level,
                      rig_agent_group *agents)
{
    int skill = rig_names_find(rig_section_skill_names(reader->object), name);
    if (skill < 0)
        rig_reader_fail(reader, at, "\"%s\" is a skill that no choice of ivr.choices leads to",
                        name);
    else if (agents->level[skill] != 0)
        rig_reader_fail(reader, at, "the skill \"%s\" is named twice", name);
    else
        agents->level[skill] = level;
}

/* One skill: a bare name, or { name; level; }. */
static void resolve_skill(rig_reader *reader, const rig_setting *at, rig_agent_group *agents)
{
    const char *name = rig_setting_text(at);
    if (name != NULL) {
        add_skill(reader, at, name, 1, agents);
        return;
    }
    const rig_setting *member = rig_setting_member(at, "name");
    skill_form form = {.name = NULL};
    if (rig_setting_is_group(at) && member != NULL && rig_setting_text(member) != NULL)
        rig_table_read_group(reader, at, &skill_group, &form);
    else
        rig_reader_fail(reader, at,
                        "expected the name of a skill as a string, or { name; level; }");
    if (reader->status == RIG_OK)
        add_skill(reader, at, form.name, form.level, agents);
    rig_table_clear(&skill_group, &form);
}

static void resolve_skills(rig_reader *reader, const rig_setting *at, const rig_key *key,
                           void *owner)
{
    const rig_scenario *scenario = reader->object;
    rig_agent_group *agents = owner;
    (void)key;
    agents->level = rig_reader_array(reader, (int)scenario->n_skills, sizeof *agents->level);
    for (int i = 0; i < rig_setting_length(at) && reader->status == RIG_OK; i++)
        resolve_skill(reader, rig_setting_element(at, i), agents);
}

/* Without choices: the one skill that there is. */
static void every_skill(rig_reader *reader, const rig_key *key, void *owner)
{
    const rig_scenario *scenario = reader->object;
    rig_agent_group *agents = owner;
    (void)key;
    agents->level = rig_reader_array(reader, (int)scenario->n_skills, sizeof *agents->level);
    if (agents->level != NULL)
        agents->level[0] = 1;
}

static void write_skills(FILE *out, const rig_key *key, const void *owner, const void *object)
{
    const rig_agent_group *agents = owner;
    const rig_scenario *scenario = object;
    const char *comma = "";
    (void)key;
    (void)fputc('(', out);
    for (size_t k = 0; k < scenario->n_skills; k++) {
        if (agents->level[k] == 0)
            continue;
        (void)fprintf(out, "%s{ name = ", comma);
        rig_write_text(out, scenario->skills[k]);
        (void)fprintf(out, "; level = %u; }", agents->level[k]);
        comma = ", ";
    }
    (void)fputc(')', out);
}

static void clear_skills(const rig_key *key, void *owner)
{
    (void)key;
    free(((rig_agent_group *)owner)->level);
}

static void schema_skills(FILE *out, const rig_key *key)
{
    (void)key;
    (void)fputs("\"type\": \"array\", \"items\": {\"anyOf\": [{\"type\": \"string\"}, ", out);
    rig_schema_write_group(out, &skill_group, 4);
    (void)fputs("]}", out);
}

static const rig_key_type skill_levels = {.noun = "list of skills",
                                          .group = &skill_group,
                                          .read = read_skills,
                                          .resolve = resolve_skills,
                                          .write = write_skills,
                                          .clear = clear_skills,
                                          .schema = schema_skills};

/* ---- talks ---- */

static bool has_own_talk(const void *owner, const void *object)
{
    (void)object;
    return rig_dist_is_given(&((const rig_agent_group *)owner)->talk);
}

/* A caller does not know whose phone has answered: agents end all talks then. */
static void check_talk(rig_reader *reader, const rig_setting *at, const rig_key *key, void *owner)
{
    rig_scenario *scenario = reader->object;
    const rig_setting *group = rig_setting_parent(at);
    const rig_setting *root = rig_setting_parent(rig_setting_parent(group));
    const rig_setting *share = rig_setting_find(root, "callers.hangs_up_share");
    (void)key;
    rig_section_check_given(reader, group, "talk", &((const rig_agent_group *)owner)->talk);
    if (share != NULL && scenario->callers.p_caller_hangs_up > 0.0)
        rig_reader_fail(reader, share,
                        "%g with a talk of agents; expected 0: a caller does not know how long the "
                        "agents of a group talk, so that these end all talks",
                        scenario->callers.p_caller_hangs_up);
    scenario->callers.p_caller_hangs_up = 0.0;
}

/* ---- registration ---- */

static bool does_register(const void *owner, const void *object)
{
    (void)object;
    return ((const rig_agent_group *)owner)->registration.first_user != NULL;
}

static void check_first_user(rig_reader *reader, const rig_setting *at, const rig_key *key,
                             void *owner)
{
    const char *user = ((const rig_phone_register *)owner)->first_user;
    const size_t n = rig_scenario_register_digits(user);
    if (n < 1 || n > RIG_MAX_USER_DIGITS)
        rig_reader_fail(reader, at, "\"%s\" %s; expected %s", user, key->wrong, key->expected);
}

static void check_phones_password_file(rig_reader *reader, const rig_setting *at,
                                       const rig_key *key, void *owner)
{
    (void)key;
    if (((const rig_phone_register *)owner)->password != NULL)
        rig_reader_fail(reader, at, "beside password; expected one of the two");
}

/* ---- reserves ---- */

/* A centre of the user's has no reserves that peakrig could call. */
bool rig_section_has_reserves_elsewhere(const void *owner, const void *object)
{
    const rig_scenario *scenario = object;
    (void)owner;
    return scenario->n_reserves > 0 && !rig_target_is_embedded(&scenario->target);
}

static bool is_called_by_queue(const void *owner, const void *object)
{
    (void)object;
    return !((const rig_reserve *)owner)->ignores_queue;
}

static bool is_called_by_rate(const void *owner, const void *object)
{
    (void)object;
    return ((const rig_reserve *)owner)->connect_rate_below > 0.0;
}

static rig_key_need need_window(const rig_setting *group, const void *owner, const char **why)
{
    const bool is_by_rate = is_called_by_rate(owner, NULL);
    (void)group;
    *why = is_by_rate ? "connect_rate_below is that of a window"
                      : "expected only with connect_rate_below";
    return is_by_rate ? RIG_NEED_KEY : RIG_NEED_ABSENT;
}

static void finish_reserve(rig_reader *reader, const rig_setting *at, void *object)
{
    (void)reader;
    ((rig_reserve *)object)->ignores_queue = rig_setting_member(at, "queue_above") == NULL;
}

static void check_reserve(rig_reader *reader, const rig_setting *at, const void *object)
{
    const rig_reserve *reserve = object;
    if (reserve->ignores_queue && !(reserve->connect_rate_below > 0.0) &&
        reserve->agents_below == 0)
        rig_reader_fail(reader, at,
                        "\"queue_above\" is missing; expected it, \"connect_rate_below\" or "
                        "\"agents_below\": without them nobody is called");
    else if (!reserve->ignores_queue && reserve->queue_below > reserve->queue_above)
        rig_reader_fail(reader, at, "queue_below = %u is more than queue_above = %u",
                        reserve->queue_below, reserve->queue_above);
}

static const char *const count_or_shifts[] = {"count", "shifts", NULL};

#define ROW_OF rig_shift
static const rig_key shift_rows[] = {
#include "scenarios/keys/shift.def"
};
#undef ROW_OF

static const rig_key_group shift = GROUP_OF(shift_rows, rig_shift);

#define ROW_OF rig_phone_register
static const rig_key registration_rows[] = {
#include "scenarios/keys/register.def"
};
#undef ROW_OF

static const rig_key_group registration = GROUP_OF(registration_rows, rig_phone_register);

#define ROW_OF rig_agent_group
static const rig_key agent_rows[] = {
#include "scenarios/keys/agents.def"
};
#undef ROW_OF
#define ROW_OF rig_reserve
static const rig_key reserve_rows[] = {
#include "scenarios/keys/reserves.def"
};
#undef ROW_OF

const rig_key_group rig_section_agents =
    GROUP_OF(agent_rows, rig_agent_group, .either = count_or_shifts, .is_replaced = true,
             .check = check_agents, .finish = finish_agents);
const rig_key_group rig_section_reserves =
    GROUP_OF(reserve_rows, rig_reserve, .finish = finish_reserve, .check = check_reserve);
