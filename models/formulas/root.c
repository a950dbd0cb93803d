/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/formulas/root.h"

#include <math.h>

#include <gsl/gsl_errno.h>
#include <gsl/gsl_roots.h>

#define MOST_STEPS         300
#define RELATIVE_TOLERANCE 1e-14

rig_status rig_root_find(rig_root_function f, void *ctx, double low, double high, double *root)
{
    double at_low = f(low, ctx), at_high = f(high, ctx);
    if (!isfinite(at_low) || !isfinite(at_high))
        return RIG_EDOM;
    if (at_low == 0.0 || at_high == 0.0) {
        *root = at_low == 0.0 ? low : high;
        return RIG_OK;
    }
    if (signbit(at_low) == signbit(at_high)) /* GSL would call its error handler */
        return RIG_EDOM;
    gsl_root_fsolver *solver = gsl_root_fsolver_alloc(gsl_root_fsolver_brent);
    if (solver == NULL)
        return RIG_ENOMEM;
    gsl_function function = {.function = f, .params = ctx};
    int status = gsl_root_fsolver_set(solver, &function, low, high);
    int progress = GSL_CONTINUE;
    for (int step = 0; step < MOST_STEPS && status == GSL_SUCCESS && progress == GSL_CONTINUE;
         step++) {
        status = gsl_root_fsolver_iterate(solver);
        progress =
            gsl_root_test_interval(gsl_root_fsolver_x_lower(solver),
                                   gsl_root_fsolver_x_upper(solver), 0.0, RELATIVE_TOLERANCE);
    }
    double found = gsl_root_fsolver_root(solver);
    gsl_root_fsolver_free(solver);
    if (status != GSL_SUCCESS || progress != GSL_SUCCESS)
        return RIG_EDOM;
    *root = found;
    return RIG_OK;
}
