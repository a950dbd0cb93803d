/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The file of a history: SQLite, in WAL mode, so that two runs that end at once both get in and one
 * that is killed leaves it whole. Its schema has a version (user_version): an older file is brought
 * up to date when it is written to, a newer one is refused and left as it is. */
#ifndef RIG_HISTORY_STORE_H
#define RIG_HISTORY_STORE_H

#include <stdbool.h>

#include "history/run.h"

/** The schema that this program writes. */
#define RIG_HISTORY_SCHEMA 2

/** An open history; opaque. */
typedef struct rig_history rig_history;

/** What it is opened for. */
typedef enum rig_history_use {
    RIG_HISTORY_READ,  /**< nothing of it is changed; it must be there. A file of an older schema is
                            read through a copy in memory; a file in a folder that is read-only, too,
                            as long as no other program has it open */
    RIG_HISTORY_WRITE, /**< it is made when it is not there (mode 0600) */
    RIG_HISTORY_WRITE_OWN /**< the same of a file that nobody has named: one of another user, or a
                               symbolic link, is refused */
} rig_history_use;

/**
 * Open.
 * @param wait_s  How long to wait for others who write, s.
 * @param[out] history  Owned by the caller: rig_history_close. Untouched on error.
 * @return RIG_OK; RIG_EINPUT for a file that is not there (READ), no history, damaged, or of a
 * newer schema; RIG_EIO when it cannot be opened or written, or stays locked; RIG_ENOMEM. Messages
 *         name the path.
 */
rig_status rig_history_open(const char *path, rig_history_use use, double wait_s,
                            rig_history **history, rig_error *err);

/** NULL-safe. */
void rig_history_close(rig_history *history);

/** What became of a run that was put in. */
typedef enum rig_history_put {
    RIG_HISTORY_ADDED = 0,
    RIG_HISTORY_RENEWED,  /**< it was there, judged earlier: replaced */
    RIG_HISTORY_UNCHANGED /**< it was there, judged at the same instant or later: left */
} rig_history_put;

/**
 * Put a run in, whole or not at all, and on the disk when this returns.
 * @param[out] put  May be NULL.
 * @return RIG_OK; RIG_EIO (full disk, read-only, locked); RIG_EINPUT when the file is damaged;
 *         RIG_ENOMEM. On error the history is as before.
 */
rig_status rig_history_add(rig_history *history, const rig_history_run *run, rig_history_put *put,
                           rig_error *err);

/** Several, all or none. @param[out] n  How many of each; RIG_HISTORY_UNCHANGED + 1 of them. */
rig_status rig_history_add_all(rig_history *history, const rig_history_runs *runs, size_t n[3],
                               rig_error *err);

/** Which runs. Zeroed: all. Texts are borrowed; NULL: any. */
typedef struct rig_history_filter {
    const char *id;       /**< begins so */
    const char *scenario; /**< its name */
    const char *judgement;
    const char *const *labels; /**< "key=value" each; all must fit */
    size_t n_labels;
    bool has_since, has_until;
    int64_t since_ms, until_ms; /**< start at or after, before; ms since the epoch */
    uint32_t limit;             /**< the latest so many; 0: all */
    bool with_calls;            /**< load rig_history_run.calls, too */
} rig_history_filter;

/**
 * Load runs, earliest first.
 * @param[out] runs  Owned by the caller: rig_history_runs_clear. Untouched on error.
 * @return RIG_OK, also for none; as rig_history_add.
 */
rig_status rig_history_list(rig_history *history, const rig_history_filter *filter,
                            rig_history_runs *runs, rig_error *err);

/** Where it is, as given. Borrowed. */
const char *rig_history_path(const rig_history *history);

#endif
