/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a scenario must have for some defects to be one. */
#include <string.h>

#include "callcentre/callcentre.h"
#include "scenarios/backup.h"

static bool has_trunk(const rig_scenario *scenario, const char *name)
{
    for (size_t i = 0; i < scenario->n_trunks; i++)
        if (scenario->trunks[i].name && strcmp(scenario->trunks[i].name, name) == 0)
            return true;
    return false;
}

static bool has_carriers(const rig_scenario *scenario, const char *name)
{
    (void)name;
    return rig_scenario_has_carriers(scenario);
}

static bool has_backup(const rig_scenario *scenario, const char *name)
{
    (void)name;
    return rig_scenario_has_backup(scenario);
}

static bool has_class(const rig_scenario *scenario, const char *name)
{
    for (size_t i = 0; i < scenario->callers.n_classes; i++)
        if (strcmp(scenario->callers.classes[i].name, name) == 0)
            return true;
    return false;
}

static bool has_priorities(const rig_scenario *scenario, const char *name)
{
    const rig_callers *callers = &scenario->callers;
    (void)name;
    for (size_t i = 1; i < callers->n_classes; i++)
        if (callers->classes[i].priority != callers->classes[0].priority)
            return true;
    return false;
}

static bool has_full_queue(const rig_scenario *scenario, const char *name)
{
    (void)name;
    return scenario->queue.capacity > 0;
}

static bool has_skill(const rig_scenario *scenario, const char *name)
{
    for (size_t i = 0; i < scenario->n_skills; i++)
        if (strcmp(scenario->skills[i], name) == 0)
            return true;
    return false;
}

static bool has_skills(const rig_scenario *scenario, const char *name)
{
    (void)name;
    return scenario->n_skills > 1;
}

static bool has_queue_overflow(const rig_scenario *scenario, const char *name)
{
    (void)name;
    return scenario->queue.n_overflow > 0;
}

static bool has_deflection(const rig_scenario *scenario, const char *name)
{
    (void)name;
    return scenario->queue.deflection.p_accept > 0.0;
}

static bool keeps_places(const rig_scenario *scenario, const char *name)
{
    (void)name;
    return scenario->queue.keep_place.p_accept > 0.0;
}

static bool calls_back(const rig_scenario *scenario, const char *name)
{
    (void)name;
    return rig_scenario_calls_back(scenario);
}

static bool has_announcement(const rig_scenario *scenario, const char *name)
{
    (void)name;
    return scenario->queue.announcement != RIG_ANNOUNCE_NOTHING;
}

static bool has_emergency(const rig_scenario *scenario, const char *name)
{
    (void)name;
    return rig_scenario_has_emergency(scenario);
}

static bool has_dead_centre(const rig_scenario *scenario, const char *name)
{
    (void)name;
    for (size_t i = 0; i < scenario->n_faults; i++)
        if (scenario->faults[i].kind == RIG_FAULT_CENTRE)
            return true;
    return false;
}

static bool has_agents(const rig_scenario *scenario, const char *name)
{
    for (size_t i = 0; i < scenario->n_agents; i++)
        if (strcmp(scenario->agents[i].name, name) == 0)
            return true;
    return false;
}

static bool has_reserve(const rig_scenario *scenario, const char *name)
{
    for (size_t i = 0; i < scenario->n_reserves; i++)
        if (strcmp(scenario->reserves[i].name, name) == 0)
            return true;
    return false;
}

/* Whether agents of the group ever come on duty. */
static bool has_comers(const rig_scenario *scenario, const char *name)
{
    for (size_t i = 0; i < scenario->n_faults; i++)
        if (scenario->faults[i].kind == RIG_FAULT_AGENTS)
            return true;
    for (size_t i = 0; i < scenario->n_agents; i++) {
        const rig_agent_group *group = &scenario->agents[i];
        for (size_t k = 1; k < group->n_shifts && strcmp(group->name, name) == 0; k++)
            if (group->shifts[k].n_agents > group->shifts[k - 1].n_agents)
                return true;
    }
    return false;
}

/* Something that a scenario must have for some defects to be one. */
typedef struct need {
    bool (*has)(const rig_scenario *scenario, const char *name);
    bool is_of_name;     /* of the one that the defect names */
    const char *without; /* what is said of a scenario that has it not */
} need;

static const need trunk = {has_trunk, true, "the scenario has no trunk group of that name"};
static const need carriers = {has_carriers, false,
                              "expected several trunk groups, each with a share"};
static const need backup = {has_backup, false,
                            "expected a callers.redial.backup with a share over 0"};
static const need class = {has_class, true, "the scenario has no class of callers of that name"};
static const need priorities = {
    has_priorities, false, "expected classes of callers (callers.classes) with other priorities"};
static const need full_queue = {has_full_queue, false, "expected a queue.capacity over 0"};

static const need skill = {has_skill, true,
                           "no choice of ivr.choices leads to a skill of that name"};
static const need skills = {has_skills, false, "expected ivr.choices that lead to several skills"};
static const need queue_overflow = {has_queue_overflow, false, "expected rules of queue.overflow"};
static const need deflection = {has_deflection, false,
                                "expected a queue.deflection with a share over 0"};
static const need call_backs = {calls_back, false,
                                "expected callers who are called back (call_back.attempts)"};
static const need kept_places = {keeps_places, false,
                                 "expected a queue.keep_place with a share over 0"};
static const need announcement = {has_announcement, false, "expected a queue.announcement"};

static const need emergency = {
    has_emergency, false,
    "expected an emergency with a talk_factor below 1 or a talk_most_s over 0"};

static const need dead_centre = {has_dead_centre, false,
                                 "expected a fault of kind \"centre\" (faults)"};

static const need agents = {has_agents, true, "the scenario has no group of agents of that name"};
static const need comers = {has_comers, true,
                            "expected a shift of that group that has more agents than the one "
                            "before, or a fault of agents"};

static const need reserve = {has_reserve, true, "the scenario has no reserves of that name"};

/* The others need nothing. */
static const need *const needs[RIG_N_DEFECTS][2] = {
    [RIG_DEFECT_TRUNK_DEAD] = {&trunk},
    [RIG_DEFECT_NO_OVERFLOW] = {&carriers},
    [RIG_DEFECT_MISROUTED] = {&trunk, &carriers},
    [RIG_DEFECT_NO_BACKUP] = {&backup},
    [RIG_DEFECT_NO_PRIORITY] = {&priorities},
    [RIG_DEFECT_PRIORITY_REVERSED] = {&priorities},
    [RIG_DEFECT_CLASS_UNKNOWN] = {&class, &priorities},
    [RIG_DEFECT_PUSHES_OUT] = {&priorities, &full_queue},
    [RIG_DEFECT_WRONG_SKILL] = {&skill, &skills},
    [RIG_DEFECT_NO_QUEUE_OVERFLOW] = {&queue_overflow},
    [RIG_DEFECT_NO_DEFLECTION] = {&deflection},
    [RIG_DEFECT_DEFLECTS_ALL] = {&deflection},
    [RIG_DEFECT_FORGETS_CALL_BACKS] = {&call_backs},
    [RIG_DEFECT_DOUBLES_CALL_BACKS] = {&call_backs},
    [RIG_DEFECT_CALL_BACKS_FIRST] = {&call_backs},
    [RIG_DEFECT_LOSES_PLACES] = {&kept_places},
    [RIG_DEFECT_NO_EMERGENCY] = {&emergency},
    [RIG_DEFECT_ANNOUNCES] = {&announcement},
    [RIG_DEFECT_NOBODY_COMES] = {&agents, &comers},
    [RIG_DEFECT_NO_RESERVES] = {&reserve},
    [RIG_DEFECT_NO_STANDBY] = {&dead_centre},
};

static rig_status check_defect(const rig_scenario *scenario, const rig_callcentre_defect *defect,
                               rig_error *err)
{
    for (size_t i = 0; i < 2; i++) {
        const need *n = needs[defect->kind][i];
        if (n != NULL && !n->has(scenario, defect->name))
            return rig_fail(
                err, RIG_EINPUT, "%s%s%s: %s", rig_callcentre_defect_about_of(defect->kind)->name,
                n->is_of_name ? "=" : "", n->is_of_name ? defect->name : "", n->without);
    }
    return RIG_OK;
}

rig_status rig_callcentre_check_defects(const rig_scenario *scenario,
                                        const rig_callcentre_defect *defects, size_t n,
                                        rig_error *err)
{
    size_t n_crashes = 0;
    for (size_t i = 0; i < n; i++) {
        rig_status status = check_defect(scenario, &defects[i], err);
        if (status != RIG_OK)
            return status;
        n_crashes += defects[i].kind == RIG_DEFECT_CRASH;
    }
    if (n_crashes > 1)
        return rig_fail(err, RIG_EINPUT, "crash: given %zu times; expected once", n_crashes);
    return RIG_OK;
}
