/* SPDX-License-Identifier: GPL-3.0-or-later */
/* calls.csv line by line: the columns, and a call as text. Internal to analyzer/output. */
#ifndef RIG_ANALYZER_OUTPUT_CALLS_ROW_H
#define RIG_ANALYZER_OUTPUT_CALLS_ROW_H

#include <stddef.h>
#include <stdio.h>

#include "analyzer/calls_csv.h"
#include "core/call.h"

#define RIG_CALLS_FORMAT      "peakrig calls 2"
/** Of earlier versions: without choice and redial, and perhaps further ones; read as well. */
#define RIG_CALLS_FORMAT_1    "peakrig calls 1"
#define RIG_CALLS_FORMAT_LINE "# format: " RIG_CALLS_FORMAT "\n"

/** The columns, in the order in which they are written. */
typedef enum rig_calls_column {
    RIG_COLUMN_CALL_ID = 0,
    RIG_COLUMN_PLANNED_INDEX,
    RIG_COLUMN_T_INVITE,
    RIG_COLUMN_T_PROVISIONAL,
    RIG_COLUMN_T_ANSWER,
    RIG_COLUMN_T_QUEUE,
    RIG_COLUMN_T_AGENT_RING,
    RIG_COLUMN_T_AGENT_ANSWER,
    RIG_COLUMN_T_END,
    RIG_COLUMN_FINAL_CODE,
    RIG_COLUMN_ANSWERED,
    RIG_COLUMN_CANCELLED,
    RIG_COLUMN_BYE,
    RIG_COLUMN_INVITE_RETRANSMISSIONS,
    RIG_COLUMN_N_MESSAGES,
    RIG_COLUMN_N_LEGS,
    RIG_COLUMN_OUTCOME,
    RIG_COLUMN_REASON,
    RIG_COLUMN_T_MENU, /**< files of earlier versions lack it and those behind it */
    RIG_COLUMN_ATTEMPTS,
    RIG_COLUMN_BACKWARDS,
    RIG_COLUMN_CARRIER,
    RIG_COLUMN_T_FIRST_RING,
    RIG_COLUMN_PHONES_AT_ONCE,
    RIG_COLUMN_CLASS,
    RIG_COLUMN_AGENT,
    RIG_COLUMN_ANNOUNCED_POSITION,
    RIG_COLUMN_ANNOUNCED_WAIT,
    RIG_COLUMN_BALKED,
    RIG_COLUMN_EMERGENCY,
    RIG_COLUMN_CALL_BACK_OF,
    RIG_COLUMN_CHOICE, /**< from format 2 on */
    RIG_COLUMN_REDIAL,
    RIG_CALLS_N_COLUMNS
} rig_calls_column;

/** Their names; static. */
extern const char *const rig_cdr_columns[RIG_CALLS_N_COLUMNS];

/** Stamp lines, and the header line with the columns. Errors of the stream are kept by it. */
void rig_cdr_put_stamps(FILE *out, const rig_cdr_stamp *stamps, size_t n_stamps);
void rig_cdr_put_columns(FILE *out);

/** Room that a call's row needs at most. */
size_t rig_cdr_row_size(const rig_call *call);

/**
 * A call's row, its line end included, no NUL.
 * @param outcome, reason  In the place of those of the call.
 * @param[out] row         At least rig_cdr_row_size bytes.
 * @return how many were written.
 */
size_t rig_cdr_put_row(const rig_call *call, rig_outcome outcome, const char *reason, char *row);

#endif
