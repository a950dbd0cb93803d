/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Captures that are read more than once: the standard input is put aside first. */
#ifndef RIG_CLI_ANALYZE_INPUT_H
#define RIG_CLI_ANALYZE_INPUT_H

#include "cli/capture_paths.h"
#include "core/status.h"

/** Most bytes of the standard input that are put aside. */
#define RIG_INPUT_MAX_BYTES (UINT64_C(1) << 30)

/** Captures by names that can be opened again and again. */
typedef struct rig_input {
    const char **items; /**< borrowed, but for the one below */
    size_t n;
    int fd;        /**< of a file without a name in the folder of $TMPDIR, or -1 */
    char path[64]; /**< by which it can be opened */
} rig_input;

/**
 * Put the standard input aside, if it is among the captures.
 * @param[out] input  End it with rig_input_close, also after an error.
 * @return RIG_OK; RIG_EINPUT when it has more than RIG_INPUT_MAX_BYTES; RIG_EIO.
 */
rig_status rig_input_open(const rig_input_paths *captures, rig_input *input, rig_error *err);

/** The file goes. */
void rig_input_close(rig_input *input);

#endif
