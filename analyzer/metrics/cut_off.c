/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analyzer/calls/tap.h"
#include "analyzer/metrics/exchange.h"

/* Fewer requests do not show what happened to them. */
enum { N_LEAST = 10 };

/* Of ten that were lost and came back, one may have been answered otherwise: it fell into the last
 * moment. */
enum { N_PER_OTHER = 10 };

/* Requests of ours one behind the other, none of which was answered at once when it was first sent.
 */
typedef struct silence {
    size_t begin, end; /* of the items */
    int64_t t_end_ns;  /* when the next one was, that was answered at once */
    bool is_first;     /* none was before it: there were no calls yet that could go on */
    uint64_t n_back;   /* answered at once when they were sent again */
    uint64_t n_other;  /* late, or not at all although sent again behind the silence */
    uint64_t n_went_on, n_forgotten; /* of n_back: BYEs of calls that were known, or not */
} silence;

static bool is_ours_sent(const rig_exchange *x, const bool *is_ours)
{
    return is_ours[x->asker] && !is_ours[x->asked] && x->is_udp && !x->is_early;
}

static bool is_at_once(const rig_exchange *x)
{
    return !x->is_repeated && rig_exchange_is_quick(x);
}

static void add(silence *s, const rig_exchange *x)
{
    const bool is_back = x->is_repeated && rig_exchange_is_quick(x);
    /* who gave up before the end of it never reached anybody */
    const bool is_given_up = x->t_reply_ns == RIG_NO_TIME && x->t_copy_ns < s->t_end_ns;
    s->n_back += is_back;
    s->n_other += !is_back && !is_given_up;
    if (is_back && x->method == RIG_SIP_BYE) {
        s->n_went_on += x->code / 100 == 2;
        s->n_forgotten += x->code / 100 != 2;
    }
}

/* One who was dead or stopped answers in a heap when he is back, whatever was sent again when; one
 * who has begun anew knows no call. */
static bool is_cut(const silence *s)
{
    const bool is_known = s->n_went_on > 0 || (s->is_first && s->n_forgotten == 0);
    return s->n_back >= N_LEAST && N_PER_OTHER * s->n_other <= s->n_back && is_known &&
           N_PER_OTHER * s->n_forgotten <= s->n_went_on;
}

static void conclude(silence *s, const rig_exchange *items, const bool *is_ours, int64_t until_ns,
                     rig_exchange_totals *totals)
{
    for (size_t i = s->begin; i < s->end; i++) {
        if (is_ours_sent(&items[i], is_ours) && items[i].t_first_ns < until_ns)
            add(s, &items[i]);
    }
    if (!is_cut(s))
        return;
    const double for_s = rig_clock_s_of_ns(s->t_end_ns - items[s->begin].t_first_ns);
    totals->n_cut_off += s->n_back;
    totals->cut_off_s = for_s > totals->cut_off_s ? for_s : totals->cut_off_s;
}

void rig_exchange_find_cuts(const rig_exchange *items, size_t n, const bool *is_ours,
                            int64_t until_ns, rig_exchange_totals *totals)
{
    silence s = {.is_first = true};
    bool is_open = false;
    for (size_t i = 0; i < n; i++) {
        if (!is_ours_sent(&items[i], is_ours))
            continue;
        if (!is_at_once(&items[i])) {
            s.begin = is_open ? s.begin : i;
            is_open = true;
            continue;
        }
        if (is_open) {
            s.end = i;
            s.t_end_ns = items[i].t_first_ns;
            conclude(&s, items, is_ours, until_ns, totals);
        }
        s = (silence){.is_first = false};
        is_open = false;
    }
}
