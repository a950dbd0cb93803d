/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scenarios/scope.h"

#include <stdio.h>
#include <string.h>

#include "core/language.h"

static const char *const kind_names[RIG_N_SCOPE_KINDS] = {N_("trunks"), N_("agents"), N_("classes"),
                                                          N_("skills")};

static uint32_t n_of_kind(const rig_scenario *s, rig_scope_kind kind)
{
    switch (kind) {
    case RIG_SCOPE_TRUNKS:
        return (uint32_t)s->n_trunks;
    case RIG_SCOPE_AGENTS:
        return (uint32_t)s->n_agents;
    case RIG_SCOPE_CLASSES:
        return (uint32_t)s->callers.n_classes;
    case RIG_SCOPE_SKILLS:
        return (uint32_t)s->n_skills;
    case RIG_N_SCOPE_KINDS:
        break;
    }
    return 0;
}

static const char *name_of(const rig_scenario *s, rig_scope_kind kind, uint32_t index)
{
    switch (kind) {
    case RIG_SCOPE_TRUNKS:
        return s->trunks[index].name;
    case RIG_SCOPE_AGENTS:
        return s->agents[index].name;
    case RIG_SCOPE_CLASSES:
        return s->callers.classes[index].name;
    case RIG_SCOPE_SKILLS:
        return s->skills[index];
    case RIG_N_SCOPE_KINDS:
        break;
    }
    return "?";
}

uint32_t rig_scope_n_of(const rig_scenario *scenario, rig_scope_kind kind)
{
    const uint32_t n = n_of_kind(scenario, kind);
    return n > 1 ? n : 0;
}

uint32_t rig_scope_n_parts(const rig_scenario *scenario)
{
    uint32_t n = 0;
    for (int k = 0; k < RIG_N_SCOPE_KINDS; k++)
        n += rig_scope_n_of(scenario, (rig_scope_kind)k);
    return n;
}

uint32_t rig_scope_first(const rig_scenario *scenario, rig_scope_kind kind)
{
    uint32_t n = 1;
    if (rig_scope_n_of(scenario, kind) == 0)
        return RIG_METRIC_WHOLE;
    for (int k = 0; k < (int)kind; k++)
        n += rig_scope_n_of(scenario, (rig_scope_kind)k);
    return n;
}

rig_scope_part rig_scope_part_of(const rig_scenario *scenario, uint32_t part)
{
    int k = 0;
    part--;
    while (k + 1 < RIG_N_SCOPE_KINDS && part >= rig_scope_n_of(scenario, (rig_scope_kind)k))
        part -= rig_scope_n_of(scenario, (rig_scope_kind)k++);
    return (rig_scope_part){(rig_scope_kind)k, part};
}

const char *rig_scope_part_name(const rig_scenario *scenario, uint32_t part)
{
    const rig_scope_part p = rig_scope_part_of(scenario, part);
    return name_of(scenario, p.kind, p.index);
}

const char *rig_scope_kind_name(rig_scope_kind kind)
{
    return (unsigned)kind < RIG_N_SCOPE_KINDS ? kind_names[kind] : "?";
}

static bool is_hunted(const rig_scenario *s)
{
    for (size_t i = 0; i < s->n_trunks; i++) {
        if (s->trunks[i].p_share > 0.0)
            return false;
    }
    return true;
}

/* Of the circuits of a group, whoever's calls they carry. */
static bool is_of_circuits(rig_metric metric)
{
    return metric == RIG_METRIC_MEAN_CIRCUITS || metric == RIG_METRIC_PEAK_CIRCUITS ||
           metric == RIG_METRIC_UTILISATION || metric == RIG_METRIC_PEAK_UTILISATION;
}

bool rig_scope_has(const rig_scenario *scenario, uint32_t part, rig_metric metric)
{
    const rig_scope_part p = rig_scope_part_of(scenario, part);
    if ((rig_metric_describe(metric)->scopes >> p.kind & 1u) == 0)
        return false;
    return p.kind != RIG_SCOPE_TRUNKS || !is_hunted(scenario) || is_of_circuits(metric);
}

/* ---- names ---- */

static bool is_text(const char *known, const char *text, size_t n)
{
    return known != NULL && strlen(known) == n && strncmp(known, text, n) == 0;
}

static void list_parts(const rig_scenario *s, char *text, size_t size)
{
    size_t used = 0;
    text[0] = '\0';
    for (int k = 0; k < RIG_N_SCOPE_KINDS; k++) {
        for (uint32_t i = 0; i < n_of_kind(s, (rig_scope_kind)k) && used < size; i++) {
            int n = snprintf(text + used, size - used, "%s%s.%s", used > 0 ? ", " : "",
                             kind_names[k], name_of(s, (rig_scope_kind)k, i));
            used += n > 0 ? (size_t)n : 0;
        }
    }
}

/* How many parts a name in [] means; the last of them. */
static uint32_t find_parts(const rig_scenario *s, const char *text, size_t n, rig_scope_part *found)
{
    uint32_t n_found = 0;
    for (int k = 0; k < RIG_N_SCOPE_KINDS; k++) {
        const size_t n_kind = strlen(kind_names[k]);
        const bool has_kind =
            n > n_kind && strncmp(text, kind_names[k], n_kind) == 0 && text[n_kind] == '.';
        for (uint32_t i = 0; i < n_of_kind(s, (rig_scope_kind)k); i++) {
            const char *name = name_of(s, (rig_scope_kind)k, i);
            if (!is_text(name, text, n) &&
                !(has_kind && is_text(name, text + n_kind + 1, n - n_kind - 1)))
                continue;
            *found = (rig_scope_part){(rig_scope_kind)k, i};
            n_found++;
        }
    }
    return n_found;
}

static rig_status read_part(const rig_scenario *s, const char *text, size_t n, rig_metric_ref *ref,
                            char *why, size_t size)
{
    char known[400] = "";
    const int shown = n < 60 ? (int)n : 60;
    rig_scope_part p = {RIG_SCOPE_TRUNKS, 0};
    const uint32_t n_found = s != NULL ? find_parts(s, text, n, &p) : 0;
    if (s != NULL)
        list_parts(s, known, sizeof known);
    if (n_found == 0) {
        (void)snprintf(why, size,
                       "[%.*s]: no carrier, group of agents, class or skill of this "
                       "name; expected one of %s",
                       shown, text, known);
        return RIG_EINPUT;
    }
    if (n_found > 1) {
        (void)snprintf(why, size,
                       "[%.*s]: several parts have this name; expected the key in "
                       "front, one of %s",
                       shown, text, known);
        return RIG_EINPUT;
    }
    if ((rig_metric_describe(ref->metric)->scopes >> p.kind & 1u) == 0) {
        (void)snprintf(why, size, "%s is not told apart by %s",
                       rig_metric_short_name(ref->metric).text, kind_names[p.kind]);
        return RIG_EINPUT;
    }
    const uint32_t first = rig_scope_first(s, p.kind);
    if (first == RIG_METRIC_WHOLE)
        return RIG_OK; /* the only one is the whole */
    if (!rig_scope_has(s, first + p.index, ref->metric)) {
        (void)snprintf(why, size,
                       "%s of a carrier: the groups of `trunks` have no shares, so that "
                       "calls belong to none of them; expected mean_circuits, peak_circuits, "
                       "utilisation or peak_utilisation",
                       rig_metric_short_name(ref->metric).text);
        return RIG_EINPUT;
    }
    ref->part = first + p.index;
    return RIG_OK;
}

rig_status rig_scope_read(const rig_scenario *scenario, const char *text, size_t n_text,
                          rig_metric_ref *ref, char *why, size_t size)
{
    const char *bracket = memchr(text, '[', n_text);
    const size_t n_name = bracket != NULL ? (size_t)(bracket - text) : n_text;
    rig_metric_ref made = {.part = RIG_METRIC_WHOLE};
    rig_status status = RIG_OK;
    if (!rig_metric_find(text, n_name, &made.metric)) {
        char known[1000];
        rig_metric_names(known, sizeof known);
        (void)snprintf(why, size, "unknown metric \"%.*s\"; expected one of %s",
                       n_name < 60 ? (int)n_name : 60, text, known);
        return RIG_EINPUT;
    }
    if (bracket != NULL && (text[n_text - 1] != ']' || bracket + 2 > text + n_text - 1)) {
        (void)snprintf(why, size, "\"%.*s\": expected METRIC or METRIC[NAME]",
                       n_text < 60 ? (int)n_text : 60, text);
        return RIG_EINPUT;
    }
    if (bracket != NULL)
        status = read_part(scenario, bracket + 1, n_text - n_name - 2, &made, why, size);
    if (status == RIG_OK)
        *ref = made;
    return status;
}

void rig_scope_write(const rig_scenario *scenario, rig_metric_ref ref, char *text, size_t size)
{
    const rig_metric_name name = rig_metric_short_name(ref.metric);
    if (ref.part == RIG_METRIC_WHOLE) {
        (void)snprintf(text, size, "%s", name.text);
        return;
    }
    const rig_scope_part p = rig_scope_part_of(scenario, ref.part);
    const char *part = name_of(scenario, p.kind, p.index);
    rig_scope_part other;
    if (find_parts(scenario, part, strlen(part), &other) > 1)
        (void)snprintf(text, size, "%s[%s.%s]", name.text, kind_names[p.kind], part);
    else
        (void)snprintf(text, size, "%s[%s]", name.text, part);
}
