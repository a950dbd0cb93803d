/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "recipes/asterisk/asterisk.h"

#include <math.h>

#include "recipes/draft/centre.h"

/* Penalties: an agent of level 9 has 1, one of level 1 has 9; who takes a call only by overflow has
 * more than QUEUE_MAX_PENALTY at first lets through. */
enum { PENALTY_AT_FIRST = 10, PENALTY_OVERFLOW = 20 };

const char *rig_recipe_asterisk_queue(rig_recipe *r, size_t skill)
{
    if (r->scenario->n_skills <= 1)
        return "queue";
    return rig_recipe_format(
        r, "%zu-%s", skill + 1,
        rig_recipe_escape(r, RIG_RECIPE_IDENTIFIER, r->scenario->skills[skill]));
}

static unsigned level_of(const rig_recipe *r, size_t group, size_t skill)
{
    const uint8_t *level = r->scenario->agents[group].level;
    return level != NULL ? level[skill] : 1;
}

static bool takes_overflow(const rig_recipe *r, size_t group, size_t skill)
{
    for (size_t i = 0; i < r->scenario->queue.n_overflow; i++)
        if (r->scenario->queue.overflow[i].skill == skill &&
            r->scenario->queue.overflow[i].group == group)
            return true;
    return false;
}

static void say_whole(rig_recipe *r, const char *key, size_t group, double is_s, unsigned as_s)
{
    const char *leaf = key + sizeof "agents[]" - 1;
    if (fabs(is_s - (double)as_s) > 1e-9)
        rig_recipe_instead(r, key, rig_recipe_format(r, "agents[%zu]%s=%u.0", group, leaf, as_s),
                           "app_queue counts whole seconds; the scenario has %g s", is_s);
}

static unsigned wrap_up_s(const rig_agent_group *group)
{
    return rig_recipe_whole_s(rint(group->wrap_up.mean_s), 0);
}

static unsigned retry_s(const rig_scenario *s)
{
    return rig_recipe_whole_s(s->agents[0].rest_s, 1);
}

/* can_ring_entry() compares time(NULL), whole seconds, with that of the end: of w seconds those
 * from w - 1 to w are left, whatever part of its second the talk ended in. */
static void say_wrap_up(rig_recipe *r, size_t group)
{
    const rig_agent_group *a = &r->scenario->agents[group];
    const unsigned as_s = wrap_up_s(a);
    const double mean_s = (double)as_s - 0.5;
    if (as_s > 0)
        rig_recipe_instead(
            r, "agents[].wrap_up",
            rig_recipe_format(r, "agents[%zu].wrap_up={type=\"uniform\";mean_s=%.1f;cv=%.6f;}",
                              group, mean_s, 1.0 / sqrt(12.0) / mean_s),
            "app_queue compares whole seconds of the clock: wrapuptime=%u lasts from %u to %u s; "
            "the scenario's has a mean of %g s",
            as_s, as_s - 1, as_s, a->wrap_up.mean_s);
    else if (a->wrap_up.mean_s > 0.0)
        rig_recipe_instead(
            r, "agents[].wrap_up", rig_recipe_format(r, "agents[%zu].wrap_up=0.0", group),
            "app_queue counts whole seconds; the scenario's has a mean of %g s", a->wrap_up.mean_s);
}

/* The agent who refused a call may be rung at once; who has missed one is paused for good. */
static void say_rests(rig_recipe *r, size_t g)
{
    const rig_agent_group *a = &r->scenario->agents[g];
    /* 0.1 s: the least that a scenario takes where phones refuse calls */
    const double rest_s = rig_scenario_refuses(a) ? 0.1 : 0.0;
    const struct {
        const char *key;
        double is_s;
    } rests[] = {{"rest_s", a->rest_s},
                 {"busy_rest_s", a->busy_rest_s},
                 {"reject_rest_s", a->reject_rest_s}};
    for (size_t i = 0; i < sizeof rests / sizeof *rests; i++)
        if (rests[i].is_s > rest_s && (i == 0 || fabs(rests[i].is_s - a->rest_s) > 0.0))
            rig_recipe_instead(r, rig_recipe_format(r, "agents[].%s", rests[i].key),
                               rig_recipe_format(r, "agents[%zu].%s=%.1f", g, rests[i].key, rest_s),
                               "the agent who did not answer may be rung at once");
    if (a->n_most_missed == 1)
        rig_recipe_instead(r, "agents[].max_no_answer",
                           rig_recipe_format(r, "agents[%zu].break_s=10000000.0", g),
                           "nobody ends a pause");
    else if (a->n_most_missed > 1)
        rig_recipe_instead(r, "agents[].max_no_answer",
                           rig_recipe_format(r, "agents[%zu].max_no_answer=0", g),
                           "app_queue pauses after the first missed call, or never");
}

/* What is said of a group's times, once. */
static void say_times(rig_recipe *r)
{
    const rig_scenario *s = r->scenario;
    const unsigned timeout = rig_recipe_whole_s(s->agents[0].ring_timeout_s, 1);
    rig_recipe_instead(r, "queue.poll_s", "queue.poll_s=1.0",
                       "each caller looks for a free agent by himself, once a second");
    rig_recipe_instead(r, "queue.poll_s", rig_recipe_format(r, "queue.retry_s=%u.0", retry_s(s)),
                       "after a ringing in vain it is the caller who waits, 1 s at least");
    if (s->queue.look_every_s > 0.0)
        rig_recipe_instead(r, "queue.look_every_s", "queue.look_every_s=0.0",
                           "each caller looks by himself");
    if (s->queue.counts_ringing && s->queue.capacity > 0 && s->n_skills > 1)
        rig_recipe_instead(r, "queue.counts_ringing", "queue.counts_ringing=false",
                           "maxlen is of one queue, and there is one for each skill");
    for (size_t g = 0; g < s->n_agents; g++) {
        say_whole(r, "agents[].ring_timeout_s", g, s->agents[g].ring_timeout_s, timeout);
        say_rests(r, g);
        say_wrap_up(r, g);
    }
}

static void put_members(rig_recipe *r, size_t skill)
{
    const rig_scenario *s = r->scenario;
    const bool by_level = s->queue.routing == RIG_ROUTING_MOST_SKILLED;
    uint32_t number = 0;
    bool is_told = skill > 0;
    for (size_t g = 0; g < s->n_agents; g++) {
        const unsigned level = level_of(r, g, skill);
        const bool by_overflow = level == 0 && takes_overflow(r, g, skill);
        const unsigned penalty = by_overflow ? PENALTY_OVERFLOW : by_level ? 10 - level : 1;
        for (uint32_t i = 0; i < rig_scenario_first_agents(&s->agents[g]); i++) {
            number++;
            if (level == 0 && !by_overflow)
                continue;
            const char *phone = rig_recipe_asterisk_phone(r, g, i, number);
            rig_recipe_line(r, is_told ? NULL : "agents[].count", "member => PJSIP/%s,%u,%s,,no,%u",
                            phone, penalty, phone, wrap_up_s(&s->agents[g]));
            is_told = true;
        }
    }
}

static void put_strategy(rig_recipe *r)
{
    const rig_routing routing = r->scenario->queue.routing;
    const bool is_round = routing == RIG_ROUTING_ROUND_ROBIN;
    if (routing == RIG_ROUTING_RING_ALL) {
        rig_recipe_line(r, "queue.routing", "strategy=ringall");
        return;
    }
    if (!is_round)
        rig_recipe_differs(
            r, "queue.routing",
            "leastrecent counts from the end of the last call in whole seconds; among "
            "equals the order of the list decides. An agent who did not answer is "
            "still the least recent: he is rung again");
    rig_recipe_line(r, "queue.routing", "strategy=%s", is_round ? "rrordered" : "leastrecent");
}

static void put_times(rig_recipe *r)
{
    const rig_scenario *s = r->scenario;
    rig_recipe_line(r, "agents[].ring_timeout_s", "timeout=%u",
                    rig_recipe_whole_s(s->agents[0].ring_timeout_s, 1));
    const bool is_cut = s->queue.timeout_cuts_ringing;
    rig_recipe_comment(r, is_cut
                              ? "a phone that rings when the queue's time-out comes is silent then"
                              : "a phone that rings when the queue's time-out comes rings on, as "
                                "in the model");
    rig_recipe_line(r, s->queue.timeout_s > 0.0 ? "queue.timeout_s" : NULL, "timeoutpriority=%s",
                    is_cut ? "app" : "conf");
    if (s->queue.timeout_s > 0.0 && is_cut)
        rig_recipe_also(r, "queue.timeout_cuts_ringing");
    rig_recipe_comment(
        r, "after a ringing in vain it is the caller who waits, not the agent who rests");
    rig_recipe_line(r, "agents[].rest_s", "retry=%u", retry_s(s));
    rig_recipe_also(r, "queue.poll_s");
    rig_recipe_comment(r, "whole seconds of the clock: up to 1 s less");
    rig_recipe_line(r, "agents[].wrap_up", "wrapuptime=%u", wrap_up_s(&s->agents[0]));
}

bool rig_recipe_asterisk_has_maxlen(const rig_scenario *s)
{
    return s->queue.counts_ringing && s->queue.capacity > 0 && s->n_skills <= 1;
}

/* To whom a waiting caller is given, and when. */
static void put_dealing(rig_recipe *r)
{
    const rig_scenario *s = r->scenario;
    bool pauses = false;
    for (size_t g = 0; g < s->n_agents; g++)
        pauses |= s->agents[g].n_most_missed == 1;
    if (!s->queue.one_at_a_time)
        rig_recipe_comment(
            r, "all waiting callers are offered to free agents at once, not one by one");
    rig_recipe_line(r, s->queue.one_at_a_time ? "queue.one_at_a_time" : NULL, "autofill=%s",
                    s->queue.one_at_a_time ? "no" : "yes");
    rig_recipe_line(r, NULL, "ringinuse=no");
    if (pauses)
        rig_recipe_comment(r, "of every member: also of groups without max_no_answer");
    rig_recipe_line(r, pauses ? "agents[].max_no_answer" : NULL, "autopause=%s",
                    pauses ? "yes" : "no");
}

static void put_queue(rig_recipe *r, size_t skill)
{
    const rig_queue *q = &r->scenario->queue;
    rig_recipe_line(r, NULL, "%s", "");
    if (r->scenario->n_skills > 1)
        rig_recipe_comment(r, "skill %s", r->scenario->skills[skill]);
    rig_recipe_line(r, r->scenario->n_skills > 1 && skill == 0 ? "agents[].skills" : NULL, "[%s]",
                    rig_recipe_asterisk_queue(r, skill));
    put_strategy(r);
    put_times(r);
    put_dealing(r);
    rig_recipe_comment(r, "callers may wait while no agent is free or reachable");
    rig_recipe_line(r, NULL, "joinempty=yes");
    rig_recipe_line(r, NULL, "leavewhenempty=no");
    if (rig_recipe_asterisk_has_maxlen(r->scenario)) {
        rig_recipe_comment(r, "callers whose agent rings are counted");
        rig_recipe_line(r, "queue.capacity", "maxlen=%u", q->capacity);
        rig_recipe_also(r, "queue.counts_ringing");
    } else {
        rig_recipe_comment(
            r, "maxlen would count callers whose agent rings: extensions.conf limits the queue");
        rig_recipe_line(r, NULL, "maxlen=0");
    }
    rig_recipe_line(r, NULL, "memberdelay=0");
    rig_recipe_comment(r, "when an agent has answered: see extensions.conf");
    rig_recipe_line(r, NULL, "membergosub=peakrig-talk");
    rig_recipe_line(r, NULL, "announce-frequency=0");
    rig_recipe_line(r, NULL, "announce-holdtime=no");
    rig_recipe_line(r, NULL, "announce-position=no");
    if (q->n_overflow > 0)
        rig_recipe_line(r, NULL, "defaultrule=overflow-%zu", skill + 1);
    put_members(r, skill);
}

static void put_rules(rig_recipe *r)
{
    const rig_scenario *s = r->scenario;
    rig_recipe_begin(r, "queuerules.conf", "; ", "");
    rig_recipe_comment(r, "Made by peakrig: after a time other groups may take a call, too.");
    for (size_t skill = 0; skill < s->n_skills && s->queue.n_overflow > 0; skill++) {
        unsigned first_s = 0;
        for (size_t i = 0; i < s->queue.n_overflow; i++) {
            const rig_queue_overflow *rule = &s->queue.overflow[i];
            if (rule->skill == skill &&
                (first_s == 0 || rig_recipe_whole_s(rule->after_s, 1) < first_s))
                first_s = rig_recipe_whole_s(rule->after_s, 1);
        }
        rig_recipe_line(r, NULL, "\n[overflow-%zu]", skill + 1);
        if (first_s == 0)
            continue;
        rig_recipe_differs(r, "queue.overflow",
                           "whole seconds; all groups that may take calls of \"%s\" join together",
                           s->skills[skill]);
        rig_recipe_line(r, "queue.overflow", "penaltychange => %u,%d", first_s, PENALTY_OVERFLOW);
    }
}

void rig_recipe_asterisk_queues(rig_recipe *r)
{
    const rig_scenario *s = r->scenario;
    rig_recipe_begin(r, "queues.conf", "; ", "");
    rig_recipe_comment(r, "Made by peakrig: a queue for each skill.");
    rig_recipe_line(r, NULL, "[general]");
    rig_recipe_line(r, NULL, "persistentmembers=no");
    rig_recipe_line(r, NULL, "autofill=yes");
    if (s->n_skills > 1) {
        rig_recipe_comment(r, "idle time and wrap-up count over all queues of an agent");
        rig_recipe_line(r, NULL, "shared_lastcall=yes");
        rig_recipe_comment(r, "between queues the greater priority, then the longest wait");
        rig_recipe_line(r, NULL, "force_longest_waiting_caller=prio");
    }
    for (size_t skill = 0; skill < s->n_skills; skill++)
        put_queue(r, skill);
    say_times(r);
    put_rules(r);
}
