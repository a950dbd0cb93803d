/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/one_call.h"

#include <dirent.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/file_target.h"

/* Wire time. */
static const double PATIENCE_S = 30.0, RING_S = 0.3;

void rig_one_call_make(rig_run_setup *setup, bool caller_hangs_up)
{
    const double scale = setup->scenario->time_scale;
    double ring_s = RING_S * scale;
    for (size_t i = 0; i < setup->scenario->n_agents; i++)
        ring_s = fmin(ring_s, 0.5 * setup->scenario->agents[i].ring_timeout_s);
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

void rig_one_call_remove_folder(const char *folder)
{
    DIR *dir = opendir(folder);
    if (dir == NULL)
        return;
    for (const struct dirent *entry = readdir(dir); entry != NULL; entry = readdir(dir)) {
        if (unlinkat(dirfd(dir), entry->d_name, 0) != 0 && strcmp(entry->d_name, "logs") == 0) {
            char logs[1200];
            (void)snprintf(logs, sizeof logs, "%s/logs", folder);
            rig_one_call_remove_folder(logs);
        }
    }
    (void)closedir(dir);
    (void)rmdir(folder);
}

rig_status rig_one_call_folder(rig_run_dir *run, rig_error *err)
{
    char folder[900], logs[1100];
    (void)snprintf(folder, sizeof folder, "%s/peakrig-probe-XXXXXX", rig_file_temporary_folder());
    if (mkdtemp(folder) == NULL)
        return rig_fail(err, RIG_EIO, "%s: cannot make the folder: %s", folder, strerror(errno));
    (void)snprintf(logs, sizeof logs, "%s/logs", folder);
    if (mkdir(logs, 0700) != 0)
        return rig_fail(err, RIG_EIO, "%s: cannot make the folder: %s", logs, strerror(errno));
    return rig_run_dir_of(folder, run, err);
}
