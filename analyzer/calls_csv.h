/* SPDX-License-Identifier: GPL-3.0-or-later */
/* calls.csv: a row for each observed call.
 *
 * Columns: call_id, planned_index (empty when the call was not ours), t_invite_s, t_provisional_s,
 * t_answer_s, t_queue_s, t_agent_ring_s, t_agent_answer_s, t_end_s (epoch seconds with nine
 * decimals, exactly the nanoseconds of the capture; empty when the event was not seen), final_code
 * (0 = none), answered and cancelled (0 or 1), bye (none, caller, callee), invite_retransmissions,
 * n_messages, n_legs, outcome, reason, t_menu_s (an instant like the others), attempts (INVITEs of
 * the caller, see rig_call.attempts), backwards (1: the call's times run backwards; its durations
 * are not known, and t_end_s is empty where it would lie before the answer or the INVITE), carrier
 * (by the rules for carriers; empty where none fits), t_first_ring_s (an instant), phones_at_once
 * (rig_call.n_phones_at_once), class (of callers, by the rules for classes; empty where none fits),
 * agent (rig_call.agent), announced_position and announced_wait_s (what the queue told the caller;
 * empty where it was nothing), balked (1: he says that he left because of it), emergency (1: the
 * agent was told to keep the talk short), call_back_of (a row that has it is no caller's call: the
 * centre has called someone back whom it had deflected, in the call of this Call-ID;
 * rig_call_sink.call_back), choice (rig_call.choice: what the caller keyed in the menu), redial (how
 * many calls of his number the capture shows before this one; empty where that is not known). A
 * file may lack the last fifteen columns (of format 1, the last two at least): then they are empty,
 * 1, 0, empty, empty, 0, empty, empty, empty, empty, 0, 0 and empty for each call. Stamps stand
 * before the header as "# key: value". */
#ifndef RIG_ANALYZER_CALLS_CSV_H
#define RIG_ANALYZER_CALLS_CSV_H

#include <stdbool.h>
#include <stddef.h>

#include "analyzer/call_sink.h"
#include "core/call.h"
#include "core/status.h"

/** Stamp of rig_calls.n_unmatched; absent where that is 0. */
#define RIG_CDR_UNMATCHED "unmatched_legs"
/** Stamp of rig_calls.n_uncertain; absent where that is 0. */
#define RIG_CDR_UNCERTAIN "uncertain_calls"

/** A stamp line of a file; both are borrowed, of one line, and the key has no colon. */
typedef struct rig_cdr_stamp {
    const char *key;
    const char *value;
} rig_cdr_stamp;

/**
 * Write calls.csv; the file appears whole or not at all. Begins with "# format: peakrig calls 2".
 * @param stamps  n_stamps of them, in the order in which they are written; may be NULL for none.
 * @return RIG_OK; RIG_EIO naming the path; RIG_ENOMEM.
 */
rig_status rig_cdr_write(const rig_calls *calls, const char *path, const rig_cdr_stamp *stamps,
                         size_t n_stamps, rig_error *err);

/** calls.csv being written while the calls come in; opaque. */
typedef struct rig_cdr_writer rig_cdr_writer;

/**
 * Begin a file for calls that come in any order. Their rows are put aside in a file without a name
 * in the same folder; of each call only eight bytes stay in memory.
 * @param[out] writer  Owned by the caller: end it with _commit or _abandon.
 * @return RIG_OK; RIG_EIO naming the path; RIG_ENOMEM.
 */
rig_status rig_cdr_writer_new(const char *path, rig_cdr_writer **writer, rig_error *err);

/** rig_call_sink.take with a writer as its context. @return RIG_OK; RIG_EIO; RIG_ENOMEM. */
rig_status rig_cdr_writer_take(void *ctx, const rig_finished_call *call, rig_error *err);

/**
 * The same for a call of which it is not known yet whether its row is wanted.
 * @param fits           Whether it is.
 * @param fits_if_marks  Whether it is if the target turns out to show queue marks.
 */
rig_status rig_cdr_writer_take_if(rig_cdr_writer *writer, const rig_finished_call *call, bool fits,
                                  bool fits_if_marks, rig_error *err);

/**
 * Write the file, in the order of the calls' INVITEs: the same bytes as rig_cdr_write of the same
 * calls. Frees the writer in every case; on error an older file of that name stays.
 * @param has_queue_marks  rig_capture_counts.has_queue_marks, at the end.
 * @param stamps           As rig_cdr_write.
 * @return RIG_OK; RIG_EIO naming the path.
 */
rig_status rig_cdr_writer_commit(rig_cdr_writer *writer, bool has_queue_marks,
                                 const rig_cdr_stamp *stamps, size_t n_stamps, rig_error *err);

/** Leave no file. NULL-safe. */
void rig_cdr_writer_abandon(rig_cdr_writer *writer);

/**
 * Read calls.csv; columns are found by name, further ones are passed over.
 * @param[out] calls  Owned by the caller: rig_calls_free.
 * @return RIG_OK; RIG_EINPUT with "FILE:LINE: column: what is wrong; what is expected"; RIG_EIO;
 *         RIG_ENOMEM.
 */
rig_status rig_cdr_read(const char *path, rig_calls **calls, rig_error *err);

#endif
