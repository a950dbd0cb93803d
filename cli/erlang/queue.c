#include "cli/erlang/queue.h"

#include <math.h>

static void add(rig_option *options, size_t *n, rig_option one)
{
    if (*n < RIG_QUEUE_OPTIONS - 1)
        options[(*n)++] = one;
}

static rig_option text(const char *name, const char **value, const char *operand, const char *help)
{
    return (rig_option){name, 0, RIG_OPTION_TEXT, value, operand, help};
}

void rig_cmd_erlang_queue_options(rig_cmd_erlang_queue_words *w, unsigned which, bool *is_json,
                                  rig_option options[RIG_QUEUE_OPTIONS])
{
    size_t n = 0;
    if (which & RIG_QUEUE_RATE)
        add(options, &n,
            text("rate-per-min", &w->rate, "CALLS", "instead of ERLANG: it is CALLS x AHT / 60"));
    add(options, &n, text("agents", &w->agents, "N", "agents"));
    if (which & RIG_QUEUE_PLACES)
        add(options, &n,
            text("places", &w->places, "N", "circuits: callers with an agent or waiting"));
    add(options, &n, text("aht", &w->aht, "SECONDS", "mean handling time, wrap-up included"));
    if (which & RIG_QUEUE_PATIENCE)
        add(options, &n, text("patience", &w->patience, "SECONDS", "mean patience, or inf"));
    add(options, &n, text("within", &w->within, "SECONDS", "threshold of the service level"));
    if (which & RIG_QUEUE_PERCENTILE)
        add(options, &n,
            text("percentile", &w->percentile, "SHARE",
                 "also the wait that this share has at most"));
    add(options, &n,
        text("service-level", &w->service_level, "SHARE", "goal: served within, per offered"));
    add(options, &n, text("p-wait", &w->p_wait, "SHARE", "goal: share that waits, at most"));
    add(options, &n, text("mean-wait", &w->mean_wait, "SECONDS", "goal: mean wait, at most"));
    if (which & RIG_QUEUE_PATIENCE)
        add(options, &n, text("abandon", &w->loss, "SHARE", "goal: share that abandons, at most"));
    if (which & RIG_QUEUE_PLACES)
        add(options, &n, text("loss", &w->loss, "SHARE", "goal: share that is blocked, at most"));
    add(options, &n,
        (rig_option){"json", 0, RIG_OPTION_FLAG, is_json, NULL,
                     "one JSON document on standard output"});
    options[n] = (rig_option){.name = NULL};
}

static void read_goal(rig_numbers *numbers, rig_cmd_erlang_queue_words *w)
{
    int n_goals = 0;
    w->goal.within_s = w->within_s;
    if (w->service_level != NULL) {
        w->goal.kind = RIG_GOAL_SERVICE_LEVEL;
        w->goal.value = rig_numbers_share(numbers, "--service-level", w->service_level, 0.0);
        n_goals++;
        if (w->within == NULL)
            rig_numbers_missing(numbers, "--within SECONDS with --service-level");
    }
    if (w->p_wait != NULL) {
        w->goal.kind = RIG_GOAL_P_WAIT;
        w->goal.value = rig_numbers_share(numbers, "--p-wait", w->p_wait, 0.0);
        n_goals++;
    }
    if (w->mean_wait != NULL) {
        w->goal.kind = RIG_GOAL_MEAN_WAIT_S;
        w->goal.value = rig_numbers_read(numbers, "--mean-wait", w->mean_wait, 0.0);
        n_goals++;
    }
    if (w->loss != NULL) {
        w->goal.kind = RIG_GOAL_P_LOST;
        w->goal.value =
            rig_numbers_share(numbers, w->patience != NULL ? "--abandon" : "--loss", w->loss, 0.0);
        n_goals++;
    }
    if (n_goals > 1)
        rig_numbers_refuse(numbers, "more than one goal; expected one");
    w->has_goal = n_goals > 0;
}

void rig_cmd_erlang_queue_read(rig_numbers *numbers, rig_cmd_erlang_queue_words *w)
{
    w->n_agents = rig_numbers_count(numbers, "--agents", w->agents, 0);
    w->n_places = rig_numbers_count(numbers, "--places", w->places, 0);
    w->aht_s = rig_numbers_read(numbers, "--aht", w->aht, 0.0);
    w->patience_s = rig_numbers_read_or_inf(numbers, "--patience", w->patience, INFINITY);
    w->within_s = rig_numbers_read(numbers, "--within", w->within, 0.0);
    w->p_percentile = rig_numbers_share(numbers, "--percentile", w->percentile, 0.0);
    w->offered_erl = rig_numbers_read(numbers, "ERLANG", w->offered, 0.0);
    read_goal(numbers, w);
    if (w->offered != NULL && w->rate != NULL)
        rig_numbers_refuse(numbers, "ERLANG and --rate-per-min; expected one of them");
    if (w->rate != NULL)
        w->offered_erl =
            rig_numbers_read(numbers, "--rate-per-min", w->rate, 0.0) * w->aht_s / 60.0;
    w->has_traffic = w->offered != NULL || w->rate != NULL;
    if (w->aht == NULL)
        rig_numbers_missing(numbers, "--aht SECONDS");
}

void rig_cmd_erlang_queue_note(rig_answer *answer, const rig_cmd_erlang_queue_words *w)
{
    static const char *const goals[] = {"goal_p_lost", "goal_p_wait", "goal_mean_wait_s",
                                        "goal_p_served_within"};
    rig_answer_argument(answer, w->has_traffic, "offered_erl", w->offered_erl);
    rig_answer_argument(answer, w->agents != NULL, "n_agents", w->n_agents);
    rig_answer_argument(answer, w->places != NULL, "n_places", w->n_places);
    rig_answer_argument(answer, w->aht != NULL, "aht_s", w->aht_s);
    rig_answer_argument(answer, w->patience != NULL, "patience_s", w->patience_s);
    rig_answer_argument(answer, w->within != NULL, "within_s", w->within_s);
    rig_answer_argument(answer, w->percentile != NULL, "p_percentile", w->p_percentile);
    rig_answer_argument(answer, w->has_goal, goals[w->goal.kind], w->goal.value);
}
