/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/program.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char USUAL_PATH[] = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/* Nobody but root could have put it there; asked when we are root only. */
static bool is_of_root(const char *path)
{
    struct stat file;
    return geteuid() != 0 ||
           (stat(path, &file) == 0 && file.st_uid == 0 && (file.st_mode & S_IWOTH) == 0 &&
            ((file.st_mode & S_IWGRP) == 0 || file.st_gid == 0));
}

static bool is_program(const char *path)
{
    struct stat file;
    return stat(path, &file) == 0 && S_ISREG(file.st_mode) && access(path, X_OK) == 0;
}

static rig_status resolve(const char *path, char **found, rig_error *err)
{
    char *absolute = path[0] == '/' ? strdup(path) : realpath(path, NULL);
    if (absolute == NULL)
        return errno == ENOMEM
                   ? rig_fail(err, RIG_ENOMEM, "out of memory")
                   : rig_fail(err, RIG_EENV, "%s: cannot execute: %s", path, strerror(errno));
    *found = absolute;
    return RIG_OK;
}

rig_status rig_program_find(const char *name, char **found, rig_error *err)
{
    if (strchr(name, '/') != NULL)
        return resolve(name, found, err);
    const char *path = getenv("PATH");
    if (path == NULL)
        path = USUAL_PATH;
    for (size_t n; *path != '\0'; path += n, path += *path == ':') {
        char *folder = NULL, *candidate = NULL;
        n = strcspn(path, ":");
        if (path[0] != '/')
            continue;
        if (asprintf(&folder, "%.*s", (int)n, path) < 0)
            return rig_fail(err, RIG_ENOMEM, "out of memory");
        const bool is_ours = is_of_root(folder);
        const int length = asprintf(&candidate, "%s/%s", folder, name);
        free(folder);
        if (length < 0)
            return rig_fail(err, RIG_ENOMEM, "out of memory");
        if (is_ours && is_program(candidate) && is_of_root(candidate)) {
            *found = candidate;
            return RIG_OK;
        }
        free(candidate);
    }
    return rig_fail(err, RIG_EENV, "%s: not found in PATH (relative folders%s are passed over)",
                    name, geteuid() == 0 ? " and those that others than root can write" : "");
}
