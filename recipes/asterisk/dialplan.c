/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "recipes/asterisk/asterisk.h"

#include <math.h>

#include "recipes/draft/centre.h"
#include "scenarios/backup.h"

/* Q.850 causes, and what chan_pjsip makes of them before the answer: 34 -> 503. */
enum { CAUSE_NO_CIRCUIT = 34, CAUSE_BUSY = 17, CAUSE_NO_ANSWER = 27 };

static bool is_early(const rig_recipe *r)
{
    return r->scenario->target.marks == RIG_MARK_EARLY;
}

static void same(rig_recipe *r, const char *key, const char *what)
{
    rig_recipe_line(r, key, " same => n,%s", what);
}

/* One trunk group that is tried: on to "take" with it, else to the next line. */
static void try_group(rig_recipe *r, size_t group, bool is_own)
{
    const rig_trunk_group *t = &r->scenario->trunks[group];
    const uint32_t n_open = rig_recipe_circuits_open(t, is_own);
    const bool has_spare = n_open < t->n_circuits;
    rig_recipe_comment(r, "carrier %s: %u circuits%s", t->name, t->n_circuits,
                       has_spare ? ", some spare for its own calls" : "");
    same(r, has_spare ? "trunks[].spare_share" : "trunks[].circuits",
         rig_recipe_format(r, "GotoIf($[${GROUP_COUNT(carrier%zu@trunk)} < %u]?take%zu)", group + 1,
                           n_open, group + 1));
}

/* With shares: the groups that a call of this carrier may take, then the refusal. */
static void put_carrier(rig_recipe *r, size_t carrier)
{
    const rig_trunk_group *t = &r->scenario->trunks[carrier];
    rig_recipe_line(r, carrier == 0 ? "trunks[].share" : NULL,
                    " same => n(by%zu),NoOp(carrier %zu)", carrier + 1, carrier + 1);
    try_group(r, carrier, true);
    for (size_t i = 0; i < t->n_overflow; i++) {
        rig_recipe_line(r, "trunks[].overflow", " same => n,NoOp(overflow)");
        try_group(r, t->overflow[i], false);
    }
    same(r, NULL, "Goto(full)");
}

static void put_trunk(rig_recipe *r)
{
    const rig_scenario *s = r->scenario;
    rig_recipe_comment(r,
                       "The trunk. Two calls must not both take the last circuit: under a lock.");
    same(r, NULL, "Set(LOCKED=${LOCK(trunk)})");
    if (rig_scenario_has_carriers(s)) {
        same(r, NULL,
             rig_scenario_has_backup(s)
                 ? "Goto(by${IF($[\"${BACKUP}\" = \"\"]?${CARRIER}:${BACKUP})})"
                 : "Goto(by${CARRIER})");
        for (size_t i = 0; i < s->n_trunks; i++)
            put_carrier(r, i);
    } else {
        for (size_t i = 0; i < s->n_trunks; i++)
            try_group(r, i, true);
    }
    rig_recipe_line(r, NULL, " same => n(full),Set(LOCKED=${UNLOCK(trunk)})");
    rig_recipe_comment(r, "before the answer cause 34 becomes 503 Service Unavailable");
    same(r, "trunks[].circuits", rig_recipe_format(r, "Hangup(%d)", CAUSE_NO_CIRCUIT));
    for (size_t i = 0; i < s->n_trunks; i++) {
        rig_recipe_line(r, NULL, " same => n(take%zu),Set(GROUP(trunk)=carrier%zu)", i + 1, i + 1);
        if (i + 1 < s->n_trunks)
            same(r, NULL, "Goto(taken)");
    }
    rig_recipe_line(r, NULL, " same => n(taken),Set(LOCKED=${UNLOCK(trunk)})");
}

/* A port is held until an agent answers (calls with a port less those that talk), or until the
 * queue. */
static void put_ports(rig_recipe *r)
{
    const rig_ivr *ivr = &r->scenario->ivr;
    if (ivr->n_ports == 0 || ivr->n_ports >= rig_scenario_n_circuits(r->scenario))
        return;
    rig_recipe_differs(
        r, "ivr.ports",
        "who waits for a port looks again each 0.2 s: the first to look gets it, not "
        "the first to come");
    rig_recipe_line(r, NULL, " same => n,Set(LOCKED=${LOCK(port)})");
    rig_recipe_line(r, "ivr.ports",
                    " same => n(port),GotoIf($[${GROUP_COUNT(held@port)} - "
                    "${GROUP_COUNT(talk@talk)} < %u]?ported)",
                    ivr->n_ports);
    same(r, NULL, "Set(LOCKED=${UNLOCK(port)})");
    same(r, NULL, "Ringing()");
    same(r, NULL, "Wait(0.2)");
    same(r, NULL, "Set(LOCKED=${LOCK(port)})");
    same(r, NULL, "Goto(port)");
    rig_recipe_line(r, NULL, " same => n(ported),Set(GROUP(port)=held)");
    same(r, NULL, "Set(LOCKED=${UNLOCK(port)})");
}

/* peakrig takes the end of the menu for the entry into the queue: it must be a constant. */
static void put_wait(rig_recipe *r, const rig_dist *menu)
{
    if (menu->kind != RIG_DIST_CONSTANT)
        rig_recipe_instead(r, "ivr.menu", rig_recipe_format(r, "ivr.menu=%.3f", menu->mean_s),
                           "Wait() is constant, and nothing on the wire tells the end of the menu");
    if (menu->mean_s > 0.0)
        same(r, "ivr.menu", rig_recipe_format(r, "Wait(%.3f)", menu->mean_s));
}

static void put_menu(rig_recipe *r)
{
    const rig_scenario *s = r->scenario;
    rig_recipe_comment(r, "The menu.");
    if (is_early(r)) {
        rig_recipe_line(r, "target.marks", " same => n,Progress()");
    } else {
        rig_recipe_comment(r, "Answer() alone waits 0.5 s for audio that never comes");
        rig_recipe_line(r, "target.marks", " same => n,Answer(0,i)");
    }
    put_wait(r, &s->ivr.menu);
    if (s->ivr.p_self_service <= 0.0)
        return;
    if (s->ivr.has_dialogue)
        rig_recipe_instead(
            r, "ivr.self_service_dialogue", "ivr.self_service_dialogue=false",
            "on the wire nothing tells a dialogue from the queue: he hears the menu, "
            "and who is still there at its end is queued");
    rig_recipe_comment(r, "who is satisfied hangs up himself; still there, he is queued");
    same(r, "ivr.self_service_share", "NoOp(self-service: the caller hangs up)");
}

/* Calls of a queue that wait: those in it less those with an agent's leg. */
static const char *waiting(rig_recipe *r)
{
    return rig_recipe_format(r, "${GROUP_COUNT(${QUEUE}@queue)} - ${GROUP_COUNT(${QUEUE}@leg)}");
}

static void put_deflection(rig_recipe *r)
{
    const rig_deflection *d = &r->scenario->queue.deflection;
    const rig_callers *callers = &r->scenario->callers;
    if (d->p_accept <= 0.0)
        return;
    for (size_t i = 0; i < callers->n_classes; i++)
        if (callers->classes[i].is_never_deflected)
            rig_recipe_differs(r, "callers.classes", "\"%s\" is deflected like all others",
                               callers->classes[i].name);
    rig_recipe_differs(
        r, "queue.deflection",
        "who takes the promise is drawn here, not by the scenario's own draws; on the "
        "wire nothing tells a promise from a queue that hangs up, and nobody calls "
        "back: peakrig reads such calls as lost_queue");
    if (d->wait_from_s > 0.0 || d->after_s > 0.0)
        rig_recipe_differs(r, "queue.deflection",
                           "wait_from_s and after_s are not looked at: a caller is asked when he "
                           "enters, by the calls that wait alone");
    same(r, "queue.deflection",
         rig_recipe_format(r,
                           "GotoIf($[${QUEUE_MEMBER(${QUEUE},ready)} = 0 & %s >= %u & "
                           "${RAND(1,1000000)} <= %.0f]?deflect)",
                           waiting(r), d->queue_from, d->p_accept * 1e6));
}

static void put_queue(rig_recipe *r)
{
    const rig_scenario *s = r->scenario;
    const rig_queue *q = &s->queue;
    rig_recipe_comment(r, "The queue.");
    if (!s->ivr.hold_while_queued && s->ivr.n_ports > 0 &&
        s->ivr.n_ports < rig_scenario_n_circuits(s))
        same(r, "ivr.hold_while_queued", "Set(GROUP(port)=)");
    put_deflection(r);
    const bool is_limited = q->capacity > 0 && !rig_recipe_asterisk_has_maxlen(s);
    if (is_limited) {
        same(r, NULL, "Set(LOCKED=${LOCK(queue)})");
        same(r, "queue.capacity",
             rig_recipe_format(r, "GotoIf($[%s >= %u]?refuse)", waiting(r), q->capacity));
    }
    same(r, NULL, "Set(GROUP(queue)=${QUEUE})");
    if (is_limited)
        same(r, NULL, "Set(LOCKED=${UNLOCK(queue)})");
    if (s->callers.n_classes > 1)
        same(r, "callers.classes", "Set(QUEUE_PRIO=${CLASS_PRIORITY})");
    if (q->n_overflow > 0)
        same(r, NULL, "Set(QUEUE_MAX_PENALTY=10)");
    if (q->timeout_s > 0.0)
        same(r, "queue.timeout_s",
             rig_recipe_format(r, "Queue(${QUEUE},%sb(peakrig-agent^s^1),,,%.0f)",
                               is_early(r) ? "R" : "", ceil(q->timeout_s)));
    else
        same(
            r, NULL,
            rig_recipe_format(r, "Queue(${QUEUE},%sb(peakrig-agent^s^1))", is_early(r) ? "R" : ""));
    if (is_early(r))
        same(r, NULL, rig_recipe_format(r, "Hangup(%d)", CAUSE_NO_ANSWER));
    else
        same(r, NULL, "Hangup()");
    if (is_limited) {
        rig_recipe_line(r, NULL, " same => n(refuse),Set(LOCKED=${UNLOCK(queue)})");
        same(r, NULL, is_early(r) ? rig_recipe_format(r, "Hangup(%d)", CAUSE_BUSY) : "Hangup()");
    }
    if (q->deflection.p_accept > 0.0) {
        rig_recipe_line(r, NULL, " same => n(deflect),Wait(%.3f)", q->deflection.announcement_s);
        same(r, NULL, "Hangup()");
    }
}

static void put_agent_side(rig_recipe *r)
{
    rig_recipe_line(r, NULL, "\n[peakrig-agent]");
    rig_recipe_comment(r,
                       "on the agent's leg, before it is dialled: whose it is, and that it is one");
    rig_recipe_line(r, NULL,
                    "exten => s,1,Set(PJSIP_HEADER(add,X-Caller-Call-ID)=${PEAKRIG_CALL})");
    rig_recipe_line(r, NULL, " same => n,Set(GROUP(leg)=${QUEUE})");
    rig_recipe_line(r, NULL, " same => n,Return()");
    rig_recipe_line(r, NULL, "\n[peakrig-talk]");
    rig_recipe_comment(r, "on the agent's leg, when he has answered: the caller's port is free");
    rig_recipe_line(r, r->scenario->ivr.hold_while_queued ? "ivr.hold_while_queued" : NULL,
                    "exten => s,1,Set(GROUP(talk)=talk)");
    rig_recipe_line(r, NULL, " same => n,Return()");
    rig_recipe_line(r, NULL, "\n[peakrig-nobody]");
    rig_recipe_comment(r, "agents call nobody");
}

/* Who a caller is, by his number: a line for each planned caller. */
static void put_who(rig_recipe *r)
{
    const rig_scenario *s = r->scenario;
    if (!rig_recipe_callers_differ(s))
        return;
    rig_recipe_line(r, NULL, "\n[peakrig-who]");
    rig_recipe_comment(r, "Carrier, priority and queue: the scenario's own draws for its planned "
                          "callers. A redial comes with the same number.");
    for (size_t i = 0; i < r->spec.n_calls; i++) {
        const rig_recipe_caller who = r->spec.calls[i];
        rig_recipe_line(r, i == 0 && s->ivr.n_choices > 1 ? "ivr.choices" : NULL,
                        "exten => %llu,1,Set(ARRAY(CARRIER,CLASS_PRIORITY,__QUEUE)=%zu,%u,%s)",
                        (unsigned long long)who.number, who.carrier + 1, who.priority,
                        rig_recipe_asterisk_queue(r, who.skill));
        rig_recipe_line(r, NULL, " same => n,Return()");
    }
}

/* Calls to the backup number come in by its carrier, whatever their caller's is. */
static void put_backup(rig_recipe *r)
{
    const rig_scenario *s = r->scenario;
    rig_recipe_line(r, "callers.redial.backup", "exten => %s,1,Set(__BACKUP=%zu)",
                    s->callers.redial.backup.dial, rig_scenario_backup_trunk(s) + 1);
    same(r, NULL, rig_recipe_format(r, "Goto(%s,1)", s->callers.dial));
}

void rig_recipe_asterisk_dialplan(rig_recipe *r)
{
    const rig_scenario *s = r->scenario;
    const bool is_told = rig_recipe_callers_differ(s);
    rig_recipe_begin(r, "extensions.conf", "; ", "");
    rig_recipe_comment(r, "Made by peakrig: the way of a call through trunk, menu and queue.");
    rig_recipe_line(r, NULL, "[general]");
    rig_recipe_line(r, NULL, "static=yes");
    rig_recipe_line(r, NULL, "writeprotect=yes");
    rig_recipe_line(r, NULL, "autofallthrough=yes");
    rig_recipe_line(r, NULL, "\n[peakrig-callers]");
    const char *number;
    for (size_t i = 1; (number = rig_recipe_dialled(s, i)) != NULL; i++)
        if (rig_scenario_is_backup(s, number))
            put_backup(r);
        else
            rig_recipe_line(r, "callers.classes[].dial", "exten => %s,1,Goto(%s,1)", number,
                            s->callers.dial);
    rig_recipe_line(r, "callers.dial",
                    "exten => %s,1,Set(__PEAKRIG_CALL=${CHANNEL(pjsip,call-id)})", s->callers.dial);
    same(r, NULL, rig_recipe_format(r, "Set(__QUEUE=%s)", rig_recipe_asterisk_queue(r, 0)));
    if (is_told) {
        same(r, NULL, "Set(ARRAY(CARRIER,CLASS_PRIORITY)=1,0)");
        rig_recipe_comment(r,
                           "who the caller is; a number that is none of the scenario's is anybody");
        same(r, "callers.first_number",
             "GosubIf(${DIALPLAN_EXISTS(peakrig-who,${CALLERID(num)},1)}?"
             "peakrig-who,${CALLERID(num)},1)");
    }
    put_trunk(r);
    put_ports(r);
    put_menu(r);
    put_queue(r);
    put_agent_side(r);
    put_who(r);
}
