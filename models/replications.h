/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The replications of one prediction, and the threads of this process that simulate those that it
 * is given. For who deals them out (models/team.h); all calls from the thread of rig_predict. */
#ifndef RIG_MODELS_REPLICATIONS_H
#define RIG_MODELS_REPLICATIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/stop.h"
#include "models/team.h"

/** Most threads of one process. */
#define RIG_MOST_THREADS 256u

/** How one replication is simulated: by threads, each with a worker of its own. */
typedef struct rig_replicate {
    /** @param[out] worker  Of the calling thread. @return RIG_OK or RIG_ENOMEM. */
    rig_status (*begin)(void *ctx, void **worker);
    /** Fill the row of replication r (from 0). */
    rig_status (*simulate)(void *ctx, void *worker, uint32_t r, double *row, rig_error *err);
    void (*end)(void *worker); /**< NULL-safe */
    void *ctx;
} rig_replicate;

/** What is simulated; all borrowed. */
typedef struct rig_replications_input {
    rig_replicate replicate;
    uint32_t n;           /**< replications; >= 1 */
    size_t n_columns;     /**< of a row; >= 1 */
    double *rows;         /**< n rows */
    uint32_t n_threads;   /**< 1 to RIG_MOST_THREADS */
    const char *sign;     /**< with a team: what is simulated; differs where two predictions do */
    const rig_stop *stop; /**< or NULL */
    void (*progress)(void *ctx, uint32_t n_done, uint32_t n_all); /**< or NULL */
    void *progress_ctx;
} rig_replications_input;

/**
 * Simulate all: by the threads of this process, or by a team.
 * @param team  NULL: this process alone.
 * @return RIG_OK: every row is filled; what rig_replicate or the team returned; RIG_ECANCELLED;
 *         RIG_ENOMEM. The message may be empty.
 */
rig_status rig_replications_simulate(const rig_replications_input *input, const rig_team *team,
                                     rig_error *err);

/** What they are of; borrowed. */
const rig_replications_input *rig_replications_of(const rig_replications *replications);

/** The rows of the replications from `first` on. */
double *rig_replications_rows(const rig_replications *replications, uint32_t first);

/** Have replications first .. first + n - 1 simulated by the threads of this process. None is
 * given twice. */
void rig_replications_give(rig_replications *replications, uint32_t first, uint32_t n);

/** Are these, which were given, all simulated? */
bool rig_replications_are_done(rig_replications *replications, uint32_t first, uint32_t n);

/**
 * Wait until more replications are done in this process than were, or a thread has failed, or the
 * time is over, or stop is set.
 * @param[in,out] n_done  Those that were done; those that are.
 * @return RIG_OK, or the first error of a thread; RIG_ECANCELLED.
 */
rig_status rig_replications_wait(rig_replications *replications, double timeout_s, uint32_t *n_done,
                                 rig_error *err);

/** Tell the progress: of all replications, wherever they were simulated. */
void rig_replications_progress(const rig_replications *replications, uint32_t n_done);

#endif
