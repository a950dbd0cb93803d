/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/html/page.h"

#include <stdarg.h>
#include <string.h>

#include "core/metric.h"
#include "reports/html/text.h"

void rig_page_say(const rig_page *page, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    (void)vfprintf(page->out, rig_translate(page->language, format), args);
    va_end(args);
}

void rig_page_put(const rig_page *page, const char *html)
{
    (void)fputs(rig_translate(page->language, html), page->out);
}

const char *rig_page_words(const rig_page *page, const char *text)
{
    return rig_translate(page->language, text);
}

void rig_page_word(const rig_page *page, const char *text)
{
    rig_html_text(page->out, rig_translate(page->language, text));
}

void rig_page_retell(const rig_page *page, const char *text)
{
    rig_html_text(page->out, rig_retell(page->language, text).text);
}

const char *rig_page_metric(const rig_page *page, const char *name, const char *description)
{
    rig_metric metric;
    if (page->language == rig_language_english() || !rig_metric_find(name, strlen(name), &metric))
        return description;
    return rig_page_words(page, rig_metric_describe(metric)->description);
}

/* "1.2" or "1.2 pp", the unit in words. */
static void add_value(const rig_page *page, const char *value, size_t n, rig_told *to)
{
    static const char points[] = " pp";
    const size_t n_points = sizeof points - 1, used = strlen(to->text);
    const int is_points = n > n_points && strncmp(value + n - n_points, points, n_points) == 0;
    if (is_points)
        n -= n_points;
    (void)snprintf(to->text + used, sizeof to->text - used, "%.*s%s", (int)n, value,
                   is_points ? rig_translate(page->language, N_(" pp")) : "");
}

rig_told rig_page_figure(const rig_page *page, const char *figure)
{
    static const char between[] = " to ";
    const char *to = strstr(figure, between);
    const int is_figure =
        strspn(figure, "+0123456789") > 0 || strncmp(figure, "\xE2\x88\x92", 3) == 0;
    rig_told told = {""};
    if (!is_figure) { /* "n/a", or a name */
        (void)snprintf(told.text, sizeof told.text, "%s",
                       strcmp(figure, "n/a") == 0 ? rig_translate(page->language, N_("n/a"))
                                                  : figure);
    } else if (to == NULL) {
        add_value(page, figure, strlen(figure), &told);
    } else {
        add_value(page, figure, (size_t)(to - figure), &told);
        const size_t used = strlen(told.text);
        (void)snprintf(told.text + used, sizeof told.text - used, "%s",
                       rig_translate(page->language, N_(" to ")));
        add_value(page, to + strlen(between), strlen(to + strlen(between)), &told);
    }
    return told;
}

rig_told rig_page_in_unit(const rig_page *page, double value, const char *unit)
{
    rig_told html = {""};
    FILE *to = fmemopen(html.text, sizeof html.text, "w");
    if (to != NULL) {
        rig_html_text(to, rig_page_figure(page, rig_html_in_unit(value, unit).text).text);
        (void)fclose(to);
    }
    return html;
}

void rig_page_put_figure(const rig_page *page, const char *figure)
{
    rig_html_text(page->out, rig_page_figure(page, figure).text);
}
