/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One capture file, being read. Inside the packets room only; capture.h is the door. */
#ifndef RIG_ANALYZER_PACKETS_CAPTURE_FILE_H
#define RIG_ANALYZER_PACKETS_CAPTURE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analyzer/packets/byte_source.h"
#include "analyzer/packets/capture.h"

/** An interface of a pcapng section. */
typedef struct rig_capture_interface {
    uint16_t linktype;
    uint32_t snaplen;     /**< 0: no limit */
    bool is_binary_clock; /**< the clock ticks 2^exponent times a second, else 10^exponent */
    uint8_t exponent;     /**< 0 to 127 */
    int64_t offset_s;     /**< added to each time */
} rig_capture_interface;

/** What one step found. */
typedef enum rig_capture_step {
    RIG_CAPTURE_FRAME,  /**< a frame */
    RIG_CAPTURE_OTHER,  /**< something else: go on */
    RIG_CAPTURE_END,    /**< no more */
    RIG_CAPTURE_CUT,    /**< the bytes end inside a record */
    RIG_CAPTURE_DAMAGED /**< `problem` says why nothing more can be read */
} rig_capture_step;

/** A file; opened with _open, everything else is its own business. */
typedef struct rig_capture_file {
    char *path;
    const char *name;
    rig_byte_source source;
    bool is_pcapng;
    uint32_t n_sections; /**< of pcapng, begun so far */
    bool is_swapped;     /**< numbers are in the other byte order than this machine's */

    /* pcap */
    int linktype;
    uint32_t ns_a_tick;
    size_t n_record_header;

    /* pcapng */
    rig_capture_interface *interfaces; /**< of this section */
    size_t n_interfaces, n_interfaces_allocated;

    size_t n_to_consume; /**< the record of the frame that was handed out */
    int64_t t_last_ns;
    uint64_t n_frames;
    bool is_over, is_cut, is_damaged;
    char problem[200];
} rig_capture_file;

/** @return As rig_capture_open. On error nothing is to be closed. */
rig_status rig_capture_file_open(const char *path, size_t n_buffer, rig_capture_file *file,
                                 rig_error *err);

/**
 * The next frame.
 * @param[out] frame    As of rig_capture_next, but for `file` and `number`; scratch when there is
 * none.
 * @param[out] is_over  There is none.
 */
rig_status rig_capture_file_next(rig_capture_file *file, rig_frame *frame, bool *is_over,
                                 rig_error *err);

/**
 * Whether a whole record lies ready, so that the next one can be had without waiting; wait for it
 * otherwise.
 * @param wait_ns        At most so long.
 * @param[out] is_ready  Also when the file is over, or cannot be read.
 */
rig_status rig_capture_file_wait(rig_capture_file *file, int64_t wait_ns, bool *is_ready,
                                 rig_error *err);

/** Close it, but keep what it was: for the end of it, or for rig_capture_file_reopen. */
void rig_capture_file_shut(rig_capture_file *file);

/** Begin a file that was shut from its beginning. @return As rig_capture_open. */
rig_status rig_capture_file_reopen(rig_capture_file *file, size_t n_buffer, rig_error *err);

/** Close and free. Safe on a file that is all 0. */
void rig_capture_file_close(rig_capture_file *file);

/** In words, such as "pcapng, gzip"; static. */
const char *rig_capture_file_format(const rig_capture_file *file);

/* ---- pcap_format.c and pcapng_format.c: one step each. The bytes of a frame stay ready until the
 * next step; n_to_consume says how many they are. */

/** The number at p, in the byte order of the file. */
uint16_t rig_capture_u16(const rig_capture_file *file, const uint8_t *p);
uint32_t rig_capture_u32(const rig_capture_file *file, const uint8_t *p);

/** Fill `problem`. @return RIG_CAPTURE_DAMAGED. */
rig_capture_step rig_capture_damaged(rig_capture_file *file, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/** Whether the bytes begin like a pcap file. The 24 bytes of its header must be ready. */
bool rig_pcap_begin(rig_capture_file *file);
rig_status rig_pcap_step(rig_capture_file *file, rig_frame *frame, rig_capture_step *step,
                         rig_error *err);
rig_status rig_pcapng_step(rig_capture_file *file, rig_frame *frame, rig_capture_step *step,
                           rig_error *err);

#endif
