#include "analyzer/calls/calls.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/calls/book.h"

static void on_forget(void *ctx, rig_leg *leg);

rig_status rig_book_new(const rig_rules *rules, rig_leg_table *table, const rig_call_sink *sink,
                        const rig_explain *explain, rig_book **book, rig_error *err)
{
    rig_book *made = calloc(1, sizeof *made);
    if (made == NULL)
        return rig_fail(err, RIG_ENOMEM, "out of memory");
    rig_status status = rig_number_index_init(&made->keys, err);
    if (status == RIG_OK && rules->bye_window_ns >= 0)
        status = rig_pairing_new(&made->pairing, err);
    if (status != RIG_OK) {
        rig_book_free(made);
        return status;
    }
    made->rules = rules;
    made->table = table;
    made->sink = *sink;
    made->explain = explain;
    made->t_now_ns = RIG_NO_TIME;
    /* A rule that goes by the time tells of every call when it is in the queue. */
    for (size_t i = 0; i < rules->n_elapsed; i++) {
        made->marks.has_queue |= rules->elapsed[i].meaning == RIG_MEANS_QUEUE;
        made->marks.has_ringing |= rules->elapsed[i].meaning == RIG_MEANS_RINGING;
    }
    made->counts.has_queue_marks = made->marks.has_queue;
    rig_leg_table_on_forget(table, on_forget, made);
    *book = made;
    return RIG_OK;
}

void rig_book_note_parties(rig_book *book)
{
    book->has_parties = true;
}

static void free_state(rig_fate *state)
{
    rig_party_notes_free(state->parties);
    free(state);
}

void rig_book_free(rig_book *book)
{
    if (book == NULL)
        return;
    for (rig_fate *state = book->oldest; state != NULL;) {
        rig_fate *next = state->newer;
        free_state(state);
        state = next;
    }
    for (rig_fate *state = book->over; state != NULL;) {
        rig_fate *next = state->newer;
        free_state(state);
        state = next;
    }
    rig_pairing_free(book->pairing);
    rig_number_index_clear(&book->keys);
    free(book);
}

/* ---- explaining ---- */

void rig_book_say(const rig_book *book, const rig_fate *state, int64_t t_ns, const char *format,
                  ...)
{
    if (!state->is_explained)
        return;
    char text[512];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(text, sizeof text, format, args);
    va_end(args);
    book->explain->say(book->explain->ctx, rig_slice_of(state->call.call_id), t_ns, text);
}

static bool is_asked_about(const rig_book *book, const rig_fate *state)
{
    for (size_t i = 0; book->explain != NULL && i < book->explain->n_call_ids; i++) {
        if (strcmp(book->explain->call_ids[i], state->call.call_id) == 0)
            return true;
    }
    return false;
}

/* ---- running counts ---- */

void rig_book_recount(rig_book *book, rig_fate *state, int64_t t_ns)
{
    rig_outcome outcome = RIG_OUTCOME_IN_PROGRESS;
    char reason[RIG_CALL_REASON_SIZE];
    if (state->end != RIG_END_NONE || state->is_dead)
        outcome = rig_fate_decide(state, book->rules, book->marks.has_queue, t_ns, reason, NULL);
    book->counts.n_outcome[state->counted_as]--;
    book->counts.n_outcome[outcome]++;
    state->counted_as = outcome;
    if (outcome == RIG_OUTCOME_IN_PROGRESS)
        rig_joins_link(book, state);
    else
        rig_joins_unlink(book, state);
}

const rig_book_counts *rig_book_count(const rig_book *book)
{
    return &book->counts;
}

/* ---- the list of calls ---- */

static void append(rig_book *book, rig_fate *state)
{
    state->older = book->newest;
    if (book->newest != NULL)
        book->newest->newer = state;
    else
        book->oldest = state;
    book->newest = state;
    if (book->young == NULL)
        book->young = state;
}

static void take_out(rig_book *book, rig_fate *state)
{
    if (book->young == state)
        book->young = state->newer;
    if (state->older != NULL)
        state->older->newer = state->newer;
    else
        book->oldest = state->newer;
    if (state->newer != NULL)
        state->newer->older = state->older;
    else
        book->newest = state->older;
    state->older = state->newer = NULL;
}

/* A leg is forgotten; with its last leg a call is over for good. */
static void on_forget(void *ctx, rig_leg *leg)
{
    rig_book *book = ctx;
    rig_fate *state = leg->call;
    if (book->pairing != NULL)
        rig_pairing_forget_leg(book->pairing, leg);
    if (state == NULL)
        return;
    leg->call = NULL;
    if (state->leg == leg)
        state->leg = NULL;
    if (--state->n_refs > 0)
        return;
    state->is_silent = state->end == RIG_END_NONE && !state->is_dead;
    take_out(book, state);
    rig_joins_unlink(book, state);
    if (book->pairing != NULL)
        rig_pairing_forget_call(book->pairing, state);
    state->newer = book->over;
    book->over = state;
}

/* ---- handing out ---- */

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

/* The sink is told; the state is not freed. */
static rig_status hand_out(rig_book *book, rig_fate *state, rig_error *err)
{
    char if_marks[RIG_CALL_REASON_SIZE];
    const rig_outcome_rule *rule, *rule_if_marks;
    rig_call *call = &state->call;
    rig_book_apply_elapsed(book, state, book->t_now_ns);
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
    rig_status status = book->sink.take(book->sink.ctx, &finished, err);
    if (status != RIG_OK)
        return status;
    if (state->is_explained) {
        explain_outcome(book, state, rule, call->outcome, call->reason, "");
        if (finished.is_open)
            explain_outcome(book, state, rule_if_marks, finished.outcome_if_marks, if_marks,
                            "if the target shows queue marks later on: ");
    }
    book->counts.n_outcome[state->counted_as]--;
    book->counts.n_outcome[call->outcome]++;
    if (finished.is_open)
        book->n_open[call->outcome][finished.outcome_if_marks]++;
    return RIG_OK;
}

static rig_status hand_out_over(rig_book *book, rig_error *err)
{
    while (book->over != NULL) {
        rig_fate *state = book->over;
        rig_status status = hand_out(book, state, err);
        if (status != RIG_OK)
            return status;
        book->over = state->newer;
        free_state(state);
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
        status = hand_out(book, state, err);
        if (status != RIG_OK)
            break;
        if (state->leg != NULL)
            state->leg->call = NULL;
        rig_joins_unlink(book, state);
        take_out(book, state);
        free_state(state);
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

/* ---- legs ---- */

static rig_status add_call(rig_book *book, rig_leg *leg, const rig_sip *sip, int64_t t_ns,
                           rig_error *err)
{
    size_t n_keys = rig_joins_n_keys(book->rules);
    rig_fate *state =
        calloc(1, sizeof *state + n_keys * sizeof state->keys[0] + sip->call_id.n + 1);
    if (state == NULL)
        return rig_fail(err, RIG_ENOMEM, "out of memory");
    state->n_keys = n_keys;
    state->call.call_id = (char *)&state->keys[n_keys];
    memcpy(state->call.call_id, sip->call_id.p, sip->call_id.n); /* the NUL is there */
    rig_fate_begin(state, leg, sip, t_ns);
    if (book->has_parties) {
        state->parties = rig_party_notes_new(book->rules, leg, sip);
        if (state->parties == NULL) {
            free(state);
            return rig_fail(err, RIG_ENOMEM, "out of memory");
        }
    }
    rig_joins_set_keys(book, state, sip);
    state->order = book->counts.n_offered++;
    state->is_explained = is_asked_about(book, state);
    append(book, state);
    book->counts.n_outcome[RIG_OUTCOME_IN_PROGRESS]++;
    rig_joins_link(book, state);
    if (book->pairing != NULL)
        rig_pairing_note_centre(book->pairing, state->centre);
    leg->call = state;
    leg->role = RIG_LEG_OF_CALLER;
    state->n_refs = 1;
    rig_book_tell_joined(book, leg);
    rig_book_say(book, state, t_ns, "INVITE: a call; \"%.*s\" calls", (int)rig_sip_from_user(sip).n,
                 rig_sip_from_user(sip).p);
    return RIG_OK;
}

/* An agent's phone, where someone asks who it was. */
static rig_status note_ring(const rig_book *book, rig_leg *leg, const rig_sip *sip, int64_t t_ns,
                            rig_error *err)
{
    char name[RIG_AGENT_NAME_SIZE];
    if (leg->call->parties == NULL)
        return RIG_OK;
    rig_party_notes_agent(sip, name);
    if (rig_party_notes_add(leg->call->parties, leg, name,
                            book->rules->rings_on_18x ? RIG_NO_TIME : t_ns))
        return RIG_OK;
    return rig_fail(err, RIG_ENOMEM, "out of memory");
}

rig_status rig_book_open(rig_book *book, rig_leg *leg, const rig_sip *sip, int64_t t_ns,
                         rig_error *err)
{
    const rig_join_rule *by = NULL;
    rig_joins_decide(book, leg, sip, t_ns, &by);
    if (leg->role == RIG_LEG_OF_AGENT) {
        rig_fate *state = leg->call;
        book->counts.n_agent_legs++;
        state->call.n_messages++;
        state->n_refs++;
        rig_book_tell_joined(book, leg);
        rig_book_apply_elapsed(book, state, t_ns);
        rig_fate_on_agent_leg(state, leg, (rig_leg_event){.kind = RIG_LEG_OFFERED}, t_ns,
                              book->rules->rings_on_18x);
        rig_book_say(book, state, t_ns, "join rule \"%s\": agent's leg %.*s", by->name,
                     (int)leg->n_call_id, leg->call_id);
        return note_ring(book, leg, sip, t_ns, err);
    }
    if (leg->role == RIG_LEG_STRAY) {
        book->counts.n_stray_legs++;
        if (book->pairing != NULL && !rig_pairing_keep(book->pairing, leg, sip, t_ns))
            return rig_fail(err, RIG_ENOMEM, "out of memory");
        return RIG_OK;
    }
    leg->role = RIG_LEG_STRAY;
    return add_call(book, leg, sip, t_ns, err);
}

/* ---- marks ---- */

uint64_t rig_book_note_marks(rig_book *book, const rig_sip *sip)
{
    uint64_t marks = rig_rules_match(book->rules, sip);
    if (marks == 0)
        return 0;
    if ((marks & book->rules->queue_marks) != 0)
        book->counts.has_queue_marks = book->marks.has_queue = true;
    if ((marks & book->rules->ringing_marks) != 0)
        book->marks.has_ringing = true;
    return marks;
}

void rig_book_apply_elapsed(rig_book *book, rig_fate *state, int64_t t_ns)
{
    for (size_t i = 0; i < book->rules->n_elapsed && rig_fate_is_in_menu(state); i++) {
        const rig_elapsed_rule *rule = &book->rules->elapsed[i];
        int64_t t_mark_ns = state->call.t_answer_ns + rule->after_ns;
        if (t_ns >= t_mark_ns && rig_fate_mark(state, rule->meaning, t_mark_ns, &book->marks))
            rig_book_say(book, state, t_mark_ns, "mark \"%s\": %s", rule->name,
                         rig_meaning_name(rule->meaning));
    }
}

/* Whether a message on this leg, from this side, is the mark that it may be. */
static bool is_mark(const rig_mark_rule *mark, const rig_leg *leg, rig_leg_event event,
                    const rig_sip *sip)
{
    bool is_agents = leg->role == RIG_LEG_OF_AGENT;
    if (mark->leg != RIG_RULE_LEG_ANY && (mark->leg == RIG_RULE_LEG_AGENT) != is_agents)
        return false;
    if (sip->method == RIG_SIP_INVITE &&
        (sip->is_request ? event.kind != RIG_LEG_RENEGOTIATED : !event.is_of_initial))
        return false;
    /* event.side is who sent the request; a response comes from the other one. The centre is the
     * callee of the caller's leg, and the caller of an agent's. */
    rig_side sender = sip->is_request                 ? event.side
                      : event.side == RIG_SIDE_CALLER ? RIG_SIDE_CALLEE
                                                      : RIG_SIDE_CALLER;
    bool is_centre = (sender == RIG_SIDE_CALLEE) != is_agents;
    return mark->from == RIG_RULE_FROM_ANY || (mark->from == RIG_RULE_FROM_CENTRE) == is_centre;
}

static void apply_marks(rig_book *book, rig_leg *leg, rig_leg_event event, const rig_sip *sip,
                        uint64_t marks, int64_t t_ns)
{
    rig_fate *state = leg->call;
    for (; marks != 0; marks &= marks - 1) {
        int i = __builtin_ctzll(marks);
        const rig_mark_rule *mark = &book->rules->marks[i];
        uint64_t bit = UINT64_C(1) << i;
        if (!is_mark(mark, leg, event, sip))
            continue;
        /* A provisional response may be repeated with other words: it counts once. */
        if (!sip->is_request && (state->fired & bit) != 0)
            continue;
        state->fired |= sip->is_request ? 0 : bit;
        if (rig_fate_mark(state, mark->meaning, t_ns, &book->marks))
            rig_book_say(book, state, t_ns, "mark \"%s\": %s", mark->name,
                         rig_meaning_name(mark->meaning));
    }
}

/* ---- messages ---- */

static void follow_caller(rig_book *book, rig_leg *leg, rig_leg_event event, const rig_sip *sip,
                          int64_t t_ns)
{
    rig_fate *state = leg->call;
    bool was_answered = state->call.answered;
    rig_fate_on_caller_leg(state, leg, event, sip, t_ns);
    if (state->call.answered && !was_answered) {
        book->counts.n_answered++;
        if (book->sink.answered != NULL)
            book->sink.answered(book->sink.ctx, state->call.t_invite_ns);
    }
    if (state->has_response)
        state->is_dead = leg->is_dead = false;
    if (event.kind == RIG_LEG_FORWARDED || event.kind == RIG_LEG_RETRIED) {
        rig_joins_unlink(book, state);
        rig_joins_set_keys(book, state, sip);
        if (book->pairing != NULL)
            rig_pairing_note_centre(book->pairing, state->centre);
    }
}

static void explain_message(const rig_book *book, const rig_leg *leg, rig_leg_event event,
                            const rig_sip *sip, int64_t t_ns)
{
    static const char *const words[] = {"",
                                        "offered",
                                        "passed on by a proxy",
                                        "a further attempt",
                                        "responded",
                                        "provisional",
                                        "answered",
                                        "asked for a further attempt",
                                        "failed",
                                        "cancelled",
                                        "ended",
                                        "renegotiated",
                                        ""};
    const char *word = words[event.kind];
    if (word[0] == '\0')
        return;
    char what[32];
    if (sip->is_request)
        (void)snprintf(what, sizeof what, "%s", rig_sip_method_name(sip->method));
    else
        (void)snprintf(what, sizeof what, "%d to %s", sip->code, rig_sip_method_name(sip->method));
    rig_book_say(book, leg->call, t_ns, "%s on the %s leg: %s", what,
                 leg->role == RIG_LEG_OF_AGENT ? "agent's" : "caller's", word);
}

void rig_book_follow(rig_book *book, rig_leg *leg, rig_leg_event event, const rig_sip *sip,
                     uint64_t marks, int64_t t_ns)
{
    rig_fate *state = leg->call;
    if (state == NULL) {
        if (leg->pending != NULL)
            rig_pairing_on_leg(book, leg, event, t_ns);
        return;
    }
    state->call.n_messages++;
    if (event.kind == RIG_LEG_NOTHING && marks == 0)
        return;
    bool was_over = state->end != RIG_END_NONE || state->is_dead;
    rig_book_apply_elapsed(book, state, t_ns);
    if (state->is_explained)
        explain_message(book, leg, event, sip, t_ns);
    /* What ends a call may say in what stage: its mark goes before. */
    bool is_last = event.kind == RIG_LEG_ENDED || event.kind == RIG_LEG_CANCELLED;
    if (marks != 0 && is_last)
        apply_marks(book, leg, event, sip, marks, t_ns);
    if (leg->role == RIG_LEG_OF_AGENT) {
        rig_fate_on_agent_leg(state, leg, event, t_ns, book->rules->rings_on_18x);
        if (state->parties != NULL)
            rig_party_notes_follow(state->parties, leg, event, t_ns);
    } else {
        follow_caller(book, leg, event, sip, t_ns);
    }
    if (marks != 0 && !is_last)
        apply_marks(book, leg, event, sip, marks, t_ns);
    bool is_over = state->end != RIG_END_NONE;
    if (is_over && !was_over && book->pairing != NULL)
        rig_pairing_on_call_over(book, state, t_ns);
    if (was_over || is_over)
        rig_book_recount(book, state, t_ns);
    else
        rig_joins_link(book, state);
}

void rig_book_invite_again(const rig_leg *leg)
{
    if (leg->call != NULL && leg->role == RIG_LEG_OF_CALLER)
        leg->call->call.invite_retransmissions++;
}
