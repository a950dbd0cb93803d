/* The book from within: shared by calls.c, joins.c, pairing.c and snapshot.c only. */
#ifndef RIG_ANALYZER_CALLS_BOOK_H
#define RIG_ANALYZER_CALLS_BOOK_H

#include "analyzer/calls/fate.h"
#include "analyzer/calls/calls.h"
#include "analyzer/calls/number_index.h"
#include "analyzer/calls/pairing.h"

struct rig_book {
    const rig_rules *rules;
    rig_leg_table *table;
    rig_call_sink sink;
    const rig_explain *explain; /* NULL: nobody asks */
    bool has_parties;           /* who called whom is noted */
    rig_fate *oldest, *newest;  /* all calls that are held, in the order of their INVITEs */
    rig_fate *young;            /* the first that RIG_NO_RESPONSE_NS have not passed of */
    rig_fate *over;             /* of those whose legs are forgotten: to be handed out */
    rig_number_index keys;      /* calls in progress, by what an agent's leg may show */
    rig_leg_joined joined;      /* NULL: nobody is told */
    void *joined_ctx;
    rig_pairing *pairing; /* NULL: no rule joins by the time of the BYE */
    rig_call_marks marks;
    int64_t t_now_ns;
    rig_book_counts counts;
    uint64_t n_open[RIG_N_OUTCOMES][RIG_N_OUTCOMES]; /* handed out: without marks, with marks */
};

/* ---- joins.c ---- */

/* How many keys a call has under these rules. */
size_t rig_joins_n_keys(const rig_rules *rules);

/* Compute the keys of a call from its INVITE. */
void rig_joins_set_keys(const rig_book *book, rig_fate *state, const rig_sip *sip);

/* Put a call in progress into the index, and take one that is over out. */
void rig_joins_link(rig_book *book, rig_fate *state);
void rig_joins_unlink(rig_book *book, rig_fate *state);

/* Decide what a new leg is: fills leg->role and leg->call. */
void rig_joins_decide(const rig_book *book, rig_leg *leg, const rig_sip *sip, int64_t t_ns,
                      const rig_join_rule **by);

/* Tell who asks that a leg belongs to leg->call. */
void rig_book_tell_joined(const rig_book *book, const rig_leg *leg);

/* ---- calls.c ---- */

/* Say something of a call that is asked about. */
void rig_book_say(const rig_book *book, const rig_fate *state, int64_t t_ns, const char *format,
                  ...) __attribute__((format(printf, 4, 5)));

/* The marks that go by the time alone, as far as a call has come. */
void rig_book_apply_elapsed(rig_book *book, rig_fate *state, int64_t t_ns);

/* Whether a call's outcome may have changed: count it anew. */
void rig_book_recount(rig_book *book, rig_fate *state, int64_t t_ns);

#endif
