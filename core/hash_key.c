/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/hash_key.h"

#include <string.h>
#include <sys/auxv.h>
#include <sys/random.h>
#include <time.h>

rig_hash_key rig_hash_secret;

/* Where the kernel has no random numbers yet, or the system call is not allowed: what it gave the
 * process at its start (getauxval(3)), and the time. */
static void take_what_there_is(rig_hash_key *key)
{
    const void *random = (const void *)(uintptr_t)getauxval(AT_RANDOM);
    struct timespec now = {0};
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    if (random != NULL)
        memcpy(key, random, 2 * sizeof key->a);
    key->c = key->a * UINT64_C(0x9e3779b97f4a7c15) ^ (uint64_t)now.tv_nsec;
}

__attribute__((constructor)) static void choose_secret(void)
{
    rig_hash_key key = {0};
    if (getrandom(&key, sizeof key, GRND_NONBLOCK) != (ssize_t)sizeof key)
        take_what_there_is(&key);
    rig_hash_secret = (rig_hash_key){key.a | 1, key.b | 1, key.c | 1};
}
