/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analyzer/packets/byte_source.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

enum { N_COMPRESSED = 1 << 16, N_MAGIC = 6, NAP_MS = 100, LEAST_READ = 4096 };

typedef struct rig_byte_reader {
    int fd;
    bool is_at_end;      /* of the file */
    size_t n_buffer;     /* of a new block */
    uint8_t *compressed; /* what was read and not decompressed yet */
    size_t n_compressed, at_compressed;
    z_stream gzip;
    ZSTD_DStream *zstd;
    bool is_inside;  /* a compressed member or frame has begun and not ended */
    uint64_t n_file; /* bytes of the file; 0: a pipe */
    uint64_t n_read;
    const rig_stop *is_over; /* NULL: not followed */
} rig_byte_reader;

/* Until a file that is followed has more. */
static void nap(void)
{
    (void)poll(NULL, 0, NAP_MS);
}

static rig_status read_some(rig_byte_source *s, uint8_t *to, size_t n, size_t *n_got,
                            rig_error *err)
{
    for (;;) {
        ssize_t got = read(s->reader->fd, to, n);
        if (got == 0 && s->reader->is_over != NULL && !rig_stop_is_set(s->reader->is_over)) {
            nap();
            continue;
        }
        if (got >= 0) {
            *n_got = (size_t)got;
            s->reader->n_read += (uint64_t)got;
            s->reader->is_at_end = got == 0;
            return RIG_OK;
        }
        if (errno == EISDIR)
            return rig_fail(err, RIG_EINPUT, "%s: is a folder; expected a capture", s->name);
        if (errno != EINTR)
            return rig_fail(err, RIG_EIO, "%s: cannot read: %s", s->name, strerror(errno));
    }
}

/* ---- decompression: from `compressed` into a place, as much as there is room for */

/* A file may be several gzip members in a row; bytes behind the last that are none are padding. */
static void decompress_gzip(rig_byte_source *s, uint8_t *to, size_t n, size_t *n_got)
{
    rig_byte_reader *r = s->reader;
    z_stream *z = &r->gzip;
    z->next_in = r->compressed + r->at_compressed;
    z->avail_in = (uInt)(r->n_compressed - r->at_compressed);
    z->next_out = to;
    z->avail_out = (uInt)n;
    if (!r->is_inside && z->avail_in > 0) {
        if (z->next_in[0] != 0x1f) {
            s->end = RIG_BYTE_END_CLEAN;
            return;
        }
        (void)inflateReset(z);
        r->is_inside = true;
    }
    int got = r->is_inside ? inflate(z, Z_NO_FLUSH) : Z_OK;
    r->at_compressed = r->n_compressed - z->avail_in;
    *n_got = n - z->avail_out;
    if (got == Z_STREAM_END)
        r->is_inside = false;
    else if (got != Z_OK && got != Z_BUF_ERROR)
        s->end = RIG_BYTE_END_DAMAGED;
}

static void decompress_zstd(rig_byte_source *s, uint8_t *to, size_t n, size_t *n_got)
{
    rig_byte_reader *r = s->reader;
    if (!r->is_inside && r->at_compressed == r->n_compressed)
        return; /* without a byte of it, the next frame has not begun */
    ZSTD_inBuffer in = {r->compressed, r->n_compressed, r->at_compressed};
    ZSTD_outBuffer out = {to, n, 0};
    size_t got = ZSTD_decompressStream(r->zstd, &out, &in);
    r->at_compressed = in.pos;
    *n_got = out.pos;
    if (ZSTD_isError(got))
        s->end = RIG_BYTE_END_DAMAGED;
    else
        r->is_inside = got != 0;
}

static rig_status decompress_some(rig_byte_source *s, uint8_t *to, size_t n, size_t *n_got,
                                  rig_error *err)
{
    rig_byte_reader *r = s->reader;
    *n_got = 0;
    while (*n_got == 0 && s->end == RIG_BYTE_END_NOT_YET) {
        size_t at_before = r->at_compressed;
        if (s->compression == RIG_COMPRESSION_GZIP)
            decompress_gzip(s, to, n, n_got);
        else
            decompress_zstd(s, to, n, n_got);
        if (*n_got > 0 || s->end != RIG_BYTE_END_NOT_YET || r->at_compressed != at_before)
            continue;
        /* Nothing comes of what is there: more is needed. */
        size_t n_left = r->n_compressed - r->at_compressed;
        if (n_left == N_COMPRESSED) {
            s->end = RIG_BYTE_END_DAMAGED;
            return RIG_OK;
        }
        memmove(r->compressed, r->compressed + r->at_compressed, n_left);
        r->at_compressed = 0;
        r->n_compressed = n_left;
        size_t n_read = 0;
        rig_status status =
            read_some(s, r->compressed + n_left, N_COMPRESSED - n_left, &n_read, err);
        if (status != RIG_OK)
            return status;
        r->n_compressed += n_read;
        if (n_read == 0)
            s->end = r->is_inside || n_left > 0 ? RIG_BYTE_END_CUT : RIG_BYTE_END_CLEAN;
    }
    return RIG_OK;
}

static rig_status no_memory(const rig_byte_source *s, rig_error *err)
{
    return rig_fail(err, RIG_ENOMEM, "%s: out of memory", s->name);
}

static rig_byte_block *new_block(size_t n)
{
    rig_byte_block *block = malloc(sizeof *block + n);
    if (block != NULL)
        *block = (rig_byte_block){.n = n, .is_current = true};
    return block;
}

static void let_go(rig_byte_block *block)
{
    if (block == NULL)
        return;
    block->is_current = false;
    if (block->n_pins == 0)
        free(block);
}

/* Room for n bytes in one piece, with those that are ready at its beginning. What is pinned stays
 * where it is: then more is read behind it, or into another block. */
static rig_status make_room(rig_byte_source *s, size_t n, rig_error *err)
{
    rig_byte_block *block = s->block;
    if (block->n_pins > 0) {
        size_t n_left = block->n - (size_t)(s->p - block->data) - s->n;
        if (n - s->n <= n_left && n_left >= LEAST_READ)
            return RIG_OK;
    } else if (n <= block->n) {
        if (s->n > 0)
            memmove(block->data, s->p, s->n);
        s->p = block->data;
        return RIG_OK;
    }
    rig_byte_block *other = new_block(n > s->reader->n_buffer ? n : s->reader->n_buffer);
    if (other == NULL)
        return no_memory(s, err);
    if (s->n > 0)
        memcpy(other->data, s->p, s->n);
    let_go(block);
    s->block = other;
    s->p = other->data;
    return RIG_OK;
}

rig_status rig_byte_source_fill(rig_byte_source *s, size_t n, rig_error *err)
{
    rig_byte_reader *r = s->reader;
    rig_status status = make_room(s, n, err);
    if (status != RIG_OK)
        return status;
    while (s->n < n && s->end == RIG_BYTE_END_NOT_YET) {
        size_t n_got = 0;
        size_t at = (size_t)(s->p - s->block->data) + s->n;
        uint8_t *to = s->block->data + at;
        size_t n_room = s->block->n - at;
        if (s->compression != RIG_COMPRESSION_NONE)
            status = decompress_some(s, to, n_room, &n_got, err);
        else
            status = read_some(s, to, n_room, &n_got, err);
        if (status != RIG_OK)
            return status;
        s->n += n_got;
        if (s->compression == RIG_COMPRESSION_NONE && r->is_at_end)
            s->end = RIG_BYTE_END_CLEAN;
    }
    return RIG_OK;
}

rig_status rig_byte_source_skip(rig_byte_source *s, uint64_t n, bool *is_short, rig_error *err)
{
    *is_short = false;
    while (n > 0) {
        if (s->n == 0) {
            rig_status status = rig_byte_source_fill(s, 1, err);
            if (status != RIG_OK)
                return status;
            if (s->n == 0) {
                *is_short = true;
                return RIG_OK;
            }
        }
        size_t n_now = s->n < n ? s->n : (size_t)n;
        rig_byte_source_consume(s, n_now);
        n -= n_now;
    }
    return RIG_OK;
}

/* ---- opening */

static rig_status begin_decompression(rig_byte_source *s, rig_error *err)
{
    rig_byte_reader *r = s->reader;
    r->compressed = malloc(N_COMPRESSED);
    if (r->compressed == NULL)
        return rig_fail(err, RIG_ENOMEM, "%s: out of memory", s->name);
    memcpy(r->compressed, s->p, s->n); /* the magic number, which was read as it is */
    r->n_compressed = s->n;
    s->n = 0;
    bool is_made;
    if (s->compression == RIG_COMPRESSION_GZIP) {
        is_made = inflateInit2(&r->gzip, 15 + 16) == Z_OK;
    } else {
        r->zstd = ZSTD_createDStream();
        is_made = r->zstd != NULL;
    }
    return is_made ? RIG_OK : rig_fail(err, RIG_ENOMEM, "%s: out of memory", s->name);
}

/* By the first bytes, whatever the name. */
static rig_status look(rig_byte_source *s, rig_error *err)
{
    static const struct {
        const char *name;
        size_t n;
        uint8_t magic[N_MAGIC];
        rig_compression compression; /* NONE: not read */
    } forms[] = {
        {"gzip", 2, {0x1f, 0x8b}, RIG_COMPRESSION_GZIP},
        {"zstd", 4, {0x28, 0xb5, 0x2f, 0xfd}, RIG_COMPRESSION_ZSTD},
        {"zstd", 4, {0x50, 0x2a, 0x4d, 0x18}, RIG_COMPRESSION_ZSTD}, /* begins with a comment */
        {"xz", 6, {0xfd, '7', 'z', 'X', 'Z', 0}, RIG_COMPRESSION_NONE},
        {"bzip2", 3, {'B', 'Z', 'h'}, RIG_COMPRESSION_NONE},
        {"LZ4", 4, {0x04, 0x22, 0x4d, 0x18}, RIG_COMPRESSION_NONE},
        {"ZIP", 4, {'P', 'K', 3, 4}, RIG_COMPRESSION_NONE},
    };
    rig_byte_reader *r = s->reader;
    s->p = s->block->data;
    while (s->n < N_MAGIC && !r->is_at_end) {
        size_t n_got = 0;
        rig_status status = read_some(s, s->block->data + s->n, N_MAGIC - s->n, &n_got, err);
        if (status != RIG_OK)
            return status;
        s->n += n_got;
    }
    if (s->n == 0)
        return rig_fail(err, RIG_EINPUT, "%s: is empty; expected a capture (pcap or pcapng)",
                        s->name);
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        if (s->n < forms[i].n || memcmp(s->p, forms[i].magic, forms[i].n) != 0)
            continue;
        if (forms[i].compression == RIG_COMPRESSION_NONE)
            return rig_fail(err, RIG_EINPUT,
                            "%s: is compressed with %s; expected a capture, plain or compressed "
                            "with gzip or zstd",
                            s->name, forms[i].name);
        s->compression = forms[i].compression;
        return begin_decompression(s, err);
    }
    return RIG_OK;
}

static void measure(rig_byte_source *s)
{
    struct stat about;
    if (fstat(s->reader->fd, &about) == 0 && S_ISREG(about.st_mode) && about.st_size > 0)
        s->reader->n_file = (uint64_t)about.st_size;
}

rig_status rig_byte_source_open(const char *path, const char *name, size_t n_buffer,
                                rig_byte_source *source, rig_error *err)
{
    rig_byte_source s = {.name = name, .reader = calloc(1, sizeof(rig_byte_reader))};
    rig_status status = RIG_OK;
    if (s.reader == NULL)
        return rig_fail(err, RIG_ENOMEM, "%s: out of memory", name);
    bool is_stdin = strcmp(path, "-") == 0;
    s.reader->fd = is_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    s.reader->n_buffer = n_buffer;
    s.block = new_block(n_buffer);
    if (s.reader->fd < 0 && errno == EMFILE)
        status = rig_fail(err, RIG_EIO,
                          "%s: too many files are open at one time (captures whose times overlap "
                          "are read together); raise the limit: ulimit -n",
                          name);
    else if (s.reader->fd < 0)
        status = rig_fail(err, RIG_EIO, "%s: cannot read: %s", name, strerror(errno));
    else if (s.block == NULL)
        status = rig_fail(err, RIG_ENOMEM, "%s: out of memory", name);
    else
        status = look(&s, err);
    if (status == RIG_OK)
        measure(&s);
    if (status != RIG_OK) {
        rig_byte_source_close(&s);
        return status;
    }
    *source = s;
    return RIG_OK;
}

uint64_t rig_byte_source_size(const rig_byte_source *s)
{
    return s->reader->n_file;
}

uint64_t rig_byte_source_n_read(const rig_byte_source *s)
{
    return s->reader->n_read;
}

void rig_byte_source_follow(rig_byte_source *s, const rig_stop *is_over)
{
    s->reader->is_over = is_over;
    s->reader->is_at_end = false;
}

bool rig_byte_source_may_wait(const rig_byte_source *s)
{
    return s->reader->n_file == 0 || s->reader->is_over != NULL;
}

/* Of a file that is followed, whether it is longer than what was read. */
static bool has_grown(const rig_byte_reader *r)
{
    struct stat about;
    return rig_stop_is_set(r->is_over) || fstat(r->fd, &about) != 0 || (uint64_t)about.st_size > r->n_read;
}

bool rig_byte_source_wait(rig_byte_source *s, int64_t wait_ns)
{
    rig_byte_reader *r = s->reader;
    int wait_ms = (int)((wait_ns + 999999) / 1000000);
    if (r->n_compressed > r->at_compressed)
        return true;
    if (r->n_file > 0 && r->is_over != NULL) {
        for (; !has_grown(r) && wait_ms > 0; wait_ms -= NAP_MS)
            nap();
        return has_grown(r);
    }
    struct pollfd pipe = {.fd = r->fd, .events = POLLIN};
    return poll(&pipe, 1, wait_ms) != 0; /* what is wrong with it, reading tells */
}

void rig_byte_source_close(rig_byte_source *s)
{
    rig_byte_reader *r = s->reader;
    if (r == NULL)
        return;
    if (r->fd > STDIN_FILENO)
        (void)close(r->fd);
    if (s->compression == RIG_COMPRESSION_GZIP)
        (void)inflateEnd(&r->gzip);
    (void)ZSTD_freeDStream(r->zstd);
    free(r->compressed);
    let_go(s->block);
    s->block = NULL;
    free(r);
    s->reader = NULL;
}
