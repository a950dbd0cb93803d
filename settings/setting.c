/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "settings/setting.h"

#include <libconfig.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/atomic_file.h"
#include "settings/setting/file.h"
#include "settings/setting/literals.h"

rig_setting *rig_settings_root(const rig_settings *settings)
{
    return config_root_setting(&settings->config);
}

void rig_settings_free(rig_settings *settings)
{
    if (settings == NULL)
        return;
    config_destroy(&settings->config);
    free(settings);
}

static rig_status new_settings(const char *name, rig_settings **settings, rig_error *err)
{
    rig_settings *made = calloc(1, sizeof *made);
    if (made == NULL)
        return rig_fail(err, RIG_ENOMEM, "%s: out of memory", name);
    config_init(&made->config);
    *settings = made;
    return RIG_OK;
}

static rig_status fail_syntax(const config_t *config, const char *name, rig_error *err)
{
    const char *at = config_error_file(config) != NULL ? config_error_file(config) : name;
    return rig_fail(err, RIG_EINPUT, "%s:%d: %s; expected libconfig syntax: key = value;", at,
                    config_error_line(config), config_error_text(config));
}

rig_status rig_settings_read(const char *path, rig_settings **settings, rig_error *err)
{
    rig_settings *made = NULL;
    char *copy = strdup(path);
    if (copy == NULL)
        return rig_fail(err, RIG_ENOMEM, "%s: out of memory", path);
    const char *folder = dirname(copy);
    rig_status status = rig_literals_check_file(path, folder, err);
    if (status == RIG_OK)
        status = new_settings(path, &made, err);
    if (status == RIG_OK) {
        config_set_include_dir(&made->config, folder);
        if (config_read_file(&made->config, path) != CONFIG_TRUE)
            status = fail_syntax(&made->config, path, err);
    }
    if (status == RIG_OK)
        *settings = made;
    else
        rig_settings_free(made);
    free(copy);
    return status;
}

rig_status rig_settings_parse(const char *text, const char *name, const char *folder,
                              rig_settings **settings, rig_error *err)
{
    rig_settings *made = NULL;
    const char *from = folder != NULL ? folder : ".";
    rig_status status = rig_literals_check_text(text, name, from, err);
    if (status == RIG_OK)
        status = new_settings(name, &made, err);
    if (status == RIG_OK) {
        config_set_include_dir(&made->config, from);
        if (config_read_string(&made->config, text) != CONFIG_TRUE)
            status = fail_syntax(&made->config, name, err);
    }
    if (status == RIG_OK)
        *settings = made;
    else
        rig_settings_free(made);
    return status;
}

int rig_setting_length(const rig_setting *setting)
{
    return config_setting_length(setting);
}

rig_setting *rig_setting_element(const rig_setting *setting, int index)
{
    return index < 0 ? NULL : config_setting_get_elem(setting, (unsigned)index);
}

rig_setting *rig_setting_member(const rig_setting *group, const char *name)
{
    return config_setting_get_member(group, name);
}

rig_setting *rig_setting_find(const rig_setting *group, const char *path)
{
    return config_setting_lookup((config_setting_t *)group, path); /* it changes nothing */
}

void rig_setting_remove(rig_setting *group, const char *name)
{
    (void)config_setting_remove(group, name);
}

rig_setting *rig_setting_parent(const rig_setting *setting)
{
    return config_setting_parent(setting);
}

const char *rig_setting_name(const rig_setting *setting)
{
    return config_setting_name(setting);
}

unsigned rig_setting_line(const rig_setting *setting)
{
    return config_setting_source_line(setting);
}

const char *rig_setting_file(const rig_setting *setting)
{
    return config_setting_source_file(setting);
}

void rig_setting_path(const rig_setting *setting, char *text, size_t size)
{
    const config_setting_t *parent = config_setting_parent(setting);
    if (parent == NULL) {
        text[0] = '\0';
        return;
    }
    rig_setting_path(parent, text, size);
    size_t used = strlen(text);
    const char *name = config_setting_name(setting);
    if (name == NULL)
        (void)snprintf(text + used, size - used, "[%d]", config_setting_index(setting));
    else
        (void)snprintf(text + used, size - used, "%s%s", used > 0 ? "." : "", name);
}

const char *rig_setting_type(const rig_setting *setting)
{
    switch (config_setting_type(setting)) {
    case CONFIG_TYPE_INT:
    case CONFIG_TYPE_INT64:
        return "a whole number";
    case CONFIG_TYPE_FLOAT:
        return "a number";
    case CONFIG_TYPE_STRING:
        return "a string";
    case CONFIG_TYPE_BOOL:
        return "a boolean";
    case CONFIG_TYPE_GROUP:
        return "a group { }";
    case CONFIG_TYPE_LIST:
        return "a list ( )";
    case CONFIG_TYPE_ARRAY:
        return "an array [ ]";
    default:
        return "nothing";
    }
}

bool rig_setting_is_group(const rig_setting *setting)
{
    return config_setting_is_group(setting) == CONFIG_TRUE;
}

bool rig_setting_is_list(const rig_setting *setting)
{
    return config_setting_is_list(setting) == CONFIG_TRUE ||
           config_setting_is_array(setting) == CONFIG_TRUE;
}

const char *rig_setting_text(const rig_setting *setting)
{
    return config_setting_type(setting) == CONFIG_TYPE_STRING ? config_setting_get_string(setting)
                                                              : NULL;
}

bool rig_setting_whole(const rig_setting *setting, int64_t *value)
{
    int type = config_setting_type(setting);
    if (type != CONFIG_TYPE_INT && type != CONFIG_TYPE_INT64)
        return false;
    *value = config_setting_get_int64(setting);
    return true;
}

bool rig_setting_number(const rig_setting *setting, double *value)
{
    int64_t whole;
    if (rig_setting_whole(setting, &whole)) {
        *value = (double)whole;
        return true;
    }
    if (config_setting_type(setting) != CONFIG_TYPE_FLOAT)
        return false;
    *value = config_setting_get_float(setting);
    return true;
}

void rig_setting_number_text(double value, char text[RIG_SETTING_NUMBER_SIZE])
{
    for (int digits = 15; digits <= 17; digits++) {
        (void)snprintf(text, RIG_SETTING_NUMBER_SIZE, "%.*g", digits, value);
        const double read = strtod(text, NULL);
        if (!(read < value) && !(read > value))
            return;
    }
}

bool rig_setting_bool(const rig_setting *setting, bool *value)
{
    if (config_setting_type(setting) != CONFIG_TYPE_BOOL)
        return false;
    *value = config_setting_get_bool(setting) == CONFIG_TRUE;
    return true;
}
