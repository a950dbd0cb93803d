/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libFuzzer target: any bytes as words that someone else has written, such as a reason. The first
 * byte is the room for the answer. Under two keys nothing that names a phone or a host may come out
 * the same as it went in. */
#include <arpa/inet.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/mask.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* So many digits do not come out as they were by chance. */
enum { MIN_DIGITS = 11, MAX_TEXT = 4096, MAX_OUT = 8 * MAX_TEXT };

static const char digits[] = "0123456789";

static const char of_address[] = "0123456789.";

/* The next stretch of digits, or of digits and dots without those at its end. */
static const char *next_figures(const char *text, const char *of, size_t *n)
{
    const char *p = text + strcspn(text, digits);
    *n = strspn(p, of);
    while (*n > 0 && p[*n - 1] == '.')
        --*n;
    return *n > 0 ? p : NULL;
}

static bool has_figures(const char *text, const char *of, const char *figures, size_t n_figures)
{
    size_t n;
    for (const char *p = next_figures(text, of, &n); p != NULL; p = next_figures(p + n, of, &n)) {
        if (n == n_figures && memcmp(p, figures, n) == 0)
            return true;
    }
    return false;
}

/* A number or an address that is still there under both keys. */
static void check_gone(const char *text, const char *of, const char *masked, const char *otherwise)
{
    size_t n;
    for (const char *p = next_figures(text, of, &n); p != NULL; p = next_figures(p + n, of, &n)) {
        char word[INET_ADDRSTRLEN] = "";
        struct in_addr address;
        if (n < sizeof word)
            memcpy(word, p, n);
        bool is_secret = of == digits ? n >= MIN_DIGITS : inet_pton(AF_INET, word, &address) == 1;
        if (is_secret && has_figures(masked, of, p, n) && has_figures(otherwise, of, p, n))
            abort();
    }
}

static void check_text(const rig_mask *mask, const rig_mask *other, const char *text, size_t room)
{
    static char masked[MAX_OUT], otherwise[MAX_OUT];
    char *little = malloc(room); /* so that a byte too many is found */
    if (little == NULL)
        return;
    rig_mask_text(mask, text, masked, sizeof masked);
    rig_mask_text(other, text, otherwise, sizeof otherwise);
    rig_mask_text(mask, text, little, room);
    if (memchr(little, '\0', room) == NULL || strncmp(masked, little, strlen(little)) != 0 ||
        (strlen(masked) < room && strcmp(masked, little) != 0))
        abort();
    if (strchr(masked, '@') != NULL)
        abort();
    check_gone(text, digits, masked, otherwise);
    check_gone(text, of_address, masked, otherwise);
    free(little);
}

static void check_user(const rig_mask *mask, rig_slice user)
{
    char id[RIG_MASK_ID_SIZE];
    char out[RIG_MASK_ID_SIZE + MAX_TEXT];
    rig_mask_id(mask, user, id);
    if (strlen(id) >= sizeof id)
        abort();
    rig_mask_user(mask, user, out, sizeof out);
    if (rig_mask_is_number(user) && strlen(out) != user.n)
        abort();
    rig_mask_user(mask, user, out, RIG_MASK_ID_SIZE);
    if (strlen(out) >= RIG_MASK_ID_SIZE)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static rig_mask *mask, *other; /* for all runs: made once */
    if (mask == NULL && (rig_mask_new("a key of the fuzzer", &mask, NULL) != RIG_OK ||
                         rig_mask_new("another key of it", &other, NULL) != RIG_OK))
        abort();
    if (size == 0 || size > MAX_TEXT || memchr(data + 1, '\0', size - 1) != NULL)
        return 0;
    char *text = malloc(size);
    if (text == NULL)
        return 0;
    memcpy(text, data + 1, size - 1);
    text[size - 1] = '\0';
    check_text(mask, other, text, (size_t)data[0] + 1);
    check_user(mask, (rig_slice){.p = text, .n = size - 1});
    free(text);
    return 0;
}
