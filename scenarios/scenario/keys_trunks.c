/* SPDX-License-Identifier: GPL-3.0-or-later */
/* trunks and faults: what their rows cannot say. */
#include <stdlib.h>
#include <string.h>

#include "scenarios/scenario/as_rows.h"
#include "scenarios/scenario/keys.h"
#include "scenarios/scenario/steps.h"

#define CIRCUITS_PER_E1 30 /* ITU-T G.704: 32 time slots, 0 for framing, 16 for signalling */

static const char *const words_fault_kind[] = {[RIG_FAULT_TRUNK] = "trunk",
                                               [RIG_FAULT_IVR] = "ivr",
                                               [RIG_FAULT_CENTRE] = "centre",
                                               [RIG_FAULT_AGENTS] = "agents",
                                               NULL};

const char *rig_fault_kind_name(rig_fault_kind kind)
{
    return words_fault_kind[kind];
}

static bool has_shares(const void *owner, const void *object)
{
    const rig_scenario *scenario = object;
    (void)owner;
    for (size_t i = 0; i < scenario->n_trunks; i++)
        if (scenario->trunks[i].p_share > 0.0)
            return true;
    return false;
}

/* At a centre of the user's that has one port for all carriers they cannot be told apart. */
static bool has_shares_elsewhere(const void *owner, const void *object)
{
    const rig_scenario *scenario = object;
    (void)owner;
    return rig_scenario_has_carriers(scenario) && !rig_scenario_has_carrier_ports(scenario) &&
           !rig_target_is_embedded(&scenario->target);
}

static bool has_ports(const void *owner, const void *object)
{
    (void)owner;
    return rig_scenario_has_carrier_ports(object);
}

/* Whether a group of the list has this key: then all must. */
static bool says(const rig_setting *group, const char *key)
{
    const rig_setting *list = rig_setting_parent(group);
    for (int i = 0; i < rig_setting_length(list); i++)
        if (rig_setting_member(rig_setting_element(list, i), key) != NULL)
            return true;
    return false;
}

static bool says_shares(const rig_setting *group)
{
    return says(group, "share");
}

static rig_key_need need_share(const rig_setting *group, const void *owner, const char **why)
{
    (void)owner;
    *why = "expected on all groups or on none";
    return says_shares(group) ? RIG_NEED_KEY : RIG_NEED_NOT;
}

static rig_key_need need_shares(const rig_setting *group, const void *owner, const char **why)
{
    (void)owner;
    *why = "without \"share\" a call hunts all groups in their order; expected only with a "
           "\"share\" on every group";
    return says_shares(group) ? RIG_NEED_NOT : RIG_NEED_ABSENT;
}

static rig_key_need need_port(const rig_setting *group, const void *owner, const char **why)
{
    const bool has_shares = says_shares(group);
    (void)owner;
    *why = has_shares ? "expected on all groups or on none"
                      : "without \"share\" a call hunts all groups, wherever it comes in; expected "
                        "only with a \"share\" on every group";
    return !has_shares ? RIG_NEED_ABSENT : says(group, "port") ? RIG_NEED_KEY : RIG_NEED_NOT;
}

/* ---- lines that grow and shrink ---- */

static bool has_steps(const void *owner, const void *object)
{
    (void)object;
    return ((const rig_trunk_group *)owner)->n_steps > 0;
}

static bool has_no_steps(const void *owner, const void *object)
{
    return !has_steps(owner, object);
}

/* A centre of the user's does not know what time it is in the scenario. */
static bool has_steps_elsewhere(const void *owner, const void *object)
{
    const rig_scenario *scenario = object;
    return has_steps(owner, object) && !rig_target_is_embedded(&scenario->target);
}

static void check_steps(rig_reader *reader, const rig_setting *at, const rig_key *key, void *owner)
{
    const rig_trunk_group *trunk = owner;
    (void)key;
    rig_steps_check(reader, at, trunk->steps, trunk->n_steps, "circuits");
}

static void finish_trunk(rig_reader *reader, const rig_setting *at, void *object)
{
    rig_trunk_group *trunk = object;
    (void)reader;
    (void)at;
    if (trunk->n_steps > 0)
        trunk->n_circuits = rig_steps_most(trunk->steps, trunk->n_steps);
}

/* ---- names of other groups ---- */

static void read_names(rig_reader *reader, const rig_setting *at, const rig_key *key, void *owner)
{
    (void)key;
    (void)owner;
    if (!rig_setting_is_list(at))
        rig_reader_fail(reader, at, "is %s; expected a list ( )", rig_setting_type(at));
    else if (rig_setting_length(at) > RIG_MAX_GROUPS)
        rig_reader_fail(reader, at, "has %d groups; expected 0 to %d", rig_setting_length(at),
                        RIG_MAX_GROUPS);
}

static void resolve_name(rig_reader *reader, const rig_setting *element, rig_trunk_group *trunk)
{
    const rig_scenario *scenario = reader->object;
    const char *name = rig_setting_text(element);
    int other = name == NULL ? -1 : rig_names_find(rig_section_trunk_names(scenario), name);
    if (name == NULL)
        rig_reader_fail(reader, element, "expected the name of a group of trunks as a string");
    else if (other < 0)
        rig_reader_fail(reader, element,
                        "\"%s\" is not there; expected the name of a group of trunks", name);
    else if (&scenario->trunks[other] == trunk)
        rig_reader_fail(reader, element, "\"%s\" is this group itself; expected another one", name);
    for (size_t k = 0; k < trunk->n_overflow && reader->status == RIG_OK; k++)
        if (trunk->overflow[k] == (uint32_t)other)
            rig_reader_fail(reader, element, "\"%s\" is named twice", name);
    if (reader->status == RIG_OK)
        trunk->overflow[trunk->n_overflow++] = (uint32_t)other;
}

static void resolve_names(rig_reader *reader, const rig_setting *at, const rig_key *key,
                          void *owner)
{
    rig_trunk_group *trunk = owner;
    int n = rig_setting_length(at);
    (void)key;
    trunk->overflow = rig_reader_array(reader, n, sizeof *trunk->overflow);
    for (int i = 0; i < n && reader->status == RIG_OK; i++)
        resolve_name(reader, rig_setting_element(at, i), trunk);
}

static void write_names(FILE *out, const rig_key *key, const void *owner, const void *object)
{
    const rig_trunk_group *trunk = owner;
    const rig_scenario *scenario = object;
    (void)key;
    (void)fputc('(', out);
    for (size_t k = 0; k < trunk->n_overflow; k++) {
        (void)fputs(k ? ", " : "", out);
        rig_write_text(out, scenario->trunks[trunk->overflow[k]].name);
    }
    (void)fputc(')', out);
}

static void clear_names(const rig_key *key, void *owner)
{
    (void)key;
    free(((rig_trunk_group *)owner)->overflow);
}

static void schema_names(FILE *out, const rig_key *key)
{
    (void)key;
    (void)fprintf(out, "\"type\": \"array\", \"maxItems\": %d, \"items\": {\"type\": \"string\"}",
                  RIG_MAX_GROUPS);
}

static const rig_key_type trunk_names = {.noun = "list of names",
                                         .read = read_names,
                                         .resolve = resolve_names,
                                         .write = write_names,
                                         .clear = clear_names,
                                         .schema = schema_names};

void rig_section_fill_hunting(rig_reader *reader, rig_scenario *scenario)
{
    if (scenario->n_trunks == 0 || has_shares(NULL, scenario) ||
        says_shares(rig_setting_element(rig_setting_member(reader->root, "trunks"), 0)))
        return;
    rig_trunk_group *first = &scenario->trunks[0];
    first->overflow = rig_reader_array(reader, (int)scenario->n_trunks, sizeof *first->overflow);
    for (uint32_t i = 1; i < scenario->n_trunks && reader->status == RIG_OK; i++)
        first->overflow[first->n_overflow++] = i;
}

void rig_section_check_trunk_shares(rig_reader *reader, const rig_setting *at, const rig_key *key,
                                    void *owner)
{
    const rig_scenario *scenario = owner;
    double sum = 0.0;
    (void)key;
    if (!says_shares(rig_setting_element(at, 0)))
        return;
    for (size_t i = 0; i < scenario->n_trunks; i++)
        sum += scenario->trunks[i].p_share;
    rig_section_check_sum(reader, at, sum, "groups of trunks");
}

/* ---- faults ---- */

static rig_key_need need_trunk(const rig_setting *group, const void *owner, const char **why)
{
    bool is_trunk = ((const rig_fault *)owner)->kind == RIG_FAULT_TRUNK;
    (void)group;
    *why = is_trunk ? NULL : "expected only with kind = \"trunk\"";
    return is_trunk ? RIG_NEED_KEY : RIG_NEED_ABSENT;
}

static bool is_trunk_fault(const void *owner, const void *object)
{
    (void)object;
    return ((const rig_fault *)owner)->kind == RIG_FAULT_TRUNK;
}

static bool is_agents_fault(const void *owner, const void *object)
{
    (void)object;
    return ((const rig_fault *)owner)->kind == RIG_FAULT_AGENTS;
}

static bool is_of_one_group(const void *owner, const void *object)
{
    return is_agents_fault(owner, object) && ((const rig_fault *)owner)->has_group;
}

static rig_key_need need_agents(const rig_setting *group, const void *owner, const char **why)
{
    (void)group;
    *why = "expected only with kind = \"agents\"";
    return is_agents_fault(owner, NULL) ? RIG_NEED_NOT : RIG_NEED_ABSENT;
}

static void finish_fault(rig_reader *reader, const rig_setting *at, void *object)
{
    (void)reader;
    ((rig_fault *)object)->has_group = rig_setting_member(at, "group") != NULL;
}

bool rig_section_has_faults_elsewhere(const void *owner, const void *object)
{
    const rig_scenario *scenario = object;
    (void)owner;
    return scenario->n_faults > 0 && !rig_target_is_embedded(&scenario->target);
}

static rig_key_need need_cuts_calls(const rig_setting *group, const void *owner, const char **why)
{
    (void)group;
    *why = "kind = \"centre\" cuts all calls; expected true";
    return ((const rig_fault *)owner)->kind == RIG_FAULT_CENTRE ? RIG_NEED_DEFAULT : RIG_NEED_NOT;
}

/* Whether both are of the same thing. */
static bool is_of_same(const rig_fault *a, const rig_fault *b)
{
    if (a->kind != b->kind || a->trunk != b->trunk)
        return false;
    return !a->has_group || !b->has_group || a->group == b->group;
}

void rig_section_check_faults(rig_reader *reader, const rig_setting *at, const rig_key *key,
                              void *owner)
{
    const rig_scenario *scenario = owner;
    (void)key;
    for (size_t i = 0; i < scenario->n_faults; i++) {
        const rig_fault *fault = &scenario->faults[i];
        for (size_t k = 0; k < i && reader->status == RIG_OK; k++) {
            const rig_fault *other = &scenario->faults[k];
            if (is_of_same(fault, other) && other->at_s < fault->at_s + fault->for_s &&
                fault->at_s < other->at_s + other->for_s)
                rig_reader_fail(reader, rig_setting_element(at, (int)i),
                                "at_s = %g and for_s = %g overlap faults[%zu], of the same kind",
                                fault->at_s, fault->for_s, k);
        }
    }
}

static const char *const circuits_or_e1[] = {"circuits", "e1", "steps", NULL};

#define ROW_OF rig_line_step
static const rig_key line_step_rows[] = {
#include "scenarios/keys/line_step.def"
};
#undef ROW_OF

static const rig_key_group line_step = GROUP_OF(line_step_rows, rig_line_step);

#define ROW_OF rig_trunk_group
static const rig_key trunk_rows[] = {
#include "scenarios/keys/trunks.def"
};
#undef ROW_OF
#define ROW_OF rig_fault
static const rig_key fault_rows[] = {
#include "scenarios/keys/faults.def"
};
#undef ROW_OF

const rig_key_group rig_section_trunks =
    GROUP_OF(trunk_rows, rig_trunk_group, .either = circuits_or_e1,
             .either_note = " (30 circuits each)", .is_replaced = true,
             .finish = finish_trunk);
const rig_key_group rig_section_faults = GROUP_OF(fault_rows, rig_fault, .finish = finish_fault);
