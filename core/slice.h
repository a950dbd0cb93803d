/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text as pointer and length: no copies, no terminators, check before subtract. */
#ifndef RIG_CORE_SLICE_H
#define RIG_CORE_SLICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Bytes owned by someone else. `p` may be NULL only when `n` is 0. Not NUL-terminated. */
typedef struct rig_slice {
    const char *p;
    size_t n;
} rig_slice;

/** A slice of a C string (NULL gives the empty slice). Borrowed. */
rig_slice rig_slice_of(const char *text);

/** Same bytes. */
bool rig_slice_eq(rig_slice a, rig_slice b);

/** Same bytes as a C string. */
bool rig_slice_is(rig_slice a, const char *text);

/** Same bytes as a C string but for ASCII case. */
bool rig_slice_is_nocase(rig_slice a, const char *text);

/** Starts with a C string, but for ASCII case. */
bool rig_slice_starts_nocase(rig_slice a, const char *prefix);

/** Without leading and trailing blanks, tabs, CR and LF. */
rig_slice rig_slice_trim(rig_slice a);

/** The bytes from `from` on; empty when `from` is past the end. */
rig_slice rig_slice_skip(rig_slice a, size_t from);

/** Position of the first `c`, or a.n when there is none. */
size_t rig_slice_find(rig_slice a, char c);

/**
 * A decimal number that fills the slice.
 * @param[out] value  Untouched unless true is returned.
 * @return false for an empty slice, a non-digit or overflow.
 */
bool rig_slice_u64(rig_slice a, uint64_t *value);

/** A heap copy with a terminating NUL; the caller frees. NULL when out of memory. */
char *rig_slice_dup(rig_slice a);

#endif
