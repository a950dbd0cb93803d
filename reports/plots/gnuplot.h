/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Running gnuplot. */
#ifndef RIG_REPORTS_PLOTS_GNUPLOT_H
#define RIG_REPORTS_PLOTS_GNUPLOT_H

#include "core/status.h"

/**
 * Run `gnuplot SCRIPT` in a folder, without a shell and without the user's start-up files, and wait
 * for its end. What it prints goes to FOLDER/SCRIPT.log.
 * @param script  Name of a file in the folder.
 * @return RIG_OK; RIG_EENV when gnuplot is not in PATH, or naming the log when it fails; RIG_EIO
 *         for the log; RIG_ENOMEM.
 */
rig_status rig_gnuplot_run(const char *folder, const char *script, rig_error *err);

/** Remove what an earlier run has left in a folder under a name: a picture of it must not be taken for
 * one of this. Most often there is none. @return RIG_OK or RIG_ENOMEM. */
rig_status rig_gnuplot_remove_old(const char *folder, const char *name, rig_error *err);

#endif
