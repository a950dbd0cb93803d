/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Loaded before a program that is being trained (ci/optimised): the secret of its hash tables is the
 * same each time, so that the same work leaves the same profile.
 * Never for a program that works for somebody. */
#include <string.h>
#include <sys/types.h>

ssize_t getrandom(void *bytes, size_t n_bytes, unsigned flags);

ssize_t getrandom(void *bytes, size_t n_bytes, unsigned flags)
{
    (void)flags;
    memset(bytes, 0x5a, n_bytes);
    return (ssize_t)n_bytes;
}
