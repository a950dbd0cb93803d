/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Captures as files: reading one or several, in the order of their times, and writing one.
 *
 * Read: pcap (microseconds and nanoseconds, either byte order, Kuznetzov's variant too) and pcapng
 * (several sections, interfaces, link layers and clocks; Enhanced, Simple and the old Packet
 * Blocks; all others are passed over), plain or compressed with gzip or zstd, from files and from
 * pipes.
 *
 * Any number of files: of more than RIG_CAPTURE_KEEP_OPEN, a file is open only while its packets
 * are in their turn (pipes always are). They are merged by time; within a file, too, packets are
 * put in order within a window (rig_capture_order), and what comes out of order beyond it is
 * counted.
 *
 * A file that ends in the middle of a record, or is damaged from some byte on, is read up to there
 * and named in rig_capture_file_info. A file of which nothing at all can be read is an error.
 *
 * Memory: a buffer a file that is open (256 KiB, less for many files), larger only as far as one
 * record needs (at most RIG_CAPTURE_MAX_RECORD); the packets that wait in the window (at most
 * rig_capture_order.max_bytes, and 100 bytes each of max_packets); some 500 bytes a file; and what
 * the decompressor needs (zstd: up to 128 MiB, if the file was compressed with such a window). */
#ifndef RIG_ANALYZER_PACKETS_CAPTURE_H
#define RIG_ANALYZER_PACKETS_CAPTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analyzer/capture_order.h"
#include "core/status.h"
#include "core/stop.h"

/** Longest frame that is taken for one, as in libpcap; a longer one is damage. */
#define RIG_CAPTURE_MAX_RECORD 262144u
/** Of more files than this, each is open only while it is read. */
#define RIG_CAPTURE_KEEP_OPEN 16u
/** Latest time of a frame, ns since the epoch; a later one is damage. */
#define RIG_CAPTURE_LATEST_NS (INT64_MAX / 4)

/** Captures being read; opaque. */
typedef struct rig_capture_reader rig_capture_reader;

/** A captured frame. */
typedef struct rig_frame {
    int linktype;        /**< LINKTYPE_ value */
    uint32_t interface;  /**< of the file, as pcapng counts them in each section; else 0 */
    int64_t t_ns;        /**< ns since the epoch, 0 to RIG_CAPTURE_LATEST_NS. A Simple Packet Block,
                              which has none, has the time of the frame before it in its file */
    const uint8_t *data; /**< borrowed until the next call */
    size_t caplen;       /**< bytes of it */
    size_t len;          /**< length on the wire; >= caplen */
    size_t file;         /**< which of the paths, from 0 */
    uint64_t number;     /**< of the packet in its file, from 1 */
} rig_frame;

/** How captures are read. All 0: files as they are now, with the usual order. */
typedef struct rig_capture_options {
    rig_capture_order order;
    /** Wait for more at the end of a plain file that is still being written (the last of `paths`),
     * until is_over is set. NULL: a file ends where it ends. Borrowed. */
    const rig_stop *is_over;
} rig_capture_options;

/** What a file turned out to be. */
typedef struct rig_capture_file_info {
    const char *name;    /**< its path, or "standard input"; borrowed from the reader */
    const char *format;  /**< such as "pcapng", "pcap, gzip"; static */
    uint64_t n_frames;   /**< read so far */
    bool is_cut;         /**< it ends inside a record */
    bool is_damaged;     /**< what follows cannot be read, and was not */
    const char *problem; /**< in words, if one of the two; else "" */
} rig_capture_file_info;

/**
 * Open captures.
 *
 * @param paths        "-" is the standard input; it may be given once.
 * @param n            >= 1.
 * @param options      Copied; NULL: as all 0.
 * @param[out] reader  Owned by the caller: rig_capture_close.
 * @return RIG_OK; RIG_EINPUT naming the file that is empty, no capture, cut inside its own header,
 *         a folder, or compressed otherwise; RIG_EIO naming it when it cannot be read; RIG_EDOM for
 *         n = 0, two standard inputs, or an order that cannot be; RIG_ENOMEM.
 */
rig_status rig_capture_open_with(const char *const *paths, size_t n,
                                 const rig_capture_options *options, rig_capture_reader **reader,
                                 rig_error *err);

/** The same with the usual options. */
rig_status rig_capture_open(const char *const *paths, size_t n, rig_capture_reader **reader,
                            rig_error *err);

/**
 * The next frame: the earliest within the window; of equals, the one of the file that was named
 * first; within a file the one that comes first there. With the first call, files are looked at
 * for their times.
 *
 * From a pipe, or a file that is followed, frames that wait in the window are handed out when
 * nothing has come for as long as the window.
 *
 * @param[out] frame   Untouched unless there is one.
 * @param[out] is_end  Whether all files are read.
 * @return RIG_OK; RIG_EINPUT naming a file that has not one whole frame but is not just empty of
 *         them either; RIG_EIO, also when more files overlap in time than may be open at once;
 *         RIG_ENOMEM.
 */
rig_status rig_capture_next(rig_capture_reader *reader, rig_frame *frame, bool *is_end,
                            rig_error *err);

/** What was out of order so far. Borrowed. */
const rig_capture_disorder *rig_capture_disorder_of(const rig_capture_reader *reader);

/**
 * How far the files are read.
 * @param[out] n_done  Bytes read.
 * @param[out] n_all   Bytes of all files; 0 when that is not known (a pipe is among them).
 */
void rig_capture_progress(const rig_capture_reader *reader, uint64_t *n_done, uint64_t *n_all);

/** What a file is, and whether it could be read to its end. @param file < n of rig_capture_open. */
rig_capture_file_info rig_capture_about(const rig_capture_reader *reader, size_t file);

/** Close all files and free. NULL-safe. */
void rig_capture_close(rig_capture_reader *reader);

/** A capture being written; opaque. */
typedef struct rig_capture_writer rig_capture_writer;

/**
 * Begin a capture. Nothing is to be seen at `path` before rig_capture_writer_commit.
 * @param path         Borrowed until the end.
 * @param[out] writer  Owned by the caller: end it with _commit or _abandon.
 * @return RIG_OK; RIG_EIO; RIG_ENOMEM.
 */
rig_status rig_capture_writer_new(const char *path, rig_capture_writer **writer, rig_error *err);

/**
 * Add a frame. `frame->file` is not looked at.
 * @return RIG_OK; RIG_EDOM for a frame that no capture can hold; RIG_EIO.
 */
rig_status rig_capture_writer_add(rig_capture_writer *writer, const rig_frame *frame,
                                  rig_error *err);

/**
 * Write the file: pcap with nanoseconds when all frames have one link layer (Ethernet when there
 * are no frames), else pcapng with one interface a link layer. Frees `writer` in every case; on
 * error an older file of that name stays.
 * @return RIG_OK or RIG_EIO naming the path.
 */
rig_status rig_capture_writer_commit(rig_capture_writer *writer, rig_error *err);

/** Leave no file, and free. NULL-safe. */
void rig_capture_writer_abandon(rig_capture_writer *writer);

#endif
