/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "analyzer/calls/hash.h"
#include "analyzer/sip.h"
#include "analyzer/sip/values.h"

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Digits, '+' in front, and what RFC 3966 section 3 calls visual separators. */
static bool is_telephone(const char *p, size_t n)
{
    bool has_digit = false;
    for (size_t i = 0; i < n; i++) {
        bool is_sign = p[i] == '+' || p[i] == '-' || p[i] == '.' || p[i] == '(' || p[i] == ')';
        if (!is_sign && !is_digit(p[i]))
            return false;
        has_digit = has_digit || is_digit(p[i]);
    }
    return has_digit;
}

/* As nearly all are written: there is nothing to fold. */
static bool is_plain_number(rig_slice user)
{
    size_t i = user.p[0] == '+';
    while (i < user.n && is_digit(user.p[i]))
        i++;
    return i == user.n;
}

uint64_t rig_sip_user_hash(rig_slice value)
{
    return rig_sip_name_hash(rig_sip_user_of(value));
}

uint64_t rig_sip_name_hash(rig_slice written)
{
    char user[128];
    if (written.n == 0)
        return 0;
    if (written.n > sizeof user || is_plain_number(written))
        return rig_hash_text(written);
    size_t n = written.n;
    if (memchr(written.p, '%', n) == NULL)
        memcpy(user, written.p, n);
    else
        n = rig_sip_unescape(written, user);
    if (is_telephone(user, n)) {
        size_t n_kept = 0;
        for (size_t i = 0; i < n; i++) {
            if (user[i] == '+' || is_digit(user[i]))
                user[n_kept++] = user[i];
        }
        n = n_kept;
    }
    return rig_hash_text((rig_slice){user, n});
}
