/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analyzer/usage_meter.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/metrics/sweep.h"

enum { MIN_CHANGES = 16384 };

struct rig_usage_meter {
    rig_change *changes; /* not yet taken, in no order */
    size_t n, cap;
    int64_t t_newest_ns; /* of the changes so far */
    int64_t t_last_invite_ns;
    int64_t t_origin_ns; /* an instant that in-progress calls are reckoned from */
    rig_sweep sweep;
    rig_usage usage;
    rig_tally if_marks; /* the tally if the target turns out to show queue marks */
    double held_s;
    uint64_t n_held;
    uint64_t n_in_progress; /* answered, and not over at the end */
    bool keeps_all;
    bool is_out_of_memory; /* answered() has no other way to tell */
};

rig_status rig_usage_meter_new_with(const rig_usage_meter_options *options, rig_usage_meter **meter,
                                    rig_error *err)
{
    rig_usage_meter *made = calloc(1, sizeof *made);
    if (made == NULL)
        return rig_fail(err, RIG_ENOMEM, "out of memory");
    made->usage.t_first_ns = made->usage.t_last_ns = made->usage.t_peak_ns = RIG_NO_TIME;
    made->t_newest_ns = made->t_origin_ns = made->sweep.t_ns = RIG_NO_TIME;
    made->t_last_invite_ns = RIG_NO_TIME;
    made->sweep.usage = &made->usage;
    if (options != NULL) {
        made->sweep.series = options->series;
        made->keeps_all = options->keeps_all;
    }
    *meter = made;
    return RIG_OK;
}

rig_status rig_usage_meter_new(rig_usage_meter **meter, rig_error *err)
{
    return rig_usage_meter_new_with(NULL, meter, err);
}

void rig_usage_meter_free(rig_usage_meter *meter)
{
    if (meter == NULL)
        return;
    rig_sweep_clear(&meter->sweep);
    free(meter->changes);
    free(meter);
}

/* Take the changes that lie so far back that no earlier one will be told. */
static bool settle(rig_usage_meter *m, int64_t t_until_ns)
{
    qsort(m->changes, m->n, sizeof *m->changes, rig_change_compare);
    size_t n_done = 0;
    while (n_done < m->n && m->changes[n_done].t_ns <= t_until_ns) {
        if (!rig_sweep_take(&m->sweep, m->changes[n_done]))
            return false;
        n_done++;
    }
    m->n -= n_done;
    memmove(m->changes, m->changes + n_done, m->n * sizeof *m->changes);
    return true;
}

static bool make_room(rig_usage_meter *m)
{
    if (m->n < m->cap)
        return true;
    if (m->n > 0 && !m->keeps_all && !settle(m, m->t_newest_ns - RIG_USAGE_LAG_NS))
        return false;
    if (m->n < m->cap / 2 && !m->keeps_all)
        return true;
    size_t cap = m->cap == 0 ? MIN_CHANGES : m->cap * 2;
    rig_change *wider = reallocarray(m->changes, cap, sizeof *wider);
    if (wider == NULL)
        return false;
    m->changes = wider;
    m->cap = cap;
    return true;
}

static bool push(rig_usage_meter *m, int64_t t_ns, rig_change_kind kind)
{
    if (!make_room(m))
        return false;
    if (t_ns > m->t_newest_ns)
        m->t_newest_ns = t_ns;
    if (m->sweep.t_ns != RIG_NO_TIME && t_ns < m->sweep.t_ns) {
        t_ns = m->sweep.t_ns;
        m->usage.n_late++;
    }
    m->changes[m->n++] = (rig_change){t_ns, kind};
    return true;
}

void rig_usage_meter_answered(void *ctx, int64_t t_invite_ns)
{
    rig_usage_meter *m = ctx;
    if (!push(m, t_invite_ns, RIG_SEIZED))
        m->is_out_of_memory = true;
}

void rig_usage_meter_withdrawn(void *ctx, int64_t t_invite_ns)
{
    rig_usage_meter *m = ctx;
    if (!push(m, t_invite_ns, RIG_GIVEN_BACK))
        m->is_out_of_memory = true;
}

static void count(rig_usage_meter *m, const rig_finished_call *finished)
{
    rig_call other = *finished->call;
    rig_tally_add(&m->usage.tally, other.outcome, rig_call_stage(&other));
    other.outcome = finished->outcome_if_marks;
    rig_tally_add(&m->if_marks, other.outcome, rig_call_stage(&other));
    if (other.t_invite_ns > m->t_last_invite_ns)
        m->t_last_invite_ns = other.t_invite_ns;
    if (m->t_origin_ns == RIG_NO_TIME)
        m->t_origin_ns = other.t_invite_ns;
    if (m->usage.t_first_ns == RIG_NO_TIME || other.t_invite_ns < m->usage.t_first_ns)
        m->usage.t_first_ns = other.t_invite_ns;
    int64_t t_last_ns = rig_usage_last_instant(&other);
    if (t_last_ns > m->usage.t_last_ns)
        m->usage.t_last_ns = t_last_ns;
}

rig_status rig_usage_meter_take(void *ctx, const rig_finished_call *finished, rig_error *err)
{
    rig_usage_meter *m = ctx;
    const rig_call *call = finished->call;
    bool is_done = !m->is_out_of_memory;
    count(m, finished);
    if (!rig_usage_holds_circuit(call)) {
        if (rig_usage_is_refusal(call))
            is_done = is_done && push(m, call->t_invite_ns, RIG_REFUSED);
        return is_done ? RIG_OK : rig_fail(err, RIG_ENOMEM, "out of memory");
    }
    m->n_held++;
    if (!call->answered || m->keeps_all) /* else it was told when it was answered */
        is_done = is_done && push(m, call->t_invite_ns, RIG_SEIZED);
    int64_t t_over_ns = rig_usage_over_ns(call);
    if (t_over_ns == RIG_NO_TIME) {
        m->n_in_progress++;
        m->held_s -= rig_clock_s_of_ns(call->t_invite_ns - m->t_origin_ns);
    } else {
        int64_t t_end_ns = t_over_ns > call->t_invite_ns ? t_over_ns : call->t_invite_ns;
        m->held_s += rig_clock_s_of_ns(t_end_ns - call->t_invite_ns);
        is_done = is_done && push(m, t_end_ns, RIG_GIVEN_BACK);
    }
    return is_done ? RIG_OK : rig_fail(err, RIG_ENOMEM, "out of memory");
}

rig_status rig_usage_meter_finish(rig_usage_meter *m, bool has_queue_marks, rig_usage **usage,
                                  rig_error *err)
{
    rig_usage *made = malloc(sizeof *made);
    if (made == NULL || m->is_out_of_memory || (m->n > 0 && !settle(m, INT64_MAX))) {
        free(made);
        return rig_fail(err, RIG_ENOMEM, "out of memory");
    }
    rig_usage *u = &m->usage;
    if (has_queue_marks)
        u->tally = m->if_marks;
    double held_s = m->held_s;
    if (m->n_in_progress > 0)
        held_s += (double)m->n_in_progress * rig_clock_s_of_ns(u->t_last_ns - m->t_origin_ns);
    if (held_s < 0) /* rounding: nothing was held */
        held_s = 0;
    if (u->t_last_ns > u->t_first_ns)
        u->carried_erl = held_s / rig_clock_s_of_ns(u->t_last_ns - u->t_first_ns);
    int64_t mean_ns = m->n_held > 0 ? rig_clock_ns_of_s(held_s / (double)m->n_held) : 0;
    rig_sweep_finish(&m->sweep, u->t_last_ns, u->t_first_ns + RIG_USAGE_WARM_UP * mean_ns,
                     m->t_last_invite_ns);
    u->offered_erl = m->n_held == 0
                         ? u->carried_erl
                         : u->carried_erl * (double)u->tally.n_offered / (double)m->n_held;
    *made = *u;
    *usage = made;
    return RIG_OK;
}
