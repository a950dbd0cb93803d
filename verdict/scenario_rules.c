/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verdict/scenario_rules.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/rules.h"

#define EMERGENCY_MARK_ALONE                                                                       \
    "  { name = \"ACK of a short talk\"; leg = \"agent\"; method = \"ACK\"; header = "             \
    "\"X-Rig-Stage\"; value = \"emergency\";\n    means = \"emergency\"; }"
#define EMERGENCY_MARK EMERGENCY_MARK_ALONE ",\n"

static const char early_marks[] =
    "  { name = \"183 from the IVR\"; codes = [ 183 ]; means = \"menu\"; },\n"
    "  { name = \"182 Queued\"; codes = [ 182 ]; means = \"queue\"; },\n"
    "  { name = \"180 of an agent\"; codes = [ 180 ]; header = \"X-Rig-Stage\"; value = "
    "\"ringing\";\n"
    "    means = \"ringing\"; },\n"
    "  { name = \"480 of one deflected\"; codes = [ 480 ]; header = \"X-Rig-Stage\"; value = "
    "\"deflected\";\n"
    "    means = \"deflected\"; },\n" EMERGENCY_MARK
    "  { name = \"200 of an agent\"; codes = [ 200 ]; means = \"talking\"; }\n"
    ");\n";

/* For a centre that sends no 182. Where the menu scatters, nothing tells its end. */
static const char early_menu[] =
    "  { name = \"the menu is over\"; after_menu_s = %.6f; means = \"queue\"; },\n";

static const char early_outcomes[] =
    "  { name = \"left the menu\"; end = \"cancelled\"; phases = [ \"menu\" ];\n"
    "    outcome = \"self_served\"; reason = \"caller CANCEL in the menu\"; },\n"
    "  { name = \"left the menu\"; end = \"crossed\"; phases = [ \"menu\" ];\n"
    "    outcome = \"self_served\"; reason = \"caller CANCEL in the menu\"; },\n"
    "  { name = \"cut in the menu\"; end = \"refused\"; phases = [ \"menu\" ];\n"
    "    outcome = \"dropped\"; reason = \"%c%q in the menu\"; }";

static const char quiet_marks[] =
    "marks = (\n"
    "  { name = \"the menu is over\"; after_answer_s = %.6f; means = \"queue\"; },\n"
    "  { name = \"BYE of one deflected\"; method = \"BYE\"; header = \"X-Rig-Stage\"; value = "
    "\"deflected\";\n"
    "    means = \"deflected\"; },\n" EMERGENCY_MARK_ALONE "\n);\n";

static const char fault_outcomes[] =
    "  { name = \"cut by a fault\"; end = \"refused\"; q850 = [ 38 ];\n"
    "    outcome = \"dropped\"; reason = \"%c%q, cut by a fault\"; },\n"
    "  { name = \"cut by a fault\"; end = \"centre_bye\"; q850 = [ 38 ];\n"
    "    outcome = \"dropped\"; reason = \"callee BYE%q, cut by a fault\"; }";

static void put_text(FILE *out, const char *text)
{
    (void)fputc('"', out);
    for (; *text != '\0'; text++) {
        if (*text == '"' || *text == '\\')
            (void)fputc('\\', out);
        (void)fputc(*text, out);
    }
    (void)fputc('"', out);
}

static void put_carriers(FILE *out, const rig_scenario *scenario, const rig_carrier_ends *carriers)
{
    const bool is_6 = strchr(carriers->host, ':') != NULL;
    (void)fputs("carriers = (\n", out);
    for (size_t i = 0; i < carriers->n && i < scenario->n_trunks; i++) {
        (void)fputs(i > 0 ? ",\n  { name = " : "  { name = ", out);
        put_text(out, scenario->trunks[i].name);
        (void)fprintf(out, "; to = \"%s%s%s:%u\"; }", is_6 ? "[" : "", carriers->host,
                      is_6 ? "]" : "", carriers->ports[i]);
    }
    (void)fputs("\n);\n", out);
}

/* Whether a pattern is to be tried before another. A '*' that is dialled stands for any bytes in a
 * rule: so what has none comes first, and of the others the longer, which fits fewer. */
static bool is_tried_before(const char *a, const char *b)
{
    const bool has_star[] = {strchr(a, '*') != NULL, strchr(b, '*') != NULL};
    if (has_star[0] != has_star[1])
        return has_star[1];
    return has_star[0] && strlen(a) > strlen(b);
}

/* The classes, by what they dial. */
static void sort_classes(const rig_scenario *scenario, size_t *order)
{
    for (size_t i = 0; i < scenario->callers.n_classes; i++) {
        size_t k = i;
        for (; k > 0 && is_tried_before(rig_scenario_class_dial(scenario, i),
                                        rig_scenario_class_dial(scenario, order[k - 1]));
             k--)
            order[k] = order[k - 1];
        order[k] = i;
    }
}

/* A number as it stands in a Request-URI (RFC 3261, 25.1). */
static void put_called(FILE *out, const char *dial)
{
    (void)fputc('"', out);
    for (; *dial != '\0'; dial++)
        (void)fputs(*dial == '#' ? "%23" : (char[]){*dial, '\0'}, out);
    (void)fputc('"', out);
}

static void put_classes(FILE *out, const rig_scenario *scenario)
{
    size_t order[RIG_MAX_GROUPS];
    if (scenario->callers.n_classes > RIG_MAX_GROUPS)
        return;
    sort_classes(scenario, order);
    (void)fputs("classes = (\n", out);
    for (size_t i = 0; i < scenario->callers.n_classes; i++) {
        (void)fputs(i > 0 ? ",\n  { name = " : "  { name = ", out);
        put_text(out, scenario->callers.classes[order[i]].name);
        (void)fputs("; called = ", out);
        put_called(out, rig_scenario_class_dial(scenario, order[i]));
        (void)fputs("; }", out);
    }
    (void)fputs("\n);\n", out);
}

static void put_early(FILE *out, const rig_scenario *scenario)
{
    (void)fputs("marks = (\n", out);
    if (!rig_target_is_embedded(&scenario->target) && scenario->ivr.menu.kind == RIG_DIST_CONSTANT)
        (void)fprintf(out, early_menu, scenario->ivr.menu.mean_s / scenario->time_scale);
    (void)fputs(early_marks, out);
}

static void put_outcomes(FILE *out, bool is_early, bool has_faults)
{
    if (!is_early && !has_faults)
        return;
    (void)fprintf(out, "outcomes = (\n%s%s%s\n);\n", has_faults ? fault_outcomes : "",
                  is_early && has_faults ? ",\n" : "", is_early ? early_outcomes : "");
}

rig_status rig_judge_rules_text(const rig_scenario *scenario, const rig_carrier_ends *carriers,
                                char **text)
{
    char *made = NULL;
    size_t size = 0;
    const rig_marks marks = scenario->target.marks;
    const bool is_early = marks == RIG_MARK_EARLY, is_quiet = marks == RIG_MARK_QUIET;
    const bool has_carriers = carriers != NULL && carriers->n > 0;
    const bool has_classes = rig_scenario_has_class_numbers(scenario);
    if (!is_early && !is_quiet && !has_carriers && !has_classes && scenario->n_faults == 0) {
        *text = NULL;
        return RIG_OK;
    }
    FILE *out = open_memstream(&made, &size);
    if (out == NULL)
        return RIG_ENOMEM;
    (void)fprintf(out, "format = \"peakrig rules 1\";\nname = \"target.marks = %s\";\n",
                  rig_marks_name(marks));
    if (has_carriers)
        put_carriers(out, scenario, carriers);
    if (has_classes)
        put_classes(out, scenario);
    if (is_early)
        put_early(out, scenario);
    else if (is_quiet)
        (void)fprintf(out, quiet_marks, scenario->ivr.menu.mean_s / scenario->time_scale);
    put_outcomes(out, is_early, scenario->n_faults > 0);
    if (fclose(out) != 0) {
        free(made);
        return RIG_ENOMEM;
    }
    *text = made;
    return RIG_OK;
}

rig_status rig_judge_rules(const rig_scenario *scenario, const rig_carrier_ends *carriers,
                           rig_rules **rules, rig_error *err)
{
    char *text = NULL;
    rig_status status = rig_judge_rules_text(scenario, carriers, &text);
    if (status != RIG_OK)
        return rig_fail(err, status, "rules: out of memory");
    status = text == NULL ? rig_rules_new(rules, err)
                          : rig_rules_read_text(text, "rules of target.marks", rules, err);
    free(text);
    return status;
}
