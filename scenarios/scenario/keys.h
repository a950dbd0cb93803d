/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of a scenario's keys: one group a section, and what sections ask of each other.
 * Internal to scenarios/. The rows themselves are in scenarios/keys/, one file a group; a section's
 * file here holds what a row cannot say. */
#ifndef RIG_SCENARIOS_SCENARIO_KEYS_H
#define RIG_SCENARIOS_SCENARIO_KEYS_H

#include "scenarios/scenario.h"
#include "settings/table.h"

/** The whole table. */
extern const rig_key_group rig_section_scenario;

/** The sections. */
extern const rig_key_group rig_section_traffic;
extern const rig_key_group rig_section_callers;
extern const rig_key_group rig_section_trunks;
extern const rig_key_group rig_section_ivr;
extern const rig_key_group rig_section_queue;
extern const rig_key_group rig_section_call_back;
extern const rig_key_group rig_section_agents;
extern const rig_key_group rig_section_reserves;
extern const rig_key_group rig_section_emergency;
extern const rig_key_group rig_section_faults;
extern const rig_key_group rig_section_gate;
extern const rig_key_group rig_section_target;
extern const rig_key_group rig_section_limits;
extern const rig_key_group rig_section_costs;
extern const rig_key_group rig_section_load;

/** A distribution: a group { type; mean_s; .. } or a bare number for a constant. The row's `number`
 * is the mean of the default, a constant. */
extern const rig_key_type rig_section_dist_type;
/* rig_key.otherwise of one that may be left out, as rig_dist_is_given tells. */
void rig_section_not_given(rig_reader *reader, const rig_key *key, void *owner);
/* Such a one that is there must have a mean over 0. */
void rig_section_check_given(rig_reader *reader, const rig_setting *group, const char *key,
                             const rig_dist *dist);

/** The words of the file's enums, in the order of their values. */
extern const char *const rig_section_words_marks[];
extern const char *const rig_section_words_transport[];
extern const char *const rig_section_words_kind[];

/** What a row's text may hold. */
#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS  "0123456789"

/** Whether there are faults, and the target is not the embedded one, which alone plays them. */
bool rig_section_has_faults_elsewhere(const void *owner, const void *object);
bool rig_section_has_reserves_elsewhere(const void *owner, const void *object);
bool rig_section_has_emergency_elsewhere(const void *owner, const void *object);

/** Something has a price. */
bool rig_section_has_costs(const void *owner, const void *object);

/** What a queue does by itself at a kind of target: the defaults of its keys. */
typedef struct rig_section_kind {
    double poll_s, retry_s, look_every_s, rest_s;
    bool counts_ringing, timeout_cuts_ringing;
} rig_section_kind;

/** @param object  The scenario. */
const rig_section_kind *rig_section_kind_of(const void *object);

/** Names to which other sections refer. @param object  The scenario. */
rig_names rig_section_trunk_names(const void *object);
rig_names rig_section_agent_names(const void *object);
rig_names rig_section_skill_names(const void *object);

/** Choices of the menu, and so skills, are written: there are others than the one that stands for
 * their absence. */
bool rig_section_has_choices(const void *owner, const void *object);

/** Somebody is promised a call back: the section `call_back` has a meaning; and he is called where
 * no run can play that. */
bool rig_section_is_call_back_promised(const void *owner, const void *object);
bool rig_section_is_called_back_elsewhere(const void *owner, const void *object);

/** An error unless the shares of a list sum to 1 (within 1e-6). */
void rig_section_check_sum(rig_reader *reader, const rig_setting *list, double sum,
                           const char *of_what);

/** Rows' hooks that lie in another section's file. */
void rig_section_check_trunk_shares(rig_reader *reader, const rig_setting *at, const rig_key *key,
                                    void *owner);
void rig_section_check_faults(rig_reader *reader, const rig_setting *at, const rig_key *key,
                              void *owner);
void rig_section_no_ivr(rig_reader *reader, const rig_key *key, void *owner);

/** Without shares a call hunts all groups of trunks in their order. */
void rig_section_fill_hunting(rig_reader *reader, rig_scenario *scenario);

/** Rules that involve several sections; errors at the right line. */
void rig_section_validate(rig_reader *reader, const rig_setting *root, const void *object);

/** A group of agents without any skill, to which no overflow leads. */
void rig_section_check_idle_groups(rig_reader *reader, const rig_setting *root,
                                   const rig_scenario *scenario);

/** callers.redial.backup: its number, its carrier. */
void rig_section_check_backup(rig_reader *reader, const rig_setting *root, const void *scenario);

/** A call back that is promised without a section that says how, and the other way round. */
void rig_section_check_call_back(rig_reader *reader, const rig_setting *root,
                                 const rig_scenario *scenario);

#endif
