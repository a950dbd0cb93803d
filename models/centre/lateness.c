/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/centre/lateness.h"

#include <math.h>
#include <string.h>

#include "core/random.h"
#include "models/centre/ivr.h"

const rig_call_delays *rig_centre_call_own(const rig_centre *c, const rig_slot *slot)
{
    const rig_delays *delays = c->input->delays;
    return delays != NULL && delays->own != NULL && slot->row != RIG_NO_ROW
               ? &delays->own[slot->row]
               : NULL;
}

static double pick(const rig_delay_sample *sample, double u)
{
    const size_t at = (size_t)(u * (double)sample->n);
    return sample->n > 0 ? sample->delay_s[at < sample->n ? at : sample->n - 1] : 0.0;
}

/* How far what was seen is moved. */
static double pick_move_s(const rig_delays *delays, double u)
{
    const double p = delays->p_stalled;
    if (u < p)
        return delays->most_stalled_s * (2.0 * u / p - 1.0);
    return pick(&delays->jitter, (u - p) / (1.0 - p));
}

double rig_centre_most_reaction_s(const rig_centre *c)
{
    const rig_delays *delays = c->input->delays;
    return c->is_conditioned ? delays->most_race_s : delays->most_reaction_s;
}

/* Delays that nearly every call has, which are drawn together; the others are drawn alone. Of two
 * of them a call has one: which, is known when it is admitted. */
enum { PLACE_OF_ANSWER = 5, PLACE_OF_TALK = 6, ALONE = RIG_RANDOM_BLOCK };
static const uint8_t delay_place[RIG_N_DELAY_KINDS] = {
    [RIG_DELAY_PATIENCE_ANSWER] = 0,
    [RIG_DELAY_PATIENCE_QUEUE] = ALONE,
    [RIG_DELAY_PATIENCE_RINGING] = 1,
    [RIG_DELAY_SELF_SERVICE] = ALONE,
    [RIG_DELAY_RING] = 2,
    [RIG_DELAY_TALK_CALLER] = PLACE_OF_TALK,
    [RIG_DELAY_TALK_AGENT] = PLACE_OF_TALK,
    [RIG_DELAY_CENTRE_ANSWERS] = PLACE_OF_ANSWER,
    [RIG_DELAY_CENTRE_NEXT_CALLER] = PLACE_OF_ANSWER,
    [RIG_DELAY_CENTRE_MENU] = 3,
    [RIG_DELAY_CENTRE_RINGS] = 4,
    [RIG_DELAY_CENTRE_WRAP_UP] = 7,
    [RIG_DELAY_REDIAL] = ALONE,
};

/* Draws of one ringing: those of the next one count on from here. */
#define DELAY_STRIDE 12u

/* Eight numbers made together cost as much as three made alone. */
#define LEAST_TRAITS 3u

/* Where most callers of a block were admitted, the next block is drawn at once. */
static bool draws_block(rig_ahead *ahead, uint32_t caller)
{
    const uint32_t block = caller / RIG_RANDOM_BLOCK;
    if (block != ahead->block) {
        ahead->is_worth = ahead->block == RIG_NONE ||
                          (block == ahead->block + 1 && ahead->n_admitted >= RIG_RANDOM_BLOCK / 2);
        ahead->block = block;
        ahead->n_admitted = 0;
        ahead->is_drawn = false;
    }
    ahead->n_admitted++;
    return ahead->is_worth;
}

static rig_drawn draw_traits(rig_centre *c, uint32_t id, uint32_t caller, uint32_t attempt)
{
    rig_ahead *ahead = &c->ahead;
    if (c->n_traits == 0)
        return RIG_DRAWN_NOTHING;
    if (c->callers.planned == NULL && attempt == 0 && draws_block(ahead, caller)) {
        if (!ahead->is_drawn)
            rig_callers_draw_block(&c->callers, ahead->block * RIG_RANDOM_BLOCK, ahead->drawn);
        ahead->is_drawn = true;
        memcpy(c->drawn[id], ahead->drawn[caller % RIG_RANDOM_BLOCK], sizeof c->drawn[id]);
        return RIG_DRAWN_TRAITS;
    }
    if (c->n_traits < LEAST_TRAITS)
        return RIG_DRAWN_NOTHING;
    rig_callers_draw(&c->callers, caller, attempt, c->drawn[id]);
    return RIG_DRAWN_TRAITS;
}

rig_drawn rig_centre_draw_ahead(rig_centre *c, uint32_t id, uint32_t caller, uint32_t attempt,
                                uint32_t row)
{
    if (id >= c->n_drawn)
        return RIG_DRAWN_NOTHING;
    if (c->callers.planned == NULL || row == RIG_NO_ROW)
        return draw_traits(c, id, caller, attempt);
    if (c->input->delays == NULL || c->is_exact)
        return RIG_DRAWN_NOTHING;
    const bool waits = !rig_ivr_has_port(c);
    uint32_t purpose[RIG_RANDOM_BLOCK];
    for (uint32_t kind = 0; kind < RIG_N_DELAY_KINDS; kind++) {
        if (delay_place[kind] < ALONE)
            purpose[delay_place[kind]] = rig_random_purpose(RIG_CAUSE_RIG_DELAY, kind);
    }
    purpose[PLACE_OF_ANSWER] = rig_random_purpose(
        RIG_CAUSE_RIG_DELAY, waits ? RIG_DELAY_CENTRE_NEXT_CALLER : RIG_DELAY_CENTRE_ANSWERS);
    purpose[PLACE_OF_TALK] =
        rig_random_purpose(RIG_CAUSE_RIG_DELAY, rig_callers_hangs_up(&c->callers, caller, attempt)
                                                    ? RIG_DELAY_TALK_CALLER
                                                    : RIG_DELAY_TALK_AGENT);
    rig_random_uniforms(c->scenario->seed, row, c->callers.replication, purpose, c->drawn[id]);
    return waits ? RIG_DRAWN_DELAYS_OF_WAIT : RIG_DRAWN_DELAYS;
}

static bool is_drawn(const rig_centre *c, rig_delay_kind kind, const rig_slot *slot)
{
    if (slot->drawn < RIG_DRAWN_DELAYS || delay_place[kind] == ALONE)
        return false;
    if (delay_place[kind] == PLACE_OF_ANSWER)
        return (slot->drawn == RIG_DRAWN_DELAYS_OF_WAIT) == (kind == RIG_DELAY_CENTRE_NEXT_CALLER);
    return delay_place[kind] != PLACE_OF_TALK ||
           rig_callers_hangs_up(&c->callers, slot->caller, slot->attempt) ==
               (kind == RIG_DELAY_TALK_CALLER);
}

static double delay_u(const rig_centre *c, rig_delay_kind kind, const rig_slot *slot,
                      uint32_t n_rings)
{
    if (n_rings == 0 && is_drawn(c, kind, slot))
        return c->drawn[slot - c->slots][delay_place[kind]];
    return rig_callers_uniform(&c->callers, RIG_CAUSE_RIG_DELAY, slot->row,
                               (uint32_t)kind + n_rings * DELAY_STRIDE);
}

static bool is_of_a_ringing(rig_delay_kind kind)
{
    return kind == RIG_DELAY_RING || kind == RIG_DELAY_PATIENCE_RINGING;
}

double rig_centre_call_late_s(const rig_centre *c, rig_delay_kind kind, const rig_slot *slot,
                              uint32_t n_rings)
{
    const rig_delays *delays = c->input->delays;
    const rig_call_delays *own = rig_centre_call_own(c, slot);
    const bool is_seen = own != NULL && !isnan(own->late_s[kind]) &&
                         (!is_of_a_ringing(kind) || own->ring == n_rings) &&
                         (kind < RIG_DELAY_CENTRE_ANSWERS ||
                          (double)own->late_s[kind] <= rig_centre_most_reaction_s(c));
    if (is_seen && c->is_exact)
        return (double)own->late_s[kind];
    const double u = delay_u(c, kind, slot, n_rings);
    return is_seen ? (double)own->late_s[kind] + pick_move_s(delays, u)
                   : pick(&delays->kind[kind], u);
}

double rig_centre_redial_late_s(const rig_centre *c, uint32_t row)
{
    const rig_delays *delays = c->input->delays;
    if (delays == NULL || row == RIG_NO_ROW)
        return 0.0;
    const double own_s =
        delays->own != NULL ? (double)delays->own[row].late_s[RIG_DELAY_REDIAL] : (double)NAN;
    if (!isnan(own_s) && c->is_exact)
        return own_s;
    const double u = rig_callers_uniform(&c->callers, RIG_CAUSE_RIG_DELAY, row, RIG_DELAY_REDIAL);
    return isnan(own_s) ? pick(&delays->kind[RIG_DELAY_REDIAL], u) : own_s + pick_move_s(delays, u);
}

bool rig_centre_is_at_once(const rig_centre *c, double seen_s)
{
    const double late_s = seen_s - c->now_s;
    return late_s >= 0.0 && late_s <= rig_centre_most_reaction_s(c); /* not seen: NAN */
}

double rig_centre_call_acts_s(const rig_centre *c, rig_delay_kind kind, const rig_slot *slot,
                              uint32_t n_rings, double seen_s)
{
    const rig_delays *delays = c->input->delays;
    if (delays == NULL || slot->row == RIG_NO_ROW)
        return c->now_s;
    if (c->is_conditioned && seen_s <= c->now_s &&
        seen_s >= c->now_s - rig_centre_most_reaction_s(c))
        return c->now_s; /* the replay is late by a race */
    if (!rig_centre_is_at_once(c, seen_s))
        return rig_later_s(c->now_s, c->now_s + rig_centre_call_delay_s(c, kind, slot, n_rings));
    if (c->is_exact)
        return seen_s;
    const double u = delay_u(c, kind, slot, n_rings);
    return rig_later_s(c->now_s, seen_s + pick_move_s(delays, u));
}
