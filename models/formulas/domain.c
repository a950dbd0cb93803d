/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/domain.h"

#include <math.h>

rig_status rig_domain_not_negative(const char *formula, const char *argument, double value,
                                   rig_error *err)
{
    if (isfinite(value) && value >= 0.0)
        return RIG_OK;
    return rig_fail(err, RIG_EDOM, "%s: %s %g; expected a finite number >= 0", formula, argument,
                    value);
}

rig_status rig_domain_positive(const char *formula, const char *argument, double value,
                               rig_error *err)
{
    if (isfinite(value) && value > 0.0)
        return RIG_OK;
    return rig_fail(err, RIG_EDOM, "%s: %s %g; expected a finite number > 0", formula, argument,
                    value);
}

rig_status rig_domain_open_share(const char *formula, const char *argument, double value,
                                 rig_error *err)
{
    if (value > 0.0 && value < 1.0)
        return RIG_OK;
    return rig_fail(err, RIG_EDOM, "%s: %s %g; expected a share > 0 and < 1", formula, argument,
                    value);
}

rig_status rig_domain_share(const char *formula, const char *argument, double value, rig_error *err)
{
    if (value >= 0.0 && value <= 1.0)
        return RIG_OK;
    return rig_fail(err, RIG_EDOM, "%s: %s %g; expected a share from 0 to 1", formula, argument,
                    value);
}

rig_status rig_domain_count(const char *formula, const char *argument, uint32_t n, uint32_t least,
                            rig_error *err)
{
    if (n >= least && n <= RIG_MAX_SERVERS)
        return RIG_OK;
    return rig_fail(err, RIG_EDOM, "%s: %s %u; expected a whole number from %u to %u", formula,
                    argument, n, least, RIG_MAX_SERVERS);
}
