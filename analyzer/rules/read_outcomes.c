/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>

#include "analyzer/rules/read.h"
#include "analyzer/rules/words.h"

enum { MAX_OUTCOMES = 200 };

const char *const rig_rule_ends[] = {"none",    "no_response", "challenged", "refused", "cancelled",
                                     "crossed", "caller_bye",  "centre_bye", NULL};
const char *const rig_rule_phases[] = {"offered", "menu", "queue", "ringing", "talking", NULL};
const char *const rig_rule_causes[] = {"none", "normal", "queue", "other", NULL};
const char *const rig_rule_conditions[] = {
    "marks",        "answer_seen",    "early_bye", "487",    "agent_leg",       "agent_ended",
    "centre_ended", "answer_crossed", "deflected", "silent", "connect_refused", NULL};

static void read_times(rig_reader *reader, const rig_setting *entry, rig_outcome_rule *rule)
{
    rule->min_answered_ns = rig_rules_seconds(reader, entry, "answered_min_s", 0);
    rule->max_answered_ns =
        rig_rules_seconds(reader, entry, "answered_max_s", RIG_RULE_NO_LIMIT_NS);
    rule->min_waited_ns = rig_rules_seconds(reader, entry, "waited_min_s", 0);
    rule->max_waited_ns = rig_rules_seconds(reader, entry, "waited_max_s", RIG_RULE_NO_LIMIT_NS);
    rule->has_times = true;
}

static void read_outcome_word(rig_reader *reader, const rig_setting *entry, rig_outcome_rule *rule)
{
    char *text = rig_reader_string(reader, entry, "outcome", NULL);
    if (text != NULL &&
        (!rig_outcome_of_name(text, &rule->outcome) || rule->outcome == RIG_OUTCOME_NOT_PLACED ||
         rule->outcome == RIG_OUTCOME_CUT_BY_RIG))
        rig_reader_fail(reader, rig_setting_member(entry, "outcome"),
                        "\"%s\" is no outcome; expected lost_trunk, lost_ivr, lost_queue, "
                        "lost_agent, self_served, deflected, served, dropped, in_progress or "
                        "unclassified",
                        text);
    free(text);
}

static void read_outcome(rig_reader *reader, const rig_setting *entry, rig_rules *rules, int i)
{
    static const char *const keys[] = {"name",           "end",
                                       "phases",         "cause",
                                       "q850",           "codes",
                                       "when",           "answered_min_s",
                                       "answered_max_s", "waited_min_s",
                                       "waited_max_s",   "outcome",
                                       "reason",         NULL};
    rig_reader_check_keys(reader, entry, keys);
    if (!rig_reader_has(entry, "end"))
        rig_reader_fail(reader, entry, "\"end\" is missing");
    rig_outcome_rule *rule = &rules->outcomes[rules->n_outcomes++];
    rule->name = rig_rules_entry_name(reader, entry, "outcomes", i);
    rule->end = (rig_end)rig_reader_word(reader, entry, "end", rig_rule_ends, 0);
    rule->phases = rig_rules_word_bits(reader, entry, "phases", rig_rule_phases, NULL,
                                       (1u << RIG_N_PHASES) - 1);
    rule->causes = rig_rules_word_bits(reader, entry, "cause", rig_rule_causes, NULL, RIG_Q850_ANY);
    rule->conditions = rig_rules_word_bits(reader, entry, "when", rig_rule_conditions, NULL, 0);
    rule->n_codes = rig_rules_codes(reader, entry, rule->codes);
    rule->n_q850 = rig_rules_causes(reader, entry, rule->q850);
    read_times(reader, entry, rule);
    read_outcome_word(reader, entry, rule);
    char *reason = rig_reader_string(reader, entry, "reason", NULL);
    if (reason != NULL && !rig_outcomes_reason_is_good(reason))
        rig_reader_fail(reader, rig_setting_member(entry, "reason"),
                        "expected 1 to %d printable ASCII characters, and %%c, %%q or %%t",
                        RIG_CALL_REASON_SIZE - 1);
    rule->reason = reason;
}

void rig_rules_read_outcomes(rig_reader *reader, const rig_setting *root, rig_rules *rules)
{
    const rig_setting *list = rig_reader_list(reader, root, "outcomes", false);
    if (list == NULL)
        return;
    int n = rig_setting_length(list);
    if (n > MAX_OUTCOMES) {
        rig_reader_fail(reader, list, "has %d elements; at most %d are read", n, MAX_OUTCOMES);
        return;
    }
    rules->outcomes = calloc(n > 0 ? (size_t)n : 1, sizeof *rules->outcomes);
    if (rules->outcomes == NULL) {
        rig_reader_no_memory(reader);
        return;
    }
    for (int i = 0; i < n && reader->status == RIG_OK; i++) {
        const rig_setting *entry = rig_reader_element(reader, list, i);
        if (entry != NULL)
            read_outcome(reader, entry, rules, i);
    }
}
