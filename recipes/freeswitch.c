/* SPDX-License-Identifier: GPL-3.0-or-later */
/* FreeSWITCH 1.10: mod_sofia, mod_hash (limit), mod_callcenter, in one freeswitch.xml. Source: the
 * module documentation and sample files of FreeSWITCH 1.10. */
#include <math.h>
#include <string.h>

#include "recipes/draft/centre.h"
#include "recipes/draft/draft.h"
#include "recipes/draft/exchanges.h"
#include "scenarios/backup.h"

static const char *queue_name(rig_recipe *r, size_t skill)
{
    return rig_recipe_format(r, "queue-%zu@default", skill + 1);
}

static void param(rig_recipe *r, const char *key, const char *name, const char *value)
{
    rig_recipe_line(r, key, "    <param name=\"%s\" value=\"%s\"/>", name, value);
}

static void action(rig_recipe *r, const char *key, const char *application, const char *data)
{
    rig_recipe_line(r, key, "     <action application=\"%s\" data=\"%s\"/>", application, data);
}

static void put_modules(rig_recipe *r)
{
    static const char *const modules[] = {
        "mod_console", "mod_logfile", "mod_commands",   "mod_dptools",     "mod_dialplan_xml",
        "mod_hash",    "mod_sofia",   "mod_callcenter", "mod_tone_stream", "mod_expr"};
    rig_recipe_line(r, NULL, "  <configuration name=\"modules.conf\">");
    rig_recipe_line(r, NULL, "   <modules>");
    for (size_t i = 0; i < sizeof modules / sizeof *modules; i++)
        rig_recipe_line(r, NULL, "    <load module=\"%s\"/>", modules[i]);
    rig_recipe_line(r, NULL, "   </modules>");
    rig_recipe_line(r, NULL, "  </configuration>");
    rig_recipe_line(r, NULL, "  <configuration name=\"switch.conf\">");
    rig_recipe_line(r, NULL, "   <settings>");
    param(r, NULL, "loglevel", "warning");
    param(r, NULL, "max-sessions", "50000");
    rig_recipe_comment(r, "or else calls over 30 a second are refused");
    param(r, NULL, "sessions-per-second", "10000");
    param(r, NULL, "rtp-start-port", "16384");
    param(r, NULL, "rtp-end-port", "65535");
    rig_recipe_line(r, NULL, "   </settings>");
    rig_recipe_line(r, NULL, "  </configuration>");
}

static void put_sofia(rig_recipe *r)
{
    const rig_scenario *s = r->scenario;
    rig_recipe_line(r, NULL, "  <configuration name=\"sofia.conf\">");
    rig_recipe_line(r, NULL, "   <profiles><profile name=\"peakrig\"><settings>");
    param(r, "target.host", "sip-ip", r->spec.host);
    param(r, NULL, "rtp-ip", r->spec.host);
    param(r, "target.host", "sip-port", rig_recipe_format(r, "%u", r->spec.port));
    param(r, NULL, "context", "peakrig-callers");
    param(r, NULL, "dialplan", "XML");
    param(r, NULL, "inbound-codec-prefs", "PCMU");
    param(r, NULL, "outbound-codec-prefs", "PCMU");
    if (s->callers.auth.user == NULL) {
        rig_recipe_comment(r, "callers from other addresses are refused by the list below");
        param(r, NULL, "apply-inbound-acl", "peakrig");
    }
    param(r, NULL, "auth-calls", s->callers.auth.user != NULL ? "true" : "false");
    param(r, s->callers.dtmf.digits != NULL ? "callers.dtmf" : NULL, "dtmf-type", "info");
    rig_recipe_comment(r,
                       "peakrig's callers offer what the scenario says alone, its phones nothing");
    if (s->callers.session_timer.expires_s > 0) {
        param(r, "callers.session_timer", "enable-timer", "true");
        param(r, "callers.session_timer.expires_s", "session-timeout",
              rig_recipe_format(r, "%u", s->callers.session_timer.expires_s));
    } else {
        param(r, NULL, "enable-timer", "false");
    }
    param(r, s->callers.has_prack ? "callers.reliable_provisional" : NULL, "enable-100rel",
          s->callers.has_prack ? "true" : "false");
    rig_recipe_comment(r, "no UPDATE or re-INVITE that would look like an agent's answer");
    param(r, NULL, "send-display-update", "false");
    rig_recipe_comment(r, "agents send no audio: nobody is hung up for silence");
    param(r, NULL, "rtp-timeout-sec", "0");
    param(r, "callers.first_number", "caller-id-type", "none");
    rig_recipe_line(r, "target.transport",
                    "    <!-- transport %s: to the agents by the contact's "
                    "transport -->",
                    rig_transport_name(s->target.transport));
    rig_recipe_line(r, NULL, "   </settings></profile></profiles>");
    rig_recipe_line(r, NULL, "  </configuration>");
    rig_recipe_line(r, NULL, "  <configuration name=\"acl.conf\"><network-lists>");
    rig_recipe_line(r, NULL, "   <list name=\"peakrig\" default=\"deny\">");
    for (size_t i = 0; i < r->spec.n_callers; i++)
        rig_recipe_line(r, NULL, "    <node type=\"allow\" cidr=\"%s/%d\"/>", r->spec.callers[i],
                        strchr(r->spec.callers[i], ':') != NULL ? 128 : 32);
    rig_recipe_line(r, NULL, "   </list>");
    rig_recipe_line(r, NULL, "  </network-lists></configuration>");
}

static void put_queue(rig_recipe *r, size_t skill)
{
    const rig_queue *q = &r->scenario->queue;
    const char *strategy = q->routing == RIG_ROUTING_ROUND_ROBIN ? "round-robin"
                           : q->routing == RIG_ROUTING_RING_ALL  ? "ring-all"
                                                                 : "longest-idle-agent";
    rig_recipe_comment(r, "skill %s", r->scenario->skills[skill]);
    rig_recipe_line(r, r->scenario->n_skills > 1 && skill == 0 ? "agents[].skills" : NULL,
                    "    <queue name=\"%s\">", queue_name(r, skill));
    param(r, "queue.routing", "strategy", strategy);
    param(r, NULL, "moh-sound", "silence");
    param(r, NULL, "time-base-score", "queue");
    if (q->timeout_s > 0.0)
        rig_recipe_differs(r, "queue.timeout_s", "whole seconds, looked at every 0.5 s");
    param(r, q->timeout_s > 0.0 ? "queue.timeout_s" : NULL, "max-wait-time",
          rig_recipe_format(r, "%u", rig_recipe_whole_s(q->timeout_s, 0)));
    param(r, NULL, "max-wait-time-with-no-agent", "0");
    param(r, NULL, "max-wait-time-with-no-agent-time-reached", "0");
    param(r, NULL, "tier-rules-apply", q->routing == RIG_ROUTING_MOST_SKILLED ? "true" : "false");
    param(r, NULL, "tier-rule-wait-second", "0");
    param(r, NULL, "tier-rule-no-agent-no-wait", "true");
    param(r, NULL, "discard-abandoned-after", "1");
    param(r, NULL, "abandoned-resume-allowed", "false");
    rig_recipe_line(r, NULL, "    </queue>");
}

static void put_agents(rig_recipe *r)
{
    const rig_scenario *s = r->scenario;
    const char *at = rig_recipe_format(r, "%s:%u", rig_recipe_uri_host(r, r->spec.agents_host),
                                       r->spec.agents_port);
    uint32_t number = 0;
    rig_recipe_differs(r, "agents[].wrap_up",
                       "one time for all calls of an agent, in whole seconds");
    for (size_t g = 0; g < s->n_agents; g++) {
        const rig_agent_group *a = &s->agents[g];
        for (uint32_t i = 0; i < rig_scenario_first_agents(a); i++) {
            number++;
            rig_recipe_line(
                r, i == 0 ? "agents[].wrap_up" : NULL,
                "    <agent name=\"agent%u\" type=\"callback\" "
                "contact=\"[leg_timeout=%u]sofia/peakrig/sip:agent%u@%s%s\" status=\"Available\" "
                "max-no-answer=\"%u\" wrap-up-time=\"%u\" reject-delay-time=\"%u\" "
                "busy-delay-time=\"%u\" no-answer-delay-time=\"%u\"/>",
                number, rig_recipe_whole_s(a->ring_timeout_s, 0), number, at,
                s->target.transport == RIG_TRANSPORT_TCP ? ";transport=tcp" : "", a->n_most_missed,
                (unsigned)rint(a->wrap_up.mean_s), rig_recipe_whole_s(a->reject_rest_s, 0),
                rig_recipe_whole_s(a->busy_rest_s, 0), rig_recipe_whole_s(a->rest_s, 0));
            if (i == 0) {
                rig_recipe_also(r, "agents[].ring_timeout_s");
                rig_recipe_also(r, "agents[].rest_s");
                rig_recipe_also(r, "agents[].busy_rest_s");
                rig_recipe_also(r, "agents[].reject_rest_s");
                if (a->n_most_missed > 0)
                    rig_recipe_also(r, "agents[].max_no_answer");
                rig_recipe_also(r, "target.agents_listen");
            }
        }
        rig_recipe_comment(r, "above: group %s: ring time-out %g s, rest %g s", a->name,
                           a->ring_timeout_s, a->rest_s);
        if (a->n_most_missed > 0)
            rig_recipe_instead(r, "agents[].max_no_answer",
                               rig_recipe_format(r, "agents[%zu].break_s=10000000.0", g),
                               "nobody ends a pause");
    }
}

static void put_tiers(rig_recipe *r)
{
    const rig_scenario *s = r->scenario;
    for (size_t skill = 0; skill < s->n_skills; skill++) {
        uint32_t number = 0;
        for (size_t g = 0; g < s->n_agents; g++) {
            const unsigned level = s->agents[g].level != NULL ? s->agents[g].level[skill] : 1;
            const bool by_level = s->queue.routing == RIG_ROUTING_MOST_SKILLED;
            for (uint32_t i = 0; i < rig_scenario_first_agents(&s->agents[g]); i++) {
                number++;
                if (level > 0)
                    rig_recipe_line(r, number == 1 && skill == 0 ? "agents[].count" : NULL,
                                    "    <tier agent=\"agent%u\" queue=\"%s\" level=\"%u\" "
                                    "position=\"%u\"/>",
                                    number, queue_name(r, skill), by_level ? 10 - level : 1,
                                    number);
            }
        }
    }
}

/* What mod_callcenter does by itself. */
static void say_looks(rig_recipe *r)
{
    const rig_queue *q = &r->scenario->queue;
    rig_recipe_instead(r, "queue.look_every_s", "queue.look_every_s=0.1",
                       "one thread looks at all who wait, and sleeps for 100 ms");
    if (q->poll_s > 0.0) {
        rig_recipe_instead(r, "queue.poll_s", "queue.poll_s=0.0", "no caller looks by himself");
        rig_recipe_instead(r, "queue.poll_s", "queue.retry_s=0.0", "no caller looks by himself");
    }
    if (q->timeout_s > 0.0)
        rig_recipe_instead(r, "queue.timeout_cuts_ringing", "queue.timeout_cuts_ringing=true",
                           "the phone that rings is hung up with the caller");
}

static void put_callcenter(rig_recipe *r)
{
    rig_recipe_line(r, NULL, "  <configuration name=\"callcenter.conf\">");
    rig_recipe_line(r, NULL, "   <settings/>");
    say_looks(r);
    rig_recipe_line(r, NULL, "   <queues>");
    for (size_t skill = 0; skill < r->scenario->n_skills; skill++)
        put_queue(r, skill);
    rig_recipe_line(r, NULL, "   </queues>");
    rig_recipe_line(r, NULL, "   <agents>");
    put_agents(r);
    rig_recipe_line(r, NULL, "   </agents>");
    rig_recipe_line(r, NULL, "   <tiers>");
    put_tiers(r);
    rig_recipe_line(r, NULL, "   </tiers>");
    rig_recipe_line(r, NULL, "  </configuration>");
}

/* limit counts under its own lock and goes to the extension when the group is full. */
static void put_trunk(rig_recipe *r)
{
    const rig_scenario *s = r->scenario;
    for (size_t i = 0; i < s->n_trunks; i++) {
        rig_recipe_comment(r, "carrier %s", s->trunks[i].name);
        rig_recipe_line(r, NULL,
                        "    <extension name=\"trunk-%zu\"><condition "
                        "field=\"destination_number\" expression=\"^trunk-%zu$\">",
                        i + 1, i + 1);
        action(r, "trunks[].circuits", "limit",
               rig_recipe_format(r, "hash peakrig trunk-%zu %u trunk-%zu", i + 1,
                                 s->trunks[i].n_circuits, i + 2));
        action(r, NULL, "transfer", "peakrig-menu XML peakrig-callers");
        rig_recipe_line(r, NULL, "    </condition></extension>");
    }
    rig_recipe_comment(r, "no circuit is free");
    rig_recipe_line(r, NULL,
                    "    <extension name=\"refused\"><condition "
                    "field=\"destination_number\" expression=\"^trunk-%zu$\">",
                    s->n_trunks + 1);
    action(r, NULL, "respond", "503 Service Unavailable");
    rig_recipe_line(r, NULL, "    </condition></extension>");
}

static void put_menu(rig_recipe *r)
{
    const rig_scenario *s = r->scenario;
    rig_recipe_line(r, NULL,
                    "    <extension name=\"menu\"><condition "
                    "field=\"destination_number\" expression=\"^peakrig-menu$\">");
    action(r, "target.marks", s->target.marks == RIG_MARK_EARLY ? "pre_answer" : "answer", "");
    if (s->ivr.menu.kind != RIG_DIST_CONSTANT)
        rig_recipe_instead(r, "ivr.menu", rig_recipe_format(r, "ivr.menu=%.3f", s->ivr.menu.mean_s),
                           "sleep is constant, and nothing on the wire tells the end of the menu");
    if (s->ivr.menu.mean_s > 0.0)
        action(r, "ivr.menu", "sleep", rig_recipe_format(r, "%.0f", s->ivr.menu.mean_s * 1e3));
    rig_recipe_comment(r, "the caller's Call-ID goes to the agent's leg");
    action(r, NULL, "set", "sip_h_X-Caller-Call-ID=${sip_call_id}");
    action(r, NULL, "set", "cc_export_vars=sip_h_X-Caller-Call-ID");
    action(r, NULL, "callcenter", "${peakrig_queue}");
    action(r, NULL, "hangup", "NORMAL_CLEARING");
    rig_recipe_line(r, NULL, "    </condition></extension>");
}

/* Who a planned caller is, by his number. */
static void put_who(rig_recipe *r)
{
    const rig_scenario *s = r->scenario;
    if (!rig_recipe_callers_differ(s))
        return;
    for (size_t i = 0; i < r->spec.n_calls; i++) {
        const rig_recipe_caller who = r->spec.calls[i];
        rig_recipe_line(r, i == 0 && s->ivr.n_choices > 1 ? "ivr.choices" : NULL,
                        "    <extension name=\"who\" continue=\"true\"><condition "
                        "field=\"caller_id_number\" expression=\"^%llu$\">",
                        (unsigned long long)who.number);
        action(r, NULL, "set", rig_recipe_format(r, "peakrig_queue=%s", queue_name(r, who.skill)));
        action(r, i == 0 && s->callers.n_classes > 1 ? "callers.classes" : NULL, "set",
               rig_recipe_format(r, "cc_base_score=%u", who.priority * 100000u));
        action(r, NULL, "set", rig_recipe_format(r, "peakrig_carrier=trunk-%zu", who.carrier + 1));
        rig_recipe_line(r, NULL, "    </condition></extension>");
    }
}

/* A number as an expression. */
static const char *number_pattern(rig_recipe *r, const char *number)
{
    const char *pattern = "";
    for (const char *c = rig_recipe_escape(r, RIG_RECIPE_XML, number); *c != '\0'; c++)
        pattern = rig_recipe_format(r, "%s%s%c", pattern, *c == '*' || *c == '+' ? "\\" : "", *c);
    return pattern;
}

/* Of all numbers that are dialled, as an expression without its ends: "785", "(785|7851)". */
static const char *numbers_pattern(rig_recipe *r)
{
    const char *pattern = "", *number;
    size_t n = 0;
    for (; (number = rig_recipe_dialled(r->scenario, n)) != NULL; n++)
        pattern =
            rig_recipe_format(r, "%s%s%s", pattern, n > 0 ? "|" : "", number_pattern(r, number));
    return n > 1 ? rig_recipe_format(r, "(%s)", pattern) : pattern;
}

static void put_dialplan(rig_recipe *r)
{
    const rig_scenario *s = r->scenario;
    const char *pattern = numbers_pattern(r);
    rig_recipe_line(r, NULL, "   <context name=\"peakrig-callers\">");
    put_trunk(r);
    put_menu(r);
    rig_recipe_line(r, NULL, "    <extension name=\"anybody\" continue=\"true\"><condition>");
    action(r, NULL, "set", rig_recipe_format(r, "peakrig_queue=%s", queue_name(r, 0)));
    action(r, NULL, "set", "peakrig_carrier=trunk-1");
    rig_recipe_line(r, NULL, "    </condition></extension>");
    put_who(r);
    if (rig_scenario_has_backup(s)) {
        rig_recipe_line(r, "callers.redial.backup",
                        "    <extension name=\"backup\" continue=\"true\"><condition "
                        "field=\"destination_number\" expression=\"^%s$\">",
                        number_pattern(r, s->callers.redial.backup.dial));
        action(r, NULL, "set",
               rig_recipe_format(r, "peakrig_carrier=trunk-%zu", rig_scenario_backup_trunk(s) + 1));
        rig_recipe_line(r, NULL, "    </condition></extension>");
    }
    rig_recipe_line(r, NULL, "    <extension name=\"dialled\">");
    rig_recipe_line(r, "callers.dial",
                    "     <condition field=\"destination_number\" expression=\"^%s$\">", pattern);
    if (rig_scenario_has_class_numbers(s))
        rig_recipe_also(r, "callers.classes[].dial");
    action(r, NULL, "set", "limit_ignore_transfer=true");
    action(r, rig_scenario_has_carriers(s) ? "trunks[].share" : NULL, "transfer",
           "${peakrig_carrier} XML peakrig-callers");
    rig_recipe_line(r, NULL, "    </condition></extension>");
    rig_recipe_line(r, NULL, "   </context>");
}

static void put_directory(rig_recipe *r)
{
    const rig_auth *auth = &r->scenario->callers.auth;
    if (auth->user == NULL)
        return;
    rig_recipe_line(r, NULL, " <section name=\"directory\"><domain name=\"%s\">", r->spec.host);
    rig_recipe_line(r, "callers.auth", "  <user id=\"%s\"><params>",
                    rig_recipe_escape(r, RIG_RECIPE_XML, auth->user));
    param(r, NULL, "password", rig_recipe_escape(r, RIG_RECIPE_XML, auth->password));
    rig_recipe_line(r, NULL, "  </params></user></domain></section>");
}

static void put_start(rig_recipe *r)
{
    rig_recipe_begin_start(
        r, "Made by peakrig. Runs FreeSWITCH with freeswitch.xml, in the foreground; "
           "another program: PEAKRIG_FREESWITCH=/path/to/freeswitch.");
    rig_recipe_line(r, NULL,
                    "exec \"${PEAKRIG_FREESWITCH:-freeswitch}\" -nf -nonat -c -conf \"$here\" "
                    "-log \"$here/run\" -db \"$here/run\" -run \"$here/run\" \"$@\"");
}

static void say_rest(rig_recipe *r)
{
    const rig_scenario *s = r->scenario;
    if (s->time_scale > 1.0 || s->time_scale < 1.0)
        rig_recipe_instead(r, "time_scale", "time_scale=1.0",
                           "an exchange's announcements and timers run in real time");
    if (s->target.is_scalable)
        rig_recipe_instead(r, "target.scalable", "target.scalable=false",
                           "its timers run in real time");
    if (s->target.marks != RIG_MARK_QUIET && s->target.marks != RIG_MARK_EARLY)
        rig_recipe_instead(
            r, "target.marks", "target.marks=\"quiet\"",
            "FreeSWITCH says nothing on the caller's leg between the answer and the end");
    for (size_t g = 0; g < s->n_agents; g++) {
        const double wrap_up = rint(s->agents[g].wrap_up.mean_s);
        if (s->agents[g].wrap_up.kind != RIG_DIST_CONSTANT ||
            fabs(s->agents[g].wrap_up.mean_s - wrap_up) > 1e-9)
            rig_recipe_instead(
                r, "agents[].wrap_up", rig_recipe_format(r, "agents[%zu].wrap_up=%.1f", g, wrap_up),
                "mod_callcenter has one wrap-up time for all calls, in whole seconds");
        if (s->agents[g].n_shifts > 1)
            rig_recipe_instead(r, "agents[].shifts",
                               rig_recipe_format(r, "agents[%zu].count=%u", g,
                                                 rig_scenario_first_agents(&s->agents[g])),
                               "one list of agents: that of the first shift");
    }
    if (s->queue.capacity > 0)
        rig_recipe_instead(r, "queue.capacity", "queue.capacity=0",
                           "mod_callcenter has no limit for calls that wait");
}

void rig_recipe_draft_freeswitch(rig_recipe *r)
{
    rig_recipe_begin(r, "freeswitch.xml", "<!-- ", " -->");
    rig_recipe_line(r, NULL, "<?xml version=\"1.0\"?>");
    rig_recipe_line(r, NULL, "<document type=\"freeswitch/xml\">");
    rig_recipe_line(r, NULL, " <section name=\"configuration\">");
    put_modules(r);
    put_sofia(r);
    put_callcenter(r);
    rig_recipe_line(r, NULL, " </section>");
    rig_recipe_line(r, NULL, " <section name=\"dialplan\">");
    put_dialplan(r);
    rig_recipe_line(r, NULL, " </section>");
    put_directory(r);
    rig_recipe_line(r, NULL, "</document>");
    put_start(r);
    say_rest(r);
}
