/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What findings do to single calls: seen late, lost, cut. */
#include <math.h>
#include <stdlib.h>

#include "core/random.h"
#include "scenarios/registration.h"
#include "verdict/diagnosis/refit_impl.h"

/* The centre's own choices among calls: beside the embedded centre's draws. */
enum { DRAW_WHETHER = 1000, DRAW_WHICH };

static double draw(const rig_refit *r, size_t index, uint32_t sub)
{
    return rig_random_uniform(r->scenario.seed, RIG_CAUSE_TARGET, index, 0, sub);
}

static size_t index_of(const rig_refit *r, const rig_call *call)
{
    return call->planned_index >= 0 && (size_t)call->planned_index < r->schedule.n
               ? (size_t)call->planned_index
               : SIZE_MAX;
}

static double between_s(const rig_refit *r, int64_t from_ns, int64_t to_ns)
{
    if (from_ns == RIG_NO_TIME || to_ns == RIG_NO_TIME)
        return (double)NAN;
    return rig_clock_s_of_ns(to_ns - from_ns) * r->scenario.time_scale;
}

static void lose(rig_refit *r, size_t i)
{
    if (isnan(r->arrival_s[i]))
        return;
    const double end_s = r->base->how->end_s;
    r->n_lost_trunk += !(end_s > 0.0) || r->arrival_s[i] <= end_s;
    r->arrival_s[i] = (double)NAN;
}

void rig_refit_lose_touched(rig_refit *r, const rig_finding *f)
{
    for (size_t k = 0; k < f->n_touched; k++) {
        const size_t i = index_of(r, f->touched[k]);
        if (i != SIZE_MAX)
            lose(r, i);
    }
}

/* The first response; RIG_NO_TIME: none. */
static int64_t response_ns(const rig_call *call)
{
    const int64_t final_ns = call->final_code >= 300 ? call->t_end_ns : call->t_answer_ns;
    if (call->t_provisional_ns == RIG_NO_TIME)
        return call->final_code > 0 ? final_ns : RIG_NO_TIME;
    return call->t_provisional_ns;
}

rig_status rig_refit_silence(rig_refit *r, const rig_finding *f)
{
    for (size_t k = 0; k < f->n_touched; k++) {
        const rig_call *call = f->touched[k];
        const size_t i = index_of(r, call);
        if (i == SIZE_MAX)
            continue;
        const double late_s = between_s(r, call->t_invite_ns, response_ns(call));
        if (isnan(late_s)) {
            lose(r, i);
            continue;
        }
        rig_planned_call *planned = &r->schedule.calls[i];
        r->arrival_s[i] += late_s;
        planned->patience_answer_s = fmax(0.0, planned->patience_answer_s - late_s);
    }
    if (!f->is_restart || !(f->to_s > f->from_s))
        return RIG_OK;
    rig_fault *faults = reallocarray(r->faults, r->scenario.n_faults + 1, sizeof *faults);
    if (faults == NULL)
        return RIG_ENOMEM;
    faults[r->scenario.n_faults++] = (rig_fault){.kind = RIG_FAULT_CENTRE,
                                                 .at_s = f->from_s,
                                                 .for_s = f->to_s - f->from_s,
                                                 .cuts_calls = true};
    r->scenario.faults = r->faults = faults;
    return RIG_OK;
}

void rig_refit_slow_down(rig_refit *r, double by_s)
{
    const double end_s = r->base->how->end_s;
    for (size_t i = 0; i < r->schedule.n; i++) {
        rig_planned_call *call = &r->schedule.calls[i];
        r->n_unseen += end_s > 0.0 && r->arrival_s[i] <= end_s && r->arrival_s[i] + by_s > end_s;
        r->arrival_s[i] += by_s;
        call->patience_answer_s = fmax(0.0, call->patience_answer_s - by_s);
    }
}

static double waited_s(const rig_refit *r, const rig_call *call)
{
    const int64_t left_ns =
        call->t_agent_ring_ns != RIG_NO_TIME ? call->t_agent_ring_ns : call->t_end_ns;
    return between_s(r, call->t_queue_ns, left_ns);
}

static double talked_s(const rig_refit *r, const rig_call *call)
{
    return between_s(r, call->t_agent_answer_ns, call->t_end_ns);
}

/* Calls that the centre cut after a time in some state, and calls that may have been. */
typedef struct cutting {
    double (*time_s)(const rig_refit *, const rig_call *); /* in that state; NAN: never in it */
    double *limit_of_planned;                              /* (of the first call's plan) */
    size_t stride;
} cutting;

static double *limit_of(const cutting *c, size_t i)
{
    return (double *)(void *)((char *)c->limit_of_planned + i * c->stride);
}

/* The touched calls end as they did. One that was in that state for longer than those, and is not
 * touched, was spared. Of the others as many are cut as of these, after the times of the touched.
 */
static rig_status cut(rig_refit *r, const rig_finding *f, const cutting *c)
{
    double *cut_s = malloc((f->n_touched + 1) * sizeof *cut_s);
    bool *is_known = calloc(r->schedule.n + 1, sizeof *is_known);
    size_t n = 0, n_spared = 0;
    double longest_s = 0.0;
    rig_status status = RIG_ENOMEM;
    if (cut_s == NULL || is_known == NULL)
        goto out;
    for (size_t k = 0; k < f->n_touched; k++) {
        const double time_s = c->time_s(r, f->touched[k]);
        const size_t i = index_of(r, f->touched[k]);
        if (i == SIZE_MAX || isnan(time_s))
            continue;
        cut_s[n++] = time_s;
        longest_s = fmax(longest_s, time_s);
        is_known[i] = true;
        *limit_of(c, i) = fmin(*limit_of(c, i), time_s);
    }
    for (size_t i = 0; i < r->schedule.n; i++) {
        const rig_call *call = r->base->observed[i];
        const double time_s = call != NULL ? c->time_s(r, call) : (double)NAN;
        if (!is_known[i] && time_s > longest_s) {
            n_spared++;
            is_known[i] = true;
        }
    }
    const double share = n > 0 ? (double)n / (double)(n + n_spared) : 0.0;
    for (size_t i = 0; i < r->schedule.n && n > 0; i++) {
        if (!is_known[i] && draw(r, i, DRAW_WHETHER) < share)
            *limit_of(c, i) =
                fmin(*limit_of(c, i), cut_s[(size_t)(draw(r, i, DRAW_WHICH) * (double)n)]);
    }
    status = RIG_OK;
out:
    free(cut_s);
    free(is_known);
    return status;
}

rig_status rig_refit_cut_waiting(rig_refit *r, const rig_finding *f)
{
    const cutting waits = {waited_s, &r->schedule.calls[0].patience_queue_s,
                           sizeof r->schedule.calls[0]};
    return cut(r, f, &waits);
}

/* Talks that are groups' become the calls': each as long as with the agents who answered it. (Of one
 * that nobody answered, or whose agent is not known, as with the first ones.) */
static void take_talks_of_groups(rig_refit *r)
{
    for (size_t i = 0; i < r->schedule.n; i++) {
        const rig_call *call = r->base->observed[i];
        const rig_agent_group *group =
            call != NULL ? rig_scenario_group_of_call(&r->scenario, call) : r->scenario.agents;
        r->schedule.calls[i].talk_s = rig_schedule_talk_s(
            &r->schedule, &r->scenario, i, (uint32_t)(group - r->scenario.agents));
    }
    for (size_t g = 0; g < r->scenario.n_agents; g++)
        r->agents[g].talk = (rig_dist){.mean_s = 0.0}; /* what it owns is the base's */
}

rig_status rig_refit_cut_talks(rig_refit *r, const rig_finding *f)
{
    take_talks_of_groups(r);
    const cutting talks = {talked_s, &r->schedule.calls[0].talk_s, sizeof r->schedule.calls[0]};
    r->p_dropped = 1.0 - (1.0 - r->p_dropped) * (1.0 - f->estimate);
    return cut(r, f, &talks);
}
