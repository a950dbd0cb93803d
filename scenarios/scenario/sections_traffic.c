/* The section `traffic`. */
#include <math.h>
#include <stdlib.h>

#include "core/csv.h"
#include "scenarios/scenario/sections.h"

static const rig_range calls_per_min = {0, 1e9, false, "a number >= 0, calls a minute"};

static void read_rate(rig_reader *reader, const config_setting_t *group, rig_traffic *traffic)
{
    static const char *const keys[] = {"at_s", "per_min", NULL};
    config_setting_t *list = rig_reader_list(reader, group, "rate", true);
    if (list == NULL)
        return;
    int n = config_setting_length(list);
    if (n == 0)
        rig_reader_fail(reader, list, "is empty; expected at least one { at_s; per_min; }");
    traffic->rate = rig_reader_array(reader, n, sizeof *traffic->rate);
    double sum = 0.0;
    for (int i = 0; i < n && reader->status == RIG_OK; i++) {
        config_setting_t *point = rig_reader_element(reader, list, i);
        if (point == NULL)
            return;
        rig_rate_point *made = &traffic->rate[i];
        rig_reader_check_keys(reader, point, keys);
        made->at_s = rig_reader_number(reader, point, "at_s", &rig_range_time_s, NULL);
        made->rate_per_min = rig_reader_number(reader, point, "per_min", &calls_per_min, NULL);
        if (i > 0 && made->at_s <= traffic->rate[i - 1].at_s)
            rig_reader_fail(reader, point, "at_s %g is not later than the point before",
                            made->at_s);
        sum += made->rate_per_min;
        traffic->n_rate = (size_t)i + 1;
    }
    for (size_t i = 0; i < traffic->n_adverts; i++)
        sum += traffic->adverts[i].peak_per_min;
    if (sum <= 0.0)
        rig_reader_fail(reader, list, "no calls at all; expected a per_min > 0 somewhere");
}

static void read_adverts(rig_reader *reader, const config_setting_t *group, rig_traffic *traffic)
{
    static const char *const keys[] = {"at_s", "peak_per_min", "rise_s", "decay_s", NULL};
    static const double at_once = 0.0;
    config_setting_t *list = rig_reader_list(reader, group, "adverts", false);
    if (list == NULL)
        return;
    int n = rig_section_length(reader, list, 0, RIG_MAX_GROUPS, "adverts");
    traffic->adverts = rig_reader_array(reader, n, sizeof *traffic->adverts);
    for (int i = 0; i < n && reader->status == RIG_OK; i++) {
        config_setting_t *element = rig_reader_element(reader, list, i);
        if (element == NULL)
            return;
        rig_reader_check_keys(reader, element, keys);
        traffic->adverts[i] = (rig_advert){
            .at_s = rig_reader_number(reader, element, "at_s", &rig_range_time_s, NULL),
            .peak_per_min =
                rig_reader_number(reader, element, "peak_per_min", &calls_per_min, NULL),
            .rise_s = rig_reader_number(reader, element, "rise_s", &rig_range_time_s, &at_once),
            .decay_s = rig_reader_number(reader, element, "decay_s", &rig_range_positive_s, NULL)};
        traffic->n_adverts = (size_t)i + 1;
    }
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
            status = rig_fail(err, RIG_EINPUT, "%s:%zu: %s: %.17g; expected %s", path,
                              rig_csv_line(csv, i), column, value_s, expected);
            goto out;
        }
        traffic->instant_s[i] = before_s = t_s;
    }
    traffic->n_instants = n;
out:
    rig_csv_free(csv);
    return status;
}

static void read_recorded(rig_reader *reader, const config_setting_t *group, rig_traffic *traffic)
{
    static const char *const keys[] = {"file", "column", NULL};
    static const char why[] =
        "with arrivals = \"recorded\" the calls are those of traffic.recorded";
    rig_reader_refuse(reader, group, "rate", why);
    rig_reader_refuse(reader, group, "interpolation", why);
    if (traffic->n_adverts > 0)
        rig_reader_refuse(reader, group, "adverts", why);
    config_setting_t *recorded = rig_reader_group(reader, group, "recorded", true);
    if (recorded == NULL)
        return;
    rig_reader_check_keys(reader, recorded, keys);
    char *path = rig_reader_file(reader, recorded, "file");
    traffic->instants_column = rig_reader_string(reader, recorded, "column", NULL);
    rig_error cause = {0};
    if (reader->status == RIG_OK) {
        rig_status status = read_instants(path, traffic, &cause);
        if (status == RIG_ENOMEM)
            rig_reader_no_memory(reader);
        else if (status != RIG_OK)
            rig_reader_fail(reader, config_setting_get_member(recorded, "file"), "%s", cause.text);
    }
    if (reader->status == RIG_OK && (traffic->instants_path = realpath(path, NULL)) == NULL)
        rig_reader_no_memory(reader);
    free(path);
}

void rig_section_traffic(rig_reader *reader, const config_setting_t *root, rig_traffic *traffic)
{
    static const char *const keys[] = {"arrivals", "interpolation", "duration_s", "rate",
                                       "adverts",  "day_cv",        "recorded",   NULL};
    static const rig_range variation = {0, 5, false, "a number in [0, 5]"};
    static const double alike = 0.0;
    config_setting_t *group = rig_reader_group(reader, root, "traffic", true);
    if (group == NULL)
        return;
    rig_reader_check_keys(reader, group, keys);
    traffic->arrivals = (rig_arrivals)rig_reader_word(reader, group, "arrivals", rig_words_arrivals,
                                                      RIG_ARRIVALS_POISSON);
    traffic->interpolation = (rig_interpolation)rig_reader_word(
        reader, group, "interpolation", rig_words_interpolation, RIG_INTERPOLATION_LINEAR);
    traffic->duration_s =
        rig_reader_number(reader, group, "duration_s", &rig_range_positive_s, NULL);
    traffic->day_cv = rig_reader_number(reader, group, "day_cv", &variation, &alike);
    if (traffic->day_cv > 0.0 && traffic->arrivals != RIG_ARRIVALS_POISSON)
        rig_reader_refuse(reader, group, "day_cv",
                          "expected 0, or traffic.arrivals = \"poisson\": no other arrivals are "
                          "drawn");
    read_adverts(reader, group, traffic);
    if (traffic->arrivals == RIG_ARRIVALS_RECORDED) {
        read_recorded(reader, group, traffic);
        return;
    }
    rig_reader_refuse(reader, group, "recorded", "expected only with arrivals = \"recorded\"");
    read_rate(reader, group, traffic);
}
