/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The folder of a run and the names of its files. */
#ifndef RIG_CLI_RUN_DIR_H
#define RIG_CLI_RUN_DIR_H

#include "core/status.h"

/** Paths of one run; fixed room, so that no step can fail on them. */
typedef struct rig_run_dir {
    char dir[1024];
    char scenario[1100], schedule[1100], prediction[1100], play[1100], capture[1100];
    char calls[1100], differences[1100], callers[1100], agents[1100], result[1100], junit[1100],
        report[1100];
    char wire[1100];  /**< what the capture shows of our own side */
    char rules[1100]; /**< only where the built-in ones do not hold */
} rig_run_dir;

/** Fill the paths of a folder, which need not exist. @return RIG_OK, or RIG_EINPUT when too long.
 */
rig_status rig_run_dir_of(const char *dir, rig_run_dir *run, rig_error *err);

/**
 * Make the folder of a new run, with logs/ and plots/, all of mode 0700: files in them have the
 * user's umask, so that one that is copied out can be read.
 * @param out   The folder to make (it must not exist or be empty), or NULL: runs/<UTC>-<name>, with
 *              "-2", "-3".. when it is there already.
 * @return RIG_OK; RIG_EINPUT for a folder that is not empty, or another user's (root takes those of
 *         who called sudo); RIG_EIO.
 */
rig_status rig_run_dir_new(const char *out, const char *name, rig_run_dir *run, rig_error *err);

/** A folder for what is given away: new or empty, one's own, with the user's umask. */
rig_status rig_run_dir_share(const char *out, rig_run_dir *run, rig_error *err);

/** Check that a folder is one of a run: it has a scenario.cfg, and is ours. RIG_EINPUT otherwise.
 */
rig_status rig_run_dir_open(const char *dir, rig_run_dir *run, rig_error *err);

#endif
