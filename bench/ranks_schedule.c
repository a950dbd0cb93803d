/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a prediction would take on many ranks: its replications are simulated here, one after the
 * other, and timed; then the ranks' own dealing is played with these times.
 *
 * Usage: bench_ranks_schedule SCENARIO REPLICATIONS
 *
 * Played: a rank of one thread works at its chunk and has the next one while there is enough; rank
 * 0 sees a message after RIG_RANKS_LOOK_S, RIG_RANKS_SOON_S at the end, takes rows one rank after
 * the other at LINK_BYTES_PER_S, and at last sends all rows to all (a tree: log2 of the ranks
 * times). What every rank does alone, the summaries, is measured, too. Prints a line for each
 * number of ranks. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/clock.h"
#include "models/prediction.h"
#include "models/replications.h"
#include "ranks/state.h"

#define LINK_BYTES_PER_S 1.25e8 /* 1 Gbit/s: the slowest network that is still common */
#define MOST_RANKS       64u

/* What is measured. */
typedef struct measured {
    double *time_s; /* of each replication */
    uint32_t n;
    size_t row_bytes;
    double alone_s; /* before and after the replications */
} measured;

static double now_s(void)
{
    return rig_clock_s_of_ns(rig_clock_monotonic_ns());
}

/* rig_team.simulate: one replication at a time. */
static rig_status simulate_timed(void *ctx, rig_replications *replications, rig_error *err)
{
    measured *m = ctx;
    m->row_bytes = rig_replications_of(replications)->n_columns * sizeof(double);
    for (uint32_t r = 0; r < m->n; r++) {
        const double start_s = now_s();
        uint32_t n_done = r;
        rig_status status = RIG_OK;
        rig_replications_give(replications, r, 1);
        while (status == RIG_OK && n_done == r)
            status = rig_replications_wait(replications, 60.0, &n_done, err);
        if (status != RIG_OK)
            return status;
        m->time_s[r] = now_s() - start_s;
        m->alone_s -= m->time_s[r];
    }
    return RIG_OK;
}

/* A rank while the dealing is played. */
typedef struct player {
    uint32_t n_at_hand, first[RIG_CHUNKS_AT_HAND], n[RIG_CHUNKS_AT_HAND];
    double done_s; /* of the chunk that it works at */
} player;

static void begin_chunk(const measured *m, player *p, double at_s)
{
    p->done_s = at_s;
    for (uint32_t r = p->first[0]; r < p->first[0] + p->n[0]; r++)
        p->done_s += m->time_s[r];
}

static void deal(const measured *m, rig_rank_deal *d, player *players, double at_s)
{
    for (uint32_t rank = 0; rank < d->n_threads; rank++) {
        player *p = &players[rank];
        uint32_t first = 0;
        const uint32_t n = rig_rank_deal_next(d, 1, p->n_at_hand, &first);
        if (n == 0)
            continue;
        p->first[p->n_at_hand] = first;
        p->n[p->n_at_hand++] = n;
        if (p->n_at_hand == 1)
            begin_chunk(m, p, at_s);
    }
}

/* @return seconds of the whole prediction. */
static double play(const measured *m, uint32_t n_ranks, uint32_t *n_chunks)
{
    rig_rank_deal d = {.n = m->n, .n_threads = n_ranks, .most = RIG_MOST_OF_CHUNK};
    player players[MOST_RANKS] = {{.n_at_hand = 0}};
    double leader_s = 0.0; /* rank 0 is busy with messages until then */
    uint32_t n_done = 0;
    *n_chunks = 0;
    deal(m, &d, players, 0.0);
    deal(m, &d, players, 0.0);
    while (n_done < m->n) {
        uint32_t next = MOST_RANKS;
        for (uint32_t rank = 0; rank < n_ranks; rank++) {
            if (players[rank].n_at_hand > 0 &&
                (next == MOST_RANKS || players[rank].done_s < players[next].done_s))
                next = rank;
        }
        player *p = &players[next];
        const double done_s = p->done_s;
        n_done += p->n[0];
        ++*n_chunks;
        leader_s = fmax(
            leader_s, done_s + (rig_rank_deal_is_enough(&d) ? RIG_RANKS_LOOK_S : RIG_RANKS_SOON_S));
        if (next > 0)
            leader_s += p->n[0] * (double)m->row_bytes / LINK_BYTES_PER_S;
        p->first[0] = p->first[1];
        p->n[0] = p->n[1];
        if (--p->n_at_hand > 0)
            begin_chunk(m, p, done_s);
        deal(m, &d, players, leader_s);
    }
    return leader_s + m->alone_s +
           ceil(log2(n_ranks)) * m->n * (double)m->row_bytes / LINK_BYTES_PER_S;
}

int main(int argc, char **argv)
{
    rig_error err = {0};
    rig_scenario *scenario = NULL;
    rig_prediction *prediction = NULL;
    measured m = {.n = argc == 3 ? (uint32_t)strtoul(argv[2], NULL, 10) : 0};
    if (m.n < 2) {
        (void)fprintf(stderr, "Usage: bench_ranks_schedule SCENARIO REPLICATIONS\n");
        return 2;
    }
    m.time_s = calloc(m.n, sizeof *m.time_s);
    rig_status status = m.time_s != NULL ? rig_scenario_read(argv[1], NULL, 0, &scenario, &err)
                                         : rig_fail(&err, RIG_ENOMEM, "out of memory");
    const rig_team team = {simulate_timed, &m, 1};
    const rig_predict_options how = {.n_replications = m.n, .team = &team};
    const double start_s = now_s();
    if (status == RIG_OK)
        status = rig_predict(scenario, &how, &prediction, &err);
    m.alone_s += now_s() - start_s;
    double one_s = 0.0;
    for (uint32_t n = 1; n <= MOST_RANKS && status == RIG_OK; n *= 2) {
        uint32_t n_chunks;
        const double all_s = play(&m, n, &n_chunks);
        one_s = n == 1 ? all_s : one_s;
        printf("%u %.6f %.4f %u\n", n, all_s, one_s / (n * all_s), n_chunks);
    }
    rig_prediction_free(prediction);
    rig_scenario_free(scenario);
    free(m.time_s);
    if (status != RIG_OK)
        (void)fprintf(stderr, "bench_ranks_schedule: %s\n", err.text);
    return rig_status_exit_code(status);
}
