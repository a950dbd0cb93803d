#include "scenarios/scenario/read_dist.h"

#include <stdlib.h>

static rig_dist read_empirical(rig_reader *reader, const config_setting_t *group)
{
    rig_dist dist = {.kind = RIG_DIST_CONSTANT};
    char *path = rig_reader_file(reader, group, "file");
    char *column = rig_reader_string(reader, group, "column", NULL);
    rig_error why = {0};
    if (reader->status == RIG_OK && rig_dist_make_empirical(path, column, &dist, &why) != RIG_OK)
        rig_reader_fail(reader, config_setting_get_member(group, "file"), "%s", why.text);
    free(path);
    free(column);
    return dist;
}

rig_dist rig_section_dist_copy(rig_reader *reader, const rig_dist *dist)
{
    rig_dist copy = {.kind = RIG_DIST_CONSTANT};
    if (rig_dist_copy(dist, &copy) != RIG_OK)
        rig_reader_no_memory(reader);
    return copy;
}

rig_dist rig_section_dist(rig_reader *reader, const config_setting_t *group, const char *key,
                          const rig_dist *fallback)
{
    static const char *const kinds[] = {"constant", "uniform",   "exponential", "lognormal",
                                        "gamma",    "empirical", NULL};
    static const char *const keys[] = {"type", "mean_s", "cv", "file", "column", NULL};
    static const rig_range seconds = {0, 1e9, false, "a number >= 0, seconds"};
    static const rig_range variation = {0, 100, true, "a number in (0, 100]"};
    rig_dist dist = {.kind = RIG_DIST_CONSTANT};
    config_setting_t *member = rig_reader_member(reader, group, key, fallback == NULL);
    if (member == NULL)
        return fallback != NULL && reader->status == RIG_OK
                   ? rig_section_dist_copy(reader, fallback)
                   : dist;
    if (rig_reader_is_number(member)) {
        dist.mean_s = rig_reader_number(reader, group, key, &seconds, NULL);
        return dist;
    }
    if (!config_setting_is_group(member)) {
        rig_reader_fail(reader, member,
                        "is %s; expected a distribution { type = ...; mean_s = ...; } or a number "
                        "of seconds",
                        rig_reader_type_text(member));
        return dist;
    }
    rig_reader_check_keys(reader, member, keys);
    if (!rig_reader_has(member, "type"))
        rig_reader_fail(reader, member, "\"type\" is missing");
    rig_dist_kind kind = (rig_dist_kind)rig_reader_word(reader, member, "type", kinds, 0);
    bool needs_cv =
        kind == RIG_DIST_UNIFORM || kind == RIG_DIST_LOGNORMAL || kind == RIG_DIST_GAMMA;
    if (reader->status != RIG_OK)
        return dist;
    for (int i = 1; keys[i] != NULL; i++) {
        bool is_meant = kind == RIG_DIST_EMPIRICAL ? i >= 3 : i == 1 || (i == 2 && needs_cv);
        const config_setting_t *given = config_setting_get_member(member, keys[i]);
        if (given != NULL && !is_meant)
            rig_reader_fail(reader, given, "has no meaning for type \"%s\"", kinds[kind]);
    }
    if (kind == RIG_DIST_EMPIRICAL)
        return read_empirical(reader, member);
    double mean_s = rig_reader_number(reader, member, "mean_s", &seconds, NULL);
    double cv = needs_cv ? rig_reader_number(reader, member, "cv", &variation, NULL) : 0.0;
    rig_error why = {0};
    if (reader->status != RIG_OK)
        return dist;
    rig_status status = rig_dist_make(kind, mean_s, cv, &dist, &why);
    if (status == RIG_ENOMEM)
        rig_reader_no_memory(reader);
    else if (status != RIG_OK)
        rig_reader_fail(reader, member, "%s", why.text);
    return dist;
}
