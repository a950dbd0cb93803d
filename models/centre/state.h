/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the simulated centre is made of: its memory, shared by the files of this folder.
 *
 * Time is `now_s`, set by the event loop. An event belongs to an actor of the calendar; the actors
 * are, in the order in which events of one instant come: calls (by slot), agents, shifts of the
 * groups, reserves, faults, the callers outside, the start of the call backs. */
#ifndef RIG_MODELS_CENTRE_STATE_H
#define RIG_MODELS_CENTRE_STATE_H

#include "models/schedule/callers.h"
#include "models/centre.h"
#include "models/centre/account.h"
#include "models/centre/calendar.h"
#include "models/centre/event_heap.h"

#define RIG_NONE UINT32_MAX

/* Bounds of the scenario (scenarios/scenario.h). */
#define RIG_MOST_SKILLS  16
#define RIG_MOST_CLASSES 16
#define RIG_MOST_GROUPS  64

/* What a slot is in; the order is that in which the states of cut calls are gone through. */
typedef enum rig_slot_state {
    RIG_SLOT_FREE = 0,
    RIG_SLOT_WAITS_FOR_PORT,
    RIG_SLOT_IN_QUEUE,
    RIG_SLOT_PLACE, /* the caller has hung up, his place waits in the queue: no circuit */
    RIG_SLOT_IN_MENU,
    RIG_SLOT_HEARS_PROMISE, /* of a call back */
    RIG_SLOT_RINGS,         /* at an agent */
    RIG_SLOT_IS_DIALLED,    /* an agent calls back */
    RIG_SLOT_TALKS,
    RIG_N_SLOT_STATES
} rig_slot_state;

/* Why a call's next event comes. */
typedef enum rig_wake {
    RIG_WAKE_GIVES_UP = 0, /* patience of the state, or the self-server's time, is over */
    RIG_WAKE_MENU_ENDS,
    RIG_WAKE_QUEUE, /* time-out, patience or overflow to another group */
    RIG_WAKE_PROMISE_ENDS,
    RIG_WAKE_AGENT_ANSWERS,
    RIG_WAKE_RING_TIMEOUT,
    RIG_WAKE_REACHED,
    RIG_WAKE_NOT_REACHED,
    RIG_WAKE_TALK_ENDS
} rig_wake;

/* What stands beside a slot among the drawn numbers. */
typedef enum rig_drawn {
    RIG_DRAWN_NOTHING = 0,
    RIG_DRAWN_TRAITS,        /* rig_callers_draw */
    RIG_DRAWN_DELAYS,        /* of a replay: models/centre/calls.c */
    RIG_DRAWN_DELAYS_OF_WAIT /* the same of a call that waits for a port */
} rig_drawn;

/* A call in progress, or a kept place. Two lines of the cache: with many calls each is out of it
 * when its turn comes. In the first is what most events ask for; in the second what the queue and
 * a ringing phone do. */
typedef struct rig_slot {
    _Alignas(64) double arrival_s;
    double queued_s;   /* first entry into the queue; of a call back: when it was promised */
    double hangs_up_s; /* the self-server's; INFINITY */
    uint32_t caller, attempt;
    uint32_t row;      /* of the schedule; RIG_NO_ROW */
    uint32_t interval; /* of its arrival; RIG_NONE = after the last */
    uint32_t trunk;    /* group of its circuit */
    uint32_t agent;
    uint8_t state, wake, skill, rank, drawn;
    uint8_t refusal; /* rings: what the phone does (rig_refusal) */
    bool has_port, is_call_back;
    bool was_asked;     /* the time at which he may be deflected is over */
    bool is_again;      /* a call back to one who was called back before (rig_centre_rules) */
    bool is_balking;    /* he leaves because of what he was told */
    bool is_sent_away;  /* by the centre: the queue is full, or his time in it is over */
    bool is_unanswered; /* its port answers after its caller has given up */

    _Alignas(64) int64_t order; /* in its line: the least is its head */
    double announced_s;         /* the wait that he was told there; 0: none */
    double leave_queue_s;       /* patience in the queue ends; NAN = not drawn yet */
    double rings_s;             /* the agent's phone begins to ring */
    double talks_s;             /* the agent has answered */
    double look_s;              /* waits: he looks for a free agent then (queue.poll_s) */
    uint32_t previous, next;    /* in the list of its state */
    uint32_t n_rings;
    uint32_t n_dials; /* call-back attempts made before this one */
} rig_slot;

_Static_assert(sizeof(rig_slot) == 128, "two lines of the cache");

/* A doubly linked list of slots. */
typedef struct rig_slot_list {
    uint32_t head, tail, n;
} rig_slot_list;

/* A level whose time average is wanted. Between two interval ends at base_s and later:
 * area = level * (end - base) - moment. */
typedef struct rig_gauge {
    double level;
    double moment;
    double area; /* of all intervals that are over */
} rig_gauge;

/* A carrier's group. */
typedef struct rig_trunk {
    uint32_t n_circuits, n_spare, n_in_use, peak; /**< those of now */
    uint32_t n_step;                              /**< of the scenario's: the next one */
    uint32_t n_down;                              /* faults that go on */
    uint64_t n_offered, n_overflowed_in, n_refused;
    rig_gauge in_use;
} rig_trunk;

/* How the calls of one skill overflow: after some time groups may take them that lack it. */
typedef struct rig_spread {
    double after_s[RIG_MOST_GROUPS];  /* of each group; INFINITY = never */
    double step_s[RIG_MOST_GROUPS];   /* the same times, each once, rising.. */
    uint64_t groups[RIG_MOST_GROUPS]; /* ..and the groups that may take a call by then: bits */
    uint32_t n_steps;
} rig_spread;

/* Calls and kept places of one skill and priority. */
typedef struct rig_line {
    rig_slot_list calls, places;
} rig_line;

typedef enum rig_agent_state {
    RIG_AGENT_OFF = 0, /* not on duty */
    RIG_AGENT_COMES,   /* a reserve, called */
    RIG_AGENT_IDLE,
    RIG_AGENT_RESTS,
    RIG_AGENT_BUSY, /* rings, dials, talks */
    RIG_AGENT_WRAPS_UP
} rig_agent_state;

/* Two to a line of the cache. */
typedef struct rig_agent {
    uint64_t idle_since; /* counts up with each agent who becomes idle; 0 = idle from the start */
    uint32_t next;       /* in the list of idle or of off-duty agents */
    uint32_t previous;   /* in the list of idle agents */
    uint32_t later;      /* with reserves: in the list of the idle agents of his pool */
    uint32_t n_talks;
    uint32_t n_missed; /* calls, one after the other */
    uint32_t state : 8, pool : 24;
} rig_agent;

#define RIG_POOL_MASK 0xFFFFFFu /* there are not so many pools */

_Static_assert(sizeof(rig_agent) == 32, "two to a line of the cache");

/* One who was not on duty yet. */
static inline rig_agent rig_agent_of_pool(uint32_t pool)
{
    return (rig_agent){.pool = pool & RIG_POOL_MASK};
}

/* Agents who come and go together: a group's own, or a tier of reserves. */
typedef struct rig_pool {
    uint32_t group;
    uint32_t first, n; /* agents' numbers */
    uint32_t n_used;   /* numbers below first + n_used have been on duty, or called, in this run */
    uint32_t n_in;     /* on duty or coming */
    uint32_t target;   /* so many are wanted */
    uint32_t off;      /* list of those who have gone */
    uint32_t idle_head, idle_tail; /* with reserves: its idle agents, in the group's order */
} rig_pool;

/* A group's agents together. */
typedef struct rig_group {
    uint32_t first, n;             /* agents' numbers, reserves included */
    uint32_t n_on_duty, n_idle;    /* those to leave who are busy are on duty */
    uint32_t fresh_from, fresh_to; /* numbers: idle from the start and never taken */
    uint32_t idle_head, idle_tail; /* the others who are idle, the longest idle first */
    uint32_t skills;               /* bits */
    uint32_t overflow_skills;      /* bits: of calls it may take after a time */
    uint32_t next_shift;
    uint64_t n_talks;
    uint32_t most_talks; /* of one agent */
    rig_gauge busy, on_duty;
} rig_group;

/* A tier of reserves. */
typedef struct rig_tier {
    uint32_t pool;
    uint32_t n_calls; /* how often it was called */
    bool is_called, is_armed;
    bool is_rate_low;            /* in the last window */
    uint32_t n_windows;          /* that are over */
    uint64_t n_answered, n_left; /* when this one began */
} rig_tier;

/* A caller who will call again, or will be called. */
typedef struct rig_outsider {
    double promised_s; /* when; of a redial nothing */
    uint32_t caller, attempt;
    uint32_t n_dials;
    uint32_t next; /* among the promised of his skill */
    uint64_t order;
    bool is_redial; /* else: was promised a call back */
    bool is_again;  /* was called back, and is once more */
    uint8_t skill;
} rig_outsider;

/* Callers outside: in a heap until their instant; the promised then in a line for each skill. */
typedef struct rig_orbit {
    rig_outsider *all;
    uint32_t *free;
    uint32_t n_free, n_used, max;                          /* numbers below n_used have been used */
    rig_event_heap *heap;                                  /* actors: their numbers */
    uint32_t head[RIG_MOST_SKILLS], tail[RIG_MOST_SKILLS]; /* the promised, by skill */
    uint32_t skills;                                       /* bits: lines that are not empty */
    uint64_t next_order;
} rig_orbit;

/* Hierarchy of bits: which agents are idle. Only for round robin. */
typedef struct rig_bits {
    uint64_t *level[4]; /* [0]: a bit an agent; above: a bit for a word that is not 0 */
    uint32_t n_words[4];
} rig_bits;

/* Levels whose area is kept for each interval. */
typedef enum rig_area {
    RIG_AREA_CIRCUITS = 0,
    RIG_AREA_WAITING,
    RIG_AREA_BUSY,
    RIG_AREA_ON_DUTY,
    RIG_N_AREAS
} rig_area;

/* fmin and fmax of the library are calls; nothing here is NAN. */
static inline double rig_earlier_s(double a_s, double b_s)
{
    return a_s < b_s ? a_s : b_s;
}

static inline double rig_later_s(double a_s, double b_s)
{
    return a_s < b_s ? b_s : a_s;
}

/* A call that came a moment before the circuit that it was seen to get (models/centre/races.h). */
typedef struct rig_held_call {
    double arrival_s;
    uint32_t caller, attempt, interval;
} rig_held_call;

#define RIG_MOST_HELD 32u

/* What is drawn for the callers who come next (rig_callers_draw_block). */
typedef struct rig_ahead {
    double drawn[RIG_RANDOM_BLOCK][RIG_RANDOM_BLOCK]; /* of each caller of the block */
    uint32_t block;                                   /* RIG_NONE: none was looked at */
    uint32_t n_admitted;                              /* of it, so far */
    bool is_worth, is_drawn;
} rig_ahead;

struct rig_centre {
    /* given */
    const rig_scenario *scenario;
    const rig_centre_input *input;
    rig_centre_output *output;
    rig_error *err;
    rig_status status; /* of what went wrong in an event */
    rig_callers_source callers;
    /* time */
    double now_s;
    rig_calendar *calendar;
    uint32_t first_agent, first_shift, first_reserve, first_fault, outside_actor, call_back_actor;
    uint32_t first_window; /**< of each tier: the end of a window of its connect rate */
    uint32_t first_step; /**< of each group of trunks, and of the ports */
    /* calls */
    rig_slot *slots;
    double (*drawn)[RIG_RANDOM_BLOCK]; /* beside the first n_drawn slots */
    uint32_t n_drawn;
    uint32_t n_traits; /* of a caller, that are drawn */
    rig_ahead ahead;
    uint32_t *free_slots;
    uint32_t n_slots, n_free_slots, n_used_slots; /* slots below n_used_slots have been used */
    /* trunks and faults */
    rig_trunk *trunks;
    uint32_t n_trunks, n_circuits_in_use;
    uint32_t n_centre_down, n_ivr_down; /* faults that go on */
    bool *is_fault_on;
    /* races */
    bool is_exact;       /* delays that were seen are taken as they are */
    bool is_conditioned; /* and races are decided as they were seen */
    rig_held_call held[RIG_MOST_HELD];
    uint32_t n_held;
    double released_s[RIG_MOST_HELD]; /* the last circuits given back, in a ring */
    uint32_t n_released;
    /* IVR */
    uint32_t n_ports, n_port_step; /**< ports now, and the step that is next */
    int64_t n_free_ports;          /**< < 0: more are in use than there are now */
    rig_slot_list port_waiters;
    /* queue */
    rig_line *lines; /* [rank][skill] */
    uint32_t n_skills, n_ranks;
    uint32_t class_rank[RIG_MOST_CLASSES];   /* of each class: 0 = the greatest priority */
    uint32_t *skills_waiting;                /* by rank: bits of the lines that are not empty */
    uint32_t n_waiting, n_places, n_ringing; /* n_ringing: calls for which a phone rings */
    int64_t head_order, tail_order;
    rig_gauge waiting;
    bool has_emergency, is_emergency;
    rig_spread *spreads;                      /* by skill: how its calls overflow; NULL = none do */
    uint64_t skill_groups[RIG_MOST_SKILLS];   /* by skill: bits of the groups that have it */
    double skill_handling_s[RIG_MOST_SKILLS]; /* mean handling time of those groups */
    /* agents */
    rig_agent *agents;
    rig_pool *pools; /* of each group, then of each tier */
    rig_group *groups;
    rig_tier *tiers;
    uint32_t n_agents, n_groups, n_pools, n_tiers;
    bool has_least_agents;       /* a tier is called when agents are too few */
    uint64_t n_answered, n_left; /* callers who wanted an agent: of the whole run */
    uint64_t idle_groups;        /* bits: groups with idle agents */
    uint64_t next_idle_since;
    uint32_t last_rung;
    uint32_t *rung_beside; /* by agent: 1 + the slot for which he is rung beside another; 0 */
    const rig_centre_rules *rules; /* the scenario's and those of the input; NULL: none */
    rig_centre_rules own_rules;
    double next_look_s; /* at the queue, where it is looked at now and then; -INFINITY */
    rig_bits idle_bits;
    /* callers outside */
    rig_orbit outside;
    /* statistics */
    rig_centre_counts counts;
    uint32_t peak_circuits, peak_queue;
    double call_backs_end_s;
    double call_back_delays_s; /* sum of the times from a promise to its first dialling */
    uint64_t n_first_dials, n_in_promise; /* of these: within call_back.promise_s */
    rig_account whole, *parts;
    uint32_t n_parts;
    uint32_t first_part[RIG_N_SCOPE_KINDS]; /* RIG_METRIC_WHOLE: it has one part only */
    rig_histogram *interval_wait;           /* of those answered, by interval of arrival */
    uint32_t *fine_bins, *part_bins, *interval_bins;
    uint64_t *interval_n_within, *interval_n_queued;
    double *interval_area; /* [interval][RIG_N_AREAS] */
    size_t n_intervals;
    uint32_t first_counted; /* interval: with warm_up_s > 0 what comes before is not counted */
    uint32_t i_interval;    /* that now_s lies in */
    double interval_end_s;  /* INFINITY after the last */
    double base_s;          /* start of the interval */
    bool is_after;          /* the traffic is over */
};

#endif
