/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analyzer/pick.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char *const key_names[RIG_PICK_N_KEYS] = {
    "outcome", "reason", "call_id", "caller",   "planned_index",
    "code",    "from",   "to",      "answered", "bye"};

/* ---- reading ---- */

static rig_status bad(const rig_pick_condition *c, const char *expected, rig_error *err)
{
    return rig_fail(err, RIG_EINPUT, "--slice: %s: \"%.*s\"; expected %s", key_names[c->key],
                    (int)c->text.n, c->text.p, expected);
}

static rig_status read_outcome(rig_pick_condition *c, rig_error *err)
{
    for (int i = 0; i < RIG_OUTCOME_NOT_PLACED; i++) {
        if (rig_slice_is(c->text, rig_outcome_name((rig_outcome)i))) {
            c->low = c->high = i;
            return RIG_OK;
        }
    }
    return bad(c,
               "lost_trunk, lost_ivr, lost_queue, lost_agent, self_served, deflected, served, "
               "dropped, in_progress or unclassified",
               err);
}

/* A, A..B, A.., ..B */
static rig_status read_range(rig_pick_condition *c, rig_error *err)
{
    const char *dots = memmem(c->text.p, c->text.n, "..", 2);
    size_t n_low = dots == NULL ? c->text.n : (size_t)(dots - c->text.p);
    rig_slice low = {.p = c->text.p, .n = n_low};
    rig_slice high = dots == NULL ? low : rig_slice_skip(c->text, n_low + 2);
    uint64_t a = 0, b = INT64_MAX;
    bool is_good = (dots != NULL && low.n == 0) || rig_slice_u64(low, &a);
    is_good = is_good && ((dots != NULL && high.n == 0) || rig_slice_u64(high, &b));
    if (!is_good || a > b || b > INT64_MAX || (low.n == 0 && high.n == 0))
        return bad(c, "a whole number or a range, such as 7, 0..99, 100.. or ..99", err);
    c->low = (int64_t)a;
    c->high = (int64_t)b;
    return RIG_OK;
}

static rig_status read_time(rig_pick_condition *c, rig_error *err)
{
    static const char expected[] = "seconds after the first packet, or \"@\" and epoch seconds, "
                                   "with at most nine decimals";
    rig_slice text = c->text;
    c->is_epoch = text.n > 0 && text.p[0] == '@';
    text = rig_slice_skip(text, c->is_epoch);
    size_t n_whole = rig_slice_find(text, '.');
    rig_slice decimals = rig_slice_skip(text, n_whole + 1);
    uint64_t whole, part = 0;
    if (!rig_slice_u64((rig_slice){.p = text.p, .n = n_whole}, &whole) ||
        whole > INT64_MAX / 4 / (uint64_t)RIG_NS_PER_S || decimals.n > 9 ||
        (n_whole < text.n && !rig_slice_u64(decimals, &part)))
        return bad(c, expected, err);
    for (size_t i = decimals.n; i < 9; i++)
        part *= 10;
    c->low = (int64_t)(whole * (uint64_t)RIG_NS_PER_S + part);
    return RIG_OK;
}

static rig_status read_value(rig_pick_condition *c, rig_error *err)
{
    switch (c->key) {
    case RIG_PICK_OUTCOME:
        return read_outcome(c, err);
    case RIG_PICK_PLANNED_INDEX:
    case RIG_PICK_CODE:
        return read_range(c, err);
    case RIG_PICK_FROM:
    case RIG_PICK_TO:
        return read_time(c, err);
    case RIG_PICK_ANSWERED:
        c->low = rig_slice_is(c->text, "yes");
        return c->low != 0 || rig_slice_is(c->text, "no") ? RIG_OK : bad(c, "yes or no", err);
    case RIG_PICK_BYE:
        for (int i = RIG_BYE_NONE; i <= RIG_BYE_CALLEE; i++) {
            if (rig_slice_is(c->text, rig_bye_name((rig_bye)i))) {
                c->low = i;
                return RIG_OK;
            }
        }
        return bad(c, "none, caller or callee", err);
    case RIG_PICK_REASON:
    case RIG_PICK_CALL_ID:
    case RIG_PICK_CALLER:
    case RIG_PICK_N_KEYS:
        break;
    }
    return c->text.n > 0 ? RIG_OK : bad(c, "some text", err);
}

static rig_status read_condition(rig_slice text, rig_pick_condition *c, rig_error *err)
{
    size_t n_key = rig_slice_find(text, '=');
    for (int i = 0; n_key < text.n && i < RIG_PICK_N_KEYS; i++) {
        if (!rig_slice_is((rig_slice){.p = text.p, .n = n_key}, key_names[i]))
            continue;
        *c = (rig_pick_condition){.key = (rig_pick_key)i, .text = rig_slice_skip(text, n_key + 1)};
        return read_value(c, err);
    }
    return rig_fail(err, RIG_EINPUT,
                    "--slice: \"%.*s\"; expected KEY=VALUE with one of outcome, reason, call_id, "
                    "caller, planned_index, code, from, to, answered, bye",
                    (int)text.n, text.p);
}

rig_status rig_pick_add(rig_pick *pick, const char *text, rig_error *err)
{
    if (pick->n == RIG_PICK_MAX_TERMS)
        return rig_fail(err, RIG_EINPUT, "--slice: given more than %d times", RIG_PICK_MAX_TERMS);
    rig_slice rest = rig_slice_of(text);
    size_t n = 0;
    bool asks_caller = false;
    do {
        size_t n_this = rig_slice_find(rest, ',');
        if (n == RIG_PICK_MAX_CONDITIONS)
            return rig_fail(err, RIG_EINPUT, "--slice: \"%s\" has more than %d conditions", text,
                            RIG_PICK_MAX_CONDITIONS);
        rig_pick_condition *c = &pick->terms[pick->n].conditions[n++];
        rig_status status = read_condition((rig_slice){.p = rest.p, .n = n_this}, c, err);
        if (status != RIG_OK)
            return status;
        asks_caller |= c->key == RIG_PICK_CALLER;
        if (n_this == rest.n)
            break;
        rest = rig_slice_skip(rest, n_this + 1);
    } while (true);
    pick->terms[pick->n++].n = n;
    pick->asks_caller |= asks_caller;
    return RIG_OK;
}

/* ---- judging ---- */

static bool is_caller(rig_slice pattern, rig_slice user)
{
    if (pattern.p[pattern.n - 1] != '*')
        return rig_slice_eq(pattern, user);
    return user.n >= pattern.n - 1 && memcmp(pattern.p, user.p, pattern.n - 1) == 0;
}

uint32_t rig_pick_fit_caller(const rig_pick *pick, rig_slice user)
{
    uint32_t terms = 0;
    for (size_t t = 0; t < pick->n; t++) {
        bool fits = true;
        for (size_t i = 0; i < pick->terms[t].n; i++) {
            const rig_pick_condition *c = &pick->terms[t].conditions[i];
            fits = fits && (c->key != RIG_PICK_CALLER || is_caller(c->text, user));
        }
        terms |= (uint32_t)fits << t;
    }
    return terms;
}

static bool contains(const char *text, rig_slice part)
{
    for (; strlen(text) >= part.n; text++) {
        if (strncasecmp(text, part.p, part.n) == 0)
            return true;
    }
    return false;
}

static bool holds(const rig_pick_condition *c, const rig_pick_call *of)
{
    const rig_call *call = of->call;
    int64_t t_ns = c->is_epoch ? call->t_invite_ns : call->t_invite_ns - of->t_capture_ns;
    switch (c->key) {
    case RIG_PICK_OUTCOME:
        return (int64_t)of->outcome == c->low;
    case RIG_PICK_REASON:
        return contains(of->reason, c->text);
    case RIG_PICK_CALL_ID:
        return rig_slice_is(c->text, call->call_id);
    case RIG_PICK_PLANNED_INDEX:
        return call->planned_index >= c->low && call->planned_index <= c->high;
    case RIG_PICK_CODE:
        return call->final_code >= c->low && call->final_code <= c->high;
    case RIG_PICK_FROM:
        return t_ns >= c->low;
    case RIG_PICK_TO:
        return t_ns < c->low;
    case RIG_PICK_ANSWERED:
        return call->answered == (c->low != 0);
    case RIG_PICK_BYE:
        return (int64_t)call->bye == c->low;
    case RIG_PICK_CALLER:
    case RIG_PICK_N_KEYS:
        break;
    }
    return true; /* of the caller's number: fitting_caller */
}

bool rig_pick_fits(const rig_pick *pick, const rig_pick_call *call)
{
    for (size_t t = 0; t < pick->n; t++) {
        bool fits = (call->fitting_caller >> t & 1) != 0;
        for (size_t i = 0; fits && i < pick->terms[t].n; i++)
            fits = holds(&pick->terms[t].conditions[i], call);
        if (fits)
            return true;
    }
    return false;
}
