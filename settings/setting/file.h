/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a file of settings is made of. Internal to settings/. */
#ifndef RIG_SETTINGS_SETTING_FILE_H
#define RIG_SETTINGS_SETTING_FILE_H

#include <libconfig.h>

#include "settings/setting.h"

struct rig_settings {
    config_t config;
};

#endif
