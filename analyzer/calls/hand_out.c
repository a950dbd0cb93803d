/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>

#include "analyzer/calls/book.h"

static void explain_outcome(const rig_book *book, const rig_fate *state,
                            const rig_outcome_rule *rule, rig_outcome outcome, const char *reason,
                            const char *when)
{
    size_t n;
    char which[64] = "no outcome rule fits";
    const rig_outcome_rule *built_in = rig_outcomes_built_in(&n);
    if (rule != NULL && rule->name != NULL)
        (void)snprintf(which, sizeof which, "outcome rule \"%.40s\"", rule->name);
    else if (rule != NULL)
        (void)snprintf(which, sizeof which, "built-in outcome rule %d", (int)(rule - built_in) + 1);
    rig_book_say(book, state, state->call.t_end_ns, "%s%s: %s (%s)", when, which,
                 rig_outcome_name(outcome), reason);
}

/* A clock that was set back, or two clocks: of what lies before its beginning no duration is known.
 * An end before the answer or the INVITE is left out. */
static void check_times(rig_book *book, rig_call *call)
{
    const int64_t start_ns = call->t_invite_ns;
    const int64_t first_ns =
        call->answered && call->t_answer_ns > start_ns ? call->t_answer_ns : start_ns;
    const int64_t *instants[] = {&call->t_provisional_ns, &call->t_menu_ns, &call->t_answer_ns,
                                 &call->t_queue_ns,       &call->t_end_ns,  &call->t_agent_ring_ns,
                                 &call->t_agent_answer_ns};
    for (size_t i = 0; i < sizeof instants / sizeof instants[0]; i++)
        call->is_backwards |= *instants[i] != RIG_NO_TIME && *instants[i] < start_ns;
    bool is_end_early = call->t_end_ns != RIG_NO_TIME &&
                        (call->t_end_ns < first_ns || (call->t_agent_answer_ns != RIG_NO_TIME &&
                                                       call->t_end_ns < call->t_agent_answer_ns));
    if (is_end_early)
        call->t_end_ns = RIG_NO_TIME;
    call->is_backwards |=
        is_end_early || (call->t_end_ns != RIG_NO_TIME && (call->t_queue_ns > call->t_end_ns ||
                                                           call->t_agent_ring_ns > call->t_end_ns));
    book->counts.n_backwards += call->is_backwards;
}

void rig_book_add_gap(rig_book *book, int64_t gap_ns)
{
    book->n_by_gap[63 - __builtin_clzll(gap_ns < 1 ? 1 : (uint64_t)gap_ns)]++;
}

/* A challenge or a redirection so near to the end of the capture may be followed up behind it. */
#define FOLLOWED_UP_NS (5 * RIG_NS_PER_S)

/* Whether the capture lacks a message without which the call cannot have gone on as it did, or
 * ends where it may have. */
static bool is_gapped(const rig_book *book, const rig_fate *state)
{
    const rig_open_call *call = &state->call;
    const bool is_by_bye = state->end == RIG_END_CALLER_BYE || state->end == RIG_END_CENTRE_BYE;
    const bool is_at_start = call->t_invite_ns - book->t_first_ns < RIG_NO_RESPONSE_NS;
    return state->is_gapped || (state->is_late_again && is_at_start) || (is_by_bye && !call->answered) ||
           (state->is_early_bye && call->t_provisional_ns == RIG_NO_TIME) ||
           (state->end == RIG_END_CHALLENGED &&
            book->t_now_ns - call->t_end_ns < FOLLOWED_UP_NS);
}

static void note_gap(rig_book *book, rig_fate *state)
{
    const rig_open_call *call = &state->call;
    const rig_fate_rare *rare = rig_fate_rare_of(state);
    for (size_t i = 0; i < book->rules->n_elapsed; i++) {
        const rig_elapsed_rule *rule = &book->rules->elapsed[i];
        const int64_t from_ns = rig_open_call_port_ns(call, rule->is_of_menu);
        if (call->t_end_ns != RIG_NO_TIME && from_ns != RIG_NO_TIME)
            rig_fate_note_gap(state, from_ns + rule->after_ns, call->t_end_ns);
    }
    if (!state->has_response && state->end == RIG_END_NONE)
        rig_fate_note_gap(state, book->t_now_ns - call->t_invite_ns, RIG_NO_RESPONSE_NS);
    if (state->end == RIG_END_CHALLENGED && rare->again_gap_ns < INT64_MAX) {
        rig_fate_note_gap(state, rare->again_gap_ns, 0);
        rig_book_add_gap(book, rare->again_gap_ns); /* the other call */
    }
    if (!call->answered)
        rig_fate_note_gap(state, rare->branch_gap_ns, 0);
    rig_book_add_gap(book, state->gap_ns);
    if (state->other_source != 0 && book->ties != NULL)
        rig_ties_note_call(book->ties, state->source, state->other_source, state->gap_ns);
}

uint64_t rig_book_n_nearer(const rig_book *book, int64_t at_most_ns)
{
    uint64_t n = 0;
    for (int i = 0; i < 63 && (INT64_C(1) << i) <= at_most_ns; i++)
        n += book->n_by_gap[i];
    return n;
}

/* The sink is told; the state is not freed. */
static rig_status hand_out(rig_book *book, rig_fate *state, rig_error *err)
{
    char if_marks[RIG_CALL_REASON_SIZE];
    const rig_outcome_rule *rule, *rule_if_marks;
    rig_book_apply_elapsed(book, state, book->t_now_ns);
    rig_fate_settle(state);
    rig_call record = rig_fate_record(state), *const call = &record;
    call->outcome = rig_fate_decide(state, book->rules, book->marks.has_queue, book->t_now_ns,
                                    call->reason, &rule);
    rig_finished_call finished = {.call = call,
                                  .order = state->order,
                                  .outcome_if_marks = call->outcome,
                                  .reason_if_marks = call->reason,
                                  .q850_cause = state->q850_cause,
                                  .t_failed_ns = state->t_failed_ns,
                                  .t_bye_done_ns = state->t_bye_done_ns,
                                  .rule = rule,
                                  .rule_if_marks = rule};
    if (state->parties != NULL) {
        finished.parties = rig_party_notes_see(state->parties);
        if (finished.parties == NULL)
            return rig_fail(err, RIG_ENOMEM, "out of memory");
    }
    if (!book->marks.has_queue) {
        rig_outcome outcome =
            rig_fate_decide(state, book->rules, true, book->t_now_ns, if_marks, &rule_if_marks);
        if (rule_if_marks != rule) {
            finished.is_open = true;
            finished.outcome_if_marks = outcome;
            finished.reason_if_marks = if_marks;
            finished.rule_if_marks = rule_if_marks;
        }
    }
    rig_call told = *call;
    check_times(book, &told);
    rig_parties_agent_name(finished.parties, told.agent, sizeof told.agent);
    finished.call = &told;
    rig_status status = book->sink.take(book->sink.ctx, &finished, err);
    if (status != RIG_OK) {
        book->counts.n_backwards -= told.is_backwards; /* it will be told again */
        return status;
    }
    note_gap(book, state);
    book->counts.n_gapped += is_gapped(book, state);
    if (state->is_explained) {
        explain_outcome(book, state, rule, call->outcome, call->reason, "");
        if (finished.is_open)
            explain_outcome(book, state, rule_if_marks, finished.outcome_if_marks, if_marks,
                            "if the target shows queue marks later on: ");
    }
    book->counts.n_outcome[state->counted_as]--;
    book->counts.n_outcome[call->outcome]++;
    rig_book_tell_end(book, state, call);
    if (finished.is_open)
        book->n_open[call->outcome][finished.outcome_if_marks]++;
    return RIG_OK;
}

/* What is handed out apart, or as a caller's call. */
static rig_status hand_out_any(rig_book *book, rig_fate *state, rig_error *err)
{
    return state->is_call_back ? rig_backs_hand_out(book, state, err)
                               : hand_out(book, state, err);
}

static rig_status hand_out_over(rig_book *book, rig_error *err)
{
    while (book->over != NULL) {
        rig_fate *state = book->over;
        rig_status status = hand_out_any(book, state, err);
        if (status != RIG_OK)
            return status;
        book->over = state->newer;
        rig_fate_free(state, book->slabs);
    }
    return RIG_OK;
}

rig_status rig_book_tick(rig_book *book, int64_t t_now_ns, rig_error *err)
{
    book->t_now_ns = t_now_ns;
    while (book->young != NULL && t_now_ns - book->young->call.t_invite_ns >= RIG_NO_RESPONSE_NS) {
        rig_fate *state = book->young;
        book->young = state->newer;
        if (!state->has_response && state->end == RIG_END_NONE) {
            state->is_dead = true;
            rig_book_recount(book, state, t_now_ns);
            if (state->leg != NULL) {
                state->leg->is_dead = true;
                rig_leg_table_retire(book->table, state->leg);
            }
        }
    }
    return book->over == NULL ? RIG_OK : hand_out_over(book, err);
}

rig_status rig_book_finish(rig_book *book, int64_t t_last_ns, rig_error *err)
{
    book->t_now_ns = t_last_ns;
    rig_status status = hand_out_over(book, err);
    while (status == RIG_OK && book->oldest != NULL) {
        rig_fate *state = book->oldest;
        status = hand_out_any(book, state, err);
        if (status != RIG_OK)
            break;
        if (state->leg != NULL)
            state->leg->call = NULL;
        rig_book_unlink(book, state, t_last_ns);
        rig_book_unlink_for_good(book, state);
        rig_book_take_out(book, state);
        rig_fate_free(state, book->slabs);
    }
    if (status != RIG_OK || !book->marks.has_queue)
        return status;
    for (int without = 0; without < RIG_N_OUTCOMES; without++) {
        for (int with = 0; with < RIG_N_OUTCOMES; with++) {
            book->counts.n_outcome[without] -= book->n_open[without][with];
            book->counts.n_outcome[with] += book->n_open[without][with];
            book->n_open[without][with] = 0;
        }
    }
    return RIG_OK;
}
