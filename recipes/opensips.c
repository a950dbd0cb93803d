/* SPDX-License-Identifier: GPL-3.0-or-later */
/* OpenSIPS as the trunk in front of a centre. Source: the documentation of OpenSIPS 3.6 (core script,
 * tm, rr, dialog, auth, cfgutils, usrloc, registrar); run by 4.1.0-dev. */
#include "core/language.h"
#include "recipes/draft/exchanges.h"
#include "recipes/draft/proxy.h"

static const rig_recipe_dialect dialect = {
    .reply = "send_reply",
    .quote = "",
    .lock = "get_static_lock",
    .unlock = "release_static_lock",
    .follow = "create_dialog",
    .frees =
        N_("a circuit is free again when the proxy has seen the end of the call, some ms after the "
           "caller's BYE or CANCEL"),
    .port = "$socket_in(port)",
    .save = "save(\"location\", \"max-contacts=1,force-registration\")",
    .in_memory = "\"working_mode_preset\", \"single-instance-no-db\""};

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
    rig_recipe_proxy_listen(r, "socket=");
    rig_recipe_comment(r, "where its modules are: start.sh -m FOLDER");
    rig_recipe_line(r, NULL, "mpath=\"/usr/lib/x86_64-linux-gnu/opensips/modules/\"");
    rig_recipe_line(r, NULL, "loadmodule \"proto_%s.so\"", transport);
    for (size_t i = 0; i < sizeof modules / sizeof *modules; i++)
        if (i + 1 < sizeof modules / sizeof *modules || rig_recipe_proxy_needs_auth(r))
            rig_recipe_line(r, NULL, "loadmodule \"%s.so\"", modules[i]);
    rig_recipe_line(r, NULL, "modparam(\"dialog\", \"profiles_with_value\", \"trunk\")");
    rig_recipe_proxy_registrar_modules(r, &dialect);
    if (rig_recipe_proxy_needs_auth(r)) {
        rig_recipe_line(r, NULL, "modparam(\"auth\", \"username_spec\", \"$var(user)\")");
        rig_recipe_line(r, NULL, "modparam(\"auth\", \"password_spec\", \"$var(password)\")");
        rig_recipe_line(r, NULL, "modparam(\"auth\", \"calculate_ha1\", 1)");
    }
    rig_recipe_comment(r, "a call that nobody ends frees its circuit after this many seconds");
    rig_recipe_line(r, NULL, "modparam(\"dialog\", \"default_timeout\", 7200)");
}

static void authenticate_phone(rig_recipe *r, const char *password)
{
    rig_recipe_line(r, NULL, "\t\t$var(user) = $tU;");
    rig_recipe_line(r, NULL, "\t\t$var(password) = \"%s\";",
                    rig_recipe_escape(r, RIG_RECIPE_SCRIPT, password));
    rig_recipe_line(r, NULL, "\t\tif ($au != $tU || !pv_www_authorize(\"peakrig\")) {");
    rig_recipe_line(r, NULL, "\t\t\twww_challenge(\"peakrig\", \"auth\");");
    rig_recipe_line(r, NULL, "\t\t\texit;");
    rig_recipe_line(r, NULL, "\t\t}");
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
    rig_recipe_proxy_registrar(r, &dialect, authenticate_phone);
    rig_recipe_line(r, NULL, "\tif (!is_method(\"INVITE\")) {");
    rig_recipe_line(r, NULL, "\t\tsend_reply(405, \"Method Not Allowed\");");
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

static void put_start(rig_recipe *r)
{
    rig_recipe_begin_start(r,
                           "Made by peakrig. Runs OpenSIPS with opensips.cfg, in the foreground; "
                           "another program and the folder of its modules: PEAKRIG_OPENSIPS, "
                           "PEAKRIG_OPENSIPS_MODULES.");
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
    rig_recipe_begin(r, "opensips.cfg", "# ", "");
    put_head(r);
    put_in_dialog(r);
    rig_recipe_proxy_agents(r, &dialect);
    put_auth(r);
    rig_recipe_proxy_calls(r, &dialect);
    put_start(r);
}
