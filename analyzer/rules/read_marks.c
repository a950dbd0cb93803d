/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "analyzer/rules/read.h"

/* "method" or "methods". */
static uint32_t read_methods(rig_reader *reader, const rig_setting *entry, uint32_t fallback)
{
    /* In the order of rig_sip_method, from RIG_SIP_INVITE on. */
    static const char *const names[] = {"INVITE",  "ACK",     "BYE",     "CANCEL",   "INFO",
                                        "PRACK",   "UPDATE",  "REFER",   "NOTIFY",   "SUBSCRIBE",
                                        "MESSAGE", "PUBLISH", "OPTIONS", "REGISTER", NULL};
    if (rig_reader_has(entry, "method") && rig_reader_has(entry, "methods")) {
        rig_reader_fail(reader, rig_setting_member(entry, "methods"),
                        "stands beside \"method\"; expected one of the two");
        return 0;
    }
    if (rig_reader_has(entry, "method"))
        return 1u << (rig_reader_word(reader, entry, "method", names, 0) + RIG_SIP_INVITE);
    return rig_rules_word_bits(reader, entry, "methods", names, NULL, fallback >> RIG_SIP_INVITE)
           << RIG_SIP_INVITE;
}

static char *optional_text(rig_reader *reader, const rig_setting *entry, const char *key)
{
    if (!rig_reader_has(entry, key))
        return NULL;
    char *text = rig_reader_string(reader, entry, key, NULL);
    if (text != NULL && text[0] == '\0')
        rig_reader_fail(reader, rig_setting_member(entry, key),
                        "is empty; expected a text to look for");
    return text;
}

static void read_header(rig_reader *reader, const rig_setting *entry, rig_rules *rules,
                        rig_mark_rule *mark)
{
    mark->header = -1;
    if (!rig_reader_has(entry, "header")) {
        if (rig_reader_has(entry, "value") || rig_reader_has(entry, "contains"))
            rig_reader_fail(reader, entry, "\"header\" is missing: whose value is meant?");
        return;
    }
    unsigned index = 0;
    char *header = rig_reader_string(reader, entry, "header", NULL);
    if (header != NULL && rig_rules_want(reader, entry, rules, header, &index))
        mark->header = (int)index;
    free(header);
    if (rig_reader_has(entry, "value") && rig_reader_has(entry, "contains"))
        rig_reader_fail(reader, rig_setting_member(entry, "contains"),
                        "stands beside \"value\"; expected one of the two");
    if (rig_reader_has(entry, "value"))
        mark->value_match = RIG_MATCH_IS;
    if (rig_reader_has(entry, "contains"))
        mark->value_match = RIG_MATCH_CONTAINS;
    if (mark->value_match != RIG_MATCH_ANY)
        mark->value =
            optional_text(reader, entry, mark->value_match == RIG_MATCH_IS ? "value" : "contains");
}

static void read_message_mark(rig_reader *reader, const rig_setting *entry, rig_rules *rules, int i)
{
    static const char *const legs[] = {"caller", "agent", "any", NULL};
    static const char *const senders[] = {"centre", "other", "any", NULL};
    rig_mark_rule *mark = &rules->marks[rules->n_marks++];
    *mark = (rig_mark_rule){.name = rig_rules_entry_name(reader, entry, "marks", i)};
    mark->meaning = (rig_meaning)rig_reader_word(reader, entry, "means", rig_meaning_names, 0);
    mark->is_request = !rig_reader_has(entry, "codes");
    if (mark->is_request && !rig_reader_has(entry, "method") && !rig_reader_has(entry, "methods"))
        rig_reader_fail(reader, entry,
                        "says no message; expected \"method\" (a request), \"codes\" (a response) "
                        "or \"after_answer_s\" or \"after_menu_s\" (a time)");
    mark->methods = read_methods(reader, entry, 1u << RIG_SIP_INVITE);
    mark->n_codes = rig_rules_codes(reader, entry, mark->codes);
    mark->leg = (rig_rule_leg)rig_reader_word(reader, entry, "leg", legs, RIG_RULE_LEG_CALLER);
    mark->from =
        (rig_rule_from)rig_reader_word(reader, entry, "from", senders, RIG_RULE_FROM_CENTRE);
    read_header(reader, entry, rules, mark);
    mark->body_text = optional_text(reader, entry, "body");
}

static void read_elapsed(rig_reader *reader, const rig_setting *entry, rig_rules *rules, int i)
{
    const bool is_of_menu = rig_reader_has(entry, "after_menu_s");
    const char *const key = is_of_menu ? "after_menu_s" : "after_answer_s";
    const char *const keys[] = {"name", "means", key, NULL};
    rig_reader_check_keys(reader, entry, keys);
    if (rules->n_elapsed == RIG_RULES_MAX_ELAPSED) {
        rig_reader_fail(reader, entry, "is one too many with %s; at most %d are read", key,
                        RIG_RULES_MAX_ELAPSED);
        return;
    }
    rig_elapsed_rule made = {.name = rig_rules_entry_name(reader, entry, "marks", i)};
    made.meaning = (rig_meaning)rig_reader_word(reader, entry, "means", rig_meaning_names, 0);
    made.is_of_menu = is_of_menu;
    made.after_ns = rig_rules_seconds(reader, entry, key, 0);
    size_t at = rules->n_elapsed++;
    while (at > 0 && rules->elapsed[at - 1].after_ns > made.after_ns) {
        rules->elapsed[at] = rules->elapsed[at - 1];
        at--;
    }
    rules->elapsed[at] = made;
}

static void clear_marks(rig_rules *rules)
{
    for (size_t i = 0; i < rules->n_marks; i++) {
        free(rules->marks[i].name);
        free(rules->marks[i].value);
        free(rules->marks[i].body_text);
    }
    rules->n_marks = 0;
}

void rig_rules_read_marks(rig_reader *reader, const rig_setting *root, rig_rules *rules)
{
    static const char *const keys[] = {
        "name",   "means", "method",   "methods", "codes",          "leg",          "from",
        "header", "value", "contains", "body",    "after_answer_s", "after_menu_s", NULL};
    const rig_setting *list = rig_reader_list(reader, root, "marks", false);
    if (list == NULL)
        return;
    clear_marks(rules);
    int n = rig_setting_length(list);
    if (n > RIG_RULES_MAX_MARKS)
        rig_reader_fail(reader, list, "has %d elements; at most %d are read", n,
                        RIG_RULES_MAX_MARKS);
    for (int i = 0; i < n && reader->status == RIG_OK; i++) {
        const rig_setting *entry = rig_reader_element(reader, list, i);
        if (entry == NULL)
            return;
        rig_reader_check_keys(reader, entry, keys);
        if (!rig_reader_has(entry, "means"))
            rig_reader_fail(reader, entry, "\"means\" is missing");
        if (reader->status != RIG_OK)
            return;
        if (rig_reader_has(entry, "after_answer_s") || rig_reader_has(entry, "after_menu_s"))
            read_elapsed(reader, entry, rules, i);
        else
            read_message_mark(reader, entry, rules, i);
    }
}
