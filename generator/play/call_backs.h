/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Phones of callers who are called back: one SIPp answers for all of them (docs/wire-contract.md,
 * "Call backs"). A play is not over before every promise is kept, or broken by its last attempt, or
 * nothing has come for so long that nothing will. Private to the play. Where nobody is called back
 * all of this does nothing. */
#ifndef RIG_GENERATOR_PLAY_CALL_BACKS_H
#define RIG_GENERATOR_PLAY_CALL_BACKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/slice.h"
#include "core/status.h"
#include "generator/sipp_log.h"
#include "generator/sipp_worker.h"

struct rig_play_run;

/** Zeroed: nobody is called back. */
typedef struct rig_play_call_backs {
    bool is_used;
    rig_sipp_worker worker;
    rig_sipp_log *log;
    struct rig_play_promise *promises; /**< of each first call */
    size_t n_open;     /**< calls with some left */
    int64_t last_ns;   /**< CLOCK_MONOTONIC: when a promise was made or an attempt was over */
    double patience_s; /**< no attempt takes so long, s of wire time */
} rig_play_call_backs;

/** How long callers may still be called back when their own calls are over, s of wire time: more
 * than a centre needs that does what the scenario says. 0 where nobody is. */
double rig_play_call_backs_last_s(const struct rig_play_run *run);

/** Start its SIPp. @return as rig_sipp_worker_start. */
rig_status rig_play_call_backs_start(struct rig_play_run *run, rig_error *err);

/** A caller has been told not to wait. @param row  Of his call. */
void rig_play_call_backs_note_promise(struct rig_play_run *run, size_t row);

/** Read what its SIPp has logged. @return as rig_sipp_log_read. */
rig_status rig_play_call_backs_read(struct rig_play_run *run, rig_error *err);

/** Whether no call back is to come, or none will. */
bool rig_play_call_backs_are_over(const struct rig_play_run *run);

/** Free what it holds. The process has been ended. */
void rig_play_call_backs_clear(rig_play_call_backs *backs);

#endif
