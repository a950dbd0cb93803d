/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/secret.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <sys/random.h>

/* n_digits hexadecimal digits and a NUL. */
static rig_status make_digits(char *text, size_t n_digits, rig_error *err)
{
    unsigned char bytes[RIG_SECRET_DIGITS];
    ssize_t got;
    do
        got = getrandom(bytes, n_digits, 0);
    while (got < 0 && errno == EINTR);
    if (got != (ssize_t)n_digits)
        return rig_fail(err, RIG_EENV, "no random number from the kernel: %s",
                        got < 0 ? strerror(errno) : "it gives too few");
    for (size_t i = 0; i < n_digits; i++)
        text[i] = "0123456789abcdef"[bytes[i] & 0xf];
    text[n_digits] = '\0';
    return RIG_OK;
}

rig_status rig_secret_make(rig_secret *secret, rig_error *err)
{
    return make_digits(secret->text, RIG_SECRET_DIGITS, err);
}

rig_status rig_nonce_make(rig_nonce *nonce, rig_error *err)
{
    return make_digits(nonce->text, RIG_NONCE_DIGITS, err);
}
