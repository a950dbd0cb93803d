/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A scenario made in memory: constant durations, one of everything; tests change what they need. */
#ifndef RIG_TESTS_SMALL_SCENARIO_H
#define RIG_TESTS_SMALL_SCENARIO_H

#include "scenarios/scenario.h"

/** Room for one; the scenario points into it. Do not free; do not move. */
typedef struct small_scenario {
    rig_scenario scenario;
    rig_rate_point rate[1];
    rig_trunk_group trunks[1];
    rig_agent_group agents[1];
} small_scenario;

/** 60 s of 60 calls a minute; 10 circuits and ports, no menu; 10 agents who answer at once. */
static inline rig_scenario *small_scenario_make(small_scenario *room)
{
    const rig_dist zero = {.kind = RIG_DIST_CONSTANT, .mean_s = 0.0};
    const rig_dist hour = {.kind = RIG_DIST_CONSTANT, .mean_s = 3600.0};
    const rig_dist ten = {.kind = RIG_DIST_CONSTANT, .mean_s = 10.0};
    *room = (small_scenario){
        .rate = {{0.0, 60.0}},
        .trunks = {{.n_circuits = 10}},
        .agents = {
            {.n_agents = 10, .ring = zero, .ring_timeout_s = 1e6, .rest_s = 1.0, .wrap_up = zero}}};
    room->scenario = (rig_scenario){
        .path = (char *)"small.cfg",
        .name = (char *)"small",
        .description = (char *)"",
        .seed = 1,
        .time_scale = 1.0,
        .interval_s = 10.0,
        .traffic = {.duration_s = 60.0, .rate = room->rate, .n_rate = 1},
        .callers = {.first_number = 1000,
                    .dial = (char *)"785",
                    .patience_answer = hour,
                    .patience_queue = hour,
                    .patience_ringing = hour,
                    .talk = ten,
                    .p_caller_hangs_up = 0.5},
        .trunks = room->trunks,
        .n_trunks = 1,
        .ivr = {.n_ports = 10, .menu = zero, .self_service = zero},
        .agents = room->agents,
        .n_agents = 1,
        .gate = {.n_replays = 999, .max_lateness_p99_ms = 20.0},
        .target = {.host = (char *)"embedded", .is_scalable = true},
        .limits = {.max_calls = 10000000, .max_rate_per_s = 1e6, .max_run_s = 1e6},
    };
    for (int s = 0; s < RIG_N_STAGES; s++)
        room->scenario.gate.margin[s] = (rig_margin){.margin_pp = 0.1, .margin_share = 0.10};
    return &room->scenario;
}

#endif
