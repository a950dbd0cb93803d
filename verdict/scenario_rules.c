/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verdict/scenario_rules.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/rules.h"

static const char early[] =
    "format = \"peakrig rules 1\";\n"
    "name = \"target.marks = early\";\n"
    "marks = (\n"
    "  { name = \"183 from the IVR\"; codes = [ 183 ]; means = \"menu\"; },\n"
    "  { name = \"182 Queued\"; codes = [ 182 ]; means = \"queue\"; },\n"
    "  { name = \"180 of an agent\"; codes = [ 180 ]; header = \"X-Rig-Stage\"; value = "
    "\"ringing\";\n"
    "    means = \"ringing\"; },\n"
    "  { name = \"200 of an agent\"; codes = [ 200 ]; means = \"talking\"; }\n"
    ");\n"
    "outcomes = (\n"
    "  { name = \"left the menu\"; end = \"cancelled\"; phases = [ \"menu\" ];\n"
    "    outcome = \"self_served\"; reason = \"caller CANCEL in the menu\"; },\n"
    "  { name = \"left the menu\"; end = \"crossed\"; phases = [ \"menu\" ];\n"
    "    outcome = \"self_served\"; reason = \"caller CANCEL in the menu\"; },\n"
    "  { name = \"cut in the menu\"; end = \"refused\"; phases = [ \"menu\" ];\n"
    "    outcome = \"dropped\"; reason = \"%c%q in the menu\"; }\n"
    ");\n";

static const char quiet[] =
    "format = \"peakrig rules 1\";\n"
    "name = \"target.marks = quiet\";\n"
    "marks = (\n"
    "  { name = \"the menu is over\"; after_answer_s = %.6f; means = \"queue\"; }\n"
    ");\n";

rig_status rig_judge_rules_text(const rig_scenario *scenario, char **text)
{
    char *made = NULL;
    if (scenario->target.marks == RIG_MARK_EARLY) {
        made = strdup(early);
        if (made == NULL)
            return RIG_ENOMEM;
    } else if (scenario->target.marks == RIG_MARK_QUIET) {
        double menu_s = scenario->ivr.menu.mean_s / scenario->time_scale;
        if (asprintf(&made, quiet, menu_s) < 0)
            return RIG_ENOMEM;
    }
    *text = made;
    return RIG_OK;
}

rig_status rig_judge_rules(const rig_scenario *scenario, rig_rules **rules, rig_error *err)
{
    char *text = NULL;
    rig_status status = rig_judge_rules_text(scenario, &text);
    if (status != RIG_OK)
        return rig_fail(err, status, "rules: out of memory");
    status = text == NULL ? rig_rules_new(rules, err)
                          : rig_rules_read_text(text, "rules of target.marks", rules, err);
    free(text);
    return status;
}
