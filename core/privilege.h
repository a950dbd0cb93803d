/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rights of this process (Linux capabilities), given up as early as may be, and those of its
 * children, who get none. */
#ifndef RIG_CORE_PRIVILEGE_H
#define RIG_CORE_PRIVILEGE_H

#include <stdbool.h>
#include <sys/types.h>

#include "core/status.h"

/** What a process still needs. */
typedef enum rig_rights {
    /** Nothing. */
    RIG_RIGHTS_NONE = 0,
    /** Root: the files that it is given, whoever owns them (CAP_DAC_OVERRIDE), and ending children
     * of another user (CAP_KILL). Others: nothing. */
    RIG_RIGHTS_FILES,
    /** The same, to capture (CAP_NET_RAW) and to go before other programs (CAP_SYS_NICE,
     * core/priority.h); root also to start children as another user (CAP_SETUID, CAP_SETGID,
     * CAP_CHOWN), to see that they have bound their ports (CAP_SYS_PTRACE) and to leave them no
     * rights (CAP_SETPCAP). */
    RIG_RIGHTS_CAPTURE
} rig_rights;

/**
 * Give up all capabilities but these: effective, permitted, inheritable and ambient ones; and,
 * where that is permitted (CAP_SETPCAP), all of the bounding set, so that no child gets any by
 * being executed, whatever has become of CAP_SETPCAP by then. What the process has not, it does not
 * get; what it is permitted and keeps is in force, so that a file's right may be permitted alone
 * (setcap cap_net_raw+p): such a program can be started where the right is out of reach, as in many
 * containers, one with +ep cannot. Of the calling thread: call it before others are started.
 * @return RIG_OK; RIG_EENV when the kernel does not take it.
 */
rig_status rig_privilege_keep(rig_rights rights, rig_error *err);

/** As whom programs of others are run. Zeroed: as ourselves. */
typedef struct rig_run_as {
    bool is_set;
    uid_t uid;
    gid_t gid;
} rig_run_as;

/**
 * As whom to run programs of others when we are root: as `name` (--user), else as who called sudo
 * (SUDO_UID, SUDO_GID), else as ourselves.
 * @param name  A user's name or number; NULL: not said.
 * @return RIG_OK; RIG_EINPUT when there is no such user, or a name is given and we are not root.
 */
rig_status rig_privilege_find_user(const char *name, rig_run_as *run_as, rig_error *err);

/** Whether what a user owns is ours: he is ourselves, or we are root and he called sudo. */
bool rig_privilege_is_ours(uid_t owner);

/**
 * Make a folder and the files in it that user's. Nothing is done when run_as is not set; links are
 * not followed.
 * @return RIG_OK; RIG_EIO naming the file.
 */
rig_status rig_privilege_give_folder(const char *folder, const rig_run_as *run_as, rig_error *err);

/**
 * In a child, between fork and exec: become the user, if one is set, and give up all rights, so
 * that not even a program with rights of its own file gets any (PR_SET_NO_NEW_PRIVS, an empty
 * bounding set where that is permitted). Async-signal-safe.
 * @return 0, or -1 with errno.
 */
int rig_privilege_leave_all(const rig_run_as *run_as);

#endif
