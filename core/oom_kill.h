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

/** How many there were at an instant, and since when they are counted. */
typedef struct rig_oom_mark {
    char boot[40]; /**< which start of the host (boot_id of random(4)); "" = not known */
    uint64_t n_kills;
} rig_oom_mark;

/** As it is now. */
void rig_oom_mark_now(rig_oom_mark *mark);

/** Processes ended between two marks. @return 0 also where the host was started anew between them,
 * or one of them is not known. */
uint64_t rig_oom_kills_between(const rig_oom_mark *before, const rig_oom_mark *after);

/**
 * The same, of another file in the form of /proc/vmstat: lines "NAME NUMBER".
 */
uint64_t rig_oom_kills_of(const char *path);

#endif
