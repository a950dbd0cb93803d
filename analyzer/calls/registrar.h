/* SPDX-License-Identifier: GPL-3.0-or-later */
/* REGISTER transactions of a capture, put together to attempts (analyzer/registration.h). Internal
 * to the room.
 *
 * An attempt is found by its Call-ID (64 bits of its hash). Its request is known by CSeq and branch
 * of the topmost Via, so that what a proxy passes on (same CSeq, another branch) and what is sent
 * again (same branch) are no further requests, and responses count where the first hop was seen.
 *
 * Memory: RIG_REGISTRAR_MAX attempts at one time, some 100 bytes each; one is kept for
 * RIG_REGISTRATION_TIMEOUT_NS after its last change, then forgotten. Beyond, and beyond
 * RIG_REGISTRAR_MAX_BUCKET in one bucket of the table, new ones are passed over and counted. */
#ifndef RIG_ANALYZER_CALLS_REGISTRAR_H
#define RIG_ANALYZER_CALLS_REGISTRAR_H

#include "analyzer/message.h"
#include "analyzer/registration.h"
#include "analyzer/sip.h"

/** Attempts that are followed at one time, unless told otherwise. */
#define RIG_REGISTRAR_MAX 262144
/** Attempts in one bucket of the table: made-up Call-IDs cannot make it slow. */
#define RIG_REGISTRAR_MAX_BUCKET 64

/** The attempts that are followed; opaque. */
typedef struct rig_registrar rig_registrar;

/**
 * @param sink            Copied; its `take` is not NULL.
 * @param max             Attempts at one time; 0: RIG_REGISTRAR_MAX.
 * @param[out] registrar  Owned by the caller.
 * @return RIG_OK or RIG_ENOMEM.
 */
rig_status rig_registrar_new(const rig_registration_sink *sink, size_t max,
                             rig_registrar **registrar, rig_error *err);

/** NULL-safe. Attempts that are not over are not told of. */
void rig_registrar_free(rig_registrar *registrar);

/**
 * Follow a REGISTER or a response to one.
 * @param t_now_ns  The latest instant of the capture so far.
 * @return RIG_OK or RIG_ENOMEM (then the message is lost).
 */
rig_status rig_registrar_take(rig_registrar *registrar, const rig_sip *sip,
                              const rig_packet *packet, int64_t t_now_ns, rig_error *err);

/** The capture is over: tell of all attempts that are left. */
void rig_registrar_finish(rig_registrar *registrar, int64_t t_last_ns);

/** REGISTERs that were passed over for want of room. */
uint64_t rig_registrar_n_not_followed(const rig_registrar *registrar);

#endif
