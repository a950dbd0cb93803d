/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/oom_kill.h"

#include <inttypes.h>
#include <stdio.h>

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
