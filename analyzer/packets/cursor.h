/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading captured bytes that may end before the packet does. Inside the packets room only. */
#ifndef RIG_ANALYZER_PACKETS_CURSOR_H
#define RIG_ANALYZER_PACKETS_CURSOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** The captured bytes that are left, and how many there were on the wire: n <= n_wire. */
typedef struct rig_cursor {
    const uint8_t *p;
    size_t n;
    size_t n_wire;
} rig_cursor;

static inline uint16_t rig_be16(const uint8_t *p)
{
    return (uint16_t)(p[0] << 8 | p[1]);
}

static inline uint32_t rig_be32(const uint8_t *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static inline uint64_t rig_be64(const uint8_t *p)
{
    return (uint64_t)rig_be32(p) << 32 | rig_be32(p + 4);
}

static inline uint32_t rig_le32(const uint8_t *p)
{
    return (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16 | (uint32_t)p[1] << 8 | p[0];
}

/** Pass over n bytes. @return false when fewer were captured; the cursor is as before then. */
static inline bool rig_cursor_skip(rig_cursor *at, size_t n)
{
    if (at->n < n)
        return false;
    at->p += n;
    at->n -= n;
    at->n_wire -= n;
    return true;
}

/** The packet ends after n bytes: what follows is padding; what is missing was cut. */
static inline void rig_cursor_end_at(rig_cursor *at, size_t n)
{
    at->n_wire = n;
    if (at->n > n)
        at->n = n;
}

#endif
