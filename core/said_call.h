/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the program that places the calls says of one of them. The wire is the truth; where the two
 * do not agree, something between that program and the wire is ill (verdict/set_up.h), or the
 * capture is (verdict/set_up_capture.h). */
#ifndef RIG_CORE_SAID_CALL_H
#define RIG_CORE_SAID_CALL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** What was said of a planned call. Zeroed: nothing (yet). */
typedef struct rig_said_call {
    bool is_said;          /**< it is over, and there is a line of it */
    bool is_placed;        /**< its INVITE was sent */
    bool is_unheard;       /**< nothing came in answer to the INVITE */
    bool is_heard;         /**< something came in answer to it */
    short code;            /**< final failure of the INVITE; 0: none */
    float late_ms;         /**< from its planned instant to the INVITE, wire time */
    uint32_t call_id_hash; /**< rig_said_call_hash of its Call-ID; 0: not known */
} rig_said_call;

/** By which two Call-IDs are told apart: FNV-1a, 32 bits (draft-eastlake-fnv); never 0. */
static inline uint32_t rig_said_call_hash(const char *call_id, size_t n)
{
    uint32_t hash = UINT32_C(2166136261);
    for (size_t i = 0; i < n; i++)
        hash = (hash ^ (uint8_t)call_id[i]) * UINT32_C(16777619);
    return hash != 0 ? hash : 1;
}

#endif
