/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The bytes of a capture, in order: from a file or a pipe, as they are or decompressed on the way.
 * Inside the packets room only.
 *
 * A buffer is refilled with one large read at a time; what is looked at lies in it in one piece, so
 * that nothing is copied once more. mmap would not be faster by much, and lets a file that shrinks
 * while it is read end the program. */
#ifndef RIG_ANALYZER_PACKETS_BYTE_SOURCE_H
#define RIG_ANALYZER_PACKETS_BYTE_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "core/status.h"
#include "core/stop.h"

/** How the bytes are compressed. */
typedef enum rig_compression {
    RIG_COMPRESSION_NONE = 0,
    RIG_COMPRESSION_GZIP,
    RIG_COMPRESSION_ZSTD
} rig_compression;

/** Where the compressed bytes run out or make no sense. */
typedef enum rig_byte_end {
    RIG_BYTE_END_NOT_YET = 0,
    RIG_BYTE_END_CLEAN,
    RIG_BYTE_END_CUT,    /**< the compressed stream ends inside */
    RIG_BYTE_END_DAMAGED /**< it cannot be decompressed from here on */
} rig_byte_end;

/** A buffer. Who pins it may go on reading what lies in it, whatever becomes of the source. */
typedef struct rig_byte_block {
    size_t n_pins;
    size_t n;        /**< bytes that it has room for */
    bool is_current; /**< its source still reads into it */
    uint8_t data[];
} rig_byte_block;

/** A source; read its first fields, and leave the rest to the functions. */
typedef struct rig_byte_source {
    const uint8_t *p;  /**< the bytes that lie ready; valid until the next _need or _skip */
    size_t n;          /**< how many they are */
    uint64_t n_before; /**< bytes consumed so far */
    rig_byte_end end;  /**< why there are no more; set when a _need or _skip falls short */
    rig_compression compression;
    const char *name;      /**< for messages; borrowed */
    rig_byte_block *block; /**< in which the ready bytes lie; pin it to keep them */
    struct rig_byte_reader *reader;
} rig_byte_source;

/**
 * Open, and look what it is.
 * @param path      "-" is the standard input.
 * @param name      For messages; borrowed until _close.
 * @param n_buffer  Bytes to read at once.
 * @return RIG_OK; RIG_EINPUT for a folder or an unknown compression; RIG_EIO; RIG_ENOMEM.
 */
rig_status rig_byte_source_open(const char *path, const char *name, size_t n_buffer,
                                rig_byte_source *source, rig_error *err);

/**
 * Have at least n bytes ready, if there are so many.
 * @return RIG_OK, with source->n < n only at the end; RIG_EIO; RIG_ENOMEM.
 */
rig_status rig_byte_source_fill(rig_byte_source *source, size_t n, rig_error *err);

/** As _fill; costs nothing when the bytes are ready. */
static inline rig_status rig_byte_source_need(rig_byte_source *source, size_t n, rig_error *err)
{
    return source->n >= n ? RIG_OK : rig_byte_source_fill(source, n, err);
}

/** One pin less; a block that nobody needs is freed. */
static inline void rig_byte_block_unpin(rig_byte_block *block)
{
    if (--block->n_pins == 0 && !block->is_current)
        free(block);
}

/** Be done with n bytes that are ready. */
static inline void rig_byte_source_consume(rig_byte_source *source, size_t n)
{
    source->p += n;
    source->n -= n;
    source->n_before += n;
}

/** Pass over n bytes, ready or not. @param[out] is_short There were fewer. */
rig_status rig_byte_source_skip(rig_byte_source *source, uint64_t n, bool *is_short,
                                rig_error *err);

/** Bytes of the file; 0 when it is none: a pipe. */
uint64_t rig_byte_source_size(const rig_byte_source *source);

/** Bytes of the file that were read so far (compressed, if it is). */
uint64_t rig_byte_source_n_read(const rig_byte_source *source);

/** The file is still being written: wait for more at its end, until is_over is set. */
void rig_byte_source_follow(rig_byte_source *source, const rig_stop *is_over);

/** Whether reading may have to wait: a pipe, or a file that is followed. */
bool rig_byte_source_may_wait(const rig_byte_source *source);

/** Wait until there is something to read, or the end. @return false: not within wait_ns. */
bool rig_byte_source_wait(rig_byte_source *source, int64_t wait_ns);

/** Close and free. Safe on a source that is all 0. */
void rig_byte_source_close(rig_byte_source *source);

#endif
