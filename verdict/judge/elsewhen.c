/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verdict/judge/elsewhen.h"

#include <math.h>
#include <stdio.h>

void rig_elsewhen_judge(rig_stage_verdict *v, const rig_verdict_input *input, uint64_t n_doubtful)
{
    if (input->observed_intervals == NULL)
        return;
    v->over_time = rig_over_time_compare(input->prediction, input->observed_intervals, v->stage,
                                         v->margin, n_doubtful);
    if (v->over_time.finding == RIG_OVER_TIME_CERTAIN) {
        v->is_elsewhen = v->judgement != RIG_JUDGEMENT_FAIL;
        v->judgement = RIG_JUDGEMENT_FAIL;
        v->minutes_to_decide = (double)NAN;
    } else if (v->over_time.finding == RIG_OVER_TIME_OPEN && v->judgement == RIG_JUDGEMENT_PASS) {
        v->is_elsewhen = true;
        v->judgement = RIG_JUDGEMENT_INCONCLUSIVE;
    }
}

int rig_elsewhen_say(char *text, size_t size, const rig_stage_verdict *v)
{
    const rig_excursion *x = &v->over_time.worst;
    return snprintf(text, size,
                    "in total it loses %.2f %% of its calls, predicted %.2f %%, but from %.0f s to "
                    "%.0f s it lost %.0f calls, predicted %.0f (%.0f..%.0f)",
                    100.0 * v->p_observed, 100.0 * v->p_predicted, x->from_s, x->to_s, x->observed,
                    x->mean, ceil(x->low), floor(x->high));
}

int rig_elsewhen_say_failed(char *text, size_t size, const rig_stage_verdict *v)
{
    int used = snprintf(text, size, "the %s stage: ", rig_stage_name(v->stage));
    return used + rig_elsewhen_say(text + used, size - (size_t)used, v);
}
