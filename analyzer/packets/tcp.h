/* SPDX-License-Identifier: GPL-3.0-or-later */
/* TCP connections (RFC 9293). Inside the packets room only. */
#ifndef RIG_ANALYZER_PACKETS_TCP_H
#define RIG_ANALYZER_PACKETS_TCP_H

#include <stdint.h>

#include "analyzer/packets/decode.h"

/** All connections; opaque. */
typedef struct rig_tcp rig_tcp;

/** rig_packet.stream of a connection between two ends, whichever sends. Never 0. */
uint64_t rig_tcp_key(rig_endpoint a, rig_endpoint b);

/** @param counts Borrowed; its fields of streams are counted up. @return NULL: out of memory. */
rig_tcp *rig_tcp_new(rig_decoder_counts *counts);

/** Forget all and free. NULL-safe. */
void rig_tcp_free(rig_tcp *tcp);

/**
 * Go on behind gaps that have waited 3 s, and forget connections that were silent for 300 s,
 * passing on what they still hold.
 * @param now_ns  INT64_MAX: all gaps and all connections.
 */
void rig_tcp_expire(rig_tcp *tcp, rig_decode *d, int64_t now_ns);

/** When rig_tcp_expire has next something to do; INT64_MAX when there is no connection. */
int64_t rig_tcp_due_ns(const rig_tcp *tcp);

#endif
