/* One reader a section of the scenario file. Internal to scenarios/.
 *
 * The sections are read in the order of rig_sections_read: a later one may look up names of an
 * earlier one. Each fills in its own defaults, so that who uses the scenario has no special cases.
 * Whatever was made before an error stays in the scenario, for rig_scenario_free. */
#ifndef RIG_SCENARIOS_SCENARIO_SECTIONS_H
#define RIG_SCENARIOS_SCENARIO_SECTIONS_H

#include "settings/config.h"
#include "scenarios/scenario/read_dist.h"
#include "scenarios/scenario.h"

/** The words of the file's enums, in the order of their values. */
extern const char *const rig_words_arrivals[];
extern const char *const rig_words_interpolation[];
extern const char *const rig_words_announcement[];
extern const char *const rig_words_routing[];
extern const char *const rig_words_fault_kind[];
extern const char *const rig_words_level_metric[];
extern const char *const rig_words_marks[];
extern const char *const rig_words_transport[];

/** Ranges that several sections share. */
extern const rig_range rig_range_positive_s; /**< a duration > 0 */
extern const rig_range rig_range_time_s;     /**< an instant or duration >= 0 */
extern const rig_range rig_range_share;      /**< [0, 1] */
extern const rig_range rig_range_resources;  /**< 1 to 10^7 */
extern const rig_range rig_range_queue;      /**< 0 to 10^7 calls */

/** Most elements of a list of kinds (classes, choices, skills, reserves). */
#define RIG_MAX_KINDS 16
/** Most elements of the other lists (trunks, agents, adverts, overflow, faults). */
#define RIG_MAX_GROUPS 64

/** Read the whole file's root group into `scenario` (zeroed by the caller). Errors in the reader.
 */
void rig_sections_read(rig_reader *reader, const config_setting_t *root, rig_scenario *scenario);

void rig_section_traffic(rig_reader *reader, const config_setting_t *root, rig_traffic *traffic);
void rig_section_callers(rig_reader *reader, const config_setting_t *root, rig_callers *callers);
void rig_section_trunks(rig_reader *reader, const config_setting_t *root, rig_scenario *scenario);
void rig_section_ivr(rig_reader *reader, const config_setting_t *root, rig_scenario *scenario);
void rig_section_agents(rig_reader *reader, const config_setting_t *root, rig_scenario *scenario);
void rig_section_reserves(rig_reader *reader, const config_setting_t *root, rig_scenario *scenario);
void rig_section_queue(rig_reader *reader, const config_setting_t *root, rig_scenario *scenario);
void rig_section_call_back(rig_reader *reader, const config_setting_t *root,
                           rig_scenario *scenario);
void rig_section_emergency(rig_reader *reader, const config_setting_t *root,
                           rig_emergency *emergency);
void rig_section_faults(rig_reader *reader, const config_setting_t *root, rig_scenario *scenario);
void rig_section_gate(rig_reader *reader, const config_setting_t *root, rig_gate *gate);

/**
 * The name of a list's element: `key`, or "WORD", "WORD 2", "WORD 3" .. by its place when absent.
 * Empty names are refused. Heap, or NULL after an error.
 */
char *rig_section_name(rig_reader *reader, const config_setting_t *element, const char *word,
                       int index);

/**
 * Length of a list that has been found, with an error unless it is low..RIG_MAX_*.
 * @return The length; 0 after an error.
 */
int rig_section_length(rig_reader *reader, const config_setting_t *list, int low, int high,
                       const char *of_what);

/** The number of a name among names at a stride of `size` bytes (a name pointer comes first in the
 * struct); -1 when there is none. */
int rig_section_find(const void *first, size_t n, size_t size, const char *name);

/** The element that a string member names: its number; 0 and an error when there is none. */
uint32_t rig_section_lookup(rig_reader *reader, const config_setting_t *group, const char *key,
                            const void *first, size_t n, size_t size, const char *of_what);

/** The shares of a list, at a stride: an error unless they sum to 1 (within 1e-6). */
void rig_section_check_shares(rig_reader *reader, const config_setting_t *list, double sum,
                              const char *of_what);
/** The section `target`; without it the embedded one. (sections_target.c) */
void rig_section_read_target(rig_reader *reader, const config_setting_t *root, rig_target *target);

/** The section `limits`. (sections_load.c) */
void rig_section_read_limits(rig_reader *reader, const config_setting_t *root, rig_limits *limits);

/** The section `load`. (sections_load.c) */
void rig_section_read_load(rig_reader *reader, const config_setting_t *root, rig_load *load);

/** What the group `callers` says of their SIP: auth, dtmf, audio, sipp_xml. (sections_load.c) */
void rig_section_read_callers_load(rig_reader *reader, const config_setting_t *callers_group,
                                   rig_callers *callers);

#endif
