/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analyzer/packets/websocket.h"

#include <stdlib.h>
#include <string.h>

#include "core/slice.h"

enum { OPCODE_CONTROL = 8, OPCODE_LAST = 10, MAX_CONTROL = 125, GLANCE = 48, MAX_METHOD = 32 };

static void unmask(const rig_websocket_frame *frame, const uint8_t *p, size_t n, uint8_t *to)
{
    for (size_t i = 0; i < n; i++)
        to[i] = frame->is_masked ? p[i] ^ frame->mask[i & 3] : p[i];
}

void rig_websocket_text_clear(rig_websocket_text *text)
{
    free(text->p);
    *text = (rig_websocket_text){.n = 0};
}

bool rig_websocket_text_add(rig_websocket_text *text, const rig_websocket_frame *frame,
                            const uint8_t *p)
{
    size_t n = text->n + (size_t)frame->n_payload;
    if (n > text->n_allocated) {
        uint8_t *grown = realloc(text->p, n);
        if (grown == NULL) {
            rig_websocket_text_clear(text);
            return false;
        }
        text->p = grown;
        text->n_allocated = n;
    }
    if (frame->n_payload > 0)
        unmask(frame, p, (size_t)frame->n_payload, text->p + text->n);
    text->n = n;
    return true;
}

bool rig_websocket_read(const uint8_t *p, size_t n, rig_websocket_frame *frame, bool *is_bad)
{
    *is_bad = false;
    if (n < 2)
        return false;
    rig_websocket_frame f = {.opcode = p[0] & 0xf,
                             .is_final = (p[0] & 0x80) != 0,
                             .is_masked = (p[1] & 0x80) != 0,
                             .n_head = 2,
                             .n_payload = p[1] & 0x7f};
    bool is_control = f.opcode >= OPCODE_CONTROL;
    *is_bad = (p[0] & 0x70) != 0 || f.opcode > OPCODE_LAST || (f.opcode > 2 && !is_control) ||
              (is_control && (!f.is_final || f.n_payload > MAX_CONTROL));
    if (*is_bad)
        return false;
    size_t n_length = f.n_payload == 126 ? 2 : f.n_payload == 127 ? 8 : 0;
    if (n < f.n_head + n_length)
        return false;
    if (n_length > 0)
        f.n_payload = 0;
    for (size_t i = 0; i < n_length; i++)
        f.n_payload = f.n_payload << 8 | p[2 + i];
    f.n_head += n_length;
    *is_bad = f.n_payload >> 63 != 0;
    if (*is_bad)
        return false;
    if (f.is_masked) {
        if (n < f.n_head + sizeof f.mask)
            return false;
        memcpy(f.mask, p + f.n_head, sizeof f.mask);
        f.n_head += sizeof f.mask;
    }
    *frame = f;
    return true;
}

/* Whether the bytes begin so, as far as they are there. */
static bool agrees(rig_slice bytes, const char *begin)
{
    size_t n = strlen(begin) < bytes.n ? strlen(begin) : bytes.n;
    return memcmp(bytes.p, begin, n) == 0;
}

/* Whether text begins as a SIP message does: "SIP/2.0 ", or a method and a URI. */
static rig_websocket_found look_at_text(rig_slice text)
{
    static const char *const begins[] = {"sip:", "sips:", "tel:"};
    size_t n = 0;
    if (agrees(text, "SIP/2.0 "))
        return text.n >= 8 ? RIG_WEBSOCKET_FRAMES : RIG_WEBSOCKET_MORE;
    while (n < text.n && text.p[n] >= 'A' && text.p[n] <= 'Z')
        n++;
    if (n == text.n && n <= MAX_METHOD)
        return RIG_WEBSOCKET_MORE;
    if (n < 3 || n > MAX_METHOD || text.p[n] != ' ')
        return RIG_WEBSOCKET_NOT;
    rig_slice uri = rig_slice_skip(text, n + 1);
    for (size_t i = 0; i < sizeof begins / sizeof begins[0]; i++) {
        if (agrees(uri, begins[i]))
            return uri.n >= strlen(begins[i]) ? RIG_WEBSOCKET_FRAMES : RIG_WEBSOCKET_MORE;
    }
    return RIG_WEBSOCKET_NOT;
}

static rig_websocket_found look_at_frame(const uint8_t *p, size_t n)
{
    rig_websocket_frame frame;
    bool is_bad;
    uint8_t text[GLANCE];
    if (!rig_websocket_read(p, n, &frame, &is_bad))
        return is_bad ? RIG_WEBSOCKET_NOT : RIG_WEBSOCKET_MORE;
    if (frame.opcode != 1 && frame.opcode != 2)
        return RIG_WEBSOCKET_NOT;
    size_t n_text = n - frame.n_head < GLANCE ? n - frame.n_head : GLANCE;
    if (n_text > frame.n_payload)
        n_text = (size_t)frame.n_payload;
    unmask(&frame, p + frame.n_head, n_text, text);
    rig_websocket_found found = look_at_text((rig_slice){(const char *)text, n_text});
    return found == RIG_WEBSOCKET_MORE && n_text == frame.n_payload ? RIG_WEBSOCKET_NOT : found;
}

/* Whether the lines of an HTTP head ask for WebSocket. */
static bool asks_for_websocket(rig_slice head)
{
    while (head.n > 0) {
        size_t n_line = rig_slice_find(head, '\n');
        rig_slice line = {head.p, n_line};
        size_t colon = rig_slice_find(line, ':');
        if (colon < line.n &&
            rig_slice_is_nocase(rig_slice_trim((rig_slice){line.p, colon}), "upgrade") &&
            rig_slice_is_nocase(rig_slice_trim(rig_slice_skip(line, colon + 1)), "websocket"))
            return true;
        head = rig_slice_skip(head, n_line < head.n ? n_line + 1 : head.n);
    }
    return false;
}

rig_websocket_found rig_websocket_look(const uint8_t *p, size_t n, size_t *n_head)
{
    rig_slice bytes = {(const char *)p, n};
    if (n == 0)
        return RIG_WEBSOCKET_NOT;
    if (p[0] != 'G' && p[0] != 'H')
        return look_at_frame(p, n);
    if (!agrees(bytes, "GET ") && !agrees(bytes, "HTTP/1.1 101"))
        return RIG_WEBSOCKET_NOT;
    const char *end = memmem(p, n, "\r\n\r\n", 4);
    if (end == NULL)
        return n < RIG_WEBSOCKET_MAX_HEAD ? RIG_WEBSOCKET_MORE : RIG_WEBSOCKET_NOT;
    rig_slice head = {bytes.p, (size_t)(end - bytes.p)};
    if (!asks_for_websocket(head))
        return RIG_WEBSOCKET_NOT;
    *n_head = head.n + 4;
    return RIG_WEBSOCKET_UPGRADE;
}
