/* Words of the calculator into numbers. The first that is wrong is printed; the reader then stays
 * failed, so that a command reads all its words and asks once. */
#ifndef RIG_CLI_ERLANG_NUMBERS_H
#define RIG_CLI_ERLANG_NUMBERS_H

#include <stdbool.h>
#include <stdint.h>

#include "cli/options.h"

/** A reader. */
typedef struct rig_numbers {
    const char *command; /**< "erlang c": what messages begin with */
    bool is_failed;
} rig_numbers;

/** A number >= 0, finite. `absent` when text is NULL. */
double rig_numbers_read(rig_numbers *numbers, const char *name, const char *text, double absent);

/** The same, or "inf". */
double rig_numbers_read_or_inf(rig_numbers *numbers, const char *name, const char *text,
                               double absent);

/** A share: 0.02 or 2%; 0 to 1. */
double rig_numbers_share(rig_numbers *numbers, const char *name, const char *text, double absent);

/** A whole number from 0 to RIG_MAX_SERVERS. */
uint32_t rig_numbers_count(rig_numbers *numbers, const char *name, const char *text,
                           uint32_t absent);

/** Print that an option or operand is missing, and fail. */
void rig_numbers_missing(rig_numbers *numbers, const char *what);

/** Print that words do not fit together, and fail. */
void rig_numbers_refuse(rig_numbers *numbers, const char *why);

/** The operand at a place, or NULL. */
const char *rig_numbers_operand(const rig_texts *operands, size_t index);

#endif
