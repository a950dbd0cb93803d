/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ranges of the formulas' arguments, and how a refusal is worded: one way for all formulas. */
#ifndef RIG_MODELS_DOMAIN_H
#define RIG_MODELS_DOMAIN_H

#include <stdint.h>

#include "core/status.h"

/** The most circuits, agents, places or sources that a formula takes. More is RIG_EDOM. */
#define RIG_MAX_SERVERS 10000000u

/*
 * Each function returns RIG_OK, or RIG_EDOM with the text
 * "FORMULA: ARGUMENT VALUE; expected RANGE".
 */

/** Finite and >= 0. */
rig_status rig_domain_not_negative(const char *formula, const char *argument, double value,
                                   rig_error *err);

/** Finite and > 0. */
rig_status rig_domain_positive(const char *formula, const char *argument, double value,
                               rig_error *err);

/** A share that an inverse aims at: > 0 and < 1. */
rig_status rig_domain_open_share(const char *formula, const char *argument, double value,
                                 rig_error *err);

/** A share: >= 0 and <= 1. */
rig_status rig_domain_share(const char *formula, const char *argument, double value,
                            rig_error *err);

/** A count from `least` to RIG_MAX_SERVERS. */
rig_status rig_domain_count(const char *formula, const char *argument, uint32_t n, uint32_t least,
                            rig_error *err);

#endif
