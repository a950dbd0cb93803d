/* What the wire cannot do yet, key by key. */
#include "scenarios/scenario.h"

static bool has_shares(const rig_scenario *s)
{
    for (size_t i = 0; i < s->n_trunks; i++)
        if (s->trunks[i].p_share > 0.0 && s->n_trunks > 1)
            return true;
    return false;
}

static bool has_shifts(const rig_scenario *s)
{
    for (size_t i = 0; i < s->n_agents; i++)
        if (s->agents[i].n_shifts > 1)
            return true;
    return false;
}

rig_status rig_scenario_check_playable(const rig_scenario *s, rig_error *err)
{
    const struct {
        bool is_used;
        const char *key;
    } rows[] = {
        {s->callers.n_classes > 1, "callers.classes"},
        {s->callers.redial.p_redial > 0.0, "callers.redial"},
        {has_shares(s), "trunks[].share"},
        {s->ivr.n_choices > 1, "ivr.choices"},
        {s->queue.routing != RIG_ROUTING_LONGEST_IDLE, "queue.routing"},
        {s->queue.announcement != RIG_ANNOUNCE_NOTHING, "queue.announcement"},
        {s->queue.n_overflow > 0, "queue.overflow"},
        {s->queue.keep_place.p_accept > 0.0, "queue.keep_place"},
        {s->queue.deflection.p_accept > 0.0, "queue.deflection"},
        {s->n_agents > 1, "agents[1]"},
        {has_shifts(s), "agents[].shifts"},
        {s->n_reserves > 0, "reserves"},
        {s->emergency.talk_factor < 1.0, "emergency"},
        {s->n_faults > 0, "faults"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rows[i].is_used)
            return rig_fail(err, RIG_EINPUT,
                            "%s: %s: a run cannot play it yet; peakrig predict and plan simulate "
                            "it, or leave it out",
                            s->path, rows[i].key);
    return RIG_OK;
}
