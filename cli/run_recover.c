/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/run_recover.h"

#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/run_files.h"
#include "reports/play_json.h"

static const char part_name[] = "capture.pcap.part-";

/* Whether a process of this number is peakrig: `comm` of proc(5). */
static bool is_peakrig(long pid)
{
    char path[64], name[32] = "";
    (void)snprintf(path, sizeof path, "/proc/%ld/comm", pid);
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return false;
    const bool is_read = fgets(name, sizeof name, file) != NULL;
    (void)fclose(file);
    return is_read && strncmp(name, "peakrig", 7) == 0;
}

/* The part, and whose it is. @return whether there is one. */
static bool find_part(const rig_run_dir *run, char part[1400], long *pid)
{
    bool is_found = false;
    DIR *dir = opendir(run->dir);
    for (const struct dirent *entry; dir != NULL && (entry = readdir(dir)) != NULL;) {
        if (strncmp(entry->d_name, part_name, sizeof part_name - 1) != 0)
            continue;
        is_found = true;
        *pid = strtol(entry->d_name + sizeof part_name - 1, NULL, 10);
        (void)snprintf(part, 1400, "%s/%s", run->dir, entry->d_name);
    }
    if (dir != NULL)
        (void)closedir(dir);
    return is_found;
}

/* Who is ended so can say nothing itself. Who comes again finds it as it is now. */
static rig_status tell_memory(const rig_run_dir *run, const rig_play_facts *play, rig_error *err)
{
    rig_oom_mark now;
    char text[RIG_PLAY_FACTS_TROUBLE_SIZE];
    rig_oom_mark_now(&now);
    const uint64_t n = rig_oom_kills_between(&play->oom, &now);
    if (n == 0)
        return RIG_OK;
    (void)snprintf(text, sizeof text,
                   "peakrig itself was ended in mid-run: killed, for want of memory as it seems: "
                   "the kernel has ended %llu process%s so since (oom_kill in /proc/vmstat), and "
                   "does not say which; what was captured up to then is in capture.pcap",
                   (unsigned long long)n, n == 1 ? "" : "es");
    (void)fprintf(stderr, "peakrig: %s: %s\n", run->dir, text);
    return rig_json_play_set_trouble(run->play, text, err);
}

rig_status rig_run_recover(const rig_run_dir *run, rig_error *err)
{
    rig_play_facts play;
    char part[1400];
    long pid = 0;
    if (access(run->calls, F_OK) == 0 || access(run->play, F_OK) != 0)
        return RIG_OK;
    rig_status status = rig_json_play_read(run->play, &play, err);
    if (status != RIG_OK || strcmp(play.trouble, RIG_RUN_UNDER_WAY) != 0)
        return status;
    const bool is_there = find_part(run, part, &pid);
    if (is_there && is_peakrig(pid))
        return rig_fail(err, RIG_EINPUT, "%s: the run is still under way (process %ld)", run->dir,
                        pid);
    if (!is_there && access(run->capture, F_OK) != 0)
        return rig_fail(
            err, RIG_EINPUT,
            "%s: the run came to no end (peakrig was killed, or the disk was full), and "
            "has left no capture",
            run->dir);
    (void)fprintf(
        stderr,
        "peakrig: %s: the run came to no end (peakrig was killed, or the disk was full); taking "
        "what it captured: %s\n",
        run->dir, is_there ? part : run->capture);
    status = rig_run_files_take_capture(is_there ? part : run->capture, run, NULL, err);
    if (status == RIG_OK)
        status = tell_memory(run, &play, err);
    if (status == RIG_OK && is_there)
        (void)unlink(part); /* its copy is in place, synced */
    return status;
}
