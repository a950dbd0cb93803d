/* --set KEY=VALUE: values of a scenario given on the command line. Internal to scenarios/. */
#ifndef RIG_SCENARIOS_SCENARIO_OVERRIDE_H
#define RIG_SCENARIOS_SCENARIO_OVERRIDE_H

#include <libconfig.h>

#include "core/status.h"

/**
 * Set one value in a configuration that has been read.
 *
 * @param text  "key=value"; the key as in messages ("trunks[0].circuits"), the value in libconfig's
 *              syntax; a word that is no literal is taken as a string. A key of two that exclude
 * each other (circuits and e1, count and shifts, rate and recorded) replaces the other one.
 * @return RIG_OK; RIG_EINPUT naming the text; RIG_ENOMEM.
 */
rig_status rig_override_apply(config_t *config, const char *text, rig_error *err);

#endif
