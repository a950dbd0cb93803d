#include "analyzer/sip.h"

#include <string.h>
#include <strings.h>

/* Longest method that is believed; the registered ones have at most 9 letters. */
enum { MAX_METHOD = 32 };

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* RFC 3261 section 25.1, token. */
static bool is_token(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) ||
           (c != '\0' && strchr("-.!%*_+`'~", c) != NULL);
}

static rig_slice cut(rig_slice a, size_t n)
{
    return (rig_slice){.p = a.p, .n = n};
}

/* ---- parts of header values ---- */

/* Position of the first `c` outside of quotes, or a.n. */
static size_t find_unquoted(rig_slice a, char c)
{
    bool is_quoted = false;
    for (size_t i = 0; i < a.n; i++) {
        if (is_quoted && a.p[i] == '\\')
            i++;
        else if (a.p[i] == '"')
            is_quoted = !is_quoted;
        else if (!is_quoted && a.p[i] == c)
            return i;
    }
    return a.n;
}

/* The value of a parameter in ";name=value;name=value"; empty when there is none. */
static rig_slice find_param(rig_slice params, const char *name)
{
    while (params.n > 0) {
        if (params.p[0] == ';')
            params = rig_slice_skip(params, 1);
        rig_slice one = cut(params, find_unquoted(params, ';'));
        size_t equals = rig_slice_find(one, '=');
        if (rig_slice_is_nocase(rig_slice_trim(cut(one, equals)), name))
            return rig_slice_trim(rig_slice_skip(one, equals + 1));
        params = rig_slice_skip(params, one.n);
    }
    return (rig_slice){0};
}

static rig_slice user_of_uri(rig_slice uri)
{
    uri = rig_slice_trim(uri);
    size_t colon = rig_slice_find(uri, ':');
    bool is_tel = rig_slice_is_nocase(cut(uri, colon), "tel");
    rig_slice rest = rig_slice_skip(uri, colon + 1);
    size_t end = rig_slice_find(rest, '@');
    if (end == rest.n && !is_tel)
        return (rig_slice){0}; /* sip:host: nobody is named */
    rig_slice user = cut(rest, end);
    user = cut(user, rig_slice_find(user, ';'));
    return cut(user, rig_slice_find(user, ':'));
}

/* From and To: [display] <uri>;params, or uri;params (RFC 3261 section 20.10: then the parameters
 * are the header's). */
static void parse_address(rig_slice value, rig_slice *user, rig_slice *tag)
{
    size_t open = find_unquoted(value, '<');
    if (open < value.n) {
        rig_slice uri = rig_slice_skip(value, open + 1);
        size_t close = rig_slice_find(uri, '>');
        *tag = find_param(rig_slice_skip(uri, close + 1), "tag");
        if (user != NULL)
            *user = user_of_uri(cut(uri, close));
        return;
    }
    size_t params = rig_slice_find(value, ';');
    *tag = find_param(rig_slice_skip(value, params), "tag");
    if (user != NULL)
        *user = user_of_uri(cut(value, params));
}

/* Reason (RFC 3326): protocol;cause=n;text="..", perhaps several with commas. Q.850 is the one that
 * says why a telephone network ended the call. */
static void parse_reason(rig_slice value, rig_sip *sip)
{
    while (value.n > 0 && sip->q850_cause == RIG_SIP_NO_CAUSE) {
        rig_slice one = cut(value, find_unquoted(value, ','));
        size_t protocol = rig_slice_find(one, ';');
        if (rig_slice_is_nocase(rig_slice_trim(cut(one, protocol)), "Q.850")) {
            rig_slice params = rig_slice_skip(one, protocol);
            uint64_t cause;
            if (rig_slice_u64(find_param(params, "cause"), &cause) && cause <= 127)
                sip->q850_cause = (int)cause;
            rig_slice text = find_param(params, "text");
            if (text.n >= 2 && text.p[0] == '"' && text.p[text.n - 1] == '"')
                text = cut(rig_slice_skip(text, 1), text.n - 2);
            sip->q850_text = text;
        }
        value = rig_slice_skip(value, one.n + 1);
    }
}

static rig_sip_method method_of(rig_slice name)
{
    static const struct {
        const char *name;
        rig_sip_method method;
    } methods[] = {
        {"INVITE", RIG_SIP_INVITE}, {"ACK", RIG_SIP_ACK},   {"BYE", RIG_SIP_BYE},
        {"CANCEL", RIG_SIP_CANCEL}, {"INFO", RIG_SIP_INFO}, {"PRACK", RIG_SIP_PRACK},
        {"UPDATE", RIG_SIP_UPDATE},
    };
    for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++) {
        if (rig_slice_is(name, methods[i].name))
            return methods[i].method;
    }
    return RIG_SIP_OTHER;
}

static bool parse_cseq(rig_slice value, uint32_t *number, rig_slice *method)
{
    size_t n = 0;
    while (n < value.n && is_digit(value.p[n]))
        n++;
    uint64_t parsed;
    if (!rig_slice_u64(cut(value, n), &parsed) || parsed > UINT32_MAX)
        return false;
    *number = (uint32_t)parsed;
    *method = rig_slice_trim(rig_slice_skip(value, n));
    return n < value.n && is_blank(value.p[n]) && method->n > 0;
}

/* ---- headers ---- */

/* What is collected while the headers go by. */
typedef struct headers {
    rig_sip *sip;
    rig_slice cseq_method;
    bool has_via, has_from, has_to, has_call_id, has_cseq;
    bool is_bad;
} headers;

static void take_via(headers *h, rig_slice value)
{
    if (h->has_via)
        return; /* the topmost is the first */
    h->has_via = true;
    value = cut(value, find_unquoted(value, ','));
    h->sip->via_branch = find_param(rig_slice_skip(value, rig_slice_find(value, ';')), "branch");
}

static void take_from(headers *h, rig_slice value)
{
    if (h->has_from)
        return;
    h->has_from = true;
    parse_address(value, &h->sip->from_user, &h->sip->from_tag);
}

static void take_to(headers *h, rig_slice value)
{
    if (h->has_to)
        return;
    h->has_to = true;
    parse_address(value, NULL, &h->sip->to_tag);
}

static void take_call_id(headers *h, rig_slice value)
{
    if (h->has_call_id)
        return;
    h->has_call_id = true;
    h->sip->call_id = value;
    for (size_t i = 0; i < value.n; i++) {
        if (value.p[i] <= ' ' || value.p[i] > '~')
            h->is_bad = true;
    }
}

static void take_cseq(headers *h, rig_slice value)
{
    if (h->has_cseq)
        return;
    h->has_cseq = true;
    if (!parse_cseq(value, &h->sip->cseq, &h->cseq_method))
        h->is_bad = true;
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

static void take_first(rig_slice *field, rig_slice value)
{
    if (field->n == 0)
        *field = value;
}

/* A header by the length of its name first: most are told apart, or passed over, by that alone. */
static void take_header(headers *h, rig_slice name, rig_slice value)
{
    switch (name.n) {
    case 1:
        switch (name.p[0] | 0x20) {
        case 'v':
            take_via(h, value);
            break;
        case 'f':
            take_from(h, value);
            break;
        case 't':
            take_to(h, value);
            break;
        case 'i':
            take_call_id(h, value);
            break;
        case 'l':
            take_content_length(h, value);
            break;
        default:
            break;
        }
        break;
    case 2:
        if (rig_slice_is_nocase(name, "To"))
            take_to(h, value);
        break;
    case 3:
        if (rig_slice_is_nocase(name, "Via"))
            take_via(h, value);
        break;
    case 4:
        if (rig_slice_is_nocase(name, "From"))
            take_from(h, value);
        else if (rig_slice_is_nocase(name, "CSeq"))
            take_cseq(h, value);
        break;
    case 6:
        if (rig_slice_is_nocase(name, "Reason"))
            parse_reason(value, h->sip);
        break;
    case 7:
        if (rig_slice_is_nocase(name, "Call-ID"))
            take_call_id(h, value);
        break;
    case 10:
        if (rig_slice_is_nocase(name, "X-Rig-Call"))
            take_rig_call(h, value);
        break;
    case 11:
        if (rig_slice_is_nocase(name, "X-Rig-Stage"))
            take_first(&h->sip->rig_stage, value);
        break;
    case 14:
        if (rig_slice_is_nocase(name, "Content-Length"))
            take_content_length(h, value);
        break;
    case 16:
        if (rig_slice_is_nocase(name, "X-Caller-Call-ID"))
            take_first(&h->sip->caller_call_id, value);
        break;
    default:
        break;
    }
}

/* Bytes of the line at the head of `rest`, its line end included; all of it when there is none. */
static size_t line_length(rig_slice rest)
{
    size_t end = rig_slice_find(rest, '\n');
    return end < rest.n ? end + 1 : rest.n;
}

static bool is_empty_line(rig_slice rest)
{
    return rest.n > 0 &&
           (rest.p[0] == '\n' || (rest.n > 1 && rest.p[0] == '\r' && rest.p[1] == '\n'));
}

/* All headers; `rest` begins behind the start line. Returns false when the empty line that ends
 * them is not there. */
static bool parse_headers(rig_slice *rest, headers *h)
{
    while (rest->n > 0) {
        if (is_empty_line(*rest)) {
            *rest = rig_slice_skip(*rest, line_length(*rest));
            return true;
        }
        size_t n = line_length(*rest);
        /* A line that begins with a blank goes on with the value before it. */
        while (n < rest->n && (rest->p[n] == ' ' || rest->p[n] == '\t'))
            n += line_length(rig_slice_skip(*rest, n));
        rig_slice line = cut(*rest, n);
        size_t colon = rig_slice_find(line, ':');
        if (colon < line.n)
            take_header(h, rig_slice_trim(cut(line, colon)),
                        rig_slice_trim(rig_slice_skip(line, colon + 1)));
        *rest = rig_slice_skip(*rest, n);
    }
    return false;
}

/* ---- start line ---- */

static bool parse_status_line(rig_slice line, int *code)
{
    line = rig_slice_skip(line, strlen("SIP/2.0"));
    if (line.n < 4 || line.p[0] != ' ' || line.p[1] < '1' || line.p[1] > '6' ||
        !is_digit(line.p[2]) || !is_digit(line.p[3]) || (line.n > 4 && line.p[4] != ' '))
        return false;
    *code = (line.p[1] - '0') * 100 + (line.p[2] - '0') * 10 + (line.p[3] - '0');
    return true;
}

/* METHOD SP URI SP SIP/2.0 */
static bool parse_request_line(rig_slice line, rig_slice *method)
{
    size_t n = 0;
    while (n < line.n && n < MAX_METHOD && is_token(line.p[n]))
        n++;
    if (n == 0 || n >= line.n || line.p[n] != ' ')
        return false;
    rig_slice rest = rig_slice_skip(line, n + 1);
    size_t uri = rig_slice_find(rest, ' ');
    if (rig_slice_find(cut(rest, uri), ':') == uri)
        return false; /* every URI has a scheme */
    if (!rig_slice_is_nocase(rig_slice_skip(rest, uri + 1), "SIP/2.0"))
        return false;
    *method = cut(line, n);
    return true;
}

/* Whether a cut start line may have been one of SIP: it is then counted as cut, not as foreign. */
static bool may_begin_sip(rig_slice line)
{
    if (rig_slice_starts_nocase(line, "SIP/2.0 "))
        return true;
    rig_slice method = cut(line, rig_slice_find(line, ' '));
    rig_slice uri = rig_slice_skip(line, method.n + 1);
    return method_of(method) != RIG_SIP_OTHER &&
           (rig_slice_starts_nocase(uri, "sip:") || rig_slice_starts_nocase(uri, "sips:") ||
            rig_slice_starts_nocase(uri, "tel:"));
}

rig_sip_verdict rig_sip_parse(rig_slice payload, bool is_truncated, rig_sip *sip)
{
    rig_slice rest = payload;
    while (rest.n > 0 && (rest.p[0] == '\r' || rest.p[0] == '\n'))
        rest = rig_slice_skip(rest, 1);
    if (rest.n == 0 || !is_token(rest.p[0]))
        return RIG_SIP_NOT; /* media, at once */
    size_t n_line = line_length(rest);
    rig_slice line = rig_slice_trim(cut(rest, n_line));

    rig_sip parsed = {.q850_cause = RIG_SIP_NO_CAUSE};
    rig_slice method = {0};
    if (rig_slice_starts_nocase(line, "SIP/2.0 ")) {
        if (!parse_status_line(line, &parsed.code))
            return is_truncated && n_line == rest.n ? RIG_SIP_CUT : RIG_SIP_NOT;
    } else if (parse_request_line(line, &method)) {
        parsed.is_request = true;
    } else {
        return is_truncated && n_line == rest.n && may_begin_sip(line) ? RIG_SIP_CUT : RIG_SIP_NOT;
    }

    headers h = {.sip = &parsed};
    rest = rig_slice_skip(rest, n_line);
    if (!parse_headers(&rest, &h) && is_truncated)
        return RIG_SIP_CUT;
    if (h.is_bad || !h.has_from || !h.has_to || !h.has_cseq || parsed.call_id.n == 0)
        return RIG_SIP_MALFORMED;
    if (parsed.is_request && !rig_slice_eq(method, h.cseq_method))
        return RIG_SIP_MALFORMED;
    parsed.method = method_of(h.cseq_method);
    parsed.n_head = payload.n - rest.n;
    *sip = parsed;
    return RIG_SIP_OK;
}
