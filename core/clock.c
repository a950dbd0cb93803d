/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/clock.h"

#include <math.h>
#include <stdio.h>
#include <time.h>

static int64_t read_clock(clockid_t id)
{
    struct timespec now;
    clock_gettime(id, &now);
    return (int64_t)now.tv_sec * RIG_NS_PER_S + now.tv_nsec;
}

int64_t rig_clock_realtime_ns(void)
{
    return read_clock(CLOCK_REALTIME);
}

int64_t rig_clock_monotonic_ns(void)
{
    return read_clock(CLOCK_MONOTONIC);
}

int64_t rig_clock_ns_of_s(double s)
{
    return (int64_t)llround(s * 1e9);
}

double rig_clock_s_of_ns(int64_t ns)
{
    return (double)ns * 1e-9;
}

static struct tm utc_of(int64_t epoch_ns)
{
    time_t seconds = (time_t)(epoch_ns / RIG_NS_PER_S);
    struct tm tm;
    gmtime_r(&seconds, &tm);
    return tm;
}

void rig_clock_format_utc(int64_t epoch_ns, char text[RIG_UTC_TEXT_SIZE])
{
    struct tm tm = utc_of(epoch_ns);
    size_t n = strftime(text, RIG_UTC_TEXT_SIZE, "%Y-%m-%dT%H:%M:%S", &tm);
    int ms = (int)(epoch_ns % RIG_NS_PER_S / 1000000);
    (void)snprintf(text + n, RIG_UTC_TEXT_SIZE - n, ".%03dZ", ms);
}

void rig_clock_format_utc_compact(int64_t epoch_ns, char text[RIG_UTC_TEXT_SIZE])
{
    struct tm tm = utc_of(epoch_ns);
    (void)strftime(text, RIG_UTC_TEXT_SIZE, "%Y%m%dT%H%M%SZ", &tm);
}
