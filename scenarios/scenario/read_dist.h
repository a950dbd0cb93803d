/* Reading a distribution of a scenario. */
#ifndef RIG_SCENARIOS_SCENARIO_READ_DIST_H
#define RIG_SCENARIOS_SCENARIO_READ_DIST_H

#include "scenarios/dist.h"
#include "settings/config.h"

/**
 * A distribution: { type = "lognormal"; mean_s = 30.0; cv = 0.8; }, or a bare number for a
 * constant. `fallback` NULL = required.
 */
rig_dist rig_section_dist(rig_reader *reader, const config_setting_t *group, const char *key,
                          const rig_dist *fallback);

/** A deep copy; on lack of memory the reader's error is set. */
rig_dist rig_section_dist_copy(rig_reader *reader, const rig_dist *dist);

#endif
