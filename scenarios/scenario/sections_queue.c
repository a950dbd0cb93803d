/* The sections `queue`, `call_back` and `emergency`. */
#include "scenarios/scenario/sections.h"

static void read_overflow(rig_reader *reader, const config_setting_t *group, rig_scenario *scenario)
{
    static const char *const keys[] = {"skill", "after_s", "to", NULL};
    rig_queue *queue = &scenario->queue;
    config_setting_t *list = rig_reader_list(reader, group, "overflow", false);
    if (list == NULL)
        return;
    int n = rig_section_length(reader, list, 0, RIG_MAX_GROUPS, "rules");
    queue->overflow = rig_reader_array(reader, n, sizeof *queue->overflow);
    for (int i = 0; i < n && reader->status == RIG_OK; i++) {
        config_setting_t *element = rig_reader_element(reader, list, i);
        if (element == NULL)
            return;
        rig_reader_check_keys(reader, element, keys);
        rig_queue_overflow *rule = &queue->overflow[i];
        rule->skill =
            rig_section_lookup(reader, element, "skill", scenario->skills, scenario->n_skills,
                               sizeof *scenario->skills, "a skill of ivr.choices");
        rule->after_s = rig_reader_number(reader, element, "after_s", &rig_range_positive_s, NULL);
        rule->group =
            rig_section_lookup(reader, element, "to", scenario->agents, scenario->n_agents,
                               sizeof *scenario->agents, "a group of agents");
        if (reader->status != RIG_OK)
            return;
        if (scenario->agents[rule->group].level[rule->skill] > 0)
            rig_reader_fail(reader, config_setting_get_member(element, "to"),
                            "agents[%u].skills has \"%s\" already; expected a group without it",
                            rule->group, scenario->skills[rule->skill]);
        for (int k = 0; k < i; k++)
            if (queue->overflow[k].skill == rule->skill && queue->overflow[k].group == rule->group)
                rig_reader_fail(reader, element,
                                "\"skill\" and \"to\" are those of queue.overflow[%d]", k);
        queue->n_overflow = (size_t)i + 1;
    }
}

/* A group without any skill is there for the overflow of others. */
static void check_idle_groups(rig_reader *reader, const config_setting_t *root,
                              const rig_scenario *scenario)
{
    for (uint32_t i = 0; i < scenario->n_agents && reader->status == RIG_OK; i++) {
        bool is_used = false;
        for (size_t k = 0; k < scenario->n_skills; k++)
            is_used |= scenario->agents[i].level[k] > 0;
        for (size_t k = 0; k < scenario->queue.n_overflow; k++)
            is_used |= scenario->queue.overflow[k].group == i;
        if (is_used)
            continue;
        const config_setting_t *agents = config_setting_get_member(root, "agents");
        const config_setting_t *group = config_setting_get_elem(agents, i);
        rig_reader_fail(reader, config_setting_get_member(group, "skills"),
                        "is empty, and no rule of queue.overflow leads to \"%s\"",
                        scenario->agents[i].name);
    }
}

static void read_keep_place(rig_reader *reader, const config_setting_t *group, rig_keep_place *keep)
{
    static const char *const keys[] = {"share", "min_wait_s", "max", NULL};
    static const double always = 0.0;
    config_setting_t *section = rig_reader_group(reader, group, "keep_place", false);
    if (section == NULL)
        return;
    rig_reader_check_keys(reader, section, keys);
    keep->p_accept = rig_reader_number(reader, section, "share", &rig_range_share, NULL);
    keep->min_wait_s = rig_reader_number(reader, section, "min_wait_s", &rig_range_time_s, &always);
    keep->max_places =
        rig_reader_count32(reader, section, "max", &rig_range_resources, keep->max_places);
}

static void read_deflection(rig_reader *reader, const config_setting_t *group,
                            rig_deflection *deflection)
{
    static const char *const keys[] = {"share", "queue_from", "announcement_s", NULL};
    static const double silent = 0.0;
    config_setting_t *section = rig_reader_group(reader, group, "deflection", false);
    if (section == NULL)
        return;
    rig_reader_check_keys(reader, section, keys);
    deflection->p_accept = rig_reader_number(reader, section, "share", &rig_range_share, NULL);
    deflection->queue_from = rig_reader_count32(reader, section, "queue_from", &rig_range_queue, 0);
    deflection->announcement_s =
        rig_reader_number(reader, section, "announcement_s", &rig_range_time_s, &silent);
}

void rig_section_queue(rig_reader *reader, const config_setting_t *root, rig_scenario *scenario)
{
    static const char *const keys[] = {
        "capacity",          "timeout_s", "service_level_s", "routing",    "announcement",
        "seconds_per_place", "overflow",  "keep_place",      "deflection", NULL};
    static const rig_range capacity = {0, 10000000, false, "a whole number >= 0 (0 = no limit)"};
    static const rig_range timeout = {0, 1e7, false, "a number >= 0, seconds (0 = never)"};
    static const double never = 0.0;
    rig_queue *queue = &scenario->queue;
    *queue = (rig_queue){.service_level_s = 20.0, .keep_place.max_places = 1000};
    config_setting_t *group = rig_reader_group(reader, root, "queue", false);
    if (group != NULL) {
        rig_reader_check_keys(reader, group, keys);
        queue->capacity = rig_reader_count32(reader, group, "capacity", &capacity, 0);
        queue->timeout_s = rig_reader_number(reader, group, "timeout_s", &timeout, &never);
        queue->service_level_s = rig_reader_number(reader, group, "service_level_s",
                                                   &rig_range_time_s, &queue->service_level_s);
        queue->routing =
            (rig_routing)rig_reader_word(reader, group, "routing", rig_words_routing, 0);
        queue->announcement = (rig_announcement)rig_reader_word(reader, group, "announcement",
                                                                rig_words_announcement, 0);
        if (queue->announcement == RIG_ANNOUNCE_POSITION)
            queue->seconds_per_place =
                rig_reader_number(reader, group, "seconds_per_place", &rig_range_positive_s, NULL);
        else
            rig_reader_refuse(reader, group, "seconds_per_place",
                              "expected only with queue.announcement = \"position\"");
        read_overflow(reader, group, scenario);
        read_keep_place(reader, group, &queue->keep_place);
        read_deflection(reader, group, &queue->deflection);
    }
    check_idle_groups(reader, root, scenario);
}

void rig_section_call_back(rig_reader *reader, const config_setting_t *root, rig_scenario *scenario)
{
    static const char *const keys[] = {"start_s", "idle_agents", "attempts",    "reached_share",
                                       "answer",  "no_answer_s", "retry_delay", NULL};
    static const rig_range attempts = {1, 1000, false, "a whole number from 1 to 1000"};
    static const rig_dist eight_s = {.kind = RIG_DIST_CONSTANT, .mean_s = 8.0};
    static const rig_dist ten_min = {.kind = RIG_DIST_CONSTANT, .mean_s = 600.0};
    rig_call_back *back = &scenario->call_back;
    *back = (rig_call_back){.start_s = scenario->traffic.duration_s,
                            .idle_agents = 1,
                            .n_attempts = 3,
                            .p_reached = 0.7,
                            .answer = eight_s,
                            .no_answer_s = 25.0,
                            .retry_delay = ten_min};
    if (reader->status != RIG_OK)
        return;
    const config_setting_t *queue = config_setting_get_member(root, "queue");
    bool is_promised = scenario->queue.deflection.p_accept > 0.0;
    bool is_needed = is_promised || scenario->queue.keep_place.p_accept > 0.0;
    config_setting_t *group = rig_reader_group(reader, root, "call_back", false);
    if (group == NULL) {
        if (is_needed)
            rig_reader_fail(
                reader, config_setting_get_member(queue, is_promised ? "deflection" : "keep_place"),
                "promises a call back, but the section \"call_back\" is missing; expected "
                "call_back: { }");
        return;
    }
    if (!is_needed)
        rig_reader_fail(reader, group,
                        "nobody is promised a call back; expected only with queue.deflection or "
                        "queue.keep_place with a share > 0");
    rig_reader_check_keys(reader, group, keys);
    back->start_s = rig_reader_number(reader, group, "start_s", &rig_range_time_s, &back->start_s);
    back->idle_agents =
        rig_reader_count32(reader, group, "idle_agents", &rig_range_resources, back->idle_agents);
    back->n_attempts = rig_reader_count32(reader, group, "attempts", &attempts, back->n_attempts);
    back->p_reached =
        rig_reader_number(reader, group, "reached_share", &rig_range_share, &back->p_reached);
    back->answer = rig_section_dist(reader, group, "answer", &eight_s);
    back->no_answer_s =
        rig_reader_number(reader, group, "no_answer_s", &rig_range_time_s, &back->no_answer_s);
    back->retry_delay = rig_section_dist(reader, group, "retry_delay", &ten_min);
}

void rig_section_emergency(rig_reader *reader, const config_setting_t *root,
                           rig_emergency *emergency)
{
    static const char *const keys[] = {"talk_factor", "queue_above", "queue_below", NULL};
    static const rig_range factor = {0, 1, true, "a number in (0, 1]"};
    *emergency = (rig_emergency){.talk_factor = 1.0};
    config_setting_t *group = rig_reader_group(reader, root, "emergency", false);
    if (group == NULL)
        return;
    rig_reader_check_keys(reader, group, keys);
    emergency->talk_factor = rig_reader_number(reader, group, "talk_factor", &factor, NULL);
    emergency->queue_above =
        (uint32_t)rig_reader_count(reader, group, "queue_above", &rig_range_queue, NULL);
    emergency->queue_below = rig_reader_count32(reader, group, "queue_below", &rig_range_queue, 0);
    if (emergency->queue_below > emergency->queue_above)
        rig_reader_fail(reader, group, "queue_below = %u is more than queue_above = %u",
                        emergency->queue_below, emergency->queue_above);
}
