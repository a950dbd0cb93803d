/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/pages.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define LINE  64u
#define HUGE  ((size_t)2 << 20)
#define LARGE (2u * HUGE) /* what is smaller may hold no whole huge page */

/* Stands before the array. */
typedef struct head {
    void *map;      /* NULL: of the heap */
    size_t n_bytes; /* of the mapping */
} head;

static head *head_of(void *array)
{
    return (head *)(void *)((char *)array - LINE);
}

static void *map_large(size_t n_bytes)
{
    const size_t n = (n_bytes + LINE + 2u * HUGE - 1u) / HUGE * HUGE; /* room to begin with one */
    char *map = mmap(NULL, n, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (map == MAP_FAILED)
        return NULL;
    char *from = map + (HUGE - (uintptr_t)map % HUGE) % HUGE;
    (void)madvise(from, n - HUGE, MADV_HUGEPAGE); /* where there are none, it works as well */
    *(head *)(void *)from = (head){map, n};
    return from + LINE;
}

void *rig_pages_new(size_t n, size_t size)
{
    if (n > (SIZE_MAX - 4u * HUGE) / size)
        return NULL;
    const size_t n_bytes = n * size;
    if (n_bytes >= LARGE)
        return map_large(n_bytes);
    char *from = aligned_alloc(LINE, (n_bytes + 2u * LINE - 1u) / LINE * LINE);
    if (from == NULL)
        return NULL;
    memset(from, 0, n_bytes + LINE);
    return from + LINE;
}

void rig_pages_free(void *array)
{
    if (array == NULL)
        return;
    head *of = head_of(array);
    if (of->map != NULL)
        (void)munmap(of->map, of->n_bytes);
    else
        free(of);
}
