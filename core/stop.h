/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A request to stop, from a signal handler or from any thread to any thread. */
#ifndef RIG_CORE_STOP_H
#define RIG_CORE_STOP_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

/* A signal handler may touch lock-free atomics only (C11, 7.14.1.1, paragraph 5). */
#if ATOMIC_INT_LOCK_FREE != 2
#error "a stop flag must be lock-free"
#endif

/** Asked or not; zeroed: not. Once asked, it stays so. */
typedef struct rig_stop {
    atomic_int is_set;
} rig_stop;

/** Ask. Async-signal-safe. What was written before is seen by who finds it set. */
static inline void rig_stop_set(rig_stop *stop)
{
    atomic_store_explicit(&stop->is_set, 1, memory_order_release);
}

/** Has it been asked? @param stop  NULL: never. */
static inline bool rig_stop_is_set(const rig_stop *stop)
{
    return stop != NULL && atomic_load_explicit(&stop->is_set, memory_order_acquire) != 0;
}

#endif
