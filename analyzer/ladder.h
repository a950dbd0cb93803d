/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The message ladder of a call: every message of its legs, who sent it to whom, and what the rules
 * made of it. Data alone; reports/ladder_text.h and reports/ladder_svg.h draw it.
 *
 * The captures are read twice: to find the legs, and to collect their messages. */
#ifndef RIG_ANALYZER_LADDER_H
#define RIG_ANALYZER_LADDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analyzer/analyzer.h"
#include "analyzer/mask.h"
#include "analyzer/query.h"
#include "analyzer/message.h"
#include "analyzer/method.h"
#include "core/call.h"
#include "core/status.h"

/** Columns of a ladder; further peers are folded into the last one. */
#define RIG_LADDER_MAX_ENDS 8
/** Messages of a ladder; further ones are counted. */
#define RIG_LADDER_MAX_MESSAGES 5000
/** Calls that are drawn where not every one is named; further ones are counted. */
#define RIG_LADDER_MAX_CALLS 100
/** Room for "[address]:port", its NUL included. */
#define RIG_LADDER_END_SIZE 64

/** What a peer is to the call. */
typedef enum rig_ladder_role {
    RIG_LADDER_CALLER = 0, /**< sent the first INVITE */
    RIG_LADDER_CENTRE,     /**< the caller's leg goes there, or an agent's leg comes from there */
    RIG_LADDER_PEER,       /**< a proxy or another element in between */
    RIG_LADDER_AGENT,      /**< an agent's leg goes there */
    RIG_LADDER_OTHERS      /**< what has no column of its own */
} rig_ladder_role;

/** A column: an address and port. */
typedef struct rig_ladder_end {
    rig_endpoint at;
    rig_ladder_role role;
    unsigned number; /**< 1, 2, .. among those of its role; of RIG_LADDER_OTHERS: how many they are
                      */
} rig_ladder_end;

/** An arrow. Texts are printable UTF-8 or ASCII, cut to fit. */
typedef struct rig_ladder_message {
    int64_t t_ns;
    uint32_t frame;    /**< from 1, of all captures in the order of their times */
    unsigned from, to; /**< columns; the same one for what a folded peer sends to another */
    unsigned leg;      /**< 0: the caller's; 1, 2, ..: agents', in the order in which they begin */
    rig_packet_transport transport;
    bool is_request;
    bool is_retransmission;
    bool has_sdp;          /**< a body of type application/sdp, or with a part of that type */
    rig_sip_method method; /**< of the CSeq */
    int code;              /**< 0 for a request */
    uint32_t cseq;
    char phrase[48]; /**< reason phrase of a response as it was sent */
    int q850_cause;  /**< RIG_SIP_NO_CAUSE where there is none */
    char reason[64]; /**< text of the Reason header of Q.850 */
} rig_ladder_message;

/** What a moment meant for the call. */
typedef enum rig_ladder_stage {
    RIG_LADDER_ANSWERED = 0,
    RIG_LADDER_IN_QUEUE, /**< first time */
    RIG_LADDER_RINGING,  /**< last time */
    RIG_LADDER_TALKING,
    RIG_LADDER_END,
    RIG_LADDER_RULE /**< a mark or a join has been told: the rule's name is in the text */
} rig_ladder_stage;

/** A mark at the side. */
typedef struct rig_ladder_note {
    int64_t t_ns;
    rig_ladder_stage stage;
    char text[80];
} rig_ladder_note;

/** The ladder of one call. */
typedef struct rig_ladder {
    rig_call call; /**< with the outcome; call_id is owned by the ladder */
    uint64_t order;
    char caller[64]; /**< user part of the caller's From; "" where there is none */
    rig_ladder_end ends[RIG_LADDER_MAX_ENDS]; /**< from left to right */
    unsigned n_ends;
    rig_ladder_message *messages; /**< in the order of their times */
    size_t n_messages;
    size_t n_left_out;   /**< messages beyond RIG_LADDER_MAX_MESSAGES */
    size_t n_duplicates; /**< captured twice: left out */
    unsigned n_legs;
    rig_ladder_note *notes; /**< in the order of their times */
    size_t n_notes;
} rig_ladder;

/** Some ladders, in the order of their calls' INVITEs. */
typedef struct rig_ladders {
    rig_ladder *items;
    size_t n;
    uint64_t n_left_out;     /**< calls beyond RIG_LADDER_MAX_CALLS of "*" */
    uint64_t n_not_followed; /**< of rig_capture_counts: calls were passed over for want of room */
} rig_ladders;

/** Which ladders. */
typedef struct rig_ladder_options {
    const char *const *paths; /**< captures, n_paths >= 1; none is "-": they are read again */
    size_t n_paths;
    const char *const *call_ids; /**< of callers' legs or of agents'; n_call_ids >= 1. "*": of any
                                      call, the first RIG_LADDER_MAX_CALLS that are over */
    size_t n_call_ids;
    const rig_query *where;        /**< and only those that fit it; NULL: all */
    const struct rig_rules *rules; /**< NULL: the built-in ones */
    rig_analyze_reading reading; /**< all 0: as usual. Of both readings, but for the warnings, which
                                    are those of the first; is_over is NULL */
    uint32_t max_legs;           /**< as of rig_analyzer_options */
} rig_ladder_options;

/**
 * Collect. A Call-ID that several calls used, one after the other, gives a ladder for each.
 * @param[out] ladders  Owned by the caller: rig_ladders_free.
 * @return RIG_OK; as rig_analyze_files; RIG_EINPUT naming a Call-ID of which there is no call;
 *         RIG_ENOMEM.
 */
rig_status rig_ladders_collect(const rig_ladder_options *options, rig_ladders **ladders,
                               rig_error *err);

/** NULL-safe. */
void rig_ladders_free(rig_ladders *ladders);

/** Replace Call-IDs, numbers, addresses, and what looks like them in phrases and reasons. */
rig_status rig_ladders_mask(rig_ladders *ladders, const rig_mask *mask, rig_error *err);

/** "10.0.0.1:5060", "[2001:db8::1]:5060"; for RIG_LADDER_OTHERS "". */
void rig_ladder_end_text(const rig_ladder_end *end, char text[RIG_LADDER_END_SIZE]);

/** "caller", "centre", "agent 2", "3 others". */
void rig_ladder_end_name(const rig_ladder_end *end, char text[RIG_LADDER_END_SIZE]);

#endif
