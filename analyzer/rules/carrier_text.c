/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/rules.h"

static const char expected[] = "expected NAME=NETWORK, NAME=header:HEADER=PATTERN, "
                               "NAME=prefix:DIGITS or NAME=caller:DIGITS";

static rig_status fail(const char *text, const char *what, rig_error *err)
{
    return rig_fail(err, RIG_EINPUT, "--carrier: \"%.200s\": %s; %s", text, what, expected);
}

static rig_status read_header(rig_rules *rules, const char *text, const char *subject,
                              rig_carrier_rule *rule, rig_error *err)
{
    char name[RIG_SIP_MAX_NAME + 1];
    const size_t n = strcspn(subject, "=");
    if (subject[n] == '\0' || subject[n + 1] == '\0' || n == 0 || n >= sizeof name)
        return fail(text, "no header and value", err);
    memcpy(name, subject, n);
    name[n] = '\0';
    if (rig_sip_want(&rules->wanted, name, &rule->header) != RIG_OK)
        return fail(text, "no header name, or one too many", err);
    rule->kind = RIG_CARRIER_HEADER;
    rule->pattern = strdup(subject + n + 1);
    return RIG_OK;
}

static rig_status read_digits(const char *text, const char *digits, rig_carrier_kind kind,
                              rig_carrier_rule *rule, rig_error *err)
{
    if (digits[0] == '\0')
        return fail(text, "no digits", err);
    rule->kind = kind;
    if (asprintf(&rule->pattern, "%s*", digits) < 0)
        rule->pattern = NULL;
    return RIG_OK;
}

static rig_status read_subject(rig_rules *rules, const char *text, const char *subject,
                               rig_carrier_rule *rule, rig_error *err)
{
    rig_status status = RIG_OK;
    if (strncmp(subject, "header:", 7) == 0)
        status = read_header(rules, text, subject + 7, rule, err);
    else if (strncmp(subject, "prefix:", 7) == 0)
        status = read_digits(text, subject + 7, RIG_CARRIER_CALLED, rule, err);
    else if (strncmp(subject, "caller:", 7) == 0)
        status = read_digits(text, subject + 7, RIG_CARRIER_CALLER, rule, err);
    else if (!rig_carrier_read_network(subject, rule))
        return fail(
            text, "no network (an IP address, or one with /BITS and no bits set behind them)", err);
    if (status == RIG_OK && rule->kind != RIG_CARRIER_FROM && rule->pattern == NULL)
        return rig_fail(err, RIG_ENOMEM, "out of memory");
    return status;
}

rig_status rig_rules_add_carrier(rig_rules *rules, const char *text, rig_error *err)
{
    rig_carrier_rule rule = {.kind = RIG_CARRIER_FROM};
    const size_t n = strcspn(text, "=");
    if (n == 0 || text[n] == '\0' || n > RIG_CARRIER_MAX_TEXT ||
        strlen(text) - n - 1 > 2 * RIG_CARRIER_MAX_TEXT)
        return fail(text, "no name, no \"=\", or too long", err);
    rig_status status = read_subject(rules, text, text + n + 1, &rule, err);
    if (status == RIG_OK) {
        rule.name = strndup(text, n);
        status = rule.name == NULL ? RIG_ENOMEM : rig_carriers_add(&rules->carriers, &rule);
        if (status == RIG_ENOMEM)
            (void)rig_fail(err, status, "out of memory");
        else if (status != RIG_OK)
            status =
                rig_fail(err, RIG_EINPUT, "--carrier: more than %d rules", RIG_MAX_CARRIER_RULES);
    }
    if (status != RIG_OK) {
        free(rule.name);
        free(rule.pattern);
    }
    return status;
}
