/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading rules: the parts of the reader. Internal to analyzer/rules. All of them record their
 * errors in the reader. */
#ifndef RIG_ANALYZER_RULES_READ_H
#define RIG_ANALYZER_RULES_READ_H

#include "analyzer/rules.h"
#include "settings/config.h"

/** The words of "means", as rig_meaning_name; NULL behind the last. */
extern const char *const rig_meaning_names[RIG_N_MEANINGS + 1];

/** The entry's name, or "LIST[INDEX]"; on the heap; NULL after an error. */
char *rig_rules_entry_name(rig_reader *reader, const rig_setting *entry, const char *list,
                           int index);

/** codes = ( 486, "500-599" ). @return how many; 0 when absent. */
unsigned rig_rules_codes(rig_reader *reader, const rig_setting *entry,
                         rig_code_range codes[RIG_RULE_MAX_NUMBERS]);

/** q850 = [ 16, 31 ]. @return how many; 0 when absent. */
unsigned rig_rules_causes(rig_reader *reader, const rig_setting *entry,
                          uint8_t causes[RIG_RULE_MAX_NUMBERS]);

/** A list of words, as bits: bits[i] of the i-th word, or 1 << i where `bits` is NULL. */
unsigned rig_rules_word_bits(rig_reader *reader, const rig_setting *entry, const char *key,
                             rig_words words, const unsigned *bits, unsigned fallback);

/** Have a header read in every message. @return false after an error. */
bool rig_rules_want(rig_reader *reader, const rig_setting *entry, rig_rules *rules,
                    const char *header, unsigned *index);

/** A time in seconds, as ns. */
int64_t rig_rules_seconds(rig_reader *reader, const rig_setting *entry, const char *key,
                          int64_t fallback_ns);

/** The section "marks", if there is one, in the place of the built-in marks. */
void rig_rules_read_marks(rig_reader *reader, const rig_setting *root, rig_rules *rules);

/** The section "carriers", or "classes", of rules on a call's first INVITE. @param to  Of `rules`. */
void rig_rules_read_carriers(rig_reader *reader, const rig_setting *root, const char *section,
                             rig_rules *rules, rig_carrier_rules *to);

/** The section "outcomes". */
void rig_rules_read_outcomes(rig_reader *reader, const rig_setting *root, rig_rules *rules);

#endif
