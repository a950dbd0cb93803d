/* Rules that involve more than one key. Internal to scenarios/. */
#ifndef RIG_SCENARIOS_SCENARIO_VALIDATE_H
#define RIG_SCENARIOS_SCENARIO_VALIDATE_H

#include <libconfig.h>

#include "settings/config.h"
#include "scenarios/scenario.h"

/** Check a scenario whose keys have been read one by one; errors in the reader, at the right line.
 */
void rig_validate(rig_reader *reader, const config_setting_t *root, const rig_scenario *scenario);

/** The same for what concerns the load: marks, callers' SIP. (sections_load.c) */
void rig_validate_load(rig_reader *reader, const config_setting_t *root,
                       const rig_scenario *scenario);

#endif
