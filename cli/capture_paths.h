/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which captures a command line means: files, folders, and patterns. */
#ifndef RIG_CLI_CAPTURE_PATHS_H
#define RIG_CLI_CAPTURE_PATHS_H

#include <stddef.h>

#include "analyzer/analyzer.h"
#include "cli/options.h"
#include "core/status.h"

/** Paths of captures, and "-". */
typedef struct rig_input_paths {
    char **items;
    size_t n, n_allocated;
} rig_input_paths;

/**
 * Find them. A word that names a file is that file. A folder stands for the captures in it, by
 * their content, in the order of their names; its sub-folders are not looked into, other files are
 * passed over, which is warned of. A word that names nothing and has one of * ? [ is a pattern, as
 * of the shell.
 *
 * @param warn        May be NULL.
 * @param[out] paths  Owned by the caller: rig_input_paths_free, also after an error.
 * @return RIG_OK; RIG_EINPUT naming a folder without captures or a pattern that nothing matches;
 *         RIG_EIO naming a folder that cannot be read; RIG_ENOMEM.
 */
rig_status rig_input_paths_find(const rig_operands *words, rig_analyze_warning warn,
                                rig_input_paths *paths, rig_error *err);

/** Free. Safe on paths that are all 0. */
void rig_input_paths_free(rig_input_paths *paths);

#endif
