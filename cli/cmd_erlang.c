/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <string.h>

#include "cli/command.h"
#include "cli/console.h"
#include "cli/erlang/formula.h"

static void print_help(void)
{
    rig_console_paragraphs(
        stdout,
        rig_console_words(N_(
            "Usage: peakrig erlang FORMULA ARGUMENTS\n\n"
            "The calculator. Leave out what is sought: traffic and circuits give the loss, traffic "
            "and\na bound give circuits or agents, these and a bound give the traffic.\n\n"
            "Formulas:\n")));
    for (size_t i = 0; i < rig_calc_n_formulas; i++)
        rig_console_row(stdout, 10, rig_calc_formulas[i]->name,
                        rig_console_words(rig_calc_formulas[i]->summary));
    rig_console_paragraphs(
        stdout,
        rig_console_words(P_(
            "\n  peakrig erlang FORMULA --help   its arguments\n\n"
            "Traffic is in erlang, times in seconds, shares are 0.02 or 2%. Which formula answers "
            "which\nquestion: docs/formulas.md.\n")));
}

int rig_cmd_erlang(int argc, char **argv)
{
    if (argc > 1 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)) {
        const rig_option none = {.name = NULL};
        rig_texts operands;
        if (rig_options_parse(argc, argv, "erlang", &none, &operands) == RIG_OPTIONS_REFUSED)
            return RIG_EXIT_USAGE;
        print_help();
        return 0;
    }
    if (argc < 2)
        return rig_console_usage("erlang", "expected a FORMULA");
    char names[256] = "";
    for (size_t i = 0; i < rig_calc_n_formulas; i++) {
        const char *name = rig_calc_formulas[i]->name;
        size_t used = strlen(names);
        if (strcmp(argv[1], name) == 0)
            return rig_calc_run(rig_calc_formulas[i], argc - 1, argv + 1);
        (void)snprintf(names + used, sizeof names - used, "%s%s", i > 0 ? ", " : "", name);
    }
    return rig_console_usage("erlang", "\"%s\" is not a formula; expected one of %s", argv[1],
                             names);
}
