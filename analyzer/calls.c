#include "analyzer/calls.h"

#include <stdlib.h>

#include "analyzer/call_state.h"
#include "analyzer/hash.h"

/* Calls of one number and centre that are looked at before it is called ambiguous: bounds the work
 * where every caller shows the same number. */
enum { MAX_SAME_NUMBER = 16 };

struct rig_call_book {
    rig_call_state **items; /* in the order of their INVITEs */
    size_t n, cap;
    size_t n_aged; /* of these, RIG_NO_RESPONSE_NS have passed */
    rig_number_index numbers;
    rig_call_marks marks;
    rig_call_book_counts counts;
};

rig_status rig_call_book_new(rig_call_book **book, rig_error *err)
{
    rig_call_book *made = calloc(1, sizeof *made);
    if (made == NULL)
        return rig_fail(err, RIG_ENOMEM, "out of memory");
    rig_status status = rig_number_index_init(&made->numbers, err);
    if (status != RIG_OK) {
        free(made);
        return status;
    }
    *book = made;
    return RIG_OK;
}

static void free_state(rig_call_state *state)
{
    free(state->call.call_id);
    free(state);
}

void rig_call_book_free(rig_call_book *book)
{
    if (book == NULL)
        return;
    for (size_t i = 0; i < book->n; i++)
        free_state(book->items[i]);
    free(book->items);
    rig_number_index_clear(&book->numbers);
    free(book);
}

/* ---- joining ---- */

/* The host alone: a centre may send from another port than the one it listens on. */
static uint64_t number_key(rig_slice number, rig_endpoint centre)
{
    if (number.n == 0)
        return 0;
    uint64_t key = rig_hash_slice(1, number);
    key = rig_hash_word(key, centre.ip_high);
    key = rig_hash_word(key, centre.ip_low);
    return key | 1; /* 0 stands for no number */
}

/* Another port of the centre's host will do only where the caller is elsewhere: on one host (a rig
 * on loopback) it may be the caller himself, who calls again. */
static bool is_from_centre(const rig_call_state *state, rig_endpoint src)
{
    if (rig_endpoint_eq(src, state->centre))
        return true;
    return rig_endpoint_same_host(src, state->centre) &&
           !rig_endpoint_same_host(src, state->caller);
}

/* The call in progress that a number and an address stand for. Of several, the one that has no
 * agent yet; NULL and is_ambiguous when that does not tell either. */
static rig_call_state *find_by_number(const rig_call_book *book, const rig_leg *leg,
                                      rig_slice number, bool *is_ambiguous)
{
    uint64_t key = number_key(number, leg->caller);
    rig_call_state *waiting = NULL;
    rig_call_state *talking = NULL;
    int n_waiting = 0, n_talking = 0, n_seen = 0;
    if (key == 0)
        return NULL;
    for (rig_number_link *link = rig_number_index_first(&book->numbers, key);
         link != NULL && n_seen < MAX_SAME_NUMBER; link = rig_number_index_next(link), n_seen++) {
        rig_call_state *state = (rig_call_state *)link;
        if (!is_from_centre(state, leg->caller))
            continue;
        if (state->phase == RIG_PHASE_TALKING) {
            talking = state;
            n_talking++;
        } else {
            waiting = state;
            n_waiting++;
        }
    }
    *is_ambiguous = n_waiting > 1 || (n_waiting == 0 && n_talking > 1) ||
                    (n_seen == MAX_SAME_NUMBER && n_waiting + n_talking > 0);
    if (*is_ambiguous)
        return NULL;
    return n_waiting == 1 ? waiting : talking;
}

/* Decide what a new leg is. */
static void join(const rig_call_book *book, const rig_leg_table *table, rig_leg *leg,
                 const rig_sip *sip)
{
    rig_slice own = {leg->call_id, leg->n_call_id};
    if (sip->caller_call_id.n > 0 && !rig_slice_eq(sip->caller_call_id, own)) {
        const rig_leg *of_caller = rig_leg_table_find(table, sip->caller_call_id);
        leg->call = of_caller == NULL ? NULL : of_caller->call;
        leg->role = leg->call == NULL ? RIG_LEG_STRAY : RIG_LEG_OF_AGENT;
        return;
    }
    bool is_ambiguous = false;
    leg->call = find_by_number(book, leg, sip->from_user, &is_ambiguous);
    if (leg->call != NULL)
        leg->role = RIG_LEG_OF_AGENT;
    else
        leg->role = is_ambiguous ? RIG_LEG_STRAY : RIG_LEG_OF_CALLER;
}

static void link_number(rig_call_book *book, rig_call_state *state)
{
    if (state->number_key != 0)
        rig_number_index_add(&book->numbers, &state->by_number, state->number_key);
}

/* ---- running counts ---- */

static void recount(rig_call_book *book, rig_call_state *state, int64_t t_ns)
{
    rig_outcome outcome = RIG_OUTCOME_IN_PROGRESS;
    char reason[RIG_CALL_REASON_SIZE];
    if (state->end != RIG_END_NONE || state->is_dead)
        rig_call_state_decide(state, &book->marks, t_ns, &outcome, reason);
    book->counts.n_outcome[state->counted_as]--;
    book->counts.n_outcome[outcome]++;
    state->counted_as = outcome;
    if (outcome == RIG_OUTCOME_IN_PROGRESS)
        link_number(book, state);
    else
        rig_number_index_remove(&book->numbers, &state->by_number);
}

void rig_call_book_tick(rig_call_book *book, int64_t t_now_ns)
{
    while (book->n_aged < book->n &&
           t_now_ns - book->items[book->n_aged]->call.t_invite_ns >= RIG_NO_RESPONSE_NS) {
        rig_call_state *state = book->items[book->n_aged++];
        if (!state->has_response && state->end == RIG_END_NONE) {
            state->is_dead = true;
            recount(book, state, t_now_ns);
        }
    }
}

const rig_call_book_counts *rig_call_book_count(const rig_call_book *book)
{
    return &book->counts;
}

/* ---- legs ---- */

static rig_status add_call(rig_call_book *book, rig_leg *leg, const rig_sip *sip, int64_t t_ns,
                           rig_error *err)
{
    if (book->n == book->cap) {
        size_t cap = book->cap == 0 ? 256 : book->cap * 2;
        rig_call_state **items = reallocarray(book->items, cap, sizeof *items);
        if (items == NULL)
            return rig_fail(err, RIG_ENOMEM, "out of memory");
        book->items = items;
        book->cap = cap;
    }
    rig_call_state *state = calloc(1, sizeof *state);
    if (state == NULL)
        return rig_fail(err, RIG_ENOMEM, "out of memory");
    state->call.call_id = rig_slice_dup(sip->call_id);
    if (state->call.call_id == NULL) {
        free(state);
        return rig_fail(err, RIG_ENOMEM, "out of memory");
    }
    rig_call_state_begin(state, leg, sip, t_ns);
    state->number_key = number_key(sip->from_user, state->centre);
    book->items[book->n++] = state;
    book->counts.n_offered++;
    book->counts.n_outcome[RIG_OUTCOME_IN_PROGRESS]++;
    link_number(book, state);
    leg->call = state;
    leg->role = RIG_LEG_OF_CALLER;
    return RIG_OK;
}

rig_status rig_call_book_open(rig_call_book *book, const rig_leg_table *table, rig_leg *leg,
                              const rig_sip *sip, int64_t t_ns, rig_error *err)
{
    join(book, table, leg, sip);
    if (leg->role == RIG_LEG_OF_AGENT) {
        book->counts.n_agent_legs++;
        leg->call->call.n_messages++;
        rig_call_state_on_agent_leg(leg->call, leg, (rig_leg_event){.kind = RIG_LEG_OFFERED}, t_ns);
        return RIG_OK;
    }
    if (leg->role == RIG_LEG_STRAY) {
        book->counts.n_stray_legs++;
        return RIG_OK;
    }
    leg->role = RIG_LEG_STRAY;
    return add_call(book, leg, sip, t_ns, err);
}

void rig_call_book_follow(rig_call_book *book, rig_leg *leg, rig_leg_event event,
                          const rig_sip *sip, int64_t t_ns)
{
    rig_call_state *state = leg->call;
    if (state == NULL)
        return;
    state->call.n_messages++;
    if (event.kind == RIG_LEG_NOTHING)
        return;
    bool was_over = state->end != RIG_END_NONE || state->is_dead;
    if (leg->role == RIG_LEG_OF_AGENT) {
        rig_call_state_on_agent_leg(state, leg, event, t_ns);
    } else {
        bool was_answered = state->call.answered;
        rig_call_state_on_caller_leg(state, leg, event, sip, t_ns, &book->marks);
        book->counts.n_answered += state->call.answered && !was_answered;
        if (state->has_response)
            state->is_dead = false;
        if (event.kind == RIG_LEG_FORWARDED || event.kind == RIG_LEG_RETRIED) {
            rig_number_index_remove(&book->numbers, &state->by_number);
            state->number_key = number_key(sip->from_user, state->centre);
        }
    }
    if (was_over || state->end != RIG_END_NONE)
        recount(book, state, t_ns);
    else
        link_number(book, state);
}

void rig_call_book_note_marks(rig_call_book *book, const rig_sip *sip)
{
    rig_call_marks_note(&book->marks, sip);
    book->counts.has_queue_marks = book->marks.has_queue;
}

void rig_call_book_invite_again(const rig_leg *leg)
{
    if (leg->call != NULL && leg->role == RIG_LEG_OF_CALLER)
        leg->call->call.invite_retransmissions++;
}

rig_status rig_call_book_finish(rig_call_book *book, int64_t t_last_ns, rig_calls **calls,
                                rig_error *err)
{
    rig_calls *made = calloc(1, sizeof *made);
    if (made == NULL)
        return rig_fail(err, RIG_ENOMEM, "out of memory");
    made->items = calloc(book->n > 0 ? book->n : 1, sizeof *made->items);
    if (made->items == NULL) {
        free(made);
        return rig_fail(err, RIG_ENOMEM, "out of memory");
    }
    rig_number_index_clear(&book->numbers);
    for (size_t i = 0; i < RIG_N_OUTCOMES; i++)
        book->counts.n_outcome[i] = 0;
    for (size_t i = 0; i < book->n; i++) {
        rig_call_state *state = book->items[i];
        rig_call *call = &made->items[i];
        *call = state->call;
        rig_call_state_decide(state, &book->marks, t_last_ns, &call->outcome, call->reason);
        book->counts.n_outcome[call->outcome]++;
        free(state);
    }
    made->n = book->n;
    free(book->items);
    book->items = NULL;
    book->n = book->cap = book->n_aged = 0;
    *calls = made;
    return RIG_OK;
}
