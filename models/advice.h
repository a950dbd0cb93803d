/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Advice on a scenario, in sentences for people: rules of planning, whether its loads settle, the
 * formulas beside the simulation with what they leave out, and what a run will find.
 *
 * Each function tells its sentences to `take`, in order; texts are borrowed and end without a full
 * stop. */
#ifndef RIG_MODELS_ADVICE_H
#define RIG_MODELS_ADVICE_H

#include "models/prediction.h"

/** Mean times that a circuit is held, or an agent is busy with a call, after which a load that
 * began with nothing is taken for steady: with exponential times 95 % of it is then there. */
#define RIG_ADVICE_WARM_UP 3.0

/** What the rules of planning and the loads of a scenario come to, in numbers. */
typedef struct rig_advice_planning {
    uint32_t n_circuits, n_ports; /**< of the scenario */
    uint32_t n_agents;            /**< at most on duty at once, reserves among them */
    bool is_port_held;            /**< through the queue: else the rule of ports does not hold */
    bool has_ports;               /**< is_port_held, and ports + agents >= circuits */
    bool has_circuits;            /**< agents <= circuits */
    double hold_s;                /**< mean time that a circuit is held; NAN: nobody did */
    double settled_s;             /**< the loads are steady from this instant on; NAN likewise */
    bool is_settled;              /**< they are so before the traffic ends */
} rig_advice_planning;

/** @param prediction  Tells how long circuits are held. */
rig_advice_planning rig_advice_plan(const rig_scenario *scenario, const rig_prediction *prediction);

/** Takes a sentence. */
typedef void rig_advice_take(void *ctx, const char *text);

/**
 * The rules by which such centres are planned, and what the scenario makes of them: IVR ports +
 * agents against circuits, agents against circuits; and what its queue does otherwise than the plain
 * centre's. Always says something.
 */
void rig_advice_rules(const rig_scenario *scenario, rig_advice_take *take, void *ctx);

/**
 * A scenario that is too short for its loads to settle: shorter, after the last change of its rate,
 * than RIG_ADVICE_WARM_UP mean holding times of the prediction. Nothing where it is not.
 */
void rig_advice_settling(const rig_scenario *scenario, const rig_prediction *prediction,
                         rig_advice_take *take, void *ctx);

/**
 * Erlang B on the circuits (of the mean load, PSA, MOL) and Erlang A on the agents, each beside
 * what was simulated, and then the assumptions that the scenario breaks. The formulas' holding and
 * handling times are those of the simulation.
 * @return RIG_OK or RIG_ENOMEM.
 */
rig_status rig_advice_formulas(const rig_scenario *scenario, const rig_prediction *prediction,
                               rig_advice_take *take, void *ctx);

/**
 * The power of a run: at each stage the deviation of its loss that fails in four of five runs, and
 * how often a conforming centre passes, from the scatter of the replays (normal approximation).
 * @param prediction  Replays of the schedule.
 * @param alpha       Of a stage's FAIL, before Holm's correction, which is taken at its strictest.
 */
void rig_advice_power(const rig_scenario *scenario, const rig_prediction *prediction, double alpha,
                      rig_advice_take *take, void *ctx);

#endif
