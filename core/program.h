/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Finding programs: once, by an absolute path, where nobody else can have put one. */
#ifndef RIG_CORE_PROGRAM_H
#define RIG_CORE_PROGRAM_H

#include "core/status.h"

/**
 * Find a program.
 *
 * @param name  A path (with '/'; relative to the working folder of now), or a name that is looked
 *              up in PATH. Relative and empty entries of PATH are passed over; when we are root,
 *              so are folders and programs that somebody else than root can write.
 * @param[out] found  Its absolute path. Heap; the caller frees. Untouched on error.
 * @return RIG_OK; RIG_EENV naming it when there is none; RIG_ENOMEM.
 */
rig_status rig_program_find(const char *name, char **found, rig_error *err);

#endif
