/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one way in which peakrig writes a file: aside, fsync, rename. A reader sees the old file or
 * the whole new one, never a part; a crash or a full disk leaves the old one. */
#ifndef RIG_CORE_ATOMIC_FILE_H
#define RIG_CORE_ATOMIC_FILE_H

#include <stddef.h>
#include <stdio.h>

#include "core/status.h"

/** A file being written; opaque. */
typedef struct rig_atomic_file rig_atomic_file;

/**
 * Begin a file: `path`.part-PID is created in the same folder.
 * @param[out] file    Owned by the caller: end it with _commit or _abandon.
 * @return RIG_OK; RIG_EIO naming the path; RIG_ENOMEM.
 */
rig_status rig_atomic_file_new(const char *path, rig_atomic_file **file, rig_error *err);

/** The stream to print to. Owned by the file; do not close it. Errors are kept until _commit. */
FILE *rig_atomic_file_stream(rig_atomic_file *file);

/**
 * Flush, fsync, rename into place, fsync the folder. Frees `file` in every case; on error the part
 * is removed and an older file of that name stays.
 * @return RIG_OK, or RIG_EIO naming the path and the reason (disk full, ...).
 */
rig_status rig_atomic_file_commit(rig_atomic_file *file, rig_error *err);

/** Remove the part and free. NULL-safe. */
void rig_atomic_file_abandon(rig_atomic_file *file);

/**
 * Say that a file could not be written, and what can be done when the disk is full.
 * @param cause  An errno value.
 * @return RIG_EIO; RIG_ENOMEM for ENOMEM.
 */
rig_status rig_atomic_file_fail(const char *path, int cause, rig_error *err);

/** The same of a file that could not be read. */
rig_status rig_file_fail_read(const char *path, int cause, rig_error *err);

/** A whole file in one go. @return as rig_atomic_file_new and _commit. */
rig_status rig_atomic_file_write(const char *path, const void *data, size_t n, rig_error *err);

/**
 * Read a whole file, with a NUL behind its last byte.
 * @param[out] data  Heap; the caller frees.
 * @param[out] n     Bytes without the NUL; may be NULL.
 * @return RIG_OK; RIG_EIO naming the path; RIG_ENOMEM.
 */
rig_status rig_file_read(const char *path, char **data, size_t *n, rig_error *err);

#endif
