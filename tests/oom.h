/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Out of memory, for every test: allow 0, 1, 2 .. allocations, and see that each time there is the
 * whole thing or an error, nothing half done, and nothing leaked. A test links `oom`
 * (tests/parts.cmake), which wraps what our objects allocate with; tests/oom_json.h does it for the
 * libraries of documents.
 */
#ifndef RIG_TESTS_OOM_H
#define RIG_TESTS_OOM_H

#include "core/status.h"

/** How allocations are refused. */
typedef enum oom_mode {
    OOM_FROM, /**< all from the n-th on */
    OOM_ONCE  /**< the n-th alone */
} oom_mode;

/** From now on n allocations succeed; see oom_mode. */
void oom_allow(oom_mode mode, long n);

/** All succeed again. @return whether one was refused. */
int oom_end(void);

/** Allocations that were asked for since the last call. */
long oom_count(void);

/** One thing that needs memory. */
typedef struct oom_case {
    const char *name;
    /** Make it. On RIG_OK: check that it is whole (the driver has ended the shortage by then when
     * `check` is called), else leave no trace. Called again and again. */
    rig_status (*make)(void *ctx, rig_error *err);
    /** After RIG_OK: is it whole? Free it. */
    void (*check)(void *ctx);
    /** After an error: is nothing there? NULL: nothing to look at. */
    void (*refused)(void *ctx);
    void *ctx;
    long n_least;    /**< allocations that it needs at the least: the sweep is one */
    int has_no_text; /**< it gives a status without a message */
} oom_case;

/**
 * Refuse each allocation of a case, in both modes. Fails the test when a refusal gives anything but
 * RIG_ENOMEM with a message (or RIG_OK with the whole thing, where it could do without), or when
 * blocks are left that were not there before.
 */
void oom_sweep(const oom_case *c);

/* For tests/oom_json.c. The same allocations, counted and refused. */
void *oom_malloc(unsigned long n);
void oom_free(void *p);

#endif
