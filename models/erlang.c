#include "models/erlang.h"

#include <math.h>

rig_status rig_erlang_b(double offered_erl, uint32_t n_circuits, double *p_block)
{
    if (!isfinite(offered_erl) || offered_erl < 0.0)
        return RIG_EDOM;
    if (offered_erl == 0.0) {
        *p_block = n_circuits == 0 ? 1.0 : 0.0;
        return RIG_OK;
    }
    /* 1/B(n) = 1 + (n / A) / B(n - 1); it can only grow past the range of a double when B is 0 */
    double inverse = 1.0;
    for (uint32_t n = 1; n <= n_circuits && isfinite(inverse); n++)
        inverse = 1.0 + (double)n / offered_erl * inverse;
    *p_block = 1.0 / inverse;
    return RIG_OK;
}
