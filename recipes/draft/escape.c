/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Texts of a scenario in the grammars of others. A control character has no place in any of them.
 */
#include "recipes/draft/draft.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* What one character becomes; NULL: itself. Sources: Asterisk's reader of its files (a comment
 * begins at a ';' that no '\' precedes); the core cookbooks of Kamailio and OpenSIPS (strings,
 * "$$"); XML 1.0, 2.4. */
static const char *becomes(rig_recipe_grammar grammar, char c)
{
    switch (grammar) {
    case RIG_RECIPE_INI:
        return c == ';' ? "\\;" : NULL;
    case RIG_RECIPE_SCRIPT:
        return c == '"' ? "\\\"" : c == '\\' ? "\\\\" : c == '$' ? "$$" : NULL;
    case RIG_RECIPE_XML:
        return c == '&'    ? "&amp;"
               : c == '<'  ? "&lt;"
               : c == '>'  ? "&gt;"
               : c == '"'  ? "&quot;"
               : c == '\'' ? "&apos;"
                           : NULL;
    case RIG_RECIPE_COMMENT:
    case RIG_RECIPE_IDENTIFIER:
        break;
    }
    return NULL;
}

static char plain(rig_recipe_grammar grammar, const char *text, size_t i)
{
    unsigned char c = (unsigned char)text[i];
    if (grammar == RIG_RECIPE_IDENTIFIER)
        return c < 128 && (isalnum(c) || c == '_') ? text[i] : '-';
    /* "--" ends nothing but is forbidden in a comment of XML; ";--" begins one in Asterisk */
    if (grammar == RIG_RECIPE_COMMENT && c == '-' && i > 0 && text[i - 1] == '-')
        return '=';
    return c < ' ' || c == 127 ? '?' : text[i];
}

const char *rig_recipe_escape(rig_recipe *r, rig_recipe_grammar grammar, const char *text)
{
    char *out = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&out, &size);
    if (stream == NULL) {
        r->is_out_of_memory = true;
        return "";
    }
    for (size_t i = 0; text[i] != '\0'; i++) {
        const char *as = becomes(grammar, text[i]);
        if (as != NULL)
            (void)fputs(as, stream);
        else
            (void)fputc(plain(grammar, text, i), stream);
    }
    if (fclose(stream) != 0)
        r->is_out_of_memory = true;
    const char *kept = rig_recipe_format(r, "%s", out != NULL ? out : "");
    free(out);
    return kept;
}

const char *rig_recipe_uri_host(rig_recipe *r, const char *host)
{
    return rig_recipe_format(r, strchr(host, ':') != NULL ? "[%s]" : "%s", host);
}
