/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "analyzer/calls/book.h"
#include "analyzer/calls/hash.h"
#include "analyzer/sip/values.h"

/* Calls of one number and centre that are looked at before it is called ambiguous: bounds the work
 * where every caller shows the same number. */
enum { MAX_SAME_KEY = 16 };

/* The last keys of a call, behind those of the rules. */
enum {
    KEY_ASSERTED = 0, /* by the number of P-Asserted-Identity, where it is not From's */
    KEY_TELEPHONE,    /* by the number as it may be written otherwise */
    KEY_RELAY,        /* by the number, at a hop that passed the call on .. */
    KEY_RELAY_SHOWN,  /* .. and by the one that it shows there */
    N_MORE_KEYS
};

static rig_call_key *key_at(rig_fate *state, size_t which)
{
    return &state->keys[state->n_keys - N_MORE_KEYS + which];
}

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
    return n + N_MORE_KEYS;
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

/* What the key of a rule that names a header is in an INVITE. */
static uint64_t key_of(const rig_join_rule *join, size_t n_rule, const rig_sip *sip)
{
    rig_slice value = rig_sip_extra_value(sip, join->header);
    if (join->kind == RIG_JOIN_SESSION_ID)
        return rig_joins_session_key(value);
    return value.n == 0 ? 0 : rig_hash_slice(3 + n_rule, value) | 1;
}

/* Whoever calls without a number of his own in From may be known by what his network asserts (RFC
 * 3325). */
static void set_number_keys(const rig_book *book, rig_fate *state, const rig_sip *sip)
{
    const rig_slice asserted = rig_sip_user_of(rig_sip_extra_value(sip, book->rules->asserted));
    const uint64_t user = rig_sip_name_hash(asserted);
    state->asserted.state = state;
    state->asserted.link.key =
        user == state->number ? 0 : rig_joins_number_key(user, state->caller);
    state->telephone = rig_telephone_of(sip->from_name);
    if (state->telephone.n == 0)
        state->telephone = rig_telephone_of(asserted);
    for (size_t i = 0; i < N_MORE_KEYS; i++)
        key_at(state, i)->state = state;
    if (!book->rules->has_number_join)
        return;
    key_at(state, KEY_ASSERTED)->link.key =
        user == state->number ? 0 : rig_joins_number_key(user, state->centre);
    key_at(state, KEY_TELEPHONE)->link.key =
        rig_joins_number_key(rig_telephone_hash(state->telephone), state->centre);
}

static bool is_diverted(const rig_book *book, const rig_sip *sip)
{
    return rig_sip_extra_value(sip, book->rules->diversion).n > 0 ||
           rig_sip_extra_value(sip, book->rules->history).n > 0;
}

void rig_joins_set_keys(const rig_book *book, rig_fate *state, const rig_sip *sip)
{
    size_t k = 0;
    for (size_t i = 0; i < book->rules->n_joins; i++) {
        const rig_join_rule *join = &book->rules->joins[i];
        if (!has_key(join->kind))
            continue;
        state->keys[k].state = state;
        state->keys[k].link.key = join->kind == RIG_JOIN_NUMBER
                                      ? rig_joins_number_key(state->number, state->centre)
                                      : key_of(join, i, sip);
        k++;
    }
    set_number_keys(book, state, sip);
    state->to = rig_telephone_of(sip->to_name);
    state->called = rig_sip_user_hash(sip->uri);
    state->is_diverted = is_diverted(book, sip);
    state->origin.state = state;
    state->origin.link.key = rig_joins_number_key(state->number, state->caller);
}

void rig_joins_link(rig_book *book, rig_fate *state)
{
    for (size_t k = 0; k < state->n_keys; k++) {
        if (state->keys[k].link.key != 0)
            rig_number_index_add(&book->keys, &state->keys[k].link, state->keys[k].link.key);
    }
}

void rig_joins_unlink(rig_book *book, rig_fate *state)
{
    for (size_t k = 0; k < state->n_keys; k++)
        rig_number_index_remove(&book->keys, &state->keys[k].link);
}

void rig_joins_add_relay(rig_book *book, rig_fate *state, rig_endpoint relay, uint64_t number)
{
    for (size_t i = KEY_TELEPHONE; i < N_MORE_KEYS; i++)
        rig_number_index_remove(&book->keys, &key_at(state, i)->link);
    book->has_relays = state->is_relayed = true;
    state->relay = relay;
    key_at(state, KEY_RELAY)->link.key = rig_joins_number_key(state->number, relay);
    key_at(state, KEY_RELAY_SHOWN)->link.key =
        number == state->number ? 0 : rig_joins_number_key(number, relay);
    if (book->rules->has_number_join)
        key_at(state, KEY_TELEPHONE)->link.key =
            rig_joins_number_key(rig_telephone_hash(state->telephone), relay);
    rig_joins_link(book, state);
}

void rig_joins_note_sent_on(rig_book *book, rig_fate *state, rig_endpoint at)
{
    if (state->is_relayed || !book->rules->has_number_join)
        return;
    key_at(state, KEY_RELAY)->link.key = rig_joins_number_key(state->number, at);
    key_at(state, KEY_RELAY_SHOWN)->link.key =
        rig_joins_number_key(rig_telephone_hash(state->telephone), at);
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
 * is_ambiguous when that does not tell either. @param number  NULL, or the number that the call's
 * may be, written otherwise. */
static rig_fate *find_by_key(rig_book *book, const rig_join_rule *join, const rig_leg *leg,
                             uint64_t key, const rig_telephone *number, int64_t t_ns,
                             bool *is_ambiguous)
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
        if (number != NULL && !rig_telephone_same(*number, state->telephone))
            continue;
        if (join->window_ns != RIG_RULE_NO_LIMIT_NS) {
            const int64_t since_ns = t_ns - state->call.t_invite_ns;
            rig_book_note_edge(book, since_ns, join->window_ns);
            if (since_ns > join->window_ns)
                continue;
        }
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

/* ---- by the caller's number ---- */

/* The call of a number that a leg shows; as it is written, or else written otherwise. */
static rig_fate *find_by_number(rig_book *book, const rig_join_rule *join, const rig_leg *leg,
                                rig_slice shown, int64_t t_ns, bool *is_ambiguous)
{
    const uint64_t key = rig_joins_number_key(rig_sip_name_hash(shown), leg->caller);
    rig_fate *found = find_by_key(book, join, leg, key, NULL, t_ns, is_ambiguous);
    if (found != NULL || *is_ambiguous)
        return found;
    const rig_telephone number = rig_telephone_of(shown);
    const uint64_t tail = rig_joins_number_key(rig_telephone_hash(number), leg->caller);
    return find_by_key(book, join, leg, tail, &number, t_ns, is_ambiguous);
}

/* The first of the values of a header, and the rest of them (RFC 3261 section 7.3.1: a comma
 * between two; one within <> or quotes is a value's own). */
static rig_slice next_value(rig_slice *rest)
{
    bool is_quoted = false;
    int n_open = 0;
    size_t i = 0;
    for (; i < rest->n && (is_quoted || n_open > 0 || rest->p[i] != ','); i++) {
        const char c = rest->p[i];
        if (c == '"' && n_open == 0)
            is_quoted = !is_quoted;
        else if (c == '\\' && is_quoted && i + 1 < rest->n)
            i++;
        else if (!is_quoted)
            n_open += c == '<' ? 1 : c == '>' ? -1 : 0;
    }
    const rig_slice value = rig_slice_trim((rig_slice){rest->p, i});
    *rest = rig_slice_skip(*rest, i < rest->n ? i + 1 : i);
    return value;
}

static bool shows_caller(const rig_rules *rules, unsigned header)
{
    return header == rules->asserted || header == rules->remote_party ||
           header == rules->diversion || header == rules->history;
}

/* How far a leg's headers that may show its caller have been read. */
typedef struct shown_at {
    unsigned header;
    rig_slice rest;
} shown_at;

/* The next number that they show. @return whether there is one. */
static bool next_shown(const rig_rules *rules, const rig_sip *sip, shown_at *at, rig_slice *user)
{
    while (at->rest.n == 0) {
        if (at->header == sip->n_extra)
            return false;
        const rig_sip_extra *extra = &sip->extra[at->header++];
        if (shows_caller(rules, extra->index))
            at->rest = extra->value;
    }
    *user = rig_sip_user_of(next_value(&at->rest));
    return true;
}

/* A leg whose From is the centre's own number may show its caller elsewhere. */
static rig_fate *find_by_shown(rig_book *book, const rig_join_rule *join, const rig_leg *leg,
                               const rig_sip *sip, int64_t t_ns)
{
    rig_fate *found = NULL;
    shown_at at = {0};
    rig_slice user;
    while (found == NULL && next_shown(book->rules, sip, &at, &user)) {
        bool is_ambiguous = false;
        found = find_by_number(book, join, leg, user, t_ns, &is_ambiguous);
    }
    return found;
}

static rig_fate *find_by_caller(rig_book *book, const rig_join_rule *join, const rig_leg *leg,
                                const rig_sip *sip, int64_t t_ns, bool *is_ambiguous)
{
    if (!book->has_relays && !rig_strays_may_have_calls_up(book, leg->caller))
        return NULL; /* most legs are callers': no call is up where they come from */
    rig_fate *found = find_by_number(book, join, leg, sip->from_name, t_ns, is_ambiguous);
    return found != NULL ? found : find_by_shown(book, join, leg, sip, t_ns);
}

/* Whether a number at a host is that of a call which was sent there. */
static bool is_sent_on(const rig_book *book, const rig_leg *leg, rig_slice shown)
{
    const rig_telephone number = rig_telephone_of(shown);
    const uint64_t keys[] = {
        rig_joins_number_key(rig_sip_name_hash(shown), leg->caller),
        rig_joins_number_key(rig_telephone_hash(number), leg->caller),
    };
    for (int i = 0; i < 2; i++) {
        rig_number_link *link = keys[i] == 0 ? NULL : rig_number_index_first(&book->keys, keys[i]);
        int n_seen = 0;
        for (; link != NULL && n_seen < MAX_SAME_KEY;
             link = rig_number_index_next(link), n_seen++) {
            rig_fate *state = ((rig_call_key *)link)->state;
            const bool is_its = &key_at(state, KEY_RELAY)->link == link ||
                                &key_at(state, KEY_RELAY_SHOWN)->link == link;
            if (is_its && (i == 0 || rig_telephone_same(number, state->telephone)))
                return true;
        }
    }
    return false;
}

bool rig_joins_shows_sent_on(const rig_book *book, const rig_leg *leg, const rig_sip *sip)
{
    bool is_shown = is_sent_on(book, leg, sip->from_name);
    shown_at at = {0};
    rig_slice user;
    while (!is_shown && next_shown(book->rules, sip, &at, &user))
        is_shown = is_sent_on(book, leg, user);
    return is_shown;
}

/* ---- by a header ---- */

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

/* Whether one user ends with the other: a prefix of a carrier or an exchange is before it. */
static bool has_prefix_more(rig_slice a, rig_slice b)
{
    if (a.n < b.n) {
        const rig_slice longer = b;
        b = a;
        a = longer;
    }
    return b.n >= RIG_TELEPHONE_LEAST && rig_slice_eq(rig_slice_skip(a, a.n - b.n), b);
}

bool rig_joins_is_retargeted(const rig_fate *state, const rig_sip *sip)
{
    const rig_slice name = rig_sip_called_user(sip);
    const uint64_t called = rig_sip_name_hash(name);
    if (called == 0 || called == state->called || called == sip->to_user ||
        called == state->dialled)
        return false;
    return !rig_telephone_same(rig_telephone_of(name), rig_telephone_of(sip->to_name)) &&
           !has_prefix_more(name, sip->to_name);
}

static bool is_same_dialled(const rig_fate *state, const rig_sip *sip)
{
    return (state->dialled != 0 && sip->to_user == state->dialled) ||
           rig_telephone_same(state->to, rig_telephone_of(sip->to_name));
}

/* Whether a leg that shows its call's caller is no agent's but the call itself on its way, beyond a
 * session border controller: it was sent to the number that the caller dialled, before anyone
 * answered. */
static bool passes_on(const rig_book *book, const rig_fate *state, const rig_join_rule *join,
                      const rig_leg *leg, const rig_sip *sip)
{
    if (join->kind != RIG_JOIN_NUMBER || !rig_fate_is_of_caller_alone(state))
        return false;
    if (rig_sent_on_is_relay(book, leg->callee))
        return true;
    if (is_diverted(book, sip) && !state->is_diverted && rig_joins_is_retargeted(state, sip))
        return false; /* the centre says that it sends the call on to someone else */
    return !join->same_dialled_is_agent && is_same_dialled(state, sip);
}

void rig_joins_decide(rig_book *book, rig_leg *leg, const rig_sip *sip, int64_t t_ns,
                      const rig_join_rule **by)
{
    bool is_stray = false;
    leg->call = NULL;
    for (size_t i = 0; i < book->rules->n_joins && leg->call == NULL; i++) {
        const rig_join_rule *join = &book->rules->joins[i];
        bool is_ambiguous = false;
        *by = join;
        if (join->kind == RIG_JOIN_NUMBER) {
            leg->call = find_by_caller(book, join, leg, sip, t_ns, &is_ambiguous);
            is_stray = is_stray || is_ambiguous;
        } else if (has_key(join->kind)) {
            uint64_t key = key_of(join, i, sip);
            leg->call = find_by_key(book, join, leg, key, NULL, t_ns, &is_ambiguous);
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
        leg->role = passes_on(book, leg->call, *by, leg, sip) ? RIG_LEG_OF_RELAY : RIG_LEG_OF_AGENT;
    else
        leg->role = is_stray ? RIG_LEG_STRAY : RIG_LEG_OF_CALLER;
}

/* ---- who listens ---- */

void rig_book_on_joined(rig_book *book, rig_leg_joined joined, void *ctx)
{
    book->joined = joined;
    book->joined_ctx = ctx;
}

void rig_book_note_sources(rig_book *book, rig_clock_ties *ties)
{
    book->ties = ties;
}

void rig_book_note_source(const rig_leg *leg, uint16_t source)
{
    if (leg->call != NULL && source != leg->call->source)
        leg->call->other_source = source;
}

void rig_book_tell_joined(const rig_book *book, const rig_leg *leg)
{
    rig_fate *state = leg->call;
    if (state->source == 0)
        state->source = leg->source;
    else if (leg->source != state->source)
        state->other_source = leg->source;
    if (book->joined != NULL)
        book->joined(book->joined_ctx, leg->number, leg->call->order);
}
