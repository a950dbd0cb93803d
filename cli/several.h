/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A command that mpirun has started several times (ranks/ranks.h): one of them shows and writes,
 * the others help it and are silent. */
#ifndef RIG_CLI_SEVERAL_H
#define RIG_CLI_SEVERAL_H

#include <stdbool.h>

#include "ranks/ranks.h"

/**
 * Begin. Does nothing in a process that was started alone. Else all but rank 0 print nothing any
 * more, and what an error says is said once, by rank 0. Call first of all in a command: the process
 * goes on as a child of itself (ranks/guard.h).
 * @param argc, argv      Of the command.
 * @param[out] ranks      NULL alone; else end with rig_several_end.
 * @param[out] exit_code  Written when false is returned.
 * @return whether to go on; else end with exit_code.
 */
bool rig_several_begin(int argc, char **argv, rig_ranks **ranks, int *exit_code);

/**
 * End, when all is printed and written.
 * @return the exit code of all ranks. NULL-safe: exit_code.
 */
int rig_several_end(rig_ranks *ranks, int exit_code);

/** Of a command that cannot share its work: whether this is one of several; said by rank 0.
 * @param[out] exit_code  Written when true is returned. */
bool rig_several_refuse(const char *command, int *exit_code);

#endif
