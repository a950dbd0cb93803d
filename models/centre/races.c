/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/centre/races.h"

#include <math.h>

#include "models/centre/calls.h"
#include "models/centre/orbit.h"
#include "models/centre/statistics.h"
#include "models/centre/trunks.h"
#include "scenarios/own_durations.h"

void rig_races_begin(rig_centre *c)
{
    const rig_delays *delays = c->input->delays;
    const bool is_seen = delays != NULL && delays->own != NULL;
    c->is_exact = is_seen && c->input->mode != RIG_REPLAY_MOVED;
    c->is_conditioned = is_seen && c->input->mode == RIG_REPLAY_AS_SEEN;
    c->n_held = 0;
    c->n_released = 0;
}

static double most_s(const rig_centre *c)
{
    return c->input->delays->most_race_s;
}

/* Calls that were seen. */
static const rig_call_delays *seen(const rig_centre *c, uint32_t row)
{
    if (!c->is_conditioned || row == RIG_NO_ROW ||
        c->input->delays->own[row].fate == RIG_N_OUTCOMES)
        return NULL;
    return &c->input->delays->own[row];
}

static const rig_call_delays *seen_slot(const rig_centre *c, const rig_slot *s)
{
    return seen(c, s->row);
}

static void note(const rig_centre *c, uint32_t row, double gap_s)
{
    if (c->output->instants != NULL)
        c->output->instants[row].race_s = gap_s;
}

static void lose(rig_centre *c, const rig_held_call *held)
{
    rig_trunks_refuse(c, held->caller, held->attempt);
    rig_statistics_outcome(c, held->caller, held->attempt, held->interval, 0,
                           RIG_OUTCOME_LOST_TRUNK, RIG_STAGE_TRUNK);
}

/* The earliest that is held. */
static rig_held_call take_held(rig_centre *c)
{
    rig_held_call first = c->held[0];
    c->n_held--;
    for (uint32_t i = 0; i < c->n_held; i++)
        c->held[i] = c->held[i + 1];
    return first;
}

static void lose_overdue(rig_centre *c)
{
    while (c->n_held > 0 && c->now_s - c->held[0].arrival_s > most_s(c)) {
        rig_held_call held = take_held(c);
        lose(c, &held);
        rig_orbit_redial(c, held.caller, held.attempt, rig_scenario_retry_floor_s(c->scenario));
    }
}

void rig_races_end(rig_centre *c)
{
    while (c->n_held > 0) {
        rig_held_call held = take_held(c);
        lose(c, &held);
    }
}

bool rig_races_hold(rig_centre *c, uint32_t caller, uint32_t attempt, uint32_t interval)
{
    const rig_call_delays *own = seen(c, rig_callers_row(&c->callers, caller, attempt));
    if (own == NULL || own->fate == RIG_OUTCOME_LOST_TRUNK ||
        own->fate == RIG_OUTCOME_UNCLASSIFIED || c->n_centre_down > 0 ||
        rig_trunks_n_free(c, caller, attempt) > 0)
        return false;
    lose_overdue(c);
    if (c->n_held == RIG_MOST_HELD)
        return false;
    c->held[c->n_held++] = (rig_held_call){c->now_s, caller, attempt, interval};
    return true;
}

void rig_races_released(rig_centre *c)
{
    c->released_s[c->n_released++ % RIG_MOST_HELD] = c->now_s;
}

bool rig_races_refuse(rig_centre *c, uint32_t caller, uint32_t attempt)
{
    const uint32_t row = rig_callers_row(&c->callers, caller, attempt);
    const rig_call_delays *own = seen(c, row);
    if (own == NULL || own->fate != RIG_OUTCOME_LOST_TRUNK)
        return false;
    const uint32_t n_free = rig_trunks_n_free(c, caller, attempt);
    if (n_free == 0 || n_free > RIG_MOST_HELD || n_free > c->n_released)
        return false;
    const double gap_s = c->now_s - c->released_s[(c->n_released - n_free) % RIG_MOST_HELD];
    if (gap_s > most_s(c))
        return false;
    note(c, row, gap_s);
    return true;
}

void rig_races_admit(rig_centre *c)
{
    if (c->n_held == 0)
        return;
    lose_overdue(c);
    if (c->n_held == 0 || rig_trunks_n_free(c, c->held[0].caller, c->held[0].attempt) == 0)
        return;
    const rig_held_call held = take_held(c);
    note(c, rig_callers_row(&c->callers, held.caller, held.attempt), c->now_s - held.arrival_s);
    rig_centre_call_admit(c, held.caller, held.attempt, held.interval, held.arrival_s);
}

double rig_races_stay_until_s(const rig_centre *c, const rig_slot *slot, double gives_up_s,
                              double seen_s)
{
    if (seen_slot(c, slot) == NULL)
        return gives_up_s;
    const double gap_s = seen_s - gives_up_s;
    if (!(gap_s > 0.0 && gap_s <= most_s(c)))
        return gives_up_s;
    note(c, slot->row, gap_s);
    return seen_s + most_s(c);
}

bool rig_races_is_leaving(const rig_centre *c, const rig_slot *slot)
{
    const rig_call_delays *own = seen_slot(c, slot);
    if (own == NULL)
        return false;
    const bool is_of_state = slot->state == RIG_SLOT_WAITS_FOR_PORT
                                 ? own->fate == RIG_OUTCOME_LOST_IVR
                                 : own->fate == RIG_OUTCOME_LOST_QUEUE;
    const double gap_s = own->leave_s - c->now_s;
    if (!is_of_state || !(gap_s >= 0.0 && gap_s <= most_s(c)))
        return false;
    note(c, slot->row, gap_s);
    return true;
}

double rig_races_self_service_s(const rig_centre *c, const rig_slot *slot, double hangs_up_s,
                                double menu_ends_s)
{
    const rig_call_delays *own = seen_slot(c, slot);
    const double gap_s = fabs(hangs_up_s - menu_ends_s);
    if (own == NULL || !(gap_s <= most_s(c)))
        return hangs_up_s;
    const bool was_first = own->fate == RIG_OUTCOME_SELF_SERVED;
    if (was_first != (hangs_up_s < menu_ends_s))
        note(c, slot->row, gap_s);
    if (was_first)
        return rig_earlier_s(hangs_up_s, nextafter(menu_ends_s, 0.0));
    /* his hang-up may have crossed the ringing, too */
    const bool is_leaving = fabs(own->leave_s - menu_ends_s) <= most_s(c);
    return rig_later_s(is_leaving ? own->leave_s : hangs_up_s, menu_ends_s);
}

double rig_races_ring_s(const rig_centre *c, const rig_slot *slot, uint32_t k, double ring_s,
                        double timeout_s)
{
    const rig_call_delays *own = seen_slot(c, slot);
    const double gap_s = fabs(ring_s - timeout_s);
    if (own == NULL || own->ring < k || !(gap_s <= most_s(c)))
        return ring_s;
    const bool was_answered = own->ring == k && own->fate == RIG_OUTCOME_SERVED;
    if (was_answered != (ring_s < timeout_s))
        note(c, slot->row, gap_s);
    return was_answered ? rig_earlier_s(ring_s, nextafter(timeout_s, 0.0))
                        : rig_later_s(ring_s, timeout_s);
}

double rig_races_talk_s(const rig_centre *c, const rig_slot *slot, double talk_s)
{
    const rig_call_delays *own = seen_slot(c, slot);
    if (own == NULL || own->fate != RIG_OUTCOME_SERVED)
        return talk_s;
    const double seen_s = own->end_s - c->now_s;
    if (!(seen_s >= 0.0 && seen_s <= most_s(c)) || talk_s <= most_s(c))
        return talk_s;
    note(c, slot->row, seen_s);
    return seen_s;
}

double rig_races_ringing_s(const rig_centre *c, const rig_slot *slot, uint32_t k, double gives_up_s,
                           double answered_s)
{
    const rig_call_delays *own = seen_slot(c, slot);
    const double gap_s = fabs(gives_up_s - answered_s);
    if (own == NULL || own->ring != k || !(gap_s <= most_s(c)) ||
        (own->fate != RIG_OUTCOME_LOST_AGENT && own->fate != RIG_OUTCOME_SERVED))
        return gives_up_s;
    const bool was_lost = own->fate == RIG_OUTCOME_LOST_AGENT;
    if (was_lost != (gives_up_s < answered_s))
        note(c, slot->row, gap_s);
    return was_lost ? rig_earlier_s(gives_up_s, nextafter(answered_s, 0.0))
                    : rig_later_s(gives_up_s, answered_s);
}

double rig_races_rings_s(const rig_centre *c, const rig_slot *slot, uint32_t k, double rings_s)
{
    const rig_call_delays *own = seen_slot(c, slot);
    if (own == NULL || own->fate != RIG_OUTCOME_LOST_QUEUE ||
        (own->ring != k && own->ring + 1 != k) || /* of one who came back it is the last in vain */
        !(own->leave_s <= c->now_s + most_s(c)) || own->leave_s < c->now_s - most_s(c))
        return rings_s;
    note(c, slot->row, fabs(own->leave_s - c->now_s));
    return rings_s + most_s(c);
}
