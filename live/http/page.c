/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "live/http/page.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/digest.h"

/* live/page.S; each with a NUL behind it */
extern const char rig_board_begin_body[], rig_board_begin_style[], rig_board_begin_script[];

static void say_policy(char *policy, size_t size)
{
    char style[RIG_SHA256_BASE64_SIZE], script[RIG_SHA256_BASE64_SIZE];
    rig_digest_base64(rig_board_begin_style, strlen(rig_board_begin_style), style);
    rig_digest_base64(rig_board_begin_script, strlen(rig_board_begin_script), script);
    (void)snprintf(policy, size,
                   "default-src 'none'; style-src 'sha256-%s'; script-src 'sha256-%s'; "
                   "connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; "
                   "frame-ancestors 'none'",
                   style, script);
}

rig_status rig_board_page_make(rig_board_page *page)
{
    rig_board_page made = {.html = NULL};
    FILE *out = open_memstream(&made.html, &made.n);
    if (out == NULL)
        return RIG_ENOMEM;
    (void)fprintf(out,
                  "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n"
                  "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n"
                  "<meta name=\"color-scheme\" content=\"light dark\"/>\n"
                  "<link rel=\"icon\" href=\"data:,\"/>\n"
                  "<title>peakrig</title>\n<style>%s</style>\n</head>\n<body>\n%s"
                  "<script>%s</script>\n</body>\n</html>\n",
                  rig_board_begin_style, rig_board_begin_body, rig_board_begin_script);
    if (fclose(out) != 0) {
        free(made.html);
        return RIG_ENOMEM;
    }
    say_policy(made.policy, sizeof made.policy);
    *page = made;
    return RIG_OK;
}

void rig_board_page_clear(rig_board_page *page)
{
    free(page->html);
    *page = (rig_board_page){.html = NULL};
}
