/* Captures as files: reading one or several, merged by time, and writing one.
 *
 * Read: pcap (microseconds and nanoseconds, either byte order, Kuznetzov's variant too) and pcapng
 * (several sections, interfaces, link layers and clocks; Enhanced, Simple and the old Packet
 * Blocks; all others are passed over), plain or compressed with gzip or zstd, from files and from
 * pipes.
 *
 * A file that ends in the middle of a record, or is damaged from some byte on, is read up to there
 * and named in rig_capture_file_info. A file of which nothing at all can be read is an error.
 *
 * Memory: a buffer a file (256 KiB, less for many files), larger only as far as one record needs
 * (at most RIG_CAPTURE_MAX_RECORD), and what the decompressor needs (zstd: up to 128 MiB, if the
 * file was compressed with such a window). */
#ifndef RIG_ANALYZER_PACKETS_CAPTURE_H
#define RIG_ANALYZER_PACKETS_CAPTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/status.h"

/** Longest frame that is taken for one, as in libpcap; a longer one is damage. */
#define RIG_CAPTURE_MAX_RECORD 262144u
/** Latest time of a frame, ns since the epoch; a later one is damage. */
#define RIG_CAPTURE_LATEST_NS (INT64_MAX / 4)

/** Captures being read; opaque. */
typedef struct rig_capture_reader rig_capture_reader;

/** A captured frame. */
typedef struct rig_frame {
    int linktype;        /**< LINKTYPE_ value */
    int64_t t_ns;        /**< ns since the epoch, 0 to RIG_CAPTURE_LATEST_NS. A Simple Packet Block,
                              which has none, has the time of the frame before it in its file */
    const uint8_t *data; /**< borrowed until the next call */
    size_t caplen;       /**< bytes of it */
    size_t len;          /**< length on the wire; >= caplen */
    size_t file;         /**< which of the paths, from 0 */
} rig_frame;

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
 * @param[out] reader  Owned by the caller: rig_capture_close.
 * @return RIG_OK; RIG_EINPUT naming the file that is empty, no capture, cut inside its own header,
 *         a folder, or compressed otherwise; RIG_EIO naming it when it cannot be read; RIG_EDOM for
 *         n = 0 or two standard inputs; RIG_ENOMEM.
 */
rig_status rig_capture_open(const char *const *paths, size_t n, rig_capture_reader **reader,
                            rig_error *err);

/**
 * The next frame: of those that come next in each file, the earliest; of equals, the one of the
 * file that was named first. Within a file the order is the file's.
 *
 * @param[out] frame   Untouched unless there is one.
 * @param[out] is_end  Whether all files are read.
 * @return RIG_OK; RIG_EINPUT naming a file that has not one whole frame but is not just empty of
 *         them either; RIG_EIO; RIG_ENOMEM.
 */
rig_status rig_capture_next(rig_capture_reader *reader, rig_frame *frame, bool *is_end,
                            rig_error *err);

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
