/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The calculator is a table. A formula is one row: its names, its arguments, its outputs, the
 * function that computes them and the one that finds what is left out. Reading words, refusing,
 * helping and printing know rows alone. To add a formula: a row, beside its two functions, in the
 * file of its kind (loss.c, overflow.c, wait.c, time.c); its page in docs/formulas.md. */
#ifndef RIG_CLI_ERLANG_FORMULA_H
#define RIG_CLI_ERLANG_FORMULA_H

#include <stdbool.h>
#include <stdint.h>

#include "cli/options.h"
#include "core/language.h"
#include "core/status.h"
#include "models/goal.h"

/** Which argument: its row in rig_calc_arguments, and its place among the values. */
#define ROW(id, ...) RIG_CALC_##id,
typedef enum rig_calc_id {
    RIG_CALC_NONE = 0,
#include "cli/erlang/arguments.def"
    RIG_CALC_N_IDS
} rig_calc_id;
#undef ROW

/** How a word is read. */
typedef enum rig_calc_kind {
    RIG_CALC_REAL,   /**< a number >= 0, finite */
    RIG_CALC_LONG,   /**< the same, or inf */
    RIG_CALC_SHARE,  /**< 0.02 or 2%; 0 to 1 */
    RIG_CALC_COUNT,  /**< a whole number from 0 to RIG_MAX_SERVERS */
    RIG_CALC_PART,   /**< a count, or a number >= 0 with a fraction */
    RIG_CALC_REALS,  /**< every bare word is a number */
    RIG_CALC_PAIRS,  /**< every two bare words: a number and a count */
    RIG_CALC_COLONS, /**< every bare word is NUMBER:COUNT */
    RIG_CALC_TEXT,
    RIG_CALC_FLAG
} rig_calc_kind;

/** One argument: a row of arguments.def, which says what each column is. */
typedef struct rig_calc_argument {
    const char *word, *holder, *name;
    rig_calc_kind kind;
    const char *unit, *range, *absent;
    char letter;
    const char *help;
} rig_calc_argument;

/** All arguments, by rig_calc_id. */
extern const rig_calc_argument rig_calc_arguments[RIG_CALC_N_IDS];

/** What an argument is to a formula. Of the last four a formula wants a number, see n_roles. */
typedef enum rig_calc_role {
    RIG_CALC_REQUIRED,
    RIG_CALC_OPTIONAL,
    RIG_CALC_DERIVED, /**< no word: computed of the others, and told in the document */
    RIG_CALC_TRAFFIC,
    RIG_CALC_SERVER,
    RIG_CALC_ROOM,
    RIG_CALC_GOAL,
    RIG_CALC_N_ROLES
} rig_calc_role;

/** One argument of a formula. */
typedef struct rig_calc_use {
    rig_calc_id id;
    rig_calc_role role;
    const char *help; /**< NULL: the argument's */
    const char *said; /**< its name in a refusal; NULL: the argument's word */
} rig_calc_use;
#define RIG_CALC_USE(id, role)                                                                     \
    {                                                                                              \
        RIG_CALC_##id, RIG_CALC_##role, NULL, NULL                                                 \
    }

/** One figure that a formula gives. Its name carries the unit: p_ a share, n_ a count, _s, _erl. */
typedef struct rig_calc_output {
    const char *name;
    size_t offset; /**< of the double among the figures; NAN there: not printed */
    const char *meaning;
    rig_calc_id needs; /**< printed when this is given; NONE: always */
} rig_calc_output;

/** What can be left out, and found from a goal. */
typedef struct rig_calc_inverse {
    rig_calc_id id;
    const char *meaning;
} rig_calc_inverse;

/** Most uses, outputs and inverses of a formula, the end mark included; most doubles of figures. */
#define RIG_CALC_MAX_USES     20
#define RIG_CALC_MAX_OUTPUTS  14
#define RIG_CALC_MAX_INVERSES 3
#define RIG_CALC_MAX_FIGURES  16
#define RIG_CALC_MAX_COLUMNS  8

/** A table of results: an instant or a kind of calls a row. */
typedef struct rig_calc_rows {
    const char *names[RIG_CALC_MAX_COLUMNS];
    size_t n_columns, n;
    double *cells; /**< RIG_CALC_MAX_COLUMNS a row; freed by who runs the formula */
} rig_calc_rows;

/** What the words say, and what becomes of it. */
typedef struct rig_calc_values {
    const char *text[RIG_CALC_N_IDS]; /**< as given; NULL: not */
    bool is_set[RIG_CALC_N_IDS];      /**< given, or derived */
    bool flag[RIG_CALC_N_IDS];        /**< the flags */
    double real[RIG_CALC_N_IDS];      /**< every number */
    uint32_t count[RIG_CALC_N_IDS];   /**< the whole ones again */
    double list[2 * RIG_MAX_OVERRIDES];
    size_t n_list, n_operands;
    rig_goal goal;      /**< of the queues */
    rig_calc_id sought; /**< NONE, or what the formula's `find` must fill in */
    rig_calc_rows rows;
    bool is_json;
} rig_calc_values;

/** A reader of words. What is wrong is printed once; the reader then stays failed. */
typedef struct rig_calc_reader {
    const char *command; /**< "erlang c": what messages begin with */
    bool is_failed;
} rig_calc_reader;

/** A formula. */
typedef struct rig_calc_formula {
    const char *name;     /**< "c" */
    const char *summary;  /**< a line of the list */
    const char *operands; /**< of the usage */
    const char *text;     /**< a paragraph */
    const char *source;
    rig_calc_use uses[RIG_CALC_MAX_USES]; /**< in the order of help and document; ends with NONE */
    unsigned n_roles;                     /**< how many of TRAFFIC, SERVER, ROOM, GOAL; 0: any */
    const char *rule;                     /**< what is expected, when they are fewer or more */
    size_t least, most;                   /**< bare words */
    const char *operand_rule; /**< what is expected, when they are fewer or more; NULL: `rule` */
    /** NULL, or: refuse what does not fit together; fill in what is derived. */
    void (*fit)(rig_calc_reader *reader, rig_calc_values *values);
    rig_calc_inverse inverses[RIG_CALC_MAX_INVERSES]; /**< the first not given is sought */
    size_t sought_at; /**< outputs that are printed before what was sought */
    /** Fill in what is sought: its `count`, when it is one, else its `real`. */
    rig_status (*find)(rig_calc_values *values, rig_error *err);
    /** `figures`: RIG_CALC_MAX_FIGURES doubles, NAN; the struct that outputs point into. */
    rig_status (*compute)(rig_calc_values *values, void *figures, rig_error *err);
    rig_calc_output outputs[RIG_CALC_MAX_OUTPUTS]; /**< ends with a NULL name */
    void (*print_row)(const double *cells);        /**< NULL: rows are columns */
} rig_calc_formula;

/** The table, in the order of the list. */
extern const rig_calc_formula *const rig_calc_formulas[];
extern const size_t rig_calc_n_formulas;

/** Rows, each beside its functions. */
extern const rig_calc_formula rig_calc_b, rig_calc_extended, rig_calc_engset, rig_calc_gi,
    rig_calc_kaufman, rig_calc_overflow, rig_calc_wilkinson, rig_calc_hayward, rig_calc_c,
    rig_calc_a, rig_calc_mmck, rig_calc_psa, rig_calc_mol;

/** Whether an argument is a bare word: its word is in capitals. */
bool rig_calc_is_bare(const rig_calc_argument *argument);

/** Print what is wrong, the first time; and fail. */
void rig_calc_refuse(rig_calc_reader *reader, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/**
 * Read a formula's words. argv[0] is its name.
 * @param[out] exit_code  Set when false is returned: 0 after --help, 2 after a refusal.
 */
bool rig_calc_read(const rig_calc_formula *formula, int argc, char **argv, rig_calc_values *values,
                   int *exit_code);

/** Print what a formula takes and gives. */
void rig_calc_help(const rig_calc_formula *formula);

/** Read, compute, print. @return the exit code. */
int rig_calc_run(const rig_calc_formula *formula, int argc, char **argv);

#endif
