/* Live capture of our own ports with libpcap, in a thread of its own. */
#ifndef RIG_GENERATOR_RECORDER_H
#define RIG_GENERATOR_RECORDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

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
    uint64_t n_packets;        /**< handed to the sink and written */
    uint64_t n_kernel_dropped; /**< lost because we were too slow */
    uint64_t n_nic_dropped;    /**< lost by the interface or its driver, where it counts them */
} rig_recorder_totals;

/**
 * Begin to capture the traffic of some ports, UDP and TCP, over IPv4 and IPv6 (and all IP fragments
 * without ports: the later ones, and over IPv6 the first, too).
 *
 * @param interface  Such as "lo".
 * @param ports      Source or destination; n_ports >= 1.
 * @param own_port   A port of ours whose traffic is left out all the same; 0 = none.
 * @param path       A pcap file with nanosecond stamps; it appears only at rig_recorder_stop,
 * whole.
 * @param sink       May be NULL.
 * @param[out] capture  Owned by the caller: end it with _stop or _abandon. Untouched on error.
 * @return RIG_OK, when every packet from now on is seen; RIG_EENV when it is not permitted (with
 * the command that permits it) or there is no such interface; RIG_EIO; RIG_ENOMEM.
 */
rig_status rig_recorder_start(const char *interface, const uint16_t *ports, size_t n_ports,
                              uint16_t own_port, const char *path, rig_recorder_sink sink,
                              void *ctx, rig_recorder **capture, rig_error *err);

/**
 * Whether a capture could begin: the interface is there, and capturing is permitted.
 * @return as rig_recorder_start.
 */
rig_status rig_recorder_check(const char *interface, rig_error *err);

/** Whether it has come to an end by itself: the disk is full, the interface is gone.
 * rig_recorder_stop says why. Thread-safe. */
bool rig_recorder_has_failed(rig_recorder *capture);

/** Counts up to now. Thread-safe. */
rig_recorder_totals rig_recorder_count(rig_recorder *capture);

/**
 * Take in what the kernel still holds, end the thread, complete the file (fsync, rename) and free,
 * in every case.
 * @param[out] counts  Final counts; may be NULL; written on error too.
 * @return RIG_OK, or RIG_EIO naming the file or the interface.
 */
rig_status rig_recorder_stop(rig_recorder *capture, rig_recorder_totals *counts, rig_error *err);

/** End at once, leave no file, free. NULL-safe. */
void rig_recorder_abandon(rig_recorder *capture);

#endif
