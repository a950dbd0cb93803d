/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "live/http/page.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/digest.h"
#include "core/language.h"

/* live/page.S; each with a NUL behind it */
extern const char rig_board_begin_body[], rig_board_begin_style[], rig_board_begin_script[];

/* "{{text}}" in the page's own files: the text in the language of the page. */
static const char OPEN[] = "{{", CLOSE[] = "}}";

/* The file with its texts in the language; owned by the caller. NULL: no memory. */
static char *translated(const char *file, const rig_language *language)
{
    char *made = NULL;
    size_t size;
    FILE *out = open_memstream(&made, &size);
    if (out == NULL)
        return NULL;
    for (const char *begin, *end;
         (begin = strstr(file, OPEN)) != NULL && (end = strstr(begin, CLOSE)) != NULL;
         file = end + strlen(CLOSE)) {
        const char *text = begin + strlen(OPEN);
        char *original = strndup(text, (size_t)(end - text));
        (void)fwrite(file, 1, (size_t)(begin - file), out);
        (void)fputs(original != NULL ? rig_translate(language, original) : "", out);
        free(original);
    }
    (void)fputs(file, out);
    if (fclose(out) == 0)
        return made;
    free(made);
    return NULL;
}

static void say_policy(const char *script_text, char *policy, size_t size)
{
    char style[RIG_SHA256_BASE64_SIZE], script[RIG_SHA256_BASE64_SIZE];
    rig_digest_base64(rig_board_begin_style, strlen(rig_board_begin_style), style);
    rig_digest_base64(script_text, strlen(script_text), script);
    (void)snprintf(policy, size,
                   "default-src 'none'; style-src 'sha256-%s'; script-src 'sha256-%s'; "
                   "connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; "
                   "frame-ancestors 'none'",
                   style, script);
}

/* @return RIG_OK, or RIG_ENOMEM. */
static rig_status put_together(const char *body, const char *script, const rig_language *language,
                               rig_board_page *page)
{
    rig_board_page made = {.html = NULL};
    FILE *out = open_memstream(&made.html, &made.n);
    if (out == NULL)
        return RIG_ENOMEM;
    (void)fprintf(out,
                  "<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\"/>\n"
                  "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n"
                  "<meta name=\"color-scheme\" content=\"light dark\"/>\n"
                  "<link rel=\"icon\" href=\"data:,\"/>\n"
                  "<title>peakrig</title>\n<style>%s</style>\n</head>\n<body>\n%s"
                  "<script>%s</script>\n</body>\n</html>\n",
                  rig_language_tag(language), rig_board_begin_style, body, script);
    if (fclose(out) != 0) {
        free(made.html);
        return RIG_ENOMEM;
    }
    say_policy(script, made.policy, sizeof made.policy);
    *page = made;
    return RIG_OK;
}

rig_status rig_board_page_make(const rig_language *language, rig_board_page *page)
{
    char *body = translated(rig_board_begin_body, language);
    char *script = translated(rig_board_begin_script, language);
    const rig_status status =
        body != NULL && script != NULL ? put_together(body, script, language, page) : RIG_ENOMEM;
    free(body);
    free(script);
    return status;
}

void rig_board_page_clear(rig_board_page *page)
{
    free(page->html);
    *page = (rig_board_page){.html = NULL};
}
