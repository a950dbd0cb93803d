/* SPDX-License-Identifier: GPL-3.0-or-later */
/* queue, call_back and emergency: what their rows cannot say. */
#include <string.h>

#include "scenarios/scenario/as_rows.h"
#include "scenarios/scenario/keys.h"

static const char *const words_announcement[] = {"none", "position", "expected_wait", NULL};
static const char *const words_routing[] = {"longest_idle", "round_robin", "most_skilled",
                                            "ring_all", NULL};

static bool has_position(const void *owner, const void *object)
{
    (void)object;
    return ((const rig_queue *)owner)->announcement == RIG_ANNOUNCE_POSITION;
}

/* Another centre does not know who accepts. */
static bool is_deflected_elsewhere(const void *owner, const void *object)
{
    return ((const rig_queue *)owner)->deflection.p_accept > 0.0 &&
           !rig_target_is_embedded(&((const rig_scenario *)object)->target);
}

static bool is_kept_elsewhere(const void *owner, const void *object)
{
    return ((const rig_queue *)owner)->keep_place.p_accept > 0.0 &&
           !rig_target_is_embedded(&((const rig_scenario *)object)->target);
}

/* A quiet centre tells nobody anything. */
static bool is_announced_elsewhere(const void *owner, const void *object)
{
    const rig_target *target = &((const rig_scenario *)object)->target;
    return ((const rig_queue *)owner)->announcement != RIG_ANNOUNCE_NOTHING &&
           (!rig_target_is_embedded(target) || target->marks == RIG_MARK_QUIET ||
            target->marks == RIG_MARK_AUTO);
}

static bool has_polls(const void *owner, const void *object)
{
    (void)object;
    return ((const rig_queue *)owner)->poll_s > 0.0;
}

static void counts_ringing_of_kind(rig_reader *reader, const rig_key *key, void *owner)
{
    (void)key;
    ((rig_queue *)owner)->counts_ringing = rig_section_kind_of(reader->object)->counts_ringing;
}

static void timeout_cuts_of_kind(rig_reader *reader, const rig_key *key, void *owner)
{
    (void)key;
    ((rig_queue *)owner)->timeout_cuts_ringing =
        rig_section_kind_of(reader->object)->timeout_cuts_ringing;
}

/* Who says how the queue is looked at says all of it. */
static void poll_of_kind(rig_reader *reader, const rig_key *key, void *owner)
{
    rig_queue *queue = owner;
    (void)key;
    queue->poll_s = queue->look_every_s > 0.0 ? 0.0 : rig_section_kind_of(reader->object)->poll_s;
}

static void retry_of_kind(rig_reader *reader, const rig_key *key, void *owner)
{
    rig_queue *queue = owner;
    (void)key;
    queue->retry_s = queue->poll_s > 0.0 ? rig_section_kind_of(reader->object)->retry_s : 0.0;
}

static void look_every_of_kind(rig_reader *reader, const rig_key *key, void *owner)
{
    rig_queue *queue = owner;
    (void)key;
    queue->look_every_s =
        queue->poll_s > 0.0 ? 0.0 : rig_section_kind_of(reader->object)->look_every_s;
}

static void check_look_every(rig_reader *reader, const rig_setting *at, const rig_key *key,
                             void *owner)
{
    const double least_s = 0.01, every_s = ((const rig_queue *)owner)->look_every_s;
    if (every_s > 0.0 && every_s < least_s)
        rig_reader_fail(reader, at, "%g is out of range; expected 0, or a number in [%g, %g]",
                        every_s, least_s, key->high);
    else if (every_s > 0.0 && has_polls(owner, NULL))
        rig_reader_fail(reader, at,
                        "%g, but queue.poll_s = %g: callers look by themselves; expected one of "
                        "the two",
                        every_s, ((const rig_queue *)owner)->poll_s);
}

/* Looks so close together that time does not get on between them would never end. */
static void check_poll(rig_reader *reader, const rig_setting *at, const rig_key *key, void *owner)
{
    const double least_s = 0.01, poll_s = ((const rig_queue *)owner)->poll_s;
    if (poll_s > 0.0 && poll_s < least_s)
        rig_reader_fail(reader, at, "%g is out of range; expected 0, or a number in [%g, %g]",
                        poll_s, least_s, key->high);
}

static void check_retry(rig_reader *reader, const rig_setting *at, const rig_key *key, void *owner)
{
    (void)key;
    if (((const rig_queue *)owner)->retry_s > 0.0 && !has_polls(owner, NULL))
        rig_reader_fail(reader, at,
                        "has no meaning here; expected only with queue.poll_s > 0, which "
                        "target.kind = \"asterisk\" has");
}

static rig_key_need need_per_place(const rig_setting *group, const void *owner, const char **why)
{
    bool is_meant = has_position(owner, NULL);
    (void)group;
    *why = is_meant ? NULL : "expected only with queue.announcement = \"position\"";
    return is_meant ? RIG_NEED_KEY : RIG_NEED_ABSENT;
}

static void check_overflow(rig_reader *reader, const rig_setting *at, const rig_key *key,
                           void *owner)
{
    const rig_queue *queue = owner;
    const rig_scenario *scenario = reader->object;
    (void)key;
    for (size_t i = 0; i < queue->n_overflow; i++) {
        const rig_queue_overflow *rule = &queue->overflow[i];
        const rig_setting *element = rig_setting_element(at, (int)i);
        if (scenario->agents[rule->group].level[rule->skill] > 0)
            rig_reader_fail(reader, rig_setting_member(element, "to"),
                            "agents[%u].skills has \"%s\" already; expected a group without it",
                            rule->group, scenario->skills[rule->skill]);
        for (size_t k = 0; k < i; k++)
            if (queue->overflow[k].skill == rule->skill && queue->overflow[k].group == rule->group)
                rig_reader_fail(reader, element,
                                "\"skill\" and \"to\" are those of queue.overflow[%zu]", k);
    }
}

/* A group without any skill is there for the overflow of others. */
void rig_section_check_idle_groups(rig_reader *reader, const rig_setting *root,
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
        const rig_setting *group = rig_setting_element(rig_setting_member(root, "agents"), (int)i);
        rig_reader_fail(reader, rig_setting_member(group, "skills"),
                        "is empty, and no rule of queue.overflow leads to \"%s\"",
                        scenario->agents[i].name);
    }
}

bool rig_section_is_call_back_promised(const void *owner, const void *object)
{
    const rig_queue *queue = &((const rig_scenario *)object)->queue;
    (void)owner;
    return queue->keep_place.p_accept > 0.0 || queue->deflection.p_accept > 0.0;
}

/* Nobody tells another centre where our callers are called back; and callers who must be told what
 * only phones know are told so of their own calls. */
bool rig_section_is_called_back_elsewhere(const void *owner, const void *object)
{
    const rig_scenario *scenario = object;
    const rig_target *target = &scenario->target;
    (void)owner;
    return rig_scenario_calls_back(scenario) &&
           (!rig_target_is_embedded(target) || target->marks == RIG_MARK_EARLY ||
            target->marks == RIG_MARK_QUIET || target->marks == RIG_MARK_AUTO);
}

void rig_section_check_call_back(rig_reader *reader, const rig_setting *root,
                                 const rig_scenario *scenario)
{
    const rig_setting *back = rig_setting_member(root, "call_back");
    bool is_promised = rig_section_is_call_back_promised(NULL, scenario);
    bool is_deflected = scenario->queue.deflection.p_accept > 0.0;
    if (is_promised && back == NULL)
        rig_reader_fail(reader,
                        rig_setting_member(rig_setting_member(root, "queue"),
                                           is_deflected ? "deflection" : "keep_place"),
                        "promises a call back, but the section \"call_back\" is missing; expected "
                        "call_back: { }");
    if (!is_promised && back != NULL)
        rig_reader_fail(reader, back,
                        "nobody is promised a call back; expected only with queue.deflection or "
                        "queue.keep_place with a share > 0");
    if (scenario->queue.keep_place.p_accept > 0.0 && scenario->call_back.n_attempts == 0)
        rig_reader_fail(reader, rig_setting_member(back, "attempts"),
                        "is 0, but queue.keep_place promises a call back; expected at least 1");
}

static void after_the_traffic(rig_reader *reader, const rig_key *key, void *owner)
{
    (void)key;
    ((rig_call_back *)owner)->start_s = ((const rig_scenario *)reader->object)->traffic.duration_s;
}

bool rig_section_has_emergency_elsewhere(const void *owner, const void *object)
{
    const rig_scenario *scenario = object;
    (void)owner;
    return rig_scenario_has_emergency(scenario) && !rig_target_is_embedded(&scenario->target);
}

static void check_emergency(rig_reader *reader, const rig_setting *at, const void *object)
{
    const rig_emergency *emergency = object;
    if (!rig_reader_has(at, "talk_factor") && !rig_reader_has(at, "talk_most_s"))
        rig_reader_fail(reader, at,
                        "\"talk_factor\" is missing; expected it, \"talk_most_s\" or both: "
                        "without them no talk is shorter");
    else if (emergency->queue_below > emergency->queue_above)
        rig_reader_fail(reader, at, "queue_below = %u is more than queue_above = %u",
                        emergency->queue_below, emergency->queue_above);
}

#define ROW_OF rig_queue_overflow
static const rig_key overflow_rows[] = {
#include "scenarios/keys/overflow.def"
};
#undef ROW_OF
#define ROW_OF rig_keep_place
static const rig_key keep_place_rows[] = {
#include "scenarios/keys/keep_place.def"
};
#undef ROW_OF
#define ROW_OF rig_deflection
static const rig_key deflection_rows[] = {
#include "scenarios/keys/deflection.def"
};
#undef ROW_OF
#define ROW_OF rig_call_back
static const rig_key call_back_rows[] = {
#include "scenarios/keys/call_back.def"
};
#undef ROW_OF
#define ROW_OF rig_emergency
static const rig_key emergency_rows[] = {
#include "scenarios/keys/emergency.def"
};
#undef ROW_OF

static const rig_key_group overflow = GROUP_OF(overflow_rows, rig_queue_overflow);
static const rig_key_group keep_place = GROUP_OF(keep_place_rows, rig_keep_place);
static const rig_key_group deflection = GROUP_OF(deflection_rows, rig_deflection);

#define ROW_OF rig_queue
static const rig_key queue_rows[] = {
#include "scenarios/keys/queue.def"
};
#undef ROW_OF

const rig_key_group rig_section_queue = GROUP_OF(queue_rows, rig_queue);
const rig_key_group rig_section_call_back = GROUP_OF(call_back_rows, rig_call_back);
const rig_key_group rig_section_emergency =
    GROUP_OF(emergency_rows, rig_emergency, .check = check_emergency);
