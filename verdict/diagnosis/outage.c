/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A fault of the centre that the scenario says: does it begin, and is the centre back when it
 * should be? While it lasts every call is refused; the first that is let in says that it is over.
 * A refusal while trunks are down, too, says nothing of the centre. */
#include <math.h>

#include "verdict/diagnosis/circuits.h"
#include "verdict/diagnosis/findings.h"

/* What was seen from a fault's beginning on. */
typedef struct outage {
    double refused_s; /* the last call that was refused before one was let in; NAN */
    double back_s;    /* that one; INFINITY: none was */
    size_t n_wrong;   /* calls that were refused when it should be over, or let in before */
} outage;

/* The beginning of the next one; of this one nothing is seen from then on. */
static double next_fault_s(const rig_scenario *scenario, const rig_fault *fault)
{
    double next_s = INFINITY;
    for (size_t i = 0; i < scenario->n_faults; i++) {
        const rig_fault *f = &scenario->faults[i];
        if (f->kind == RIG_FAULT_CENTRE && f->at_s > fault->at_s)
            next_s = fmin(next_s, f->at_s);
    }
    return next_s;
}

static outage look_at(const rig_scenario *scenario, const rig_timeline *timeline,
                      const rig_fault *fault, double until_s)
{
    const double slack_s = 2.0 * timeline->grain_s;
    outage o = {.refused_s = (double)NAN, .back_s = INFINITY};
    for (size_t i = 0; i < timeline->n; i++) {
        const rig_timed_call *t = &timeline->calls[i];
        const bool is_in = rig_circuits_is_held(t), is_refused = rig_circuits_is_refused(t);
        if (t->seen_s < fault->at_s + slack_s || t->seen_s >= until_s || (!is_in && !is_refused))
            continue;
        const bool is_over = t->seen_s > fault->at_s + fault->for_s + slack_s;
        if (is_in) {
            o.back_s = fmin(o.back_s, t->seen_s);
            o.n_wrong += t->seen_s < fault->at_s + fault->for_s - slack_s;
        } else if (isinf(o.back_s) && !rig_circuits_are_hit(scenario, fault, t->seen_s) &&
                   !rig_circuits_are_hit(scenario, fault, t->seen_s - slack_s)) {
            o.refused_s = t->seen_s;
            o.n_wrong += is_over;
        }
    }
    return o;
}

static void add(const rig_timeline *timeline, const rig_fault *fault, size_t number,
                const outage *o, double until_s, rig_findings *findings)
{
    const double slack_s = 2.0 * timeline->grain_s;
    const double refused_s = isnan(o->refused_s) ? fault->at_s : o->refused_s;
    const rig_finding f = {.kind = RIG_FINDING_OUTAGE,
                           .stage = RIG_STAGE_TRUNK,
                           .expected = fault->for_s,
                           .estimate = refused_s - fault->at_s,
                           .low = fmax(0.0, refused_s - fault->at_s - slack_s),
                           .high = o->back_s - fault->at_s + slack_s,
                           .unit = "s",
                           .from_s = fault->at_s,
                           .to_s = fmin(fmin(o->back_s, until_s), timeline->last_s),
                           .fault = 1 + (uint32_t)number,
                           .n_calls = o->n_wrong,
                           .n_explained = o->n_wrong};
    if (isinf(o->back_s))
        rig_findings_add(findings, &f,
                         "from %.0f s on the centre refused every call, up to %.0f s: it should "
                         "have been back after %.1f s",
                         fault->at_s, refused_s, fault->for_s);
    else
        rig_findings_add(findings, &f,
                         "the centre, out of service from %.0f s on, took calls again after %.1f s "
                         "(%.1f..%.1f); %.1f s were expected",
                         fault->at_s, f.estimate, f.low, f.high, fault->for_s);
}

void rig_diagnose_outages(const rig_diagnosis_input *input, const rig_timeline *timeline,
                          rig_findings *findings)
{
    const rig_scenario *scenario = input->scenario;
    for (size_t i = 0; i < scenario->n_faults; i++) {
        const rig_fault *fault = &scenario->faults[i];
        if (fault->kind != RIG_FAULT_CENTRE)
            continue;
        const double until_s = next_fault_s(scenario, fault);
        const outage o = look_at(scenario, timeline, fault, until_s);
        if (o.n_wrong > RIG_FINDING_FEW)
            add(timeline, fault, i, &o, until_s, findings);
    }
}
