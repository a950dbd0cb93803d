/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analyzer/packets/capture_file.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/clock.h"

enum { PCAP_HEADER = 24, PCAPNG_BLOCK_HEADER = 8 };

static const uint8_t pcapng_magic[4] = {0x0a, 0x0d, 0x0d, 0x0a};

uint16_t rig_capture_u16(const rig_capture_file *f, const uint8_t *p)
{
    uint16_t value;
    memcpy(&value, p, sizeof value);
    return f->is_swapped ? __builtin_bswap16(value) : value;
}

uint32_t rig_capture_u32(const rig_capture_file *f, const uint8_t *p)
{
    uint32_t value;
    memcpy(&value, p, sizeof value);
    return f->is_swapped ? __builtin_bswap32(value) : value;
}

rig_capture_step rig_capture_damaged(rig_capture_file *f, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    (void)vsnprintf(f->problem, sizeof f->problem, format, args);
    va_end(args);
    return RIG_CAPTURE_DAMAGED;
}

/* Captures of other programs, by their first bytes. ERF has no such bytes: its first record must be
 * one, with an Ethernet frame of a length that fits. */
static const char *other_format(const rig_byte_source *s)
{
    static const struct {
        const char *begin;
        size_t n;
        const char *name;
    } formats[] = {
        {"GMBU", 4, "Microsoft Network Monitor 2"},
        {"RTSS", 4, "Microsoft Network Monitor 1"},
        {"snoop\0\0\0", 8, "Sun snoop"},
        {"TRSNIFF data    \x1a", 17, "NAI Sniffer"},
        {"XCP\0", 4, "Cinco NetXRay"},
        {"\x7fver", 4, "WildPackets"},
        {"\x7fVeR", 4, "WildPackets"},
        {"iptrace ", 8, "AIX iptrace"},
        {"LOGG", 4, "Vector BLF"},
        {"btsnoop\0", 8, "Bluetooth snoop"},
    };
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++) {
        if (s->n >= formats[i].n && memcmp(s->p, formats[i].begin, formats[i].n) == 0)
            return formats[i].name;
    }
    if (s->n < 18)
        return NULL;
    unsigned type = s->p[8] & 0x7f;
    unsigned n_record = (unsigned)(s->p[10] << 8 | s->p[11]);
    unsigned n_wire = (unsigned)(s->p[14] << 8 | s->p[15]);
    bool is_ethernet = type == 2 || type == 11 || type == 16 || type == 20;
    bool fits = n_record >= 18 && n_wire >= 60 && n_wire <= 16384 && n_record % 8 == 0;
    return is_ethernet && fits ? "Endace ERF" : NULL;
}

static rig_status recognize(rig_capture_file *f, rig_error *err)
{
    rig_status status = rig_byte_source_need(&f->source, PCAP_HEADER, err);
    if (status != RIG_OK)
        return status;
    const rig_byte_source *s = &f->source;
    if (s->n >= sizeof pcapng_magic && memcmp(s->p, pcapng_magic, sizeof pcapng_magic) == 0) {
        f->is_pcapng = true;
        return RIG_OK;
    }
    if (rig_pcap_begin(f)) {
        if (s->n < PCAP_HEADER)
            return rig_fail(err, RIG_EINPUT,
                            "%s: ends inside the file's header, after %zu bytes; expected 24",
                            f->name, s->n);
        rig_byte_source_consume(&f->source, PCAP_HEADER);
        return RIG_OK;
    }
    const char *other = other_format(s);
    if (other != NULL)
        return rig_fail(err, RIG_EINPUT,
                        "%s: is a capture of the form %s; expected pcap or pcapng: convert it with "
                        "\"editcap -F pcap %s OUT.pcap\"",
                        f->name, other, f->name);
    const char *why = "";
    if (s->end == RIG_BYTE_END_DAMAGED)
        why = " (it cannot be decompressed)";
    else if (s->end == RIG_BYTE_END_CUT)
        why = " (its compressed data end at once)";
    else if (s->compression != RIG_COMPRESSION_NONE)
        why = " (what it holds compressed begins otherwise)";
    return rig_fail(err, RIG_EINPUT, "%s: is no capture%s; expected pcap or pcapng", f->name, why);
}

rig_status rig_capture_file_open(const char *path, size_t n_buffer, rig_capture_file *file,
                                 rig_error *err)
{
    rig_capture_file f = {.path = strdup(path)};
    if (f.path == NULL)
        return rig_fail(err, RIG_ENOMEM, "%s: out of memory", path);
    f.name = strcmp(path, "-") == 0 ? "standard input" : f.path;
    rig_status status = rig_capture_file_reopen(&f, n_buffer, err);
    if (status != RIG_OK) {
        rig_capture_file_close(&f);
        return status;
    }
    *file = f;
    return RIG_OK;
}

rig_status rig_capture_file_reopen(rig_capture_file *file, size_t n_buffer, rig_error *err)
{
    rig_capture_file f = {.path = file->path, .name = file->name};
    rig_status status = rig_byte_source_open(f.path, f.name, n_buffer, &f.source, err);
    if (status == RIG_OK)
        status = recognize(&f, err);
    if (status != RIG_OK) {
        rig_byte_source_close(&f.source);
        return status;
    }
    *file = f;
    return RIG_OK;
}

void rig_capture_file_shut(rig_capture_file *f)
{
    rig_byte_source_close(&f->source);
    free(f->interfaces);
    f->interfaces = NULL;
    f->n_interfaces = f->n_interfaces_allocated = f->n_to_consume = 0;
    f->is_over = true;
}

/* Bytes of the record that comes next, as far as they can be told; at least 1. */
static size_t next_record(const rig_capture_file *f)
{
    const rig_byte_source *s = &f->source;
    const uint8_t *p = s->p + f->n_to_consume;
    size_t n = s->n - f->n_to_consume;
    size_t n_head = f->is_pcapng ? PCAPNG_BLOCK_HEADER : f->n_record_header;
    if (n < n_head)
        return n_head;
    uint32_t n_body = rig_capture_u32(f, p + (f->is_pcapng ? 4 : 8));
    if (f->is_pcapng)
        return n_body > n_head && n_body <= RIG_CAPTURE_MAX_RECORD ? n_body : n_head;
    return n_body <= RIG_CAPTURE_MAX_RECORD ? n_head + n_body : n_head;
}

rig_status rig_capture_file_wait(rig_capture_file *f, int64_t wait_ns, bool *is_ready,
                                 rig_error *err)
{
    rig_byte_source *s = &f->source;
    int64_t until_ns = rig_clock_monotonic_ns() + wait_ns;
    *is_ready = true;
    while (!f->is_over && s->end == RIG_BYTE_END_NOT_YET &&
           s->n - f->n_to_consume < next_record(f)) {
        int64_t left_ns = until_ns - rig_clock_monotonic_ns();
        if (f->n_to_consume > 0) {
            rig_byte_source_consume(s, f->n_to_consume);
            f->n_to_consume = 0;
        }
        if (!rig_byte_source_wait(s, left_ns > 0 ? left_ns : 0)) {
            *is_ready = false;
            return RIG_OK;
        }
        rig_status status = rig_byte_source_fill(s, s->n + 1, err);
        if (status != RIG_OK)
            return status;
    }
    return RIG_OK;
}

static void note_problem(rig_capture_file *f, rig_capture_step step)
{
    unsigned long long n = f->n_frames;
    if (f->source.end == RIG_BYTE_END_DAMAGED) {
        f->is_damaged = true;
        (void)snprintf(f->problem, sizeof f->problem,
                       "cannot be decompressed any further after packet %llu", n);
    } else if (step == RIG_CAPTURE_CUT || f->source.end == RIG_BYTE_END_CUT) {
        f->is_cut = true;
        (void)snprintf(f->problem, sizeof f->problem, "ends in the middle of %s after packet %llu",
                       step == RIG_CAPTURE_CUT ? "a record" : "the compressed data", n);
    } else {
        f->is_damaged = step == RIG_CAPTURE_DAMAGED;
    }
}

rig_status rig_capture_file_next(rig_capture_file *f, rig_frame *frame, bool *is_over,
                                 rig_error *err)
{
    rig_capture_step step = RIG_CAPTURE_OTHER;
    if (f->n_to_consume > 0) {
        rig_byte_source_consume(&f->source, f->n_to_consume);
        f->n_to_consume = 0;
    }
    while (!f->is_over && step == RIG_CAPTURE_OTHER) {
        rig_status status = f->is_pcapng ? rig_pcapng_step(f, frame, &step, err)
                                         : rig_pcap_step(f, frame, &step, err);
        if (status != RIG_OK)
            return status;
    }
    if (step == RIG_CAPTURE_FRAME) {
        if (frame->t_ns < 0 || frame->t_ns > RIG_CAPTURE_LATEST_NS) {
            f->n_to_consume = 0;
            step = rig_capture_damaged(f, "packet %llu: its time is out of range",
                                       (unsigned long long)f->n_frames + 1);
        } else {
            f->t_last_ns = frame->t_ns;
            f->n_frames++;
            *is_over = false;
            return RIG_OK;
        }
    }
    if (!f->is_over) {
        f->is_over = true;
        note_problem(f, step);
        if ((f->is_cut || f->is_damaged) && f->n_frames == 0)
            return rig_fail(err, RIG_EINPUT, "%s: no packet can be read: %s", f->name, f->problem);
    }
    *is_over = true;
    return RIG_OK;
}

void rig_capture_file_close(rig_capture_file *f)
{
    rig_byte_source_close(&f->source);
    free(f->interfaces);
    free(f->path);
    f->interfaces = NULL;
    f->path = NULL;
}

const char *rig_capture_file_format(const rig_capture_file *f)
{
    static const char *const names[2][3] = {{"pcap", "pcap, gzip", "pcap, zstd"},
                                            {"pcapng", "pcapng, gzip", "pcapng, zstd"}};
    return names[f->is_pcapng][f->source.compression];
}
