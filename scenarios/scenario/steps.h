/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Circuits and ports that come and go in steps: what is wrong with a list of them. Private. */
#ifndef RIG_SCENARIOS_SCENARIO_STEPS_H
#define RIG_SCENARIOS_SCENARIO_STEPS_H

#include "scenarios/scenario/keys.h"

/** Steps rise in time from 0 on, and have something in one of them. @param what  "circuits". */
void rig_steps_check(rig_reader *reader, const rig_setting *at, const rig_line_step *steps,
                     size_t n, const char *what);

/** The greatest number of them. */
uint32_t rig_steps_most(const rig_line_step *steps, size_t n);

#endif
