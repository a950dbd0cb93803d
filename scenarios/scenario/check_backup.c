/* SPDX-License-Identifier: GPL-3.0-or-later */
/* callers.redial.backup beside classes, carriers and passwords. */
#include <string.h>

#include "scenarios/backup.h"
#include "scenarios/scenario/keys.h"

/* By the number that is dialled the centre tells who fell back on it. */
static void check_dial(rig_reader *reader, const rig_setting *at, const rig_scenario *scenario)
{
    const rig_callers *callers = &scenario->callers;
    const char *dial = callers->redial.backup.dial;
    if (strcmp(dial, callers->dial) == 0)
        rig_reader_fail(reader, at, "%s is callers.dial, too; expected another number", dial);
    for (size_t i = 0; i < callers->n_classes; i++)
        if (callers->classes[i].dial != NULL && strcmp(dial, callers->classes[i].dial) == 0)
            rig_reader_fail(reader, at,
                            "%s is the number of the class \"%s\", too; expected another one", dial,
                            callers->classes[i].name);
}

static void check_trunk(rig_reader *reader, const rig_setting *at, const rig_scenario *scenario)
{
    if (!rig_scenario_has_carriers(scenario))
        rig_reader_fail(reader, at,
                        "the groups of trunks have no shares, so that every call may come in by "
                        "any; expected a share for each (0 for this one, where nobody dials it "
                        "first)");
    else if (rig_scenario_backup_trunk(scenario) == scenario->n_trunks)
        rig_reader_fail(reader, at, "\"%s\" is not there; expected the name of a group of trunks",
                        scenario->callers.redial.backup.trunk);
}

void rig_section_check_backup(rig_reader *reader, const rig_setting *root, const void *object)
{
    const rig_scenario *scenario = object;
    const rig_callers *callers = &scenario->callers;
    const rig_setting *at = rig_setting_member(root, "callers");
    for (size_t i = 0; i < callers->n_classes && callers->redial.backup.dial == NULL; i++)
        if (callers->classes[i].p_backup >= 0.0)
            rig_reader_fail(
                reader,
                rig_setting_member(rig_setting_element(rig_setting_member(at, "classes"), (int)i),
                                   "backup_share"),
                "there is no other number; expected callers.redial.backup");
    if (callers->redial.backup.dial == NULL)
        return;
    check_dial(reader, rig_reader_place(root, "callers.redial.backup.dial"), scenario);
    check_trunk(reader, rig_reader_place(root, "callers.redial.backup.trunk"), scenario);
    if (callers->auth.user != NULL)
        rig_reader_fail(reader, rig_reader_place(root, "callers.auth"),
                        "not with callers.redial.backup: SIPp answers a challenge for one number "
                        "alone (RFC 3261, 22.4)");
}
