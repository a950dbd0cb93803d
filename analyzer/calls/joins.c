/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "analyzer/calls/book.h"
#include "analyzer/calls/hash.h"

/* Calls of one number and centre that are looked at before it is called ambiguous: bounds the work
 * where every caller shows the same number. */
enum { MAX_SAME_KEY = 16 };

/* ---- keys ---- */

static bool has_key(rig_join_kind kind)
{
    return kind == RIG_JOIN_NUMBER || kind == RIG_JOIN_SAME || kind == RIG_JOIN_SESSION_ID;
}

size_t rig_joins_n_keys(const rig_rules *rules)
{
    size_t n = 0;
    for (size_t i = 0; i < rules->n_joins; i++)
        n += has_key(rules->joins[i].kind);
    return n + 2; /* the last two: by the number, at a hop that passed the call on */
}

/* The host alone: a centre may send from another port than the one it listens on. */
uint64_t rig_joins_number_key(uint64_t number, rig_endpoint host)
{
    if (number == 0)
        return 0;
    uint64_t key = rig_hash_word(number, host.ip_high);
    key = rig_hash_word(key, host.ip_low);
    return key | 1; /* 0 stands for no number */
}

/* RFC 7989 section 6: the value begins with the sender's UUID, 32 digits in lower case; the nil one
 * stands for "not known". A centre that follows it hands the caller's UUID on to the agent's leg.
 */
uint64_t rig_joins_session_key(rig_slice value)
{
    static const char nil[] = "00000000000000000000000000000000";
    rig_slice uuid = rig_slice_trim((rig_slice){value.p, rig_slice_find(value, ';')});
    if (uuid.n == 0 || rig_slice_is(uuid, nil))
        return 0;
    char folded[64];
    if (uuid.n > sizeof folded)
        return 0;
    for (size_t i = 0; i < uuid.n; i++)
        folded[i] = (char)(uuid.p[i] >= 'A' && uuid.p[i] <= 'Z' ? uuid.p[i] | 0x20 : uuid.p[i]);
    return rig_hash_slice(2, (rig_slice){folded, uuid.n}) | 1;
}

/* What a rule's key is in an INVITE; `centre` is where the centre is for this leg. */
static uint64_t key_of(const rig_join_rule *join, size_t n_rule, const rig_sip *sip,
                       rig_endpoint centre)
{
    if (join->kind == RIG_JOIN_NUMBER)
        return rig_joins_number_key(sip->from_user, centre);
    rig_slice value = rig_sip_extra_value(sip, join->header);
    if (join->kind == RIG_JOIN_SESSION_ID)
        return rig_joins_session_key(value);
    return value.n == 0 ? 0 : rig_hash_slice(3 + n_rule, value) | 1;
}

void rig_joins_set_keys(const rig_book *book, rig_fate *state, const rig_sip *sip)
{
    size_t k = 0;
    for (size_t i = 0; i < book->rules->n_joins; i++) {
        const rig_join_rule *join = &book->rules->joins[i];
        if (!has_key(join->kind))
            continue;
        state->keys[k].state = state;
        state->keys[k].key = key_of(join, i, sip, state->centre);
        k++;
    }
    state->keys[k].state = state->keys[k + 1].state = state; /* their keys come with the hop */
    state->origin.state = state;
    state->origin.key = rig_joins_number_key(state->number, state->caller);
}

void rig_joins_link(rig_book *book, rig_fate *state)
{
    for (size_t k = 0; k < state->n_keys; k++) {
        if (state->keys[k].key != 0)
            rig_number_index_add(&book->keys, &state->keys[k].link, state->keys[k].key);
    }
}

void rig_joins_unlink(rig_book *book, rig_fate *state)
{
    for (size_t k = 0; k < state->n_keys; k++)
        rig_number_index_remove(&book->keys, &state->keys[k].link);
}

void rig_joins_add_relay(rig_book *book, rig_fate *state, rig_endpoint relay, uint64_t number)
{
    rig_call_key *keys = &state->keys[state->n_keys - 2];
    for (int i = 0; i < 2; i++)
        rig_number_index_remove(&book->keys, &keys[i].link);
    state->is_relayed = true;
    state->relay = relay;
    keys[0].key = rig_joins_number_key(state->number, relay);
    keys[1].key = number == state->number ? 0 : rig_joins_number_key(number, relay);
    rig_joins_link(book, state);
}

/* ---- looking up ---- */

/* Another port of the centre's host will do only where the caller is elsewhere: on one host (a rig
 * on loopback) it may be the caller himself, who calls again. */
static bool is_from_centre(const rig_fate *state, rig_endpoint src)
{
    if (rig_endpoint_eq(src, state->centre) ||
        (state->is_relayed && rig_endpoint_eq(src, state->relay)))
        return true;
    if (rig_endpoint_same_host(src, state->caller))
        return false;
    return rig_endpoint_same_host(src, state->centre) ||
           (state->is_relayed && rig_endpoint_same_host(src, state->relay));
}

/* The call in progress that a key stands for. Of several, the one that has no agent yet; NULL and
 * is_ambiguous when that does not tell either. */
static rig_fate *find_by_key(const rig_book *book, const rig_join_rule *join, const rig_leg *leg,
                             uint64_t key, int64_t t_ns, bool *is_ambiguous)
{
    rig_fate *waiting = NULL;
    rig_fate *talking = NULL;
    int n_waiting = 0, n_talking = 0, n_seen = 0;
    if (key == 0)
        return NULL;
    for (rig_number_link *link = rig_number_index_first(&book->keys, key);
         link != NULL && n_seen < MAX_SAME_KEY; link = rig_number_index_next(link), n_seen++) {
        rig_fate *state = ((rig_call_key *)link)->state;
        if (join->kind == RIG_JOIN_NUMBER && !is_from_centre(state, leg->caller))
            continue;
        if (join->window_ns != RIG_RULE_NO_LIMIT_NS &&
            t_ns - state->call.t_invite_ns > join->window_ns)
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
                    (n_seen == MAX_SAME_KEY && n_waiting + n_talking > 0);
    if (*is_ambiguous)
        return NULL;
    return n_waiting == 1 ? waiting : talking;
}

/* The call whose Call-ID a header names. @return whether the header is there and names another leg.
 */
static bool find_by_header(const rig_book *book, const rig_join_rule *join, const rig_leg *leg,
                           const rig_sip *sip, rig_fate **call)
{
    const rig_slice own = {leg->call_id, leg->n_call_id};
    rig_slice named = rig_sip_extra_value(sip, join->header);
    if (named.n == 0 || rig_slice_eq(named, own))
        return false;
    const rig_leg *of_caller = rig_leg_table_find(book->table, named);
    *call = of_caller == NULL ? NULL : of_caller->call;
    return true;
}

/* Whether a leg that shows its call's caller is no agent's but the call itself on its way, beyond a
 * session border controller: it was sent to the number that the caller dialled, before anyone
 * answered. */
static bool passes_on(const rig_fate *state, const rig_join_rule *join, const rig_sip *sip)
{
    return join->kind == RIG_JOIN_NUMBER && !join->same_dialled_is_agent && !state->call.answered &&
           state->call.n_legs == 1 && state->dialled != 0 && sip->to_user == state->dialled;
}

void rig_joins_decide(const rig_book *book, rig_leg *leg, const rig_sip *sip, int64_t t_ns,
                      const rig_join_rule **by)
{
    bool is_stray = false;
    leg->call = NULL;
    for (size_t i = 0; i < book->rules->n_joins && leg->call == NULL; i++) {
        const rig_join_rule *join = &book->rules->joins[i];
        bool is_ambiguous = false;
        *by = join;
        if (has_key(join->kind)) {
            uint64_t key = key_of(join, i, sip, leg->caller);
            leg->call = find_by_key(book, join, leg, key, t_ns, &is_ambiguous);
            is_stray = is_stray || is_ambiguous;
        } else if (join->kind == RIG_JOIN_HEADER) {
            if (find_by_header(book, join, leg, sip, &leg->call) && leg->call == NULL) {
                leg->role = RIG_LEG_STRAY; /* it names a leg that is not there: nobody else's */
                return;
            }
        } else if (rig_pairing_may_be_agents(book->pairing, leg)) {
            is_stray = true; /* its end will tell */
        }
    }
    if (leg->call != NULL)
        leg->role = passes_on(leg->call, *by, sip) ? RIG_LEG_OF_RELAY : RIG_LEG_OF_AGENT;
    else
        leg->role = is_stray ? RIG_LEG_STRAY : RIG_LEG_OF_CALLER;
}

/* ---- who listens ---- */

void rig_book_on_joined(rig_book *book, rig_leg_joined joined, void *ctx)
{
    book->joined = joined;
    book->joined_ctx = ctx;
}

void rig_book_tell_joined(const rig_book *book, const rig_leg *leg)
{
    if (book->joined != NULL)
        book->joined(book->joined_ctx, leg->number, leg->call->order);
}
