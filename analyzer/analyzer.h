/* From captured packets to calls: the public door of the analyzer.
 *
 * Packets go in one at a time, in the order in which they were captured, from a live capture or
 * from files; running counts can be read at any time; at the end every call comes out with its
 * outcome. Only the wire is believed: nothing is taken from the program that placed the calls.
 *
 * Read: SIP over UDP over IPv4, in Ethernet (with VLAN tags), Linux cooked v1 and v2, BSD loopback
 * and raw IP. Not read, but counted by kind: TCP, IPv6, later fragments, frames cut inside their
 * headers.
 *
 * Memory follows the calls: about 450 bytes for each call of the capture until the analyzer is
 * freed, 300 more for each leg in progress or ended less than 64 s ago, and 48 for each message of
 * the last 128 s. Nothing is copied from a packet but Call-IDs and the texts of Reason headers.
 *
 * An analyzer is not thread-safe: one thread feeds it and reads it, or the callers lock. */
#ifndef RIG_ANALYZER_ANALYZER_H
#define RIG_ANALYZER_ANALYZER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/call.h"
#include "core/stage.h"
#include "core/status.h"

/** An analysis under way; opaque. */
typedef struct rig_analyzer rig_analyzer;

/** Running counts, for a live line: cheap, and right for calls that are over and unlikely to
 * change. */
typedef struct rig_live_counts {
    int64_t t_last_ns;      /**< last packet; RIG_NO_TIME before the first */
    uint64_t n_packets;     /**< packets given in */
    uint64_t n_messages;    /**< SIP messages, with retransmissions and duplicates */
    uint64_t n_offered;     /**< calls */
    uint64_t n_in_progress; /**< circuits in use */
    uint64_t n_answered;    /**< calls that have been answered, also if they are over */
    uint64_t
        n_outcome[RIG_N_OUTCOMES]; /**< so far; calls in progress under RIG_OUTCOME_IN_PROGRESS */
} rig_live_counts;

/** What the packets were. All are counts but the two instants and the two flags. */
typedef struct rig_packet_counts {
    int64_t t_first_ns;    /**< earliest packet; RIG_NO_TIME when there was none */
    int64_t t_last_ns;     /**< latest packet; RIG_NO_TIME when there was none */
    uint64_t n_packets;    /**< packets given in; the sum of the next nine */
    uint64_t n_udp;        /**< UDP datagrams and first fragments: read */
    uint64_t n_cut;        /**< frames that end inside their headers: not read */
    uint64_t n_fragments;  /**< later fragments: not read */
    uint64_t n_malformed;  /**< lengths that contradict each other: not read */
    uint64_t n_tcp;        /**< not read */
    uint64_t n_icmp;       /**< not read */
    uint64_t n_other_ip;   /**< other protocols over IPv4: not read */
    uint64_t n_ipv6;       /**< not read */
    uint64_t n_other_link; /**< ARP and such: not read */
    uint64_t n_truncated;  /**< of n_udp: the capture does not hold the whole payload */
    uint64_t n_messages;   /**< SIP messages that were read */
    uint64_t
        n_messages_cut; /**< cut inside their headers: not used, lest they make phantom calls */
    uint64_t n_messages_malformed; /**< without a usable Call-ID, CSeq, From or To: not used */
    uint64_t n_retransmissions;    /**< of n_messages */
    uint64_t n_duplicates;         /**< of n_messages: the same packet captured again */
    uint64_t n_outside;            /**< of n_messages: REGISTER, OPTIONS, ..: of no call */
    uint64_t n_calls;              /**< callers' legs */
    uint64_t n_agent_legs;         /**< legs to agents' phones, joined to their calls */
    uint64_t n_stray_legs;         /**< legs to agents' phones of which the call cannot be told */
    uint64_t n_orphan_legs; /**< legs that began before the capture; they are no calls here */
    uint64_t n_challenged;  /**< attempts that met 401 or 407 */
    uint64_t n_redirected;  /**< attempts that met a 3xx */
    bool has_queue_marks;   /**< the target tells when a call enters its queue */
    bool is_file_cut;       /**< a file ended in the middle of a packet; what was there was read */
} rig_packet_counts;

/**
 * Begin an analysis.
 * @param[out] analyzer  Owned by the caller: rig_analyzer_free.
 * @return RIG_OK or RIG_ENOMEM.
 */
rig_status rig_analyzer_new(rig_analyzer **analyzer, rig_error *err);

/** Free an analysis. NULL-safe. Calls that rig_analyzer_finish handed out stay. */
void rig_analyzer_free(rig_analyzer *analyzer);

/**
 * Take in one packet. Packets should come in the order of their times; small disorder does no harm.
 *
 * @param linktype  DLT_ value of libpcap (pcap_datalink).
 * @param t_ns      When it was captured, ns since the epoch; 0 <= t_ns <= INT64_MAX / 4.
 * @param data      The captured bytes; borrowed for the call. May be NULL only when caplen is 0.
 * @param caplen    How many they are.
 * @param len       Length of the packet on the wire.
 * @return RIG_OK, also for packets that are not read; RIG_EDOM for a time out of range or after
 *         rig_analyzer_finish; RIG_EINPUT for a link layer that is not known; RIG_ENOMEM (the
 * packet is lost, the analysis stays usable).
 */
rig_status rig_analyzer_packet(rig_analyzer *analyzer, int linktype, int64_t t_ns,
                               const uint8_t *data, size_t caplen, size_t len, rig_error *err);

/**
 * Take in all packets of a file: pcap in either byte order, with microseconds or nanoseconds, or
 * pcapng with one link layer. May be called for several files, in the order of their times.
 *
 * A file that was cut in the middle of a packet (a capture that was killed, a full disk) is read as
 * far as it goes and noted in rig_packet_counts.is_file_cut.
 *
 * @param path  "-" reads the standard input.
 * @return RIG_OK; RIG_EINPUT naming the file when it is empty, no capture, or of a link layer that
 * is not known; RIG_EIO naming it when it cannot be read; as rig_analyzer_packet.
 */
rig_status rig_analyze_file(const char *path, rig_analyzer *analyzer, rig_error *err);

/** Note that a capture ended before it should have: sets rig_packet_counts.is_file_cut. */
void rig_analyzer_note_cut(rig_analyzer *analyzer);

/** Read the running counts. @param[out] live Always written. */
void rig_analyzer_live(const rig_analyzer *analyzer, rig_live_counts *live);

/** Read what the packets were. @param[out] counts Always written. */
void rig_analyzer_counts(const rig_analyzer *analyzer, rig_packet_counts *counts);

/**
 * End the analysis: decide every call's outcome by all that was captured.
 *
 * @param[out] calls  In the order of their first INVITEs; owned by the caller: rig_calls_free.
 * @return RIG_OK; RIG_ENOMEM (try again); RIG_EDOM when it has been called before.
 */
rig_status rig_analyzer_finish(rig_analyzer *analyzer, rig_calls **calls, rig_error *err);

#endif
