/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/console.h"
#include "cli/host_port.h"
#include "cli/options.h"
#include "cli/password.h"
#include "cli/recipe_scenario.h"
#include "generator/ports.h"
#include "generator/route.h"
#include "models/schedule.h"
#include "recipes/recipe.h"

static const rig_usage_text usage = {
    "recipe", "asterisk|freeswitch|kamailio|opensips SCENARIO",
    N_("Write the configuration of a real call centre that is what the scenario says, with a\n"
       "start script, a README that says which key became which line, and scenario.cfg, the\n"
       "scenario as this exchange can do it. What it cannot do is printed. Kamailio and\n"
       "OpenSIPS are the trunk in front of another centre (--next). The exchange listens at\n"
       "target.host and target.port and calls the agents at target.agents_listen; where they\n"
       "are not given, at 127.0.0.1, 5060 and 5080.")};

/* The default where the scenario has none of it: the port of the agents' phones. */
enum { AGENTS_PORT = 5080 };

/* What becomes of the command line. */
typedef struct request {
    rig_recipe_kind kind;
    const char *path, *output, *next;
    rig_texts overrides, callers;
    char host[256], agents_host[64], next_host[256];
    char addresses[RIG_MAX_WORKERS][RIG_LOCAL_HOST_SIZE];
    const char *caller_texts[RIG_MAX_OVERRIDES];
    rig_recipe_caller *calls;
    rig_recipe_spec spec;
} request;

/* The addresses that callers come from: those of the command line, those of load.local, or the one
 * from which we reach the target. */
static rig_status find_callers(const rig_scenario *s, request *q, rig_error *err)
{
    rig_route route;
    rig_status status = rig_route_find(q->spec.host, q->spec.port, &route, err);
    if (status != RIG_OK)
        return status;
    size_t n = s->load.n_local < RIG_MAX_WORKERS ? s->load.n_local : RIG_MAX_WORKERS;
    rig_port_range range;
    for (size_t i = 0; i < (n > 0 ? n : 1); i++) {
        rig_ports_of_worker(&s->load, route.local, i, q->addresses[i], &range);
        q->caller_texts[i] = q->addresses[i];
    }
    q->spec.n_callers = n > 0 ? n : 1;
    if (q->callers.n > 0) {
        memcpy(q->caller_texts, q->callers.items, q->callers.n * sizeof *q->callers.items);
        q->spec.n_callers = q->callers.n;
    }
    q->spec.callers = q->caller_texts;
    if (q->agents_host[0] == '\0')
        (void)snprintf(q->agents_host, sizeof q->agents_host, "%s", route.local);
    return RIG_OK;
}

static rig_status find_addresses(const rig_scenario *s, request *q, rig_error *err)
{
    const bool is_embedded = rig_target_is_embedded(&s->target);
    rig_status status = RIG_OK;
    (void)snprintf(q->host, sizeof q->host, "%s", is_embedded ? "127.0.0.1" : s->target.host);
    q->spec.host = q->host;
    q->spec.port = is_embedded && s->target.port == 0 ? RIG_SIP_PORT : s->target.port;
    q->spec.agents_host = q->agents_host;
    q->spec.agents_port = AGENTS_PORT;
    q->spec.next_port = RIG_SIP_PORT;
    if (s->target.agents_listen != NULL)
        status = rig_hostport_read(s->target.agents_listen, "target.agents_listen", q->agents_host,
                                   sizeof q->agents_host, &q->spec.agents_port, err);
    if (status == RIG_OK && q->spec.agents_port == 0)
        q->spec.agents_port = AGENTS_PORT;
    if (status == RIG_OK && q->next != NULL)
        status = rig_hostport_read(q->next, "--next", q->next_host, sizeof q->next_host,
                                   &q->spec.next_port, err);
    if (status == RIG_OK && q->next != NULL)
        q->spec.next = q->next_host;
    return status == RIG_OK ? find_callers(s, q, err) : status;
}

/* Who the planned callers are: the schedule's draws. */
static rig_status tell_calls(const rig_scenario *s, const rig_schedule *schedule, request *q,
                             rig_error *err)
{
    q->calls = calloc(rig_schedule_n_first(schedule) + 1, sizeof *q->calls);
    if (q->calls == NULL)
        return rig_fail(err, RIG_ENOMEM, "recipe: %s", rig_status_text(RIG_ENOMEM));
    for (size_t i = 0; i < rig_schedule_n_first(schedule); i++) {
        const rig_planned_call *call = &schedule->calls[i];
        rig_recipe_caller *who = &q->calls[i];
        *who = (rig_recipe_caller){.number = call->number,
                                   .carrier = call->trunk,
                                   .is_satisfied = call->self_service_s >= 0.0};
        if (s->callers.n_classes > 0)
            who->priority = s->callers.classes[call->caller_class].priority;
        if (s->ivr.n_choices > 0)
            who->skill = s->ivr.choices[call->choice].skill;
    }
    q->spec.calls = q->calls;
    q->spec.n_calls = rig_schedule_n_first(schedule);
    return RIG_OK;
}

static void print_remarks(const rig_recipe *recipe)
{
    static const char *const words[] = {[RIG_RECIPE_DIFFERS] = N_("differs"),
                                        [RIG_RECIPE_INSTEAD] = N_("instead"),
                                        [RIG_RECIPE_CANNOT] = N_("not done"),
                                        [RIG_RECIPE_BEHIND] = N_("behind")};
    for (size_t i = 0; i < rig_recipe_n_remarks(recipe); i++) {
        const rig_recipe_remark *remark = rig_recipe_remark_at(recipe, i);
        rig_console_say("%s   %s: %s", rig_console_cell(words[remark->kind], -8).text,
                        remark->value != NULL ? remark->value : remark->key,
                        rig_console_retell(remark->text).text);
    }
}

static rig_status make(request *q, rig_error *err)
{
    rig_scenario *scenario = NULL;
    rig_schedule *schedule = NULL;
    rig_recipe *recipe = NULL;
    rig_status status =
        rig_scenario_read(q->path, q->overrides.items, q->overrides.n, &scenario, err);
    if (status == RIG_OK)
        status = rig_password_find(scenario, err);
    if (status == RIG_OK)
        status = rig_password_find_agents(scenario, err);
    if (status == RIG_OK)
        status = rig_schedule_draw(scenario, 0, &schedule, err);
    if (status == RIG_OK)
        status = find_addresses(scenario, q, err);
    if (status == RIG_OK)
        status = tell_calls(scenario, schedule, q, err);
    if (status == RIG_OK)
        status = rig_recipe_new(q->kind, scenario, &q->spec, &recipe, err);
    if (status == RIG_OK)
        status = rig_described_scenario_add(q->path, &q->overrides, &q->spec, recipe, err);
    if (status == RIG_OK)
        status = rig_recipe_write(recipe, q->output, err);
    if (status == RIG_OK) {
        rig_console_say("%s: written; %s/README.md says which key became which line", q->output,
                        q->output);
        print_remarks(recipe);
    }
    rig_recipe_free(recipe);
    free(q->calls);
    rig_schedule_free(schedule);
    rig_scenario_free(scenario);
    return status;
}

int rig_cmd_recipe(int argc, char **argv)
{
    request q = {.path = NULL};
    rig_texts operands;
    const rig_option options[] = {
        {"output", 'o', RIG_OPTION_TEXT, &q.output, "DIR", N_("the folder to make: new or empty")},
        {"set", 0, RIG_OPTION_SETS, &q.overrides, "KEY=VALUE",
         N_("override a value of the scenario")},
        {"next", 0, RIG_OPTION_TEXT, &q.next, "HOST[:PORT]", N_("the centre behind a proxy")},
        {"callers", 0, RIG_OPTION_TEXTS, &q.callers, "ADDRESS",
         N_("an address that the exchange sees callers come from (ours towards it)")},
        {.name = NULL}};
    int exit_code;
    if (!rig_options_read(argc, argv, &usage, options, &operands, &exit_code))
        return exit_code;
    if (operands.n != 2)
        return rig_console_usage("recipe", "expected the exchange and one SCENARIO");
    if (!rig_recipe_kind_of(operands.items[0], &q.kind))
        return rig_console_usage("recipe",
                                 "\"%s\" is no exchange; expected asterisk, freeswitch, "
                                 "kamailio or opensips",
                                 operands.items[0]);
    if (q.output == NULL || q.output[0] == '\0')
        return rig_console_usage("recipe", "expected --output DIR");
    q.path = operands.items[1];
    rig_error err = {0};
    rig_status status = make(&q, &err);
    return status == RIG_OK ? 0 : rig_console_fail(&err);
}
