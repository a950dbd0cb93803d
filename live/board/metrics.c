/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "live/board_metrics.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* ---- the format ---- */

static void put_family(FILE *out, const char *name, const char *type, const char *help)
{
    (void)fprintf(out, "# HELP peakrig_%s %s\n# TYPE peakrig_%s %s\n", name, help, name, type);
}

/* A label's value: backslash, quote and line end are escaped. */
static void put_label(FILE *out, const char *value)
{
    for (; *value != '\0'; value++) {
        if (*value == '\n')
            (void)fputs("\\n", out);
        else if (*value == '"' || *value == '\\')
            (void)fprintf(out, "\\%c", *value);
        else
            (void)fputc((unsigned char)*value < ' ' ? ' ' : *value, out);
    }
}

/* @param label  NULL: none. */
static void put_sample(FILE *out, const char *name, const char *label, const char *value, double x)
{
    if (isnan(x))
        return;
    (void)fprintf(out, "peakrig_%s", name);
    if (label != NULL) {
        (void)fprintf(out, "{%s=\"", label);
        put_label(out, value);
        (void)fputs("\"}", out);
    }
    (void)fprintf(out, " %.10g\n", x);
}

static void put_one(FILE *out, const char *name, const char *type, const char *help, double x)
{
    if (isnan(x))
        return;
    put_family(out, name, type, help);
    put_sample(out, name, NULL, NULL, x);
}

/* ---- the families ---- */

static void put_run(FILE *out, const rig_board_view *v)
{
    put_family(out, "run_info", "gauge", "The run; always 1.");
    (void)fputs("peakrig_run_info{scenario=\"", out);
    put_label(out, v->name);
    (void)fputs("\",target=\"", out);
    put_label(out, v->target);
    (void)fputs("\",version=\"" PEAKRIG_VERSION "\"} 1\n", out);
    put_family(out, "run_phase", "gauge", "What the run is doing: 1 for one phase, 0 for others.");
    for (int p = 0; p < RIG_N_BOARD_PHASES; p++)
        put_sample(out, "run_phase", "phase", rig_board_phase_name((rig_board_phase)p),
                   (int)v->phase == p ? 1.0 : 0.0);
    put_one(out, "run_scenario_seconds", "gauge",
            "Scenario time since the first instant of the schedule.", v->at_s);
    put_one(out, "run_scenario_duration_seconds", "gauge", "Scenario time of the whole traffic.",
            v->duration_s);
    put_one(out, "run_time_scale_ratio", "gauge", "Scenario seconds in a second of the wire.",
            v->time_scale);
    put_one(out, "run_remaining_seconds", "gauge", "Wire time until the last call is due.",
            v->left_wire_s);
    put_one(out, "packets_captured_total", "counter", "Packets that were captured.",
            (double)v->n_packets);
    put_one(out, "packets_dropped_total", "counter", "Packets that the kernel could not give us.",
            (double)v->n_kernel_dropped);
}

static void put_calls(FILE *out, const rig_board_view *v)
{
    put_one(out, "calls_planned", "gauge", "Calls of the schedule.", (double)v->n_planned);
    put_one(out, "calls_due_total", "counter", "Calls whose instant has passed.", (double)v->n_due);
    put_one(out, "calls_due_per_second", "gauge", "Calls that were due, over the last seconds.",
            v->due_per_s);
}

/* What the capture shows. */
static void put_offered(FILE *out, const rig_board_view *v)
{
    put_one(out, "calls_offered", "gauge", "Calls on the wire so far, redials among them.",
            (double)v->n_offered);
    put_family(out, "calls_in_progress", "gauge", "Calls that are up, by where they are.");
    for (int p = 0; p < RIG_CALL_OVER; p++)
        put_sample(out, "calls_in_progress", "place", rig_board_place_name((rig_call_place)p),
                   (double)v->n_at[p]);
    put_family(out, "calls_ended", "gauge",
               "Calls that are over, by outcome; one can be revised by what comes later.");
    for (int o = 0; o < RIG_N_OUTCOMES; o++) {
        if (o != RIG_OUTCOME_IN_PROGRESS && o != RIG_OUTCOME_NOT_PLACED)
            put_sample(out, "calls_ended", "outcome", rig_outcome_name((rig_outcome)o),
                       (double)v->n_outcome[o]);
    }
    put_one(out, "calls_per_second", "gauge", "Calls that came to the wire, over the last seconds.",
            v->rate_per_s);
}

static void put_resources(FILE *out, const rig_board_view *v)
{
    put_one(out, "circuits", "gauge", "Trunk circuits of the scenario.", v->n_circuits);
    put_one(out, "circuits_in_use", "gauge", "Circuits that calls hold.", (double)v->n_up);
    put_one(out, "circuits_in_use_predicted", "gauge",
            "Predicted mean of circuits in use in this interval.", v->circuits.mean);
    put_one(out, "queue_calls", "gauge", "Calls that wait for an agent.",
            (double)v->n_at[RIG_CALL_IN_QUEUE]);
    put_one(out, "queue_calls_predicted", "gauge",
            "Predicted mean of calls that wait in this interval.", v->queue.mean);
    put_one(out, "agents", "gauge", "Agents on duty at the beginning, by the scenario.",
            v->n_agents);
    put_one(out, "agents_busy", "gauge", "Agents whose phone rings or who talk.",
            (double)v->n_busy);
}

static void put_stage_family(FILE *out, const rig_board_view *v, const char *name, const char *help,
                             double (*value)(const rig_board_stage *stage))
{
    put_family(out, name, "gauge", help);
    for (int s = 0; s < RIG_N_STAGES; s++)
        put_sample(out, name, "stage", rig_stage_name((rig_stage)s), value(&v->stages[s]));
}

static double entered(const rig_board_stage *stage)
{
    return (double)stage->n_entered;
}

static double lost(const rig_board_stage *stage)
{
    return (double)stage->n_lost;
}

static double loss(const rig_board_stage *stage)
{
    return stage->p_lost;
}

static double lost_by(const rig_board_stage *stage)
{
    return (double)stage->n_lost_by;
}

static double open_by(const rig_board_stage *stage)
{
    return (double)stage->n_open_by;
}

static double low(const rig_board_stage *stage)
{
    return stage->predicted.low;
}

static double mean(const rig_board_stage *stage)
{
    return stage->predicted.mean;
}

static double high(const rig_board_stage *stage)
{
    return stage->predicted.high;
}

static void put_stages(FILE *out, const rig_board_view *v)
{
    put_stage_family(out, v, "stage_entered_calls", "Calls that entered the stage.", entered);
    put_stage_family(out, v, "stage_lost_calls", "Calls lost at the stage.", lost);
    put_stage_family(out, v, "stage_loss_ratio",
                     "Lost at the stage per call that entered it and is decided there.", loss);
    if (v->compared_s <= 0.0)
        return;
    put_one(out, "compared_until_seconds", "gauge",
            "Scenario time: the calls that came until then are compared with the prediction.",
            v->compared_s);
    put_stage_family(out, v, "stage_compared_lost_calls", "Of the compared calls: lost here.",
                     lost_by);
    put_stage_family(out, v, "stage_compared_open_calls",
                     "Of the compared calls: may still be lost here.", open_by);
    if (isnan(v->stages[0].predicted.mean))
        return;
    put_stage_family(out, v, "stage_predicted_lost_low_calls",
                     "Of the compared calls: fewest lost here in 95 % of conforming runs.", low);
    put_stage_family(out, v, "stage_predicted_lost_calls",
                     "Of the compared calls: predicted to be lost here, mean.", mean);
    put_stage_family(out, v, "stage_predicted_lost_high_calls",
                     "Of the compared calls: most lost here in 95 % of conforming runs.", high);
}

static void put_figures(FILE *out, const rig_board_view *v)
{
    bool is_first = true;
    for (int m = 0; m < RIG_N_METRICS; m++) {
        if (!rig_metric_is_share((rig_metric)m) || isnan(v->figures[m]))
            continue;
        if (is_first)
            put_family(out, "figure_ratio", "gauge",
                       "Shares of the calls that are over, by their names (docs/figures.md).");
        is_first = false;
        put_sample(out, "figure_ratio", "figure", rig_metric_short_name((rig_metric)m).text,
                   v->figures[m]);
    }
}

static void put_faults(FILE *out, const rig_board_view *v)
{
    if (v->n_faults == 0)
        return;
    put_family(out, "fault_active", "gauge", "Faults of the scenario: 1 while one is on.");
    for (size_t i = 0; i < v->n_faults; i++) {
        (void)fprintf(out, "peakrig_fault_active{index=\"%zu\",fault=\"", i);
        put_label(out, v->faults[i].what);
        (void)fprintf(out, "\"} %d\n", v->faults[i].is_on);
    }
}

static void put_end(FILE *out, const rig_board_view *v)
{
    if (v->phase != RIG_BOARD_OVER)
        return;
    put_one(out, "run_exit_code", "gauge", "Exit code of the run.", v->exit_code);
    if (!v->has_judgement)
        return;
    put_family(out, "run_judgement", "gauge", "The verdict: 1 for one judgement, 0 for others.");
    for (int j = RIG_JUDGEMENT_PASS; j <= RIG_JUDGEMENT_INVALID; j++)
        put_sample(out, "run_judgement", "judgement", rig_judgement_name((rig_judgement)j),
                   (int)v->judgement == j ? 1.0 : 0.0);
}

rig_status rig_board_metrics(const rig_board_view *view, char **text)
{
    char *made = NULL;
    size_t n = 0;
    FILE *out = open_memstream(&made, &n);
    if (out == NULL)
        return RIG_ENOMEM;
    put_run(out, view);
    put_calls(out, view);
    if (!view->is_blind) {
        put_offered(out, view);
        put_resources(out, view);
        put_stages(out, view);
        put_figures(out, view);
    }
    put_faults(out, view);
    put_end(out, view);
    if (fclose(out) != 0) {
        free(made);
        return RIG_ENOMEM;
    }
    *text = made;
    return RIG_OK;
}
