/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Instants and durations in whole microseconds: what schedule.csv holds, so that a schedule that is
 * read back is the one that was drawn. */
#ifndef RIG_CORE_MICROSECONDS_H
#define RIG_CORE_MICROSECONDS_H

#include <math.h>
#include <stdint.h>

/** round(s * 1e6) / 1e6, bit for bit, without the library's call. @param s  >= 0; may be infinite.
 */
static inline double rig_round_to_us(double s)
{
    double us = s * 1e6;
    if (!(us < 0x1p52)) /* whole already */
        return us / 1e6;
    int64_t whole = (int64_t)us;
    whole += us - (double)whole >= 0.5;
    return (double)whole / 1e6;
}

#endif
