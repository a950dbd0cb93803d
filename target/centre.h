/* What all calls of one running call centre share. */
#ifndef RIG_TARGET_CENTRE_H
#define RIG_TARGET_CENTRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "target/resources.h"
#include "target/sofia.h"
#include "target/target.h"
#include "target/timers.h"

/** How long a finished leg is kept so that a BYE or a 200 that crossed ours is still answered:
 * SIP's T4, the longest that a message stays in the network (RFC 3261, 17.1.2.2). */
#define RIG_TARGET_LINGER_NS (5 * RIG_NS_PER_S)

struct rig_target_call;
struct rig_target_agent_leg;
struct rig_target_centre;

/** An agent who is wrapping up or resting. */
typedef struct rig_target_agent {
    struct rig_target_centre *centre;
    uint32_t index; /**< from 0; its phone's name counts from 1 */
    rig_target_timer timer;
} rig_target_agent;

/** What a draw of the centre is for (argument `sub` of rig_random_uniform): append only. */
typedef enum rig_target_draw {
    RIG_TARGET_DRAW_MENU = 0,
    RIG_TARGET_DRAW_WRAP_UP = 1,
    RIG_TARGET_DRAW_MARK_RETRY = 2 /* and on: one an attempt */
} rig_target_draw;

/** The running call centre. */
typedef struct rig_target_centre {
    const rig_scenario *scenario;
    rig_target_counts counts;
    su_root_t *root;
    nta_agent_t *nta;
    int socket;                   /**< the stack's: to wait on, not to read */
    nta_leg_t *default_leg;       /**< takes what belongs to no call */
    const sip_contact_t *contact; /**< the stack's */
    char host[64];                /**< numeric address shown to others */
    uint16_t port;
    char agents_host[64]; /**< numeric */
    uint16_t agents_port;
    char *sdp; /**< the centre's own session description */
    rig_target_resources *resources;
    rig_target_timers timers;
    rig_target_agent *agents;
    struct rig_target_call *calls; /**< all, also those that are over and linger */
    size_t n_calls;
    struct rig_target_call *next_to_stop;    /**< while stopping: moves on when its call is freed */
    struct rig_target_agent_leg *agent_legs; /**< all, also lingering ones */
    size_t n_agent_legs;
    uint64_t n_begun; /**< calls that got a circuit: numbers the draws */
    bool is_stopping; /**< nobody is matched any more */
} rig_target_centre;

/** The instant that lies a duration of scenario time ahead, CLOCK_MONOTONIC. */
int64_t rig_target_centre_after_ns(const rig_target_centre *centre, double scenario_s);

/** A uniform number of the centre's own, in (0, 1). */
double rig_target_centre_draw(const rig_target_centre *centre, uint64_t index, uint32_t sub);

/** The agent is idle again after a duration of scenario time. */
void rig_target_centre_rest(rig_target_centre *centre, uint32_t agent, double scenario_s);

/** Match waiting calls with free ports and idle agents. Called when all pending events are done, so
 * that no event finds its call changed by a match. */
void rig_target_centre_settle(rig_target_centre *centre);

#endif
