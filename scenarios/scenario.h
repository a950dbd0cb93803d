/* A scenario: the peak and the call centre, read from a libconfig file into one const struct.
 *
 * All times are in the scenario's own seconds ("scenario time"). On the wire they are divided by
 * time_scale, and rates are multiplied by it, so that the offered erlangs stay. Only the generator,
 * the analyzer's comparison and the embedded target convert. The file format is in
 * docs/scenario.md. */
#ifndef RIG_SCENARIOS_SCENARIO_H
#define RIG_SCENARIOS_SCENARIO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/stage.h"
#include "core/status.h"
#include "scenarios/dist.h"

/** Most processes of SIPp that place calls, on one host. */
#define RIG_MAX_WORKERS 16

/** From here on a call counts as late or early: |INVITE - plan|, ms of wire time. */
#define RIG_LATE_MS 10.0

/** How instants follow from the rate. */
typedef enum rig_arrivals {
    RIG_ARRIVALS_POISSON = 0, /**< non-homogeneous Poisson process */
    RIG_ARRIVALS_REGULAR,     /**< one call each time the integral of the rate passes n + 1/2 */
    RIG_ARRIVALS_RECORDED     /**< at the instants of a file, the same in each replication */
} rig_arrivals;

/** How the rate runs between its points. */
typedef enum rig_interpolation {
    RIG_INTERPOLATION_LINEAR = 0, /**< straight lines between the points */
    RIG_INTERPOLATION_STEP        /**< each point's rate holds until the next */
} rig_interpolation;

/** One point of the rate; before the first point the first rate holds, after the last the last. */
typedef struct rig_rate_point {
    double at_s;         /**< scenario time, >= 0, strictly rising */
    double rate_per_min; /**< calls a minute, finite, >= 0 */
} rig_rate_point;

/** A spot that brings callers: it adds to the rate a straight rise from 0 at at_s to the peak, then
 * an exponential decay: peak * exp(-(t - at_s - rise_s) / decay_s). */
typedef struct rig_advert {
    double at_s;         /**< >= 0 */
    double peak_per_min; /**< calls a minute, >= 0 */
    double rise_s;       /**< >= 0; 0 = at once */
    double decay_s;      /**< > 0: time constant */
} rig_advert;

/** Traffic offered by the callers. The rate is that of the points plus that of all adverts. */
typedef struct rig_traffic {
    rig_arrivals arrivals;
    rig_interpolation interpolation;
    double duration_s; /**< calls arrive in [0, duration_s); > 0 */
    rig_rate_point *rate;
    size_t n_rate; /**< >= 1; 0 for recorded arrivals */
    rig_advert *adverts;
    size_t n_adverts;
    /** Days differ: each replication's rate is multiplied by a gamma variate of mean 1 and this
     * coefficient of variation. 0 = all days are alike. The schedule that goes on the wire
     * (replication 0) is a mean day: factor 1. */
    double day_cv;
    char *instants_path; /**< recorded: CSV file, absolute; else NULL */
    char *instants_column;
    double *instant_s; /**< recorded: ascending, in [0, duration_s); else NULL */
    size_t n_instants;
} rig_traffic;

/** A kind of caller. */
typedef struct rig_caller_class {
    char *name;
    double p_share;    /**< of the callers; the shares sum to 1 */
    uint32_t priority; /**< in the queue: the greater is taken first; 0..100 */
} rig_caller_class;

/** Callers who try again. A call lost at any stage, or dropped, is followed by another attempt of
 * the same caller with this probability, until max_redials attempts were made after the first. */
typedef struct rig_redial {
    double p_redial; /**< [0, 1]; 0 = nobody redials */
    uint32_t max_redials;
    rig_dist delay; /**< from the end of the lost call to the next attempt */
} rig_redial;
/** What callers answer a 401 or 407 with (RFC 3261, 22; RFC 2617). */
typedef struct rig_auth {
    char *user; /**< NULL: callers do not authenticate */
    char *password;
} rig_auth;

/** Digits that a caller keys in the menu: one SIP INFO (application/dtmf-relay) a digit. */
typedef struct rig_dtmf {
    char *digits;   /**< of 0-9 * # A-D; NULL: none */
    double after_s; /**< >= 0: from the answer to the first digit; the next follow 250 ms of wire
                         time apart */
} rig_dtmf;

/** The callers. Each duration is drawn for every call by itself. */
typedef struct rig_callers {
    uint64_t first_number;    /**< call i shows the number first_number + i: unique in a run */
    char *dial;               /**< the number they dial: digits, '*', '#', '+' */
    rig_dist patience_answer; /**< from INVITE; gives up (CANCEL) when it ends unanswered */
    /** From the first entry into the queue. It goes on while a phone rings, but counts only in the
     * queue: a caller whose time is over when he is back there leaves at once. */
    rig_dist patience_queue;
    rig_dist patience_ringing; /**< from each start of an agent's ringing */
    rig_dist talk;             /**< from the agent's answer to the hang-up */
    double p_caller_hangs_up;  /**< share of conversations that the caller ends; the agent ends the
                                  rest */
    rig_caller_class *classes; /**< without the section: one, "caller", priority 0 */
    size_t n_classes;          /**< >= 1, <= 16 */
    rig_redial redial;
    rig_auth auth;
    rig_dtmf dtmf;
    bool has_audio; /**< callers send G.711 from the answer to the hang-up */
    char *sipp_xml; /**< the user's own SIPp scenario for the callers, docs/your-own-target.md;
                       NULL: ours */
} rig_callers;

/** One carrier's group of trunk circuits.
 *
 * Without shares a call hunts all groups in the list's order. With shares (all groups have one) a
 * call comes in by a group drawn by the shares, and overflows to the groups that this one names. */
typedef struct rig_trunk_group {
    char *name;
    uint32_t n_circuits; /**< >= 1; an E1 has 30 */
    double p_share;      /**< share of first attempts to seize; the shares sum to 1, or all are 0 */
    /** Trunk reservation: a call that overflows into this group is admitted only while more than
     * floor(p_spare * n_circuits) of its circuits are free: the spare ones are for its own calls.
     */
    double p_spare;     /**< [0, 1) */
    uint32_t *overflow; /**< groups tried in this order when this one has no free circuit; filled
                             in by the reader for hunting: of group 0 all the others */
    size_t n_overflow;
} rig_trunk_group;

/** A way out of the menu. */
typedef struct rig_choice {
    char *name;
    double p_share; /**< of the callers; the shares sum to 1 */
    uint32_t skill; /**< of the agents that are needed; below scenario.n_skills */
} rig_choice;

/** The IVR. Without an `ivr` section: as many ports as circuits and a menu of 0 s. */
typedef struct rig_ivr {
    uint32_t n_ports; /**< >= 1 */
    rig_dist menu;    /**< from the answer to the queue; drawn by the centre, not by the caller */
    bool hold_while_queued; /**< the port is held until an agent answers (or the call ends) */
    double p_self_service;  /**< share of callers whom the menu satisfies, [0, 1) */
    rig_dist self_service;  /**< from the answer to such a caller's hang-up; one who is still there
                               when  the menu ends enters the queue and hangs up at that instant all
                               the same */
    rig_choice *choices;    /**< without the section: one, "any", skill 0 */
    size_t n_choices;       /**< >= 1, <= 16 */
} rig_ivr;

/** What a caller who must wait is told when he enters the queue. One who hears of a longer wait
 * than his patience leaves at once (balking): lost_queue. */
typedef enum rig_announcement {
    RIG_ANNOUNCE_NOTHING = 0,
    RIG_ANNOUNCE_POSITION,     /**< he takes it times seconds_per_place for the wait */
    RIG_ANNOUNCE_EXPECTED_WAIT /**< see rig_queue */
} rig_announcement;

/** Which idle agent of those who have the skill is rung. */
typedef enum rig_routing {
    RIG_ROUTING_LONGEST_IDLE = 0,
    RIG_ROUTING_ROUND_ROBIN, /**< the next in the order of their numbers, after the last one rung */
    RIG_ROUTING_MOST_SKILLED /**< highest level of the skill; among equals the longest idle */
} rig_routing;

/** After a time in the queue another group may take a call, too, whatever its skills. */
typedef struct rig_queue_overflow {
    uint32_t skill; /**< of the call */
    double after_s; /**< since the first entry into the queue; > 0 */
    uint32_t group; /**< of agents */
} rig_queue_overflow;

/** Keep my place: a caller who would wait long may hang up; his place waits on, and the agent whose
 * turn it is calls him (rig_call_back says how); one who is not reached is called again after the
 * peak. His call ends as `deflected`. */
typedef struct rig_keep_place {
    double p_accept;     /**< [0, 1]; 0 = not offered */
    double min_wait_s;   /**< offered when the expected wait is at least this */
    uint32_t max_places; /**< places kept at one time; beyond it is not offered */
} rig_keep_place;

/** Smart deflection: when no agent is free for a call, it hears a short announcement, is hung up
 * with the promise of a call back, and ends as `deflected`. It holds circuit and port meanwhile. */
typedef struct rig_deflection {
    double p_accept;       /**< [0, 1]: share of such callers who take the promise; 0 = off. The
                                others wait */
    uint32_t queue_from;   /**< only while at least so many calls wait; 0 = always */
    double announcement_s; /**< >= 0; a caller whose patience ends in it is lost_queue */
} rig_deflection;

/** The queue: for each skill, the greater priority first, then first in, first out; a call whose
 * agent did not answer goes back to its head. An agent who becomes free takes, of the calls that he
 * may take, the one of the greatest priority, then the one that has waited longest.
 *
 * Expected wait of a call that enters: (calls of its skill with the same or a greater priority that
 * wait + 1) * mean handling time (ring, talk, wrap-up of the groups with the skill, weighted by
 * agents) / agents of these groups on duty; 0 when an agent is free. */
typedef struct rig_queue {
    uint32_t capacity; /**< calls that can wait (ringing ones and kept places not counted); 0 = no
                            limit */
    double timeout_s;  /**< the centre hangs up after this time in the queue since the first entry,
                            unless an agent is ringing just then; 0 = never */
    rig_announcement announcement;
    double seconds_per_place; /**< for RIG_ANNOUNCE_POSITION; > 0 */
    rig_routing routing;
    double service_level_s; /**< service level: calls that an agent answers within this time of
                                 waiting, of those that entered the queue; >= 0 */
    rig_queue_overflow *overflow;
    size_t n_overflow; /**< <= 64 */
    rig_keep_place keep_place;
    rig_deflection deflection;
} rig_queue;

/** Calling back those who were promised it. Agents do it while nobody waits for them. */
typedef struct rig_call_back {
    double start_s;       /**< not before; >= 0. Default: the end of the traffic (after the peak) */
    uint32_t idle_agents; /**< only while at least so many agents of the group are free; >= 1 */
    uint32_t n_attempts;  /**< at most so many for each caller; >= 1 */
    double p_reached;     /**< of each attempt, [0, 1] */
    rig_dist answer;      /**< from the dialling to the answer of one who is reached */
    double no_answer_s;   /**< how long it rings in vain; >= 0 */
    rig_dist retry_delay; /**< from a vain attempt to the next */
} rig_call_back;

/** Ring times of one call that a schedule holds; attempt k uses entry k modulo this. */
#define RIG_N_RING_ATTEMPTS 4

/** From an instant on, so many agents of a group are on duty. One who is to leave and busy finishes
 * his call and its wrap-up first. */
typedef struct rig_shift {
    double at_s; /**< scenario time, >= 0, strictly rising; the first is 0 */
    uint32_t n_agents;
} rig_shift;

/** A group of agents. */
typedef struct rig_agent_group {
    char *name;
    uint32_t n_agents; /**< >= 1; the most of its shifts */
    rig_shift *shifts; /**< without the key: one, from 0 */
    size_t n_shifts;   /**< >= 1 */
    uint8_t *level;    /**< by skill, scenario.n_skills entries: 0 = has it not; else 1..9 */
    rig_dist ring;     /**< how long the phone rings before the agent answers */
    /** > 0: after this the agent is skipped: he rests, then joins the end of the idle list. */
    double ring_timeout_s;
    double rest_s;    /**< >= 0: for so long a skipped agent is not rung */
    rig_dist wrap_up; /**< after the talk; drawn by the centre */
} rig_agent_group;

/** A tier of reserve agents: called when the queue is long, sent home when it has been short. */
typedef struct rig_reserve {
    char *name;
    uint32_t group;        /**< that they join */
    uint32_t n_agents;     /**< >= 1 */
    uint32_t queue_above;  /**< called when more calls than this have waited ... */
    double for_s;          /**< ... for so long without a break; >= 0 */
    rig_dist arrive_after; /**< from being called to duty */
    uint32_t queue_below; /**< leave when no more calls than this have waited ...; <= queue_above */
    double leave_after_s; /**< ... for so long without a break; > 0. They may be called again */
} rig_reserve;

/** Emergency script: while it is on, talks that begin are shorter. */
typedef struct rig_emergency {
    double talk_factor;   /**< (0, 1]; 1 = no such script */
    uint32_t queue_above; /**< on when more calls than this wait */
    uint32_t queue_below; /**< off when no more than this wait; <= queue_above */
} rig_emergency;

/** What fails. */
typedef enum rig_fault_kind {
    RIG_FAULT_TRUNK = 0, /**< a carrier's group has no circuits */
    RIG_FAULT_IVR,       /**< no port answers; new callers hear ringing */
    RIG_FAULT_CENTRE     /**< the centre is dead: new calls get no response (lost_trunk), no agent
                              can be rung; all calls are cut. The queue, kept places among it, is lost;
                              promises of a call back are not */
} rig_fault_kind;

/** A fault over time. Calls that it cuts end as `dropped`. */
typedef struct rig_fault {
    rig_fault_kind kind;
    double at_s;     /**< >= 0 */
    double for_s;    /**< > 0: until repair, or until the stand-by has taken over */
    uint32_t trunk;  /**< RIG_FAULT_TRUNK: the group */
    bool cuts_calls; /**< trunk: calls on its circuits; IVR: calls that hold a port; centre: true */
} rig_fault;

/** What the gate judges beside conformance: a service level. */
typedef enum rig_level_metric {
    RIG_LEVEL_CONNECT_RATE = 0, /**< served / offered */
    RIG_LEVEL_DROP_RATE,        /**< dropped / answered by an agent */
    RIG_LEVEL_WAIT_MEAN_S,      /**< queue entry to agent's answer, of served calls */
    RIG_LEVEL_WAIT_P95_S,       /**< the same, 95th percentile */
    RIG_LEVEL_SETUP_P95_S,      /**< INVITE to 200, of answered calls, 95th percentile */
    RIG_N_LEVEL_METRICS
} rig_level_metric;

/** One threshold. */
typedef struct rig_level {
    rig_level_metric metric;
    bool is_minimum; /**< true: at least `limit`; false: at most */
    double limit;    /**< in the metric's unit */
} rig_level;

/** Equivalence margin of one stage: delta = max(margin_pp / 100, margin_share * prediction). */
typedef struct rig_margin {
    double margin_pp;    /**< percentage points, > 0 */
    double margin_share; /**< share of the predicted loss, >= 0 */
} rig_margin;

/** The gate. */
typedef struct rig_gate {
    rig_margin margin[RIG_N_STAGES];
    uint32_t n_replays;         /**< >= 999 */
    double max_lateness_p99_ms; /**< wire time: |INVITE - plan|, 99th percentile */
    rig_level *levels;
    size_t n_levels;
} rig_gate;

/** How the target tells the caller's leg where the call is; docs/wire-contract.md. */
typedef enum rig_marks {
    RIG_MARK_REINVITE = 0, /**< INFO with X-Rig-Stage: queue, ringing; agent answered: re-INVITE */
    RIG_MARK_UPDATE,       /**< as before; agent answered: UPDATE */
    RIG_MARK_INFO,         /**< as before; agent answered: INFO with X-Rig-Stage: talk */
    RIG_MARK_EARLY,        /**< nothing is answered before the agent: 183 with SDP = an IVR port has
                              taken the call, 182 = queue (each entry), 180 after a 182 = an agent's
                              phone rings, 200 = the agent has answered */
    RIG_MARK_QUIET         /**< 200 = IVR; nothing after it: only the agents' legs tell */
} rig_marks;

/** The transport of the callers' and the agents' SIP. */
typedef enum rig_transport { RIG_TRANSPORT_UDP = 0, RIG_TRANSPORT_TCP } rig_transport;

/** The call centre under test. */
typedef struct rig_target {
    char *host;          /**< "embedded" or an IPv4 or IPv6 address (no brackets) or a name */
    char *listen;        /**< address of ours where the embedded call centre listens; NULL =
                            127.0.0.1 */
    uint16_t port;       /**< SIP port; 0 = any free one (embedded only) */
    char *agents_listen; /**< "ADDRESS:PORT" where our agents' phones listen; NULL = loopback, free
                            port */
    bool is_scalable; /**< declares that all its times follow time_scale (embedded: always true) */
    rig_marks marks;
    rig_transport transport;
    char **allow; /**< addresses beside loopback that may be called */
    size_t n_allow;
} rig_target;

/** Bounds of a run: a run that would pass one is refused before it begins. */
typedef struct rig_limits {
    uint64_t max_calls;
    double max_rate_per_s; /**< on the wire, peak of the rate profile */
    double max_run_s;      /**< wire time */
    uint32_t max_outside;  /**< callers who wait to redial or to be called back at one time */
} rig_limits;

/** Where the callers' SIPp workers run. */
typedef struct rig_load {
    uint32_t n_workers; /**< 0 = chosen by rate and calls at once */
    /** "ADDRESS" or "ADDRESS:FIRST-LAST" each: our addresses and the ports that may be taken there;
     * dealt round to the workers. Empty: the address from which we reach the target, any port. */
    char **local;
    size_t n_local;
} rig_load;

/** The whole scenario. */
typedef struct rig_scenario {
    char *path; /**< the file it was read from */
    char *name; /**< letters, digits, '-', '_' and '.': names the run's folder */
    char *description;
    uint64_t seed;
    double time_scale; /**< > 0; 6 = ten minutes in 100 s */
    double interval_s; /**< length of a reporting interval, scenario time */
    rig_traffic traffic;
    rig_callers callers;
    rig_trunk_group *trunks;
    size_t n_trunks; /**< >= 1 */
    rig_ivr ivr;
    rig_queue queue;
    rig_call_back call_back;
    rig_agent_group *agents;
    size_t n_agents; /**< >= 1, <= 64 */
    char **skills;   /**< names; without choices one, "any", that all agents have at level 1 */
    size_t n_skills; /**< >= 1, <= 16 */
    rig_reserve *reserves;
    size_t n_reserves; /**< <= 16 */
    rig_emergency emergency;
    rig_fault *faults;
    size_t n_faults; /**< <= 64 */
    rig_gate gate;
    rig_target target;
    rig_limits limits;
    rig_load load;
} rig_scenario;

/**
 * Read a scenario.
 *
 * @param path          A libconfig file.
 * @param overrides     "key=value" each, such as "trunks[0].circuits=250"; applied in order, over
 * the file. NULL when n_overrides is 0.
 * @param[out] scenario Owned by the caller: rig_scenario_free. Untouched on error.
 * @return RIG_OK; RIG_EINPUT with "FILE:LINE: key: what is wrong; what is expected" for an unknown
 *         key, a wrong type, a value out of range, a missing key or file; RIG_EIO; RIG_ENOMEM.
 */
rig_status rig_scenario_read(const char *path, const char *const *overrides, size_t n_overrides,
                             rig_scenario **scenario, rig_error *err);

/** Free all. NULL-safe. */
void rig_scenario_free(rig_scenario *scenario);

/** Write the scenario with every default spelled out; reading it gives the same struct (but path).
 */
rig_status rig_scenario_write(const rig_scenario *scenario, const char *path, rig_error *err);

/** Circuits of all groups. */
uint32_t rig_scenario_n_circuits(const rig_scenario *scenario);

/**
 * Whether a run can play this on the wire: what the model alone knows (redials, call backs, several
 * classes, skills, groups of agents, shifts, reserves, shares, faults ..) is refused by name.
 * @return RIG_OK, or RIG_EINPUT with the first such key, and what can be done instead.
 */
rig_status rig_scenario_check_playable(const rig_scenario *scenario, rig_error *err);

/** Rate at an instant of scenario time, calls a second, with adverts, on a mean day; for recorded
 * arrivals the mean of the interval_s around it is not known here: 0. */
double rig_traffic_rate_per_s(const rig_traffic *traffic, double at_s);

/** Greatest rate in [0, duration_s], calls a second, exact with adverts, on a mean day; for
 * recorded arrivals the most instants in [t, t + 1 s) for any t. */
double rig_traffic_peak_rate_per_s(const rig_traffic *traffic);

/** Expected number of calls in [0, at_s] on a mean day: the integral of the rate, in closed form;
 * at_s is clipped to duration_s. For recorded arrivals their number in [0, at_s]. */
double rig_traffic_expected_calls(const rig_traffic *traffic, double at_s);

/** "connect_rate", "wait_p95_s", ...; static. */
const char *rig_level_metric_name(rig_level_metric metric);

/** "reinvite", "update", ...; static. */
const char *rig_marks_name(rig_marks marks);

/** "udp", "tcp"; static. */
const char *rig_transport_name(rig_transport transport);

/** Whether the target is the embedded one. */
bool rig_target_is_embedded(const rig_target *target);

#endif
