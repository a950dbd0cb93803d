/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/one_call.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "core/temporary.h"

/* Wire time. */
static const double PATIENCE_S = 30.0, RING_S = 0.3;

void rig_one_call_make(rig_run_setup *setup, bool caller_hangs_up)
{
    const double scale = setup->scenario->time_scale;
    double ring_s = RING_S * scale;
    for (size_t i = 0; i < setup->scenario->n_agents; i++) {
        rig_agent_group *group = &setup->scenario->agents[i];
        ring_s = fmin(ring_s, 0.5 * group->ring_timeout_s);
        rig_dist_clear(&group->talk); /* the call's own talk holds, whoever answers */
        group->talk = (rig_dist){.mean_s = 0.0};
    }
    rig_planned_call *call = &setup->schedule->calls[0];
    setup->schedule->n = 1;
    setup->schedule->n_redials = 0;
    *call = (rig_planned_call){.number = call->number,
                               .patience_answer_s = PATIENCE_S * scale,
                               .patience_queue_s = PATIENCE_S * scale,
                               .patience_ringing_s = PATIENCE_S * scale,
                               .self_service_s = -1.0,
                               .talk_s = RIG_ONE_CALL_TALK_S * scale,
                               .caller_hangs_up = caller_hangs_up};
    for (size_t i = 0; i < RIG_N_RING_ATTEMPTS; i++)
        call->ring_s[i] = ring_s;
}

rig_status rig_one_call_folder(rig_run_dir *run, rig_error *err)
{
    char folder[RIG_TEMPORARY_SIZE], logs[RIG_TEMPORARY_SIZE + 8];
    rig_status status = rig_temporary_make("probe", folder, err);
    if (status != RIG_OK)
        return status;
    (void)snprintf(logs, sizeof logs, "%s/logs", folder);
    status = mkdir(logs, 0700) == 0
                 ? rig_run_dir_of(folder, run, err)
                 : rig_fail(err, RIG_EIO, "%s: cannot make the folder: %s", logs, strerror(errno));
    if (status != RIG_OK)
        rig_temporary_remove(folder);
    return status;
}
