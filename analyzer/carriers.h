/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which carrier a call came by: rules on its first INVITE. Internal to the room; the keys are in
 * docs/rules.md. */
#ifndef RIG_ANALYZER_CARRIERS_H
#define RIG_ANALYZER_CARRIERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analyzer/message.h"
#include "analyzer/sip.h"
#include "core/status.h"

/** Most rules. */
#define RIG_MAX_CARRIER_RULES 256
/** Longest name of a carrier, and longest pattern. */
#define RIG_CARRIER_MAX_TEXT 128

/** What a rule looks at. */
typedef enum rig_carrier_kind {
    RIG_CARRIER_FROM = 0, /**< the address that the first INVITE came from */
    RIG_CARRIER_HEADER,   /**< a header of that INVITE */
    RIG_CARRIER_CALLED,   /**< the user part of its Request-URI */
    RIG_CARRIER_CALLER,   /**< the user part of its From */
    RIG_CARRIER_TO        /**< the address, and perhaps the port, that it went to */
} rig_carrier_kind;

/** A rule. */
typedef struct rig_carrier_rule {
    char *name; /**< of the carrier; owned */
    rig_carrier_kind kind;
    uint64_t ip_high, ip_low; /**< of RIG_CARRIER_FROM and _TO, IPv4 as IPv4-mapped .. */
    unsigned n_bits;          /**< .. of which so many count, 0 to 128 */
    uint16_t port;            /**< of RIG_CARRIER_TO; 0: any */
    unsigned header;          /**< index of rig_sip_want */
    char *pattern;            /**< of the others; owned; "*" stands for any bytes */
} rig_carrier_rule;

/** The rules, tried in this order. All zero: none. */
typedef struct rig_carrier_rules {
    rig_carrier_rule *items; /**< n of them; owned */
    size_t n;
} rig_carrier_rules;

/**
 * Read an address with the number of its bits that count: "10.0.0.0/24", "2001:db8::/32",
 * "192.0.2.7".
 * @param[out] rule  ip_high, ip_low and n_bits; untouched unless true is returned.
 * @return false for what is none, too many bits, or bits set behind those that count.
 */
bool rig_carrier_read_network(const char *text, rig_carrier_rule *rule);

/**
 * The same with a port behind it, or without: "192.0.2.7:5060", "[2001:db8::1]:5060".
 * @param[out] rule  ip_high, ip_low, n_bits and port; untouched unless true is returned.
 */
bool rig_carrier_read_end(const char *text, rig_carrier_rule *rule);

/** Whether an address is the one that was read, or of that network. */
bool rig_carrier_is_at(const rig_carrier_rule *rule, rig_endpoint at);

/** Whether a text fits a pattern: "*" stands for any bytes; without regard to ASCII case. */
bool rig_carrier_fits(rig_slice pattern, rig_slice text);

/**
 * Add a rule.
 * @param rule  Its texts become the rules' own when RIG_OK is returned.
 * @return RIG_OK; RIG_EDOM when there are RIG_MAX_CARRIER_RULES; RIG_ENOMEM.
 */
rig_status rig_carriers_add(rig_carrier_rules *rules, const rig_carrier_rule *rule);

/**
 * The carrier of a call: that of the first rule that fits.
 * @param from  Source of its first INVITE, and
 * @param to    where that went to.
 * @param sip   That INVITE.
 * @return NULL: none fits.
 */
const char *rig_carriers_find(const rig_carrier_rules *rules, rig_endpoint from, rig_endpoint to,
                              const rig_sip *sip);

/** Free the rules' texts. */
void rig_carriers_clear(rig_carrier_rules *rules);

#endif
