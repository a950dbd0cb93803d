/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Counter-based random numbers: a draw is a function of what it is for, not of what was drawn
 * before.
 *
 * Call 4711 has the same patience whatever the trunk count, the thread or the host: common random
 * numbers for every what-if, and parallel streams for free. What is NOT promised: cryptographic
 * strength. Source: Salmon, Moraes, Dror & Shaw, "Parallel random numbers: as easy as 1, 2, 3",
 * SC11 (Philox-4x32, 10 rounds), as implemented by Random123. */
#ifndef RIG_CORE_RANDOM_H
#define RIG_CORE_RANDOM_H

#include <stdint.h>

/** What a draw is for. The values are part of the reproducibility contract: append only. */
typedef enum rig_cause {
    RIG_CAUSE_ARRIVAL = 1,
    RIG_CAUSE_PATIENCE_ANSWER = 2,
    RIG_CAUSE_PATIENCE_QUEUE = 3,
    RIG_CAUSE_PATIENCE_RINGING = 4,
    RIG_CAUSE_TALK = 5,
    RIG_CAUSE_RING = 6,         /**< sub = attempt */
    RIG_CAUSE_SELF_SERVICE = 7, /**< sub 0 = whether, sub 1 = how long */
    RIG_CAUSE_HANGUP = 8,       /**< which side ends the talk */
    RIG_CAUSE_MENU = 9,
    RIG_CAUSE_WRAP_UP = 10,
    RIG_CAUSE_RIG_DELAY = 11,  /**< sub = which of the rig's own delays */
    RIG_CAUSE_TARGET = 12,     /**< draws of the embedded target; sub = which */
    RIG_CAUSE_DAY = 13,        /**< how busy the day is; index 0 */
    RIG_CAUSE_CLASS = 14,      /**< kind of caller */
    RIG_CAUSE_CHOICE = 15,     /**< way out of the menu */
    RIG_CAUSE_TRUNK = 16,      /**< carrier by share */
    RIG_CAUSE_REDIAL = 17,     /**< sub = 2 attempt: whether; + 1: how much later */
    RIG_CAUSE_KEEP_PLACE = 18, /**< whether he has his place kept; sub = attempt */
    RIG_CAUSE_DEFLECTION = 19, /**< whether he takes the promise; sub = attempt */
    RIG_CAUSE_CALL_BACK = 20, /**< sub = 4 (256 attempt + dial): reached, + 1: answer, + 2: retry */
    RIG_CAUSE_RESERVE = 21,   /**< when a reserve agent arrives; index = agent, sub = n-th call */
    RIG_CAUSE_REFUSAL = 22,   /**< whether an agent's phone refuses; sub = 16 attempt + n-th */
    RIG_CAUSE_BACKUP = 23     /**< whether a redial is to the backup number; sub = attempt */
} rig_cause;

/**
 * A uniform number in the open interval (0, 1): never 0, never 1, 52 random bits.
 *
 * @param seed         The scenario's seed.
 * @param cause        What the draw is for.
 * @param index        Call index (or event index), from 0.
 * @param replication  0 for the schedule that goes on the wire; replications count from 1.
 * @param sub          Distinguishes several draws of the same cause and call.
 */
double rig_random_uniform(uint64_t seed, rig_cause cause, uint64_t index, uint32_t replication,
                          uint32_t sub);

/** Draws that are made together. */
#define RIG_RANDOM_BLOCK 8u

/** Cause and sub of a draw in one word. @param sub  As of rig_random_uniform; its low 24 bits. */
static inline uint32_t rig_random_purpose(rig_cause cause, uint32_t sub)
{
    return (uint32_t)cause << 24 | (sub & 0xFFFFFFu);
}

/**
 * The numbers of rig_random_uniform of one index for several purposes, bit for bit, in half the
 * time: by AVX2 where the processor has it.
 *
 * @param purpose  Of each: rig_random_purpose.
 * @param[out] u   As many.
 */
void rig_random_uniforms(uint64_t seed, uint64_t index, uint32_t replication,
                         const uint32_t purpose[RIG_RANDOM_BLOCK], double u[RIG_RANDOM_BLOCK]);

/** The same of one purpose for indices that follow each other: first, first + 1 .. */
void rig_random_uniforms_from(uint64_t seed, uint32_t purpose, uint64_t first, uint32_t replication,
                              double u[RIG_RANDOM_BLOCK]);

#endif
