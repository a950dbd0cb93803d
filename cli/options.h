/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading a subcommand's words: one table an option, the same errors everywhere. */
#ifndef RIG_CLI_OPTIONS_H
#define RIG_CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Most overrides (--set) of one command line. */
#define RIG_MAX_OVERRIDES 256

/** A list of texts, borrowed from argv. */
typedef struct rig_texts {
    const char *items[RIG_MAX_OVERRIDES];
    size_t n;
} rig_texts;

/** The operands of a command line, however many; in argv itself. */
typedef struct rig_operands {
    const char *const *items;
    size_t n;
} rig_operands;

/** How an option's value is stored. */
typedef enum rig_option_kind {
    RIG_OPTION_FLAG,  /**< no value; bool * */
    RIG_OPTION_TEXT,  /**< const char ** */
    RIG_OPTION_TEXTS, /**< rig_texts *; may be repeated */
    RIG_OPTION_SETS,  /**< the same, KEY=VALUE of a scenario: a password is warned of */
    RIG_OPTION_COUNT, /**< uint32_t *; a whole number >= 1 */
    RIG_OPTION_WHOLE, /**< uint32_t *; a whole number >= 0 */
    RIG_OPTION_PORT,  /**< uint16_t *; 1 to 65535 */
    RIG_OPTION_LANG   /**< the language for people; every command has it, no table names it */
} rig_option_kind;

/** One option. The table ends with a NULL name. */
typedef struct rig_option {
    const char *name; /**< long name without the dashes */
    char letter;      /**< short name, or 0 */
    rig_option_kind kind;
    void *value;
    const char *operand; /**< in the help: "FILE"; NULL for a flag */
    const char *help;
} rig_option;

/** What a subcommand is: for its help. */
typedef struct rig_usage_text {
    const char *command;  /**< "run" */
    const char *operands; /**< "SCENARIO" */
    const char *summary;  /**< a sentence or two */
} rig_usage_text;

/**
 * Read options and operands (in any order; "--" ends the options).
 *
 * @param argv          argv[0] is the subcommand's name. The operands come to stand at its
 *                      beginning.
 * @param[out] operands The words that are no options; borrowed.
 * @param[out] exit_code Set when false is returned: 0 after --help, 2 after an error (both
 * printed).
 */
bool rig_options_read_all(int argc, char **argv, const rig_usage_text *usage,
                          const rig_option *options, rig_operands *operands, int *exit_code);

/** The same for commands with a few operands: RIG_MAX_OVERRIDES at most. */
bool rig_options_read(int argc, char **argv, const rig_usage_text *usage, const rig_option *options,
                      rig_texts *operands, int *exit_code);

/** Take the value of --lang. @param command  What a refusal begins with. @return false: refused,
 * and the names that there are printed. */
bool rig_options_take_language(const char *command, const char *name);

/** How reading ended. */
typedef enum rig_options_end {
    RIG_OPTIONS_READ = 0,
    RIG_OPTIONS_REFUSED, /**< printed; the exit code is 2 */
    RIG_OPTIONS_HELP     /**< --help came first; nothing is printed */
} rig_options_end;

/** The same for a command that prints its own help. @param command  What refusals begin with. */
rig_options_end rig_options_parse(int argc, char **argv, const char *command,
                                  const rig_option *options, rig_texts *operands);

#endif
