#include <string.h>

#include "scenarios/scenario/sections.h"
#include "scenarios/scenario/write_values.h"

static void write_trunks(FILE *out, const rig_scenario *scenario)
{
    bool has_shares = false;
    for (size_t i = 0; i < scenario->n_trunks; i++)
        has_shares |= scenario->trunks[i].p_share > 0.0;
    (void)fputs("\ntrunks = (", out);
    for (size_t i = 0; i < scenario->n_trunks; i++) {
        const rig_trunk_group *trunk = &scenario->trunks[i];
        (void)fprintf(out, "%s\n    { ", i ? "," : "");
        rig_write_string(out, "name", trunk->name);
        (void)fprintf(out, " circuits = %u; ", trunk->n_circuits);
        if (has_shares) { /* without: hunting */
            rig_write_number(out, "share", trunk->p_share);
            (void)fputc(' ', out);
            rig_write_number(out, "spare_share", trunk->p_spare);
            (void)fputs(" overflow = (", out);
            for (size_t k = 0; k < trunk->n_overflow; k++) {
                (void)fputs(k ? ", " : "", out);
                rig_write_text(out, scenario->trunks[trunk->overflow[k]].name);
            }
            (void)fputs("); ", out);
        }
        (void)fputs("}", out);
    }
    (void)fputs("\n);\n", out);
}

/* One choice for the one skill that all agents have: what there is without the keys. They are then
 * left out, so that a list of agents given by --set needs no skills. */
static bool has_choices(const rig_scenario *scenario)
{
    if (scenario->ivr.n_choices > 1 || strcmp(scenario->ivr.choices[0].name, "any") != 0 ||
        strcmp(scenario->skills[0], "any") != 0)
        return true;
    for (size_t i = 0; i < scenario->n_agents; i++)
        if (scenario->agents[i].level[0] != 1)
            return true;
    return false;
}

static void write_ivr(FILE *out, const rig_scenario *scenario)
{
    const rig_ivr *ivr = &scenario->ivr;
    (void)fprintf(out, "\nivr: {\n    ports = %u;\n", ivr->n_ports);
    rig_write_dist_line(out, "menu", &ivr->menu);
    (void)fprintf(out, "    hold_while_queued = %s;\n", ivr->hold_while_queued ? "true" : "false");
    rig_write_number_line(out, "self_service_share", ivr->p_self_service);
    rig_write_dist_line(out, "self_service", &ivr->self_service);
    if (has_choices(scenario)) {
        (void)fputs("    choices = (", out);
        for (size_t i = 0; i < ivr->n_choices; i++) {
            (void)fprintf(out, "%s\n        { ", i ? "," : "");
            rig_write_string(out, "name", ivr->choices[i].name);
            (void)fputc(' ', out);
            rig_write_number(out, "share", ivr->choices[i].p_share);
            (void)fputc(' ', out);
            rig_write_string(out, "skill", scenario->skills[ivr->choices[i].skill]);
            (void)fputs(" }", out);
        }
        (void)fputs(");\n", out);
    }
    (void)fputs("};\n", out);
}

static void write_queue(FILE *out, const rig_scenario *scenario)
{
    const rig_queue *queue = &scenario->queue;
    (void)fprintf(out, "\nqueue: {\n    capacity = %u;\n", queue->capacity);
    rig_write_number_line(out, "timeout_s", queue->timeout_s);
    rig_write_number_line(out, "service_level_s", queue->service_level_s);
    rig_write_string_line(out, "routing", rig_words_routing[queue->routing]);
    rig_write_string_line(out, "announcement", rig_words_announcement[queue->announcement]);
    if (queue->announcement == RIG_ANNOUNCE_POSITION)
        rig_write_number_line(out, "seconds_per_place", queue->seconds_per_place);
    (void)fputs("    overflow = (", out);
    for (size_t i = 0; i < queue->n_overflow; i++) {
        const rig_queue_overflow *rule = &queue->overflow[i];
        (void)fprintf(out, "%s\n        { ", i ? "," : "");
        rig_write_string(out, "skill", scenario->skills[rule->skill]);
        (void)fputc(' ', out);
        rig_write_number(out, "after_s", rule->after_s);
        (void)fputc(' ', out);
        rig_write_string(out, "to", scenario->agents[rule->group].name);
        (void)fputs(" }", out);
    }
    (void)fputs(");\n    keep_place = { ", out);
    rig_write_number(out, "share", queue->keep_place.p_accept);
    (void)fputc(' ', out);
    rig_write_number(out, "min_wait_s", queue->keep_place.min_wait_s);
    (void)fprintf(out, " max = %u; };\n    deflection = { ", queue->keep_place.max_places);
    rig_write_number(out, "share", queue->deflection.p_accept);
    (void)fprintf(out, " queue_from = %u; ", queue->deflection.queue_from);
    rig_write_number(out, "announcement_s", queue->deflection.announcement_s);
    (void)fputs(" };\n};\n", out);
}

/* Left out where nobody is promised a call back: the section would contradict the queue. */
static void write_call_back(FILE *out, const rig_scenario *scenario)
{
    const rig_call_back *back = &scenario->call_back;
    if (scenario->queue.keep_place.p_accept <= 0.0 && scenario->queue.deflection.p_accept <= 0.0)
        return;
    (void)fputs("\ncall_back: {\n", out);
    rig_write_number_line(out, "start_s", back->start_s);
    (void)fprintf(out, "    idle_agents = %u;\n    attempts = %u;\n", back->idle_agents,
                  back->n_attempts);
    rig_write_number_line(out, "reached_share", back->p_reached);
    rig_write_dist_line(out, "answer", &back->answer);
    rig_write_number_line(out, "no_answer_s", back->no_answer_s);
    rig_write_dist_line(out, "retry_delay", &back->retry_delay);
    (void)fputs("};\n", out);
}

static void write_skills(FILE *out, const rig_scenario *scenario, const rig_agent_group *agents)
{
    const char *comma = "";
    (void)fputs("    skills = (", out);
    for (size_t k = 0; k < scenario->n_skills; k++) {
        if (agents->level[k] == 0)
            continue;
        (void)fprintf(out, "%s{ ", comma);
        rig_write_string(out, "name", scenario->skills[k]);
        (void)fprintf(out, " level = %u; }", agents->level[k]);
        comma = ", ";
    }
    (void)fputs(");\n", out);
}

static void write_agents(FILE *out, const rig_scenario *scenario)
{
    (void)fputs("\nagents = (", out);
    for (size_t i = 0; i < scenario->n_agents; i++) {
        const rig_agent_group *agents = &scenario->agents[i];
        (void)fprintf(out, "%s{\n", i ? ", " : "");
        rig_write_string_line(out, "name", agents->name);
        if (agents->n_shifts == 1)
            (void)fprintf(out, "    count = %u;\n", agents->n_agents);
        else
            (void)fputs("    shifts = (", out);
        for (size_t k = 0; agents->n_shifts > 1 && k < agents->n_shifts; k++) {
            (void)fputs(k ? ", { " : "{ ", out);
            rig_write_number(out, "at_s", agents->shifts[k].at_s);
            (void)fprintf(out, " count = %u; }", agents->shifts[k].n_agents);
        }
        (void)fputs(agents->n_shifts > 1 ? ");\n" : "", out);
        if (has_choices(scenario))
            write_skills(out, scenario, agents);
        rig_write_dist_line(out, "ring", &agents->ring);
        rig_write_number_line(out, "ring_timeout_s", agents->ring_timeout_s);
        rig_write_number_line(out, "rest_s", agents->rest_s);
        rig_write_dist_line(out, "wrap_up", &agents->wrap_up);
        (void)fputs("}", out);
    }
    (void)fputs(");\n", out);
}

static void write_reserves(FILE *out, const rig_scenario *scenario)
{
    (void)fputs("\nreserves = (", out);
    for (size_t i = 0; i < scenario->n_reserves; i++) {
        const rig_reserve *reserve = &scenario->reserves[i];
        (void)fprintf(out, "%s{\n", i ? ", " : "");
        rig_write_string_line(out, "name", reserve->name);
        rig_write_string_line(out, "group", scenario->agents[reserve->group].name);
        (void)fprintf(out, "    count = %u;\n    queue_above = %u;\n", reserve->n_agents,
                      reserve->queue_above);
        rig_write_number_line(out, "for_s", reserve->for_s);
        rig_write_dist_line(out, "arrive_after", &reserve->arrive_after);
        (void)fprintf(out, "    queue_below = %u;\n", reserve->queue_below);
        rig_write_number_line(out, "leave_after_s", reserve->leave_after_s);
        (void)fputs("}", out);
    }
    (void)fputs(");\n", out);
}

static void write_faults(FILE *out, const rig_scenario *scenario)
{
    (void)fputs("\nfaults = (", out);
    for (size_t i = 0; i < scenario->n_faults; i++) {
        const rig_fault *fault = &scenario->faults[i];
        (void)fprintf(out, "%s\n    { ", i ? "," : "");
        rig_write_string(out, "kind", rig_words_fault_kind[fault->kind]);
        (void)fputc(' ', out);
        if (fault->kind == RIG_FAULT_TRUNK)
            rig_write_string(out, "trunk", scenario->trunks[fault->trunk].name);
        (void)fputc(' ', out);
        rig_write_number(out, "at_s", fault->at_s);
        (void)fputc(' ', out);
        rig_write_number(out, "for_s", fault->for_s);
        (void)fprintf(out, " cuts_calls = %s; }", fault->cuts_calls ? "true" : "false");
    }
    (void)fputs(");\n", out);
}

void rig_write_centre(FILE *out, const rig_scenario *scenario)
{
    write_trunks(out, scenario);
    write_ivr(out, scenario);
    write_queue(out, scenario);
    write_call_back(out, scenario);
    write_agents(out, scenario);
    write_reserves(out, scenario);
    (void)fputs("\nemergency: {\n", out);
    rig_write_number_line(out, "talk_factor", scenario->emergency.talk_factor);
    (void)fprintf(out, "    queue_above = %u;\n    queue_below = %u;\n};\n",
                  scenario->emergency.queue_above, scenario->emergency.queue_below);
    write_faults(out, scenario);
}
