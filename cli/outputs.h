/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The output options of a command: looked at together, before anything is done. */
#ifndef RIG_CLI_OUTPUTS_H
#define RIG_CLI_OUTPUTS_H

#include <stdbool.h>
#include <stddef.h>

#include "core/status.h"
#include "scenarios/scenario.h"

/** Most outputs and inputs of one command that are looked at together. */
#define RIG_MAX_OUTPUTS 16

/** An output as the command line names it. */
typedef struct rig_output {
    const char *option;       /**< "--calls" */
    const char *path;         /**< NULL: not asked for */
    const char *const *names; /**< files that are written in the folder `path`, to a NULL; NULL:
                                 `path` is a file */
} rig_output;

/** A list of files that are read; borrowed. */
typedef struct rig_output_inputs {
    const char *const *items;
    size_t n;
} rig_output_inputs;

/**
 * Refuse what would lose something: an output that is read too (by device and inode, so under any
 * name), two outputs that are one file, a second document on standard output, a file where nothing
 * can be written.
 *
 * @param outputs        At most RIG_MAX_OUTPUTS.
 * @param has_document   Something else has the standard output: --json.
 * @param lists          The files that are read, in several lists.
 * @param[out] is_taken  An output goes to standard output: nothing else may be printed there.
 * Untouched on error.
 * @return RIG_OK; RIG_EINPUT naming the option; RIG_EIO naming the file; RIG_ENOMEM.
 */
rig_status rig_outputs_check(const rig_output *outputs, size_t n, bool has_document,
                             const rig_output_inputs *lists, size_t n_lists, bool *is_taken,
                             rig_error *err);

/** The same of the one output (a file; NULL: none) of a command that reads a scenario. */
rig_status rig_outputs_of_scenario(const char *option, const char *path, bool has_document,
                                   const rig_scenario *scenario, bool *is_taken, rig_error *err);

#endif
