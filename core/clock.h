/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Time: readings of the two clocks, and UTC as text. Packet time is int64_t nanoseconds. */
#ifndef RIG_CORE_CLOCK_H
#define RIG_CORE_CLOCK_H

#include <stddef.h>
#include <stdint.h>

/** Nanoseconds in a second. */
#define RIG_NS_PER_S INT64_C(1000000000)

/** "No such instant" in a field of type int64_t ..._ns. */
#define RIG_NO_TIME INT64_MIN

/** CLOCK_REALTIME, ns since the epoch: the clock of captures and of SIPp's schedule. */
int64_t rig_clock_realtime_ns(void);

/** CLOCK_MONOTONIC, ns: for waiting and time-outs. */
int64_t rig_clock_monotonic_ns(void);

/** Seconds as nanoseconds, rounded to the nearest; the caller keeps |s| below 9.2e9. */
int64_t rig_clock_ns_of_s(double s);

/** Nanoseconds as seconds. */
double rig_clock_s_of_ns(int64_t ns);

/** How far two instants are apart, whichever is the earlier. */
static inline int64_t rig_clock_apart_ns(int64_t a_ns, int64_t b_ns)
{
    return a_ns > b_ns ? a_ns - b_ns : b_ns - a_ns;
}

/** Room that rig_clock_format_utc needs, its NUL included. */
#define RIG_UTC_TEXT_SIZE 32

/** Write "2026-01-31T23:59:59.123Z" (ISO 8601, UTC, ms). @param[out] text RIG_UTC_TEXT_SIZE bytes.
 */
void rig_clock_format_utc(int64_t epoch_ns, char text[RIG_UTC_TEXT_SIZE]);

/** Write "20260131T235959Z" (for names of folders). @param[out] text RIG_UTC_TEXT_SIZE bytes. */
void rig_clock_format_utc_compact(int64_t epoch_ns, char text[RIG_UTC_TEXT_SIZE]);

#endif
