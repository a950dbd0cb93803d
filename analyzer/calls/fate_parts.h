/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of the fate share: fate.c, fate_marks.c, fate_agents.c only. */
#ifndef RIG_ANALYZER_CALLS_FATE_PARTS_H
#define RIG_ANALYZER_CALLS_FATE_PARTS_H

#include "analyzer/calls/fate.h"

static inline bool rig_fate_is_over(const rig_fate *state)
{
    return state->end != RIG_END_NONE;
}

static inline void rig_fate_set_first(int64_t *field_ns, int64_t t_ns)
{
    if (*field_ns == RIG_NO_TIME)
        *field_ns = t_ns;
}

static inline bool rig_fate_has_agent_leg(const rig_fate *state)
{
    return state->call.n_legs > 1;
}

/* The centre or an agent moves the call on, or would have. */
void rig_fate_note_turn(rig_fate *state, int64_t t_ns);

/* The call is over, for what a message says. */
void rig_fate_end(rig_fate *state, rig_end end, const rig_sip *sip, int64_t t_ns);

/* An agent has answered. */
void rig_fate_agent_answers(rig_fate *state, int64_t t_ns);

/* An agent who hung up at once has not served the call: it went on. */
void rig_fate_take_drop_back(rig_fate *state);

/* A BYE of the caller's leg, or of the one that took its place. */
void rig_fate_on_bye(rig_fate *state, const rig_leg *leg, rig_side side, const rig_sip *sip,
                     int64_t t_ns);

#endif
