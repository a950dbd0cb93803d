/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/html/text.h"

#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "core/tame.h"
#include "core/utf8.h"

#define MINUS "\xE2\x88\x92" /* U+2212 */

/* The bytes of the character at `p`, 1 at least. `is_allowed`: XML 1.0 (section 2.2) and HTML may
 * hold it, it does not turn the direction of what stands behind it (core/tame.h), and it is whole: a
 * text that was cut to fit may end in a part of one. */
static size_t character(const char *p, bool *is_allowed)
{
    const unsigned char *at = (const unsigned char *)p;
    size_t n = rig_utf8_length(p);
    bool is_control =
        (at[0] < 0x20 && at[0] != '\t' && at[0] != '\n' && at[0] != '\r') || at[0] == 0x7F;
    bool is_none = n == 3 && at[0] == 0xEF && at[1] == 0xBF && at[2] >= 0xBE; /* U+FFFE, U+FFFF */
    const bool turns = n > 1 && rig_tame_is_wild(p, n);
    *is_allowed = n > 0 && !is_control && !is_none && !turns;
    return n > 0 ? n : 1;
}

void rig_html_text(FILE *out, const char *text)
{
    bool is_allowed;
    for (size_t n; *text != '\0'; text += n) {
        n = character(text, &is_allowed);
        if (!is_allowed)
            fputs(RIG_UTF8_REPLACEMENT, out);
        else if (*text == '&')
            fputs("&amp;", out);
        else if (*text == '<')
            fputs("&lt;", out);
        else if (*text == '>')
            fputs("&gt;", out);
        else if (*text == '"')
            fputs("&quot;", out);
        else if (*text == '\'')
            fputs("&#39;", out);
        else
            (void)fwrite(text, 1, n, out);
    }
}

char *rig_xml_text(const char *text)
{
    char *copy = malloc(strlen(text) * strlen(RIG_UTF8_REPLACEMENT) + 1), *end = copy;
    bool is_allowed;
    if (copy == NULL)
        return NULL;
    for (size_t n; *text != '\0'; text += n) {
        n = character(text, &is_allowed);
        size_t n_put = is_allowed ? n : strlen(RIG_UTF8_REPLACEMENT);
        memcpy(end, is_allowed ? text : RIG_UTF8_REPLACEMENT, n_put);
        end += n_put;
    }
    *end = '\0';
    return copy;
}

static const rig_html_figure not_available = {"n/a"};

rig_html_figure rig_html_count(double n)
{
    if (!(fabs(n) < 1e15)) /* no count of calls, and no room for it */
        return not_available;
    char digits[24];
    rig_html_figure f;
    int length = snprintf(digits, sizeof digits, "%.0f", fabs(n));
    size_t used = 0;
    if (n <= -0.5) {
        memcpy(f.text, MINUS, strlen(MINUS));
        used = strlen(MINUS);
    }
    for (int i = 0; i < length; i++) {
        if (i > 0 && (length - i) % 3 == 0)
            f.text[used++] = ',';
        f.text[used++] = digits[i];
    }
    f.text[used] = '\0';
    return f;
}

rig_html_figure rig_html_seed(int64_t seed)
{
    rig_html_figure f;
    (void)snprintf(f.text, sizeof f.text, "%" PRIu64, (uint64_t)seed);
    return f;
}

/* A number in printf form with a true minus sign. */
static rig_html_figure with_unit(const char *sign, const char *number, const char *unit)
{
    rig_html_figure f;
    if (number[0] == '-') {
        sign = strspn(number, "-0.") == strlen(number) ? "" : MINUS; /* no negative zero */
        number++;
    }
    (void)snprintf(f.text, sizeof f.text, "%s%.30s%.12s", sign, number, unit);
    return f;
}

rig_html_figure rig_html_percent(double share)
{
    char number[32];
    if (!(fabs(share) < 1e9))
        return not_available;
    (void)snprintf(number, sizeof number, "%.2f", 100.0 * share);
    return with_unit("", number, " %");
}

rig_html_figure rig_html_points(double share)
{
    char number[32];
    if (!(fabs(share) < 1e9))
        return not_available;
    (void)snprintf(number, sizeof number, "%.2f", 100.0 * share);
    return with_unit(strcmp(number, "0.00") == 0 ? "" : "+", number, " pp");
}

/* "LOW to HIGH UNIT": the unit once. */
static rig_html_figure range(rig_html_figure low, rig_html_figure high, const char *unit)
{
    char *end = strstr(low.text, unit);
    if (end == NULL || strstr(high.text, unit) == NULL)
        return not_available;
    *end = '\0';
    rig_html_figure f;
    (void)snprintf(f.text, sizeof f.text, "%.20s to %.20s", low.text, high.text);
    return f;
}

rig_html_figure rig_html_percent_range(double low, double high)
{
    return range(rig_html_percent(low), rig_html_percent(high), " %");
}

rig_html_figure rig_html_points_range(double low, double high)
{
    return range(rig_html_points(low), rig_html_points(high), " pp");
}

rig_html_figure rig_html_size_in_points(double share)
{
    char number[32];
    if (!(fabs(share) < 1e9))
        return not_available;
    (void)snprintf(number, sizeof number, "%.2f", 100.0 * fabs(share));
    return with_unit("", number, " pp");
}

rig_html_figure rig_html_number(double value, int n_digits)
{
    char number[32];
    if (!isfinite(value))
        return not_available;
    (void)snprintf(number, sizeof number, "%.*g", n_digits, value);
    return with_unit("", number, "");
}

rig_html_figure rig_html_in_unit(double value, const char *unit)
{
    char number[32];
    if (!isfinite(value))
        return not_available;
    if (strcmp(unit, "1") == 0)
        return rig_html_percent(value);
    if ((strcmp(unit, "calls") == 0 || strcmp(unit, "callers") == 0) ||
        strcmp(unit, "circuits") == 0)
        return fabs(value - round(value)) < 0.05 || fabs(value) >= 1000.0
                   ? rig_html_count(value)
                   : with_unit("", (snprintf(number, sizeof number, "%.1f", value), number), "");
    char unit_text[16];
    (void)snprintf(unit_text, sizeof unit_text, " %.11s", unit);
    (void)snprintf(number, sizeof number, "%.4g", value);
    return with_unit("", number, unit_text);
}
