#include "cli/command.h"
#include "cli/console.h"
#include "cli/options.h"
#include "cli/preflight.h"

static const rig_usage_text usage = {
    "check", "SCENARIO",
    "Check all that a run needs but the target itself, let SIPp read what it would play, and "
    "print\n"
    "the plan: calls, rate, calls at once, workers, duration, bandwidth. Places no call."};

int rig_cmd_check(int argc, char **argv)
{
    rig_run_setup_options how = {.with_probe = false};
    rig_texts operands;
    bool is_json = false;
    const rig_option table[] = {
        {"target", 0, RIG_OPTION_TEXT, &how.target, "HOST[:PORT]",
         "call this centre instead of the scenario's"},
        {"set", 0, RIG_OPTION_TEXTS, &how.overrides, "KEY=VALUE",
         "override a value of the scenario"},
        {"allow", 0, RIG_OPTION_TEXTS, &how.allow, "HOST",
         "allow calls to this address; loopback is always allowed"},
        {"allow-dial", 0, RIG_OPTION_TEXTS, &how.allow_dial, "NUMBER",
         "allow to dial this number: short, or like an emergency number behind a code"},
        {"trust-xml", 0, RIG_OPTION_FLAG, &how.trusts_xml, NULL,
         "let callers.sipp_xml do what a program may, and dial what it likes"},
        {"workers", 0, RIG_OPTION_COUNT, &how.n_workers, "N",
         "SIPp processes for the callers (as many as needed)"},
        {"sipp", 0, RIG_OPTION_TEXT, &how.sipp, "PROGRAM", "SIPp (found in PATH)"},
        {"capture", 0, RIG_OPTION_TEXT, &how.capture, "FILE",
         "the run will judge from this file: the permission to capture is not needed"},
        {"json", 0, RIG_OPTION_FLAG, &is_json, NULL, "one JSON document on standard output"},
        {.name = NULL}};
    int exit_code;
    if (!rig_options_read(argc, argv, &usage, table, &operands, &exit_code))
        return exit_code;
    if (operands.n != 1)
        return rig_console_usage("check", "expected one SCENARIO");
    rig_error err = {0};
    rig_run_setup setup = {.target_port = 0};
    rig_status status = rig_run_setup_make(operands.items[0], &how, &setup, &err);
    if (status == RIG_OK)
        status = rig_preflight(&setup, how.n_workers, is_json, &err);
    rig_run_setup_clear(&setup);
    return status == RIG_OK ? 0 : rig_console_fail(&err);
}
