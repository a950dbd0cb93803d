/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analyzer/calls/dialogs.h"

#include <stdlib.h>

static uint64_t *tag_at(rig_dialogs *dialogs, int i)
{
    return i == 0 ? &dialogs->tag : &dialogs->more[i - 1];
}

static int find(rig_dialogs *dialogs, uint64_t tag)
{
    for (int i = 0; i < dialogs->n; i++) {
        if (*tag_at(dialogs, i) == tag)
            return i;
    }
    return -1;
}

static bool is_set(uint8_t bits, int i)
{
    return (bits >> i & 1) != 0;
}

static void set(uint8_t *bits, int i, bool is)
{
    *bits = (uint8_t)((*bits & ~(1u << i)) | ((unsigned)is << i));
}

void rig_dialogs_clear(rig_dialogs *dialogs)
{
    free(dialogs->more);
    *dialogs = (rig_dialogs){.n = 0};
}

void rig_dialogs_add(rig_dialogs *dialogs, uint64_t tag)
{
    if (tag == 0 || dialogs->n == RIG_LEG_N_DIALOGS || find(dialogs, tag) >= 0)
        return;
    if (dialogs->n > 0 && dialogs->more == NULL) {
        dialogs->more = calloc(RIG_LEG_N_DIALOGS - 1, sizeof *dialogs->more);
        dialogs->has_failed |= dialogs->more == NULL;
        if (dialogs->more == NULL)
            return;
    }
    set(&dialogs->acked, dialogs->n, false);
    set(&dialogs->ended, dialogs->n, false);
    *tag_at(dialogs, dialogs->n++) = tag;
}

void rig_dialogs_remove(rig_dialogs *dialogs, uint64_t tag)
{
    int at = find(dialogs, tag);
    if (at < 0)
        return;
    int last = --dialogs->n;
    *tag_at(dialogs, at) = *tag_at(dialogs, last);
    set(&dialogs->acked, at, is_set(dialogs->acked, last));
    set(&dialogs->ended, at, is_set(dialogs->ended, last));
    dialogs->has_ack = false;
    for (int i = 0; i < dialogs->n; i++)
        dialogs->has_ack = dialogs->has_ack || is_set(dialogs->acked, i);
}

void rig_dialogs_ack(rig_dialogs *dialogs, uint64_t tag)
{
    int at = find(dialogs, tag);
    if (at < 0)
        return;
    set(&dialogs->acked, at, true);
    dialogs->has_ack = true;
}

rig_dialog_end rig_dialogs_end(rig_dialogs *dialogs, uint64_t tag)
{
    if (dialogs->n == 0 || tag == 0)
        return RIG_DIALOG_LAST;
    int at = find(dialogs, tag);
    if (at < 0)
        return RIG_DIALOG_UNKNOWN;
    bool was_ended = is_set(dialogs->ended, at);
    set(&dialogs->ended, at, true);
    for (int i = 0; i < dialogs->n; i++) {
        if (!is_set(dialogs->ended, i) && (is_set(dialogs->acked, i) || !dialogs->has_ack))
            return RIG_DIALOG_OTHER;
    }
    return was_ended ? RIG_DIALOG_OTHER : RIG_DIALOG_LAST;
}
