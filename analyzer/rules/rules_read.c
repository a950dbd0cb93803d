/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/rules/read.h"
#include "core/atomic_file.h"
#include "core/clock.h"

#define FORMAT_NAME "peakrig rules 1"

/* ---- shared parts ---- */

char *rig_rules_entry_name(rig_reader *reader, const rig_setting *entry, const char *list,
                           int index)
{
    char fallback[64];
    (void)snprintf(fallback, sizeof fallback, "%s[%d]", list, index);
    return rig_reader_string(reader, entry, "name", fallback);
}

static const rig_setting *list_member(rig_reader *reader, const rig_setting *entry, const char *key,
                                      int most)
{
    const rig_setting *list = rig_reader_list(reader, entry, key, false);
    if (list == NULL)
        return NULL;
    int n = rig_setting_length(list);
    if (n < 1 || n > most) {
        rig_reader_fail(reader, list, "has %d elements; expected 1 to %d", n, most);
        return NULL;
    }
    return list;
}

/* "180-189", "503" or a number. */
static bool range_of(const rig_setting *element, rig_code_range *range)
{
    long low, high;
    int64_t code;
    const char *text = rig_setting_text(element);
    if (text != NULL) {
        char *end;
        low = high = strtol(text, &end, 10);
        if (end == text)
            return false;
        if (*end == '-') {
            const char *from = end + 1;
            high = strtol(from, &end, 10);
            if (end == from)
                return false;
        }
        if (*end != '\0')
            return false;
    } else if (rig_setting_whole(element, &code)) {
        low = high = (long)code;
    } else {
        return false;
    }
    if (low < 100 || high > 699 || low > high)
        return false;
    *range = (rig_code_range){(uint16_t)low, (uint16_t)high};
    return true;
}

unsigned rig_rules_codes(rig_reader *reader, const rig_setting *entry,
                         rig_code_range codes[RIG_RULE_MAX_NUMBERS])
{
    const rig_setting *list = list_member(reader, entry, "codes", RIG_RULE_MAX_NUMBERS);
    unsigned n = 0;
    for (int i = 0; list != NULL && i < rig_setting_length(list); i++) {
        const rig_setting *element = rig_setting_element(list, i);
        if (!range_of(element, &codes[n])) {
            rig_reader_fail(reader, element,
                            "is no response code; expected one of 100 to 699, or a range such as "
                            "\"180-189\"");
            return 0;
        }
        n++;
    }
    return n;
}

unsigned rig_rules_causes(rig_reader *reader, const rig_setting *entry,
                          uint8_t causes[RIG_RULE_MAX_NUMBERS])
{
    const rig_setting *list = list_member(reader, entry, "q850", RIG_RULE_MAX_NUMBERS);
    unsigned n = 0;
    for (int i = 0; list != NULL && i < rig_setting_length(list); i++) {
        const rig_setting *element = rig_setting_element(list, i);
        int64_t cause;
        if (!rig_setting_whole(element, &cause) || cause < 0 || cause > 127) {
            rig_reader_fail(reader, element, "is no cause; expected a whole number from 0 to 127");
            return 0;
        }
        causes[n++] = (uint8_t)cause;
    }
    return n;
}

unsigned rig_rules_word_bits(rig_reader *reader, const rig_setting *entry, const char *key,
                             rig_words words, const unsigned *bits, unsigned fallback)
{
    const rig_setting *list = list_member(reader, entry, key, 32);
    unsigned found = 0;
    if (list == NULL)
        return fallback;
    for (int i = 0; i < rig_setting_length(list); i++) {
        const rig_setting *element = rig_setting_element(list, i);
        const char *text = rig_setting_text(element);
        char known[300] = "";
        size_t used = 0;
        bool is_known = false;
        for (int w = 0; words[w] != NULL; w++) {
            if (text != NULL && strcmp(text, words[w]) == 0) {
                is_known = true;
                found |= bits != NULL ? bits[w] : 1u << w;
            }
            if (used < sizeof known)
                used += (size_t)snprintf(known + used, sizeof known - used, "%s\"%s\"",
                                         w > 0 ? ", " : "", words[w]);
        }
        if (!is_known) {
            rig_reader_fail(reader, element, "\"%s\" is not known; expected some of: %s",
                            text != NULL ? text : "", known);
            return fallback;
        }
    }
    return found;
}

bool rig_rules_want(rig_reader *reader, const rig_setting *entry, rig_rules *rules,
                    const char *header, unsigned *index)
{
    if (rig_sip_want(&rules->wanted, header, index) == RIG_OK)
        return true;
    const rig_setting *at = rig_setting_member(entry, "header");
    rig_reader_fail(reader, at != NULL ? at : entry,
                    "\"%s\" is no header name, or one of more than %d; expected a token of at most "
                    "%d letters",
                    header, RIG_SIP_MAX_WANTED, RIG_SIP_MAX_NAME);
    return false;
}

int64_t rig_rules_seconds(rig_reader *reader, const rig_setting *entry, const char *key,
                          int64_t fallback_ns)
{
    static const rig_range seconds = {0, 1e6, false, "a number from 0 to 1000000, seconds"};
    if (!rig_reader_has(entry, key))
        return fallback_ns;
    return rig_clock_ns_of_s(rig_reader_number(reader, entry, key, &seconds, NULL));
}

/* ---- joins ---- */

static void read_relay(rig_reader *reader, const rig_setting *element, rig_rules *rules)
{
    rig_carrier_rule relay = {.kind = RIG_CARRIER_TO};
    const char *text = rig_setting_text(element);
    if (text == NULL || !rig_carrier_read_network(text, &relay))
        rig_reader_fail(reader, element,
                        "is no address; expected an IP address, or a network such as "
                        "\"10.0.0.0/24\" with no bits set behind those that count");
    else if (rig_carriers_add(&rules->relays, &relay) != RIG_OK)
        rig_reader_no_memory(reader);
}

static void read_relays(rig_reader *reader, const rig_setting *entry, rig_rules *rules,
                        bool has_meaning)
{
    const rig_setting *list = rig_reader_list(reader, entry, "relays", false);
    if (list == NULL)
        return;
    if (!has_meaning)
        rig_reader_fail(reader, list, "has a meaning for by = \"number\" only");
    rules->knows_relays = true;
    const int n = rig_setting_length(list);
    if (n > RIG_MAX_CARRIER_RULES)
        rig_reader_fail(reader, list, "has %d elements; at most %d are read", n,
                        RIG_MAX_CARRIER_RULES);
    for (int i = 0; i < n && reader->status == RIG_OK; i++)
        read_relay(reader, rig_setting_element(list, i), rules);
}

static void read_join(rig_reader *reader, const rig_setting *entry, rig_rules *rules, int i)
{
    static const char *const keys[] = {"name",         "by",     "header", "window_s",
                                       "same_dialled", "relays", NULL};
    static const char *const kinds[] = {"call_id", "same", "session_id", "number", "bye", NULL};
    rig_reader_check_keys(reader, entry, keys);
    if (!rig_reader_has(entry, "by"))
        rig_reader_fail(reader, entry, "\"by\" is missing");
    rig_join_rule *join = &rules->joins[rules->n_joins++];
    *join = (rig_join_rule){.name = rig_rules_entry_name(reader, entry, "joins", i)};
    join->kind = (rig_join_kind)rig_reader_word(reader, entry, "by", kinds, 0);
    bool has_header = rig_reader_has(entry, "header");
    bool takes_header = join->kind <= RIG_JOIN_SESSION_ID;
    if (has_header && !takes_header)
        rig_reader_fail(reader, rig_setting_member(entry, "header"),
                        "has no meaning for by = \"%s\"", kinds[join->kind]);
    if (takes_header) {
        const char *usual = join->kind == RIG_JOIN_SESSION_ID ? "Session-ID" : NULL;
        char *header = rig_reader_string(reader, entry, "header", usual);
        if (header != NULL)
            (void)rig_rules_want(reader, entry, rules, header, &join->header);
        free(header);
    }
    int64_t usual_ns =
        join->kind == RIG_JOIN_BYE ? 12 * (RIG_NS_PER_S / 1000) : RIG_RULE_NO_LIMIT_NS;
    join->window_ns = rig_rules_seconds(reader, entry, "window_s", usual_ns);
    if (join->kind == RIG_JOIN_HEADER && rig_reader_has(entry, "window_s"))
        rig_reader_fail(reader, rig_setting_member(entry, "window_s"),
                        "has no meaning for by = \"call_id\"");
    if (rig_reader_has(entry, "same_dialled")) {
        static const char *const meanings[] = {"relay", "agent", NULL};
        if (join->kind != RIG_JOIN_NUMBER)
            rig_reader_fail(reader, rig_setting_member(entry, "same_dialled"),
                            "has no meaning for by = \"%s\"", kinds[join->kind]);
        join->same_dialled_is_agent =
            rig_reader_word(reader, entry, "same_dialled", meanings, 0) == 1;
    }
    if (rig_reader_has(entry, "relays"))
        read_relays(reader, entry, rules, join->kind == RIG_JOIN_NUMBER);
    if (join->kind == RIG_JOIN_BYE && join->window_ns > 10 * RIG_NS_PER_S)
        rig_reader_fail(reader, rig_setting_member(entry, "window_s"),
                        "is longer than 10 s; two calls end within that by chance");
}

static void clear_joins(rig_rules *rules)
{
    for (size_t i = 0; i < rules->n_joins; i++)
        free(rules->joins[i].name);
    rules->n_joins = 0;
}

static void read_joins(rig_reader *reader, const rig_setting *root, rig_rules *rules)
{
    const rig_setting *list = rig_reader_list(reader, root, "joins", false);
    if (list == NULL)
        return;
    clear_joins(rules);
    int n = rig_setting_length(list);
    if (n > RIG_RULES_MAX_JOINS)
        rig_reader_fail(reader, list, "has %d elements; at most %d are read", n,
                        RIG_RULES_MAX_JOINS);
    for (int i = 0; i < n && reader->status == RIG_OK; i++) {
        const rig_setting *entry = rig_reader_element(reader, list, i);
        if (entry != NULL)
            read_join(reader, entry, rules, i);
    }
}

/* ---- the file ---- */

static void read_agents(rig_reader *reader, const rig_setting *root, rig_rules *rules)
{
    static const char *const keys[] = {"ringing_on", "least_talk_s", NULL};
    static const char *const when[] = {"invite", "18x", NULL};
    const rig_setting *group = rig_reader_group(reader, root, "agents", false);
    if (group == NULL)
        return;
    rig_reader_check_keys(reader, group, keys);
    rules->rings_on_18x = rig_reader_word(reader, group, "ringing_on", when, 0) == 1;
    rules->least_talk_ns =
        rig_rules_seconds(reader, group, "least_talk_s", RIG_RULES_LEAST_TALK_NS);
}

static void read_all(rig_reader *reader, const rig_setting *root, rig_rules *rules)
{
    static const char *const keys[] = {"format",   "name",     "description", "joins",
                                       "marks",    "outcomes", "agents",      "built_in_outcomes",
                                       "carriers", "classes",  NULL};
    rig_reader_check_keys(reader, root, keys);
    char *format = rig_reader_string(reader, root, "format", NULL);
    if (format != NULL && strcmp(format, FORMAT_NAME) != 0)
        rig_reader_fail(reader, rig_setting_member(root, "format"),
                        "is \"%s\"; expected \"" FORMAT_NAME "\"", format);
    free(format);
    free(rig_reader_string(reader, root, "description", ""));
    char *name = rig_reader_string(reader, root, "name", reader->path);
    if (name != NULL) {
        free(rules->name);
        rules->name = name;
    }
    read_joins(reader, root, rules);
    rig_rules_read_marks(reader, root, rules);
    read_agents(reader, root, rules);
    rig_rules_read_outcomes(reader, root, rules);
    rig_rules_read_carriers(reader, root, "carriers", rules, &rules->carriers);
    rig_rules_read_carriers(reader, root, "classes", rules, &rules->classes);
    rules->has_built_in_outcomes = rig_reader_bool(reader, root, "built_in_outcomes", true);
}

/* `folder`: where included files are; NULL: the current one. */
static rig_status read_text(const char *text, const char *path, const char *folder,
                            rig_rules **rules, rig_error *err)
{
    rig_rules *made = NULL;
    rig_settings *settings = NULL;
    rig_reader reader = {.path = path, .status = RIG_OK, .err = err};
    rig_status status = rig_rules_new(&made, err);
    if (status == RIG_OK)
        status = rig_settings_parse(text, path, folder, &settings, err);
    if (status == RIG_OK) {
        read_all(&reader, rig_settings_root(settings), made);
        status = reader.status;
    }
    rig_settings_free(settings);
    if (status != RIG_OK) {
        rig_rules_free(made);
        return status;
    }
    rig_rules_compile(made);
    *rules = made;
    return RIG_OK;
}

rig_status rig_rules_read_text(const char *text, const char *path, rig_rules **rules,
                               rig_error *err)
{
    return read_text(text, path, NULL, rules, err);
}

rig_status rig_rules_read(const char *path, rig_rules **rules, rig_error *err)
{
    char *text = NULL;
    char *copy = strdup(path);
    size_t n = 0;
    rig_status status = copy == NULL ? rig_fail(err, RIG_ENOMEM, "%s: out of memory", path)
                                     : rig_file_read(path, &text, &n, err);
    if (status == RIG_OK && strlen(text) != n)
        status = rig_fail(err, RIG_EINPUT, "%s: holds a NUL byte; expected a text", path);
    if (status == RIG_OK)
        status = read_text(text, path, dirname(copy), rules, err);
    free(text);
    free(copy);
    return status;
}
