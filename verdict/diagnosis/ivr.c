/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The IVR: did this caller hear ringing while a port was free, and how late does a free port
 * answer?
 */
#include <gsl/gsl_sort.h>
#include <math.h>
#include <stdlib.h>

#include "core/language.h"
#include "verdict/diagnosis/findings.h"

/* A free port that answers later than this, wire time, is late. */
#define LATE_ANSWER_WIRE_S 0.1

static bool reached_ivr(const rig_timed_call *t)
{
    return t->call->outcome != RIG_OUTCOME_LOST_TRUNK &&
           t->call->outcome != RIG_OUTCOME_UNCLASSIFIED;
}

/* How long a free port takes to answer: of the fastest answers, as many as a quarter of the ports,
 * the slowest. The first callers of a run find all ports free. NAN when nobody was answered. */
static double answer_delay_s(const rig_timeline *timeline, uint32_t n_ports, double *scratch)
{
    size_t n = 0;
    for (size_t i = 0; i < timeline->n; i++) {
        const rig_timed_call *t = &timeline->calls[i];
        if (reached_ivr(t) && !isnan(t->port_s))
            scratch[n++] = t->port_s - t->seen_s;
    }
    if (n == 0)
        return (double)NAN;
    gsl_sort(scratch, 1, n);
    size_t at = (n < n_ports ? n : n_ports) / 4;
    return fmax(0.0, scratch[at]);
}

static double release_s(const rig_timed_call *t, bool hold_while_queued)
{
    double given_back_s = hold_while_queued ? t->talk_s : t->queue_s;
    return isnan(given_back_s) ? t->end_s : given_back_s;
}

static void add_delay(const rig_timeline *timeline, double delay_s, double time_scale,
                      rig_findings *findings)
{
    rig_finding f = {.kind = RIG_FINDING_IVR_DELAY,
                     .stage = RIG_STAGE_IVR,
                     .expected = 0.0,
                     .estimate = delay_s,
                     .low = fmax(0.0, delay_s - timeline->grain_s),
                     .high = delay_s + timeline->grain_s,
                     .unit = "s",
                     .to_s = timeline->last_s};
    for (size_t i = 0; i < timeline->n; i++)
        f.n_calls += reached_ivr(&timeline->calls[i]);
    f.n_explained = f.n_calls;
    rig_findings_add(findings, &f, "a free IVR port answers only after %.2f s (%.2f s on the wire)",
                     delay_s, delay_s / time_scale);
}

/* A menu that differs by less than this, wire time, is the machine's reaction. */
#define OTHER_MENU_WIRE_S 0.1

/* Times from a port's answer to the queue; where nothing marks the queue, to the first phone. */
static size_t list_menus(const rig_scenario *scenario, const rig_timeline *timeline, double *menu_s)
{
    const bool is_quiet = scenario->target.marks == RIG_MARK_QUIET;
    size_t n = 0;
    for (size_t i = 0; i < timeline->n; i++) {
        const rig_timed_call *t = &timeline->calls[i];
        const double over_s = is_quiet && t->call->n_legs <= 2 ? t->ring_s
                              : is_quiet                       ? (double)NAN
                                                               : t->queue_s;
        if (reached_ivr(t) && over_s >= t->port_s) /* false for a NAN */
            menu_s[n++] = over_s - t->port_s;
    }
    gsl_sort(menu_s, 1, n);
    return n;
}

/* The shortest times, as far as they are alike: who found an agent free at once, or all. @return
 * how many. */
static size_t count_shortest(const rig_timeline *timeline, const double *menu_s, size_t n)
{
    const double shortest_s = menu_s[n / 100];
    size_t n_alike = 0;
    for (size_t i = 0; i < n; i++)
        n_alike += fabs(menu_s[i] - shortest_s) <= 2.0 * timeline->grain_s;
    return n_alike;
}

static void look_at_menu(const rig_scenario *scenario, const rig_timeline *timeline,
                         double *scratch, rig_findings *findings)
{
    const rig_dist *menu = &scenario->ivr.menu;
    const double slack_s = OTHER_MENU_WIRE_S * scenario->time_scale;
    const size_t n = menu->kind == RIG_DIST_CONSTANT ? list_menus(scenario, timeline, scratch) : 0;
    if (n < 10)
        return;
    const size_t n_alike = count_shortest(timeline, scratch, n);
    const double found_s = scratch[n / 100];
    if (n_alike < 5 || 50 * n_alike < n || fabs(found_s - menu->mean_s) <= slack_s)
        return;
    rig_finding f = {.kind = RIG_FINDING_MENU,
                     .stage = RIG_STAGE_IVR,
                     .expected = menu->mean_s,
                     .estimate = found_s,
                     .low = fmax(0.0, found_s - timeline->grain_s),
                     .high = found_s + timeline->grain_s,
                     .unit = "s",
                     .to_s = timeline->last_s,
                     .n_calls = n,
                     .n_explained = n_alike};
    rig_findings_add(findings, &f,
                     "the menu takes %.3f s (the shortest time from answer to queue), %.3f s were "
                     "expected",
                     found_s, menu->mean_s);
}

void rig_diagnose_ivr(const rig_diagnosis_input *input, const rig_timeline *timeline,
                      rig_findings *findings)
{
    static const rig_capacity_words words = {RIG_FINDING_PORTS,
                                             RIG_FINDING_PORTS_WINDOW,
                                             RIG_FINDING_PORTS_WINDOW,
                                             RIG_STAGE_IVR,
                                             N_("ports"),
                                             N_("callers heard ringing"),
                                             true,
                                             false};
    const rig_scenario *scenario = input->scenario;
    const uint32_t expected = scenario->ivr.n_ports;
    rig_holdings ports = {0};
    rig_capacity_fit fit = {0};
    double *scratch = malloc((timeline->n + 1) * sizeof *scratch);
    rig_probe *probes = malloc((timeline->n + 1) * sizeof *probes);
    rig_status status = RIG_ENOMEM;
    size_t n = 0;
    if (scratch == NULL || probes == NULL)
        goto out;
    status = rig_holdings_make(timeline->n, &ports);
    if (status != RIG_OK)
        goto out;
    double delay_s = answer_delay_s(timeline, expected, scratch);
    if (isnan(delay_s))
        goto out;
    if (delay_s > LATE_ANSWER_WIRE_S * scenario->time_scale)
        add_delay(timeline, delay_s, scenario->time_scale, findings);
    look_at_menu(scenario, timeline, scratch, findings);
    for (size_t i = 0; i < timeline->n; i++) {
        const rig_timed_call *t = &timeline->calls[i];
        if (reached_ivr(t) && !isnan(t->port_s))
            rig_holdings_add(&ports, t->port_s - delay_s,
                             release_s(t, scenario->ivr.hold_while_queued));
    }
    rig_holdings_sort(&ports);
    for (size_t i = 0; i < timeline->n; i++) {
        const rig_timed_call *t = &timeline->calls[i];
        double waited_s = (isnan(t->port_s) ? t->end_s : t->port_s) - t->seen_s - delay_s;
        bool is_blocked = waited_s > timeline->grain_s;
        if (!reached_ivr(t) || (!is_blocked && isnan(t->port_s)))
            continue; /* gone before a free port would have answered: says nothing */
        probes[n] = (rig_probe){.t_s = t->seen_s, .is_blocked = is_blocked};
        rig_holdings_at(&ports, t->seen_s, timeline->grain_s, &probes[n].least, &probes[n].most);
        n++;
    }
    if (scenario->ivr.n_steps > 0) /* there is no one number */
        n = 0;
    status = rig_capacity_fit_make(probes, n, expected, RIG_CAPACITY_WAITS, &fit);
    if (n > 0 && status == RIG_OK)
        rig_findings_add_capacity(findings, &fit, expected, scenario->time_scale, &words);
out:
    if (status != RIG_OK)
        findings->status = status;
    rig_capacity_fit_clear(&fit);
    rig_holdings_clear(&ports);
    free(probes);
    free(scratch);
}
