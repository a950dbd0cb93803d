/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The words of outcome rules, as files write them and people read them. Internal to the room. */
#ifndef RIG_ANALYZER_RULES_WORDS_H
#define RIG_ANALYZER_RULES_WORDS_H

/** Each ends with NULL, and is in the order of rig_end, rig_phase, RIG_Q850_.. and RIG_IF_.. */
extern const char *const rig_rule_ends[],
    *const rig_rule_phases[], *const rig_rule_causes[], *const rig_rule_conditions[];

#endif
