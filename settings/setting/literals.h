/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Integers that libconfig would silently cut: it keeps 32 bits of a literal that has no 'L'.
 * Internal to settings/. */
#ifndef RIG_SETTINGS_SETTING_LITERALS_H
#define RIG_SETTINGS_SETTING_LITERALS_H

#include "core/status.h"

/**
 * Refuse integer literals that do not fit, in a file and in those that it includes.
 * @param folder  Where included files are looked up.
 * @return RIG_OK; RIG_EINPUT with "FILE:LINE: ..."; RIG_EINPUT for a file that cannot be read or
 * holds a NUL byte; RIG_ENOMEM.
 */
rig_status rig_literals_check_file(const char *path, const char *folder, rig_error *err);

/** The same for a text. @param name  What stands in messages before the line. @param folder  As
 * above; NULL: included files are not looked at. */
rig_status rig_literals_check_text(const char *text, const char *name, const char *folder,
                                   rig_error *err);

#endif
