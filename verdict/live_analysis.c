/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verdict/live_analysis.h"

#include <pthread.h>
#include <stdlib.h>

#include "analyzer/ordered_feed.h"
#include "analyzer/rules.h"
#include "verdict/scenario_rules.h"

struct rig_live_analysis {
    pthread_mutex_t lock;
    rig_analyzer *analyzer;
    rig_ordered_feed *feed;
    rig_rules *rules;
    rig_exchanges *exchanges;
    rig_status status;
    rig_error error;
};

rig_status rig_live_analysis_new(const rig_scenario *scenario, const rig_carrier_ends *carriers,
                                 rig_live_analysis **live, rig_error *err)
{
    rig_live_analysis *made = calloc(1, sizeof *made);
    if (made == NULL)
        return rig_fail(err, RIG_ENOMEM, "live analysis: out of memory");
    rig_status status = rig_judge_rules(scenario, carriers, &made->rules, err);
    if (status == RIG_OK)
        status = rig_exchanges_new(&made->exchanges, err);
    if (status == RIG_OK)
        status =
            rig_analyzer_new_with(&(rig_analyzer_options){.rules = made->rules,
                                                          .tap = rig_exchanges_tap(made->exchanges),
                                                          .with_redials = true,
                                                          .with_parties = scenario->n_agents > 1 ||
                                                                          scenario->n_reserves > 0},
                                  &made->analyzer, err);
    if (status == RIG_OK)
        status = rig_ordered_feed_new(NULL, made->analyzer, &made->feed, err);
    if (status != RIG_OK) {
        rig_analyzer_free(made->analyzer);
        rig_exchanges_free(made->exchanges);
        rig_rules_free(made->rules);
        free(made);
        return status;
    }
    pthread_mutex_init(&made->lock, NULL);
    *live = made;
    return RIG_OK;
}

void rig_live_analysis_free(rig_live_analysis *live)
{
    if (live == NULL)
        return;
    rig_ordered_feed_free(live->feed);
    rig_analyzer_free(live->analyzer);
    rig_exchanges_free(live->exchanges);
    rig_rules_free(live->rules);
    pthread_mutex_destroy(&live->lock);
    free(live);
}

void rig_live_analysis_watch(rig_live_analysis *live, const rig_call_watch *watch)
{
    rig_analyzer_watch(live->analyzer, watch);
}

/* The first one is told at the end. */
static void keep_error(rig_live_analysis *live, rig_status status, const rig_error *error)
{
    if (status == RIG_OK || live->status != RIG_OK)
        return;
    live->status = status;
    live->error = *error;
}

void rig_live_analysis_packet(void *ctx, int linktype, int64_t t_ns, const uint8_t *data,
                              size_t caplen, size_t len)
{
    rig_live_analysis *live = ctx;
    rig_error error = {0};
    pthread_mutex_lock(&live->lock);
    rig_status status =
        rig_ordered_feed_packet(live->feed, linktype, t_ns, data, caplen, len, &error);
    keep_error(live, status, &error);
    pthread_mutex_unlock(&live->lock);
}

void rig_live_analysis_read(rig_live_analysis *live, rig_live_counts *counts)
{
    pthread_mutex_lock(&live->lock);
    rig_analyzer_live(live->analyzer, counts);
    pthread_mutex_unlock(&live->lock);
}

/* Its calls by a door of the analyzer, unless the analysis has failed already. */
static rig_status take_calls(rig_live_analysis *live,
                             rig_status (*take)(rig_analyzer *, rig_calls **, rig_error *),
                             rig_calls **calls, rig_error *err)
{
    pthread_mutex_lock(&live->lock);
    rig_status status = live->status;
    if (status == RIG_OK)
        status = take(live->analyzer, calls, err);
    else
        (void)rig_fail(err, status, "live analysis: %s", live->error.text);
    pthread_mutex_unlock(&live->lock);
    return status;
}

rig_status rig_live_analysis_snapshot(rig_live_analysis *live, rig_calls **calls, rig_error *err)
{
    return take_calls(live, rig_analyzer_snapshot, calls, err);
}

rig_status rig_live_analysis_wire(rig_live_analysis *live, const rig_play_facts *play,
                                  int64_t until_ns, rig_wire_facts *facts)
{
    pthread_mutex_lock(&live->lock);
    rig_capture_counts counts;
    rig_status status = rig_wire_facts_of(live->exchanges, play, until_ns, facts);
    rig_analyzer_counts(live->analyzer, &counts);
    if (status == RIG_OK) {
        facts->capture = rig_set_up_capture_facts(&counts);
        /* of our own ports alone: the filter of the recorder takes no others */
        facts->capture.n_unreachable = counts.packets.n_unreachable;
    }
    pthread_mutex_unlock(&live->lock);
    return status;
}

rig_status rig_live_analysis_finish(rig_live_analysis *live, rig_calls **calls, rig_error *err)
{
    rig_error error = {0};
    pthread_mutex_lock(&live->lock);
    keep_error(live, rig_ordered_feed_end(live->feed, &error), &error);
    pthread_mutex_unlock(&live->lock);
    return take_calls(live, rig_analyzer_finish, calls, err);
}
