/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What of a run may be given away. */
#ifndef RIG_CLI_RUN_SHARE_H
#define RIG_CLI_RUN_SHARE_H

#include "cli/run_dir.h"
#include "core/status.h"

/**
 * Write into a folder, with pseudonyms for all that names a machine or a caller, the same ones in
 * every file, and whatever the centre was: result.json, junit.xml, calls.csv, differences.csv,
 * report.html with its ladders, plots/.
 * @param dir       A new or empty folder. It is made with the user's umask: others are to read it.
 * @param key_file  Its first line is the key of the pseudonyms; NULL: a random one.
 * @return RIG_OK; RIG_EINPUT for a folder that is neither; RIG_EENV where gnuplot is missing (all
 *         else is written); as rig_mask_new_from_file; RIG_EIO; RIG_ENOMEM.
 */
rig_status rig_run_share(const rig_run_dir *run, const char *dir, const char *key_file,
                         rig_error *err);

#endif
