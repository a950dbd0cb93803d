/* SPDX-License-Identifier: GPL-3.0-or-later */
/* OpenSIPS 3.6 as the trunk in front of a centre. Source: the documentation of OpenSIPS 3.6 (core
 * script, tm, rr, dialog, auth, cfgutils). */
#include <math.h>

#include "recipes/draft/draft.h"
#include "recipes/draft/exchanges.h"
#include "recipes/draft/who.h"

static bool has_shares(const rig_scenario *s)
{
    return s->n_trunks > 1 && s->trunks[0].p_share > 0.0;
}

static void put_head(rig_recipe *r)
{
    const char *transport = rig_transport_name(r->scenario->target.transport);
    static const char *const modules[] = {"signaling", "sl",       "tm",     "rr",  "maxfwd",
                                          "sipmsgops", "cfgutils", "dialog", "auth"};
    rig_recipe_comment(r, "Made by peakrig: the trunk in front of %s port %u.", r->spec.next,
                       r->spec.next_port);
    rig_recipe_line(r, NULL, "log_level=2");
    rig_recipe_line(r, NULL, "stderror_enabled=yes");
    rig_recipe_line(r, NULL, "syslog_enabled=no");
    rig_recipe_line(r, NULL, "udp_workers=2");
    rig_recipe_line(r, NULL, "auto_aliases=no");
    rig_recipe_line(r, "target.transport", "socket=%s:%s:%u", transport,
                    rig_recipe_uri_host(r, r->spec.host), r->spec.port);
    rig_recipe_line(r, "target.host", "# %s port %u", rig_recipe_uri_host(r, r->spec.host),
                    r->spec.port);
    rig_recipe_comment(r, "where its modules are: start.sh -m FOLDER");
    rig_recipe_line(r, NULL, "mpath=\"/usr/lib/x86_64-linux-gnu/opensips/modules/\"");
    rig_recipe_line(r, NULL, "loadmodule \"proto_%s.so\"", transport);
    for (size_t i = 0; i < sizeof modules / sizeof *modules; i++)
        if (i + 1 < sizeof modules / sizeof *modules || r->scenario->callers.auth.user != NULL)
            rig_recipe_line(r, NULL, "loadmodule \"%s.so\"", modules[i]);
    rig_recipe_line(r, NULL, "modparam(\"dialog\", \"profiles_with_value\", \"trunk\")");
    if (r->scenario->callers.auth.user != NULL) {
        rig_recipe_line(r, NULL, "modparam(\"auth\", \"username_spec\", \"$var(user)\")");
        rig_recipe_line(r, NULL, "modparam(\"auth\", \"password_spec\", \"$var(password)\")");
        rig_recipe_line(r, NULL, "modparam(\"auth\", \"calculate_ha1\", 1)");
    }
    rig_recipe_comment(r, "a call that nobody ends frees its circuit after this many seconds");
    rig_recipe_line(r, NULL, "modparam(\"dialog\", \"default_timeout\", 7200)");
}

static void put_in_dialog(rig_recipe *r)
{
    rig_recipe_line(r, NULL, "route {");
    rig_recipe_line(r, NULL, "\tif (!mf_process_maxfwd_header(10)) {");
    rig_recipe_line(r, NULL, "\t\tsend_reply(483, \"Too Many Hops\");");
    rig_recipe_line(r, NULL, "\t\texit;");
    rig_recipe_line(r, NULL, "\t}");
    rig_recipe_line(r, NULL, "\tif (has_totag()) {");
    rig_recipe_line(r, NULL, "\t\tif (is_method(\"ACK\") && t_check_trans()) {");
    rig_recipe_line(r, NULL, "\t\t\tt_relay();");
    rig_recipe_line(r, NULL, "\t\t\texit;");
    rig_recipe_line(r, NULL, "\t\t}");
    rig_recipe_line(r, NULL, "\t\tif (loose_route())");
    rig_recipe_line(r, NULL, "\t\t\tt_relay();");
    rig_recipe_line(r, NULL, "\t\telse if (!is_method(\"ACK\"))");
    rig_recipe_line(r, NULL, "\t\t\tsend_reply(481, \"Call/Transaction Does Not Exist\");");
    rig_recipe_line(r, NULL, "\t\texit;");
    rig_recipe_line(r, NULL, "\t}");
    rig_recipe_line(r, NULL, "\tif (is_method(\"CANCEL\")) {");
    rig_recipe_line(r, NULL, "\t\tif (t_check_trans()) t_relay();");
    rig_recipe_line(r, NULL, "\t\texit;");
    rig_recipe_line(r, NULL, "\t}");
    rig_recipe_comment(r, "a repetition gets its response again");
    rig_recipe_line(r, NULL, "\tt_check_trans();");
    rig_recipe_line(r, NULL, "\tif (is_method(\"OPTIONS\")) {");
    rig_recipe_line(r, NULL, "\t\tsend_reply(200, \"OK\");");
    rig_recipe_line(r, NULL, "\t\texit;");
    rig_recipe_line(r, NULL, "\t}");
    rig_recipe_line(r, NULL, "\tif (!is_method(\"INVITE\")) {");
    rig_recipe_line(r, NULL, "\t\tsend_reply(405, \"Method Not Allowed\");");
    rig_recipe_line(r, NULL, "\t\texit;");
    rig_recipe_line(r, NULL, "\t}");
}

static void put_agents_way(rig_recipe *r)
{
    rig_recipe_comment(r, "the centre's legs to the agents' phones, where they come this way");
    rig_recipe_line(r, "target.agents_listen", "\tif ($rd == \"%s\" && $rp == %u) {",
                    rig_recipe_uri_host(r, r->spec.agents_host), r->spec.agents_port);
    rig_recipe_line(r, NULL, "\t\trecord_route();");
    rig_recipe_line(r, NULL, "\t\tt_relay();");
    rig_recipe_line(r, NULL, "\t\texit;");
    rig_recipe_line(r, NULL, "\t}");
}

static void put_auth(rig_recipe *r)
{
    const rig_auth *auth = &r->scenario->callers.auth;
    if (auth->user == NULL)
        return;
    rig_recipe_line(r, "callers.auth", "\t$var(user) = \"%s\";",
                    rig_recipe_escape(r, RIG_RECIPE_SCRIPT, auth->user));
    rig_recipe_line(r, NULL, "\t$var(password) = \"%s\";",
                    rig_recipe_escape(r, RIG_RECIPE_SCRIPT, auth->password));
    rig_recipe_line(r, NULL, "\tif ($au != $var(user) || !pv_www_authorize(\"peakrig\")) {");
    rig_recipe_line(r, NULL, "\t\twww_challenge(\"peakrig\", \"auth\");");
    rig_recipe_line(r, NULL, "\t\texit;");
    rig_recipe_line(r, NULL, "\t}");
    rig_recipe_line(r, NULL, "\tconsume_credentials();");
}

static void try_group(rig_recipe *r, size_t group, bool is_own)
{
    const rig_trunk_group *t = &r->scenario->trunks[group];
    const uint32_t spare = is_own ? 0 : (uint32_t)floor(t->p_spare * (double)t->n_circuits + 1e-9);
    rig_recipe_comment(r, "carrier %s: %u circuits%s", t->name, t->n_circuits,
                       spare > 0 ? ", some spare for its own calls" : "");
    rig_recipe_line(r, NULL, "\tif ($var(taken) == 0) {");
    rig_recipe_line(r, NULL, "\t\tget_profile_size(\"trunk\", \"carrier%zu\", $var(used));",
                    group + 1);
    rig_recipe_line(r, spare > 0 ? "trunks[].spare_share" : "trunks[].circuits",
                    "\t\tif ($var(used) < %u) $var(taken) = %zu;", t->n_circuits - spare,
                    group + 1);
    rig_recipe_line(r, NULL, "\t}");
}

static void put_groups(rig_recipe *r)
{
    const rig_scenario *s = r->scenario;
    for (size_t i = 0; i < s->n_trunks; i++) {
        const rig_trunk_group *t = &s->trunks[i];
        if (!has_shares(s)) {
            try_group(r, i, true);
            continue;
        }
        rig_recipe_line(r, i == 0 ? "trunks[].share" : NULL, "\tif ($var(carrier) == %zu) {",
                        i + 1);
        try_group(r, i, true);
        for (size_t k = 0; k < t->n_overflow; k++) {
            rig_recipe_line(r, "trunks[].overflow", "\t# overflow");
            try_group(r, t->overflow[k], false);
        }
        rig_recipe_line(r, NULL, "\t}");
    }
}

static void put_trunk(rig_recipe *r)
{
    rig_recipe_comment(
        r, "Two calls must not both take the last circuit: look and take it under a lock.");
    rig_recipe_line(r, NULL, "\t$var(taken) = 0;");
    rig_recipe_line(r, NULL, "\tget_static_lock(\"trunk\");");
    put_groups(r);
    rig_recipe_line(r, NULL, "\tif ($var(taken) == 0) {");
    rig_recipe_line(r, NULL, "\t\trelease_static_lock(\"trunk\");");
    rig_recipe_line(r, NULL,
                    "\t\tappend_to_reply(\"Reason: Q.850;cause=34;text=\\\"No circuit "
                    "available\\\"\\r\\n\");");
    rig_recipe_line(r, NULL, "\t\tsend_reply(503, \"Service Unavailable\");");
    rig_recipe_line(r, NULL, "\t\texit;");
    rig_recipe_line(r, NULL, "\t}");
    rig_recipe_line(r, NULL, "\tcreate_dialog();");
    rig_recipe_differs(
        r, "trunks[].circuits",
        "a circuit is free again when the proxy has seen the end of the call, some ms "
        "after the caller's BYE or CANCEL");
    rig_recipe_line(r, NULL, "\tset_dlg_profile(\"trunk\", \"carrier$var(taken)\");");
    rig_recipe_line(r, NULL, "\trelease_static_lock(\"trunk\");");
}

static void put_carriers(rig_recipe *r)
{
    const rig_scenario *s = r->scenario;
    if (!has_shares(s))
        return;
    rig_recipe_line(r, NULL, "route[CARRIER] {");
    rig_recipe_line(r, NULL, "\t$var(carrier) = 1;");
    rig_recipe_line(r, "callers.first_number", "\tswitch ($fU) {");
    for (size_t i = 0; i < r->spec.n_calls; i++) {
        const rig_recipe_caller who = rig_recipe_caller_of(s, i);
        if (who.carrier == 0)
            continue;
        rig_recipe_line(r, NULL, "\tcase \"%llu\":", (unsigned long long)who.number);
        rig_recipe_line(r, NULL, "\t\t$var(carrier) = %zu;", who.carrier + 1);
        rig_recipe_line(r, NULL, "\t\tbreak;");
    }
    rig_recipe_line(r, NULL, "\tdefault:");
    rig_recipe_line(r, NULL, "\t\t$var(carrier) = 1;");
    rig_recipe_line(r, NULL, "\t}");
    rig_recipe_line(r, NULL, "}");
}

static void put_start(rig_recipe *r)
{
    rig_recipe_begin(r, "start.sh", "# ", "");
    r->pages[r->n_pages - 1].is_program = true;
    rig_recipe_line(r, NULL, "#!/bin/sh");
    rig_recipe_comment(r, "Made by peakrig. Runs OpenSIPS with opensips.cfg, in the foreground; "
                          "another program and the folder of its modules: PEAKRIG_OPENSIPS, "
                          "PEAKRIG_OPENSIPS_MODULES.");
    rig_recipe_line(r, NULL, "set -eu");
    rig_recipe_line(r, NULL, "here=$(cd \"$(dirname \"$0\")\" && pwd)");
    rig_recipe_line(r, NULL, "mkdir -p \"$here/run\"");
    rig_recipe_line(r, NULL,
                    "sed \"s|^mpath=.*|mpath=\\\"${PEAKRIG_OPENSIPS_MODULES:-"
                    "/usr/lib/x86_64-linux-gnu/opensips/modules}/\\\"|\" \\");
    rig_recipe_line(r, NULL, "    \"$here/opensips.cfg\" >\"$here/run/opensips.cfg\"");
    rig_recipe_line(r, NULL,
                    "exec \"${PEAKRIG_OPENSIPS:-opensips}\" -f \"$here/run/opensips.cfg\" -F -m 64 "
                    "-M 64 -w \"$here/run\" -P \"$here/run/pid\" \"$@\"");
}

void rig_recipe_draft_opensips(rig_recipe *r)
{
    const rig_scenario *s = r->scenario;
    rig_recipe_begin(r, "opensips.cfg", "# ", "");
    put_head(r);
    put_in_dialog(r);
    put_agents_way(r);
    put_auth(r);
    rig_recipe_comment(r, "what the callers dial; the rest is nobody's");
    rig_recipe_line(r, "callers.dial", "\tif ($rU != \"%s\") {",
                    rig_recipe_escape(r, RIG_RECIPE_SCRIPT, s->callers.dial));
    rig_recipe_line(r, NULL, "\t\tsend_reply(404, \"Not Found\");");
    rig_recipe_line(r, NULL, "\t\texit;");
    rig_recipe_line(r, NULL, "\t}");
    if (has_shares(s))
        rig_recipe_line(r, NULL, "\troute(CARRIER);");
    put_trunk(r);
    rig_recipe_line(r, NULL, "\trecord_route();");
    rig_recipe_line(r, NULL, "\t$du = \"sip:%s:%u%s\";", rig_recipe_uri_host(r, r->spec.next),
                    r->spec.next_port,
                    s->target.transport == RIG_TRANSPORT_TCP ? ";transport=tcp" : "");
    rig_recipe_line(r, NULL, "\tif (!t_relay()) sl_reply_error();");
    rig_recipe_line(r, NULL, "}");
    put_carriers(r);
    put_start(r);
    rig_recipe_say_real_time(r);
}
