/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A scenario: the peak and the call centre, read from a libconfig file into one const struct.
 *
 * All times are in the scenario's own seconds ("scenario time"). On the wire they are divided by
 * time_scale, and rates are multiplied by it, so that the offered erlangs stay. Only the generator,
 * the analyzer's comparison and the embedded target convert. The file format is in
 * docs/scenario.md.
 *
 * A key is said once: in a row of scenarios/keys/, one file a group of the scenario's file. A row
 * is the key's name, the member that keeps it, its range, default and meaning; here the rows are
 * the members of the structs (scenarios/keys/as_members.h), in scenarios/scenario/ they are the
 * table from which reader, writer, documents and JSON Schema come. To add a key, add a row. The
 * order of members is that in which a scenario is written, and may change: name them in
 * initializers. */
#ifndef RIG_SCENARIOS_SCENARIO_H
#define RIG_SCENARIOS_SCENARIO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "core/metric.h"
#include "core/stage.h"
#include "core/status.h"
#include "scenarios/dist.h"
#include "scenarios/keys/as_members.h"

/** Most processes of SIPp that place calls, on one host. */
#define RIG_MAX_WORKERS 16

/** Most trunk groups, and most elements of the other long lists (agents, adverts, overflow,
 * faults).
 */
#define RIG_MAX_GROUPS 64

/** Most elements of a list of kinds (classes, choices, skills, reserves). */
#define RIG_MAX_KINDS 16

/** Fewest replays that a judgement rests on: with 999, ranks are shares of a thousand. */
#define RIG_MIN_REPLAYS 999

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
#include "scenarios/keys/rate.def"
} rig_rate_point;

/** A spot that brings callers: it adds to the rate a straight rise from 0 at at_s to the peak, then
 * an exponential decay: peak * exp(-(t - at_s - rise_s) / decay_s). */
typedef struct rig_advert {
#include "scenarios/keys/advert.def"
} rig_advert;

/** Traffic offered by the callers. The rate is that of the points plus that of all adverts. */
typedef struct rig_traffic {
#include "scenarios/keys/traffic.def"
#include "scenarios/keys/recorded.def" /* what is recorded lies in the same struct */
    double *instant_s;                 /**< recorded: ascending, in [0, duration_s); else NULL */
    size_t n_instants;
} rig_traffic;

/** A kind of caller. */
typedef struct rig_caller_class {
#include "scenarios/keys/caller_class.def"
} rig_caller_class;

/** The other number that some of them dial. */
typedef struct rig_backup {
#include "scenarios/keys/backup.def"
} rig_backup;
/** Callers who try again. A call lost at any stage, or dropped, is followed by another attempt of
 * the same caller with this probability, until max_redials attempts were made after the first. */
typedef struct rig_redial {
#include "scenarios/keys/redial.def"
} rig_redial;
/** What callers answer a 401 or 407 with (RFC 3261, 22; RFC 2617). */
typedef struct rig_auth {
#include "scenarios/keys/auth.def"
} rig_auth;

/** Digits that a caller keys in the menu: one SIP INFO (application/dtmf-relay) a digit. */
typedef struct rig_dtmf {
#include "scenarios/keys/dtmf.def"
} rig_dtmf;

/** Who is asked to refresh a session (RFC 4028, section 7.1). */
typedef enum rig_refresher {
    RIG_REFRESHER_ANY = 0, /**< the centre chooses */
    RIG_REFRESHER_CENTRE,
    RIG_REFRESHER_CALLER
} rig_refresher;

/** What callers offer of a session timer; expires_s is 0 when they offer none. */
typedef struct rig_session_timer {
#include "scenarios/keys/session_timer.def"
} rig_session_timer;

/** The callers. Each duration is drawn for every call by itself. */
typedef struct rig_callers {
#include "scenarios/keys/callers.def"
} rig_callers;

/** From an instant on there are so many circuits of a group, or ports. */
typedef struct rig_line_step {
#include "scenarios/keys/line_step.def"
} rig_line_step;

/** One carrier's group of trunk circuits. With steps n_circuits is the greatest of them.
 *
 * Without shares a call hunts all groups in the list's order. With shares (all groups have one) a
 * call comes in by a group drawn by the shares, and overflows to the groups that this one names. */
typedef struct rig_trunk_group {
#include "scenarios/keys/trunks.def"
} rig_trunk_group;

/** A way out of the menu. */
typedef struct rig_choice {
#include "scenarios/keys/choice.def"
} rig_choice;

/** The IVR. Without an `ivr` section: as many ports as circuits and a menu of 0 s. */
typedef struct rig_ivr {
#include "scenarios/keys/ivr.def"
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
    RIG_ROUTING_MOST_SKILLED, /**< highest level of the skill; among equals the longest idle */
    RIG_ROUTING_RING_ALL      /**< all of them ring; the first to answer has the caller */
} rig_routing;

/** After a time in the queue another group may take a call, too, whatever its skills. */
typedef struct rig_queue_overflow {
#include "scenarios/keys/overflow.def"
} rig_queue_overflow;

/** Keep my place: a caller who would wait long may hang up; his place waits on, and the agent whose
 * turn it is calls him (rig_call_back says how); one who is not reached is called again after the
 * peak. His call ends as `deflected`. */
typedef struct rig_keep_place {
#include "scenarios/keys/keep_place.def"
} rig_keep_place;

/** Smart deflection: when no agent is free for a call, it hears a short announcement, is hung up
 * with the promise of a call back (or told to call later), and ends as `deflected`. It holds
 * circuit and port meanwhile. */
typedef struct rig_deflection {
#include "scenarios/keys/deflection.def"
} rig_deflection;

/** The queue: for each skill, the greater priority first, then first in, first out; a call whose
 * agent did not answer goes back to its head. An agent who becomes free takes, of the calls that he
 * may take, the one of the greatest priority, then the one that has waited longest.
 *
 * Expected wait of a call that enters: (calls of its skill with the same or a greater priority that
 * wait + 1) * mean handling time (ring, talk, wrap-up of the groups with the skill, weighted by
 * agents) / agents of these groups on duty; 0 when an agent is free. */
typedef struct rig_queue {
#include "scenarios/keys/queue.def"
} rig_queue;

/** Calling back those who were promised it. Agents do it while nobody waits for them. */
typedef struct rig_call_back {
#include "scenarios/keys/call_back.def"
} rig_call_back;

/** Ring times of one call that a schedule holds; attempt k uses entry k modulo this. */
#define RIG_N_RING_ATTEMPTS 4

/** From an instant on, so many agents of a group are on duty. One who is to leave and busy finishes
 * his call and its wrap-up first. */
typedef struct rig_shift {
#include "scenarios/keys/shift.def"
} rig_shift;

/** Phones that register; first_user is NULL where they do not. scenarios/registration.h names them.
 */
typedef struct rig_phone_register {
#include "scenarios/keys/register.def"
} rig_phone_register;

/** A group of agents. */
typedef struct rig_agent_group {
#include "scenarios/keys/agents.def"
} rig_agent_group;

/** Phones of one call that are asked, one after the other, before what they do repeats: more than
 * RIG_N_RING_ATTEMPTS, a multiple of it, for a call that is refused is tried elsewhere at once. */
#define RIG_N_REFUSALS 16

/** What becomes of one call to an agent's phone. */
typedef enum rig_refusal {
    RIG_REFUSAL_NONE = 0,       /**< it rings until the agent answers, or the ring time-out */
    RIG_REFUSAL_BUSY,           /**< 486 at once */
    RIG_REFUSAL_DO_NOT_DISTURB, /**< 480 at once */
    RIG_REFUSAL_REJECT          /**< 603 when the agent would have answered */
} rig_refusal;

/** Which one a uniform draw leads to: the first part, in this order, whose running sum is over it.
 */
rig_refusal rig_scenario_refusal(const rig_agent_group *group, double u);

/** Whether some phone of a group refuses calls. */
bool rig_scenario_refuses(const rig_agent_group *group);

/** How long a call to a phone of the group lasts, on the mean, of those that nobody answers, s:
 * where no phone refuses, ring_timeout_s. */
double rig_scenario_vain_s(const rig_agent_group *group);

/** A tier of reserve agents, who are called when much is wrong, and leave when it is calm. */
typedef struct rig_reserve {
#include "scenarios/keys/reserves.def"
} rig_reserve;

/** Emergency script: while it is on, talks that begin are shorter. */
typedef struct rig_emergency {
#include "scenarios/keys/emergency.def"
} rig_emergency;

/** What fails. */
typedef enum rig_fault_kind {
    RIG_FAULT_TRUNK = 0, /**< a carrier's group has no circuits */
    RIG_FAULT_IVR,       /**< no port answers; new callers hear ringing */
    RIG_FAULT_CENTRE,    /**< the centre is dead: new calls are refused (lost_trunk), no agent
                              can be rung; all calls are cut. The queue, kept places among it, is lost;
                              promises of a call back are not */
    RIG_FAULT_AGENTS     /**< a share of the agents is not there, of one group (has_group) or of
                              each: who goes, and who of them cannot come */
} rig_fault_kind;

/** "trunk", "ivr", "centre", "agents", as faults[].kind has it; static. */
const char *rig_fault_kind_name(rig_fault_kind kind);

/** A fault over time. Calls that it cuts end as `dropped`. */
typedef struct rig_fault {
#include "scenarios/keys/faults.def"
} rig_fault;

/** What the gate judges beside conformance: a service level, one threshold of a figure. */
typedef struct rig_level {
#include "scenarios/keys/level.def"
} rig_level;

/** Equivalence margin of one stage; see rig_scenario_margin. */
typedef struct rig_margin {
#include "scenarios/keys/margin.def"
} rig_margin;

/** The gate. */
typedef struct rig_gate {
#include "scenarios/keys/gate.def"
    rig_margin margin[RIG_N_STAGES]; /**< by stage; what holds for all is filled in */
} rig_gate;

/** How the target tells the caller's leg where the call is; docs/wire-contract.md. */
typedef enum rig_marks {
    RIG_MARK_REINVITE = 0, /**< INFO with X-Rig-Stage: queue, ringing; agent answered: re-INVITE */
    RIG_MARK_UPDATE,       /**< as before; agent answered: UPDATE */
    RIG_MARK_INFO,         /**< as before; agent answered: INFO with X-Rig-Stage: talk */
    RIG_MARK_EARLY,        /**< nothing is answered before the agent: 183 with SDP = an IVR port has
                              taken the call, 182 = queue (each entry), 180 after a 182 = an agent's
                              phone rings, 200 = the agent has answered */
    RIG_MARK_QUIET,        /**< 200 = IVR; nothing after it: only the agents' legs tell */
    RIG_MARK_AUTO          /**< not known yet: a call before the run shows it. A centre itself never
                              has it, and no run is judged by it; until then it is played as quiet */
} rig_marks;

/** What the target is; docs/your-own-target.md has what each does otherwise than the plain centre.
 */
typedef enum rig_target_kind {
    RIG_TARGET_PLAIN = 0,  /**< as docs/scenario.md has it */
    RIG_TARGET_ASTERISK,   /**< app_queue */
    RIG_TARGET_FREESWITCH, /**< mod_callcenter */
    RIG_TARGET_OPENSIPS,   /**< a proxy in front of a centre: as plain */
    RIG_TARGET_KAMAILIO    /**< the same */
} rig_target_kind;

/** The transport of the callers' and the agents' SIP. */
typedef enum rig_transport { RIG_TRANSPORT_UDP = 0, RIG_TRANSPORT_TCP } rig_transport;

/** The port of SIP where nobody names one (RFC 3261, 19.1.2). */
#define RIG_SIP_PORT 5060

/** The call centre under test. */
typedef struct rig_target {
#include "scenarios/keys/target.def"
} rig_target;

/** What is paid, and lost; a price of 0: none is known. An hour is one of scenario time. */
typedef struct rig_costs {
#include "scenarios/keys/costs.def"
} rig_costs;

/** Bounds of a run: a run that would pass one is refused before it begins. */
typedef struct rig_limits {
#include "scenarios/keys/limits.def"
} rig_limits;

/** Where the callers' SIPp workers run. */
typedef struct rig_load {
#include "scenarios/keys/load.def"
} rig_load;

/** A key that a run cannot play: where it stands. */
typedef struct rig_refused_key {
    char *path;    /**< "agents[1]" */
    char *file;    /**< NULL: given by an override */
    unsigned line; /**< 0: given by an override */
} rig_refused_key;

/** The whole scenario. */
typedef struct rig_scenario {
#include "scenarios/keys/scenario.def"
    char *path;      /**< the file it was read from */
    char **skills;   /**< names; without choices one, "any", that all agents have at level 1 */
    size_t n_skills; /**< >= 1, <= 16 */
    rig_refused_key *refused; /**< what a run cannot play and is in use, in the file's order */
    size_t n_refused;
    char **files; /**< what was read besides `path`: files that keys name, and included ones */
    size_t n_files;
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

/** The same to a stream, whose errors the caller asks for. */
void rig_scenario_print(const rig_scenario *scenario, FILE *out);

/** Circuits of all groups; of one with steps the most that it ever has. */
uint32_t rig_scenario_n_circuits(const rig_scenario *scenario);

/** Circuits of a group at an instant. */
uint32_t rig_scenario_circuits_at(const rig_trunk_group *group, double at_s);

/** The mean of them over what is counted: from the end of the warm-up to the end of the arrivals.
 */
double rig_scenario_mean_of_trunk(const rig_scenario *scenario, size_t trunk);

/** The same of all groups together. */
double rig_scenario_mean_of_trunks(const rig_scenario *scenario);

/** The mean of the ports. */
double rig_scenario_mean_of_ports(const rig_scenario *scenario);

/** Whether some group has steps. */
bool rig_scenario_has_line_steps(const rig_scenario *scenario);

/** Circuits of a group that are for its own calls alone: its spare_share of them, rounded down. */
uint32_t rig_scenario_n_spare(const rig_trunk_group *group);

/** The number that callers of a class dial: its own, or that of all callers. */
const char *rig_scenario_class_dial(const rig_scenario *scenario, size_t caller_class);

/** Whether the number that is dialled tells the class of a call: some class has one of its own. */
bool rig_scenario_has_class_numbers(const rig_scenario *scenario);

/** Whether each trunk group has its own calls (trunks[].share); else all calls hunt all groups. */
bool rig_scenario_has_carriers(const rig_scenario *scenario);

/** Whether each carrier has a port of its own at a target of the user's (trunks[].port). */
bool rig_scenario_has_carrier_ports(const rig_scenario *scenario);

/** Whether somebody is called back: a place is kept, or who is deflected is promised it. */
bool rig_scenario_calls_back(const rig_scenario *scenario);

/** Agents of a group that are on duty at 0. */
uint32_t rig_scenario_first_agents(const rig_agent_group *group);

/** Of n agents of a group those who are away by a fault of agents: floor(share * n + 1/2); 0 where
 * it is none, or one of another group. */
uint32_t rig_scenario_n_gone(const rig_fault *fault, size_t group, uint32_t n);

/** Whether some phone refuses calls. */
bool rig_scenario_has_refusals(const rig_scenario *scenario);

/** The same of whatever group a call was tried at, where some phone refuses (weighted by agents);
 * where none does, the group's own. */
double rig_scenario_any_vain_s(const rig_scenario *scenario, const rig_agent_group *group);

/** Whether talks may be shortened while the queue is long. */
bool rig_scenario_has_emergency(const rig_scenario *scenario);

/** How long a talk lasts that begins while the emergency script is on. @param talk_s  Without. */
double rig_scenario_emergency_talk_s(const rig_scenario *scenario, double talk_s);

/** Numbers of a group's agents: its own, and behind them its reserves, tier by tier. */
uint32_t rig_scenario_n_numbers(const rig_scenario *scenario, size_t group);

/** Number of a tier's first reserve, from 0: behind the earlier groups, and the own agents and
 * earlier tiers of its group. */
uint32_t rig_scenario_first_reserve(const rig_scenario *scenario, size_t tier);

/** A group's own agents who should be on duty, and are not gone by a fault, at an instant of
 * scenario time. */
uint32_t rig_scenario_staff_wanted(const rig_scenario *scenario, size_t group, double at_s);

/** The next instant after this one at which that number may change; INFINITY: none. */
double rig_scenario_staff_next_s(const rig_scenario *scenario, size_t group, double after_s);

/** Whether the number of agents on duty changes: by shifts, a fault or reserves. */
bool rig_scenario_staff_changes(const rig_scenario *scenario);

/** Delta of a stage: max(margin_pp / 100, margin_share * predicted). @param predicted  A share,
 * 0..1. */
double rig_scenario_margin(const rig_margin *margin, double predicted);

/**
 * Whether a run can play this on the wire: keys that are only simulated (RIG_PLAYED_NOT in their
 * row) and in use are refused by name.
 * @return RIG_OK, or RIG_EINPUT with all such keys and their lines, and what can be done instead.
 */
rig_status rig_scenario_check_playable(const rig_scenario *scenario, rig_error *err);

/** Intervals of interval_s that the warm-up takes (traffic.warm_up_s, rounded up): calls that
 * arrive in them are played and simulated, and not counted. */
size_t rig_scenario_n_warm_up(const rig_scenario *scenario);

/** When the counting begins: the end of the warm-up, scenario time; 0: there is none. */
double rig_scenario_counted_from_s(const rig_scenario *scenario);

/** Whether it is known of the callers who are counted what became of them in the end: where they
 * may dial again or are called back, calls that count are also those of callers of the warm-up. */
bool rig_scenario_knows_the_end(const rig_scenario *scenario);

/** What is counted of the traffic's duration. */
double rig_scenario_counted_s(const rig_scenario *scenario);

/** Rate at an instant of scenario time, calls a second, with adverts, on a mean day; for recorded
 * arrivals the mean of the interval_s around it is not known here: 0. */
double rig_traffic_rate_per_s(const rig_traffic *traffic, double at_s);

/** Greatest rate in [0, duration_s], calls a second, exact with adverts, on a mean day; for
 * recorded arrivals the most instants in [t, t + 1 s) for any t. */
double rig_traffic_peak_rate_per_s(const rig_traffic *traffic);

/** Expected number of calls in [0, at_s] on a mean day: the integral of the rate, in closed form;
 * at_s is clipped to duration_s. For recorded arrivals their number in [0, at_s]. */
double rig_traffic_expected_calls(const rig_traffic *traffic, double at_s);

/** "reinvite", "update", ...; static. */
const char *rig_marks_name(rig_marks marks);

/** "plain", "asterisk", ...; static. */
const char *rig_target_kind_name(rig_target_kind kind);

/** "udp", "tcp"; static. */
const char *rig_transport_name(rig_transport transport);

/** The digits that lead to a way out of the menu. Static, or the scenario's. */
const char *rig_scenario_choice_digits(const rig_scenario *scenario, size_t choice);

/** Whether the target is the embedded one. */
bool rig_target_is_embedded(const rig_target *target);

#include "scenarios/keys/end.h"

#endif
