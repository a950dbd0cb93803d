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

/** How instants follow from the rate. */
typedef enum rig_arrivals {
    RIG_ARRIVALS_POISSON = 0, /**< non-homogeneous Poisson process */
    RIG_ARRIVALS_REGULAR      /**< one call each time the integral of the rate passes n + 1/2 */
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

/** Traffic offered by the callers. */
typedef struct rig_traffic {
    rig_arrivals arrivals;
    rig_interpolation interpolation;
    double duration_s; /**< calls arrive in [0, duration_s); > 0 */
    rig_rate_point *rate;
    size_t n_rate; /**< >= 1 */
} rig_traffic;

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
} rig_callers;

/** One group of trunk circuits. A call takes the first group, in the list's order, with one free.
 */
typedef struct rig_trunk_group {
    char *name;
    uint32_t n_circuits; /**< >= 1; an E1 has 30 */
} rig_trunk_group;

/** The IVR. Without an `ivr` section: as many ports as circuits and a menu of 0 s. */
typedef struct rig_ivr {
    uint32_t n_ports; /**< >= 1 */
    rig_dist menu;    /**< from the answer to the queue; drawn by the centre, not by the caller */
    bool hold_while_queued; /**< the port is held until an agent answers (or the call ends) */
    double p_self_service;  /**< share of callers whom the menu satisfies, [0, 1) */
    rig_dist self_service;  /**< from the answer to such a caller's hang-up; one who is still there
                               when  the menu ends enters the queue and hangs up at that instant all
                               the same */
} rig_ivr;

/** The queue: first in, first out; a call whose agent did not answer goes back to its head. */
typedef struct rig_queue {
    uint32_t capacity; /**< calls that can wait (ringing ones not counted); 0 = no limit */
    double timeout_s;  /**< the centre hangs up after this time in the queue since the first entry,
                            unless an agent is ringing just then; 0 = never */
} rig_queue;

/** Ring times of one call that a schedule holds; attempt k uses entry k modulo this. */
#define RIG_N_RING_ATTEMPTS 4

/** A group of agents; the longest idle is rung first. */
typedef struct rig_agent_group {
    char *name;
    uint32_t n_agents; /**< >= 1 */
    rig_dist ring;     /**< how long the phone rings before the agent answers */
    /** > 0: after this the agent is skipped: he rests, then joins the end of the idle list. */
    double ring_timeout_s;
    double rest_s;    /**< >= 0: for so long a skipped agent is not rung */
    rig_dist wrap_up; /**< after the talk; drawn by the centre */
} rig_agent_group;

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

/** How the target tells the caller's leg that an agent has answered. */
typedef enum rig_agent_mark { RIG_MARK_REINVITE = 0, RIG_MARK_UPDATE } rig_agent_mark;

/** The call centre under test. */
typedef struct rig_target {
    char *host;          /**< "embedded" or an IPv4 address or name */
    uint16_t port;       /**< SIP port; 0 = any free one (embedded only) */
    char *agents_listen; /**< "ADDRESS:PORT" where our agents' phones listen; NULL = loopback, free
                            port */
    bool is_scalable; /**< declares that all its times follow time_scale (embedded: always true) */
    rig_agent_mark agent_mark;
    char **allow; /**< addresses beside loopback that may be called */
    size_t n_allow;
} rig_target;

/** Bounds of a run: a run that would pass one is refused before it begins. */
typedef struct rig_limits {
    uint64_t max_calls;
    double max_rate_per_s; /**< on the wire, peak of the rate profile */
    double max_run_s;      /**< wire time */
} rig_limits;

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
    rig_agent_group *agents;
    size_t n_agents; /**< exactly 1 */
    rig_gate gate;
    rig_target target;
    rig_limits limits;
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

/** Rate at an instant of scenario time, calls a second. */
double rig_traffic_rate_per_s(const rig_traffic *traffic, double at_s);

/** Greatest rate in [0, duration_s], calls a second. */
double rig_traffic_peak_rate_per_s(const rig_traffic *traffic);

/** Expected number of calls in [0, at_s]: the integral of the rate; at_s is clipped to duration_s.
 */
double rig_traffic_expected_calls(const rig_traffic *traffic, double at_s);

/** "connect_rate", "wait_p95_s", ...; static. */
const char *rig_level_metric_name(rig_level_metric metric);

/** Whether the target is the embedded one. */
bool rig_target_is_embedded(const rig_target *target);

#endif
