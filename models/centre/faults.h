/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Faults over time. */
#ifndef RIG_MODELS_CENTRE_FAULTS_H
#define RIG_MODELS_CENTRE_FAULTS_H

#include "models/centre/state.h"

/** Before a run: all are to come. */
void rig_faults_begin(rig_centre *c);

/** A fault begins, or is over. */
void rig_faults_wake(rig_centre *c, uint32_t fault);

#endif
