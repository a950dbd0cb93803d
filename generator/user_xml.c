/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "generator/user_xml.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/slice.h"

/* What is looked through, and for whom. */
typedef struct scan {
    const char *path, *text, *dial;
    const rig_route *route;
    const rig_permits *permits;
} scan;

enum { LONGEST_URI = 256 };

static const char UNTOLD[] = "what is dialled here cannot be told (expected [field3] or digits)";
static const char *const SCHEMES[] = {"sip:", "sips:", "tel:", "urn:"};
enum { N_SCHEMES = sizeof SCHEMES / sizeof *SCHEMES };

static unsigned line_of(const scan *s, const char *at)
{
    unsigned line = 1;
    for (const char *p = s->text; p < at; p++)
        line += *p == '\n';
    return line;
}

static rig_status refuse(const scan *s, const char *at, const char *what, rig_error *err)
{
    return rig_fail(err, RIG_EINPUT,
                    "callers.sipp_xml: %s:%u: %s; change it, or run it as the program that it is: "
                    "--trust-xml",
                    s->path, line_of(s, at), what);
}

/* 1. What a file can do beyond calling. */

static bool is_name_character(char c)
{
    return isalnum((unsigned char)c) || c == '_' || c == '-' || c == ':' || c == '.';
}

static bool is_allowed_action(rig_slice name)
{
    static const char *const names[] = {"rtp_stream", "rtp_echo", "int_cmd"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (rig_slice_is(name, names[i]))
            return true;
    return false;
}

/* Attributes of <exec ...>, up to its '>'; whatever is not of the usual form is refused, too. */
static rig_status check_exec(const scan *s, const char *tag, const char *p, rig_error *err)
{
    for (;;) {
        p += strspn(p, " \t\r\n/");
        if (*p == '>')
            return RIG_OK;
        const char *name = p;
        while (is_name_character(*p))
            p++;
        const rig_slice found = {name, (size_t)(p - name)};
        p += strspn(p, " \t\r\n");
        if (*p != '=' || !is_allowed_action(found))
            break;
        p++;
        p += strspn(p, " \t\r\n");
        const char *end = *p == '"' || *p == '\'' ? strchr(p + 1, *p) : NULL;
        if (end == NULL)
            break;
        p = end + 1;
    }
    return refuse(s, tag, "<exec> with something else than rtp_stream, rtp_echo or int_cmd", err);
}

static rig_status check_actions(const scan *s, rig_error *err)
{
    static const char EXEC[] = "<exec";
    rig_status status = RIG_OK;
    for (const char *p = s->text; status == RIG_OK && (p = strcasestr(p, EXEC)) != NULL;) {
        const char *behind = p + sizeof EXEC - 1;
        if (!is_name_character(*behind))
            status = check_exec(s, p, behind, err);
        p = behind;
    }
    return status;
}

static rig_status check_words(const scan *s, rig_error *err)
{
    static const struct {
        const char *text, *what;
    } words[] = {{"<setdest", "<setdest> sends elsewhere than to the target"},
                 {"<sendCmd", "<sendCmd> sends to another program"},
                 {"[file ", "[file ...] sends what is in a file"},
                 {"[file\t", "[file ...] sends what is in a file"},
                 {"<!ENTITY", "an entity hides what the file says"},
                 {"<!ATTLIST", "a default of an attribute hides what the file says"},
                 {"\\x", "\\x hides what the file says"}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        const char *at = strcasestr(s->text, words[i].text);
        if (at != NULL)
            return refuse(s, at, words[i].what, err);
    }
    return RIG_OK;
}

static rig_status check_encoding(const scan *s, rig_error *err)
{
    static const char *const encodings[] = {"UTF-8", "US-ASCII", "ISO-8859-1"};
    const char *head = s->text + strspn(s->text, " \t\r\n\xef\xbb\xbf");
    const char *end = strncmp(head, "<?xml", 5) == 0 ? strstr(head, "?>") : NULL;
    const char *at = end != NULL ? strcasestr(head, "encoding") : NULL;
    if (at == NULL || at > end)
        return RIG_OK;
    const char *value = at + strcspn(at, "\"'");
    for (size_t i = 0; i < sizeof encodings / sizeof *encodings; i++) {
        const size_t n = strlen(encodings[i]);
        if (*value != '\0' && strncasecmp(value + 1, encodings[i], n) == 0 &&
            value[n + 1] == *value)
            return RIG_OK;
    }
    return refuse(s, at, "an encoding other than UTF-8 hides what the file says", err);
}

/* 2. What it dials. */

/* A URI with the known keywords of its user part replaced. @return whether none is left there. */
static bool expand(const scan *s, rig_slice uri, char *to, size_t size)
{
    const struct {
        const char *keyword, *text;
    } known[] = {{"[field3]", s->dial}, {"[rig_dialled]", s->dial}, {"[service]", "service"}};
    bool is_known = true;
    size_t n = 0;
    for (const char *p = uri.p, *end = uri.p + uri.n; p < end && *p != '@' && n + 1 < size;) {
        size_t i = 0;
        while (i < sizeof known / sizeof *known &&
               strncmp(p, known[i].keyword, strlen(known[i].keyword)) != 0)
            i++;
        if (i < sizeof known / sizeof *known) {
            n += (size_t)snprintf(to + n, size - n, "%s", known[i].text);
            n = n < size ? n : size - 1;
            p += strlen(known[i].keyword);
        } else {
            is_known = is_known && *p != '[' && *p != '\\';
            to[n++] = *p++;
        }
    }
    to[n] = '\0';
    return is_known;
}

/* A URI without a user part names a host, or where SIPp is told to send. */
static bool has_user(rig_slice uri)
{
    return rig_slice_find(uri, '@') < uri.n || (uri.n > 4 && strncasecmp(uri.p, "tel:", 4) == 0);
}

/* What stands for an address: the target's, ours, or one that is written out (IPv6). */
static bool is_of_host(rig_slice from)
{
    static const char *const hosts[] = {"[remote_", "[local_", "[media_", "[server_ip]",
                                        "[transport]", "[rig_"};
    for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++) {
        const size_t n = strlen(hosts[i]);
        if (from.n >= n && strncasecmp(from.p, hosts[i], n) == 0)
            return true;
    }
    size_t n = 1;
    while (n < from.n && (isxdigit((unsigned char)from.p[n]) || strchr(":.", from.p[n]) != NULL))
        n++;
    return n < from.n && from.p[n] == ']' && memchr(from.p, ':', n) != NULL;
}

/* Keywords whose text is only known when it is sent: a variable, a field of the injection file, a
 * header of a message that came, a count. */
static bool has_open_keyword(rig_slice text)
{
    for (size_t at = 0; at < text.n; at++)
        if (text.p[at] == '[' && !is_of_host(rig_slice_skip(text, at)))
            return true;
    return false;
}

/* As it is dialled; of "tel:" and "urn:" URIs all is looked at. */
static const char *behind_scheme(const char *uri)
{
    if (strncasecmp(uri, "sips:", 5) == 0)
        return uri + 5;
    return strncasecmp(uri, "sip:", 4) == 0 ? uri + 4 : uri;
}

static rig_status check_uri(const scan *s, rig_slice uri, bool is_dialled, rig_error *err)
{
    char text[LONGEST_URI];
    rig_error why = {0};
    if (uri.n >= LONGEST_URI / 2)
        return refuse(s, uri.p, "a URI too long to be judged", err);
    const bool is_known = expand(s, uri, text, sizeof text);
    if (!is_known && is_dialled && (has_user(uri) || has_open_keyword(rig_slice_of(text))))
        return refuse(s, uri.p, UNTOLD, err);
    if (!is_known)
        return RIG_OK;
    const char *dialled = behind_scheme(text);
    const bool is_sip = dialled != text;
    if (is_sip && !has_user(uri) && strpbrk(dialled, ".[") != NULL)
        return RIG_OK; /* a host, and nobody there */
    if (rig_safety_check_dial("dials", dialled, s->route, s->permits, &why) == RIG_OK)
        return RIG_OK;
    return rig_fail(err, RIG_EINPUT, "callers.sipp_xml: %s:%u: %s", s->path, line_of(s, uri.p),
                    why.text);
}

static bool begins_with(rig_slice line, const char *const *words, size_t n_words)
{
    for (size_t i = 0; i < n_words; i++) {
        const size_t n = strlen(words[i]);
        if (line.n > n && strncasecmp(line.p, words[i], n) == 0)
            return true;
    }
    return false;
}

/* Whether a line says whom a request reaches; of requests in a dialog only digits are looked at. */
static bool is_dialling(rig_slice line, bool is_in_dialog)
{
    static const char *const headers[] = {"To:", "t:", "Refer-To:", "r:", "Route:"};
    return !is_in_dialog && begins_with(line, headers, sizeof headers / sizeof *headers);
}

/* Who calls, and over whom: not dialled. */
static bool is_of_caller(rig_slice line)
{
    static const char *const headers[] = {
        "From:",           "f:", "Via:", "v:", "P-Asserted-Identity:", "P-Preferred-Identity:",
        "Remote-Party-ID:"};
    return begins_with(line, headers, sizeof headers / sizeof *headers);
}

static size_t uri_length(rig_slice from)
{
    size_t n = 0, depth = 0;
    for (; n < from.n && (depth > 0 || strchr(" \t\r\n>\",", from.p[n]) == NULL); n++) {
        depth += from.p[n] == '[';
        depth -= from.p[n] == ']' && depth > 0;
    }
    return n;
}

static rig_status check_uris(const scan *s, rig_slice line, bool is_dialled, rig_error *err)
{
    bool has_uri = false;
    for (size_t i = 0; i < line.n; i++) {
        const rig_slice rest = rig_slice_skip(line, i);
        if ((i > 0 && is_name_character(line.p[i - 1])) || !begins_with(rest, SCHEMES, N_SCHEMES))
            continue;
        rig_status status = check_uri(s, (rig_slice){rest.p, uri_length(rest)}, is_dialled, err);
        if (status != RIG_OK)
            return status;
        has_uri = true;
    }
    return is_dialled && !has_uri && has_open_keyword(line) ? refuse(s, line.p, UNTOLD, err)
                                                            : RIG_OK;
}

/* The request line of what begins something. Another scheme (im:, h323:) may be dialled by who
 * knows it. */
static rig_status check_request(const scan *s, rig_slice uri, bool is_dialled, rig_error *err)
{
    if (is_dialled && uri.p[0] != '[' && !begins_with(uri, SCHEMES, N_SCHEMES))
        return refuse(s, uri.p, UNTOLD, err);
    return check_uri(s, uri, is_dialled, err);
}

/* METHOD URI SIP/2.0: the URI; empty when the line is no such. */
static rig_slice request_uri(rig_slice line)
{
    static const char VERSION[] = "SIP/2.0";
    const size_t method = rig_slice_find(line, ' ');
    const rig_slice none = {line.p, 0};
    if (method == 0 || method >= line.n || rig_slice_is((rig_slice){line.p, method}, VERSION))
        return none;
    rig_slice rest = rig_slice_trim(rig_slice_skip(line, method));
    if (rest.n <= sizeof VERSION || strncmp(rest.p + rest.n - sizeof VERSION + 1, VERSION, 7) != 0)
        return none;
    return rig_slice_trim((rig_slice){rest.p, rest.n - sizeof VERSION + 1});
}

static rig_status check_line(const scan *s, rig_slice line, bool *is_in_dialog, rig_error *err)
{
    static const char *const in_dialog[] = {"ACK ",   "BYE ",    "CANCEL ",  "INFO ",
                                            "PRACK ", "UPDATE ", "OPTIONS ", "SIP/2.0 "};
    const rig_slice uri = request_uri(line);
    const bool is_status = line.n > 7 && strncmp(line.p, "SIP/2.0", 7) == 0;
    if (uri.n > 0 || is_status)
        *is_in_dialog = begins_with(line, in_dialog, sizeof in_dialog / sizeof *in_dialog);
    if (uri.n > 0 && !rig_slice_is(uri, "[next_url]"))
        return check_request(s, uri, !*is_in_dialog, err);
    return uri.n > 0 || is_of_caller(line)
               ? RIG_OK
               : check_uris(s, line, is_dialling(line, *is_in_dialog), err);
}

static rig_status check_message(const scan *s, rig_slice message, rig_error *err)
{
    bool is_in_dialog = false;
    while (message.n > 0) {
        const size_t n = rig_slice_find(message, '\n');
        rig_status status =
            check_line(s, rig_slice_trim((rig_slice){message.p, n}), &is_in_dialog, err);
        if (status != RIG_OK)
            return status;
        message = rig_slice_skip(message, n < message.n ? n + 1 : n);
    }
    return RIG_OK;
}

static rig_status check_messages(const scan *s, rig_error *err)
{
    static const char BEGIN[] = "<![CDATA[", END[] = "]]>";
    rig_status status = RIG_OK;
    for (const char *p = s->text; status == RIG_OK && (p = strstr(p, BEGIN)) != NULL;) {
        p += sizeof BEGIN - 1;
        const char *end = strstr(p, END);
        const size_t n = end != NULL ? (size_t)(end - p) : strlen(p);
        status = check_message(s, (rig_slice){p, n}, err);
        p += n;
    }
    return status;
}

rig_status rig_user_xml_check(const char *path, const char *text, const char *dial,
                              const rig_route *route, const rig_permits *permits, rig_error *err)
{
    const scan s = {path, text, dial, route, permits};
    rig_status status = check_encoding(&s, err);
    if (status == RIG_OK)
        status = check_words(&s, err);
    if (status == RIG_OK)
        status = check_actions(&s, err);
    return status == RIG_OK ? check_messages(&s, err) : status;
}
