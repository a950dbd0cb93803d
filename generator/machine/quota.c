/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "generator/machine/quota.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_PATH = 4096 };

/* The first line of FOLDER/NAME. */
static const char *line_of(const char *folder, const char *name, char *line, int size)
{
    char path[MAX_PATH];
    line[0] = '\0';
    if (snprintf(path, sizeof path, "%s/%s", folder, name) >= (int)sizeof path)
        return line;
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return line;
    if (fgets(line, size, file) == NULL)
        line[0] = '\0';
    (void)fclose(file);
    return line;
}

/* "QUOTA PERIOD"; "max" and a negative quota are no limit. */
static double cores_of(const char *quota, const char *period)
{
    char *end;
    const double of = strtod(quota, &end);
    const double in = strtod(period, NULL);
    return end != quota && of > 0.0 && in > 0.0 ? of / in : (double)INFINITY;
}

static double quota_of(const char *folder, bool is_v2)
{
    char line[128], period[128];
    if (is_v2) {
        (void)line_of(folder, "cpu.max", line, sizeof line);
        return cores_of(line, line + strcspn(line, " "));
    }
    return cores_of(line_of(folder, "cpu.cfs_quota_us", line, sizeof line),
                    line_of(folder, "cpu.cfs_period_us", period, sizeof period));
}

/* Of a group and of all above it: each limits those below. */
static double least_of(const char *mount, char *group, bool is_v2)
{
    char folder[MAX_PATH];
    double least = (double)INFINITY;
    for (;;) {
        if (snprintf(folder, sizeof folder, "%s%s%s", mount, is_v2 ? "" : "/cpu", group) <
            (int)sizeof folder)
            least = fmin(least, quota_of(folder, is_v2));
        char *slash = strrchr(group, '/');
        if (slash == NULL)
            return least;
        *slash = '\0';
    }
}

/* Whether a list such as "cpu,cpuacct" has the word "cpu". */
static bool has_cpu(const char *kinds)
{
    for (const char *word = kinds; *word != '\0';) {
        const size_t n = strcspn(word, ",");
        if (n == 3 && strncmp(word, "cpu", n) == 0)
            return true;
        word += n + (word[n] == ',');
    }
    return false;
}

double rig_machine_cpu_quota(const char *mount, const char *own)
{
    char line[MAX_PATH];
    double least = (double)INFINITY;
    FILE *file = fopen(own, "re");
    if (file == NULL)
        return least;
    while (fgets(line, sizeof line, file) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        char *kinds = strchr(line, ':'), *group = kinds != NULL ? strchr(kinds + 1, ':') : NULL;
        if (group == NULL)
            continue;
        *group++ = '\0';
        kinds++;
        const bool is_v2 = kinds[0] == '\0';
        if (is_v2 || has_cpu(kinds))
            least = fmin(least, least_of(mount, group, is_v2));
    }
    (void)fclose(file);
    return least;
}
