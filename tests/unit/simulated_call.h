/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A simulated call, as the analyzer would tell it. */
#ifndef RIG_TESTS_UNIT_SIMULATED_CALL_H
#define RIG_TESTS_UNIT_SIMULATED_CALL_H

#include <math.h>

#include "core/call.h"
#include "core/clock.h"
#include "models/centre.h"

static int64_t simulated_ns(double s)
{
    return isnan(s) ? RIG_NO_TIME : rig_clock_ns_of_s(s);
}

/** Of one ring at most. @param row  Of the schedule. */
static rig_call simulated_call(size_t row, double arrival_s, rig_outcome fate,
                               const rig_call_instants *at)
{
    const bool is_rung = !isnan(at->ring_s);
    const bool is_by_caller = fate == RIG_OUTCOME_LOST_QUEUE || fate == RIG_OUTCOME_LOST_AGENT ||
                              fate == RIG_OUTCOME_SERVED;
    return (rig_call){.planned_index = (int64_t)row,
                      .t_invite_ns = simulated_ns(arrival_s),
                      .t_provisional_ns = RIG_NO_TIME,
                      .t_menu_ns = RIG_NO_TIME,
                      .t_answer_ns = simulated_ns(at->port_s),
                      .t_queue_ns = simulated_ns(at->queue_s),
                      .t_first_ring_ns = simulated_ns(at->ring_s),
                      .t_agent_ring_ns = simulated_ns(at->ring_s),
                      .t_agent_answer_ns = simulated_ns(at->talk_s),
                      .t_end_ns = simulated_ns(at->end_s),
                      .answered = !isnan(at->port_s),
                      .n_legs = is_rung ? 2 : 1,
                      .n_phones_at_once = is_rung,
                      .final_code = fate == RIG_OUTCOME_LOST_TRUNK ? 503 : 200,
                      .bye = is_by_caller ? RIG_BYE_CALLER : RIG_BYE_NONE,
                      .outcome = fate};
}

#endif
