/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A SIP message (RFC 3261) as slices of the datagram that holds it: what the analyzer needs of it.
 *
 * Understood as the standard has it, as RFC 4475 tortures it, and as it is seen on real wires:
 * compact names, any case of header names, blanks before the colon, folded lines, CRLF or LF, line
 * ends before the start line, more than one blank in the request line. Nothing is copied; nothing
 * is allocated. One pass over the headers; the body is not looked at.
 *
 * Whether a payload is SIP is decided by its start line alone, whatever the port: "SIP/2.0" and
 * three digits, or METHOD URI SIP/2.0 with a URI that has a scheme. */
#ifndef RIG_ANALYZER_SIP_H
#define RIG_ANALYZER_SIP_H

#include <stdbool.h>
#include <stdint.h>

#include "analyzer/method.h"
#include "core/slice.h"
#include "core/status.h"

/** Headers that someone asks for by name, at most. */
#define RIG_SIP_MAX_WANTED 48
/** Longest name of such a header. */
#define RIG_SIP_MAX_NAME 64
/** Occurrences of wanted headers that are kept of one message. */
#define RIG_SIP_MAX_EXTRA 16
/** Longest header block that is read; a longer one is RIG_SIP_TOO_LONG. The largest UDP datagram
 * fits. */
#define RIG_SIP_MAX_HEAD 65536
/** Bytes of a Call-ID that is kept as it is; a longer one goes by its first 256 bytes, "~sha256:"
 * and the SHA-256 of all of it. */
#define RIG_SIP_MAX_CALL_ID 512

/** A set of header names beside those that every message is read for. */
typedef struct rig_sip_wanted {
    char name[RIG_SIP_MAX_WANTED][RIG_SIP_MAX_NAME + 1]; /**< in lower case, the long form */
    char compact[RIG_SIP_MAX_WANTED];                    /**< its compact form, or 0 */
    uint8_t n_name[RIG_SIP_MAX_WANTED];
    unsigned n;
    uint64_t lengths[256]; /**< by first letter, both cases: a bit for each length of a name of the
                              set, compact ones included; bit 63: that or more; 0: none */
    uint32_t on_requests, on_responses; /**< bits by method: of which messages anyone looks at them,
                                             or at the body. An INVITE that begins a call is always
                                             read for them */
} rig_sip_wanted;

/**
 * Add a name to a set (all zero: the empty set), unless it is there.
 * @param[out] index  Of the name in the set, for rig_sip_extra.
 * @return RIG_OK; RIG_EDOM for a name that is no token, too long, or one too many.
 */
rig_status rig_sip_want(rig_sip_wanted *wanted, const char *name, unsigned *index);

/** What rig_sip_parse made of a payload. */
typedef enum rig_sip_verdict {
    RIG_SIP_OK = 0,
    RIG_SIP_NOT,       /**< not SIP: RTP, DNS, a keep-alive */
    RIG_SIP_CUT,       /**< SIP, but headers that are needed lie behind what was captured */
    RIG_SIP_MALFORMED, /**< SIP, but without a usable Call-ID, CSeq, From or To */
    RIG_SIP_TOO_LONG   /**< SIP, but its headers do not end within RIG_SIP_MAX_HEAD bytes */
} rig_sip_verdict;

/** No cause in a Reason header. */
#define RIG_SIP_NO_CAUSE (-1)

/** A header of the wanted set. */
typedef struct rig_sip_extra {
    unsigned index; /**< of rig_sip_want */
    rig_slice value;
} rig_sip_extra;

/** A message. Slices are borrowed from the payload, without surrounding blanks, and may hold a
 * folded line end; empty where the header or parameter is absent. Of headers that may stand only
 * once, the first counts. */
typedef struct rig_sip {
    bool is_request;
    bool has_rig_call; /**< X-Rig-Call is there and is a number */
    bool has_content_length;
    bool is_head_cut;      /**< headers behind those that were read were not captured */
    int code;              /**< 100..699; 0 for a request */
    rig_sip_method method; /**< of the CSeq (and of the request line: they agree) */
    uint32_t cseq;
    int q850_cause;  /**< of a Reason header with Q.850; RIG_SIP_NO_CAUSE when absent */
    int other_cause; /**< of a Reason header: a failure that Q.850 has no number for (128 and
                        more), or that another protocol names (SIP;cause=604: 300 and more);
                        RIG_SIP_NO_CAUSE when absent */
    uint64_t call_id_hash, branch_hash, from_tag_hash, to_tag_hash; /**< rig_hash_text */
    rig_slice call_id;    /**< printable ASCII without blanks; never empty */
    rig_slice via_branch; /**< of the topmost Via */
    rig_slice uri;        /**< the Request-URI; empty for a response */
    rig_slice from;       /**< the whole value; see rig_sip_from_user */
    rig_slice to;         /**< the whole value */
    rig_slice from_tag, to_tag;
    rig_slice from_name, to_name; /**< of an INVITE: the users of the two, as they are written; of
                                     any other message empty */
    uint64_t from_user, to_user; /**< of an INVITE that begins a call: rig_sip_user_hash of the two;
                                    of any other message 0 */
    rig_slice q850_text;         /**< text of the Reason header, without the quotes: of Q.850
                                    where it is named, else of other_cause */
    uint64_t rig_call;           /**< row of the schedule */
    uint64_t content_length;     /**< as the header says it */
    bool is_read_through; /**< all headers were read. Of a message of which no more is wanted than
                               who, where and which transaction, reading stops when that is
                               known; then the next three say nothing */
    size_t n_head;        /**< bytes up to the body */
    rig_slice body;       /**< what was captured of it; where Content-Length says less than there
                               is, as much as it says (RFC 3261 section 18.3) */
    unsigned n_extra;
    rig_sip_extra extra[RIG_SIP_MAX_EXTRA]; /**< n_extra of them, in the order of the message */
} rig_sip;

/**
 * Parse one message that begins with the payload. What follows its body is not looked at.
 *
 * Of a message that the capture cut inside its headers the lines that are there as a whole are
 * read: half a Call-ID would be another call. It is RIG_SIP_OK, with is_head_cut, when From, To,
 * Call-ID and CSeq are among them (of an INVITE, To may be missing: then it counts as the first
 * one).
 *
 * @param payload       The datagram, or the message of a stream.
 * @param is_truncated  It goes on behind the payload.
 * @param wanted        Further headers to note; NULL for none, but read every message through.
 * @param[out] sip      Lives as long as the payload. Unless RIG_SIP_OK is returned it holds nothing
 *                      that may be used: it is the parser's scratch, for it is not small.
 */
rig_sip_verdict rig_sip_parse(rig_slice payload, bool is_truncated, const rig_sip_wanted *wanted,
                              rig_sip *sip);

/** User part of the From URI, without a password; or a tel: number; empty when there is none. */
rig_slice rig_sip_from_user(const rig_sip *sip);

/** User part of the Request-URI, likewise; empty for a response. */
rig_slice rig_sip_called_user(const rig_sip *sip);
/**
 * The user of From or To as a number by which two legs are compared: equal for equal users, however
 * they are written (RFC 3261 section 19.1.4: escapes; RFC 3966 section 5: visual separators of
 * telephone numbers, in tel: and sip: alike, for a sip: URI with user=phone names the same number).
 * Parameters of the number (;cpc=, ;verstat=, ;phone-context=) are not looked at.
 * @param value  The header's value.
 * @return 0 when nobody is named.
 */
uint64_t rig_sip_user_hash(rig_slice value);

/** The same of the user itself. */
uint64_t rig_sip_name_hash(rig_slice user);

/** The first value of a wanted header; empty when it is absent. */
rig_slice rig_sip_extra_value(const rig_sip *sip, unsigned index);

/** Whether an INVITE begins a dialog: it carries no To tag yet. */
static inline bool rig_sip_is_initial_invite(const rig_sip *sip)
{
    return sip->is_request && sip->method == RIG_SIP_INVITE && sip->to_tag.n == 0;
}

#endif
