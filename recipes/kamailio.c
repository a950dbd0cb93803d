/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Kamailio 5.6 as the trunk in front of a centre. Source: the module documentation of dialog, rr,
 * tm, auth and cfgutils of Kamailio 5.6, and what 5.6.3 was measured to do. */
#include "core/language.h"
#include "recipes/draft/exchanges.h"
#include "recipes/draft/proxy.h"

static const rig_recipe_dialect dialect = {
    .reply = "sl_send_reply",
    .quote = "\"",
    .lock = "lock",
    .unlock = "unlock",
    .follow = "dlg_manage",
    .frees =
        N_("a circuit is free again at the BYE's request, and at the 487 of a call that its caller "
           "cancels"),
    .port = "$Rp",
    .save = "save(\"location\", \"0x04\")",
    .in_memory = "\"db_mode\", 0"};

static void put_modules(rig_recipe *r)
{
    static const char *const modules[] = {"tm",       "sl", "rr",       "maxfwd", "textops",
                                          "siputils", "pv", "cfgutils", "dialog"};
    for (size_t i = 0; i < sizeof modules / sizeof *modules; i++)
        rig_recipe_line(r, NULL, "loadmodule \"%s.so\"", modules[i]);
    if (rig_recipe_proxy_needs_auth(r))
        rig_recipe_line(r, NULL, "loadmodule \"auth.so\"");
    rig_recipe_proxy_registrar_modules(r, &dialect);
    rig_recipe_line(r, NULL, "modparam(\"cfgutils\", \"lock_set_size\", 1)");
    rig_recipe_line(r, NULL, "modparam(\"dialog\", \"profiles_with_value\", \"trunk\")");
    rig_recipe_line(r, NULL, "modparam(\"dialog\", \"db_mode\", 0)");
    rig_recipe_comment(r, "a call that nobody ends frees its circuit after this many seconds");
    rig_recipe_line(r, NULL, "modparam(\"dialog\", \"default_timeout\", 7200)");
    rig_recipe_comment(r, "agents' legs that come back this way have Record-Route, too");
    rig_recipe_line(r, NULL, "modparam(\"rr\", \"enable_full_lr\", 1)");
}

static void put_head(rig_recipe *r)
{
    const rig_scenario *s = r->scenario;
    rig_recipe_line(r, NULL, "#!KAMAILIO");
    rig_recipe_comment(r, "Made by peakrig: the trunk in front of %s port %u.", r->spec.next,
                       r->spec.next_port);
    rig_recipe_line(r, NULL, "debug=1");
    rig_recipe_line(r, NULL, "log_stderror=yes");
    rig_recipe_line(r, NULL, "children=2");
    rig_recipe_line(r, NULL, "auto_aliases=no");
    rig_recipe_line(r, NULL, "dns=no");
    rig_recipe_line(r, NULL, "rev_dns=no");
    if (s->target.transport == RIG_TRANSPORT_UDP)
        rig_recipe_line(r, NULL, "disable_tcp=yes");
    rig_recipe_proxy_listen(r, "listen=");
    put_modules(r);
}

static void authenticate_phone(rig_recipe *r, const char *password)
{
    rig_recipe_line(r, NULL,
                    "\t\tif ($au != $tU || !pv_www_authenticate(\"$td\", \"%s\", \"0\")) {",
                    rig_recipe_escape(r, RIG_RECIPE_SCRIPT, password));
    rig_recipe_line(r, NULL, "\t\t\twww_challenge(\"$td\", \"1\");");
    rig_recipe_line(r, NULL, "\t\t\texit;");
    rig_recipe_line(r, NULL, "\t\t}");
}

static void put_in_dialog(rig_recipe *r)
{
    rig_recipe_line(r, NULL, "request_route {");
    rig_recipe_line(r, NULL, "\tif (!mf_process_maxfwd_header(\"10\")) {");
    rig_recipe_line(r, NULL, "\t\tsl_send_reply(\"483\", \"Too Many Hops\");");
    rig_recipe_line(r, NULL, "\t\texit;");
    rig_recipe_line(r, NULL, "\t}");
    rig_recipe_line(r, NULL, "\tif (is_method(\"OPTIONS\") && !has_totag()) {");
    rig_recipe_line(r, NULL, "\t\tsl_send_reply(\"200\", \"OK\");");
    rig_recipe_line(r, NULL, "\t\texit;");
    rig_recipe_line(r, NULL, "\t}");
    rig_recipe_line(r, NULL, "\tif (is_method(\"CANCEL\")) {");
    rig_recipe_line(r, NULL, "\t\tif (t_check_trans()) t_relay();");
    rig_recipe_line(r, NULL, "\t\texit;");
    rig_recipe_line(r, NULL, "\t}");
    rig_recipe_line(r, NULL, "\tif (has_totag()) {");
    rig_recipe_line(r, NULL, "\t\tif (loose_route() || (is_method(\"ACK\") && t_check_trans()))");
    rig_recipe_line(r, NULL, "\t\t\tt_relay();");
    rig_recipe_line(r, NULL, "\t\telse if (!is_method(\"ACK\"))");
    rig_recipe_line(r, NULL, "\t\t\tsl_send_reply(\"481\", \"Call/Transaction Does Not Exist\");");
    rig_recipe_line(r, NULL, "\t\texit;");
    rig_recipe_line(r, NULL, "\t}");
    rig_recipe_comment(r, "a repetition gets its response again");
    rig_recipe_line(r, NULL, "\tt_check_trans();");
    rig_recipe_proxy_registrar(r, &dialect, authenticate_phone);
    rig_recipe_line(r, NULL, "\tif (!is_method(\"INVITE\")) {");
    rig_recipe_line(r, NULL, "\t\tsl_send_reply(\"405\", \"Method Not Allowed\");");
    rig_recipe_line(r, NULL, "\t\texit;");
    rig_recipe_line(r, NULL, "\t}");
}

static void put_auth(rig_recipe *r)
{
    const rig_auth *auth = &r->scenario->callers.auth;
    if (auth->user == NULL)
        return;
    rig_recipe_line(r, NULL,
                    "\tif ($au != \"%s\" || !pv_www_authenticate(\"peakrig\", \"%s\", \"0\")) {",
                    rig_recipe_escape(r, RIG_RECIPE_SCRIPT, auth->user),
                    rig_recipe_escape(r, RIG_RECIPE_SCRIPT, auth->password));
    rig_recipe_line(r, "callers.auth", "\t\twww_challenge(\"peakrig\", \"1\");");
    rig_recipe_line(r, NULL, "\t\texit;");
    rig_recipe_line(r, NULL, "\t}");
    rig_recipe_line(r, NULL, "\tconsume_credentials();");
}

static void put_start(rig_recipe *r)
{
    rig_recipe_begin_start(r,
                           "Made by peakrig. Runs Kamailio with kamailio.cfg, in the foreground; "
                           "another program: PEAKRIG_KAMAILIO=/path/to/kamailio.");
    rig_recipe_line(r, NULL,
                    "exec \"${PEAKRIG_KAMAILIO:-kamailio}\" -f \"$here/kamailio.cfg\" -DD -E -m 64 "
                    "-M 64 -w \"$here/run\" -Y \"$here/run\" -P \"$here/run/pid\" \"$@\"");
}

void rig_recipe_draft_kamailio(rig_recipe *r)
{
    rig_recipe_begin(r, "kamailio.cfg", "# ", "");
    put_head(r);
    put_in_dialog(r);
    rig_recipe_proxy_agents(r, &dialect);
    put_auth(r);
    rig_recipe_proxy_calls(r, &dialect);
    put_start(r);
}
