/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one way in which peakrig writes a file: aside, fsync, rename. A reader sees the old file or
 * the whole new one, never a part; a crash or a full disk leaves the old one. What the path names
 * is never destroyed: core/file_target.h says what is renamed over and what is written through. A
 * signal that ends the program takes the part with it (core/temporary.h). */
#ifndef RIG_CORE_ATOMIC_FILE_H
#define RIG_CORE_ATOMIC_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "core/status.h"

/** A file being written; opaque. */
typedef struct rig_atomic_file rig_atomic_file;

/**
 * Begin a file. Where it will replace one or be new, `path`.part-PID is created in the folder where
 * the symbolic links of `path` end (with "-2".. behind it, when there is one already: nothing that
 * is there is touched); it gets mode, owner and group of the old one. A file with more than one
 * name, of another owner or with an access list is written aside and copied into at the end, room
 * taken first. A device or a pipe is written as it comes: opening a pipe waits for its reader.
 * @param path         "-" and what standard output goes to: the standard output.
 * @param[out] file    Owned by the caller: end it with _commit or _abandon.
 * @return RIG_OK; RIG_EIO naming the path; RIG_ENOMEM.
 */
rig_status rig_atomic_file_new(const char *path, rig_atomic_file **file, rig_error *err);

/** The stream to print to; it cannot seek. Owned by the file; do not close it. Errors are kept
 * until _commit. */
FILE *rig_atomic_file_stream(rig_atomic_file *file);

/** Whether it is written as it comes (a device, a pipe, the standard output): somebody may read
 * along. */
bool rig_atomic_file_is_through(const rig_atomic_file *file);

/** Its descriptor: what has been written so far (rig_atomic_file_flush) can be read again through
 * /proc/self/fd, unless it is one of rig_atomic_file_is_through. */
int rig_atomic_file_fd(const rig_atomic_file *file);

/** Write what is still held back. @return RIG_OK, or as rig_atomic_file_commit; the file stays
 * open. */
rig_status rig_atomic_file_flush(rig_atomic_file *file, rig_error *err);

/**
 * Flush, fsync, rename into place, fsync the folder. Frees `file` in every case; on error the part
 * is removed and an older file of that name stays as it was.
 * @return RIG_OK, or RIG_EIO naming the path and the reason (disk full, ...).
 */
rig_status rig_atomic_file_commit(rig_atomic_file *file, rig_error *err);

/**
 * Leave the part where it is, with what could be written of it, and free: for what cannot be made
 * again when the file cannot be completed.
 * @param[out] part  Its path, cut to fit; "" where there is none (what is written as it comes).
 */
void rig_atomic_file_keep(rig_atomic_file *file, char *part, size_t size);

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

/**
 * Open a file that a less trusted user may have put there (SIPp's log, say): no link at its end is
 * followed, and what is no regular file is not waited for.
 * @return A stream for reading, which the caller closes; NULL with errno: ELOOP for a link, EINVAL
 * for what is no regular file.
 */
FILE *rig_file_open_of_others(const char *path);

#endif
