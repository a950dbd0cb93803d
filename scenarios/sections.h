/* One reader a section of the scenario file. Internal to scenarios/. */
#ifndef RIG_SCENARIOS_SECTIONS_H
#define RIG_SCENARIOS_SECTIONS_H

#include "scenarios/config.h"
#include "scenarios/scenario.h"

/** The words of the file's enums, in the order of their values. */
extern const char *const rig_words_arrivals[];
extern const char *const rig_words_interpolation[];
extern const char *const rig_words_level_metric[];
extern const char *const rig_words_agent_mark[];

/** Read the whole file's root group into `scenario` (zeroed by the caller). Errors in the reader.
 */
void rig_sections_read(rig_reader *reader, const config_setting_t *root, rig_scenario *scenario);

#endif
