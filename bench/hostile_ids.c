/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Call-IDs that meet in one place of a table of 2^16 places, by the hash of versions before 798ff82,
 * which had no key: what somebody could send who has read it. For bench/hostile.
 *
 * Usage: hostile_ids N, prints N of them, a line each. */
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const uint64_t KEY = UINT64_C(0xa0761d6478bd642f);

static uint64_t fold(uint64_t a, uint64_t b)
{
    const unsigned __int128 product = (unsigned __int128)a * b;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static uint64_t load(const char *p)
{
    uint64_t word;
    memcpy(&word, p, sizeof word);
    return word;
}

/* Of 32 bytes. */
static uint64_t hash_of(const char text[32])
{
    const uint64_t hash = fold(load(text) ^ KEY, load(text + 8));
    return fold(KEY ^ 32, fold(load(text + 16) ^ KEY, load(text + 24) ^ hash ^ KEY));
}

int main(int argc, char **argv)
{
    const unsigned long n_wanted = argc == 2 ? strtoul(argv[1], NULL, 10) : 0;
    char text[33] = "0000000000000000@elsewhere.test1";
    if (n_wanted == 0) {
        (void)fprintf(stderr, "usage: hostile_ids N\n");
        return 2;
    }
    for (unsigned long n = 0; n < n_wanted;) {
        size_t at = 15;
        while (text[at] == '9') /* the next number */
            text[at--] = '0';
        text[at]++;
        if ((hash_of(text) & 0xffff) != 0)
            continue;
        (void)printf("%s\n", text);
        n++;
    }
    return 0;
}
