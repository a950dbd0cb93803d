/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who called whom: what goes with a call beside its record, for those who ask for it
 * (rig_analyzer_options.with_parties). */
#ifndef RIG_ANALYZER_PARTIES_H
#define RIG_ANALYZER_PARTIES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analyzer/message.h"

/** An agent's leg: one ring of one phone. Instants are ns since the epoch, RIG_NO_TIME where the
 * event was not seen. */
typedef struct rig_agent_ring {
    rig_endpoint at;     /**< where its INVITE was sent: the phone, or the proxy before it */
    const char *agent;   /**< user part of the Request-URI of its INVITE; "" where there is none */
    int64_t t_ring_ns;   /**< the phone begins to ring: INVITE, or 18x where the rules say so */
    int64_t t_answer_ns; /**< its 2xx, where it was the agent's answer of the call (one that crossed
                              a CANCEL is none) */
    int64_t t_end_ns;    /**< refusal, CANCEL or BYE of this leg */
    int final_code;      /**< final response to its INVITE; 0: none */
} rig_agent_ring;

/** Those who had to do with a call. Borrowed with the call that it belongs to. */
typedef struct rig_call_parties {
    rig_endpoint caller; /**< where the first INVITE came from */
    rig_endpoint centre; /**< where it went to, on its first hop */
    const char *number;  /**< user part of its From; "" where there is none */
    const char *called;  /**< user part of its Request-URI; "" where there is none */
    const char *carrier; /**< by the rules (docs/rules.md, Carriers); NULL: none fits, or there are
                              no such rules. Lives as long as the rules */
    bool has_carriers;   /**< there are such rules */
    bool has_classes;    /**< there are rules for classes of callers: rig_call.caller_class */
    const rig_agent_ring *rings; /**< n_rings of them, in the order in which they began */
    size_t n_rings;
} rig_call_parties;

/**
 * The ring of the agent who served, or rang last.
 * @return NULL where no agent's leg was captured.
 */
const rig_agent_ring *rig_parties_agent(const rig_call_parties *parties);

/** Room for an address as text, its NUL included. */
#define RIG_ADDRESS_TEXT_SIZE 64

/** "192.0.2.1", "2001:db8::1". */
void rig_endpoint_host(rig_endpoint at, char text[RIG_ADDRESS_TEXT_SIZE]);

/** "192.0.2.1:5060", "[2001:db8::1]:5060". */
void rig_endpoint_text(rig_endpoint at, char text[RIG_ADDRESS_TEXT_SIZE]);

/** An address as text, IPv4 or IPv6, and a port. @return whether it is one. */
bool rig_endpoint_of_text(const char *host, uint16_t port, rig_endpoint *endpoint);

/** An agent's name: the user part of his leg's Request-URI, or else its address with the port. */
void rig_parties_agent_text(const rig_agent_ring *ring, char *text, size_t size);

/** The name of who served, or rang last; "" for nobody. @param parties  NULL: not known. */
void rig_parties_agent_name(const rig_call_parties *parties, char *name, size_t size);

#endif
