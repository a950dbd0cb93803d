/* The words that all queues of the calculator share: callers, agents, times and one goal. */
#ifndef RIG_CLI_ERLANG_QUEUE_H
#define RIG_CLI_ERLANG_QUEUE_H

#include "cli/erlang/answer.h"
#include "cli/erlang/numbers.h"
#include "models/goal.h"

/** The words, as the options give them (NULL: not given), and what they say. */
typedef struct rig_cmd_erlang_queue_words {
    const char *offered, *rate, *agents, *places, *aht, *patience, *within, *percentile;
    const char *loss, *p_wait, *mean_wait, *service_level; /**< the goals */
    double offered_erl, aht_s, patience_s, within_s, p_percentile;
    uint32_t n_agents, n_places;
    bool has_traffic, has_goal;
    rig_goal goal;
} rig_cmd_erlang_queue_words;

/** Most options of one queue, the end mark included. */
#define RIG_QUEUE_OPTIONS 16

/** Which options a queue has besides those of all. */
typedef enum rig_cmd_erlang_queue_option {
    RIG_QUEUE_PATIENCE = 1,   /**< --patience, --abandon */
    RIG_QUEUE_PLACES = 2,     /**< --places, --loss */
    RIG_QUEUE_PERCENTILE = 4, /**< --percentile */
    RIG_QUEUE_RATE = 8        /**< --rate-per-min */
} rig_cmd_erlang_queue_option;

/** Fill a table of options, for rig_options_read. `which`: rig_cmd_erlang_queue_option added up. */
void rig_cmd_erlang_queue_options(rig_cmd_erlang_queue_words *words, unsigned which, bool *is_json,
                                  rig_option options[RIG_QUEUE_OPTIONS]);

/** Turn the words into numbers (not `offered` when it is NULL), and check that they fit together:
 * at most one goal, --aht given, a service level only with --within. */
void rig_cmd_erlang_queue_read(rig_numbers *numbers, rig_cmd_erlang_queue_words *words);

/** Note what was given. */
void rig_cmd_erlang_queue_note(rig_answer *answer, const rig_cmd_erlang_queue_words *words);

#endif
