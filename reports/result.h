/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All that is known of one judged run: what result.json is made of. */
#ifndef RIG_REPORTS_RESULT_H
#define RIG_REPORTS_RESULT_H

#include "scenarios/scenario.h"
#include "verdict/join.h"
#include "verdict/observed.h"
#include "verdict/verdict.h"
#include "core/call.h"
#include "core/digest.h"
#include "verdict/hosts.h"
#include "verdict/lateness.h"
#include "verdict/play_facts.h"

/** SHA-256 of the files that a verdict rests on; "" = no such file. */
typedef struct rig_result_inputs {
    char scenario[RIG_SHA256_TEXT_SIZE];
    char schedule[RIG_SHA256_TEXT_SIZE];
    char calls[RIG_SHA256_TEXT_SIZE];
    char play[RIG_SHA256_TEXT_SIZE];
    char capture[RIG_SHA256_TEXT_SIZE];
    const char *changed[5]; /**< names of those that are not what was played or written, and were
                                 judged by force; static */
    size_t n_changed;
} rig_result_inputs;

/** Everything borrowed; must outlive the use. */
typedef struct rig_result {
    const rig_scenario *scenario;
    const rig_result_inputs *inputs;
    const rig_schedule *schedule;
    const rig_play_facts *play;
    const rig_calls *calls;
    const rig_join *join;
    const rig_observed *observed;
    const rig_hosts *hosts; /**< NULL or none: played on one */
    const rig_lateness *lateness;
    const double *lateness_ms; /**< of each placed call, for the histogram */
    size_t n_lateness;
    const rig_delays *delays;
    size_t n_odd_durations;
    const rig_prediction *prediction;
    const rig_diagnosis *diagnosis;
    const rig_verdict *verdict;
} rig_result;

#endif
