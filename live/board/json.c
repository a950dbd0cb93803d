/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "live/board_json.h"

#include <jansson.h>

#include "reports/json_builder.h"

static void add_band(rig_json_builder *b, const char *key, rig_band band)
{
    rig_json_open_object(b, key);
    rig_json_add_real(b, "mean", band.mean);
    rig_json_add_real(b, "low", band.low);
    rig_json_add_real(b, "high", band.high);
    rig_json_close(b);
}

static void add_calls(rig_json_builder *b, const rig_board_view *v)
{
    rig_json_open_object(b, "calls");
    rig_json_add_count(b, "planned", v->n_planned);
    rig_json_add_count(b, "due", v->n_due);
    rig_json_add_count(b, "offered", v->n_offered);
    rig_json_add_count(b, "up", v->n_up);
    rig_json_open_object(b, "places");
    for (int p = 0; p < RIG_N_CALL_PLACES; p++)
        rig_json_add_count(b, rig_board_place_name((rig_call_place)p), v->n_at[p]);
    rig_json_close(b);
    rig_json_open_object(b, "outcomes");
    for (int o = 0; o < RIG_N_OUTCOMES; o++)
        rig_json_add_count(b, rig_outcome_name((rig_outcome)o), v->n_outcome[o]);
    rig_json_close(b);
    rig_json_add_real(b, "rate_per_s", v->rate_per_s);
    rig_json_add_real(b, "due_per_s", v->due_per_s);
    rig_json_close(b);
}

static void add_resources(rig_json_builder *b, const rig_board_view *v)
{
    rig_json_open_object(b, "circuits");
    rig_json_add_count(b, "in_use", v->n_up);
    rig_json_add_count(b, "of", v->n_circuits);
    add_band(b, "predicted", v->circuits);
    rig_json_close(b);
    rig_json_open_object(b, "queue");
    rig_json_add_count(b, "waiting", v->n_at[RIG_CALL_IN_QUEUE]);
    add_band(b, "predicted", v->queue);
    rig_json_close(b);
    rig_json_open_object(b, "agents");
    rig_json_add_count(b, "busy", v->n_busy);
    rig_json_add_count(b, "of", v->n_agents);
    add_band(b, "on_duty_predicted", v->on_duty);
    rig_json_close(b);
}

static void add_stages(rig_json_builder *b, const rig_board_view *v)
{
    rig_json_open_list(b, "stages");
    for (int s = 0; s < RIG_N_STAGES; s++) {
        const rig_board_stage *stage = &v->stages[s];
        rig_json_open_object(b, NULL);
        rig_json_add_text(b, "name", rig_stage_name((rig_stage)s));
        rig_json_add_count(b, "entered", stage->n_entered);
        rig_json_add_count(b, "lost", stage->n_lost);
        rig_json_add_real(b, "loss", stage->p_lost);
        rig_json_add_count(b, "lost_compared", stage->n_lost_by);
        rig_json_add_count(b, "open_compared", stage->n_open_by);
        add_band(b, "predicted_compared", stage->predicted);
        rig_json_add_real(b, "margin_compared", stage->margin);
        rig_json_add_text(b, "beside_prediction",
                          stage->side > 0   ? "more"
                          : stage->side < 0 ? "fewer"
                                            : "within");
        rig_json_close(b);
    }
    rig_json_close(b);
    rig_json_add_real(b, "compared_s", v->compared_s);
}

static void add_levels(rig_json_builder *b, const rig_board_view *v)
{
    rig_json_open_object(b, "figures");
    for (int m = 0; m < RIG_N_METRICS; m++) {
        if (rig_metric_is_share((rig_metric)m))
            rig_json_add_real(b, rig_metric_short_name((rig_metric)m).text, v->figures[m]);
    }
    rig_json_close(b);
    rig_json_open_list(b, "levels");
    for (size_t i = 0; i < v->n_levels; i++) {
        const rig_board_level *level = &v->levels[i];
        rig_json_open_object(b, NULL);
        rig_json_add_text(b, "metric", level->metric);
        rig_json_add_text(b, "unit", level->unit);
        rig_json_add_real(b, level->is_minimum ? "min" : "max", level->limit);
        rig_json_add_real(b, "value", level->value);
        rig_json_close(b);
    }
    rig_json_close(b);
}

static void add_faults(rig_json_builder *b, const rig_board_view *v)
{
    rig_json_open_list(b, "faults");
    for (size_t i = 0; i < v->n_faults; i++) {
        const rig_board_fault *fault = &v->faults[i];
        rig_json_open_object(b, NULL);
        rig_json_add_text(b, "what", fault->what);
        rig_json_add_real(b, "from_s", fault->from_s);
        rig_json_add_real(b, "until_s", fault->until_s);
        rig_json_add_truth(b, "is_on", fault->is_on);
        rig_json_close(b);
    }
    rig_json_close(b);
}

static void add_lost(rig_json_builder *b, const rig_board_view *v)
{
    rig_json_open_list(b, "lost");
    for (size_t i = 0; i < v->n_lost && i < RIG_BOARD_SHOWN_LOST; i++) {
        const rig_board_lost *lost = &v->lost[i];
        rig_json_open_object(b, NULL);
        rig_json_add_real(b, "at_s", lost->at_s);
        rig_json_add_text(b, "outcome", rig_outcome_name(lost->outcome));
        rig_json_add_text(b, "reason", lost->reason);
        rig_json_add_text(b, "call_id", lost->call_id);
        rig_json_close(b);
    }
    rig_json_close(b);
}

static void add_stage_counts(rig_json_builder *b, const char *key, const uint32_t n[RIG_N_STAGES])
{
    rig_json_open_list(b, key);
    for (int s = 0; s < RIG_N_STAGES; s++)
        rig_json_add_count(b, NULL, n[s]);
    rig_json_close(b);
}

static void add_stage_bands(rig_json_builder *b, const char *key, const rig_band bands[])
{
    rig_json_open_list(b, key);
    for (int s = 0; s < RIG_N_STAGES; s++)
        add_band(b, NULL, bands[s]);
    rig_json_close(b);
}

static void add_over_time(rig_json_builder *b, const rig_board_view *v)
{
    rig_json_open_list(b, "intervals");
    for (size_t i = 0; i < v->n_intervals; i++) {
        const rig_board_interval *interval = &v->intervals[i];
        rig_json_open_object(b, NULL);
        rig_json_add_real(b, "end_s", interval->end_s);
        rig_json_add_count(b, "offered", interval->n_offered);
        add_stage_counts(b, "entered", interval->n_entered);
        add_stage_counts(b, "lost", interval->n_lost);
        add_stage_counts(b, "open", interval->n_open);
        add_stage_bands(b, "predicted", interval->lost);
        add_stage_bands(b, "predicted_so_far", interval->so_far);
        rig_json_close(b);
    }
    rig_json_close(b);
    rig_json_open_list(b, "samples");
    for (size_t i = 0; i < v->n_samples; i++) {
        const rig_board_sample *sample = &v->samples[i];
        rig_json_open_object(b, NULL);
        rig_json_add_real(b, "at_s", (double)sample->at_s);
        rig_json_add_real(b, "rate_per_s", (double)sample->rate_per_s);
        rig_json_add_real(b, "due_per_s", (double)sample->due_per_s);
        rig_json_add_count(b, "up", sample->n_up);
        rig_json_add_count(b, "queue", sample->n_queue);
        rig_json_add_count(b, "busy", sample->n_busy);
        rig_json_close(b);
    }
    rig_json_close(b);
}

static void add_end(rig_json_builder *b, const rig_board_view *v)
{
    if (v->phase != RIG_BOARD_OVER) {
        rig_json_add_null(b, "end");
        return;
    }
    rig_json_open_object(b, "end");
    rig_json_add_text(b, "judgement", v->has_judgement ? rig_judgement_name(v->judgement) : NULL);
    rig_json_add_integer(b, "exit_code", v->exit_code);
    rig_json_add_text(b, "text", v->verdict);
    rig_json_add_text(b, "told", v->told);
    rig_json_add_text(b, "report", v->report[0] != '\0' ? v->report : NULL);
    rig_json_close(b);
}

rig_status rig_board_json(const rig_board_view *v, char **text)
{
    rig_json_builder b;
    json_t *document = NULL;
    rig_json_begin(&b);
    rig_json_add_text(&b, "format", "peakrig live 1");
    rig_json_add_count(&b, "number", v->number);
    rig_json_add_text(&b, "name", v->name);
    rig_json_add_text(&b, "target", v->target);
    rig_json_add_text(&b, "phase", rig_board_phase_name(v->phase));
    rig_json_add_truth(&b, "is_blind", v->is_blind);
    rig_json_add_real(&b, "time_scale", v->time_scale);
    rig_json_add_real(&b, "at_s", v->at_s);
    rig_json_add_real(&b, "duration_s", v->duration_s);
    rig_json_add_real(&b, "left_wire_s", v->left_wire_s);
    rig_json_add_count(&b, "packets", v->n_packets);
    rig_json_add_count(&b, "packets_dropped", v->n_kernel_dropped);
    add_calls(&b, v);
    add_resources(&b, v);
    add_stages(&b, v);
    add_levels(&b, v);
    add_faults(&b, v);
    add_lost(&b, v);
    add_over_time(&b, v);
    add_end(&b, v);
    rig_status status = rig_json_end(&b, &document);
    if (status != RIG_OK)
        return status;
    char *made = json_dumps(document, JSON_COMPACT | JSON_ENSURE_ASCII | JSON_REAL_PRECISION(6));
    json_decref(document);
    if (made == NULL)
        return RIG_ENOMEM;
    *text = made;
    return RIG_OK;
}
