/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How many runs there were, and how they ended: by day, week or month. */
#ifndef RIG_HISTORY_COUNTS_H
#define RIG_HISTORY_COUNTS_H

#include "history/run.h"
#include "history/when.h"

/** Verdicts, and what is none: a run that was not judged, or whose verdict is of another version.
 */
enum { RIG_HISTORY_N_ENDS = 5 };

/** The runs of one day, week or month. */
typedef struct rig_history_ends {
    int64_t start_ms;                 /**< its first instant */
    size_t n;                         /**< runs */
    size_t n_end[RIG_HISTORY_N_ENDS]; /**< of these, in the order of rig_history_end_name */
} rig_history_ends;

/** "PASS", "FAIL", "INCONCLUSIVE", "INVALID", "not judged"; static. */
const char *rig_history_end_name(size_t end);

/**
 * Count.
 * @param runs  Earliest first.
 * @param[out] counts  Heap, the caller frees; earliest first, none for times without runs.
 * @param[out] n       Of them.
 * @return RIG_OK or RIG_ENOMEM.
 */
rig_status rig_history_count_by(const rig_history_runs *runs, rig_history_by by,
                                rig_history_ends **counts, size_t *n);

#endif
