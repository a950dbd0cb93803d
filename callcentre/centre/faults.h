/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The scenario's faults at the centre: a trunk group without circuits, an IVR that does not answer,
 * a dead centre, agents who are gone (docs/scenario.md, `faults`). A fault is no defect: the
 * scenario says it, and the prediction knows it. */
#ifndef RIG_CALLCENTRE_CENTRE_FAULTS_H
#define RIG_CALLCENTRE_CENTRE_FAULTS_H

#include <stdbool.h>
#include <stddef.h>

#include "callcentre/sip/timers.h"
#include "core/status.h"
#include "scenarios/scenario.h"

struct rig_callcentre_centre;

/** One of them. */
typedef struct rig_callcentre_fault {
    struct rig_callcentre_centre *centre;
    const rig_fault *said; /**< by the scenario */
    bool is_on;
    rig_callcentre_timer timer; /**< its beginning, then its end */
} rig_callcentre_fault;

/** Make room. @return RIG_OK or RIG_ENOMEM. */
rig_status rig_callcentre_faults_make(struct rig_callcentre_centre *centre, rig_error *err);

/** The first INVITE has come, which tells what time it is in the scenario. What should have begun
 * before begins now. */
void rig_callcentre_faults_start(struct rig_callcentre_centre *centre);

/** Whether a trunk group has no circuits just now. */
bool rig_callcentre_faults_has_trunk_down(const struct rig_callcentre_centre *centre, size_t group);

/** Whether the centre is dead just now: what stands before it refuses new calls. */
bool rig_callcentre_faults_has_centre_down(const struct rig_callcentre_centre *centre);

/** Whether no port answers just now. */
bool rig_callcentre_faults_has_ivr_down(const struct rig_callcentre_centre *centre);

/** Of n agents of a group who should be on duty, those who are gone just now. */
uint32_t rig_callcentre_faults_n_gone(const struct rig_callcentre_centre *centre, size_t group,
                                      uint32_t n);

/** Free. */
void rig_callcentre_faults_clear(struct rig_callcentre_centre *centre);

#endif
