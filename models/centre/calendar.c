/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/centre/calendar.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "core/pages.h"
#include "models/centre/event_heap.h"

#define NONE UINT32_MAX
#define FAR  UINT32_MAX

#define LEAST_SLOTS 64u
#define MOST_SLOTS  (1u << 20)
/* A list that is longer when it is looked through goes to the heap: many events of one instant. */
#define MOST_IN_SLOT 32u
/* The span of a wheel whose events are not known yet; any other would do. */
#define FIRST_SPAN_S 60.0
/* Slots are to be as wide as events are apart; they are made anew when they are a quarter of that,
 * or eight times as wide. Where more than this share of the events is too far for the wheel, they
 * are made wider, up to so many gaps: a list of some events is gone through sooner than a heap of
 * many. */
#define FAR_SHARE 0.05
#define WIDE_GAPS 4.0
/* So many events are waited for until the width is looked at for the first time. */
#define FIRST_LOOK 1024u

typedef struct cell {
    double t_s;
    uint32_t next, previous; /* in its slot's list */
    uint32_t slot;           /* 1 + its slot; FAR = in the heap; 0 = no event */
} cell;

struct rig_calendar {
    rig_event_heap *far;
    cell *cells;       /* by actor */
    uint32_t *heads;   /* by slot: the first of its list; only where its bit is set */
    uint64_t *bits;    /* slots that have a list */
    uint64_t *summary; /* words of `bits` that are not 0 */
    uint32_t n_slots, n_words, n_near;
    double slots_per_s;
    uint64_t base;    /* slot, counted from time 0, of the last event that was taken */
    uint32_t held;    /* actor of an event that is before all others, in neither; NONE = none */
    double held_s;    /* its instant */
    bool is_known;    /* which is the earliest of the others: */
    uint32_t first;   /* its actor; NONE = there are no others */
    double first_s;   /* its instant; INFINITY */
    uint32_t n_taken; /* events since the width was looked at.. */
    uint32_t n_far;   /* ..and those that were put into the heap.. */
    uint32_t look_at; /* ..after so many taken */
    double looked_s;
};

rig_status rig_calendar_new(uint32_t n_actors, rig_calendar **calendar)
{
    rig_calendar *made = calloc(1, sizeof *made);
    if (made == NULL)
        return RIG_ENOMEM;
    made->n_slots = LEAST_SLOTS;
    while (made->n_slots < MOST_SLOTS && made->n_slots / 2 < n_actors)
        made->n_slots *= 2;
    made->n_words = made->n_slots / 64u;
    made->slots_per_s = (double)made->n_slots / FIRST_SPAN_S;
    made->cells = rig_pages_new(n_actors + (size_t)1, sizeof *made->cells); /* zero: no event */
    made->heads = rig_pages_new(made->n_slots, sizeof *made->heads);
    made->bits = calloc(made->n_words, sizeof *made->bits);
    made->summary = calloc(made->n_words / 64u + 1u, sizeof *made->summary);
    if (made->cells == NULL || made->heads == NULL || made->bits == NULL || made->summary == NULL ||
        rig_event_heap_new(n_actors, &made->far) != RIG_OK) {
        rig_calendar_free(made);
        return RIG_ENOMEM;
    }
    made->held = made->first = NONE;
    made->look_at = FIRST_LOOK;
    *calendar = made;
    return RIG_OK;
}

void rig_calendar_free(rig_calendar *calendar)
{
    if (calendar == NULL)
        return;
    rig_event_heap_free(calendar->far);
    rig_pages_free(calendar->cells);
    rig_pages_free(calendar->heads);
    free(calendar->bits);
    free(calendar->summary);
    free(calendar);
}

/* --- the wheel -------------------------------------------------------------------------------- */

static void clear_slot(rig_calendar *c, uint32_t slot)
{
    const uint32_t word = slot / 64u;
    c->bits[word] &= ~((uint64_t)1 << slot % 64u);
    if (c->bits[word] == 0)
        c->summary[word / 64u] &= ~((uint64_t)1 << word % 64u);
}

/* The first slot in [from, n_slots) that has a list; NONE when there is none. */
static uint32_t next_slot(const rig_calendar *c, uint32_t from)
{
    uint32_t word = from / 64u;
    const uint64_t rest = c->bits[word] >> from % 64u;
    if (rest != 0)
        return from + (uint32_t)__builtin_ctzll(rest);
    if (++word == c->n_words)
        return NONE;
    uint32_t group = word / 64u;
    uint64_t words = c->summary[group] >> word % 64u << word % 64u;
    while (words == 0 && ++group <= (c->n_words - 1u) / 64u)
        words = c->summary[group];
    if (words == 0)
        return NONE;
    word = group * 64u + (uint32_t)__builtin_ctzll(words);
    return word * 64u + (uint32_t)__builtin_ctzll(c->bits[word]);
}

/* Whether an instant is in the wheel; then its slot. Slots rise with time, whatever is rounded. */
static bool find_slot(const rig_calendar *c, double t_s, uint32_t *slot)
{
    const double at = t_s * c->slots_per_s;
    if (!(at >= 0.0 && at < 0x1p62))
        return false;
    const uint64_t n = (uint64_t)(int64_t)at; /* one instruction */
    *slot = (uint32_t)n & (c->n_slots - 1u);
    return n - c->base < c->n_slots; /* n < base: a difference beyond all slots */
}

static void put(rig_calendar *c, uint32_t actor, double t_s)
{
    uint32_t slot;
    if (!find_slot(c, t_s, &slot)) {
        c->cells[actor].slot = FAR;
        c->n_far++;
        rig_event_heap_set(c->far, actor, t_s);
        return;
    }
    const uint64_t bit = (uint64_t)1 << slot % 64u;
    uint64_t *word = &c->bits[slot / 64u];
    const uint32_t next = (*word & bit) != 0 ? c->heads[slot] : NONE;
    if (next != NONE)
        c->cells[next].previous = actor;
    c->cells[actor] = (cell){t_s, next, NONE, slot + 1u};
    c->heads[slot] = actor;
    *word |= bit;
    c->summary[slot / 4096u] |= (uint64_t)1 << slot / 64u % 64u;
    c->n_near++;
}

/* A slot's list goes to the heap. */
static void spill(rig_calendar *c, uint32_t slot)
{
    for (uint32_t i = c->heads[slot]; i != NONE; i = c->cells[i].next) {
        c->cells[i].slot = FAR;
        c->n_near--;
        rig_event_heap_set(c->far, i, c->cells[i].t_s);
    }
    clear_slot(c, slot);
}

static void take_from_heap(rig_calendar *c, uint32_t actor)
{
    c->cells[actor].slot = 0;
    rig_event_heap_unset(c->far, actor);
}

static void take_from_wheel(rig_calendar *c, uint32_t actor)
{
    const cell *of = &c->cells[actor];
    const uint32_t slot = of->slot - 1u, next = of->next, previous = of->previous;
    if (next != NONE)
        c->cells[next].previous = previous;
    if (previous != NONE)
        c->cells[previous].next = next;
    else if (next != NONE)
        c->heads[slot] = next;
    else
        clear_slot(c, slot);
    c->cells[actor].slot = 0;
    c->n_near--;
}

static void take_out(rig_calendar *c, uint32_t actor)
{
    const uint32_t slot = c->cells[actor].slot;
    if (slot == FAR)
        take_from_heap(c, actor);
    else if (slot != 0)
        take_from_wheel(c, actor);
}

static bool is_before(double a_s, uint32_t a, double b_s, uint32_t b)
{
    return a_s < b_s || (a_s == b_s && a < b);
}

/* The earliest of the wheel; NONE when it is empty, or when its slot was spilled. */
static uint32_t first_near(rig_calendar *c, bool *is_spilled)
{
    const uint32_t from = (uint32_t)c->base & (c->n_slots - 1u);
    uint32_t slot = next_slot(c, from), n = 0;
    if (slot == NONE)
        slot = next_slot(c, 0);
    uint32_t best = c->heads[slot], i = c->cells[best].next;
    double best_s = c->cells[best].t_s;
    for (; i != NONE && n <= MOST_IN_SLOT; n++) { /* without a branch that cannot be foretold */
        const double t_s = c->cells[i].t_s;
        const uint32_t is_better = 0u - (uint32_t)((t_s < best_s) | ((t_s == best_s) & (i < best)));
        best ^= (best ^ i) & is_better;
        best_s = t_s < best_s ? t_s : best_s;
        i = c->cells[i].next;
    }
    *is_spilled = n > MOST_IN_SLOT;
    if (*is_spilled)
        spill(c, slot);
    return best;
}

static void find_first(rig_calendar *c)
{
    uint32_t near = NONE;
    for (bool is_spilled = true; is_spilled && c->n_near > 0;) {
        near = first_near(c, &is_spilled);
        if (is_spilled)
            near = NONE;
    }
    const double far_s = rig_event_heap_next_s(c->far);
    c->is_known = true;
    c->first = NONE;
    c->first_s = INFINITY;
    if (isfinite(far_s)) {
        c->first = rig_event_heap_first(c->far);
        c->first_s = far_s;
    }
    if (near != NONE &&
        (c->first == NONE || is_before(c->cells[near].t_s, near, c->first_s, c->first))) {
        c->first = near;
        c->first_s = c->cells[near].t_s;
    }
}

/* --- the width of the slots ------------------------------------------------------------------- */

/* All that is in the wheel, put in anew. */
static void widen(rig_calendar *c, double slots_per_s, double now_s)
{
    uint32_t all = NONE;
    for (uint32_t slot = next_slot(c, 0); slot != NONE; slot = next_slot(c, slot)) {
        uint32_t i = c->heads[slot];
        for (uint32_t next; i != NONE; i = next) {
            next = c->cells[i].next;
            c->cells[i].slot = 0;
            c->cells[i].next = all;
            all = i;
        }
        clear_slot(c, slot);
    }
    c->n_near = 0;
    c->slots_per_s = slots_per_s;
    c->base = (uint64_t)(now_s * slots_per_s);
    for (uint32_t next; all != NONE; all = next) {
        next = c->cells[all].next;
        put(c, all, c->cells[all].t_s);
    }
}

/* Are the slots as wide as the events are apart? At first after few events, at last after as many
 * as there are slots, so that a wheel that is made anew costs little beside what came before. */
static void look_at_width(rig_calendar *c, double now_s)
{
    const double gap_s = (now_s - c->looked_s) / (double)c->n_taken;
    const bool is_short = (double)c->n_far > FAR_SHARE * (double)c->n_taken;
    c->look_at = c->look_at > c->n_slots / 2u ? c->n_slots : 2u * c->look_at;
    c->n_taken = c->n_far = 0;
    c->looked_s = now_s;
    if (!(gap_s > 1e-9 && now_s >= 0.0 && now_s < 1e9)) /* the slots can still be counted */
        return;
    const double gaps = 1.0 / (gap_s * c->slots_per_s); /* that a slot is wide */
    if (is_short && gaps < WIDE_GAPS)
        widen(c, 1.0 / (gap_s * WIDE_GAPS), now_s);
    else if (gaps < 0.25 || gaps > 2.0 * WIDE_GAPS)
        widen(c, 1.0 / gap_s, now_s);
}

/* --- the calendar ----------------------------------------------------------------------------- */

void rig_calendar_clear(rig_calendar *c)
{
    for (uint32_t slot = next_slot(c, 0); slot != NONE; slot = next_slot(c, slot)) {
        for (uint32_t i = c->heads[slot]; i != NONE; i = c->cells[i].next)
            c->cells[i].slot = 0;
        clear_slot(c, slot);
    }
    while (isfinite(rig_event_heap_next_s(c->far))) /* none, unless the run was cut */
        c->cells[rig_event_heap_pop(c->far)].slot = 0;
    c->n_near = c->n_taken = c->n_far = 0;
    c->look_at = FIRST_LOOK;
    c->base = 0;
    c->held = NONE;
    c->is_known = false;
    c->looked_s = 0.0;
}

static bool is_before_others(const rig_calendar *c, uint32_t actor, double t_s)
{
    return t_s < c->first_s || (t_s == c->first_s && actor < c->first);
}

/* The event that is held aside goes to the others: one that comes before it is there. */
static void let_go(rig_calendar *c)
{
    put(c, c->held, c->held_s);
    c->is_known = true;
    c->first = c->held;
    c->first_s = c->held_s;
}

/* An event that comes before the others is held aside: what happens at once, or nearly so, costs
 * the wheel nothing. */
void rig_calendar_set(rig_calendar *c, uint32_t actor, double t_s)
{
    if (c->cells[actor].slot != 0 || actor == c->held)
        rig_calendar_unset(c, actor);
    if (c->held != NONE) {
        if (!is_before(t_s, actor, c->held_s, c->held)) {
            put(c, actor, t_s);
            if (c->is_known && is_before_others(c, actor, t_s)) {
                c->first = actor;
                c->first_s = t_s;
            }
            return;
        }
        let_go(c);
    } else {
        if (!c->is_known)
            find_first(c);
        if (!is_before_others(c, actor, t_s)) {
            put(c, actor, t_s);
            return;
        }
    }
    c->held = actor;
    c->held_s = t_s;
}

void rig_calendar_unset(rig_calendar *c, uint32_t actor)
{
    if (actor == c->held) {
        c->held = NONE;
        return;
    }
    take_out(c, actor);
    if (actor == c->first)
        c->is_known = false;
}

double rig_calendar_next_s(rig_calendar *c)
{
    if (c->held != NONE)
        return c->held_s;
    if (!c->is_known)
        find_first(c);
    return c->first_s;
}

uint32_t rig_calendar_peek(const rig_calendar *c, uint32_t actors[2])
{
    uint32_t n = 0;
    if (!c->is_known || c->first == NONE || c->cells[c->first].slot == FAR)
        return 0;
    /* behind the earliest, unless that one is held */
    uint32_t slot = c->cells[c->first].slot - (c->held != NONE ? 1u : 0u);
    for (; n < 2 && slot < c->n_slots; slot++) {
        slot = next_slot(c, slot); /* the next turn of the wheel is not looked at */
        if (slot == NONE)
            break;
        actors[n] = c->heads[slot];
        __builtin_prefetch(&c->cells[actors[n++]]);
    }
    return n;
}

/* Time has come to an event. */
static void advance(rig_calendar *c, double t_s)
{
    const double at = t_s * c->slots_per_s;
    if (at > (double)(int64_t)c->base && at < 0x1p62)
        c->base = (uint64_t)(int64_t)at;
}

uint32_t rig_calendar_pop(rig_calendar *c)
{
    if (c->held != NONE) {
        const uint32_t actor = c->held;
        c->held = NONE;
        advance(c, c->held_s);
        return actor;
    }
    if (!c->is_known)
        find_first(c);
    const uint32_t actor = c->first;
    advance(c, c->first_s);
    take_out(c, actor);
    c->is_known = false;
    if (++c->n_taken >= c->look_at)
        look_at_width(c, c->first_s);
    return actor;
}
