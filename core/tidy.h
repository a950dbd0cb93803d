/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbers as people read them: no "-0". */
#ifndef RIG_CORE_TIDY_H
#define RIG_CORE_TIDY_H

#include <math.h>

/**
 * A number as it may be printed with so many decimals: 0 where it would be rounded to "-0" or
 * "-0.00", else the number itself.
 */
static inline double rig_tidy(double value, int decimals)
{
    double half = 0.5;
    for (int i = 0; i < decimals; i++)
        half /= 10;
    return value <= 0 && value >= -half ? 0.0 : value;
}

#endif
