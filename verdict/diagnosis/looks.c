/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Is the queue looked at now and then only? Then callers who wait are given agents at instants that
 * are as far apart as its looks, however long agents have been free. */
#include <gsl/gsl_sort.h>
#include <math.h>
#include <stdlib.h>

#include "verdict/diagnosis/busy.h"
#include "verdict/diagnosis/findings.h"

/* Looks that follow on each other sooner than this, wire time, are no deviation. */
#define SHORTEST_WIRE_S 0.1

/* So many times between two looks say something, if so many of them are one distance or several. */
#define LEAST_DISTANCES 10
#define REGULAR_SHARE   0.7
#define MOST_MULTIPLE   4.5

/* A distance may differ by two grains, and by this share. */
#define TOLERATED_SHARE 0.02

/* Before so many of the looks an agent was free. */
#define FREE_SHARE 0.5

/* Instants at which callers who waited were given agents: those of one look are one. */
typedef struct looks {
    double *at_s;
    size_t *n_calls;
    size_t n, n_waited;
} looks;

/* Clear also after a failure. */
static rig_status list_looks(const rig_timeline *timeline, looks *l)
{
    double *ring_s = malloc((timeline->n + 1) * sizeof *ring_s);
    l->at_s = malloc((timeline->n + 1) * sizeof *l->at_s);
    l->n_calls = calloc(timeline->n + 1, sizeof *l->n_calls);
    if (ring_s == NULL || l->at_s == NULL || l->n_calls == NULL) {
        free(ring_s);
        return RIG_ENOMEM;
    }
    for (size_t i = 0; i < timeline->n; i++)
        if (rig_busy_has_waited(timeline, &timeline->calls[i]))
            ring_s[l->n_waited++] = timeline->calls[i].ring_s;
    gsl_sort(ring_s, 1, l->n_waited);
    for (size_t i = 0; i < l->n_waited; i++) {
        if (i == 0 || ring_s[i] - ring_s[i - 1] > 2.0 * timeline->grain_s)
            l->at_s[l->n++] = ring_s[i];
        l->n_calls[l->n - 1]++;
    }
    free(ring_s);
    return RIG_OK;
}

static void looks_clear(looks *l)
{
    free(l->at_s);
    free(l->n_calls);
}

static double tolerance_s(const rig_timeline *timeline, double every_s)
{
    return fmax(2.0 * timeline->grain_s, TOLERATED_SHARE * every_s);
}

static bool is_single(const rig_timeline *timeline, double distance_s, double every_s)
{
    return fabs(distance_s - every_s) < tolerance_s(timeline, every_s);
}

static bool is_multiple(const rig_timeline *timeline, double distance_s, double every_s)
{
    const double n = rint(distance_s / every_s);
    return n >= 1.0 && fabs(distance_s - n * every_s) < tolerance_s(timeline, every_s);
}

/* Distances that are a multiple of one, of all that are not much longer. The calls that were given
 * agents at their ends are counted. */
static bool is_regular(const rig_timeline *timeline, const looks *l, double every_s,
                       size_t *n_calls)
{
    size_t n = 0, n_regular = 0;
    *n_calls = 0;
    for (size_t i = 1; i < l->n; i++) {
        const double distance_s = l->at_s[i] - l->at_s[i - 1];
        const bool is_it = is_multiple(timeline, distance_s, every_s);
        if (distance_s > MOST_MULTIPLE * every_s)
            continue;
        n++;
        n_regular += is_it;
        *n_calls += is_it ? l->n_calls[i] : 0;
    }
    return n >= LEAST_DISTANCES && (double)n_regular >= REGULAR_SHARE * (double)n &&
           tolerance_s(timeline, every_s) <= 0.1 * every_s;
}

/* Whether agents are free before the looks. Behind wrap-ups that scatter it is not known. */
static bool are_agents_free(const rig_agent_group *group, const rig_timeline *timeline,
                            const rig_holdings *busy, const looks *l)
{
    size_t n_free = 0;
    if (group->wrap_up.kind != RIG_DIST_CONSTANT)
        return true;
    for (size_t i = 0; i < l->n; i++) {
        uint32_t least, most;
        rig_holdings_at(busy, l->at_s[i] - 3.0 * timeline->grain_s, timeline->grain_s, &least,
                        &most);
        n_free += most < group->n_agents;
    }
    return (double)n_free >= FREE_SHARE * (double)l->n;
}

/* Of the distances, ascending, those that are one look's. @return the first. */
static const double *find_single(const rig_timeline *timeline, const double *d_s, size_t n,
                                 double every_s, size_t *n_single)
{
    size_t from = 0, to;
    while (from < n && !is_single(timeline, d_s[from], every_s))
        from++;
    for (to = from; to < n && is_single(timeline, d_s[to], every_s);)
        to++;
    *n_single = to - from;
    return d_s + from;
}

static void add(const rig_scenario *scenario, const rig_timeline *timeline, const looks *l,
                const double *single_s, size_t n_single, size_t n_calls, rig_findings *findings)
{
    const double every_s = single_s[n_single / 2];
    rig_finding f = {.kind = RIG_FINDING_QUEUE_POLL,
                     .stage = RIG_STAGE_QUEUE,
                     .expected = timeline->poll_s,
                     .estimate = every_s,
                     .low = single_s[n_single / 20] - timeline->grain_s,
                     .high = single_s[n_single - 1 - n_single / 20] + timeline->grain_s,
                     .unit = "s",
                     .to_s = timeline->last_s,
                     .n_calls = l->n_waited,
                     .n_explained = n_calls};
    rig_findings_add(findings, &f,
                     "the queue is looked at each %.2f s only (%.0f ms on the wire): %zu of %zu "
                     "calls that waited were given agents at such a time, with agents free before",
                     every_s, 1e3 * every_s / scenario->time_scale, n_calls, l->n_waited);
}

/* Distances are taken from below, as a look at which no agent is free makes them longer, and one of
 * an empty queue, which is looked at anew, shorter. */
static void find_distance(const rig_scenario *scenario, const rig_timeline *timeline,
                          const looks *l, rig_findings *findings)
{
    static const double quantiles[] = {0.5, 0.35, 0.25, 0.15, 0.1};
    const size_t n = l->n - 1;
    double *d_s = malloc((n + 1) * sizeof *d_s);
    size_t n_single, n_calls;
    bool is_found = false;
    if (d_s == NULL) {
        findings->status = RIG_ENOMEM;
        return;
    }
    for (size_t i = 0; i < n; i++)
        d_s[i] = l->at_s[i + 1] - l->at_s[i];
    gsl_sort(d_s, 1, n);
    for (size_t k = 0; k < sizeof quantiles / sizeof *quantiles && !is_found; k++) {
        const double every_s = d_s[(size_t)(quantiles[k] * (double)n)];
        if (every_s < SHORTEST_WIRE_S * scenario->time_scale)
            break;
        const double *single_s = find_single(timeline, d_s, n, every_s, &n_single);
        is_found = is_regular(timeline, l, single_s[n_single / 2], &n_calls);
        if (is_found)
            add(scenario, timeline, l, single_s, n_single, n_calls, findings);
    }
    free(d_s);
}

bool rig_diagnose_looks(const rig_scenario *scenario, const rig_timeline *timeline,
                        const rig_holdings *busy, rig_findings *findings)
{
    const size_t n_before = findings->n;
    looks l = {0};
    if (list_looks(timeline, &l) != RIG_OK)
        findings->status = RIG_ENOMEM;
    else if (l.n > LEAST_DISTANCES && are_agents_free(&scenario->agents[0], timeline, busy, &l))
        find_distance(scenario, timeline, &l, findings);
    looks_clear(&l);
    return findings->n > n_before;
}
