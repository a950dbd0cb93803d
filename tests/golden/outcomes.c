/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/golden/outcomes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/loss_bounds.h"
#include "core/tally.h"

/* Where the messages that were lost are all that would have shown that the centre marks its queue, the
 * calls are said to be not classified: no loss is told of them. */
static bool is_left_open(const rig_call *call, const rig_capture_counts *counts)
{
    return call != NULL && call->outcome == RIG_OUTCOME_UNCLASSIFIED && !counts->has_queue_marks &&
           rig_capture_n_open(counts) > 0;
}

/* A call of the same Call-ID; those of one Call-ID in their order. */
static const rig_call *find(const rig_calls *calls, const rig_calls *all, size_t at)
{
    size_t n_before = 0;
    for (size_t i = 0; i < at; i++)
        n_before += strcmp(all->items[i].call_id, all->items[at].call_id) == 0;
    for (size_t i = 0; i < calls->n; i++) {
        if (strcmp(calls->items[i].call_id, all->items[at].call_id) == 0 && n_before-- == 0)
            return &calls->items[i];
    }
    return NULL;
}

static rig_tally tally_of(const rig_calls *calls)
{
    rig_tally tally = {0};
    for (size_t i = 0; i < calls->n; i++)
        rig_tally_add(&tally, calls->items[i].outcome, rig_call_stage(&calls->items[i]));
    return tally;
}

/* Whether the true losses lie in what the calls that are not certain leave room for. */
static bool are_in_bounds(const rig_calls *got, const rig_calls *truth, uint64_t n_uncertain)
{
    const rig_tally have = tally_of(got), want = tally_of(truth);
    bool is_in = true;
    for (int s = 0; s < RIG_N_STAGES; s++) {
        const double p = rig_tally_p_lost_per_entrant(&want, (rig_stage)s);
        const rig_loss_bounds b = rig_loss_bounds_of(&have, (rig_stage)s, n_uncertain);
        is_in = is_in && p >= b.low - 1e-12 && p <= b.high + 1e-12;
    }
    return is_in;
}

bool outcomes_hold(const char *what, const rig_calls *got, const rig_calls *truth,
                   const rig_capture_counts *counts)
{
    const uint64_t n_uncertain =
        rig_capture_n_open(counts) + rig_capture_n_open_by_clocks(counts);
    uint64_t n_other = 0;
    for (size_t i = 0; i < truth->n; i++) {
        const rig_call *call = find(got, truth, i);
        const bool is_other = (call == NULL || call->outcome != truth->items[i].outcome) &&
                              !is_left_open(call, counts);
        n_other += is_other;
        if (is_other && getenv("OUTCOMES_VERBOSE") != NULL)
            fprintf(stderr, "   %s: %s: %s (%s); was %s (%s)\n", what, truth->items[i].call_id,
                    call ? rig_outcome_name(call->outcome) : "-", call ? call->reason : "",
                    rig_outcome_name(truth->items[i].outcome), truth->items[i].reason);
    }
    /* A leg that is counted as a call makes one too many, and its own call another one. */
    const uint64_t n_more = got->n > truth->n ? got->n - truth->n : 0;
    if ((n_other == 0 && n_more == 0) || (n_other <= n_uncertain && n_more <= n_uncertain &&
                                          are_in_bounds(got, truth, n_uncertain)))
        return true;
    fprintf(stderr, "%s: %llu of %zu calls end otherwise, %llu are too many, %llu are uncertain\n",
            what, (unsigned long long)n_other, truth->n, (unsigned long long)n_more,
            (unsigned long long)n_uncertain);
    return false;
}
