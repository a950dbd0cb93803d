/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/metric.h"

#include <stdio.h>
#include <string.h>

#include "core/language.h"

/* Where figures come from: the same in model and on the wire. */
#define SRC_OUTCOMES N_("outcomes of the calls (core/tally.h)")
#define SRC_WAITS    N_("entries into the queue, agents' answers and ends of the calls")
#define SRC_ANSWERS  N_("INVITEs and answers of the calls")
#define SRC_LINES    N_("circuits that calls hold; of a part: only the model knows")
#define SRC_AGENTS                                                                                 \
    N_("model: agents' states; wire: agents' legs, and wrap-up and duty as the scenario says")
#define SRC_CALLERS  N_("calls by caller; wire: where nobody is called back")
#define SRC_FAILURES N_("model: calls that come while the centre is dead; wire: final responses")
#define SRC_MODEL    N_("the model alone")
/* Of which parts. */
#define OF_TRUNKS (1u << RIG_SCOPE_TRUNKS)
#define OF_AGENTS (1u << RIG_SCOPE_AGENTS)
#define OF_CALLS  (OF_TRUNKS | 1u << RIG_SCOPE_CLASSES)
#define OF_QUEUE  (OF_CALLS | 1u << RIG_SCOPE_SKILLS)
#define OF_ALL    (OF_QUEUE | OF_AGENTS)

static const rig_metric_info infos[RIG_N_METRICS] = {
    [RIG_METRIC_P_LOST_PER_ENTRANT + 0] = {.name = "p_lost_trunk_per_entrant",
                                           .description =
                                               N_("lost at the trunk per call that entered it"),
                                           .unit = "1",
                                           .numerator = "calls lost at the trunk",
                                           .denominator = N_("calls that entered the trunk stage"),
                                           .source = SRC_OUTCOMES,
                                           .scopes = OF_CALLS},
    [RIG_METRIC_P_LOST_PER_ENTRANT + 1] = {.name = "p_lost_ivr_per_entrant",
                                           .description =
                                               N_("lost at the IVR per call that entered it"),
                                           .unit = "1",
                                           .numerator = "calls lost at the IVR",
                                           .denominator = N_("calls that entered the ivr stage"),
                                           .source = SRC_OUTCOMES,
                                           .scopes = OF_CALLS},
    [RIG_METRIC_P_LOST_PER_ENTRANT + 2] = {.name = "p_lost_queue_per_entrant",
                                           .description =
                                               N_("lost in the queue per call that entered it"),
                                           .unit = "1",
                                           .numerator = "calls lost in the queue",
                                           .denominator = N_("calls that entered the queue stage"),
                                           .source = SRC_OUTCOMES,
                                           .scopes = OF_QUEUE},
    [RIG_METRIC_P_LOST_PER_ENTRANT +
        3] = {.name = "p_lost_agent_per_entrant",
              .description = N_("lost at the agent per call that entered the stage"),
              .unit = "1",
              .numerator = "calls lost at the agent",
              .denominator = N_("calls that entered the agent stage"),
              .source = SRC_OUTCOMES,
              .scopes = OF_ALL},
    [RIG_METRIC_P_LOST_PER_OFFERED + 0] = {.name = "p_lost_trunk_per_offered",
                                           .description = N_("lost at the trunk per offered call"),
                                           .unit = "1",
                                           .numerator = "calls lost at the trunk",
                                           .denominator = N_("calls offered"),
                                           .source = SRC_OUTCOMES,
                                           .scopes = OF_CALLS},
    [RIG_METRIC_P_LOST_PER_OFFERED + 1] = {.name = "p_lost_ivr_per_offered",
                                           .description = N_("lost at the IVR per offered call"),
                                           .unit = "1",
                                           .numerator = "calls lost at the IVR",
                                           .denominator = N_("calls offered"),
                                           .source = SRC_OUTCOMES,
                                           .scopes = OF_CALLS},
    [RIG_METRIC_P_LOST_PER_OFFERED + 2] = {.name = "p_lost_queue_per_offered",
                                           .description = N_("lost in the queue per offered call"),
                                           .unit = "1",
                                           .numerator = "calls lost in the queue",
                                           .denominator = N_("calls offered"),
                                           .source = SRC_OUTCOMES,
                                           .scopes = OF_CALLS},
    [RIG_METRIC_P_LOST_PER_OFFERED + 3] = {.name = "p_lost_agent_per_offered",
                                           .description = N_("lost at the agent per offered call"),
                                           .unit = "1",
                                           .numerator = "calls lost at the agent",
                                           .denominator = N_("calls offered"),
                                           .source = SRC_OUTCOMES,
                                           .scopes = OF_CALLS},
    [RIG_METRIC_N_ENTERED + 0] = {.name = "n_entered_trunk",
                                  .description = N_("calls that entered the trunk stage"),
                                  .unit = "calls",
                                  .numerator = "calls that entered the trunk stage",
                                  .source = SRC_OUTCOMES,
                                  .scopes = OF_CALLS},
    [RIG_METRIC_N_ENTERED + 1] = {.name = "n_entered_ivr",
                                  .description = N_("calls that entered the IVR stage"),
                                  .unit = "calls",
                                  .numerator = "calls that entered the ivr stage",
                                  .source = SRC_OUTCOMES,
                                  .scopes = OF_CALLS},
    [RIG_METRIC_N_ENTERED + 2] = {.name = "n_entered_queue",
                                  .description = N_("calls that entered the queue stage"),
                                  .unit = "calls",
                                  .numerator = "calls that entered the queue stage",
                                  .source = SRC_OUTCOMES,
                                  .scopes = OF_QUEUE},
    [RIG_METRIC_N_ENTERED + 3] = {.name = "n_entered_agent",
                                  .description = N_("calls that entered the agent stage"),
                                  .unit = "calls",
                                  .numerator = "calls that entered the agent stage",
                                  .source = SRC_OUTCOMES,
                                  .scopes = OF_ALL},
    [RIG_METRIC_N_LOST + 0] = {.name = "n_lost_trunk",
                               .description = N_("calls lost at the trunk"),
                               .unit = "calls",
                               .numerator = "calls lost at the trunk",
                               .source = SRC_OUTCOMES,
                               .scopes = OF_CALLS},
    [RIG_METRIC_N_LOST + 1] = {.name = "n_lost_ivr",
                               .description = N_("calls lost at the IVR"),
                               .unit = "calls",
                               .numerator = "calls lost at the IVR",
                               .source = SRC_OUTCOMES,
                               .scopes = OF_CALLS},
    [RIG_METRIC_N_LOST + 2] = {.name = "n_lost_queue",
                               .description = N_("calls lost in the queue"),
                               .unit = "calls",
                               .numerator = "calls lost in the queue",
                               .source = SRC_OUTCOMES,
                               .scopes = OF_QUEUE},
    [RIG_METRIC_N_LOST + 3] = {.name = "n_lost_agent",
                               .description = N_("calls lost at the agent"),
                               .unit = "calls",
                               .numerator = "calls lost at the agent",
                               .source = SRC_OUTCOMES,
                               .scopes = OF_ALL},
    [RIG_METRIC_N_OFFERED] = {.name = "n_offered",
                              .description = N_("calls offered"),
                              .unit = "calls",
                              .numerator = "calls on the wire, redials among them",
                              .source = SRC_OUTCOMES,
                              .scopes = OF_CALLS},
    [RIG_METRIC_N_SERVED] = {.name = "n_served",
                             .description = N_("calls served by an agent"),
                             .unit = "calls",
                             .numerator = "calls that talked with an agent to the end",
                             .source = SRC_OUTCOMES,
                             .scopes = OF_ALL},
    [RIG_METRIC_N_SELF_SERVED] = {.name = "n_self_served",
                                  .description = N_("calls satisfied in the menu"),
                                  .unit = "calls",
                                  .numerator = "calls satisfied in the menu",
                                  .source = SRC_OUTCOMES,
                                  .scopes = OF_CALLS},
    [RIG_METRIC_CONNECT_RATE] = {.name = "connect_rate",
                                 .description = N_("served or self-served per offered call"),
                                 .unit = "1",
                                 .numerator = "calls served by an agent or satisfied in the menu",
                                 .denominator = N_("calls offered"),
                                 .source = SRC_OUTCOMES,
                                 .scopes = OF_CALLS},
    [RIG_METRIC_DROP_RATE] = {.name = "drop_rate",
                              .description =
                                  N_("cut after an agent's answer per call that an agent answered"),
                              .unit = "1",
                              .numerator = "calls cut after an agent's answer",
                              .denominator = N_("calls that an agent answered"),
                              .source = SRC_WAITS,
                              .scopes = OF_ALL},
    [RIG_METRIC_WAIT_MEAN_S] =
        {.name = "wait_mean_s",
         .description =
             N_("mean wait of all who entered the queue, to the agent's answer (Kaplan-Meier)"),
         .unit = "s",
         .numerator = "time from the first entry into the queue to the agent's answer; who left "
                      "unanswered is censored then",
         .denominator = N_("calls that entered the queue"),
         .source = SRC_WAITS,
         .scopes = OF_QUEUE},
    [RIG_METRIC_WAIT_P95_S] =
        {.name = "wait_p95_s",
         .description =
             N_("95th percentile of the wait of all who entered the queue (Kaplan-Meier)"),
         .unit = "s",
         .numerator = "the same",
         .source = SRC_WAITS,
         .scopes = OF_QUEUE},
    [RIG_METRIC_SETUP_P95_S] = {.name = "setup_p95_s",
                                .description =
                                    N_("95th percentile of INVITE to answer, of answered calls"),
                                .unit = "s",
                                .numerator =
                                    "time from the INVITE to the 200 (early marks: to the menu's)",
                                .source = SRC_ANSWERS,
                                .scopes = OF_CALLS},
    [RIG_METRIC_PEAK_CIRCUITS] = {.name = "peak_circuits",
                                  .description = N_("most circuits in use at once"),
                                  .unit = "circuits",
                                  .numerator = "circuits in use",
                                  .source = SRC_LINES,
                                  .scopes = OF_TRUNKS},
    [RIG_METRIC_WAIT_P50_S] =
        {.name = "wait_p50_s",
         .description = N_("median of the wait of all who entered the queue (Kaplan-Meier)"),
         .unit = "s",
         .numerator = "as wait_mean_s",
         .source = SRC_WAITS,
         .scopes = OF_QUEUE},
    [RIG_METRIC_WAIT_MAX_S] =
        {.name = "wait_max_s",
         .description = N_("longest wait of anybody who entered the queue, answered or not"),
         .unit = "s",
         .numerator = "time from the first entry into the queue to the agent's answer or the end",
         .source = SRC_WAITS,
         .scopes = OF_QUEUE},
    [RIG_METRIC_SERVICE_LEVEL] = {.name = "service_level",
                                  .description =
                                      N_("abandoned calls included: answered by an agent "
                                         "in time per call that entered the queue"),
                                  .unit = "1",
                                  .numerator =
                                      "calls that an agent answered within queue.service_level_s",
                                  .denominator = N_("calls that entered the queue"),
                                  .source = SRC_WAITS,
                                  .alias = "service_level_included",
                                  .scopes = OF_QUEUE},
    [RIG_METRIC_OCCUPANCY] = {.name = "occupancy",
                              .description = N_("agents' busy time per time on duty"),
                              .unit = "1",
                              .numerator =
                                  "agents' time that is ringing, dialling, talk or wrap-up",
                              .denominator = N_("agents' time on duty"),
                              .source = SRC_AGENTS,
                              .scopes = OF_AGENTS},
    [RIG_METRIC_MEAN_CIRCUITS] = {.name = "mean_circuits",
                                  .description = N_("mean circuits in use (carried erlang)"),
                                  .unit = "circuits",
                                  .numerator = "circuit seconds held within the traffic's duration",
                                  .denominator = N_("the traffic's duration"),
                                  .source = SRC_LINES,
                                  .scopes = OF_TRUNKS},
    [RIG_METRIC_PEAK_QUEUE] = {.name = "peak_queue",
                               .description = N_("most calls that waited in the queue at once"),
                               .unit = "calls",
                               .numerator = "calls that wait",
                               .source = SRC_MODEL},
    [RIG_METRIC_N_DEFLECTED] = {.name = "n_deflected",
                                .description = N_("calls promised a call back"),
                                .unit = "calls",
                                .numerator = "calls promised a call back, or the place kept",
                                .source = SRC_OUTCOMES,
                                .scopes = OF_QUEUE},
    [RIG_METRIC_N_DROPPED] = {.name = "n_dropped",
                              .description = N_("calls cut by a fault"),
                              .unit = "calls",
                              .numerator = "calls cut, in whatever stage",
                              .source = SRC_OUTCOMES,
                              .scopes = OF_CALLS},
    [RIG_METRIC_N_CALLERS] = {.name = "n_callers",
                              .description = N_("callers"),
                              .unit = "callers",
                              .numerator = "first attempts",
                              .source = SRC_CALLERS},
    [RIG_METRIC_N_REDIALS] = {.name = "n_redials",
                              .description = N_("calls of callers who dialled again"),
                              .unit = "calls",
                              .numerator = "offered calls that are not first attempts",
                              .source = SRC_CALLERS},
    [RIG_METRIC_SERVED_IN_THE_END] =
        {.name = "served_in_the_end",
         .description =
             N_("callers served in the end by an agent, the menu or a call back, per caller"),
         .unit = "1",
         .numerator = "callers who talked with an agent to the end in any attempt or call back, or "
                      "whom the menu satisfied",
         .denominator = N_("callers"),
         .source = SRC_CALLERS,
         .alias = "p_callers_served"},
    [RIG_METRIC_N_CALL_BACKS] = {.name = "n_call_backs",
                                 .description = N_("call backs dialled"),
                                 .unit = "calls",
                                 .numerator = "call backs dialled, the vain ones among them",
                                 .source = SRC_MODEL},
    [RIG_METRIC_N_CALLED_BACK] = {.name = "n_called_back",
                                  .description = N_("callers called back and served so"),
                                  .unit = "callers",
                                  .numerator = "promises kept",
                                  .source = SRC_MODEL},
    [RIG_METRIC_N_NEVER_REACHED] = {.name = "n_never_reached",
                                    .description =
                                        N_("callers promised a call back and never reached"),
                                    .unit = "callers",
                                    .numerator = "promises broken",
                                    .source = SRC_MODEL},
    [RIG_METRIC_CALL_BACKS_END_S] = {.name = "call_backs_end_s",
                                     .description = N_("end of the last call back"),
                                     .unit = "s",
                                     .numerator = "instant at which the last call back was over",
                                     .source = SRC_MODEL},
    [RIG_METRIC_AGENT_CONNECT_RATE] =
        {.name = "agent_connect_rate",
         .description = N_("served by an agent per call that asked for one (entered the queue)"),
         .unit = "1",
         .numerator = "calls served by an agent",
         .denominator = N_("calls that asked for an agent: that entered the queue"),
         .source = SRC_OUTCOMES,
         .scopes = OF_QUEUE},
    [RIG_METRIC_FAILURE_RATE] = {.name = "failure_rate",
                                 .description = N_("calls that the centre failed per offered call"),
                                 .unit = "1",
                                 .numerator =
                                     "calls lost at the trunk for want of a working centre: no "
                                     "response, or a 5xx that names no lack of circuits",
                                 .denominator = N_("calls offered"),
                                 .source = SRC_FAILURES,
                                 .scopes = OF_CALLS},
    [RIG_METRIC_N_FAILED] = {.name = "n_failed",
                             .description = N_("calls that the centre failed"),
                             .unit = "calls",
                             .numerator = "calls lost at the trunk for want of a working centre: "
                                          "no response, or a 5xx that names no lack of circuits",
                             .source = SRC_FAILURES,
                             .scopes = OF_CALLS},
    [RIG_METRIC_SERVICE_LEVEL_EXCLUDED] =
        {.name = "service_level_excluded",
         .description =
             N_("abandoned calls excluded: answered in time per call that an agent answered"),
         .unit = "1",
         .numerator = "calls that an agent answered within queue.service_level_s",
         .denominator = N_("calls that an agent answered"),
         .source = SRC_WAITS,
         .scopes = OF_QUEUE},
    [RIG_METRIC_SERVICE_LEVEL_SHORT_EXCLUDED] =
        {.name = "service_level_short_excluded",
         .description = N_("short abandoned calls excluded: answered in time per other call that "
                           "entered the queue"),
         .unit = "1",
         .numerator = "calls that an agent answered within queue.service_level_s",
         .denominator = N_("calls that entered the queue, without those that gave up within "
                           "queue.short_abandon_s"),
         .source = SRC_WAITS,
         .scopes = OF_QUEUE},
    [RIG_METRIC_SERVICE_LEVEL_AS_ANSWERED] =
        {.name = "service_level_as_answered",
         .description = N_(
             "abandoned calls as answered: answered or given up in time per call that "
             "entered the queue"),
         .unit = "1",
         .numerator = "calls that an agent answered, or that gave up, within queue.service_level_s",
         .denominator = N_("calls that entered the queue"),
         .source = SRC_WAITS,
         .scopes = OF_QUEUE},
    [RIG_METRIC_ANSWERED_WAIT_MEAN_S] =
        {.name = "answered_wait_mean_s",
         .description = N_("mean wait of calls that an agent answered"),
         .unit = "s",
         .numerator = "time from the first entry into the queue to the agent's answer",
         .denominator = N_("calls that an agent answered, those cut later, too"),
         .source = SRC_WAITS,
         .scopes = OF_ALL},
    [RIG_METRIC_ANSWERED_WAIT_P50_S] = {.name = "answered_wait_p50_s",
                                        .description = N_(
                                            "median of the wait of calls that an agent answered"),
                                        .unit = "s",
                                        .numerator = "the same",
                                        .source = SRC_WAITS,
                                        .scopes = OF_ALL},
    [RIG_METRIC_ANSWERED_WAIT_P95_S] =
        {.name = "answered_wait_p95_s",
         .description = N_("95th percentile of the wait of calls that an agent answered"),
         .unit = "s",
         .numerator = "the same",
         .source = SRC_WAITS,
         .scopes = OF_ALL},
    [RIG_METRIC_ANSWERED_WAIT_MAX_S] = {.name = "answered_wait_max_s",
                                        .description =
                                            N_("longest wait of a call that an agent answered"),
                                        .unit = "s",
                                        .numerator = "the same",
                                        .source = SRC_WAITS,
                                        .scopes = OF_ALL},
    [RIG_METRIC_ABANDON_RATE] =
        {.name = "abandon_rate",
         .description = N_("callers who hung up in the queue or while a phone rang, per call that "
                           "entered the queue"),
         .unit = "1",
         .numerator = "calls that the caller ended in the queue or while a phone rang",
         .denominator = N_("calls that entered the queue"),
         .source = SRC_WAITS,
         .scopes = OF_QUEUE},
    [RIG_METRIC_ASR_OFFERED] =
        {.name = "asr_offered",
         .description =
             N_("answered by the centre (IVR or agent) per offered call (ASR of E.425, offered)"),
         .unit = "1",
         .numerator = "calls that the centre answered (early marks: by the menu)",
         .denominator = N_("calls offered"),
         .source = SRC_ANSWERS,
         .scopes = OF_CALLS},
    [RIG_METRIC_ASR_SEIZED] = {.name = "asr_seized",
                               .description =
                                   N_("answered by the centre (IVR or agent) per call that "
                                      "seized a circuit (ASR of E.425, seized)"),
                               .unit = "1",
                               .numerator =
                                   "calls that the centre answered (early marks: by the menu)",
                               .denominator = N_("calls that were not lost at the trunk"),
                               .source = SRC_ANSWERS,
                               .scopes = OF_CALLS},
    [RIG_METRIC_BALK_RATE] =
        {.name = "balk_rate",
         .description = N_("left because of the wait announced, per call that was told one"),
         .unit = "1",
         .numerator = "calls whose callers left: the wait announced was beyond their patience",
         .denominator = N_("calls that were told a position or a wait"),
         .source = SRC_WAITS,
         .scopes = OF_QUEUE},
    [RIG_METRIC_ANNOUNCED_WAIT_MEAN_S] =
        {.name = "announced_wait_mean_s",
         .description = N_("mean wait announced, of calls that were told one"),
         .unit = "s",
         .numerator = "wait announced; a position times queue.seconds_per_place",
         .denominator = N_("calls that were told a position or a wait"),
         .source = SRC_WAITS,
         .scopes = OF_QUEUE},
    [RIG_METRIC_ANNOUNCEMENT_ERROR_S] =
        {.name = "announcement_error_s",
         .description = N_("mean of |wait announced - wait|, of calls that an agent answered"),
         .unit = "s",
         .numerator = "wait announced less that to the agent's answer, without its sign",
         .denominator = N_("calls that were told a position or a wait and that an agent answered"),
         .source = SRC_WAITS,
         .scopes = OF_QUEUE},
    [RIG_METRIC_DEFLECTION_RATE] =
        {.name = "deflection_rate",
         .description = N_("told not to wait (deflected) per call that entered the queue"),
         .unit = "1",
         .numerator = "calls promised a call back, told to call later, or the place kept",
         .denominator = N_("calls that entered the queue"),
         .source = SRC_OUTCOMES,
         .scopes = OF_QUEUE},
};

const rig_metric_info *rig_metric_describe(rig_metric metric)
{
    return &infos[metric];
}

rig_metric_name rig_metric_short_name(rig_metric metric)
{
    static const char prefix[] = "p_", suffix[] = "_per_entrant";
    rig_metric_name name;
    const char *full = infos[metric].name;
    if (strncmp(full, prefix, strlen(prefix)) == 0)
        full += strlen(prefix);
    (void)snprintf(name.text, sizeof name.text, "%s", full);
    size_t n = strlen(name.text), n_suffix = strlen(suffix);
    if (n > n_suffix && strcmp(name.text + n - n_suffix, suffix) == 0)
        name.text[n - n_suffix] = '\0';
    return name;
}

static bool is_name(const char *known, const char *name, size_t n_name)
{
    return known != NULL && strlen(known) == n_name && strncmp(known, name, n_name) == 0;
}

bool rig_metric_find(const char *name, size_t n_name, rig_metric *metric)
{
    for (int m = 0; m < RIG_N_METRICS; m++) {
        const char *alias = infos[m].alias;
        const char *brief = alias != NULL && strncmp(alias, "p_", 2) == 0 ? alias + 2 : NULL;
        if (is_name(infos[m].name, name, n_name) || is_name(alias, name, n_name) ||
            is_name(brief, name, n_name) ||
            is_name(rig_metric_short_name((rig_metric)m).text, name, n_name)) {
            *metric = (rig_metric)m;
            return true;
        }
    }
    return false;
}

void rig_metric_names(char *text, size_t size)
{
    size_t used = 0;
    text[0] = '\0';
    for (int m = 0; m < RIG_N_METRICS && used < size; m++) {
        int n = snprintf(text + used, size - used, "%s%s", m > 0 ? ", " : "",
                         rig_metric_short_name((rig_metric)m).text);
        used += n > 0 ? (size_t)n : 0;
    }
}

bool rig_metric_is_share(rig_metric metric)
{
    return strcmp(infos[metric].unit, "1") == 0;
}

bool rig_metric_is_time(rig_metric metric)
{
    return strcmp(infos[metric].unit, "s") == 0;
}
