/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Shares of counts. */
#ifndef RIG_ANALYZER_RATIO_H
#define RIG_ANALYZER_RATIO_H

#include <math.h>
#include <stdint.h>

/** A part of a whole, in [0, 1]; NAN where there is no whole. */
static inline double rig_ratio(uint64_t part, uint64_t whole)
{
    return whole == 0 ? (double)NAN : (double)part / (double)whole;
}

#endif
