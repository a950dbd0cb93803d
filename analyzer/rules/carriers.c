/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analyzer/carriers.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/parties.h"

/* The bits of one half that count, of n_bits of both. */
static uint64_t mask_of(unsigned n_bits, bool is_high)
{
    unsigned n = is_high ? n_bits : n_bits < 64 ? 0 : n_bits - 64;
    if (n >= 64)
        return UINT64_MAX;
    return n == 0 ? 0 : UINT64_MAX << (64 - n);
}

bool rig_carrier_read_network(const char *text, rig_carrier_rule *rule)
{
    char address[64];
    rig_endpoint at;
    uint64_t n_bits = 128;
    size_t n = strcspn(text, "/");
    if (n >= sizeof address)
        return false;
    memcpy(address, text, n);
    address[n] = '\0';
    if (!rig_endpoint_of_text(address, 0, &at))
        return false;
    const bool is_v4 = memchr(address, ':', n) == NULL;
    if (text[n] == '/' &&
        (!rig_slice_u64(rig_slice_of(text + n + 1), &n_bits) || n_bits > (is_v4 ? 32u : 128u)))
        return false;
    if (text[n] == '/' && is_v4)
        n_bits += 96;
    if ((at.ip_high & ~mask_of((unsigned)n_bits, true)) != 0 ||
        (at.ip_low & ~mask_of((unsigned)n_bits, false)) != 0)
        return false;
    rule->ip_high = at.ip_high;
    rule->ip_low = at.ip_low;
    rule->n_bits = (unsigned)n_bits;
    return true;
}

bool rig_carrier_read_end(const char *text, rig_carrier_rule *rule)
{
    char address[64];
    uint64_t port = 0;
    const bool is_in_brackets = text[0] == '[';
    const char *begin = text + is_in_brackets;
    const char *colon = strrchr(begin, ':');
    const bool has_port = is_in_brackets || (colon != NULL && strchr(begin, ':') == colon);
    const size_t n = is_in_brackets ? strcspn(begin, "]")
                     : has_port     ? (size_t)(colon - begin)
                                    : strlen(begin);
    const char *rest = begin + n;
    if (is_in_brackets && *rest++ != ']')
        return false;
    if (n >= sizeof address || (*rest != '\0' && *rest != ':') ||
        (*rest == ':' &&
         (!rig_slice_u64(rig_slice_of(rest + 1), &port) || port == 0 || port > UINT16_MAX)))
        return false;
    memcpy(address, begin, n);
    address[n] = '\0';
    rig_carrier_rule read = *rule;
    if (!rig_carrier_read_network(address, &read))
        return false;
    read.port = (uint16_t)port;
    *rule = read;
    return true;
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

bool rig_carrier_fits(rig_slice pattern, rig_slice text)
{
    size_t p = 0, t = 0, star = SIZE_MAX, from = 0;
    while (t < text.n) {
        if (p < pattern.n && pattern.p[p] == '*') {
            star = p++; /* first as nothing, and then as ever more */
            from = t;
        } else if (p < pattern.n && lower(pattern.p[p]) == lower(text.p[t])) {
            p++;
            t++;
        } else if (star != SIZE_MAX) {
            p = star + 1;
            t = ++from;
        } else {
            return false;
        }
    }
    while (p < pattern.n && pattern.p[p] == '*')
        p++;
    return p == pattern.n;
}

rig_status rig_carriers_add(rig_carrier_rules *rules, const rig_carrier_rule *rule)
{
    if (rules->n == RIG_MAX_CARRIER_RULES)
        return RIG_EDOM;
    rig_carrier_rule *more = reallocarray(rules->items, rules->n + 1, sizeof *more);
    if (more == NULL)
        return RIG_ENOMEM;
    rules->items = more;
    rules->items[rules->n++] = *rule;
    return RIG_OK;
}

bool rig_carrier_is_at(const rig_carrier_rule *rule, rig_endpoint at)
{
    return ((at.ip_high ^ rule->ip_high) & mask_of(rule->n_bits, true)) == 0 &&
           ((at.ip_low ^ rule->ip_low) & mask_of(rule->n_bits, false)) == 0 &&
           (rule->port == 0 || rule->port == at.port);
}

static bool fits(const rig_carrier_rule *rule, rig_endpoint from, rig_endpoint to,
                 const rig_sip *sip)
{
    rig_slice pattern = rig_slice_of(rule->pattern);
    switch (rule->kind) {
    case RIG_CARRIER_FROM:
        return rig_carrier_is_at(rule, from);
    case RIG_CARRIER_TO:
        return rig_carrier_is_at(rule, to);
    case RIG_CARRIER_HEADER: {
        rig_slice value = rig_sip_extra_value(sip, rule->header);
        return value.n > 0 && rig_carrier_fits(pattern, value);
    }
    case RIG_CARRIER_CALLED:
        return rig_carrier_fits(pattern, rig_sip_called_user(sip));
    case RIG_CARRIER_CALLER:
        return rig_carrier_fits(pattern, rig_sip_from_user(sip));
    }
    return false;
}

const char *rig_carriers_find(const rig_carrier_rules *rules, rig_endpoint from, rig_endpoint to,
                              const rig_sip *sip)
{
    for (size_t i = 0; i < rules->n; i++) {
        if (fits(&rules->items[i], from, to, sip))
            return rules->items[i].name;
    }
    return NULL;
}

void rig_carriers_clear(rig_carrier_rules *rules)
{
    for (size_t i = 0; i < rules->n; i++) {
        free(rules->items[i].name);
        free(rules->items[i].pattern);
    }
    free(rules->items);
    *rules = (rig_carrier_rules){0};
}
