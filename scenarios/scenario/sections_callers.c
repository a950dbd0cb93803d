/* The section `callers`. */
#include <stdlib.h>
#include <string.h>

#include "core/slice.h"
#include "scenarios/scenario/sections.h"

/* Without the key: one class of all callers. */
static void one_class(rig_reader *reader, rig_callers *callers)
{
    callers->classes = rig_reader_array(reader, 1, sizeof *callers->classes);
    char *name = strdup("caller");
    if (callers->classes == NULL || name == NULL) {
        free(name);
        rig_reader_no_memory(reader);
        return;
    }
    callers->classes[0] = (rig_caller_class){.name = name, .p_share = 1.0};
    callers->n_classes = 1;
}

static void read_classes(rig_reader *reader, const config_setting_t *group, rig_callers *callers)
{
    static const char *const keys[] = {"name", "share", "priority", NULL};
    static const rig_range priority = {0, 100, false, "a whole number from 0 to 100"};
    if (reader->status != RIG_OK)
        return;
    config_setting_t *list = rig_reader_list(reader, group, "classes", false);
    if (list == NULL) {
        one_class(reader, callers);
        return;
    }
    int n = rig_section_length(reader, list, 1, RIG_MAX_KINDS, "classes");
    callers->classes = rig_reader_array(reader, n, sizeof *callers->classes);
    double sum = 0.0;
    for (int i = 0; i < n && reader->status == RIG_OK; i++) {
        config_setting_t *element = rig_reader_element(reader, list, i);
        if (element == NULL)
            return;
        rig_reader_check_keys(reader, element, keys);
        rig_caller_class *made = &callers->classes[i];
        made->name = rig_section_name(reader, element, "caller", i);
        made->p_share = rig_reader_number(reader, element, "share", &rig_range_share, NULL);
        made->priority = rig_reader_count32(reader, element, "priority", &priority, 0);
        if (made->name != NULL &&
            rig_section_find(callers->classes, (size_t)i, sizeof *made, made->name) >= 0)
            rig_reader_fail(reader, element, "the name \"%s\" is taken by a class before",
                            made->name);
        sum += made->p_share;
        callers->n_classes = (size_t)i + 1;
    }
    rig_section_check_shares(reader, list, sum, "classes");
}

static void read_redial(rig_reader *reader, const config_setting_t *parent, rig_redial *redial)
{
    static const char *const keys[] = {"share", "delay", "max", NULL};
    static const rig_range most = {1, 1000, false, "a whole number from 1 to 1000"};
    static const rig_dist no_time = {.kind = RIG_DIST_CONSTANT};
    *redial = (rig_redial){.max_redials = 5, .delay = no_time};
    config_setting_t *group = rig_reader_group(reader, parent, "redial", false);
    if (group == NULL)
        return;
    rig_reader_check_keys(reader, group, keys);
    redial->p_redial = rig_reader_number(reader, group, "share", &rig_range_share, NULL);
    redial->delay =
        rig_section_dist(reader, group, "delay", redial->p_redial > 0.0 ? NULL : &no_time);
    redial->max_redials = rig_reader_count32(reader, group, "max", &most, redial->max_redials);
}

void rig_section_callers(rig_reader *reader, const config_setting_t *root, rig_callers *callers)
{
    static const char *const keys[] = {"first_number",
                                       "dial",
                                       "patience_answer",
                                       "patience_queue",
                                       "patience_ringing",
                                       "talk",
                                       "hangs_up_share",
                                       "classes",
                                       "redial",
                                       "auth",
                                       "dtmf",
                                       "audio",
                                       "sipp_xml",
                                       NULL};
    static const double half = 0.5;
    config_setting_t *group = rig_reader_group(reader, root, "callers", true);
    if (group == NULL)
        return;
    rig_reader_check_keys(reader, group, keys);
    char *first = rig_reader_string(reader, group, "first_number", "4930000000001");
    if (first != NULL && (!rig_slice_u64(rig_slice_of(first), &callers->first_number) ||
                          callers->first_number == 0 || strlen(first) > 15))
        rig_reader_fail(reader, config_setting_get_member(group, "first_number"),
                        "\"%s\" is no number; expected 1 to 15 digits, the first not 0", first);
    free(first);
    callers->dial = rig_reader_string(reader, group, "dial", "785");
    callers->patience_answer = rig_section_dist(reader, group, "patience_answer", NULL);
    callers->patience_queue = rig_section_dist(reader, group, "patience_queue", NULL);
    callers->patience_ringing =
        rig_section_dist(reader, group, "patience_ringing", &callers->patience_queue);
    callers->talk = rig_section_dist(reader, group, "talk", NULL);
    callers->p_caller_hangs_up =
        rig_reader_number(reader, group, "hangs_up_share", &rig_range_share, &half);
    read_classes(reader, group, callers);
    read_redial(reader, group, &callers->redial);
    rig_section_read_callers_load(reader, group, callers);
}
