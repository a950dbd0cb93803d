/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/plots/gnuplot.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/child.h"

static const double LONGEST_S = 20.0; /* a script takes a tenth of a second */
static const double END_GRACE_S = 1.0;

rig_status rig_gnuplot_run(const char *folder, const char *script, rig_error *err)
{
    char *log_path;
    if (asprintf(&log_path, "%s/%s.log", folder, script) < 0)
        return rig_fail(err, RIG_ENOMEM, "%s: out of memory", script);
    const char *const argv[] = {"gnuplot", "--default-settings", script, NULL};
    const rig_child_spec spec = {
        .argv = argv, .folder = folder, .stdout_path = log_path, .with_stderr = true};
    rig_child child;
    rig_status status = rig_child_start(&spec, &child, err);
    if (status == RIG_EENV) {
        status =
            rig_fail(err, RIG_EENV, "gnuplot: not found in PATH; install gnuplot-nox (ci/setup)");
    } else if (status == RIG_OK && !rig_child_wait(&child, LONGEST_S)) {
        rig_child_end(&child, END_GRACE_S);
        status = rig_fail(err, RIG_EENV, "gnuplot: %s/%s did not end within %.0f s; see %s", folder,
                          script, LONGEST_S, log_path);
    } else if (status == RIG_OK && child.exit_code != 0) {
        status = rig_fail(err, RIG_EENV, "gnuplot: %s/%s failed (exit code %d); see %s", folder,
                          script, child.exit_code, log_path);
    }
    free(log_path);
    return status;
}

rig_status rig_gnuplot_remove_old(const char *folder, const char *name, rig_error *err)
{
    static const char *const endings[] = {".gp",       ".gp.log",     ".dat",
                                          "-wide.svg", "-narrow.svg", ".png"};
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        char *path;
        if (asprintf(&path, "%s/%s%s", folder, name, endings[i]) < 0)
            return rig_fail(err, RIG_ENOMEM, "plots: out of memory");
        (void)unlink(path);
        free(path);
    }
    return RIG_OK;
}
