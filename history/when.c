/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "history/when.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static const int64_t MS_PER_DAY = INT64_C(86400000);

/* Exactly so many digits. */
static bool read_digits(const char **at, int n, int *value)
{
    int made = 0;
    for (int i = 0; i < n; i++, (*at)++) {
        if (!isdigit((unsigned char)**at))
            return false;
        made = 10 * made + (**at - '0');
    }
    *value = made;
    return true;
}

static bool skip(const char **at, char c)
{
    if (**at != c)
        return false;
    (*at)++;
    return true;
}

/* "T21:34[:56[.789]][Z]" behind a date. */
static bool read_clock(const char **at, struct tm *t, int *ms)
{
    if (!skip(at, 'T') && !skip(at, ' '))
        return false;
    if (!read_digits(at, 2, &t->tm_hour) || !skip(at, ':') || !read_digits(at, 2, &t->tm_min))
        return false;
    if (skip(at, ':') && !read_digits(at, 2, &t->tm_sec))
        return false;
    if (skip(at, '.')) {
        int place = 100;
        if (!isdigit((unsigned char)**at))
            return false;
        for (; isdigit((unsigned char)**at); (*at)++, place /= 10)
            *ms += (**at - '0') * place;
    }
    (void)skip(at, 'Z');
    return t->tm_hour < 24 && t->tm_min < 60 && t->tm_sec < 60;
}

bool rig_history_when_read(const char *text, int64_t *ms)
{
    struct tm t = {0};
    int year, month, day, part_ms = 0;
    const char *at = text;
    if (!read_digits(&at, 4, &year) || !skip(&at, '-') || !read_digits(&at, 2, &month) ||
        !skip(&at, '-') || !read_digits(&at, 2, &day))
        return false;
    if (*at != '\0' && (!read_clock(&at, &t, &part_ms) || *at != '\0'))
        return false;
    t.tm_year = year - 1900;
    t.tm_mon = month - 1;
    t.tm_mday = day;
    const time_t s = timegm(&t);
    /* the 31st of a month of 30 days becomes the 1st: no such day */
    if (year < 1970 || t.tm_year != year - 1900 || t.tm_mon != month - 1 || t.tm_mday != day)
        return false;
    *ms = (int64_t)s * 1000 + part_ms;
    return true;
}

static struct tm utc_of(int64_t ms)
{
    struct tm t = {0};
    const time_t s = (time_t)(ms >= 0 ? ms / 1000 : 0);
    (void)gmtime_r(&s, &t);
    return t;
}

void rig_history_when_text(int64_t ms, char text[RIG_HISTORY_WHEN_SIZE])
{
    const struct tm t = utc_of(ms);
    if (strftime(text, RIG_HISTORY_WHEN_SIZE, "%Y-%m-%d %H:%M", &t) == 0)
        (void)strcpy(text, "?");
}

const char *rig_history_by_name(rig_history_by by)
{
    static const char *const names[] = {"run", "day", "week", "month"};
    return names[by];
}

bool rig_history_by_read(const char *text, rig_history_by *by)
{
    for (int i = RIG_HISTORY_BY_RUN; i <= RIG_HISTORY_BY_MONTH; i++) {
        if (strcmp(text, rig_history_by_name((rig_history_by)i)) == 0) {
            *by = (rig_history_by)i;
            return true;
        }
    }
    return false;
}

int64_t rig_history_by_start(rig_history_by by, int64_t ms)
{
    if (by == RIG_HISTORY_BY_RUN || ms < 0)
        return ms;
    int64_t day = ms / MS_PER_DAY;
    if (by == RIG_HISTORY_BY_MONTH)
        day -= utc_of(ms).tm_mday - 1;
    if (by == RIG_HISTORY_BY_WEEK)
        day -= (day + 3) % 7; /* 1 January 1970 was a Thursday */
    return day * MS_PER_DAY;
}

int64_t rig_history_by_end(rig_history_by by, int64_t start_ms)
{
    static const int days[] = {[RIG_HISTORY_BY_DAY] = 1, [RIG_HISTORY_BY_WEEK] = 7};
    if (by == RIG_HISTORY_BY_RUN)
        return start_ms + 1;
    if (by != RIG_HISTORY_BY_MONTH)
        return start_ms + days[by] * MS_PER_DAY;
    /* 31 days behind its first one lies the next month, in its first three days */
    return rig_history_by_start(by, start_ms + 31 * MS_PER_DAY);
}

void rig_history_by_text(rig_history_by by, int64_t start_ms, char text[RIG_HISTORY_WHEN_SIZE])
{
    if (by == RIG_HISTORY_BY_RUN) {
        rig_history_when_text(start_ms, text);
        return;
    }
    const struct tm t = utc_of(start_ms);
    const size_t n = by == RIG_HISTORY_BY_WEEK ? strftime(text, RIG_HISTORY_WHEN_SIZE, "%G-W%V", &t)
                     : by == RIG_HISTORY_BY_MONTH
                         ? strftime(text, RIG_HISTORY_WHEN_SIZE, "%Y-%m", &t)
                         : strftime(text, RIG_HISTORY_WHEN_SIZE, "%Y-%m-%d", &t);
    if (n == 0)
        (void)strcpy(text, "?");
}
