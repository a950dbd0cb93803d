/* Values in libconfig's syntax, as the resolved copy of a scenario holds them. Internal to
 * scenarios/. Failures of the stream are found when the file is committed. */
#ifndef RIG_SCENARIOS_SCENARIO_WRITE_VALUES_H
#define RIG_SCENARIOS_SCENARIO_WRITE_VALUES_H

#include <stdio.h>

#include "scenarios/scenario.h"

/** `key = 1.5;` with as few digits as give the same number back; always a float. */
void rig_write_number(FILE *out, const char *key, double value);

/** `"text"`, with what needs it escaped. */
void rig_write_text(FILE *out, const char *text);

/** `key = "text";` */
void rig_write_string(FILE *out, const char *key, const char *value);

/** `key = { type = ...; };` */
void rig_write_dist(FILE *out, const char *key, const rig_dist *dist);

/** The same as lines of their own, indented by four blanks. */
void rig_write_number_line(FILE *out, const char *key, double value);
void rig_write_string_line(FILE *out, const char *key, const char *value);
void rig_write_dist_line(FILE *out, const char *key, const rig_dist *dist);

/** The sections trunks, ivr, queue, call_back, agents, reserves, emergency and faults. */
void rig_write_centre(FILE *out, const rig_scenario *scenario);

#endif
