/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gate: what its rows cannot say. */
#include <string.h>

#include "scenarios/scenario/as_rows.h"
#include "scenarios/scenario/keys.h"
#include "scenarios/scope.h"

#define MARGIN_PP    .low = 0, .is_low_open = true, .high = 100, .unit = "percentage points"
#define MARGIN_SHARE .low = 0, .high = 10, .noun = "share", .unit = "of the prediction"

/* A general margin is written as that of each stage. */
static bool never(const void *owner, const void *object)
{
    (void)owner;
    (void)object;
    return false;
}

static void general_pp(rig_reader *reader, const rig_key *key, void *owner)
{
    (void)key;
    ((rig_margin *)owner)->margin_pp = ((const rig_scenario *)reader->object)->gate.margin_pp;
}

static void general_share(rig_reader *reader, const rig_key *key, void *owner)
{
    (void)key;
    ((rig_margin *)owner)->margin_share = ((const rig_scenario *)reader->object)->gate.margin_share;
}

/* Of a gate that is not there; else finish_gate decides. */
static void general_widens(rig_reader *reader, const rig_key *key, void *owner)
{
    (void)key;
    ((rig_margin *)owner)->margin_widens =
        ((const rig_scenario *)reader->object)->gate.margin_widens;
}

static const rig_setting *member(const rig_setting *group, const char *key)
{
    return group != NULL ? rig_setting_member(group, key) : NULL;
}

static bool has_margin(const rig_setting *group)
{
    return member(group, "margin_pp") != NULL || member(group, "margin_share") != NULL;
}

/* A margin that somebody has set is meant as it is, unless he says that it widens. */
static void finish_gate(rig_reader *reader, const rig_setting *at, void *object)
{
    const rig_setting *stages_at = member(at, "stages");
    rig_gate *gate = object;
    (void)reader;
    if (member(at, "margin_widens") == NULL)
        gate->margin_widens = !has_margin(at);
    for (int s = 0; s < RIG_N_STAGES; s++) {
        const rig_setting *stage = member(stages_at, rig_stage_name((rig_stage)s));
        if (member(stage, "margin_widens") == NULL)
            gate->margin[s].margin_widens = gate->margin_widens && !has_margin(stage);
    }
}

static bool is_minimum(const void *owner, const void *object)
{
    (void)object;
    return ((const rig_level *)owner)->is_minimum;
}

static bool is_maximum(const void *owner, const void *object)
{
    return !is_minimum(owner, object);
}

static void finish_level(rig_reader *reader, const rig_setting *at, void *object)
{
    (void)reader;
    ((rig_level *)object)->is_minimum = rig_reader_has(at, "min");
}

/* Once names and limits are known. */
static void check_level(rig_reader *reader, const rig_setting *at, const void *object)
{
    const rig_level *level = object;
    if (rig_metric_is_share(level->metric.metric) && level->limit > 1.0)
        rig_reader_fail(reader, at,
                        "%s is a share, and the limit is %g; expected a number from 0 to 1",
                        rig_metric_short_name(level->metric.metric).text, level->limit);
}

/* ---- a figure by its name ---- */

static void read_metric(rig_reader *reader, const rig_setting *at, const rig_key *key, void *owner)
{
    (void)key;
    (void)owner;
    if (rig_setting_text(at) == NULL)
        rig_reader_fail(reader, at, "is %s; expected a string in double quotes",
                        rig_setting_type(at));
}

static void resolve_metric(rig_reader *reader, const rig_setting *at, const rig_key *key,
                           void *owner)
{
    char why[900];
    const char *text = rig_setting_text(at);
    (void)key;
    if (rig_scope_read(reader->object, text, strlen(text), &((rig_level *)owner)->metric, why,
                       sizeof why) != RIG_OK)
        rig_reader_fail(reader, at, "%s", why);
}

static void write_metric(FILE *out, const rig_key *key, const void *owner, const void *object)
{
    char text[RIG_SCOPE_TEXT_SIZE];
    (void)key;
    rig_scope_write(object, ((const rig_level *)owner)->metric, text, sizeof text);
    rig_write_text(out, text);
}

static void schema_metric(FILE *out, const rig_key *key)
{
    (void)key;
    (void)fputs("\"type\": \"string\"", out);
}

static const rig_key_type level_metric = {.noun = "name of a figure",
                                          .read = read_metric,
                                          .resolve = resolve_metric,
                                          .write = write_metric,
                                          .schema = schema_metric};

#define ROW_OF rig_margin
static const rig_key margin_rows[] = {
#include "scenarios/keys/margin.def"
};
#undef ROW_OF

static const rig_key_group margin = GROUP_OF(margin_rows, rig_margin);

#define STAGE(name_, stage)                                                                        \
    {                                                                                              \
        .name = (name_), .kind = RIG_KEY_GROUP, .offset = (stage) * sizeof(rig_margin),            \
        .group = &margin, .layout = RIG_LAYOUT_INLINE, .usual = "as all stages",                   \
        .meaning = "another margin of this stage"                                                  \
    }
static const rig_key stage_rows[] = {
    STAGE("trunk", RIG_STAGE_TRUNK),
    STAGE("ivr", RIG_STAGE_IVR),
    STAGE("queue", RIG_STAGE_QUEUE),
    STAGE("agent", RIG_STAGE_AGENT),
};

static const char *const min_or_max[] = {"min", "max", NULL};

#define ROW_OF rig_level
static const rig_key level_rows[] = {
#include "scenarios/keys/level.def"
};
#undef ROW_OF

static const rig_key_group stages = GROUP_OF(stage_rows, rig_margin[RIG_N_STAGES]);
static const rig_key_group level = GROUP_OF(level_rows, rig_level, .either = min_or_max,
                                            .finish = finish_level, .check = check_level);

#define ROW_OF rig_gate
static const rig_key rows[] = {
#include "scenarios/keys/gate.def"
};
#undef ROW_OF

const rig_key_group rig_section_gate = GROUP_OF(rows, rig_gate, .finish = finish_gate);
