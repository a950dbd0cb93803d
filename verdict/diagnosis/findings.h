/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The list of findings as it grows. Internal to diagnosis/. */
#ifndef RIG_VERDICT_DIAGNOSIS_FINDINGS_H
#define RIG_VERDICT_DIAGNOSIS_FINDINGS_H

#include "verdict/diagnosis/capacity_fit.h"
#include "verdict/diagnosis/timeline.h"

/** Growing list; zeroed: empty. After a lack of memory it takes no more. */
typedef struct rig_findings {
    rig_finding *items;
    size_t n, cap;
    rig_status status;
} rig_findings;

/**
 * Add one; `format` makes its text. The rule for all: a finding whose interval holds the expected
 * value says nothing, and is left out.
 * @return the one in the list, until the next is added; NULL: left out, or no memory.
 */
rig_finding *rig_findings_add(rig_findings *findings, const rig_finding *finding,
                              const char *format, ...) __attribute__((format(printf, 3, 4)));

/** A share of calls of which none was expected: n of n_all, with the exact limits of their share.
 */
rig_finding rig_findings_of_share(rig_finding_kind kind, rig_stage stage, size_t n, size_t n_all,
                                  double to_s);

/** Note a call that was handled otherwise. @param finding  NULL: nothing happens. */
void rig_findings_touch(rig_findings *findings, rig_finding *finding, const rig_call *call);

/** Note so many servers for a time. @param finding  NULL: nothing happens. */
void rig_findings_add_span(rig_findings *findings, rig_finding *finding, double from_s, double to_s,
                           double value);

/** Free what it owns. */
void rig_findings_clear(rig_findings *findings);

/** How findings about a group of servers are named. */
typedef struct rig_capacity_words {
    rig_finding_kind constantly, window, leak; /**< kinds */
    rig_stage stage;
    const char *unit;    /**< "circuits" */
    const char *blocked; /**< "refusals began" */
    bool is_strict;      /**< also more than expected is a finding (else only fewer) */
    bool is_loss;        /**< who is blocked is lost, and does not wait for a server */
} rig_capacity_words;

/** A machine that stalls looks for a moment like a centre with fewer servers: a capacity that
 * differs for a shorter time than this, on the wire, is no finding (stalls of 0.35 s were seen on a
 * machine with three times as many processes as cores). */
#define RIG_FINDING_SHORTEST_WINDOW_WIRE_S 1.0

/** So many odd calls are no chance yet: more of them make a finding. */
#define RIG_FINDING_FEW 3

/** Turn the segments of a fit into findings: another number, for a time, or a leak. */
void rig_findings_add_capacity(rig_findings *findings, const rig_capacity_fit *fit,
                               uint32_t expected, double time_scale,
                               const rig_capacity_words *words);

/** Each looks at one stage. Lack of memory is left in findings->status. */
void rig_diagnose_trunk(const rig_diagnosis_input *input, const rig_timeline *timeline,
                        rig_findings *findings);
void rig_diagnose_carriers(const rig_diagnosis_input *input, const rig_timeline *timeline,
                           rig_findings *findings);
void rig_diagnose_ivr(const rig_diagnosis_input *input, const rig_timeline *timeline,
                      rig_findings *findings);
void rig_diagnose_queue(const rig_diagnosis_input *input, const rig_timeline *timeline,
                        rig_findings *findings);
void rig_diagnose_priority(const rig_diagnosis_input *input, const rig_timeline *timeline,
                           rig_findings *findings);
void rig_diagnose_skills(const rig_diagnosis_input *input, const rig_timeline *timeline,
                         rig_findings *findings);
void rig_diagnose_emergency(const rig_diagnosis_input *input, const rig_timeline *timeline,
                            rig_findings *findings);
void rig_diagnose_told(const rig_diagnosis_input *input, const rig_timeline *timeline,
                       rig_findings *findings);
void rig_diagnose_agents(const rig_diagnosis_input *input, const rig_timeline *timeline,
                         rig_findings *findings);
void rig_diagnose_reserves(const rig_diagnosis_input *input, const rig_timeline *timeline,
                           rig_findings *findings);
void rig_diagnose_duty(const rig_diagnosis_input *input, const rig_timeline *timeline,
                       rig_findings *findings);
void rig_diagnose_pushed_out(const rig_diagnosis_input *input, const rig_timeline *timeline,
                             rig_findings *findings);
void rig_diagnose_dialling(const rig_diagnosis_input *input, const rig_timeline *timeline,
                           rig_findings *findings);
void rig_diagnose_call_backs(const rig_diagnosis_input *input, const rig_timeline *timeline,
                             rig_findings *findings);
void rig_diagnose_outages(const rig_diagnosis_input *input, const rig_timeline *timeline,
                          rig_findings *findings);

/** Of one group of agents, all on duty: is the queue looked at now and then only?
 * @param busy  These, as the scenario says. @return whether that is among the findings. */
bool rig_diagnose_looks(const rig_scenario *scenario, const rig_timeline *timeline,
                        const rig_holdings *busy, rig_findings *findings);

#endif
