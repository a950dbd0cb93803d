/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The registrations of a play: a SIPp that registers the agents' phones before the first call is
 * due, renews that, and takes it away at the end. Where no phone registers all of this does
 * nothing. Private to the play. */
#ifndef RIG_GENERATOR_PLAY_PLAY_REGISTER_H
#define RIG_GENERATOR_PLAY_PLAY_REGISTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/status.h"
#include "generator/route.h"
#include "generator/sipp_log.h"
#include "generator/sipp_worker.h"
#include "scenarios/registration.h"

struct rig_play_run;

/** Zeroed: no phone registers. */
typedef struct rig_play_register {
    const rig_agent_group *group; /**< NULL: none */
    const char *host;             /**< of the registrar, as the user wrote it */
    rig_route route;              /**< to it */
    uint32_t n_phones;
    bool *is_known;   /**< by phone: it is registered */
    int64_t first_ns; /**< when the first registers; CLOCK_MONOTONIC */
    int64_t asked_ns; /**< when they were asked to leave; 0 */
    rig_sipp_worker worker;
    rig_sipp_log *log;
    char failure[400]; /**< why a phone is not registered; "" = none */
} rig_play_register;

/**
 * Find who registers where, and whether that may be sent to.
 * @return RIG_OK; RIG_EINPUT when it is not allowed; RIG_EENV when there is no way; RIG_ENOMEM.
 */
rig_status rig_play_register_prepare(struct rig_play_run *run, rig_error *err);

/** So long before the first call the first phone registers, s of wire time; 0 when none does. */
double rig_play_register_lead_s(const struct rig_play_run *run);

/**
 * Start its SIPp: the phones' port and report->start_epoch_ns are known. Nothing is sent before
 * rig_play_register_lead_s.
 */
rig_status rig_play_register_start(struct rig_play_run *run, rig_error *err);

/**
 * Wait until every phone is registered, or a stop is asked for.
 * @param until_ns  CLOCK_MONOTONIC: who is not registered by then has had no answer.
 * @return RIG_OK; RIG_EENV saying which phone is not, why, and which key to change.
 */
rig_status rig_play_register_await(struct rig_play_run *run, int64_t until_ns, rig_error *err);

/**
 * Look, some times a second: was a renewal refused?
 * @return whether one was: report->trouble says it; there is no use in going on.
 */
bool rig_play_register_watch(struct rig_play_run *run);

/** Ask all phones to take their registrations away. Does not wait. */
void rig_play_register_ask_to_end(struct rig_play_run *run);

/** Wait for that, 3 s at most since they were asked, and end the process in every case. */
void rig_play_register_end(struct rig_play_run *run);

/** Free what it holds. The process has been ended. */
void rig_play_register_clear(rig_play_register *registrations);

#endif
