/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The verdict of a run as the comment of a merge request. */
#ifndef RIG_CLI_RUN_MARKDOWN_H
#define RIG_CLI_RUN_MARKDOWN_H

#include "cli/run_dir.h"
#include "cli/run_files.h"

/**
 * Write reports/markdown.h of a run's result.json.
 * @param path  No file of the run; "-": the standard output.
 * @param link  As there, or NULL.
 * @return RIG_OK; RIG_EINPUT for a file of the run, a link that is none, a result that is none;
 *         RIG_EIO naming the path; RIG_ENOMEM.
 */
rig_status rig_run_markdown(const rig_run_dir *run, rig_run_files_names names, const char *path,
                            const char *link, rig_error *err);

#endif
