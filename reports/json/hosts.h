/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The load hosts of a run from several, in play.json and result.json. */
#ifndef RIG_REPORTS_JSON_HOSTS_H
#define RIG_REPORTS_JSON_HOSTS_H

#include <jansson.h>

#include "reports/json_builder.h"
#include "verdict/hosts.h"

/** "hosts" of play.json; nothing where the run was played on one. */
void rig_json_add_play_hosts(rig_json_builder *b, const rig_play_facts *facts);

/** Read them. @return false: it is no such list. */
bool rig_json_read_play_hosts(const json_t *list, rig_play_facts *facts);

/** "hosts" of result.json, with their lateness. */
void rig_json_add_hosts(rig_json_builder *b, const rig_hosts *hosts);

#endif
