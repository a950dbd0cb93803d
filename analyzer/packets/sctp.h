/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SCTP user messages (RFC 9260), in DATA and in I-DATA chunks (RFC 8260). Inside the packets room
 * only.
 *
 * A message in one DATA chunk goes through without being held. Fragments of one are held by
 * association and put together in the order of their TSNs. An association is known by its ports and
 * verification tag, as a multi-homed host may send from any of its addresses. */
#ifndef RIG_ANALYZER_PACKETS_SCTP_H
#define RIG_ANALYZER_PACKETS_SCTP_H

#include <stdint.h>

#include "analyzer/packets/decode.h"

/** All associations of which fragments are held; opaque. */
typedef struct rig_sctp rig_sctp;

/** @param counts Borrowed; its fields of SCTP are counted up. @return NULL: out of memory. */
rig_sctp *rig_sctp_new(rig_decoder_counts *counts);

/** Forget all and free. NULL-safe. */
void rig_sctp_free(rig_sctp *sctp);

/** Forget the fragments of associations that had none for 30 s. @param now_ns INT64_MAX: of all. */
void rig_sctp_expire(rig_sctp *sctp, int64_t now_ns);

/** When rig_sctp_expire has next something to do; INT64_MAX when nothing is held. */
int64_t rig_sctp_due_ns(const rig_sctp *sctp);

#endif
