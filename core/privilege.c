/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/privilege.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <pwd.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "core/slice.h"

static const uint64_t FOR_FILES = 1ULL << CAP_DAC_OVERRIDE | 1ULL << CAP_KILL;
static const uint64_t FOR_CAPTURE =
    1ULL << CAP_NET_RAW | 1ULL << CAP_SYS_NICE; /* the load before all that can wait */
static const uint64_t FOR_CHILDREN =
    1ULL << CAP_SETUID | 1ULL << CAP_SETGID | 1ULL << CAP_CHOWN | 1ULL << CAP_SETPCAP |
    1ULL << CAP_SYS_PTRACE; /* whose port it is that one of them has bound */

static uint64_t rights_of(rig_rights rights)
{
    const bool is_root = geteuid() == 0;
    switch (rights) {
    case RIG_RIGHTS_CAPTURE:
        return FOR_CAPTURE | (is_root ? FOR_FILES | FOR_CHILDREN : 0);
    case RIG_RIGHTS_FILES:
        return is_root ? FOR_FILES : 0;
    case RIG_RIGHTS_NONE:
        break;
    }
    return 0;
}

/* The bounding set is what root, or a program with rights of its file, can come to have by being
 * executed: nothing, and what the process has stays. Async-signal-safe. Numbers beyond the last
 * capability end it. */
static void bound(void)
{
    for (unsigned long n = 0; n < 64; n++)
        if (prctl(PR_CAPBSET_READ, n, 0, 0, 0) == 1)
            (void)prctl(PR_CAPBSET_DROP, n, 0, 0, 0);
}

/* Async-signal-safe. */
static int keep_only(uint64_t kept)
{
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct sets[_LINUX_CAPABILITY_U32S_3];
    if (syscall(SYS_capget, &header, sets) != 0)
        return -1;
    (void)prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
    for (size_t i = 0; i < _LINUX_CAPABILITY_U32S_3; i++) {
        const uint32_t part = (uint32_t)(kept >> (32 * i));
        sets[i].permitted &= part;
        sets[i].effective = sets[i].permitted;
        sets[i].inheritable = 0;
    }
    return (int)syscall(SYS_capset, &header, sets);
}

rig_status rig_privilege_keep(rig_rights rights, rig_error *err)
{
    const uint64_t kept = rights_of(rights);
    bound();
    if (keep_only(kept) != 0)
        return rig_fail(err, RIG_EENV, "cannot give up rights: %s", strerror(errno));
    return RIG_OK;
}

static bool read_id(const char *text, uint32_t *id)
{
    uint64_t value;
    if (text == NULL || !rig_slice_u64(rig_slice_of(text), &value) || value >= UINT32_MAX)
        return false;
    *id = (uint32_t)value;
    return true;
}

rig_status rig_privilege_find_user(const char *name, rig_run_as *run_as, rig_error *err)
{
    rig_run_as found = {.is_set = true};
    if (name != NULL && geteuid() != 0)
        return rig_fail(err, RIG_EINPUT, "--user %s: only root can run programs as another user",
                        name);
    if (name == NULL) {
        found.is_set = geteuid() == 0 && read_id(getenv("SUDO_UID"), &found.uid) &&
                       read_id(getenv("SUDO_GID"), &found.gid) && found.uid != 0;
        *run_as = found.is_set ? found : (rig_run_as){.is_set = false};
        return RIG_OK;
    }
    const struct passwd *entry = getpwnam(name);
    if (entry != NULL) {
        found.uid = entry->pw_uid;
        found.gid = entry->pw_gid;
    } else if (read_id(name, &found.uid)) {
        entry = getpwuid(found.uid);
        found.gid = entry != NULL ? entry->pw_gid : found.uid;
    } else {
        return rig_fail(err, RIG_EINPUT, "--user %s: there is no such user", name);
    }
    *run_as = found;
    return RIG_OK;
}

bool rig_privilege_is_ours(uid_t owner)
{
    uid_t caller;
    return owner == geteuid() ||
           (geteuid() == 0 && read_id(getenv("SUDO_UID"), &caller) && caller == owner);
}

rig_status rig_privilege_give_folder(const char *folder, const rig_run_as *run_as, rig_error *err)
{
    if (!run_as->is_set)
        return RIG_OK;
    rig_status status = RIG_OK;
    DIR *dir = opendir(folder);
    if (dir == NULL || fchown(dirfd(dir), run_as->uid, run_as->gid) != 0)
        status = rig_fail(err, RIG_EIO, "%s: cannot give it to user %u: %s", folder,
                          (unsigned)run_as->uid, strerror(errno));
    for (const struct dirent *entry = NULL; status == RIG_OK && (entry = readdir(dir)) != NULL;) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        if (fchownat(dirfd(dir), entry->d_name, run_as->uid, run_as->gid, AT_SYMLINK_NOFOLLOW) != 0)
            status = rig_fail(err, RIG_EIO, "%s/%s: cannot give it to user %u: %s", folder,
                              entry->d_name, (unsigned)run_as->uid, strerror(errno));
    }
    if (dir != NULL)
        (void)closedir(dir);
    return status;
}

/* Not the functions of the C library, which ask the other threads of a process that are not in the
 * child. */
static int become_user(const rig_run_as *run_as)
{
    if (run_as == NULL || !run_as->is_set)
        return 0;
    if (syscall(SYS_setgroups, 0, NULL) != 0 ||
        syscall(SYS_setresgid, run_as->gid, run_as->gid, run_as->gid) != 0 ||
        syscall(SYS_setresuid, run_as->uid, run_as->uid, run_as->uid) != 0)
        return -1;
    return 0;
}

int rig_privilege_leave_all(const rig_run_as *run_as)
{
    bound(); /* it needs a right that goes with the user */
    if (become_user(run_as) != 0 || keep_only(0) != 0)
        return -1;
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
}
