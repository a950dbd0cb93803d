#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "analyzer/mask/mask.h"

enum { MIN_DIGITS = 7, MAX_WORD = 255 };

static bool is_of_word(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c != '\0' && strchr("@.:+-_%~*", c) != NULL);
}

static bool is_long_number(rig_slice word)
{
    size_t n = 0;
    for (size_t i = 0; i < word.n; i++)
        n += word.p[i] >= '0' && word.p[i] <= '9';
    return n >= MIN_DIGITS && rig_mask_is_number(word);
}

/* The address that a word is, without its port. */
static bool is_address(const char *word, rig_endpoint *at)
{
    struct in_addr v4;
    struct in6_addr v6;
    if (inet_pton(AF_INET, word, &v4) == 1) {
        *at = (rig_endpoint){.ip_low = UINT64_C(0xffff) << 32 | ntohl(v4.s_addr)};
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
    if (is_long_number(rig_slice_of(word))) {
        memcpy(out, word, n + 1);
        rig_mask_number(mask, out, n);
        return true;
    }
    return false;
}

/* A word without the dots and colons behind it, and as address:port. */
static void put_word(const rig_mask *mask, FILE *out, const char *p, size_t n)
{
    char word[MAX_WORD + 1], masked[MAX_WORD + 1];
    size_t n_word = n;
    while (n_word > 0 && strchr(".:-", p[n_word - 1]) != NULL)
        n_word--;
    if (n_word > MAX_WORD) { /* nothing that one reads; but it may hold anything */
        rig_mask_id(mask, (rig_slice){.p = p, .n = n_word}, masked);
        (void)fprintf(out, "%s", masked);
        return;
    }
    memcpy(word, p, n_word);
    word[n_word] = '\0';
    if (mask_word(mask, word, masked)) {
        (void)fprintf(out, "%s%.*s", masked, (int)(n - n_word), p + n_word);
        return;
    }
    char *port = strrchr(word, ':');
    if (port != NULL) {
        size_t at = (size_t)(port - word);
        *port = '\0';
        if (mask_word(mask, word, masked)) {
            (void)fprintf(out, "%s%.*s", masked, (int)(n - at), p + at);
            return;
        }
    }
    (void)fwrite(p, 1, n, out);
}

void rig_mask_text(const rig_mask *mask, const char *text, char *out, size_t size)
{
    FILE *to = fmemopen(out, size, "w");
    out[0] = '\0';
    if (to == NULL)
        return; /* nothing rather than what was to be hidden */
    while (*text != '\0') {
        size_t n = 0;
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
