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

/* Where a key could be played, where its own value does not say it; "" where it does. */
static const char *where_played(const char *path)
{
    static const struct {
        const char *path, *text;
    } rows[] = {
        {"call_back", " (only at the embedded call centre, and not with phones that refuse, an "
                      "emergency, or target.marks \"early\" or \"quiet\")"},
        {"emergency", " (only at the embedded call centre)"},
        {"faults", " (only at the embedded call centre)"},
        {"queue.poll_s", " (not at the embedded call centre, which gives a free agent at once)"},
        {"target.kind", " (not at the embedded call centre, which is \"plain\")"},
        {"reserves", " (only at the embedded call centre)"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strcmp(rows[i].path, path) == 0)
            return rows[i].text;
    return "";
}

rig_status rig_scenario_check_playable(const rig_scenario *s, rig_error *err)
{
    char text[7000];
    if (s->n_refused == 0)
        return RIG_OK;
    if (s->n_refused == 1) {
        place_text(s, &s->refused[0], text, sizeof text);
        return rig_fail(err, RIG_EINPUT,
                        "%s: %s: a run cannot play it yet%s; peakrig predict and plan simulate it, "
                        "or leave it out",
                        text, s->refused[0].path, where_played(s->refused[0].path));
    }
    size_t used = 0;
    for (size_t i = 0; i < s->n_refused && used < sizeof text; i++) {
        char where[40] = "--set";
        if (s->refused[i].line > 0)
            (void)snprintf(where, sizeof where, "line %u", s->refused[i].line);
        used += (size_t)snprintf(text + used, sizeof text - used, "%s%s (%s)", i > 0 ? ", " : "",
                                 s->refused[i].path, where);
    }
    return rig_fail(
        err, RIG_EINPUT,
        "%s: %zu keys that a run cannot play yet: %s; peakrig predict and plan simulate "
        "them, or leave them out",
        s->path, s->n_refused, text);
}
