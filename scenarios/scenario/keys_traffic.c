/* SPDX-License-Identifier: GPL-3.0-or-later */
/* traffic: what its rows cannot say. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/csv.h"
#include "scenarios/scenario/as_rows.h"
#include "scenarios/scenario/keys.h"

static const char *const words_arrivals[] = {"poisson", "regular", "recorded", NULL};
static const char *const words_interpolation[] = {"linear", "step", NULL};

static bool is_recorded(const void *owner, const void *object)
{
    (void)object;
    return ((const rig_traffic *)owner)->arrivals == RIG_ARRIVALS_RECORDED;
}

static bool is_not_recorded(const void *owner, const void *object)
{
    return !is_recorded(owner, object);
}

static rig_key_need need_day_cv(const rig_setting *group, const void *owner, const char **why)
{
    (void)group;
    *why = "expected 0, or traffic.arrivals = \"poisson\": no other arrivals are drawn";
    return ((const rig_traffic *)owner)->arrivals == RIG_ARRIVALS_POISSON ? RIG_NEED_NOT
                                                                          : RIG_NEED_DEFAULT;
}

static rig_key_need need_recorded(const rig_setting *group, const void *owner, const char **why)
{
    bool is_meant = is_recorded(owner, NULL);
    (void)group;
    *why = is_meant ? NULL : "expected only with arrivals = \"recorded\"";
    return is_meant ? RIG_NEED_KEY : RIG_NEED_ABSENT;
}

/* What has no meaning beside recorded instants. */
static rig_key_need need_unless_recorded(const void *owner, rig_key_need with_it,
                                         rig_key_need without, const char **why)
{
    bool is_recorded_ = is_recorded(owner, NULL);
    *why = is_recorded_ ? "with arrivals = \"recorded\" the calls are those of traffic.recorded"
                        : NULL;
    return is_recorded_ ? with_it : without;
}

static rig_key_need need_rate(const rig_setting *group, const void *owner, const char **why)
{
    (void)group;
    return need_unless_recorded(owner, RIG_NEED_ABSENT, RIG_NEED_KEY, why);
}

static rig_key_need need_interpolation(const rig_setting *group, const void *owner,
                                       const char **why)
{
    (void)group;
    return need_unless_recorded(owner, RIG_NEED_ABSENT, RIG_NEED_NOT, why);
}

static rig_key_need need_adverts(const rig_setting *group, const void *owner, const char **why)
{
    (void)group;
    return need_unless_recorded(owner, RIG_NEED_DEFAULT, RIG_NEED_NOT, why);
}

static void check_rate(rig_reader *reader, const rig_setting *at, const rig_key *key, void *owner)
{
    const rig_traffic *traffic = owner;
    double sum = 0.0;
    (void)key;
    for (size_t i = 0; i < traffic->n_rate; i++) {
        const rig_rate_point *point = &traffic->rate[i];
        if (i > 0 && point->at_s <= traffic->rate[i - 1].at_s)
            rig_reader_fail(reader, rig_setting_element(at, (int)i),
                            "at_s %.15g is not later than the point before", point->at_s);
        sum += point->rate_per_min;
    }
    for (size_t i = 0; i < traffic->n_adverts; i++)
        sum += traffic->adverts[i].peak_per_min;
    if (sum <= 0.0)
        rig_reader_fail(reader, at, "no calls at all; expected a per_min > 0 somewhere");
}

/* The instants of a CSV column, in whole microseconds as a schedule holds them. */
static rig_status read_instants(const char *path, rig_traffic *traffic, rig_error *err)
{
    const char *column = traffic->instants_column;
    rig_csv *csv = NULL;
    size_t at = 0;
    rig_status status = rig_csv_read(path, &csv, err);
    if (status == RIG_OK)
        status = rig_csv_column(csv, column, &at, err);
    if (status != RIG_OK)
        goto out;
    size_t n = rig_csv_n_rows(csv);
    if (n == 0) {
        status = rig_fail(err, RIG_EINPUT, "%s: no rows; expected at least one instant", path);
        goto out;
    }
    traffic->instant_s = malloc(n * sizeof *traffic->instant_s);
    if (traffic->instant_s == NULL) {
        status = rig_fail(err, RIG_ENOMEM, "%s: out of memory", path);
        goto out;
    }
    double before_s = 0.0;
    for (size_t i = 0; i < n; i++) {
        double value_s;
        status = rig_csv_number(csv, i, at, &value_s, err);
        if (status != RIG_OK)
            goto out;
        const char *expected = NULL;
        double t_s = round(value_s * 1e6) / 1e6;
        if (value_s < 0.0)
            expected = "seconds >= 0";
        else if (t_s < before_s)
            expected = "instants in ascending order: the one before is later";
        else if (t_s >= traffic->duration_s)
            expected = "instants before traffic.duration_s";
        if (expected != NULL) {
            char text[RIG_SETTING_NUMBER_SIZE];
            rig_setting_number_text(value_s, text);
            status = rig_fail(err, RIG_EINPUT, "%s:%zu: %s: %s; expected %s", path,
                              rig_csv_line(csv, i), column, text, expected);
            goto out;
        }
        traffic->instant_s[i] = before_s = t_s;
    }
    traffic->n_instants = n;
out:
    rig_csv_free(csv);
    return status;
}

static void read_instants_of(rig_reader *reader, const rig_setting *at, const rig_key *key,
                             void *owner)
{
    rig_traffic *traffic = owner;
    rig_error cause = {0};
    (void)key;
    rig_status status = read_instants(traffic->instants_path, traffic, &cause);
    if (status == RIG_ENOMEM)
        rig_reader_no_memory(reader);
    else if (status != RIG_OK)
        rig_reader_fail(reader, rig_setting_member(at, "file"), "%s", cause.text);
    if (status != RIG_OK)
        return;
    char *absolute = realpath(traffic->instants_path, NULL);
    if (absolute == NULL) {
        rig_reader_no_memory(reader);
        return;
    }
    free(traffic->instants_path);
    traffic->instants_path = absolute;
}

#define ROW_OF rig_traffic
static const rig_key recorded_rows[] = {
#include "scenarios/keys/recorded.def"
};
#undef ROW_OF
#define ROW_OF rig_rate_point
static const rig_key rate_rows[] = {
#include "scenarios/keys/rate.def"
};
#undef ROW_OF
#define ROW_OF rig_advert
static const rig_key advert_rows[] = {
#include "scenarios/keys/advert.def"
};
#undef ROW_OF

static const char *const rate_or_recorded[] = {"rate", "recorded", NULL};
static const rig_key_group recorded = GROUP_OF(recorded_rows, rig_traffic);
static const rig_key_group rate_point = GROUP_OF(rate_rows, rig_rate_point);
static const rig_key_group advert = GROUP_OF(advert_rows, rig_advert);

#define ROW_OF rig_traffic
static const rig_key rows[] = {
#include "scenarios/keys/traffic.def"
};
#undef ROW_OF

const rig_key_group rig_section_traffic = GROUP_OF(rows, rig_traffic, .either = rate_or_recorded,
                                                   .is_either_by_rows = true, .is_replaced = true);
