/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verdict/redialled.h"

#include <math.h>
#include <stdio.h>

static bool is_served(rig_outcome outcome)
{
    return outcome == RIG_OUTCOME_SERVED || outcome == RIG_OUTCOME_SELF_SERVED;
}

/* What a redial may follow. */
static bool is_lost(rig_outcome outcome)
{
    return rig_outcome_is_lost(outcome) || outcome == RIG_OUTCOME_DROPPED;
}

rig_person rig_person_of(const rig_join *join, const rig_schedule *schedule, size_t first,
                         double time_scale)
{
    rig_person p = {.last = first,
                    .fate = RIG_OUTCOME_NOT_PLACED,
                    .from_s = join->arrival_s[first],
                    .to_s = (double)NAN};
    for (size_t row = first;; row = schedule->calls[row].next) {
        const rig_call *call = join->observed[row];
        const rig_join_back back = rig_join_back_of(join, row);
        p.n_call_backs += back.n_dials;
        p.is_reached = p.is_reached || back.is_reached;
        p.is_called_back = p.is_called_back || back.is_served;
        p.is_served = p.is_served || back.is_served;
        if (call != NULL) {
            p.n_attempts++;
            p.n_backup += schedule->calls[row].is_backup;
            p.last = row;
            p.fate = call->outcome;
            p.is_served = p.is_served || is_served(call->outcome);
            p.to_s = call->t_end_ns == RIG_NO_TIME
                         ? (double)NAN
                         : join->arrival_s[row] +
                               rig_clock_s_of_ns(call->t_end_ns - call->t_invite_ns) * time_scale;
            p.is_promised = call->outcome == RIG_OUTCOME_DEFLECTED;
        }
        if (!isnan(back.end_s))
            p.to_s = fmax(p.to_s, back.end_s);
        if (schedule->calls[row].next == 0)
            break;
    }
    p.is_given_up = p.n_attempts > 0 && is_lost(p.fate) && schedule->calls[p.last].next == 0;
    return p;
}

void rig_redialled_count(const rig_join *join, const rig_schedule *schedule, rig_load_facts *load)
{
    for (size_t i = 0; i < join->n_planned; i++) {
        const rig_call *call = join->observed[i];
        const size_t next = schedule->calls[i].next;
        if (call == NULL || next == 0)
            continue;
        const bool is_to_redial = is_lost(call->outcome), has = join->observed[next] != NULL;
        load->n_to_redial += is_to_redial;
        load->n_not_redialled += is_to_redial && !has;
        load->n_needless +=
            has && (is_served(call->outcome) || call->outcome == RIG_OUTCOME_DEFLECTED);
    }
}

bool rig_redialled_say(const rig_load_facts *load, char *text, size_t size)
{
    static const double P_OTHERWISE = 0.01;
    const uint64_t n_wrong = load->n_not_redialled + load->n_needless;
    text[0] = '\0';
    if (load->n_to_redial + load->n_needless > 0)
        (void)snprintf(
            text, size,
            "of %llu callers who were to dial again %llu did not, and %llu did who were not lost",
            (unsigned long long)load->n_to_redial, (unsigned long long)load->n_not_redialled,
            (unsigned long long)load->n_needless);
    return (double)n_wrong <= fmax(1.0, P_OTHERWISE * (double)load->n_to_redial);
}

rig_persons rig_redialled_sum(const rig_join *join, const rig_schedule *schedule, double promise_s)
{
    rig_persons all = {.call_backs_end_s = (double)NAN};
    for (size_t i = 0; i < rig_join_n_first(join); i++) {
        const rig_person p = rig_person_of(join, schedule, i, 1.0);
        all.n += p.n_attempts > 0 && rig_join_counts(join, i);
        all.n_served += p.is_served && rig_join_counts(join, i);
        all.n_promised += p.is_promised;
        all.n_call_backs += p.n_call_backs;
        all.n_called_back += p.is_called_back;
        all.n_never_reached += p.is_promised && !p.is_reached;
    }
    for (size_t i = rig_join_n_first(join); i < join->n_planned; i++) {
        const rig_call *call = join->observed[i];
        const bool is_counted = call != NULL && rig_join_counts(join, i);
        const bool is_backup = is_counted && schedule->calls[i].is_backup;
        all.n_redials += is_counted;
        all.n_backup += is_backup;
        all.n_backup_served += is_backup && is_served(call->outcome);
    }
    double delays_s = 0.0;
    size_t n_delays = 0, n_in_promise = 0;
    for (size_t i = 0; i < join->n_planned; i++) {
        const rig_join_back back = rig_join_back_of(join, i);
        all.call_backs_end_s = fmax(all.call_backs_end_s, back.end_s);
        if (isnan(back.delay_s))
            continue;
        delays_s += back.delay_s;
        n_delays++;
        n_in_promise += back.delay_s <= promise_s;
    }
    all.promise_kept_rate =
        n_delays > 0 && promise_s > 0.0 ? (double)n_in_promise / (double)n_delays : (double)NAN;
    all.call_back_delay_mean_s = n_delays > 0 ? delays_s / (double)n_delays : (double)NAN;
    return all;
}
