/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analyzer/exchanges.h"

#include <gsl/gsl_sort_float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/calls/hash.h"
#include "analyzer/calls/tap.h"
#include "analyzer/metrics/exchange.h"
#include "core/clock.h"

#define MS_NS (RIG_NS_PER_S / 1000)

/* T1 of RFC 3261: whoever waits longer has asked again. */
#define LATE_NS (500 * MS_NS)

/* An answer that had come so long before was there when its request was sent again. */
#define THERE_NS (50 * MS_NS)

/* "At that very time": so many bins before and behind. Well below T1, so that the first copies of
 * one who was dead for longer have no quick neighbours on one side. */
#define BIN_NS (100 * MS_NS)
enum { N_NEAR = 2 };

/* One that was lost has at least so many about it that were answered at once: a fifth is lost. */
enum { N_QUICK_PER_LOST = 4 };

/* Who has not answered for so long at the end of the capture has not answered. */
#define OPEN_NS (2 * LATE_NS)

enum { MAX_ENDPOINTS = 60000, ENDPOINT_SLOTS = 1 << 17, FIRST_SLOTS = 1 << 12, N_NUMBERS = 8 };

/* A caller whom a phone does not know. */
typedef struct unknown {
    uint16_t asker, asked;
    char number[RIG_EXCHANGES_NUMBER_SIZE];
} unknown;

struct rig_exchanges {
    rig_tap tap;
    rig_exchange *items;
    size_t n, cap;
    uint32_t *slots; /* by key: index + 1 */
    size_t n_slots;
    rig_endpoint *endpoints;
    size_t n_endpoints, cap_endpoints;
    uint16_t *endpoint_slots; /* index + 1 */
    int64_t t_last_ns;
    uint64_t n_not_followed;
    unknown unknowns[N_NUMBERS];
    size_t n_unknowns;
};

static rig_status on_message(void *ctx, const rig_tapped_message *message, rig_error *err);

rig_status rig_exchanges_new(rig_exchanges **book, rig_error *err)
{
    rig_exchanges *made = calloc(1, sizeof *made);
    if (made != NULL) {
        made->n_slots = FIRST_SLOTS;
        made->slots = calloc(FIRST_SLOTS, sizeof *made->slots);
        made->endpoint_slots = calloc(ENDPOINT_SLOTS, sizeof *made->endpoint_slots);
    }
    if (made == NULL || made->slots == NULL || made->endpoint_slots == NULL) {
        rig_exchanges_free(made);
        return rig_fail(err, RIG_ENOMEM, "exchanges: out of memory");
    }
    made->tap = (rig_tap){.message = on_message, .ctx = made};
    made->t_last_ns = RIG_NO_TIME;
    *book = made;
    return RIG_OK;
}

void rig_exchanges_free(rig_exchanges *book)
{
    if (book == NULL)
        return;
    free(book->items);
    free(book->slots);
    free(book->endpoints);
    free(book->endpoint_slots);
    free(book);
}

const rig_tap *rig_exchanges_tap(const rig_exchanges *book)
{
    return &book->tap;
}

/* ---- taking messages ---- */

/* Its number; MAX_ENDPOINTS: there is no room for it. */
static rig_status number_endpoint(rig_exchanges *book, rig_endpoint at, uint16_t *number)
{
    size_t slot = (size_t)rig_hash_endpoint(0, at) % ENDPOINT_SLOTS;
    while (book->endpoint_slots[slot] != 0) {
        const size_t i = book->endpoint_slots[slot] - 1U;
        if (rig_endpoint_eq(book->endpoints[i], at)) {
            *number = (uint16_t)i;
            return RIG_OK;
        }
        slot = (slot + 1) % ENDPOINT_SLOTS;
    }
    *number = MAX_ENDPOINTS;
    if (book->n_endpoints == MAX_ENDPOINTS)
        return RIG_OK;
    if (book->n_endpoints == book->cap_endpoints) {
        const size_t cap = book->cap_endpoints == 0 ? 16 : 2 * book->cap_endpoints;
        rig_endpoint *grown = realloc(book->endpoints, cap * sizeof *grown);
        if (grown == NULL)
            return RIG_ENOMEM;
        book->endpoints = grown;
        book->cap_endpoints = cap;
    }
    book->endpoints[book->n_endpoints++] = at;
    book->endpoint_slots[slot] = (uint16_t)book->n_endpoints;
    *number = (uint16_t)(book->n_endpoints - 1);
    return RIG_OK;
}

static uint32_t *find_slot(const rig_exchanges *book, uint64_t key)
{
    size_t slot = (size_t)key & (book->n_slots - 1);
    while (book->slots[slot] != 0 && book->items[book->slots[slot] - 1].key != key)
        slot = (slot + 1) & (book->n_slots - 1);
    return &book->slots[slot];
}

static bool grow(rig_exchanges *book)
{
    if (book->n == book->cap) {
        const size_t cap = book->cap == 0 ? 256 : 2 * book->cap;
        rig_exchange *grown = realloc(book->items, cap * sizeof *grown);
        if (grown == NULL)
            return false;
        book->items = grown;
        book->cap = cap;
    }
    if (2 * book->n < book->n_slots)
        return true;
    uint32_t *slots = calloc(2 * book->n_slots, sizeof *slots);
    if (slots == NULL)
        return false;
    free(book->slots);
    book->slots = slots;
    book->n_slots *= 2;
    for (size_t i = 0; i < book->n; i++)
        *find_slot(book, book->items[i].key) = (uint32_t)i + 1;
    return true;
}

/* What a request and its answers have in common (RFC 3261, 17.1.3). Not their addresses: behind a
 * proxy an answer may go another way than its request came. A branch is unique. */
static uint64_t key_of(const rig_sip *sip)
{
    return rig_hash_word(sip->call_id_hash ^ sip->branch_hash,
                         (uint64_t)sip->cseq << 32 | (uint64_t)sip->method);
}

/* By a request, or by an answer that was captured before it. */
static rig_status begin(rig_exchanges *book, uint64_t key, const rig_sip *sip,
                        const rig_packet *packet)
{
    uint16_t asker, asked;
    const rig_endpoint from = sip->is_request ? packet->src : packet->dst;
    const rig_endpoint to = sip->is_request ? packet->dst : packet->src;
    if (book->n >= RIG_EXCHANGES_MAX) {
        book->n_not_followed++;
        return RIG_OK;
    }
    rig_status status = number_endpoint(book, from, &asker);
    if (status == RIG_OK)
        status = number_endpoint(book, to, &asked);
    if (status != RIG_OK)
        return status;
    if (asker == MAX_ENDPOINTS || asked == MAX_ENDPOINTS) {
        book->n_not_followed++;
        return RIG_OK;
    }
    if (!grow(book))
        return RIG_ENOMEM;
    book->items[book->n] = (rig_exchange){
        .key = key,
        .t_first_ns = packet->t_ns,
        .t_copy_ns = packet->t_ns,
        .t_reply_ns = RIG_NO_TIME,
        .asker = asker,
        .asked = asked,
        .method = (uint8_t)sip->method,
        .is_initial = rig_sip_is_initial_invite(sip),
        .is_early = !sip->is_request,
        .is_mark = sip->is_request && sip->method == RIG_SIP_INFO && rig_exchange_is_mark(packet),
        .is_udp = packet->transport == RIG_OVER_UDP};
    *find_slot(book, key) = (uint32_t)++book->n;
    return RIG_OK;
}

static void ask(rig_exchange *x, const rig_sip *sip, int64_t t_ns)
{
    if (x->is_early) { /* for the first time */
        x->is_early = false;
        x->is_initial = rig_sip_is_initial_invite(sip);
    } else if (x->t_reply_ns == RIG_NO_TIME) {
        x->is_repeated = true;
        x->t_copy_ns = t_ns;
    } else if (t_ns - x->t_reply_ns >= THERE_NS) {
        x->is_again = true;
    }
}

static void keep_unknown(rig_exchanges *book, const rig_exchange *x, const rig_sip *sip)
{
    const rig_slice user = rig_sip_from_user(sip);
    if (book->n_unknowns == N_NUMBERS)
        return;
    unknown *u = &book->unknowns[book->n_unknowns++];
    u->asker = x->asker;
    u->asked = x->asked;
    (void)snprintf(u->number, sizeof u->number, "%.*s", (int)user.n, user.n > 0 ? user.p : "");
}

static void answer(rig_exchanges *book, rig_exchange *x, const rig_sip *sip,
                   const rig_packet *packet)
{
    x->code = (uint16_t)sip->code;
    x->is_queued = x->is_queued || sip->code == 182;
    x->is_progress = x->is_progress || sip->code == 183;
    if (sip->code == 401 || sip->code == 407)
        x->is_other_digest = rig_exchange_offers_other_digest(packet);
    if (sip->code == 404 && x->is_initial)
        keep_unknown(book, x, sip);
    if (x->t_reply_ns == RIG_NO_TIME && (sip->method == RIG_SIP_INVITE || sip->code >= 200))
        x->t_reply_ns = packet->t_ns;
}

static rig_status on_message(void *ctx, const rig_tapped_message *message, rig_error *err)
{
    rig_exchanges *book = ctx;
    const rig_sip *sip = message->sip;
    const rig_packet *packet = message->packet;
    rig_status status = RIG_OK;
    if (packet->t_ns > book->t_last_ns)
        book->t_last_ns = packet->t_ns;
    if (message->kind == RIG_TAPPED_DUPLICATE || sip->method == RIG_SIP_ACK)
        return RIG_OK;
    const uint64_t key = key_of(sip);
    uint32_t at = *find_slot(book, key);
    if (at == 0) {
        status = begin(book, key, sip, packet);
        at = *find_slot(book, key); /* 0 where there is no room */
    } else if (sip->is_request) {
        ask(&book->items[at - 1], sip, packet->t_ns);
    }
    if (at != 0 && !sip->is_request && status == RIG_OK)
        answer(book, &book->items[at - 1], sip, packet);
    return status == RIG_OK ? RIG_OK : rig_fail(err, status, "exchanges: out of memory");
}

/* ---- adding up ---- */

/* How quick one side was, in each bin of time. */
typedef struct quickness {
    int64_t t_begin_ns;
    size_t n_bins;
    uint32_t *n_quick, *n_slow;
} quickness;

static bool is_any(rig_endpoint at)
{
    return at.ip_high == 0 && (at.ip_low == 0 || at.ip_low == UINT64_C(0x0000ffff00000000));
}

/* By endpoint: whether it is one of ours. */
static void mark_ours(const rig_exchanges *book, const rig_endpoint *ours, size_t n, bool *is_ours)
{
    for (size_t i = 0; i < book->n_endpoints; i++) {
        is_ours[i] = false;
        for (size_t k = 0; k < n && !is_ours[i]; k++)
            is_ours[i] = ours[k].port == book->endpoints[i].port &&
                         (is_any(ours[k]) || rig_endpoint_same_host(ours[k], book->endpoints[i]));
    }
}

/* What we say to whom we do not know. */
static bool is_refusal(const rig_exchange *x)
{
    return x->code == 404 || x->code == 481;
}

/* By endpoint: whether it is a stranger to us. @param is_known  Room for as many. */
static void mark_strangers(const rig_exchanges *book, const bool *is_ours, bool *is_known,
                           bool *is_stranger)
{
    bool has_any = false;
    for (size_t i = 0; i < book->n; i++) {
        const rig_exchange *x = &book->items[i];
        if (is_ours[x->asker]) {
            is_known[x->asked] = true;
        } else if (is_ours[x->asked] && x->method != RIG_SIP_OPTIONS && x->code > 0 &&
                   !is_refusal(x)) {
            is_known[x->asker] = true;
        }
    }
    for (size_t e = 0; e < book->n_endpoints && !has_any; e++)
        has_any = is_known[e] && !is_ours[e];
    for (size_t i = 0; i < book->n && has_any; i++) {
        const rig_exchange *x = &book->items[i];
        if (!is_ours[x->asker] && is_ours[x->asked] && is_refusal(x) && !is_known[x->asker])
            is_stranger[x->asker] = true;
    }
}

static bool is_over(const rig_exchanges *book, const rig_exchange *x)
{
    return x->t_reply_ns != RIG_NO_TIME || book->t_last_ns - x->t_first_ns >= OPEN_NS;
}

/* What every phone answers in every state: others (an INFO before the answer, say) may rightly stay
 * without. */
static bool must_answer(const rig_exchange *x)
{
    return x->method == RIG_SIP_INVITE || x->method == RIG_SIP_BYE || x->method == RIG_SIP_CANCEL;
}

/* Over UDP whoever had no answer has asked again: else only the capture misses it. */
static bool is_late(const rig_exchange *x)
{
    if (!must_answer(x) || (x->is_udp ? !x->is_repeated : x->t_reply_ns == RIG_NO_TIME))
        return false;
    return x->t_reply_ns == RIG_NO_TIME || x->t_reply_ns - x->t_first_ns >= LATE_NS;
}

static size_t bin_of(const quickness *q, int64_t t_ns)
{
    return (size_t)((t_ns - q->t_begin_ns) / BIN_NS);
}

/* @param by_us  We were asked; else the other side was. */
static rig_status measure_quickness(const rig_exchanges *book, const bool *is_ours, bool by_us,
                                    quickness *q)
{
    int64_t t_begin_ns = INT64_MAX;
    for (size_t i = 0; i < book->n; i++)
        t_begin_ns =
            book->items[i].t_first_ns < t_begin_ns ? book->items[i].t_first_ns : t_begin_ns;
    *q = (quickness){.t_begin_ns = t_begin_ns};
    q->n_bins = book->n > 0 ? bin_of(q, book->t_last_ns) + 2 : 1;
    q->n_quick = calloc(q->n_bins, sizeof *q->n_quick);
    q->n_slow = calloc(q->n_bins, sizeof *q->n_slow);
    if (q->n_quick == NULL || q->n_slow == NULL)
        return RIG_ENOMEM;
    for (size_t i = 0; i < book->n; i++) {
        const rig_exchange *x = &book->items[i];
        if (is_ours[x->asker] == by_us || is_ours[x->asked] != by_us || !is_over(book, x) ||
            (by_us && !must_answer(x)))
            continue;
        const size_t bin = bin_of(q, x->t_first_ns);
        q->n_slow[bin] += !rig_exchange_is_quick(x);
        q->n_quick[bin] += rig_exchange_is_quick(x) && !x->is_repeated;
    }
    return RIG_OK;
}

/* Whether that side answered others shortly before and shortly after, and all at once, but for one
 * in so many of these; 0: none may be slow. */
static bool was_quick_at(const quickness *q, int64_t t_ns, unsigned n_per_slow)
{
    const size_t bin = bin_of(q, t_ns);
    uint64_t n_before = 0, n_after = 0, n_slow = 0, n_quick = 0;
    for (size_t i = bin > N_NEAR ? bin - N_NEAR : 0; i <= bin + N_NEAR && i < q->n_bins; i++) {
        n_before += i < bin ? q->n_quick[i] : 0;
        n_after += i > bin ? q->n_quick[i] : 0;
        n_slow += q->n_slow[i];
        n_quick += q->n_quick[i];
    }
    return n_before > 0 && n_after > 0 && n_slow <= (n_per_slow > 0 ? n_quick / n_per_slow : 0);
}

static void add_sent(const rig_exchange *x, const quickness *q, rig_exchange_totals *t)
{
    t->n_sent++;
    t->n_unheard += x->is_again;
    t->n_queued += x->is_queued;
    t->n_progress += x->is_progress;
    t->n_other_digests += x->is_other_digest;
    t->n_lost += x->is_udp && x->is_repeated && rig_exchange_is_quick(x) &&
                 was_quick_at(q, x->t_first_ns, 0);
}

/* @param own  How quick we were: one program cannot be slow for one, and quick for all about it. */
static void add_asked(const rig_exchanges *book, const rig_exchange *x, const quickness *q,
                      const quickness *own, rig_exchange_totals *t)
{
    t->n_asked++;
    const bool is_late_here = is_over(book, x) && is_late(x);
    t->n_late += is_late_here;
    t->n_lost_here +=
        is_late_here && x->is_udp &&
        (rig_exchange_is_quick(x) || was_quick_at(own, x->t_first_ns, N_QUICK_PER_LOST));
    t->n_invites += x->is_initial;
    t->n_taken += x->is_initial && x->code / 100 == 2;
    t->n_not_found += x->is_initial && x->code == 404;
    t->n_reinvites += x->method == RIG_SIP_INVITE && !x->is_initial;
    t->n_updates += x->method == RIG_SIP_UPDATE;
    t->n_marks += x->is_mark;
    t->n_lost += x->is_udp && x->is_again && was_quick_at(q, x->t_reply_ns, 0);
}

/* From an INVITE to our first response. */
static void sum_up_delays(float *delay_ms, size_t n, rig_exchange_totals *t)
{
    if (n == 0)
        return;
    gsl_sort_float(delay_ms, 1, n);
    t->invite_p99_ms = (double)delay_ms[(size_t)ceil(0.99 * (double)n) - 1];
    t->invite_max_ms = (double)delay_ms[n - 1];
}

static void show_unknown(const rig_exchanges *book, const bool *is_ours, const bool *is_stranger,
                         rig_exchange_totals *t)
{
    for (size_t i = 0; i < book->n_unknowns; i++) {
        const unknown *u = &book->unknowns[i];
        if (!is_ours[u->asked] || is_stranger[u->asker])
            continue;
        memcpy(t->not_found, book->unknowns[i].number, sizeof t->not_found);
        return;
    }
}

static void add_strange(const rig_exchanges *book, const rig_exchange *x, rig_exchange_totals *t)
{
    if (t->n_strange++ == 0)
        rig_endpoint_text(book->endpoints[x->asker], t->stranger);
}

rig_status rig_exchanges_total(const rig_exchanges *book, const rig_endpoint *ours, size_t n,
                               int64_t until_ns, rig_exchange_totals *totals)
{
    rig_exchange_totals t = {.n_not_followed = book->n_not_followed};
    quickness q = {.n_bins = 0}, own = {.n_bins = 0};
    size_t n_delays = 0;
    rig_status status = RIG_ENOMEM;
    bool *is_ours = calloc(book->n_endpoints + 1, sizeof *is_ours);
    bool *is_known = calloc(book->n_endpoints + 1, sizeof *is_known);
    bool *is_stranger = calloc(book->n_endpoints + 1, sizeof *is_stranger);
    float *delay_ms = calloc(book->n + 1, sizeof *delay_ms);
    if (is_ours == NULL || is_known == NULL || is_stranger == NULL || delay_ms == NULL)
        goto out;
    mark_ours(book, ours, n, is_ours);
    mark_strangers(book, is_ours, is_known, is_stranger);
    status = measure_quickness(book, is_ours, false, &q);
    if (status == RIG_OK)
        status = measure_quickness(book, is_ours, true, &own);
    for (size_t i = 0; i < book->n && status == RIG_OK; i++) {
        const rig_exchange *x = &book->items[i];
        if (x->t_first_ns >= until_ns || is_ours[x->asker] == is_ours[x->asked])
            continue;
        if (is_ours[x->asker]) {
            add_sent(x, &q, &t);
            continue;
        }
        if (is_stranger[x->asker]) {
            add_strange(book, x, &t);
            continue;
        }
        add_asked(book, x, &q, &own, &t);
        if (x->is_initial && x->t_reply_ns != RIG_NO_TIME)
            delay_ms[n_delays++] = (float)((double)(x->t_reply_ns - x->t_first_ns) / MS_NS);
    }
    sum_up_delays(delay_ms, n_delays, &t);
    show_unknown(book, is_ours, is_stranger, &t);
    rig_exchange_find_cuts(book->items, book->n, is_ours, until_ns, &t);
    if (status == RIG_OK)
        *totals = t;
out:
    free(q.n_quick);
    free(q.n_slow);
    free(own.n_quick);
    free(own.n_slow);
    free(is_ours);
    free(is_known);
    free(is_stranger);
    free(delay_ms);
    return status;
}
