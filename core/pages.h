/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Large arrays that are looked into anywhere. */
#ifndef RIG_CORE_PAGES_H
#define RIG_CORE_PAGES_H

#include <stddef.h>

/**
 * An array that begins with a line of the cache and is zero. One of some megabytes lies in huge
 * pages, where the system has them: the processor then knows the addresses of all of it, where it
 * would look most of them up in a table that is itself out of the cache. Of such an array, what is
 * not touched takes no memory, but by the huge page.
 *
 * Source: madvise(2), MADV_HUGEPAGE; a huge page of x86-64 and of arm64 has 2 MiB.
 *
 * @param n  > 0. @param size  Bytes of one element, > 0. @return NULL: out of memory.
 */
void *rig_pages_new(size_t n, size_t size);

/** @param array  Of rig_pages_new. NULL-safe. */
void rig_pages_free(void *array);

#endif
