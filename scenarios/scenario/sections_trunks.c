/* The sections `trunks` and `faults`. */
#include <stdlib.h>
#include <string.h>

#include "scenarios/scenario/sections.h"

#define CIRCUITS_PER_E1 30 /* ITU-T G.704: 32 time slots, 0 for framing, 16 for signalling */

/* Groups that a call tries when this one is full. */
static void read_overflow(rig_reader *reader, const config_setting_t *group, rig_scenario *scenario,
                          uint32_t self)
{
    rig_trunk_group *trunk = &scenario->trunks[self];
    config_setting_t *list = rig_reader_list(reader, group, "overflow", false);
    if (list == NULL)
        return;
    int n = rig_section_length(reader, list, 0, RIG_MAX_GROUPS, "groups");
    trunk->overflow = rig_reader_array(reader, n, sizeof *trunk->overflow);
    for (int i = 0; i < n && reader->status == RIG_OK; i++) {
        const config_setting_t *element = config_setting_get_elem(list, (unsigned)i);
        const char *name = config_setting_get_string(element);
        int other = name == NULL ? -1
                                 : rig_section_find(scenario->trunks, scenario->n_trunks,
                                                    sizeof *scenario->trunks, name);
        if (name == NULL)
            rig_reader_fail(reader, element, "expected the name of a group of trunks as a string");
        else if (other < 0)
            rig_reader_fail(reader, element,
                            "\"%s\" is not there; expected the name of a group of trunks", name);
        else if ((uint32_t)other == self)
            rig_reader_fail(reader, element, "\"%s\" is this group itself; expected another one",
                            name);
        for (size_t k = 0; k < trunk->n_overflow && reader->status == RIG_OK; k++)
            if (trunk->overflow[k] == (uint32_t)other)
                rig_reader_fail(reader, element, "\"%s\" is named twice", name);
        if (reader->status != RIG_OK)
            return;
        trunk->overflow[i] = (uint32_t)other;
        trunk->n_overflow = (size_t)i + 1;
    }
}

/* Carriers' shares: all groups have one, or the groups are hunted in their order. */
static void read_shares(rig_reader *reader, const config_setting_t *list, rig_scenario *scenario)
{
    static const rig_range share_below_1 = {0, 0.999999, false, "a share in [0, 1)"};
    static const char why[] = "without \"share\" a call hunts all groups in their order; expected "
                              "only with a \"share\" on every group";
    static const double none = 0.0;
    bool has_shares = false;
    double sum = 0.0;
    for (size_t i = 0; i < scenario->n_trunks; i++)
        has_shares |= rig_reader_has(config_setting_get_elem(list, (unsigned)i), "share");
    for (uint32_t i = 0; i < scenario->n_trunks && reader->status == RIG_OK; i++) {
        config_setting_t *group = rig_reader_element(reader, list, (int)i);
        rig_trunk_group *trunk = &scenario->trunks[i];
        if (!has_shares) {
            rig_reader_refuse(reader, group, "spare_share", why);
            rig_reader_refuse(reader, group, "overflow", why);
            continue;
        }
        if (!rig_reader_has(group, "share"))
            rig_reader_fail(reader, group,
                            "\"share\" is missing; expected on all groups or on none");
        trunk->p_share = rig_reader_number(reader, group, "share", &rig_range_share, NULL);
        trunk->p_spare = rig_reader_number(reader, group, "spare_share", &share_below_1, &none);
        read_overflow(reader, group, scenario, i);
        sum += trunk->p_share;
    }
    if (has_shares) {
        rig_section_check_shares(reader, list, sum, "groups of trunks");
        return;
    }
    rig_trunk_group *first = &scenario->trunks[0];
    first->overflow = rig_reader_array(reader, (int)scenario->n_trunks, sizeof *first->overflow);
    for (uint32_t i = 1; i < scenario->n_trunks && reader->status == RIG_OK; i++)
        first->overflow[first->n_overflow++] = i;
}

void rig_section_trunks(rig_reader *reader, const config_setting_t *root, rig_scenario *scenario)
{
    static const char *const keys[] = {"name",        "circuits", "e1", "share",
                                       "spare_share", "overflow", NULL};
    static const rig_range e1 = {1, 300000, false, "a whole number from 1 to 300000"};
    config_setting_t *list = rig_reader_list(reader, root, "trunks", true);
    if (list == NULL)
        return;
    int n = rig_section_length(reader, list, 1, RIG_MAX_GROUPS, "groups");
    scenario->trunks = rig_reader_array(reader, n, sizeof *scenario->trunks);
    for (int i = 0; i < n && reader->status == RIG_OK; i++) {
        config_setting_t *group = rig_reader_element(reader, list, i);
        if (group == NULL)
            return;
        rig_trunk_group *trunk = &scenario->trunks[i];
        scenario->n_trunks = (size_t)i + 1;
        rig_reader_check_keys(reader, group, keys);
        trunk->name = rig_section_name(reader, group, "trunks", i);
        if (trunk->name != NULL &&
            rig_section_find(scenario->trunks, (size_t)i, sizeof *trunk, trunk->name) >= 0)
            rig_reader_fail(reader, group, "the name \"%s\" is taken by a group before",
                            trunk->name);
        bool has_e1 = rig_reader_has(group, "e1");
        if (has_e1 == rig_reader_has(group, "circuits"))
            rig_reader_fail(reader, group,
                            "expected either \"circuits\" or \"e1\" (30 circuits each)");
        uint64_t count =
            has_e1 ? rig_reader_count(reader, group, "e1", &e1, NULL) * CIRCUITS_PER_E1
                   : rig_reader_count(reader, group, "circuits", &rig_range_resources, NULL);
        trunk->n_circuits = (uint32_t)count;
    }
    if (reader->status == RIG_OK)
        read_shares(reader, list, scenario);
}

static void read_fault(rig_reader *reader, const config_setting_t *element,
                       const rig_scenario *scenario, rig_fault *fault)
{
    static const char *const keys[] = {"kind", "trunk", "at_s", "for_s", "cuts_calls", NULL};
    rig_reader_check_keys(reader, element, keys);
    fault->kind =
        (rig_fault_kind)rig_reader_word(reader, element, "kind", rig_words_fault_kind, -1);
    if (fault->kind == RIG_FAULT_TRUNK)
        fault->trunk =
            rig_section_lookup(reader, element, "trunk", scenario->trunks, scenario->n_trunks,
                               sizeof *scenario->trunks, "a group of trunks");
    else
        rig_reader_refuse(reader, element, "trunk", "expected only with kind = \"trunk\"");
    fault->at_s = rig_reader_number(reader, element, "at_s", &rig_range_time_s, NULL);
    fault->for_s = rig_reader_number(reader, element, "for_s", &rig_range_positive_s, NULL);
    fault->cuts_calls = rig_reader_bool(reader, element, "cuts_calls", true);
    if (fault->kind == RIG_FAULT_CENTRE && !fault->cuts_calls)
        rig_reader_refuse(reader, element, "cuts_calls",
                          "kind = \"centre\" cuts all calls; expected true");
}

void rig_section_faults(rig_reader *reader, const config_setting_t *root, rig_scenario *scenario)
{
    config_setting_t *list = rig_reader_list(reader, root, "faults", false);
    if (list == NULL)
        return;
    int n = rig_section_length(reader, list, 0, RIG_MAX_GROUPS, "faults");
    scenario->faults = rig_reader_array(reader, n, sizeof *scenario->faults);
    for (int i = 0; i < n && reader->status == RIG_OK; i++) {
        config_setting_t *element = rig_reader_element(reader, list, i);
        if (element == NULL)
            return;
        rig_fault *fault = &scenario->faults[i];
        read_fault(reader, element, scenario, fault);
        for (int k = 0; k < i && reader->status == RIG_OK; k++) {
            const rig_fault *other = &scenario->faults[k];
            if (other->kind == fault->kind && other->trunk == fault->trunk &&
                other->at_s < fault->at_s + fault->for_s &&
                fault->at_s < other->at_s + other->for_s)
                rig_reader_fail(reader, element,
                                "at_s = %g and for_s = %g overlap faults[%d], of the same kind",
                                fault->at_s, fault->for_s, k);
        }
        scenario->n_faults = (size_t)i + 1;
    }
}
