/* Overflow and traffic that is not Poisson: Riordan, Wilkinson, Hayward. */
#include <stdio.h>

#include "cli/erlang/erlang.h"
#include "cli/console.h"
#include "cli/erlang/answer.h"
#include "cli/erlang/numbers.h"
#include "models/hayward.h"
#include "models/overflow.h"

/* How the group that the traffic comes to is told, or sought. */
typedef struct last_group {
    const char *circuits, *loss;
    uint32_t n_circuits;
    double p_loss;
} last_group;

static void read_last_group(rig_numbers *numbers, last_group *g)
{
    g->n_circuits = rig_numbers_count(numbers, "--circuits", g->circuits, 0);
    g->p_loss = rig_numbers_share(numbers, "--loss", g->loss, 0.0);
    if (g->circuits != NULL && g->loss != NULL)
        rig_numbers_refuse(numbers, "--circuits and --loss; expected at most one of them");
}

/* The equivalent group and, if asked, the circuits or the loss. */
static rig_status answer_group(rig_answer *answer, const rig_two_moments *traffic, last_group *g,
                               double *p_lost, rig_error *err)
{
    rig_first_group equivalent;
    rig_status status = rig_overflow_equivalent(traffic, &equivalent, err);
    if (status != RIG_OK)
        return status;
    rig_answer_result(answer, "equivalent_erl", equivalent.offered_erl,
                      "equivalent random traffic ...");
    rig_answer_result(answer, "equivalent_circuits", equivalent.n_circuits,
                      "... that overflows from so many circuits");
    if (g->loss != NULL) {
        status = rig_overflow_circuits(traffic, g->p_loss, &g->n_circuits, err);
        rig_answer_result(answer, "n_circuits", g->n_circuits, "the fewest circuits");
    }
    if (status == RIG_OK && (g->circuits != NULL || g->loss != NULL)) {
        status = rig_overflow_loss(traffic, g->n_circuits, p_lost, err);
        rig_answer_result(answer, "p_lost", *p_lost, "share of the overflow that is lost");
    }
    return status;
}

int rig_cmd_erlang_overflow(int argc, char **argv)
{
    static const rig_usage_text usage = {"erlang overflow", "ERLANG CIRCUITS [ERLANG CIRCUITS]...",
                                         "Overflow: what one or more groups of circuits cannot "
                                         "carry, by mean and variance (Riordan);\n"
                                         "a pair with 0 circuits is traffic that comes directly. "
                                         "With --circuits or --loss also the\n"
                                         "group to which all of it overflows (Wilkinson)."};
    last_group g = {0};
    rig_answer answer = {.formula = "overflow"};
    const rig_option options[] = {
        {"circuits", 'n', RIG_OPTION_TEXT, &g.circuits, "N", "circuits that it overflows to"},
        {"loss", 0, RIG_OPTION_TEXT, &g.loss, "SHARE", "of the overflow that may be lost there"},
        {"json", 0, RIG_OPTION_FLAG, &answer.is_json, NULL, "one JSON document on standard output"},
        {.name = NULL}};
    rig_texts operands;
    int exit_code;
    if (!rig_options_read(argc, argv, &usage, options, &operands, &exit_code))
        return exit_code;
    rig_numbers numbers = {.command = "erlang overflow"};
    rig_first_group groups[RIG_MAX_OVERRIDES / 2];
    size_t n_groups = operands.n / 2;
    double all_erl = 0.0, p_lost = 0.0;
    for (size_t i = 0; i < n_groups; i++) {
        groups[i].offered_erl = rig_numbers_read(&numbers, "ERLANG", operands.items[2 * i], 0.0);
        groups[i].n_circuits =
            rig_numbers_count(&numbers, "CIRCUITS", operands.items[2 * i + 1], 0);
        all_erl += groups[i].offered_erl;
    }
    if (n_groups == 0 || operands.n % 2 != 0)
        rig_numbers_missing(&numbers, "pairs of ERLANG CIRCUITS");
    read_last_group(&numbers, &g);
    if (numbers.is_failed)
        return RIG_EXIT_USAGE;
    rig_answer_argument(&answer, n_groups == 1, "offered_erl", groups[0].offered_erl);
    rig_answer_argument(&answer, n_groups == 1, "n_first_circuits", groups[0].n_circuits);
    rig_answer_argument(&answer, true, "n_groups", (double)n_groups);
    rig_answer_argument(&answer, g.circuits != NULL, "n_circuits", g.n_circuits);
    rig_answer_argument(&answer, g.loss != NULL, "p_loss", g.p_loss);
    rig_error err = {0};
    rig_two_moments t = {0};
    rig_status status = rig_overflow_sum(groups, n_groups, &t, &err);
    rig_answer_result(&answer, "mean_erl", t.mean_erl, "mean of the overflow");
    rig_answer_result(&answer, "variance_erl", t.variance_erl, "its variance");
    rig_answer_result(&answer, "peakedness", t.mean_erl > 0.0 ? t.variance_erl / t.mean_erl : 1.0,
                      "variance / mean");
    if (status == RIG_OK && (g.circuits != NULL || g.loss != NULL)) {
        status = answer_group(&answer, &t, &g, &p_lost, &err);
        rig_answer_result(&answer, "p_lost_of_all", p_lost * t.mean_erl / all_erl,
                          "share of all offered traffic that is lost");
    }
    return rig_answer_print(&answer, status, &err);
}

int rig_cmd_erlang_wilkinson(int argc, char **argv)
{
    static const rig_usage_text usage = {"erlang wilkinson", "MEAN VARIANCE",
                                         "Wilkinson's equivalent random theory: traffic with a "
                                         "MEAN and a VARIANCE >= MEAN (erlang)\n"
                                         "is taken for the overflow of one group; with --circuits "
                                         "its loss on further circuits, with\n"
                                         "--loss the circuits."};
    last_group g = {0};
    rig_answer answer = {.formula = "wilkinson"};
    const rig_option options[] = {
        {"circuits", 'n', RIG_OPTION_TEXT, &g.circuits, "N", "circuits that it comes to"},
        {"loss", 0, RIG_OPTION_TEXT, &g.loss, "SHARE", "of it that may be lost there"},
        {"json", 0, RIG_OPTION_FLAG, &answer.is_json, NULL, "one JSON document on standard output"},
        {.name = NULL}};
    rig_texts operands;
    int exit_code;
    if (!rig_options_read(argc, argv, &usage, options, &operands, &exit_code))
        return exit_code;
    rig_numbers numbers = {.command = "erlang wilkinson"};
    rig_two_moments t = {
        rig_numbers_read(&numbers, "MEAN", rig_numbers_operand(&operands, 0), 0.0),
        rig_numbers_read(&numbers, "VARIANCE", rig_numbers_operand(&operands, 1), 0.0)};
    if (operands.n != 2)
        rig_numbers_missing(&numbers, "MEAN VARIANCE");
    read_last_group(&numbers, &g);
    if (numbers.is_failed)
        return RIG_EXIT_USAGE;
    rig_answer_argument(&answer, true, "mean_erl", t.mean_erl);
    rig_answer_argument(&answer, true, "variance_erl", t.variance_erl);
    rig_answer_argument(&answer, g.circuits != NULL, "n_circuits", g.n_circuits);
    rig_answer_argument(&answer, g.loss != NULL, "p_loss", g.p_loss);
    rig_error err = {0};
    rig_first_group rapp = {0};
    double p_lost = 0.0;
    rig_status status = answer_group(&answer, &t, &g, &p_lost, &err);
    if (status == RIG_OK)
        status = rig_overflow_rapp(&t, &rapp, &err);
    rig_answer_result(&answer, "rapp_erl", rapp.offered_erl,
                      "Rapp's approximation of that traffic ...");
    rig_answer_result(&answer, "rapp_circuits", rapp.n_circuits, "... and of its circuits");
    return rig_answer_print(&answer, status, &err);
}

int rig_cmd_erlang_hayward(int argc, char **argv)
{
    static const rig_usage_text usage = {
        "erlang hayward", "[ERLANG] --peakedness Z",
        "Hayward's approximation (Fredericks): traffic of peakedness Z = variance / mean is "
        "blocked\n"
        "as ERLANG / Z on CIRCUITS / Z. Z > 1 is peaked (overflow), Z < 1 smooth. Two of ERLANG,\n"
        "--circuits and --loss give the third."};
    last_group g = {0};
    const char *peaked = NULL;
    rig_answer answer = {.formula = "hayward"};
    const rig_option options[] = {
        {"peakedness", 'z', RIG_OPTION_TEXT, &peaked, "Z", "variance / mean of the traffic"},
        {"circuits", 'n', RIG_OPTION_TEXT, &g.circuits, "N", "circuits of the group"},
        {"loss", 0, RIG_OPTION_TEXT, &g.loss, "SHARE", "that may be blocked"},
        {"json", 0, RIG_OPTION_FLAG, &answer.is_json, NULL, "one JSON document on standard output"},
        {.name = NULL}};
    rig_texts operands;
    int exit_code;
    if (!rig_options_read(argc, argv, &usage, options, &operands, &exit_code))
        return exit_code;
    rig_numbers numbers = {.command = "erlang hayward"};
    const char *offered = rig_numbers_operand(&operands, 0);
    double offered_erl = rig_numbers_read(&numbers, "ERLANG", offered, 0.0);
    double peakedness = rig_numbers_read(&numbers, "--peakedness", peaked, 1.0);
    g.n_circuits = rig_numbers_count(&numbers, "--circuits", g.circuits, 0);
    g.p_loss = rig_numbers_share(&numbers, "--loss", g.loss, 0.0);
    if (peaked == NULL)
        rig_numbers_missing(&numbers, "--peakedness Z");
    if (operands.n > 1 || (offered != NULL) + (g.circuits != NULL) + (g.loss != NULL) != 2)
        rig_numbers_missing(&numbers, "two of ERLANG, --circuits and --loss");
    if (numbers.is_failed)
        return RIG_EXIT_USAGE;
    rig_answer_argument(&answer, offered != NULL, "offered_erl", offered_erl);
    rig_answer_argument(&answer, true, "peakedness", peakedness);
    rig_answer_argument(&answer, g.circuits != NULL, "n_circuits", g.n_circuits);
    rig_answer_argument(&answer, g.loss != NULL, "p_loss", g.p_loss);
    rig_error err = {0};
    rig_status status = RIG_OK;
    if (g.circuits == NULL) {
        status = rig_hayward_circuits(offered_erl, peakedness, g.p_loss, &g.n_circuits, &err);
        rig_answer_result(&answer, "n_circuits", g.n_circuits, "the fewest circuits");
    } else if (offered == NULL) {
        status = rig_hayward_load(g.n_circuits, peakedness, g.p_loss, &offered_erl, &err);
        rig_answer_result(&answer, "offered_erl", offered_erl, "the most traffic");
    }
    double p_block = 0.0;
    if (status == RIG_OK)
        status = rig_hayward(offered_erl, peakedness, g.n_circuits, &p_block, &err);
    rig_answer_result(&answer, "p_block", p_block, "share of the calls that is blocked");
    return rig_answer_print(&answer, status, &err);
}
