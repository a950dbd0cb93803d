/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The emergency script: were the agents told to be brief when enough calls waited?
 *
 * The script goes on and off by the length of the queue, which is on the wire: so at the beginning
 * of each talk it is known whether it should have been on, but for talks that begin within a grain
 * of a change. */
#include <math.h>
#include <stdlib.h>

#include "verdict/diagnosis/findings.h"

/* The queue grows or shrinks by one, or a talk begins. */
typedef struct turn {
    double at_s;
    int by; /* 0: a talk */
    const rig_timed_call *call;
} turn;

/* Of one instant: who leaves the queue, who enters it, who talks. */
static int order_of(int by)
{
    return by < 0 ? 0 : by > 0 ? 1 : 2;
}

static int by_instant(const void *a, const void *b)
{
    const turn *x = a, *y = b;
    if (x->at_s < y->at_s || x->at_s > y->at_s)
        return x->at_s < y->at_s ? -1 : 1;
    return order_of(x->by) - order_of(y->by);
}

static size_t make_turns(const rig_timeline *timeline, turn *turns)
{
    size_t n = 0;
    for (size_t i = 0; i < timeline->n; i++) {
        const rig_timed_call *t = &timeline->calls[i];
        if (!isnan(t->queue_s)) {
            turns[n++] = (turn){t->queue_s, 1, t};
            turns[n++] = (turn){rig_timed_call_left_queue_s(t), -1, t};
        }
        if (!isnan(t->talk_s))
            turns[n++] = (turn){t->talk_s, 0, t};
    }
    qsort(turns, n, sizeof *turns, by_instant);
    return n;
}

/* Talks that should have been kept short, and of these those that were not. */
typedef struct talks {
    size_t n_due, n_not_told;
} talks;

static void count(const rig_emergency *said, const turn *turns, size_t n, double grain_s,
                  talks *of)
{
    double changed_s = -INFINITY;
    int64_t n_waiting = 0;
    bool is_on = false;
    for (size_t i = 0; i < n; i++) {
        const bool was_on = is_on;
        n_waiting += turns[i].by;
        if (n_waiting > (int64_t)said->queue_above)
            is_on = true;
        else if (n_waiting <= (int64_t)said->queue_below)
            is_on = false;
        if (is_on != was_on)
            changed_s = turns[i].at_s;
        if (turns[i].by != 0 || !is_on || turns[i].at_s - changed_s <= grain_s)
            continue;
        of->n_due++;
        of->n_not_told += !turns[i].call->call->is_emergency;
    }
}

void rig_diagnose_emergency(const rig_diagnosis_input *input, const rig_timeline *timeline,
                            rig_findings *findings)
{
    talks of = {0};
    if (!rig_scenario_has_emergency(input->scenario))
        return;
    turn *turns = calloc(3 * timeline->n + 1, sizeof *turns);
    if (turns == NULL) {
        findings->status = RIG_ENOMEM;
        return;
    }
    const size_t n = make_turns(timeline, turns);
    count(&input->scenario->emergency, turns, n, timeline->grain_s, &of);
    free(turns);
    if (of.n_not_told <= RIG_FINDING_FEW)
        return;
    const rig_finding f = rig_findings_of_share(RIG_FINDING_EMERGENCY, RIG_STAGE_QUEUE,
                                                of.n_not_told, of.n_due, timeline->last_s);
    rig_findings_add(findings, &f,
                     "%zu of %zu talks that began while the queue was long were not kept short "
                     "(emergency)",
                     of.n_not_told, of.n_due);
}
