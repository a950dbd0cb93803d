/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Carriers with shares: does the centre give their calls the circuits that the scenario says?
 *
 * Which group's circuit a call holds is not on the wire. The calls that were let in are therefore
 * booked anew, one after the other, on the group that a centre would have given them (their own, or
 * the first of its overflow that has room), and given back at their ends. A call that was refused
 * while a group would have had a circuit for it contradicts that, and so does one that was let in
 * while none had. What is supposed of the centre (so many circuits of a carrier, no overflow, calls
 * booked on another group) is looked for that is contradicted least. */
#include <math.h>
#include <stdlib.h>

#include "verdict/carriers.h"
#include "verdict/diagnosis/circuits.h"
#include "verdict/diagnosis/findings.h"

/* Findings of one run. */
#define MOST_FINDINGS 3

/* Numbers of circuits are tried in so many steps, then between the neighbours of the best. */
#define N_STEPS 24

/* What is supposed of one carrier. */
typedef struct belief {
    uint32_t n_circuits;
    bool is_alone;      /* its calls do not overflow */
    uint32_t booked_on; /* this group, and its overflow: the carrier itself, if all is well */
} belief;

typedef enum event_kind { EVENT_OLD = 0, EVENT_END, EVENT_SOON, EVENT_ARRIVAL } event_kind;

/* Of a call that is let in: it will soon be over, is over, and has been for a while. */
typedef struct event {
    double t_s;
    event_kind kind;
    uint32_t call; /* of the timeline; behind its calls, the calls back */
} event;

typedef struct group {
    int64_t n_in_use, n_soon_free, n_just_freed;
} group;

typedef struct walk {
    const rig_scenario *scenario;
    const rig_timeline *timeline;
    event *events;
    size_t n_events, n_probes;
    uint16_t *carrier_of, *group_of; /* of each call of the timeline, and each call back */
    belief supposed[RIG_MAX_GROUPS];
    uint64_t n_calls_of[RIG_MAX_GROUPS];
} walk;

static int by_time(const void *a, const void *b)
{
    const event *x = a, *y = b;
    if (x->t_s != y->t_s)
        return x->t_s < y->t_s ? -1 : 1;
    return (int)x->kind - (int)y->kind;
}

static bool is_down(const walk *w, uint32_t g, double t_s)
{
    const rig_scenario *s = w->scenario;
    for (size_t i = 0; i < s->n_faults; i++) {
        const rig_fault *f = &s->faults[i];
        const bool is_hit =
            f->kind == RIG_FAULT_CENTRE || (f->kind == RIG_FAULT_TRUNK && f->trunk == g);
        if (is_hit && t_s >= f->at_s && t_s < f->at_s + f->for_s)
            return true;
    }
    return false;
}

/* Free circuits of a group for a call, beyond those that are kept for its own calls. */
static int64_t n_free(const walk *w, const group *groups, uint32_t g, bool is_own, double t_s)
{
    rig_trunk_group given = w->scenario->trunks[g];
    given.n_circuits =
        given.n_steps > 0 ? rig_scenario_circuits_at(&given, t_s) : w->supposed[g].n_circuits;
    const int64_t n_spare = is_own ? 0 : (int64_t)rig_scenario_n_spare(&given);
    return is_down(w, g, t_s) ? INT64_MIN / 2
                              : (int64_t)given.n_circuits - groups[g].n_in_use - n_spare;
}

/* The k-th group that a carrier's calls try. @return false: there is no such group. */
static bool choice_of(const walk *w, uint32_t carrier, size_t k, uint32_t *g)
{
    const belief *c = &w->supposed[carrier];
    const rig_trunk_group *first = &w->scenario->trunks[c->booked_on];
    if (k > 0 && (c->is_alone || k > first->n_overflow))
        return false;
    *g = k == 0 ? c->booked_on : first->overflow[k - 1];
    return true;
}

/* A call that was let in: the first group with room; else the first that will soon have some. */
static bool book(const walk *w, group *groups, uint32_t carrier, double t_s, uint16_t *booked)
{
    uint32_t g = 0;
    for (int is_soon = 0; is_soon < 2; is_soon++) {
        for (size_t k = 0; choice_of(w, carrier, k, &g); k++) {
            const int64_t more = is_soon ? groups[g].n_soon_free : 0;
            if (n_free(w, groups, g, k == 0, t_s) + more > 0) {
                *booked = (uint16_t)g;
                groups[g].n_in_use++;
                return true;
            }
        }
    }
    (void)choice_of(w, carrier, 0, &g);
    *booked = (uint16_t)g;
    groups[g].n_in_use++;
    return false;
}

/* A call that was refused: whether a group had room for it, and had had it for a while. */
static bool had_room(const walk *w, const group *groups, uint32_t carrier, double t_s)
{
    uint32_t g = 0;
    for (size_t k = 0; choice_of(w, carrier, k, &g); k++) {
        if (n_free(w, groups, g, k == 0, t_s) - groups[g].n_just_freed > 0)
            return true;
    }
    return false;
}

/* A call back takes a circuit of the first group that has one beyond those for its callers. */
static void book_back(const walk *w, group *groups, double t_s, uint16_t *booked)
{
    uint16_t g = 0;
    while (g + 1u < w->scenario->n_trunks && n_free(w, groups, g, false, t_s) <= 0)
        g++;
    *booked = g;
    groups[g].n_in_use++;
}

/* Whether a caller's call that comes contradicts what is supposed. */
static bool is_odd(const walk *w, group *groups, const event *e)
{
    if (e->call >= w->timeline->n) {
        book_back(w, groups, e->t_s, &w->group_of[e->call]);
        return false;
    }
    const uint32_t carrier = w->carrier_of[e->call];
    return rig_circuits_is_held(&w->timeline->calls[e->call])
               ? !book(w, groups, carrier, e->t_s, &w->group_of[e->call])
               : had_room(w, groups, carrier, e->t_s);
}

/* Calls that contradict what is supposed. @param touch  Note them here; or NULL. */
static uint64_t count_against(walk *w, uint32_t only, rig_findings *findings, rig_finding *touch)
{
    group groups[RIG_MAX_GROUPS] = {{0}};
    uint64_t n = 0;
    for (size_t i = 0; i < w->n_events; i++) {
        const event *e = &w->events[i];
        group *of = &groups[w->group_of[e->call]];
        bool is_against = false;
        switch (e->kind) {
        case EVENT_SOON:
            of->n_soon_free++;
            break;
        case EVENT_END:
            of->n_soon_free--;
            of->n_in_use--;
            of->n_just_freed++;
            break;
        case EVENT_OLD:
            of->n_just_freed--;
            break;
        case EVENT_ARRIVAL:
            is_against = is_odd(w, groups, e);
            break;
        }
        n += is_against;
        if (is_against && touch != NULL && w->carrier_of[e->call] == only)
            rig_findings_touch(findings, touch, w->timeline->calls[e->call].call);
    }
    return n;
}

static void add_event(walk *w, double t_s, event_kind kind, size_t call)
{
    w->events[w->n_events++] = (event){t_s, kind, (uint32_t)call};
}

/* UINT16_MAX: not known. */
static uint16_t carrier_of(const rig_diagnosis_input *input, const rig_call *call)
{
    const rig_schedule *schedule = input->schedule;
    const bool is_planned =
        schedule != NULL && call->planned_index >= 0 && (uint64_t)call->planned_index < schedule->n;
    const size_t planned = is_planned ? schedule->calls[call->planned_index].trunk : UINT16_MAX;
    return (uint16_t)rig_by_carrier_of(call, input->scenario, planned);
}

/* The seconds of a grain before its end it is seen as ending soon, and so long after as just ended.
 * One that is over sooner than that begins first. */
static void add_end(walk *w, double begin_s, double over_s, size_t call)
{
    const double grain_s = w->timeline->grain_s;
    const double end_s = fmax(over_s, begin_s + 1e-9);
    add_event(w, fmax(end_s - grain_s, begin_s + 1e-9), EVENT_SOON, call);
    add_event(w, end_s + 1e-9, EVENT_END, call);
    add_event(w, end_s + grain_s, EVENT_OLD, call);
}

static void list_events(walk *w, const rig_diagnosis_input *input)
{
    const rig_timeline *timeline = w->timeline;
    for (size_t i = 0; i < timeline->n; i++) {
        const rig_timed_call *t = &timeline->calls[i];
        const bool is_held = rig_circuits_is_held(t);
        const uint16_t carrier = carrier_of(input, t->call);
        if (carrier == UINT16_MAX ||
            (!is_held && !(rig_circuits_is_refused(t) && rig_circuits_can_mean_full(t->call))))
            continue;
        w->carrier_of[i] = carrier;
        w->n_calls_of[carrier]++;
        w->n_probes++;
        add_event(w, t->seen_s, EVENT_ARRIVAL, i);
        if (is_held)
            add_end(w, t->seen_s, t->end_s, i);
    }
    for (size_t i = 0; i < timeline->n_backs; i++) {
        const rig_timed_back *b = &timeline->backs[i];
        add_event(w, b->invite_s, EVENT_ARRIVAL, timeline->n + i);
        add_end(w, b->invite_s, b->end_s, timeline->n + i);
    }
    qsort(w->events, w->n_events, sizeof *w->events, by_time);
}

static uint64_t against_with(walk *w, uint32_t c, const belief *supposed)
{
    const belief before = w->supposed[c];
    w->supposed[c] = *supposed;
    const uint64_t n = count_against(w, 0, NULL, NULL);
    w->supposed[c] = before;
    return n;
}

/* The best of something that was supposed. */
typedef struct best {
    rig_finding_kind kind;
    uint32_t carrier;
    belief supposed;
    uint64_t n_against;
} best;

static void try_it(walk *w, rig_finding_kind kind, uint32_t c, const belief *supposed, best *b)
{
    const uint64_t n = against_with(w, c, supposed);
    if (n < b->n_against)
        *b = (best){kind, c, *supposed, n};
}

/* Other numbers of circuits of a carrier: coarsely, then ever more finely around the best. */
static void try_numbers(walk *w, uint32_t c, best *b)
{
    const uint32_t most = 2 * w->scenario->trunks[c].n_circuits + 1;
    uint32_t low = 0, high = most;
    for (uint32_t step = 0; step != 1;) {
        best here = {.n_against = UINT64_MAX};
        step = (high - low) / N_STEPS > 1 ? (high - low) / N_STEPS : 1;
        for (uint32_t n = low; n <= high; n += step) {
            belief supposed = w->supposed[c];
            supposed.n_circuits = n;
            try_it(w, RIG_FINDING_CIRCUITS, c, &supposed, &here);
        }
        const uint32_t at = here.supposed.n_circuits;
        low = at > step ? at - step : 0;
        high = at + step < most ? at + step : most;
        if (here.n_against < b->n_against)
            *b = here;
    }
}

static void try_all(walk *w, best *b)
{
    for (uint32_t c = 0; c < w->scenario->n_trunks; c++) {
        belief supposed = w->supposed[c];
        if (w->n_calls_of[c] == 0)
            continue;
        if (w->scenario->trunks[c].n_steps == 0) /* else there is no one number */
            try_numbers(w, c, b); /* first: no circuits at all can look like another group's */
        supposed.is_alone = true;
        if (w->scenario->trunks[c].n_overflow > 0)
            try_it(w, RIG_FINDING_NO_OVERFLOW, c, &supposed, b);
        supposed = w->supposed[c];
        for (uint32_t other = 0; other < w->scenario->n_trunks; other++) {
            supposed.booked_on = other;
            if (other != c)
                try_it(w, RIG_FINDING_MISROUTED, c, &supposed, b);
        }
    }
}

/* One end of the interval: as far as the numbers are contradicted hardly more often. */
static uint32_t end_of(walk *w, const best *b, int step, uint64_t tolerated)
{
    const uint32_t most = 2 * w->scenario->trunks[b->carrier].n_circuits + 1;
    belief supposed = b->supposed;
    uint32_t end = b->supposed.n_circuits;
    while ((step < 0 ? end > 0 : end < most)) {
        supposed.n_circuits = end + (uint32_t)step;
        if (against_with(w, b->carrier, &supposed) > tolerated)
            break;
        end = supposed.n_circuits;
    }
    return end;
}

static rig_finding *add_number(walk *w, const best *b, rig_finding *f, rig_findings *findings)
{
    const uint64_t tolerated = rig_capacity_tolerated(b->n_against, w->n_probes);
    const uint32_t expected = w->scenario->trunks[b->carrier].n_circuits;
    f->expected = (double)expected;
    f->estimate = (double)b->supposed.n_circuits;
    f->low = (double)end_of(w, b, -1, tolerated);
    f->high = (double)end_of(w, b, 1, tolerated);
    f->unit = "circuits";
    return rig_findings_add(findings, f,
                            "calls by %s are refused, or let in, as if it had %u circuits; %u were "
                            "expected",
                            w->scenario->trunks[b->carrier].name, b->supposed.n_circuits, expected);
}

static rig_finding *add_rule(const walk *w, const best *b, rig_finding *f, rig_findings *findings)
{
    const char *name = w->scenario->trunks[b->carrier].name;
    const rig_finding share = rig_findings_of_share(
        b->kind, RIG_STAGE_TRUNK, (size_t)f->n_explained, w->n_probes, w->timeline->last_s);
    f->expected = 0.0;
    f->estimate = share.estimate;
    f->low = share.low;
    f->high = share.high;
    f->unit = "1";
    if (b->kind == RIG_FINDING_NO_OVERFLOW)
        return rig_findings_add(findings, f,
                                "calls by %s do not overflow: %llu were refused while other groups "
                                "had circuits for them",
                                name, (unsigned long long)f->n_explained);
    return rig_findings_add(findings, f, "calls by %s are given the circuits of %s", name,
                            w->scenario->trunks[b->supposed.booked_on].name);
}

/* @return whether something is found, and is supposed from now on. */
static bool find_one(walk *w, rig_findings *findings)
{
    const uint64_t n_expected = count_against(w, 0, NULL, NULL);
    best b = {.n_against = UINT64_MAX};
    if (n_expected < rig_capacity_tolerated(RIG_CAPACITY_CHANGE_COST, w->n_probes))
        return false;
    try_all(w, &b);
    if (b.n_against >= n_expected || n_expected - b.n_against < RIG_CAPACITY_CHANGE_COST)
        return false;
    rig_finding f = {.kind = b.kind,
                     .stage = RIG_STAGE_TRUNK,
                     .to_s = w->timeline->last_s,
                     .n_calls = n_expected,
                     .n_explained = n_expected - b.n_against,
                     .trunk = b.carrier + 1,
                     .other_trunk = b.supposed.booked_on + 1};
    rig_finding *added = b.kind == RIG_FINDING_CIRCUITS ? add_number(w, &b, &f, findings)
                                                        : add_rule(w, &b, &f, findings);
    if (added == NULL)
        return false;
    (void)count_against(w, b.carrier, findings, added);
    w->supposed[b.carrier] = b.supposed;
    return true;
}

void rig_diagnose_carriers(const rig_diagnosis_input *input, const rig_timeline *timeline,
                           rig_findings *findings)
{
    const rig_scenario *scenario = input->scenario;
    if (!rig_scenario_has_carriers(scenario) || scenario->n_trunks > RIG_MAX_GROUPS)
        return;
    const size_t n = timeline->n + timeline->n_backs;
    walk w = {.scenario = scenario,
              .timeline = timeline,
              .events = malloc((4 * n + 1) * sizeof *w.events),
              .carrier_of = calloc(n + 1, sizeof *w.carrier_of),
              .group_of = calloc(n + 1, sizeof *w.group_of)};
    if (w.events != NULL && w.carrier_of != NULL && w.group_of != NULL) {
        for (uint32_t i = 0; i < scenario->n_trunks; i++)
            w.supposed[i] = (belief){scenario->trunks[i].n_circuits, false, i};
        list_events(&w, input);
        for (int i = 0; i < MOST_FINDINGS && find_one(&w, findings); i++)
            continue;
    } else {
        findings->status = RIG_ENOMEM;
    }
    free(w.events);
    free(w.carrier_of);
    free(w.group_of);
}
