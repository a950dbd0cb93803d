#include <stdio.h>
#include <string.h>

#include "cli/erlang/erlang.h"
#include "cli/command.h"
#include "cli/console.h"

typedef struct formula {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *summary;
} formula;

static const formula formulas[] = {
    {"b", rig_cmd_erlang_b, "circuits; blocked calls are lost (M/G/N/N)"},
    {"extended", rig_cmd_erlang_extended, "the same, a share of the blocked dials again"},
    {"engset", rig_cmd_erlang_engset, "the same, with few callers"},
    {"gi", rig_cmd_erlang_gi, "the same, with arrivals that are not Poisson"},
    {"kaufman", rig_cmd_erlang_kaufman, "several kinds of calls on one group"},
    {"overflow", rig_cmd_erlang_overflow, "what full groups send on, and the circuits for it"},
    {"wilkinson", rig_cmd_erlang_wilkinson, "peaked traffic by its equivalent random group"},
    {"hayward", rig_cmd_erlang_hayward, "peaked or smooth traffic by one scaled group"},
    {"c", rig_cmd_erlang_c, "agents; callers wait for ever (M/M/n)"},
    {"a", rig_cmd_erlang_a, "agents; callers wait while their patience lasts (M/M/n+M)"},
    {"mmck", rig_cmd_erlang_mmck, "circuits and fewer agents; patient callers (M/M/c/K)"},
    {"psa", rig_cmd_erlang_psa, "rates that change slowly: b, c or a at each instant"},
    {"mol", rig_cmd_erlang_mol, "rates that change: b, c or a with the lagging load"},
};

#define N_FORMULAS (sizeof formulas / sizeof *formulas)

static void print_help(void)
{
    printf("Usage: peakrig erlang FORMULA ARGUMENTS\n\n"
           "The calculator. Leave out what is sought: traffic and circuits give the loss, traffic "
           "and\na bound give circuits or agents, these and a bound give the traffic.\n\n"
           "Formulas:\n");
    for (size_t i = 0; i < N_FORMULAS; i++)
        printf("  %-10s %s\n", formulas[i].name, formulas[i].summary);
    printf("\n  peakrig erlang FORMULA --help   its arguments\n\n"
           "Traffic is in erlang, times in seconds, shares are 0.02 or 2%%. Which formula answers "
           "which\nquestion: docs/formulas.md.\n");
}

int rig_cmd_erlang(int argc, char **argv)
{
    if (argc > 1 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)) {
        print_help();
        return 0;
    }
    if (argc < 2)
        return rig_console_usage("erlang", "expected a FORMULA");
    for (size_t i = 0; i < N_FORMULAS; i++) {
        if (strcmp(argv[1], formulas[i].name) == 0)
            return formulas[i].run(argc - 1, argv + 1);
    }
    char names[256] = "";
    for (size_t i = 0; i < N_FORMULAS; i++) {
        size_t used = strlen(names);
        (void)snprintf(names + used, sizeof names - used, "%s%s", i > 0 ? ", " : "",
                       formulas[i].name);
    }
    return rig_console_usage("erlang", "\"%s\" is not a formula; expected one of %s", argv[1],
                             names);
}
