/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What SIPp says of each call: the log that caller.xml and agent.xml write, a line a call.
 *
 * The wire is the truth; a planned call without a line here is a failure of the engine, not of the
 * centre. The format is described at the top of the XML files. */
#ifndef RIG_GENERATOR_SIPP_LOG_H
#define RIG_GENERATOR_SIPP_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/said_call.h"
#include "core/slice.h"
#include "core/status.h"

/** How a call ended, as its caller saw it. */
typedef enum rig_caller_end {
    RIG_CALLER_NOT_PLACED = 0,        /**< stopped before its instant */
    RIG_CALLER_REJECTED,              /**< final failure response */
    RIG_CALLER_NO_RESPONSE,           /**< nothing came for 32 s */
    RIG_CALLER_CANCELLED,             /**< gave up unanswered */
    RIG_CALLER_CANCEL_UNANSWERED,     /**< gave up, and the centre never ended the INVITE */
    RIG_CALLER_SELF_SERVED,           /**< hung up, satisfied in the menu */
    RIG_CALLER_HUNG_UP_UNMARKED,      /**< hung up: too long without a mark of the queue */
    RIG_CALLER_HUNG_UP_QUEUE,         /**< gave up in the queue */
    RIG_CALLER_HUNG_UP_RINGING,       /**< gave up while an agent's phone rang */
    RIG_CALLER_HUNG_UP_TALK,          /**< ended the talk */
    RIG_CALLER_CENTRE_ENDED_UNMARKED, /**< BYE from the centre before a mark of the queue */
    RIG_CALLER_CENTRE_ENDED_QUEUE,    /**< BYE from the centre in the queue */
    RIG_CALLER_CENTRE_ENDED_RINGING,  /**< BYE from the centre while an agent's phone rang */
    RIG_CALLER_CENTRE_ENDED_TALK,     /**< BYE from the centre in the talk */
    RIG_CALLER_BYE_UNANSWERED,        /**< hung up, and the centre did not answer the BYE */
    RIG_CALLER_STOPPED,               /**< placed, then ended by the graceful stop */
    RIG_N_CALLER_ENDS
} rig_caller_end;

/** How a ringing ended, as the agent's phone saw it. */
typedef enum rig_phone_end {
    RIG_AGENT_CANCELLED = 0,    /**< CANCEL while ringing */
    RIG_AGENT_HUNG_UP,          /**< the agent ended the talk */
    RIG_AGENT_CENTRE_ENDED,     /**< BYE from the centre */
    RIG_AGENT_BYE_UNANSWERED,   /**< hung up, and the centre did not answer the BYE */
    RIG_AGENT_NOT_ACKNOWLEDGED, /**< no ACK to the answer */
    RIG_AGENT_UNKNOWN_CALLER,   /**< the From user is not in the schedule */
    RIG_AGENT_REFUSED, /**< the phone has refused the call: busy, not to be disturbed, rejected */
    RIG_AGENT_STOPPED, /**< ended by the graceful stop */
    RIG_N_PHONE_ENDS
} rig_phone_end;

/** "cancelled", "hung_up_queue", ...; static. "?" outside the enum. */
const char *rig_caller_end_name(rig_caller_end end);

/** "cancelled", "hung_up", ...; static. "?" outside the enum. */
const char *rig_phone_end_name(rig_phone_end end);

/** What a refusal has asked its caller to wait for. */
typedef struct rig_retry_line {
    uint64_t planned_index;
    uint64_t retry_after_s; /**< of the wire */
} rig_retry_line;

/** Whether a line says what a refusal has asked for, or that it has not: of a call whose own line
 * follows. */
bool rig_retry_line_is(rig_slice line);

/** A line RETRY;index;seconds. @param[out] parsed  Untouched unless it is one, and says how long. */
bool rig_retry_line_parse(rig_slice line, rig_retry_line *parsed);

/** One line of a callers' worker. */
typedef struct rig_caller_line {
    uint64_t planned_index;
    rig_caller_end end; /**< the line does not know who is a self-server */
    int code;           /**< final failure of the INVITE, or 200; 0 = none logged */
    bool is_lost;   /**< it was placed and lost, or cut in the talk: what a redial may follow. The
                       line does not know who is a self-server */
    bool is_deflected; /**< told not to wait, and hung up or refused so */
    double late_ms; /**< from the planned instant to the INVITE; 0 for a call not placed */
    bool is_heard;  /**< something came in answer to the INVITE, for sure */
    uint32_t call_id_hash; /**< rig_said_call_hash of its Call-ID */
} rig_caller_line;

/** One line of the agents' worker. Instants in ms since the epoch, 0 = never. */
typedef struct rig_agent_line {
    uint64_t number; /**< the caller's; 0 when it is not a number */
    rig_phone_end end;
    double planned_ring_ms, planned_talk_ms;
    double invite_ms, answer_ms, end_ms;
} rig_agent_line;

/** Read a line (without its line end). @param[out] parsed Untouched unless true is returned. */
bool rig_caller_line_parse(rig_slice line, rig_caller_line *parsed);

/** The same in the words of core/said_call.h. */
rig_said_call rig_caller_line_said(const rig_caller_line *line);

/** The same end of a caller who is content with the menu: who hangs up is self-served. */
rig_caller_end rig_caller_end_of_self_server(rig_caller_end end);

/** Read a line (without its line end). @param[out] parsed Untouched unless true is returned. */
bool rig_agent_line_parse(rig_slice line, rig_agent_line *parsed);

/** A line of the agents' worker for the callers (generator/notices.h): an event at a phone. */
typedef struct rig_notice_line {
    uint64_t number; /**< the caller's */
    rig_slice stage; /**< "ringing", "talk" or "queue"; borrowed from the line */
} rig_notice_line;

/**
 * Read a line (without its line end). @param[out] parsed Untouched unless true is returned.
 * @return false for a line of another kind, too.
 */
bool rig_notice_line_parse(rig_slice line, rig_notice_line *parsed);

/** Follows a log that is being written; opaque. */
typedef struct rig_sipp_log rig_sipp_log;

/** Called for each whole line, without its line end. The slice lives during the call only. */
typedef void (*rig_sipp_log_line)(void *ctx, rig_slice line);

/**
 * Follow a log. The file need not exist yet.
 * @param[out] log  Owned by the caller: rig_sipp_log_free. Untouched on error.
 * @return RIG_OK or RIG_ENOMEM.
 */
rig_status rig_sipp_log_new(const char *path, rig_sipp_log **log, rig_error *err);

/**
 * Read what has been added since the last time. A line whose end is not yet written is kept back.
 * @return RIG_OK; RIG_EIO naming the file; RIG_ENOMEM.
 */
rig_status rig_sipp_log_read(rig_sipp_log *log, rig_sipp_log_line line, void *ctx, rig_error *err);

/** Free. NULL-safe. */
void rig_sipp_log_free(rig_sipp_log *log);

#endif
