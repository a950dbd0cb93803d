/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "settings/setting/file.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "settings/setting/literals.h"

/* Copy a parsed value, of any type, into a group under a name. */
static config_setting_t *copy_value(config_setting_t *parent, const char *name,
                                    const config_setting_t *value)
{
    int type = config_setting_type(value);
    config_setting_t *made = config_setting_add(parent, name, type);
    if (made == NULL)
        return NULL;
    config_setting_set_format(made, config_setting_get_format(value));
    switch (type) {
    case CONFIG_TYPE_INT:
        config_setting_set_int(made, config_setting_get_int(value));
        break;
    case CONFIG_TYPE_INT64:
        config_setting_set_int64(made, config_setting_get_int64(value));
        break;
    case CONFIG_TYPE_FLOAT:
        config_setting_set_float(made, config_setting_get_float(value));
        break;
    case CONFIG_TYPE_BOOL:
        config_setting_set_bool(made, config_setting_get_bool(value));
        break;
    case CONFIG_TYPE_STRING:
        config_setting_set_string(made, config_setting_get_string(value));
        break;
    default:
        for (int i = 0; i < config_setting_length(value); i++) {
            const config_setting_t *element = config_setting_get_elem(value, (unsigned)i);
            if (copy_value(made, config_setting_name(element), element) == NULL)
                return NULL;
        }
    }
    return made;
}

/* Parse a value in libconfig's syntax; what is no literal becomes a string. */
static bool parse_value(config_t *scratch, const char *value)
{
    char *text = NULL;
    if (asprintf(&text, "v = %s;", value) < 0)
        return false;
    bool is_read = config_read_string(scratch, text) == CONFIG_TRUE &&
                   config_setting_length(config_root_setting(scratch)) == 1;
    free(text);
    if (is_read)
        return true;
    config_setting_t *root = config_root_setting(scratch);
    (void)config_setting_remove(root, "v");
    config_setting_t *made = config_setting_add(root, "v", CONFIG_TYPE_STRING);
    return made != NULL && config_setting_set_string(made, value) == CONFIG_TRUE;
}

/* A member of a group by a key such as "trunks[0]"; a group that is not there yet is made. NULL
 * when there is no such element or the key is none. */
static config_setting_t *step_into(config_setting_t *group, char *key)
{
    char *bracket = strchr(key, '[');
    if (bracket != NULL)
        *bracket = '\0';
    config_setting_t *member = config_setting_get_member(group, key);
    if (member == NULL && bracket == NULL)
        return config_setting_add(group, key, CONFIG_TYPE_GROUP);
    while (member != NULL && bracket != NULL) {
        char *end = NULL;
        unsigned long index = strtoul(bracket + 1, &end, 10);
        if (end == bracket + 1 || *end != ']' || config_setting_is_scalar(member))
            return NULL;
        member = config_setting_get_elem(member, (unsigned)index);
        bracket = end[1] == '[' ? end + 1 : NULL;
        if (bracket == NULL && end[1] != '\0')
            return NULL;
    }
    return member;
}

/* The group that a path without its last key names; NULL when there is none. */
static config_setting_t *parent_of(config_t *config, char *path, const char **last)
{
    config_setting_t *group = config_root_setting(config);
    char *key = path;
    for (char *dot = strchr(key, '.'); dot != NULL; dot = strchr(key, '.')) {
        *dot = '\0';
        group = step_into(group, key);
        if (group == NULL || !config_setting_is_group(group))
            return NULL;
        key = dot + 1;
    }
    *last = key;
    return group;
}

static rig_status set_value(config_t *config, const char *text, char *key, const char *value,
                            rig_setting **at, rig_error *err)
{
    const char *last = NULL;
    config_setting_t *parent = parent_of(config, key, &last);
    if (parent == NULL || !config_setting_is_group(parent) || strchr(last, '[') != NULL)
        return rig_fail(err, RIG_EINPUT,
                        "--set %s: the file has no such group; expected a key such as "
                        "trunks[0].circuits",
                        text);
    config_t scratch;
    config_init(&scratch);
    rig_status status = RIG_OK;
    if (!parse_value(&scratch, value)) {
        status = rig_fail(err, RIG_ENOMEM, "--set %s: out of memory", text);
        goto out;
    }
    (void)config_setting_remove(parent, last);
    const config_setting_t *parsed = config_setting_get_elem(config_root_setting(&scratch), 0);
    config_setting_t *made = copy_value(parent, last, parsed);
    if (made == NULL)
        status = rig_fail(err, RIG_EINPUT, "--set %s: \"%s\" is not a valid key", text, last);
    else if (at != NULL)
        *at = made;
out:
    config_destroy(&scratch);
    return status;
}

rig_status rig_settings_set(rig_settings *settings, const char *text, rig_setting **at,
                            rig_error *err)
{
    const char *equals = strchr(text, '=');
    if (equals == NULL || equals == text)
        return rig_fail(err, RIG_EINPUT, "--set %s: expected KEY=VALUE", text);
    char *key = strndup(text, (size_t)(equals - text));
    if (key == NULL)
        return rig_fail(err, RIG_ENOMEM, "--set %s: out of memory", text);
    rig_status status = rig_literals_check_text(equals + 1, "--set", NULL, err);
    if (status == RIG_OK)
        status = set_value(&settings->config, text, key, equals + 1, at, err);
    free(key);
    return status;
}
