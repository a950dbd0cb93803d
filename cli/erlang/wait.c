/* Agents and a queue: Erlang C, Erlang A, M/M/c/K. */
#include <stdio.h>

#include "cli/erlang/erlang.h"
#include "cli/erlang/queue.h"
#include "cli/console.h"
#include "models/erlang_a.h"
#include "models/erlang_c.h"
#include "models/mmck.h"

#define MEANS_P_WAIT     "share of the callers that waits"
#define MEANS_WITHIN     "served within the threshold, per offered"
#define MEANS_MEAN_WAIT  "of all callers"
#define MEANS_MEAN_QUEUE "callers waiting"
#define MEANS_P_BUSY     "occupancy of an agent"
#define MEANS_N_AGENTS   "the fewest agents"
#define MEANS_OFFERED    "the most traffic"
#define MEANS_PERCENTILE "the wait that the share asked for has at most"

/* The words of c and a: ERLANG [AGENTS], two of traffic, agents and goal. */
static bool read_words(int argc, char **argv, const rig_usage_text *usage, unsigned which,
                       rig_cmd_erlang_queue_words *w, rig_answer *answer, int *exit_code)
{
    rig_option options[RIG_QUEUE_OPTIONS];
    rig_texts operands;
    rig_cmd_erlang_queue_options(w, which, &answer->is_json, options);
    if (!rig_options_read(argc, argv, usage, options, &operands, exit_code))
        return false;
    rig_numbers numbers = {.command = usage->command};
    w->offered = rig_numbers_operand(&operands, 0);
    if (operands.n > 1)
        rig_numbers_missing(&numbers, "at most one ERLANG");
    rig_cmd_erlang_queue_read(&numbers, w);
    if ((which & RIG_QUEUE_PATIENCE) && w->patience == NULL)
        rig_numbers_missing(&numbers, "--patience SECONDS");
    bool is_enough = w->has_traffic + (w->agents != NULL) + w->has_goal == 2;
    if (!(which & RIG_QUEUE_PLACES) && !is_enough)
        rig_numbers_missing(&numbers, "two of the traffic (ERLANG), --agents and one goal");
    *exit_code = RIG_EXIT_USAGE;
    if (numbers.is_failed)
        return false;
    rig_cmd_erlang_queue_note(answer, w);
    return true;
}

int rig_cmd_erlang_c(int argc, char **argv)
{
    static const rig_usage_text usage = {
        "erlang c", "[ERLANG] --aht SECONDS",
        "Erlang C: callers who find all agents busy wait, first come first served, for ever. Two "
        "of\n"
        "ERLANG (offered traffic), --agents and a goal give the third. With ERLANG >= agents the\n"
        "queue grows without end: Erlang A has an answer there."};
    rig_cmd_erlang_queue_words w = {0};
    rig_answer answer = {.formula = "c"};
    int exit_code;
    if (!read_words(argc, argv, &usage, RIG_QUEUE_PERCENTILE | RIG_QUEUE_RATE, &w, &answer,
                    &exit_code))
        return exit_code;
    rig_erlang_c_input in = {w.offered_erl, w.n_agents, w.aht_s, w.within_s};
    rig_erlang_c_figures f = {0};
    rig_error err = {0};
    rig_status status = RIG_OK;
    if (w.agents == NULL) {
        status = rig_erlang_c_agents(&in, &w.goal, &in.n_agents, &err);
        rig_answer_result(&answer, "n_agents", in.n_agents, MEANS_N_AGENTS);
    } else if (!w.has_traffic) {
        status = rig_erlang_c_load(&in, &w.goal, &in.offered_erl, &err);
        rig_answer_result(&answer, "offered_erl", in.offered_erl, MEANS_OFFERED);
    }
    if (status == RIG_OK)
        status = rig_erlang_c(&in, &f, &err);
    rig_answer_result(&answer, "p_wait", f.p_wait, MEANS_P_WAIT);
    if (w.within != NULL)
        rig_answer_result(&answer, "p_served_within", f.p_served_within, MEANS_WITHIN);
    rig_answer_result(&answer, "mean_wait_s", f.mean_wait_s, MEANS_MEAN_WAIT " (ASA)");
    rig_answer_result(&answer, "mean_wait_queued_s", f.mean_wait_queued_s, "of those who wait");
    rig_answer_result(&answer, "mean_queue", f.mean_queue, MEANS_MEAN_QUEUE);
    rig_answer_result(&answer, "p_busy", f.p_busy, MEANS_P_BUSY);
    if (status == RIG_OK && w.percentile != NULL) {
        double wait_s = 0.0;
        status = rig_erlang_c_wait_percentile(&in, w.p_percentile, &wait_s, &err);
        rig_answer_result(&answer, "wait_percentile_s", wait_s, MEANS_PERCENTILE);
    }
    return rig_answer_print(&answer, status, &err);
}

int rig_cmd_erlang_a(int argc, char **argv)
{
    static const rig_usage_text usage = {"erlang a", "[ERLANG] --aht SECONDS --patience SECONDS",
                                         "Erlang A: as Erlang C, but callers hang up when their "
                                         "patience ends (exponential, with the\n"
                                         "mean that is given). Any load has an answer. Two of "
                                         "ERLANG (offered traffic), --agents and\n"
                                         "a goal give the third."};
    rig_cmd_erlang_queue_words w = {0};
    rig_answer answer = {.formula = "a"};
    int exit_code;
    if (!read_words(argc, argv, &usage, RIG_QUEUE_PATIENCE | RIG_QUEUE_PERCENTILE | RIG_QUEUE_RATE,
                    &w, &answer, &exit_code))
        return exit_code;
    rig_erlang_a_input in = {w.offered_erl, w.n_agents, w.aht_s, w.patience_s, w.within_s};
    rig_erlang_a_figures f = {0};
    rig_error err = {0};
    rig_status status = RIG_OK;
    if (w.agents == NULL) {
        status = rig_erlang_a_agents(&in, &w.goal, &in.n_agents, &err);
        rig_answer_result(&answer, "n_agents", in.n_agents, MEANS_N_AGENTS);
    } else if (!w.has_traffic) {
        status = rig_erlang_a_load(&in, &w.goal, &in.offered_erl, &err);
        rig_answer_result(&answer, "offered_erl", in.offered_erl, MEANS_OFFERED);
    }
    if (status == RIG_OK)
        status = rig_erlang_a(&in, &f, &err);
    rig_answer_result(&answer, "p_wait", f.p_wait, MEANS_P_WAIT);
    rig_answer_result(&answer, "p_abandon", f.p_abandon, "share that abandons");
    if (w.within != NULL) {
        rig_answer_result(&answer, "p_served_within", f.p_served_within, MEANS_WITHIN);
        rig_answer_result(&answer, "p_abandoned_within", f.p_abandoned_within,
                          "abandoned within it, per offered");
        rig_answer_result(&answer, "p_wait_over", f.p_wait_over, "waits longer, per offered");
        rig_answer_result(&answer, "p_answered_in_time", f.p_answered_in_time,
                          "served within it, early abandons not counted");
    }
    rig_answer_result(&answer, "mean_wait_s", f.mean_wait_s, MEANS_MEAN_WAIT);
    rig_answer_result(&answer, "mean_wait_served_s", f.mean_wait_served_s, "of those served (ASA)");
    rig_answer_result(&answer, "mean_wait_abandoned_s", f.mean_wait_abandoned_s,
                      "of those who abandon");
    rig_answer_result(&answer, "mean_queue", f.mean_queue, MEANS_MEAN_QUEUE);
    rig_answer_result(&answer, "p_busy", f.p_busy, MEANS_P_BUSY);
    if (status == RIG_OK && w.percentile != NULL) {
        double wait_s = 0.0;
        status = rig_erlang_a_wait_percentile(&in, w.p_percentile, &wait_s, &err);
        rig_answer_result(&answer, "wait_percentile_s", wait_s, MEANS_PERCENTILE);
    }
    return rig_answer_print(&answer, status, &err);
}

int rig_cmd_erlang_mmck(int argc, char **argv)
{
    static const rig_usage_text usage = {
        "erlang mmck", "ERLANG --aht SECONDS",
        "M/M/c/K: --agents, and --places (circuits) for the callers who talk or wait; who finds "
        "all\n"
        "places taken is lost, nobody abandons. Without --places, --loss gives them; without\n"
        "--agents, a goal gives them."};
    rig_cmd_erlang_queue_words w = {0};
    rig_answer answer = {.formula = "mmck"};
    int exit_code;
    if (!read_words(argc, argv, &usage, RIG_QUEUE_PLACES | RIG_QUEUE_RATE, &w, &answer, &exit_code))
        return exit_code;
    bool seeks_places = w.places == NULL && w.loss != NULL;
    if (!w.has_traffic || (w.agents != NULL) + (w.places != NULL) + w.has_goal != 2 ||
        (w.places == NULL && !seeks_places))
        return rig_console_usage(
            "erlang mmck", "expected ERLANG and two of --agents, --places and a goal (--loss, "
                           "when the places are sought)");
    rig_mmck_input in = {w.offered_erl, w.n_agents, w.n_places, w.aht_s, w.within_s};
    rig_mmck_figures f = {0};
    rig_error err = {0};
    rig_status status = RIG_OK;
    if (seeks_places) {
        status = rig_mmck_places(&in, w.goal.value, &in.n_places, &err);
        rig_answer_result(&answer, "n_places", in.n_places, "the fewest places");
    } else if (w.agents == NULL) {
        status = rig_mmck_agents(&in, &w.goal, &in.n_agents, &err);
        rig_answer_result(&answer, "n_agents", in.n_agents, MEANS_N_AGENTS);
    }
    if (status == RIG_OK)
        status = rig_mmck(&in, &f, &err);
    rig_answer_result(&answer, "p_block", f.p_block, "share of the calls that is blocked");
    rig_answer_result(&answer, "p_wait", f.p_wait, "share that waits, per offered");
    rig_answer_result(&answer, "p_wait_accepted", f.p_wait_accepted, "the same, per accepted");
    if (w.within != NULL) {
        rig_answer_result(&answer, "p_served_within", f.p_served_within, MEANS_WITHIN);
        rig_answer_result(&answer, "p_wait_over", f.p_wait_over, "waits longer, per offered");
    }
    rig_answer_result(&answer, "mean_wait_s", f.mean_wait_s, "of the accepted");
    rig_answer_result(&answer, "mean_queue", f.mean_queue, MEANS_MEAN_QUEUE);
    rig_answer_result(&answer, "mean_in_system", f.mean_in_system, "callers waiting or talking");
    rig_answer_result(&answer, "p_busy", f.p_busy, MEANS_P_BUSY);
    return rig_answer_print(&answer, status, &err);
}
