/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Comparing clocks. */
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/clock.h"
#include "ranks/fleet_state.h"

/* A session: rank 0 begins, the other is there, exchanges, the end. */
typedef enum clock_kind { BEGIN = 0, READY, ASK, ANSWER, END } clock_kind;

typedef struct clock_message {
    uint32_t kind, session, number;
    int64_t came_ns, left_ns; /* of ANSWER: by the clock of the rank */
} clock_message;

static const double ANSWER_S = 0.05;
static const double SERVE_S = 0.3; /* without a question */
static const int64_t GOOD_NS = 10000, FAIR_NS = 300000;
enum { N_LEAST = 8, N_IN_VAIN = 32 };
static const struct timespec NAP = {.tv_nsec = 50000};

int64_t rig_fleet_clock_ns(const rig_fleet *fleet)
{
    return rig_clock_realtime_ns() + fleet->skew_ns;
}

static void post(rig_fleet *fleet, uint32_t to, clock_kind kind, uint32_t session, uint32_t number)
{
    const clock_message m = {.kind = kind, .session = session, .number = number};
    (void)rig_message_post(&fleet->outbox, to, RIG_CHANNEL_CLOCK, &m, sizeof m);
}

/* Wait for a message of a session; others are of sessions that are over. */
static bool await(uint32_t from, clock_kind kind, uint32_t session, uint32_t number,
                  double patience_s, clock_message *m)
{
    const int64_t until_ns = rig_clock_monotonic_ns() + rig_clock_ns_of_s(patience_s);
    const bool is_long = patience_s > ANSWER_S;
    uint32_t whose;
    do {
        if (!rig_message_poll(from, RIG_CHANNEL_CLOCK, m, sizeof *m, &whose)) {
            if (is_long) /* what is measured is not slept through */
                (void)nanosleep(&NAP, NULL);
            else
                (void)sched_yield();
        } else if (m->kind == (uint32_t)kind && m->session == session && m->number == number) {
            return true;
        }
    } while (rig_clock_monotonic_ns() < until_ns);
    return false;
}

/* One exchange (RFC 5905, 8). */
static bool exchange(rig_fleet *fleet, uint32_t rank, uint32_t number, rig_fleet_look *look)
{
    clock_message m;
    const int64_t t1 = rig_fleet_clock_ns(fleet);
    post(fleet, rank, ASK, fleet->session, number);
    if (!await(rank, ANSWER, fleet->session, number, ANSWER_S, &m))
        return false;
    const int64_t t4 = rig_fleet_clock_ns(fleet);
    look->t_ns = t1 + (t4 - t1) / 2;
    look->offset_ns = ((m.came_ns - t1) + (m.left_ns - t4)) / 2;
    look->error_ns = ((t4 - t1) - (m.left_ns - m.came_ns)) / 2 + 1;
    return true;
}

static rig_status keep(rig_fleet_peer *peer, const rig_fleet_look *look)
{
    if (peer->n_looks == peer->n_room) {
        const size_t n = peer->n_room > 0 ? 2 * peer->n_room : 64;
        rig_fleet_look *more = realloc(peer->looks, n * sizeof *more);
        if (more == NULL)
            return RIG_ENOMEM;
        peer->looks = more;
        peer->n_room = n;
    }
    peer->looks[peer->n_looks++] = *look;
    return RIG_OK;
}

/* On one kernel there is one clock, but for a test that sets it off. */
static bool is_one_clock(const rig_fleet *fleet, uint32_t rank)
{
    const rig_rank_site *sites = fleet->ranks->sites;
    return !fleet->is_skewed && sites[0].boot[0] != '\0' &&
           strcmp(sites[0].boot, sites[rank].boot) == 0;
}

/* Until one is good, and not for ever: a host that is busy answers late. */
rig_status rig_fleet_compare(rig_fleet *fleet, uint32_t rank, double patience_s, double most_s)
{
    rig_fleet_look best = {.error_ns = INT64_MAX};
    clock_message m;
    const bool is_one = is_one_clock(fleet, rank);
    unsigned i_best = 0;
    const int64_t until_ns = rig_clock_monotonic_ns() + rig_clock_ns_of_s(patience_s + most_s);
    fleet->session++;
    post(fleet, rank, BEGIN, fleet->session, 0);
    if (!await(rank, READY, fleet->session, 0, patience_s, &m))
        return RIG_OK;
    for (unsigned i = 0;; i++) {
        rig_fleet_look look;
        if (exchange(fleet, rank, i, &look) && look.error_ns < best.error_ns) {
            best = look;
            i_best = i;
        }
        const bool is_fair = best.error_ns <= FAIR_NS && i - i_best >= N_IN_VAIN;
        const bool is_enough = is_one && best.t_ns != 0;
        if ((i >= N_LEAST && best.error_ns <= GOOD_NS) || is_fair || is_enough ||
            rig_clock_monotonic_ns() >= until_ns)
            break;
    }
    if (is_one)
        best.offset_ns = best.error_ns = 0;
    post(fleet, rank, END, fleet->session, 0);
    return best.t_ns != 0 ? keep(&fleet->peers[rank], &best) : RIG_OK;
}

static void serve_session(rig_fleet *fleet, uint32_t session)
{
    clock_message m;
    uint32_t whose;
    int64_t until_ns = rig_clock_monotonic_ns() + rig_clock_ns_of_s(SERVE_S);
    post(fleet, 0, READY, session, 0);
    while (rig_clock_monotonic_ns() < until_ns) {
        if (!rig_message_poll(0, RIG_CHANNEL_CLOCK, &m, sizeof m, &whose)) {
            (void)sched_yield();
            continue;
        }
        const int64_t came_ns = rig_fleet_clock_ns(fleet);
        if (m.session != session || m.kind == END)
            return;
        if (m.kind != ASK)
            continue;
        m.kind = ANSWER;
        m.came_ns = came_ns;
        m.left_ns = rig_fleet_clock_ns(fleet);
        (void)rig_message_post(&fleet->outbox, 0, RIG_CHANNEL_CLOCK, &m, sizeof m);
        until_ns = rig_clock_monotonic_ns() + rig_clock_ns_of_s(SERVE_S);
    }
}

bool rig_fleet_serve(rig_fleet *fleet)
{
    clock_message m;
    uint32_t whose;
    bool has = false;
    while (rig_message_poll(0, RIG_CHANNEL_CLOCK, &m, sizeof m, &whose)) {
        if (m.kind != BEGIN)
            continue;
        serve_session(fleet, m.session);
        has = true;
    }
    return has;
}
