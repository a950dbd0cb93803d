/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "recipes/asterisk/asterisk.h"
#include "scenarios/registration.h"

static bool is_tcp(const rig_recipe *r)
{
    return r->scenario->target.transport == RIG_TRANSPORT_TCP;
}

static void put_transport(rig_recipe *r)
{
    const char *name = rig_transport_name(r->scenario->target.transport);
    rig_recipe_line(r, NULL, "\n[transport-%s]", name);
    rig_recipe_line(r, NULL, "type=transport");
    rig_recipe_line(r, "target.transport", "protocol=%s", name);
    rig_recipe_line(r, "target.host", "bind=%s:%u", rig_recipe_uri_host(r, r->spec.host),
                    r->spec.port);
}

/* Session timers and reliable provisional responses: timers, timers_sess_expires and 100rel. */
static void put_extensions(rig_recipe *r, bool is_callers)
{
    const rig_callers *callers = &r->scenario->callers;
    const bool has_timer = is_callers && callers->session_timer.expires_s > 0;
    const bool has_prack = is_callers && callers->has_prack;
    if (!has_timer || !has_prack)
        rig_recipe_comment(r, is_callers ? "peakrig's callers offer what the scenario says alone"
                                         : "peakrig's phones have neither session timers nor "
                                           "reliable provisional responses");
    rig_recipe_line(r, has_timer ? "callers.session_timer" : NULL, "timers=%s",
                    has_timer ? "yes" : "no");
    if (has_timer)
        rig_recipe_line(r, "callers.session_timer.expires_s", "timers_sess_expires=%u",
                        callers->session_timer.expires_s);
    rig_recipe_line(r, has_prack ? "callers.reliable_provisional" : NULL, "100rel=%s",
                    has_prack ? "peer_supported" : "no");
}

/* What callers and agents have in common. */
static void put_endpoint(rig_recipe *r, bool is_callers)
{
    rig_recipe_line(r, NULL, "type=endpoint");
    rig_recipe_comment(r, "without it a TCP endpoint never reaches an agent");
    rig_recipe_line(r, NULL, "transport=transport-%s",
                    rig_transport_name(r->scenario->target.transport));
    rig_recipe_line(r, NULL, "disallow=all");
    rig_recipe_line(r, NULL, "allow=ulaw");
    rig_recipe_comment(r, "no re-INVITE when an agent is dialled or answers");
    rig_recipe_line(r, NULL, "direct_media=no");
    rig_recipe_comment(r, "no UPDATE of the connected line, which comes when the agent is dialled");
    rig_recipe_line(r, NULL, "send_connected_line=no");
    put_extensions(r, is_callers);
    rig_recipe_comment(r, "agents send no audio: nobody is hung up for silence");
    rig_recipe_line(r, NULL, "rtp_timeout=0");
    rig_recipe_line(r, NULL, "rtp_timeout_hold=0");
}

static void put_callers(rig_recipe *r)
{
    const rig_auth *auth = &r->scenario->callers.auth;
    rig_recipe_line(r, NULL, "\n[peakrig]");
    put_endpoint(r, true);
    rig_recipe_line(r, NULL, "context=peakrig-callers");
    rig_recipe_line(r, NULL, "identify_by=ip");
    rig_recipe_line(r, r->scenario->callers.dtmf.digits != NULL ? "callers.dtmf" : NULL,
                    "dtmf_mode=info");
    if (auth->user != NULL)
        rig_recipe_line(r, NULL, "auth=peakrig-callers");
    rig_recipe_line(r, NULL, "\n[peakrig]");
    rig_recipe_line(r, NULL, "type=identify");
    rig_recipe_line(r, NULL, "endpoint=peakrig");
    rig_recipe_comment(r, "the addresses that this exchange sees the callers come from");
    for (size_t i = 0; i < r->spec.n_callers; i++)
        rig_recipe_line(r, NULL, "match=%s", r->spec.callers[i]);
    if (auth->user == NULL)
        return;
    rig_recipe_line(r, NULL, "\n[peakrig-callers]");
    rig_recipe_line(r, NULL, "type=auth");
    rig_recipe_line(r, NULL, "auth_type=userpass");
    rig_recipe_line(r, "callers.auth", "username=%s",
                    rig_recipe_escape(r, RIG_RECIPE_INI, auth->user));
    rig_recipe_line(r, NULL, "password=%s", rig_recipe_escape(r, RIG_RECIPE_INI, auth->password));
}

const char *rig_recipe_asterisk_phone(rig_recipe *r, size_t group, uint32_t i, uint32_t number)
{
    const rig_phone_register *registration = &r->scenario->agents[group].registration;
    char user[RIG_USER_SIZE];
    if (registration->first_user == NULL)
        return rig_recipe_format(r, "agent%u", number);
    rig_scenario_register_user(registration, i, user);
    return rig_recipe_format(r, "%s", user);
}

/* The address of a phone: static, or what it registers. */
static void put_address(rig_recipe *r, size_t group, const char *phone, bool is_first)
{
    const rig_phone_register *registration = &r->scenario->agents[group].registration;
    if (registration->first_user == NULL) {
        rig_recipe_line(r, is_first ? "target.agents_listen" : NULL, "contact=sip:%s@%s:%u%s",
                        phone, rig_recipe_uri_host(r, r->spec.agents_host), r->spec.agents_port,
                        is_tcp(r) ? "\\;transport=tcp" : "");
        return;
    }
    rig_recipe_line(r, is_first ? "agents[].register" : NULL, "max_contacts=1");
    rig_recipe_line(r, NULL, "remove_existing=yes");
    rig_recipe_line(r, NULL, "minimum_expiration=%u", registration->expires_s);
    if (registration->password == NULL)
        return;
    rig_recipe_line(r, NULL, "[%s]", phone);
    rig_recipe_line(r, NULL, "type=auth");
    rig_recipe_line(r, NULL, "auth_type=userpass");
    rig_recipe_line(r, NULL, "username=%s", phone);
    rig_recipe_line(r, NULL, "password=%s",
                    rig_recipe_escape(r, RIG_RECIPE_INI, registration->password));
}

static void put_agents(rig_recipe *r)
{
    uint32_t number = 0;
    rig_recipe_line(r, NULL, "\n[agent](!)");
    put_endpoint(r, false);
    rig_recipe_line(r, NULL, "context=peakrig-nobody");
    rig_recipe_comment(r, "the caller's number goes to the agent's phone");
    rig_recipe_line(r, "callers.first_number", "trust_id_outbound=yes");
    for (size_t g = 0; g < r->scenario->n_agents; g++) {
        const rig_agent_group *group = &r->scenario->agents[g];
        for (uint32_t i = 0; i < rig_scenario_first_agents(group); i++) {
            const char *phone = rig_recipe_asterisk_phone(r, g, i, ++number);
            rig_recipe_line(r, NULL, "\n[%s](agent)", phone);
            rig_recipe_line(r, NULL, "aors=%s", phone);
            if (group->registration.password != NULL)
                rig_recipe_line(r, NULL, "auth=%s", phone);
            rig_recipe_line(r, NULL, "[%s]", phone);
            rig_recipe_line(r, NULL, "type=aor");
            put_address(r, g, phone, i == 0);
        }
    }
}

void rig_recipe_asterisk_pjsip(rig_recipe *r)
{
    rig_recipe_begin(r, "pjsip.conf", "; ", "");
    rig_recipe_comment(r, "Made by peakrig: the callers' trunk and the agents' phones.");
    rig_recipe_line(r, NULL, "[global]");
    rig_recipe_line(r, NULL, "type=global");
    if (rig_scenario_registering(r->scenario) != NULL) {
        rig_recipe_comment(r,
                           "a phone that registers is known by its user, not by the address that "
                           "callers share with it");
        rig_recipe_line(r, "agents[].register", "endpoint_identifier_order=username,ip,anonymous");
    } else {
        rig_recipe_line(r, NULL, "endpoint_identifier_order=ip,username,anonymous");
    }
    rig_recipe_comment(r, "a load from one address is no attack");
    rig_recipe_line(r, NULL, "unidentified_request_count=100000");
    put_transport(r);
    put_callers(r);
    put_agents(r);
}
