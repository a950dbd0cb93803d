/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/golden/compare.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static int n_differences;

static void differ(const char *name, const rig_call *call, const char *field, const char *got,
                   const char *expected)
{
    fprintf(stderr, "%s: call \"%s\": %s is \"%s\"; expected \"%s\"\n", name, call->call_id, field,
            got, expected);
    n_differences++;
}

static void check_text(const char *name, const rig_call *call, const char *field, const char *got,
                       const char *expected)
{
    if (strcmp(got, expected) != 0)
        differ(name, call, field, got, expected);
}

static void check_number(const char *name, const rig_call *call, const char *field, int64_t got,
                         int64_t expected)
{
    char a[32], b[32];
    if (got == expected)
        return;
    snprintf(a, sizeof a, "%" PRId64, got);
    snprintf(b, sizeof b, "%" PRId64, expected);
    differ(name, call, field, got == RIG_NO_TIME ? "" : a, expected == RIG_NO_TIME ? "" : b);
}

static int64_t moved(int64_t t_ns, int64_t shift_ns)
{
    return t_ns == RIG_NO_TIME ? t_ns : t_ns + shift_ns;
}

static void compare_call(const char *name, const rig_call *got, const rig_call *expected,
                         int64_t shift_ns)
{
    const rig_call *e = expected;
    check_text(name, e, "call_id", got->call_id, e->call_id);
    check_number(name, e, "planned_index", got->planned_index, e->planned_index);
    check_number(name, e, "t_invite", moved(got->t_invite_ns, shift_ns), e->t_invite_ns);
    check_number(name, e, "t_provisional", moved(got->t_provisional_ns, shift_ns),
                 e->t_provisional_ns);
    check_number(name, e, "t_menu", moved(got->t_menu_ns, shift_ns), e->t_menu_ns);
    check_number(name, e, "t_answer", moved(got->t_answer_ns, shift_ns), e->t_answer_ns);
    check_number(name, e, "t_queue", moved(got->t_queue_ns, shift_ns), e->t_queue_ns);
    if (e->t_first_ring_ns != RIG_NO_TIME) /* most fixtures do not say */
        check_number(name, e, "t_first_ring", moved(got->t_first_ring_ns, shift_ns),
                     e->t_first_ring_ns);
    check_number(name, e, "t_agent_ring", moved(got->t_agent_ring_ns, shift_ns),
                 e->t_agent_ring_ns);
    check_number(name, e, "t_agent_answer", moved(got->t_agent_answer_ns, shift_ns),
                 e->t_agent_answer_ns);
    check_number(name, e, "t_end", moved(got->t_end_ns, shift_ns), e->t_end_ns);
    check_number(name, e, "final_code", got->final_code, e->final_code);
    check_number(name, e, "answered", got->answered, e->answered);
    check_number(name, e, "cancelled", got->cancelled, e->cancelled);
    check_text(name, e, "bye", rig_bye_name(got->bye), rig_bye_name(e->bye));
    check_number(name, e, "invite_retransmissions", got->invite_retransmissions,
                 e->invite_retransmissions);
    check_number(name, e, "attempts", got->attempts, e->attempts);
    check_number(name, e, "backwards", got->is_backwards, e->is_backwards);
    check_number(name, e, "n_messages", got->n_messages, e->n_messages);
    check_number(name, e, "n_legs", got->n_legs, e->n_legs);
    check_text(name, e, "choice", got->choice, e->choice);
    if (e->nth_of_caller > 0) /* most fixtures do not say */
        check_number(name, e, "redial", got->nth_of_caller - 1, e->nth_of_caller - 1);
    check_number(name, e, "announced_position", got->announced_position, e->announced_position);
    if (got->announced_wait_s < e->announced_wait_s || got->announced_wait_s > e->announced_wait_s)
        check_number(name, e, "announced_wait_s", 1, 0);
    check_number(name, e, "balked", got->is_balked, e->is_balked);
    check_number(name, e, "emergency", got->is_emergency, e->is_emergency);
    if (e->n_phones_at_once > 0)
        check_number(name, e, "phones_at_once", got->n_phones_at_once, e->n_phones_at_once);
    check_text(name, e, "outcome", rig_outcome_name(got->outcome), rig_outcome_name(e->outcome));
    check_text(name, e, "reason", got->reason, e->reason);
}

int compare_calls(const char *name, const rig_calls *got, const rig_calls *expected,
                  int64_t shift_ns)
{
    n_differences = 0;
    if (got->n != expected->n) {
        fprintf(stderr, "%s: %zu calls; expected %zu\n", name, got->n, expected->n);
        n_differences++;
    }
    for (size_t i = 0; i < got->n && i < expected->n; i++)
        compare_call(name, &got->items[i], &expected->items[i], shift_ns);
    if (got->n_backs != expected->n_backs) {
        fprintf(stderr, "%s: %zu calls back; expected %zu\n", name, got->n_backs,
                expected->n_backs);
        n_differences++;
    }
    for (size_t i = 0; i < got->n_backs && i < expected->n_backs; i++) {
        compare_call(name, &got->backs[i], &expected->backs[i], shift_ns);
        check_text(name, &expected->backs[i], "call_back_of", got->backs[i].call_back_of,
                   expected->backs[i].call_back_of);
    }
    return n_differences;
}
