/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A round as rank 0 sees it. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "core/clock.h"
#include "ranks/state.h"

/* Between two looks for a last word. */
static const struct timespec NAP = {.tv_nsec = 1000000};

/* A round under way. */
typedef struct meeting {
    rig_ranks *ranks;
    const char *what, *text; /* of rank 0 */
    uint32_t n_awaited;      /* ranks that are not here */
    rig_status status;       /* of the first rank that has failed */
    uint32_t failed_rank;
    rig_error error;
} meeting;

static void open_meeting(rig_ranks *ranks, const char *what, const char *text, meeting *m)
{
    *m = (meeting){.ranks = ranks, .what = what, .text = text};
    ranks->round++;
    for (uint32_t rank = 1; rank < ranks->n_ranks; rank++) {
        rig_rank_peer *peer = &ranks->peers[rank];
        peer->is_here = peer->has_left;
        m->n_awaited += !peer->is_here;
    }
}

/* The lowest rank's failure is everybody's: the same, whatever came first. */
static void note(meeting *m, uint32_t rank, rig_status status, const char *text)
{
    if (m->status != RIG_OK && m->failed_rank <= rank)
        return;
    m->status = status;
    m->failed_rank = rank;
    if (status == RIG_ECANCELLED)
        (void)rig_fail(&m->error, status, "stopped: mpirun has ended the ranks, or was asked to");
    else if (rank == 0)
        (void)rig_fail(&m->error, status, "%s", text);
    else
        (void)rig_fail(&m->error, status, "rank %u on %s: %s", rank, m->ranks->sites[rank].host,
                       text);
}

static void arrive(meeting *m, uint32_t rank)
{
    rig_rank_peer *peer = &m->ranks->peers[rank];
    m->n_awaited -= !peer->is_here;
    peer->is_here = true;
}

/* A rank says of what its round is. */
static void compare(meeting *m, uint32_t rank, const rig_message *message)
{
    char text[2 * RIG_MESSAGE_TEXT_SIZE + 100];
    const char *end = strchr(message->text, '\n');
    const size_t n_what = end != NULL ? (size_t)(end - message->text) : 0;
    if (n_what != strlen(m->what) || strncmp(message->text, m->what, n_what) != 0)
        (void)snprintf(text, sizeof text,
                       "it is at another point of the work (%.*s) than rank 0 (%s)", (int)n_what,
                       message->text, m->what);
    else if (strcmp(end + 1, m->text) != 0 && strcmp(m->what, RIG_RANKS_PREDICTION) == 0)
        (void)snprintf(text, sizeof text,
                       "it predicts something else than rank 0; expected the same files, and "
                       "processors that calculate alike");
    else if (strcmp(end + 1, m->text) != 0)
        (void)snprintf(text, sizeof text, "another %s than rank 0's: %s; expected %s", m->what,
                       end + 1, m->text);
    else
        return;
    note(m, rank, RIG_EINPUT, text);
}

/* What any round understands. */
static void hear(meeting *m, uint32_t from, const rig_message *message)
{
    char text[100];
    switch ((rig_message_kind)message->kind) {
    case RIG_MESSAGE_HERE:
        arrive(m, from);
        if (m->status == RIG_OK || m->failed_rank > 0)
            compare(m, from, message);
        break;
    case RIG_MESSAGE_FAILED:
        arrive(m, from);
        note(m, from, (rig_status)message->status, message->text);
        break;
    case RIG_MESSAGE_LEFT:
        arrive(m, from);
        m->ranks->peers[from].has_left = true;
        (void)snprintf(text, sizeof text, "it has ended, with exit code %d", message->status);
        note(m, from, RIG_EENV, text);
        break;
    case RIG_MESSAGE_CHUNK: /* ROWS is of predictions; the others are not sent to rank 0 */
    case RIG_MESSAGE_ROWS:
    case RIG_MESSAGE_OVER:
    case RIG_MESSAGE_GONE:
    case RIG_MESSAGE_END:
        break;
    }
}

static void tell_all(const rig_ranks *ranks, const rig_message *message)
{
    for (uint32_t rank = 1; rank < ranks->n_ranks; rank++) {
        if (!ranks->peers[rank].has_left)
            rig_message_send(rank, message);
    }
}

static void take_rows(const rig_replications *replications, uint32_t from,
                      const rig_message *message)
{
    const size_t n_columns = rig_replications_of(replications)->n_columns;
    rig_message_take_rows(from, rig_replications_rows(replications, message->first),
                          message->n * n_columns);
}

/* Until no rank sends anything of this round any more. One after the other: a rank that is gone may
 * be at the next round already. @param replications  NULL: no rows can come. */
static void drain(const meeting *m, const rig_replications *replications)
{
    const rig_ranks *ranks = m->ranks;
    for (uint32_t rank = 1; rank < ranks->n_ranks; rank++) {
        rig_message message = {.kind = RIG_MESSAGE_HERE};
        while (!ranks->peers[rank].has_left && message.kind != RIG_MESSAGE_GONE) {
            rig_message_wait_for(rank, &message);
            if (message.kind == RIG_MESSAGE_ROWS && replications != NULL)
                take_rows(replications, rank, &message);
        }
    }
}

/* Say that it is over, and how. */
static rig_status close_meeting(meeting *m, const rig_replications *replications, rig_error *err)
{
    rig_message over = {.kind = RIG_MESSAGE_OVER, .round = m->ranks->round};
    rig_message message;
    uint32_t from;
    while (m->n_awaited > 0) {
        rig_message_wait(&message, &from);
        hear(m, from, &message);
        if (message.kind == RIG_MESSAGE_ROWS && replications != NULL)
            take_rows(replications, from, &message);
    }
    over.status = (int32_t)m->status;
    (void)snprintf(over.text, sizeof over.text, "%.*s", RIG_MESSAGE_TEXT_SIZE - 1, m->error.text);
    tell_all(m->ranks, &over);
    if (m->status == RIG_OK)
        return RIG_OK;
    drain(m, replications);
    return rig_fail(err, m->status, "%s", m->error.text);
}

rig_status rig_leader_agree(rig_ranks *ranks, const rig_rank_word *word, rig_error *err)
{
    meeting m;
    open_meeting(ranks, word->what, word->text, &m);
    if (word->status != RIG_OK)
        note(&m, 0, word->status, err->text[0] != '\0' ? err->text : rig_status_text(word->status));
    return close_meeting(&m, NULL, err);
}

/* --- a prediction ----------------------------------------------------------------------------- */

/* Rank 0's part of the work is dealt like another's. */
typedef struct shares {
    meeting meeting;
    rig_replications *replications;
    rig_rank_deal dealing;
    struct {
        uint32_t first, n;
    } own[RIG_CHUNKS_AT_HAND];
    uint32_t n_own_done; /* replications */
    uint32_t n_taken;    /* from others */
} shares;

static void deal(shares *s)
{
    const rig_ranks *ranks = s->meeting.ranks;
    for (uint32_t rank = 0; rank < ranks->n_ranks; rank++) {
        rig_rank_peer *peer = &ranks->peers[rank];
        rig_message m = {.kind = RIG_MESSAGE_CHUNK, .round = ranks->round};
        if ((rank > 0 && !peer->is_here) || peer->has_left)
            continue;
        m.n = rig_rank_deal_next(&s->dealing, peer->n_threads, peer->n_at_hand, &m.first);
        if (m.n == 0)
            continue;
        if (rank > 0) {
            rig_message_send(rank, &m);
        } else {
            s->own[peer->n_at_hand].first = m.first;
            s->own[peer->n_at_hand].n = m.n;
            rig_replications_give(s->replications, m.first, m.n);
        }
        peer->n_at_hand++;
    }
}

static void finish_own(shares *s)
{
    rig_rank_peer *self = &s->meeting.ranks->peers[0];
    while (self->n_at_hand > 0 &&
           rig_replications_are_done(s->replications, s->own[0].first, s->own[0].n)) {
        s->own[0] = s->own[1];
        self->n_at_hand--;
    }
}

static void listen(shares *s)
{
    rig_message message;
    uint32_t from;
    while (rig_message_take(&message, &from)) {
        hear(&s->meeting, from, &message);
        if (message.kind != RIG_MESSAGE_ROWS)
            continue;
        take_rows(s->replications, from, &message);
        s->meeting.ranks->peers[from].n_at_hand--;
        s->n_taken += message.n;
    }
}

/* Seconds until the next look: soon, where a rank has nothing to do until it gets an answer. */
static double look_s(const shares *s)
{
    const bool is_awaited = s->meeting.n_awaited > 0 || !rig_rank_deal_is_enough(&s->dealing);
    return is_awaited ? RIG_RANKS_SOON_S : RIG_RANKS_LOOK_S;
}

rig_status rig_leader_simulate(void *ctx, rig_replications *replications, rig_error *err)
{
    rig_ranks *ranks = ctx;
    const rig_replications_input *input = rig_replications_of(replications);
    const size_t most = ((size_t)1 << 23) / input->n_columns; /* 64 MB of rows */
    shares s = {.replications = replications,
                .dealing = {.n = input->n,
                            .n_threads = ranks->n_threads,
                            .most = most < 1                   ? 1
                                    : most < RIG_MOST_OF_CHUNK ? (uint32_t)most
                                                               : RIG_MOST_OF_CHUNK}};
    rig_error error = {0};
    open_meeting(ranks, RIG_RANKS_PREDICTION, input->sign, &s.meeting);
    for (uint32_t rank = 0; rank < ranks->n_ranks; rank++)
        ranks->peers[rank].n_at_hand = 0;
    while (s.meeting.status == RIG_OK && s.n_own_done + s.n_taken < input->n) {
        listen(&s);
        deal(&s);
        const uint32_t n_before = s.n_own_done + s.n_taken;
        const rig_status status =
            rig_replications_wait(replications, look_s(&s), &s.n_own_done, &error);
        if (status != RIG_OK)
            note(&s.meeting, 0, status,
                 error.text[0] != '\0' ? error.text : rig_status_text(status));
        finish_own(&s);
        if (s.n_own_done + s.n_taken > n_before)
            rig_replications_progress(replications, s.n_own_done + s.n_taken);
    }
    const rig_status status = close_meeting(&s.meeting, replications, err);
    if (status == RIG_OK)
        rig_message_spread(input->rows, input->n * input->n_columns * sizeof *input->rows);
    return status;
}

/* --- the end ---------------------------------------------------------------------------------- */

/* Until all have left. @param n_left  Those who have not. @return how many have not, in time. */
static uint32_t wait_for_last_words(rig_ranks *ranks, uint32_t n_left, const rig_message *over)
{
    const int64_t until_ns = rig_clock_monotonic_ns() + rig_clock_ns_of_s(ranks->end_silence_s);
    while (n_left > 0) {
        rig_message message;
        uint32_t from;
        if (!rig_message_take(&message, &from)) {
            if (ranks->end_silence_s > 0.0 && rig_clock_monotonic_ns() >= until_ns)
                break;
            (void)nanosleep(&NAP, NULL);
            continue;
        }
        if (message.kind == RIG_MESSAGE_HERE || message.kind == RIG_MESSAGE_FAILED)
            rig_message_send(from, over);
        if (message.kind != RIG_MESSAGE_LEFT)
            continue;
        rig_rank_peer *peer = ranks->peers != NULL ? &ranks->peers[from] : NULL;
        n_left -= peer == NULL || !peer->has_left; /* one that was lost may come back */
        if (peer != NULL)
            peer->has_left = true;
    }
    return n_left;
}

/* Who has said nothing died after its work. mpirun waits for its guard, but where the exit code is
 * not 0. */
static void lose_silent(rig_ranks *ranks, int *exit_code, rig_error *err)
{
    for (uint32_t rank = ranks->n_ranks - 1; rank > 0; rank--) {
        if (ranks->peers[rank].has_left)
            continue;
        ranks->peers[rank].is_lost = ranks->peers[rank].has_left = true;
        if (*exit_code == 0 || err->text[0] != '\0')
            *exit_code = rig_status_exit_code(rig_fail(
                err, RIG_EENV,
                "rank %u on %s: lost after its work: no word of it for %g s; what was said "
                "so far stands",
                rank, ranks->sites[rank].host, ranks->end_silence_s));
    }
}

bool rig_leader_end(rig_ranks *ranks, int *exit_code, rig_error *err)
{
    rig_message over = {.kind = RIG_MESSAGE_OVER, .status = (int32_t)RIG_EENV};
    rig_message end = {.kind = RIG_MESSAGE_END};
    uint32_t n_left = 0;
    for (uint32_t rank = 1; rank < ranks->n_ranks; rank++)
        n_left += ranks->peers == NULL || !ranks->peers[rank].has_left;
    (void)snprintf(over.text, sizeof over.text, "rank 0 has ended, with exit code %d", *exit_code);
    if (wait_for_last_words(ranks, n_left, &over) > 0 && ranks->peers != NULL)
        lose_silent(ranks, exit_code, err);
    for (uint32_t rank = 1; rank < ranks->n_ranks; rank++)
        end.n = end.n > 0 || (ranks->peers != NULL && ranks->peers[rank].is_lost);
    end.status = *exit_code;
    for (uint32_t rank = 1; rank < ranks->n_ranks; rank++) {
        if (ranks->peers == NULL || !ranks->peers[rank].is_lost)
            rig_message_send(rank, &end);
    }
    return end.n > 0;
}
