/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One condition of the gate. */
#ifndef RIG_VERDICT_CHECK_H
#define RIG_VERDICT_CHECK_H

#include <stdarg.h>
#include <stdbool.h>

/** Room for what a check says, its NUL included. */
#define RIG_CHECK_TEXT_SIZE 480

/** A condition of G0, G0b or G1. */
typedef struct rig_check {
    const char *gate; /**< "G0", "G0b" or "G1" */
    const char *name; /**< static */
    bool is_ok;
    bool is_noted;                  /**< it holds, and people are told of it all the same */
    bool is_unknown;                /**< of a probe: it does not hold because another does not */
    char text[RIG_CHECK_TEXT_SIZE]; /**< what was found and what is expected */
} rig_check;

/** Write one; what has no room in its text is left out. @param name  Static, as is `gate`. */
void rig_check_write(rig_check *check, const char *gate, const char *name, bool is_ok,
                     const char *format, va_list args) __attribute__((format(printf, 5, 0)));

#endif
