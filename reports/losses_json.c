#include "reports/losses_json.h"

rig_status rig_losses_json(const rig_usage *usage, const rig_packet_counts *counts,
                           json_t **document)
{
    const rig_tally *tally = &usage->tally;
    json_t *stages = json_array();
    json_t *outcomes = json_object();
    for (int s = 0; s < RIG_N_STAGES; s++) {
        rig_stage stage = (rig_stage)s;
        (void)json_array_append_new(
            stages, json_pack("{s:s, s:I, s:I, s:f, s:f}", "stage", rig_stage_name(stage),
                              "entered", (json_int_t)rig_tally_entered(tally, stage), "lost",
                              (json_int_t)rig_tally_lost(tally, stage), "p_lost_per_entrant",
                              rig_tally_p_lost_per_entrant(tally, stage), "p_lost_per_offered",
                              rig_tally_p_lost_per_offered(tally, stage)));
    }
    for (int o = 0; o < RIG_OUTCOME_NOT_PLACED; o++)
        (void)json_object_set_new(outcomes, rig_outcome_name((rig_outcome)o),
                                  json_integer((json_int_t)tally->n_outcome[o]));
    json_t *lines =
        json_pack("{s:I, s:I, s:I, s:f, s:I, s:f, s:f}", "peak_in_use",
                  (json_int_t)usage->peak_in_use, "refusals", (json_int_t)usage->n_refusals,
                  "min_in_use_at_refusal", (json_int_t)usage->min_in_use_at_refusal,
                  "median_in_use_at_refusal", usage->median_in_use_at_refusal,
                  "max_in_use_at_refusal", (json_int_t)usage->max_in_use_at_refusal, "carried_erl",
                  usage->carried_erl, "offered_erl", usage->offered_erl);
    json_t *packets = json_pack(
        "{s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:b}", "packets", (json_int_t)counts->n_packets,
        "messages", (json_int_t)counts->n_messages, "retransmissions",
        (json_int_t)counts->n_retransmissions, "duplicates", (json_int_t)counts->n_duplicates,
        "messages_cut", (json_int_t)counts->n_messages_cut, "fragments",
        (json_int_t)counts->n_fragments, "stray_legs", (json_int_t)counts->n_stray_legs,
        "orphan_legs", (json_int_t)counts->n_orphan_legs, "file_cut", (int)counts->is_file_cut);
    json_t *made =
        json_pack("{s:s, s:s, s:I, s:o, s:o, s:o, s:o}", "format", "peakrig losses 1", "peakrig",
                  PEAKRIG_VERSION, "calls", (json_int_t)tally->n_offered, "stages", stages,
                  "outcomes", outcomes, "circuits", lines, "capture", packets);
    if (made == NULL)
        return RIG_ENOMEM;
    *document = made;
    return RIG_OK;
}
