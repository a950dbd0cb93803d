/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/centre/trunks.h"

#include "models/centre/call_back.h"
#include "models/centre/races.h"
#include "models/centre/statistics.h"

static void set_circuits(rig_centre *c, uint32_t trunk, uint32_t n)
{
    rig_trunk_group now = c->scenario->trunks[trunk];
    now.n_circuits = n;
    c->trunks[trunk].n_circuits = n;
    c->trunks[trunk].n_spare = rig_scenario_n_spare(&now);
}

static void await_step(rig_centre *c, uint32_t trunk)
{
    const rig_trunk_group *given = &c->scenario->trunks[trunk];
    const uint32_t next = c->trunks[trunk].n_step;
    if (next < given->n_steps)
        rig_calendar_set(c->calendar, c->first_step + trunk, given->steps[next].at_s);
}

void rig_trunks_begin(rig_centre *c)
{
    for (uint32_t i = 0; i < c->n_trunks; i++) {
        const rig_trunk_group *given = &c->scenario->trunks[i];
        c->trunks[i] = (rig_trunk){.n_step = given->n_steps > 0};
        set_circuits(c, i, rig_scenario_circuits_at(given, 0.0));
        await_step(c, i);
    }
    c->n_circuits_in_use = 0;
}

void rig_trunks_step(rig_centre *c, uint32_t trunk)
{
    set_circuits(c, trunk, c->scenario->trunks[trunk].steps[c->trunks[trunk].n_step++].n);
    await_step(c, trunk);
    rig_callback_look(c);
}

static void take_circuit(rig_centre *c, rig_trunk *t)
{
    t->n_in_use++;
    if (t->n_in_use > t->peak)
        t->peak = t->n_in_use;
    c->n_circuits_in_use++;
    if (c->n_circuits_in_use > c->peak_circuits)
        c->peak_circuits = c->n_circuits_in_use;
    rig_gauge_add(c, &t->in_use, 1.0);
}

static bool has_free(const rig_trunk *t, uint32_t n_spare)
{
    /* where there are fewer now, more may be in use than there are */
    return t->n_down == 0 && t->n_circuits > (uint64_t)t->n_in_use + n_spare;
}

uint32_t rig_trunks_n_free(const rig_centre *c, uint32_t caller, uint32_t attempt)
{
    const uint32_t first = rig_callers_trunk(&c->callers, caller, attempt);
    const rig_trunk_group *given = &c->scenario->trunks[first];
    const rig_trunk *t = &c->trunks[first];
    uint32_t n = has_free(t, 0) ? t->n_circuits - t->n_in_use : 0;
    for (size_t i = 0; i < given->n_overflow; i++) {
        const rig_trunk *other = &c->trunks[given->overflow[i]];
        if (has_free(other, other->n_spare))
            n += other->n_circuits - other->n_in_use - other->n_spare;
    }
    return n;
}

void rig_trunks_refuse(rig_centre *c, uint32_t caller, uint32_t attempt)
{
    rig_trunk *t = &c->trunks[rig_callers_trunk(&c->callers, caller, attempt)];
    t->n_offered++;
    t->n_refused++;
}

uint32_t rig_trunks_seize(rig_centre *c, uint32_t caller, uint32_t attempt)
{
    const uint32_t first = rig_callers_trunk(&c->callers, caller, attempt);
    const rig_trunk_group *given = &c->scenario->trunks[first];
    rig_trunk *t = &c->trunks[first];
    t->n_offered++;
    if (c->n_centre_down == 0) {
        if (has_free(t, 0)) {
            take_circuit(c, t);
            return first;
        }
        for (size_t i = 0; i < given->n_overflow; i++) {
            rig_trunk *other = &c->trunks[given->overflow[i]];
            if (has_free(other, other->n_spare)) {
                other->n_overflowed_in++;
                take_circuit(c, other);
                return given->overflow[i];
            }
        }
    }
    t->n_refused++;
    return RIG_NONE;
}

bool rig_trunks_can_dial(const rig_centre *c)
{
    for (uint32_t i = 0; i < c->n_trunks; i++) {
        if (has_free(&c->trunks[i], c->trunks[i].n_spare))
            return true;
    }
    return false;
}

uint32_t rig_trunks_seize_to_dial(rig_centre *c)
{
    uint32_t i = 0;
    while (i + 1 < c->n_trunks && !has_free(&c->trunks[i], c->trunks[i].n_spare))
        i++;
    take_circuit(c, &c->trunks[i]);
    return i;
}

void rig_trunks_release(rig_centre *c, uint32_t trunk)
{
    rig_trunk *t = &c->trunks[trunk];
    t->n_in_use--;
    c->n_circuits_in_use--;
    rig_gauge_add(c, &t->in_use, -1.0);
    if (c->is_conditioned)
        rig_races_released(c);
}
