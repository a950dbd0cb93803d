/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What all formulas of queues share. */
#ifndef RIG_CLI_ERLANG_WAIT_H
#define RIG_CLI_ERLANG_WAIT_H

#include "cli/erlang/formula.h"

/** The goals that every queue knows; of them and the formula's own one may be given. */
#define RIG_CALC_GOALS                                                                             \
    RIG_CALC_USE(SERVICE_LEVEL, GOAL), RIG_CALC_USE(P_WAIT, GOAL), RIG_CALC_USE(MEAN_WAIT, GOAL)

/** The goal into one; the traffic from calls a minute. */
void rig_calc_fit_queue(rig_calc_reader *reader, rig_calc_values *values);

#endif
