/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A simulated centre's calls as a capture of them would be: for tests of the diagnosis. */
#ifndef RIG_TESTS_UNIT_SIMULATED_RUN_H
#define RIG_TESTS_UNIT_SIMULATED_RUN_H

#include <math.h>
#include <stdlib.h>

#include "core/clock.h"
#include "scenarios/scenario.h"
#include "tests/test.h"
#include "verdict/diagnosis.h"

/** An instant of scenario time on the wire. NAN: RIG_NO_TIME. */
static inline int64_t ns_of(const rig_scenario *s, double t_s)
{
    return isnan(t_s) ? RIG_NO_TIME : RIG_NS_PER_S * 1000 + rig_clock_ns_of_s(t_s / s->time_scale);
}

/** Diagnose a run, and print what is found. @param items  A call for each row of the schedule; they
 * are freed. @return rig_diagnosis_free. */
static inline rig_diagnosis *diagnose_run(const rig_scenario *s, const rig_schedule *schedule,
                                          rig_call *items)
{
    const rig_calls calls = {.items = items, .n = schedule->n};
    const rig_diagnosis_input input = {
        .scenario = s, .calls = &calls, .start_epoch_ns = ns_of(s, 0.0), .schedule = schedule};
    rig_diagnosis *diagnosis = NULL;
    rig_error err = {.text = ""};
    if (rig_diagnose(&input, &diagnosis, &err) != RIG_OK)
        fail_msg("%s", err.text);
    for (size_t i = 0; i < diagnosis->n_findings; i++)
        print_message("%s: %s\n", rig_finding_kind_name(diagnosis->findings[i].kind),
                      diagnosis->findings[i].text);
    free(items);
    return diagnosis;
}

#endif
