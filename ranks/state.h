/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The ranks of one command, and the two parts of a round: rank 0's and the others'. A round is a
 * point at which all meet: a comparison (rig_ranks_agree), or a prediction. Internal to ranks/.
 *
 * In a round each rank says that it is here, and of what its round is. In a prediction rank 0 deals
 * chunks and takes rows. Rank 0 says that the round is over. One that has failed lasts until each
 * rank has said that it sends no more: what comes then belongs to the next. */
#ifndef RIG_RANKS_STATE_H
#define RIG_RANKS_STATE_H

#include "models/replications.h"
#include "ranks/dealing.h"
#include "ranks/ranks.h"
#include "ranks/messages.h"

/** Between two looks for messages, while threads are at work. There is one after each replication,
 * too. Each takes a processor from a thread for some 0.05 ms. */
#define RIG_RANKS_LOOK_S 0.005

/** The same of rank 0, while a rank may have nothing to do until it answers. */
#define RIG_RANKS_SOON_S 0.0005

/** What a prediction is called where ranks say what their round is of. */
#define RIG_RANKS_PREDICTION "prediction"

/** One of the ranks, as rank 0 knows it. */
typedef struct rig_rank_peer {
    uint32_t n_threads;
    uint32_t n_at_hand; /**< chunks that it has */
    bool is_here;       /**< in this round */
    bool has_left;      /**< it has come to its end, and meets nobody any more */
    bool is_lost;       /**< it is gone (ranks/fleet.h): no message waits for it */
} rig_rank_peer;

/** All of them, as one of them knows them. */
struct rig_ranks {
    uint32_t rank, n_ranks;
    rig_rank_site *sites;
    rig_rank_peer *peers; /**< n_ranks; of rank 0 alone */
    uint32_t n_threads;   /**< of all ranks by default */
    uint32_t round;       /**< that is, or was last */
    double end_silence_s; /**< at the end rank 0 waits so long for the others' last words; 0: for
                             ever, for the end of one ends all (else: ranks/fleet.h) */
    rig_team team;
};

/** What a rank brings to a comparison. */
typedef struct rig_rank_word {
    const char *what, *text;
    rig_status status; /**< its message is in the rig_error */
} rig_rank_word;

/** rig_ranks_agree of rank 0. */
rig_status rig_leader_agree(rig_ranks *ranks, const rig_rank_word *word, rig_error *err);

/** The same of another rank. */
rig_status rig_member_agree(rig_ranks *ranks, const rig_rank_word *word, rig_error *err);

/** rig_team.simulate of rank 0; ctx: the rig_ranks. */
rig_status rig_leader_simulate(void *ctx, rig_replications *replications, rig_error *err);

/** The same of another rank. */
rig_status rig_member_simulate(void *ctx, rig_replications *replications, rig_error *err);

/**
 * rig_ranks_end of rank 0, before the wire is closed.
 * @param[in,out] exit_code  Of this rank; of all.
 * @return whether some rank is lost: who closes the wire would wait for it.
 */
bool rig_leader_end(rig_ranks *ranks, int *exit_code, rig_error *err);

/** The same of another rank. @param[out] is_lost  Some rank is. @return rank 0's exit code. */
int rig_member_end(const rig_ranks *ranks, int exit_code, bool *is_lost);

#endif
