/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the wire cannot do yet, key by key. Which keys these are is in their rows. */
#include <stdio.h>
#include <string.h>

#include "scenarios/scenario.h"

/* "PATH:41", or "PATH (--set)". */
static void place_text(const rig_scenario *s, const rig_refused_key *key, char *text, size_t size)
{
    if (key->line > 0)
        (void)snprintf(text, size, "%s:%u", key->file != NULL ? key->file : s->path, key->line);
    else
        (void)snprintf(text, size, "%s (--set)", s->path);
}

/* Whether they are the same but for the numbers of elements. */
static bool is_path(const char *path, const char *plain)
{
    while (*path != '\0' && *path == *plain) {
        if (*path == '[')
            path += strcspn(path, "]") - 1;
        path++;
        plain++;
    }
    return *path == *plain;
}

/* Where a key could be played, where its own value does not say it; "" where it does. */
static const char *where_played(const char *path)
{
    static const char embedded[] = "only at the embedded call centre",
                      with_port[] = "only at the embedded call centre, or with trunks[].port";
    static const struct {
        const char *path, *text;
    } rows[] = {
        {"agents[].shifts", embedded},
        {"call_back", "only at the embedded call centre, and not with target.marks \"early\" or "
                      "\"quiet\""},
        {"emergency", embedded},
        {"faults", embedded},
        {"queue.announcement",
         "only at the embedded call centre, and not with target.marks \"quiet\" or \"auto\""},
        {"queue.deflection", embedded},
        {"queue.keep_place", embedded},
        {"reserves", embedded},
        {"target.kind", "not at the embedded call centre, which is \"plain\""},
        {"trunks[].overflow", with_port},
        {"trunks[].share", with_port},
        {"trunks[].spare_share", with_port},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (is_path(path, rows[i].path))
            return rows[i].text;
    return "";
}

/* "queue.deflection (line 3; only at the embedded call centre)", of all. */
static void list_refused(const rig_scenario *s, char *text, size_t size)
{
    size_t used = 0;
    text[0] = '\0';
    for (size_t i = 0; i < s->n_refused && used < size; i++) {
        const char *reason = where_played(s->refused[i].path);
        char where[40] = "--set";
        if (s->refused[i].line > 0)
            (void)snprintf(where, sizeof where, "line %u", s->refused[i].line);
        const int n = snprintf(text + used, size - used, "%s%s (%s%s%s)", i > 0 ? ", " : "",
                               s->refused[i].path, where, reason[0] != '\0' ? "; " : "", reason);
        used += n > 0 ? (size_t)n : 0;
    }
}

rig_status rig_scenario_check_playable(const rig_scenario *s, rig_error *err)
{
    char text[7000];
    if (s->n_refused == 0)
        return RIG_OK;
    if (s->n_refused == 1) {
        const char *reason = where_played(s->refused[0].path);
        place_text(s, &s->refused[0], text, sizeof text);
        return rig_fail(err, RIG_EINPUT,
                        "%s: %s: a run cannot play it%s%s%s; peakrig predict and plan simulate it, "
                        "or leave it out",
                        text, s->refused[0].path, reason[0] != '\0' ? " (" : " yet", reason,
                        reason[0] != '\0' ? ")" : "");
    }
    list_refused(s, text, sizeof text);
    return rig_fail(err, RIG_EINPUT,
                    "%s: %zu keys that a run cannot play: %s; peakrig predict and plan simulate "
                    "them, or leave them out",
                    s->path, s->n_refused, text);
}
