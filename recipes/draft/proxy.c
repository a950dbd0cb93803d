/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "recipes/draft/proxy.h"

#include <inttypes.h>

#include "recipes/draft/centre.h"
#include "scenarios/backup.h"
#include "scenarios/own_durations.h"
#include "scenarios/registration.h"

unsigned rig_recipe_carrier_port(const rig_recipe *r, size_t carrier)
{
    return rig_scenario_has_carrier_ports(r->scenario) ? r->scenario->trunks[carrier].port
                                                       : r->spec.port + (unsigned)carrier;
}

void rig_recipe_proxy_listen(rig_recipe *r, const char *word)
{
    const rig_scenario *s = r->scenario;
    const char *transport = rig_transport_name(s->target.transport);
    const size_t n = rig_scenario_has_carriers(s) ? s->n_trunks : 1;
    for (size_t i = 0; i < n; i++)
        rig_recipe_line(r, i == 0 ? "target.transport" : NULL, "%s%s:%s:%u", word, transport,
                        rig_recipe_uri_host(r, r->spec.host),
                        n > 1 ? rig_recipe_carrier_port(r, i) : r->spec.port);
    rig_recipe_line(r, "target.host", "# %s port %u", rig_recipe_uri_host(r, r->spec.host),
                    r->spec.port);
}

/* What is not taken, within a block; tabs: before its end. */
static void refuse(rig_recipe *r, const rig_recipe_dialect *d, const char *tabs, unsigned code,
                   const char *text)
{
    rig_recipe_line(r, NULL, "%s\t%s(%s%u%s, \"%s\");", tabs, d->reply, d->quote, code, d->quote,
                    text);
    rig_recipe_line(r, NULL, "%s\texit;", tabs);
    rig_recipe_line(r, NULL, "%s}", tabs);
}

/* ---- phones ---- */

bool rig_recipe_proxy_needs_auth(const rig_recipe *r)
{
    const rig_agent_group *phones = rig_scenario_registering(r->scenario);
    return r->scenario->callers.auth.user != NULL ||
           (phones != NULL && phones->registration.password != NULL);
}

void rig_recipe_proxy_registrar_modules(rig_recipe *r, const rig_recipe_dialect *d)
{
    if (rig_scenario_registering(r->scenario) == NULL)
        return;
    rig_recipe_line(r, NULL, "loadmodule \"usrloc.so\"");
    rig_recipe_line(r, NULL, "loadmodule \"registrar.so\"");
    rig_recipe_comment(r, "where the phones are is kept in memory: after a restart they must "
                          "register again");
    rig_recipe_line(r, NULL, "modparam(\"usrloc\", %s)", d->in_memory);
    rig_recipe_comment(r, "its default of 60 s would raise a shorter registration");
    rig_recipe_line(r, NULL, "modparam(\"registrar\", \"min_expires\", 1)");
}

/* "The user in this variable is one of the phones'." */
static const char *is_phone(rig_recipe *r, const char *variable)
{
    const rig_agent_group *group = rig_scenario_registering(r->scenario);
    uint64_t number;
    const size_t n_name = rig_scenario_register_name(&group->registration, &number);
    const char *digits =
        rig_recipe_format(r, "$%s =~ \"^%.*s[0-9]+$\" && $(%s{s.substr,%zu,0}{s.int})", variable,
                          (int)n_name, group->registration.first_user, variable, n_name);
    return rig_recipe_format(r, "%s >= %" PRIu64 " && $(%s{s.substr,%zu,0}{s.int}) <= %" PRIu64,
                             digits, number, variable, n_name, number + group->n_agents - 1);
}

void rig_recipe_proxy_registrar(rig_recipe *r, const rig_recipe_dialect *d,
                                void (*authenticate)(rig_recipe *r, const char *password))
{
    const rig_agent_group *group = rig_scenario_registering(r->scenario);
    if (group == NULL)
        return;
    rig_recipe_comment(r, "the agents' phones register here; the last Contact of each counts");
    rig_recipe_line(r, NULL, "\tif (is_method(\"REGISTER\")) {");
    rig_recipe_line(r, "agents[].register", "\t\tif (!(%s)) {", is_phone(r, "tU"));
    refuse(r, d, "\t\t", 404, "Not Found");
    if (group->registration.password != NULL)
        authenticate(r, group->registration.password);
    rig_recipe_line(r, NULL, "\t\tif (!%s) sl_reply_error();", d->save);
    rig_recipe_line(r, NULL, "\t\texit;");
    rig_recipe_line(r, NULL, "\t}");
}

/* The centre calls a phone by its user: where it is, the phone has said. */
static void put_registered(rig_recipe *r, const rig_recipe_dialect *d)
{
    rig_recipe_comment(r, "the centre's legs to the agents' phones: it calls USER at this proxy");
    rig_recipe_line(r, NULL, "\tif (is_method(\"INVITE\") && %s) {", is_phone(r, "rU"));
    rig_recipe_line(r, "target.agents_listen", "\t\tif (!lookup(\"location\")) {");
    refuse(r, d, "\t\t", 480, "Temporarily Unavailable");
    rig_recipe_line(r, NULL, "\t\trecord_route();");
    rig_recipe_line(r, NULL, "\t\tif (!t_relay()) sl_reply_error();");
    rig_recipe_line(r, NULL, "\t\texit;");
    rig_recipe_line(r, NULL, "\t}");
}

void rig_recipe_proxy_agents(rig_recipe *r, const rig_recipe_dialect *d)
{
    if (rig_scenario_registering(r->scenario) != NULL) {
        put_registered(r, d);
        return;
    }
    rig_recipe_comment(r, "the centre's legs to the agents' phones, where they come this way");
    rig_recipe_line(r, "target.agents_listen", "\tif ($rd == \"%s\" && $rp == %u) {",
                    rig_recipe_uri_host(r, r->spec.agents_host), r->spec.agents_port);
    rig_recipe_line(r, NULL, "\t\trecord_route();");
    rig_recipe_line(r, NULL, "\t\tt_relay();");
    rig_recipe_line(r, NULL, "\t\texit;");
    rig_recipe_line(r, NULL, "\t}");
}

/* ---- circuits ---- */

static void try_group(rig_recipe *r, const rig_recipe_dialect *d, size_t group, bool is_own)
{
    const rig_trunk_group *t = &r->scenario->trunks[group];
    const uint32_t n_open = rig_recipe_circuits_open(t, is_own);
    const bool has_spare = n_open < t->n_circuits;
    rig_recipe_comment(r, "carrier %s: %u circuits%s", t->name, t->n_circuits,
                       has_spare ? ", some spare for its own calls" : "");
    rig_recipe_line(r, NULL, "\tif ($var(taken) == 0) {");
    rig_recipe_line(r, NULL, "\t\tget_profile_size(\"trunk\", \"carrier%zu\", %s$var(used)%s);",
                    group + 1, d->quote, d->quote);
    rig_recipe_line(r, has_spare ? "trunks[].spare_share" : "trunks[].circuits",
                    "\t\tif ($var(used) < %u) $var(taken) = %zu;", n_open, group + 1);
    rig_recipe_line(r, NULL, "\t}");
}

/* The groups that a call of this carrier may take. */
static void put_carrier(rig_recipe *r, const rig_recipe_dialect *d, size_t carrier)
{
    const rig_trunk_group *t = &r->scenario->trunks[carrier];
    rig_recipe_line(r, carrier == 0 ? "trunks[].share" : NULL, "\tif ($var(carrier) == %zu) {",
                    carrier + 1);
    try_group(r, d, carrier, true);
    for (size_t k = 0; k < t->n_overflow; k++) {
        rig_recipe_line(r, "trunks[].overflow", "\t# overflow");
        try_group(r, d, t->overflow[k], false);
    }
    rig_recipe_line(r, NULL, "\t}");
}

static void put_groups(rig_recipe *r, const rig_recipe_dialect *d)
{
    for (size_t i = 0; i < r->scenario->n_trunks; i++) {
        if (rig_scenario_has_carriers(r->scenario))
            put_carrier(r, d, i);
        else
            try_group(r, d, i, true);
    }
}

static void put_trunk(rig_recipe *r, const rig_recipe_dialect *d)
{
    rig_recipe_comment(
        r, "Two calls must not both take the last circuit: look and take it under a lock.");
    rig_recipe_line(r, NULL, "\t$var(taken) = 0;");
    rig_recipe_line(r, NULL, "\t%s(\"trunk\");", d->lock);
    put_groups(r, d);
    rig_recipe_line(r, NULL, "\tif ($var(taken) == 0) {");
    rig_recipe_line(r, NULL, "\t\t%s(\"trunk\");", d->unlock);
    rig_recipe_line(r, NULL,
                    "\t\tappend_to_reply(\"Reason: Q.850;cause=34;text=\\\"No circuit "
                    "available\\\"\\r\\n\");");
    if (r->scenario->target.retry_after_s > 0.0)
        rig_recipe_line(r, "target.retry_after_s",
                        "\t\tappend_to_reply(\"Retry-After: %u\\r\\n\");",
                        rig_scenario_retry_after_wire_s(r->scenario));
    refuse(r, d, "\t", 503, "Service Unavailable");
    rig_recipe_line(r, NULL, "\t%s();", d->follow);
    rig_recipe_differs(r, "trunks[].circuits", "%s", d->frees);
    rig_recipe_line(r, NULL, "\tset_dlg_profile(\"trunk\", \"carrier$var(taken)\");");
    rig_recipe_line(r, NULL, "\t%s(\"trunk\");", d->unlock);
}

/* Which carrier a call comes by: the port that it came in at. */
static void put_carriers(rig_recipe *r, const rig_recipe_dialect *d)
{
    const rig_scenario *s = r->scenario;
    rig_recipe_line(r, NULL, "\t$var(carrier) = 1;");
    for (size_t i = 1; i < s->n_trunks; i++)
        rig_recipe_line(r, "trunks[].port", "\tif (%s == %u) $var(carrier) = %zu;", d->port,
                        rig_recipe_carrier_port(r, i), i + 1);
    for (size_t i = 0; i < s->n_trunks && !rig_scenario_has_carrier_ports(s); i++)
        rig_recipe_instead(
            r, "trunks[].port",
            rig_recipe_format(r, "trunks[%zu].port=%u", i, rig_recipe_carrier_port(r, i)),
            "carrier %s comes in there", s->trunks[i].name);
}

/* ---- all ---- */

/* Before a centre that does not say it is scalable, a scenario runs in real time. */
static void say_real_time(rig_recipe *r)
{
    const rig_scenario *s = r->scenario;
    /* The embedded centre is scalable without saying so; the one behind a proxy is another. */
    const bool is_scalable = s->target.is_scalable && !rig_target_is_embedded(&s->target);
    if ((s->time_scale > 1.0 || s->time_scale < 1.0) && !is_scalable)
        rig_recipe_instead(r, "time_scale", "time_scale=1.0",
                           "the timers of the centre behind run in real time; if they do not, set "
                           "target.scalable");
}

void rig_recipe_proxy_calls(rig_recipe *r, const rig_recipe_dialect *d)
{
    const rig_scenario *s = r->scenario;
    rig_recipe_comment(r, "what the callers dial; the rest is nobody's");
    const char *others = "", *number;
    for (size_t i = 1; (number = rig_recipe_dialled(s, i)) != NULL; i++)
        others = rig_recipe_format(r, "%s && $rU != \"%s\"", others,
                                   rig_recipe_escape(r, RIG_RECIPE_SCRIPT, number));
    rig_recipe_line(r, "callers.dial", "\tif ($rU != \"%s\"%s) {",
                    rig_recipe_escape(r, RIG_RECIPE_SCRIPT, s->callers.dial), others);
    if (rig_scenario_has_class_numbers(s))
        rig_recipe_also(r, "callers.classes[].dial");
    if (rig_scenario_has_backup(s))
        rig_recipe_also(r, "callers.redial.backup");
    refuse(r, d, "\t", 404, "Not Found");
    if (rig_scenario_has_carriers(s))
        put_carriers(r, d);
    put_trunk(r, d);
    rig_recipe_line(r, NULL, "\trecord_route();");
    rig_recipe_line(r, NULL, "\t$du = \"sip:%s:%u%s\";", rig_recipe_uri_host(r, r->spec.next),
                    r->spec.next_port,
                    s->target.transport == RIG_TRANSPORT_TCP ? ";transport=tcp" : "");
    rig_recipe_line(r, NULL, "\tif (!t_relay()) sl_reply_error();");
    rig_recipe_line(r, NULL, "}");
    say_real_time(r);
}
