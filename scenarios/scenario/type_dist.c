/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Distributions in a file. */
#include <stdlib.h>
#include <string.h>

#include "scenarios/scenario/as_rows.h"
#include "scenarios/scenario/keys.h"
#include "settings/describe.h"

/* The group form, as it stands in the file. */
typedef struct dist_form {
    rig_dist_kind kind;
    double mean_s, cv;
    char *file, *column;
} dist_form;

static rig_key_need need_mean(const rig_setting *group, const void *owner, const char **why)
{
    const dist_form *form = owner;
    (void)group;
    *why =
        form->kind == RIG_DIST_EMPIRICAL ? "type = \"empirical\" has the mean of its file" : NULL;
    return form->kind == RIG_DIST_EMPIRICAL ? RIG_NEED_ABSENT : RIG_NEED_KEY;
}

static rig_key_need need_cv(const rig_setting *group, const void *owner, const char **why)
{
    const dist_form *form = owner;
    bool has_cv = form->kind == RIG_DIST_UNIFORM || form->kind == RIG_DIST_LOGNORMAL ||
                  form->kind == RIG_DIST_GAMMA;
    (void)group;
    *why = has_cv ? NULL : "expected only with type = \"uniform\", \"lognormal\" or \"gamma\"";
    return has_cv ? RIG_NEED_KEY : RIG_NEED_ABSENT;
}

static rig_key_need need_sample(const rig_setting *group, const void *owner, const char **why)
{
    const dist_form *form = owner;
    bool has_sample = form->kind == RIG_DIST_EMPIRICAL;
    (void)group;
    *why = has_sample ? NULL : "expected only with type = \"empirical\"";
    return has_sample ? RIG_NEED_KEY : RIG_NEED_ABSENT;
}

#define ROW_OF dist_form
static const rig_key rows[] = {
#include "scenarios/keys/dist.def"
};
#undef ROW_OF

static const rig_key_group form_group = GROUP_OF(rows, dist_form);

static void make(rig_reader *reader, const rig_setting *at, const dist_form *form, rig_dist *dist)
{
    rig_error why = {0};
    bool is_empirical = form->kind == RIG_DIST_EMPIRICAL;
    rig_status status = is_empirical
                            ? rig_dist_make_empirical(form->file, form->column, dist, &why)
                            : rig_dist_make(form->kind, form->mean_s, form->cv, dist, &why);
    if (status == RIG_ENOMEM)
        rig_reader_no_memory(reader);
    else if (status != RIG_OK)
        rig_reader_fail(reader, is_empirical ? rig_setting_member(at, "file") : at, "%s", why.text);
}

static void read_number(rig_reader *reader, const rig_setting *at, double *mean_s)
{
    char expected[120];
    const rig_key *mean = &rows[1];
    rig_key_expected(mean, expected, sizeof expected);
    const rig_range range = {mean->low, mean->high, mean->is_low_open, expected};
    *mean_s = rig_reader_number(reader, rig_setting_parent(at), rig_setting_name(at), &range, NULL);
}

static void read_dist(rig_reader *reader, const rig_setting *at, const rig_key *key, void *owner)
{
    rig_dist *dist = rig_key_member(key, owner);
    double number;
    *dist = (rig_dist){.kind = RIG_DIST_CONSTANT};
    if (rig_setting_number(at, &number)) {
        read_number(reader, at, &dist->mean_s);
        return;
    }
    if (!rig_setting_is_group(at)) {
        rig_reader_fail(reader, at,
                        "is %s; expected a distribution { type = ...; mean_s = ...; } or a number "
                        "of seconds",
                        rig_setting_type(at));
        return;
    }
    dist_form form = {.kind = RIG_DIST_CONSTANT};
    rig_table_read_group(reader, at, &form_group, &form);
    if (reader->status == RIG_OK)
        make(reader, at, &form, dist);
    rig_table_clear(&form_group, &form);
}

static void default_dist(rig_reader *reader, const rig_key *key, void *owner)
{
    rig_dist *dist = rig_key_member(key, owner);
    (void)reader;
    *dist = (rig_dist){.kind = RIG_DIST_CONSTANT, .mean_s = key->number};
}

static void write_dist(FILE *out, const rig_key *key, const void *owner, const void *object)
{
    const rig_dist *dist = rig_key_value(key, owner);
    (void)object;
    (void)fprintf(out, "{ type = \"%s\"; ", rig_dist_kind_name(dist->kind));
    if (dist->kind == RIG_DIST_EMPIRICAL) {
        char *absolute = realpath(dist->file, NULL); /* the copy may stand in another folder */
        (void)fputs("file = ", out);
        rig_write_text(out, absolute != NULL ? absolute : dist->file);
        free(absolute);
        (void)fputs("; column = ", out);
        rig_write_text(out, dist->column);
    } else {
        (void)fputs("mean_s = ", out);
        rig_write_number(out, dist->mean_s);
        if (dist->kind != RIG_DIST_CONSTANT && dist->kind != RIG_DIST_EXPONENTIAL) {
            (void)fputs("; cv = ", out);
            rig_write_number(out, dist->cv);
        }
    }
    (void)fputs("; }", out);
}

static void clear_dist(const rig_key *key, void *owner)
{
    rig_dist_clear(rig_key_member(key, owner));
}

static void schema_dist(FILE *out, const rig_key *key)
{
    (void)key;
    (void)fputs("\"anyOf\": [{", out);
    rig_schema_write_range(out, &rows[1]);
    (void)fputs("}, {\"$ref\": \"#/$defs/distribution\"}]", out);
}

const rig_key_type rig_section_dist_type = {.noun = "distribution",
                                            .group = &form_group,
                                            .has_number_form = true,
                                            .read = read_dist,
                                            .otherwise = default_dist,
                                            .write = write_dist,
                                            .clear = clear_dist,
                                            .schema = schema_dist};

void rig_section_not_given(rig_reader *reader, const rig_key *key, void *owner)
{
    (void)reader;
    *(rig_dist *)rig_key_member(key, owner) = (rig_dist){.mean_s = 0.0};
}

void rig_section_check_given(rig_reader *reader, const rig_setting *group, const char *key,
                             const rig_dist *dist)
{
    const rig_setting *at = rig_setting_member(group, key);
    if (at != NULL && !rig_dist_is_given(dist))
        rig_reader_fail(reader, at, "0 is out of range; expected a distribution with a mean over 0");
}
