/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analyzer/sip/telephone.h"

#include "analyzer/calls/hash.h"
#include "analyzer/sip/values.h"

enum { MAX_DIGITS = 15, MAX_ZEROS = 3, MAX_COUNTRY = 3 };

static uint64_t power_of_ten(unsigned n)
{
    uint64_t power = 1;
    while (n-- > 0)
        power *= 10;
    return power;
}

static bool is_separator(char c)
{
    return c == '-' || c == '.' || c == '(' || c == ')';
}

/* Add a digit. @return false when the number is too long. */
static bool add_digit(rig_telephone *number, char c)
{
    if (number->value == 0 && c == '0')
        return ++number->n_zeros <= MAX_ZEROS;
    number->value = number->value * 10 + (uint64_t)(c - '0');
    return ++number->n <= MAX_DIGITS;
}

/* One pass over the user as it is written; of an escaped one over what it stands for. */
static bool read_number(rig_slice user, rig_telephone *number)
{
    for (size_t i = 0; i < user.n; i++) {
        const char c = user.p[i];
        if (c == ';')
            break;
        if (c == '+' && i == 0)
            number->has_plus = true;
        else if (c >= '0' && c <= '9') {
            if (!add_digit(number, c))
                return false;
        } else if (!is_separator(c)) {
            return false;
        }
    }
    return number->n >= RIG_TELEPHONE_LEAST && !(number->has_plus && number->n_zeros > 0);
}

rig_telephone rig_telephone_of(rig_slice user)
{
    char text[64];
    rig_telephone number = {0};
    if (user.n > 0 && user.n <= sizeof text && user.p[0] == '%')
        user = (rig_slice){text, rig_sip_unescape(user, text)};
    return read_number(user, &number) ? number : (rig_telephone){0};
}

static bool is_international(rig_telephone number)
{
    return number.has_plus || number.n_zeros >= 2;
}

/* Whether `a` is `b` behind the code of its country. */
static bool has_country(rig_telephone a, rig_telephone b)
{
    if (b.has_plus || a.n <= b.n || a.n - b.n > MAX_COUNTRY ||
        a.value % power_of_ten(b.n) != b.value)
        return false;
    return is_international(a) || (a.n_zeros == 0 && b.n_zeros == 1);
}

/* Whether `a` is all of `b` behind a 9. */
static bool has_outside_line(rig_telephone a, rig_telephone b)
{
    const unsigned n = (unsigned)b.n_zeros + b.n;
    return !a.has_plus && a.n_zeros == 0 && a.n == n + 1 &&
           a.value == 9 * power_of_ten(n) + b.value;
}

bool rig_telephone_same(rig_telephone a, rig_telephone b)
{
    if (a.n == 0 || b.n == 0)
        return false;
    if (a.value == b.value)
        return !(a.has_plus && b.n_zeros == 1) && !(b.has_plus && a.n_zeros == 1);
    return has_country(a, b) || has_country(b, a) || has_outside_line(a, b) ||
           has_outside_line(b, a);
}

uint64_t rig_telephone_hash(rig_telephone number)
{
    if (number.n == 0)
        return 0;
    return rig_hash_word(13, number.value % power_of_ten(RIG_TELEPHONE_LEAST)) | 1;
}
