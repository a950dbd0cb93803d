/* SPDX-License-Identifier: GPL-3.0-or-later */
/* callers: what its rows cannot say. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "scenarios/backup.h"
#include "scenarios/password.h"
#include "scenarios/scenario/as_rows.h"
#include "scenarios/scenario/keys.h"
#include "settings/describe.h"

#define CALLED_DIGITS DIGITS "*#"

/* A number that is written as a text: it has more digits than a file's whole numbers. */
static void take_digits(const char *text, const rig_key *key, void *owner)
{
    uint64_t value = strtoull(text, NULL, 10);
    memcpy(rig_key_member(key, owner), &value, sizeof value);
}

static void read_digits(rig_reader *reader, const rig_setting *at, const rig_key *key, void *owner)
{
    const char *text = rig_setting_text(at);
    if (text == NULL)
        rig_reader_fail(reader, at, "is %s; expected a string in double quotes",
                        rig_setting_type(at));
    else if (rig_table_check_text(reader, at, key, text))
        take_digits(text, key, owner);
}

static void default_digits(rig_reader *reader, const rig_key *key, void *owner)
{
    (void)reader;
    take_digits(key->text, key, owner);
}

static void write_digits(FILE *out, const rig_key *key, const void *owner, const void *object)
{
    (void)object;
    (void)fprintf(out, "\"%llu\"", (unsigned long long)rig_key_count(key, owner));
}

static const rig_key_type digits = {.noun = "text of digits",
                                    .read = read_digits,
                                    .otherwise = default_digits,
                                    .write = write_digits,
                                    .schema = rig_schema_write_string};

/* Without the key: whoever rings is never cut by his own limit, as the ring time-out comes first.
 */
static void as_long_as_it_rings(rig_reader *reader, const rig_key *key, void *owner)
{
    const rig_scenario *scenario = reader->object;
    double longest_s = 0.0;
    (void)key;
    for (size_t i = 0; i < scenario->n_agents; i++)
        longest_s = fmax(longest_s, scenario->agents[i].ring_timeout_s);
    ((rig_callers *)owner)->patience_ringing =
        (rig_dist){.kind = RIG_DIST_CONSTANT, .mean_s = fmin(10.0 * longest_s, 1e7)};
}

static bool has_own_talk(const void *owner, const void *object)
{
    (void)object;
    return rig_dist_is_given(&((const rig_caller_class *)owner)->talk);
}

static bool has_own_patience(const void *owner, const void *object)
{
    (void)object;
    return rig_dist_is_given(&((const rig_caller_class *)owner)->patience_queue);
}

static void as_all_backups(rig_reader *reader, const rig_key *key, void *owner)
{
    (void)reader;
    (void)key;
    ((rig_caller_class *)owner)->p_backup = RIG_BACKUP_AS_ALL;
}

static bool has_own_backup(const void *owner, const void *object)
{
    (void)object;
    return ((const rig_caller_class *)owner)->p_backup >= 0.0;
}

static bool has_backup(const void *owner, const void *object)
{
    (void)object;
    return ((const rig_redial *)owner)->backup.dial != NULL;
}

/* Without the key: one class of all callers. */
static void one_class(rig_reader *reader, const rig_key *key, void *owner)
{
    rig_callers *callers = owner;
    (void)key;
    callers->classes = rig_reader_array(reader, 1, sizeof *callers->classes);
    char *name = strdup("caller");
    if (callers->classes == NULL || name == NULL) {
        free(name);
        rig_reader_no_memory(reader);
        return;
    }
    callers->classes[0] =
        (rig_caller_class){.name = name, .p_share = 1.0, .p_backup = RIG_BACKUP_AS_ALL};
    callers->n_classes = 1;
}

/* Where the called number tells the class, it must tell each. */
static void check_class_numbers(rig_reader *reader, const rig_setting *at)
{
    const rig_scenario *scenario = reader->object;
    const rig_callers *callers = &scenario->callers;
    for (size_t i = 0; i < callers->n_classes && rig_scenario_has_class_numbers(scenario); i++) {
        for (size_t k = 0; k < i; k++) {
            const char *dial = rig_scenario_class_dial(scenario, i);
            if (strcmp(dial, rig_scenario_class_dial(scenario, k)) != 0)
                continue;
            rig_reader_fail(reader, rig_setting_element(at, (int)i),
                            "class \"%s\" dials %s, and so does \"%s\"; expected another number "
                            "(dial) for each class, or none for any",
                            callers->classes[i].name, dial, callers->classes[k].name);
            return;
        }
    }
}

static void check_classes(rig_reader *reader, const rig_setting *at, const rig_key *key,
                          void *owner)
{
    const rig_callers *callers = owner;
    double sum = 0.0;
    (void)key;
    for (size_t i = 0; i < callers->n_classes; i++)
        sum += callers->classes[i].p_share;
    rig_section_check_sum(reader, at, sum, "classes");
    for (size_t i = 0; i < callers->n_classes && reader->status == RIG_OK; i++) {
        const rig_setting *of = rig_setting_element(at, (int)i);
        rig_section_check_given(reader, of, "talk", &callers->classes[i].talk);
        rig_section_check_given(reader, of, "patience_queue", &callers->classes[i].patience_queue);
    }
    check_class_numbers(reader, at);
}

static rig_key_need need_delay(const rig_setting *group, const void *owner, const char **why)
{
    (void)group;
    (void)why;
    return ((const rig_redial *)owner)->p_redial > 0.0 ? RIG_NEED_KEY : RIG_NEED_NOT;
}

static void check_password_file(rig_reader *reader, const rig_setting *at, const rig_key *key,
                                void *owner)
{
    (void)key;
    if (((const rig_auth *)owner)->password != NULL)
        rig_reader_fail(reader, at, "beside password; expected one of the two");
}

static bool has_auth(const void *owner, const void *object)
{
    (void)object;
    return ((const rig_callers *)owner)->auth.user != NULL;
}

static bool has_dtmf(const void *owner, const void *object)
{
    (void)object;
    return ((const rig_callers *)owner)->dtmf.digits != NULL;
}

static bool has_session_timer(const void *owner, const void *object)
{
    (void)object;
    return ((const rig_callers *)owner)->session_timer.expires_s > 0;
}

static const char *const rig_section_words_refresher[] = {"any", "centre", "caller", NULL};

#define ROW_OF rig_caller_class
static const rig_key class_rows[] = {
#include "scenarios/keys/caller_class.def"
};
#undef ROW_OF
#define ROW_OF rig_backup
static const rig_key backup_rows[] = {
#include "scenarios/keys/backup.def"
};
#undef ROW_OF
static const rig_key_group backup = GROUP_OF(backup_rows, rig_backup);
#define ROW_OF rig_redial
static const rig_key redial_rows[] = {
#include "scenarios/keys/redial.def"
};
#undef ROW_OF
#define ROW_OF rig_auth
static const rig_key auth_rows[] = {
#include "scenarios/keys/auth.def"
};
#undef ROW_OF
#define ROW_OF rig_dtmf
static const rig_key dtmf_rows[] = {
#include "scenarios/keys/dtmf.def"
};
#undef ROW_OF
#define ROW_OF rig_session_timer
static const rig_key session_timer_rows[] = {
#include "scenarios/keys/session_timer.def"
};
#undef ROW_OF

static const rig_key_group caller_class = GROUP_OF(class_rows, rig_caller_class);
static const rig_key_group redial = GROUP_OF(redial_rows, rig_redial);
static const rig_key_group auth = GROUP_OF(auth_rows, rig_auth);
static const rig_key_group dtmf = GROUP_OF(dtmf_rows, rig_dtmf);
static const rig_key_group session_timer = GROUP_OF(session_timer_rows, rig_session_timer);

#define ROW_OF rig_callers
static const rig_key rows[] = {
#include "scenarios/keys/callers.def"
};
#undef ROW_OF

const rig_key_group rig_section_callers = GROUP_OF(rows, rig_callers);
