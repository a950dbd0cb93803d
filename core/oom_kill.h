/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether the kernel has ended processes because memory ran out.
 *
 * Such a process is ended by SIGKILL (signal 9) and can say nothing itself; the kernel's log names
 * it, and is not for everybody to read. /proc/vmstat counts them since the start of the host, those
 * of control groups included (since Linux 4.13). The count is the host's, of all its
 * containers: it says that one was ended meanwhile, not which. */
#ifndef RIG_CORE_OOM_KILL_H
#define RIG_CORE_OOM_KILL_H

#include <stdint.h>

/** Processes ended so far. @return 0 where it is not known. */
uint64_t rig_oom_kills(void);

/**
 * The same, of another file in the form of /proc/vmstat: lines "NAME NUMBER".
 */
uint64_t rig_oom_kills_of(const char *path);

#endif
