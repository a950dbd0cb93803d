/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ranks/fleet.h"

#include <math.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/clock.h"
#include "ranks/fleet_state.h"
#include "ranks/guard.h"

/* What rank 0 orders. */
typedef enum order { ORDER_STOP = 0, ORDER_SEND, ORDER_ABANDON } order;

#define SKEW_NAME "PEAKRIG_TEST_FLEET_CLOCKS"
static const double MOST_SKEW_MS = 1e7;

static const double START_SILENCE_S = 20.0; /* while its SIPp is started */
static const double SAY_S = 0.5;
static const double LOOK_S = 4.0; /* between two comparisons of one clock */
static const double LOOK_PATIENCE_S = 0.25, FIRST_PATIENCE_S = 10.0;
static const double MOST_S = 0.05, CALM_MOST_S = 1.0; /* of one; before and after the calls */
enum { N_LAST_TRIES = 4 };
static const int64_t NEARLY_NS = 20000;
static const struct timespec SHORT_TURN = {.tv_nsec = 20000000};

/* "RANK:MS[,RANK:MS..]": for tests of hosts whose clocks are wrong, where there is one clock. Each
 * rank reads its own; the result says what it was. */
static rig_status read_skew(const char *text, uint32_t rank, int64_t *skew_ns, rig_error *err)
{
    const char *at = text;
    while (at != NULL) {
        char *end = NULL;
        const unsigned long of = strtoul(at, &end, 10);
        const char *number = end != at && *end == ':' ? end + 1 : NULL;
        double ms = number != NULL ? strtod(number, &end) : (double)NAN;
        ms = end != number ? ms : (double)NAN; /* nothing behind the colon */
        if (!(fabs(ms) <= MOST_SKEW_MS) || (*end != ',' && *end != '\0'))
            return rig_fail(err, RIG_EINPUT,
                            SKEW_NAME ": \"%s\"; expected RANK:MS[,RANK:MS..], at most %g ms", text,
                            MOST_SKEW_MS);
        if (of == rank)
            *skew_ns = rig_clock_ns_of_s(ms * 1e-3);
        at = *end == ',' ? end + 1 : NULL;
    }
    return RIG_OK;
}

/* mpirun binds a rank to a core or some; a load host's SIPp and capture need all that it may have.
 */
static void use_all_processors(void)
{
    cpu_set_t all;
    memset(&all, 0xff, sizeof all);
    (void)sched_setaffinity(0, sizeof all, &all);
}

rig_status rig_fleet_new(rig_ranks *ranks, rig_fleet **fleet, rig_error *err)
{
    rig_fleet *made = calloc(1, sizeof *made);
    if (made == NULL)
        return rig_fail(err, RIG_ENOMEM, "out of memory");
    use_all_processors();
    made->ranks = ranks;
    made->next = 1;
    made->is_skewed = getenv(SKEW_NAME) != NULL;
    rig_status status = read_skew(getenv(SKEW_NAME), ranks->rank, &made->skew_ns, err);
    if (ranks->rank == 0)
        made->peers = calloc(ranks->n_ranks, sizeof *made->peers);
    if (status == RIG_OK && ranks->rank == 0 && made->peers == NULL)
        status = rig_fail(err, RIG_ENOMEM, "out of memory");
    if (status == RIG_OK)
        *fleet = made;
    else
        rig_fleet_free(made);
    return status;
}

void rig_fleet_free(rig_fleet *fleet)
{
    if (fleet == NULL)
        return;
    for (uint32_t rank = 0; fleet->peers != NULL && rank < fleet->ranks->n_ranks; rank++)
        free(fleet->peers[rank].looks);
    rig_message_outbox_free(fleet->outbox);
    free(fleet->peers);
    free(fleet);
}

uint32_t rig_fleet_n(const rig_fleet *fleet)
{
    return fleet->ranks->n_ranks;
}

uint32_t rig_fleet_rank(const rig_fleet *fleet)
{
    return fleet->ranks->rank;
}

const char *rig_fleet_host(const rig_fleet *fleet, uint32_t rank)
{
    return fleet->ranks->sites[rank].host;
}

int64_t rig_fleet_test_skew_ns(const rig_fleet *fleet)
{
    return fleet->skew_ns;
}

/* ---- the start ---- */

static rig_status compare_all(rig_fleet *fleet, rig_error *err)
{
    for (uint32_t rank = 1; rank < fleet->ranks->n_ranks; rank++) {
        if (rig_fleet_compare(fleet, rank, FIRST_PATIENCE_S, CALM_MOST_S) != RIG_OK)
            return rig_fail(err, RIG_ENOMEM, "out of memory");
        if (fleet->peers[rank].n_looks == 0)
            return rig_fail(err, RIG_EENV,
                            "load host %s (rank %u): its clock cannot be compared: no answer "
                            "within %g s",
                            rig_fleet_host(fleet, rank), rank, FIRST_PATIENCE_S);
    }
    return RIG_OK;
}

static void be_compared(rig_fleet *fleet)
{
    const int64_t until_ns = rig_clock_monotonic_ns() +
                             rig_clock_ns_of_s(FIRST_PATIENCE_S * (double)fleet->ranks->n_ranks);
    while (!rig_fleet_serve(fleet) && rig_clock_monotonic_ns() < until_ns)
        (void)nanosleep(&(struct timespec){.tv_nsec = 50000}, NULL);
}

/* The latest of what is proposed, in rank 0's clock; then for each in its own. */
static void choose_start(rig_fleet *fleet, int64_t *starts)
{
    int64_t start_ns = starts[0];
    for (uint32_t rank = 1; rank < fleet->ranks->n_ranks; rank++) {
        const int64_t proposed_ns = starts[rank] - fleet->peers[rank].looks[0].offset_ns;
        start_ns = proposed_ns > start_ns ? proposed_ns : start_ns;
    }
    starts[0] = start_ns;
    for (uint32_t rank = 1; rank < fleet->ranks->n_ranks; rank++)
        starts[rank] = start_ns + fleet->peers[rank].looks[0].offset_ns;
}

rig_status rig_fleet_start(rig_fleet *fleet, int64_t *start_ns, rig_error *err)
{
    rig_ranks *ranks = fleet->ranks;
    const int64_t began_ns = rig_clock_monotonic_ns();
    int64_t own_ns = *start_ns + fleet->skew_ns, *starts = NULL;
    rig_status status = rig_ranks_agree(ranks, "start", "", RIG_OK, err);
    if (status != RIG_OK)
        return status;
    if (ranks->rank == 0) {
        starts = calloc(ranks->n_ranks, sizeof *starts);
        status = starts == NULL ? rig_fail(err, RIG_ENOMEM, "out of memory") : RIG_OK;
        if (status == RIG_OK)
            status = compare_all(fleet, err);
    } else {
        be_compared(fleet);
    }
    status = rig_ranks_agree(ranks, "clocks", "", status, err);
    if (status == RIG_OK) {
        own_ns += rig_clock_monotonic_ns() - began_ns;
        rig_message_gather(&own_ns, starts, sizeof own_ns);
        if (ranks->rank == 0)
            choose_start(fleet, starts);
        rig_message_scatter(starts, &own_ns, sizeof own_ns);
        *start_ns = own_ns - fleet->skew_ns;
        fleet->has_started = true;
        ranks->end_silence_s = RIG_FLEET_END_SILENCE_S;
        for (uint32_t rank = 0; fleet->peers != NULL && rank < ranks->n_ranks; rank++)
            fleet->peers[rank].heard_ns = rig_clock_monotonic_ns();
        if (ranks->rank > 0) /* without rank 0 nobody says when it is over */
            rig_guard_let_others_go_on();
    }
    free(starts);
    return status;
}

bool rig_fleet_has_started(const rig_fleet *fleet)
{
    return fleet->has_started;
}

rig_status rig_fleet_cannot_start(rig_fleet *fleet, rig_status status, rig_error *err)
{
    return rig_ranks_agree(fleet->ranks, "start", "", status, err);
}

/* ---- the play ---- */

static double silence_s(uint32_t phase)
{
    switch ((rig_fleet_phase)phase) {
    case RIG_FLEET_STARTING:
        return START_SILENCE_S;
    case RIG_FLEET_PLAYING:
        return RIG_FLEET_SILENCE_S;
    case RIG_FLEET_ENDING:
    case RIG_FLEET_OVER:
        break;
    }
    return RIG_FLEET_END_SILENCE_S;
}

static void lose(rig_fleet *fleet, uint32_t rank)
{
    fleet->ranks->peers[rank].is_lost = fleet->ranks->peers[rank].has_left = true;
}

static void hear(rig_fleet *fleet)
{
    rig_fleet_state state;
    uint32_t from;
    const int64_t now_ns = rig_clock_monotonic_ns();
    while (rig_message_poll(RIG_ANY_RANK, RIG_CHANNEL_STATE, &state, sizeof state, &from)) {
        fleet->peers[from].state = state;
        fleet->peers[from].heard_ns = now_ns;
    }
    for (uint32_t rank = 1; rank < fleet->ranks->n_ranks; rank++) {
        const rig_fleet_peer *peer = &fleet->peers[rank];
        if (!rig_fleet_is_lost(fleet, rank) &&
            rig_clock_s_of_ns(now_ns - peer->heard_ns) > silence_s(peer->state.phase))
            lose(fleet, rank);
        if (rig_fleet_is_lost(fleet, rank) || peer->state.wants_stop)
            rig_stop_set(&fleet->stop);
    }
}

static void order_all(rig_fleet *fleet, order what)
{
    const uint32_t word = (uint32_t)what;
    for (uint32_t rank = 1; rank < fleet->ranks->n_ranks; rank++) {
        if (!rig_fleet_is_lost(fleet, rank))
            (void)rig_message_post(&fleet->outbox, rank, RIG_CHANNEL_STATE, &word, sizeof word);
    }
}

static void lead(rig_fleet *fleet, const rig_fleet_state *own)
{
    const int64_t now_ns = rig_clock_monotonic_ns();
    hear(fleet);
    if (own->wants_stop)
        rig_stop_set(&fleet->stop);
    if (rig_stop_is_set(&fleet->stop) && !fleet->is_stop_told) {
        fleet->is_stop_told = true;
        order_all(fleet, ORDER_STOP);
    }
    if (own->phase != RIG_FLEET_PLAYING || now_ns < fleet->next_ns)
        return;
    if (!rig_fleet_is_lost(fleet, fleet->next) &&
        fleet->peers[fleet->next].state.phase == RIG_FLEET_PLAYING)
        (void)rig_fleet_compare(fleet, fleet->next, LOOK_PATIENCE_S, MOST_S);
    fleet->next = fleet->next + 1 < fleet->ranks->n_ranks ? fleet->next + 1 : 1;
    fleet->next_ns = now_ns + rig_clock_ns_of_s(LOOK_S / (double)(fleet->ranks->n_ranks - 1));
}

static void follow(rig_fleet *fleet, const rig_fleet_state *own)
{
    uint32_t word, from;
    const int64_t now_ns = rig_clock_monotonic_ns();
    if (now_ns - fleet->said_ns >= rig_clock_ns_of_s(SAY_S) || own->phase != fleet->said_phase ||
        own->wants_stop) {
        fleet->said_ns = now_ns;
        fleet->said_phase = own->phase;
        (void)rig_message_post(&fleet->outbox, 0, RIG_CHANNEL_STATE, own, sizeof *own);
    }
    while (rig_message_poll(0, RIG_CHANNEL_STATE, &word, sizeof word, &from)) {
        rig_stop_set(&fleet->stop);
        fleet->is_asked = fleet->is_asked || word == ORDER_SEND;
        fleet->is_abandoned = fleet->is_abandoned || word == ORDER_ABANDON;
    }
    (void)rig_fleet_serve(fleet);
}

void rig_fleet_turn(rig_fleet *fleet, const rig_fleet_state *own)
{
    if (!fleet->has_started)
        return;
    if (fleet->ranks->rank == 0)
        lead(fleet, own);
    else
        follow(fleet, own);
}

const rig_stop *rig_fleet_stop(const rig_fleet *fleet)
{
    return &fleet->stop;
}

bool rig_fleet_is_busy(const rig_fleet *fleet)
{
    bool is_busy = false;
    for (uint32_t rank = 1; rank < fleet->ranks->n_ranks && fleet->has_started; rank++)
        is_busy = is_busy || (!rig_fleet_is_lost(fleet, rank) &&
                              fleet->peers[rank].state.phase != RIG_FLEET_OVER);
    return is_busy;
}

const rig_fleet_state *rig_fleet_state_of(const rig_fleet *fleet, uint32_t rank)
{
    return &fleet->peers[rank].state;
}

bool rig_fleet_is_lost(const rig_fleet *fleet, uint32_t rank)
{
    return fleet->ranks->peers[rank].is_lost;
}

/* ---- the end ---- */

/* What a busy host answered late says little: the best are kept, and those that are nearly so. */
static void keep_good_looks(rig_fleet_peer *peer)
{
    int64_t least_ns = INT64_MAX;
    size_t n = 0;
    for (size_t i = 0; i < peer->n_looks; i++)
        least_ns = peer->looks[i].error_ns < least_ns ? peer->looks[i].error_ns : least_ns;
    for (size_t i = 0; i < peer->n_looks; i++) {
        if (peer->looks[i].error_ns <= 2 * least_ns + NEARLY_NS)
            peer->looks[n++] = peer->looks[i];
    }
    peer->n_looks = n;
}

static rig_status ask_all(rig_fleet *fleet, const rig_fleet_state *own, rig_error *err)
{
    rig_status status = RIG_OK;
    while (rig_fleet_is_busy(fleet)) {
        lead(fleet, own);
        (void)nanosleep(&SHORT_TURN, NULL);
    }
    for (uint32_t rank = 1; rank < fleet->ranks->n_ranks && status == RIG_OK; rank++) {
        const size_t n_before = fleet->peers[rank].n_looks;
        for (int i = 0; i < N_LAST_TRIES && !rig_fleet_is_lost(fleet, rank) && status == RIG_OK &&
                        fleet->peers[rank].n_looks == n_before;
             i++)
            status = rig_fleet_compare(fleet, rank, LOOK_PATIENCE_S, CALM_MOST_S);
    }
    if (status != RIG_OK) {
        rig_fleet_abandon(fleet); /* they wait for a word */
        return rig_fail(err, status, "out of memory");
    }
    for (uint32_t rank = 1; rank < fleet->ranks->n_ranks; rank++)
        keep_good_looks(&fleet->peers[rank]);
    order_all(fleet, ORDER_SEND);
    return RIG_OK;
}

rig_status rig_fleet_end(rig_fleet *fleet, const rig_fleet_state *own, rig_error *err)
{
    if (fleet->ranks->rank == 0)
        return ask_all(fleet, own, err);
    while (!fleet->is_asked && !fleet->is_abandoned) {
        follow(fleet, own);
        (void)nanosleep(&SHORT_TURN, NULL);
    }
    return fleet->is_asked ? RIG_OK : rig_fail(err, RIG_ECANCELLED, "rank 0 has failed");
}

void rig_fleet_abandon(rig_fleet *fleet)
{
    if (fleet->has_started)
        order_all(fleet, ORDER_ABANDON);
}

void rig_fleet_send(rig_fleet *fleet, const void *data, size_t n)
{
    (void)fleet;
    rig_message_send_bytes(0, data, n);
}

bool rig_fleet_take(rig_fleet *fleet, uint32_t rank, void *data, size_t n)
{
    if (rig_fleet_is_lost(fleet, rank))
        return false;
    if (rig_message_take_bytes(rank, data, n, RIG_FLEET_END_SILENCE_S))
        return true;
    lose(fleet, rank);
    return false;
}

const rig_fleet_look *rig_fleet_looks(const rig_fleet *fleet, uint32_t rank, size_t *n)
{
    *n = fleet->peers[rank].n_looks;
    return fleet->peers[rank].looks;
}
