/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Why a call was judged as it was: every rule that fired for it, as it fires. */
#ifndef RIG_ANALYZER_EXPLAIN_H
#define RIG_ANALYZER_EXPLAIN_H

#include <stddef.h>
#include <stdint.h>

#include "core/slice.h"

/** Who asks, and about which calls. */
typedef struct rig_explain {
    const char *const *call_ids; /**< of callers' legs; borrowed */
    size_t n_call_ids;
    /** Takes one line. @param text Borrowed for the call; no line end. */
    void (*say)(void *ctx, rig_slice call_id, int64_t t_ns, const char *text);
    void *ctx;
} rig_explain;

#endif
