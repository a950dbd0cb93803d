/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/file_target.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/vfs.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "core/atomic_file.h"
#include "core/privilege.h"

enum { MAX_LINKS = 40, /* as the kernel's own limit, path_resolution(7) */ MAX_LINK_TEXT = 4096 };

void rig_file_target_clear(rig_file_target *target)
{
    free(target->path);
    *target = (rig_file_target){.own_fd = -1};
}

static bool is_same(const struct stat *a, const struct stat *b)
{
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

/* The folder that holds `path`; heap. NULL: out of memory. */
static char *folder_of(const char *path)
{
    char *copy = strdup(path);
    char *folder = copy != NULL ? strdup(dirname(copy)) : NULL;
    free(copy);
    return folder;
}

/* ---- symbolic links ---- */

/* The links of /proc are doors, not names: /dev/stdout leads to one. */
static bool is_door(const char *path)
{
    struct statfs system;
    int fd = open(path, O_PATH | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0)
        return false;
    bool is_proc = fstatfs(fd, &system) == 0 && system.f_type == PROC_SUPER_MAGIC;
    (void)close(fd);
    return is_proc;
}

/* A link of somebody else, in a folder where everybody may write, is a trap; for root, who may
 * write everywhere, in any folder. */
static bool is_trap(const char *path, const struct stat *link)
{
    if (geteuid() == 0 && !rig_privilege_is_ours(link->st_uid))
        return true;
    struct stat folder;
    char *name = folder_of(path);
    bool is_open_to_all = name != NULL && stat(name, &folder) == 0 &&
                          (folder.st_mode & S_ISVTX) != 0 && (folder.st_mode & S_IWOTH) != 0;
    free(name);
    return is_open_to_all && link->st_uid != geteuid() && link->st_uid != folder.st_uid;
}

/* One link: `*path` becomes what it leads to. @return 0 or an errno value. */
static int follow_one(char **path)
{
    char text[MAX_LINK_TEXT + 1];
    const ssize_t n = readlink(*path, text, MAX_LINK_TEXT);
    if (n < 0)
        return errno;
    text[n] = '\0';
    char *next = NULL;
    char *folder = text[0] == '/' ? NULL : folder_of(*path);
    if (text[0] == '/')
        next = strdup(text);
    else if (folder != NULL && asprintf(&next, "%s/%s", folder, text) < 0)
        next = NULL;
    free(folder);
    if (next == NULL)
        return ENOMEM;
    free(*path);
    *path = next;
    return 0;
}

/* Follow links to their end, or to a door, which is left to the kernel. */
static rig_status follow(const char *given, char **path, bool *has_door, rig_error *err)
{
    struct stat about;
    for (int i = 0; i <= MAX_LINKS; i++) {
        if (lstat(*path, &about) != 0 || !S_ISLNK(about.st_mode))
            return RIG_OK;
        *has_door = is_door(*path);
        if (*has_door)
            return RIG_OK;
        if (is_trap(*path, &about))
            return rig_fail(
                err, RIG_EIO,
                "%s: cannot write: %s is a link of another user%s; expected a file or a link of "
                "your own",
                given, *path, geteuid() == 0 ? "" : ", in a folder where everybody may write");
        const int failure = follow_one(path);
        if (failure != 0)
            return rig_atomic_file_fail(given, failure, err);
    }
    return rig_atomic_file_fail(given, ELOOP, err);
}

static rig_status check_way(const char *given, const char *path, int depth, rig_error *err);

/* One name on the way, which is perhaps a link. */
static rig_status check_name(const char *given, const char *name, int depth, rig_error *err)
{
    struct stat about;
    if (lstat(name, &about) != 0 || !S_ISLNK(about.st_mode) || is_door(name))
        return RIG_OK;
    if (depth > MAX_LINKS)
        return rig_atomic_file_fail(given, ELOOP, err);
    if (is_trap(name, &about))
        return rig_fail(err, RIG_EIO,
                        "%s: %s is a link of another user%s, and leads where he likes; expected a "
                        "folder or a link of your own",
                        given, name,
                        geteuid() == 0 ? "" : ", in a folder where everybody may write");
    char *next = strdup(name);
    const int failure = next == NULL ? ENOMEM : follow_one(&next);
    const rig_status status = failure != 0 ? rig_atomic_file_fail(given, failure, err)
                                           : check_way(given, next, depth + 1, err);
    free(next);
    return status;
}

/* Each name of a path, and of what links on it say. */
static rig_status check_way(const char *given, const char *path, int depth, rig_error *err)
{
    char *copy = strdup(path);
    rig_status status = copy == NULL ? rig_fail(err, RIG_ENOMEM, "out of memory") : RIG_OK;
    const size_t n = copy != NULL ? strlen(copy) : 0;
    for (size_t i = 1; i <= n && status == RIG_OK; i++) {
        if (copy[i] != '/' && copy[i] != '\0')
            continue;
        copy[i] = '\0';
        status = check_name(given, copy, depth, err);
        copy[i] = path[i];
    }
    free(copy);
    return status;
}

rig_status rig_file_check_links(const char *path, rig_error *err)
{
    return check_way(path, path, 0, err);
}

/* ---- what is there ---- */

/* Whether what is open as `fd`, for writing, is this file. */
static bool is_open_as(int fd, const struct stat *about)
{
    struct stat open_one;
    const int flags = fcntl(fd, F_GETFL);
    return flags >= 0 && (flags & O_ACCMODE) != O_RDONLY && fstat(fd, &open_one) == 0 &&
           is_same(&open_one, about);
}

/* The descriptor of ours that a door such as /proc/self/fd/5 leads to; -1: it is another process's.
 */
static int own_fd_of(const char *door, const struct stat *about)
{
    const char *name = strrchr(door, '/');
    char *end = NULL;
    const long number = name != NULL ? strtol(name + 1, &end, 10) : -1;
    const bool is_number =
        end != NULL && end != name + 1 && *end == '\0' && number >= 0 && number < 1 << 20;
    return is_number && is_open_as((int)number, about) ? (int)number : -1;
}

/* Whether a new file in its place would not be the same but for its content. */
static bool has_ties(const char *path, const struct stat *about)
{
    const bool is_foreign = about->st_uid != geteuid() && geteuid() != 0;
    return about->st_nlink > 1 || is_foreign ||
           getxattr(path, "system.posix_acl_access", NULL, 0) > 0;
}

static rig_status judge_file(const char *given, rig_file_target *t, bool has_door, rig_error *err)
{
    const mode_t mode = t->about.st_mode;
    if (S_ISDIR(mode))
        return rig_fail(err, RIG_EIO, "%s: cannot write: it is a folder; expected a file", given);
    if (S_ISBLK(mode))
        return rig_fail(err, RIG_EIO,
                        "%s: cannot write: it is a block device, and what is on it would be lost; "
                        "expected a file",
                        given);
    if (S_ISSOCK(mode))
        return rig_fail(err, RIG_EIO, "%s: cannot write: it is a socket; expected a file or a pipe",
                        given);
    if (is_open_as(STDOUT_FILENO, &t->about) && (S_ISREG(mode) || has_door)) {
        t->kind = RIG_FILE_STDOUT;
        return RIG_OK;
    }
    if (is_open_as(STDERR_FILENO, &t->about) && S_ISREG(mode))
        t->own_fd = STDERR_FILENO;
    else if (has_door)
        t->own_fd = own_fd_of(t->path, &t->about);
    if (t->own_fd < 0 && faccessat(AT_FDCWD, t->path, W_OK, AT_EACCESS) != 0)
        return rig_atomic_file_fail(given, errno, err);
    if (has_door || t->own_fd >= 0 || !S_ISREG(mode))
        t->kind = RIG_FILE_THROUGH;
    else
        t->kind = has_ties(t->path, &t->about) ? RIG_FILE_KEPT : RIG_FILE_REPLACED;
    return RIG_OK;
}

rig_status rig_file_target_find(const char *path, rig_file_target *target, rig_error *err)
{
    rig_file_target made = {.kind = RIG_FILE_STDOUT, .own_fd = -1};
    bool has_door = false;
    rig_status status = RIG_OK;
    made.path = strdup(path);
    if (made.path == NULL)
        return rig_fail(err, RIG_ENOMEM, "%s: out of memory", path);
    if (strcmp(path, "-") == 0) {
        made.exists = fstat(STDOUT_FILENO, &made.about) == 0;
        *target = made;
        return RIG_OK;
    }
    made.kind = RIG_FILE_REPLACED;
    status = follow(path, &made.path, &has_door, err);
    if (status == RIG_OK)
        status = rig_file_check_links(path, err);
    if (status == RIG_OK && stat(made.path, &made.about) == 0) {
        made.exists = true;
        status = judge_file(path, &made, has_door, err);
    } else if (status == RIG_OK && errno != ENOENT) {
        status = rig_atomic_file_fail(path, errno, err);
    }
    if (status != RIG_OK) {
        rig_file_target_clear(&made);
        return status;
    }
    *target = made;
    return RIG_OK;
}

bool rig_file_target_is(const rig_file_target *target, const char *input)
{
    struct stat about;
    const bool is_stdin = strcmp(input, "-") == 0;
    if (!target->exists || (is_stdin ? fstat(STDIN_FILENO, &about) : stat(input, &about)) != 0)
        return false;
    /* what is read from a device is not what is written to it */
    return is_same(&about, &target->about) && !S_ISCHR(about.st_mode);
}

/* ---- a file without a name ---- */

static int open_nameless(const char *folder)
{
    char *name = NULL;
    int fd = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (fd >= 0)
        return fd;
    /* a file system that knows no such files */
    if (asprintf(&name, "%s/peakrig-XXXXXX", folder) < 0) {
        errno = ENOMEM;
        return -1;
    }
    fd = mkostemp(name, O_CLOEXEC);
    const int failure = errno;
    if (fd >= 0)
        (void)unlink(name);
    free(name);
    errno = failure;
    return fd;
}

const char *rig_file_temporary_folder(void)
{
    const char *named = getenv("TMPDIR");
    return named != NULL && named[0] != '\0' ? named : "/tmp";
}

int rig_file_write_all(int fd, const char *p, size_t n)
{
    for (size_t done = 0; done < n;) {
        const ssize_t more = write(fd, p + done, n - done);
        if (more < 0 && errno == EINTR)
            continue;
        if (more <= 0)
            return more < 0 && errno != 0 ? errno : EIO;
        done += (size_t)more;
    }
    return 0;
}

int rig_file_open_aside(const char *path)
{
    char *folder = path != NULL ? folder_of(path) : NULL;
    const int fd = folder != NULL ? open_nameless(folder) : -1;
    free(folder);
    if (fd >= 0)
        return fd;
    return open_nameless(rig_file_temporary_folder());
}
