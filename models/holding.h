/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How much of a holding time falls within a given length of time. The load of a group at an
 * instant follows from it. */
#ifndef RIG_MODELS_HOLDING_H
#define RIG_MODELS_HOLDING_H

#include "scenarios/dist.h"

/**
 * E[min(S, x)], the mean part of a holding time S that lies in its first x_s: the integral of
 * P(S > s) from 0 to x.
 *
 * @param dist  Any distribution of scenarios/dist.h with mean_s > 0.
 * @param x_s   >= 0; INFINITY gives the mean.
 * Source: integration by parts of the limited expected value (Klugman, Panjer & Willmot, Loss
 * Models, 4th ed., appendix A).
 */
double rig_holding_capped_mean_s(const rig_dist *dist, double x_s);

#endif
