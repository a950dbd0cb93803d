/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "generator/dial/number.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { MOST_UNESCAPED = 512, MOST_ROUNDS = 3 };

static int hex(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)tolower((unsigned char)c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Resolve percent-escapes once. @return false for a broken or strange one. */
static bool unescape(char *text, bool *had_any)
{
    char *to = text;
    *had_any = false;
    for (const char *p = text; *p != '\0'; p++) {
        if (*p != '%') {
            *to++ = *p;
            continue;
        }
        const int high = hex(p[1]), low = high < 0 ? -1 : hex(p[2]);
        const int value = low < 0 ? -1 : high * 16 + low;
        if (value <= 0)
            return false;
        *to++ = (char)value;
        *had_any = true;
        p += 2;
    }
    *to = '\0';
    return true;
}

/* Whoever is on the way may resolve an escaped escape. */
static bool unescape_all(char *text)
{
    bool had_any = true;
    for (int round = 0; had_any && round < MOST_ROUNDS; round++)
        if (!unescape(text, &had_any))
            return false;
    return !had_any;
}

static bool is_ascii(const char *text)
{
    for (; *text != '\0'; text++)
        if ((unsigned char)*text >= 0x80 || iscntrl((unsigned char)*text))
            return false;
    return true;
}

/* Behind the scheme. */
static char *skip_scheme(char *text, bool *is_sip, bool *is_sos)
{
    static const char *const schemes[] = {"sip:", "sips:", "tel:"};
    static const char SOS[] = "urn:service:sos";
    *is_sos = strncasecmp(text, SOS, sizeof SOS - 1) == 0;
    *is_sip = strncasecmp(text, "sip", 3) == 0;
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++)
        if (strncasecmp(text, schemes[i], strlen(schemes[i])) == 0)
            return text + strlen(schemes[i]);
    return text;
}

/* What a dial string may hold that is not dialled: RFC 3966, 5.1.1 (visual separators), pauses. */
static bool is_silent(char c)
{
    return strchr("-.() /,pPwW", c) != NULL;
}

/* Letters a to d are keys, too, but not in words. @return false when it is no number. */
static bool copy_keys(const char *from, char to[RIG_DIALLED_SIZE], bool *is_too_long)
{
    size_t n = 0;
    bool has_digit = false;
    *is_too_long = false;
    for (; *from != '\0'; from++) {
        const char c = *from;
        if (is_silent(c))
            continue;
        const bool is_letter = strchr("abcdABCD", c) != NULL;
        if (!is_letter && !isdigit((unsigned char)c) && strchr("*#+", c) == NULL)
            return false;
        has_digit = has_digit || isdigit((unsigned char)c) != 0;
        if (n + 1 >= RIG_DIALLED_SIZE) {
            *is_too_long = true;
            return false;
        }
        if (c != '+' || n == 0)
            to[n++] = is_letter ? '*' : c;
    }
    to[n] = '\0';
    return has_digit;
}

/* The value of a parameter; up to size - 1 characters. */
static bool parameter(const char *parameters, const char *name, char *value, size_t size)
{
    const size_t n = strlen(name);
    for (const char *p = parameters; *p != '\0'; p += strcspn(p, ";")) {
        p += *p == ';';
        if (strncasecmp(p, name, n) != 0 || p[n] != '=')
            continue;
        (void)snprintf(value, size, "%.*s", (int)strcspn(p + n + 1, ";"), p + n + 1);
        return true;
    }
    return false;
}

/* phone-context stands before the number when it is one; ext and postd are dialled later. */
static bool add_parameters(const char *parameters, rig_dialled_texts *texts)
{
    static const char *const later[] = {"ext", "postd"};
    char value[RIG_DIALLED_SIZE], joined[2 * RIG_DIALLED_SIZE];
    bool is_too_long = false;
    if (parameter(parameters, "phone-context", value, sizeof value)) {
        (void)snprintf(joined, sizeof joined, "%s%s", value, texts->all[0]);
        if (copy_keys(joined, texts->all[texts->n], &is_too_long))
            texts->n++;
    }
    for (size_t i = 0; i < sizeof later / sizeof *later && !is_too_long; i++)
        if (parameter(parameters, later[i], value, sizeof value) &&
            copy_keys(value, texts->all[texts->n], &is_too_long))
            texts->n++;
    return !is_too_long;
}

rig_dialled_kind rig_dialled_read(const char *dialled, rig_dialled_texts *texts)
{
    char text[MOST_UNESCAPED];
    bool is_sip, is_sos, is_too_long;
    rig_dialled_texts read = {.n = 0};
    if (strlen(dialled) >= sizeof text)
        return RIG_DIALLED_STRANGE;
    (void)snprintf(text, sizeof text, "%s", dialled);
    if (!unescape_all(text) || !is_ascii(text))
        return RIG_DIALLED_STRANGE;
    char *user = skip_scheme(text + strspn(text, " <"), &is_sip, &is_sos);
    if (is_sos)
        return RIG_DIALLED_SOS;
    if (is_sip && strchr(user, '@') == NULL && strpbrk(user, ".[") != NULL)
        return RIG_DIALLED_NAME; /* a host, and nobody there */
    user[strcspn(user, "@>")] = '\0';
    char *parameters = user + strcspn(user, ";?");
    char none[] = "";
    if (*parameters != '\0')
        *parameters++ = '\0';
    else
        parameters = none;
    user[strcspn(user, ":")] = '\0'; /* a password */
    if (strcasecmp(user, "sos") == 0 || strncasecmp(user, "sos.", 4) == 0)
        return RIG_DIALLED_SOS;
    if (!copy_keys(user, read.all[0], &is_too_long))
        return is_too_long ? RIG_DIALLED_STRANGE : RIG_DIALLED_NAME;
    read.n = 1;
    if (!add_parameters(parameters, &read))
        return RIG_DIALLED_STRANGE;
    *texts = read;
    return RIG_DIALLED_DIGITS;
}
