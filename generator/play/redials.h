/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Redials: who was lost dials again (docs/wire-contract.md, "Redials").
 *
 * Each row of the schedule is a call of a callers' SIPp from the start; a redial's waits without an
 * instant. A thread follows the callers' logs. When a call is over, it tells the caller's next row
 * when to dial, or, where he was not lost, all his further rows that they will not. Before that the
 * agents' SIPp is told how the phones ring and how long the talk lasts in this attempt, for it
 * finds them by the caller's number. A caller who heeds Retry-After dials no sooner than his refusal
 * says; one that asks for longer than target.retry_after_s is heeded so far only, as nobody has
 * planned how long the run lasts then. All go out from the port whose packets the capture leaves out.
 */
#ifndef RIG_GENERATOR_PLAY_REDIALS_H
#define RIG_GENERATOR_PLAY_REDIALS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/slice.h"
#include "core/status.h"
#include "generator/notices.h"
#include "models/schedule.h"
#include "scenarios/scenario.h"

/** Redials under way; opaque. */
typedef struct rig_redials rig_redials;

/** What is needed for them; borrowed until the end. */
typedef struct rig_redials_spec {
    const rig_scenario *scenario;
    const rig_schedule *schedule;
    const rig_notices_spec *to_callers;
    char *const *logs; /**< of the callers' workers, in their order; they exist. Borrowed during
                          rig_redials_start only */
    int64_t start_epoch_ns;
    const rig_sipp_worker *agents;
    int agents_fd; /**< a connection to it */
} rig_redials_spec;

/** What became of them. */
typedef struct rig_redials_counts {
    uint64_t n_told;     /**< calls that were told when to dial */
    uint64_t n_withheld; /**< redials that would have passed limits.max_rate_per_s */
    uint64_t n_failed;   /**< messages that could not be sent */
} rig_redials_counts;

/**
 * Begin, in a thread of its own.
 * @param[out] redials  Owned by the caller: rig_redials_free. Untouched on error.
 * @return RIG_OK; RIG_EENV when a log cannot be watched; RIG_ENOMEM.
 */
rig_status rig_redials_start(const rig_redials_spec *spec, rig_redials **redials, rig_error *err);

/** The row by which the caller of a first row dials, or has dialled last. From any thread.
 * @param redials  NULL: nobody redials. */
size_t rig_redials_row(const rig_redials *redials, size_t first);

/** Whether the call of a redial's row was told when to dial. From any thread. NULL-safe. */
bool rig_redials_is_told(const rig_redials *redials, size_t row);

/** Tell no one any more, and end the thread; what is known stays. NULL-safe. */
rig_redials_counts rig_redials_stop(rig_redials *redials);

/** End and free. NULL-safe. */
void rig_redials_free(rig_redials *redials);

#endif
