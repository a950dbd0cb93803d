/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What all calls of one running call centre share. */
#ifndef RIG_CALLCENTRE_CENTRE_CENTRE_H
#define RIG_CALLCENTRE_CENTRE_CENTRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "callcentre/auth.h"
#include "callcentre/defect.h"
#include "callcentre/centre/attempts.h"
#include "callcentre/centre/duty.h"
#include "callcentre/centre/steps.h"
#include "callcentre/centre/faults.h"
#include "callcentre/centre/promises.h"
#include "callcentre/centre/reserves.h"
#include "callcentre/centre/resources.h"
#include "callcentre/sip/entrances.h"
#include "callcentre/sip/sofia.h"
#include "callcentre/callcentre.h"
#include "callcentre/sip/timers.h"
#include "callcentre/sip/transport.h"

/** How long a finished leg is kept so that a BYE or a 200 that crossed ours is still answered:
 * SIP's T4, the longest that a message stays in the network (RFC 3261, 17.1.2.2). */
#define RIG_CALLCENTRE_LINGER_NS (5 * RIG_NS_PER_S)

struct rig_callcentre_call;
struct rig_callcentre_agent_leg;
struct rig_callcentre_centre;
struct rig_callcentre_held;

/** An agent who is wrapping up or resting. */
typedef struct rig_callcentre_agent {
    struct rig_callcentre_centre *centre;
    uint32_t index; /**< from 0, through the groups; its phone's name counts from 1 */
    const rig_agent_group *group;
    uint32_t n_missed; /**< calls, one after the other */
    rig_callcentre_timer timer;
} rig_callcentre_agent;

/** What a draw of the centre is for (argument `sub` of rig_random_uniform): append only. */
typedef enum rig_callcentre_draw {
    RIG_CALLCENTRE_DRAW_MENU = 0,
    RIG_CALLCENTRE_DRAW_WRAP_UP = 1,
    RIG_CALLCENTRE_DRAW_MARK_RETRY = 2, /* and on: one an attempt */
    RIG_CALLCENTRE_DRAW_DROP = 16,
    RIG_CALLCENTRE_DRAW_MESSAGE = 17,
    RIG_CALLCENTRE_DRAW_REJECT = 18,  /* index: among the offered calls */
    RIG_CALLCENTRE_DRAW_FORGET = 19,  /* index: the caller */
    RIG_CALLCENTRE_DRAW_STRANGER = 64 /* and on: one a dialling; index: among the promises */
} rig_callcentre_draw;

/** The running call centre. */
typedef struct rig_callcentre_centre {
    const rig_scenario *scenario;
    rig_transport transport; /**< on both sides */
    const rig_callcentre_defect *defects;
    size_t n_defects;
    rig_callcentre_counts counts;
    rig_callcentre_counts back_counts; /**< the same of the calls that it has made itself */
    su_root_t *root;
    nta_agent_t *nta;       /**< NULL while crashed */
    int wait_fd;            /**< the stack's: to wait on, not to read; -1 while crashed */
    nta_leg_t *default_leg; /**< takes what belongs to no call */
    struct rig_callcentre_parser *parser; /**< how its messages are read */
    struct rig_callcentre_accepted *accepted;
    const sip_contact_t *contact;         /**< the stack's */
    rig_callcentre_address host;          /**< where it listens, and what it shows to others */
    uint16_t port;                        /**< of the first entrance */
    rig_callcentre_entrance *entrances;
    size_t n_entrances;
    su_home_t home[1]; /**< the entrances' contacts; as long as the stack is open */
    rig_callcentre_address agents_host;
    uint16_t agents_port;
    rig_callcentre_address callers_host; /**< where callers are called back */
    uint16_t callers_port;               /**< 0: nowhere */
    const char *const *allow;            /**< hosts that may be sent to beside target.allow */
    size_t n_allow;
    const rig_callcentre_auth *auth; /**< NULL: callers are not challenged */
    rig_callcentre_challenge challenge;
    char *sdp; /**< the centre's own session description */
    rig_callcentre_resources *resources;
    rig_callcentre_timers timers;
    rig_callcentre_agent *agents; /**< n_agents */
    uint32_t n_agents;
    struct rig_callcentre_call *calls; /**< all, also those that are over and linger */
    size_t n_calls;
    struct rig_callcentre_call
        *next_to_stop; /**< while stopping: moves on when its call is freed */
    struct rig_callcentre_agent_leg *agent_legs; /**< all, also lingering ones */
    size_t n_agent_legs;
    struct rig_callcentre_held *held; /**< INVITEs that a defect keeps waiting */
    uint64_t n_begun;                 /**< calls that got a circuit: numbers the draws */
    int64_t first_invite_ns; /**< CLOCK_MONOTONIC; RIG_NO_TIME = none yet: when defects begin */
    double first_call_s;     /**< when that is in the scenario: for its faults */
    double refresh_s;        /**< callers' sessions are refreshed so often, wire time; 0: never */
    bool tells_dialled;      /**< an UPDATE to the caller when an agent is dialled */
    bool has_short_headers;  /**< RFC 3261, 7.3.3 */
    rig_callcentre_fault *faults; /**< as many as the scenario has */
    rig_callcentre_duty *duty;    /**< of each group of agents */
    rig_callcentre_steps *steps;  /**< of each group of trunks, and of the ports */
    rig_callcentre_promises promises;
    rig_callcentre_attempts attempts; /**< calls so far, of each caller */
    rig_callcentre_tier *tiers;       /**< of reserves, as many as the scenario has */
    bool is_emergency;                /**< talks that begin now are kept short */
    uint32_t n_being_rung;            /**< calls that an agent was found for and has not answered */
    rig_callcentre_timer look;        /**< a defect: only then are waiting calls matched again */
    int64_t next_look_ns;             /**< CLOCK_MONOTONIC; 0 = any time */
    rig_callcentre_timer crash;
    bool crash_is_due;
    int64_t restart_ns; /**< while crashed: CLOCK_MONOTONIC */
    bool is_stopping;   /**< nobody is matched any more */
} rig_callcentre_centre;

/** The instant that lies a duration of scenario time ahead, CLOCK_MONOTONIC. */
int64_t rig_callcentre_centre_after_ns(const rig_callcentre_centre *centre, double scenario_s);

/** The instant of a time of the scenario, CLOCK_MONOTONIC; once the first INVITE has come. */
int64_t rig_callcentre_centre_instant_ns(const rig_callcentre_centre *centre, double at_s);

/** A uniform number of the centre's own, in (0, 1). */
double rig_callcentre_centre_draw(const rig_callcentre_centre *centre, uint64_t index,
                                  uint32_t sub);

/** An INVITE has come: the first starts the defects' time. */
void rig_callcentre_centre_note_invite(rig_callcentre_centre *centre);

/** The defect of a kind that is on just now; NULL when none is. */
const rig_callcentre_defect *rig_callcentre_centre_defect(const rig_callcentre_centre *centre,
                                                          rig_callcentre_defect_kind kind);

/** Whether a defect has put a trunk group out of service just now. */
bool rig_callcentre_centre_is_trunk_dead(const rig_callcentre_centre *centre, size_t group);

/** Whether a defect books the calls of a carrier on the circuits of the next one just now. */
bool rig_callcentre_centre_is_misrouted(const rig_callcentre_centre *centre, size_t carrier);

/** Whether a defect takes the callers of a class for such of the least priority just now. */
bool rig_callcentre_centre_is_unknown(const rig_callcentre_centre *centre, size_t caller_class);

/** Whether a defect gives the calls for a skill to those who have the next one just now. */
bool rig_callcentre_centre_is_wrong_skill(const rig_callcentre_centre *centre, uint32_t skill);

/** Whether a defect keeps agents of a group who should come on duty away just now. */
bool rig_callcentre_centre_has_nobody_coming(const rig_callcentre_centre *centre, size_t group);

/** Whether a defect lets nobody call a tier of reserves just now. */
bool rig_callcentre_centre_has_no_reserves(const rig_callcentre_centre *centre,
                                           const rig_reserve *reserve);

/** Whether defects and faults leave an IVR port to be taken. */
bool rig_callcentre_centre_has_port(const rig_callcentre_centre *centre);

/** The group of an agent. */
const rig_agent_group *rig_callcentre_centre_group(const rig_callcentre_centre *centre,
                                                   uint32_t agent);

/** The agent is idle again after a duration of scenario time. */
void rig_callcentre_centre_rest(rig_callcentre_centre *centre, uint32_t agent, double scenario_s);

/** The agent has not taken a call: he is idle again after a rest, or after a break when he has
 * missed too many. @param status  Of his phone; 0: it rang in vain. */
void rig_callcentre_centre_missed(rig_callcentre_centre *centre, uint32_t agent, int status);

/** What the scenario's queue does, or a defect makes of it. */
bool rig_callcentre_centre_rings_all(const rig_callcentre_centre *centre);
bool rig_callcentre_centre_is_one_at_a_time(const rig_callcentre_centre *centre);
bool rig_callcentre_centre_counts_ringing(const rig_callcentre_centre *centre);
bool rig_callcentre_centre_cuts_ringing(const rig_callcentre_centre *centre);

/** Whether callers look for a free agent by themselves (queue.poll_s). */
bool rig_callcentre_centre_is_polled(const rig_callcentre_centre *centre);

/** Whether a caller may be given an agent while a phone rings for another. */
bool rig_callcentre_centre_is_next_turn(const rig_callcentre_centre *centre);

/** A call is about to enter the queue: where nobody waits, it is looked for an agent at once. */
void rig_callcentre_centre_note_entry(rig_callcentre_centre *centre);

/** Match waiting calls with free ports and idle agents. Called when all pending events are done, so
 * that no event finds its call changed by a match. */
void rig_callcentre_centre_settle(rig_callcentre_centre *centre);

#endif
