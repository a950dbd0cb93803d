/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a path stands for that something is to be written to: a file that can be replaced, one that
 * must stay the file that it is, a device or a pipe, or the standard output. Writing never destroys
 * what the path names. */
#ifndef RIG_CORE_FILE_TARGET_H
#define RIG_CORE_FILE_TARGET_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

#include "core/status.h"

/** How it is written. */
typedef enum rig_file_kind {
    RIG_FILE_REPLACED, /**< no file yet, or an ordinary one: written aside and renamed */
    RIG_FILE_KEPT, /**< other names lead to it (hard links), or it has an owner or rights that a new
                      file could not get: written aside, then copied into it */
    RIG_FILE_THROUGH, /**< a character device, a pipe, something that is open already: written as it
                         comes */
    RIG_FILE_STDOUT   /**< "-", /dev/stdout, or the file that standard output goes to */
} rig_file_kind;

/** A path, understood. */
typedef struct rig_file_target {
    rig_file_kind kind;
    char *path;  /**< where the symbolic links end; heap */
    bool exists; /**< `about` is filled */
    struct stat about;
    int own_fd; /**< THROUGH: it is open here under this number (/dev/stderr, /dev/fd/N); else -1 */
} rig_file_target;

/**
 * Find out what a path stands for. Symbolic links are followed, also to a file that does not exist
 * yet. Nothing is opened for writing or changed.
 *
 * Refused: a folder, a socket, a block device (writing would destroy what is on it), a file that
 * may not be written, and a link that another user has put into a folder where everybody may write
 * (the rule of the kernel's fs.protected_symlinks, see proc_sys_fs(5); a rename would get round
 * it). Root, who may write everywhere, follows no link of another user anywhere, but of who called
 * sudo. Links to folders on the way count, too.
 *
 * @param path         "-" is the standard output.
 * @param[out] target  Owned by the caller: rig_file_target_clear.
 * @return RIG_OK; RIG_EIO naming the path; RIG_ENOMEM.
 */
rig_status rig_file_target_find(const char *path, rig_file_target *target, rig_error *err);

/**
 * Refuse a path on which a link of another user lies, by the same rule: of each folder on the way,
 * of the last name, and of what links of ours lead through. What is not there yet is no link.
 * @return RIG_OK; RIG_EIO naming the path and the link; RIG_ENOMEM.
 */
rig_status rig_file_check_links(const char *path, rig_error *err);

/** Free what it holds. */
void rig_file_target_clear(rig_file_target *target);

/**
 * Whether a file that is read is the one that is written: by device and inode, whatever the names.
 * @param input  "-" is the standard input. What does not exist is no output.
 */
bool rig_file_target_is(const rig_file_target *target, const char *input);

/** The folder for what is of no use later: $TMPDIR, or /tmp where that is not set or empty. */
const char *rig_file_temporary_folder(void);

/** Write all of it, however many writes that takes. @return 0 or an errno value. */
int rig_file_write_all(int fd, const char *p, size_t n);

/**
 * A file without a name, for content until it is complete: beside `path`, or in $TMPDIR (/tmp) when
 * that folder takes no new file or `path` is NULL. It is gone with the process.
 * @return A descriptor (read and write, mode 0600), or -1 with errno.
 */
int rig_file_open_aside(const char *path);

#endif
