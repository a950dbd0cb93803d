/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What only this run knows: texts that nobody can guess. One stands in the scenario files of the
 * run, and in what we ask of SIPp, which takes orders from whoever sends them; another is the token
 * of its live page. */
#ifndef RIG_CORE_SECRET_H
#define RIG_CORE_SECRET_H

#include "core/status.h"

/** Hexadecimal digits, 4 bits each. */
enum { RIG_SECRET_DIGITS = 32, RIG_NONCE_DIGITS = 12 };

/** A secret of a run. It goes to no target and into no command line. */
typedef struct rig_secret {
    char text[RIG_SECRET_DIGITS + 1];
} rig_secret;

/** A text that differs in each run and worker, and that nobody can guess who does not see our
 * packets: part of Call-IDs, tags and branches. RFC 3261, 19.3: "at least 32 bits of randomness".
 */
typedef struct rig_nonce {
    char text[RIG_NONCE_DIGITS + 1];
} rig_nonce;

/**
 * Make a secret, from the kernel's generator (getrandom).
 * @param[out] secret  Lower-case digits. Untouched on error.
 * @return RIG_OK; RIG_EENV when the kernel has none to give.
 */
rig_status rig_secret_make(rig_secret *secret, rig_error *err);

/** Make a nonce. As rig_secret_make. */
rig_status rig_nonce_make(rig_nonce *nonce, rig_error *err);

#endif
