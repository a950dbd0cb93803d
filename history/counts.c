/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "history/counts.h"

#include <stdlib.h>
#include <string.h>

#include "core/language.h"

const char *rig_history_end_name(size_t end)
{
    static const char *const names[RIG_HISTORY_N_ENDS] = {"PASS", "FAIL", "INCONCLUSIVE", "INVALID",
                                                          N_("not judged")};
    return names[end];
}

static size_t end_of(const rig_history_run *run)
{
    size_t end = 0;
    while (end < RIG_HISTORY_N_ENDS - 1 &&
           strcmp(run->texts[RIG_HISTORY_JUDGEMENT], rig_history_end_name(end)) != 0)
        end++;
    return end;
}

rig_status rig_history_count_by(const rig_history_runs *runs, rig_history_by by,
                                rig_history_ends **counts, size_t *n)
{
    rig_history_ends *made = calloc(runs->n + 1, sizeof *made);
    size_t n_made = 0;
    if (made == NULL)
        return RIG_ENOMEM;
    for (size_t i = 0; i < runs->n; i++) {
        const rig_history_run *run = runs->items[i];
        const int64_t start_ms = rig_history_by_start(by, run->counts[RIG_HISTORY_START_MS]);
        if (n_made == 0 || by == RIG_HISTORY_BY_RUN || made[n_made - 1].start_ms != start_ms)
            made[n_made++].start_ms = start_ms;
        made[n_made - 1].n++;
        made[n_made - 1].n_end[end_of(run)]++;
    }
    *counts = made;
    *n = n_made;
    return RIG_OK;
}
