/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Telling callers what only the agents' phones know.
 *
 * Some centres do not say on the caller's leg that an agent's phone rings or has answered
 * (target.marks quiet, early). The phones are ours, so peakrig knows. Their worker logs a line at
 * each event; a thread follows that log and sends the caller's worker a request X-TELL-SECRET with
 * the Call-ID of the caller's call. SIPp hands any message with a known Call-ID to its call,
 * whoever sent it. So the caller stops waiting within a millisecond or two, and no packet goes to
 * the target. The capture leaves these requests out. */
#ifndef RIG_GENERATOR_NOTICES_H
#define RIG_GENERATOR_NOTICES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/status.h"
#include "generator/play/deal.h"
#include "generator/sipp_worker.h"
#include "models/schedule.h"

/** A running teller; opaque. */
typedef struct rig_notices rig_notices;

struct rig_redials;

/** What is told, to whom. */
typedef struct rig_notices_spec {
    const char *agents_log;         /**< exists; followed from its beginning */
    const rig_schedule *schedule;   /**< borrowed until the end */
    const rig_sipp_worker *callers; /**< n_callers running ones; borrowed */
    size_t n_callers;
    const rig_deal *deal;              /**< who plays which call; borrowed */
    bool with_talk;                    /**< also tell that the agent has answered */
    const struct rig_redials *redials; /**< who dials by which row now; NULL: nobody redials */
    const char *method;                /**< from rig_sipp_tell_method; borrowed */
    const rig_secret *secret;          /**< of the run; borrowed */
    const int *fds;                    /**< connections to them, n_callers; borrowed */
    uint16_t own_port;                 /**< from which all is sent */
} rig_notices_spec;

/** What a call that waits without an instant is told. */
typedef enum rig_notice_kind {
    RIG_NOTICE_DUE = 0, /**< when to dial: an instant, epoch ms */
    RIG_NOTICE_OVER     /**< that it will not */
} rig_notice_kind;

/** What has been told. */
typedef struct rig_notices_counts {
    uint64_t n_told;
    uint64_t n_failed; /**< not sent, or the phone's caller is nobody of the schedule */
} rig_notices_counts;

/**
 * Wake one call, so that it looks whether it shall stop (rig_sipp_worker_ask_to_stop).
 * @param index     Of the schedule.
 * @param n_sent    A number that differs each time.
 * @return whether it was sent.
 */
bool rig_notices_wake(const rig_notices_spec *spec, size_t index, uint64_t n_sent);

/**
 * Tell a redial's call, which waits without an instant.
 * @param index  Of the schedule. @param text  The instant; "" = none. @param n_sent  As above.
 * @return whether it was sent.
 */
bool rig_notices_tell(const rig_notices_spec *spec, size_t index, rig_notice_kind kind,
                      const char *text, uint64_t n_sent);

/**
 * Tell the agents' phones of a caller's next attempt.
 * @param agents  Their worker. @param fd  A connection to it.
 * @param row  His row in the place of the one that agents.csv has. @param n_sent  As above.
 * @return whether it was sent.
 */
bool rig_notices_tell_phones(const rig_notices_spec *spec, const rig_sipp_worker *agents, int fd,
                             const char *row, uint64_t n_sent);

/**
 * Begin, in a thread of its own.
 * @param[out] tells  Owned by the caller: rig_notices_stop. Untouched on error.
 * @return RIG_OK; RIG_EENV when the log cannot be watched; RIG_ENOMEM.
 */
rig_status rig_notices_start(const rig_notices_spec *spec, rig_notices **tells, rig_error *err);

/** End and free. NULL-safe. @return what has been told. */
rig_notices_counts rig_notices_stop(rig_notices *tells);

#endif
