/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A process that does nothing but see how the rank ends, so that one that is killed (by the kernel,
 * for want of memory, say) or crashes is told, and ends with an exit code of ours: mpirun passes on
 * the exit code of the process that it started, and that of a killed one is 128 + its signal. */
#ifndef RIG_RANKS_GUARD_H
#define RIG_RANKS_GUARD_H

#include <stdbool.h>

#include "core/status.h"

/** How a guarded process ended. */
typedef struct rig_guard_end {
    bool is_guard; /**< this is the guard, and the other has ended; else this is the other */
    int exit_code; /**< of the guarded process, where no signal ended it */
    int signal;    /**< or that signal; else 0 */
    long pid;      /**< of the guarded process */
    bool was_let;  /**< a signal ended it, and the others went on without it */
} rig_guard_end;

/**
 * Go on in a child process and wait for its end. SIGINT, SIGTERM and SIGHUP are passed on to it; it
 * does not outlive its guard. Call before there are threads, and before anything is printed.
 * @param[out] end  In the child it is all 0, and returned at once; in the guard at its end.
 * @return RIG_OK; RIG_EENV: no process can be made.
 */
rig_status rig_guard(rig_guard_end *end, rig_error *err);

/**
 * From now on the end of this process by a signal is not everybody's: its guard stays until mpirun
 * ends it, so that mpirun lets the others go on. Nothing where there is no guard.
 */
void rig_guard_let_others_go_on(void);

#endif
