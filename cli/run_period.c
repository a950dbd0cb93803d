/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/run_period.h"

#include <stdio.h>
#include <string.h>

#include "cli/console.h"
#include "core/atomic_file.h"
#include "reports/period_html.h"

static rig_status write_page(const rig_history_runs *runs, rig_history_by by, const char *path,
                             rig_error *err)
{
    rig_atomic_file *file = NULL;
    rig_status status = rig_atomic_file_new(path, &file, err);
    if (status != RIG_OK)
        return status;
    status =
        rig_report_period_html(runs, by, rig_console_language(), rig_atomic_file_stream(file), err);
    if (status == RIG_OK)
        return rig_atomic_file_commit(file, err);
    rig_atomic_file_abandon(file);
    return status;
}

rig_status rig_run_period(const rig_run_choice *choice, rig_history_by by, const char *path,
                          rig_error *err)
{
    rig_history_runs runs = {.n = 0};
    rig_status status = rig_run_choice_load(choice, true, &runs, err);
    if (status == RIG_OK && runs.n == 0)
        status =
            rig_fail(err, RIG_EINPUT, "%s: no such run; `peakrig history` lists those there are",
                     rig_run_choice_file(choice));
    if (status == RIG_OK)
        status = write_page(&runs, by, path, err);
    if (status == RIG_OK && strcmp(path, "-") != 0)
        printf("%s\n", path);
    rig_history_runs_clear(&runs);
    return status;
}
