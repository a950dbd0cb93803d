/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The book from within: shared by the files of this folder that begin with it. */
#ifndef RIG_ANALYZER_CALLS_BOOK_H
#define RIG_ANALYZER_CALLS_BOOK_H

#include "analyzer/calls/fate.h"
#include "analyzer/calls/calls.h"
#include "analyzer/calls/number_index.h"
#include "analyzer/calls/pairing.h"
#include "analyzer/calls/sent_on.h"
#include "analyzer/clock/ties.h"

struct rig_book {
    const rig_rules *rules;
    rig_leg_table *table;
    rig_slabs *slabs; /* where calls lie */
    rig_call_sink sink;
    const rig_explain *explain; /* NULL: nobody asks */
    bool has_parties;           /* who called whom is noted */
    struct rig_repeats *repeats; /* NULL: nobody asks who calls again */
    bool has_relays;            /* a call has been passed on under another Call-ID */
    rig_fate *oldest, *newest;  /* all calls that are held, in the order of their INVITEs */
    rig_fate *young;            /* the first that RIG_NO_RESPONSE_NS have not passed of */
    rig_fate *over;             /* of those whose legs are forgotten: to be handed out */
    rig_number_index keys;      /* calls in progress, by what an agent's leg may show */
    rig_number_index origins;   /* all that are held, by the caller's number and his host */
    rig_number_index orphans;   /* of legs that began before the capture: rig_orphan (strays.c) */
    rig_number_index links;     /* calls, by what tells that another leg goes on with them */
    rig_number_index promises;  /* of callers who were deflected: rig_promised (call_backs.c) */
    struct rig_promised *promised;
    size_t n_promised;
    struct rig_strays *strays;
    struct rig_passed_on *passed_on;
    rig_sent_on sent_on;
    rig_leg_joined joined; /* NULL: nobody is told */
    void *joined_ctx;
    rig_call_watch watch; /* step NULL: nobody is told */
    rig_clock_ties *ties; /* borrowed; NULL: nobody asks */
    rig_pairing *pairing; /* NULL: no rule joins by the time of the BYE */
    rig_call_marks marks;
    bool is_queue_told; /* by a message, of some call */
    int64_t t_first_ns; /* of the first leg; 0: none */
    int64_t t_now_ns;
    rig_book_counts counts;
    int64_t edge_ns;       /* how near the leg that is taken in lies to the edge of a window */
    uint64_t n_orders;     /* given to calls */
    uint64_t n_by_gap[64]; /* calls handed out, by the binary logarithm of rig_fate.gap_ns */
    uint64_t n_open[RIG_N_OUTCOMES][RIG_N_OUTCOMES]; /* handed out: without marks, with marks */
};

/* A leg that is taken in lies so near to the edge of a window of time (both instants or durations):
 * beyond it, it would be another call's, or a call of its own. */
static inline void rig_book_note_edge(rig_book *book, int64_t t_ns, int64_t edge_ns)
{
    const int64_t apart_ns = rig_clock_apart_ns(t_ns, edge_ns);
    if (apart_ns < book->edge_ns)
        book->edge_ns = apart_ns;
}

/* One call more hangs on clocks that are no farther apart than this. */
void rig_book_add_gap(rig_book *book, int64_t gap_ns);

/* ---- joins.c ---- */

/* How many keys a call has under these rules. */
size_t rig_joins_n_keys(const rig_rules *rules);

/* Compute the keys of a call from its INVITE. */
void rig_joins_set_keys(const rig_book *book, rig_fate *state, const rig_sip *sip);

/* Put a call in progress into the index, and take one that is over out. */
void rig_joins_link(rig_book *book, rig_fate *state);
void rig_joins_unlink(rig_book *book, rig_fate *state);

/* The key of a number and a host; 0 for no number. */
uint64_t rig_joins_number_key(uint64_t number, rig_endpoint host);

/* A call has been passed on to a further hop under another Call-ID, with this caller's number:
 * agents' legs come from there, with this number or the one that the call came with. */
void rig_joins_add_relay(rig_book *book, rig_fate *state, rig_endpoint relay, uint64_t number);

/* A call's leg has gone out before its answer: a leg from there that shows its number can be found.
 */
void rig_joins_note_sent_on(rig_book *book, rig_fate *state, rig_endpoint at);

/* Whether a leg shows the number of a call in progress that was sent to where it comes from. */
bool rig_joins_shows_sent_on(const rig_book *book, const rig_leg *leg, const rig_sip *sip);

/* The key of a Session-ID's value (RFC 7989); 0 for none. */
uint64_t rig_joins_session_key(rig_slice value);

/* Whether a leg to the number that was dialled goes to someone else all the same: its Request-URI
 * names neither him nor whom the caller's did. */
bool rig_joins_is_retargeted(const rig_fate *state, const rig_sip *sip);

/* Decide what a new leg is: fills leg->role and leg->call. */
void rig_joins_decide(rig_book *book, rig_leg *leg, const rig_sip *sip, int64_t t_ns,
                      const rig_join_rule **by);

/* A leg belongs to leg->call: note of which source it is, and tell who asks. */
void rig_book_tell_joined(const rig_book *book, const rig_leg *leg);

/* ---- news.c ---- */

/* Tell who watches when a call has taken a step. */
void rig_book_tell_step(const rig_book *book, rig_fate *state);

/* The same of a call whose outcome and reason have been decided, in `call`. */
void rig_book_tell_end(const rig_book *book, rig_fate *state, const rig_call *call);

/* It turns out to be no call. */
void rig_book_tell_withdrawn(const rig_book *book, rig_fate *state);

/* ---- strays.c ---- */

struct rig_strays;

/* @param[out] strays  Owned by the caller. */
rig_status rig_strays_new(struct rig_strays **strays, rig_error *err);
void rig_strays_free(struct rig_strays *strays);

/* A call has begun, or is no longer up at its centre. */
void rig_strays_note_call(rig_book *book, rig_fate *state);
void rig_strays_note_over(rig_book *book, const rig_fate *state, int64_t t_ns);

/* It turns out to be none. */
void rig_strays_note_dropped(rig_book *book, const rig_fate *state);

/* Whether a leg that no rule joins is an agent's of a call that is gone: of one that was over a
 * moment ago, or began before the capture. */
bool rig_strays_is_one(rig_book *book, const rig_leg *leg, const rig_sip *sip, int64_t t_ns);

/* A call that began a moment before this one, from the host that this one was sent to, with its
 * number: a leg of it, captured too early. It becomes one. */
void rig_strays_absorb(rig_book *book, rig_fate *state);

/* Whether calls are up that a host has received; whether it has ever sent one. Cheap. */
bool rig_strays_has_calls_up(const rig_book *book, rig_endpoint at);
/* Likewise; true also where one was until a moment ago: clocks may differ by that. */
bool rig_strays_had_calls_up(const rig_book *book, rig_endpoint at, int64_t t_ns);
/* As the first; true also where so many hosts are about that nothing is noted of this one. */
bool rig_strays_may_have_calls_up(const rig_book *book, rig_endpoint at);
bool rig_strays_has_sent(const rig_book *book, rig_endpoint at);

/* An agent's leg is answered, or over, or about to be forgotten: his phone is known, and whether he
 * talks. @param talks  Whether he does from now on. */
void rig_strays_note_talk(const rig_book *book, rig_leg *leg, bool talks);

/* Whether a new leg comes from a phone that agents' legs go to. */
bool rig_strays_is_by_agent(const rig_book *book, const rig_leg *leg);

/* Whether a new leg is made by an agent while he talks, to consult a colleague: no caller's. The
 * centre may pass it on with his number: that leg is none, either. */
bool rig_strays_is_consultation(const rig_book *book, const rig_leg *leg);
rig_status rig_strays_note_consultation(rig_book *book, rig_leg *leg, const rig_sip *sip,
                                        rig_error *err);

/* Whether a new call looks like a further leg of another one. */
bool rig_strays_looks_like_leg(const rig_book *book, const rig_leg *leg);

/* ---- call_backs.c ---- */

/* A caller who was deflected, and whom the centre may call. */
typedef struct rig_promised rig_promised;

/* A call has ended as deflected: its caller may be called back. */
void rig_backs_note_deflected(rig_book *book, rig_fate *state);
void rig_backs_free(rig_book *book);

/* Whose call a leg that no rule joins calls back; NULL: nobody's. */
const rig_promised *rig_backs_find(const rig_book *book, const rig_leg *leg, const rig_sip *sip);

/* A call that has begun calls him back. */
void rig_backs_begin(rig_fate *state, const rig_promised *of, const rig_sip *sip);

/* What it would be if the capture ended here: what its record points to is the state's. */
rig_call rig_backs_as_now(const rig_book *book, const rig_fate *state);

/* Nothing more can come of it: the sink is told. The state is not freed. */
rig_status rig_backs_hand_out(rig_book *book, rig_fate *state, rig_error *err);

/* ---- passed_on.c ---- */

struct rig_passed_on;

/* @param[out] passed_on  Owned by the caller. */
rig_status rig_passed_on_new(struct rig_passed_on **passed_on, rig_error *err);
void rig_passed_on_free(struct rig_passed_on *passed_on);

/* What a new call shows; nothing of it is kept when it goes. */
void rig_passed_on_note(rig_book *book, rig_fate *state, const rig_sip *sip, int64_t t_ns);
void rig_passed_on_forget(rig_book *book, const rig_fate *state);

/* A call that began a moment before this one, from the host that this one was sent to, and shows
 * that it is this one: captured too early. It becomes its leg. */
void rig_passed_on_absorb(rig_book *book, rig_fate *state, const rig_sip *sip);

/* Whether a leg that no rule joins is a call on its way: fills leg->role and leg->call, and *why
 * for explanations. */
bool rig_passed_on_decide(rig_book *book, rig_leg *leg, const rig_sip *sip, int64_t t_ns,
                          const char **why);

/* ---- transfers.c ---- */

/* Whether a new leg goes on with a call: fills leg->role and leg->call, and *why for explanations.
 */
bool rig_transfers_decide(rig_book *book, rig_leg *leg, const rig_sip *sip, int64_t t_ns,
                          const char **why);

/* A REFER on the caller's leg, a challenge or redirection: another leg may go on with the call. */
void rig_transfers_note_refer(rig_book *book, rig_fate *state, const rig_sip *sip, int64_t t_ns);
void rig_transfers_note_challenge(rig_book *book, rig_fate *state, int64_t t_ns);
void rig_transfers_unlink(rig_book *book, rig_fate *state);

/* ---- calls.c ---- */

/* A call is in progress: it can be found by its keys, and is one at its centre; or no longer. */
void rig_book_link(rig_book *book, rig_fate *state);
void rig_book_unlink(rig_book *book, rig_fate *state, int64_t t_ns);

/* The call is about to go: out of what is kept beyond its end, and out of the list. */
void rig_book_unlink_for_good(rig_book *book, rig_fate *state);
void rig_book_take_out(rig_book *book, rig_fate *state);

/* A call turns out to be none, but an agent's leg: take it out. It has no leg but its own. */
void rig_book_withdraw(rig_book *book, rig_fate *state);

/* The same; its leg becomes one of another call. */
void rig_book_hand_over(rig_book *book, rig_fate *from, rig_fate *to, rig_leg_role role);

/* Say something of a call that is asked about. */
void rig_book_say(const rig_book *book, const rig_fate *state, int64_t t_ns, const char *format,
                  ...) __attribute__((format(printf, 4, 5)));

/* The marks that go by the time alone, as far as a call has come. */
void rig_book_apply_elapsed(rig_book *book, rig_fate *state, int64_t t_ns);

/* Whether a call's outcome may have changed: count it anew. */
void rig_book_recount(rig_book *book, rig_fate *state, int64_t t_ns);

#endif
