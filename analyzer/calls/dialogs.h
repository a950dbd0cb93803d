/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The dialogs that one initial INVITE has made: a 2xx of each branch makes one of its own (RFC 3261
 * section 13.2.2.4). Internal to the room.
 *
 * A BYE ends the dialog of its tags and no other: a caller who hears two answers says BYE to one of
 * them and talks on in the other. */
#ifndef RIG_ANALYZER_CALLS_DIALOGS_H
#define RIG_ANALYZER_CALLS_DIALOGS_H

#include <stdbool.h>
#include <stdint.h>

/** Dialogs of one leg that are told apart. */
#define RIG_LEG_N_DIALOGS 4

/** The dialogs of a leg, by the callee's tag. All zero: none. */
typedef struct rig_dialogs {
    uint64_t tag;   /**< of the first: hash */
    uint64_t *more; /**< of the others, RIG_LEG_N_DIALOGS - 1; owned; NULL: there was no second */
    uint8_t acked;  /**< bits, by their places */
    uint8_t ended;  /**< likewise */
    uint8_t n;
    bool has_ack : 1;    /**< the ACK to any of them was seen */
    bool has_failed : 1; /**< there was no memory for one: it is not followed. Kept until it is
                              read */
} rig_dialogs;

/** Free what it owns; it has no dialog then. */
void rig_dialogs_clear(rig_dialogs *dialogs);

/** What a BYE, or the response to one, does. */
typedef enum rig_dialog_end {
    RIG_DIALOG_LAST = 0, /**< no dialog is left: the call is over */
    RIG_DIALOG_OTHER,    /**< another one goes on, or it had ended before */
    RIG_DIALOG_UNKNOWN   /**< it is of none of the dialogs */
} rig_dialog_end;

/** Note a 2xx to the INVITE. @param tag  Hash of its To tag; 0 (old stacks) makes none. */
void rig_dialogs_add(rig_dialogs *dialogs, uint64_t tag);

/** A tag is none of a dialog's: its branch was refused. */
void rig_dialogs_remove(rig_dialogs *dialogs, uint64_t tag);

/** Note the caller's ACK in a dialog. */
void rig_dialogs_ack(rig_dialogs *dialogs, uint64_t tag);

/** End the dialog of a tag. One that the caller has not acknowledged, though he has another, does
 * not go on without it. Without any dialog, or with tag 0, it is RIG_DIALOG_LAST. */
rig_dialog_end rig_dialogs_end(rig_dialogs *dialogs, uint64_t tag);

#endif
