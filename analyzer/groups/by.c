/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <string.h>

#include "analyzer/call_groups.h"
#include "analyzer/query.h"

static rig_status fail(const char *option, rig_slice name, rig_error *err)
{
    char known[700] = "";
    for (size_t i = 0, n = 0; i < rig_query_n_fields() && n < sizeof known; i++) {
        const rig_query_field_info *info = rig_query_describe(i);
        if (info->is_group)
            n += (size_t)snprintf(known + n, sizeof known - n, "%s%s", n > 0 ? ", " : "",
                                  info->name);
    }
    return rig_fail(err, RIG_EINPUT, "%s: \"%.*s\" is no field to group by; expected one of %s",
                    option, (int)(name.n < 60 ? name.n : 60), name.p, known);
}

rig_status rig_groups_by_read(const char *text, const char *option, rig_call_group_by *by,
                              rig_error *err)
{
    rig_call_group_by read = {.n = 0};
    rig_slice rest = rig_slice_of(text);
    while (true) {
        const size_t n = rig_slice_find(rest, ',');
        const rig_slice name = rig_slice_trim((rig_slice){rest.p, n});
        size_t field = 0;
        if (!rig_query_find_field(name, &field) || !rig_query_describe(field)->is_group)
            return fail(option, name, err);
        if (read.n == RIG_CALL_GROUPS_MAX_FIELDS)
            return rig_fail(err, RIG_EINPUT, "%s: \"%s\": more than %d fields", option, text,
                            RIG_CALL_GROUPS_MAX_FIELDS);
        read.fields[read.n++] = field;
        if (n == rest.n)
            break;
        rest = rig_slice_skip(rest, n + 1);
    }
    *by = read;
    return RIG_OK;
}

bool rig_groups_by_needs_parties(const rig_call_group_by *by)
{
    for (size_t i = 0; i < by->n; i++) {
        if (rig_query_describe(by->fields[i])->needs_parties)
            return true;
    }
    return false;
}

bool rig_groups_by_is_agent(const rig_call_group_by *by)
{
    return by->n == 1 && strcmp(rig_query_describe(by->fields[0])->name, "agent") == 0;
}

void rig_groups_by_text(const rig_call_group_by *by, char *text, size_t size)
{
    size_t n = 0;
    text[0] = '\0';
    for (size_t i = 0; i < by->n && n < size; i++)
        n += (size_t)snprintf(text + n, size - n, "%s%s", i > 0 ? RIG_CALL_GROUPS_BETWEEN : "",
                              rig_query_describe(by->fields[i])->name);
}
