/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Live capture of our own ports with libpcap, in a thread of its own. */
#ifndef RIG_GENERATOR_RECORDER_H
#define RIG_GENERATOR_RECORDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/digest.h"
#include "core/status.h"

/** A running capture; opaque. */
typedef struct rig_recorder rig_recorder;

/**
 * Called in the capture thread for each packet, in the order of arrival.
 *
 * @param linktype  LINKTYPE_ value of the packet (as in a pcap file).
 * @param t_ns      CLOCK_REALTIME at the interface.
 * @param data      caplen bytes, valid during the call only.
 * @param len       Length on the wire; caplen <= len.
 */
typedef void (*rig_recorder_sink)(void *ctx, int linktype, int64_t t_ns, const uint8_t *data,
                                  size_t caplen, size_t len);

/** What was captured. */
typedef struct rig_recorder_totals {
    uint64_t n_packets;        /**< handed to the sink, and written as long as the file took them */
    uint64_t n_kernel_dropped; /**< lost because we were too slow */
    uint64_t n_nic_dropped;    /**< lost by the interface or its driver, where it counts them */
    uint64_t n_bytes;          /**< of the file; known at the end */
    char sha256[RIG_SHA256_TEXT_SIZE]; /**< of what was written to the file; known at the end. A
                                          file that has another one was changed by somebody else */
} rig_recorder_totals;

/** One end of what is captured. */
typedef struct rig_recorder_end {
    const char *host; /**< an address of ours; NULL = any */
    uint16_t port;
    bool is_media; /**< SIPp's, or next to it: that nobody listens there, as at the ports for RTCP
                        beside its audio (RFC 3550, section 11), is not captured */
} rig_recorder_end;

/** What to capture, and where to. Borrowed until the capture is open. */
typedef struct rig_recorder_spec {
    const char *interface;        /**< such as "lo" */
    const rig_recorder_end *ends; /**< source or destination; n_ends >= 1 */
    size_t n_ends;
    uint16_t own_port;      /**< a port of ours whose traffic is left out all the same; 0 = none */
    const char *path;       /**< a pcap file with nanosecond stamps; it appears only at
                               rig_recorder_stop, whole */
    rig_recorder_sink sink; /**< may be NULL */
    void *ctx;
} rig_recorder_spec;

/**
 * Open a capture of the traffic of some ends, UDP and TCP, over IPv4 and IPv6 (and all IP fragments
 * of their hosts without ports: the later ones, and over IPv6 the first, too), and the ICMP
 * messages that one of them cannot be reached. From now on the kernel keeps every packet; after
 * this the process needs no right to capture any more.
 *
 * @param[out] capture  Owned by the caller: begin it, or end it with _abandon. Untouched on error.
 * @return RIG_OK; RIG_EENV when it is not permitted (with the command that permits it) or there is
 * no such interface; RIG_EDOM; RIG_EIO; RIG_ENOMEM.
 */
rig_status rig_recorder_open(const rig_recorder_spec *spec, rig_recorder **capture, rig_error *err);

/**
 * Begin to take in what is captured, in a thread of its own. Only once.
 * @return RIG_OK; RIG_ENOMEM when there is no thread: the capture is still to be ended.
 */
rig_status rig_recorder_begin(rig_recorder *capture, rig_error *err);

/**
 * Open and begin a capture of some ports of any host.
 * @return as rig_recorder_open, rig_recorder_begin.
 */
rig_status rig_recorder_start(const char *interface, const uint16_t *ports, size_t n_ports,
                              uint16_t own_port, const char *path, rig_recorder_sink sink,
                              void *ctx, rig_recorder **capture, rig_error *err);

/**
 * Whether a capture could begin: the interface is there, and capturing is permitted.
 * @return as rig_recorder_start.
 */
rig_status rig_recorder_check(const char *interface, rig_error *err);

/** Whether something is lost: the disk is full (the sink still gets all), or the interface is gone.
 * rig_recorder_stop says why. Thread-safe. */
bool rig_recorder_has_failed(rig_recorder *capture);

/** Counts up to now. Thread-safe. */
rig_recorder_totals rig_recorder_count(rig_recorder *capture);

/**
 * Take in what the kernel still holds, end the thread, complete the file (fsync, rename) and free,
 * in every case. Where it cannot be written to its end (a full disk), what was captured before
 * stays in a file beside it.
 * @param[out] counts  Final counts; may be NULL; written on error too.
 * @return RIG_OK, or RIG_EIO naming the file or the interface, and the file that is kept.
 */
rig_status rig_recorder_stop(rig_recorder *capture, rig_recorder_totals *counts, rig_error *err);

/** End at once, leave no file, free. NULL-safe. */
void rig_recorder_abandon(rig_recorder *capture);

#endif
