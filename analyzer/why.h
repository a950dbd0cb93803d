/* Why a call ended as it did, in plain words: what was seen at which instant, which rule decided,
 * what was not seen. Data alone; reports/why_text.h prints it. */
#ifndef RIG_ANALYZER_WHY_H
#define RIG_ANALYZER_WHY_H

#include <stddef.h>
#include <stdint.h>

#include "analyzer/call_sink.h"
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

#endif
