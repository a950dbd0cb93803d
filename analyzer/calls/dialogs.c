/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analyzer/calls/dialogs.h"

static int find(const rig_dialogs *dialogs, uint64_t tag)
{
    for (int i = 0; i < dialogs->n; i++) {
        if (dialogs->tag[i] == tag)
            return i;
    }
    return -1;
}

void rig_dialogs_add(rig_dialogs *dialogs, uint64_t tag)
{
    if (tag == 0 || dialogs->n == RIG_LEG_N_DIALOGS || find(dialogs, tag) >= 0)
        return;
    dialogs->is_ended[dialogs->n] = dialogs->is_acked[dialogs->n] = false;
    dialogs->tag[dialogs->n++] = tag;
}

void rig_dialogs_remove(rig_dialogs *dialogs, uint64_t tag)
{
    int at = find(dialogs, tag);
    if (at < 0)
        return;
    int last = --dialogs->n;
    dialogs->tag[at] = dialogs->tag[last];
    dialogs->is_acked[at] = dialogs->is_acked[last];
    dialogs->is_ended[at] = dialogs->is_ended[last];
    dialogs->has_ack = false;
    for (int i = 0; i < dialogs->n; i++)
        dialogs->has_ack = dialogs->has_ack || dialogs->is_acked[i];
}

void rig_dialogs_ack(rig_dialogs *dialogs, uint64_t tag)
{
    int at = find(dialogs, tag);
    if (at < 0)
        return;
    dialogs->is_acked[at] = true;
    dialogs->has_ack = true;
}

rig_dialog_end rig_dialogs_end(rig_dialogs *dialogs, uint64_t tag)
{
    if (dialogs->n == 0 || tag == 0)
        return RIG_DIALOG_LAST;
    int at = find(dialogs, tag);
    if (at < 0)
        return RIG_DIALOG_UNKNOWN;
    bool was_ended = dialogs->is_ended[at];
    dialogs->is_ended[at] = true;
    for (int i = 0; i < dialogs->n; i++) {
        if (!dialogs->is_ended[i] && (dialogs->is_acked[i] || !dialogs->has_ack))
            return RIG_DIALOG_OTHER;
    }
    return was_ended ? RIG_DIALOG_OTHER : RIG_DIALOG_LAST;
}
