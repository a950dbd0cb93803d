#include "target/centre.h"

#include "core/clock.h"
#include "core/random.h"
#include "target/call.h"

/* The target's draws must not repeat those of the model, which has the same seed. */
static const uint64_t seed_mask = UINT64_C(0x7461726765740001);

int64_t rig_target_centre_after_ns(const rig_target_centre *centre, double scenario_s)
{
    return rig_clock_monotonic_ns() + rig_clock_ns_of_s(scenario_s / centre->scenario->time_scale);
}

double rig_target_centre_draw(const rig_target_centre *centre, uint64_t index, uint32_t sub)
{
    return rig_random_uniform(centre->scenario->seed ^ seed_mask, RIG_CAUSE_TARGET, index, 0, sub);
}

void rig_target_centre_rest(rig_target_centre *centre, uint32_t agent, double scenario_s)
{
    rig_target_timers_set(&centre->timers, &centre->agents[agent].timer,
                          rig_target_centre_after_ns(centre, scenario_s));
}

void rig_target_centre_settle(rig_target_centre *centre)
{
    if (centre->is_stopping)
        return;
    rig_target_waiter *waiter;
    while ((waiter = rig_target_port_grant(centre->resources)))
        rig_target_call_answer(waiter->owner);
    uint32_t agent = 0;
    while ((waiter = rig_target_queue_match(centre->resources, &agent)))
        rig_target_call_ring_agent(waiter->owner, agent);
}
