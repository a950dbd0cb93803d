/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verdict/diagnosis.h"

#include <stdlib.h>

#include "verdict/diagnosis/findings.h"

const char *rig_finding_kind_name(rig_finding_kind kind)
{
    static const char *const names[RIG_N_FINDING_KINDS] = {"circuits",
                                                           "circuits_window",
                                                           "circuits_leak",
                                                           "silence",
                                                           "unanswered",
                                                           "response_delay",
                                                           "ports",
                                                           "ports_window",
                                                           "ivr_delay",
                                                           "queue_order",
                                                           "queue_limit",
                                                           "queue_timeout",
                                                           "queue_cut",
                                                           "agents",
                                                           "agents_window",
                                                           "agents_leak",
                                                           "agents_stuck",
                                                           "ring_timeout",
                                                           "dropped",
                                                           "refused",
                                                           "menu",
                                                           "queue_ringing",
                                                           "ringing_cut",
                                                           "queue_poll",
                                                           "one_at_a_time",
                                                           "ring_all",
                                                           "wrap_up",
                                                           "no_overflow",
                                                           "misrouted",
                                                           "priority",
                                                           "wrong_skill",
                                                           "no_queue_overflow",
                                                           "deflection",
                                                           "deflection_share",
                                                           "announcement",
                                                           "emergency",
                                                           "no_reserves",
                                                           "pushed_out",
                                                           "on_duty",
                                                           "call_backs_forgotten",
                                                           "call_backs_doubled",
                                                           "call_backs_early",
                                                           "call_backs_first",
                                                           "places_lost",
                                                           "outage"};
    return (unsigned)kind < RIG_N_FINDING_KINDS ? names[kind] : "?";
}

/* What explains the most calls first; among equals the earlier stage. */
static int by_weight(const void *a, const void *b)
{
    const rig_finding *x = a, *y = b;
    if (x->n_explained != y->n_explained)
        return x->n_explained > y->n_explained ? -1 : 1;
    if (x->stage != y->stage)
        return x->stage < y->stage ? -1 : 1;
    return (x->from_s > y->from_s) - (x->from_s < y->from_s);
}

static void look(const rig_diagnosis_input *input, const rig_timeline *timeline,
                 rig_findings *findings)
{
    rig_diagnose_trunk(input, timeline, findings);
    rig_diagnose_carriers(input, timeline, findings);
    rig_diagnose_ivr(input, timeline, findings);
    rig_diagnose_queue(input, timeline, findings);
    rig_diagnose_priority(input, timeline, findings);
    rig_diagnose_pushed_out(input, timeline, findings);
    rig_diagnose_skills(input, timeline, findings);
    rig_diagnose_told(input, timeline, findings);
    rig_diagnose_emergency(input, timeline, findings);
    rig_diagnose_agents(input, timeline, findings);
    rig_diagnose_duty(input, timeline, findings);
    rig_diagnose_reserves(input, timeline, findings);
    rig_diagnose_dialling(input, timeline, findings);
    rig_diagnose_call_backs(input, timeline, findings);
    rig_diagnose_outages(input, timeline, findings);
}

static uint64_t n_contradicted(const rig_findings *findings)
{
    uint64_t n = 0;
    for (size_t i = 0; i < findings->n; i++)
        n += findings->items[i].n_calls;
    return n;
}

/* After a silence: did the centre keep its calls (the network was away), or did it start anew? What
 * is contradicted less. */
static void look_behind_silences(const rig_diagnosis_input *input, rig_timeline *timeline,
                                 rig_findings *findings)
{
    rig_findings anew = {0};
    size_t n_silences = 0;
    for (size_t i = 0; i < findings->n; i++) {
        if (findings->items[i].kind != RIG_FINDING_SILENCE)
            continue;
        rig_timeline_end_calls(timeline, findings->items[i].from_s);
        n_silences++;
    }
    if (n_silences == 0 || findings->status != RIG_OK)
        return;
    look(input, timeline, &anew);
    if (anew.status == RIG_OK && n_contradicted(&anew) >= n_contradicted(findings)) {
        rig_findings_clear(&anew);
        return;
    }
    rig_findings_clear(findings);
    *findings = anew;
    for (size_t i = 0; i < findings->n; i++)
        findings->items[i].is_restart = findings->items[i].kind == RIG_FINDING_SILENCE;
}

/* Where callers are given to agents by another rule, agents seem to be missing or to wrap up for
 * longer, as they are idle beside callers who wait. */
static bool is_shadow_of(rig_finding_kind kind, rig_finding_kind rule)
{
    const bool is_of_agents = kind == RIG_FINDING_AGENTS || kind == RIG_FINDING_AGENTS_WINDOW ||
                              kind == RIG_FINDING_AGENTS_LEAK || kind == RIG_FINDING_AGENTS_STUCK ||
                              kind == RIG_FINDING_WRAP_UP;
    if (rule == RIG_FINDING_QUEUE_POLL)
        return is_of_agents;
    if (rule == RIG_FINDING_PUSHED_OUT)
        return kind == RIG_FINDING_QUEUE_CUT;
    if (rule == RIG_FINDING_ONE_AT_A_TIME || rule == RIG_FINDING_RING_ALL)
        return is_of_agents || kind == RIG_FINDING_QUEUE_POLL;
    return false;
}

/* What the scenario itself explains, and the looks at one group of circuits, or at a centre without
 * faults, take for a deviation: refusals while another carrier has circuits, calls that a fault
 * cuts, a time without ports. */
static bool is_said(const rig_scenario *scenario, const rig_finding *f)
{
    const rig_finding_kind kind = f->kind;
    bool is_of_circuits = rig_scenario_has_carriers(scenario), is_of_ports = false,
         is_of_cuts = false;
    for (size_t i = 0; i < scenario->n_faults; i++) {
        is_of_circuits |= scenario->faults[i].kind == RIG_FAULT_TRUNK ||
                          scenario->faults[i].kind == RIG_FAULT_CENTRE;
        is_of_ports |= scenario->faults[i].kind == RIG_FAULT_IVR;
        is_of_cuts |= scenario->faults[i].cuts_calls;
    }
    if (f->trunk > 0 || f->is_other_reason) /* carrier by carrier, and the faults are known there;
                                               or nothing of circuits */
        return false;
    if (kind == RIG_FINDING_CIRCUITS || kind == RIG_FINDING_CIRCUITS_WINDOW ||
        kind == RIG_FINDING_CIRCUITS_LEAK || kind == RIG_FINDING_REFUSED)
        return is_of_circuits;
    if (kind == RIG_FINDING_PORTS || kind == RIG_FINDING_PORTS_WINDOW ||
        kind == RIG_FINDING_IVR_DELAY)
        return is_of_ports;
    return (kind == RIG_FINDING_DROPPED || kind == RIG_FINDING_QUEUE_CUT) && is_of_cuts;
}

static void drop_shadows(const rig_scenario *scenario, rig_findings *findings)
{
    size_t n_kept = 0;
    for (size_t i = 0; i < findings->n; i++) {
        bool is_shadow = is_said(scenario, &findings->items[i]);
        for (size_t k = 0; k < findings->n && !is_shadow; k++)
            is_shadow = is_shadow_of(findings->items[i].kind, findings->items[k].kind);
        if (is_shadow) {
            free(findings->items[i].spans);
            free(findings->items[i].touched);
            findings->items[i].kind = RIG_N_FINDING_KINDS;
        }
    }
    for (size_t i = 0; i < findings->n; i++) {
        if (findings->items[i].kind != RIG_N_FINDING_KINDS)
            findings->items[n_kept++] = findings->items[i];
    }
    findings->n = n_kept;
}

rig_status rig_diagnose(const rig_diagnosis_input *input, rig_diagnosis **diagnosis, rig_error *err)
{
    rig_findings findings = {0};
    rig_timeline timeline = {0};
    rig_diagnosis *made = calloc(1, sizeof *made);
    rig_status status = made == NULL ? RIG_ENOMEM : rig_timeline_make(input, &timeline);
    if (status == RIG_OK) {
        look(input, &timeline, &findings);
        look_behind_silences(input, &timeline, &findings);
        drop_shadows(input->scenario, &findings);
        status = findings.status;
    }
    rig_timeline_clear(&timeline);
    if (status != RIG_OK) {
        rig_findings_clear(&findings);
        free(made);
        return rig_fail(err, status, "diagnosis: %s", rig_status_text(status));
    }
    if (findings.n > 0)
        qsort(findings.items, findings.n, sizeof *findings.items, by_weight);
    made->findings = findings.items;
    made->n_findings = findings.n;
    *diagnosis = made;
    return RIG_OK;
}

void rig_diagnosis_free(rig_diagnosis *diagnosis)
{
    if (diagnosis == NULL)
        return;
    rig_findings_clear(&(rig_findings){.items = diagnosis->findings, .n = diagnosis->n_findings});
    free(diagnosis);
}
