/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A round as all ranks but rank 0 see it. */
#include <stdio.h>

#include "ranks/state.h"

static void say_here(const rig_ranks *ranks, const char *what, const char *text)
{
    rig_message m = {.kind = RIG_MESSAGE_HERE, .round = ranks->round};
    (void)snprintf(m.text, sizeof m.text, "%s\n%s", what, text);
    rig_message_send(0, &m);
}

static void say_failed(const rig_ranks *ranks, rig_status status, const rig_error *error)
{
    rig_message m = {.kind = RIG_MESSAGE_FAILED, .round = ranks->round, .status = (int32_t)status};
    const char *text = error->text[0] != '\0' ? error->text : rig_status_text(status);
    (void)snprintf(m.text, sizeof m.text, "%.*s", RIG_MESSAGE_TEXT_SIZE - 1, text);
    rig_message_send(0, &m);
}

/* The round is over. */
static rig_status take_over(const rig_ranks *ranks, const rig_message *over, rig_error *err)
{
    const rig_message gone = {.kind = RIG_MESSAGE_GONE, .round = ranks->round};
    const rig_status status = (rig_status)over->status;
    if (status == RIG_OK)
        return RIG_OK;
    rig_message_send(0, &gone);
    return rig_fail(err, status, "%s", over->text);
}

rig_status rig_member_agree(rig_ranks *ranks, const rig_rank_word *word, rig_error *err)
{
    rig_message m;
    uint32_t from;
    ranks->round++;
    if (word->status == RIG_OK)
        say_here(ranks, word->what, word->text);
    else
        say_failed(ranks, word->status, err);
    do {
        rig_message_wait(&m, &from);
    } while (m.kind != RIG_MESSAGE_OVER);
    return take_over(ranks, &m, err);
}

/* A prediction. */
typedef struct part {
    rig_ranks *ranks;
    rig_replications *replications;
    struct {
        uint32_t first, n;
    } chunks[RIG_CHUNKS_AT_HAND]; /* in the order in which they came */
    uint32_t n_chunks;
    uint32_t n_done; /* replications */
    bool has_failed;
} part;

static void take_chunk(part *p, const rig_message *m)
{
    if (p->has_failed || p->n_chunks == RIG_CHUNKS_AT_HAND)
        return; /* the round will be over */
    p->chunks[p->n_chunks].first = m->first;
    p->chunks[p->n_chunks++].n = m->n;
    rig_replications_give(p->replications, m->first, m->n);
}

static void send_done(part *p)
{
    const size_t n_columns = rig_replications_of(p->replications)->n_columns;
    while (p->n_chunks > 0 &&
           rig_replications_are_done(p->replications, p->chunks[0].first, p->chunks[0].n)) {
        const rig_message m = {.kind = RIG_MESSAGE_ROWS,
                               .round = p->ranks->round,
                               .first = p->chunks[0].first,
                               .n = p->chunks[0].n};
        rig_message_send(0, &m);
        rig_message_send_rows(0, rig_replications_rows(p->replications, m.first), m.n * n_columns);
        p->chunks[0] = p->chunks[1];
        p->n_chunks--;
    }
}

/* Look for a message: at once, or after some replications, or, without any to do, when one comes.
 * @return whether there is one. */
static bool look(part *p, rig_message *m)
{
    rig_error error = {0};
    uint32_t from;
    if (p->has_failed || p->n_chunks == 0) {
        rig_message_wait(m, &from);
        return true;
    }
    if (rig_message_take(m, &from))
        return true;
    const rig_status status =
        rig_replications_wait(p->replications, RIG_RANKS_LOOK_S, &p->n_done, &error);
    if (status == RIG_OK) {
        send_done(p);
    } else {
        p->has_failed = true;
        say_failed(p->ranks, status, &error);
    }
    return false;
}

rig_status rig_member_simulate(void *ctx, rig_replications *replications, rig_error *err)
{
    part p = {.ranks = ctx, .replications = replications};
    const rig_replications_input *input = rig_replications_of(replications);
    rig_message m = {.kind = RIG_MESSAGE_CHUNK};
    p.ranks->round++;
    say_here(p.ranks, RIG_RANKS_PREDICTION, input->sign);
    for (;;) {
        if (!look(&p, &m))
            continue;
        if (m.kind == RIG_MESSAGE_CHUNK)
            take_chunk(&p, &m);
        if (m.kind == RIG_MESSAGE_OVER)
            break;
    }
    const rig_status status = take_over(p.ranks, &m, err);
    if (status == RIG_OK)
        rig_message_spread(input->rows, input->n * input->n_columns * sizeof *input->rows);
    return status;
}

int rig_member_end(const rig_ranks *ranks, int exit_code, bool *is_lost)
{
    rig_message m = {.kind = RIG_MESSAGE_LEFT, .round = ranks->round, .status = exit_code};
    uint32_t from;
    rig_message_send(0, &m);
    do {
        rig_message_wait(&m, &from);
    } while (m.kind != RIG_MESSAGE_END);
    *is_lost = m.n > 0;
    return m.status;
}
