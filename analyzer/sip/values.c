/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analyzer/sip/values.h"

#include <string.h>

#include "analyzer/sip.h"
#include "analyzer/sip/chars.h"

static inline rig_slice trim(rig_slice a)
{
    while (a.n > 0 && rig_sip_is_blank(a.p[0])) {
        a.p++;
        a.n--;
    }
    while (a.n > 0 && rig_sip_is_blank(a.p[a.n - 1]))
        a.n--;
    return a;
}

/* As the functions of core/slice.h, but within this file: they are called for every parameter of
 * every message. */
static inline size_t find(rig_slice a, char c)
{
    for (size_t i = 0; i < a.n; i++) {
        if (a.p[i] == c)
            return i;
    }
    return a.n;
}

static inline rig_slice skip(rig_slice a, size_t from)
{
    if (from > a.n)
        from = a.n;
    if (from == 0)
        return a; /* of nothing, too: no pointer may be made from NULL */
    return (rig_slice){.p = a.p + from, .n = a.n - from};
}

size_t rig_sip_find_unquoted(rig_slice a, char c)
{
    size_t first = rig_slice_find(a, c); /* through memchr: these are long */
    if (first == 0 || first == a.n || memchr(a.p, '"', first) == NULL)
        return first;
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

/* Compare with a text in lower case. */
static bool is_named(const char *p, size_t n, const char *name, size_t n_name)
{
    if (n != n_name)
        return false;
    for (size_t i = 0; i < n; i++) {
        char c = p[i] >= 'A' && p[i] <= 'Z' ? (char)(p[i] | 0x20) : p[i];
        if (c != name[i])
            return false;
    }
    return true;
}

rig_slice rig_sip_find_param(rig_slice params, const char *name)
{
    size_t n_name = strlen(name);
    while (params.n > 0) {
        if (params.p[0] == ';')
            params = skip(params, 1);
        rig_slice one = rig_sip_cut(params, rig_sip_find_unquoted(params, ';'));
        size_t equals = find(one, '=');
        rig_slice key = trim(rig_sip_cut(one, equals));
        if (is_named(key.p, key.n, name, n_name))
            return trim(skip(one, equals + 1));
        params = skip(params, one.n);
    }
    return (rig_slice){0};
}

/* The URI of an address, and where the header's own parameters begin. */
static rig_slice split_address(rig_slice value, rig_slice *params)
{
    size_t open = rig_sip_find_unquoted(value, '<');
    if (open < value.n) {
        rig_slice uri = skip(value, open + 1);
        size_t close = find(uri, '>');
        *params = skip(uri, close + 1);
        return rig_sip_cut(uri, close);
    }
    size_t n = find(value, ';');
    *params = skip(value, n);
    return rig_sip_cut(value, n);
}

/* The way most stacks write it: ..>;tag=x, and nothing quoted behind the bracket. Not found: NULL.
 */
static const char *usual_tag(rig_slice value)
{
    static const char usual[] = ">;tag=";
    const char *bracket = memrchr(value.p, '>', value.n);
    if (bracket == NULL)
        return NULL;
    size_t n = value.n - (size_t)(bracket - value.p);
    if (n < sizeof usual - 1 || memcmp(bracket, usual, sizeof usual - 1) != 0 ||
        memchr(bracket, '"', n) != NULL)
        return NULL;
    return bracket + sizeof usual - 1;
}

/* <..>, with nothing before it and nothing behind. */
static bool is_bare_address(rig_slice value)
{
    return value.n > 0 && value.p[0] == '<' &&
           memchr(value.p, '>', value.n) == value.p + value.n - 1;
}

rig_slice rig_sip_tag_of(rig_slice value)
{
    rig_slice params;
    const char *tag = value.n == 0 ? NULL : usual_tag(value);
    if (tag != NULL) {
        const rig_slice rest = {.p = tag, .n = value.n - (size_t)(tag - value.p)};
        return trim(rig_sip_cut(rest, rig_slice_find(rest, ';')));
    }
    if (is_bare_address(value))
        return (rig_slice){0};
    (void)split_address(value, &params);
    return params.n == 0 ? params : rig_sip_find_param(params, "tag");
}

/* Behind a display name in quotes that holds nothing escaped. */
static rig_slice skip_display_name(rig_slice value)
{
    if (value.n == 0 || value.p[0] != '"')
        return value;
    size_t i = 1;
    while (i < value.n && value.p[i] != '"' && value.p[i] != '\\')
        i++;
    if (i == value.n || value.p[i] == '\\')
        return (rig_slice){0};
    i++;
    while (i < value.n && value.p[i] == ' ')
        i++;
    return (rig_slice){value.p + i, value.n - i};
}

/* The way most stacks write it: "Name" <sip:NUMBER@.. Not so: empty. */
static rig_slice usual_user(rig_slice value)
{
    static const char usual[] = "<sip:";
    const size_t from = sizeof usual - 1;
    value = skip_display_name(value);
    if (value.n <= from || memcmp(value.p, usual, from) != 0)
        return (rig_slice){0};
    size_t i = from;
    while (i < value.n && value.p[i] >= '+' && value.p[i] <= '9')
        i++; /* + , - . / and digits */
    return i < value.n && value.p[i] == '@' ? (rig_slice){value.p + from, i - from}
                                            : (rig_slice){0};
}

rig_slice rig_sip_user_of(rig_slice value)
{
    const rig_slice usual = usual_user(value);
    if (usual.n > 0 || value.n == 0)
        return usual;
    rig_slice params;
    rig_slice uri = trim(split_address(value, &params));
    size_t colon = find(uri, ':');
    bool is_tel = is_named(uri.p, colon, "tel", 3);
    rig_slice rest = skip(uri, colon + 1);
    size_t end = find(rest, '@');
    if (end == rest.n && !is_tel)
        return (rig_slice){0}; /* sip:host: nobody is named */
    rig_slice user = rig_sip_cut(rest, end);
    user = rig_sip_cut(user, find(user, ';'));
    return rig_sip_cut(user, find(user, ':'));
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    char folded = rig_sip_lower(c);
    return folded >= 'a' && folded <= 'f' ? folded - 'a' + 10 : -1;
}

size_t rig_sip_unescape(rig_slice written, char *text)
{
    size_t n = 0;
    for (size_t i = 0; i < written.n; i++) {
        int high = -1, low = -1;
        if (written.p[i] == '%' && i + 2 < written.n) {
            high = hex_digit(written.p[i + 1]);
            low = hex_digit(written.p[i + 2]);
        }
        if (high >= 0 && low >= 0) {
            text[n++] = (char)(high * 16 + low);
            i += 2;
        } else {
            text[n++] = written.p[i];
        }
    }
    return n;
}

/* The way most stacks write it: SIP/2.0/UDP host:port;branch=x, the branch a token. Not so: empty.
 */
static rig_slice usual_branch(rig_slice value)
{
    static const char usual[] = ";branch=";
    const char *semicolon = value.n == 0 ? NULL : memchr(value.p, ';', value.n);
    if (semicolon == NULL)
        return (rig_slice){0};
    const size_t n_before = (size_t)(semicolon - value.p);
    if (value.n - n_before < sizeof usual || memcmp(semicolon, usual, sizeof usual - 1) != 0)
        return (rig_slice){0};
    if (memchr(value.p, ',', n_before) != NULL)
        return (rig_slice){0};
    const char *branch = semicolon + sizeof usual - 1, *end = value.p + value.n, *at = branch;
    while (at < end && rig_sip_token[(uint8_t)*at])
        at++;
    return at == end || *at == ';' ? (rig_slice){branch, (size_t)(at - branch)} : (rig_slice){0};
}

rig_slice rig_sip_branch_of(rig_slice value)
{
    const rig_slice branch = usual_branch(value);
    if (branch.n > 0)
        return branch;
    value = rig_sip_cut(value, rig_sip_find_unquoted(value, ','));
    return rig_sip_find_param(skip(value, find(value, ';')), "branch");
}

/* One value of a Reason header. */
typedef struct reason {
    bool is_q850;
    bool has_cause;
    uint64_t cause;
    rig_slice text; /* without the quotes */
} reason;

/* Cut the first value off. */
static reason next_reason(rig_slice *value)
{
    const rig_slice one = rig_sip_cut(*value, rig_sip_find_unquoted(*value, ','));
    const size_t protocol = find(one, ';');
    const rig_slice name = trim(rig_sip_cut(one, protocol)), params = skip(one, protocol);
    reason r = {.is_q850 = is_named(name.p, name.n, "q.850", 5)};
    r.has_cause = name.n > 0 && rig_slice_u64(rig_sip_find_param(params, "cause"), &r.cause);
    r.text = rig_sip_find_param(params, "text");
    if (r.text.n >= 2 && r.text.p[0] == '"' && r.text.p[r.text.n - 1] == '"')
        r.text = rig_sip_cut(skip(r.text, 1), r.text.n - 2);
    *value = skip(*value, one.n + 1);
    return r;
}

rig_sip_reason rig_sip_reason_of(rig_slice value)
{
    rig_sip_reason said = {.q850_cause = RIG_SIP_NO_CAUSE, .other_cause = RIG_SIP_NO_CAUSE};
    while (value.n > 0) {
        const reason r = next_reason(&value);
        if (r.is_q850 && said.q850_cause == RIG_SIP_NO_CAUSE) {
            said.has_q850 = true;
            said.q850_text = r.text;
            if (r.has_cause && r.cause <= 127)
                said.q850_cause = (int)r.cause;
        }
        if (r.has_cause && r.cause >= (r.is_q850 ? 128 : 300) && r.cause <= 999 &&
            said.other_cause == RIG_SIP_NO_CAUSE) {
            said.other_cause = (int)r.cause;
            said.other_text = r.text;
        }
    }
    return said;
}

/* The way all but a few write it: up to nine digits, a blank, the method. */
static bool usual_cseq(rig_slice value, uint32_t *number, rig_slice *method)
{
    uint32_t read = 0;
    size_t n = 0;
    for (; n < value.n && n < 10 && value.p[n] >= '0' && value.p[n] <= '9'; n++)
        read = read * 10 + (uint32_t)(value.p[n] - '0');
    if (n == 0 || n == 10 || n + 1 >= value.n || value.p[n] != ' ' ||
        rig_sip_is_blank(value.p[n + 1]) || rig_sip_is_blank(value.p[value.n - 1]))
        return false;
    *number = read;
    *method = (rig_slice){value.p + n + 1, value.n - n - 1};
    return true;
}

bool rig_sip_cseq_of(rig_slice value, uint32_t *number, rig_slice *method)
{
    if (usual_cseq(value, number, method))
        return true;
    size_t n = 0;
    while (n < value.n && value.p[n] >= '0' && value.p[n] <= '9')
        n++;
    uint64_t parsed;
    if (!rig_slice_u64(rig_sip_cut(value, n), &parsed) || parsed > UINT32_MAX)
        return false;
    rig_slice rest = trim(skip(value, n));
    if (n >= value.n || !rig_sip_is_blank(value.p[n]) || rest.n == 0)
        return false;
    *number = (uint32_t)parsed;
    *method = rest;
    return true;
}
