/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/html/policy.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/digest.h"

enum { N_DIGEST = 32 };

/* RFC 4648, section 4: 32 bytes are ten groups of three, and two more. */
static void print_base64(FILE *out, const uint8_t digest[N_DIGEST])
{
    static const char letters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (int i = 0; i < N_DIGEST; i += 3) {
        const uint32_t last = i + 2 < N_DIGEST ? digest[i + 2] : 0;
        const uint32_t group = (uint32_t)digest[i] << 16 | (uint32_t)digest[i + 1] << 8 | last;
        for (int shift = 18; shift >= 0; shift -= 6)
            (void)fputc(shift == 0 && i + 2 >= N_DIGEST ? '=' : letters[group >> shift & 63], out);
    }
}

static void print_digest(FILE *out, const char *text)
{
    char hex[RIG_SHA256_TEXT_SIZE];
    uint8_t digest[N_DIGEST];
    rig_digest_bytes(text, strlen(text), hex);
    for (int i = 0; i < N_DIGEST; i++) {
        const char byte[] = {hex[2 * i], hex[2 * i + 1], '\0'};
        digest[i] = (uint8_t)strtoul(byte, NULL, 16);
    }
    print_base64(out, digest);
}

void rig_html_style_and_policy(FILE *out, const char *css)
{
    (void)fputs("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                "img-src data:; base-uri 'none'; form-action 'none'; style-src 'sha256-",
                out);
    print_digest(out, css);
    (void)fprintf(
        out, "'\"/>\n<meta name=\"referrer\" content=\"no-referrer\"/>\n<style>%s</style>\n", css);
}
