/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analyzer/sip.h"

#include <string.h>

#include "analyzer/calls/hash.h"
#include "analyzer/sip/chars.h"
#include "analyzer/sip/start_line.h"
#include "analyzer/sip/values.h"

/* First letters of the headers that every message is read for. */
static const bool is_first_of_ours[256] = {
    ['v'] = 1, ['V'] = 1, ['f'] = 1, ['F'] = 1, ['t'] = 1, ['T'] = 1, ['i'] = 1, ['I'] = 1,
    ['l'] = 1, ['L'] = 1, ['c'] = 1, ['C'] = 1, ['r'] = 1, ['R'] = 1, ['x'] = 1, ['X'] = 1,
};

/* ---- headers ---- */

/* What is collected while the headers go by. */
typedef struct headers {
    rig_sip *sip;
    const rig_sip_wanted *wanted; /* NULL: none */
    rig_slice cseq_method;
    bool has_via, has_from, has_to, has_call_id, has_cseq;
    bool is_bad;
    bool may_stop; /* when what every message is read for has been seen */
} headers;

static void take_via(headers *h, rig_slice value)
{
    if (h->has_via)
        return; /* the topmost is the first */
    h->has_via = true;
    h->sip->via_branch = rig_sip_branch_of(value);
}

static void take_from(headers *h, rig_slice value)
{
    if (h->has_from)
        return;
    h->has_from = true;
    h->sip->from = value;
    h->sip->from_tag = rig_sip_tag_of(value);
}

static void take_to(headers *h, rig_slice value)
{
    if (h->has_to)
        return;
    h->has_to = true;
    h->sip->to = value;
    h->sip->to_tag = rig_sip_tag_of(value);
}

/* Whether all bytes are from '!' to '~'; eight at a time: the highest bit of a byte tells, and what
 * is borrowed or carried comes from a byte that tells already. */
static bool is_printable(rig_slice text)
{
    const uint64_t ones = UINT64_C(0x0101010101010101);
    uint64_t bad = 0, word = 0;
    size_t i = 0;
    for (; i + sizeof word <= text.n; i += sizeof word) {
        memcpy(&word, text.p + i, sizeof word);
        bad |= (word - ones * '!') | (word + ones) | word;
    }
    for (; i < text.n; i++)
        bad |= (uint8_t)(text.p[i] - '!') > '~' - '!' ? ones << 7 : 0;
    return (bad & ones << 7) == 0;
}

static void take_call_id(headers *h, rig_slice value)
{
    if (h->has_call_id)
        return;
    h->has_call_id = true;
    h->sip->call_id = value;
    h->is_bad = h->is_bad || !is_printable(value);
}

static void take_cseq(headers *h, rig_slice value)
{
    if (h->has_cseq)
        return;
    h->has_cseq = true;
    if (!rig_sip_cseq_of(value, &h->sip->cseq, &h->cseq_method))
        h->is_bad = true;
}

static void take_reason(headers *h, rig_slice value)
{
    rig_sip *sip = h->sip;
    const rig_sip_reason said = rig_sip_reason_of(value);
    if (sip->other_cause == RIG_SIP_NO_CAUSE && said.other_cause != RIG_SIP_NO_CAUSE) {
        sip->other_cause = said.other_cause;
        if (sip->q850_text.n == 0)
            sip->q850_text = said.other_text;
    }
    if (sip->q850_cause == RIG_SIP_NO_CAUSE && said.has_q850) {
        sip->q850_cause = said.q850_cause;
        sip->q850_text = said.q850_text;
    }
}

static void take_content_length(headers *h, rig_slice value)
{
    if (!h->sip->has_content_length)
        h->sip->has_content_length = rig_slice_u64(value, &h->sip->content_length);
}

static void take_rig_call(headers *h, rig_slice value)
{
    if (!h->sip->has_rig_call)
        h->sip->has_rig_call = rig_slice_u64(value, &h->sip->rig_call);
}

static bool is_wanted_name(const rig_sip_wanted *w, unsigned i, const char *name, size_t n)
{
    if (n == 1 && w->compact[i] != 0 && rig_sip_lower(name[0]) == w->compact[i])
        return true;
    if (w->n_name[i] != n)
        return false;
    size_t k = 0;
    while (k < n && rig_sip_lower(name[k]) == w->name[i][k])
        k++;
    return k == n;
}

static void take_wanted(headers *h, const char *name, size_t n, rig_slice value)
{
    for (unsigned i = 0; i < h->wanted->n; i++) {
        if (h->sip->n_extra < RIG_SIP_MAX_EXTRA && is_wanted_name(h->wanted, i, name, n))
            h->sip->extra[h->sip->n_extra++] = (rig_sip_extra){i, value};
    }
}

/* `name` against a text in lower case of the same length. */
static bool is_name(const char *name, const char *folded, size_t n)
{
    unsigned differs = 0;
    for (size_t i = 0; i < n; i++)
        differs |= (unsigned)((name[i] | 0x20) ^ folded[i]);
    return differs == 0;
}

/* A header by its name. */
typedef enum header {
    HEADER_UNREAD = 0, /* its name is to be read */
    HEADER_VIA,
    HEADER_FROM,
    HEADER_TO,
    HEADER_CALL_ID,
    HEADER_CSEQ,
    HEADER_LENGTH,
    HEADER_REASON,
    HEADER_RIG_CALL,
    HEADER_OTHER /* none that every message is read for */
} header;

/* A '-' with the bit of lower case set is still a '-'; CR would become one, but no name holds it.
 */
static header header_of(const char *name, size_t n)
{
    switch (n) {
    case 1:
        switch (name[0] | 0x20) {
        case 'v':
            return HEADER_VIA;
        case 'f':
            return HEADER_FROM;
        case 't':
            return HEADER_TO;
        case 'i':
            return HEADER_CALL_ID;
        case 'l':
            return HEADER_LENGTH;
        default:
            return HEADER_OTHER;
        }
    case 2:
        return is_name(name, "to", 2) ? HEADER_TO : HEADER_OTHER;
    case 3:
        return is_name(name, "via", 3) ? HEADER_VIA : HEADER_OTHER;
    case 4:
        return is_name(name, "from", 4)   ? HEADER_FROM
               : is_name(name, "cseq", 4) ? HEADER_CSEQ
                                          : HEADER_OTHER;
    case 6:
        return is_name(name, "reason", 6) ? HEADER_REASON : HEADER_OTHER;
    case 7:
        return is_name(name, "call-id", 7) ? HEADER_CALL_ID : HEADER_OTHER;
    case 10:
        return is_name(name, "x-rig-call", 10) ? HEADER_RIG_CALL : HEADER_OTHER;
    case 14:
        return is_name(name, "content-length", 14) ? HEADER_LENGTH : HEADER_OTHER;
    default:
        return HEADER_OTHER;
    }
}

/* The same at a glance of a name as nearly all stacks write it: one comparison of a word or two for
 * each. @param n_name  Not written for HEADER_UNREAD. */
static inline header usual_header_of(const char *p, const char *end, size_t *n_name)
{
    if (end - p < 8)
        return HEADER_UNREAD;
    if (memcmp(p, "Via:", 4) == 0)
        return *n_name = 3, HEADER_VIA;
    if (memcmp(p, "From", 4) == 0 && p[4] == ':')
        return *n_name = 4, HEADER_FROM;
    if (memcmp(p, "To", 2) == 0 && p[2] == ':')
        return *n_name = 2, HEADER_TO;
    if (memcmp(p, "Call-ID:", 8) == 0)
        return *n_name = 7, HEADER_CALL_ID;
    if (memcmp(p, "CSeq", 4) == 0 && p[4] == ':')
        return *n_name = 4, HEADER_CSEQ;
    if (memcmp(p, "Contact:", 8) == 0)
        return *n_name = 7, HEADER_OTHER;
    if (end - p < 16)
        return HEADER_UNREAD;
    if (memcmp(p, "Record-R", 8) == 0 && memcmp(p + 8, "oute:", 5) == 0)
        return *n_name = 12, HEADER_OTHER;
    if (memcmp(p, "Content-", 8) != 0)
        return HEADER_UNREAD;
    if (memcmp(p + 8, "Length:", 7) == 0)
        return *n_name = 14, HEADER_LENGTH;
    if (memcmp(p + 8, "Type:", 5) == 0)
        return *n_name = 12, HEADER_OTHER;
    return HEADER_UNREAD;
}

static void take_header(headers *h, header which, rig_slice value)
{
    switch (which) {
    case HEADER_VIA:
        take_via(h, value);
        break;
    case HEADER_FROM:
        take_from(h, value);
        break;
    case HEADER_TO:
        take_to(h, value);
        break;
    case HEADER_CALL_ID:
        take_call_id(h, value);
        break;
    case HEADER_CSEQ:
        take_cseq(h, value);
        break;
    case HEADER_LENGTH:
        take_content_length(h, value);
        break;
    case HEADER_REASON:
        take_reason(h, value);
        break;
    case HEADER_RIG_CALL:
        take_rig_call(h, value);
        break;
    case HEADER_UNREAD:
    case HEADER_OTHER:
        break;
    }
}

/* Whether a name of one of these lengths may begin at `p`: no name goes on behind it. */
static inline bool may_be_wanted(const char *p, const char *end, uint64_t lengths)
{
    const size_t n = (size_t)(end - p);
    for (; lengths != 0; lengths &= lengths - 1) {
        const size_t length = (size_t)__builtin_ctzll(lengths);
        if (length == 63 || (length < n && !rig_sip_token[(uint8_t)p[length]]))
            return true;
    }
    return false;
}

/* One header, folded lines and line end included. `lengths`: of the wanted names that begin with
 * its letter. */
static void take_line(headers *h, const char *p, const char *end, bool is_ours, uint64_t lengths)
{
    if (!is_ours && !may_be_wanted(p, end, lengths))
        return;
    size_t n_name = 0;
    header which = is_ours ? usual_header_of(p, end, &n_name) : HEADER_UNREAD;
    if (which == HEADER_UNREAD) {
        while (p + n_name < end && rig_sip_token[(uint8_t)p[n_name]])
            n_name++;
        which = is_ours ? header_of(p, n_name) : HEADER_OTHER;
    }
    const bool is_wanted = (lengths >> (n_name < 63 ? n_name : 63) & 1) != 0;
    if (which == HEADER_OTHER && !is_wanted)
        return;
    const char *colon = p + n_name;
    while (colon < end && rig_sip_is_blank(*colon))
        colon++; /* blanks before the colon, a fold too */
    if (n_name == 0 || colon == end || *colon != ':')
        return;
    const char *from = colon + 1;
    from += from < end && *from == ' '; /* as nearly all write it */
    end -= end - from > 2 && end[-1] == '\n' && end[-2] == '\r' ? 2 : 0;
    while (from < end && rig_sip_is_blank(*from))
        from++;
    while (from < end && rig_sip_is_blank(end[-1]))
        end--;
    const rig_slice value = {.p = from, .n = (size_t)(end - from)};
    take_header(h, which, value);
    if (is_wanted)
        take_wanted(h, p, n_name, value);
}

/* Whether more is wanted of this message than the five headers that all are read for. Reason counts
 * where something ends, X-Rig-Call where something begins. */
static bool is_more_wanted(const headers *h)
{
    const rig_sip *sip = h->sip;
    rig_sip_method method = rig_sip_method_of(h->cseq_method);
    if (!sip->is_request)
        return sip->code >= 300 || (h->wanted->on_responses >> method & 1) != 0;
    return method == RIG_SIP_BYE || method == RIG_SIP_CANCEL ||
           (method == RIG_SIP_INVITE && sip->to_tag.n == 0) ||
           (h->wanted->on_requests >> method & 1) != 0;
}

static bool is_done(headers *h)
{
    if (!h->may_stop || !h->has_cseq || !h->has_call_id || !h->has_to || !h->has_from ||
        !h->has_via)
        return false;
    h->may_stop = !is_more_wanted(h);
    return h->may_stop;
}

/* Behind the line end that follows `p`, or `end`. */
static const char *next_line(const char *p, const char *end)
{
    const char *at = memchr(p, '\n', (size_t)(end - p));
    return at == NULL ? end : at + 1;
}

/* All headers, or those that are wanted; *at begins behind the start line. Returns false when the
 * empty line that ends them is not there. */
static bool parse_headers(const char **at, const char *end, headers *h)
{
    static const uint64_t nothing[256] = {0};
    const uint64_t *lengths = h->wanted != NULL ? h->wanted->lengths : nothing;
    const char *p = *at;
    while (p < end) {
        uint8_t c = (uint8_t)*p;
        if (c == '\n' || (c == '\r' && p + 1 < end && p[1] == '\n')) {
            *at = c == '\n' ? p + 1 : p + 2;
            return true;
        }
        const char *next = next_line(p, end);
        /* A line that begins with a blank goes on with the value before it. */
        while (next < end && (*next == ' ' || *next == '\t'))
            next = next_line(next, end);
        if (is_first_of_ours[c] || lengths[c] != 0) {
            take_line(h, p, next, is_first_of_ours[c], lengths[c]);
            if (is_done(h)) {
                *at = next;
                return true;
            }
        }
        p = next;
    }
    *at = end;
    return false;
}

static void clear(rig_sip *sip)
{
    sip->has_rig_call = sip->has_content_length = sip->is_head_cut = false;
    sip->q850_cause = sip->other_cause = RIG_SIP_NO_CAUSE;
    sip->call_id = sip->via_branch = sip->from = sip->to = sip->from_tag = sip->to_tag =
        sip->q850_text = sip->from_name = sip->to_name = (rig_slice){0};
    sip->rig_call = sip->content_length = 0;
    sip->from_user = sip->to_user = 0;
    sip->n_extra = 0;
}

static void fill_body(rig_sip *sip, const char *body, const char *end)
{
    sip->body = (rig_slice){.p = body, .n = (size_t)(end - body)};
    if (sip->has_content_length && sip->content_length < sip->body.n)
        sip->body.n = (size_t)sip->content_length;
}

/* Where the header lines end that were captured as a whole: behind each of them something must have
 * been captured that does not go on with it. */
static const char *end_of_whole_lines(const char *p, const char *end)
{
    const char *at = end;
    while ((at = memrchr(p, '\n', (size_t)(at - p))) != NULL) {
        if (at + 1 < end && at[1] != ' ' && at[1] != '\t')
            return at + 1;
    }
    return p;
}

/* Whether the empty line that ends the headers is there. */
static bool has_end_of_head(const char *p, const char *end)
{
    while ((p = memchr(p, '\n', (size_t)(end - p))) != NULL) {
        p++;
        if (p < end && (*p == '\n' || (*p == '\r' && p + 1 < end && p[1] == '\n')))
            return true;
    }
    return false;
}

/* Whether what is needed of a message is there. Of one that was cut among its headers: of an
 * INVITE, To may lie behind. */
static bool is_complete(const headers *h)
{
    bool is_cut_invite =
        h->sip->is_head_cut && h->sip->is_request && rig_slice_is(h->cseq_method, "INVITE");
    return h->has_from && (h->has_to || is_cut_invite) && h->has_cseq && h->sip->call_id.n > 0;
}

/* `sip` is scratch: complete only when RIG_SIP_OK is returned. */
static rig_sip_verdict parse(rig_slice payload, bool is_truncated, const rig_sip_wanted *wanted,
                             rig_sip *sip)
{
    const char *p = payload.p;
    const char *end = p + payload.n;
    while (p < end && (*p == '\r' || *p == '\n'))
        p++;
    if (p == end || !rig_sip_token[(uint8_t)*p])
        return RIG_SIP_NOT; /* media, at once */
    const char *headers_at = next_line(p, end);
    rig_slice method = {0};
    bool is_cut = is_truncated && headers_at == end;
    rig_sip_verdict verdict = rig_sip_start_line((rig_slice){.p = p, .n = (size_t)(headers_at - p)},
                                                 is_cut, sip, &method);
    if (verdict != RIG_SIP_OK)
        return verdict;
    clear(sip);
    /* Of a message that was cut, all headers are read: it may be cut among them. */
    headers h = {.sip = sip, .wanted = wanted, .may_stop = wanted != NULL && !is_truncated};
    const char *limit = payload.n > RIG_SIP_MAX_HEAD ? payload.p + RIG_SIP_MAX_HEAD : end;
    if (is_truncated && limit == end && !has_end_of_head(p, end)) {
        sip->is_head_cut = true;
        limit = end_of_whole_lines(headers_at, end);
    }
    const char *at = headers_at < limit ? headers_at : limit;
    if (!parse_headers(&at, limit, &h)) {
        if (limit < end && !sip->is_head_cut)
            return RIG_SIP_TOO_LONG;
        if (sip->is_head_cut && !is_complete(&h))
            return RIG_SIP_CUT;
        if (sip->is_head_cut)
            at = end;
    }
    if (h.is_bad || !is_complete(&h))
        return RIG_SIP_MALFORMED;
    if (sip->is_request && !rig_slice_eq(method, h.cseq_method))
        return RIG_SIP_MALFORMED;
    sip->method = rig_sip_method_of(h.cseq_method);
    sip->is_read_through = !h.may_stop || !is_done(&h);
    sip->n_head = (size_t)(at - payload.p);
    fill_body(sip, at, end);
    sip->call_id_hash = rig_hash_slice(0, sip->call_id);
    sip->branch_hash = rig_hash_text(sip->via_branch);
    sip->from_tag_hash = rig_hash_text(sip->from_tag);
    sip->to_tag_hash = rig_hash_text(sip->to_tag);
    if (sip->is_request && sip->method == RIG_SIP_INVITE) {
        sip->from_name = rig_sip_user_of(sip->from);
        sip->to_name = rig_sip_user_of(sip->to);
    }
    if (rig_sip_is_initial_invite(sip)) {
        sip->from_user = rig_sip_name_hash(sip->from_name);
        sip->to_user = rig_sip_name_hash(sip->to_name);
    }
    return RIG_SIP_OK;
}

rig_sip_verdict rig_sip_parse(rig_slice payload, bool is_truncated, const rig_sip_wanted *wanted,
                              rig_sip *sip)
{
    return payload.n == 0 ? RIG_SIP_NOT : parse(payload, is_truncated, wanted, sip);
}

rig_slice rig_sip_from_user(const rig_sip *sip)
{
    return rig_sip_user_of(sip->from);
}

rig_slice rig_sip_called_user(const rig_sip *sip)
{
    return rig_sip_user_of(sip->uri);
}

rig_slice rig_sip_extra_value(const rig_sip *sip, unsigned index)
{
    for (unsigned i = 0; i < sip->n_extra; i++) {
        if (sip->extra[i].index == index)
            return sip->extra[i].value;
    }
    return (rig_slice){0};
}
