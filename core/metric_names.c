/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Figures by the names that people type. */
#include <stdio.h>
#include <string.h>

#include "core/metric.h"

rig_metric_name rig_metric_short_name(rig_metric metric)
{
    static const char prefix[] = "p_", suffix[] = "_per_entrant";
    rig_metric_name name;
    const char *full = rig_metric_describe(metric)->name;
    if (strncmp(full, prefix, strlen(prefix)) == 0)
        full += strlen(prefix);
    (void)snprintf(name.text, sizeof name.text, "%s", full);
    size_t n = strlen(name.text), n_suffix = strlen(suffix);
    if (n > n_suffix && strcmp(name.text + n - n_suffix, suffix) == 0)
        name.text[n - n_suffix] = '\0';
    return name;
}

static bool is_name(const char *known, const char *name, size_t n_name)
{
    return known != NULL && strlen(known) == n_name && strncmp(known, name, n_name) == 0;
}

bool rig_metric_find(const char *name, size_t n_name, rig_metric *metric)
{
    for (int m = 0; m < RIG_N_METRICS; m++) {
        const rig_metric_info *info = rig_metric_describe((rig_metric)m);
        const char *alias = info->alias;
        const char *brief = alias != NULL && strncmp(alias, "p_", 2) == 0 ? alias + 2 : NULL;
        if (is_name(info->name, name, n_name) || is_name(alias, name, n_name) ||
            is_name(brief, name, n_name) ||
            is_name(rig_metric_short_name((rig_metric)m).text, name, n_name)) {
            *metric = (rig_metric)m;
            return true;
        }
    }
    return false;
}

void rig_metric_names(char *text, size_t size)
{
    size_t used = 0;
    text[0] = '\0';
    for (int m = 0; m < RIG_N_METRICS && used < size; m++) {
        int n = snprintf(text + used, size - used, "%s%s", m > 0 ? ", " : "",
                         rig_metric_short_name((rig_metric)m).text);
        used += n > 0 ? (size_t)n : 0;
    }
}
