/* Groups that lose calls: Erlang B, extended B, GI/M/c/c. */
#include <math.h>
#include <stdio.h>

#include "cli/erlang/erlang.h"
#include "cli/console.h"
#include "cli/erlang/answer.h"
#include "cli/erlang/numbers.h"
#include "models/erlang_b.h"
#include "models/extended_b.h"
#include "models/gi_loss.h"

#define HELP_CIRCUITS "circuits of the group"
#define HELP_LOSS     "share that may be blocked: gives the circuits, or the traffic"
#define HELP_JSON     "one JSON document on standard output"

/* Two of traffic, circuits and loss; the third is sought. */
typedef struct loss_words {
    const char *offered, *circuits, *loss;
    double offered_erl, p_block;
    uint32_t n_circuits;
} loss_words;

static void read_loss_words(rig_numbers *numbers, loss_words *w, const char *expected)
{
    w->offered_erl = rig_numbers_read(numbers, "ERLANG", w->offered, 0.0);
    w->n_circuits = rig_numbers_count(numbers, "CIRCUITS", w->circuits, 0);
    w->p_block = rig_numbers_share(numbers, "--loss", w->loss, 0.0);
    if ((w->offered != NULL) + (w->circuits != NULL) + (w->loss != NULL) != 2)
        rig_numbers_missing(numbers, expected);
}

static void note_loss_words(rig_answer *answer, const loss_words *w, const char *offered_name)
{
    rig_answer_argument(answer, w->offered != NULL, offered_name, w->offered_erl);
    rig_answer_argument(answer, w->circuits != NULL, "n_circuits", w->n_circuits);
    rig_answer_argument(answer, w->loss != NULL, "p_loss", w->p_block);
}

static rig_status answer_b(rig_answer *answer, const loss_words *w, rig_error *err)
{
    loss_words found = *w;
    double n_exact = 0.0, p_one_less = 1.0, carried_erl, last_erl;
    rig_status status = RIG_OK;
    if (w->circuits == NULL) {
        status = rig_erlang_b_circuits(w->offered_erl, w->p_block, &found.n_circuits, err);
        if (status == RIG_OK)
            rig_answer_result(answer, "n_circuits", found.n_circuits, "the fewest circuits");
        if (status == RIG_OK && w->offered_erl > 0.0)
            status = rig_erlang_b_circuits_continuous(w->offered_erl, w->p_block, &n_exact, err);
        if (status == RIG_OK)
            rig_answer_result(answer, "circuits_exact", n_exact, "where the loss is just that");
    } else if (w->offered == NULL) {
        status = rig_erlang_b_load(w->n_circuits, w->p_block, &found.offered_erl, err);
        if (status == RIG_OK)
            rig_answer_result(answer, "offered_erl", found.offered_erl, "the most traffic");
    }
    if (status == RIG_OK)
        status = rig_erlang_b(found.offered_erl, found.n_circuits, &found.p_block, err);
    if (status == RIG_OK && found.n_circuits > 0)
        status = rig_erlang_b(found.offered_erl, found.n_circuits - 1, &p_one_less, err);
    if (status == RIG_OK)
        status = rig_erlang_b_carried(found.offered_erl, found.n_circuits, &carried_erl, err);
    if (status == RIG_OK && found.n_circuits > 0)
        status = rig_erlang_b_last_circuit(found.offered_erl, found.n_circuits, &last_erl, err);
    if (status != RIG_OK)
        return status;
    rig_answer_result(answer, "p_block", found.p_block, "share of the calls that is blocked");
    rig_answer_result(answer, "carried_erl", carried_erl, "traffic that is carried");
    if (found.n_circuits > 0) {
        rig_answer_result(answer, "p_block_one_less", p_one_less, "with one circuit less");
        rig_answer_result(answer, "p_busy", carried_erl / found.n_circuits,
                          "share of its time that a circuit is busy");
        rig_answer_result(answer, "last_circuit_erl", last_erl,
                          "traffic of the last circuit, hunted in order");
    }
    return RIG_OK;
}

/* A fractional number of circuits: what has a meaning for it. */
static rig_status answer_b_fraction(rig_answer *answer, const loss_words *w, double circuits,
                                    rig_error *err)
{
    double offered_erl = w->offered_erl, p_block = 0.0;
    rig_status status = RIG_OK;
    if (w->offered == NULL) {
        status = rig_erlang_b_load(circuits, w->p_block, &offered_erl, err);
        rig_answer_result(answer, "offered_erl", offered_erl, "the most traffic");
    }
    if (status == RIG_OK)
        status = rig_erlang_b_continuous(offered_erl, circuits, &p_block, err);
    rig_answer_result(answer, "p_block", p_block, "share of the calls that is blocked");
    return status;
}

int rig_cmd_erlang_b(int argc, char **argv)
{
    static const rig_usage_text usage = {
        "erlang b", "[ERLANG [CIRCUITS]]",
        "Erlang B: ERLANG (offered traffic) meets CIRCUITS; calls that find all busy are lost and\n"
        "do not come back. Poisson arrivals, any holding times. Two of ERLANG, circuits and "
        "--loss\n"
        "give the third; --circuits may have a fraction. \"b ERLANG CIRCUITS\" prints the bare "
        "loss."};
    static const char expected[] = "b ERLANG CIRCUITS, or two of ERLANG, --circuits and --loss";
    loss_words w = {0};
    rig_answer answer = {.formula = "b"};
    const rig_option options[] = {
        {"circuits", 'n', RIG_OPTION_TEXT, &w.circuits, "N", HELP_CIRCUITS},
        {"loss", 0, RIG_OPTION_TEXT, &w.loss, "SHARE", HELP_LOSS},
        {"json", 0, RIG_OPTION_FLAG, &answer.is_json, NULL, HELP_JSON},
        {.name = NULL}};
    rig_texts operands;
    int exit_code;
    if (!rig_options_read(argc, argv, &usage, options, &operands, &exit_code))
        return exit_code;
    rig_numbers numbers = {.command = "erlang b"};
    rig_error err = {0};
    w.offered = rig_numbers_operand(&operands, 0);
    bool is_bare = operands.n == 2 && !answer.is_json;
    if (operands.n > 2 || (operands.n == 2 && w.circuits != NULL))
        rig_numbers_missing(&numbers, expected);
    double circuits = rig_numbers_read(&numbers, "--circuits", w.circuits, 0.0);
    bool is_fraction = circuits != floor(circuits);
    if (operands.n == 2)
        w.circuits = operands.items[1];
    else if (is_fraction)
        w.circuits = "0"; /* given, but no count */
    read_loss_words(&numbers, &w, expected);
    if (numbers.is_failed)
        return RIG_EXIT_USAGE;
    if (is_fraction) {
        rig_answer_argument(&answer, w.offered != NULL, "offered_erl", w.offered_erl);
        rig_answer_argument(&answer, true, "circuits", circuits);
        rig_answer_argument(&answer, w.loss != NULL, "p_loss", w.p_block);
        rig_status fraction_status = answer_b_fraction(&answer, &w, circuits, &err);
        return rig_answer_print(&answer, fraction_status, &err);
    }
    note_loss_words(&answer, &w, "offered_erl");
    if (is_bare) {
        double p_block;
        err.status = rig_erlang_b(w.offered_erl, w.n_circuits, &p_block, &err);
        if (err.status != RIG_OK)
            return rig_console_fail(&err);
        printf("%.9g\n", p_block);
        return 0;
    }
    rig_status status = answer_b(&answer, &w, &err);
    return rig_answer_print(&answer, status, &err);
}

int rig_cmd_erlang_extended(int argc, char **argv)
{
    static const rig_usage_text usage = {
        "erlang extended", "[ERLANG] --redial SHARE",
        "Extended Erlang B: as Erlang B, but a share of the blocked calls is dialled again at "
        "once,\n"
        "as often as it takes. ERLANG is the traffic of first attempts. Two of ERLANG, --circuits\n"
        "and --loss give the third."};
    loss_words w = {0};
    const char *redial = NULL;
    rig_answer answer = {.formula = "extended"};
    const rig_option options[] = {
        {"circuits", 'n', RIG_OPTION_TEXT, &w.circuits, "N", HELP_CIRCUITS},
        {"redial", 'r', RIG_OPTION_TEXT, &redial, "SHARE", "of the blocked calls dialled again"},
        {"loss", 0, RIG_OPTION_TEXT, &w.loss, "SHARE", HELP_LOSS},
        {"json", 0, RIG_OPTION_FLAG, &answer.is_json, NULL, HELP_JSON},
        {.name = NULL}};
    rig_texts operands;
    int exit_code;
    if (!rig_options_read(argc, argv, &usage, options, &operands, &exit_code))
        return exit_code;
    rig_numbers numbers = {.command = "erlang extended"};
    w.offered = rig_numbers_operand(&operands, 0);
    double p_redial = rig_numbers_share(&numbers, "--redial", redial, 0.0);
    if (redial == NULL)
        rig_numbers_missing(&numbers, "--redial SHARE");
    if (operands.n > 1)
        rig_numbers_missing(&numbers, "at most one ERLANG");
    read_loss_words(&numbers, &w, "two of ERLANG, --circuits and --loss");
    if (numbers.is_failed)
        return RIG_EXIT_USAGE;
    note_loss_words(&answer, &w, "fresh_erl");
    rig_answer_argument(&answer, true, "p_redial", p_redial);
    rig_error err = {0};
    rig_status status = RIG_OK;
    if (w.circuits == NULL) {
        status = rig_extended_b_circuits(w.offered_erl, w.p_block, p_redial, &w.n_circuits, &err);
        rig_answer_result(&answer, "n_circuits", w.n_circuits, "the fewest circuits");
    } else if (w.offered == NULL) {
        status = rig_extended_b_load(w.n_circuits, w.p_block, p_redial, &w.offered_erl, &err);
        rig_answer_result(&answer, "fresh_erl", w.offered_erl,
                          "the most traffic of first attempts");
    }
    rig_extended_b_figures f = {0};
    if (status == RIG_OK)
        status = rig_extended_b(w.offered_erl, w.n_circuits, p_redial, &f, &err);
    rig_answer_result(&answer, "p_block", f.p_block, "share of the attempts that is blocked");
    rig_answer_result(&answer, "p_lost_per_caller", f.p_lost_per_caller,
                      "share of the callers that gives up");
    rig_answer_result(&answer, "attempts_per_caller", f.attempts_per_caller, "mean");
    rig_answer_result(&answer, "offered_erl", f.offered_erl, "traffic with the redials");
    rig_answer_result(&answer, "carried_erl", f.carried_erl, "traffic that is carried");
    return rig_answer_print(&answer, status, &err);
}

int rig_cmd_erlang_gi(int argc, char **argv)
{
    static const rig_usage_text usage = {
        "erlang gi", "[ERLANG] [--gap-cv CV]",
        "GI/M/c/c: as Erlang B, but the gaps between arrivals are gamma distributed; holding "
        "times\n"
        "are exponential. Two of ERLANG, --circuits and --loss give the third."};
    loss_words w = {0};
    const char *cv = NULL;
    rig_answer answer = {.formula = "gi"};
    const rig_option options[] = {
        {"circuits", 'n', RIG_OPTION_TEXT, &w.circuits, "N", HELP_CIRCUITS},
        {"gap-cv", 0, RIG_OPTION_TEXT, &cv, "CV",
         "deviation / mean of the gap: 0 metronome, 1 Poisson"},
        {"loss", 0, RIG_OPTION_TEXT, &w.loss, "SHARE", HELP_LOSS},
        {"json", 0, RIG_OPTION_FLAG, &answer.is_json, NULL, HELP_JSON},
        {.name = NULL}};
    rig_texts operands;
    int exit_code;
    if (!rig_options_read(argc, argv, &usage, options, &operands, &exit_code))
        return exit_code;
    rig_numbers numbers = {.command = "erlang gi"};
    w.offered = rig_numbers_operand(&operands, 0);
    double gap_cv = rig_numbers_read(&numbers, "--gap-cv", cv, 0.0);
    if (cv == NULL)
        rig_numbers_missing(&numbers, "--gap-cv CV");
    if (operands.n > 1)
        rig_numbers_missing(&numbers, "at most one ERLANG");
    read_loss_words(&numbers, &w, "two of ERLANG, --circuits and --loss");
    if (numbers.is_failed)
        return RIG_EXIT_USAGE;
    note_loss_words(&answer, &w, "offered_erl");
    rig_answer_argument(&answer, true, "gap_cv", gap_cv);
    rig_error err = {0};
    rig_status status = RIG_OK;
    if (w.circuits == NULL) {
        status = rig_gi_loss_gamma_circuits(w.offered_erl, gap_cv, w.p_block, &w.n_circuits, &err);
        rig_answer_result(&answer, "n_circuits", w.n_circuits, "the fewest circuits");
    } else if (w.offered == NULL) {
        status = rig_gi_loss_gamma_load(w.n_circuits, gap_cv, w.p_block, &w.offered_erl, &err);
        rig_answer_result(&answer, "offered_erl", w.offered_erl, "the most traffic");
    }
    double p_block = 0.0, p_poisson = 0.0;
    if (status == RIG_OK)
        status = rig_gi_loss_gamma(w.offered_erl, gap_cv, w.n_circuits, &p_block, &err);
    if (status == RIG_OK)
        status = rig_erlang_b(w.offered_erl, w.n_circuits, &p_poisson, &err);
    rig_answer_result(&answer, "p_block", p_block, "share of the calls that is blocked");
    rig_answer_result(&answer, "p_block_poisson", p_poisson, "with Poisson arrivals (Erlang B)");
    return rig_answer_print(&answer, status, &err);
}
