/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pcapng files: draft-ietf-opsawg-pcapng. */
#include <stdlib.h>
#include <string.h>

#include "analyzer/packets/capture_file.h"
#include "core/clock.h"

enum {
    BLOCK_SECTION = 0x0a0d0d0a,
    BLOCK_INTERFACE = 1,
    BLOCK_PACKET = 2, /* obsolete */
    BLOCK_SIMPLE = 3,
    BLOCK_ENHANCED = 6,
    BLOCK_HEADER = 8, /* type and length; the length again behind the body */
    BLOCK_MIN = 12,
    SECTION_MIN = 28,
    MAX_BLOCK = 1 << 20, /* of blocks that are read: a packet with its comments */
    MAX_INTERFACES = 1 << 16,
    OPTION_END = 0,
    OPTION_TSRESOL = 9,
    OPTION_TSOFFSET = 14
};

static const uint32_t byte_order_magic = 0x1a2b3c4d;

static rig_capture_step damaged_block(rig_capture_file *f, const char *what, uint32_t value)
{
    return rig_capture_damaged(f, "block at byte %llu, after packet %llu: %s %u cannot be",
                               (unsigned long long)f->source.n_before,
                               (unsigned long long)f->n_frames, what, value);
}

/* ---- time */

/* Ticks of the interface's clock as ns. @return false when that is out of range. */
static bool time_of(const rig_capture_interface *interface, uint64_t ticks, int64_t *t_ns)
{
    unsigned __int128 ns = ticks;
    unsigned exponent = interface->exponent;
    if (interface->is_binary_clock) {
        ns = exponent >= 64 ? 0 : (ns * RIG_NS_PER_S) >> exponent;
    } else {
        for (; exponent < 9; exponent++)
            ns *= 10;
        for (; exponent > 9 && ns > 0; exponent--)
            ns /= 10;
    }
    if (ns > (uint64_t)INT64_MAX)
        return false;
    int64_t offset_ns;
    return !__builtin_mul_overflow(interface->offset_s, RIG_NS_PER_S, &offset_ns) &&
           !__builtin_add_overflow((int64_t)ns, offset_ns, t_ns);
}

/* ---- blocks */

static rig_status begin_section(rig_capture_file *f, rig_capture_step *step, uint64_t *n_skip,
                                rig_error *err)
{
    rig_byte_source *s = &f->source;
    rig_status status = rig_byte_source_need(s, SECTION_MIN, err);
    if (status != RIG_OK)
        return status;
    if (s->n < SECTION_MIN) {
        *step = RIG_CAPTURE_CUT;
        return RIG_OK;
    }
    uint32_t magic;
    memcpy(&magic, s->p + 8, sizeof magic);
    f->is_swapped = magic == __builtin_bswap32(byte_order_magic);
    if (magic != byte_order_magic && !f->is_swapped) {
        *step = damaged_block(f, "byte order", magic);
        return RIG_OK;
    }
    uint32_t n_block = rig_capture_u32(f, s->p + 4);
    uint16_t major = rig_capture_u16(f, s->p + 12);
    if (n_block < SECTION_MIN || n_block % 4 != 0)
        *step = damaged_block(f, "length", n_block);
    else if (major != 1)
        *step = damaged_block(f, "version", major);
    *n_skip = n_block;
    f->n_interfaces = 0;
    f->n_sections++;
    return RIG_OK;
}

static void read_interface_options(const rig_capture_file *f, rig_capture_interface *interface,
                                   const uint8_t *p, size_t n)
{
    while (n >= 4) {
        uint16_t code = rig_capture_u16(f, p);
        size_t n_value = rig_capture_u16(f, p + 2);
        size_t n_option = 4 + ((n_value + 3) & ~(size_t)3);
        if (code == OPTION_END || n_value > n - 4)
            return;
        if (code == OPTION_TSRESOL && n_value == 1) {
            interface->is_binary_clock = (p[4] & 0x80) != 0;
            interface->exponent = p[4] & 0x7f;
        } else if (code == OPTION_TSOFFSET && n_value == 8) {
            uint64_t offset_s;
            memcpy(&offset_s, p + 4, sizeof offset_s);
            interface->offset_s = (int64_t)(f->is_swapped ? __builtin_bswap64(offset_s) : offset_s);
        }
        if (n_option > n)
            return;
        p += n_option;
        n -= n_option;
    }
}

static rig_status add_interface(rig_capture_file *f, const uint8_t *block, size_t n_block,
                                rig_capture_step *step, rig_error *err)
{
    if (n_block < 20) {
        *step = damaged_block(f, "length", (uint32_t)n_block);
        return RIG_OK;
    }
    if (f->n_interfaces == MAX_INTERFACES) {
        *step = damaged_block(f, "number of interfaces", MAX_INTERFACES + 1);
        return RIG_OK;
    }
    if (f->n_interfaces == f->n_interfaces_allocated) {
        size_t n = f->n_interfaces == 0 ? 4 : 2 * f->n_interfaces;
        void *grown = reallocarray(f->interfaces, n, sizeof f->interfaces[0]);
        if (grown == NULL)
            return rig_fail(err, RIG_ENOMEM, "%s: out of memory", f->name);
        f->interfaces = grown;
        f->n_interfaces_allocated = n;
    }
    rig_capture_interface *interface = &f->interfaces[f->n_interfaces++];
    *interface = (rig_capture_interface){.linktype = rig_capture_u16(f, block + 8),
                                         .snaplen = rig_capture_u32(f, block + 12),
                                         .exponent = 6};
    read_interface_options(f, interface, block + 16, n_block - 20);
    return RIG_OK;
}

/* Enhanced and old Packet Blocks differ in how they tell the interface. */
static rig_capture_step read_packet(rig_capture_file *f, uint32_t type, const uint8_t *block,
                                    size_t n_block, rig_frame *frame)
{
    if (n_block < 32)
        return damaged_block(f, "length", (uint32_t)n_block);
    uint32_t id =
        type == BLOCK_PACKET ? rig_capture_u16(f, block + 8) : rig_capture_u32(f, block + 8);
    uint32_t caplen = rig_capture_u32(f, block + 20);
    uint32_t len = rig_capture_u32(f, block + 24);
    if (id >= f->n_interfaces)
        return damaged_block(f, "interface", id);
    if (caplen > RIG_CAPTURE_MAX_RECORD || caplen > n_block - 32)
        return damaged_block(f, "captured length", caplen);
    const rig_capture_interface *interface = &f->interfaces[id];
    uint64_t ticks =
        (uint64_t)rig_capture_u32(f, block + 12) << 32 | rig_capture_u32(f, block + 16);
    frame->linktype = interface->linktype;
    frame->interface = id;
    if (!time_of(interface, ticks, &frame->t_ns))
        frame->t_ns = -1; /* out of range, which the caller looks for */
    frame->data = block + 28;
    frame->caplen = caplen;
    frame->len = len > caplen ? len : caplen;
    return RIG_CAPTURE_FRAME;
}

static rig_capture_step read_simple(rig_capture_file *f, const uint8_t *block, size_t n_block,
                                    rig_frame *frame)
{
    if (n_block < 16)
        return damaged_block(f, "length", (uint32_t)n_block);
    if (f->n_interfaces == 0)
        return damaged_block(f, "interface", 0);
    uint32_t len = rig_capture_u32(f, block + 8);
    uint32_t snaplen = f->interfaces[0].snaplen;
    size_t caplen = snaplen != 0 && snaplen < len ? snaplen : len;
    if (caplen > n_block - 16)
        caplen = n_block - 16;
    if (caplen > RIG_CAPTURE_MAX_RECORD)
        return damaged_block(f, "captured length", (uint32_t)caplen);
    frame->linktype = f->interfaces[0].linktype;
    frame->interface = 0;
    frame->t_ns = f->t_last_ns;
    frame->data = block + 12;
    frame->caplen = caplen;
    frame->len = len;
    return RIG_CAPTURE_FRAME;
}

/* A block of which the body matters: it must be there as a whole. */
static rig_status read_block(rig_capture_file *f, uint32_t type, uint32_t n_block, rig_frame *frame,
                             rig_capture_step *step, rig_error *err)
{
    rig_byte_source *s = &f->source;
    if (n_block > MAX_BLOCK) {
        *step = damaged_block(f, "length", n_block);
        return RIG_OK;
    }
    rig_status status = rig_byte_source_need(s, n_block, err);
    if (status != RIG_OK)
        return status;
    if (s->n < n_block) {
        *step = RIG_CAPTURE_CUT;
        return RIG_OK;
    }
    if (rig_capture_u32(f, s->p + n_block - 4) != n_block) {
        *step = damaged_block(f, "second length", rig_capture_u32(f, s->p + n_block - 4));
        return RIG_OK;
    }
    if (type == BLOCK_INTERFACE) {
        status = add_interface(f, s->p, n_block, step, err);
        if (status == RIG_OK && *step == RIG_CAPTURE_OTHER)
            rig_byte_source_consume(s, n_block);
        return status;
    }
    *step = type == BLOCK_SIMPLE ? read_simple(f, s->p, n_block, frame)
                                 : read_packet(f, type, s->p, n_block, frame);
    if (*step == RIG_CAPTURE_FRAME)
        f->n_to_consume = n_block;
    return RIG_OK;
}

rig_status rig_pcapng_step(rig_capture_file *f, rig_frame *frame, rig_capture_step *step,
                           rig_error *err)
{
    rig_byte_source *s = &f->source;
    rig_status status = rig_byte_source_need(s, BLOCK_HEADER, err);
    if (status != RIG_OK)
        return status;
    if (s->n < BLOCK_HEADER) {
        *step = s->n == 0 ? RIG_CAPTURE_END : RIG_CAPTURE_CUT;
        return RIG_OK;
    }
    uint32_t type = rig_capture_u32(f, s->p);
    uint64_t n_skip = 0;
    if (type == BLOCK_SECTION) {
        status = begin_section(f, step, &n_skip, err);
        if (status != RIG_OK || *step != RIG_CAPTURE_OTHER)
            return status;
    } else {
        uint32_t n_block = rig_capture_u32(f, s->p + 4);
        if (n_block < BLOCK_MIN || n_block % 4 != 0) {
            *step = damaged_block(f, "length", n_block);
            return RIG_OK;
        }
        if (type == BLOCK_INTERFACE || type == BLOCK_PACKET || type == BLOCK_SIMPLE ||
            type == BLOCK_ENHANCED)
            return read_block(f, type, n_block, frame, step, err);
        n_skip = n_block;
    }
    bool is_short;
    status = rig_byte_source_skip(s, n_skip, &is_short, err);
    if (status == RIG_OK && is_short)
        *step = RIG_CAPTURE_CUT;
    return status;
}
