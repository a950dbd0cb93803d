/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analyzer/sip/start_line.h"

#include <string.h>

#include "analyzer/sip/chars.h"
#include "analyzer/sip/values.h"

/* Longest method that is believed; the registered ones have at most 9 letters, RFC 4475's has 49.
 */
enum { MAX_METHOD = 64 };

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool parse_status_line(rig_slice line, int *code)
{
    line = rig_slice_skip(line, strlen("SIP/2.0"));
    while (line.n > 1 && line.p[0] == ' ' && line.p[1] == ' ')
        line = rig_slice_skip(line, 1);
    if (line.n < 4 || line.p[0] != ' ' || line.p[1] < '1' || line.p[1] > '6' ||
        !is_digit(line.p[2]) || !is_digit(line.p[3]) || (line.n > 4 && line.p[4] != ' '))
        return false;
    *code = (line.p[1] - '0') * 100 + (line.p[2] - '0') * 10 + (line.p[3] - '0');
    return true;
}

static const char version[] = "SIP/2.0";

/* METHOD SP URI SP SIP/2.0. Of a method that is known, blanks within the URI and around it are
 * forgiven (RFC 4475 sections 3.1.2.8, 3.1.2.9): the callee will refuse it, and that is a call. */
static bool parse_request_line(rig_slice line, rig_slice *method, rig_slice *request_uri)
{
    size_t n = 0;
    while (n < line.n && n < MAX_METHOD && rig_sip_token[(uint8_t)line.p[n]])
        n++;
    if (n == 0 || n >= line.n || line.p[n] != ' ' || line.n < n + sizeof version + 2)
        return false;
    rig_slice tail = rig_slice_skip(line, line.n - (sizeof version - 1));
    if (tail.p[-1] != ' ' ||
        (memcmp(tail.p, version, sizeof version - 1) != 0 && !rig_slice_is_nocase(tail, version)))
        return false;
    rig_slice name = rig_sip_cut(line, n);
    rig_slice uri = {.p = line.p + n + 1, .n = line.n - n - sizeof version - 1};
    if (rig_sip_method_of(name) != RIG_SIP_OTHER)
        uri = rig_slice_trim(uri);
    else if (rig_slice_find(uri, ' ') < uri.n)
        return false;
    size_t colon = rig_slice_find(uri, ':');
    if (colon == 0 || colon == uri.n)
        return false; /* every URI has a scheme */
    *method = name;
    *request_uri = uri;
    return true;
}

/* Whether a cut start line may have been one of SIP: it is then counted as cut, not as foreign. */
static bool may_begin_sip(rig_slice line)
{
    if (rig_slice_starts_nocase(line, "SIP/2.0 "))
        return true;
    rig_slice method = rig_sip_cut(line, rig_slice_find(line, ' '));
    rig_slice uri = rig_slice_skip(line, method.n + 1);
    return rig_sip_method_is_of_call(rig_sip_method_of(method)) &&
           (rig_slice_starts_nocase(uri, "sip:") || rig_slice_starts_nocase(uri, "sips:") ||
            rig_slice_starts_nocase(uri, "tel:"));
}

/* Nearly all write it in capitals: then one comparison of eight bytes tells. */
static bool is_response(rig_slice line)
{
    static const char begin[] = "SIP/2.0 ";
    if (line.n >= sizeof begin - 1 && memcmp(line.p, begin, sizeof begin - 1) == 0)
        return true;
    return (line.p[0] | 0x20) == 's' && rig_slice_starts_nocase(line, begin);
}

rig_sip_verdict rig_sip_start_line(rig_slice line, bool is_cut, rig_sip *sip, rig_slice *method)
{
    line = rig_slice_trim(line);
    sip->is_request = false;
    sip->code = 0;
    sip->uri = (rig_slice){0};
    if (is_response(line)) {
        if (!parse_status_line(line, &sip->code))
            return is_cut ? RIG_SIP_CUT : RIG_SIP_NOT;
        return RIG_SIP_OK;
    }
    if (parse_request_line(line, method, &sip->uri)) {
        sip->is_request = true;
        return RIG_SIP_OK;
    }
    return is_cut && may_begin_sip(line) ? RIG_SIP_CUT : RIG_SIP_NOT;
}
