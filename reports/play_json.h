/* SPDX-License-Identifier: GPL-3.0-or-later */
/* play.json: what the play step knows and the later steps need. */
#ifndef RIG_REPORTS_PLAY_JSON_H
#define RIG_REPORTS_PLAY_JSON_H

#include "verdict/play_facts.h"

/** Write play.json. @param schedule_sha256  Of the schedule that was played. */
rig_status rig_json_play_write(const rig_play_facts *facts, const char *schedule_sha256,
                               const char *path, rig_error *err);

/** Write play.json again with another `trouble`; all else stays. @return RIG_OK; RIG_EINPUT;
 * RIG_EIO; RIG_ENOMEM. */
rig_status rig_json_play_set_trouble(const char *path, const char *trouble, rig_error *err);

/** Read play.json; one without looks was not looked at. @param[out] facts  Untouched on error.
 * @return RIG_OK; RIG_EINPUT; RIG_EIO. */
rig_status rig_json_play_read(const char *path, rig_play_facts *facts, rig_error *err);

#endif
