/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analyzer/packets/sip_framing.h"

#include <string.h>

enum { HEP3_HEADER = 6, MAX_METHOD = 32 };

static const char version[] = "SIP/2.0";
enum { N_VERSION = sizeof version - 1 };

/* RFC 3261, 25.1: token. */
static bool is_token(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c != '\0' && strchr("-.!%*_+`'~", c) != NULL);
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Whether a line, or the part of it that is there, begins like a start line: every byte is one that
 * may stand in its place. A whole line must be there to its end. */
static bool is_start_line(rig_slice line, bool is_whole)
{
    if (line.n > RIG_SIP_MAX_START_LINE)
        return false;
    if (is_whole && line.n > 0 && line.p[line.n - 1] == '\r')
        line.n--;
    size_t n_common = line.n < N_VERSION ? line.n : N_VERSION;
    if (memcmp(line.p, version, n_common) == 0) { /* a status line */
        static const char form[] = " ddd";
        for (size_t i = N_VERSION; i < N_VERSION + 4 && i < line.n; i++) {
            if (form[i - N_VERSION] == 'd' ? !is_digit(line.p[i]) : line.p[i] != ' ')
                return false;
        }
        if (line.n <= N_VERSION + 4)
            return !is_whole || line.n == N_VERSION + 4;
        return line.p[N_VERSION + 4] == ' ';
    }
    size_t n_method = 0;
    while (n_method < line.n && is_token(line.p[n_method]))
        n_method++;
    if (n_method == line.n)
        return !is_whole && n_method <= MAX_METHOD;
    if (n_method == 0 || n_method > MAX_METHOD || line.p[n_method] != ' ')
        return false;
    rig_slice uri = rig_slice_skip(line, n_method + 1);
    size_t n_uri = 0;
    while (n_uri < uri.n && uri.p[n_uri] > ' ' && uri.p[n_uri] < 0x7f)
        n_uri++;
    if (n_uri == uri.n)
        return !is_whole;
    if (n_uri == 0 || uri.p[n_uri] != ' ')
        return false;
    rig_slice rest = rig_slice_skip(uri, n_uri + 1);
    if (is_whole)
        return rig_slice_is(rest, version);
    if (rest.n > N_VERSION)
        return rest.n == N_VERSION + 1 && rest.p[N_VERSION] == '\r' &&
               memcmp(rest.p, version, N_VERSION) == 0;
    return memcmp(rest.p, version, rest.n) == 0;
}

/* How many bytes to pass over to come to something that may be a start line; the first line is
 * none. Every whole start line holds " SIP/2.0" before its end or begins with "SIP/2.0 ", so that
 * most bytes are never looked at one by one. */
static size_t hunt(rig_slice bytes)
{
    const char *end = bytes.p + bytes.n;
    const char *behind = bytes.p; /* no start line begins before this */
    const char *at;
    while ((at = memmem(behind, (size_t)(end - behind), version, N_VERSION)) != NULL) {
        const char *before = memrchr(behind, '\n', (size_t)(at - behind));
        const char *line_end = memchr(at, '\n', (size_t)(end - at));
        if (line_end == NULL)
            break;
        const char *begin = before != NULL ? before + 1 : behind;
        if (begin != bytes.p && is_start_line((rig_slice){begin, (size_t)(line_end - begin)}, true))
            return (size_t)(begin - bytes.p);
        behind = line_end + 1;
    }
    /* The last line is not whole: it may become a start line. */
    const char *last = memrchr(bytes.p, '\n', bytes.n);
    if (last == NULL || !is_start_line((rig_slice){last + 1, (size_t)(end - last) - 1}, false))
        return bytes.n;
    return (size_t)(last + 1 - bytes.p);
}

/* A header line that is Content-Length, or l (RFC 3261, 7.3.3), with blanks before its colon. */
static bool is_length_header(rig_slice line, rig_slice *value)
{
    if (line.n == 0 || (line.p[0] | 0x20) != (line.n > 1 && is_token(line.p[1]) ? 'c' : 'l'))
        return false;
    size_t colon = rig_slice_find(line, ':');
    if (colon == line.n)
        return false;
    rig_slice name = rig_slice_trim((rig_slice){line.p, colon});
    if (!rig_slice_is_nocase(name, "l") && !rig_slice_is_nocase(name, "content-length"))
        return false;
    *value = rig_slice_trim(rig_slice_skip(line, colon + 1));
    return true;
}

/* Headers without which a message is of no use (RFC 3261, 8.1.1). */
enum { HAS_CALL_ID = 1, HAS_CSEQ = 2, HAS_FROM = 4, HAS_TO = 8, HAS_ALL = 15 };

/* Which of these a header line is; 0: none. */
static unsigned needed_header(rig_slice line, rig_slice *value)
{
    static const struct {
        const char *name, *compact;
        unsigned is;
    } needed[] = {{"call-id", "i", HAS_CALL_ID},
                  {"cseq", "cseq", HAS_CSEQ},
                  {"from", "f", HAS_FROM},
                  {"to", "t", HAS_TO}};
    const char first = (char)(line.p[0] | 0x20);
    if (first != 'c' && first != 'i' && first != 'f' && first != 't')
        return 0;
    const size_t colon = rig_slice_find(line, ':');
    if (colon == line.n)
        return 0;
    const rig_slice name = rig_slice_trim((rig_slice){line.p, colon});
    for (size_t i = 0; i < sizeof needed / sizeof needed[0]; i++) {
        if (rig_slice_is_nocase(name, needed[i].name) ||
            rig_slice_is_nocase(name, needed[i].compact)) {
            *value = rig_slice_trim(rig_slice_skip(line, colon + 1));
            return needed[i].is;
        }
    }
    return 0;
}

/* The needed headers of whole lines, up to when all of `until` are there. */
static unsigned needed_headers(rig_slice bytes, unsigned until, rig_slice *call_id)
{
    size_t n_line = rig_slice_find(bytes, '\n');
    unsigned has = 0;
    if (bytes.n == 0 || !is_start_line((rig_slice){bytes.p, n_line}, true))
        return 0;
    for (rig_slice rest = bytes; n_line < rest.n && (has & until) != until;
         n_line = rig_slice_find(rest, '\n')) {
        rest = rig_slice_skip(rest, n_line + 1);
        const rig_slice line = {.p = rest.p, .n = rig_slice_find(rest, '\n')};
        rig_slice value;
        if (line.n >= rest.n || line.n == 0)
            break;
        const unsigned is = needed_header(line, &value);
        if (is == HAS_CALL_ID && (has & HAS_CALL_ID) == 0)
            *call_id = value;
        has |= is;
    }
    return (has & HAS_CALL_ID) != 0 && call_id->n > 0 ? has : 0;
}

bool rig_sip_call_id_in(rig_slice bytes, rig_slice *call_id)
{
    return (needed_headers(bytes, HAS_CALL_ID, call_id) & HAS_CALL_ID) != 0;
}

/* The headers that are whole: behind them the next one has begun, and is no line on which the last one
 * goes on (RFC 3261, 7.3.1). */
static rig_slice whole_headers(rig_slice bytes)
{
    size_t n = bytes.n;
    const char *end;
    while (n > 0 && (end = memrchr(bytes.p, '\n', n)) != NULL) {
        n = (size_t)(end - bytes.p);
        if (n + 1 < bytes.n && end[1] != ' ' && end[1] != '\t')
            return (rig_slice){bytes.p, n + 1};
    }
    return (rig_slice){bytes.p, 0};
}

bool rig_sip_is_usable(rig_slice bytes, rig_slice *call_id)
{
    static const char invite[] = "INVITE ";
    bytes = whole_headers(bytes);
    unsigned has = needed_headers(bytes, HAS_ALL, call_id);
    if (bytes.n >= sizeof invite - 1 && memcmp(bytes.p, invite, sizeof invite - 1) == 0)
        has |= has != 0 ? HAS_TO : 0u;
    return has == HAS_ALL;
}

/* The headers, from the line at which the last look ended. The value of Content-Length may stand in
 * the line behind, folded. @return whether the headers' end is there. */
static bool read_head(rig_slice bytes, rig_sip_framing *framing)
{
    for (;;) {
        rig_slice line = rig_slice_skip(bytes, framing->n_scanned);
        size_t n_line = rig_slice_find(line, '\n');
        if (n_line >= line.n)
            return false;
        framing->n_scanned += n_line + 1;
        line.n = n_line;
        if (n_line == 0 || (n_line == 1 && line.p[0] == '\r')) {
            framing->n_head = framing->n_scanned;
            return true;
        }
        rig_slice value;
        if (framing->is_length_next && (line.p[0] == ' ' || line.p[0] == '\t'))
            value = rig_slice_trim(line);
        else if (framing->has_length || !is_length_header(line, &value))
            continue;
        framing->has_length = true;
        framing->is_length_next = value.n == 0;
        uint64_t n_body;
        if (rig_slice_u64(value, &n_body) && n_body <= RIG_SIP_MAX_BODY)
            framing->n_body = n_body;
    }
}

static rig_sip_found nothing(rig_sip_framing *framing, size_t n_over, size_t *n)
{
    *framing = (rig_sip_framing){.n_scanned = 0};
    *n = n_over;
    return RIG_SIP_FOUND_NOTHING;
}

rig_sip_found rig_sip_frame(rig_slice bytes, rig_sip_framing *framing, size_t *n)
{
    if (framing->n_scanned == 0) {
        size_t n_blank = 0; /* keep-alives and line ends between messages: RFC 5626, 3.5.1 */
        while (n_blank < bytes.n && (bytes.p[n_blank] == '\r' || bytes.p[n_blank] == '\n'))
            n_blank++;
        if (n_blank > 0 || bytes.n == 0)
            return nothing(framing, n_blank, n);
        if (memcmp(bytes.p, "HEP3", bytes.n < 4 ? bytes.n : 4) == 0 && bytes.p[0] == 'H') {
            if (bytes.n < HEP3_HEADER)
                return nothing(framing, 0, n);
            size_t n_hep = (size_t)((uint8_t)bytes.p[4] << 8 | (uint8_t)bytes.p[5]);
            if (n_hep >= HEP3_HEADER) {
                if (n_hep > bytes.n)
                    return nothing(framing, 0, n);
                *n = n_hep;
                return RIG_SIP_FOUND_HEP;
            }
        }
        size_t n_line = rig_slice_find(bytes, '\n');
        bool is_whole = n_line < bytes.n;
        if (!is_start_line((rig_slice){bytes.p, n_line}, is_whole))
            return nothing(framing, hunt(bytes), n);
        if (!is_whole)
            return nothing(framing, 0, n);
        framing->n_scanned = n_line + 1;
    }
    if (framing->n_head == 0 && !read_head(bytes, framing)) {
        *n = 0;
        return RIG_SIP_FOUND_HEAD;
    }
    *n = framing->n_head + framing->n_body;
    if (*n > bytes.n)
        return RIG_SIP_FOUND_BODY;
    *framing = (rig_sip_framing){.n_scanned = 0};
    return RIG_SIP_FOUND_MESSAGE;
}
