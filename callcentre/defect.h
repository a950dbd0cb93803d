/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Seeded defects: ways to break the call centre on purpose, so that a test of it can be tested.
 * What each does on the wire, and which stage it hits, is in docs/defects.md.
 *
 * A pure data structure: text to struct, and "is it on at this instant". No SIP, no clock. */
#ifndef RIG_CALLCENTRE_DEFECT_H
#define RIG_CALLCENTRE_DEFECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/status.h"

/** The defects, in the order of the table. */
typedef enum rig_callcentre_defect_kind {
    RIG_DEFECT_CIRCUITS = 0,      /**< fewer circuits */
    RIG_DEFECT_LEAK_ON_CANCEL,    /**< a CANCEL does not give its circuit back */
    RIG_DEFECT_TRUNK_DEAD,        /**< a trunk group takes no calls */
    RIG_DEFECT_NO_OVERFLOW,       /**< a carrier's calls never take the circuits of another */
    RIG_DEFECT_MISROUTED,         /**< a carrier's calls are booked on the next one's circuits */
    RIG_DEFECT_NO_BACKUP,         /**< the backup number is not connected */
    RIG_DEFECT_REFUSE_AFTER,      /**< 503 to every call from an instant on */
    RIG_DEFECT_MUTE_EVERY,        /**< every n-th INVITE is not answered at all */
    RIG_DEFECT_SLOW,              /**< every INVITE gets its first response late */
    RIG_DEFECT_PORTS,             /**< fewer IVR ports */
    RIG_DEFECT_IVR_LATE,          /**< the IVR answers late */
    RIG_DEFECT_QUEUE_LIMIT,       /**< a shorter queue */
    RIG_DEFECT_LIFO,              /**< the last in the queue is served first */
    RIG_DEFECT_NO_PRIORITY,       /**< all classes of callers wait in one line */
    RIG_DEFECT_PRIORITY_REVERSED, /**< the least priority is served first */
    RIG_DEFECT_CLASS_UNKNOWN,     /**< a class is taken for such of the least priority */
    RIG_DEFECT_PUSHES_OUT,  /**< who comes to a full queue pushes out one of a lesser priority */
    RIG_DEFECT_WRONG_SKILL, /**< calls for a skill wait for agents with the next one */
    RIG_DEFECT_NO_QUEUE_OVERFLOW,  /**< no group helps another, however long calls wait */
    RIG_DEFECT_NO_RESERVES,        /**< a tier of reserves is never called */
    RIG_DEFECT_NO_DEFLECTION,      /**< nobody is told not to wait, however many calls do */
    RIG_DEFECT_DEFLECTS_ALL,       /**< everybody is, when no agent is free */
    RIG_DEFECT_FORGETS_CALL_BACKS, /**< of the promised some are never called back */
    RIG_DEFECT_DOUBLES_CALL_BACKS, /**< who was called back is called once more */
    RIG_DEFECT_CALL_BACKS_FIRST,   /**< before those who wait, and before their time */
    RIG_DEFECT_LOSES_PLACES,       /**< who keeps his place is called back after the peak */
    RIG_DEFECT_NO_EMERGENCY,       /**< no talk is kept short, however long the queue is */
    RIG_DEFECT_ANNOUNCES,          /**< another position or wait is announced */
    RIG_DEFECT_NOBODY_COMES,       /**< of a group of agents nobody comes on duty */
    RIG_DEFECT_MESSAGE,            /**< a message in the queue sends callers away */
    RIG_DEFECT_DEAD_AGENTS,        /**< some agents' phones never ring */
    RIG_DEFECT_NO_RING_TIMEOUT,    /**< an agent who does not answer is rung for ever */
    RIG_DEFECT_STUCK_AGENTS,       /**< an agent whose caller has gone stays busy */
    RIG_DEFECT_DROP,               /**< conversations are cut */
    RIG_DEFECT_REJECT,             /**< some callers are refused, however many circuits are free */
    RIG_DEFECT_MENU,               /**< a menu of another length */
    RIG_DEFECT_POLL,               /**< the queue looks for free agents only now and then */
    RIG_DEFECT_ONE_AT_A_TIME,      /**< while one caller is offered to an agent, no other is */
    RIG_DEFECT_COUNTS_RINGING,  /**< callers whose agent's phone rings take places in the queue */
    RIG_DEFECT_TIMEOUT_RINGING, /**< the queue's time-out comes while a phone rings, too */
    RIG_DEFECT_RING_ALL,        /**< all idle agents' phones ring for one caller */
    RIG_DEFECT_WRAP_UP,         /**< a wrap-up of another length */
    RIG_DEFECT_NO_STANDBY,      /**< a centre that has died by a fault stays dead */
    RIG_DEFECT_CRASH,           /**< everything is lost, then it starts anew */
    RIG_N_DEFECTS
} rig_callcentre_defect_kind;

/** Room for a name, its NUL included: as many characters as a scenario's names have. */
#define RIG_DEFECT_NAME_SIZE 65

/** One defect and when it is on. */
typedef struct rig_callcentre_defect {
    rig_callcentre_defect_kind kind;
    double value;  /**< its first argument: a number, a share, or scenario seconds */
    double value2; /**< its second one */
    char name[RIG_DEFECT_NAME_SIZE]; /**< of a group, class or skill, when that is the argument */
    double from_s; /**< on in [from_s, to_s): scenario time since the first INVITE */
    double to_s;   /**< INFINITY = for ever */
} rig_callcentre_defect;

/** A row of the table of defects; static texts. */
typedef struct rig_callcentre_defect_about {
    const char *name;     /**< "circuits" */
    const char *argument; /**< "N", "P[:S]"; "" = none */
    const char *stage;    /**< the stage that it hits: "trunk", "ivr", "queue", "agent", "all" */
    const char *meaning;  /**< one sentence */
} rig_callcentre_defect_about;

/** The row of a defect. */
const rig_callcentre_defect_about *rig_callcentre_defect_about_of(rig_callcentre_defect_kind kind);

/**
 * Read "NAME", "NAME=ARGUMENT" or either with "@FROM..TO" (scenario seconds since the first INVITE
 * that the centre got; without TO for ever) after it.
 *
 * @param[out] defect  Untouched on error.
 * @return RIG_OK; RIG_EINPUT with what is wrong and what is expected: for an unknown name, all the
 *         known ones.
 */
rig_status rig_callcentre_defect_read(const char *text, rig_callcentre_defect *defect,
                                      rig_error *err);

/** Whether it is on at an instant: scenario time since the first INVITE. */
bool rig_callcentre_defect_is_on(const rig_callcentre_defect *defect, double at_s);

#endif
