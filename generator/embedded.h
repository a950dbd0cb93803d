/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The embedded call centre as a child process. */
#ifndef RIG_GENERATOR_EMBEDDED_H
#define RIG_GENERATOR_EMBEDDED_H

#include <stddef.h>
#include <stdint.h>

#include "core/privilege.h"
#include "core/status.h"
#include "core/stop.h"

/** A running target; opaque. */
typedef struct rig_embedded rig_embedded;

/**
 * Start a target and wait until it is ready: until its standard output says "ready HOST PORT .." on
 * a line of its own (other lines before it are skipped). Of what it prints afterwards the lines
 * "offered N" are read: rig_embedded_offered.
 *
 * @param argv         NULL-terminated, such as {"/proc/self/exe", "target", SCENARIO, NULL}.
 * @param folder       Its working folder; NULL = ours.
 * @param run_as       As whom it runs; NULL = as ourselves.
 * @param stderr_path  File for its standard error; NULL = /dev/null.
 * @param timeout_s    For becoming ready.
 * @param stop         Checked while waiting; may be NULL.
 * @param[out] process Owned by the caller: rig_embedded_free. Untouched on error.
 * @return RIG_OK; RIG_EENV when it cannot be executed, ends or does not become ready (the message
 *         has the last line of its standard error); RIG_ECANCELLED; RIG_EIO; RIG_ENOMEM.
 */
rig_status rig_embedded_new(const char *const *argv, const char *folder, const rig_run_as *run_as,
                            const char *stderr_path, double timeout_s, const rig_stop *stop,
                            rig_embedded **process, rig_error *err);

/** Where it listens, as it said: an IPv4 or IPv6 address. Owned by the process. */
const char *rig_embedded_host(const rig_embedded *process);

/** Its SIP ports, as it said: one, or that of each carrier. Owned by the process. @param[out] n  >=
 * 1, at most RIG_MAX_GROUPS. */
const uint16_t *rig_embedded_ports(const rig_embedded *process, size_t *n);

/**
 * Check that it still runs.
 * @return RIG_OK, or RIG_EENV with its exit code and the last line of its standard error.
 */
rig_status rig_embedded_check(rig_embedded *process, rig_error *err);

/** How long it has been stopped by a signal (SIGSTOP, a debugger), as it is seen now, s; 0: it
 * runs. To be asked some times a second. */
double rig_embedded_stopped_s(rig_embedded *process);

/**
 * Calls that it was offered, as it said last ("offered N", about once a second): some may have come
 * since. @return 0: it has said nothing.
 */
uint64_t rig_embedded_offered(rig_embedded *process);

/** End it (SIGTERM; SIGKILL after 3 s), reap it and free. NULL-safe. @return its exit code. */
int rig_embedded_free(rig_embedded *process);

#endif
