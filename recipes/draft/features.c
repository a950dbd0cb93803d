/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a scenario can ask of a centre, key by key: so that nothing is left out in silence. */
#include <string.h>

#include "recipes/draft/draft.h"
#include "scenarios/backup.h"
#include "scenarios/registration.h"

static bool always(const rig_scenario *s)
{
    (void)s;
    return true;
}
static bool has_spare(const rig_scenario *s)
{
    for (size_t i = 0; i < s->n_trunks; i++)
        if (rig_scenario_has_carriers(s) && s->trunks[i].p_spare > 0.0)
            return true;
    return false;
}
static bool has_trunk_overflow(const rig_scenario *s)
{
    for (size_t i = 0; i < s->n_trunks; i++)
        if (rig_scenario_has_carriers(s) && s->trunks[i].n_overflow > 0)
            return true;
    return false;
}
static bool has_few_ports(const rig_scenario *s)
{
    return s->ivr.n_ports > 0 && s->ivr.n_ports < rig_scenario_n_circuits(s);
}
static bool has_menu(const rig_scenario *s)
{
    return s->ivr.menu.mean_s > 0.0;
}
static bool has_self_service(const rig_scenario *s)
{
    return s->ivr.p_self_service > 0.0;
}
static bool has_choices(const rig_scenario *s)
{
    return s->ivr.n_choices > 1;
}
static bool has_capacity(const rig_scenario *s)
{
    return s->queue.capacity > 0;
}
static bool has_retry_after(const rig_scenario *s)
{
    return s->target.retry_after_s > 0.0;
}
static bool has_timeout(const rig_scenario *s)
{
    return s->queue.timeout_s > 0.0;
}
static bool has_polls(const rig_scenario *s)
{
    return s->queue.poll_s > 0.0;
}
static bool has_looks(const rig_scenario *s)
{
    return s->queue.look_every_s > 0.0;
}
static bool has_places_of_ringing(const rig_scenario *s)
{
    return has_capacity(s) && s->queue.counts_ringing;
}
static bool has_ringing_cut(const rig_scenario *s)
{
    return has_timeout(s) && s->queue.timeout_cuts_ringing;
}
static bool has_turns(const rig_scenario *s)
{
    return s->queue.one_at_a_time;
}
static bool has_other_busy_rest(const rig_scenario *s)
{
    for (size_t i = 0; i < s->n_agents; i++) {
        const double longer_s = s->agents[i].busy_rest_s - s->agents[i].rest_s;
        if (s->agents[i].p_busy > 0.0 && (longer_s > 0.0 || longer_s < 0.0))
            return true;
    }
    return false;
}
static bool has_other_reject_rest(const rig_scenario *s)
{
    for (size_t i = 0; i < s->n_agents; i++) {
        const double longer_s = s->agents[i].reject_rest_s - s->agents[i].rest_s;
        if (s->agents[i].p_reject > 0.0 && (longer_s > 0.0 || longer_s < 0.0))
            return true;
    }
    return false;
}
static bool has_breaks(const rig_scenario *s)
{
    for (size_t i = 0; i < s->n_agents; i++)
        if (s->agents[i].n_most_missed > 0)
            return true;
    return false;
}
static bool has_announcement(const rig_scenario *s)
{
    return s->queue.announcement != RIG_ANNOUNCE_NOTHING;
}
static bool has_queue_overflow(const rig_scenario *s)
{
    return s->queue.n_overflow > 0;
}
static bool has_keep_place(const rig_scenario *s)
{
    return s->queue.keep_place.p_accept > 0.0;
}
static bool has_deflection(const rig_scenario *s)
{
    return s->queue.deflection.p_accept > 0.0;
}
static bool has_call_back(const rig_scenario *s)
{
    return has_keep_place(s) || has_deflection(s);
}
static bool has_classes(const rig_scenario *s)
{
    return s->callers.n_classes > 1;
}
static bool has_auth(const rig_scenario *s)
{
    return s->callers.auth.user != NULL;
}
static bool has_dtmf(const rig_scenario *s)
{
    return s->callers.dtmf.digits != NULL;
}
static bool has_session_timer(const rig_scenario *s)
{
    return s->callers.session_timer.expires_s > 0;
}
static bool has_prack(const rig_scenario *s)
{
    return s->callers.has_prack;
}
static bool has_shifts(const rig_scenario *s)
{
    for (size_t i = 0; i < s->n_agents; i++)
        if (s->agents[i].n_shifts > 1)
            return true;
    return false;
}
static bool has_skills(const rig_scenario *s)
{
    return s->n_skills > 1;
}
static bool has_rest(const rig_scenario *s)
{
    for (size_t i = 0; i < s->n_agents; i++)
        if (s->agents[i].rest_s > 0.0)
            return true;
    return false;
}
static bool has_wrap_up(const rig_scenario *s)
{
    for (size_t i = 0; i < s->n_agents; i++)
        if (s->agents[i].wrap_up.mean_s > 0.0)
            return true;
    return false;
}
static bool does_register(const rig_scenario *s)
{
    return rig_scenario_registering(s) != NULL;
}
static bool has_reserves(const rig_scenario *s)
{
    return s->n_reserves > 0;
}
static bool has_emergency(const rig_scenario *s)
{
    return s->emergency.talk_factor > 0.0 && s->emergency.talk_factor < 1.0;
}
static bool has_faults(const rig_scenario *s)
{
    return s->n_faults > 0;
}
static bool has_several_agent_groups(const rig_scenario *s)
{
    return s->n_agents > 1;
}

/* The centre's keys. Those of the callers (traffic, patience, talk, redials) peakrig plays. */
static const struct {
    const char *key;
    bool (*is_used)(const rig_scenario *s);
} features[] = {
    {"trunks[].circuits", always},
    {"trunks[].share", rig_scenario_has_carriers},
    {"trunks[].spare_share", has_spare},
    {"trunks[].overflow", has_trunk_overflow},
    {"ivr.ports", has_few_ports},
    {"ivr.hold_while_queued", has_few_ports},
    {"ivr.menu", has_menu},
    {"ivr.self_service_share", has_self_service},
    {"ivr.choices", has_choices},
    {"queue.capacity", has_capacity},
    {"queue.timeout_s", has_timeout},
    {"queue.routing", always},
    {"target.retry_after_s", has_retry_after},
    {"queue.poll_s", has_polls},
    {"queue.look_every_s", has_looks},
    {"queue.counts_ringing", has_places_of_ringing},
    {"queue.timeout_cuts_ringing", has_ringing_cut},
    {"queue.one_at_a_time", has_turns},
    {"queue.announcement", has_announcement},
    {"queue.overflow", has_queue_overflow},
    {"queue.keep_place", has_keep_place},
    {"queue.deflection", has_deflection},
    {"call_back", has_call_back},
    {"callers.dial", always},
    {"callers.first_number", always},
    {"callers.classes", has_classes},
    {"callers.classes[].dial", rig_scenario_has_class_numbers},
    {"callers.redial.backup", rig_scenario_has_backup},
    {"callers.auth", has_auth},
    {"callers.dtmf", has_dtmf},
    {"callers.session_timer", has_session_timer},
    {"callers.reliable_provisional", has_prack},
    {"agents[]", has_several_agent_groups},
    {"agents[].count", always},
    {"agents[].shifts", has_shifts},
    {"agents[].skills", has_skills},
    {"agents[].ring_timeout_s", always},
    {"agents[].rest_s", has_rest},
    {"agents[].busy_rest_s", has_other_busy_rest},
    {"agents[].reject_rest_s", has_other_reject_rest},
    {"agents[].max_no_answer", has_breaks},
    {"agents[].wrap_up", has_wrap_up},
    {"agents[].register", does_register},
    {"reserves", has_reserves},
    {"emergency", has_emergency},
    {"faults", has_faults},
    {"target.host", always},
    {"target.transport", always},
    {"target.marks", always},
    {"target.agents_listen", always},
};

static bool is_told(const rig_recipe *r, const char *key)
{
    for (size_t i = 0; i < r->n_origins; i++)
        if (strcmp(r->origins[i].key, key) == 0)
            return true;
    for (size_t i = 0; i < r->n_remarks; i++)
        if (strcmp(r->remarks[i].key, key) == 0)
            return true;
    return false;
}

void rig_recipe_say_missing(rig_recipe *r)
{
    const bool is_proxy = rig_recipe_is_proxy(r->kind);
    for (size_t i = 0; i < sizeof features / sizeof *features; i++) {
        if (!features[i].is_used(r->scenario) || is_told(r, features[i].key))
            continue;
        if (is_proxy)
            rig_recipe_behind(r, features[i].key, "the centre behind");
        else
            rig_recipe_cannot(r, features[i].key, "%s has nothing for it",
                              rig_recipe_kind_name(r->kind));
    }
}
