/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a run would do, without doing it: the plan, and whether SIPp takes it. */
#ifndef RIG_CLI_PREFLIGHT_H
#define RIG_CLI_PREFLIGHT_H

#include "cli/run_setup.h"

/** What is printed. */
typedef enum rig_preflight_form {
    RIG_PREFLIGHT_TEXT = 0,
    RIG_PREFLIGHT_JSON,        /**< one JSON document */
    RIG_PREFLIGHT_BEFORE_PROBE /**< text; a call is placed next */
} rig_preflight_form;

/**
 * Let SIPp read all that it would play, and print the plan: calls, rate, calls at once, workers,
 * duration, bandwidth. No call is placed and no packet is sent to the target.
 * @param n_workers  Of the command line; 0 = as the scenario says.
 */
rig_status rig_preflight(const rig_run_setup *setup, uint32_t n_workers, rig_preflight_form form,
                         rig_error *err);

#endif
