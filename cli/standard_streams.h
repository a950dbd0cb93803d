/* Standard input, output and error: there from the start, and at the end the output is all
 * written. For all commands, in one place. */
#ifndef RIG_CLI_STANDARD_STREAMS_H
#define RIG_CLI_STANDARD_STREAMS_H

#include <stdbool.h>

/**
 * Call first of all. A descriptor from 0 to 2 that the program was started without is opened, so
 * that no file of ours takes its number and gets what is printed: reading and printing there fail,
 * messages and progress on standard error go nowhere. From now on a pipe that nobody reads is an
 * error of the write, not the end of the program.
 * @return false when there is no /dev/null to open; said on standard error.
 */
bool rig_standard_streams_begin(void);

/**
 * Call last of all: write what is still held back and close the standard output.
 * @param exit_code  What the program has come to.
 * @return the same; or, when something did not reach the standard output (full disk, closed pipe,
 *         closed descriptor), the exit code of RIG_EIO, and that is said on standard error.
 */
int rig_standard_streams_end(int exit_code);

#endif
