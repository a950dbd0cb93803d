/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Do agents stay busy for another time than the scenario says: after a caller who left them, after
 * a talk? */
#include <math.h>
#include <stdlib.h>

#include "verdict/diagnosis/busy.h"
#include "verdict/diagnosis/findings.h"

/* Times are tried coarsely, then finely around the best. */
#define N_STEPS 64

/* Wrap-ups up to so many times the expected one, or so long, are tried. */
#define MOST_WRAP_UP_FACTOR 4.0
#define MOST_WRAP_UP_S      30.0

/* One search: which of the rule's two times is varied. */
typedef struct search {
    const rig_agent_group *group;
    const rig_timeline *timeline;
    rig_probe *probes;
    bool is_stuck; /* else the wrap-up */
    rig_status status;
} search;

static uint64_t against(search *s, double time_s)
{
    rig_busy_rule rule = rig_busy_expected(s->group);
    size_t n = 0;
    *(s->is_stuck ? &rule.stuck_s : &rule.wrap_up_s) = time_s;
    if (s->status == RIG_OK)
        s->status = rig_busy_probe(s->group, s->timeline, &rule, s->probes, &n);
    return s->status == RIG_OK ? rig_capacity_count_against(s->probes, n, s->group->n_agents) : 0;
}

/* The least contradicted of the times from + k * step, k = 0..n - 1. */
static double best_of(search *s, double from_s, double step_s, size_t n, uint64_t *n_against)
{
    double best_s = from_s;
    for (size_t k = 0; k < n; k++) {
        const double time_s = fmax(0.0, from_s + (double)k * step_s);
        const uint64_t found = against(s, time_s);
        if (k == 0 || found < *n_against) {
            *n_against = found;
            best_s = time_s;
        }
    }
    return best_s;
}

/* One end of the interval: as far as the times are contradicted hardly more often. */
static double end_of(search *s, double best_s, double step_s, uint64_t tolerated)
{
    double end_s = best_s;
    for (size_t k = 0; k < N_STEPS && end_s + step_s > 0.0; k++) {
        end_s += step_s; /* the first that is contradicted belongs to it, as grids are coarse */
        if (against(s, end_s) > tolerated)
            break;
    }
    return end_s;
}

/* A time that differs by less than this, wire time, is the machine's reaction. */
#define REACTION_WIRE_S 0.05

/* What was found. */
typedef struct found {
    double best_s, low_s, high_s;
    uint64_t n_against;
} found;

static found look_for(search *s, double most_s, size_t n_probes)
{
    const double coarse_s = most_s / N_STEPS, fine_s = 2.0 * coarse_s / N_STEPS;
    found f = {0};
    f.best_s = best_of(s, s->is_stuck ? coarse_s : 0.0, coarse_s, N_STEPS, &f.n_against);
    f.best_s = best_of(s, f.best_s - coarse_s, fine_s, N_STEPS + 1, &f.n_against);
    const uint64_t tolerated = rig_capacity_tolerated(f.n_against, n_probes);
    /* with slack many times are contradicted as little: the middle of them */
    if (rig_busy_slack_s(s->group, s->timeline) > 0.0)
        f.best_s += 0.5 * (end_of(s, f.best_s, fine_s, f.n_against) - fine_s - f.best_s);
    f.low_s = fmax(0.0, end_of(s, f.best_s, -fine_s, tolerated));
    f.high_s = end_of(s, f.best_s, fine_s, tolerated);
    return f;
}

/* @return whether it is a finding. */
static bool add_stuck(const rig_timeline *timeline, const rig_finding *f, uint64_t n_left,
                      rig_findings *findings)
{
    rig_finding *added = rig_findings_add(
        findings, f,
        "%llu callers left while an agent was being rung, and each of these agents took no call "
        "for %.1f s (%.1f..%.1f) more",
        (unsigned long long)n_left, f->estimate, f->low, f->high);
    for (size_t i = 0; i < timeline->n; i++) {
        const rig_timed_call *t = &timeline->calls[i];
        if (t->call->outcome != RIG_OUTCOME_LOST_AGENT)
            continue;
        rig_findings_touch(findings, added, t->call);
        rig_findings_add_span(findings, added, t->end_s, t->end_s + f->estimate, -1.0);
    }
    return added != NULL;
}

static bool add_wrap_up(const rig_finding *f, rig_findings *findings)
{
    return rig_findings_add(findings, f,
                            "agents take the next call %.1f s (%.1f..%.1f) after a talk, a wrap-up "
                            "of %.1f s was expected",
                            f->estimate, f->low, f->high, f->expected) != NULL;
}

static uint64_t count_left(const rig_timeline *timeline)
{
    uint64_t n = 0;
    for (size_t i = 0; i < timeline->n; i++)
        n += timeline->calls[i].call->outcome == RIG_OUTCOME_LOST_AGENT;
    return n;
}

/* Beyond what a machine needs for it. */
static bool is_other_time(const search *s, const found *f)
{
    /* the grain is 5 ms of wire time */
    const double slack_s = REACTION_WIRE_S / RIG_TIMELINE_GRAIN_WIRE_S * s->timeline->grain_s;
    const double expected_s = s->is_stuck ? 0.0 : s->group->wrap_up.mean_s;
    return f->low_s > expected_s + slack_s || f->high_s < expected_s - slack_s;
}

static rig_finding finding_of(const search *s, const found *f, uint64_t n_expected)
{
    return (rig_finding){.kind = s->is_stuck ? RIG_FINDING_AGENTS_STUCK : RIG_FINDING_WRAP_UP,
                         .stage = RIG_STAGE_AGENT,
                         .expected = s->is_stuck ? 0.0 : s->group->wrap_up.mean_s,
                         .estimate = f->best_s,
                         .low = f->low_s,
                         .high = f->high_s,
                         .unit = "s",
                         .to_s = s->timeline->last_s,
                         .n_calls = n_expected,
                         .n_explained = n_expected - f->n_against};
}

bool rig_diagnose_busy_times(const rig_agent_group *group, const rig_timeline *timeline,
                             const rig_capacity_fit *fit, size_t n_probes, rig_findings *findings)
{
    const rig_capacity_sum sum = rig_capacity_sum_of(fit);
    bool is_found = false;
    if (sum.n_expected < rig_capacity_tolerated(RIG_CAPACITY_CHANGE_COST, n_probes))
        return false;
    search s = {.group = group,
                .timeline = timeline,
                .probes = malloc((timeline->n + 1) * sizeof *s.probes)};
    if (s.probes == NULL) {
        findings->status = RIG_ENOMEM;
        return false;
    }
    const uint64_t n_left = count_left(timeline);
    const double most_s = fmax(MOST_WRAP_UP_FACTOR * group->wrap_up.mean_s, MOST_WRAP_UP_S);
    const found wrap_up = look_for(&s, most_s, n_probes);
    found stuck = {.n_against = UINT64_MAX};
    s.is_stuck = true;
    if (n_left > RIG_FINDING_FEW)
        stuck = look_for(&s, timeline->end_of_traffic_s, n_probes);
    s.is_stuck = stuck.n_against < wrap_up.n_against;
    const found *best = s.is_stuck ? &stuck : &wrap_up;
    if (s.status == RIG_OK && best->n_against + RIG_CAPACITY_CHANGE_COST <= sum.n_fit &&
        best->n_against < sum.n_expected && is_other_time(&s, best)) {
        const rig_finding f = finding_of(&s, best, sum.n_expected);
        is_found =
            s.is_stuck ? add_stuck(timeline, &f, n_left, findings) : add_wrap_up(&f, findings);
    }
    if (s.status != RIG_OK)
        findings->status = s.status;
    free(s.probes);
    return is_found;
}
