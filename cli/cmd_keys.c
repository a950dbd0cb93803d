/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>

#include "cli/command.h"
#include "cli/console.h"
#include "cli/options.h"
#include "cli/vocabulary.h"
#include "scenarios/keys.h"

static const rig_usage_text usage = {
    "keys", "[KEY...]",
    N_("The keys of a scenario file, as --set takes them: what each may hold, its default and its\n"
       "meaning. With KEY only those that begin so: peakrig keys trunks")};

static int write_some(const rig_texts *prefixes)
{
    for (size_t i = 0; i < prefixes->n; i++)
        if (rig_scenario_write_keys(stdout, prefixes->items[i]) == 0)
            return rig_console_usage("keys", "no key begins with \"%s\"", prefixes->items[i]);
    if (prefixes->n == 0)
        (void)rig_scenario_write_keys(stdout, "");
    return 0;
}

int rig_cmd_keys(int argc, char **argv)
{
    rig_texts operands;
    bool is_names = false, is_tables = false, is_schema = false;
    const char *words = NULL;
    const rig_option options[] = {
        {"names", 0, RIG_OPTION_FLAG, &is_names, NULL, N_("their names alone, one a line")},
        {"words", 0, RIG_OPTION_TEXT, &words, "KIND",
         N_("other words, one a line: outcomes, stages, metrics, defects, fields, groups, "
            "formulas, "
            "exchanges")},
        {"schema", 0, RIG_OPTION_FLAG, &is_schema, NULL, N_("a JSON Schema of the file")},
        {"tables", 0, RIG_OPTION_FLAG, &is_tables, NULL, N_("the tables of docs/scenario.md")},
        {.name = NULL}};
    int exit_code;
    if (!rig_options_read(argc, argv, &usage, options, &operands, &exit_code))
        return exit_code;
    const int n_lists = is_names + is_schema + is_tables + (words != NULL);
    if (n_lists > 1)
        return rig_console_usage("keys", "expected one of --names, --words, --schema and --tables");
    if (n_lists > 0 && operands.n > 0)
        return rig_console_usage("keys", "expected no KEY beside --names, --words, --schema or "
                                         "--tables");
    if (words != NULL && !rig_vocabulary_print(stdout, words))
        return rig_console_usage("keys", "--words: \"%s\"; expected one of %s", words,
                                 rig_vocabulary_kinds());
    if (words != NULL)
        return 0;
    if (is_schema)
        rig_scenario_write_schema(stdout);
    else if (is_tables)
        rig_scenario_write_tables(stdout);
    else if (is_names)
        rig_scenario_write_names(stdout);
    else
        return write_some(&operands);
    return 0;
}
