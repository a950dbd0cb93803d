/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Why a call ended as it did, in plain words: what was seen at which instant, which rule decided,
 * what was not seen. Data alone; reports/why_text.h prints it. */
#ifndef RIG_ANALYZER_WHY_H
#define RIG_ANALYZER_WHY_H

#include <stddef.h>
#include <stdint.h>

#include <stdbool.h>

#include "analyzer/analyzer.h"
#include "analyzer/mask.h"
#include "analyzer/query.h"
#include "core/status.h"

/** Most events of one call that are told; the rings between the first ones and the last one are
 * left out beyond it, and counted. */
#define RIG_WHY_MAX_EVENTS 64
/** Room for a text, its NUL included; what is longer is cut. */
#define RIG_WHY_TEXT_SIZE 512
/** The same of an event. */
#define RIG_WHY_EVENT_SIZE 200

/** Something that was seen. */
typedef struct rig_why_event {
    int64_t t_ns;
    char text[RIG_WHY_EVENT_SIZE];
} rig_why_event;

/** The explanation of one call. */
typedef struct rig_why {
    char *call_id; /**< owned */
    uint64_t order;
    int64_t t_invite_ns;
    rig_outcome outcome;
    char reason[RIG_CALL_REASON_SIZE];
    char plain[RIG_WHY_TEXT_SIZE];   /**< a sentence or two */
    char decided[RIG_WHY_TEXT_SIZE]; /**< the rule, in the words of docs/rules.md */
    char missing[RIG_WHY_TEXT_SIZE]; /**< what was not seen, with commas; "" where nothing lacks */
    rig_why_event *events;           /**< n_events of them, in the order of time; owned */
    size_t n_events;
    size_t n_left_out; /**< events beyond RIG_WHY_MAX_EVENTS */
} rig_why;

/**
 * Explain a call.
 * @param call      With its parties where they are known.
 * @param if_marks  Explain what holds if the target shows queue marks.
 * @param[out] why  Owned by the caller: rig_why_clear. Untouched on error.
 * @return RIG_OK or RIG_ENOMEM.
 */
rig_status rig_why_explain(const rig_finished_call *call, bool if_marks, rig_why *why,
                           rig_error *err);

/** Free what it owns. */
void rig_why_clear(rig_why *why);

/** Most calls that are explained at one time; of more, the first that ended. */
#define RIG_WHY_MAX_CALLS 10000

/** Which calls of which captures. */
typedef struct rig_why_options {
    const char *const *paths; /**< captures, n_paths >= 1 */
    size_t n_paths;
    /** Call-IDs of callers' legs; "lost" stands for all lost calls, "*" for all. n_call_ids >= 1 */
    const char *const *call_ids;
    size_t n_call_ids;
    const rig_query *where;        /**< and only those that fit it; NULL: all */
    const struct rig_rules *rules; /**< NULL: the built-in ones */
    const rig_mask *mask;          /**< NULL: names and addresses as they are */
    rig_analyze_reading reading;   /**< all 0: as usual, and nobody is told */
    uint32_t max_legs;             /**< as of rig_analyzer_options */
} rig_why_options;

/** Explanations, in the order of the calls' INVITEs. */
typedef struct rig_whys {
    rig_why *items; /**< n of them */
    size_t n;
    uint64_t n_left_out;     /**< calls beyond RIG_WHY_MAX_CALLS */
    uint64_t n_not_followed; /**< of rig_capture_counts: calls were passed over for want of room */
    bool has_queue_marks; /**< the target shows when a call enters its queue: else, who left in the
                               menu and who in the queue cannot be told */
} rig_whys;

/**
 * Read the captures and explain.
 * @param[out] whys  Owned by the caller: rig_whys_free. Untouched on error.
 * @return RIG_OK; as rig_analyze_files; RIG_EINPUT naming a Call-ID that no call has; RIG_ENOMEM.
 */
rig_status rig_whys_collect(const rig_why_options *options, rig_whys **whys, rig_error *err);

/** NULL-safe. */
void rig_whys_free(rig_whys *whys);

#endif
