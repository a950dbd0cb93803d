/* SPDX-License-Identifier: GPL-3.0-or-later */
/* UTF-8 that may come from the wire, and so may be none. Source: RFC 3629, section 4. */
#ifndef RIG_CORE_UTF8_H
#define RIG_CORE_UTF8_H

#include <stddef.h>

/** What stands for a byte that is no part of a character: U+FFFD. */
#define RIG_UTF8_REPLACEMENT "\xEF\xBF\xBD"

/**
 * Bytes of the character that begins at `p`.
 * @param p  NUL-terminated; nothing is read behind the NUL.
 * @return 1 to 4; 0 when none begins there: a stray or missing continuation, an overlong form, a
 *         surrogate, more than U+10FFFF. The NUL itself counts as one.
 */
size_t rig_utf8_length(const char *p);

/** Copy a text, each byte that is no part of a character replaced. @return heap, the caller frees;
 * NULL when out of memory. */
char *rig_utf8_mend(const char *text);

#endif
