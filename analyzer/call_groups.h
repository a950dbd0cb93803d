/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Calls by what they have in common: a table of figures for each carrier, code, agent, hour, ..
 *
 * A group is made of one to three fields of query.h. A call that has no value of a field is in the
 * group "none". "hour" groups by hours with their dates ("2026-01-31T13"), UTC.
 *
 * By "agent" alone, a call belongs to the agent who answered it, or else to the one who rang last;
 * each ring belongs to the agent whose phone it was. In any other table the rings are those of the
 * group's calls.
 *
 * Memory: some 400 bytes a group, and 12 bytes for each call that was in the queue or with an agent
 * (the percentiles are exact). Beyond RIG_CALL_GROUPS_MAX groups, calls are counted in the group
 * "(others)". */
#ifndef RIG_ANALYZER_CALL_GROUPS_H
#define RIG_ANALYZER_CALL_GROUPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analyzer/call_sink.h"
#include "core/stage.h"
#include "core/status.h"

/** Most fields of one table. */
#define RIG_CALL_GROUPS_MAX_FIELDS 3
/** Most groups of one table. */
#define RIG_CALL_GROUPS_MAX 65536
/** Between the values of a group's name. */
#define RIG_CALL_GROUPS_BETWEEN " / "

/** By which fields. */
typedef struct rig_call_group_by {
    size_t fields[RIG_CALL_GROUPS_MAX_FIELDS]; /**< rig_query_find_field */
    size_t n;
} rig_call_group_by;

/** How long something took, s; NAN where n is 0. Percentiles: the ceil(p n)-th in order. */
typedef struct rig_call_group_times {
    uint64_t n;
    double mean_s, p50_s, p95_s, max_s, total_s;
} rig_call_group_times;

/** The figures of a group. */
typedef struct rig_call_group {
    char *name;         /**< its values; owned by the table */
    uint64_t n_calls;   /**< all of them: in progress, too */
    uint64_t n_offered; /**< sessions.h: calls but those not over and not answered .. */
    uint64_t n_seized, n_answered, n_deliverable, n_delivered; /**< .. and what became of them */
    uint64_t n_outcome[RIG_N_OUTCOMES];
    double asr_offered, asr_seized, ner; /**< sessions.h; NAN: no such call */
    rig_call_group_times
        wait; /**< from the queue to the agent's answer, of calls that one answered */
    rig_call_group_times wait_all; /**< from the queue to the agent's answer or else to the end, of
                                   all that were in the queue and are over */
    rig_call_group_times talk;     /**< from the agent's answer to the end */
    rig_call_group_times ring;     /**< from a ring's begin to its answer or end: agents' legs */
    uint64_t n_rings, n_missed;    /**< agents' legs; those without an agent's answer */
} rig_call_group;

/** A table. */
typedef struct rig_call_group_table {
    rig_call_group_by by;
    rig_call_group *groups; /**< n of them, in the order of their values: numbers by size, texts by
                            their bytes; "none" and "(others)" come last. Owned */
    size_t n;
} rig_call_group_table;

/**
 * Read "carrier,hour": fields with commas between.
 * @param option   What the message begins with: "--by".
 * @param[out] by  Untouched on error.
 * @return RIG_OK; RIG_EINPUT naming what is wrong, with the fields there are.
 */
rig_status rig_groups_by_read(const char *text, const char *option, rig_call_group_by *by,
                              rig_error *err);

/** Whether it needs rig_finished_call.parties. By "agent" alone always. */
bool rig_groups_by_needs_parties(const rig_call_group_by *by);

/** Whether the fields are "agent" alone. */
bool rig_groups_by_is_agent(const rig_call_group_by *by);

/** "carrier / hour". @param[out] text Cut to fit. */
void rig_groups_by_text(const rig_call_group_by *by, char *text, size_t size);

/** Groups while calls come in; opaque. */
typedef struct rig_call_groups rig_call_groups;

/** @param[out] groups  Owned by the caller. @return RIG_OK or RIG_ENOMEM. */
rig_status rig_groups_new(const rig_call_group_by *by, rig_call_groups **groups, rig_error *err);

/** NULL-safe. */
void rig_groups_free(rig_call_groups *groups);

/** Count a call. @return RIG_OK or RIG_ENOMEM. */
rig_status rig_groups_take(rig_call_groups *groups, const rig_finished_call *call, rig_error *err);

/**
 * All calls have come; the groups are empty afterwards.
 * @param has_queue_marks  rig_capture_counts.has_queue_marks, at the end.
 * @param[out] table       Owned by the caller: rig_groups_table_free.
 * @return RIG_OK or RIG_ENOMEM.
 */
rig_status rig_groups_finish(rig_call_groups *groups, bool has_queue_marks,
                             rig_call_group_table **table, rig_error *err);

/** NULL-safe. */
void rig_groups_table_free(rig_call_group_table *table);

#endif
