/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verdict/interim.h"

#include <math.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "core/clock.h"
#include "verdict/early_stop.h"
#include "verdict/judge.h"

/* Wire time from an instant until all that it saw has come in, and is in order
 * (analyzer/ordered_feed.h). */
#define SETTLE_S 2.0

/* Replays that may say that nothing is certain. Only when they do not are all made: these take a
 * processor for seconds, beside a load that has to be on time. */
enum { N_FIRST_REPLAYS = RIG_LOOK_MIN_REPLAYS };

struct rig_interim {
    const rig_scenario *scenario;
    const rig_schedule *schedule;
    rig_live_analysis *live;
    unsigned next; /* look */
    rig_interim_facts facts;
    rig_stop give_up; /* for the play */
    rig_stop cancel;  /* for the look under way */
    /* the look under way: its thread's own from the start until is_done */
    pthread_t thread;
    bool is_running;
    atomic_bool is_done;
    rig_calls *calls;
    rig_play_facts play;
    rig_wire_facts wire;
    rig_said_call *said; /* or NULL */
    rig_status status;
    bool is_certain;
    char text[RIG_VERDICT_TEXT_SIZE];
};

rig_status rig_interim_new(const rig_scenario *scenario, const rig_schedule *schedule,
                           rig_live_analysis *live, rig_interim **looks, rig_error *err)
{
    rig_interim *made = calloc(1, sizeof *made);
    if (made == NULL)
        return rig_fail(err, RIG_ENOMEM, "early looks: out of memory");
    made->scenario = scenario;
    made->schedule = schedule;
    made->live = live;
    made->facts.is_on = true;
    *looks = made;
    return RIG_OK;
}

/* Instant of a look: that of the last call of its share, scenario time; 0 = no such look. */
static double look_s(const rig_interim *l, unsigned look)
{
    size_t n =
        (size_t)ceil(rig_early_stop_share(look) * (double)rig_schedule_n_first(l->schedule) - 1e-9);
    return n > 0 ? l->schedule->calls[n - 1].t_s : 0.0;
}

static bool is_due(const rig_interim *l, unsigned look, double elapsed_s)
{
    return look < RIG_N_LOOKS - 1 &&
           look_s(l, look) / l->scenario->time_scale + SETTLE_S <= elapsed_s;
}

/* Only when nobody else needs the processor; threads that are started from here do as well. */
static void be_last(void)
{
    const struct sched_param none = {0};
    if (pthread_setschedparam(pthread_self(), SCHED_IDLE, &none) != 0)
        (void)setpriority(PRIO_PROCESS, (id_t)gettid(), 19);
}

/* n_replays: 0 = all. */
static void judge(rig_interim *l, uint32_t n_replays)
{
    rig_judged_run judged = {0};
    rig_error error;
    const rig_judge_input input = {.scenario = l->scenario,
                                   .without_fates = true,
                                   .schedule = l->schedule,
                                   .calls = l->calls,
                                   .play = &l->play,
                                   .wire = &l->wire,
                                   .said = l->said,
                                   .n_replays = n_replays,
                                   .n_threads = 1,
                                   .stop = &l->cancel};
    l->is_certain = false;
    l->status = rig_judge(&input, &judged, &error);
    if (l->status == RIG_OK) {
        l->is_certain = judged.verdict->judgement == RIG_JUDGEMENT_FAIL;
        (void)snprintf(l->text, sizeof l->text, "%s", judged.verdict->summary);
    }
    rig_judged_run_clear(&judged);
}

static void *work(void *arg)
{
    rig_interim *l = arg;
    be_last();
    judge(l, N_FIRST_REPLAYS);
    if (l->status == RIG_OK && l->is_certain)
        judge(l, 0);
    atomic_store_explicit(&l->is_done, true, memory_order_release);
    return NULL;
}

/* What the set-up gate asks: a run whose own side is ill must not be stopped as failed. */
static bool take_set_up(rig_interim *l, const rig_interim_progress *progress)
{
    const size_t n = l->schedule->n;
    const double at_s = l->play.looks.at_s / l->scenario->time_scale;
    if (rig_live_analysis_wire(l->live, &l->play,
                               progress->start_epoch_ns + rig_clock_ns_of_s(at_s),
                               &l->wire) != RIG_OK)
        return false;
    if (progress->said == NULL)
        return true;
    if (l->said == NULL && (l->said = malloc(n * sizeof *l->said)) == NULL)
        return false;
    memcpy(l->said, progress->said, n * sizeof *l->said);
    return true;
}

static void start(rig_interim *l, unsigned look, const rig_interim_progress *progress)
{
    rig_error error;
    l->play = progress->play != NULL ? *progress->play : (rig_play_facts){.n_workers = 0};
    l->play.start_epoch_ns = progress->start_epoch_ns;
    l->play.looks = (rig_interim_facts){
        .is_on = true, .is_stopped = true, .look = look, .at_s = look_s(l, look)};
    l->play.n_packets = progress->n_packets;
    l->play.n_kernel_dropped = progress->n_kernel_dropped;
    if (l->play.looks.at_s <= 0.0 || !take_set_up(l, progress) ||
        rig_live_analysis_snapshot(l->live, &l->calls, &error) != RIG_OK)
        return; /* the next look may fare better; the end judges in any case */
    atomic_store(&l->is_done, false);
    if (pthread_create(&l->thread, NULL, work, l) == 0) {
        l->is_running = true;
        return;
    }
    rig_calls_free(l->calls);
    l->calls = NULL;
}

static void collect(rig_interim *l)
{
    (void)pthread_join(l->thread, NULL);
    l->is_running = false;
    rig_calls_free(l->calls);
    l->calls = NULL;
}

const char *rig_interim_turn(rig_interim *l, const rig_interim_progress *progress)
{
    if (!progress->is_placing || rig_stop_is_set(&l->give_up))
        return NULL; /* there is nothing left to be spared */
    if (l->is_running) {
        if (!atomic_load_explicit(&l->is_done, memory_order_acquire))
            return NULL;
        collect(l);
        l->facts.n_looks += l->status == RIG_OK;
        if (l->status == RIG_OK && l->is_certain) {
            const unsigned n_looks = l->facts.n_looks;
            l->facts = l->play.looks;
            l->facts.n_looks = n_looks;
            rig_stop_set(&l->give_up);
            return l->text;
        }
    }
    while (is_due(l, l->next + 1, progress->elapsed_s))
        l->next++;
    if (is_due(l, l->next, progress->elapsed_s))
        start(l, l->next++, progress);
    return NULL;
}

const rig_stop *rig_interim_give_up(const rig_interim *l)
{
    return &l->give_up;
}

rig_interim_facts rig_interim_end(rig_interim *l, rig_interim_play play)
{
    rig_stop_set(&l->cancel);
    if (l->is_running)
        collect(l);
    l->facts.is_stopped = play == RIG_INTERIM_GIVEN_UP;
    if (play != RIG_INTERIM_GIVEN_UP) {
        l->facts.look = 0;
        l->facts.at_s = 0.0;
    }
    return l->facts;
}

void rig_interim_free(rig_interim *l)
{
    if (l == NULL)
        return;
    (void)rig_interim_end(l, RIG_INTERIM_PLAYED);
    free(l->said);
    free(l);
}
