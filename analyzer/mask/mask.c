/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analyzer/mask.h"

#include <errno.h>
#include <nettle/hmac.h>
#include <nettle/pbkdf2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "core/atomic_file.h"

enum {
    KEY_SIZE = SHA256_DIGEST_SIZE,
    N_ROUNDS = 10,   /* of the Feistel network; SP 800-38G has ten in FF1 */
    MANY_DIGITS = 7, /* shorter ones are extensions: they have no country code */
    N_KEPT = 2
};

struct rig_mask {
    uint8_t key[KEY_SIZE];
};

rig_status rig_mask_new(const char *key_text, rig_mask **mask, rig_error *err)
{
    if (key_text != NULL && strlen(key_text) < RIG_MASK_MIN_KEY)
        return rig_fail(
            err, RIG_EINPUT,
            "the mask's key has %zu characters; expected %d or more, lest it be guessed",
            strlen(key_text), RIG_MASK_MIN_KEY);
    rig_mask *made = calloc(1, sizeof *made);
    if (made == NULL)
        return rig_fail(err, RIG_ENOMEM, "out of memory");
    if (key_text != NULL) {
        static const char salt[] =
            "peakrig mask 2"; /* one for all: a key gives the same everywhere */
        pbkdf2_hmac_sha256(strlen(key_text), (const uint8_t *)key_text, RIG_MASK_ITERATIONS,
                           sizeof salt - 1, (const uint8_t *)salt, sizeof made->key, made->key);
    } else if (getrandom(made->key, sizeof made->key, 0) != (ssize_t)sizeof made->key) {
        rig_status status = rig_fail(err, RIG_EENV, "no random numbers: %s", strerror(errno));
        free(made);
        return status;
    }
    *mask = made;
    return RIG_OK;
}

rig_status rig_mask_new_from_file(const char *path, rig_mask **mask, rig_error *err)
{
    char *text = NULL;
    size_t n;
    rig_error why = {0};
    rig_status status = rig_file_read(path, &text, &n, err);
    if (status != RIG_OK)
        return status;
    text[strcspn(text, "\r\n")] = '\0';
    status = rig_mask_new(text, mask, &why);
    explicit_bzero(text, n);
    free(text);
    return status == RIG_OK ? RIG_OK : rig_fail(err, status, "%s: %s", path, why.text);
}

void rig_mask_free(rig_mask *mask)
{
    if (mask != NULL)
        explicit_bzero(mask, sizeof *mask);
    free(mask);
}

/* The keyed hash of some bytes, apart for each kind of use. */
static void keyed(const rig_mask *mask, char kind, const void *data, size_t n,
                  uint8_t digest[SHA256_DIGEST_SIZE])
{
    struct hmac_sha256_ctx ctx;
    hmac_sha256_set_key(&ctx, sizeof mask->key, mask->key);
    hmac_sha256_update(&ctx, 1, (const uint8_t *)&kind);
    hmac_sha256_update(&ctx, n, data);
    hmac_sha256_digest(&ctx, SHA256_DIGEST_SIZE, digest);
}

/* ---- numbers ---- */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

bool rig_mask_is_number(rig_slice text)
{
    size_t n_digits = 0;
    for (size_t i = 0; i < text.n; i++) {
        if (is_digit(text.p[i]))
            n_digits++;
        else if (i == 0 ? text.p[i] != '+' : strchr("-.() ", text.p[i]) == NULL)
            return false;
    }
    return n_digits > 0 && n_digits <= RIG_MASK_MAX_DIGITS;
}

/* Add to the n_half digits of one half what the other half, the digits kept and the round give. */
static void mix(const rig_mask *mask, uint8_t round, const uint8_t *digits, size_t n, size_t at,
                size_t n_half)
{
    uint8_t input[RIG_MASK_MAX_DIGITS + 2] = {round, (uint8_t)n};
    uint8_t digest[SHA256_DIGEST_SIZE];
    uint8_t *half = (uint8_t *)(uintptr_t)digits + at;
    memcpy(input + 2, digits, n);
    memset(input + 2 + at, 0, n_half);
    keyed(mask, 'n', input, n + 2, digest);
    for (size_t i = 0; i < n_half; i++)
        half[i] = (uint8_t)((half[i] + digest[i]) % 10);
}

void rig_mask_number(const rig_mask *mask, char *text, size_t n)
{
    uint8_t digits[RIG_MASK_MAX_DIGITS];
    size_t n_digits = 0;
    for (size_t i = 0; i < n && n_digits < RIG_MASK_MAX_DIGITS; i++) {
        if (is_digit(text[i]))
            digits[n_digits++] = (uint8_t)(text[i] - '0');
    }
    size_t n_kept = n_digits < MANY_DIGITS ? 0 : N_KEPT;
    if (n_kept > 0 && digits[0] == 0 && digits[1] == 0 && n_digits >= MANY_DIGITS + 2)
        n_kept += 2;
    size_t n_free = n_digits - n_kept, n_left = n_free / 2;
    for (uint8_t round = 0; round < N_ROUNDS; round += 2) {
        mix(mask, round, digits, n_digits, n_kept, n_left);
        mix(mask, (uint8_t)(round + 1), digits, n_digits, n_kept + n_left, n_free - n_left);
    }
    for (size_t i = 0, k = 0; i < n && k < n_digits; i++) {
        if (is_digit(text[i]))
            text[i] = (char)('0' + digits[k++]);
    }
}

/* ---- addresses ---- */

/* Each of the n bits turns or not, by the bits before it alone. */
static void mask_bits(const rig_mask *mask, char kind, uint8_t *bits, size_t n)
{
    uint8_t was[16], prefix[17] = {0};
    memcpy(was, bits, n / 8);
    for (size_t i = 0; i < n; i++) {
        uint8_t digest[SHA256_DIGEST_SIZE];
        uint8_t bit = (uint8_t)(0x80 >> i % 8);
        prefix[16] = (uint8_t)i;
        keyed(mask, kind, prefix, sizeof prefix, digest);
        if ((digest[0] & 1) != 0)
            bits[i / 8] ^= bit;
        prefix[i / 8] |= was[i / 8] & bit;
    }
}

static uint64_t read_bits(const uint8_t *p, size_t n)
{
    uint64_t value = 0;
    for (size_t i = 0; i < n; i++)
        value = value << 8 | p[i];
    return value;
}

static void write_bits(uint8_t *p, size_t n, uint64_t value)
{
    for (size_t i = n; i-- > 0; value >>= 8)
        p[i] = (uint8_t)value;
}

rig_endpoint rig_mask_endpoint(const rig_mask *mask, rig_endpoint at)
{
    uint8_t bits[16];
    if (at.ip_high == 0 && at.ip_low >> 32 == 0xffff) {
        write_bits(bits, 4, at.ip_low);
        mask_bits(mask, '4', bits, 32);
        at.ip_low = UINT64_C(0xffff) << 32 | read_bits(bits, 4);
        return at;
    }
    write_bits(bits, 8, at.ip_high);
    write_bits(bits + 8, 8, at.ip_low);
    mask_bits(mask, '6', bits, 128);
    at.ip_high = read_bits(bits, 8);
    at.ip_low = read_bits(bits + 8, 8);
    return at;
}

/* ---- identifiers ---- */

void rig_mask_id(const rig_mask *mask, rig_slice id, char out[RIG_MASK_ID_SIZE])
{
    uint8_t digest[SHA256_DIGEST_SIZE];
    keyed(mask, 'i', id.p, id.n, digest);
    (void)snprintf(out, RIG_MASK_ID_SIZE, "id-%016llx", (unsigned long long)read_bits(digest, 8));
}

void rig_mask_keys(const rig_mask *mask, const char *keys, char out[RIG_MASK_ID_SIZE])
{
    enum { PLAIN_KEYS = 3 }; /* more may be a PIN or a customer's number */
    if (strlen(keys) > PLAIN_KEYS)
        rig_mask_id(mask, rig_slice_of(keys), out);
    else
        (void)snprintf(out, RIG_MASK_ID_SIZE, "%s", keys);
}

void rig_mask_user(const rig_mask *mask, rig_slice user, char *out, size_t size)
{
    char id[RIG_MASK_ID_SIZE];
    if (user.n == 0 || rig_slice_is_nocase(user, "anonymous")) {
        (void)snprintf(out, size, "%.*s", (int)user.n, user.p == NULL ? "" : user.p);
    } else if (rig_mask_is_number(user) && user.n < size) {
        memcpy(out, user.p, user.n);
        out[user.n] = '\0';
        rig_mask_number(mask, out, user.n);
    } else {
        rig_mask_id(mask, user, id);
        (void)snprintf(out, size, "%s", id);
    }
}
