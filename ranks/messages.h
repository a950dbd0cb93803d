/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Messages between ranks: the one place that sees MPI, whose errors end all ranks. All calls from
 * the thread that opened it. Internal to ranks/. */
#ifndef RIG_RANKS_MESSAGES_H
#define RIG_RANKS_MESSAGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/status.h"
#include "ranks/threads.h"

/** What a message says. */
typedef enum rig_message_kind {
    RIG_MESSAGE_HERE = 0, /**< to rank 0: I am at this point; text: of what */
    RIG_MESSAGE_CHUNK,    /**< from rank 0: simulate these */
    RIG_MESSAGE_ROWS,     /**< to rank 0: these are simulated; the rows follow */
    RIG_MESSAGE_FAILED,   /**< to rank 0: I have failed: status and text */
    RIG_MESSAGE_OVER,     /**< from rank 0: this round is over: status and text */
    RIG_MESSAGE_GONE,     /**< to rank 0: of a round that has failed I send no more */
    RIG_MESSAGE_LEFT,     /**< to rank 0: I have come to my end; status: exit code */
    RIG_MESSAGE_END       /**< from rank 0: end; status: exit code of all; n: a rank is lost */
} rig_message_kind;

/** Less than what is sent without waiting for its receiver. */
#define RIG_MESSAGE_TEXT_SIZE 3000

/** A message. */
typedef struct rig_message {
    uint32_t kind;  /**< rig_message_kind */
    uint32_t round; /**< points at which all ranks meet are counted */
    uint32_t first, n;
    int32_t status;
    char text[RIG_MESSAGE_TEXT_SIZE];
} rig_message;

/**
 * Open.
 * @param[out] sites  Of all ranks; heap, the caller frees.
 * @return RIG_OK; RIG_EENV; RIG_ENOMEM.
 */
rig_status rig_message_open(uint32_t *rank, uint32_t *n_ranks, rig_rank_site **sites,
                            rig_error *err);

/** Close; waits for all ranks. */
void rig_message_close(void);

/** Send. */
void rig_message_send(uint32_t to, const rig_message *message);

/** Take a message that is there. @return whether there was one. */
bool rig_message_take(rig_message *message, uint32_t *from);

/** Wait for one, asleep. */
void rig_message_wait(rig_message *message, uint32_t *from);

/** Wait for one of a rank. What one rank sends is taken in that order. */
void rig_message_wait_for(uint32_t from, rig_message *message);

/** Send numbers; waits until they are taken. */
void rig_message_send_rows(uint32_t to, const double *rows, size_t n);

/** Take n numbers that a rank sends. */
void rig_message_take_rows(uint32_t from, double *rows, size_t n);

/** What goes on beside rounds, among the ranks of a fleet (ranks/fleet.h). */
typedef enum rig_message_channel {
    RIG_CHANNEL_STATE = 10, /**< how ranks are, and what rank 0 orders */
    RIG_CHANNEL_CLOCK,      /**< comparing clocks */
    RIG_CHANNEL_BULK        /**< what rank 0 takes at the end */
} rig_message_channel;

/** From whichever rank. */
#define RIG_ANY_RANK UINT32_MAX

/** What was posted and may not have left yet; opaque. NULL: nothing. */
typedef struct rig_message_outbox rig_message_outbox;

/**
 * Send some bytes without waiting: a rank that is gone is never ready for them, and Open MPI tries
 * to reach it for ever.
 * @param[in,out] outbox  rig_message_outbox_free.
 * @return RIG_OK or RIG_ENOMEM.
 */
rig_status rig_message_post(rig_message_outbox **outbox, uint32_t to, rig_message_channel channel,
                            const void *data, size_t n);

/** Free what has left; what has not stays MPI's. NULL-safe. */
void rig_message_outbox_free(rig_message_outbox *outbox);

/**
 * Take a message of a channel that is there.
 * @param from        Of whom, or RIG_ANY_RANK.
 * @param size        Room in data; what is longer is no message of ours, and ends all ranks.
 * @param[out] whose  Of whom it is.
 * @return whether there was one.
 */
bool rig_message_poll(uint32_t from, rig_message_channel channel, void *data, size_t size,
                      uint32_t *whose);

/** Send any number of bytes; waits until they are taken. */
void rig_message_send_bytes(uint32_t to, const void *data, size_t n);

/**
 * Take n bytes that a rank sends.
 * @param patience_s  For each part of 16 MiB.
 * @return false: they did not come.
 */
bool rig_message_take_bytes(uint32_t from, void *data, size_t n, double patience_s);

/** n bytes of each rank to rank 0, in their order; each of them calls it. @param all  Of rank 0. */
void rig_message_gather(const void *own, void *all, size_t n);

/** n bytes of rank 0 to each rank, the other way. */
void rig_message_scatter(const void *all, void *own, size_t n);

/** Rank 0's bytes to all ranks; each of them calls it. */
void rig_message_spread(void *data, size_t n);

#endif
