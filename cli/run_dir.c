/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/run_dir.h"

#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/file_target.h"
#include "core/privilege.h"

rig_status rig_run_dir_of(const char *dir, rig_run_dir *run, rig_error *err)
{
    size_t n = strlen(dir);
    while (n > 1 && dir[n - 1] == '/')
        n--;
    if (n == 0 || n >= sizeof run->dir)
        return rig_fail(err, RIG_EINPUT, "%.80s: expected a folder's name of 1 to %zu bytes", dir,
                        sizeof run->dir - 1);
    rig_run_dir made = {0};
    memcpy(made.dir, dir, n);
    const struct {
        char *path;
        const char *name;
    } files[] = {{made.scenario, "scenario.cfg"},
                 {made.schedule, "schedule.csv"},
                 {made.prediction, "prediction.json"},
                 {made.play, "play.json"},
                 {made.capture, "capture.pcap"},
                 {made.calls, "calls.csv"},
                 {made.result, "result.json"},
                 {made.junit, "junit.xml"},
                 {made.report, "report.html"},
                 {made.rules, "rules.cfg"},
                 {made.wire, "wire.json"},
                 {made.differences, "differences.csv"},
                 {made.callers, "callers.csv"},
                 {made.agents, "agents.csv"}};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        (void)snprintf(files[i].path, sizeof made.scenario, "%s/%s", made.dir, files[i].name);
    *run = made;
    return RIG_OK;
}

/* What a run holds (numbers, addresses, a capture) is not everybody's. */
enum { OWN = 0700 };

static rig_status make_folder(const char *path, mode_t mode, rig_error *err)
{
    if (mkdir(path, mode) == 0 || errno == EEXIST)
        return RIG_OK;
    return rig_fail(err, RIG_EIO, "%s: cannot make the folder: %s", path, strerror(errno));
}

static bool is_empty_folder(const char *path)
{
    DIR *dir = opendir(path);
    if (dir == NULL)
        return false;
    int n = 0;
    while (readdir(dir) != NULL)
        n++;
    closedir(dir);
    return n <= 2; /* "." and ".." */
}

static rig_status make_inner_folders(const rig_run_dir *run, rig_error *err)
{
    char path[1100];
    (void)snprintf(path, sizeof path, "%s/logs", run->dir);
    rig_status status = make_folder(path, OWN, err);
    if (status != RIG_OK)
        return status;
    (void)snprintf(path, sizeof path, "%s/plots", run->dir);
    return make_folder(path, OWN, err);
}

/* Its owner can put links in the place of our files. */
static rig_status check_owner(const char *dir, rig_error *err)
{
    struct stat about;
    if (stat(dir, &about) != 0)
        return rig_fail(err, RIG_EIO, "%s: cannot read: %s", dir, strerror(errno));
    if (rig_privilege_is_ours(about.st_uid))
        return RIG_OK;
    return rig_fail(err, RIG_EINPUT,
                    "%s: is a folder of another user (number %lu), who could change what is in it; "
                    "expected one of your own: copy it (cp -r), or run peakrig as that user",
                    dir, (unsigned long)about.st_uid);
}

/* A folder that is there keeps its mode: who made it has chosen it. */
static rig_status take_named(const char *option, const char *out, mode_t mode, rig_run_dir *run,
                             rig_error *err)
{
    rig_status status = rig_run_dir_of(out, run, err);
    if (status == RIG_OK)
        status = rig_file_check_links(run->dir, err);
    if (status != RIG_OK)
        return status;
    if (mkdir(run->dir, mode) != 0 && !(errno == EEXIST && is_empty_folder(run->dir)))
        return rig_fail(err, errno == EEXIST ? RIG_EINPUT : RIG_EIO,
                        "%s %s: %s; expected a new or empty folder", option, out, strerror(errno));
    return check_owner(run->dir, err);
}

rig_status rig_run_dir_share(const char *out, rig_run_dir *run, rig_error *err)
{
    return take_named("--share", out, 0777, run, err);
}

rig_status rig_run_dir_new(const char *out, const char *name, rig_run_dir *run, rig_error *err)
{
    char utc[RIG_UTC_TEXT_SIZE];
    char dir[512];
    rig_status status;
    if (out != NULL && strcmp(out, "-") == 0)
        return rig_fail(err, RIG_EINPUT, "--out -: expected a folder (--json prints the result)");
    if (out != NULL) {
        status = take_named("--out", out, OWN, run, err);
        return status == RIG_OK ? make_inner_folders(run, err) : status;
    }
    status = rig_file_check_links("runs", err);
    if (status == RIG_OK)
        status = make_folder("runs", 0777, err);
    if (status != RIG_OK)
        return status;
    rig_clock_format_utc_compact(rig_clock_realtime_ns(), utc);
    for (int i = 1; i < 1000; i++) {
        if (i == 1)
            (void)snprintf(dir, sizeof dir, "runs/%s-%s", utc, name);
        else
            (void)snprintf(dir, sizeof dir, "runs/%s-%s-%d", utc, name, i);
        if (mkdir(dir, OWN) == 0) {
            status = rig_run_dir_of(dir, run, err);
            return status == RIG_OK ? make_inner_folders(run, err) : status;
        }
        if (errno != EEXIST)
            break;
    }
    return rig_fail(err, RIG_EIO, "%s: cannot make the folder: %s", dir, strerror(errno));
}

rig_status rig_run_dir_open(const char *dir, rig_run_dir *run, rig_error *err)
{
    rig_status status = rig_run_dir_of(dir, run, err);
    if (status == RIG_OK)
        status = rig_file_check_links(run->dir, err);
    if (status == RIG_OK && access(run->scenario, R_OK) != 0)
        return rig_fail(err, RIG_EINPUT, "%s: cannot read: %s; expected the folder of a run",
                        run->scenario, strerror(errno));
    return status == RIG_OK ? check_owner(run->dir, err) : status;
}
