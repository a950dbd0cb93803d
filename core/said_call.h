/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the program that places the calls says of one of them. The wire is the truth; where the two
 * do not agree, something between that program and the wire is ill (verdict/set_up.h). */
#ifndef RIG_CORE_SAID_CALL_H
#define RIG_CORE_SAID_CALL_H

#include <stdbool.h>

/** What was said of a planned call. Zeroed: nothing (yet). */
typedef struct rig_said_call {
    bool is_said;    /**< it is over, and there is a line of it */
    bool is_placed;  /**< its INVITE was sent */
    bool is_unheard; /**< nothing came in answer to the INVITE */
    short code;      /**< final failure of the INVITE; 0: none */
    float late_ms;   /**< from its planned instant to the INVITE, wire time */
} rig_said_call;

#endif
