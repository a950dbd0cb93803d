/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "analyzer/rules/read.h"

static const char *const keys[] = {"name",   "from",   "header", "value",
                                   "called", "caller", "to",     NULL};

/* Which key says what the rule looks at; NULL after an error. */
static const rig_setting *find_subject(rig_reader *reader, const rig_setting *entry,
                                       rig_carrier_kind *kind)
{
    static const char *const subjects[] = {"from", "header", "called", "caller", "to"};
    const rig_setting *found = NULL;
    int n = 0;
    for (int i = 0; i < 5; i++) {
        const rig_setting *member = rig_setting_member(entry, subjects[i]);
        if (member == NULL)
            continue;
        found = member;
        *kind = (rig_carrier_kind)i;
        n++;
    }
    if (n != 1) {
        rig_reader_fail(reader, entry,
                        "has %d of from, to, header, called and caller; expected one", n);
        return NULL;
    }
    return found;
}

static void read_pattern(rig_reader *reader, const rig_setting *entry, rig_rules *rules,
                         const rig_setting *subject, rig_carrier_rule *rule)
{
    const char *key = rig_setting_name(subject);
    char *text = rig_reader_string(reader, entry, key, NULL);
    if (text == NULL)
        return;
    if (strlen(text) > RIG_CARRIER_MAX_TEXT || text[0] == '\0')
        rig_reader_fail(reader, subject, "is empty or longer than %d bytes", RIG_CARRIER_MAX_TEXT);
    else if (rule->kind == RIG_CARRIER_FROM && !rig_carrier_read_network(text, rule))
        rig_reader_fail(reader, subject,
                        "is \"%s\"; expected an IP address, or a network such as "
                        "\"10.0.0.0/24\" with no bits set behind those that count",
                        text);
    else if (rule->kind == RIG_CARRIER_TO && !rig_carrier_read_end(text, rule))
        rig_reader_fail(reader, subject,
                        "is \"%s\"; expected an IP address or a network, or an address with a "
                        "port, such as \"192.0.2.7:5060\" or \"[2001:db8::1]:5060\"",
                        text);
    else if (rule->kind == RIG_CARRIER_HEADER)
        (void)rig_rules_want(reader, subject, rules, text, &rule->header);
    bool is_pattern = rule->kind == RIG_CARRIER_CALLED || rule->kind == RIG_CARRIER_CALLER;
    if (is_pattern)
        rule->pattern = text;
    else
        free(text);
    const rig_setting *value = rig_setting_member(entry, "value");
    if (rule->kind == RIG_CARRIER_HEADER)
        rule->pattern = rig_reader_string(reader, entry, "value", NULL);
    else if (value != NULL)
        rig_reader_fail(reader, value, "goes with header only");
}

static void read_carrier(rig_reader *reader, const rig_setting *entry, rig_rules *rules,
                         rig_carrier_rules *to)
{
    rig_carrier_rule rule = {.name = NULL};
    rig_reader_check_keys(reader, entry, keys);
    rule.name = rig_reader_string(reader, entry, "name", NULL);
    const rig_setting *subject = find_subject(reader, entry, &rule.kind);
    if (rule.name != NULL && (rule.name[0] == '\0' || strlen(rule.name) > RIG_CARRIER_MAX_TEXT))
        rig_reader_fail(reader, rig_setting_member(entry, "name"),
                        "is empty or longer than %d bytes", RIG_CARRIER_MAX_TEXT);
    if (subject != NULL)
        read_pattern(reader, entry, rules, subject, &rule);
    if (reader->status == RIG_OK && rig_carriers_add(to, &rule) == RIG_OK)
        return;
    if (reader->status == RIG_OK)
        rig_reader_no_memory(reader);
    free(rule.name);
    free(rule.pattern);
}

void rig_rules_read_carriers(rig_reader *reader, const rig_setting *root, const char *section,
                             rig_rules *rules, rig_carrier_rules *to)
{
    const rig_setting *list = rig_reader_list(reader, root, section, false);
    if (list == NULL)
        return;
    int n = rig_setting_length(list);
    if (n > RIG_MAX_CARRIER_RULES)
        rig_reader_fail(reader, list, "has %d elements; at most %d are read", n,
                        RIG_MAX_CARRIER_RULES);
    for (int i = 0; i < n && reader->status == RIG_OK; i++) {
        const rig_setting *entry = rig_reader_element(reader, list, i);
        if (entry != NULL)
            read_carrier(reader, entry, rules, to);
    }
}
