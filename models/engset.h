/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Engset: few callers. Each of S sources calls only while it is idle, so that a busy group is
 * called less; who is blocked goes idle again and does not return at once.
 *
 * Insensitive to the distributions of holding and idle time beyond their means, like Erlang B; as
 * S grows it becomes Erlang B. With S <= N no call is blocked.
 *
 * Every function returns RIG_OK, or RIG_EDOM with a text in `err` (which may be NULL) when an
 * argument is out of its range; outputs are untouched on error.
 * Source: Iversen, Teletraffic Engineering and Network Planning, 2015, section 5.3. */
#ifndef RIG_MODELS_ENGSET_H
#define RIG_MODELS_ENGSET_H

#include <stdint.h>

#include "core/status.h"

/** Means of the steady state. */
typedef struct rig_engset_figures {
    double p_time;      /**< time congestion: share of the time with all circuits busy */
    double p_call;      /**< call congestion: blocked per offered call */
    double p_traffic;   /**< traffic congestion: (offered - carried) / offered */
    double offered_erl; /**< intended: S beta / (1 + beta), what S circuits would carry */
    double carried_erl;
} rig_engset_figures;

/**
 * All figures.
 * @param n_sources  S; 1 to RIG_MAX_SERVERS.
 * @param n_circuits N; 0 to RIG_MAX_SERVERS.
 * @param idle_erl   beta: mean holding time x rate of calls of one idle source; finite, >= 0.
 */
rig_status rig_engset(uint32_t n_sources, uint32_t n_circuits, double idle_erl,
                      rig_engset_figures *figures, rig_error *err);

/**
 * The idle intensity beta = A / (S - A) of sources that intend to offer A in all.
 * @param offered_erl  >= 0, < n_sources.
 */
rig_status rig_engset_idle(uint32_t n_sources, double offered_erl, double *idle_erl,
                           rig_error *err);

/** The fewest circuits with a call congestion of at most p_call (> 0, < 1). */
rig_status rig_engset_circuits(uint32_t n_sources, double idle_erl, double p_call,
                               uint32_t *n_circuits, rig_error *err);

/** The idle intensity at which the call congestion is p_call (> 0, < 1); 1 <= N < S. */
rig_status rig_engset_load(uint32_t n_sources, uint32_t n_circuits, double p_call, double *idle_erl,
                           rig_error *err);

#endif
