/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verdict/diagnosis.h"

#include <stdlib.h>

#include "verdict/diagnosis/findings.h"

const char *rig_finding_kind_name(rig_finding_kind kind)
{
    static const char *const names[RIG_N_FINDING_KINDS] = {
        "circuits",       "circuits_window", "circuits_leak", "silence",   "unanswered",
        "response_delay", "ports",           "ports_window",  "ivr_delay", "queue_order",
        "queue_limit",    "queue_timeout",   "queue_cut",     "agents",    "agents_window",
        "agents_leak",    "agents_stuck",    "ring_timeout",  "dropped"};
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
    rig_diagnose_ivr(input, timeline, findings);
    rig_diagnose_queue(input, timeline, findings);
    rig_diagnose_agents(input, timeline, findings);
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
        free(anew.items);
        return;
    }
    free(findings->items);
    *findings = anew;
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
        status = findings.status;
    }
    rig_timeline_clear(&timeline);
    if (status != RIG_OK) {
        free(findings.items);
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
    free(diagnosis->findings);
    free(diagnosis);
}
