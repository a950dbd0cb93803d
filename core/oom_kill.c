/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/oom_kill.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

uint64_t rig_oom_kills_of(const char *path)
{
    char line[128];
    uint64_t n = 0;
    FILE *in = fopen(path, "re");
    if (in == NULL)
        return 0;
    while (fgets(line, sizeof line, in) != NULL && sscanf(line, "oom_kill %" SCNu64, &n) != 1)
        n = 0;
    (void)fclose(in);
    return n;
}

uint64_t rig_oom_kills(void)
{
    return rig_oom_kills_of("/proc/vmstat");
}

void rig_oom_mark_now(rig_oom_mark *mark)
{
    *mark = (rig_oom_mark){.n_kills = rig_oom_kills()};
    FILE *in = fopen("/proc/sys/kernel/random/boot_id", "re");
    if (in == NULL)
        return;
    if (fgets(mark->boot, sizeof mark->boot, in) != NULL)
        mark->boot[strcspn(mark->boot, "\n")] = '\0';
    (void)fclose(in);
}

uint64_t rig_oom_kills_between(const rig_oom_mark *before, const rig_oom_mark *after)
{
    const bool is_one_boot = before->boot[0] != '\0' && strcmp(before->boot, after->boot) == 0;
    return is_one_boot && after->n_kills > before->n_kills ? after->n_kills - before->n_kills : 0;
}
