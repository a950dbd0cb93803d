/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/gnuplot_check.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/child.h"
#include "core/program.h"

static const double LONGEST_S = 10.0; /* it takes a tenth of a second */
static const double END_GRACE_S = 1.0;

rig_status rig_gnuplot_check(char *path, size_t size, rig_error *err)
{
    char *found = NULL;
    rig_status status = rig_program_find("gnuplot", &found, err);
    if (status == RIG_EENV)
        return rig_fail(err, RIG_EENV, "gnuplot: not found in PATH");
    if (status != RIG_OK)
        return status;
    const char *const argv[] = {found, "--default-settings", "-e",
                                "set terminal svg; set terminal pngcairo", NULL};
    const rig_child_spec spec = {.argv = argv};
    rig_child child;
    status = rig_child_start(&spec, &child, err);
    if (status == RIG_OK && !rig_child_wait(&child, LONGEST_S)) {
        rig_child_end(&child, END_GRACE_S);
        status = rig_fail(err, RIG_EENV, "%s: did not end within %.0f s", found, LONGEST_S);
    } else if (status == RIG_OK && child.exit_code != 0) {
        status = rig_fail(err, RIG_EENV, "%s: cannot draw svg and pngcairo (exit code %d)", found,
                          child.exit_code);
    }
    if (status == RIG_OK)
        (void)snprintf(path, size, "%s", found);
    free(found);
    return status;
}
