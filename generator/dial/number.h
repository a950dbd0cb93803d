/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The digits in what somebody dials, however it is written. Private to generator/dial.c. */
#ifndef RIG_GENERATOR_DIAL_NUMBER_H
#define RIG_GENERATOR_DIAL_NUMBER_H

#include <stddef.h>

/** Room for a number; longer ones are strange. */
#define RIG_DIALLED_SIZE 64

enum { RIG_DIALLED_MOST_TEXTS = 4 };

/** What it is. */
typedef enum rig_dialled_kind {
    RIG_DIALLED_NAME = 0, /**< no number */
    RIG_DIALLED_DIGITS,
    RIG_DIALLED_SOS,    /**< urn:service:sos, or "sos" as a user (RFC 5031) */
    RIG_DIALLED_STRANGE /**< too long, a broken escape, or characters beyond ASCII */
} rig_dialled_kind;

/** Texts of digits, '*', '#', and '+' in front: the number, with its phone-context before it, and
 * what is dialled after it. */
typedef struct rig_dialled_texts {
    char all[RIG_DIALLED_MOST_TEXTS][RIG_DIALLED_SIZE];
    size_t n;
} rig_dialled_texts;

/**
 * Read a number or a URI.
 * @param[out] texts  For RIG_DIALLED_DIGITS: at least one.
 */
rig_dialled_kind rig_dialled_read(const char *dialled, rig_dialled_texts *texts);

#endif
