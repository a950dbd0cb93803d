/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/html/policy.h"

#include <string.h>

#include "core/digest.h"

void rig_html_page_begin(FILE *out, const rig_language *language)
{
    (void)fprintf(out,
                  "<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\"/>\n"
                  "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n"
                  "<title>",
                  rig_language_tag(language));
}

void rig_html_title_end(FILE *out)
{
    (void)fputs(" - peakrig</title>\n<link rel=\"icon\" href=\"data:,\"/>\n", out);
}

void rig_html_style_and_policy(FILE *out, const char *css)
{
    char digest[RIG_SHA256_BASE64_SIZE];
    rig_digest_base64(css, strlen(css), digest);
    (void)fprintf(out,
                  "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                  "img-src data:; base-uri 'none'; form-action 'none'; style-src 'sha256-%s'\"/>\n"
                  "<meta name=\"referrer\" content=\"no-referrer\"/>\n<style>%s</style>\n",
                  digest, css);
}
