/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/command.h"
#include "cli/find_marks.h"
#include "cli/console.h"
#include "cli/options.h"
#include "cli/preflight.h"
#include "cli/probe_call.h"
#include "cli/signals.h"
#include "verdict/judgement.h"

static const rig_usage_text usage = {
    "check", "SCENARIO",
    N_("Check all that a run needs but the target itself, let SIPp read what it would play,\n"
       "and print the plan: calls, rate, calls at once, workers, duration, bandwidth. Places\n"
       "no call.\n"
       "\n"
       "With --probe it places one call, as a run would, and prints what it shows of how the\n"
       "centre is wired: OK, or what differs from the scenario and which line to change (then\n"
       "exit code 4).")};

int rig_cmd_check(int argc, char **argv)
{
    rig_run_setup_options how = {.with_probe = false};
    rig_texts operands;
    bool is_json = false, is_probe = false;
    const rig_option table[] = {
        {"target", 0, RIG_OPTION_TEXT, &how.target, "HOST[:PORT]",
         N_("call this centre instead of the scenario's")},
        {"set", 0, RIG_OPTION_SETS, &how.overrides, "KEY=VALUE",
         N_("override a value of the scenario")},
        {"allow", 0, RIG_OPTION_TEXTS, &how.allow, "HOST",
         N_("allow calls to this address; loopback is always allowed")},
        {"allow-dial", 0, RIG_OPTION_TEXTS, &how.allow_dial, "NUMBER",
         N_("allow to dial this number: short, or like an emergency number behind a code")},
        {"trust-xml", 0, RIG_OPTION_FLAG, &how.trusts_xml, NULL,
         N_("let callers.sipp_xml do what a program may, and dial what it likes")},
        {"workers", 0, RIG_OPTION_COUNT, &how.n_workers, "N",
         N_("SIPp processes for the callers (as many as needed)")},
        {"sipp", 0, RIG_OPTION_TEXT, &how.sipp, "PROGRAM", N_("SIPp (found in PATH)")},
        {"user", 0, RIG_OPTION_TEXT, &how.user, "NAME",
         N_("as root: run SIPp and the embedded call centre as this user (who called sudo)")},
        {"capture", 0, RIG_OPTION_TEXT, &how.capture, "FILE",
         N_("the run will judge from this file: the permission to capture is not needed")},
        {"probe", 0, RIG_OPTION_FLAG, &is_probe, NULL,
         N_("place one call: menu, marks, number, header, credentials, RTP")},
        {"json", 0, RIG_OPTION_FLAG, &is_json, NULL, N_("one JSON document on standard output")},
        {.name = NULL}};
    int exit_code;
    if (!rig_options_read(argc, argv, &usage, table, &operands, &exit_code))
        return exit_code;
    if (operands.n != 1)
        return rig_console_usage("check", "expected one SCENARIO");
    rig_error err = {0};
    rig_run_setup setup = {.target_port = 0};
    bool is_ok = true;
    if (is_probe) {
        how.stop = rig_signals_catch();
        how.with_probe = true;
    }
    rig_status status = rig_run_setup_make(operands.items[0], &how, &setup, &err);
    const rig_preflight_form form = is_probe  ? RIG_PREFLIGHT_BEFORE_PROBE
                                    : is_json ? RIG_PREFLIGHT_JSON
                                              : RIG_PREFLIGHT_TEXT;
    if (status == RIG_OK && is_probe)
        status = rig_find_marks(operands.items[0], &how, NULL, &setup, &err);
    if (status == RIG_OK && !(is_probe && is_json))
        status = rig_preflight(&setup, how.n_workers, form, &err);
    if (status == RIG_OK && is_probe)
        status = rig_run_probe(&setup, &how, is_json, &is_ok, &err);
    rig_run_setup_clear(&setup);
    if (status != RIG_OK)
        return rig_console_fail(&err);
    return is_ok ? 0 : rig_judgement_exit_code(RIG_JUDGEMENT_INVALID);
}
