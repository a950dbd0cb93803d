/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An outcome rule in the words of docs/rules.md. Internal to analyzer/why. */
#ifndef RIG_ANALYZER_WHY_RULE_WORDS_H
#define RIG_ANALYZER_WHY_RULE_WORDS_H

#include <stddef.h>

#include "analyzer/outcome.h"

/** "built-in outcome rule 4 (end refused; phases offered): lost_trunk". @param rule NULL: none
 * fits. @param[out] text Cut to fit. */
void rig_rule_words(const rig_outcome_rule *rule, char *text, size_t size);

#endif
