/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <arpa/inet.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/mask.h"
#include "analyzer/mask/phrase.h"

enum { MIN_DIGITS = 7, MAX_WORD = 255, MAX_PORT = 5 };

static rig_endpoint of_ipv4(uint32_t v4)
{
    return (rig_endpoint){.ip_low = UINT64_C(0xffff) << 32 | v4};
}

static bool is_of_word(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c != '\0' && strchr("@.:+-_%~*", c) != NULL);
}

/* Two addresses with a dash between them have the letters of a number, but are none. */
static bool is_long_number(rig_slice word)
{
    size_t n = 0, n_dots = 0, n_dashes = 0;
    for (size_t i = 0; i < word.n; i++) {
        n += word.p[i] >= '0' && word.p[i] <= '9';
        n_dots += word.p[i] == '.';
        n_dashes += word.p[i] == '-';
    }
    return n >= MIN_DIGITS && !(n_dots >= 3 && n_dashes > 0) && rig_mask_is_number(word);
}

/* The address that a word is, without its port. */
static bool is_address(const char *word, rig_endpoint *at)
{
    uint32_t v4;
    struct in6_addr v6;
    const size_t n = rig_mask_ipv4_length(word, &v4);
    if (n > 0 && word[n] == '\0') {
        *at = of_ipv4(v4);
        return true;
    }
    if (strchr(word, ':') == NULL || inet_pton(AF_INET6, word, &v6) != 1)
        return false;
    *at = (rig_endpoint){0};
    for (int i = 0; i < 8; i++) {
        at->ip_high = at->ip_high << 8 | v6.s6_addr[i];
        at->ip_low = at->ip_low << 8 | v6.s6_addr[i + 8];
    }
    return true;
}

static void write_address(rig_endpoint at, char *out, size_t size)
{
    struct in6_addr v6;
    char text[INET6_ADDRSTRLEN] = "";
    for (int i = 0; i < 8; i++) {
        v6.s6_addr[i] = (uint8_t)(at.ip_high >> (56 - 8 * i));
        v6.s6_addr[i + 8] = (uint8_t)(at.ip_low >> (56 - 8 * i));
    }
    if (at.ip_high == 0 && at.ip_low >> 32 == 0xffff)
        (void)inet_ntop(AF_INET, v6.s6_addr + 12, text, sizeof text);
    else
        (void)inet_ntop(AF_INET6, &v6, text, sizeof text);
    (void)snprintf(out, size, "%s", text);
}

/* "192.0.2.1.5060", as tcpdump writes an address with its port: the pseudonym, and the port. */
static bool mask_dotted_port(const rig_mask *mask, const char *word, char out[MAX_WORD + 1])
{
    uint32_t v4;
    const size_t n = rig_mask_ipv4_length(word, &v4);
    const size_t n_port = n > 0 && word[n] == '.' ? strspn(word + n + 1, "0123456789") : 0;
    if (n_port < 1 || n_port > MAX_PORT || word[n + 1 + n_port] != '\0')
        return false;
    write_address(rig_mask_endpoint(mask, of_ipv4(v4)), out, MAX_WORD + 1);
    (void)strcat(out, word + n);
    return true;
}

/* A word that is something of the kind: its pseudonym in `out`. */
static bool mask_word(const rig_mask *mask, const char *word, char out[MAX_WORD + 1])
{
    size_t n = strlen(word);
    rig_endpoint at;
    if (strchr(word, '@') != NULL) {
        rig_mask_id(mask, rig_slice_of(word), out);
        return true;
    }
    if (is_address(word, &at)) {
        write_address(rig_mask_endpoint(mask, at), out, MAX_WORD + 1);
        return true;
    }
    if (mask_dotted_port(mask, word, out))
        return true;
    if (is_long_number(rig_slice_of(word))) {
        memcpy(out, word, n + 1);
        rig_mask_number(mask, out, n);
        return true;
    }
    return false;
}

/* Digits that are not part of an address. */
static void put_digits(const rig_mask *mask, FILE *out, char *p, size_t n)
{
    char masked[MAX_WORD + 1];
    const rig_slice digits = {.p = p, .n = n};
    if (is_long_number(digits)) {
        rig_mask_number(mask, p, n);
    } else if (n >= MIN_DIGITS) { /* more digits than a number has */
        rig_mask_id(mask, digits, masked);
        (void)fputs(masked, out);
        return;
    }
    (void)fwrite(p, 1, n, out);
}

/* A stretch of digits and dots among letters: the addresses, or the long numbers in it. */
static void put_figures(const rig_mask *mask, FILE *out, const char *p, size_t n)
{
    char word[MAX_WORD + 1], masked[MAX_WORD + 1];
    size_t n_word = n;
    while (n_word > 0 && p[n_word - 1] == '.')
        n_word--;
    memcpy(word, p, n_word);
    word[n_word] = '\0';
    if (mask_word(mask, word, masked)) {
        (void)fputs(masked, out);
    } else {
        for (size_t i = 0; i < n_word;) {
            uint32_t v4;
            size_t n_taken = rig_mask_ipv4_length(word + i, &v4);
            if (n_taken > 0) {
                write_address(rig_mask_endpoint(mask, of_ipv4(v4)), masked, sizeof masked);
                (void)fputs(masked, out);
            } else {
                n_taken = strspn(word + i, "0123456789");
                put_digits(mask, out, word + i, n_taken);
            }
            i += n_taken;
            if (i < n_word)
                (void)fputc(word[i++], out);
        }
    }
    (void)fwrite(p + n_word, 1, n - n_word, out);
}

static void put_letters_and_figures(const rig_mask *mask, FILE *out, const char *p, size_t n)
{
    for (size_t i = 0; i < n;) {
        size_t n_figures = 0;
        while (i + n_figures < n && ((p[i + n_figures] >= '0' && p[i + n_figures] <= '9') ||
                                     (n_figures > 0 && p[i + n_figures] == '.')))
            n_figures++;
        if (n_figures > 0)
            put_figures(mask, out, p + i, n_figures);
        else
            (void)fputc(p[i++], out);
        i += n_figures;
    }
}

/* "0xc0000201": an IPv4 address as dumps have it. */
static bool put_hexadecimal(const rig_mask *mask, FILE *out, const char *word)
{
    enum { N_DIGITS = 8 };
    if (word[0] != '0' || (word[1] | 0x20) != 'x' || strlen(word) != 2 + N_DIGITS ||
        strspn(word + 2, "0123456789abcdefABCDEF") != N_DIGITS)
        return false;
    const rig_endpoint at = {.ip_low = UINT64_C(0xffff) << 32 | strtoul(word + 2, NULL, 16)};
    (void)fprintf(out, "0x%08llx",
                  (unsigned long long)(rig_mask_endpoint(mask, at).ip_low & 0xffffffff));
    return true;
}

/* Something of the kind, or an address with its port behind it. */
static bool put_masked(const rig_mask *mask, FILE *out, const char *p, size_t n)
{
    char word[MAX_WORD + 1], masked[MAX_WORD + 1];
    memcpy(word, p, n);
    word[n] = '\0';
    if (mask_word(mask, word, masked)) {
        (void)fputs(masked, out);
        return true;
    }
    char *port = strrchr(word, ':');
    if (port == NULL || strlen(port) > MAX_PORT + 1)
        return false;
    size_t at = (size_t)(port - word);
    *port = '\0';
    if (!mask_word(mask, word, masked))
        return false;
    (void)fprintf(out, "%s%.*s", masked, (int)(n - at), p + at);
    return true;
}

/* A word, or what stands between the marks in it: "tel:+4930123456", "udp:192.0.2.1:5060",
 * "fe80::1%eth0". */
static void put_part(const rig_mask *mask, FILE *out, const char *p, size_t n, unsigned level)
{
    static const char *const between[] = {"%~*_", "-"};
    enum { N_LEVELS = sizeof between / sizeof between[0] };
    if (put_masked(mask, out, p, n))
        return;
    if (level < N_LEVELS) {
        for (size_t i = 0, n_part = 0; i <= n; i += n_part + 1) {
            n_part = 0;
            while (i + n_part < n && strchr(between[level], p[i + n_part]) == NULL)
                n_part++;
            put_part(mask, out, p + i, n_part, level + 1);
            if (i + n_part < n)
                (void)fputc(p[i + n_part], out);
        }
        return;
    }
    for (const char *colon = memchr(p, ':', n); colon != NULL; colon = memchr(p, ':', n)) {
        size_t n_front = (size_t)(colon - p);
        put_letters_and_figures(mask, out, p, n_front);
        (void)fputc(':', out);
        p += n_front + 1;
        n -= n_front + 1;
        if (put_masked(mask, out, p, n))
            return;
    }
    put_letters_and_figures(mask, out, p, n);
}

/* "%2B49%2030..": escaped as in URIs. Written plain where there is something to hide in it. */
static bool put_escaped(const rig_mask *mask, FILE *out, const char *word)
{
    char plain[MAX_WORD + 1], masked[2 * MAX_WORD];
    size_t n = 0;
    bool is_escaped = false;
    for (const char *p = word; *p != '\0'; p++) {
        unsigned code;
        if (p[0] == '%' && isxdigit((unsigned char)p[1]) && isxdigit((unsigned char)p[2]) &&
            sscanf(p + 1, "%2x", &code) == 1 && code > ' ' - 1 && code < 0x7f) {
            plain[n++] = (char)code;
            is_escaped = true;
            p += 2;
        } else {
            plain[n++] = *p;
        }
    }
    plain[n] = '\0';
    if (!is_escaped)
        return false;
    rig_mask_text(mask, plain, masked, sizeof masked);
    if (strcmp(masked, plain) == 0)
        return false;
    (void)fputs(masked, out);
    return true;
}

/* A word; the dots and colons behind it are the sentence's, unless they are an address's. */
static void put_word(const rig_mask *mask, FILE *out, const char *p, size_t n)
{
    char word[MAX_WORD + 1], masked[MAX_WORD + 1];
    size_t n_word = n;
    if (n > MAX_WORD) { /* nothing that one reads; but it may hold anything */
        rig_mask_id(mask, (rig_slice){.p = p, .n = n}, masked);
        (void)fputs(masked, out);
        return;
    }
    memcpy(word, p, n);
    word[n] = '\0';
    if (put_hexadecimal(mask, out, word) || put_escaped(mask, out, word))
        return;
    if (mask_word(mask, word, masked)) {
        (void)fputs(masked, out);
        return;
    }
    while (n_word > 0 && strchr(".:-", p[n_word - 1]) != NULL)
        n_word--;
    put_part(mask, out, p, n_word, 0);
    (void)fwrite(p + n_word, 1, n - n_word, out);
}

static void put_phrase(const rig_mask *mask, FILE *out, const char *p, size_t n)
{
    char number[MAX_WORD + 1];
    n = n < sizeof number ? n : MAX_WORD; /* its groups are not so many */
    memcpy(number, p, n);
    rig_mask_number(mask, number, n);
    (void)fwrite(number, 1, n, out);
}

/* Whether a word ends here: a dot is the sentence's, and two are those of an interval. */
static bool is_end(const char *text)
{
    return !is_of_word(text[0]) || (text[0] == '.' && (text[1] == '.' || !is_of_word(text[1])));
}

void rig_mask_text(const rig_mask *mask, const char *text, char *out, size_t size)
{
    FILE *to = fmemopen(out, size, "w");
    out[0] = '\0';
    if (to == NULL)
        return; /* nothing rather than what was to be hidden */
    while (*text != '\0') {
        size_t n = rig_mask_quantity_length(text);
        if (n > 0 && is_end(text + n)) {
            (void)fwrite(text, 1, n, to);
            text += n;
            continue;
        }
        n = rig_mask_phrase_length(text);
        if (n > 0 && is_end(text + n)) {
            put_phrase(mask, to, text, n);
            text += n;
            continue;
        }
        n = 0;
        while (is_of_word(text[n]))
            n++;
        if (n > 0) {
            put_word(mask, to, text, n);
            text += n;
        } else {
            (void)fputc(*text++, to);
        }
    }
    (void)fclose(to);
    out[size - 1] = '\0';
}
