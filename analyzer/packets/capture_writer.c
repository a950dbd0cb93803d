/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Captures as peakrig writes them. The frames go to a nameless file first, as only the last of them
 * tells whether one link layer is enough. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/packets/capture.h"
#include "core/atomic_file.h"
#include "core/clock.h"

enum { MAX_LINKS = 64 };

struct rig_capture_writer {
    const char *path;
    FILE *frames; /* each a record, then its bytes */
    int links[MAX_LINKS];
    size_t n_links;
};

/* A frame as the nameless file has it. */
typedef struct record {
    int64_t t_ns;
    uint32_t link; /* which of the links */
    uint32_t caplen, len;
} record;

rig_status rig_capture_writer_new(const char *path, rig_capture_writer **writer, rig_error *err)
{
    rig_capture_writer *made = calloc(1, sizeof *made);
    if (made == NULL)
        return rig_fail(err, RIG_ENOMEM, "%s: out of memory", path);
    made->path = path;
    made->frames = tmpfile();
    if (made->frames == NULL) {
        free(made);
        return rig_fail(err, RIG_EIO, "%s: cannot make a temporary file: %s", path,
                        strerror(errno));
    }
    *writer = made;
    return RIG_OK;
}

void rig_capture_writer_abandon(rig_capture_writer *w)
{
    if (w == NULL)
        return;
    (void)fclose(w->frames);
    free(w);
}

rig_status rig_capture_writer_add(rig_capture_writer *w, const rig_frame *frame, rig_error *err)
{
    /* What pcap can say: seconds and lengths of 32 bits, link layers of 16. */
    if (frame->t_ns < 0 || frame->t_ns / RIG_NS_PER_S > UINT32_MAX || frame->len > UINT32_MAX ||
        frame->caplen > RIG_CAPTURE_MAX_RECORD || frame->linktype < 0 || frame->linktype > 65535)
        return rig_fail(err, RIG_EDOM,
                        "%s: a frame of %zu bytes, link layer %d, at %lld ns cannot "
                        "be written",
                        w->path, frame->caplen, frame->linktype, (long long)frame->t_ns);
    size_t link = 0;
    while (link < w->n_links && w->links[link] != frame->linktype)
        link++;
    if (link == MAX_LINKS)
        return rig_fail(err, RIG_EDOM, "%s: more than %d link layers", w->path, MAX_LINKS);
    if (link == w->n_links)
        w->links[w->n_links++] = frame->linktype;
    const record header = {.t_ns = frame->t_ns,
                           .link = (uint32_t)link,
                           .caplen = (uint32_t)frame->caplen,
                           .len = (uint32_t)frame->len};
    if (fwrite(&header, sizeof header, 1, w->frames) != 1 ||
        fwrite(frame->data, 1, frame->caplen, w->frames) != frame->caplen)
        return rig_fail(err, RIG_EIO, "%s: cannot write a temporary file: %s", w->path,
                        strerror(errno));
    return RIG_OK;
}

/* Errors of the stream are kept until rig_atomic_file_commit. */
static void put(FILE *to, const void *data, size_t n)
{
    (void)fwrite(data, 1, n, to);
}

static void put_u32(FILE *to, uint32_t value)
{
    put(to, &value, sizeof value);
}

static void put_u16(FILE *to, uint16_t value)
{
    put(to, &value, sizeof value);
}

static void put_pcap_header(FILE *to, int linktype)
{
    put_u32(to, 0xa1b23c4d);
    put_u16(to, 2);
    put_u16(to, 4);
    put_u32(to, 0);
    put_u32(to, 0);
    put_u32(to, RIG_CAPTURE_MAX_RECORD);
    put_u32(to, (uint32_t)linktype);
}

static void put_pcap_frame(FILE *to, const record *r, const uint8_t *data)
{
    put_u32(to, (uint32_t)(r->t_ns / RIG_NS_PER_S));
    put_u32(to, (uint32_t)(r->t_ns % RIG_NS_PER_S));
    put_u32(to, r->caplen);
    put_u32(to, r->len);
    put(to, data, r->caplen);
}

/* A section of unknown length, and one interface a link layer, with a clock of nanoseconds. */
static void put_pcapng_header(FILE *to, const rig_capture_writer *w)
{
    put_u32(to, 0x0a0d0d0a);
    put_u32(to, 28);
    put_u32(to, 0x1a2b3c4d);
    put_u16(to, 1);
    put_u16(to, 0);
    put_u32(to, UINT32_MAX);
    put_u32(to, UINT32_MAX);
    put_u32(to, 28);
    for (size_t i = 0; i < w->n_links; i++) {
        static const uint8_t options[12] = {9, 0, 1, 0, 9, 0, 0, 0, 0, 0, 0, 0};
        static const uint8_t options_big[12] = {0, 9, 0, 1, 9, 0, 0, 0, 0, 0, 0, 0};
        put_u32(to, 1);
        put_u32(to, 32);
        put_u16(to, (uint16_t)w->links[i]);
        put_u16(to, 0);
        put_u32(to, RIG_CAPTURE_MAX_RECORD);
        put(to, __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? options : options_big, 12);
        put_u32(to, 32);
    }
}

static void put_pcapng_frame(FILE *to, const record *r, const uint8_t *data)
{
    static const uint8_t padding[3] = {0};
    size_t n_padding = (4 - r->caplen % 4) % 4;
    uint32_t n_block = (uint32_t)(32 + r->caplen + n_padding);
    put_u32(to, 6);
    put_u32(to, n_block);
    put_u32(to, r->link);
    put_u32(to, (uint32_t)((uint64_t)r->t_ns >> 32));
    put_u32(to, (uint32_t)r->t_ns);
    put_u32(to, r->caplen);
    put_u32(to, r->len);
    put(to, data, r->caplen);
    put(to, padding, n_padding);
    put_u32(to, n_block);
}

static rig_status copy_frames(rig_capture_writer *w, FILE *to, uint8_t *data, rig_error *err)
{
    bool is_pcapng = w->n_links > 1;
    record r;
    if (fflush(w->frames) != 0 || fseek(w->frames, 0, SEEK_SET) != 0)
        return rig_fail(err, RIG_EIO, "%s: cannot write a temporary file: %s", w->path,
                        strerror(errno));
    if (is_pcapng)
        put_pcapng_header(to, w);
    else
        put_pcap_header(to, w->n_links == 0 ? 1 : w->links[0]);
    while (fread(&r, sizeof r, 1, w->frames) == 1) {
        if (fread(data, 1, r.caplen, w->frames) != r.caplen)
            break;
        if (is_pcapng)
            put_pcapng_frame(to, &r, data);
        else
            put_pcap_frame(to, &r, data);
    }
    if (ferror(w->frames) || !feof(w->frames))
        return rig_fail(err, RIG_EIO, "%s: cannot read a temporary file", w->path);
    return RIG_OK;
}

rig_status rig_capture_writer_commit(rig_capture_writer *w, rig_error *err)
{
    rig_atomic_file *file = NULL;
    uint8_t *data = malloc(RIG_CAPTURE_MAX_RECORD);
    rig_status status = RIG_OK;
    if (data == NULL)
        status = rig_fail(err, RIG_ENOMEM, "%s: out of memory", w->path);
    if (status == RIG_OK)
        status = rig_atomic_file_new(w->path, &file, err);
    if (status == RIG_OK)
        status = copy_frames(w, rig_atomic_file_stream(file), data, err);
    if (status == RIG_OK)
        status = rig_atomic_file_commit(file, err);
    else
        rig_atomic_file_abandon(file);
    free(data);
    rig_capture_writer_abandon(w);
    return status;
}
