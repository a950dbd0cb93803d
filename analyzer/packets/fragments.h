/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Putting IP datagrams together from their fragments. Inside the packets room only.
 *
 * Fragments come in any order, again and again, overlapping or not at all. Of bytes that come
 * twice the first ones stay (RFC 815 leaves it open; RFC 5722 forbids overlaps). Whole datagrams
 * are handed out once; a copy of a fragment that comes up to a second later belongs to the datagram
 * that was handed out. */
#ifndef RIG_ANALYZER_PACKETS_FRAGMENTS_H
#define RIG_ANALYZER_PACKETS_FRAGMENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analyzer/decoder.h"
#include "analyzer/message.h"

/** Datagrams of which fragments were seen; opaque. */
typedef struct rig_fragments rig_fragments;

/** What belongs together (RFC 791, RFC 8200 section 4.5). */
typedef struct rig_fragment_key {
    rig_endpoint src, dst; /**< ports 0 */
    uint32_t id;
    uint8_t protocol;
    bool is_ipv6;
} rig_fragment_key;

/** A fragment. */
typedef struct rig_fragment {
    rig_fragment_key key;
    size_t offset;    /**< of its first byte in the datagram's payload */
    bool is_last;     /**< no more fragments behind it */
    const uint8_t *p; /**< what was captured of it */
    size_t n;
    size_t n_wire; /**< its length; >= n */
    int64_t t_ns;
    uint32_t frame;
} rig_fragment;

/** A datagram's payload, as far as it is there. */
typedef struct rig_datagram {
    rig_fragment_key key;
    uint8_t *data;   /**< owned by the taker: free() */
    size_t n;        /**< contiguous bytes from its beginning */
    size_t n_wire;   /**< its length; n when its end is not known */
    bool is_partial; /**< n < n_wire, or its end is not known */
    int64_t t_ns;    /**< of the last fragment of it */
    uint32_t frame;
} rig_datagram;

/** @param counts Borrowed; its fields of fragments are counted up. @return NULL: out of memory. */
rig_fragments *rig_fragments_new(rig_decoder_counts *counts);

/** Forget all and free. NULL-safe. */
void rig_fragments_free(rig_fragments *fragments);

/**
 * Take in a fragment.
 * @param[out] before    The frame of the fragment of the same datagram that came before; 0 for
 *                       the first one, and for one that is of no use.
 * @param[out] whole     The datagram that it completes.
 * @param[out] is_whole  Whether there is one.
 * @return RIG_OK or RIG_ENOMEM (the fragment is lost).
 */
rig_status rig_fragments_add(rig_fragments *fragments, const rig_fragment *fragment,
                             uint32_t *before, rig_datagram *whole, bool *is_whole);

/** How many beginnings wait whose Call-ID is known: to be looked at again and again. Lives as long
 * as `fragments`. */
const size_t *rig_fragments_n_messages(const rig_fragments *fragments);

/**
 * The beginning of a SIP message of a call of which another message comes now: it goes first, as
 * much of it as is there. Its rest comes late, or never (a filter by port takes only first
 * fragments).
 * @param except  Not this one, which is being read; NULL: none.
 * @return whether there was one; call again until there is none.
 */
bool rig_fragments_of_call(rig_fragments *fragments, rig_slice call_id,
                           const rig_fragment_key *except, rig_datagram *due);

/**
 * What has waited in vain, one at a time: after 20 ms a beginning that is of use without its rest
 * (sip_framing.h), or holds whole headers, after 30 s whatever beginning there is.
 * @param now_ns    INT64_MAX: everything.
 * @param[out] due  The beginning of a datagram.
 * @return whether there was one; call again until there is none.
 */
bool rig_fragments_expire(rig_fragments *fragments, int64_t now_ns, rig_datagram *due);

/** When rig_fragments_expire has next something to do; INT64_MAX when nothing waits. */
int64_t rig_fragments_due_ns(const rig_fragments *fragments);

#endif
