/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <locale.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <gsl/gsl_errno.h>

#include "cli/command.h"
#include "cli/console.h"
#include "cli/options.h"
#include "cli/signals.h"
#include "cli/standard_streams.h"
#include "core/privilege.h"

typedef struct command {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *operands, *summary;
    rig_rights rights; /* what it begins with */
} command;

static const command commands[] = {
    {"run", rig_cmd_run, "SCENARIO",
     N_("predict, play, capture, analyze, diff, report: the main job"), RIG_RIGHTS_CAPTURE},
    {"check", rig_cmd_check, "SCENARIO", N_("what a run would do; places no call"),
     RIG_RIGHTS_CAPTURE},
    {"predict", rig_cmd_predict, "SCENARIO", N_("what each stage will lose, with intervals"),
     RIG_RIGHTS_FILES},
    {"plan", rig_cmd_plan, "SCENARIO",
     N_("compare trunk, port and agent counts; find the smallest that serves"), RIG_RIGHTS_FILES},
    {"schedule", rig_cmd_schedule, "SCENARIO", N_("the calls that a run would place"),
     RIG_RIGHTS_FILES},
    {"analyze", rig_cmd_analyze, "CAPTURE", N_("where each call of a capture was lost"),
     RIG_RIGHTS_FILES},
    {"diff", rig_cmd_diff, "RUN_DIR", N_("the verdict again, from the files of a run"),
     RIG_RIGHTS_FILES},
    {"report", rig_cmd_report, "RUN_DIR", N_("the report again, from the files of a run"),
     RIG_RIGHTS_FILES},
    {"history", rig_cmd_history, "[VERB]", N_("the runs so far: list, export, import, add"),
     RIG_RIGHTS_FILES},
    {"compare", rig_cmd_compare, "A B", N_("two runs: is what changed between them real?"),
     RIG_RIGHTS_FILES},
    {"trend", rig_cmd_trend, "METRIC", N_("one figure over the runs: by run, day, week or month"),
     RIG_RIGHTS_FILES},
    {"target", rig_cmd_target, "SCENARIO", N_("the embedded call centre alone"), RIG_RIGHTS_FILES},
    {"recipe", rig_cmd_recipe, "EXCHANGE SCENARIO",
     N_("configuration of a real call centre that is what the scenario says"), RIG_RIGHTS_FILES},
    {"doctor", rig_cmd_doctor, "", N_("what a run lacks on this machine, and what mends it"),
     RIG_RIGHTS_CAPTURE},
    {"keys", rig_cmd_keys, "[KEY...]", N_("the keys of a scenario, as --set takes them"),
     RIG_RIGHTS_FILES},
    {"erlang", rig_cmd_erlang, "FORMULA ARGUMENTS", N_("the calculator"), RIG_RIGHTS_FILES},
};

static void print_help(FILE *out)
{
    rig_console_paragraphs(
        out, rig_console_words(
                 N_("Usage: peakrig COMMAND [OPTIONS] OPERANDS\n\n"
                    "Predicts where a call centre loses calls at its peak, and proves it on the "
                    "wire.\n\nCommands:\n")));
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        char left[64];
        (void)snprintf(left, sizeof left, "%-9s %s", commands[i].name, commands[i].operands);
        rig_console_beside(out, left, rig_console_words(commands[i].summary));
    }
    rig_console_paragraphs(
        out,
        rig_console_words(N_(
            "\n  peakrig COMMAND --help   the options of a command\n"
            "  peakrig --version\n"
            "  peakrig --lang zh COMMAND ...   in Chinese: results, reports, help (en, zh)\n\n"
            "Exit codes: 0 pass; 1 gate failed (plan: nothing meets); 2 bad usage, scenario or "
            "input;\n3 inconclusive; 4 the load or the capture was not valid; 5 environment\n")));
}

static int run_with_rights(const command *c, int argc, char **argv)
{
    rig_error err = {0};
    if (rig_privilege_keep(c->rights, &err) != RIG_OK)
        return rig_console_fail(&err);
    return c->run(argc, argv);
}

/* "--lang zh" may also stand before the command. */
static bool take_language(int *argc, char ***argv, int *exit_code)
{
    static const char option[] = "--lang";
    const size_t n = sizeof option - 1;
    while (*argc > 1 && strncmp((*argv)[1], option, n) == 0) {
        const char *word = (*argv)[1];
        const bool is_apart = word[n] == '\0';
        const char *name = is_apart ? (*argc > 2 ? (*argv)[2] : "") : word + n + 1;
        if (!is_apart && word[n] != '=')
            return true;
        if (!rig_options_take_language("COMMAND", name)) {
            *exit_code = RIG_EXIT_USAGE;
            return false;
        }
        *argc -= is_apart ? 2 : 1;
        *argv += is_apart ? 2 : 1;
    }
    return true;
}

static int run_command(int argc, char **argv)
{
    int exit_code = 0;
    if (!take_language(&argc, &argv, &exit_code))
        return exit_code;
    if (argc < 2) {
        print_help(stderr);
        return RIG_EXIT_USAGE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 ||
        strcmp(argv[1], "help") == 0) {
        argc--;
        argv++;
        if (take_language(&argc, &argv, &exit_code))
            print_help(stdout);
        return exit_code;
    }
    if (strcmp(argv[1], "--version") == 0) {
        printf("peakrig %s\n", PEAKRIG_VERSION);
        return 0;
    }
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        if (strcmp(argv[1], commands[i].name) == 0)
            return run_with_rights(&commands[i], argc - 1, argv + 1);
    }
    (void)fprintf(stderr, "peakrig: unknown command \"%s\"\nTry: peakrig --help\n", argv[1]);
    return RIG_EXIT_USAGE;
}

int main(int argc, char **argv)
{
    rig_standard_streams streams;
    if (!rig_standard_streams_begin(&streams))
        return rig_status_exit_code(RIG_EENV);
    (void)setlocale(LC_ALL, "C"); /* files are the same bytes everywhere */
    (void)gsl_set_error_handler_off();
    rig_signals_begin();
    return rig_standard_streams_end(&streams, run_command(argc, argv));
}
