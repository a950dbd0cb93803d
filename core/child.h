/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Child processes that never outlive us: SIPp workers, the embedded target, gnuplot.
 *
 * A child gets SIGKILL when the thread that started it ends (prctl PR_SET_PDEATHSIG), so start
 * children from a thread that outlives them. Each child is in a process group of its own, so that
 * a terminal's Ctrl-C reaches only us. When a program has privileges of its own file (setcap,
 * set-user-ID), the kernel forgets the signal: such a program must bind itself
 * (rig_child_bind_to_parent), or be refused. */
#ifndef RIG_CORE_CHILD_H
#define RIG_CORE_CHILD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "core/privilege.h"
#include "core/status.h"

/** What to start, and how. */
typedef struct rig_child_spec {
    const char *const
        *argv;          /**< NULL-terminated; argv[0] is a path, or a name (rig_program_find) */
    const char *folder; /**< working folder; NULL = ours */
    const char
        *stdout_path; /**< file for its standard output (relative to ours); NULL = /dev/null */
    const char *stderr_path;  /**< file for its standard error; NULL = /dev/null */
    bool with_stderr;         /**< its standard error goes where its standard output goes */
    int stdout_fd;            /**< > 0: standard output goes there instead of to stdout_path */
    int kept_fd;              /**< > 0: passed on as descriptor RIG_CHILD_KEPT_FD */
    const rig_run_as *run_as; /**< as whom it runs; NULL = as ourselves */
} rig_child_spec;

/** As which descriptor a child has rig_child_spec.kept_fd. */
#define RIG_CHILD_KEPT_FD 4

/** A started child. Zeroed: none. */
typedef struct rig_child {
    pid_t pid;                /**< 0: never started */
    bool is_running;          /**< started and not yet reaped */
    int exit_code;            /**< once reaped: exit status, or 128 + signal */
    int64_t stopped_since_ns; /**< CLOCK_MONOTONIC; 0: it is not seen stopped */
    uint64_t oom_kills;       /**< rig_oom_kills at its start; once reaped: how many since */
} rig_child;

/**
 * Start a program. Standard input is /dev/null; no other descriptor but kept_fd is passed on. It
 * has no capability, and can get none (rig_privilege_leave_all). A relative path is taken from our
 * folder, not from spec->folder.
 * @param[out] child  Untouched on error.
 * @return RIG_OK; RIG_EENV naming the program and the reason when it cannot be executed; RIG_EIO
 *         for a file that cannot be opened; RIG_ENOMEM.
 */
rig_status rig_child_start(const rig_child_spec *spec, rig_child *child, rig_error *err);

/**
 * In a child: be killed when its parent ends, or end at once when that has happened already.
 * @param parent  Its process id.
 */
void rig_child_bind_to_parent(pid_t parent);

/** Reap it if it has ended. @return whether it has ended (or was never started). */
bool rig_child_has_ended(rig_child *child);

/** The signal that an exit code tells of: 128 and more; 254 and 255 are programs' own. @return 0:
 * none. */
int rig_child_signal_of(int exit_code);

/**
 * Who killed it, where that is known: words to stand behind "killed by signal 9".
 * @return static; "" when it was another signal, or nobody knows.
 */
const char *rig_child_killer(const rig_child *child);

/**
 * How long it has been stopped by a signal (SIGSTOP, a debugger), as it is seen now; to be asked
 * some times a second.
 * @return s; 0: it is not stopped, or was not yet for long.
 */
double rig_child_stopped_s(rig_child *child);

/** Wait until it has ended, reaping it, timeout_s at most. @return whether it has ended. */
bool rig_child_wait(rig_child *child, double timeout_s);

/** Send a signal, if it runs; SIGKILL also to what it has started itself (a script's programs). */
void rig_child_signal(const rig_child *child, int signal_number);

/** End it in every case: SIGTERM, then SIGKILL after grace_s; reaped on return. NULL-safe. */
void rig_child_end(rig_child *child, double grace_s);

/**
 * The last line with something in it of a file, such as a child's standard error: for messages.
 * @param[out] line  size bytes; cut to fit; "" when there is none.
 */
void rig_child_last_line(const char *path, char *line, size_t size);

#endif
