/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The part of the set-up gate (verdict/set_up.h) that asks how the centre is wired. */
#ifndef RIG_VERDICT_SET_UP_WIRING_H
#define RIG_VERDICT_SET_UP_WIRING_H

#include "verdict/set_up.h"
#include "verdict/set_up_habits.h"

/** The checks so far. */
typedef struct rig_set_up_list {
    rig_check *items; /**< room for RIG_SET_UP_N_CHECKS */
    size_t n;
} rig_set_up_list;

/** One more, of gate "G0b". */
void rig_set_up_add(rig_set_up_list *l, const char *name, bool is_ok, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/** Can our SIPp answer the centre's challenges? @param input  Its wire is known. */
void rig_set_up_digest(const rig_set_up_input *input, const rig_set_up_habits *h,
                       rig_set_up_list *l);

/**
 * Credentials, the form of the request, audio; and, where the wire is known, the callers' numbers,
 * the agents' contacts and the marks.
 */
void rig_set_up_wiring(const rig_set_up_input *input, const rig_set_up_habits *h, bool is_known,
                       rig_set_up_list *l);

#endif
