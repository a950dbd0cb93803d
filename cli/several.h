/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A command that mpirun has started several times (ranks/ranks.h): one of them shows and writes,
 * the others help it and are silent. */
#ifndef RIG_CLI_SEVERAL_H
#define RIG_CLI_SEVERAL_H

#include <stdbool.h>

#include "ranks/ranks.h"

/**
 * Do the work of a command. In a process that was started alone nothing more is done. Else the
 * process goes on as a child of itself (ranks/guard.h), all but rank 0 print nothing any more, and
 * what an error says is said once, by rank 0.
 * @param argc, argv  Of the command.
 * @param work        Returns an exit code, when all is printed and written. Its ranks: NULL alone.
 * @return the exit code of all ranks.
 */
int rig_several_run(int argc, char **argv, int (*work)(int argc, char **argv, rig_ranks *ranks));

/** Of a command that cannot share its work: whether this is one of several; said by rank 0.
 * @param[out] exit_code  Written when true is returned. */
bool rig_several_refuse(const char *command, int *exit_code);

#endif
