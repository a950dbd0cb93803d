/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verdict/early_stop.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_statistics.h>
#include <math.h>

#include "verdict/judge/gate.h"
#include "models/margin.h"

double rig_early_stop_share(unsigned look)
{
    return (double)(look + 1) / RIG_N_LOOKS;
}

static double spent(double share)
{
    return share > 0.0 ? 2.0 * gsl_cdf_ugaussian_Q(gsl_cdf_ugaussian_Qinv(RIG_GATE_ALPHA / 2.0) /
                                                   sqrt(share))
                       : 0.0;
}

double rig_early_stop_alpha(unsigned look)
{
    return spent(rig_early_stop_share(look)) -
           (look > 0 ? spent(rig_early_stop_share(look - 1)) : 0.0);
}

/* 1 where nothing speaks for a deviation. */
static rig_status p_value_of(const rig_look_stage *stage, size_t n_replays, double *p_value)
{
    rig_sample s;
    *p_value = 1.0;
    rig_status status = rig_sample_make(stage->replayed, n_replays, &s);
    if (status != RIG_OK)
        return status;
    if (s.n > 1 && !isnan(stage->observed)) {
        double d = stage->observed - s.mean;
        double margin = rig_margin_of(&stage->margin, &s, (double)stage->n_entered);
        double beyond = fabs(d) - margin - stage->doubt;
        double extreme = d > 0.0 ? s.sorted[s.n - 1] - s.mean : s.mean - s.sorted[0];
        double least = stage->n_entered > 0 ? 1.0 / (double)stage->n_entered : 0.0;
        double sd = fmax(least, gsl_stats_sd_m(s.sorted, 1, s.n, s.mean));
        if (beyond > 0.0 && beyond > extreme)
            *p_value = sd > 0.0 ? fmin(1.0, 2.0 * gsl_cdf_ugaussian_Q(beyond / sd)) : 0.0;
    }
    rig_sample_clear(&s);
    return RIG_OK;
}

rig_status rig_early_stop_look(unsigned look, const rig_look_stage stages[RIG_N_STAGES],
                               size_t n_replays, rig_look_result *result)
{
    rig_gate_test tests[RIG_N_STAGES] = {{0}};
    if (look >= RIG_N_LOOKS)
        return RIG_EDOM;
    rig_look_result made = {.stage = RIG_N_STAGES, .alpha = rig_early_stop_alpha(look)};
    for (int s = 0; s < RIG_N_STAGES; s++) {
        rig_status status = p_value_of(&stages[s], n_replays, &tests[s].p_value);
        if (status != RIG_OK)
            return status;
        made.p_value_alone[s] = tests[s].p_value;
    }
    rig_gate_holm(tests, RIG_N_STAGES);
    for (int s = RIG_N_STAGES; s-- > 0;) {
        made.p_value[s] = tests[s].p_value_holm;
        if (made.p_value[s] < made.alpha)
            made.stage = (rig_stage)s;
    }
    made.is_certain_to_fail = made.stage < RIG_N_STAGES;
    *result = made;
    return RIG_OK;
}
