/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/temporary.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "core/file_target.h"

enum {
    N_ITEMS = 64,
    PATH_SIZE = 1001,
    MAX_DEPTH = 8,
    N_ROUNDS = 100, /* a folder that somebody fills as fast as it is emptied is left */
};

enum { FREE, BEING_WRITTEN, A_FILE, A_FOLDER };

typedef struct item {
    atomic_int is;
    pid_t owner; /* a child inherits the list, and the handler */
    char path[PATH_SIZE];
} item;

/* A handler has no other way to tell. */
static item items[N_ITEMS];

/* ---- the list ---- */

static void add(const char *path, int is)
{
    if (strlen(path) >= PATH_SIZE)
        return;
    for (size_t i = 0; i < N_ITEMS; i++) {
        int is_free = FREE;
        if (!atomic_compare_exchange_strong(&items[i].is, &is_free, BEING_WRITTEN))
            continue;
        items[i].owner = getpid();
        (void)strcpy(items[i].path, path);
        atomic_store(&items[i].is, is);
        return;
    }
}

static void take_out(const char *path, int is)
{
    for (size_t i = 0; i < N_ITEMS; i++) {
        int expected = is;
        if (atomic_load(&items[i].is) == is && strcmp(items[i].path, path) == 0 &&
            atomic_compare_exchange_strong(&items[i].is, &expected, FREE))
            return;
    }
}

void rig_temporary_note(const char *file)
{
    add(file, A_FILE);
}

void rig_temporary_forget(const char *file)
{
    take_out(file, A_FILE);
}

/* ---- removing, by what a signal handler may call (signal-safety(7), and the bare getdents64) ----
 */

static bool is_itself(const char *name)
{
    return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

static bool remove_in(int parent, const char *name, int depth);

/* One round through a folder. @return whether it had anything. */
static bool empty(int folder, int depth)
{
    _Alignas(struct dirent64) char block[2048];
    bool has_any = false;
    (void)lseek(folder, 0, SEEK_SET);
    for (long got; (got = syscall(SYS_getdents64, folder, block, sizeof block)) > 0;) {
        for (long at = 0; at < got;) {
            const struct dirent64 *entry = (const void *)(block + at);
            at += entry->d_reclen;
            if (!is_itself(entry->d_name))
                has_any = remove_in(folder, entry->d_name, depth + 1) || has_any;
        }
    }
    return has_any;
}

/* @return whether it went. */
static bool remove_in(int parent, const char *name, int depth)
{
    if (unlinkat(parent, name, 0) == 0)
        return true;
    if (depth > MAX_DEPTH)
        return false;
    const int folder = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (folder < 0)
        return false;
    for (int i = 0; i < N_ROUNDS && empty(folder, depth); i++)
        continue;
    (void)close(folder);
    return unlinkat(parent, name, AT_REMOVEDIR) == 0;
}

void rig_temporary_clear(rig_temporary_what what)
{
    const int saved = errno;
    for (size_t i = 0; i < N_ITEMS; i++) {
        const int is = atomic_load(&items[i].is);
        if ((is != A_FOLDER && (is != A_FILE || what != RIG_TEMPORARY_ALL)) ||
            items[i].owner != getpid())
            continue;
        if (is == A_FOLDER)
            (void)remove_in(AT_FDCWD, items[i].path, 0);
        else
            (void)unlink(items[i].path);
    }
    errno = saved;
}

/* ---- folders ---- */

rig_status rig_temporary_make(const char *name, char path[RIG_TEMPORARY_SIZE], rig_error *err)
{
    const int n = snprintf(path, RIG_TEMPORARY_SIZE, "%s/peakrig-%s-XXXXXX",
                           rig_file_temporary_folder(), name);
    if (n < RIG_TEMPORARY_SIZE && mkdtemp(path) != NULL) {
        add(path, A_FOLDER);
        return RIG_OK;
    }
    rig_status status = rig_fail(err, RIG_EIO, "%s: cannot make the folder: %s", path,
                                 strerror(n < RIG_TEMPORARY_SIZE ? errno : ENAMETOOLONG));
    path[0] = '\0';
    return status;
}

void rig_temporary_remove(const char *path)
{
    (void)remove_in(AT_FDCWD, path, 0);
    take_out(path, A_FOLDER);
}

void rig_temporary_keep(const char *path)
{
    take_out(path, A_FOLDER);
}
