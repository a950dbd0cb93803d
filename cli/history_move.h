/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A history carried elsewhere: JSON Lines, and folders of runs. */
#ifndef RIG_CLI_HISTORY_MOVE_H
#define RIG_CLI_HISTORY_MOVE_H

#include "cli/history_choice.h"

/** Write the runs that are chosen, a line each (docs/history.md). @param path  "-": the standard
 * output. */
rig_status rig_carry_export(const rig_run_choice *choice, const char *path, rig_error *err);

/** Take such a file in, all of it or nothing; say how many. The history is made when it is not
 * there. @param path  "-": the standard input. @return RIG_EINPUT with "FILE:LINE" for a line that
 * is no run. */
rig_status rig_carry_import(const rig_run_choice *choice, const char *path, rig_error *err);

/** Take in the runs of folders that were judged, all or none: into --history, else into the history
 * beside the first of them. */
rig_status rig_carry_folders(const rig_run_choice *choice, const char *const *folders, size_t n,
                             rig_error *err);

#endif
