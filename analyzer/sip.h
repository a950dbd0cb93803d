/* A SIP message (RFC 3261) as slices of the datagram that holds it: what the analyzer needs of it.
 *
 * Understood as the standard has it, and as it is seen on real wires: compact names, any case of
 * header names, blanks before the colon, folded lines, CRLF or LF, line ends before the start line.
 * Nothing is copied; nothing is allocated. */
#ifndef RIG_ANALYZER_SIP_H
#define RIG_ANALYZER_SIP_H

#include <stdbool.h>
#include <stdint.h>

#include "core/slice.h"

/** Methods that matter here; RIG_SIP_OTHER for the rest. */
typedef enum rig_sip_method {
    RIG_SIP_OTHER = 0,
    RIG_SIP_INVITE,
    RIG_SIP_ACK,
    RIG_SIP_BYE,
    RIG_SIP_CANCEL,
    RIG_SIP_INFO,
    RIG_SIP_PRACK,
    RIG_SIP_UPDATE
} rig_sip_method;

/** What rig_sip_parse made of a payload. */
typedef enum rig_sip_verdict {
    RIG_SIP_OK = 0,
    RIG_SIP_NOT,      /**< not SIP: RTP, DNS, a keep-alive, .. */
    RIG_SIP_CUT,      /**< SIP, but its headers go on behind what was captured */
    RIG_SIP_MALFORMED /**< SIP, but without a usable Call-ID, CSeq, From or To */
} rig_sip_verdict;

/** No cause in a Reason header. */
#define RIG_SIP_NO_CAUSE (-1)

/** A message. Slices are borrowed from the payload, without surrounding blanks, and may hold a
 * folded line end; empty where the header or parameter is absent. */
typedef struct rig_sip {
    bool is_request;
    int code;              /**< 100..699; 0 for a request */
    rig_sip_method method; /**< of the CSeq (and of the request line: they agree) */
    uint32_t cseq;
    rig_slice call_id;    /**< printable ASCII without blanks; never empty */
    rig_slice via_branch; /**< of the topmost Via */
    rig_slice from_tag, to_tag;
    rig_slice from_user; /**< user part of the From URI, without a password; or a tel: number */
    int q850_cause;      /**< of a Reason header with Q.850; RIG_SIP_NO_CAUSE when absent */
    rig_slice q850_text; /**< its text, without the quotes */
    bool has_rig_call;   /**< X-Rig-Call is there and is a number */
    uint64_t rig_call;   /**< row of the schedule */
    rig_slice rig_stage; /**< X-Rig-Stage */
    rig_slice caller_call_id; /**< X-Caller-Call-ID */
    bool has_content_length;
    uint64_t content_length; /**< as the header says it */
    size_t n_head;           /**< bytes up to the body */
} rig_sip;

/**
 * Parse one message that begins with the payload. What follows the headers is not looked at.
 *
 * A message that the capture cut inside its headers is never taken for a whole one: half a Call-ID
 * would be another call.
 *
 * @param payload       The datagram.
 * @param is_truncated  The datagram goes on behind the payload.
 * @param[out] sip      Written only when RIG_SIP_OK is returned; lives as long as the payload.
 */
rig_sip_verdict rig_sip_parse(rig_slice payload, bool is_truncated, rig_sip *sip);

#endif
