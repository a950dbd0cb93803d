/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Standard input, output and error: there from the start, and at the end the output is all
 * written. For all commands, in one place. */
#ifndef RIG_CLI_STANDARD_STREAMS_H
#define RIG_CLI_STANDARD_STREAMS_H

#include <stdbool.h>

#include "core/tame.h"

/** What became of them. Must stay where it is until the program ends. */
typedef struct rig_standard_streams {
    int loss; /**< errno of the first thing that did not reach the standard output; 0: none */
    rig_tame output, error; /**< characters that have come in part */
    bool is_error_full;     /**< the standard error took nothing when it was last asked */
} rig_standard_streams;

/**
 * Call first of all. A descriptor from 0 to 2 that the program was started without is opened, so
 * that no file of ours takes its number and gets what is printed: reading and printing there fail,
 * messages and progress on standard error go nowhere. So they do when it is a pipe that is full and
 * that nobody reads: who prints waits for it for a second, once. From now on a pipe that nobody reads is an
 * error of the write, not the end of the program. `stdout` becomes a stream that keeps the reason
 * for the first loss; to a terminal it writes line by line, else when its buffer is full. What is
 * printed to it and to `stderr` is tamed (core/tame.h), wherever it goes: what is piped today is
 * shown by a terminal tomorrow.
 * @param[out] streams  Borrowed until rig_standard_streams_end.
 * @return false when there is no /dev/null to open, or no memory; said on standard error.
 */
bool rig_standard_streams_begin(rig_standard_streams *streams);

/**
 * Call last of all: write what is still held back and close the standard output; nothing may be
 * printed to it any more.
 * @param exit_code  What the program has come to.
 * @return the same; or, when something did not reach the standard output (full disk, closed pipe,
 *         closed descriptor), the exit code of RIG_EIO; that and the reason are said on standard
 *         error.
 */
int rig_standard_streams_end(rig_standard_streams *streams, int exit_code);

#endif
