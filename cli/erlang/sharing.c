/* Groups with few callers, or with several kinds of calls: Engset, Kaufman-Roberts. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/erlang/erlang.h"
#include "cli/console.h"
#include "cli/erlang/answer.h"
#include "cli/erlang/numbers.h"
#include "models/engset.h"
#include "models/kaufman_roberts.h"

int rig_cmd_erlang_engset(int argc, char **argv)
{
    static const rig_usage_text usage = {
        "erlang engset", "SOURCES",
        "Engset: SOURCES callers, each of whom calls only while idle; who is blocked goes idle\n"
        "again. The traffic is --idle (of one idle source) or --offered (of all, as intended); it\n"
        "is what is sought when --circuits and --loss are given."};
    const char *circuits = NULL, *idle = NULL, *offered = NULL, *loss = NULL;
    rig_answer answer = {.formula = "engset"};
    const rig_option options[] = {
        {"circuits", 'n', RIG_OPTION_TEXT, &circuits, "N", "circuits of the group"},
        {"idle", 0, RIG_OPTION_TEXT, &idle, "ERLANG", "calls of an idle source x holding time"},
        {"offered", 0, RIG_OPTION_TEXT, &offered, "ERLANG", "intended traffic of all sources"},
        {"loss", 0, RIG_OPTION_TEXT, &loss, "SHARE", "call congestion that may be"},
        {"json", 0, RIG_OPTION_FLAG, &answer.is_json, NULL, "one JSON document on standard output"},
        {.name = NULL}};
    rig_texts operands;
    int exit_code;
    if (!rig_options_read(argc, argv, &usage, options, &operands, &exit_code))
        return exit_code;
    rig_numbers numbers = {.command = "erlang engset"};
    const char *sources = rig_numbers_operand(&operands, 0);
    uint32_t n_sources = rig_numbers_count(&numbers, "SOURCES", sources, 0);
    uint32_t n_circuits = rig_numbers_count(&numbers, "--circuits", circuits, 0);
    double idle_erl = rig_numbers_read(&numbers, "--idle", idle, 0.0);
    double offered_erl = rig_numbers_read(&numbers, "--offered", offered, 0.0);
    double p_call = rig_numbers_share(&numbers, "--loss", loss, 0.0);
    if (operands.n != 1)
        rig_numbers_missing(&numbers, "one number of SOURCES");
    if (idle != NULL && offered != NULL)
        rig_numbers_refuse(&numbers, "--idle and --offered; expected one of them");
    bool has_traffic = idle != NULL || offered != NULL;
    if (has_traffic + (circuits != NULL) + (loss != NULL) != 2)
        rig_numbers_missing(&numbers,
                            "two of the traffic (--idle or --offered), --circuits, --loss");
    if (numbers.is_failed)
        return RIG_EXIT_USAGE;
    rig_answer_argument(&answer, true, "n_sources", n_sources);
    rig_answer_argument(&answer, circuits != NULL, "n_circuits", n_circuits);
    rig_answer_argument(&answer, idle != NULL, "idle_erl", idle_erl);
    rig_answer_argument(&answer, offered != NULL, "offered_erl", offered_erl);
    rig_answer_argument(&answer, loss != NULL, "p_loss", p_call);
    rig_error err = {0};
    rig_status status = RIG_OK;
    if (offered != NULL)
        status = rig_engset_idle(n_sources, offered_erl, &idle_erl, &err);
    if (status == RIG_OK && circuits == NULL) {
        status = rig_engset_circuits(n_sources, idle_erl, p_call, &n_circuits, &err);
        rig_answer_result(&answer, "n_circuits", n_circuits, "the fewest circuits");
    } else if (status == RIG_OK && !has_traffic) {
        status = rig_engset_load(n_sources, n_circuits, p_call, &idle_erl, &err);
        rig_answer_result(&answer, "idle_erl", idle_erl, "the most traffic of an idle source");
    }
    rig_engset_figures f = {0};
    if (status == RIG_OK)
        status = rig_engset(n_sources, n_circuits, idle_erl, &f, &err);
    rig_answer_result(&answer, "p_call", f.p_call, "share of the calls that is blocked");
    rig_answer_result(&answer, "p_time", f.p_time, "share of the time with all circuits busy");
    rig_answer_result(&answer, "p_traffic", f.p_traffic,
                      "share of the intended traffic not carried");
    rig_answer_result(&answer, "offered_erl", f.offered_erl, "intended traffic");
    rig_answer_result(&answer, "carried_erl", f.carried_erl, "traffic that is carried");
    return rig_answer_print(&answer, status, &err);
}

/* "ERLANG:CIRCUITS" */
static void read_class(rig_numbers *numbers, const char *text, rig_call_class *one)
{
    char erlang[64];
    const char *colon = strchr(text, ':');
    if (colon == NULL || (size_t)(colon - text) >= sizeof erlang) {
        char why[256];
        (void)snprintf(why, sizeof why, "\"%.100s\"; expected ERLANG:CIRCUITS, such as 12.5:2",
                       text);
        rig_numbers_refuse(numbers, why);
        return;
    }
    memcpy(erlang, text, (size_t)(colon - text));
    erlang[colon - text] = '\0';
    one->offered_erl = rig_numbers_read(numbers, "ERLANG", erlang, 0.0);
    one->n_circuits = rig_numbers_count(numbers, "CIRCUITS", colon + 1, 0);
}

static rig_status add_rows(rig_answer *answer, const rig_call_class *classes, const double *p_block,
                           size_t n_classes, rig_error *err)
{
    answer->rows = json_array();
    for (size_t i = 0; i < n_classes; i++) {
        json_t *row = json_pack("{s:f, s:I, s:f}", "offered_erl", classes[i].offered_erl,
                                "n_circuits_per_call", (json_int_t)classes[i].n_circuits, "p_block",
                                p_block[i]);
        if (row == NULL || json_array_append_new(answer->rows, row) != 0)
            return rig_fail(err, RIG_ENOMEM, "erlang kaufman: out of memory");
    }
    return RIG_OK;
}

int rig_cmd_erlang_kaufman(int argc, char **argv)
{
    static const rig_usage_text usage = {"erlang kaufman", "ERLANG:CIRCUITS...",
                                         "Kaufman-Roberts: several kinds of calls share one group; "
                                         "each kind has its traffic and the\n"
                                         "circuits that one call holds. Gives the loss of each "
                                         "kind; with --loss the fewest circuits\n"
                                         "that serve all kinds."};
    const char *circuits = NULL, *loss = NULL;
    rig_answer answer = {.formula = "kaufman"};
    const rig_option options[] = {
        {"circuits", 'n', RIG_OPTION_TEXT, &circuits, "N", "circuits of the group"},
        {"loss", 0, RIG_OPTION_TEXT, &loss, "SHARE", "that may be blocked of every kind"},
        {"json", 0, RIG_OPTION_FLAG, &answer.is_json, NULL, "one JSON document on standard output"},
        {.name = NULL}};
    rig_texts operands;
    int exit_code;
    if (!rig_options_read(argc, argv, &usage, options, &operands, &exit_code))
        return exit_code;
    rig_numbers numbers = {.command = "erlang kaufman"};
    rig_call_class classes[RIG_MAX_OVERRIDES] = {0};
    double p_block[RIG_MAX_OVERRIDES] = {0};
    for (size_t i = 0; i < operands.n; i++)
        read_class(&numbers, operands.items[i], &classes[i]);
    uint32_t n_circuits = rig_numbers_count(&numbers, "--circuits", circuits, 0);
    double p_loss = rig_numbers_share(&numbers, "--loss", loss, 0.0);
    if (operands.n == 0)
        rig_numbers_missing(&numbers, "at least one ERLANG:CIRCUITS");
    if ((circuits != NULL) == (loss != NULL))
        rig_numbers_missing(&numbers, "--circuits or --loss");
    if (numbers.is_failed)
        return RIG_EXIT_USAGE;
    rig_answer_argument(&answer, circuits != NULL, "n_circuits", n_circuits);
    rig_answer_argument(&answer, loss != NULL, "p_loss", p_loss);
    rig_error err = {0};
    rig_status status = RIG_OK;
    if (loss != NULL)
        status = rig_kaufman_roberts_circuits(classes, operands.n, p_loss, &n_circuits, &err);
    if (status == RIG_OK)
        status = rig_kaufman_roberts(classes, operands.n, n_circuits, p_block, NULL, &err);
    double offered = 0.0, carried = 0.0;
    for (size_t i = 0; i < operands.n; i++) {
        double demand = classes[i].offered_erl * classes[i].n_circuits;
        offered += demand;
        carried += demand * (1.0 - p_block[i]);
    }
    if (loss != NULL)
        rig_answer_result(&answer, "n_circuits", n_circuits, "the fewest circuits");
    rig_answer_result(&answer, "offered_circuits", offered, "mean circuits that calls ask for");
    rig_answer_result(&answer, "carried_circuits", carried, "mean circuits that are busy");
    if (status == RIG_OK)
        status = add_rows(&answer, classes, p_block, operands.n, &err);
    bool is_text = status == RIG_OK && !answer.is_json;
    exit_code = rig_answer_print(&answer, status, &err);
    for (size_t i = 0; is_text && i < operands.n; i++)
        printf("p_block                %-14.9g of %g erl, %u a call\n", p_block[i],
               classes[i].offered_erl, classes[i].n_circuits);
    return exit_code;
}
