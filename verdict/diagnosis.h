/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Diagnosis: what about the call centre is not as the scenario says, read off the capture itself.
 *
 * The verdict (verdict/verdict.h) says that a stage loses more or fewer calls than predicted. That
 * can have its cause elsewhere: a centre with too few agents keeps its circuits longer, and loses
 * at the trunk. The diagnosis therefore looks at each stage given what really happened around it:
 * was this call refused while circuits were free, did it wait while an IVR port, an agent was free?
 * Such local rules do not depend on the load, on chance upstream, or on each other. Each finding
 * names the one parameter that explains the most calls, with its estimate and interval. */
#ifndef RIG_VERDICT_DIAGNOSIS_H
#define RIG_VERDICT_DIAGNOSIS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/call.h"
#include "core/status.h"
#include "scenarios/scenario.h"

/** What was found. */
typedef enum rig_finding_kind {
    RIG_FINDING_CIRCUITS = 0,    /**< other number of circuits */
    RIG_FINDING_CIRCUITS_WINDOW, /**< other number of circuits for a time */
    RIG_FINDING_CIRCUITS_LEAK,   /**< circuits become fewer as the run goes on */
    RIG_FINDING_SILENCE,         /**< for a time nothing was answered at all */
    RIG_FINDING_UNANSWERED,      /**< single INVITEs without any response */
    RIG_FINDING_RESPONSE_DELAY,  /**< responses come late */
    RIG_FINDING_PORTS,           /**< other number of IVR ports */
    RIG_FINDING_PORTS_WINDOW,    /**< the same for a time */
    RIG_FINDING_IVR_DELAY,       /**< the IVR answers late though a port is free */
    RIG_FINDING_QUEUE_ORDER,     /**< not first in, first out */
    RIG_FINDING_QUEUE_LIMIT,     /**< other number of calls that may wait */
    RIG_FINDING_QUEUE_TIMEOUT,   /**< the centre hangs up after another time in the queue */
    RIG_FINDING_QUEUE_CUT,       /**< the centre hangs up on waiting calls, at no fixed time */
    RIG_FINDING_AGENTS,          /**< other number of agents in service */
    RIG_FINDING_AGENTS_WINDOW,   /**< the same for a time */
    RIG_FINDING_AGENTS_LEAK,     /**< agents become fewer as the run goes on */
    RIG_FINDING_AGENTS_STUCK,    /**< agents stay busy after their caller has gone unanswered */
    RIG_FINDING_RING_TIMEOUT,    /**< phones ring longer than the ring time-out */
    RIG_FINDING_DROPPED,         /**< the centre cuts calls in mid-talk */
    RIG_N_FINDING_KINDS
} rig_finding_kind;

/** Room for the text of a finding, its NUL included. */
#define RIG_FINDING_TEXT_SIZE 240

/** One finding. Times are scenario time from the schedule's t = 0. */
typedef struct rig_finding {
    rig_finding_kind kind;
    rig_stage stage;  /**< that works differently */
    double expected;  /**< of the scenario, in the unit of the kind; NAN = it knows no such thing */
    double estimate;  /**< from the capture */
    double low, high; /**< interval of the estimate */
    const char *unit; /**< "circuits", "ports", "agents", "calls", "s", "1" (a share); static */
    double from_s, to_s;              /**< when; the whole run where it is no window */
    uint64_t n_calls;                 /**< whose handling the scenario's value contradicts */
    uint64_t n_explained;             /**< of these, no longer contradicted by the estimate */
    char text[RIG_FINDING_TEXT_SIZE]; /**< a sentence for people */
} rig_finding;

/** All findings, the one that explains the most calls first. */
typedef struct rig_diagnosis {
    rig_finding *findings;
    size_t n_findings;
} rig_diagnosis;

/** What is looked at. */
typedef struct rig_diagnosis_input {
    const rig_scenario *scenario;
    const rig_calls *calls; /**< all calls on the wire, planned or not */
    int64_t start_epoch_ns; /**< the instant of the schedule's t = 0 */
} rig_diagnosis_input;

/**
 * Diagnose.
 * @param[out] diagnosis  Owned by the caller: rig_diagnosis_free.
 * @return RIG_OK, also without any finding; RIG_ENOMEM.
 */
rig_status rig_diagnose(const rig_diagnosis_input *input, rig_diagnosis **diagnosis,
                        rig_error *err);

/** NULL-safe. */
void rig_diagnosis_free(rig_diagnosis *diagnosis);

/** "circuits", "ivr_delay", ..; static. */
const char *rig_finding_kind_name(rig_finding_kind kind);

#endif
