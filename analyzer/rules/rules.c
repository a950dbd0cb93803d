/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analyzer/rules.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "analyzer/rules/read.h"
#include "core/clock.h"

const char *const rig_meaning_names[RIG_N_MEANINGS + 1] = {
    "queue", "ringing", "connected", "talking", "menu", "deflected", "emergency", NULL};

const char *rig_meaning_name(rig_meaning meaning)
{
    return (unsigned)meaning < RIG_N_MEANINGS ? rig_meaning_names[meaning] : "?";
}

void rig_rules_free(rig_rules *rules)
{
    if (rules == NULL)
        return;
    for (size_t i = 0; i < rules->n_joins; i++)
        free(rules->joins[i].name);
    for (size_t i = 0; i < rules->n_marks; i++) {
        free(rules->marks[i].name);
        free(rules->marks[i].value);
        free(rules->marks[i].body_text);
    }
    for (size_t i = 0; i < rules->n_elapsed; i++)
        free(rules->elapsed[i].name);
    for (size_t i = 0; i < rules->n_outcomes; i++) {
        free((char *)rules->outcomes[i].name); /* of a file's rule: ours */
        free((char *)rules->outcomes[i].reason);
    }
    rig_carriers_clear(&rules->carriers);
    rig_carriers_clear(&rules->classes);
    rig_carriers_clear(&rules->relays);
    free(rules->outcomes);
    free(rules->name);
    free(rules);
}

/* Of every end, where its built-in outcome rules begin. */
static void note_built_in(rig_rules *rules)
{
    size_t n;
    const rig_outcome_rule *built_in = rig_outcomes_built_in(&n);
    for (size_t i = n; i > 0; i--)
        rules->first_built_in[built_in[i - 1].end] = (uint8_t)(i - 1);
}

void rig_rules_compile(rig_rules *rules)
{
    note_built_in(rules);
    memset(rules->on_request, 0, sizeof rules->on_request);
    memset(rules->on_response, 0, sizeof rules->on_response);
    rules->queue_marks = rules->ringing_marks = 0;
    rules->wanted.on_requests =
        1u << RIG_SIP_REFER | 1u << RIG_SIP_INFO | 1u << RIG_SIP_BYE | 1u << RIG_SIP_CANCEL;
    rules->wanted.on_responses = 0;
    rules->has_number_join = false;
    rules->bye_window_ns = -1;
    for (size_t i = 0; i < rules->n_marks; i++) {
        const rig_mark_rule *mark = &rules->marks[i];
        uint64_t bit = UINT64_C(1) << i;
        for (int m = 0; m < RIG_SIP_N_METHODS; m++) {
            if ((mark->methods >> m & 1) != 0)
                (mark->is_request ? rules->on_request : rules->on_response)[m] |= bit;
        }
        if (mark->header >= 0 || mark->body_text != NULL) {
            uint32_t *looked_at =
                mark->is_request ? &rules->wanted.on_requests : &rules->wanted.on_responses;
            *looked_at |= mark->methods;
        }
        if (mark->meaning == RIG_MEANS_QUEUE)
            rules->queue_marks |= bit;
        if (mark->meaning == RIG_MEANS_RINGING)
            rules->ringing_marks |= bit;
    }
    for (size_t i = 0; i < rules->n_joins; i++) {
        rules->has_number_join = rules->has_number_join || rules->joins[i].kind == RIG_JOIN_NUMBER;
        if (rules->joins[i].kind == RIG_JOIN_BYE)
            rules->bye_window_ns = rules->joins[i].window_ns;
    }
}

/* ---- the built-in rules ---- */

/* As in scenarios/rules/embedded.cfg; a test holds the two together. */
static bool add_join(rig_rules *rules, rig_join_kind kind, const char *name, const char *header)
{
    rig_join_rule *join = &rules->joins[rules->n_joins++];
    *join = (rig_join_rule){.kind = kind, .window_ns = RIG_RULE_NO_LIMIT_NS, .name = strdup(name)};
    return join->name != NULL &&
           (header == NULL || rig_sip_want(&rules->wanted, header, &join->header) == RIG_OK);
}

/* What tells of transfers, whatever the rules: RFC 3515, RFC 3891, RFC 4538, RFC 3911. */
static bool want_transfers(rig_rules *rules)
{
    return rig_sip_want(&rules->wanted, "Refer-To", &rules->refer_to) == RIG_OK &&
           rig_sip_want(&rules->wanted, "Replaces", &rules->replaces) == RIG_OK &&
           rig_sip_want(&rules->wanted, "Target-Dialog", &rules->target_dialog) == RIG_OK &&
           rig_sip_want(&rules->wanted, "Join", &rules->join) == RIG_OK;
}

/* What tells of calls that a hop passes on: RFC 7989, RFC 7315, RFC 3325. */
static bool want_passed_on(rig_rules *rules)
{
    return rig_sip_want(&rules->wanted, "Session-ID", &rules->session) == RIG_OK &&
           rig_sip_want(&rules->wanted, "P-Charging-Vector", &rules->charging) == RIG_OK &&
           rig_sip_want(&rules->wanted, "P-Asserted-Identity", &rules->asserted) == RIG_OK;
}

/* What tells whose call a leg is of where From does not: the draft that became RFC 3325, RFC 5806,
 * RFC 7044. */
static bool want_shown(rig_rules *rules)
{
    return rig_sip_want(&rules->wanted, "Remote-Party-ID", &rules->remote_party) == RIG_OK &&
           rig_sip_want(&rules->wanted, "Diversion", &rules->diversion) == RIG_OK &&
           rig_sip_want(&rules->wanted, "History-Info", &rules->history) == RIG_OK;
}

/* What the queue tells a caller, and that he leaves because of it: docs/wire-contract.md. */
static bool want_told(rig_rules *rules)
{
    return rig_sip_want(&rules->wanted, "X-Rig-Position", &rules->position) == RIG_OK &&
           rig_sip_want(&rules->wanted, "X-Rig-Wait", &rules->wait) == RIG_OK &&
           rig_sip_want(&rules->wanted, "X-Rig-Balked", &rules->balked) == RIG_OK;
}

static bool add_request(rig_rules *rules, const char *name, uint32_t methods, const char *value,
                        rig_meaning meaning)
{
    rig_mark_rule *mark = &rules->marks[rules->n_marks++];
    unsigned index = 0;
    *mark =
        (rig_mark_rule){.meaning = meaning, .is_request = true, .methods = methods, .header = -1};
    mark->name = strdup(name);
    if (value == NULL)
        return mark->name != NULL;
    mark->value = strdup(value);
    mark->value_match = RIG_MATCH_IS;
    rig_status status = rig_sip_want(&rules->wanted, "X-Rig-Stage", &index);
    mark->header = (int)index;
    return mark->name != NULL && mark->value != NULL && status == RIG_OK;
}

/* The ACK of the agent's answer: docs/wire-contract.md. */
static bool add_emergency(rig_rules *rules)
{
    rig_mark_rule *mark = &rules->marks[rules->n_marks];
    const bool is_made = add_request(rules, "ACK of a short talk", 1u << RIG_SIP_ACK, "emergency",
                                     RIG_MEANS_EMERGENCY);
    mark->leg = RIG_RULE_LEG_AGENT;
    return is_made;
}

static bool add_queued_response(rig_rules *rules)
{
    rig_mark_rule *mark = &rules->marks[rules->n_marks++];
    *mark = (rig_mark_rule){.meaning = RIG_MEANS_QUEUE,
                            .methods = 1u << RIG_SIP_INVITE,
                            .n_codes = 1,
                            .codes = {{182, 182}},
                            .header = -1,
                            .name = strdup("182 Queued")};
    return mark->name != NULL;
}

rig_status rig_rules_new(rig_rules **rules, rig_error *err)
{
    rig_rules *made = calloc(1, sizeof *made);
    if (made == NULL)
        return rig_fail(err, RIG_ENOMEM, "out of memory");
    made->has_built_in_outcomes = true;
    made->least_talk_ns = RIG_RULES_LEAST_TALK_NS;
    made->name = strdup("built-in");
    bool is_made =
        made->name != NULL && want_transfers(made) && want_passed_on(made) && want_shown(made) &&
        want_told(made) &&
        add_join(made, RIG_JOIN_HEADER, "X-Caller-Call-ID", "X-Caller-Call-ID") &&
        add_join(made, RIG_JOIN_NUMBER, "caller's number", NULL) && add_queued_response(made) &&
        add_request(made, "INFO queue", 1u << RIG_SIP_INFO, "queue", RIG_MEANS_QUEUE) &&
        add_request(made, "INFO ringing", 1u << RIG_SIP_INFO, "ringing", RIG_MEANS_RINGING) &&
        add_request(made, "BYE of one deflected", 1u << RIG_SIP_BYE, "deflected",
                    RIG_MEANS_DEFLECTED) &&
        add_emergency(made) &&
        add_request(made, "re-INVITE or UPDATE", 1u << RIG_SIP_INVITE | 1u << RIG_SIP_UPDATE, NULL,
                    RIG_MEANS_CONNECTED);
    if (!is_made) {
        rig_rules_free(made);
        return rig_fail(err, RIG_ENOMEM, "out of memory");
    }
    rig_rules_compile(made);
    *rules = made;
    return RIG_OK;
}

/* ---- matching ---- */

static bool contains(rig_slice text, const char *part)
{
    size_t n = strlen(part);
    for (size_t i = 0; i + n <= text.n; i++) {
        if (strncasecmp(text.p + i, part, n) == 0)
            return true;
    }
    return false;
}

static bool header_fits(const rig_mark_rule *mark, const rig_sip *sip)
{
    for (unsigned i = 0; i < sip->n_extra; i++) {
        const rig_sip_extra *extra = &sip->extra[i];
        if (extra->index != (unsigned)mark->header)
            continue;
        if (mark->value_match == RIG_MATCH_ANY ||
            (mark->value_match == RIG_MATCH_IS ? rig_slice_is_nocase(extra->value, mark->value)
                                               : contains(extra->value, mark->value)))
            return true;
    }
    return false;
}

static bool mark_fits(const rig_mark_rule *mark, const rig_sip *sip)
{
    if (!mark->is_request && mark->n_codes > 0) {
        bool fits = false;
        for (unsigned i = 0; i < mark->n_codes && !fits; i++)
            fits = sip->code >= mark->codes[i].low && sip->code <= mark->codes[i].high;
        if (!fits)
            return false;
    }
    if (mark->header >= 0 && !header_fits(mark, sip))
        return false;
    return mark->body_text == NULL || contains(sip->body, mark->body_text);
}

uint64_t rig_rules_match(const rig_rules *rules, const rig_sip *sip)
{
    uint64_t may = (sip->is_request ? rules->on_request : rules->on_response)[sip->method];
    uint64_t fits = 0;
    for (; may != 0; may &= may - 1) {
        int i = __builtin_ctzll(may);
        if (mark_fits(&rules->marks[i], sip))
            fits |= UINT64_C(1) << i;
    }
    return fits;
}

bool rig_rules_is_relay(const rig_rules *rules, rig_endpoint at)
{
    for (size_t i = 0; i < rules->relays.n; i++) {
        if (rig_carrier_is_at(&rules->relays.items[i], at))
            return true;
    }
    return false;
}

const rig_outcome_rule *rig_rules_decide(const rig_rules *rules, const rig_call_facts *facts)
{
    const rig_outcome_rule *found = NULL;
    if (rules->n_outcomes > 0)
        found = rig_outcomes_find(rules->outcomes, rules->n_outcomes, facts);
    if (found != NULL || !rules->has_built_in_outcomes)
        return found;
    size_t n;
    const rig_outcome_rule *built_in = rig_outcomes_built_in(&n);
    const size_t first = rules->first_built_in[facts->end];
    return rig_outcomes_find(built_in + first, n - first, facts);
}
